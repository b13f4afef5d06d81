//! What is shown of a case that is sealed for whoever looks.

use super::store::{case, case_by_number};
use crate::error::CasesError;
use crate::model::Case;
use crate::number::CaseNumber;
use crate::viewer::{Sight, Viewer};
use storage::Session;
use vocabulary::civil::Date;
use vocabulary::{CaseId, CaseStatus, local_day};

/// A sealed case: that it is there, with whom, and how it stands. No type, no title, no person, no text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedCase {
    /// Its id.
    pub id: CaseId,
    /// Its number.
    pub number: CaseNumber,
    /// The department's name.
    pub department: String,
    /// Where it stands.
    pub status: CaseStatus,
    /// The day it was first received.
    pub arrival_day: Date,
    /// The day it last changed.
    pub changed_day: Date,
}

fn stub(s: &mut Session<'_>, case: Case) -> Result<SealedCase, CasesError> {
    let department = people::directory::queries::department(s, case.department_id)?;
    Ok(SealedCase {
        id: case.id,
        number: case.number,
        department: department.ok_or(CasesError::NotFound { what: "department" })?.name,
        status: case.status,
        arrival_day: case.arrival_day,
        changed_day: local_day(case.changed_at),
    })
}

/// The stub of a case, for whoever may at least know that it is there. Looking at it for a person is
/// [`crate::commands::look_sealed`], which also writes down who did.
///
/// # Errors
/// [`CasesError::NotFound`], or [`CasesError::Secret`] if the viewer may not even know of it.
pub fn sealed_case(s: &mut Session<'_>, viewer: Viewer, id: CaseId) -> Result<SealedCase, CasesError> {
    let case = case(s, id)?.ok_or(CasesError::NotFound { what: "case" })?;
    if viewer.sight(s, &case)? == Sight::Hidden {
        return Err(CasesError::Secret);
    }
    stub(s, case)
}

/// The stub of the case with exactly that number, if it is sealed for the viewer: searches leave sealed cases out, and
/// whoever calls about one has its number.
///
/// # Errors
/// The database.
pub fn sealed_by_number(
    s: &mut Session<'_>,
    viewer: Viewer,
    number: &CaseNumber,
) -> Result<Option<SealedCase>, CasesError> {
    let Some(case) = case_by_number(s, number)? else { return Ok(None) };
    if viewer.sight(s, &case)? == Sight::Sealed { stub(s, case).map(Some) } else { Ok(None) }
}
