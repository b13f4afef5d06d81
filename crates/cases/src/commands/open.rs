//! Opening a case: reading it leaves a trace.

use crate::error::CasesError;
use crate::queries::{CasePage, case_page};
use crate::viewer::Viewer;
use people::audit::{Opened, opened};
use storage::Session;
use vocabulary::{CaseId, Context};

/// The page of a case, and in the same transaction who opened it.
///
/// # Errors
/// [`CasesError::NotFound`], [`CasesError::Sealed`] if the viewer may only know that it is there, or
/// [`CasesError::Secret`] if it is only for those named in it.
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
