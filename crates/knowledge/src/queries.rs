//! All SQL of articles and planned events.

use crate::{Article, ArticleDraft, PlannedEvent, PlannedEventDraft};
use storage::{Row, Session, StorageError, params, sql};
use vocabulary::{AnyId, ArticleId, GenericUuid as _, PlannedEventId, Timestamp, civil::Date, start_of_day};

fn article_row(r: &Row<'_>) -> Result<Article, StorageError> {
    Ok(Article {
        id: r.get(0)?,
        slug: r.get(1)?,
        title: r.get(2)?,
        answer: r.get(3)?,
        body: r.get(4)?,
        keywords: r.get(5)?,
        department: r.get(6)?,
        case_type: r.get(7)?,
        changed_at: r.get(8)?,
    })
}

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

/// Every article, by title.
///
/// # Errors
/// When the database fails.
pub fn articles(s: &mut Session<'_>) -> Result<Vec<Article>, StorageError> {
    s.rows(
        sql!(
            "SELECT id, slug, title, answer, body, keywords, department_id, case_type_id, changed_at \
             FROM articles ORDER BY title, id"
        ),
        params![],
        article_row,
    )
}

/// The article with this id, if there is one.
///
/// # Errors
/// When the database fails.
pub fn article(s: &mut Session<'_>, id: ArticleId) -> Result<Option<Article>, StorageError> {
    s.row(
        sql!(
            "SELECT id, slug, title, answer, body, keywords, department_id, case_type_id, changed_at \
             FROM articles WHERE id = $1"
        ),
        params![id],
        article_row,
    )
}

/// The article with this slug, if there is one.
///
/// # Errors
/// When the database fails.
pub fn article_by_slug(s: &mut Session<'_>, slug: &str) -> Result<Option<Article>, StorageError> {
    s.row(
        sql!(
            "SELECT id, slug, title, answer, body, keywords, department_id, case_type_id, changed_at \
             FROM articles WHERE slug = $1"
        ),
        params![slug],
        article_row,
    )
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

pub(crate) fn insert_article(
    s: &mut Session<'_>,
    id: ArticleId,
    draft: &ArticleDraft,
    now: Timestamp,
) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO articles \
             (id, slug, title, answer, body, keywords, department_id, case_type_id, changed_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        ),
        params![
            id,
            &draft.slug,
            &draft.title,
            &draft.answer,
            &draft.body,
            &draft.keywords,
            draft.department,
            draft.case_type,
            now
        ],
    )?;
    Ok(())
}

pub(crate) fn update_article(
    s: &mut Session<'_>,
    id: ArticleId,
    draft: &ArticleDraft,
    now: Timestamp,
) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "UPDATE articles SET title = $1, answer = $2, body = $3, keywords = $4, department_id = $5, \
             case_type_id = $6, changed_at = $7 WHERE id = $8"
        ),
        params![
            &draft.title,
            &draft.answer,
            &draft.body,
            &draft.keywords,
            draft.department,
            draft.case_type,
            now,
            id
        ],
    )?;
    Ok(())
}

pub(crate) fn delete_article(s: &mut Session<'_>, id: ArticleId) -> Result<u64, StorageError> {
    s.execute(sql!("DELETE FROM articles WHERE id = $1"), params![id])
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

/// Which articles were touched after entry `after`, oldest first, at most `limit`.
pub(crate) fn touched_articles(
    s: &mut Session<'_>,
    after: i64,
    limit: i64,
) -> Result<Vec<(i64, ArticleId)>, StorageError> {
    s.rows(
        sql!(
            "SELECT seq, subject_id FROM timeline \
             WHERE kind IN ('article_written', 'article_removed') AND seq > $1 ORDER BY seq LIMIT $2"
        ),
        params![after, limit],
        |r| Ok((r.get(0)?, ArticleId::from_untyped_uuid(r.get::<AnyId>(1)?))),
    )
}
