//! The events themselves, what belongs to them, and every version of them.

use crate::model::{ArticleLink, EventDraft, EventState, PlannedEvent, Position, Question, no_end};
use storage::{Row, Session, StorageError, params, sql};
use vocabulary::{ArticleId, Context, DepartmentId, PlannedEventId, Timestamp, UserId};

/// Most events in one list.
pub const EVENTS_MAX: usize = 200;

macro_rules! select_event {
    ($rest:literal) => {
        concat!(
            "SELECT e.id, e.kind, e.title, e.text, e.place, e.latitude, e.longitude, e.begins_at, e.ends_at,
                    e.all_day, e.department_id, e.importance, e.state, e.notice, e.shown_at, e.version,
                    e.text_version, e.changed_at, e.meeting_id
             FROM planned_events e ",
            $rest
        )
    };
}
pub(super) use select_event;

pub(super) fn event_row(r: &Row<'_>) -> Result<PlannedEvent, StorageError> {
    let (latitude, longitude): (Option<f64>, Option<f64>) = (r.get(5)?, r.get(6)?);
    let ends_at: Timestamp = r.get(8)?;
    Ok(PlannedEvent {
        id: r.get(0)?,
        kind: r.get(1)?,
        title: r.get(2)?,
        text: r.get(3)?,
        place: r.get(4)?,
        position: latitude.zip(longitude).and_then(|(lat, lon)| Position::new(lat, lon)),
        begins_at: r.get(7)?,
        ends_at: (ends_at < no_end()).then_some(ends_at),
        all_day: r.get(9)?,
        department: r.get(10)?,
        importance: r.get(11)?,
        state: r.get(12)?,
        notice: r.get(13)?,
        shown_at: r.get(14)?,
        version: r.get(15)?,
        text_version: r.get(16)?,
        changed_at: r.get(17)?,
        meeting: r.get(18)?,
    })
}

/// The event with this id, in whatever state.
///
/// # Errors
/// When the database fails.
pub fn event(s: &mut Session<'_>, id: PlannedEventId) -> Result<Option<PlannedEvent>, StorageError> {
    s.row(sql!(select_event!("WHERE e.id = $1")), params![id], event_row)
}

/// Which events are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventList {
    /// Planned and not over, in the order they begin.
    Coming,
    /// Over, or cancelled, newest first.
    Past,
    /// Not settled, in the order they begin.
    Drafts,
}

/// The events of a list, of one department or of all; at most [`EVENTS_MAX`].
///
/// # Errors
/// When the database fails.
pub fn events(
    s: &mut Session<'_>,
    list: EventList,
    department: Option<DepartmentId>,
    now: Timestamp,
) -> Result<Vec<PlannedEvent>, StorageError> {
    match list {
        EventList::Coming => s.rows(
            sql!(select_event!(
                "WHERE e.state = $1 AND e.ends_at > $2 AND ($3 OR e.department_id = $4)
                 ORDER BY e.begins_at, e.id LIMIT $5"
            )),
            params![EventState::Planned, now, department.is_none(), department, EVENTS_MAX],
            event_row,
        ),
        EventList::Past => s.rows(
            sql!(select_event!(
                "WHERE ((e.state = $1 AND e.ends_at <= $2) OR e.state = $3) AND ($4 OR e.department_id = $5)
                 ORDER BY e.begins_at DESC, e.id DESC LIMIT $6"
            )),
            params![
                EventState::Planned,
                now,
                EventState::Cancelled,
                department.is_none(),
                department,
                EVENTS_MAX
            ],
            event_row,
        ),
        EventList::Drafts => s.rows(
            sql!(select_event!(
                "WHERE e.state = $1 AND ($2 OR e.department_id = $3) ORDER BY e.begins_at, e.id LIMIT $4"
            )),
            params![EventState::Draft, department.is_none(), department, EVENTS_MAX],
            event_row,
        ),
    }
}

/// An event with what belongs to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Whole {
    /// The event.
    pub event: PlannedEvent,
    /// What people are expected to ask.
    pub questions: Vec<Question>,
    /// The articles, with what became of those that were to go live.
    pub articles: Vec<(ArticleLink, Option<Timestamp>, Option<String>)>,
}

impl Whole {
    /// As a draft, to be changed.
    #[must_use]
    pub fn draft(&self) -> EventDraft {
        let articles = self.articles.iter().map(|(link, _, _)| *link).collect();
        EventDraft::of(&self.event, self.questions.clone(), articles)
    }
}

/// The event with what belongs to it.
///
/// # Errors
/// When the database fails.
pub fn whole(s: &mut Session<'_>, id: PlannedEventId) -> Result<Option<Whole>, StorageError> {
    let Some(event) = event(s, id)? else { return Ok(None) };
    let questions = questions(s, id)?;
    let articles = s.rows(
        sql!(
            "SELECT article_id, goes_live, went_live_at, fault FROM planned_event_articles
             WHERE event_id = $1 ORDER BY article_id"
        ),
        params![id],
        |r| Ok((ArticleLink { article: r.get(0)?, goes_live: r.get(1)? }, r.get(2)?, r.get(3)?)),
    )?;
    Ok(Some(Whole { event, questions, articles }))
}

pub(super) fn questions(s: &mut Session<'_>, id: PlannedEventId) -> Result<Vec<Question>, StorageError> {
    s.rows(
        sql!("SELECT question, article_id FROM planned_event_questions WHERE event_id = $1 ORDER BY place"),
        params![id],
        |r| Ok(Question { question: r.get(0)?, article: r.get(1)? }),
    )
}

/// The event with this title and beginning that is not dropped, if there is one.
pub(crate) fn event_by_title(
    s: &mut Session<'_>,
    title: &str,
    begins_at: Timestamp,
) -> Result<Option<PlannedEvent>, StorageError> {
    s.row(
        sql!(select_event!(
            "WHERE e.title = $1 AND e.begins_at = $2 AND e.state <> $3 ORDER BY e.id LIMIT 1"
        )),
        params![title, begins_at, EventState::Dropped],
        event_row,
    )
}

pub(crate) fn insert_event(
    s: &mut Session<'_>,
    id: PlannedEventId,
    draft: &EventDraft,
    state: EventState,
    now: Timestamp,
) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO planned_events
                 (id, kind, title, text, place, latitude, longitude, begins_at, ends_at, all_day,
                  department_id, importance, state, notice, shown_at, version, text_version, changed_at, meeting_id)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 1, 1, $16, $17)"
        ),
        params![
            id,
            draft.kind,
            draft.title,
            draft.text,
            draft.place,
            draft.position.map(|p| p.latitude),
            draft.position.map(|p| p.longitude),
            draft.begins_at,
            draft.ends_at.unwrap_or(no_end()),
            draft.all_day,
            draft.department,
            draft.importance,
            state,
            draft.notice,
            draft.shown_at,
            now,
            draft.meeting
        ],
    )?;
    Ok(())
}

/// Which numbers and which state an event has after a change.
pub(crate) struct Step {
    pub state: EventState,
    pub version: u32,
    pub text_version: u32,
    pub now: Timestamp,
}

pub(crate) fn update_event(
    s: &mut Session<'_>,
    id: PlannedEventId,
    draft: &EventDraft,
    step: &Step,
) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "UPDATE planned_events SET kind = $2, title = $3, text = $4, place = $5, latitude = $6,
                 longitude = $7, begins_at = $8, ends_at = $9, all_day = $10, department_id = $11,
                 importance = $12, state = $13, notice = $14, shown_at = $15, version = $16,
                 text_version = $17, changed_at = $18, meeting_id = $19
             WHERE id = $1"
        ),
        params![
            id,
            draft.kind,
            draft.title,
            draft.text,
            draft.place,
            draft.position.map(|p| p.latitude),
            draft.position.map(|p| p.longitude),
            draft.begins_at,
            draft.ends_at.unwrap_or(no_end()),
            draft.all_day,
            draft.department,
            draft.importance,
            step.state,
            draft.notice,
            draft.shown_at,
            step.version,
            step.text_version,
            step.now,
            draft.meeting
        ],
    )?;
    Ok(())
}

/// Writes the questions and articles anew. An article that went live stays so: it is not published a second time.
pub(crate) fn replace_parts(
    s: &mut Session<'_>,
    id: PlannedEventId,
    draft: &EventDraft,
) -> Result<(), StorageError> {
    s.execute(sql!("DELETE FROM planned_event_questions WHERE event_id = $1"), params![id])?;
    for (place, asked) in draft.questions.iter().enumerate() {
        s.execute(
            sql!(
                "INSERT INTO planned_event_questions (event_id, place, question, article_id)
                 VALUES ($1, $2, $3, $4)"
            ),
            params![id, place, asked.question, asked.article],
        )?;
    }
    let before: Vec<ArticleId> = s.rows(
        sql!("SELECT article_id FROM planned_event_articles WHERE event_id = $1"),
        params![id],
        |r| r.get(0),
    )?;
    for gone in before.iter().filter(|known| draft.articles.iter().all(|link| link.article != **known)) {
        s.execute(
            sql!("DELETE FROM planned_event_articles WHERE event_id = $1 AND article_id = $2"),
            params![id, gone],
        )?;
    }
    for link in &draft.articles {
        s.execute(
            sql!(
                "INSERT INTO planned_event_articles (event_id, article_id, goes_live) VALUES ($1, $2, $3)
                 ON CONFLICT (event_id, article_id) DO UPDATE SET goes_live = excluded.goes_live"
            ),
            params![id, link.article, link.goes_live],
        )?;
    }
    Ok(())
}

/// Writes down what became of an article that was to go live.
pub(crate) fn link_fate(
    s: &mut Session<'_>,
    id: PlannedEventId,
    article: ArticleId,
    went_live_at: Option<Timestamp>,
    fault: Option<&str>,
) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "UPDATE planned_event_articles SET went_live_at = $3, fault = $4
             WHERE event_id = $1 AND article_id = $2"
        ),
        params![id, article, went_live_at, fault],
    )?;
    Ok(())
}

/// One version of an event.
#[derive(Clone, Debug, PartialEq)]
pub struct Version {
    /// Counted from 1.
    pub version: u32,
    /// What people had decided.
    pub state: EventState,
    /// What it said.
    pub draft: EventDraft,
    /// When it was written.
    pub at: Timestamp,
    /// Who wrote it, if a signed-in person did.
    pub user: Option<UserId>,
}

pub(crate) fn insert_version(
    s: &mut Session<'_>,
    ctx: &Context,
    id: PlannedEventId,
    version: u32,
    state: EventState,
    draft: &str,
) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO planned_event_versions (event_id, version, state, draft, at, actor_kind, actor_id)
             VALUES ($1, $2, $3, $4, $5, $6, $7)"
        ),
        params![id, version, state, draft, ctx.now, ctx.actor.kind(), ctx.actor.id()],
    )?;
    Ok(())
}

/// Every version, newest first. One that cannot be read any more is left out.
///
/// # Errors
/// When the database fails.
pub fn versions(s: &mut Session<'_>, id: PlannedEventId) -> Result<Vec<Version>, StorageError> {
    let rows = s.rows(
        sql!(
            "SELECT version, state, draft, at, actor_kind, actor_id FROM planned_event_versions
             WHERE event_id = $1 ORDER BY version DESC LIMIT 200"
        ),
        params![id],
        |r| {
            let user = if r.get::<String>(4)? == "user" { r.get(5)? } else { None };
            Ok((r.get(0)?, r.get(1)?, r.get::<String>(2)?, r.get(3)?, user))
        },
    )?;
    let read = |(version, state, draft, at, user): (_, _, String, _, _)| {
        Some(Version { version, state, draft: serde_json::from_str(&draft).ok()?, at, user })
    };
    Ok(rows.into_iter().filter_map(read).collect())
}

pub(crate) fn insert_confirmation(
    s: &mut Session<'_>,
    id: PlannedEventId,
    text_version: u32,
    user: UserId,
    now: Timestamp,
) -> Result<u64, StorageError> {
    s.execute(
        sql!(
            "INSERT INTO event_confirmations (event_id, text_version, user_id, confirmed_at)
             VALUES ($1, $2, $3, $4) ON CONFLICT (event_id, text_version, user_id) DO NOTHING"
        ),
        params![id, text_version, user, now],
    )
}

/// Who has confirmed that version of the text, and when.
///
/// # Errors
/// When the database fails.
pub fn confirmations(
    s: &mut Session<'_>,
    id: PlannedEventId,
    text_version: u32,
) -> Result<Vec<(UserId, Timestamp)>, StorageError> {
    s.rows(
        sql!(
            "SELECT user_id, confirmed_at FROM event_confirmations
             WHERE event_id = $1 AND text_version = $2 ORDER BY confirmed_at, user_id"
        ),
        params![id, text_version],
        |r| Ok((r.get(0)?, r.get(1)?)),
    )
}

/// From which calendar an event came: the source's id and name.
///
/// # Errors
/// When the database fails.
pub fn event_of_entry(
    s: &mut Session<'_>,
    id: PlannedEventId,
) -> Result<Option<(vocabulary::CalendarSourceId, String)>, StorageError> {
    s.row(
        sql!(
            "SELECT c.id, c.name FROM calendar_entries e JOIN calendar_sources c ON c.id = e.source_id
             WHERE e.event_id = $1"
        ),
        params![id],
        |r| Ok((r.get(0)?, r.get(1)?)),
    )
}

/// What a calendar program is told of: what is planned or was cancelled, and has not ended before `from`.
pub(crate) fn events_for_calendar(
    s: &mut Session<'_>,
    department: Option<DepartmentId>,
    from: Timestamp,
) -> Result<Vec<PlannedEvent>, StorageError> {
    s.rows(
        sql!(select_event!(
            "WHERE e.state IN ($1, $2) AND e.ends_at > $3 AND ($4 OR e.department_id = $5)
             ORDER BY e.begins_at, e.id LIMIT 2000"
        )),
        params![EventState::Planned, EventState::Cancelled, from, department.is_none(), department],
        event_row,
    )
}

/// The events that were told at a meeting and not dropped, in the order they begin.
///
/// # Errors
/// When the database fails.
pub fn events_told_at(
    s: &mut Session<'_>,
    meeting: vocabulary::MeetingId,
) -> Result<Vec<PlannedEvent>, StorageError> {
    s.rows(
        sql!(select_event!("WHERE e.meeting_id = $1 AND e.state <> $2 ORDER BY e.begins_at, e.id LIMIT 100")),
        params![meeting, EventState::Dropped],
        event_row,
    )
}
