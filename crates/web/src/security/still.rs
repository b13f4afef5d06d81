//! Whether a session still holds, asked by streams that outlive the request they began with.

use crate::{AppState, security::cookies};
use axum::http::HeaderMap;
use people::{access::queries, secret::Token};
use storage::timeline::Announcement;

/// A stream's session. Asking does not count as being seen, so that a screen left on does not keep anybody signed in.
#[derive(Clone)]
pub struct StreamSession {
    state: AppState,
    token_hash: Vec<u8>,
}

impl StreamSession {
    /// The session of the request that opened the stream.
    #[must_use]
    pub fn of(state: &AppState, headers: &HeaderMap) -> Self {
        let token = cookies::session(headers, state.config.secure_cookies)
            .and_then(|text| Token::presented("", text));
        Self { state: state.clone(), token_hash: token.map(|token| token.hash()).unwrap_or_default() }
    }

    /// Whether it still holds. If the database cannot say, it does not.
    pub async fn holds(&self) -> bool {
        let hash = self.token_hash.clone();
        let now = self.state.wall.now();
        let found = self.state.db.read(move |s| queries::session_by_token(s, &hash)).await;
        matches!(found, Ok(Some(signed_in)) if signed_in.session.holds(now))
    }
}

/// Whether an announcement may have ended a session: then a stream asks at once.
#[must_use]
pub fn ends_sessions(announcement: &Announcement) -> bool {
    matches!(
        announcement.kind.as_str(),
        "signed_out" | "sessions_revoked" | "user_deactivated" | "password_changed"
    )
}
