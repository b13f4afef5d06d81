//! What waits for an officer: counted at the desk, whose link stands in every letter; in full with the key, which is sent
//! to the officer's own address when somebody at the desk asks for it.

use crate::{
    AppState,
    components::{layout::Page, lists},
    error::PageError,
    routes::{Entrance, Route, RouteTable},
    security::cookies,
    t,
    visit::Visit,
    words::Words,
};
use axum::{
    extract::{Path, State},
    http::HeaderMap,
};
use cases::{
    OFFICER_PATH,
    commands::{KEY_HOURS, ask_for_key},
    queries::{DeskLine, WorkLine, officer_desk, officer_work},
};
use maud::{Markup, html};
use people::{Action, LinkKind, directory::Officer};
use vocabulary::{CaseStatus, local_day};

/// The desk and what the key opens.
pub fn routes(table: &mut RouteTable) {
    let link = |method, path, action, kind| Route { method, path, action, entrance: Entrance::Link(kind) };
    table.add(link("GET", "/d/{token}", Action::SeeOfficerDesk, LinkKind::OfficerDesk), desk);
    table.add(link("POST", "/d/{token}", Action::SeeOfficerDesk, LinkKind::OfficerDesk), send_key);
    table.add(link("GET", "/k/{token}", Action::OpenOfficerDesk, LinkKind::OfficerKey), work);
}

/// The officer's own language, unless the browser has been told another.
fn in_own_language(visit: &Visit, headers: &HeaderMap, officer: &Officer) -> Visit {
    let language = cookies::language(headers).unwrap_or(officer.language);
    Visit { words: Words::of(language), ..visit.clone() }
}

/// `GET /d/{token}`
///
/// # Errors
/// The link does not hold; the database.
async fn desk(
    State(state): State<AppState>,
    visit: Visit,
    headers: HeaderMap,
    Path(token): Path<String>,
) -> Result<Markup, PageError> {
    show_desk(&state, &visit, &headers, token, false).await
}

/// `POST /d/{token}`: sends the key to the officer's own address.
///
/// # Errors
/// The link does not hold; the database.
async fn send_key(
    State(state): State<AppState>,
    visit: Visit,
    headers: HeaderMap,
    Path(token): Path<String>,
) -> Result<Markup, PageError> {
    let (ctx, settings, asked) = (visit.context(&state), state.cases.clone(), token.clone());
    state.db.write(move |s| ask_for_key(s, &ctx, &settings, &asked)).await?;
    show_desk(&state, &visit, &headers, token, true).await
}

async fn show_desk(
    state: &AppState,
    visit: &Visit,
    headers: &HeaderMap,
    token: String,
    sent: bool,
) -> Result<Markup, PageError> {
    let (settings, now, path) = (state.cases.clone(), visit.now, format!("/d/{token}"));
    let desk = state.db.read(move |s| officer_desk(s, &settings, &token, now)).await?;
    let visit = in_own_language(visit, headers, &desk.officer);
    let words = visit.words;
    let content = html! {
        @if sent { (lists::notice("good", &t!(words, "desk-key-sent", hours = KEY_HOURS))) }
        div .sheet {
            p .lead { (t!(words, "desk-hello", name = desk.officer.name.clone(), n = desk.lines.len())) }
            @if desk.lines.is_empty() { (lists::empty(&t!(words, "desk-nothing"))) } @else {
                div .table-wrap {
                    table .stacks {
                        thead { tr {
                            th scope="col" { (t!(words, "case-number")) }
                            th scope="col" { (t!(words, "desk-sent")) }
                            th scope="col" { (t!(words, "desk-due")) }
                        } }
                        tbody { @for line in &desk.lines { tr {
                            th scope="row" { (line.number) }
                            td data-label=(t!(words, "desk-sent")) { (words.day(local_day(line.sent_at))) }
                            td data-label=(t!(words, "desk-due")) { (due(words, &visit, line)) }
                        } } }
                    }
                }
            }
        }
        @if !desk.lines.is_empty() {
            div .sheet {
                h2 { (t!(words, "desk-open")) }
                p { (t!(words, "desk-open-why")) }
                form method="post" action=(path) { button type="submit" .primary { (t!(words, "desk-send-key")) } }
            }
        }
        p .soft { (t!(words, "failed-call", telephone = visit.config.public_telephone.clone())) }
    };
    Ok(Page::narrow(t!(words, "desk-title")).around(&visit, &content))
}

/// When an answer is needed, and how that stands.
fn due(words: &Words, visit: &Visit, line: &DeskLine) -> Markup {
    let late = !line.paused && line.due_day < local_day(visit.now);
    html! {
        (words.day(line.due_day))
        @if line.paused { " " span .badge { (t!(words, "desk-paused")) } }
        @if late { " " span .badge .bad { (t!(words, "desk-late")) } }
    }
}

/// `GET /k/{token}`
///
/// # Errors
/// The key does not open; the database.
async fn work(
    State(state): State<AppState>,
    visit: Visit,
    headers: HeaderMap,
    Path(token): Path<String>,
) -> Result<Markup, PageError> {
    let (settings, now) = (state.cases.clone(), visit.now);
    let work = state.db.read(move |s| officer_work(s, &settings, &token, now)).await?;
    let visit = in_own_language(&visit, &headers, &work.officer);
    let words = visit.words;
    let content = html! {
        p .lead { (t!(words, "desk-hello", name = work.officer.name.clone(), n = work.lines.len())) }
        @if work.lines.is_empty() { (lists::empty(&t!(words, "desk-nothing"))) }
        @for line in &work.lines { (work_line(words, &visit, line)) }
        p .soft { (t!(words, "desk-key-hint", hours = KEY_HOURS)) }
    };
    Ok(Page::narrow(t!(words, "desk-title")).around(&visit, &content))
}

fn work_line(words: &Words, visit: &Visit, line: &WorkLine) -> Markup {
    let name = line.title.as_ref().unwrap_or(&line.type_name);
    html! {
        article .card {
            div .card-head {
                h2 { (line.line.number) " " (name) }
                span .soft .small { (line.type_name) }
            }
            dl .facts {
                dt { (t!(words, "desk-sent")) } dd { (words.day(local_day(line.line.sent_at))) }
                dt { (t!(words, "desk-due")) } dd { (due(words, visit, &line.line)) }
            }
            @if line.asked_resident { p { (t!(words, "desk-asked-resident")) } }
            @else if line.status == CaseStatus::Suspended { p { (t!(words, "desk-suspended")) } }
            @else if line.reminders_sent > 0 { p .soft { (t!(words, "desk-reminded", n = line.reminders_sent)) } }
            @match &line.token {
                Some(token) => p { a .button href=(format!("{OFFICER_PATH}{token}")) {
                    (t!(words, "desk-answer")) span .visually-hidden { " " (line.line.number) } } },
                None => p .soft { (t!(words, "desk-no-link")) },
            }
        }
    }
}
