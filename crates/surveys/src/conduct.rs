//! One survey call from beginning to end, with the transactions in the right order. What rings and listens is brought by
//! the telephony.

use storage::Database;
use storage::jobs::JobError;
use vocabulary::{Context, InvitationId};

use crate::SurveysError;
use crate::commands::{self, Begin};
use crate::model::{Answer, CallPlan, SurveyRules};

/// How a survey call went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// They answered the telephone; these are their answers, perhaps not to all questions, perhaps to none.
    Answered(Vec<Answer>),
    /// They did not answer the telephone.
    Unreached,
}

/// Conducts the survey of one invitation: takes it up, lets `ask` ring and listen, writes the answers in a transaction
/// of their own, and closes the invitation in another. `context` is asked for anew at each step, since a call takes time.
///
/// # Errors
/// [`JobError::Later`] outside calling hours; nothing was begun then. Otherwise what the database says; a call that was
/// begun is never repeated.
pub async fn conduct<A>(
    db: &Database,
    context: impl Fn() -> Context,
    rules: &SurveyRules,
    invitation: InvitationId,
    ask: impl FnOnce(CallPlan) -> A,
) -> Result<(), JobError>
where
    A: Future<Output = Asked>,
{
    let (ctx, rules) = (context(), rules.clone());
    let begun = db.write(move |s| commands::begin_call(s, &ctx, &rules, invitation)).await?;
    let plan = match begun {
        Begin::Call(plan) => plan,
        Begin::Later(at) => return Err(JobError::Later(at)),
        Begin::Over => return Ok(()),
    };
    let sheet = plan.sheet;
    let questions = plan.questionnaire.questions.len();
    let asked = ask(plan).await;
    let result = match &asked {
        Asked::Unreached => "unreached",
        Asked::Answered(answers) if answers.is_empty() => "declined",
        Asked::Answered(answers) if answers.len() < questions => "partly",
        Asked::Answered(_) => "answered",
    };
    metrics::counter!("survey_calls_total", "result" => result).increment(1);
    let kept = match asked {
        Asked::Answered(answers) => {
            let ctx = context();
            db.write(move |s| commands::record_answers(s, &ctx, &sheet, &answers)).await
        }
        Asked::Unreached => Ok(()),
    };
    let ctx = context();
    db.write(move |s| commands::close(s, &ctx, invitation)).await?;
    kept.map_err(|error: SurveysError| JobError::GiveUp(error.to_string()))
}
