//! What a case is made of.

use crate::clock::{FollowUpClock, Terms};
use crate::links::PublicBase;
use crate::number::CaseNumber;
use people::SigningKey;
use vocabulary::civil::Date;
use vocabulary::{
    Actor, AnyId, CaseId, CaseOutcome, CaseStatus, CaseTypeId, Channel, DepartmentId, FollowUpId, NoteId,
    OfficerId, ResidentId, SecrecyClass, TaskId, Timestamp, UserId,
};

/// What the room needs to know of the house it stands in; from the configuration.
#[derive(Clone, Debug)]
pub struct CaseSettings {
    /// Where residents and officers reach Lots.
    pub public_base: PublicBase,
    /// What links are signed with.
    pub signing_key: SigningKey,
    /// The municipality's name, as e-mails are signed: "Vikhamns kommun".
    pub municipality: String,
    /// What departments are given to answer within; the case type sets its own due time.
    pub terms: Terms,
}

vocabulary::words! {
    /// Where a question to an officer stands.
    FollowUpState, "follow-up state" {
        /// The officer has not answered; the clock runs (or is paused).
        Waiting = "waiting",
        /// The officer has answered that it is done.
        Done = "done",
        /// The officer is the wrong one.
        WrongRecipient = "wrong_recipient",
        /// The contact centre has taken the question back.
        Withdrawn = "withdrawn",
    }

    /// The way a message goes.
    MessageChannel, "message channel" {
        /// E-mail.
        Email = "email",
        /// Text message.
        Sms = "sms",
    }

    /// How far a message has come.
    MessageState, "message state" {
        /// To be sent.
        Waiting = "waiting",
        /// Taken over by the recipient's side.
        Sent = "sent",
        /// Kept here, because this instance sends nothing (the demo).
        Kept = "kept",
        /// Will not arrive.
        Failed = "failed",
    }

    /// What a person in the contact centre must do.
    TaskKind, "task kind" {
        /// Phone an officer who does not answer.
        CallOfficer = "call_officer",
        /// Find out who should have the case.
        FindRecipient = "find_recipient",
        /// Tell the resident the answer, since Lots could not.
        TellResident = "tell_resident",
    }
}

storage::word_value!(FollowUpState);
storage::word_value!(MessageChannel);
storage::word_value!(MessageState);
storage::word_value!(TaskKind);

/// What a case is about.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are the columns of case_types, explained in the migration")]
pub struct CaseType {
    pub id: CaseTypeId,
    pub code: String,
    pub name: String,
    pub keywords: String,
    pub department_id: DepartmentId,
    pub officer_id: Option<OfficerId>,
    pub board: String,
    pub secrecy_class: SecrecyClass,
    pub retention_rule: String,
    pub due_working_days: u16,
    pub public_text: String,
    pub active: bool,
}

/// One matter of one resident.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are the columns of cases, explained in the migration")]
pub struct Case {
    pub id: CaseId,
    pub number: CaseNumber,
    pub case_type_id: CaseTypeId,
    pub title: String,
    pub description: String,
    pub resident_id: Option<ResidentId>,
    pub channel: Channel,
    pub arrival_day: Date,
    pub board: String,
    pub secrecy_class: SecrecyClass,
    pub retention_rule: String,
    pub status: CaseStatus,
    pub outcome: Option<CaseOutcome>,
    pub department_id: DepartmentId,
    pub officer_id: Option<OfficerId>,
    pub registered_by: Option<UserId>,
    pub registered_at: Timestamp,
    pub changed_at: Timestamp,
    pub closed_at: Option<Timestamp>,
    pub rests_until_day: Option<Date>,
}

/// One question to an officer, with its clock.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are the columns of follow_ups, explained in the migration")]
pub struct FollowUp {
    pub id: FollowUpId,
    pub case_id: CaseId,
    pub officer_id: OfficerId,
    pub message: String,
    pub state: FollowUpState,
    pub sent_at: Timestamp,
    pub clock: FollowUpClock,
    pub answered_at: Option<Timestamp>,
}

/// A note on a case.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are the columns of case_notes, explained in the migration")]
pub struct Note {
    pub id: NoteId,
    pub author_kind: String,
    pub author_id: Option<AnyId>,
    pub public: bool,
    pub follow_up_id: Option<FollowUpId>,
    pub text: String,
    pub written_at: Timestamp,
}

/// Something a person in the contact centre must do.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are the columns of tasks, explained in the migration")]
pub struct Task {
    pub id: TaskId,
    pub kind: TaskKind,
    pub case_id: CaseId,
    pub follow_up_id: Option<FollowUpId>,
    pub created_at: Timestamp,
    pub done_at: Option<Timestamp>,
    pub done_by: Option<UserId>,
}

/// Who looks, and whether their role lets them see what is only for those named. Which role does is people's to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Viewer {
    /// Who looks.
    pub actor: Actor,
    /// Whether they see strictly secret cases that others have registered.
    pub sees_strict: bool,
}

impl Viewer {
    /// Whether this viewer may see a case of that class registered by that user.
    #[must_use]
    pub fn may_see(&self, class: SecrecyClass, registered_by: Option<UserId>) -> bool {
        class != SecrecyClass::Strict
            || self.sees_strict
            || self.user().is_some_and(|user| registered_by == Some(user))
    }

    /// The user who looks, if it is one.
    #[must_use]
    pub const fn user(&self) -> Option<UserId> {
        match self.actor {
            Actor::User(id) => Some(id),
            _ => None,
        }
    }
}

impl Case {
    /// Whether its text may travel by e-mail. A restricted or strict case's e-mails carry its number and a link only.
    #[must_use]
    pub const fn may_travel_by_mail(&self) -> bool {
        matches!(self.secrecy_class, SecrecyClass::Open)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vocabulary::{NewId as _, SeededChance};

    #[test]
    fn a_strict_case_is_seen_by_who_registered_it_and_who_sees_strict() {
        let chance = SeededChance::new(1);
        let (own, other) = (UserId::untimed(&chance), UserId::untimed(&chance));
        let viewer = |actor, sees_strict| Viewer { actor, sees_strict };
        let strict = |v: Viewer| v.may_see(SecrecyClass::Strict, Some(own));
        assert!(strict(viewer(Actor::User(own), false)));
        assert!(!strict(viewer(Actor::User(other), false)));
        assert!(strict(viewer(Actor::User(other), true)));
        assert!(!strict(viewer(Actor::System, false)));
        assert!(!viewer(Actor::System, false).may_see(SecrecyClass::Strict, None));
        assert!(viewer(Actor::User(other), false).may_see(SecrecyClass::Restricted, Some(own)));
    }
}
