//! The demo's outbox: every e-mail and text message that would have left.

use crate::{
    AppState,
    components::{layout::Page, lists},
    error::PageError,
    t,
    visit::Visit,
};
use axum::extract::{Query, State};
use maud::{Markup, html};
use serde::Deserialize;
use vocabulary::GenericUuid as _;
use vocabulary::{MessageId, Timestamp};

/// How many messages a page holds.
const MESSAGES: usize = 30;

/// Where the list goes on.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    after: Option<String>,
}

/// `GET /outbox`
///
/// # Errors
/// The page mark is none of ours; the database.
pub async fn list(
    State(state): State<AppState>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Markup, PageError> {
    let after = asked.after.as_deref().map(read_mark).transpose()?;
    let messages = state.db.read(move |s| cases::queries::outbox(s, after, MESSAGES)).await?;
    let next = messages.last().filter(|_| messages.len() == MESSAGES);
    let words = visit.words;
    let content = html! {
        p .hint { (t!(words, "outbox-hint")) }
        div .card {
            @if messages.is_empty() { (lists::empty(&t!(words, "outbox-none"))) }
            ul .plain-list {
                @for message in &messages {
                    li {
                        div .card-head {
                            h2 { (message.subject) }
                            span .soft .small { (words.when(message.created_at, visit.now)) }
                        }
                        p .small .soft {
                            (words.word("message", message.channel.as_str())) " · " (message.recipient) " · "
                            span .badge { (words.word("message-state", message.state.as_str())) }
                        }
                        (body(&message.body, &visit.config.base_url))
                    }
                }
            }
            @if let Some(last) = next {
                div .pager { a href=(format!("/outbox?after={}.{}", last.created_at.as_microsecond(), last.id.into_untyped_uuid())) rel="next" { (t!(words, "pager-next")) } }
            }
        }
    };
    Ok(Page::narrow(t!(words, "outbox-title")).around(&visit, &content))
}

/// The place after a message, as the address carries it.
fn read_mark(text: &str) -> Result<(Timestamp, MessageId), PageError> {
    let wrong = || PageError::Invalid("the page mark is not one that the list gave".into());
    let (at, id) = text.split_once('.').ok_or_else(wrong)?;
    let at = at.parse().ok().and_then(|at| Timestamp::from_microsecond(at).ok()).ok_or_else(wrong)?;
    let id = id.parse().map(MessageId::from_untyped_uuid).map_err(|_| wrong())?;
    Ok((at, id))
}

/// The text, with our own addresses as links, as a mail program would show them.
fn body(text: &str, base_url: &str) -> Markup {
    let mut pieces: Vec<(bool, &str)> = Vec::new();
    let mut rest = text;
    while let Some(at) = (!base_url.is_empty()).then(|| rest.find(base_url)).flatten() {
        let (before, from) = rest.split_at(at);
        let end = from.find(char::is_whitespace).unwrap_or(from.len());
        let (link, after) = from.split_at(end);
        pieces.push((false, before));
        pieces.push((true, link));
        rest = after;
    }
    pieces.push((false, rest));
    html! {
        div .message-body {
            @for (is_link, piece) in pieces {
                @if is_link { a href=(piece) target="_blank" rel="noopener" hx-boost="false" { (piece) } } @else { (piece) }
            }
        }
    }
}
