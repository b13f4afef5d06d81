//! What goes into the core and what comes out. Both are serialisable: the inputs are journalled, so a day can be
//! replayed.

use serde::{Deserialize, Serialize};
use vocabulary::{AnswerGroupId, AwayReason, ContactId, SignedDuration, Timestamp, UserId};

/// How urgent a call is; lower goes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// Was with a guide who vanished: first of all.
    Returned,
    /// Ahead of the others (safety alarms, crisis numbers).
    High,
    /// Everybody else.
    Normal,
}

/// The number of an offer, counted up by the core within its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct OfferNumber(pub u64);

/// A guide's competence for a group's calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skill {
    /// The group.
    pub group: AnswerGroupId,
    /// 1 for the guide's own group; a higher level is offered calls only when they have waited
    /// [`Settings::overflow_after`] times (level - 1). Taken as the nearest of 1 to [`LEVEL_MAX`](crate::LEVEL_MAX).
    pub level: u8,
}

/// How the centre routes. All durations are at least zero.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// How long an offered call rings before it goes to the next guide.
    pub ring_max: SignedDuration,
    /// How long a guide may wrap up before being made ready again.
    pub wrap_up_max: SignedDuration,
    /// How long the prompt may play before the call is queued anyway.
    pub prompt_max: SignedDuration,
    /// How long a call waits for its own group per level of helpers.
    pub overflow_after: SignedDuration,
    /// How long a call waits at most before it goes to the switchboard.
    pub wait_max: SignedDuration,
    /// How many calls may be in the centre; one more goes to the switchboard at once.
    pub calls_max: usize,
    /// The answer groups. A call for an unknown group goes to the switchboard.
    pub groups: Vec<AnswerGroupId>,
    /// How long a guide whose telephone was lost has to come back and be ready again without pressing anything. The
    /// resident does not wait for it: a call whose guide vanished is back in the queue at once.
    pub vanish_grace: SignedDuration,
}

/// Why an offered call was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OfferFailure {
    /// The guide pressed decline.
    Declined,
    /// The telephone answered busy.
    Busy,
    /// The telephone could not be reached.
    Unreachable,
}

/// What happens to the centre. Each may arrive twice, late or never; what no longer applies is ignored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "input", rename_all = "snake_case")]
#[expect(missing_docs, reason = "the fields are the ids of what the variant names")]
pub enum Input {
    /// A call has reached Lots and wants a guide. A call is known by its id: the same id again is the same call.
    CallArrived { call: ContactId, group: AnswerGroupId, priority: Priority },
    /// The prompt has been played to its end.
    PromptEnded { call: ContactId },
    /// The caller hung up, cancelled, or was lost.
    CallerLeft { call: ContactId },
    /// The guide's telephone answered.
    OfferAccepted { offer: OfferNumber },
    /// The guide's telephone did not take the call.
    OfferFailed { offer: OfferNumber, why: OfferFailure },
    /// The guide hung up.
    GuideLeft { call: ContactId, guide: UserId },
    /// The guide's telephone was lost in the call: the network, the browser or the machine is gone. The call goes back
    /// first in the queue at once; the guide is away until the telephone or the guide is back.
    GuideVanished { call: ContactId, guide: UserId },
    /// The guide has a telephone that can ring.
    TelephoneUp { guide: UserId },
    /// The guide has no telephone any more.
    TelephoneDown { guide: UserId },
    /// The guide has come to work, and is away until [`Input::Ready`]. Twice replaces the skills, and takes back a
    /// [`Input::SignedOut`] that waits for the call to end.
    SignedIn { guide: UserId, skills: Vec<Skill> },
    /// The guide goes home. While talking, it takes effect after the wrap-up; while it rings, the call goes to the next.
    SignedOut { guide: UserId },
    /// The guide wants calls. Without a telephone it takes effect when the telephone is up. Ends a wrap-up.
    Ready { guide: UserId },
    /// The guide wants none for now. While talking, it takes effect after the wrap-up; while it rings, the call goes to
    /// the next.
    Away { guide: UserId, reason: AwayReason },
    /// The guide has finished the after-work of the last call.
    WrapUpDone { guide: UserId },
    /// The centre opens.
    Opened,
    /// The centre closes: who waits is still served, who comes goes to the switchboard.
    Closed,
    /// Turns the surge notice on or off, for one group or for all.
    SurgeNotice { group: Option<AnswerGroupId>, on: bool },
    /// Everything that was up is gone: the process was started anew. All calls end as failed, all telephones are down.
    /// Guides who were ready are ready again when their telephones are up.
    Restarted,
    /// The centre routes by other settings from now on. Calls that wait for a group that is no more go to the
    /// switchboard; what already rings or is wrapped up keeps its deadline.
    SettingsReplaced { settings: Box<Settings> },
    /// Time has passed.
    Tick,
}

/// What a guide is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
#[expect(missing_docs, reason = "the fields are the ids of what the variant names")]
pub enum GuideState {
    /// Not at work.
    SignedOut,
    /// At work, takes no calls.
    Away { reason: AwayReason },
    /// Waiting for a call.
    Ready,
    /// A call rings.
    Offered { offer: OfferNumber, call: ContactId },
    /// Talking.
    Talking { call: ContactId },
    /// After-work of a call.
    WrapUp { call: ContactId },
}

/// How a call ended. Every call ends in exactly one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallEnding {
    /// A guide talked with the resident.
    Handled,
    /// The resident hung up during the prompt.
    AbandonedInPrompt,
    /// The resident hung up in the queue.
    Abandoned,
    /// Went to the switchboard: closed, full, or waited too long.
    ToSwitchboard,
    /// Lost by a fault of ours.
    Failed,
}

/// Who is to be hung up on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HangUp {
    /// The resident.
    Caller,
    /// This guide.
    Guide(UserId),
}

/// What the edges are to do. They obey in order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "output", rename_all = "snake_case")]
#[expect(missing_docs, reason = "the fields are the ids of what the variant names")]
pub enum Output {
    /// Answer the caller and play the prompt; report [`Input::PromptEnded`].
    PlayPrompt { call: ContactId },
    /// The call waits: play music, with the surge notice first if it is on. Also sent when a notice is turned on while
    /// waiting, and when a call comes back from a guide who vanished.
    PlayQueue { call: ContactId, surge: bool },
    /// Ring the guide's telephone.
    Offer { offer: OfferNumber, call: ContactId, guide: UserId, until: Timestamp },
    /// Stop ringing; if this very offer has been answered meanwhile, hang that leg up.
    WithdrawOffer { offer: OfferNumber, call: ContactId, guide: UserId },
    /// Join the resident and the guide.
    Connect { call: ContactId, guide: UserId },
    /// Hang up one side, if it is still there. Also the answer to a telephone that takes an offer withdrawn before.
    HangUp { call: ContactId, who: HangUp },
    /// Pass the call on to the switchboard.
    ToSwitchboard { call: ContactId },
    /// For the record: the call joined its queue (again, if it was returned).
    CallQueued { call: ContactId },
    /// For the record: the call is over. Exactly once for every call.
    CallEnded { call: ContactId, ending: CallEnding, guide: Option<UserId> },
    /// For the record: what the guide does now.
    GuideChanged { guide: UserId, state: GuideState },
    /// For the record: a surge notice was turned on or off, for one group or for all.
    SurgeChanged { group: Option<AnswerGroupId>, on: bool },
}
