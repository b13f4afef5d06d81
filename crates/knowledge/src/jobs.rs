//! What happens by night: whoever owns an article is told in good time that it must be looked at again. The job may run
//! twice, late or never: it looks at how things stand, and each review day of each article makes one task.

use crate::tasks::{self, NewTask, TaskKind};
use crate::{KnowledgeError, queries};
use storage::jobs::{JobError, NewJob, Runner};
use storage::{Database, Session, StorageError};
use vocabulary::civil::{Date, Time};
use vocabulary::{Context, GenericUuid as _, SignedDuration, Timestamp, local_day, time_zone};

/// Makes the tasks of articles that must be looked at again, and winds itself for the next night. Payload: `{}`.
pub const REVIEWS: &str = "article_reviews";
/// How many days before the review day the owner is told.
pub const REVIEW_AHEAD_DAYS: i64 = 14;
/// When it happens, Swedish time: between the night's other jobs and the first guide.
const AT: Time = Time::constant(3, 30, 0, 0);

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
        kind: REVIEWS,
        payload: serde_json::json!({}),
        run_at,
        dedupe_key: Some(format!("{REVIEWS}:{}", local_day(run_at))),
    };
    storage::jobs::enqueue(s, ctx, job).map(drop)
}

/// Makes a task of every article that must be looked at within [`REVIEW_AHEAD_DAYS`] days, for its owner, once for each
/// review day. What is read without a review day is one, too.
///
/// # Errors
/// The database.
pub fn make_review_tasks(s: &mut Session<'_>, ctx: &Context) -> Result<(), KnowledgeError> {
    let today = local_day(ctx.now);
    let ahead = today.saturating_add(SignedDuration::from_hours(24 * REVIEW_AHEAD_DAYS));
    for (article, owner, day) in queries::due_by(s, ahead)? {
        let asked = day.map_or_else(|| "none".to_owned(), |day| day.to_string());
        let task = NewTask {
            kind: TaskKind::Review,
            article: Some(article),
            gap: None,
            owner,
            note: String::new(),
            due: day,
            key: Some(format!("review:{}:{asked}", article.into_untyped_uuid())),
        };
        tasks::make(s, ctx, &task)?;
    }
    Ok(())
}

/// Adds this room's jobs to the runner.
#[must_use]
pub fn wire(runner: Runner, db: &Database) -> Runner {
    let db = db.clone();
    runner.on(REVIEWS, move |_, info| {
        let db = db.clone();
        async move {
            db.write(move |s| -> Result<(), KnowledgeError> {
                make_review_tasks(s, &info.ctx)?;
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

    #[test]
    fn the_next_night_is_ahead_also_when_the_clocks_change() {
        for (now, night) in [
            ("2026-11-02T09:00:00Z", "2026-11-03T02:30:00Z"),
            ("2026-11-03T02:30:00Z", "2026-11-04T02:30:00Z"),
            // In the morning the clocks go forward.
            ("2027-03-27T12:00:00Z", "2027-03-28T01:30:00Z"),
        ] {
            let (now, night): (Timestamp, Timestamp) = (now.parse().unwrap(), night.parse().unwrap());
            assert_eq!(next_night(now), night, "{now}");
        }
    }
}
