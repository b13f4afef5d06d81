//! What can be done with surveys.

use contacts::queries as contact_rows;
use people::residents::queries as resident_rows;
use storage::jobs::NewJob;
use storage::timeline::{Entry, Subject};
use storage::{Session, StorageError};
use vocabulary::{
    ContactId, Context, GenericUuid as _, InvitationId, NewId as _, ResponseId, Timestamp, local_day,
    start_of_day,
};

use crate::calling::{calling_time, is_calling_time};
use crate::model::{
    Answer, AnswerSheet, CallPlan, Facts, InvitationState, NotInvited, SCORE_MAX, SCORE_MIN, SIX_PARAMETERS,
    SURVEY_CALL, SurveyRules, may_invite,
};
use crate::{SurveysError, queries};

fn record(
    s: &mut Session<'_>,
    ctx: &Context,
    kind: &'static str,
    invitation: InvitationId,
) -> Result<(), StorageError> {
    let subject = Subject { kind: "survey_invitation", id: invitation.into_untyped_uuid() };
    storage::timeline::append(s, ctx, Entry { kind, subject, related: None, detail: None })?;
    Ok(())
}

/// After a call: invites the resident to a survey if the rules and chance say so, and puts the ringing-up in the list of
/// jobs. To be called when a call has ended, in the same transaction. Twice for one contact invites at most once. A
/// contact nobody knows is not asked about, and not an error: a survey is not worth losing a call's record for.
///
/// # Errors
/// The database.
pub fn invite_after(
    s: &mut Session<'_>,
    ctx: &Context,
    rules: &SurveyRules,
    contact: ContactId,
) -> Result<Option<InvitationId>, SurveysError> {
    match decide(s, ctx, rules, contact) {
        Ok(Ok(invitation)) => Ok(Some(invitation)),
        Ok(Err(why)) => {
            tracing::debug!(?why, "no survey");
            Ok(None)
        }
        Err(SurveysError::NotFound { what }) => {
            tracing::warn!(what, "no survey after what is not there");
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// [`invite_after`], with the reason why not.
///
/// # Errors
/// There is no such contact.
pub fn decide(
    s: &mut Session<'_>,
    ctx: &Context,
    rules: &SurveyRules,
    contact: ContactId,
) -> Result<Result<InvitationId, NotInvited>, SurveysError> {
    let call = contact_rows::by_id(s, contact)?.ok_or(SurveysError::NotFound { what: "contact" })?;
    if queries::invited_after(s, contact)? {
        return Ok(Err(NotInvited::Already));
    }
    // The one whose number rang, not the one the guide may have filled in: a guide has no say in who is asked.
    let caller = match &call.caller_number {
        Some(number) => resident_rows::by_telephone(s, number)?,
        None => None,
    };
    let Some(caller) = caller else { return Ok(Err(NotInvited::NoNumber)) };
    let facts = Facts {
        ending: call.ending,
        has_number: true,
        protected: caller.protected,
        opted_out: caller.survey_opt_out,
        last_invited_at: queries::last_invited(s, caller.id)?,
    };
    if let Err(why) = may_invite(rules, &facts, ctx.now) {
        return Ok(Err(why));
    }
    if ctx.chance.unit() >= rules.share {
        return Ok(Err(NotInvited::NotSampled));
    }
    // A centre that does not open for a month is asked again by the job itself when its time comes.
    let earliest = ctx.now + rules.delay();
    let run_at = calling_time(rules, earliest).unwrap_or(earliest);
    let invitation: InvitationId = ctx.next_id();
    queries::insert_invitation(s, invitation, caller.id, contact, ctx.now)?;
    let job = NewJob {
        kind: SURVEY_CALL,
        payload: serde_json::json!({ "invitation": invitation }),
        run_at,
        dedupe_key: Some(format!("{SURVEY_CALL}:{invitation}")),
    };
    storage::jobs::enqueue(s, ctx, job)?;
    record(s, ctx, "survey_invited", invitation)?;
    Ok(Ok(invitation))
}

/// What is to be done about an invitation whose time has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Begin {
    /// Ring them up; the invitation is marked as being called, and is never called again.
    Call(CallPlan),
    /// Not now: this is the next time people may be rung up.
    Later(Timestamp),
    /// Nothing: it is over, or they have since said no or been protected.
    Over,
}

/// Takes an invitation up. Doubled jobs and a crash in the middle of a call do not ring anybody up twice.
///
/// # Errors
/// There is no such invitation.
pub fn begin_call(
    s: &mut Session<'_>,
    ctx: &Context,
    rules: &SurveyRules,
    invitation: InvitationId,
) -> Result<Begin, SurveysError> {
    let found = queries::invitation(s, invitation)?.ok_or(SurveysError::NotFound { what: "invitation" })?;
    if found.state != InvitationState::Waiting {
        close(s, ctx, invitation)?;
        return Ok(Begin::Over);
    }
    if !is_calling_time(rules, ctx.now)
        && let Some(later) = calling_time(rules, ctx.now)
    {
        return Ok(Begin::Later(later));
    }
    let resident = resident_rows::by_id(s, found.resident)?;
    let willing = resident.filter(|resident| !resident.protected && !resident.survey_opt_out);
    let contact = contact_rows::by_id(s, found.contact)?;
    let number = contact.as_ref().and_then(|contact| contact.caller_number.clone());
    let (Some(resident), Some(number)) = (willing, number) else {
        close(s, ctx, invitation)?;
        return Ok(Begin::Over);
    };
    queries::update_state(s, invitation, InvitationState::Calling)?;
    let group = match contact.and_then(|contact| contact.group) {
        Some(group) => {
            let today = start_of_day(local_day(ctx.now));
            (queries::asked_since(s, group, today)? >= rules.group_asked_min).then_some(group)
        }
        None => None,
    };
    let questionnaire = SIX_PARAMETERS;
    let sheet = AnswerSheet { questionnaire, group };
    Ok(Begin::Call(CallPlan { invitation, number, language: resident.language, questionnaire, sheet }))
}

/// Writes down what somebody answered. No answers, no response.
///
/// It takes no invitation and writes no timeline entry, and must have a transaction of its own: nothing may join the
/// answers to anything else. [`crate::conduct`] sees to that.
///
/// # Errors
/// An answer is off the scale, to a question not asked, or given twice.
pub fn record_answers(
    s: &mut Session<'_>,
    ctx: &Context,
    sheet: &AnswerSheet,
    answers: &[Answer],
) -> Result<(), SurveysError> {
    check(sheet, answers)?;
    if answers.is_empty() {
        return Ok(());
    }
    let day = local_day(ctx.now);
    queries::insert_response(s, ResponseId::untimed(&*ctx.chance), day, sheet, answers)?;
    // As the last one written, it would lie last on the disk, beside the call just ended. Now all of the day lie in
    // the order of their random ids.
    queries::rewrite_day(s, day)?;
    Ok(())
}

fn check(sheet: &AnswerSheet, answers: &[Answer]) -> Result<(), SurveysError> {
    for (i, answer) in answers.iter().enumerate() {
        let parameter = answer.parameter;
        if !(SCORE_MIN..=SCORE_MAX).contains(&answer.score) {
            return Err(SurveysError::Score { parameter, score: answer.score });
        }
        let twice = answers.iter().take(i).any(|before| before.parameter == parameter);
        if twice || !sheet.questionnaire.questions.contains(&parameter) {
            return Err(SurveysError::Question { parameter });
        }
    }
    Ok(())
}

/// The matter is over, however it went. In a transaction after that of the answers.
///
/// # Errors
/// The database.
pub fn close(s: &mut Session<'_>, ctx: &Context, invitation: InvitationId) -> Result<(), SurveysError> {
    if queries::update_state(s, invitation, InvitationState::Done)? > 0 {
        record(s, ctx, "survey_over", invitation)?;
    }
    Ok(())
}
