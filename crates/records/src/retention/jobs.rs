//! What happens by night, and the carrying out of what somebody has approved. Each job may run twice, late, or be broken
//! off: it looks at how things stand and does what is left.

use serde::Deserialize;
use storage::jobs::{JobError, NewJob, Runner};
use storage::{Database, Session, StorageError};
use vocabulary::civil::{Date, Time};
use vocabulary::{Context, DisposalId, Timestamp, local_day, time_zone};

use super::commands::{carry_out, propose};

/// Proposes what is due, and winds itself for the next night. Payload: `{}`.
pub const PROPOSE: &str = "disposals_propose";
/// Carries a batch out. Payload: `{"disposal": id}`.
pub const CARRY_OUT: &str = "disposal_carry_out";
/// When the night's proposal is made, Swedish time: nobody waits for the database then.
const AT: Time = Time::constant(2, 30, 0, 0);

#[derive(Deserialize)]
struct AboutBatch {
    disposal: DisposalId,
}

fn next_night(now: Timestamp) -> Timestamp {
    let at = |day: Date| day.to_datetime(AT).to_zoned(time_zone()).ok().map(|zoned| zoned.timestamp());
    let today = local_day(now);
    at(today).filter(|night| *night > now).or_else(|| at(today.tomorrow().unwrap_or(today))).unwrap_or(now)
}

/// Sees to it that the next night's proposal will be made. At every start, and by the job itself.
///
/// # Errors
/// The database.
pub fn wind(s: &mut Session<'_>, ctx: &Context) -> Result<(), StorageError> {
    let run_at = next_night(ctx.now);
    let job = NewJob {
        kind: PROPOSE,
        payload: serde_json::json!({}),
        run_at,
        dedupe_key: Some(format!("{PROPOSE}:{}", local_day(run_at))),
    };
    storage::jobs::enqueue(s, ctx, job).map(drop)
}

/// Adds this room's jobs to the runner.
#[must_use]
pub fn wire(runner: Runner, db: &Database) -> Runner {
    let (proposing, carrying) = (db.clone(), db.clone());
    runner
        .on(PROPOSE, move |_, info| {
            let db = proposing.clone();
            async move {
                db.write(move |s| -> Result<(), crate::RecordsError> {
                    propose(s, &info.ctx)?;
                    Ok(wind(s, &info.ctx)?)
                })
                .await
                .map_err(JobError::from)
            }
        })
        .on(CARRY_OUT, move |payload, info| {
            let db = carrying.clone();
            async move { all_of(&db, &info.ctx, &payload).await }
        })
}

async fn all_of(db: &Database, ctx: &Context, payload: &serde_json::Value) -> Result<(), JobError> {
    let about = AboutBatch::deserialize(payload).map_err(|error| JobError::GiveUp(error.to_string()))?;
    loop {
        let ctx = ctx.clone();
        if !db.write(move |s| carry_out(s, &ctx, about.disposal)).await? {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_night_is_ahead_also_when_the_clocks_change() {
        for (now, night) in [
            ("2026-11-02T08:00:00Z", "2026-11-03T01:30:00Z"),
            ("2026-11-02T01:29:59Z", "2026-11-02T01:30:00Z"),
            ("2026-11-02T01:30:00Z", "2026-11-03T01:30:00Z"),
            // At half past two that night there is no half past two; an hour later there is.
            ("2026-03-28T12:00:00Z", "2026-03-29T01:30:00Z"),
        ] {
            let (now, night): (Timestamp, Timestamp) = (now.parse().unwrap(), night.parse().unwrap());
            assert_eq!(next_night(now), night, "{now}");
        }
    }
}
