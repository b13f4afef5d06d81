//! The ways in for those without an account: an officer or contractor to one step, a resident to one booking.

use crate::definition::{Definition, Step};
use crate::error::ProcessesError;
use crate::limits::LINK_DAYS;
use crate::model::{BOOKING_PATH, LinkFor, ProcessLink, Running, STEP_PATH};
use crate::queries;
use crate::run::State;
use cases::{Case, CaseSettings, LinkError};
use people::{LinkKind, SignedLink};
use storage::Session;
use vocabulary::{Context, LinkId, SignedDuration, Timestamp};

/// Makes a link into a process.
pub(super) fn make(
    s: &mut Session<'_>,
    ctx: &Context,
    running: &Running,
    step: &str,
    lets: LinkFor,
) -> Result<LinkId, ProcessesError> {
    let link = ProcessLink {
        id: ctx.next_id(),
        lets,
        process_id: running.process.id,
        step: step.to_owned(),
        expires_at: ctx.now.checked_add(SignedDuration::from_hours(24 * LINK_DAYS)).unwrap_or(Timestamp::MAX),
        revoked_at: None,
    };
    queries::insert_link(s, &link, ctx.now)?;
    Ok(link.id)
}

/// Where an officer's or contractor's link leads.
pub(super) fn step_address(settings: &CaseSettings, link: LinkId) -> String {
    let token = SignedLink::make(&settings.signing_key, LinkKind::Officer, link);
    format!("{}{STEP_PATH}{token}", settings.public_base)
}

/// Where a resident's link leads.
pub(super) fn booking_address(settings: &CaseSettings, link: LinkId) -> String {
    let token = SignedLink::make(&settings.signing_key, LinkKind::Resident, link);
    format!("{}{BOOKING_PATH}{token}", settings.public_base)
}

/// The link that a step's token was made for, if it holds.
pub(super) fn open(
    s: &mut Session<'_>,
    settings: &CaseSettings,
    token: &str,
    now: Timestamp,
) -> Result<ProcessLink, ProcessesError> {
    open_kind(s, settings, LinkKind::Officer, token, now)
}

pub(super) fn open_kind(
    s: &mut Session<'_>,
    settings: &CaseSettings,
    kind: LinkKind,
    token: &str,
    now: Timestamp,
) -> Result<ProcessLink, ProcessesError> {
    let id = SignedLink::verify(&settings.signing_key, kind, token).ok_or(LinkError::Forged)?;
    let link = queries::link(s, id)?.ok_or(LinkError::Revoked)?;
    let for_booking = matches!(link.lets, LinkFor::Booking(_));
    if for_booking != (kind == LinkKind::Resident) {
        return Err(LinkError::Forged.into());
    }
    if link.revoked_at.is_some() {
        return Err(LinkError::Revoked.into());
    }
    if link.expires_at <= now {
        return Err(LinkError::Expired.into());
    }
    Ok(link)
}

/// What an officer or contractor sees behind a link.
#[derive(Clone, Debug)]
pub struct StepByLink {
    /// The link.
    pub link: ProcessLink,
    /// The case. Its title and description are for officers, and for contractors only when the case is open to all.
    pub case: Case,
    /// What the process says.
    pub definition: Definition,
    /// Where the case stands in it.
    pub state: State,
    /// The step's place.
    pub place: usize,
    /// What a contractor is told.
    pub message: Option<String>,
}

impl StepByLink {
    /// The step.
    #[must_use]
    pub fn step(&self) -> &Step {
        &self.definition.steps[self.place]
    }
}

/// The step behind a link.
///
/// # Errors
/// The link does not hold.
pub fn step_by_link(
    s: &mut Session<'_>,
    settings: &CaseSettings,
    token: &str,
    now: Timestamp,
) -> Result<StepByLink, ProcessesError> {
    let link = open(s, settings, token, now)?;
    let process = queries::process_of(s, link.process_id)?.ok_or(LinkError::Revoked)?;
    let running = queries::running(s, process.case_id)?.ok_or(LinkError::Revoked)?;
    let case = cases::queries::case(s, process.case_id)?.ok_or(LinkError::Revoked)?;
    let place = running.definition.step(&link.step).ok_or(LinkError::Revoked)?;
    let message = match &running.definition.steps[place].kind {
        crate::definition::StepKind::CallOut { message, .. } => {
            Some(message.fill(&crate::words::values(s, settings, &running, now)?))
        }
        _ => None,
    };
    Ok(StepByLink { link, case, definition: running.definition, state: running.state, place, message })
}
