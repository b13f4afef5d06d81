//! What a contact is.

use routing::CallEnding;
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;
use vocabulary::{
    AnswerGroupId, CaseId, CaseTypeId, Channel, ContactId, ContactOutcome, GenericUuid as _, ResidentId,
    SecrecyClass, SignedDuration, Timestamp, UserId,
};

/// Longest note on a contact, in characters.
pub const NOTE_CHARS_MAX: usize = 2_000;
/// Most contacts one list gives.
pub const LIST_MAX: u32 = 200;
/// "Answered within 60 s", counted from arrival: the resident waits through the prompt too.
pub const SERVICE_THRESHOLD: SignedDuration = SignedDuration::from_secs(60);

/// How a contact ended, as stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ending {
    /// A guide had it.
    Handled,
    /// The resident hung up during the prompt.
    AbandonedInPrompt,
    /// The resident hung up in the queue.
    Abandoned,
    /// Went to the switchboard.
    ToSwitchboard,
    /// Lost by a fault of ours.
    Failed,
}

impl Ending {
    /// Every ending.
    pub const ALL: &'static [Self] =
        &[Self::Handled, Self::AbandonedInPrompt, Self::Abandoned, Self::ToSwitchboard, Self::Failed];

    /// The word as stored and sent.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Handled => "handled",
            Self::AbandonedInPrompt => "abandoned_in_prompt",
            Self::Abandoned => "abandoned",
            Self::ToSwitchboard => "to_switchboard",
            Self::Failed => "failed",
        }
    }
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Ending {
    type Err = vocabulary::UnknownWord;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Self::ALL.iter().copied().find(|ending| ending.as_str() == word).ok_or_else(|| {
            vocabulary::UnknownWord {
                what: "ending",
                word: word.to_owned(),
                allowed: Self::ALL.iter().map(|ending| ending.as_str()).collect::<Vec<_>>().join(", "),
            }
        })
    }
}

impl From<CallEnding> for Ending {
    fn from(ending: CallEnding) -> Self {
        match ending {
            CallEnding::Handled => Self::Handled,
            CallEnding::AbandonedInPrompt => Self::AbandonedInPrompt,
            CallEnding::Abandoned => Self::Abandoned,
            CallEnding::ToSwitchboard => Self::ToSwitchboard,
            CallEnding::Failed => Self::Failed,
        }
    }
}

storage::word_value!(Ending);

/// One contact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// Id; a call's is the same in routing and telephony.
    pub id: ContactId,
    /// How it came in.
    pub channel: Channel,
    /// Whose, if known.
    pub resident: Option<ResidentId>,
    /// E.164 as presented; none if withheld or not a call.
    pub caller_number: Option<String>,
    /// For which group.
    pub group: Option<AnswerGroupId>,
    /// When it came in.
    pub arrived_at: Timestamp,
    /// When it first joined the queue.
    pub queued_at: Option<Timestamp>,
    /// When a guide first answered.
    pub answered_at: Option<Timestamp>,
    /// When it was over.
    pub ended_at: Option<Timestamp>,
    /// How it ended; none while it lasts.
    pub ending: Option<Ending>,
    /// The guide who has or had it last.
    pub guide: Option<UserId>,
    /// When it was first logged.
    pub logged_at: Option<Timestamp>,
    /// What it was about.
    pub case_type: Option<CaseTypeId>,
    /// What came of it.
    pub outcome: Option<ContactOutcome>,
    /// The guide's note.
    pub note: Option<String>,
    /// The case it belongs to.
    pub case: Option<CaseId>,
}

/// A contact with the words a list shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContactLine {
    /// The contact.
    pub contact: Contact,
    /// The name of its case type.
    pub case_type_name: Option<String>,
    /// The number of its case.
    pub case_number: Option<String>,
    /// The name of its guide.
    pub guide_name: Option<String>,
    /// The name of its resident; none if there is none, or it is protected.
    pub resident_name: Option<String>,
    /// Whether its resident has protected personal data: then the number is not to be shown to more than the guide who
    /// has the contact.
    pub resident_protected: bool,
    /// Whether it was about what is secret to whoever looks: then what it was about has been taken out.
    pub sealed: bool,
    pub(crate) secrecy: Secrecy,
}

/// What decides how much of a contact is seen: its case's secrecy, or that of what it was about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Secrecy {
    /// How secret; none if nobody has said what it was about.
    pub class: Option<SecrecyClass>,
    /// Whose it is.
    pub board: Option<String>,
    /// Those named in the case.
    pub named: [Option<UserId>; 2],
}

/// A contact that waits for a person without ringing.
#[derive(Clone, Debug)]
pub struct TakeIn {
    /// How it came in; not by telephone.
    pub channel: Channel,
    /// Whose it is, if known.
    pub resident: Option<ResidentId>,
    /// The group it waits for.
    pub group: Option<AnswerGroupId>,
    /// When it came in.
    pub arrived_at: Timestamp,
}

/// A call that arrives.
#[derive(Clone, Debug)]
pub struct Arrive {
    /// The id it carries everywhere.
    pub contact: ContactId,
    /// Whose number it is, if known.
    pub resident: Option<ResidentId>,
    /// E.164; none if withheld.
    pub caller_number: Option<String>,
    /// The group dialled.
    pub group: Option<AnswerGroupId>,
}

/// What a guide writes after a contact. Writing again replaces it.
#[derive(Clone, Debug)]
pub struct Log {
    /// Which contact.
    pub contact: ContactId,
    /// What it was about.
    pub case_type: CaseTypeId,
    /// What came of it.
    pub outcome: ContactOutcome,
    /// A note; blank for none.
    pub note: String,
}

/// A contact in another channel than the telephone.
#[derive(Clone, Debug)]
pub struct Register {
    /// How it came in; not [`Channel::Call`].
    pub channel: Channel,
    /// Whose, if known.
    pub resident: Option<ResidentId>,
    /// For which group.
    pub group: Option<AnswerGroupId>,
    /// The guide who had it, if one had.
    pub guide: Option<UserId>,
    /// When it came in, if not now (an e-mail that has waited).
    pub arrived_at: Option<Timestamp>,
    /// What it was about and what came of it, if that is known already.
    pub logged: Option<(CaseTypeId, ContactOutcome)>,
    /// A note; blank for none.
    pub note: String,
}

/// A place in a list from newest to oldest: after the contact that arrived then with that id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// When the last contact shown arrived.
    pub arrived_at: Timestamp,
    /// Its id.
    pub id: ContactId,
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}", self.arrived_at.as_microsecond(), self.id.into_untyped_uuid().simple())
    }
}

impl FromStr for Cursor {
    type Err = NotACursor;

    fn from_str(text: &str) -> Result<Self, NotACursor> {
        let (at, id) = text.split_once('_').ok_or(NotACursor)?;
        let at =
            at.parse().ok().and_then(|micros| Timestamp::from_microsecond(micros).ok()).ok_or(NotACursor)?;
        let id = Uuid::try_parse(id).map_err(|_| NotACursor)?;
        Ok(Self { arrived_at: at, id: ContactId::from_untyped_uuid(id) })
    }
}

/// A text that is not a cursor of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a cursor; use the one the last page gave as next")]
pub struct NotACursor;

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// Where the next page begins; none if this is the last.
    pub next: Option<Cursor>,
}
