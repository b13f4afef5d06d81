//! A list's stream: its first page anew when a case has changed. It moves no focus and, while boxes are ticked or the
//! reader has paused, nothing at all; the script sees to that.

use super::{Asked, LINES, load, part};
use crate::{
    AppState,
    error::PageError,
    security::still::{StreamSession, ends_sessions},
    visit::Visit,
};
use axum::{
    extract::{Query, State},
    http::HeaderMap,
    response::sse::{Event, KeepAlive, Sse},
};
use futures::Stream;
use maud::html;
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;

/// The shortest time between two messages: a surge of changes becomes one.
const CALM: Duration = Duration::from_secs(1);
/// How often the session is asked for, and the list looked at even if nothing was told.
const AT_LEAST_EVERY: Duration = Duration::from_secs(30);

/// `GET /cases/live`
///
/// # Errors
/// The filter is none of ours; the database, before the stream has begun.
pub async fn live(
    State(state): State<AppState>,
    visit: Visit,
    headers: HeaderMap,
    Query(parts): Query<Vec<(String, String)>>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, PageError> {
    let asked = Asked { after: None, ..Asked::read(&parts)? };
    let session = StreamSession::of(&state, &headers);
    let mut shown = render(&state, &visit, &asked).await?;
    let (sender, receiver) = tokio::sync::mpsc::channel(2);
    tokio::spawn(async move {
        let mut announcements = state.db.announcements();
        let mut closing = state.closing.clone();
        let mut due = tokio::time::interval(AT_LEAST_EVERY);
        due.tick().await;
        loop {
            tokio::select! {
                heard = announcements.recv() => match heard {
                    Ok(batch) if batch.iter().any(ends_sessions) => {
                        if !session.holds().await {
                            return;
                        }
                    }
                    Ok(batch) if batch.iter().any(|one| one.subject_kind == "case") => {}
                    Ok(_) => continue,
                    Err(RecvError::Lagged(_)) => {}
                    Err(RecvError::Closed) => return,
                },
                _ = due.tick() => if !session.holds().await { return },
                _ = closing.changed() => return,
                () = sender.closed() => return,
            }
            tokio::time::sleep(CALM).await;
            let Ok(now) = render(&state, &visit, &asked).await else { continue };
            if now != shown {
                if sender.send(Ok(Event::default().data(&now))).await.is_err() {
                    return;
                }
                shown = now;
            }
        }
    });
    let stream = tokio_stream::wrappers::ReceiverStream::new(receiver);
    Ok(Sse::new(stream).keep_alive(KeepAlive::default()))
}

async fn render(state: &AppState, visit: &Visit, asked: &Asked) -> Result<String, PageError> {
    let now = state.clock.now();
    let page = load(state, visit, asked, now, LINES).await?;
    let list = part(visit, asked, &page, now);
    Ok(html! { hx-partial hx-target="#case-list" hx-swap="innerMorph" { (list) } }.into_string())
}
