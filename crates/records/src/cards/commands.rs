//! Joining, parting and erasing cards.

use people::residents::{ChangeResident, Resident};
use serde::{Deserialize, Serialize};
use storage::timeline::{self, Entry, Subject};
use storage::{Session, StorageError};
use vocabulary::{Actor, CardMergeId, Context, GenericUuid as _, ResidentId};

use super::queries;
use crate::{RecordsError, retention};

/// What of a card is kept to undo a merge.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    name: Option<String>,
    email: Option<String>,
    survey_opt_out: bool,
}

impl From<&Resident> for Kept {
    fn from(card: &Resident) -> Self {
        Self { name: card.name.clone(), email: card.email.clone(), survey_opt_out: card.survey_opt_out }
    }
}

fn as_json(kept: &Kept) -> Result<String, RecordsError> {
    serde_json::to_string(kept).map_err(|error| RecordsError::Payload(error.to_string()))
}

fn card(s: &mut Session<'_>, id: ResidentId) -> Result<Resident, RecordsError> {
    people::residents::queries::by_id(s, id)?.ok_or(RecordsError::NotFound { what: "resident" })
}

fn record(
    s: &mut Session<'_>,
    ctx: &Context,
    kind: &'static str,
    id: ResidentId,
    other: Option<ResidentId>,
) -> Result<(), StorageError> {
    let subject = Subject { kind: "resident", id: id.into_untyped_uuid() };
    let related = other.map(|other| other.into_untyped_uuid());
    timeline::append(s, ctx, Entry { kind, subject, related, detail: None }).map(drop)
}

/// Joins `merged` to `kept`: all that is the one's becomes the other's, and the number and address of the first lead to
/// the second. A protection or a wish not to be asked on either holds on the kept one. Twice is once.
///
/// # Errors
/// They are one card, one is not there, or one is already part of another.
pub fn merge(
    s: &mut Session<'_>,
    ctx: &Context,
    kept: ResidentId,
    merged: ResidentId,
) -> Result<CardMergeId, RecordsError> {
    let (to, from) = (card(s, kept)?, card(s, merged)?);
    if let Some(already) = queries::standing_merge(s, kept, merged)? {
        return Ok(already);
    }
    if kept == merged || queries::is_signpost(s, kept)? || queries::is_signpost(s, merged)? {
        return Err(RecordsError::NotJoinable);
    }
    let id: CardMergeId = ctx.next_id();
    let by = match ctx.actor {
        Actor::User(user) => Some(user),
        _ => None,
    };
    let before = (as_json(&Kept::from(&from))?, as_json(&Kept::from(&to))?);
    queries::insert_merge(s, id, (kept, merged), (&before.0, &before.1), by, ctx.now)?;
    queries::move_rows(s, id, merged, kept)?;
    queries::point(s, merged, Some(kept))?;
    let fill = ChangeResident {
        name: to.name.is_none().then(|| from.name.clone()).flatten(),
        email: to.email.is_none().then(|| from.email.clone()).flatten(),
        protected: (from.protected && !to.protected).then_some(true),
        survey_opt_out: (from.survey_opt_out && !to.survey_opt_out).then_some(true),
        ..ChangeResident::default()
    };
    // The house fills in: who joins two cards need not have a protected one open.
    let house = Context { actor: Actor::System, ..ctx.clone() };
    people::residents::change(s, &house, kept, &fill)?;
    record(s, ctx, "resident_merged", kept, Some(merged))?;
    record(s, ctx, "resident_merged", merged, Some(kept))?;
    Ok(id)
}

/// Parts two cards again: what moved goes back, what has come since stays with the kept one. A protection stays on both.
/// Again does nothing.
///
/// # Errors
/// There is no such merge, or the kept card has itself been joined to another.
pub fn undo_merge(s: &mut Session<'_>, ctx: &Context, id: CardMergeId) -> Result<bool, RecordsError> {
    let merge = queries::merge(s, id)?.ok_or(RecordsError::NotFound { what: "merge" })?;
    if merge.undone_at.is_some() {
        return Ok(false);
    }
    if queries::is_signpost(s, merge.kept)? {
        return Err(RecordsError::NotJoinable);
    }
    let before: Kept =
        serde_json::from_str(&merge.kept_before).map_err(|error| RecordsError::Payload(error.to_string()))?;
    let filled: Kept = serde_json::from_str(&merge.merged_before)
        .map_err(|error| RecordsError::Payload(error.to_string()))?;
    queries::move_back(s, id, merge.merged)?;
    queries::point(s, merge.merged, None)?;
    // What the merge filled in is taken out, unless somebody has changed it since.
    let now = card(s, merge.kept)?;
    let taken = |was: &Option<String>, gave: &Option<String>, is: &Option<String>| {
        (was.is_none() && gave.is_some() && is == gave).then(String::new)
    };
    let back = ChangeResident {
        name: taken(&before.name, &filled.name, &now.name),
        email: taken(&before.email, &filled.email, &now.email),
        ..ChangeResident::default()
    };
    let house = Context { actor: Actor::System, ..ctx.clone() };
    people::residents::change(s, &house, merge.kept, &back)?;
    if now.protected {
        let protect = ChangeResident { protected: Some(true), ..ChangeResident::default() };
        people::residents::change(s, &house, merge.merged, &protect)?;
    }
    queries::close_merge(s, id, ctx.now)?;
    record(s, ctx, "resident_parted", merge.kept, Some(merge.merged))?;
    record(s, ctx, "resident_parted", merge.merged, Some(merge.kept))?;
    Ok(true)
}

/// Erases a card: the person is forgotten, contacts remain to be counted. Cases and letters are public records; their
/// rule decides when they go, and the card goes after them.
///
/// # Errors
/// There is no such card, or cases, letters or a hold still need it.
pub fn erase(s: &mut Session<'_>, ctx: &Context, id: ResidentId) -> Result<(), RecordsError> {
    card(s, id)?;
    if retention::queries::resident_held(s, id)? {
        return Err(RecordsError::StillNeeded { why: "hold" });
    }
    if queries::has_cases(s, id)? {
        return Err(RecordsError::StillNeeded { why: "cases" });
    }
    if queries::has_letters(s, id)? {
        return Err(RecordsError::StillNeeded { why: "letters" });
    }
    if queries::has_signposts(s, id)? || queries::is_signpost(s, id)? {
        return Err(RecordsError::StillNeeded { why: "merge" });
    }
    queries::erase(s, id)?;
    record(s, ctx, "resident_erased", id, None)?;
    Ok(())
}
