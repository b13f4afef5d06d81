//! The floor as it stands: what the board and the guides' pages show. Ids only; names and numbers are looked up by
//! those who may see them.

use routing::{CallView, GroupView, GuideState, GuideView, Routing};
use vocabulary::{ContactId, Timestamp, UserId};

/// The floor at one instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// When.
    pub at: Timestamp,
    /// Whether the centre is open.
    pub open: bool,
    /// The guides at work or with a telephone up, by id.
    pub guides: Vec<GuideView>,
    /// The calls in the centre, by id.
    pub calls: Vec<CallView>,
    /// The answer groups, by id.
    pub groups: Vec<GroupView>,
}

impl Snapshot {
    /// What `routing` holds at `at`.
    pub(crate) fn of(routing: &Routing, at: Timestamp) -> Self {
        Self {
            at,
            open: routing.is_open(),
            guides: routing.guides().collect(),
            calls: routing.calls().collect(),
            groups: routing.groups(),
        }
    }

    /// The view of `guide`, if at work.
    #[must_use]
    pub fn guide(&self, guide: UserId) -> Option<&GuideView> {
        self.guides.iter().find(|g| g.guide == guide)
    }

    /// The view of `call`, if it is in the centre.
    #[must_use]
    pub fn call(&self, call: ContactId) -> Option<&CallView> {
        self.calls.iter().find(|c| c.call == call)
    }

    /// The call that rings at, is talked with, or is being wrapped up by `guide`.
    #[must_use]
    pub fn call_of(&self, guide: UserId) -> Option<ContactId> {
        match self.guide(guide)?.state {
            GuideState::Offered { call, .. } | GuideState::Talking { call } | GuideState::WrapUp { call } => {
                Some(call)
            }
            GuideState::SignedOut | GuideState::Away { .. } | GuideState::Ready => None,
        }
    }
}
