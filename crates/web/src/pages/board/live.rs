//! The board's stream: the whole board anew whenever something on it may have changed, within a second.

use super::{Asked, Board, parts};
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
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;

/// The shortest time between two messages: a surge of changes becomes one.
const CALM: Duration = Duration::from_millis(300);
/// How often the session is asked for, and the board shown anew even if nothing was told.
const AT_LEAST_EVERY: Duration = Duration::from_secs(10);

/// `GET /board/live`
///
/// # Errors
/// The database, before the stream has begun.
pub async fn live(
    State(state): State<AppState>,
    visit: Visit,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, PageError> {
    let session = StreamSession::of(&state, &headers);
    let without = asked.without();
    let first = parts::board(&visit, &Board::load(&state).await?.without(without)).into_string();
    let (sender, receiver) = tokio::sync::mpsc::channel(2);
    tokio::spawn(async move {
        let mut floor = state.floor.watch();
        let mut announcements = state.db.announcements();
        let mut closing = state.closing.clone();
        let mut due = tokio::time::interval(AT_LEAST_EVERY);
        due.tick().await;
        if sender.send(Ok(Event::default().data(first))).await.is_err() {
            return;
        }
        loop {
            tokio::select! {
                changed = floor.changed() => if changed.is_err() { return },
                heard = announcements.recv() => match heard {
                    Ok(batch) if batch.iter().any(ends_sessions) => {
                        if !session.holds().await {
                            return;
                        }
                    }
                    Ok(batch) if batch.iter().any(|one| matches!(one.subject_kind.as_str(), "contact" | "crisis") || one.kind.starts_with("survey")) => {}
                    Ok(_) => continue,
                    Err(RecvError::Lagged(_)) => {}
                    Err(RecvError::Closed) => return,
                },
                _ = due.tick() => if !session.holds().await { return },
                _ = closing.changed() => return,
                () = sender.closed() => return,
            }
            tokio::time::sleep(CALM).await;
            let Ok(board) = Board::load(&state).await.map(|board| board.without(without)) else { continue };
            // Shown by the clock of the moment, not of the request the stream began with.
            let visit = Visit { now: board.now, ..visit.clone() };
            if sender
                .send(Ok(Event::default().data(parts::board(&visit, &board).into_string())))
                .await
                .is_err()
            {
                return;
            }
        }
    });
    Ok(Sse::new(tokio_stream::wrappers::ReceiverStream::new(receiver)).keep_alive(KeepAlive::default()))
}
