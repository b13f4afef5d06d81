//! What a case is made of.

use crate::clock::{FollowUpClock, Terms};
use crate::links::PublicBase;
use crate::number::CaseNumber;
use crate::place::Place;
use people::SigningKey;
use vocabulary::civil::Date;
use vocabulary::{
    AnswerGroupId, AnyId, CaseId, CaseOutcome, CaseStatus, CaseTypeId, Channel, DepartmentId, FollowUpId,
    NoteId, OfficerId, Priority, ResidentId, SecrecyClass, TaskId, Timestamp, UserId,
};

/// For how many days after it was closed a case is opened again by what its resident adds, unless set otherwise.
pub const REOPEN_DAYS: u16 = 30;

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
    /// For how many days after it was closed a case is opened again by what its resident adds.
    pub reopen_days: u16,
    /// The domain to which officers' letters are answered by e-mail; none if no mailbox reads it.
    pub reply_domain: Option<String>,
    /// Whether text messages can be sent.
    pub texting: bool,
}

impl CaseSettings {
    /// Settings with the house's own terms, and no e-mail read.
    #[must_use]
    pub fn new(public_base: PublicBase, signing_key: SigningKey, municipality: String) -> Self {
        Self {
            public_base,
            signing_key,
            municipality,
            terms: Terms::default(),
            reopen_days: REOPEN_DAYS,
            reply_domain: None,
            texting: false,
        }
    }
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

    /// How an attempt to reach an officer by telephone ended.
    CallOutcome, "call outcome" {
        /// They answered.
        Reached = "reached",
        /// Nobody answered.
        NoAnswer = "no_answer",
        /// Engaged.
        Busy = "busy",
        /// A machine answered.
        Voicemail = "voicemail",
        /// The number leads to nobody, or to somebody else.
        WrongNumber = "wrong_number",
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
        /// Read what an officer wrote by e-mail, since Lots could not be certain of what it means.
        ReadOfficerMail = "read_officer_mail",
        /// Read what a resident has added.
        ReadAddition = "read_addition",
        /// Read a message that somebody without access to the case has handed over.
        ReadMessage = "read_message",
        /// Do a step of the case's process that is due.
        DoStep = "do_step",
        /// Phone a contractor: nobody who was called out has answered.
        CallContractor = "call_contractor",
    }
}

storage::word_value!(FollowUpState);
storage::word_value!(CallOutcome);
storage::word_value!(MessageChannel);
storage::word_value!(MessageState);
storage::word_value!(TaskKind);

/// What a case is about.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are the columns of case_types, explained in the migration")]
pub struct CaseType {
    pub id: CaseTypeId,
    pub code: String,
    pub category: String,
    pub name: String,
    pub keywords: String,
    pub department_id: DepartmentId,
    pub officer_id: Option<OfficerId>,
    pub board: String,
    pub secrecy_class: SecrecyClass,
    pub retention_rule: String,
    pub due_working_days: u16,
    pub public_text: String,
    pub open311: bool,
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
    pub priority: Priority,
    pub assignee_id: Option<UserId>,
    pub answer_group_id: Option<AnswerGroupId>,
    pub place: Option<Place>,
    pub due_day: Option<Date>,
    pub merged_into_id: Option<CaseId>,
    pub revision: u64,
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
    pub terms: Terms,
    pub asked_resident_at: Option<Timestamp>,
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

impl Case {
    /// Whether that user is named in it: registered it, or has it in hand.
    #[must_use]
    pub fn names(&self, user: UserId) -> bool {
        self.registered_by == Some(user) || self.assignee_id == Some(user)
    }

    /// Whether its text may travel by e-mail. A restricted or strict case's e-mails carry its number and a link only.
    #[must_use]
    pub const fn may_travel_by_mail(&self) -> bool {
        matches!(self.secrecy_class, SecrecyClass::Open)
    }
}
