//! All SQL of the jobs.

use super::{Figures, NewJob};
use crate::{Row, Session, StorageError, params, sql};
use vocabulary::{JobId, Timestamp};

/// A job that may be run now.
#[derive(Clone, Debug)]
pub(super) struct Due {
    pub(super) id: JobId,
    pub(super) run_at: Timestamp,
}

/// A job that has been taken.
#[derive(Clone, Debug)]
pub(super) struct Taken {
    pub(super) id: JobId,
    pub(super) kind: String,
    pub(super) payload: String,
    pub(super) run_at: Timestamp,
    /// Which attempt this is, counted from 1. Also the fence: a later attempt has a higher number.
    pub(super) attempt: u32,
}

pub(super) fn insert(
    s: &mut Session<'_>,
    id: JobId,
    now: Timestamp,
    job: &NewJob,
) -> Result<bool, StorageError> {
    let inserted = s.execute(
        sql!(
            "INSERT INTO jobs (id, kind, payload, dedupe_key, state, run_at, attempts, created_at)
             VALUES ($1, $2, $3, $4, 'waiting', $5, 0, $6) ON CONFLICT (dedupe_key) DO NOTHING"
        ),
        params![id, job.kind, job.payload.to_string(), job.dedupe_key, job.run_at, now],
    )?;
    Ok(inserted == 1)
}

/// At most `limit` jobs of `kind` that are due, or whose runner has let its lease run out.
pub(super) fn due(
    s: &mut Session<'_>,
    kind: &str,
    now: Timestamp,
    limit: usize,
) -> Result<Vec<Due>, StorageError> {
    s.rows(
        sql!(
            "SELECT id, run_at FROM jobs
             WHERE kind = $1 AND ((state = 'waiting' AND run_at <= $2)
                 OR (state = 'running' AND locked_until_at <= $2))
             ORDER BY run_at, id LIMIT $3"
        ),
        params![kind, now, limit],
        |r| Ok(Due { id: r.get(0)?, run_at: r.get(1)? }),
    )
}

/// When the next job of `kind` that is not due at `now` will be.
pub(super) fn next_due_at(
    s: &mut Session<'_>,
    kind: &str,
    now: Timestamp,
) -> Result<Option<Timestamp>, StorageError> {
    s.the_row(
        sql!("SELECT MIN(run_at) FROM jobs WHERE kind = $1 AND state = 'waiting' AND run_at > $2"),
        params![kind, now],
        |r| r.get(0),
    )
}

fn taken(r: &Row<'_>) -> Result<Taken, StorageError> {
    Ok(Taken { id: r.get(0)?, kind: r.get(1)?, payload: r.get(2)?, run_at: r.get(3)?, attempt: r.get(4)? })
}

/// Takes a job until `locked_until`, unless somebody else has.
pub(super) fn take(
    s: &mut Session<'_>,
    id: JobId,
    now: Timestamp,
    locked_until: Timestamp,
) -> Result<Option<Taken>, StorageError> {
    s.row(
        sql!(
            "UPDATE jobs SET state = 'running', locked_until_at = $3, attempts = attempts + 1
             WHERE id = $1 AND ((state = 'waiting' AND run_at <= $2)
                 OR (state = 'running' AND locked_until_at <= $2))
             RETURNING id, kind, payload, run_at, attempts"
        ),
        params![id, now, locked_until],
        taken,
    )
}

/// Holds on to a job that takes its time. False if it has been taken over.
pub(super) fn renew(s: &mut Session<'_>, job: &Taken, locked_until: Timestamp) -> Result<bool, StorageError> {
    let renewed = s.execute(
        sql!("UPDATE jobs SET locked_until_at = $3 WHERE id = $1 AND state = 'running' AND attempts = $2"),
        params![job.id, job.attempt, locked_until],
    )?;
    Ok(renewed == 1)
}

/// Ends this attempt as `done` or `failed`. False if the job has been taken over.
pub(super) fn finish(
    s: &mut Session<'_>,
    job: &Taken,
    state: &'static str,
    error: Option<&str>,
    now: Timestamp,
) -> Result<bool, StorageError> {
    let finished = s.execute(
        sql!(
            "UPDATE jobs SET state = $3, last_error = $4, finished_at = $5, locked_until_at = NULL
             WHERE id = $1 AND state = 'running' AND attempts = $2"
        ),
        params![job.id, job.attempt, state, error, now],
    )?;
    Ok(finished == 1)
}

/// Lets the job wait for another attempt; `attempts` is what it counts as so far.
pub(super) fn put_back(
    s: &mut Session<'_>,
    job: &Taken,
    attempts: u32,
    error: Option<&str>,
    run_at: Timestamp,
) -> Result<bool, StorageError> {
    let back = s.execute(
        sql!(
            "UPDATE jobs SET state = 'waiting', attempts = $3, last_error = $4, run_at = $5, locked_until_at = NULL
             WHERE id = $1 AND state = 'running' AND attempts = $2"
        ),
        params![job.id, job.attempt, attempts, error, run_at],
    )?;
    Ok(back == 1)
}

/// Forgets what was done before `before`.
pub(super) fn forget_done(s: &mut Session<'_>, before: Timestamp) -> Result<u64, StorageError> {
    s.execute(sql!("DELETE FROM jobs WHERE state = 'done' AND finished_at < $1"), params![before])
}

pub(super) fn figures(s: &mut Session<'_>, kind: &str) -> Result<Figures, StorageError> {
    let mut figures = Figures::default();
    let counted = s.rows(
        sql!("SELECT state, COUNT(*) FROM jobs WHERE kind = $1 GROUP BY state"),
        params![kind],
        |r| Ok((r.get::<String>(0)?, r.get::<u64>(1)?)),
    )?;
    for (state, n) in counted {
        match state.as_str() {
            "waiting" => figures.waiting = n,
            "running" => figures.running = n,
            "done" => figures.done = n,
            "failed" => figures.failed = n,
            _ => return Err(StorageError::Stored { what: "a job's state".to_owned(), reason: state }),
        }
    }
    Ok(figures)
}
