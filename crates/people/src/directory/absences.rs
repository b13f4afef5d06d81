//! When officers are away, so that their substitutes are asked instead.

use storage::Session;
use storage::timeline::{Entry, Subject};
use vocabulary::civil::Date;
use vocabulary::{AbsenceId, Context, GenericUuid as _, OfficerId, local_day};

use super::model::RecipientKind;
use super::queries;
use crate::PeopleError;

/// More absences ahead than anybody has.
pub const ABSENCES_MAX: usize = 50;

/// A time an officer is away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Absence {
    /// Id.
    pub id: AbsenceId,
    /// Who.
    pub officer: OfficerId,
    /// The first day away.
    pub first_day: Date,
    /// The last day away; none until further notice.
    pub last_day: Option<Date>,
}

impl Absence {
    /// Whether `day` belongs to it.
    #[must_use]
    pub fn covers(&self, day: Date) -> bool {
        self.first_day <= day && self.last_day.is_none_or(|last| day <= last)
    }
}

/// Why an absence was not written down.
#[derive(Debug, thiserror::Error)]
pub enum AbsenceError {
    /// There is no such officer, or the database fails.
    #[error(transparent)]
    People(#[from] PeopleError),
    /// The last day lies before the first, or has passed.
    #[error("an absence ends on or after the day it begins, and not before today")]
    Days,
    /// A function is never away: somebody else reads its letters.
    #[error("a function's address is never away; make it inactive instead")]
    Function,
    /// More than anything sensible.
    #[error("at most {ABSENCES_MAX} absences ahead")]
    TooMany,
}

impl From<storage::StorageError> for AbsenceError {
    fn from(error: storage::StorageError) -> Self {
        Self::People(error.into())
    }
}

/// Writes down that an officer is away. The same absence again is the same absence.
///
/// # Errors
/// [`AbsenceError`].
pub fn add_absence(
    s: &mut Session<'_>,
    ctx: &Context,
    officer: OfficerId,
    first_day: Date,
    last_day: Option<Date>,
) -> Result<Absence, AbsenceError> {
    let known = queries::officer(s, officer)?.ok_or(PeopleError::NotFound { what: "officer" })?;
    if known.kind == RecipientKind::Function {
        return Err(AbsenceError::Function);
    }
    let today = local_day(ctx.now);
    if last_day.is_some_and(|last| last < first_day || last < today) {
        return Err(AbsenceError::Days);
    }
    let ahead = queries::absences_from(s, today)?;
    let mut own = ahead.iter().filter(|absence| absence.officer == officer);
    if let Some(same) = own.clone().find(|a| a.first_day == first_day && a.last_day == last_day) {
        return Ok(*same);
    }
    if own.by_ref().count() >= ABSENCES_MAX {
        return Err(AbsenceError::TooMany);
    }
    let absence = Absence { id: ctx.next_id(), officer, first_day, last_day };
    queries::insert_absence(s, &absence)?;
    record(s, ctx, "absence_added", &absence)?;
    Ok(absence)
}

/// Takes an absence back; the officer is there after all. Taking it back twice is the same as once.
///
/// # Errors
/// The database.
pub fn remove_absence(s: &mut Session<'_>, ctx: &Context, id: AbsenceId) -> Result<(), AbsenceError> {
    if let Some(absence) = queries::absence(s, id)? {
        queries::delete_absence(s, id)?;
        record(s, ctx, "absence_removed", &absence)?;
    }
    Ok(())
}

fn record(
    s: &mut Session<'_>,
    ctx: &Context,
    kind: &'static str,
    absence: &Absence,
) -> Result<(), AbsenceError> {
    let subject = Subject { kind: "officer", id: absence.officer.into_untyped_uuid() };
    let related = Some(absence.id.into_untyped_uuid());
    storage::timeline::append(s, ctx, Entry { kind, subject, related, detail: None })?;
    Ok(())
}
