//! The browser telephone's wire: text frames carried between the WebSocket and the telephony, nothing more.

use crate::{AppState, TelephoneClosed, error::PageError, security::origin, visit::Visit};
use axum::{
    extract::{
        State,
        ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade},
    },
    http::HeaderMap,
    response::{IntoResponse as _, Response},
};
use futures::{SinkExt as _, StreamExt as _};
use people::access::SignedIn;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;

/// The largest frame; SIP messages with a session description are a few thousand bytes.
const FRAME_BYTES_MAX: usize = 65_536;
/// How many frames may wait in each direction.
const FRAMES_QUEUED_MAX: usize = 64;
/// How often it is asked whether the session still holds.
const SESSION_ASKED_EVERY: Duration = Duration::from_secs(15);
/// The close code for a session that has ended.
const CODE_SIGNED_OUT: u16 = 4401;
/// The close code for a browser that sends more than the telephony reads.
const CODE_FLOODED: u16 = 1008;
/// The close code for a server that shuts down.
const CODE_GOING_AWAY: u16 = 1001;

/// `GET /telephone/ws`. A WebSocket is not bound by the same-origin rule, so the browser must say where its page is
/// from.
///
/// # Errors
/// The page is from elsewhere.
pub async fn attach(
    State(state): State<AppState>,
    visit: Visit,
    headers: HeaderMap,
    socket: WebSocketUpgrade,
) -> Result<Response, PageError> {
    if origin::origin(&headers, &state.config.base_url) != origin::Origin::Own {
        return Err(PageError::ForeignForm);
    }
    let Some(signed_in) = visit.signed_in.clone() else { return Err(PageError::Forbidden) };
    let token =
        crate::security::cookies::session(&headers, state.config.secure_cookies).unwrap_or("").to_owned();
    let upgrade = socket.protocols(["sip"]).max_message_size(FRAME_BYTES_MAX).max_frame_size(FRAME_BYTES_MAX);
    Ok(upgrade.on_upgrade(move |socket| carry(state, signed_in, token, socket)).into_response())
}

async fn carry(state: AppState, signed_in: Arc<SignedIn>, token: String, socket: WebSocket) {
    let (mut to_socket, mut from_socket) = socket.split();
    let (from_browser, telephony_in) = mpsc::channel(FRAMES_QUEUED_MAX);
    let (telephony_out, mut to_browser) = mpsc::channel::<String>(FRAMES_QUEUED_MAX);
    let mut closing = state.closing.clone();
    let mut asked = tokio::time::interval(SESSION_ASKED_EVERY);
    asked.tick().await;
    let mut attached = state.phones.attach(signed_in.user.id, telephony_in, telephony_out);
    let mut from_browser = Some(from_browser);
    let mut heard = true;
    let end = loop {
        tokio::select! {
            end = &mut attached => break end,
            frame = to_browser.recv(), if heard => match frame {
                Some(frame) => {
                    if to_socket.send(Message::Text(frame.into())).await.is_err() {
                        from_browser = None;
                    }
                }
                None => heard = false,
            },
            message = from_socket.next(), if from_browser.is_some() => match message {
                Some(Ok(Message::Text(text))) => {
                    // Waiting for room here would stop the other direction too; a browser that floods is let go.
                    if from_browser.as_ref().is_some_and(|sender| sender.try_send(text.as_str().to_owned()).is_err()) {
                        break TelephoneClosed { code: CODE_FLOODED, reason: "flooded" };
                    }
                }
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(Message::Binary(_) | Message::Close(_)) | Err(_)) | None => from_browser = None,
            },
            _ = asked.tick() => {
                if !matches!(state.access.recognise(&token).await, Ok(Some(_))) {
                    break TelephoneClosed { code: CODE_SIGNED_OUT, reason: "signed_out" };
                }
            }
            _ = closing.changed() => break TelephoneClosed { code: CODE_GOING_AWAY, reason: "going_away" },
        }
    };
    tracing::debug!(user = %signed_in.user.id, code = end.code, reason = end.reason, "a browser telephone ended");
    let close = CloseFrame { code: end.code, reason: end.reason.into() };
    let _ = to_socket.send(Message::Close(Some(close))).await;
}
