//! Calls to officers: every attempt is written down, answered or not, because units that cannot be reached are what
//! makes residents unhappy.

use super::forward::load_question;
use super::steps::{acting_user, load_case, record};
use crate::error::CasesError;
use crate::model::{CallOutcome, FollowUp};
use crate::queries::calls::{self, OfficerCall};
use storage::Session;
use vocabulary::GenericUuid as _;
use vocabulary::{Context, FollowUpId, OfficerCallId, SignedDuration};

/// The same outcome by the same person within this time is the same call told twice.
const SAME_CALL_WITHIN: SignedDuration = SignedDuration::from_mins(2);
/// A call that was logged as answered so long ago is the one whose answer is written down now.
const ANSWER_OF_CALL_WITHIN: SignedDuration = SignedDuration::from_mins(30);

/// Writes down that an officer was phoned about a question, and how that went.
///
/// # Errors
/// There is no such question.
pub fn log_officer_call(
    s: &mut Session<'_>,
    ctx: &Context,
    follow_up: FollowUpId,
    outcome: CallOutcome,
) -> Result<OfficerCallId, CasesError> {
    let question = load_question(s, follow_up)?;
    log_call(s, ctx, &question, outcome, SAME_CALL_WITHIN)
}

/// Writes down that an officer answered the telephone, unless that has just been written down.
pub(super) fn answered_by_telephone(
    s: &mut Session<'_>,
    ctx: &Context,
    question: &FollowUp,
) -> Result<(), CasesError> {
    log_call(s, ctx, question, CallOutcome::Reached, ANSWER_OF_CALL_WITHIN).map(drop)
}

fn log_call(
    s: &mut Session<'_>,
    ctx: &Context,
    question: &FollowUp,
    outcome: CallOutcome,
    same_within: SignedDuration,
) -> Result<OfficerCallId, CasesError> {
    let by = acting_user(ctx);
    let known = calls::calls_about(s, question.id)?.into_iter().rev().find(|call| {
        call.outcome == outcome
            && call.called_by == by
            && ctx.now.duration_since(call.called_at) <= same_within
    });
    if let Some(known) = known {
        return Ok(known.id);
    }
    let case = load_case(s, question.case_id)?;
    let call = OfficerCall {
        id: ctx.next_id(),
        follow_up_id: question.id,
        officer_id: question.officer_id,
        outcome,
        called_at: ctx.now,
        called_by: by,
    };
    calls::insert_call(s, &call)?;
    let related = Some(question.id.into_untyped_uuid());
    record(s, ctx, "officer_called", case.id, related, Some(outcome.to_string()))?;
    Ok(call.id)
}
