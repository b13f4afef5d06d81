//! What is kept of processes, bookings and contractors.

use crate::definition::Definition;
use crate::run::{Run, State};
use vocabulary::civil::Date;
use vocabulary::{
    AnyId, BookingId, CaseId, CaseTypeId, ContractorId, LinkId, OfficerId, OpeningHours, ProcessId,
    ProcessVersionId, ResourceId, Timestamp, UserId,
};

/// An officer's or contractor's way into one step is at this path and the token.
pub const STEP_PATH: &str = "/o/step/";
/// A resident's way to one booked time is at this path and the token.
pub const BOOKING_PATH: &str = "/s/booking/";

/// One version of a definition, as published.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are the columns of process_versions, explained in the migration")]
pub struct Version {
    pub id: ProcessVersionId,
    pub code: String,
    pub version: u32,
    pub case_type_id: CaseTypeId,
    pub name: String,
    pub source: String,
    pub published_at: Timestamp,
    pub published_by: Option<UserId>,
}

/// One case's way through its process.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are the columns of processes, explained in the migration")]
pub struct Process {
    pub id: ProcessId,
    pub case_id: CaseId,
    pub version_id: ProcessVersionId,
    pub started_at: Timestamp,
    pub ended_at: Option<Timestamp>,
    pub end_key: Option<String>,
}

/// A case's process with all that says where it stands.
#[derive(Clone, Debug)]
pub struct Running {
    /// The process.
    pub process: Process,
    /// The version it goes by.
    pub version: Version,
    /// What that version says.
    pub definition: Definition,
    /// What has been done.
    pub run: Run,
    /// Who did it, in the same order: the word for who, and their id.
    pub actors: Vec<(String, Option<AnyId>)>,
    /// What it comes to.
    pub state: State,
}

/// A step that is open, as lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are the columns of process_steps, explained in the migration")]
pub struct OpenStep {
    pub case_id: CaseId,
    pub step: String,
    pub name: String,
    pub who: String,
    pub opened_at: Timestamp,
    pub due_at: Option<Timestamp>,
}

/// What a link lets in to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkFor {
    /// An officer does a step.
    Officer(OfficerId),
    /// A department's function address does a step.
    Department,
    /// A contractor acknowledges a call-out.
    Contractor(String),
    /// A resident sees to a booking.
    Booking(BookingId),
}

/// A link into a process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProcessLink {
    /// Its id, which the token is made of.
    pub id: LinkId,
    /// What it lets in to.
    pub lets: LinkFor,
    /// Which process.
    pub process_id: ProcessId,
    /// Which step.
    pub step: String,
    /// Until when it holds.
    pub expires_at: Timestamp,
    /// When it was taken back.
    pub revoked_at: Option<Timestamp>,
}

/// What can be booked.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    missing_docs,
    reason = "the fields are the columns of booking_resources, explained in the migration"
)]
pub struct Resource {
    pub id: ResourceId,
    pub code: String,
    pub name: String,
    pub place: String,
    pub hours: OpeningHours,
    pub slot_minutes: u16,
    pub capacity: u16,
    pub notice_hours: u16,
    pub days_ahead: u16,
    pub active: bool,
    /// The days it is closed besides, with the reasons.
    pub closed: Vec<(Date, String)>,
}

/// A booked time.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are the columns of bookings, explained in the migration")]
pub struct Booking {
    pub id: BookingId,
    pub resource_id: ResourceId,
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    pub seat: u16,
    pub process_id: ProcessId,
    pub step: String,
    pub booked_at: Timestamp,
    pub cancelled_at: Option<Timestamp>,
}

/// A firm that is called out.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are the columns of contractors, explained in the migration")]
pub struct Contractor {
    pub id: ContractorId,
    pub code: String,
    pub name: String,
    pub telephone: String,
    pub email: Option<String>,
    pub texts: bool,
    pub active: bool,
}
