//! The situation's stream: the whole view anew when something in it may have changed, but not more often than it can be
//! read.

use super::{Situation, view};
use crate::{
    AppState,
    error::PageError,
    security::still::{StreamSession, ends_sessions},
    visit::Visit,
};
use axum::{
    extract::State,
    http::HeaderMap,
    response::sse::{Event, KeepAlive, Sse},
};
use futures::Stream;
use std::convert::Infallible;
use std::time::{Duration, Instant};
use storage::timeline::Announcement;
use tokio::sync::broadcast::error::RecvError;

/// A message or a proposal is shown at once,
const CALM: Duration = Duration::from_millis(300);
/// figures not more often than this.
const FIGURES_EVERY: Duration = Duration::from_secs(5);
/// How often the session is asked for, and the view shown anew even if nothing was told.
const AT_LEAST_EVERY: Duration = Duration::from_secs(15);

fn at_once(one: &Announcement) -> bool {
    one.subject_kind == crisis::commands::SUBJECT
}

fn concerns(one: &Announcement) -> bool {
    matches!(one.subject_kind.as_str(), "contact" | "case" | "planned_event")
}

/// `GET /situation/live`
///
/// # Errors
/// The database, before the stream has begun.
pub(super) async fn live(
    State(state): State<AppState>,
    visit: Visit,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, PageError> {
    let session = StreamSession::of(&state, &headers);
    let first = view::view(&visit, &Situation::load(&state).await?).into_string();
    let (sender, receiver) = tokio::sync::mpsc::channel(2);
    tokio::spawn(async move {
        let mut announcements = state.db.announcements();
        let mut closing = state.closing.clone();
        let mut due = tokio::time::interval(AT_LEAST_EVERY);
        due.tick().await;
        if sender.send(Ok(Event::default().data(first))).await.is_err() {
            return;
        }
        let mut shown = Instant::now();
        loop {
            let mut urgent = false;
            tokio::select! {
                heard = announcements.recv() => match heard {
                    Ok(batch) if batch.iter().any(ends_sessions) => {
                        if !session.holds().await {
                            return;
                        }
                    }
                    Ok(batch) if batch.iter().any(at_once) => urgent = true,
                    Ok(batch) if batch.iter().any(concerns) => {}
                    Ok(_) => continue,
                    Err(RecvError::Lagged(_)) => {}
                    Err(RecvError::Closed) => return,
                },
                _ = due.tick() => {
                    if !session.holds().await {
                        return;
                    }
                    urgent = true;
                }
                _ = closing.changed() => return,
                () = sender.closed() => return,
            }
            if !urgent && shown.elapsed() < FIGURES_EVERY {
                continue;
            }
            tokio::time::sleep(CALM).await;
            let Ok(situation) = Situation::load(&state).await else { continue };
            shown = Instant::now();
            let visit = Visit { now: situation.board.now, ..visit.clone() };
            let text = view::view(&visit, &situation).into_string();
            if sender.send(Ok(Event::default().data(text))).await.is_err() {
                return;
            }
        }
    });
    Ok(Sse::new(tokio_stream::wrappers::ReceiverStream::new(receiver)).keep_alive(KeepAlive::default()))
}
