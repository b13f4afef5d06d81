//! Asking an officer, asking another one instead, and taking the question back.

use super::steps::{
    days_ahead, end_question, finish_tasks, load_case_for, post_to_officer, record, take_step, tell_resident,
    token_of, touch,
};
use crate::clock::FollowUpClock;
use crate::error::CasesError;
use crate::jobs;
use crate::limits::{FOLLOW_UPS_PER_CASE_MAX, MESSAGE_CHARS_MAX, OFFICER_LINK_DAYS};
use crate::links::OFFICER_PATH;
use crate::model::{Case, CaseSettings, FollowUp, FollowUpState, TaskKind};
use crate::queries::{self, store, store_follow_ups, terms};
use crate::status::Step;
use people::LinkKind;
use people::directory::Officer;
use people::text;
use storage::jobs::NewJob;
use storage::{Session, StorageError};
use vocabulary::GenericUuid as _;
use vocabulary::{CaseId, Context, FollowUpId, LinkId, OfficerId, Timestamp, local_day};

/// A case to be sent to an officer.
#[derive(Clone, Debug)]
pub struct Forward {
    /// The case.
    pub case_id: CaseId,
    /// Who is asked; none asks the recipient of the assignment, or the first substitute who is there.
    pub officer_id: Option<OfficerId>,
    /// What is asked; may be blank, since the case speaks for itself.
    pub message: String,
    /// Working days to answer within; none takes the assignment's.
    pub due_working_days: Option<u16>,
}

/// A question that has been sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forwarded {
    /// The question and its clock.
    pub follow_up: FollowUp,
    /// The token of the officer's link.
    pub token: String,
    /// Whether the same officer had been asked the same before.
    pub already: bool,
}

impl Forwarded {
    /// The path of the officer's page under the public address.
    #[must_use]
    pub fn path(&self) -> String {
        format!("{OFFICER_PATH}{}", self.token)
    }
}

/// Asks an officer about a case: an e-mail with a link goes out, the follow-up clock starts, and the resident is told.
///
/// # Errors
/// The case is closed, the officer is not there, not active, or asked already in other words, or the message is not
/// acceptable.
pub fn forward(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    cmd: &Forward,
) -> Result<Forwarded, CasesError> {
    let mut case = load_case_for(s, ctx, cmd.case_id)?;
    ask(s, ctx, settings, &mut case, cmd)
}

/// What [`forward`] and [`change_recipient`] have in common.
pub(super) fn ask(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    case: &mut Case,
    cmd: &Forward,
) -> Result<Forwarded, CasesError> {
    let message = text::optional_paragraphs("message", &cmd.message, MESSAGE_CHARS_MAX)?.unwrap_or_default();
    let assignment = terms::assignment(s, case.case_type_id, settings.terms)?;
    let officer_id = match cmd.officer_id {
        Some(chosen) => chosen,
        None => {
            let recipient = terms::recipient(s, &assignment, local_day(ctx.now))?;
            recipient.ok_or(CasesError::NotFound { what: "officer" })?.officer.id
        }
    };
    let earlier = queries::follow_ups_of(s, case.id)?;
    if let Some(same) =
        earlier.iter().find(|f| f.officer_id == officer_id && f.state == FollowUpState::Waiting)
    {
        return if same.message == message {
            sent_already(s, settings, same)
        } else {
            Err(CasesError::AlreadyAsked)
        };
    }
    if earlier.len() >= FOLLOW_UPS_PER_CASE_MAX {
        return Err(CasesError::TooMany { what: "questions to officers", max: FOLLOW_UPS_PER_CASE_MAX });
    }
    let officer = active_officer(s, officer_id)?;
    case.officer_id = Some(officer.id);
    case.department_id = officer.department;
    let changed = take_step(s, ctx, case, Step::Forward)?;
    finish_tasks(s, ctx, case.id, |task| task.kind == TaskKind::FindRecipient)?;

    let terms = match cmd.due_working_days {
        Some(days) => assignment.terms.with_due(days),
        None => assignment.terms,
    };
    let follow_up = FollowUp {
        id: ctx.next_id(),
        case_id: case.id,
        officer_id,
        message,
        state: FollowUpState::Waiting,
        sent_at: ctx.now,
        clock: FollowUpClock::started(terms, ctx.now),
        answered_at: None,
        terms,
        asked_resident_at: None,
    };
    store_follow_ups::insert_follow_up(s, &follow_up)?;
    wind(s, ctx, &follow_up)?;
    record(s, ctx, "case_forwarded", case.id, Some(follow_up.id.into_untyped_uuid()), None)?;
    let link = make_link(s, ctx, &follow_up)?;
    send_question(s, ctx, settings, (&officer, case, &follow_up), link, &assignment.checklist)?;
    if changed {
        tell_resident(s, ctx, settings, case, false)?;
    }
    Ok(Forwarded { follow_up, token: token_of(settings, LinkKind::Officer, link), already: false })
}

fn sent_already(
    s: &mut Session<'_>,
    settings: &CaseSettings,
    same: &FollowUp,
) -> Result<Forwarded, CasesError> {
    let link = store::officer_link(s, same.id)?.ok_or(CasesError::NotFound { what: "link" })?;
    let token = token_of(settings, LinkKind::Officer, link.id);
    Ok(Forwarded { follow_up: same.clone(), token, already: true })
}

fn active_officer(s: &mut Session<'_>, id: OfficerId) -> Result<Officer, CasesError> {
    let officer =
        people::directory::queries::officer(s, id)?.ok_or(CasesError::NotFound { what: "officer" })?;
    if officer.active { Ok(officer) } else { Err(CasesError::OfficerInactive) }
}

fn make_link(s: &mut Session<'_>, ctx: &Context, question: &FollowUp) -> Result<LinkId, StorageError> {
    let link = store::LinkRow {
        id: ctx.next_id(),
        case_id: question.case_id,
        follow_up_id: Some(question.id),
        expires_at: days_ahead(ctx, OFFICER_LINK_DAYS),
        revoked_at: None,
    };
    store::insert_link(s, LinkKind::Officer.as_str(), &link, ctx.now)?;
    Ok(link.id)
}

fn send_question(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    to: (&Officer, &Case, &FollowUp),
    link: LinkId,
    checklist: &[String],
) -> Result<(), StorageError> {
    let (_, case, question) = to;
    let content = case.may_travel_by_mail().then_some((
        case.title.as_str(),
        question.message.as_str(),
        case.description.as_str(),
    ));
    post_to_officer(s, ctx, settings, to, link, |letter| {
        letter.question(question.clock.due_day, content, checklist)
    })
}

/// Winds the clock of a question: the jobs for its next reminder, its call task and its escalation. What they find out of date when
/// they run, they leave alone.
pub(crate) fn wind(s: &mut Session<'_>, ctx: &Context, question: &FollowUp) -> Result<(), StorageError> {
    if question.state != FollowUpState::Waiting || question.clock.paused_at.is_some() {
        return Ok(());
    }
    let alarms = [
        (jobs::FOLLOW_UP_REMINDER, question.clock.reminder_at),
        (jobs::FOLLOW_UP_CALL_TASK, question.clock.call_task_at),
        (jobs::FOLLOW_UP_ESCALATION, question.clock.escalate_at),
    ];
    for (kind, at) in alarms {
        let Some(run_at) = at else { continue };
        let dedupe_key = Some(alarm_key(kind, question.id, run_at));
        let payload = serde_json::json!({ "follow_up": question.id });
        storage::jobs::enqueue(s, ctx, NewJob { kind, payload, run_at, dedupe_key })?;
    }
    Ok(())
}

fn alarm_key(kind: &str, question: FollowUpId, at: Timestamp) -> String {
    format!("{kind}:{question}:{}", at.as_microsecond())
}

/// A question to be put to another officer instead.
#[derive(Clone, Debug)]
pub struct ChangeRecipient {
    /// The question that is taken back.
    pub follow_up_id: FollowUpId,
    /// Who is asked instead.
    pub officer_id: OfficerId,
    /// What is asked; blank repeats what the first officer was asked.
    pub message: String,
}

/// Takes a question back from one officer and puts it to another. The first is told, and their link stops working.
///
/// # Errors
/// As [`forward`], or the question has been answered.
pub fn change_recipient(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    cmd: &ChangeRecipient,
) -> Result<Forwarded, CasesError> {
    let question = load_question(s, cmd.follow_up_id)?;
    let case = load_case_for(s, ctx, question.case_id)?;
    ask_instead(s, ctx, settings, case, question, cmd)
}

/// Puts `question` about `case` to another officer.
pub(super) fn ask_instead(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    mut case: Case,
    mut question: FollowUp,
    cmd: &ChangeRecipient,
) -> Result<Forwarded, CasesError> {
    if question.officer_id == cmd.officer_id && question.state == FollowUpState::Waiting {
        return Err(CasesError::AlreadyAsked);
    }
    let message = if cmd.message.trim().is_empty() { question.message.clone() } else { cmd.message.clone() };
    match question.state {
        FollowUpState::Waiting => take_back(s, ctx, settings, &case, &mut question)?,
        // The same change again: asking finds that it has been done.
        FollowUpState::Withdrawn => {}
        state => return Err(CasesError::AlreadyAnswered { state, at: question.answered_at }),
    }
    let again =
        Forward { case_id: case.id, officer_id: Some(cmd.officer_id), message, due_working_days: None };
    ask(s, ctx, settings, &mut case, &again)
}

/// Takes a question back: the officer is told, their link stops working, and the case is the contact centre's again if
/// nobody else is asked. Taking it back twice is the same as once.
///
/// # Errors
/// The question is not there, or has been answered.
pub fn withdraw(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    follow_up: FollowUpId,
) -> Result<FollowUp, CasesError> {
    let mut question = load_question(s, follow_up)?;
    match question.state {
        FollowUpState::Waiting => {}
        FollowUpState::Withdrawn => return Ok(question),
        state => return Err(CasesError::AlreadyAnswered { state, at: question.answered_at }),
    }
    let mut case = load_case_for(s, ctx, question.case_id)?;
    take_back(s, ctx, settings, &case, &mut question)?;
    if store_follow_ups::officer_is_asked(s, case.id)? {
        touch(s, ctx, &mut case)?;
    } else if take_step(s, ctx, &mut case, Step::OfficerGone)? {
        tell_resident(s, ctx, settings, &case, false)?;
    }
    Ok(question)
}

pub(super) fn load_question(s: &mut Session<'_>, id: FollowUpId) -> Result<FollowUp, CasesError> {
    queries::follow_up(s, id)?.ok_or(CasesError::NotFound { what: "follow-up" })
}

/// Ends a waiting question without an answer, revokes its link and tells the officer.
pub(super) fn take_back(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    case: &Case,
    question: &mut FollowUp,
) -> Result<(), CasesError> {
    let link = store::officer_link(s, question.id)?;
    end_question(s, ctx, question, FollowUpState::Withdrawn)?;
    store::revoke_officer_links(s, question.id, ctx.now)?;
    record(s, ctx, "follow_up_withdrawn", case.id, Some(question.id.into_untyped_uuid()), None)?;
    let officer = people::directory::queries::officer(s, question.officer_id)?;
    if let (Some(officer), Some(link)) = (officer.filter(|o| o.active), link) {
        let sent = local_day(question.sent_at);
        post_to_officer(s, ctx, settings, (&officer, case, question), link.id, |letter| {
            letter.withdrawn(sent)
        })?;
    }
    Ok(())
}
