//! Opening a case: reading it leaves a trace.

use crate::error::CasesError;
use crate::model::Viewer;
use crate::queries::{CasePage, case_page};
use people::audit::{Opened, opened};
use storage::Session;
use vocabulary::{CaseId, Context};

/// The page of a case, and in the same transaction who opened it.
///
/// # Errors
/// [`CasesError::NotFound`], or [`CasesError::Secret`] if the viewer is not one of those it is for.
pub fn open_case(
    s: &mut Session<'_>,
    ctx: &Context,
    viewer: Viewer,
    id: CaseId,
) -> Result<CasePage, CasesError> {
    let page = case_page(s, viewer, id, ctx.now)?;
    opened(s, ctx, Opened::Case(id))?;
    Ok(page)
}
