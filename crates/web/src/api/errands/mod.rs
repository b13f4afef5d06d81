//! Cases over HTTP in the shape of the Sundsvall errand model: `/{municipalityId}/{namespace}/errands`. Every case is an
//! errand; what a client says that a case has no place for is kept as it came and given back so. Failures are problem
//! documents (RFC 9457). A change may name the version it was made from (`If-Match`), and then is refused if somebody
//! else has changed the errand since.

mod filter;
mod mapping;
pub mod model;
pub mod parts;
mod read;
mod write;

pub use read::{__path_get, __path_list, get, list};
pub use write::{__path_change, __path_create, __path_remove, change, create, remove};

use super::problem::Problem;
use crate::AppState;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use cases::{Case, CasesError, queries};
use storage::Session;
use vocabulary::{CaseId, GenericUuid as _};

/// Whether a path is of this API: its failures are problem documents.
#[must_use]
pub fn is_path(path: &str) -> bool {
    let mut parts = path.split('/').skip(1);
    let municipality = parts.next().unwrap_or_default();
    let digits = municipality.len() == 4 && municipality.bytes().all(|b| b.is_ascii_digit());
    digits && parts.nth(1) == Some("errands")
}

/// Sees to it that the path names our municipality and namespace.
fn ours(state: &AppState, municipality: &str, namespace: &str) -> Result<(), Problem> {
    let digits = municipality.len() == 4 && municipality.bytes().all(|b| b.is_ascii_digit());
    if !digits {
        return Err(Problem::bad_request("municipalityId: four digits, such as 2281"));
    }
    let programs = &state.config.programs;
    if municipality != programs.municipality_id {
        return Err(Problem::not_found("municipality here"));
    }
    if namespace == programs.namespace { Ok(()) } else { Err(Problem::not_found("namespace here")) }
}

/// The case an errand's id names, for a key that may open it. What a key may not open is not there for it.
fn found(s: &mut Session<'_>, viewer: cases::Viewer, id: CaseId) -> Result<Case, Refused> {
    let missing = || Refused(Problem::not_found("errand"));
    let id = queries::kept(s, id)?;
    let case = queries::case(s, id)?.ok_or_else(missing)?;
    match viewer.opens(s, &case) {
        Ok(()) => Ok(case),
        Err(CasesError::Secret | CasesError::Sealed) => Err(missing()),
        Err(other) => Err(other.into()),
    }
}

/// A version's mark.
fn mark(case: &Case) -> String {
    format!("\"{}\"", case.revision)
}

/// Sees to it that a change was made from the version that is there, if it says from which.
fn unchanged(headers: &HeaderMap, case: &Case) -> Result<(), Refused> {
    let Some(asked) = headers.get(header::IF_MATCH) else { return Ok(()) };
    let own = mark(case);
    let asked = asked.to_str().unwrap_or_default();
    if asked.split(',').map(str::trim).any(|one| one == "*" || one == own) {
        Ok(())
    } else {
        let detail = "the errand has been changed since; read it anew";
        Err(Refused(Problem::of(StatusCode::PRECONDITION_FAILED, Some(detail.into()))))
    }
}

fn with_mark(case: &Case) -> HeaderMap {
    let mut headers = HeaderMap::new();
    if let Ok(value) = HeaderValue::try_from(mark(case)) {
        headers.insert(header::ETAG, value);
    }
    headers
}

/// Where an errand is.
fn location(state: &AppState, case: CaseId) -> String {
    let programs = &state.config.programs;
    format!("/{}/{}/errands/{}", programs.municipality_id, programs.namespace, case.into_untyped_uuid())
}

/// A refusal out of a transaction.
pub(super) struct Refused(pub(super) Problem);

impl From<storage::StorageError> for Refused {
    fn from(error: storage::StorageError) -> Self {
        Self(error.into())
    }
}

impl From<people::PeopleError> for Refused {
    fn from(error: people::PeopleError) -> Self {
        match error {
            people::PeopleError::Text(error) => Self(Problem::field(error.field, error.fault.to_string())),
            other => Self(crate::error::PageError::from(other).into()),
        }
    }
}

impl From<CasesError> for Refused {
    fn from(error: CasesError) -> Self {
        Self(match error {
            CasesError::Text(error) => Problem::field(error.field, error.fault.to_string()),
            CasesError::NotFound { what: "officer" } => {
                Problem::field("status", "nobody is asked when this type has no officer of its own")
            }
            CasesError::NotFound { what } => Problem::not_found(what),
            CasesError::DayOutOfRange { .. } => Problem::field("suspension.suspendedTo", error.to_string()),
            CasesError::CaseTypeInactive => Problem::field("classification.type", error.to_string()),
            other => crate::error::PageError::from(other).into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whose_failures_are_problems() {
        for path in ["/0599/CONTACTCENTER/errands", "/2281/x/errands/1/notes"] {
            assert!(is_path(path), "{path}");
        }
        for path in ["/cases", "/059/CONTACTCENTER/errands", "/0599/errands", "/abcd/x/errands", "/"] {
            assert!(!is_path(path), "{path}");
        }
    }
}
