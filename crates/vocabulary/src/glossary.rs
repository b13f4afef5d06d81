//! The glossary as enums. Each word has one code form (stored, sent over the API); what a person reads comes from the
//! language files, by the same word.

use crate::{OfficerId, ResidentId, UserId};
use newtype_uuid::GenericUuid as _;
use serde::{Deserialize, Serialize};

/// A word that is not in the glossary.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{word:?} is not a {what}; allowed: {allowed}")]
pub struct UnknownWord {
    /// What kind of word was looked for.
    pub what: &'static str,
    /// What was found instead.
    pub word: String,
    /// The words that would have done.
    pub allowed: String,
}

/// Makes enums of words: each variant has one code form, stored and sent over the API, and reads back from it.
/// Whoever uses it needs the crate `serde`.
#[macro_export]
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident, $what:literal { $($(#[$vdoc:meta])* $variant:ident = $word:literal,)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, ::serde::Serialize, ::serde::Deserialize)]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $word)] $variant,)*
        }

        impl $name {
            /// Every word, in the glossary's order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The word as stored and sent.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::UnknownWord;

            fn from_str(word: &str) -> Result<Self, $crate::UnknownWord> {
                match word {
                    $($word => Ok(Self::$variant),)*
                    _ => Err($crate::UnknownWord {
                        what: $what,
                        word: word.to_owned(),
                        allowed: [$($word),*].join(", "),
                    }),
                }
            }
        }
    )*};
}

words! {
    /// What somebody who signs in is trusted with.
    Role, "role" {
        /// Answers contacts (kommunvägledare).
        Guide = "guide",
        /// Leads the hour (trafikledare).
        TrafficLeader = "traffic_leader",
        /// Follows up and develops guides (coach).
        Coach = "coach",
        /// Head of the contact centre (enhetschef).
        Manager = "manager",
        /// Looks after the system (administratör).
        Administrator = "administrator",
        /// Crisis management and communicators (krisledning, kommunikatör): sees how things stand and writes crisis
        /// messages; no residents, no cases.
        Communicator = "communicator",
    }
}

words! {
    /// The way a contact came in.
    Channel, "channel" {
        /// Telephone.
        Call = "call",
        /// E-mail.
        Email = "email",
        /// A form or question on the web.
        Web = "web",
        /// A visit to the desk.
        Visit = "visit",
        /// Over the HTTP API.
        Api = "api",
    }
}

words! {
    /// How a contact ended for the resident. The first six count towards direct resolution.
    ContactOutcome, "contact outcome" {
        /// Solved on the spot.
        Solved = "solved",
        /// Shown how to do it on their own.
        SelfService = "self_service",
        /// Connected to somebody who took over.
        Connected = "connected",
        /// Told whom to turn to.
        Referred = "referred",
        /// Registered as a case and forwarded to an officer.
        Forwarded = "forwarded",
        /// Something else.
        Other = "other",
    }
}

words! {
    /// Where a case stands. Each has its own public wording.
    CaseStatus, "case status" {
        /// Registered, nobody has begun.
        New = "new",
        /// Somebody works on it.
        Ongoing = "ongoing",
        /// The resident must do something.
        WaitingForResident = "waiting_for_resident",
        /// An officer in a department must answer.
        WaitingForDepartment = "waiting_for_department",
        /// Resting until a set day.
        Suspended = "suspended",
        /// Done.
        Solved = "solved",
        /// Was solved, and is open again.
        Reopened = "reopened",
    }
}

words! {
    /// How a case ended.
    CaseOutcome, "case outcome" {
        /// Solved by the contact centre.
        Solved = "solved",
        /// Shown how to do it on their own.
        SelfService = "self_service",
        /// Connected to somebody who took over.
        Connected = "connected",
        /// Told whom to turn to.
        Referred = "referred",
        /// Answered by a department's officer.
        Forwarded = "forwarded",
        /// Something else.
        Other = "other",
    }
}

words! {
    /// How secret a case is kept.
    SecrecyClass, "secrecy class" {
        /// Open to all guides.
        Open = "open",
        /// Only for those who need it in their work (for example social services).
        Restricted = "restricted",
        /// Only for those named.
        Strict = "strict",
    }
}

words! {
    /// How soon a case should be taken up. In order, the least first.
    Priority, "priority" {
        /// Can wait.
        Low = "low",
        /// In its turn.
        Normal = "normal",
        /// Before others.
        High = "high",
        /// At once: somebody may come to harm.
        Urgent = "urgent",
    }
}

words! {
    /// Why a guide does not take contacts.
    AwayReason, "away reason" {
        /// Break.
        Break = "break",
        /// Lunch.
        Lunch = "lunch",
        /// E-mail or administration.
        Admin = "admin",
        /// At the front desk.
        Desk = "desk",
        /// In a meeting.
        Meeting = "meeting",
        /// Did not answer an offered call in time: set by Lots.
        NoAnswer = "no_answer",
        /// The telephone went away: set by Lots.
        Unreachable = "unreachable",
    }
}

words! {
    /// What the survey asks about, each answered 1 (worst) to 5 (best).
    Parameter, "parameter" {
        /// The guide was engaged.
        Engagement = "engagement",
        /// It was simple.
        Simplicity = "simplicity",
        /// Satisfied overall.
        Overall = "overall",
        /// The guide knew.
        Knowledge = "knowledge",
        /// The answer came soon.
        AnsweringTime = "answering_time",
        /// Got it solved.
        Resolution = "resolution",
    }
}

words! {
    /// A language Lots speaks.
    Language, "language" {
        /// Swedish.
        Swedish = "sv",
        /// English.
        English = "en",
    }
}

/// Who did something: written to the timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum Actor {
    /// Somebody signed in.
    User(UserId),
    /// An officer, by a signed link.
    Officer(OfficerId),
    /// A resident, by a signed link or a call.
    Resident(ResidentId),
    /// A holder of an API key.
    ApiKey(crate::ApiKeyId),
    /// Lots itself: a clock, a rule, a job.
    System,
}

impl Actor {
    /// The word for the kind of actor, as stored.
    #[must_use]
    pub const fn kind(self) -> &'static str {
        match self {
            Self::User(_) => "user",
            Self::Officer(_) => "officer",
            Self::Resident(_) => "resident",
            Self::ApiKey(_) => "api_key",
            Self::System => "system",
        }
    }

    /// The actor's id, if it is somebody.
    #[must_use]
    pub fn id(self) -> Option<crate::AnyId> {
        match self {
            Self::User(id) => Some(id.into_untyped_uuid()),
            Self::Officer(id) => Some(id.into_untyped_uuid()),
            Self::Resident(id) => Some(id.into_untyped_uuid()),
            Self::ApiKey(id) => Some(id.into_untyped_uuid()),
            Self::System => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_reads_back() {
        for role in Role::ALL {
            assert_eq!(role.as_str().parse::<Role>(), Ok(*role));
        }
        let refused = "boss".parse::<Role>().unwrap_err();
        assert!(refused.to_string().contains("guide, traffic_leader"));
    }
}
