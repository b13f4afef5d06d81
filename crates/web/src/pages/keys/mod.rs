//! The keys of the keyboard: what they do, choosing one's own, the palette, and what comes next.

mod next;
mod palette;

pub use next::next;
pub use palette::{find, palette};

use crate::{
    AppState,
    components::{
        forms::{self, Faults, Field},
        layout::Page,
        lists,
    },
    error::PageError,
    routes::RouteTable,
    t,
    visit::Visit,
    words::Words,
};
use axum::{
    Form,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use maud::{Markup, html};
use people::Action;
use people::shortcuts::{self, Chord, Conflict, NotAChord, Shortcut};
use std::collections::BTreeMap;

/// The routes of keys.
pub fn routes(table: &mut RouteTable) {
    table.get("/keys", Action::ChangeOwnAccount, show);
    table.post("/keys", Action::ChangeOwnAccount, choose);
    table.post("/keys/reset", Action::ChangeOwnAccount, reset);
    table.get("/palette", Action::ChangeOwnAccount, palette);
    table.post("/palette/find", Action::ListCases, find);
    table.get("/next", Action::UseGuidePage, next);
}

/// Whose key it is: what it leads to must be theirs to use.
fn action_of(shortcut: Shortcut) -> Action {
    match shortcut {
        Shortcut::Palette | Shortcut::Help => Action::ChangeOwnAccount,
        Shortcut::Next | Shortcut::Log | Shortcut::Guide => Action::UseGuidePage,
        Shortcut::Knowledge => Action::SearchKnowledge,
        Shortcut::Search | Shortcut::Mine | Shortcut::Group | Shortcut::Late => Action::ListCases,
        Shortcut::Tasks => Action::SeeTasks,
        Shortcut::NewCase => Action::RegisterCase,
    }
}

/// Where it leads, if it leads somewhere; the others move focus or open a window.
fn address_of(shortcut: Shortcut) -> Option<&'static str> {
    match shortcut {
        Shortcut::Palette | Shortcut::Help => None,
        Shortcut::Next => Some("/next"),
        Shortcut::Log | Shortcut::Knowledge | Shortcut::Guide => Some("/guide"),
        Shortcut::Search => Some("/cases"),
        Shortcut::Mine => Some("/cases?view=mine"),
        Shortcut::Group => Some("/cases?view=group"),
        Shortcut::Late => Some("/cases?view=overdue"),
        Shortcut::Tasks => Some("/tasks"),
        Shortcut::NewCase => Some("/cases/new"),
    }
}

/// What on a page takes the focus, if it is there.
fn focus_of(shortcut: Shortcut) -> Option<&'static str> {
    match shortcut {
        Shortcut::Log => Some("#log-form [role=combobox], #log-form select"),
        Shortcut::Knowledge => Some("#knowledge-search"),
        Shortcut::Search => Some("#cases-search"),
        _ => None,
    }
}

fn mine(visit: &Visit) -> impl Iterator<Item = Shortcut> + '_ {
    Shortcut::ALL.iter().copied().filter(|shortcut| visit.may(action_of(*shortcut)))
}

fn name(words: &Words, shortcut: Shortcut) -> String {
    words.word("shortcut", shortcut.as_str())
}

async fn chosen(state: &AppState, visit: &Visit) -> Result<BTreeMap<Shortcut, Option<Chord>>, PageError> {
    let user = visit.user_id();
    Ok(state.db.read(move |s| shortcuts::queries::chosen(s, user)).await?)
}

/// `GET /keys`
///
/// # Errors
/// The database.
pub async fn show(State(state): State<AppState>, visit: Visit) -> Result<Markup, PageError> {
    let keys = chosen(&state, &visit).await?;
    let texts =
        keys.into_iter().map(|(s, chord)| (s, chord.map(|c| c.to_string()).unwrap_or_default())).collect();
    Ok(page(&visit, &texts, &Faults::none()))
}

fn page(visit: &Visit, keys: &BTreeMap<Shortcut, String>, faults: &Faults) -> Markup {
    let words = visit.words;
    let content = html! {
        div .card {
            p { (t!(words, "keys-about")) }
            ul {
                li { (t!(words, "keys-about-fields")) }
                li { (t!(words, "keys-about-write")) }
                li { (t!(words, "keys-about-off")) }
            }
        }
        form .card .keys-form method="post" action="/keys" {
            (forms::token(visit))
            @if let Some(fault) = faults.of("form") { (forms::refused(fault)) }
            @for shortcut in mine(visit) {
                (Field::line("key", shortcut.as_str(), name(words, shortcut), keys.get(&shortcut).map_or("", String::as_str))
                    .optional().room(12).show(words, faults))
            }
            div .actions { button type="submit" .primary { (t!(words, "keys-save")) } }
        }
        (forms::button(visit, "/keys/reset", "slim", &t!(words, "keys-reset")))
        div .card {
            h2 { (t!(words, "keys-fixed")) }
            (fixed(visit))
        }
    };
    Page::narrow(t!(words, "shortcuts-title")).around(visit, &content)
}

/// Keys that are as they are: the telephone's, and those of the log's own fields.
fn fixed(visit: &Visit) -> Markup {
    let words = visit.words;
    html! {
        dl .facts .key-list {
            @if visit.may(Action::UseTelephone) {
                dt { kbd { "F8" } } dd { (t!(words, "keys-answer")) }
                dt { kbd { "F9" } } dd { (t!(words, "keys-mute")) }
            }
            @if visit.may(Action::LogContact) {
                dt { kbd { "1" } "–" kbd { "6" } } dd { (t!(words, "keys-outcome")) }
                dt { kbd { "↵" } } dd { (t!(words, "keys-enter")) }
            }
            dt { kbd { "Esc" } } dd { (t!(words, "keys-escape")) }
        }
    }
}

/// `POST /keys`
///
/// # Errors
/// The database.
pub async fn choose(
    State(state): State<AppState>,
    visit: Visit,
    Form(typed): Form<BTreeMap<String, String>>,
) -> Result<Response, PageError> {
    let words = visit.words;
    let mut faults = Faults::none();
    let mut keys = BTreeMap::new();
    let mut texts = BTreeMap::new();
    for shortcut in mine(&visit) {
        let Some(text) = typed.get(shortcut.as_str()) else { continue };
        texts.insert(shortcut, text.clone());
        match text.trim() {
            "" => {
                keys.insert(shortcut, None);
            }
            text => match text.parse::<Chord>() {
                Ok(chord) => {
                    keys.insert(shortcut, Some(chord));
                }
                Err(NotAChord::Unreadable) => faults.add(shortcut.as_str(), t!(words, "keys-unreadable")),
                Err(NotAChord::Reserved) => faults.add(shortcut.as_str(), t!(words, "keys-reserved")),
            },
        }
    }
    if faults.is_empty() {
        let user = visit.user_id();
        match state.db.write(move |s| shortcuts::commands::choose(s, user, &keys)).await? {
            Ok(()) => return Ok(Redirect::to("/keys").into_response()),
            Err(Conflict { first, second }) => {
                let text = |other| t!(words, "keys-conflict", other = name(words, other));
                faults.add(first.as_str(), text(second));
                faults.add(second.as_str(), text(first));
            }
        }
    }
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&visit, &texts, &faults)).into_response())
}

/// `POST /keys/reset`
///
/// # Errors
/// The database.
pub async fn reset(State(state): State<AppState>, visit: Visit) -> Result<Redirect, PageError> {
    let user = visit.user_id();
    state.db.write(move |s| shortcuts::commands::reset(s, user)).await?;
    Ok(Redirect::to("/keys"))
}

/// The window that lists the keys: what `?` shows.
fn help(visit: &Visit, keys: &BTreeMap<Shortcut, Option<Chord>>) -> Markup {
    let words = visit.words;
    html! {
        dialog #keys-help .window aria-labelledby="keys-help-title" {
            h2 #keys-help-title { (t!(words, "shortcuts-title")) }
            @if keys.is_empty() { (lists::empty("")) }
            dl .facts .key-list {
                @for shortcut in mine(visit) {
                    @if let Some(Some(chord)) = keys.get(&shortcut) {
                        dt { kbd { (chord) } } dd { (name(words, shortcut)) }
                    }
                }
            }
            (fixed(visit))
            div .actions {
                a .button href="/keys" { (t!(words, "keys-change")) }
                form method="dialog" { button type="submit" .primary { (t!(words, "close")) } }
            }
        }
    }
}
