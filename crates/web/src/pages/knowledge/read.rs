//! One article: what it says, where it stands, what can be done with it, what colleagues say, its versions.

use super::{Names, find, parts, path};
use crate::{
    AppState,
    components::{
        forms::{self, Faults, Field, Kind},
        layout::Page,
        lists,
    },
    error::PageError,
    t,
    uploads::hand_over,
    visit::Visit,
};
use axum::extract::{Path, State};
use axum::response::Response;
use knowledge::commands::hand_of;
use knowledge::life::{Deed, Hand, after};
use knowledge::model::{ArticleFile, Comment, NOTE_CHARS_MAX, Version};
use knowledge::reading::{Given, Thought};
use knowledge::tasks::KnowledgeTask;
use knowledge::{Article, ArticleState, KnowledgeError, queries};
use maud::{Markup, html};
use people::Action;
use storage::Session;
use vocabulary::GenericUuid as _;
use vocabulary::{ArticleFileId, Context, SignedDuration, local_day};

/// How far ahead the next review day is proposed, in days: half a year.
const REVIEW_PROPOSED_DAYS: i64 = 182;

/// The page of one version.
pub(super) fn version_path(slug: &str, number: u32) -> String {
    format!("/knowledge/{slug}/versions/{number}")
}

/// An article with what its page needs beside it.
struct Opened {
    shown: Article,
    newest: Article,
    hand: Hand,
    names: Names,
    versions: Vec<Version>,
    comments: Vec<Comment>,
    files: Vec<ArticleFile>,
    thoughts: Thought,
    given: Option<Given>,
    tasks: Vec<KnowledgeTask>,
}

impl Opened {
    fn read(
        s: &mut Session<'_>,
        ctx: &Context,
        visit: &Visit,
        slug: &str,
        number: Option<u32>,
    ) -> Result<Self, KnowledgeError> {
        let shown = find(s, slug, number)?;
        let newest = queries::newest(s, shown.id)?.ok_or(KnowledgeError::NoArticle)?;
        let id = shown.id;
        Ok(Self {
            hand: hand_of(s, ctx, &newest)?,
            names: Names::read(s)?,
            versions: queries::versions(s, id)?,
            comments: queries::comments(s, id)?,
            files: queries::files_of(s, id)?,
            thoughts: queries::thoughts(s, id)?,
            given: queries::thought_by(s, id, shown.version, visit.user_id())?,
            tasks: knowledge::tasks::open_about(s, id)?,
            shown,
            newest,
        })
    }

    fn is_newest(&self) -> bool {
        self.shown.version == self.newest.version
    }
}

async fn open(
    state: &AppState,
    visit: &Visit,
    slug: String,
    number: Option<u32>,
) -> Result<Opened, PageError> {
    let (ctx, who) = (visit.context(state), visit.clone());
    Ok(state.db.read(move |s| Opened::read(s, &ctx, &who, &slug, number)).await?)
}

/// `GET /knowledge/{slug}`: what is read, or what is being written while nothing is.
///
/// # Errors
/// There is no such article; the database.
pub(super) async fn show(
    State(state): State<AppState>,
    visit: Visit,
    Path(slug): Path<String>,
) -> Result<Markup, PageError> {
    Ok(page(&visit, &open(&state, &visit, slug, None).await?, None))
}

/// `GET /knowledge/{slug}/versions/{number}`
///
/// # Errors
/// There is no such article or version; the database.
pub(super) async fn version(
    State(state): State<AppState>,
    visit: Visit,
    Path((slug, number)): Path<(String, u32)>,
) -> Result<Markup, PageError> {
    Ok(page(&visit, &open(&state, &visit, slug, Some(number)).await?, None))
}

/// The newest version's page, with why something was not done.
pub(super) async fn newest_with(
    state: &AppState,
    visit: &Visit,
    slug: String,
    refused: &str,
) -> Result<Markup, PageError> {
    let name = slug.clone();
    let newest =
        state.db.read(move |s| queries::newest_by_slug(s, &name)).await?.ok_or(PageError::NotFound)?;
    Ok(page(visit, &open(state, visit, slug, Some(newest.version)).await?, Some(refused)))
}

/// `GET /knowledge/{slug}/files/{id}`
///
/// # Errors
/// There is no such file; the database.
pub(super) async fn file(
    State(state): State<AppState>,
    Path((slug, id)): Path<(String, uuid::Uuid)>,
) -> Result<Response, PageError> {
    let found = state
        .db
        .read(move |s| -> Result<_, KnowledgeError> {
            let article = queries::newest_by_slug(s, &slug)?.ok_or(KnowledgeError::NoArticle)?;
            let file = queries::file(s, ArticleFileId::from_untyped_uuid(id))?;
            let Some(file) = file.filter(|file| file.article == article.id) else { return Ok(None) };
            Ok(queries::file_bytes(s, &file)?.map(|bytes| (file, bytes)))
        })
        .await?;
    let (file, bytes) = found.ok_or(PageError::NotFound)?;
    Ok(hand_over(&file.name, &file.media_type, bytes))
}

fn page(visit: &Visit, opened: &Opened, refused: Option<&str>) -> Markup {
    let (words, shown) = (visit.words, &opened.shown);
    let content = html! {
        p { a href="/knowledge" { (t!(words, "articles-back")) } }
        @if let Some(why) = refused { (forms::refused(why)) }
        (standing(visit, opened))
        div .columns {
            div {
                (texts(visit, opened))
                @if shown.live == Some(shown.version) {
                    section .card aria-labelledby="feedback-heading" {
                        h2 #feedback-heading { (t!(words, "feedback-heading")) }
                        @if let Some(given) = &opened.given {
                            p .soft { (t!(words, "feedback-given")) " " (words.word("verdict", given.verdict.as_str())) }
                        }
                        (parts::feedback(visit, shown, None, ""))
                        p .small .soft { (t!(words, "feedback-counts", helpful = opened.thoughts.helpful,
                            not = opened.thoughts.not_helpful, wrong = opened.thoughts.wrong)) }
                    }
                }
                (comments(visit, opened))
            }
            div {
                (facts(visit, opened))
                (deeds(visit, opened))
                (tasks(visit, opened))
                (history(visit, opened))
            }
        }
    };
    let aside = html! {
        @if visit.may(Action::WriteArticles) && opened.newest.state != ArticleState::Archived {
            a .button href=(format!("{}/edit", path(&shown.slug))) { (t!(words, "article-edit")) }
        }
    };
    Page::wide(shown.title()).with(aside).around(visit, &content)
}

/// What whoever reads this version should know of it.
fn standing(visit: &Visit, opened: &Opened) -> Markup {
    let (words, shown, newest) = (visit.words, &opened.shown, &opened.newest);
    let today = local_day(visit.now);
    let is_live = shown.live == Some(shown.version);
    html! {
        @if is_live { (parts::overdue_notice(words, shown, today)) }
        @if is_live && !shown.is_valid(today) {
            div .notice .warn { p { (t!(words, "article-not-valid-today")) } }
        }
        @if newest.state == ArticleState::Archived {
            div .notice { p { (t!(words, "article-is-archived")) } }
        }
        @if !opened.is_newest() {
            div .notice { p {
                @if is_live { (t!(words, "article-newer-draft", number = newest.version)) }
                @else { (t!(words, "article-old-version", number = shown.version)) }
                " " a href=(version_path(&shown.slug, newest.version)) { (t!(words, "article-show-newest")) }
                " · " a href=(format!("{}/compare?old={}&new={}", path(&shown.slug), shown.version, newest.version)) { (t!(words, "compare-show")) }
            } }
        } @else if let Some(live) = shown.live.filter(|live| *live != shown.version) {
            div .notice { p {
                (t!(words, "article-is-draft-of", number = live))
                " " a href=(format!("{}/compare?old={live}&new={}", path(&shown.slug), shown.version)) { (t!(words, "compare-show")) }
            } }
        }
    }
}

/// What the article says.
fn texts(visit: &Visit, opened: &Opened) -> Markup {
    let (words, shown) = (visit.words, &opened.shown);
    html! {
        (parts::approach(words, &shown.approach))
        @if let Some(text) = &shown.internal {
            section .card aria-labelledby="internal-heading" {
                h2 #internal-heading { (t!(words, "article-internal")) }
                (parts::wording(text))
            }
        }
        @if let Some(text) = &shown.public {
            section .card aria-labelledby="public-heading" {
                h2 #public-heading { (t!(words, "article-public")) }
                @if shown.internal.is_some() { p { strong { (text.title) } } }
                (parts::wording(text))
            }
        }
        @if !shown.links.is_empty() || !shown.files.is_empty() {
            section .card aria-labelledby="more-heading" {
                h2 #more-heading { (t!(words, "article-more")) }
                (parts::links(words, &shown.links))
                @if !shown.files.is_empty() {
                    p { strong { (t!(words, "article-files")) } }
                    ul { @for attached in &shown.files {
                        @if let Some(file) = opened.files.iter().find(|file| file.id == attached.file) {
                            li {
                                a href=(format!("{}/files/{}", path(&shown.slug), file.id.into_untyped_uuid())) download { (file.name) }
                                @if attached.public { " " span .badge .info { (t!(words, "article-public-short")) } }
                            }
                        }
                    } }
                }
            }
        }
    }
}

fn facts(visit: &Visit, opened: &Opened) -> Markup {
    let (words, shown, names) = (visit.words, &opened.shown, &opened.names);
    let today = local_day(visit.now);
    let row = |label: String, value: Option<String>| {
        html! { @if let Some(value) = value.filter(|value| !value.is_empty()) { dt { (label) } dd { (value) } } }
    };
    let day = |day: Option<vocabulary::civil::Date>| day.map(|day| words.day(day));
    html! {
        section .card aria-labelledby="facts-heading" {
            h2 #facts-heading { (t!(words, "article-facts")) }
            dl .facts {
                dt { (t!(words, "article-state")) }
                dd { (parts::state_badge(words, shown.state, opened.is_newest() && shown.review_wanted)) " "
                    (t!(words, "article-version", number = shown.version)) }
                dt { (t!(words, "article-owner")) }
                dd { (names.user(shown.owner).map_or_else(|| t!(words, "article-no-owner"), str::to_owned)) }
                dt { (t!(words, "article-review-day")) }
                dd { (day(shown.review_day).unwrap_or_else(|| t!(words, "article-no-review-day"))) " "
                    @if shown.live == Some(shown.version) { (parts::overdue_badge(words, shown, today)) } }
                (row(t!(words, "article-department"), names.department(shown.department).map(str::to_owned)))
                (row(t!(words, "article-assignment"), names.assignment(shown.assignment).map(str::to_owned)))
                (row(t!(words, "article-types"), Some(names.types(&shown.case_types))))
                (row(t!(words, "article-valid-from"), day(shown.valid_from)))
                (row(t!(words, "article-valid-to"), day(shown.valid_to)))
                (row(t!(words, "article-keywords"), Some(shown.keywords.clone())))
            }
        }
    }
}

/// What can be done with the newest version from where it stands, by whoever looks at it.
fn deeds(visit: &Visit, opened: &Opened) -> Markup {
    let (words, newest) = (visit.words, &opened.newest);
    let can = |deed| after(newest.state, deed, opened.hand).is_ok();
    let reviews = visit.may(Action::ReviewArticles);
    // A guide has nothing to do with what is published and somebody else's.
    let idle = newest.state == ArticleState::Published && !reviews && !can(Deed::Confirm);
    if !opened.is_newest() || !visit.may(Action::WriteArticles) || idle {
        return html! {};
    }
    let button = |door: &str, deed: Deed, class: &str| {
        html! {
            form method="post" action=(format!("{}/{door}", path(&newest.slug))) {
                (forms::token(visit))
                input type="hidden" name="version" value=(newest.version);
                button type="submit" name="what" value=(deed) class=(class) { (words.word("article-deed", deed.as_str())) }
            }
        }
    };
    let draft = newest.state == ArticleState::Draft;
    let sends_back =
        reviews && can(Deed::SendBack) && (newest.state == ArticleState::Reviewed || newest.review_wanted);
    html! {
        section .card aria-labelledby="deeds-heading" {
            h2 #deeds-heading { (t!(words, "article-next")) }
            @if draft && reviews && opened.hand.leaves { p .hint { (words.word("article-refusal", "own_words")) } }
            @if matches!(newest.state, ArticleState::Draft | ArticleState::Reviewed) {
                @if newest.owner.is_none() { p .hint { (words.word("article-refusal", "no_owner")) } }
                @if newest.review_day.is_none() { p .hint { (words.word("article-refusal", "no_review_day")) } }
            }
            div .actions {
                @if draft && !newest.review_wanted { (button("do", Deed::AskReview, "")) }
                @if reviews && can(Deed::Review) { (button("review", Deed::Review, "primary")) }
                @if reviews && newest.state == ArticleState::Reviewed { (button("review", Deed::Publish, "primary")) }
                @if can(Deed::Reopen) { (button("do", Deed::Reopen, "")) }
                @if reviews && newest.state != ArticleState::Archived { (button("review", Deed::Archive, "")) }
            }
            @if sends_back { (send_back(visit, newest)) }
            @if can(Deed::Confirm) { (confirm(visit, newest)) }
        }
    }
}

fn send_back(visit: &Visit, newest: &Article) -> Markup {
    let words = visit.words;
    html! {
        details {
            summary { (words.word("article-deed", Deed::SendBack.as_str())) }
            form method="post" action=(format!("{}/review", path(&newest.slug))) {
                (forms::token(visit))
                input type="hidden" name="version" value=(newest.version);
                (Field::line("back", "note", t!(words, "article-send-back-why"), "").kind(Kind::Text).room(NOTE_CHARS_MAX).show(words, &Faults::none()))
                p { button type="submit" name="what" value=(Deed::SendBack) { (words.word("article-deed", Deed::SendBack.as_str())) } }
            }
        }
    }
}

/// The most frequent of all reviews: looked at, still right.
fn confirm(visit: &Visit, newest: &Article) -> Markup {
    let words = visit.words;
    let day = local_day(visit.now)
        .saturating_add(SignedDuration::from_hours(24 * REVIEW_PROPOSED_DAYS))
        .to_string();
    html! {
        form .inline-form method="post" action=(format!("{}/do", path(&newest.slug))) {
            (forms::token(visit))
            input type="hidden" name="version" value=(newest.version);
            (Field::line("confirm", "review_day", t!(words, "article-next-review-day"), &day).kind(Kind::Day).show(words, &Faults::none()))
            button type="submit" name="what" value=(Deed::Confirm) { (words.word("article-deed", Deed::Confirm.as_str())) }
        }
    }
}

fn tasks(visit: &Visit, opened: &Opened) -> Markup {
    let words = visit.words;
    html! {
        @if !opened.tasks.is_empty() {
            section .card aria-labelledby="article-tasks-heading" {
                h2 #article-tasks-heading { (t!(words, "knowledge-tasks")) }
                ul .plain-list { @for task in &opened.tasks {
                    li { (super::tasks::about(visit, &opened.names, task)) }
                } }
                @if visit.may(Action::WriteArticles) { p { a href="/knowledge/tasks" { (t!(words, "knowledge-tasks-all")) } } }
            }
        }
    }
}

fn comments(visit: &Visit, opened: &Opened) -> Markup {
    let (words, shown) = (visit.words, &opened.shown);
    html! {
        section #comments .card aria-labelledby="comments-heading" {
            h2 #comments-heading { (t!(words, "comments")) }
            @if opened.comments.is_empty() { (lists::empty(&t!(words, "comments-none"))) }
            @else {
                ul .plain-list { @for comment in &opened.comments {
                    li {
                        p .small .soft {
                            (opened.names.user(comment.author).map_or_else(|| t!(words, "article-by-house"), str::to_owned)) ", "
                            (words.when(comment.written_at, visit.now)) ", " (t!(words, "article-version", number = comment.version))
                        }
                        p .pre { (comment.text) }
                    }
                } }
            }
            form method="post" action=(format!("{}/comments", path(&shown.slug))) {
                (forms::token(visit))
                input type="hidden" name="version" value=(shown.version);
                (Field::line("comment", "note", t!(words, "comment-new"), "").kind(Kind::Text).room(NOTE_CHARS_MAX).show(words, &Faults::none()))
                p { button type="submit" { (t!(words, "comment-send")) } }
            }
        }
    }
}

fn history(visit: &Visit, opened: &Opened) -> Markup {
    let (words, shown, newest) = (visit.words, &opened.shown, &opened.newest);
    let name = |id| opened.names.user(id).map_or_else(|| t!(words, "article-by-house"), str::to_owned);
    html! {
        section .card aria-labelledby="versions-heading" {
            h2 #versions-heading { (t!(words, "article-versions")) }
            @if opened.versions.len() > 1 { p { a href=(format!("{}/compare", path(&shown.slug))) { (t!(words, "compare-versions")) } } }
            ol .plain-list .versions reversed { @for version in &opened.versions {
                li {
                    p {
                        a href=(version_path(&shown.slug, version.number)) aria-current=[(version.number == shown.version).then_some("page")] {
                            (t!(words, "article-version", number = version.number)) }
                        @if shown.live == Some(version.number) { " " span .badge .good { (t!(words, "article-is-read")) } }
                    }
                    p .small .soft { (t!(words, "version-written", name = name(version.written_by), when = words.day_and_time(version.written_at))) }
                    @if let Some(from) = version.restored_from { p .small .soft { (t!(words, "version-restored", number = from)) } }
                    @if let Some(at) = version.reviewed_at { p .small .soft { (t!(words, "version-reviewed", name = name(version.reviewed_by), when = words.day_and_time(at))) } }
                    @if let Some(at) = version.published_at { p .small .soft { (t!(words, "version-published", name = name(version.published_by), when = words.day_and_time(at))) } }
                    @if !version.note.is_empty() { p .pre { (version.note) } }
                    @if version.number != newest.version {
                        div .actions {
                            a .button .slim href=(format!("{}/compare?old={}&new={}", path(&shown.slug), version.number, newest.version)) {
                                (t!(words, "compare-show")) span .visually-hidden { " " (t!(words, "article-version", number = version.number)) } }
                            @if visit.may(Action::WriteArticles) {
                                form method="post" action=(format!("{}/restore", path(&shown.slug))) {
                                    (forms::token(visit))
                                    input type="hidden" name="version" value=(newest.version);
                                    input type="hidden" name="number" value=(version.number);
                                    button type="submit" .slim { (t!(words, "article-restore"))
                                        span .visually-hidden { " " (t!(words, "article-version", number = version.number)) } }
                                }
                            }
                        }
                    }
                }
            } }
        }
    }
}
