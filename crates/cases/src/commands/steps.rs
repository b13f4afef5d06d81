//! The steps that several commands share.

use crate::error::CasesError;
use crate::jobs;
use crate::links::read_token;
use crate::model::{Case, CaseSettings, FollowUp, FollowUpState, MessageChannel, Task, TaskKind};
use crate::queries::{self, store, store_follow_ups};
use crate::reply_address;
use crate::resident_access::{self, OutMessage, Way};
use crate::status::{Step, after, clock_stands_still};
use crate::viewer::Viewer;
use crate::words::{self, Letter, OfficerLetter};
use people::directory::Officer;
use people::{LinkKind, SignedLink};
use storage::jobs::NewJob;
use storage::timeline::{self, Entry, Subject};
use storage::{Session, StorageError};
use vocabulary::GenericUuid as _;
use vocabulary::{
    Actor, AnswerGroupId, AnyId, CaseId, CaseStatus, Context, FollowUpId, LinkId, MessageId, TaskId, UserId,
    local_day,
};

/// The case, or the one that goes on in its place if it has been merged.
pub(crate) fn load_case(s: &mut Session<'_>, id: CaseId) -> Result<Case, CasesError> {
    let kept = queries::kept(s, id)?;
    queries::case(s, kept)?.ok_or(CasesError::NotFound { what: "case" })
}

/// The case for somebody who wants to do something with it: a secret one is only for those who may open it.
pub(super) fn load_case_for(s: &mut Session<'_>, ctx: &Context, id: CaseId) -> Result<Case, CasesError> {
    let case = load_case(s, id)?;
    // Whoever came by a link or is the house itself has been let in already.
    let let_in = matches!(ctx.actor, Actor::System | Actor::Officer(_) | Actor::Resident(_));
    if !let_in {
        Viewer::of(ctx.actor).opens(s, &case)?;
    }
    Ok(case)
}

/// Writes that something was done to a case. `detail` holds words and ids only.
pub(crate) fn record(
    s: &mut Session<'_>,
    ctx: &Context,
    kind: &'static str,
    case: CaseId,
    related: Option<AnyId>,
    detail: Option<String>,
) -> Result<(), StorageError> {
    let subject = Subject { kind: "case", id: case.into_untyped_uuid() };
    timeline::append(s, ctx, Entry { kind, subject, related, detail }).map(drop)
}

/// The user who acts, if it is one.
pub(super) const fn acting_user(ctx: &Context) -> Option<UserId> {
    match ctx.actor {
        Actor::User(id) => Some(id),
        _ => None,
    }
}

/// A guide who is named, if it is one who works here.
pub(super) fn known_user(s: &mut Session<'_>, id: Option<UserId>) -> Result<Option<UserId>, CasesError> {
    let Some(id) = id else { return Ok(None) };
    let user = people::users::queries::by_id(s, id)?.filter(|user| user.active);
    Ok(Some(user.ok_or(CasesError::NotFound { what: "user" })?.id))
}

/// An answer group that is named.
pub(super) fn known_group(
    s: &mut Session<'_>,
    id: Option<AnswerGroupId>,
) -> Result<Option<AnswerGroupId>, CasesError> {
    let Some(id) = id else { return Ok(None) };
    let group = people::directory::queries::answer_group(s, id)?;
    Ok(Some(group.ok_or(CasesError::NotFound { what: "answer group" })?.id))
}

/// Moves a case, stops or starts the clocks of its questions accordingly, and tells whether its status changed.
pub(super) fn take_step(
    s: &mut Session<'_>,
    ctx: &Context,
    case: &mut Case,
    step: Step,
) -> Result<bool, CasesError> {
    let to = after(case.status, step)?;
    let from = std::mem::replace(&mut case.status, to);
    case.changed_at = ctx.now;
    case.closed_at = (to == CaseStatus::Solved).then_some(ctx.now);
    if to != CaseStatus::Solved {
        case.outcome = None;
    }
    if to != CaseStatus::Suspended {
        case.rests_until_day = None;
    }
    store::update_case(s, case)?;
    if clock_stands_still(from) != clock_stands_still(to) {
        for mut waiting in waiting_questions(s, case.id)? {
            waiting.clock = if clock_stands_still(to) {
                waiting.clock.paused(ctx.now)
            } else {
                waiting.clock.resumed(ctx.now)
            };
            store_follow_ups::update_follow_up(s, &waiting)?;
            super::wind(s, ctx, &waiting)?;
        }
    }
    if from != to {
        record(s, ctx, "case_status_changed", case.id, None, Some(to.to_string()))?;
    }
    Ok(from != to)
}

/// Marks that something about a case changed although its status did not.
pub(super) fn touch(s: &mut Session<'_>, ctx: &Context, case: &mut Case) -> Result<(), StorageError> {
    case.changed_at = ctx.now;
    store::update_case(s, case)
}

pub(super) fn waiting_questions(s: &mut Session<'_>, case: CaseId) -> Result<Vec<FollowUp>, StorageError> {
    let mut questions = queries::follow_ups_of(s, case)?;
    questions.retain(|question| question.state == FollowUpState::Waiting);
    Ok(questions)
}

/// Ends a question: its clock, and the tasks that it had given rise to.
pub(super) fn end_question(
    s: &mut Session<'_>,
    ctx: &Context,
    question: &mut FollowUp,
    state: FollowUpState,
) -> Result<(), StorageError> {
    question.state = state;
    question.answered_at = (state != FollowUpState::Withdrawn).then_some(ctx.now);
    question.clock = question.clock.ended();
    question.asked_resident_at = None;
    store_follow_ups::update_follow_up(s, question)?;
    finish_tasks(s, ctx, question.case_id, |task| {
        task.kind == TaskKind::CallOfficer && task.follow_up_id == Some(question.id)
    })
}

/// Finishes the open tasks of a case that `which` picks.
pub(super) fn finish_tasks(
    s: &mut Session<'_>,
    ctx: &Context,
    case: CaseId,
    which: impl Fn(&Task) -> bool,
) -> Result<(), StorageError> {
    for task in store_follow_ups::open_tasks_of(s, case)? {
        if which(&task) && store_follow_ups::finish_task(s, task.id, ctx.now, acting_user(ctx))? > 0 {
            record(
                s,
                ctx,
                "task_done",
                case,
                Some(task.id.into_untyped_uuid()),
                Some(task.kind.to_string()),
            )?;
        }
    }
    Ok(())
}

/// Puts a task in the contact centre's list; the same one is not put there twice.
pub(crate) fn add_task(
    s: &mut Session<'_>,
    ctx: &Context,
    kind: TaskKind,
    case: CaseId,
    follow_up: Option<FollowUpId>,
) -> Result<(), StorageError> {
    if store_follow_ups::open_task(s, case, kind, follow_up)?.is_some() {
        return Ok(());
    }
    let id: TaskId = ctx.next_id();
    let task = Task {
        id,
        kind,
        case_id: case,
        follow_up_id: follow_up,
        created_at: ctx.now,
        done_at: None,
        done_by: None,
    };
    store_follow_ups::insert_task(s, &task)?;
    record(s, ctx, "task_created", case, Some(id.into_untyped_uuid()), Some(kind.to_string()))
}

/// Writes an e-mail down and the job that sends it. A question is given with the address to which it is answered.
fn post(
    s: &mut Session<'_>,
    ctx: &Context,
    recipient: &str,
    letter: &Letter,
    case: CaseId,
    question: Option<(FollowUpId, Option<String>)>,
) -> Result<MessageId, StorageError> {
    let id: MessageId = ctx.next_id();
    let (follow_up_id, reply_to) = question.map_or((None, None), |(id, reply_to)| (Some(id), reply_to));
    store_follow_ups::insert_email(
        s,
        &store_follow_ups::NewMessage {
            id,
            recipient,
            subject: &letter.subject,
            body: &letter.body,
            case_id: case,
            follow_up_id,
            reply_to: reply_to.as_deref(),
            created_at: ctx.now,
        },
    )?;
    storage::jobs::enqueue(
        s,
        ctx,
        NewJob {
            kind: jobs::SEND_MESSAGE,
            payload: serde_json::json!({ "message": id }),
            run_at: ctx.now,
            dedupe_key: Some(format!("{}:{id}", jobs::SEND_MESSAGE)),
        },
    )?;
    Ok(id)
}

/// Sends an officer a letter about a question; `link` is the question's own.
pub(crate) fn post_to_officer(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    to: (&Officer, &Case, &FollowUp),
    link: LinkId,
    write: impl FnOnce(&OfficerLetter<'_>) -> Letter,
) -> Result<(), StorageError> {
    let (officer, case, question) = to;
    let address = settings.public_base.address(&settings.signing_key, LinkKind::Officer, link);
    let desk = super::officer_desk::for_letter(s, ctx, settings, officer.id)?;
    let reply_to = reply_address::officer_address(settings, link);
    let letter = write(&OfficerLetter {
        language: officer.language,
        officer: &officer.name,
        number: case.number.as_str(),
        link: &address,
        desk: &desk,
        by_mail: reply_to.is_some(),
        municipality: &settings.municipality,
    });
    post(s, ctx, &officer.email, &letter, case.id, Some((question.id, reply_to))).map(drop)
}

/// Whether a resident could be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// A message is on its way.
    Yes,
    /// There is a resident, but no message may or can be sent.
    Unreachable,
    /// Nobody knows whose case it is.
    Nobody,
    /// They have said that they do not want to be told.
    Unwanted,
}

/// Writes a letter to a resident down, as an e-mail or a text message, and the job that sends it.
fn post_to_resident(
    s: &mut Session<'_>,
    ctx: &Context,
    channel: MessageChannel,
    recipient: &str,
    letter: &words::ResidentLetter<'_>,
    case: CaseId,
) -> Result<MessageId, StorageError> {
    let letter = match channel {
        MessageChannel::Email => return post(s, ctx, recipient, &letter.email(), case, None),
        MessageChannel::Sms => letter.text(),
    };
    let id: MessageId = ctx.next_id();
    let (subject, body) = (letter.subject.as_str(), letter.body.as_str());
    let message = OutMessage {
        id,
        channel,
        recipient,
        subject,
        body,
        case_id: Some(case),
        created_at: ctx.now,
        secret: false,
    };
    resident_access::insert_message(s, &message)?;
    resident_access::send_later(s, ctx, channel, id)?;
    Ok(id)
}

/// Tells the resident how the case stands now, and the residents of the cases that were merged into it: each by the
/// number they know. If one of them cannot be told, somebody must.
pub(super) fn tell_resident(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    case: &Case,
    answered: bool,
) -> Result<Told, CasesError> {
    let mut told = tell_one(s, ctx, settings, case, answered)?;
    let mut residents = vec![case.resident_id];
    let mut ahead = queries::merges_into(s, case.id)?;
    while let Some(merge) = ahead.pop() {
        ahead.extend(queries::merges_into(s, merge.from)?);
        let Some(merged) = queries::case(s, merge.from)? else { continue };
        if residents.contains(&merged.resident_id) {
            continue;
        }
        residents.push(merged.resident_id);
        let merged = Case { status: case.status, ..merged };
        if tell_one(s, ctx, settings, &merged, answered)? == Told::Unreachable {
            told = Told::Unreachable;
        }
    }
    Ok(told)
}

/// Tells one resident, as they want to be told, how the case stands now. Says its number and status, never what it is
/// about.
fn tell_one(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    case: &Case,
    answered: bool,
) -> Result<Told, CasesError> {
    let Some(resident) = case.resident_id else { return Ok(Told::Nobody) };
    let Some(resident) = people::residents::queries::by_id(s, resident)? else { return Ok(Told::Nobody) };
    let chosen = resident_access::told_by(s, case.id)?;
    let (channel, recipient) = match resident_access::way_of_telling(settings, &resident, chosen) {
        Way::To(channel, recipient) => (channel, recipient),
        Way::Unwanted => return Ok(Told::Unwanted),
        Way::None => return Ok(Told::Unreachable),
    };
    let link = super::resident_link::for_letter(s, ctx, settings, case.id)?;
    let code = resident_access::first_code(s, ctx, settings, case.id)?.map(|code| code.to_string());
    let letter = words::ResidentLetter {
        language: resident.language,
        number: case.number.as_str(),
        status: case.status,
        answered,
        link: link.as_deref(),
        code: code.as_deref(),
        status_page: &settings.public_base.status_page(),
        municipality: &settings.municipality,
    };
    let message = post_to_resident(s, ctx, channel, &recipient, &letter, case.id)?;
    record(
        s,
        ctx,
        "resident_told",
        case.id,
        Some(message.into_untyped_uuid()),
        Some(case.status.to_string()),
    )?;
    Ok(Told::Yes)
}

/// The token of a link, made anew: the same link always gives the same one.
pub(crate) fn token_of(settings: &CaseSettings, kind: LinkKind, link: LinkId) -> String {
    let token = SignedLink::make(&settings.signing_key, kind, link);
    debug_assert_eq!(read_token(&settings.signing_key, kind, &token), Ok(link));
    token
}

/// The instant a link that must hold for `days` after the end of today ends.
pub(super) fn days_ahead(ctx: &Context, days: i64) -> vocabulary::Timestamp {
    let day = local_day(ctx.now)
        .checked_add(vocabulary::SignedDuration::from_hours(24 * (days + 1)))
        .unwrap_or(vocabulary::civil::Date::MAX);
    vocabulary::start_of_day(day)
}
