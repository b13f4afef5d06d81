//! The officer's answer, by link or taken by telephone.

use super::forward::load_question;
use super::notes::write_note;
use super::steps::{
    Told, add_task, days_ahead, end_question, finish_tasks, load_case, post_to_officer, record, take_step,
    tell_resident, token_of, touch, waiting_questions,
};
use super::wind;
use crate::clock::{last_day_to_ask_for, may_extend_to};
use crate::error::CasesError;
use crate::limits::{ANSWER_CHARS_MAX, OFFICER_LINK_DAYS, REASON_CHARS_MAX, SUGGESTION_CHARS_MAX};
use crate::model::{Case, CaseSettings, FollowUp, FollowUpState, TaskKind};
use crate::queries::{open_link, store, store_follow_ups};
use crate::status::Step;
use crate::words::Exchange;
use people::LinkKind;
use people::text;
use storage::Session;
use vocabulary::GenericUuid as _;
use vocabulary::civil::Date;
use vocabulary::{Actor, CaseOutcome, CaseStatus, Context, FollowUpId, local_day};

/// The author of what a resident has written, as notes have it.
const RESIDENT: &str = "resident";

/// What an officer answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OfficerAnswer {
    /// It is done.
    Done {
        /// The answer.
        text: String,
        /// Whether the resident may read it as it is. Otherwise the contact centre tells them.
        public: bool,
    },
    /// It takes longer.
    MoreTime {
        /// The day the officer promises.
        until: Date,
        /// Why; may be blank.
        reason: String,
    },
    /// It belongs with somebody else.
    WrongRecipient {
        /// Why.
        reason: String,
        /// With whom, if the officer knows; may be blank.
        suggestion: String,
    },
    /// The officer cannot go on before the resident has answered.
    AskResident {
        /// The question. The resident reads it as it stands.
        text: String,
    },
}

/// An answer that has been taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// The question as it stands now.
    pub follow_up: FollowUp,
    /// Whether the same answer had come before.
    pub already: bool,
}

/// Takes an officer's answer in, by the link's `token`. The same answer again changes nothing.
///
/// # Errors
/// [`CasesError::Link`] if the link does not hold, [`CasesError::AlreadyAnswered`] if something else has been answered,
/// or a text or day is not acceptable.
pub fn officer_answer(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    token: &str,
    answer: &OfficerAnswer,
) -> Result<Answered, CasesError> {
    let link = open_link(s, &settings.signing_key, LinkKind::Officer, token, ctx.now)?;
    let follow_up = link.follow_up_id.ok_or(CasesError::NotFound { what: "follow-up" })?;
    let question = load_question(s, follow_up)?;
    let officer = Context::new(ctx.now, Actor::Officer(question.officer_id), ctx.chance.clone());
    take_answer(s, &officer, settings, question, answer)
}

/// The token of the link that `follow_up` was sent with, for a simulated officer who reads no mail.
///
/// # Errors
/// There is no such question.
pub fn officer_token(
    s: &mut Session<'_>,
    settings: &CaseSettings,
    follow_up: FollowUpId,
) -> Result<String, CasesError> {
    let link = store::officer_link(s, follow_up)?.ok_or(CasesError::NotFound { what: "link" })?;
    Ok(token_of(settings, LinkKind::Officer, link.id))
}

/// Takes an answer in, whoever hands it over.
pub(super) fn take_answer(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    question: FollowUp,
    answer: &OfficerAnswer,
) -> Result<Answered, CasesError> {
    match answer {
        OfficerAnswer::Done { text, public } => {
            let text = text::paragraphs("answer", text, ANSWER_CHARS_MAX)?;
            if let Some(known) = known_answer(s, &question, FollowUpState::Done, &text)? {
                return Ok(known);
            }
            done(s, ctx, settings, question, text, *public)
        }
        OfficerAnswer::MoreTime { until, reason } => {
            let reason = text::optional_paragraphs("reason", reason, REASON_CHARS_MAX)?;
            more_time(s, ctx, question, *until, reason)
        }
        OfficerAnswer::WrongRecipient { reason, suggestion } => {
            let reason = text::paragraphs("reason", reason, REASON_CHARS_MAX)?;
            let suggestion = text::optional_paragraphs("suggestion", suggestion, SUGGESTION_CHARS_MAX)?;
            let text = [Some(reason), suggestion].into_iter().flatten().collect::<Vec<_>>().join("\n\n");
            if let Some(known) = known_answer(s, &question, FollowUpState::WrongRecipient, &text)? {
                return Ok(known);
            }
            wrong_recipient(s, ctx, settings, question, text)
        }
        OfficerAnswer::AskResident { text } => {
            let text = text::paragraphs("question", text, ANSWER_CHARS_MAX)?;
            ask_resident(s, ctx, settings, question, text)
        }
    }
}

/// Puts an officer's question to the resident: it stands on the resident's page, the resident is told that the case
/// waits for them, and every clock of the case stands still until they have answered.
fn ask_resident(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    mut question: FollowUp,
    text: String,
) -> Result<Answered, CasesError> {
    if question.state != FollowUpState::Waiting {
        return Err(CasesError::AlreadyAnswered { state: question.state, at: question.answered_at });
    }
    let before = store_follow_ups::answer_to(s, question.id, question.case_id)?;
    if question.asked_resident_at.is_some() && before.is_some_and(|note| note.public && note.text == text) {
        return Ok(Answered { follow_up: question, already: true });
    }
    let mut case = load_case(s, question.case_id)?;
    write_note(s, ctx, &case, text, true, Some(question.id))?;
    question.asked_resident_at = Some(ctx.now);
    store_follow_ups::update_follow_up(s, &question)?;
    let related = Some(question.id.into_untyped_uuid());
    record(s, ctx, "follow_up_asked_resident", case.id, related, None)?;
    // Who asks the resident has taken the case up, and need not be phoned.
    finish_tasks(s, ctx, case.id, |task| {
        task.kind == TaskKind::CallOfficer && task.follow_up_id == Some(question.id)
    })?;
    if case.status == CaseStatus::WaitingForResident {
        touch(s, ctx, &mut case)?;
    } else {
        take_step(s, ctx, &mut case, Step::WaitForResident)?;
    }
    if tell_resident(s, ctx, settings, &case, false)? != Told::Yes {
        add_task(s, ctx, TaskKind::TellResident, case.id, Some(question.id))?;
    }
    Ok(Answered { follow_up: load_question(s, question.id)?, already: false })
}

/// Tells the officers who have asked the resident what the answer is, or that the waiting is over without one. To be
/// called when the case has gone on; a case in which nobody has asked is left alone.
pub(super) fn resident_has_answered(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    case: &Case,
) -> Result<(), CasesError> {
    for mut question in waiting_questions(s, case.id)? {
        let Some(since) = question.asked_resident_at.take() else { continue };
        store_follow_ups::update_follow_up(s, &question)?;
        let words: Vec<String> = store_follow_ups::notes_of(s, case.id)?
            .into_iter()
            .filter(|note| note.author_kind == RESIDENT && note.written_at >= since)
            .map(|note| note.text)
            .collect();
        let words = words.join("\n\n");
        let exchange = match (words.is_empty(), case.may_travel_by_mail()) {
            (true, _) => Exchange::GoesOn,
            (false, true) => Exchange::Told(&words),
            (false, false) => Exchange::Secret,
        };
        let officer = people::directory::queries::officer(s, question.officer_id)?;
        let link = store::officer_link(s, question.id)?;
        if let (Some(officer), Some(link)) = (officer.filter(|officer| officer.active), link) {
            store::prolong_link(s, link.id, days_ahead(ctx, OFFICER_LINK_DAYS))?;
            let due = question.clock.due_day;
            post_to_officer(s, ctx, settings, (&officer, case, &question), link.id, |letter| {
                letter.resident_answered(due, exchange)
            })?;
        }
        let related = Some(question.id.into_untyped_uuid());
        record(s, ctx, "follow_up_resident_answered", case.id, related, None)?;
    }
    Ok(())
}

/// What to say to an answer to a question that is no longer open: that we have it already, if it is the same, or that
/// it came too late. None if the question is open.
fn known_answer(
    s: &mut Session<'_>,
    question: &FollowUp,
    state: FollowUpState,
    text: &str,
) -> Result<Option<Answered>, CasesError> {
    if question.state == FollowUpState::Waiting {
        return Ok(None);
    }
    let before = store_follow_ups::answer_to(s, question.id, question.case_id)?;
    if question.state == state && before.is_some_and(|note| note.text == text) {
        return Ok(Some(Answered { follow_up: question.clone(), already: true }));
    }
    Err(CasesError::AlreadyAnswered { state: question.state, at: question.answered_at })
}

fn done(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    mut question: FollowUp,
    text: String,
    public: bool,
) -> Result<Answered, CasesError> {
    let mut case = load_case(s, question.case_id)?;
    write_note(s, ctx, &case, text, public, Some(question.id))?;
    end_question(s, ctx, &mut question, FollowUpState::Done)?;
    let word = if public { "public" } else { "internal" };
    record(
        s,
        ctx,
        "follow_up_answered",
        case.id,
        Some(question.id.into_untyped_uuid()),
        Some(word.to_owned()),
    )?;
    let others_asked = store_follow_ups::officer_is_asked(s, case.id)?;
    let solved = !others_asked && case.status != CaseStatus::Solved;
    if solved {
        take_step(s, ctx, &mut case, Step::OfficerDone)?;
        case.outcome = Some(CaseOutcome::Forwarded);
        store::update_case(s, &case)?;
    } else {
        touch(s, ctx, &mut case)?;
    }
    let told = if solved || public { tell_resident(s, ctx, settings, &case, public)? } else { Told::Nobody };
    // The resident nearly always gets an answer: if Lots cannot give it, a person must.
    if told == Told::Unreachable || (!public && case.resident_id.is_some()) {
        add_task(s, ctx, TaskKind::TellResident, case.id, Some(question.id))?;
    }
    Ok(Answered { follow_up: question, already: false })
}

fn more_time(
    s: &mut Session<'_>,
    ctx: &Context,
    mut question: FollowUp,
    until: Date,
    reason: Option<String>,
) -> Result<Answered, CasesError> {
    if question.state != FollowUpState::Waiting {
        return Err(CasesError::AlreadyAnswered { state: question.state, at: question.answered_at });
    }
    if question.clock.extended_to_day == Some(until) {
        return Ok(Answered { follow_up: question, already: true });
    }
    if !may_extend_to(ctx.now, until) {
        let earliest = local_day(ctx.now).tomorrow().unwrap_or(Date::MAX);
        return Err(CasesError::DayOutOfRange { earliest, latest: last_day_to_ask_for(ctx.now) });
    }
    let mut case = load_case(s, question.case_id)?;
    if let Some(reason) = reason {
        write_note(s, ctx, &case, reason, false, Some(question.id))?;
    }
    question.clock = question.clock.extended(question.terms, until, ctx.now);
    store_follow_ups::update_follow_up(s, &question)?;
    wind(s, ctx, &question)?;
    if let Some(link) = store::officer_link(s, question.id)? {
        let days = (until - local_day(ctx.now)).get_days();
        store::prolong_link(s, link.id, days_ahead(ctx, i64::from(days) + OFFICER_LINK_DAYS))?;
    }
    // Who has answered that it takes longer need not be phoned to be asked.
    finish_tasks(s, ctx, case.id, |task| {
        task.kind == TaskKind::CallOfficer && task.follow_up_id == Some(question.id)
    })?;
    touch(s, ctx, &mut case)?;
    let detail = Some(until.to_string());
    record(s, ctx, "follow_up_more_time", case.id, Some(question.id.into_untyped_uuid()), detail)?;
    Ok(Answered { follow_up: question, already: false })
}

fn wrong_recipient(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    mut question: FollowUp,
    text: String,
) -> Result<Answered, CasesError> {
    let mut case = load_case(s, question.case_id)?;
    write_note(s, ctx, &case, text, false, Some(question.id))?;
    end_question(s, ctx, &mut question, FollowUpState::WrongRecipient)?;
    record(s, ctx, "follow_up_wrong_recipient", case.id, Some(question.id.into_untyped_uuid()), None)?;
    add_task(s, ctx, TaskKind::FindRecipient, case.id, Some(question.id))?;
    step_back(s, ctx, settings, &mut case)?;
    Ok(Answered { follow_up: question, already: false })
}

/// The case is the contact centre's again, if nobody else is asked.
fn step_back(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    case: &mut Case,
) -> Result<(), CasesError> {
    if store_follow_ups::officer_is_asked(s, case.id)? {
        touch(s, ctx, case)?;
        Ok(())
    } else {
        if take_step(s, ctx, case, Step::OfficerGone)? {
            tell_resident(s, ctx, settings, case, false)?;
        }
        Ok(())
    }
}
