//! What can be seen from outside: for the board, the guide's page and the record.

use crate::calls::{Call, Stage};
use crate::guides::Guide;
use crate::messages::{GuideState, OfferNumber, Priority, Settings, Skill};
use crate::routing::Routing;
use serde::{Deserialize, Serialize};
use vocabulary::{AnswerGroupId, ContactId, Timestamp, UserId};

/// A guide as seen from outside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuideView {
    /// Who.
    pub guide: UserId,
    /// What the guide does.
    pub state: GuideState,
    /// Since when.
    pub since: Timestamp,
    /// Since when without a call: the end of the last one, or signing in.
    pub idle_since: Timestamp,
    /// Whether there is a telephone that can ring.
    pub telephone_up: bool,
    /// Whose calls the guide takes, own group first.
    pub skills: Vec<Skill>,
}

/// Where a call is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
#[expect(missing_docs, reason = "the fields are the ids of what the variant names")]
pub enum CallState {
    /// Hears the prompt.
    Prompt,
    /// Waits.
    Waiting,
    /// Rings at a guide, and waits still.
    Offered { offer: OfferNumber, guide: UserId },
    /// A guide talks.
    Talking { guide: UserId },
}

/// A call as seen from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallView {
    /// Which.
    pub call: ContactId,
    /// For which group.
    pub group: AnswerGroupId,
    /// How urgent.
    pub priority: Priority,
    /// Where it is.
    pub state: CallState,
    /// When it reached Lots.
    pub arrived_at: Timestamp,
    /// When it first joined the queue.
    pub queued_at: Option<Timestamp>,
    /// Since when it waits: as `queued_at`, but anew when a guide vanished. None while it does not wait.
    pub waiting_since: Option<Timestamp>,
    /// When a guide first answered it.
    pub answered_at: Option<Timestamp>,
    /// At whom it rings or with whom it is talked.
    pub guide: Option<UserId>,
}

/// An answer group as seen from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupView {
    /// Which.
    pub group: AnswerGroupId,
    /// Calls that no guide has answered yet, whether they ring or not; the prompt is not counted.
    pub waiting: usize,
    /// Since when the one waits that waits longest.
    pub waiting_since: Option<Timestamp>,
    /// Guides who can be given a call of this group now, at whatever level.
    pub ready: usize,
    /// Whether the surge notice is on.
    pub surge: bool,
}

fn guide_view(guide: UserId, it: &Guide) -> GuideView {
    GuideView {
        guide,
        state: it.doing.state(),
        since: it.since,
        idle_since: it.idle_since,
        telephone_up: it.telephone_up,
        skills: it.skills.clone(),
    }
}

fn call_view(call: ContactId, it: &Call) -> CallView {
    let (state, queued, guide) = match it.stage {
        Stage::Prompt { .. } => (CallState::Prompt, None, None),
        Stage::Waiting { queued } => (CallState::Waiting, Some(queued), None),
        Stage::Offered { queued, offer, guide } => {
            (CallState::Offered { offer, guide }, Some(queued), Some(guide))
        }
        Stage::Talking { guide, .. } => (CallState::Talking { guide }, None, Some(guide)),
    };
    CallView {
        call,
        group: it.group,
        priority: it.priority,
        state,
        arrived_at: it.arrived_at,
        queued_at: it.queued_at,
        waiting_since: queued.map(|queued| queued.since),
        answered_at: it.answered_at,
        guide,
    }
}

impl Routing {
    /// Everybody who is at work or has a telephone up, in order of id.
    pub fn guides(&self) -> impl Iterator<Item = GuideView> + '_ {
        self.guides.iter().map(|(guide, it)| guide_view(*guide, it))
    }

    /// One guide; none if not at work and without a telephone.
    #[must_use]
    pub fn guide(&self, guide: UserId) -> Option<GuideView> {
        self.guides.get(&guide).map(|it| guide_view(guide, it))
    }

    /// Every call in the centre, in order of id.
    pub fn calls(&self) -> impl Iterator<Item = CallView> + '_ {
        self.calls.iter().map(|(call, it)| call_view(*call, it))
    }

    /// One call; none if it has ended or never was.
    #[must_use]
    pub fn call(&self, call: ContactId) -> Option<CallView> {
        self.calls.get(&call).map(|it| call_view(call, it))
    }

    /// The answer groups and their queues, in order of id.
    #[must_use]
    pub fn groups(&self) -> Vec<GroupView> {
        let mut views: Vec<GroupView> = self
            .groups
            .iter()
            .map(|(group, it)| GroupView {
                group: *group,
                waiting: 0,
                waiting_since: None,
                ready: it.ready.iter().map(std::collections::BTreeSet::len).sum(),
                surge: it.surge,
            })
            .collect();
        for call in self.calls() {
            let Ok(index) = views.binary_search_by_key(&call.group, |view| view.group) else { continue };
            if let Some(since) = call.waiting_since {
                views[index].waiting += 1;
                views[index].waiting_since = Some(views[index].waiting_since.map_or(since, |s| s.min(since)));
            }
        }
        views
    }

    /// Whether new calls are taken.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.open
    }

    /// Whether the surge notice is on for `group`.
    #[must_use]
    pub fn surge(&self, group: AnswerGroupId) -> bool {
        self.groups.get(&group).is_some_and(|it| it.surge)
    }

    /// By what the centre routes now.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }
}
