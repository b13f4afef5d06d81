//! Cases on their way through processes.

use crate::definition::{self, Definition};
use crate::error::ProcessesError;
use crate::model::{OpenStep, Process, Running};
use crate::run::{Act, Done, Run, State};
use storage::{Row, Session, StorageError, params, sql};
use vocabulary::{AnyId, CaseId, Context, ProcessId, Timestamp};

/// Lines of the list of steps.
const DUE_LINES_MAX: usize = 100;

macro_rules! select_process {
    ($rest:literal) => {
        concat!("SELECT id, case_id, version_id, started_at, ended_at, end_key FROM processes ", $rest)
    };
}

fn read_process(r: &Row<'_>) -> Result<Process, StorageError> {
    Ok(Process {
        id: r.get(0)?,
        case_id: r.get(1)?,
        version_id: r.get(2)?,
        started_at: r.get(3)?,
        ended_at: r.get(4)?,
        end_key: r.get(5)?,
    })
}

/// The process with that id.
pub fn process_of(s: &mut Session<'_>, id: ProcessId) -> Result<Option<Process>, StorageError> {
    s.row(sql!(select_process!("WHERE id = $1")), params![id], read_process)
}

/// A case's process and where it stands; none if the case has no process.
///
/// # Errors
/// [`ProcessesError::Payload`] if what is kept cannot be read; the database.
pub fn running(s: &mut Session<'_>, case: CaseId) -> Result<Option<Running>, ProcessesError> {
    let process = s.row(sql!(select_process!("WHERE case_id = $1")), params![case], read_process)?;
    let Some(process) = process else { return Ok(None) };
    let version =
        super::version(s, process.version_id)?.ok_or(ProcessesError::NotFound { what: "process version" })?;
    let definition = definition::read(&version.source, None).map_err(|faults| {
        ProcessesError::Payload(format!("{} {}: {faults:?}", version.code, version.version))
    })?;
    let mut run = Run::new(process.started_at);
    let mut actors = Vec::new();
    for (_, at, kind, id, act) in acts_of(s, process.id)? {
        run.log.push(Done { at, act });
        actors.push((kind, id));
    }
    let state = run.state(&definition);
    Ok(Some(Running { process, version, definition, run, actors, state }))
}

type KeptAct = (i64, Timestamp, String, Option<AnyId>, Act);

pub(crate) fn acts_of(s: &mut Session<'_>, id: ProcessId) -> Result<Vec<KeptAct>, ProcessesError> {
    let rows = s.rows(
        sql!(
            "SELECT seq, at, actor_kind, actor_id, act FROM process_acts WHERE process_id = $1 ORDER BY seq"
        ),
        params![id],
        |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get::<String>(4)?)),
    )?;
    rows.into_iter()
        .map(|(seq, at, kind, actor, act)| {
            // The error's own words may quote an answer, which belongs in no log.
            let act = serde_json::from_str(&act)
                .map_err(|_| ProcessesError::Payload(format!("act {seq} of process {id}")))?;
            Ok((seq, at, kind, actor, act))
        })
        .collect()
}

fn written(act: &Act) -> Result<String, ProcessesError> {
    serde_json::to_string(act).map_err(|error| ProcessesError::Payload(error.to_string()))
}

pub(crate) fn insert_act(
    s: &mut Session<'_>,
    ctx: &Context,
    id: ProcessId,
    seq: usize,
    act: &Act,
) -> Result<(), ProcessesError> {
    let seq = i64::try_from(seq).unwrap_or(i64::MAX);
    s.execute(
        sql!(
            "INSERT INTO process_acts (process_id, seq, at, actor_kind, actor_id, act)
             VALUES ($1, $2, $3, $4, $5, $6)"
        ),
        params![id, seq, ctx.now, ctx.actor.kind(), ctx.actor.id(), written(act)?],
    )?;
    Ok(())
}

pub(crate) fn update_act(
    s: &mut Session<'_>,
    id: ProcessId,
    seq: i64,
    act: &Act,
) -> Result<(), ProcessesError> {
    s.execute(
        sql!("UPDATE process_acts SET act = $3 WHERE process_id = $1 AND seq = $2"),
        params![id, seq, written(act)?],
    )?;
    Ok(())
}

pub(crate) fn insert_process(s: &mut Session<'_>, p: &Process) -> Result<(), StorageError> {
    s.execute(
        sql!("INSERT INTO processes (id, case_id, version_id, started_at) VALUES ($1, $2, $3, $4)"),
        params![p.id, p.case_id, p.version_id, p.started_at],
    )?;
    Ok(())
}

/// Writes the end that was come to, or that it has been undone.
pub(crate) fn end_process(
    s: &mut Session<'_>,
    id: ProcessId,
    end: Option<(&str, Timestamp)>,
) -> Result<(), StorageError> {
    s.execute(
        sql!("UPDATE processes SET ended_at = $2, end_key = $3 WHERE id = $1"),
        params![id, end.map(|(_, at)| at), end.map(|(key, _)| key)],
    )?;
    Ok(())
}

/// Writes which steps are open now.
pub(crate) fn replace_steps(
    s: &mut Session<'_>,
    id: ProcessId,
    definition: &Definition,
    state: &State,
) -> Result<(), StorageError> {
    s.execute(sql!("DELETE FROM process_steps WHERE process_id = $1"), params![id])?;
    for place in state.open() {
        let step = &definition.steps[place];
        let crate::run::Mark::Open { since } = state.marks[place] else { continue };
        s.execute(
            sql!(
                "INSERT INTO process_steps (process_id, step, name, who, opened_at, due_at)
                 VALUES ($1, $2, $3, $4, $5, $6)"
            ),
            params![id, step.key, step.name, step.who.word(), since, state.due_at(definition, place)],
        )?;
    }
    Ok(())
}

fn read_step(r: &Row<'_>) -> Result<OpenStep, StorageError> {
    Ok(OpenStep {
        case_id: r.get(0)?,
        step: r.get(1)?,
        name: r.get(2)?,
        who: r.get(3)?,
        opened_at: r.get(4)?,
        due_at: r.get(5)?,
    })
}

/// What a resident reads of what happens now in a case: the public texts of the steps that are open. Nothing once the
/// case is closed, since its answer says it then.
///
/// # Errors
/// As [`running`].
pub fn public_now(s: &mut Session<'_>, case: CaseId) -> Result<Vec<String>, ProcessesError> {
    let closed = cases::queries::case(s, case)?.is_none_or(|case| case.closed_at.is_some());
    let running = if closed { None } else { running(s, case)? };
    let mut texts: Vec<String> = Vec::new();
    for text in running.iter().flat_map(|running| running.state.public(&running.definition)) {
        if !texts.iter().any(|told| told == text) {
            texts.push(text.to_owned());
        }
    }
    Ok(texts)
}

/// The open steps of a case.
pub fn open_steps(s: &mut Session<'_>, case: CaseId) -> Result<Vec<OpenStep>, StorageError> {
    s.rows(
        sql!(
            "SELECT p.case_id, o.step, o.name, o.who, o.opened_at, o.due_at
             FROM process_steps o JOIN processes p ON p.id = o.process_id
             WHERE p.case_id = $1 ORDER BY o.opened_at, o.step"
        ),
        params![case],
        read_step,
    )
}

/// The steps due before `before`, the most urgent first; the caller sees to it that who looks may see the cases.
pub fn due_steps(s: &mut Session<'_>, before: Timestamp) -> Result<Vec<OpenStep>, StorageError> {
    let lines = i64::try_from(DUE_LINES_MAX).unwrap_or(100);
    s.rows(
        sql!(
            "SELECT p.case_id, o.step, o.name, o.who, o.opened_at, o.due_at
             FROM process_steps o JOIN processes p ON p.id = o.process_id
             WHERE o.due_at IS NOT NULL AND o.due_at < $1 ORDER BY o.due_at, o.process_id LIMIT $2"
        ),
        params![before, lines],
        read_step,
    )
}
