//! Filters that people keep under a name, their own or shared with a group.

use crate::error::CasesError;
use crate::filter::Filter;
use crate::limits::{FILTER_NAME_CHARS_MAX, SAVED_FILTERS_MAX};
use crate::queries::saved as queries;
use people::text;
use storage::Session;
use vocabulary::{AnswerGroupId, Context, SavedFilterId, UserId};

/// A filter with a name.
#[derive(Clone, Debug, PartialEq)]
pub struct SavedFilter {
    /// Its id.
    pub id: SavedFilterId,
    /// Who keeps it; nobody else changes it.
    pub owner: UserId,
    /// Whose members see it too.
    pub shared_with: Option<AnswerGroupId>,
    /// Its name.
    pub name: String,
    /// What it asks for; none if it was kept by a version of Lots that knew more than this one.
    pub filter: Option<Filter>,
}

/// A filter to be kept: a new one, or a changed one.
#[derive(Clone, Debug)]
pub struct KeepFilter {
    /// Which; a new one gets an id from whoever offers the form, so that the form sent twice keeps one filter.
    pub id: SavedFilterId,
    /// Its name.
    pub name: String,
    /// Whom it is shared with.
    pub shared_with: Option<AnswerGroupId>,
    /// What it asks for.
    pub filter: Filter,
}

/// Keeps a filter. Only in a group one belongs to can it be shared.
///
/// # Errors
/// The name is not acceptable, there are too many, the group is not one's own, or the id is another's filter.
pub fn keep(
    s: &mut Session<'_>,
    ctx: &Context,
    owner: UserId,
    cmd: &KeepFilter,
) -> Result<SavedFilter, CasesError> {
    let name = text::line("filter_name", &cmd.name, FILTER_NAME_CHARS_MAX)?;
    if let Some(group) = cmd.shared_with
        && !people::users::queries::groups(s, owner)?.iter().any(|own| own.group == group)
    {
        return Err(CasesError::NotFound { what: "answer group" });
    }
    let saved =
        SavedFilter { id: cmd.id, owner, shared_with: cmd.shared_with, name, filter: Some(cmd.filter) };
    match queries::by_id(s, cmd.id)? {
        Some(before) if before.owner != owner => return Err(CasesError::NotFound { what: "filter" }),
        Some(before) if before == saved => {}
        Some(_) => queries::update(s, &saved, cmd.filter.query(), ctx.now)?,
        None if queries::count_of(s, owner)? >= SAVED_FILTERS_MAX => {
            return Err(CasesError::TooMany { what: "saved filters", max: SAVED_FILTERS_MAX });
        }
        None => queries::insert(s, &saved, cmd.filter.query(), ctx.now)?,
    }
    Ok(saved)
}

/// Throws a filter away. One that is gone already is no error.
///
/// # Errors
/// It is another's.
pub fn throw_away(s: &mut Session<'_>, owner: UserId, id: SavedFilterId) -> Result<(), CasesError> {
    match queries::by_id(s, id)? {
        Some(saved) if saved.owner != owner => Err(CasesError::NotFound { what: "filter" }),
        Some(_) => Ok(queries::delete(s, id)?),
        None => Ok(()),
    }
}
