//! How secret one case is.

use super::notes::write_note;
use super::steps::{load_case_for, record, touch};
use crate::error::CasesError;
use crate::limits::REASON_CHARS_MAX;
use crate::model::Case;
use people::text;
use storage::Session;
use vocabulary::{CaseId, Context, SecrecyClass};

/// Makes a case more or less secret than its type is. The reason is kept as an internal note: whoever asks for the case
/// later, a resident or a court, is owed why. That less secrecy takes another right than more is for the policy to say.
///
/// # Errors
/// There is no reason in `reason`, or the case is not there or not for whoever asks.
pub fn set_secrecy(
    s: &mut Session<'_>,
    ctx: &Context,
    case: CaseId,
    class: SecrecyClass,
    reason: &str,
) -> Result<Case, CasesError> {
    let mut case = load_case_for(s, ctx, case)?;
    if case.secrecy_class == class {
        return Ok(case);
    }
    let reason = text::paragraphs("secrecy_reason", reason, REASON_CHARS_MAX)?;
    let from = std::mem::replace(&mut case.secrecy_class, class);
    write_note(s, ctx, &case, reason, false, None)?;
    touch(s, ctx, &mut case)?;
    record(s, ctx, "case_secrecy_set", case.id, None, Some(format!("{from} {class}")))?;
    Ok(case)
}
