//! All SQL of articles and planned events.

mod around;
mod articles;

pub use around::*;
pub use articles::*;

use crate::{PlannedEvent, PlannedEventDraft};
use storage::{Row, Session, StorageError, params, sql};
use vocabulary::{AnyId, ArticleId, GenericUuid as _, PlannedEventId, Timestamp, civil::Date, start_of_day};

fn event_row(r: &Row<'_>) -> Result<PlannedEvent, StorageError> {
    Ok(PlannedEvent {
        id: r.get(0)?,
        title: r.get(1)?,
        text: r.get(2)?,
        place: r.get(3)?,
        begins_at: r.get(4)?,
        ends_at: r.get(5)?,
    })
}

/// The events that touch `day` in Swedish time, in the order they begin.
///
/// # Errors
/// When the database fails.
pub fn events_on(s: &mut Session<'_>, day: Date) -> Result<Vec<PlannedEvent>, StorageError> {
    let next_day = day.tomorrow().map_or(Timestamp::MAX, start_of_day);
    s.rows(
        sql!(
            "SELECT id, title, text, place, begins_at, ends_at FROM planned_events \
             WHERE begins_at < $1 AND ends_at > $2 ORDER BY begins_at, id"
        ),
        params![next_day, start_of_day(day)],
        event_row,
    )
}

pub(crate) fn event_by_title(
    s: &mut Session<'_>,
    title: &str,
    begins_at: Timestamp,
) -> Result<Option<PlannedEvent>, StorageError> {
    s.row(
        sql!(
            "SELECT id, title, text, place, begins_at, ends_at FROM planned_events \
             WHERE title = $1 AND begins_at = $2 ORDER BY id LIMIT 1"
        ),
        params![title, begins_at],
        event_row,
    )
}

pub(crate) fn insert_event(
    s: &mut Session<'_>,
    id: PlannedEventId,
    draft: &PlannedEventDraft,
) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO planned_events (id, title, text, place, begins_at, ends_at) \
             VALUES ($1, $2, $3, $4, $5, $6)"
        ),
        params![id, &draft.title, &draft.text, &draft.place, draft.begins_at, draft.ends_at],
    )?;
    Ok(())
}

pub(crate) fn update_event(
    s: &mut Session<'_>,
    id: PlannedEventId,
    draft: &PlannedEventDraft,
) -> Result<(), StorageError> {
    s.execute(
        sql!("UPDATE planned_events SET text = $1, place = $2, ends_at = $3 WHERE id = $4"),
        params![&draft.text, &draft.place, draft.ends_at, id],
    )?;
    Ok(())
}

/// The number of the timeline's last entry; 0 when it is empty.
pub(crate) fn last_seq(s: &mut Session<'_>) -> Result<i64, StorageError> {
    s.the_row(sql!("SELECT COALESCE(MAX(seq), 0) FROM timeline"), params![], |r| r.get(0))
}

/// Something that changes what a search finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Touched {
    /// An article was published, archived or taken away.
    Article(ArticleId),
    /// The synonyms are no longer what they were.
    Synonyms,
}

/// What was touched after entry `after` that changes what a search finds, oldest first, at most `limit`.
pub(crate) fn touched(
    s: &mut Session<'_>,
    after: i64,
    limit: i64,
) -> Result<Vec<(i64, Touched)>, StorageError> {
    s.rows(
        sql!(
            "SELECT seq, subject_kind, subject_id FROM timeline \
             WHERE kind IN ('article_published', 'article_archived', 'article_removed', 'synonyms_changed', \
                            'synonyms_removed') AND seq > $1 ORDER BY seq LIMIT $2"
        ),
        params![after, limit],
        |r| {
            let what = match r.get::<String>(1)?.as_str() {
                "article" => Touched::Article(ArticleId::from_untyped_uuid(r.get::<AnyId>(2)?)),
                _ => Touched::Synonyms,
            };
            Ok((r.get(0)?, what))
        },
    )
}
