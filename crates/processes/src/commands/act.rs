//! Starting a process, and doing its steps.

use super::carry::{Carried, carry};
use super::links;
use crate::definition::{Delivery, StepKind};
use crate::error::ProcessesError;
use crate::form::{Answer, Answers};
use crate::limits::REASON_CHARS_MAX;
use crate::model::{LinkFor, Process, Running};
use crate::queries;
use crate::run::{Act, IdentityCheck, Run, State};
use cases::commands::{RegisterCase, Registered};
use cases::{Case, CaseSettings, CasesError};
use people::text;
use storage::Session;
use vocabulary::GenericUuid as _;
use vocabulary::{Actor, CaseId, CaseStatus, CaseTypeId, Context};

/// Registers a case, and begins its process if its type has one. Whoever registers cases does it by this.
///
/// # Errors
/// As [`cases::commands::register`].
pub fn register(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    cmd: &RegisterCase,
) -> Result<Registered, CasesError> {
    let mut registered = cases::commands::register(s, ctx, cmd)?;
    if !registered.already && start_for_case(s, ctx, settings, registered.case.id)?.is_some() {
        // The first step may have changed whose turn it is.
        if let Some(case) = cases::queries::case(s, registered.case.id)? {
            registered.case = case;
        }
    }
    Ok(registered)
}

/// Gives a case another type, and begins that type's process if it has one. A process that has begun goes on, and so
/// does a case that is solved: nobody waits for its steps.
///
/// # Errors
/// As [`cases::commands::change_type`].
pub fn change_type(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    case: CaseId,
    case_type: CaseTypeId,
) -> Result<Case, CasesError> {
    let before = cases::commands::case_for(s, ctx, case)?;
    let changed = cases::commands::change_type(s, ctx, case, case_type)?;
    let began = before.case_type_id != changed.case_type_id
        && changed.status != CaseStatus::Solved
        && start_for_case(s, ctx, settings, case)?.is_some();
    if !began {
        return Ok(changed);
    }
    // The first step may have changed whose turn it is.
    cases::queries::case(s, case)?.ok_or(CasesError::NotFound { what: "case" })
}

/// Begins the process of a case's type, if it has one; a case that is in one stays where it is.
///
/// # Errors
/// The case is not there.
pub fn start_for_case(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    case: CaseId,
) -> Result<Option<Running>, ProcessesError> {
    let case = cases::commands::case_for(s, ctx, case)?;
    if let Some(running) = queries::running(s, case.id)? {
        return Ok(Some(running));
    }
    let Some(version) = queries::in_force_for_type(s, case.case_type_id)? else { return Ok(None) };
    let definition = crate::definition::read(&version.source, None)
        .map_err(|_| ProcessesError::Payload(format!("{} {}", version.code, version.version)))?;
    let process = Process {
        id: ctx.next_id(),
        case_id: case.id,
        version_id: version.id,
        started_at: ctx.now,
        ended_at: None,
        end_key: None,
    };
    queries::insert_process(s, &process)?;
    let state = State::begin(&definition, ctx.now);
    let running = Running { process, version, definition, run: Run::new(ctx.now), actors: Vec::new(), state };
    let detail = Some(format!("{} {}", running.version.code, running.version.version));
    carry(s, ctx, settings, &running, &Carried { before: None, kind: "process_started", detail })?;
    queries::running(s, case.id)
}

/// The process of a case, for somebody who does something with it.
pub(super) fn load(s: &mut Session<'_>, ctx: &Context, case: CaseId) -> Result<Running, ProcessesError> {
    cases::commands::case_for(s, ctx, case)?;
    queries::running(s, case)?.ok_or(ProcessesError::NotFound { what: "process" })
}

/// Does something and all that follows from it. The same thing twice in a row is done once.
pub(super) fn take(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    running: Running,
    act: Act,
) -> Result<Running, ProcessesError> {
    if act != Act::Undone && running.run.is_last(&act) {
        return Ok(running);
    }
    let detail = match act.step() {
        Some(step) => format!("{step} {}", act.word()),
        None => format!("{} {}", running.run.last()?.step().unwrap_or_default(), act.word()),
    };
    let undone = if act == Act::Undone { Some(running.run.last()?.clone()) } else { None };
    let before = running.state.clone();
    let (run, state) = running.run.take(&running.definition, act.clone(), ctx.now)?;
    queries::insert_act(s, ctx, running.process.id, run.log.len(), &act)?;
    let mut running = Running { run, state, ..running };
    running.actors.push((ctx.actor.kind().to_owned(), ctx.actor.id()));
    if let Some(Act::Booked { booking, .. }) = undone {
        super::bookings::release(s, ctx, &running, booking.booking)?;
    }
    carry(
        s,
        ctx,
        settings,
        &running,
        &Carried { before: Some(before), kind: "process_step", detail: Some(detail) },
    )?;
    Ok(running)
}

/// Does a step that wants nothing but answers: fills in a form, or marks a letter as sent. A letter that goes as a
/// message is sent by this.
///
/// # Errors
/// The step is not open, is of another kind, or the answers are not acceptable.
pub fn do_step(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    case: CaseId,
    step: &str,
    answers: Answers,
) -> Result<Running, ProcessesError> {
    let running = load(s, ctx, case)?;
    let place = running.definition.step(step).ok_or(crate::run::Refusal::NoSuchStep)?;
    let act = match &running.definition.steps[place].kind {
        // A contractor who phones is acknowledged by the guide, for the one called last.
        StepKind::CallOut { contractors, .. } => {
            let called = running.state.calls.get(&place).and_then(|calls| calls.last());
            let contractor =
                called.map(|call| call.contractor.clone()).or_else(|| contractors.first().cloned());
            let contractor = contractor.ok_or(crate::run::Refusal::NoSuchContractor)?;
            Act::Acknowledged { step: step.to_owned(), contractor, answers }
        }
        kind => {
            crate::run::plain_act(kind, step.to_owned(), answers).ok_or(crate::run::Refusal::WrongKind)?
        }
    };
    let twice = running.run.is_last(&act);
    let letter = match &running.definition.steps[place].kind {
        StepKind::Letter(letter) if letter.delivery == Delivery::Message && !twice => Some(letter.clone()),
        _ => None,
    };
    let running = take(s, ctx, settings, running, act)?;
    if let Some(letter) = letter {
        // What it says is read on the status page; the mail only tells that there is something to read.
        let values = crate::words::values(s, settings, &running, ctx.now)?;
        let text = format!("{}\n\n{}", letter.subject.fill(&values), letter.body.fill(&values));
        let note = cases::commands::AddNote { case_id: case, text, public: true };
        cases::commands::add_note(s, ctx, settings, &note)?;
    }
    Ok(running)
}

/// Hands something out at the desk: how the receiver's identity was checked is noted, never a number.
///
/// # Errors
/// The step is not open, or an answer holds what looks like a personal identity number.
pub fn hand_out(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    case: CaseId,
    step: &str,
    identity: IdentityCheck,
    answers: Answers,
) -> Result<Running, ProcessesError> {
    let numbered = |answer: &Answer| matches!(answer, Answer::Text(text) if holds_identity_number(text));
    if answers.values().any(numbered) {
        return Err(ProcessesError::IdentityNumber);
    }
    let running = load(s, ctx, case)?;
    take(s, ctx, settings, running, Act::HandedOut { step: step.to_owned(), identity, answers })
}

/// Whether a text holds ten or twelve digits that may be a Swedish personal identity or coordination number, or the
/// number of a card: six or more digits on end, of which a hyphen or a plus sign may part the last four.
fn holds_identity_number(text: &str) -> bool {
    let joined: String = text.chars().filter(|c| !matches!(c, '-' | '+' | '\u{2013}')).collect();
    let mut longest = 0;
    let mut run = 0;
    for c in joined.chars() {
        run = if c.is_ascii_digit() { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest >= 7
}

/// Leaves a step out, with a reason.
///
/// # Errors
/// The step is not open or may not be left out, or there is no reason.
pub fn skip(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    case: CaseId,
    step: &str,
    reason: &str,
) -> Result<Running, ProcessesError> {
    let reason = text::line("reason", reason, REASON_CHARS_MAX)?;
    let running = load(s, ctx, case)?;
    take(s, ctx, settings, running, Act::Skipped { step: step.to_owned(), reason })
}

/// Undoes what was done last. `seen` is how much had been done when the one who undoes looked: if something has been
/// done since, it is not that which is undone.
///
/// # Errors
/// There is nothing to undo, or it cannot be undone.
pub fn undo(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    case: CaseId,
    seen: usize,
) -> Result<Running, ProcessesError> {
    let running = load(s, ctx, case)?;
    if running.run.log.len() != seen {
        return Ok(running);
    }
    take(s, ctx, settings, running, Act::Undone)
}

/// Does the step that a link is for, as the officer or contractor whose link it is.
///
/// # Errors
/// The link does not hold, or as [`do_step`].
pub fn act_by_link(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    token: &str,
    answers: Answers,
) -> Result<(), ProcessesError> {
    let link = links::open(s, settings, token, ctx.now)?;
    let process = queries::process_of(s, link.process_id)?.ok_or(cases::LinkError::Revoked)?;
    let actor = match &link.lets {
        LinkFor::Officer(id) => Actor::Officer(*id),
        LinkFor::Department | LinkFor::Contractor(_) => Actor::System,
        LinkFor::Booking(_) => return Err(cases::LinkError::Forged.into()),
    };
    let ctx = Context { actor, ..ctx.clone() };
    match link.lets {
        LinkFor::Contractor(contractor) => {
            let running = load(s, &ctx, process.case_id)?;
            let act = Act::Acknowledged { step: link.step, contractor, answers };
            take(s, &ctx, settings, running, act).map(drop)
        }
        _ => do_step(s, &ctx, settings, process.case_id, &link.step, answers).map(drop),
    }
}

/// Blanks every text that was answered, for when a person's data is erased. That steps were done stays.
///
/// # Errors
/// The database.
pub fn blank_answers(s: &mut Session<'_>, ctx: &Context, case: CaseId) -> Result<(), ProcessesError> {
    let Some(running) = queries::running(s, case)? else { return Ok(()) };
    for (seq, _, _, _, mut act) in queries::acts_of(s, running.process.id)? {
        let mut blanked = false;
        for (key, answer) in act.answers_mut().into_iter().flatten() {
            let personal = running.definition.field(key).is_none_or(|field| field.sensitive);
            if let Answer::Text(text) = answer
                && !text.is_empty()
                && personal
            {
                text.clear();
                blanked = true;
            }
        }
        if let Act::Skipped { reason, .. } = &mut act {
            blanked |= !reason.is_empty();
            reason.clear();
        }
        if blanked {
            queries::update_act(s, running.process.id, seq, &act)?;
        }
    }
    let subject = storage::timeline::Subject { kind: "case", id: case.into_untyped_uuid() };
    let entry = storage::timeline::Entry { kind: "process_blanked", subject, related: None, detail: None };
    storage::timeline::append(s, ctx, entry)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::holds_identity_number;

    #[test]
    fn identity_numbers_are_seen_and_ordinary_numbers_are_not() {
        for text in ["811218-9876", "19811218-9876", "pass 12345678", "811218+9876", "8112189876"] {
            assert!(holds_identity_number(text), "{text}");
        }
        for text in ["hämtad av make", "2 nycklar", "larm 4711", "tisdag 3/11"] {
            assert!(!holds_identity_number(text), "{text}");
        }
    }
}
