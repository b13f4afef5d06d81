//! One request as a handler sees it: who asks, in which language, when.

use crate::{AppState, WebConfig, words::Words};
use axum::{
    extract::FromRequestParts,
    http::{StatusCode, request::Parts},
};
use cases::resident_access::ResidentSession;
use people::{Action, Who, access::SignedIn, allowed};
use std::sync::Arc;
use vocabulary::{Actor, Context, Role, Timestamp, UserId};

/// One request, after the guard has looked at it.
#[derive(Clone)]
pub struct Visit {
    /// Who asks.
    pub who: Who,
    /// The user and session, if somebody is signed in.
    pub signed_in: Option<Arc<SignedIn>>,
    /// The resident's session with their own case, if there is one.
    pub resident: Option<Arc<ResidentSession>>,
    /// The texts in the visitor's language.
    pub words: &'static Words,
    /// What a form must carry to be believed; none for strangers.
    pub csrf: Option<String>,
    /// When the request came.
    pub now: Timestamp,
    /// The path asked for.
    pub path: String,
    /// Where a form outside the page's own content goes back to: this page, or home if it has no address of its own.
    pub back: String,
    /// Whether htmx asks, wanting a part of a page.
    pub htmx: bool,
    /// How the web side is set up.
    pub config: Arc<WebConfig>,
    /// How fast the demo's clock runs, if this is a demo.
    pub demo_speed: Option<u32>,
}

impl Visit {
    /// Whether the visitor may do `action`: for showing or leaving out what leads there.
    #[must_use]
    pub fn may(&self, action: Action) -> bool {
        allowed(&self.who, action)
    }

    /// The user's id. The guard has seen to it that there is one wherever the action is for users only; a stranger
    /// gets the nil id, which is nobody's.
    #[must_use]
    pub fn user_id(&self) -> UserId {
        self.signed_in.as_ref().map_or(UserId::nil(), |signed_in| signed_in.user.id)
    }

    /// The user's role, if signed in.
    #[must_use]
    pub fn role(&self) -> Option<Role> {
        self.signed_in.as_ref().map(|signed_in| signed_in.user.role)
    }

    /// Who it is, in the timeline's words. Links act as whom the link's row names, which their commands set.
    #[must_use]
    pub fn actor(&self) -> Actor {
        match self.who {
            Who::User { id, .. } => Actor::User(id),
            Who::ApiKey { id, .. } => Actor::ApiKey(id),
            Who::Anonymous
            | Who::OfficerLink(_)
            | Who::ResidentLink(_)
            | Who::OfficerDeskLink(_)
            | Who::OfficerKeyLink(_)
            | Who::ApprovalLink(_)
            | Who::CallInLink(_)
            | Who::ResidentSession { .. } => Actor::System,
        }
    }

    /// The circumstances of a command done in this request.
    #[must_use]
    pub fn context(&self, state: &AppState) -> Context {
        Context::new(self.now, self.actor(), Arc::clone(&state.chance))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Visit {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, StatusCode> {
        // Missing only on a route that was not registered in the table, which nothing else makes.
        parts.extensions.get::<Self>().cloned().ok_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}
