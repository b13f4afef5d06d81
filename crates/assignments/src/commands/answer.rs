//! The department's answer, by the link.

use super::{act, load, put_in_force, record};
use crate::course::Act;
use crate::error::AssignmentsError;
use crate::limits::REASON_CHARS_MAX;
use crate::model::{Answered, ApprovalLink, Assignment, Version, VersionState};
use crate::queries;
use cases::{CaseSettings, LinkError};
use people::{LinkKind, SignedLink, text};
use storage::Session;
use vocabulary::{Actor, Context, Timestamp, local_day};

/// What a department's contact person sees behind a link.
#[derive(Clone, Debug)]
pub struct Approval {
    /// The link.
    pub link: ApprovalLink,
    /// The assignment.
    pub assignment: Assignment,
    /// The version it asks about.
    pub version: Version,
    /// What holds today, if it is another.
    pub holds: Option<Version>,
    /// Whether a newer version has been sent, or this one taken back: then nothing can be answered.
    pub withdrawn: bool,
}

/// What a department says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DepartmentAnswer {
    /// It approves.
    Approved,
    /// It does not, because.
    Refused {
        /// Why.
        reason: String,
    },
}

/// What lies behind a link. One that has been answered still shows what was said.
///
/// # Errors
/// The link does not hold.
pub fn approval_by_link(
    s: &mut Session<'_>,
    settings: &CaseSettings,
    token: &str,
    now: Timestamp,
) -> Result<Approval, AssignmentsError> {
    let id = SignedLink::verify(&settings.signing_key, LinkKind::Approval, token).ok_or(LinkError::Forged)?;
    let link = queries::link(s, id)?.ok_or(LinkError::Revoked)?;
    if link.expires_at <= now {
        return Err(LinkError::Expired.into());
    }
    let version = queries::version(s, link.version)?.ok_or(LinkError::Revoked)?;
    let loaded = load(s, version.assignment)?;
    let holds = loaded.holding().filter(|held| held.id != version.id).cloned();
    let withdrawn = link.revoked_at.is_some() && link.used_at.is_none();
    Ok(Approval { link, assignment: loaded.assignment, version, holds, withdrawn })
}

/// Takes the department's answer. It is given once: the same again changes nothing, another one is refused. Approved, the
/// version comes into force on its day, or at once if that has come.
///
/// # Errors
/// The link does not hold; it has been answered otherwise or withdrawn; the name or the reason is not acceptable.
pub fn answer_by_link(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    token: &str,
    name: &str,
    answer: &DepartmentAnswer,
) -> Result<Approval, AssignmentsError> {
    let behind = approval_by_link(s, settings, token, ctx.now)?;
    if behind.withdrawn {
        return Err(crate::course::Refusal::Withdrawn.into());
    }
    let by = text::line("name", name, text::NAME_CHARS_MAX)?;
    let reason = match answer {
        DepartmentAnswer::Approved => None,
        DepartmentAnswer::Refused { reason } => Some(text::paragraphs("reason", reason, REASON_CHARS_MAX)?),
    };
    let email = behind.link.recipient.clone();
    // Whoever is known as an officer acts as that; others by their link, which the version names.
    let officer = people::directory::queries::officer_by_email(s, &email)?;
    let actor = officer.map_or(Actor::System, |officer| Actor::Officer(officer.id));
    let ctx = Context::new(ctx.now, actor, ctx.chance.clone());
    let loaded = load(s, behind.assignment.id)?;
    let number = behind.version.number;
    let done = match answer {
        DepartmentAnswer::Approved => Act::Approve(number),
        DepartmentAnswer::Refused { .. } => Act::Refuse(number),
    };
    if !act(s, &ctx, &loaded, done)?.is_empty() {
        queries::set_answer(s, behind.version.id, &Answered { at: ctx.now, by, email, reason })?;
        queries::use_link(s, behind.link.id, ctx.now)?;
        let approved = done == Act::Approve(number);
        if approved && behind.version.basis.valid_from <= local_day(ctx.now) {
            put_in_force(s, &ctx, behind.version.id)?;
        }
        record(s, &ctx, "assignment_answered", &behind.version, Some(number.to_string()))?;
    }
    approval_by_link(s, settings, token, ctx.now)
}

impl Approval {
    /// Whether it waits for an answer.
    #[must_use]
    pub fn is_open(&self) -> bool {
        !self.withdrawn && self.version.state == VersionState::Sent
    }
}
