//! "Next": one key takes a guide to what is most urgent, and once more to what comes after that.

use crate::{
    AppState,
    components::{layout::Page, lists},
    error::PageError,
    t,
    visit::Visit,
};
use axum::{
    extract::{Query, State},
    response::{IntoResponse, Redirect, Response},
};
use cases::next::{Waiting, What, next as rank};
use maud::html;
use serde::Deserialize;
use vocabulary::GenericUuid as _;
use vocabulary::{AnyId, ContactId};

/// How many contacts that wait to be logged are looked at.
const UNLOGGED_MAX: u32 = 20;

/// Where one is already.
#[derive(Debug, Default, Deserialize)]
pub struct Here {
    here: Option<String>,
}

/// The id in an address: what one has at hand.
fn id_in(address: &str) -> Option<AnyId> {
    address.split(['/', '=', '#', '&', '?']).rev().find_map(|part| part.parse().ok())
}

fn address(waiting: &Waiting) -> String {
    let id = waiting.id;
    match waiting.what {
        What::Unlogged { .. } => format!("/guide?contact={id}"),
        What::Task { .. } => format!("/tasks?task={id}#task-{id}"),
        What::Case { .. } => format!("/cases/{id}"),
        What::Letter { .. } => format!("/mail/{id}"),
    }
}

/// `GET /next`
///
/// # Errors
/// The database.
pub async fn next(
    State(state): State<AppState>,
    visit: Visit,
    Query(from): Query<Here>,
) -> Result<Response, PageError> {
    let (viewer, guide, now) = (crate::pages::cases::viewer(&visit), visit.user_id(), visit.now);
    // A talk that goes on is not waiting to be logged: it is what one does.
    let talking = state.floor.snapshot().guide(guide).and_then(|own| match own.state {
        routing::GuideState::Talking { call } => Some(call),
        _ => None,
    });
    let waiting = state
        .db
        .read(move |s| -> Result<_, PageError> {
            let mut waiting = cases::queries::waiting_for(s, viewer, now)?;
            for line in contacts::queries::unlogged_of(s, guide, UNLOGGED_MAX)? {
                let contact = line.contact;
                let id: ContactId = contact.id;
                if Some(id) != talking {
                    let since = contact.ended_at.unwrap_or(contact.arrived_at);
                    waiting.push(Waiting { what: What::Unlogged { since }, id: id.into_untyped_uuid() });
                }
            }
            if let Some(line) = correspondence::queries::most_urgent_for(s, viewer, guide)?
                && let Some(due) = line.conversation.due_day
            {
                let id = line.conversation.id.into_untyped_uuid();
                waiting.push(Waiting { what: What::Letter { due }, id });
            }
            Ok(waiting)
        })
        .await?;
    let at_hand = from.here.as_deref().and_then(id_in);
    if let Some(found) = rank(now, waiting, at_hand) {
        return Ok(Redirect::to(&address(&found)).into_response());
    }
    let words = visit.words;
    let content = html! { div .card { (lists::empty(&t!(words, "next-nothing"))) p { a href="/guide" { (t!(words, "guide-title")) } } } };
    Ok(Page::narrow(t!(words, "next-title")).around(&visit, &content).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_has_at_hand_is_read_from_the_address() {
        let id = AnyId::from_u128(7);
        for text in [
            format!("/cases/{id}"),
            format!("/guide?contact={id}"),
            format!("/tasks?task={id}#task-{id}"),
            format!("/cases/{id}?x=1"),
        ] {
            assert_eq!(id_in(&text), Some(id), "{text}");
        }
        assert_eq!(id_in("/guide"), None);
        assert_eq!(id_in(""), None);
    }
}
