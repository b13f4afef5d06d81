//! The editors' list: what is being written, waits for review, is read, is overdue.

use super::{Names, parts};
use crate::{
    AppState,
    components::{
        forms::{self, Choice, Faults, Select},
        layout::Page,
        lists,
    },
    error::PageError,
    t,
    visit::Visit,
};
use axum::extract::{Form, Query, State};
use knowledge::queries::{self, Line};
use knowledge::{ArticleState, KnowledgeError};
use maud::{Markup, html};
use people::Action;
use serde::Deserialize;
use vocabulary::GenericUuid as _;
use vocabulary::civil::Date;
use vocabulary::{DepartmentId, UserId, local_day};

/// Lines shown; whoever looks for one among more types.
const LINES_MAX: usize = 200;
/// More of what is typed is left out.
const TYPED_CHARS_MAX: usize = 100;

vocabulary::words! {
    /// What part of the articles is shown.
    View, "view" {
        /// What is in use.
        All = "all",
        /// What the visitor owns.
        Mine = "mine",
        /// What waits for somebody to review it.
        Waiting = "waiting",
        /// What is being written.
        Drafts = "drafts",
        /// What has been reviewed and not published.
        Reviewed = "reviewed",
        /// What is read.
        Published = "published",
        /// What somebody should have looked at.
        Overdue = "overdue",
        /// What is out of use.
        Archived = "archived",
    }
}

impl View {
    fn holds(self, line: &Line, user: UserId, today: Date) -> bool {
        match self {
            Self::All => line.state != ArticleState::Archived,
            Self::Mine => line.owner == Some(user) && line.state != ArticleState::Archived,
            Self::Waiting => line.review_wanted,
            Self::Drafts => line.state == ArticleState::Draft,
            Self::Reviewed => line.state == ArticleState::Reviewed,
            Self::Published => line.live,
            Self::Overdue => line.is_overdue(today),
            Self::Archived => line.state == ArticleState::Archived,
        }
    }
}

/// What is asked for.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    view: String,
    #[serde(default)]
    department: String,
    #[serde(default)]
    typed: String,
}

impl Asked {
    fn view(&self) -> View {
        self.view.parse().unwrap_or(View::All)
    }

    fn department(&self) -> Option<DepartmentId> {
        self.department.parse().ok().map(DepartmentId::from_untyped_uuid)
    }

    /// The address of another view, with the same department.
    fn to(&self, view: View) -> String {
        if self.department.is_empty() {
            format!("/knowledge?view={view}")
        } else {
            format!("/knowledge?view={view}&department={}", self.department)
        }
    }

    /// Whether a line is among what is asked for, in any view: of the department, and with every word that was typed
    /// beginning or standing within one of its own.
    fn fits(&self, line: &Line, words: &[String]) -> bool {
        let ours = self.department().is_none_or(|department| line.department == Some(department));
        ours && {
            let text = format!("{} {} {}", line.title, line.keywords, line.slug).to_lowercase();
            words.iter().all(|word| text.contains(word))
        }
    }
}

/// `GET /knowledge`
///
/// # Errors
/// The database.
pub(super) async fn list(
    State(state): State<AppState>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Markup, PageError> {
    page(&state, &visit, Asked { typed: String::new(), ..asked }).await
}

/// `POST /knowledge/find`: what is typed travels in the body.
///
/// # Errors
/// The database.
pub(super) async fn find(
    State(state): State<AppState>,
    visit: Visit,
    Form(asked): Form<Asked>,
) -> Result<Markup, PageError> {
    page(&state, &visit, asked).await
}

async fn page(state: &AppState, visit: &Visit, asked: Asked) -> Result<Markup, PageError> {
    let words = visit.words;
    let (lines, names, tasks) = state
        .db
        .read(|s| -> Result<_, KnowledgeError> {
            Ok((queries::overview(s)?, Names::read(s)?, knowledge::tasks::open(s)?))
        })
        .await?;
    let typed: String = asked.typed.chars().take(TYPED_CHARS_MAX).collect();
    let needles: Vec<String> = typed.to_lowercase().split_whitespace().map(str::to_owned).collect();
    let (user, today) = (visit.user_id(), local_day(visit.now));
    let fitting: Vec<&Line> = lines.iter().filter(|line| asked.fits(line, &needles)).collect();
    let shown: Vec<&Line> =
        fitting.iter().copied().filter(|line| asked.view().holds(line, user, today)).collect();
    if visit.htmx && visit.path == "/knowledge/find" {
        return Ok(table(visit, &names, &shown));
    }
    let mine = tasks.iter().filter(|task| task.owner == Some(user)).count();
    let content = html! {
        nav .filters aria-label=(t!(words, "article-views")) {
            @for view in View::ALL {
                @let count = fitting.iter().filter(|line| view.holds(line, user, today)).count();
                a href=(asked.to(*view)) aria-current=[(*view == asked.view()).then_some("true")] {
                    (words.word("article-view", view.as_str())) " (" (count) ")"
                }
            }
        }
        (narrowing(visit, &asked, &typed, &names))
        div #article-list aria-live="polite" { (table(visit, &names, &shown)) }
    };
    let aside = html! {
        @if visit.may(Action::WriteArticles) {
            a .button href="/knowledge/tasks" { (t!(words, "knowledge-tasks-mine", count = i64::try_from(mine).unwrap_or(0))) }
            a .button .primary href="/knowledge/new" { (t!(words, "article-new")) }
        }
    };
    Ok(Page::wide(t!(words, "articles-title")).with(aside).around(visit, &content))
}

/// The type-ahead over the list, and the department.
fn narrowing(visit: &Visit, asked: &Asked, typed: &str, names: &Names) -> Markup {
    let words = visit.words;
    let departments: Vec<Choice> = names
        .departments
        .iter()
        .map(|(id, name)| Choice::new(id.into_untyped_uuid(), name.clone()))
        .collect();
    let department = Select {
        name: "department",
        prefix: "narrow",
        label: t!(words, "article-department"),
        choices: &departments,
        chosen: &asked.department,
        nothing: Some(t!(words, "article-every-department")),
        required: false,
        type_ahead_next: None,
    };
    html! {
        div .row {
            form .inline-form method="post" action="/knowledge/find" role="search" aria-label=(t!(words, "article-find"))
                hx-post="/knowledge/find" hx-target="#article-list" hx-select="" hx-swap="innerHTML" {
                (forms::token(visit))
                input type="hidden" name="view" value=(asked.view());
                input type="hidden" name="department" value=(asked.department);
                div .field {
                    label for="article-find" { (t!(words, "article-find")) }
                    input #article-find type="search" name="typed" value=(typed) maxlength=(TYPED_CHARS_MAX) autocomplete="off"
                        hx-post="/knowledge/find" hx-trigger="input changed delay:120ms" hx-target="#article-list"
                        hx-select="" hx-swap="innerHTML" hx-sync="this:replace";
                }
                noscript { button type="submit" { (t!(words, "search")) } }
            }
            form .inline-form method="get" action="/knowledge" {
                input type="hidden" name="view" value=(asked.view());
                (department.show(words, &Faults::none()))
                button type="submit" { (t!(words, "article-show")) }
            }
        }
    }
}

fn table(visit: &Visit, names: &Names, shown: &[&Line]) -> Markup {
    let words = visit.words;
    let today = local_day(visit.now);
    html! {
        @if shown.is_empty() { (lists::empty(&t!(words, "articles-none"))) }
        @else {
            div .scroll tabindex="0" role="region" aria-label=(t!(words, "articles-title")) {
                table .stacks {
                    thead { tr {
                        th scope="col" { (t!(words, "article-title")) } th scope="col" { (t!(words, "article-state")) }
                        th scope="col" { (t!(words, "article-texts")) } th scope="col" { (t!(words, "article-department")) }
                        th scope="col" { (t!(words, "article-owner")) } th scope="col" { (t!(words, "article-review-day")) }
                    } }
                    tbody { @for line in shown.iter().take(LINES_MAX) {
                        tr {
                            th scope="row" { a href=(super::path(&line.slug)) { (line.title) } }
                            td data-label=(t!(words, "article-state")) {
                                (parts::state_badge(words, line.state, line.review_wanted))
                                @if line.live && line.state != ArticleState::Published { " " span .badge .good { (t!(words, "article-read-meanwhile")) } }
                            }
                            td data-label=(t!(words, "article-texts")) { (texts(visit, line)) }
                            td data-label=(t!(words, "article-department")) { (names.department(line.department).unwrap_or("–")) }
                            td data-label=(t!(words, "article-owner")) { (names.user(line.owner).unwrap_or("–")) }
                            td data-label=(t!(words, "article-review-day")) {
                                @match line.review_day { Some(day) => (words.day(day)), None => "–" }
                                @if line.is_overdue(today) { " " span .badge .warn { (t!(words, "article-overdue")) } }
                            }
                        }
                    } }
                }
            }
            @if shown.len() > LINES_MAX { p .soft { (t!(words, "articles-more", count = i64::try_from(shown.len() - LINES_MAX).unwrap_or(0))) } }
        }
    }
}

fn texts(visit: &Visit, line: &Line) -> String {
    let words = visit.words;
    match (line.internal, line.public) {
        (true, true) => t!(words, "article-texts-both"),
        (false, true) => t!(words, "article-texts-public"),
        _ => t!(words, "article-texts-internal"),
    }
}
