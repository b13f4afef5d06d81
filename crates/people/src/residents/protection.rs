//! Protected personal data (skyddade personuppgifter): somebody whose whereabouts may get them harmed. Their card is
//! never found by searching, its name is in no list, and it is opened only for a stated reason, for the length of a
//! conversation. Who opened it and why is kept with the card.

use storage::Session;
use vocabulary::{Actor, Context, OpeningId, ResidentId, SignedDuration, Timestamp, UserId};

use super::commands::record;
use super::model::{ChangeResident, Resident};
use super::queries;
use crate::audit::{Opened, opened};
use crate::{PeopleError, text};

/// How long an opening holds for the one who opened.
pub const OPENING_HOLDS: SignedDuration = SignedDuration::from_mins(30);
/// Longest reason, in characters.
pub const REASON_CHARS_MAX: usize = 300;
/// Fewest characters that are a reason.
pub const REASON_CHARS_MIN: usize = 5;

vocabulary::words! {
    /// What was done with a protected card that wants a reason.
    ProtectedAct, "protected act" {
        /// It was opened.
        Opened = "opened",
        /// The protection was taken away.
        Lifted = "lifted",
    }
}

storage::word_value!(ProtectedAct);

/// One stated reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProtectedOpening {
    /// When.
    pub at: Timestamp,
    /// What was done.
    pub act: ProtectedAct,
    /// Why, as stated.
    pub reason: String,
    /// Who did it.
    pub by: UserId,
    /// Their name.
    pub by_name: String,
}

fn stated(reason: &str) -> Result<String, PeopleError> {
    let reason = text::line("reason", reason, REASON_CHARS_MAX)?;
    if reason.chars().filter(|c| c.is_alphanumeric()).count() < REASON_CHARS_MIN {
        return Err(text::TextError { field: "reason", fault: text::TextFault::Missing }.into());
    }
    Ok(reason)
}

fn person(ctx: &Context) -> Result<UserId, PeopleError> {
    match ctx.actor {
        Actor::User(id) => Ok(id),
        _ => Err(PeopleError::Protected),
    }
}

/// Opens a protected card for the acting user, for [`OPENING_HOLDS`], and gives it whole. A card that is not protected
/// needs no reason and leaves none.
///
/// # Errors
/// There is no such resident, the reason is missing, or it is no person who asks.
pub fn open(
    s: &mut Session<'_>,
    ctx: &Context,
    id: ResidentId,
    reason: &str,
) -> Result<Resident, PeopleError> {
    let resident = queries::by_id(s, id)?.ok_or(PeopleError::NotFound { what: "resident" })?;
    if resident.protected {
        let user = person(ctx)?;
        let reason = stated(reason)?;
        let until = ctx.now.saturating_add(OPENING_HOLDS).unwrap_or(ctx.now);
        let line: OpeningId = ctx.next_id();
        queries::insert_opening(s, line, id, (user, ProtectedAct::Opened, &reason), (ctx.now, until))?;
    }
    opened(s, ctx, Opened::Resident(id))?;
    Ok(resident)
}

/// Protects a card.
///
/// # Errors
/// There is no such resident.
pub fn protect(s: &mut Session<'_>, ctx: &Context, id: ResidentId) -> Result<Resident, PeopleError> {
    let cmd = ChangeResident { protected: Some(true), ..ChangeResident::default() };
    super::commands::change(s, ctx, id, &cmd)
}

/// Takes the protection away, for a stated reason. Whose role allows it is for the policy.
///
/// # Errors
/// There is no such resident, the reason is missing, or it is no person who asks.
pub fn lift(
    s: &mut Session<'_>,
    ctx: &Context,
    id: ResidentId,
    reason: &str,
) -> Result<Resident, PeopleError> {
    let mut resident = queries::by_id(s, id)?.ok_or(PeopleError::NotFound { what: "resident" })?;
    if !resident.protected {
        return Ok(resident);
    }
    let user = person(ctx)?;
    let reason = stated(reason)?;
    let line: OpeningId = ctx.next_id();
    queries::insert_opening(s, line, id, (user, ProtectedAct::Lifted, &reason), (ctx.now, ctx.now))?;
    resident.protected = false;
    let folded = resident.name.as_deref().map(super::model::folded_name);
    queries::update(s, &resident, folded.as_deref())?;
    record(s, ctx, "resident_unprotected", id)?;
    Ok(resident)
}

/// Whether a change of a protected card may be made: by who has it open, and never to take the protection away.
pub(super) fn may_change(
    s: &mut Session<'_>,
    ctx: &Context,
    before: &Resident,
    cmd: &ChangeResident,
) -> Result<(), PeopleError> {
    if cmd.protected == Some(false) {
        return Err(PeopleError::Protected);
    }
    let only_protects = cmd.name.is_none()
        && cmd.telephone.is_none()
        && cmd.email.is_none()
        && cmd.language.is_none()
        && cmd.survey_opt_out.is_none();
    match ctx.actor {
        Actor::System | Actor::Resident(_) => Ok(()),
        _ if only_protects => Ok(()),
        Actor::User(user) if queries::opened_until(s, user, before.id, ctx.now)?.is_some() => Ok(()),
        _ => Err(PeopleError::Protected),
    }
}
