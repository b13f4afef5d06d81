//! What holds today: for guides, for the public, for the search; and who has confirmed what is important.

use super::events::{event_row, questions, select_event};
use crate::model::{EventState, Importance, PlannedEvent, Question};
use storage::{Session, StorageError, params, sql};
use vocabulary::{ArticleId, PlannedEventId, Timestamp, UserId, local_day, start_of_day};

/// Most events shown under today.
const TODAY_MAX: usize = 100;
/// Most notices on the public site.
const NOTICES_MAX: usize = 20;

/// What a guide sees of an event under today.
#[derive(Clone, Debug, PartialEq)]
pub struct Today {
    /// The event; also one that was cancelled, so that nobody goes on telling of it.
    pub event: PlannedEvent,
    /// What people are expected to ask.
    pub questions: Vec<Question>,
    /// Its articles.
    pub articles: Vec<ArticleName>,
}

/// An article by its names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArticleName {
    /// Its id.
    pub id: ArticleId,
    /// Its name in addresses.
    pub slug: String,
    /// What it is about.
    pub title: String,
}

/// The events that touch the Swedish day of `now`: what is live first, then what is still to come, what is over, and
/// what was cancelled.
///
/// # Errors
/// When the database fails.
pub fn today(s: &mut Session<'_>, now: Timestamp) -> Result<Vec<Today>, StorageError> {
    let day = local_day(now);
    let next_day = day.tomorrow().map_or(Timestamp::MAX, start_of_day);
    let mut events = s.rows(
        sql!(select_event!(
            "WHERE e.state IN ($1, $2) AND e.begins_at < $3 AND e.ends_at > $4
             ORDER BY e.begins_at, e.id LIMIT $5"
        )),
        params![EventState::Planned, EventState::Cancelled, next_day, start_of_day(day), TODAY_MAX],
        event_row,
    )?;
    let rank = |event: &PlannedEvent| match event.phase(now) {
        crate::Phase::Live => (0, event.importance == Importance::Ordinary),
        crate::Phase::Planned | crate::Phase::Draft => (1, event.importance == Importance::Ordinary),
        crate::Phase::Past => (2, false),
        crate::Phase::Cancelled => (3, false),
    };
    events.sort_by_key(|event| (rank(event), event.begins_at, event.id));
    let mut all = Vec::with_capacity(events.len());
    for event in events {
        let questions = questions(s, event.id)?;
        let articles = article_names(s, event.id)?;
        all.push(Today { event, questions, articles });
    }
    Ok(all)
}

fn article_names(s: &mut Session<'_>, id: PlannedEventId) -> Result<Vec<ArticleName>, StorageError> {
    let linked: Vec<ArticleId> = s.rows(
        sql!(
            "SELECT article_id FROM planned_event_articles WHERE event_id = $1
             UNION SELECT article_id FROM planned_event_questions WHERE event_id = $1 AND article_id IS NOT NULL"
        ),
        params![id],
        |r| r.get(0),
    )?;
    let mut named = Vec::with_capacity(linked.len());
    for id in linked {
        // What guides read: a draft helps nobody yet.
        if let Some(found) = knowledge::queries::article(s, id)? {
            named.push(ArticleName { id, slug: found.slug.clone(), title: found.title().to_owned() });
        }
    }
    Ok(named)
}

/// A notice to the public.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// Of which event.
    pub event: PlannedEventId,
    /// What sort of thing it is.
    pub kind: crate::EventKind,
    /// What happens.
    pub title: String,
    /// What the public reads.
    pub text: String,
    /// Where; empty if it has no place.
    pub place: String,
    /// From when it happens.
    pub begins_at: Timestamp,
    /// Until when; none: until further notice.
    pub ends_at: Option<Timestamp>,
    /// Whether it is about whole days.
    pub all_day: bool,
    /// When the event was last changed.
    pub changed_at: Timestamp,
    /// The articles that belong to it.
    pub articles: Vec<ArticleId>,
}

/// The notices the public reads at `now`, what begins first on top.
///
/// # Errors
/// When the database fails.
pub fn notices(s: &mut Session<'_>, now: Timestamp) -> Result<Vec<Notice>, StorageError> {
    let events = s.rows(
        sql!(select_event!(
            "WHERE e.state = $1 AND e.notice IS NOT NULL AND e.ends_at > $2
               AND (e.begins_at <= $2 OR e.shown_at <= $2)
             ORDER BY e.begins_at, e.id LIMIT $3"
        )),
        params![EventState::Planned, now, NOTICES_MAX],
        event_row,
    )?;
    let mut all = Vec::with_capacity(events.len());
    for event in events {
        let articles = s.rows(
            sql!("SELECT article_id FROM planned_event_articles WHERE event_id = $1 ORDER BY article_id"),
            params![event.id],
            |r| r.get(0),
        )?;
        all.push(Notice {
            event: event.id,
            kind: event.kind,
            title: event.title,
            text: event.notice.unwrap_or_default(),
            place: event.place,
            begins_at: event.begins_at,
            ends_at: event.ends_at,
            all_day: event.all_day,
            changed_at: event.changed_at,
            articles,
        });
    }
    Ok(all)
}

/// The articles that belong to what touches today or is shown already: what residents are likely to ask about now.
///
/// # Errors
/// When the database fails.
pub fn articles_now(s: &mut Session<'_>, now: Timestamp) -> Result<Vec<ArticleId>, StorageError> {
    let day = local_day(now);
    let next_day = day.tomorrow().map_or(Timestamp::MAX, start_of_day);
    let mut found: Vec<ArticleId> = s.rows(
        sql!(
            "SELECT a.article_id FROM planned_events e JOIN planned_event_articles a ON a.event_id = e.id
             WHERE e.state = $1 AND e.ends_at > $2 AND (e.begins_at < $3 OR e.shown_at <= $4)
             UNION
             SELECT q.article_id FROM planned_events e JOIN planned_event_questions q ON q.event_id = e.id
             WHERE e.state = $1 AND e.ends_at > $2 AND (e.begins_at < $3 OR e.shown_at <= $4)
               AND q.article_id IS NOT NULL"
        ),
        params![EventState::Planned, start_of_day(day), next_day, now],
        |r| r.get(0),
    )?;
    found.sort();
    Ok(found)
}

/// The important events of today that `user` has not confirmed as they read now. What is over needs no confirming.
///
/// # Errors
/// When the database fails.
pub fn awaiting(
    s: &mut Session<'_>,
    user: UserId,
    now: Timestamp,
) -> Result<Vec<PlannedEventId>, StorageError> {
    let next_day = local_day(now).tomorrow().map_or(Timestamp::MAX, start_of_day);
    s.rows(
        sql!(
            "SELECT e.id FROM planned_events e
             WHERE e.state = $1 AND e.importance = $2 AND e.begins_at < $3 AND e.ends_at > $4
               AND NOT EXISTS (SELECT 1 FROM event_confirmations c WHERE c.event_id = e.id
                               AND c.text_version = e.text_version AND c.user_id = $5)
             ORDER BY e.begins_at, e.id"
        ),
        params![EventState::Planned, Importance::Important, next_day, now, user],
        |r| r.get(0),
    )
}

/// How an important event stands with the guides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirmation {
    /// The guide's name.
    pub name: String,
    /// Whose it is.
    pub user: UserId,
    /// When the text as it reads now was confirmed; none if it has not been.
    pub at: Option<Timestamp>,
}

/// Every active guide and traffic leader with whether the text as it reads now has been confirmed; those who have not
/// come first.
///
/// # Errors
/// When the database fails.
pub fn confirmation_state(
    s: &mut Session<'_>,
    event: &PlannedEvent,
) -> Result<Vec<Confirmation>, StorageError> {
    let confirmed = super::confirmations(s, event.id, event.text_version)?;
    let mut all: Vec<Confirmation> = people::users::queries::guides(s)?
        .into_iter()
        .map(|user| Confirmation {
            at: confirmed.iter().find(|(id, _)| *id == user.id).map(|(_, at)| *at),
            name: user.name,
            user: user.id,
        })
        .collect();
    all.sort_by(|a, b| (a.at.is_some(), &a.name).cmp(&(b.at.is_some(), &b.name)));
    Ok(all)
}
