//! One event: what it says, where it stands, who has confirmed, what was changed.

use super::parts;
use crate::{
    AppState,
    components::{forms, layout::Page, lists},
    error::PageError,
    t,
    visit::Visit,
    words::Words,
};
use ahead::import::Said;
use ahead::queries::{self, Confirmation, Entry, Version, Whole};
use ahead::{AheadError, EventDraft, EventState, Importance, commands};
use axum::{
    Form,
    extract::{Path, State},
    response::Redirect,
};
use knowledge::{Article, ArticleState};
use maud::{Markup, html};
use people::{Action, directory::Department, users::User};
use serde::Deserialize;
use vocabulary::{ArticleId, GenericUuid as _, PlannedEventId, Timestamp};

/// All that the page shows.
struct Shown {
    whole: Whole,
    articles: Vec<Article>,
    departments: Vec<Department>,
    users: Vec<User>,
    versions: Vec<Version>,
    confirmations: Vec<Confirmation>,
    entry: Option<(Entry, String)>,
}

/// `GET /ahead/events/{id}`
///
/// # Errors
/// There is no such event, or it is a draft that is not the visitor's to see; the database.
pub(super) async fn show(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
) -> Result<Markup, PageError> {
    let id = PlannedEventId::from_untyped_uuid(id);
    let plans = visit.may(Action::PlanEvents);
    let shown = state
        .db
        .read(move |s| -> Result<Option<Shown>, AheadError> {
            let Some(whole) = queries::whole(s, id)? else { return Ok(None) };
            let linked = whole.articles.iter().map(|(link, _, _)| Some(link.article));
            let asked = whole.questions.iter().map(|asked| asked.article);
            let mut ids: Vec<ArticleId> = linked.chain(asked).flatten().collect();
            ids.sort();
            ids.dedup();
            let mut articles = Vec::new();
            for id in ids {
                articles.extend(knowledge::queries::newest(s, id)?);
            }
            let important = whole.event.importance == Importance::Important;
            let confirmations =
                if plans && important { queries::confirmation_state(s, &whole.event)? } else { Vec::new() };
            let entry = queries::entry_of(s, id)?.zip(queries::event_of_entry(s, id)?.map(|(_, name)| name));
            Ok(Some(Shown {
                articles,
                departments: people::directory::queries::departments(s)?,
                users: people::users::queries::all(s)?,
                versions: queries::versions(s, id)?,
                confirmations,
                entry,
                whole,
            }))
        })
        .await?
        .ok_or(PageError::NotFound)?;
    let unsettled = matches!(shown.whole.event.state, EventState::Draft | EventState::Dropped);
    if unsettled && !plans {
        return Err(PageError::NotFound);
    }
    let now = state.clock.now();
    let event = &shown.whole.event;
    let content = html! {
        (parts::ways(&visit))
        @if let Some((entry, name)) = &shown.entry { (from_calendar(&visit, entry, name, plans)) }
        (facts(&visit, &shown, now))
        @if plans { (deeds(&visit, event)) }
        @if !shown.confirmations.is_empty() { (confirmed(&visit, &shown.confirmations)) }
        (history(visit.words, &shown))
    };
    let aside =
        html! { (parts::phase(visit.words, event.phase(now))) " " (parts::important(visit.words, event)) };
    Ok(Page::narrow(event.title.clone()).with(aside).around(&visit, &content))
}

fn facts(visit: &Visit, shown: &Shown, now: Timestamp) -> Markup {
    let words = visit.words;
    let Whole { event, questions, articles } = &shown.whole;
    let article = |id: ArticleId| shown.articles.iter().find(|article| article.id == id);
    let link = |article: &Article| {
        html! { a href=(format!("/knowledge/{}", article.slug)) { (article.title()) } }
    };
    html! {
        section .card {
            dl .facts {
                dt { (t!(words, "ahead-kind")) } dd { (words.word("ahead-kind", event.kind.as_str())) }
                dt { (t!(words, "ahead-when")) } dd { (parts::of_event(words, event)) }
                @if !event.place.is_empty() || event.position.is_some() {
                    dt { (t!(words, "ahead-place")) }
                    dd { (event.place) @if let Some(at) = event.position { " (" (format!("{:.5}, {:.5}", at.latitude, at.longitude)) ")" } }
                }
                @if event.department.is_some() {
                    dt { (t!(words, "ahead-department")) } dd { (parts::department(&shown.departments, event.department)) }
                }
                @if let (Some(meeting), true) = (event.meeting, visit.may(Action::LeadMeetings)) {
                    dt { (t!(words, "ahead-told-at")) }
                    dd { a href=(format!("/ahead/meetings/{}", meeting.into_untyped_uuid())) { (t!(words, "ahead-the-meeting")) } }
                }
            }
            h2 { (t!(words, "ahead-text")) }
            @if event.text.is_empty() { (lists::empty(&t!(words, "ahead-text-none"))) } @else { p .pre { (event.text) } }
            @if !questions.is_empty() {
                h2 { (t!(words, "ahead-questions")) }
                ul { @for asked in questions {
                    li { (asked.question) @if let Some(article) = asked.article.and_then(article) { " " (link(article)) } }
                } }
            }
            @if !articles.is_empty() {
                h2 { (t!(words, "ahead-articles")) }
                ul { @for (linked, went_live_at, fault) in articles {
                    li {
                        @match article(linked.article) {
                            Some(article) => { (link(article)) " " (ready(words, article, linked.goes_live, *went_live_at, fault.as_deref())) }
                            None => (t!(words, "ahead-article-gone")),
                        }
                    }
                } }
            }
            h2 { (t!(words, "ahead-notice")) }
            @match &event.notice {
                Some(notice) => {
                    p .pre { (notice) }
                    p .small .soft { (t!(words, "ahead-notice-from", at = words.day_and_time(event.goes_live_at()))) }
                    @if event.goes_live_at() <= now && event.state == EventState::Planned && event.ends_at.is_none_or(|ends| ends > now) {
                        p { span .badge .good { (t!(words, "ahead-notice-live")) } }
                    }
                }
                None => (lists::empty(&t!(words, "ahead-notice-none"))),
            }
        }
    }
}

/// How an article stands with going live by itself.
fn ready(
    words: &Words,
    article: &Article,
    goes_live: bool,
    went: Option<Timestamp>,
    fault: Option<&str>,
) -> Markup {
    html! {
        @if let Some(went) = went {
            span .badge .good { (t!(words, "ahead-went-live", at = words.day_and_time(went))) }
        } @else if goes_live {
            @match article.state {
                ArticleState::Published => span .badge .good { (t!(words, "ahead-is-live")) },
                ArticleState::Reviewed => span .badge .info { (t!(words, "ahead-will-go-live")) },
                _ => span .badge .bad { (t!(words, "ahead-not-ready")) },
            }
            @if fault.is_some() { " " span .small { (t!(words, "ahead-not-ready-why")) } }
        }
    }
}

fn deeds(visit: &Visit, event: &ahead::PlannedEvent) -> Markup {
    let words = visit.words;
    let at = parts::address(event);
    html! {
        div .actions {
            @match event.state {
                EventState::Draft => {
                    (forms::button(visit, &format!("{at}/approve"), "primary", &t!(words, "ahead-approve")))
                    a .button href=(format!("{at}/edit")) { (t!(words, "ahead-edit")) }
                    (forms::button(visit, &format!("{at}/cancel"), "", &t!(words, "ahead-drop")))
                }
                EventState::Planned => {
                    a .button href=(format!("{at}/edit")) { (t!(words, "ahead-edit")) }
                    (forms::button(visit, &format!("{at}/cancel"), "", &t!(words, "ahead-cancel")))
                }
                EventState::Cancelled | EventState::Dropped => {}
            }
        }
    }
}

fn from_calendar(visit: &Visit, entry: &Entry, name: &str, plans: bool) -> Markup {
    let words = visit.words;
    let said = entry.pending.as_deref().and_then(|pending| Said::kept(pending).ok());
    let action = format!("/ahead/events/{}/calendar", entry.event.into_untyped_uuid());
    html! {
        p .soft { (t!(words, "ahead-from-calendar", name = name)) }
        @if let (Some(said), true) = (said, plans) {
            section .card .important {
                h2 { (t!(words, "ahead-pending-one")) }
                @if said.cancelled { p { (t!(words, "ahead-pending-cancelled")) } } @else {
                    dl .facts {
                        dt { (t!(words, "ahead-what")) } dd { (said.title) }
                        dt { (t!(words, "ahead-when")) } dd { (parts::when(words, said.begins_at, Some(said.ends_at), said.all_day)) }
                        @if !said.place.is_empty() { dt { (t!(words, "ahead-place")) } dd { (said.place) } }
                        @if !said.text.is_empty() { dt { (t!(words, "ahead-text")) } dd .pre { (said.text) } }
                    }
                }
                form .actions method="post" action=(action) {
                    (forms::token(visit))
                    button type="submit" name="take" value="yes" .primary { (t!(words, "ahead-pending-take")) }
                    button type="submit" name="take" value="no" { (t!(words, "ahead-pending-leave")) }
                }
            }
        }
    }
}

fn confirmed(visit: &Visit, all: &[Confirmation]) -> Markup {
    let words = visit.words;
    let done = all.iter().filter(|one| one.at.is_some()).count();
    html! {
        section .card aria-labelledby="confirmed-heading" {
            h2 #confirmed-heading { (t!(words, "ahead-confirmed", n = done, of = all.len())) }
            div .table-wrap {
                table .stacks {
                    thead { tr { th scope="col" { (t!(words, "name")) } th scope="col" { (t!(words, "ahead-confirmed-when")) } } }
                    tbody { @for one in all { tr {
                        th scope="row" { (one.name) }
                        td data-label=(t!(words, "ahead-confirmed-when")) {
                            @match one.at { Some(at) => (words.day_and_time(at)), None => span .badge .warn { (t!(words, "ahead-not-confirmed")) } }
                        }
                    } } }
                }
            }
        }
    }
}

/// What was changed, by whom: the newest first, each against the one before.
fn history(words: &Words, shown: &Shown) -> Markup {
    let name = |version: &Version| {
        let user = version.user.and_then(|id| shown.users.iter().find(|user| user.id == id));
        user.map_or(t!(words, "ahead-by-house"), |user| user.name.clone())
    };
    let changes = |version: &Version| {
        let before = shown.versions.iter().find(|other| other.version + 1 == version.version);
        before.map(|before| (before.draft.clone(), version.draft.changed_from(&before.draft)))
    };
    html! {
        details .card {
            summary { (t!(words, "ahead-history")) }
            ol .plain reversed { @for version in &shown.versions { li {
                p { strong { (words.day_and_time(version.at)) } " " (name(version)) " · "
                    (words.word("ahead-version", version.state.as_str())) }
                @if let Some((before, changed)) = changes(version) {
                    ul { @for field in changed { li {
                        (words.word("ahead-field", field))
                        @if let Some((old, new)) = both(words, field, &before, &version.draft) { ": " del { (old) } " → " ins { (new) } }
                    } } }
                }
            } } }
        }
    }
}

/// How a short field read before and after.
fn both(words: &Words, field: &str, before: &EventDraft, after: &EventDraft) -> Option<(String, String)> {
    let read = |draft: &EventDraft| {
        Some(match field {
            "title" => draft.title.clone(),
            "text" => draft.text.clone(),
            "place" => draft.place.clone(),
            "kind" => words.word("ahead-kind", draft.kind.as_str()),
            "notice" => draft.notice.clone().unwrap_or_default(),
            "time" => parts::when(words, draft.begins_at, draft.ends_at, draft.all_day),
            _ => return None,
        })
    };
    Some((read(before)?, read(after)?))
}

/// `POST /ahead/events/{id}/approve`
///
/// # Errors
/// There is no such event, or it is called off; the database.
pub(super) async fn approve(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
) -> Result<Redirect, PageError> {
    let ctx = visit.context(&state);
    state.db.write(move |s| commands::approve(s, &ctx, PlannedEventId::from_untyped_uuid(id))).await?;
    Ok(Redirect::to(&format!("/ahead/events/{id}")))
}

/// `POST /ahead/events/{id}/cancel`
///
/// # Errors
/// There is no such event; the database.
pub(super) async fn cancel(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
) -> Result<Redirect, PageError> {
    let ctx = visit.context(&state);
    state.db.write(move |s| commands::cancel(s, &ctx, PlannedEventId::from_untyped_uuid(id))).await?;
    Ok(Redirect::to(&format!("/ahead/events/{id}")))
}

/// Whether what the calendar says is taken over.
#[derive(Debug, Deserialize)]
pub(super) struct Resolved {
    #[serde(default)]
    take: String,
}

/// `POST /ahead/events/{id}/calendar`
///
/// # Errors
/// Nothing is pending; the database.
pub(super) async fn resolve(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
    Form(asked): Form<Resolved>,
) -> Result<Redirect, PageError> {
    let (ctx, event) = (visit.context(&state), PlannedEventId::from_untyped_uuid(id));
    state.db.write(move |s| commands::resolve_pending(s, &ctx, event, asked.take == "yes")).await?;
    Ok(Redirect::to(&format!("/ahead/events/{id}")))
}
