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
    /// [`Settings::overflow_after`] times (level - 1).
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
    /// How long a guide whose telephone is lost in a call has to come back before the call is returned to the queue.
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
    /// A call has been answered by Lots and wants a guide.
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
    /// The guide's telephone was lost in the call: the network, the browser or the machine is gone.
    GuideVanished { call: ContactId, guide: UserId },
    /// The guide has a telephone that can ring.
    TelephoneUp { guide: UserId },
    /// The guide has no telephone any more.
    TelephoneDown { guide: UserId },
    /// The guide has come to work. Twice replaces the skills.
    SignedIn { guide: UserId, skills: Vec<Skill> },
    /// The guide goes home. In a call, it takes effect when the call is over.
    SignedOut { guide: UserId },
    /// The guide wants calls.
    Ready { guide: UserId },
    /// The guide wants none for now. In a call, it takes effect when the call is over.
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
    Restarted,
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
    /// Stop ringing.
    WithdrawOffer { offer: OfferNumber, call: ContactId, guide: UserId },
    /// Join the resident and the guide.
    Connect { call: ContactId, guide: UserId },
    /// Hang up one side.
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
