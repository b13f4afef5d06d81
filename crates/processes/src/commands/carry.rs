//! What follows from an act: reminders, links, calls, the case's status.

use super::links;
use crate::definition::{StepKind, Unit, Who};
use crate::error::ProcessesError;
use crate::jobs;
use crate::model::{LinkFor, Running};
use crate::queries;
use crate::run::{Act, Changes, Mark, Standing, State, changes};
use crate::words;
use cases::commands::{Outgoing, Turn};
use cases::{CaseSettings, MessageChannel, TaskKind};
use storage::Session;
use storage::jobs::NewJob;
use storage::timeline::{self, Entry, Subject};
use vocabulary::GenericUuid as _;
use vocabulary::{CaseStatus, Context, SignedDuration, Timestamp, local_day, time_zone};

/// The hour of the day, local time, at which a guide is told that a step is due today.
const MORNING_HOUR: i8 = 8;

/// What has happened.
pub(super) struct Carried {
    /// Where the case stood before; none if its process begins.
    pub before: Option<State>,
    /// The timeline's word.
    pub kind: &'static str,
    /// More, in words and keys.
    pub detail: Option<String>,
}

/// Writes what has become of a process and sees to what follows.
pub(super) fn carry(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    running: &Running,
    what: &Carried,
) -> Result<(), ProcessesError> {
    let case = running.process.case_id;
    record(s, ctx, running, what.kind, what.detail.clone())?;
    queries::replace_steps(s, running.process.id, &running.definition, &running.state)?;
    let changes = changes(what.before.as_ref(), &running.state);
    for place in &changes.closed {
        let step = &running.definition.steps[*place].key;
        queries::revoke_links(s, running.process.id, "step", step, ctx.now)?;
    }
    remind(s, ctx, running)?;
    tidy(s, ctx, running)?;
    for place in &changes.opened {
        opened(s, ctx, settings, running, *place)?;
    }
    ending(s, ctx, settings, running, &changes)?;
    // A new case whose first step is a guide's stays new until somebody takes it up.
    let turn = match running.state.standing(&running.definition) {
        Some(Standing::Guide) if what.before.is_some() => Turn::Centre,
        Some(Standing::Department) => Turn::Department,
        Some(Standing::Resident) => Turn::Resident,
        _ => return Ok(()),
    };
    cases::commands::set_turn(s, ctx, settings, case, turn)?;
    Ok(())
}

pub(super) fn record(
    s: &mut Session<'_>,
    ctx: &Context,
    running: &Running,
    kind: &'static str,
    detail: Option<String>,
) -> Result<(), ProcessesError> {
    let subject = Subject { kind: "case", id: running.process.case_id.into_untyped_uuid() };
    let related = Some(running.process.id.into_untyped_uuid());
    timeline::append(s, ctx, Entry { kind, subject, related, detail })?;
    Ok(())
}

/// Winds the clock of every open step with a term. What has been wound stays: the same step due at the same time is the
/// same job.
fn remind(s: &mut Session<'_>, ctx: &Context, running: &Running) -> Result<(), ProcessesError> {
    for place in running.state.open() {
        let step = &running.definition.steps[place];
        let Some((due_at, due)) = running.state.due_at(&running.definition, place).zip(step.due.as_ref())
        else {
            continue;
        };
        let morning = |day: vocabulary::civil::Date| {
            let at = day.at(MORNING_HOUR, 0, 0, 0).to_zoned(time_zone());
            at.map_or(due_at, |zoned| zoned.timestamp())
        };
        let run_at = match due.unit {
            Unit::WorkingDays | Unit::Days => morning(local_day(due_at)),
            Unit::Hours | Unit::Minutes => due_at,
        };
        let job = NewJob {
            kind: jobs::STEP_DUE,
            payload: serde_json::json!({ "case": running.process.case_id, "step": step.key, "due_at": due_at }),
            run_at,
            dedupe_key: Some(format!("{}:{}:{}:{due_at}", jobs::STEP_DUE, running.process.id, step.key)),
        };
        storage::jobs::enqueue(s, ctx, job)?;
    }
    Ok(())
}

/// Takes out of the contact centre's list what is not late any more.
fn tidy(s: &mut Session<'_>, ctx: &Context, running: &Running) -> Result<(), ProcessesError> {
    let late =
        |place: usize| running.state.due_at(&running.definition, place).is_some_and(|due| due <= ctx.now);
    let calls = |place: usize| matches!(running.definition.steps[place].kind, StepKind::CallOut { .. });
    let case = running.process.case_id;
    if !running.state.open().any(late) {
        cases::commands::step_is_done(s, ctx, case, TaskKind::DoStep)?;
    }
    if !running.state.open().any(calls) {
        cases::commands::step_is_done(s, ctx, case, TaskKind::CallContractor)?;
    }
    Ok(())
}

fn opened(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    running: &Running,
    place: usize,
) -> Result<(), ProcessesError> {
    let step = &running.definition.steps[place];
    if matches!(step.kind, StepKind::CallOut { .. }) {
        return call_next(s, ctx, settings, running.clone(), place).map(drop);
    }
    if let Who::Department(recipient) = &step.who {
        ask_department(s, ctx, settings, running, place, recipient.as_deref())?;
    }
    Ok(())
}

/// Sends a department the link to a step it is to do.
fn ask_department(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    running: &Running,
    place: usize,
    recipient: Option<&str>,
) -> Result<(), ProcessesError> {
    let case =
        cases::queries::case(s, running.process.case_id)?.ok_or(ProcessesError::NotFound { what: "case" })?;
    let officers: Vec<_> =
        people::directory::queries::officers(s)?.into_iter().filter(|officer| officer.active).collect();
    let by_type = cases::queries::case_type(s, case.case_type_id)?.and_then(|case_type| case_type.officer_id);
    let officer = match recipient {
        Some(recipient) => officers.iter().find(|officer| officer.email == recipient),
        None => officers.iter().find(|officer| Some(officer.id) == by_type),
    };
    let (lets, address, language) = match officer {
        Some(officer) => (LinkFor::Officer(officer.id), officer.email.clone(), officer.language),
        None => {
            let departments = people::directory::queries::departments(s)?;
            let named = departments.iter().find(|department| Some(department.code.as_str()) == recipient);
            let own = departments.iter().find(|department| department.id == case.department_id);
            let department = named.or(own).ok_or(ProcessesError::NotFound { what: "department" })?;
            (LinkFor::Department, department.escalation_email.clone(), vocabulary::Language::Swedish)
        }
    };
    let step = &running.definition.steps[place];
    let link = links::make(s, ctx, running, &step.key, lets)?;
    let due = running.state.due_at(&running.definition, place);
    let letter =
        words::step_letter(language, settings, &case, &step.name, due, &links::step_address(settings, link));
    let message = Outgoing {
        channel: MessageChannel::Email,
        recipient: &address,
        subject: &letter.subject,
        body: &letter.body,
    };
    cases::commands::send(s, ctx, case.id, &message)?;
    Ok(())
}

/// Tells the next contractor of a call-out, and winds the clock on their answer. When all have been told, somebody in
/// the contact centre is, and the department.
pub(crate) fn call_next(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    running: Running,
    place: usize,
) -> Result<Running, ProcessesError> {
    let step = running.definition.steps[place].clone();
    let StepKind::CallOut { contractors, answer_minutes, message } = &step.kind else { return Ok(running) };
    let Mark::Open { since } = running.state.marks[place] else { return Ok(running) };
    let called = running.state.calls.get(&place).map_or(0, Vec::len);
    let case =
        cases::queries::case(s, running.process.case_id)?.ok_or(ProcessesError::NotFound { what: "case" })?;
    let mut next = None;
    for code in contractors.iter().skip(called) {
        next = queries::contractor_by_code(s, code)?.filter(|contractor| contractor.active);
        if next.is_some() {
            break;
        }
    }
    let Some(contractor) = next else {
        cases::commands::call_contractor(s, ctx, case.id)?;
        escalate(s, ctx, settings, &case)?;
        return Ok(running);
    };
    let link = links::make(s, ctx, &running, &step.key, LinkFor::Contractor(contractor.code.clone()))?;
    let values = words::values(s, settings, &running, ctx.now)?;
    // What is secret stays in the house; the contractor reads it behind the link.
    let text = if case.may_travel_by_mail() { message.fill(&values) } else { String::new() };
    let letter =
        words::call_letter(settings, &case, &text, *answer_minutes, &links::step_address(settings, link));
    let texts = contractor.texts.then_some((MessageChannel::Sms, contractor.telephone.as_str()));
    let mails = contractor.email.as_deref().map(|email| (MessageChannel::Email, email));
    for (channel, recipient) in texts.into_iter().chain(mails) {
        let outgoing = Outgoing { channel, recipient, subject: &letter.subject, body: &letter.body };
        cases::commands::send(s, ctx, case.id, &outgoing)?;
    }
    let house = Context { actor: vocabulary::Actor::System, ..ctx.clone() };
    let act = Act::Called { step: step.key.clone(), contractor: contractor.code.clone() };
    let before = running.state.clone();
    let (run, state) = running.run.take(&running.definition, act.clone(), ctx.now)?;
    queries::insert_act(s, &house, running.process.id, run.log.len(), &act)?;
    let mut running = Running { run, state, ..running };
    running.actors.push((house.actor.kind().to_owned(), None));
    debug_assert!(changes(Some(&before), &running.state) == Changes::default(), "a call moves no step");
    record(s, &house, &running, "contractor_called", Some(format!("{} {}", step.key, contractor.code)))?;
    let tried = called + 1;
    let job = NewJob {
        kind: jobs::CALL_UNANSWERED,
        payload: serde_json::json!({ "case": case.id, "step": step.key, "tried": tried, "since": since }),
        run_at: minutes_after(ctx.now, *answer_minutes),
        dedupe_key: Some(format!(
            "{}:{}:{}:{since}:{tried}",
            jobs::CALL_UNANSWERED,
            running.process.id,
            step.key
        )),
    };
    storage::jobs::enqueue(s, ctx, job)?;
    Ok(running)
}

fn minutes_after(at: Timestamp, minutes: u16) -> Timestamp {
    at.checked_add(SignedDuration::from_mins(i64::from(minutes))).unwrap_or(Timestamp::MAX)
}

/// Tells the department that nobody who was called out has answered.
fn escalate(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    case: &cases::Case,
) -> Result<(), ProcessesError> {
    if let Some(department) = people::directory::queries::department(s, case.department_id)? {
        let letter = words::unanswered_letter(settings, case);
        let message = Outgoing {
            channel: MessageChannel::Email,
            recipient: &department.escalation_email,
            subject: &letter.subject,
            body: &letter.body,
        };
        cases::commands::send(s, ctx, case.id, &message)?;
    }
    Ok(())
}

/// Closes the case when an end is come to, and opens it when the end is undone.
fn ending(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    running: &Running,
    changes: &Changes,
) -> Result<(), ProcessesError> {
    let case = running.process.case_id;
    let status = cases::queries::case(s, case)?.map(|case| case.status);
    if let Some((place, at)) = running.state.end.filter(|_| changes.ended.is_some()) {
        let end = &running.definition.ends[place];
        queries::end_process(s, running.process.id, Some((&end.key, at)))?;
        record(s, ctx, running, "process_ended", Some(end.key.clone()))?;
        if status != Some(CaseStatus::Solved) {
            let answer = end.public.clone().unwrap_or_default();
            let solve = cases::commands::Solve { case_id: case, outcome: end.outcome, answer };
            cases::commands::solve(s, ctx, settings, &solve)?;
        }
    }
    if changes.resumed {
        queries::end_process(s, running.process.id, None)?;
        record(s, ctx, running, "process_resumed", None)?;
        if status == Some(CaseStatus::Solved) {
            cases::commands::reopen(s, ctx, settings, case)?;
        }
    }
    Ok(())
}
