//! What happens by night: searches that are old enough are weeded out, and their counts kept.

use super::queries::{self, WeekCount};
use crate::KnowledgeError;
use storage::jobs::{JobError, NewJob, Runner};
use storage::{Database, Session, StorageError};
use vocabulary::civil::{Date, Time, Weekday};
use vocabulary::{Context, SignedDuration, Timestamp, local_day, start_of_day, time_zone};

/// Weeds old searches out and winds itself for the next night. Payload: `{}`.
pub const WEED: &str = "searches_weed";
/// For how many months a search is kept row by row: a year can be set against the year before, and no more.
pub const KEPT_MONTHS: i32 = 13;
/// What fewer asked for in a week is counted together with the rest when its rows go: rare words may tell of somebody.
pub const COUNTED_ALONE_MIN: u64 = 5;
/// Weeks weeded out in one go.
const WEEKS_MAX: usize = 10;
/// When it happens, Swedish time.
const AT: Time = Time::constant(3, 50, 0, 0);

fn next_night(now: Timestamp) -> Timestamp {
    let at = |day: Date| day.to_datetime(AT).to_zoned(time_zone()).ok().map(|zoned| zoned.timestamp());
    let today = local_day(now);
    at(today).filter(|night| *night > now).or_else(|| at(today.tomorrow().unwrap_or(today))).unwrap_or(now)
}

/// Sees to it that the next night's job will run. At every start, and by the job itself.
///
/// # Errors
/// The database.
pub fn wind(s: &mut Session<'_>, ctx: &Context) -> Result<(), StorageError> {
    let run_at = next_night(ctx.now);
    let job = NewJob {
        kind: WEED,
        payload: serde_json::json!({}),
        run_at,
        dedupe_key: Some(format!("{WEED}:{}", local_day(run_at))),
    };
    storage::jobs::enqueue(s, ctx, job).map(drop)
}

/// Weeds out the oldest weeks of searches that are more than [`KEPT_MONTHS`] months old, whole weeks only, and keeps how many
/// there were. Returns how many rows went. Doing it twice finds nothing the second time.
///
/// # Errors
/// The database.
pub fn weed(s: &mut Session<'_>, now: Timestamp) -> Result<u64, KnowledgeError> {
    let limit = local_day(now).saturating_sub(jiff::Span::new().months(KEPT_MONTHS));
    let mut gone = 0;
    for _ in 0..WEEKS_MAX {
        let Some(oldest) = queries::oldest(s)? else { break };
        let monday = monday_of(local_day(oldest));
        let next = monday.saturating_add(SignedDuration::from_hours(24 * 7));
        if next > limit {
            break;
        }
        let (from, to) = (start_of_day(monday), start_of_day(next));
        for count in few_together(queries::counts_between(s, from, to)?) {
            queries::add_count(s, monday, &count)?;
        }
        gone += queries::delete_between(s, from, to)?;
    }
    Ok(gone)
}

fn monday_of(day: Date) -> Date {
    day.tomorrow().ok().and_then(|next| next.nth_weekday(-1, Weekday::Monday).ok()).unwrap_or(day)
}

/// Counts what few asked for together, under the empty form.
fn few_together(counts: Vec<WeekCount>) -> Vec<WeekCount> {
    counts
        .into_iter()
        .map(|count| {
            if count.searches < COUNTED_ALONE_MIN {
                WeekCount { form: String::new(), ..count }
            } else {
                count
            }
        })
        .collect()
}

/// Adds this room's jobs to the runner.
#[must_use]
pub fn wire(runner: Runner, db: &Database) -> Runner {
    let db = db.clone();
    runner.on(WEED, move |_, info| {
        let db = db.clone();
        async move {
            db.write(move |s| -> Result<(), KnowledgeError> {
                weed(s, info.ctx.now)?;
                Ok(wind(s, &info.ctx)?)
            })
            .await
            .map_err(JobError::from)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use vocabulary::civil::date;

    #[test]
    fn a_week_begins_on_its_monday() {
        for (day, monday) in [(2, 2), (3, 2), (8, 2), (9, 9)] {
            assert_eq!(monday_of(date(2026, 11, day)), date(2026, 11, monday));
        }
    }
}
