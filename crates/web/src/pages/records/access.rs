//! Who may open which board's restricted cases.

use crate::{
    AppState,
    components::{forms, layout::Page, lists},
    error::PageError,
    t,
    visit::Visit,
};
use axum::{
    Form,
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use maud::{Markup, html};
use people::{
    Action, PeopleError,
    boards::{GrantChange, Holder, commands, queries},
};
use std::collections::BTreeMap;

/// How many changes of grants the page tells of.
const CHANGES_MAX: u32 = 50;

struct Shown {
    boards: Vec<String>,
    holders: Vec<Holder>,
    changes: Vec<GrantChange>,
    names: BTreeMap<vocabulary::AnyId, String>,
}

/// `GET /records/access`
///
/// # Errors
/// The database.
pub async fn show(State(state): State<AppState>, visit: Visit) -> Result<Markup, PageError> {
    let shown = state
        .db
        .read(|s| -> Result<_, PeopleError> {
            let mut names = BTreeMap::new();
            for user in people::users::queries::all(s)? {
                names.insert(vocabulary::GenericUuid::into_untyped_uuid(user.id), user.name);
            }
            for key in people::access::api_keys(s)? {
                names.insert(vocabulary::GenericUuid::into_untyped_uuid(key.id), key.name);
            }
            Ok(Shown {
                boards: queries::boards(s)?,
                holders: queries::holders(s)?,
                changes: queries::changes(s, CHANGES_MAX)?,
                names,
            })
        })
        .await?;
    let words = visit.words;
    let content = html! {
        p { (t!(words, "access-what")) }
        @if !visit.may(Action::GrantBoardAccess) { p .soft { (t!(words, "access-not-yours")) } }
        section .card aria-labelledby="access-heading" {
            h2 #access-heading { (t!(words, "access-heading")) }
            ul .plain-list { @for holder in &shown.holders { li { (holder_row(&visit, holder, &shown.boards)) } } }
            @if shown.holders.is_empty() { (lists::empty(&t!(words, "access-nobody"))) }
        }
        (changes(&visit, &shown))
    };
    Ok(Page::wide(t!(words, "access-title")).around(&visit, &content))
}

fn holder_row(visit: &Visit, holder: &Holder, boards: &[String]) -> Markup {
    let words = visit.words;
    let all = holder.boards.len() == boards.len();
    let summary = if holder.boards.is_empty() {
        t!(words, "access-no-boards")
    } else if all {
        t!(words, "access-all-boards")
    } else {
        holder.boards.join(", ")
    };
    let kind = if holder.key { t!(words, "access-key") } else { words.word("role", holder.role.as_str()) };
    html! {
        details {
            summary { strong { (holder.name) } " " span .soft { (kind) " · " (summary) } }
            @if visit.may(Action::GrantBoardAccess) {
                form method="post" action=(format!("/records/access/{}", holder.id)) {
                    (forms::token(visit))
                    fieldset {
                        legend { (t!(words, "access-boards-of", name = holder.name.clone())) }
                        @for (number, board) in boards.iter().enumerate() {
                            (forms::tick(&format!("board-{}", holder.id), &number.to_string(), board, holder.boards.contains(board)))
                            // The board as the page had it: a number means nothing if the list has changed since.
                            input type="hidden" name=(format!("name-{number}")) value=(board);
                        }
                    }
                    p { button type="submit" .slim { (t!(words, "save")) } }
                }
            }
        }
    }
}

fn changes(visit: &Visit, shown: &Shown) -> Markup {
    let words = visit.words;
    let name =
        |id: &vocabulary::AnyId| shown.names.get(id).cloned().unwrap_or_else(|| t!(words, "access-gone"));
    html! {
        section .card aria-labelledby="access-changes-heading" {
            h2 #access-changes-heading { (t!(words, "access-changes")) }
            @if shown.changes.is_empty() { (lists::empty(&t!(words, "access-changes-none"))) }
            ol .timeline {
                @for change in &shown.changes {
                    @let by = change.by.as_ref().map_or_else(|| t!(words, "access-by-house"), &name);
                    li {
                        div .timeline-head {
                            strong { (name(&change.holder_id)) }
                            span .soft .small { (words.day_and_time(change.at)) }
                        }
                        p .small {
                            @if change.granted { (t!(words, "access-granted", board = change.board.clone(), by = by)) }
                            @else { (t!(words, "access-revoked", board = change.board.clone(), by = by)) }
                        }
                    }
                }
            }
        }
    }
}

/// `POST /records/access/{id}`: each field that is ticked is the number of a board on the page.
///
/// # Errors
/// There is no such holder or board; the database.
pub async fn set(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
    Form(asked): Form<BTreeMap<String, String>>,
) -> Result<Response, PageError> {
    let ctx = visit.context(&state);
    let ticked = asked.keys().filter(|key| key.parse::<usize>().is_ok());
    let boards: Vec<String> =
        ticked.filter_map(|number| asked.get(&format!("name-{number}")).cloned()).collect();
    state.db.write(move |s| commands::set(s, &ctx, id, &boards)).await?;
    Ok(Redirect::to("/records/access").into_response())
}
