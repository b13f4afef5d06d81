//! What the clock does with what is planned. That an event is live or over is read off the clock, and waits for no job;
//! the jobs publish the articles, tell the house so that pages renew themselves, and read calendars anew. Each may run
//! twice, late, or after what it was for is over.

use crate::import::{self, Outcome};
use crate::model::{EventState, Phase, PlannedEvent};
use crate::{AheadError, queries};
use knowledge::KnowledgeError;
use serde::Deserialize;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use storage::jobs::{JobError, NewJob, Runner, enqueue};
use storage::timeline::{self, Entry, Subject};
use storage::{Database, Session, StorageError};
use vocabulary::{CalendarSourceId, Context, GenericUuid as _, PlannedEventId, SignedDuration, Timestamp};

/// An event is to be shown, or is over. Payload: `{"event": id}`.
pub const EVENT_TURNS: &str = "planned_event_turns";
/// A calendar is to be fetched. Payload: `{"source": id}`.
pub const CALENDAR_DUE: &str = "calendar_source_due";
/// The timeline's word for an event that is shown from now on.
pub const EVENT_LIVE: &str = "event_live";
/// The timeline's word for an event that is over.
pub const EVENT_PAST: &str = "event_past";

/// How long until an article that could not be published is tried again, while its event lasts.
const ARTICLE_AGAIN: SignedDuration = SignedDuration::from_mins(10);
/// How long between two fetches of a calendar.
pub const FETCH_EVERY: SignedDuration = SignedDuration::from_hours(1);

/// Asks the clock to come back when the event is shown and when it is over.
///
/// # Errors
/// The database.
pub(crate) fn wind(s: &mut Session<'_>, ctx: &Context, event: &PlannedEvent) -> Result<(), StorageError> {
    let moments = [Some(event.goes_live_at()), Some(event.begins_at), event.ends_at];
    for at in moments.into_iter().flatten() {
        let key = format!("planned-event:{}:{}:{}", event.id, event.version, at.as_microsecond());
        let job = NewJob {
            kind: EVENT_TURNS,
            payload: serde_json::json!({ "event": event.id }),
            run_at: at.max(ctx.now),
            dedupe_key: Some(key),
        };
        enqueue(s, ctx, job)?;
    }
    Ok(())
}

#[derive(Deserialize)]
struct Turns {
    event: PlannedEventId,
}

#[derive(Deserialize)]
struct Due {
    source: CalendarSourceId,
}

fn read<T: for<'de> Deserialize<'de>>(payload: &serde_json::Value) -> Result<T, AheadError> {
    T::deserialize(payload).map_err(|error| AheadError::Payload(error.to_string()))
}

/// Publishes the articles of an event that is shown and tells the house where the event is. Gives when it must be tried
/// again because an article could not be published yet.
///
/// # Errors
/// [`AheadError::Payload`], or the database.
pub fn turn(
    s: &mut Session<'_>,
    ctx: &Context,
    payload: &serde_json::Value,
) -> Result<Option<Timestamp>, AheadError> {
    let Turns { event: id } = read(payload)?;
    let Some(whole) = queries::whole(s, id)? else { return Ok(None) };
    let (event, phase) = (&whole.event, whole.event.phase(ctx.now));
    let shown = event.state == EventState::Planned && event.goes_live_at() <= ctx.now;
    if !shown {
        return Ok(None);
    }
    let mut waits = false;
    if phase != Phase::Past {
        for (link, went_live_at, _) in &whole.articles {
            if link.goes_live && went_live_at.is_none() {
                waits |= !publish(s, ctx, event, link.article)?;
            }
        }
    }
    let kind = if phase == Phase::Past { EVENT_PAST } else { EVENT_LIVE };
    let subject = Subject { kind: "planned_event", id: id.into_untyped_uuid() };
    timeline::append(s, ctx, Entry { kind, subject, related: None, detail: None })?;
    Ok(waits.then(|| ctx.now.checked_add(ARTICLE_AGAIN).unwrap_or(ctx.now)))
}

/// Publishes an article that was made ready; gives whether it is out. Why it is not stands with the event, and its owner
/// is given a task.
fn publish(
    s: &mut Session<'_>,
    ctx: &Context,
    event: &PlannedEvent,
    article: vocabulary::ArticleId,
) -> Result<bool, AheadError> {
    let fault = match knowledge::commands::publish_by_clock(s, ctx, article) {
        Ok(()) => {
            queries::link_fate(s, event.id, article, Some(ctx.now), None)?;
            return Ok(true);
        }
        Err(KnowledgeError::Storage(error)) => return Err(error.into()),
        Err(KnowledgeError::Refused(refusal)) => refusal.as_str(),
        Err(_) => "gone",
    };
    queries::link_fate(s, event.id, article, None, Some(fault))?;
    let Some(found) = knowledge::queries::newest(s, article)? else { return Ok(false) };
    let task = knowledge::tasks::NewTask {
        kind: knowledge::tasks::TaskKind::Review,
        article: Some(article),
        gap: None,
        owner: found.owner,
        note: event.title.clone(),
        due: Some(vocabulary::local_day(ctx.now)),
        key: Some(format!("planned-event:{}:{article}", event.id)),
    };
    match knowledge::tasks::make(s, ctx, &task) {
        Ok(_) => Ok(false),
        Err(KnowledgeError::Storage(error)) => Err(error.into()),
        Err(_) => Ok(false),
    }
}

/// Fetches a calendar: the bytes, or why there are none, in a word.
pub trait Fetch: Send + Sync {
    /// Fetches what lies at `url`.
    fn fetch<'a>(
        &'a self,
        url: &'a str,
    ) -> Pin<Box<dyn Future<Output = Result<Vec<u8>, String>> + Send + 'a>>;
}

/// Asks for a calendar to be fetched at `at`; twice for the same instant is once.
///
/// # Errors
/// The database.
pub fn wind_source(
    s: &mut Session<'_>,
    ctx: &Context,
    source: CalendarSourceId,
    at: Timestamp,
) -> Result<(), StorageError> {
    let job = NewJob {
        kind: CALENDAR_DUE,
        payload: serde_json::json!({ "source": source }),
        run_at: at,
        dedupe_key: Some(format!("calendar:{source}:{}", at.as_second())),
    };
    enqueue(s, ctx, job)?;
    Ok(())
}

/// The next turn of every calendar: at the same instants for all, so that two chains of jobs for one become one.
fn next_turn(now: Timestamp) -> Timestamp {
    let turn_s = FETCH_EVERY.as_secs();
    let passed = now.as_second().rem_euclid(turn_s);
    now.checked_add(SignedDuration::from_secs(turn_s - passed))
        .and_then(|at| Timestamp::from_second(at.as_second()))
        .unwrap_or(now)
}

/// Asks for every calendar with an address to be fetched, when the house starts: a chain of jobs that was given up goes on.
///
/// # Errors
/// The database.
pub fn wind_all(s: &mut Session<'_>, ctx: &Context) -> Result<(), StorageError> {
    for source in queries::sources(s)?.into_iter().filter(|source| source.active) {
        wind_source(s, ctx, source.id, next_turn(ctx.now))?;
    }
    Ok(())
}

/// Fetches one source and takes in what it says; how it went stands with the source.
///
/// # Errors
/// The database.
pub async fn fetch_source(
    db: &Database,
    fetch: &dyn Fetch,
    ctx: &Context,
    id: CalendarSourceId,
) -> Result<Option<Outcome>, AheadError> {
    let Some(source) = db.read(move |s| queries::source(s, id)).await? else { return Ok(None) };
    let Some(url) = source.url.clone().filter(|_| source.active) else { return Ok(None) };
    let fetched = fetch.fetch(&url).await;
    let ctx = ctx.clone();
    db.write(move |s| match &fetched {
        Ok(file) => import::take_in_file(s, &ctx, id, file).map(Some),
        Err(word) => {
            queries::source_tried(s, id, ctx.now, Some(word), "[]")?;
            Ok(None)
        }
    })
    .await
}

fn job_error(error: AheadError) -> JobError {
    match error {
        AheadError::Payload(_) => JobError::GiveUp(error.to_string()),
        other => JobError::Retry(other.to_string()),
    }
}

/// Gives `runner` the handlers of this room.
#[must_use]
pub fn wire(runner: Runner, db: &Database, fetch: Arc<dyn Fetch>) -> Runner {
    let (turns, due) = (db.clone(), db.clone());
    runner
        .on(EVENT_TURNS, move |payload, info| {
            let db = turns.clone();
            async move {
                let again = db.write(move |s| turn(s, &info.ctx, &payload)).await.map_err(job_error)?;
                again.map_or(Ok(()), |at| Err(JobError::Later(at)))
            }
        })
        .on(CALENDAR_DUE, move |payload, info| {
            let (db, fetch) = (due.clone(), fetch.clone());
            async move {
                let Due { source } = read(&payload).map_err(job_error)?;
                match fetch_source(&db, &*fetch, &info.ctx, source).await {
                    // What cannot be read stands with the source, and is tried again with the next fetch.
                    Ok(_) | Err(AheadError::Calendar(_)) => {}
                    Err(error) => return Err(job_error(error)),
                }
                db.write(move |s| match queries::source(s, source)? {
                    Some(found) if found.active => wind_source(s, &info.ctx, source, next_turn(info.ctx.now)),
                    _ => Ok(()),
                })
                .await?;
                Ok(())
            }
        })
}
