//! What an assignment is made of.

use crate::steps::Step;
use serde::{Deserialize, Serialize};
use vocabulary::civil::Date;
use vocabulary::{
    AnswerGroupId, AssignmentId, AssignmentVersionId, CaseTypeId, DepartmentId, LinkId, ReferralId,
    Timestamp, UserId,
};

vocabulary::words! {
    /// Where a version of an assignment stands.
    VersionState, "state of an assignment" {
        /// Being written.
        Draft = "draft",
        /// Sent to the department, which has not answered.
        Sent = "sent",
        /// Approved by the department; its day has not come.
        Approved = "approved",
        /// What holds.
        InForce = "in_force",
        /// What holds, while it is gone through.
        UnderReview = "under_review",
        /// Not approved by the department.
        Refused = "refused",
        /// Taken back before it was in force.
        Withdrawn = "withdrawn",
        /// Held until a newer version did.
        Replaced = "replaced",
        /// Held until the assignment ended.
        Ended = "ended",
    }

    /// Where the line goes.
    RuleKind, "kind of rule" {
        /// The contact centre does it.
        Does = "does",
        /// The contact centre does some of it.
        Partly = "partly",
        /// The contact centre does not.
        DoesNot = "does_not",
    }

    /// Who does a step.
    Doer, "doer" {
        /// Whoever it concerns.
        Resident = "resident",
        /// The contact centre.
        Centre = "centre",
        /// A specialist in the department.
        Officer = "officer",
        /// Lots itself.
        System = "system",
    }

    /// The part of residents' lives an assignment belongs to, as the public page is arranged.
    Theme, "theme" {
        /// Homes, building, planning.
        Living = "living",
        /// Preschool, school, young people.
        Children = "children",
        /// Care and support, old age, disability.
        Care = "care",
        /// Money worries, income support, work.
        Economy = "economy",
        /// Waste, water, energy, environment.
        Environment = "environment",
        /// Streets, traffic, parks, snow.
        Outdoors = "outdoors",
        /// Culture, sports, associations.
        Leisure = "leisure",
        /// Companies and permits.
        Business = "business",
        /// Life events: weddings, deaths, paternity.
        LifeEvents = "life_events",
        /// Politics, complaints, and what concerns the municipality as a whole.
        Municipality = "municipality",
    }
}

storage::word_value!(VersionState);

impl VersionState {
    /// Whether a version that stands there is what holds today.
    #[must_use]
    pub const fn holds(self) -> bool {
        matches!(self, Self::InForce | Self::UnderReview)
    }

    /// Whether a version that stands there has been approved, at any time.
    #[must_use]
    pub const fn was_in_force(self) -> bool {
        matches!(self, Self::InForce | Self::UnderReview | Self::Replaced | Self::Ended)
    }
}

/// One rule for where the line goes, in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Whether it is done.
    pub kind: RuleKind,
    /// What: "Svarar på när sopbilen kommer".
    pub text: String,
    /// Who has the rest, or what is done instead: words, or the code of a referral. Empty: the department.
    #[serde(default)]
    pub instead: String,
}

/// Somebody in the department who knows the assignment and can answer for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactPerson {
    /// Name.
    pub name: String,
    /// Title; may be empty.
    #[serde(default)]
    pub title: String,
    /// Where the link for approval goes.
    pub email: String,
    /// As people write it; may be empty.
    #[serde(default)]
    pub telephone: String,
}

/// All that a version says. What is due when and who gets the cases is not here: that is the terms of its case types
/// (`cases::Assignment`), and what of them the department has seen is [`Agreed`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basis {
    /// What it is called: "Sophämtning och avfall".
    pub title: String,
    /// Why the department has handed it over, and what residents gain.
    pub purpose: String,
    /// The words residents use for it, for "is this ours?"; commas between.
    pub keywords: String,
    /// Where it stands on the public page.
    pub theme: Theme,
    /// Its heading on the public page.
    pub public_title: String,
    /// What residents are told; empty if it is not on the public page.
    pub public_text: String,
    /// What is done, what is not, and what is done partly.
    pub rules: Vec<Rule>,
    /// The way a matter goes, step by step.
    pub steps: Vec<Step>,
    /// What its cases and contacts are about.
    pub case_types: Vec<CaseTypeId>,
    /// The answer groups that know it.
    pub groups: Vec<AnswerGroupId>,
    /// What one needs to know, beside what everybody in the contact centre does.
    pub skills: Vec<String>,
    /// Contacts the department expects in a month.
    pub contacts_per_month: Option<u32>,
    /// Who in the department to ask. The first is asked to approve unless another is chosen.
    pub contacts: Vec<ContactPerson>,
    /// The first day it holds.
    pub valid_from: Date,
    /// Notice of termination, in months.
    pub notice_months: u16,
    /// When it is to be gone through.
    pub review_day: Date,
}

/// What of a case type's terms the department saw when a version was sent. The terms themselves are changed with the
/// case types; this says what was agreed, so that a change since can be seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreed {
    /// The case type.
    pub case_type: CaseTypeId,
    /// Its name then.
    pub name: String,
    /// When an answer is due, in working days.
    pub due_working_days: u16,
    /// Who got its cases; none if the guide chose.
    pub recipient: Option<String>,
}

/// What a department has handed over, apart from what its versions say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// Id.
    pub id: AssignmentId,
    /// Short code, unique.
    pub code: String,
    /// Whose it is.
    pub department: DepartmentId,
    /// Who in the contact centre looks after it.
    pub owner: Option<UserId>,
    /// When it is gone through next.
    pub review_day: Option<Date>,
    /// When it was first written.
    pub created_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
}

/// One version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Id.
    pub id: AssignmentVersionId,
    /// Of which assignment.
    pub assignment: AssignmentId,
    /// Its number, from 1.
    pub number: u32,
    /// Where it stands.
    pub state: VersionState,
    /// How often the draft has been changed.
    pub revision: u32,
    /// All that it says.
    pub basis: Basis,
    /// The terms as the department saw them; none before it was sent.
    pub agreed: Option<Vec<Agreed>>,
    /// When it was last changed or moved on.
    pub changed_at: Timestamp,
    /// Who wrote it.
    pub changed_by: Option<UserId>,
    /// When it was sent.
    pub sent_at: Option<Timestamp>,
    /// What the department said.
    pub answer: Option<Answered>,
    /// When it came into force.
    pub in_force_at: Option<Timestamp>,
    /// When it was so no more.
    pub out_of_force_at: Option<Timestamp>,
}

/// What a department has said of a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// When.
    pub at: Timestamp,
    /// The name that was typed.
    pub by: String,
    /// The address the link went to.
    pub email: String,
    /// Why it was not approved; none if it was.
    pub reason: Option<String>,
}

/// A link by which a version is approved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApprovalLink {
    /// Id, which its token is made of.
    pub id: LinkId,
    /// What it opens.
    pub version: AssignmentVersionId,
    /// The address it was sent to.
    pub recipient: String,
    /// Whose.
    pub recipient_name: String,
    /// When it was sent.
    pub created_at: Timestamp,
    /// Until when it holds.
    pub expires_at: Timestamp,
    /// When it was answered.
    pub used_at: Option<Timestamp>,
    /// When it was taken back.
    pub revoked_at: Option<Timestamp>,
}

/// What somebody else owns, and where to turn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Referral {
    /// Id.
    pub id: ReferralId,
    /// Short code, unique.
    pub code: String,
    /// Whose it is: "1177", "Försäkringskassan".
    pub owner: String,
    /// What they do and what to tell the resident.
    pub text: String,
    /// The words residents use; commas between.
    pub keywords: String,
    /// As people write it; empty if none.
    pub telephone: String,
    /// An address on the web; empty if none.
    pub url: String,
    /// Whether it is shown.
    pub active: bool,
    /// When it was last changed.
    pub changed_at: Timestamp,
}

/// An assignment that holds, with the version that does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InForce {
    /// The assignment.
    pub assignment: Assignment,
    /// What holds.
    pub version: Version,
}
