//! What a crisis is made of, and the rules for who may approve what.

use crate::limits::PERIOD_MAX;
use serde::{Deserialize, Serialize};
use vocabulary::{
    CallInId, CallInPersonId, CrisisId, CrisisMessageId, LinkId, MessageId, SpikeProposalId, Timestamp,
    UserId, words,
};

words! {
    /// What sort of crisis it is.
    CrisisKind, "kind of crisis" {
        /// Wind, snow, flood.
        Storm = "storm",
        /// Drinking water.
        Water = "water",
        /// No electricity, no heating, no telephones.
        Power = "power",
        /// A school or preschool is closed.
        School = "school",
        /// Something else.
        Other = "other",
    }
}

words! {
    /// Where a version of a message stands.
    MessageState, "state of a message" {
        /// Written, not approved.
        Draft = "draft",
        /// What everybody is told now.
        Live = "live",
        /// A later version took its place.
        Replaced = "replaced",
        /// It was taken away with the crisis.
        Ended = "ended",
        /// Put away without having been published.
        Discarded = "discarded",
    }
}

words! {
    /// Where the sound of a message comes from.
    SoundSource, "source of a sound" {
        /// Somebody recorded it.
        Recorded = "recorded",
        /// The speech command read it.
        Spoken = "spoken",
    }
}

words! {
    /// What became of a proposal.
    ProposalState, "state of a proposal" {
        /// Nobody has decided.
        Open = "open",
        /// A message is being written.
        Taken = "taken",
        /// Somebody found that it needs no message.
        Dismissed = "dismissed",
        /// What rose fell again before anybody decided.
        Over = "over",
    }
}

words! {
    /// How it stands with somebody who is called in.
    CallInState, "state of a call-in" {
        /// Not asked yet.
        Waiting = "waiting",
        /// A text message has gone.
        Texted = "texted",
        /// Somebody is phoning, or has left word.
        Called = "called",
        /// Is coming.
        Yes = "yes",
        /// Cannot come.
        No = "no",
        /// Did not answer.
        NoAnswer = "no_answer",
    }
}

storage::word_value!(CrisisKind, MessageState, SoundSource, ProposalState, CallInState);

/// A crisis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crisis {
    /// Its id.
    pub id: CrisisId,
    /// What it is called, in the centre.
    pub title: String,
    /// What sort it is.
    pub kind: CrisisKind,
    /// From when figures are not like other days'.
    pub begins_at: Timestamp,
    /// Until when; none while it goes on.
    pub ends_at: Option<Timestamp>,
    /// When it was written down here.
    pub opened_at: Timestamp,
    /// By whom.
    pub opened_by: Option<UserId>,
}

impl Crisis {
    /// Its period.
    #[must_use]
    pub fn period(&self) -> Period {
        let Self { id, ref title, kind, begins_at, ends_at, .. } = *self;
        Period { id, title: title.clone(), kind, begins_at, ends_at }
    }
}

/// From when until when a crisis lasted: for figures with and without it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    /// Which crisis.
    pub id: CrisisId,
    /// What it was called.
    pub title: String,
    /// What sort it was.
    pub kind: CrisisKind,
    /// From when.
    pub begins_at: Timestamp,
    /// Until when (not included); none while it goes on.
    pub ends_at: Option<Timestamp>,
}

impl Period {
    /// Whether `at` lies in it.
    #[must_use]
    pub fn holds(&self, at: Timestamp) -> bool {
        self.begins_at <= at && self.ends_at.is_none_or(|end| at < end)
    }

    /// Whether any of `from..to` lies in it.
    #[must_use]
    pub fn touches(&self, from: Timestamp, to: Timestamp) -> bool {
        self.begins_at < to && self.ends_at.is_none_or(|end| from < end)
    }

    /// Whether a period may be so.
    #[must_use]
    pub fn fits(begins_at: Timestamp, ends_at: Option<Timestamp>) -> bool {
        ends_at.is_none_or(|end| begins_at < end && end.duration_since(begins_at) <= PERIOD_MAX)
    }
}

/// One version of what is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its id.
    pub id: CrisisMessageId,
    /// In which crisis.
    pub crisis_id: CrisisId,
    /// Counted from 1 in each crisis.
    pub version: u32,
    /// Where it stands.
    pub state: MessageState,
    /// Counts the changes of the draft.
    pub revision: u32,
    /// Its headline, everywhere.
    pub title: String,
    /// What stands on top of the public site.
    pub public_text: String,
    /// What guides say and do; empty: the public text.
    pub guide_text: String,
    /// What callers in the queue hear; empty: nothing is said there.
    pub spoken_text: String,
    /// Who wrote it last.
    pub written_by: Option<UserId>,
    /// When.
    pub written_at: Timestamp,
    /// Who approved it.
    pub approved_by: Option<UserId>,
    /// When.
    pub approved_at: Option<Timestamp>,
    /// Whether the writer approved it, being alone on duty.
    pub alone: bool,
    /// When it was replaced, ended or put away.
    pub ended_at: Option<Timestamp>,
    /// Where its sound comes from, if it has one.
    pub sound: Option<SoundSource>,
}

/// What everybody is told now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveMessage {
    /// Its id.
    pub id: CrisisMessageId,
    /// In which crisis.
    pub crisis_id: CrisisId,
    /// What sort of crisis it is.
    pub kind: CrisisKind,
    /// Which version.
    pub version: u32,
    /// Its headline.
    pub title: String,
    /// What guides say and do.
    pub text: String,
    /// What stands on top of the public site.
    pub public_text: String,
    /// Since when this version holds.
    pub since: Timestamp,
    /// Since when the crisis has been going on.
    pub crisis_since: Timestamp,
    /// Who wrote it, by name.
    pub writer: Option<String>,
    /// Who approved it, by name.
    pub approver: Option<String>,
    /// Whether the writer approved it, being alone on duty.
    pub alone: bool,
    /// Whether callers in the queue hear it.
    pub heard: bool,
}

/// How a message may be approved by somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Approval {
    /// They did not write it.
    ByAnother,
    /// They wrote it, and nobody else who may approve is there: allowed, and said wherever the message stands.
    Alone,
    /// They wrote it, and somebody else is there.
    Refused,
}

impl Approval {
    /// How `who` may approve what `writer` wrote; `others` tells whether anybody else who may approve is on duty.
    #[must_use]
    pub fn of(writer: Option<UserId>, who: Option<UserId>, others: bool) -> Self {
        match (writer, who) {
            (Some(writer), Some(who)) if writer != who => Self::ByAnother,
            (None, Some(_)) => Self::ByAnother,
            _ if others => Self::Refused,
            _ => Self::Alone,
        }
    }
}

/// Words to begin with in a crisis of a common sort.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// Its name in addresses.
    pub code: String,
    /// For what sort of crisis.
    pub kind: CrisisKind,
    /// What it is called in the list.
    pub name: String,
    /// As in [`Message`].
    pub title: String,
    /// As in [`Message`].
    pub public_text: String,
    /// As in [`Message`].
    pub guide_text: String,
    /// As in [`Message`].
    pub spoken_text: String,
    /// Whether it is offered.
    #[serde(default = "yes")]
    pub active: bool,
}

const fn yes() -> bool {
    true
}

/// What the detector proposes a message for.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    /// Its id.
    pub id: SpikeProposalId,
    /// What became of it.
    pub state: ProposalState,
    /// When the detector first saw something.
    pub began_at: Timestamp,
    /// The crisis it was taken into.
    pub crisis_id: Option<CrisisId>,
    /// What rises, what rose most first.
    pub streams: Vec<RisingStream>,
}

/// One stream that rises.
#[derive(Clone, Debug, PartialEq)]
pub struct RisingStream {
    /// Which, as the detector names it.
    pub stream: String,
    /// As people call it.
    pub name: String,
    /// When it was seen.
    pub seen_at: Timestamp,
    /// Since when it has risen.
    pub since: Timestamp,
    /// How many were counted in the window, when it was at its highest.
    pub counted: u32,
    /// How many were to be expected in it.
    pub expected: f64,
    /// The window, in minutes.
    pub window_minutes: u16,
    /// Since when it has been calm again.
    pub calm_since: Option<Timestamp>,
    /// When it was over.
    pub over_at: Option<Timestamp>,
}

impl RisingStream {
    /// The part of `stream` before the colon: queue, topic, place, search, channel.
    #[must_use]
    pub fn sort(&self) -> &str {
        self.stream.split(':').next().unwrap_or_default()
    }
}

/// Somebody on the call-in list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallInPerson {
    /// Id.
    pub id: CallInPersonId,
    /// The user they are, if they have an account.
    pub user_id: Option<UserId>,
    /// Name.
    pub name: String,
    /// Telephone, E.164. For leaders and the manager only.
    pub telephone: String,
    /// In which order they are asked, from 1.
    pub place: u32,
    /// When they can come, in words.
    pub availability: String,
    /// Whether they are asked.
    pub active: bool,
}

/// One time hourly staff are called in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallIn {
    /// Id.
    pub id: CallInId,
    /// In which crisis, if any.
    pub crisis_id: Option<CrisisId>,
    /// Why, in the text message's words.
    pub reason: String,
    /// When it began.
    pub opened_at: Timestamp,
    /// When all were texted.
    pub texted_at: Option<Timestamp>,
    /// When it ended.
    pub closed_at: Option<Timestamp>,
    /// How it stands with each, in the list's order.
    pub answers: Vec<CallInAnswer>,
}

/// How it stands with somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallInAnswer {
    /// Who.
    pub person: CallInPerson,
    /// How it stands.
    pub state: CallInState,
    /// When they come.
    pub coming_at: Option<Timestamp>,
    /// The way in of their text message.
    pub link_id: LinkId,
    /// The text message, if one has gone.
    pub message_id: Option<MessageId>,
    /// When it last changed.
    pub changed_at: Timestamp,
    /// Whether they answered themselves, by the link.
    pub by_themselves: bool,
}

/// One line of the log: who did what, when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deed {
    /// When.
    pub at: Timestamp,
    /// What, as the timeline's word.
    pub kind: String,
    /// By whom, if it was a user, by name.
    pub who: Option<String>,
    /// The word for who did it: user, system.
    pub actor_kind: String,
    /// What it was done to, in a few words: the crisis' title, the person's name.
    pub what: Option<String>,
    /// More, in ids and words.
    pub detail: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_approves_their_own_words_while_somebody_else_is_there() {
        let (anna, karim) = (UserId::from_u128(1), UserId::from_u128(2));
        assert_eq!(Approval::of(Some(anna), Some(karim), true), Approval::ByAnother);
        assert_eq!(Approval::of(Some(anna), Some(karim), false), Approval::ByAnother);
        assert_eq!(Approval::of(Some(anna), Some(anna), true), Approval::Refused);
        assert_eq!(Approval::of(Some(anna), Some(anna), false), Approval::Alone);
        assert_eq!(Approval::of(Some(anna), None, false), Approval::Alone);
        assert_eq!(Approval::of(None, None, true), Approval::Refused);
    }

    #[test]
    fn a_period_holds_its_beginning_and_not_its_end() {
        let at = |seconds| Timestamp::from_second(seconds).unwrap();
        let period = Period {
            id: CrisisId::nil(),
            title: String::new(),
            kind: CrisisKind::Storm,
            begins_at: at(10),
            ends_at: Some(at(20)),
        };
        assert!(period.holds(at(10)) && !period.holds(at(20)) && !period.holds(at(9)));
        assert!(
            period.touches(at(0), at(11))
                && !period.touches(at(0), at(10))
                && !period.touches(at(20), at(30))
        );
        let open = Period { ends_at: None, ..period };
        assert!(open.holds(at(1_000_000)) && open.touches(at(500), at(501)));
        assert!(Period::fits(at(1), None) && !Period::fits(at(1), Some(at(1))));
        assert!(!Period::fits(at(0), Some(at(367 * 86_400))));
    }
}
