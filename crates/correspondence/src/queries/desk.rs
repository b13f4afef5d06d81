use crate::model::{DeskQueue, Visit, VisitState};
use storage::{Row, Session, StorageError, params, sql};
use vocabulary::civil::Date;
use vocabulary::{Timestamp, UserId, VisitId};

macro_rules! visits {
    ($rest:literal) => {
        concat!(
            "SELECT v.id, v.day, v.letter, v.number, v.contact_id, v.state, v.desk, v.came_at, v.called_at,
                    v.called_by, v.ended_at, u.name, c.logged_at
             FROM visits v LEFT JOIN users u ON u.id = v.called_by LEFT JOIN contacts c ON c.id = v.contact_id ",
            $rest
        )
    };
}

/// A visit as the desk sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeskLine {
    /// The visit.
    pub visit: Visit,
    /// The name of who called it.
    pub called_by_name: Option<String>,
    /// Whether it has been logged.
    pub logged: bool,
}

fn read(r: &Row<'_>) -> Result<DeskLine, StorageError> {
    Ok(DeskLine {
        visit: Visit {
            id: r.get(0)?,
            day: r.get(1)?,
            letter: r.get(2)?,
            number: r.get(3)?,
            contact_id: r.get(4)?,
            state: r.get(5)?,
            desk: r.get(6)?,
            came_at: r.get(7)?,
            called_at: r.get(8)?,
            called_by: r.get(9)?,
            ended_at: r.get(10)?,
        },
        called_by_name: r.get(11)?,
        logged: r.get::<Option<Timestamp>>(12)?.is_some(),
    })
}

/// Most visits a day's list shows.
const VISITS_SHOWN_MAX: u32 = 500;
/// How many of the last called stand on the screen.
const SCREEN_LINES_MAX: u32 = 8;

/// The desk's queues, by letter.
pub fn desk_queues(s: &mut Session<'_>) -> Result<Vec<DeskQueue>, StorageError> {
    s.rows(
        sql!("SELECT letter, name, answer_group_id, active FROM desk_queues ORDER BY letter"),
        params![],
        read_queue,
    )
}

fn read_queue(r: &Row<'_>) -> Result<DeskQueue, StorageError> {
    Ok(DeskQueue { letter: r.get(0)?, name: r.get(1)?, answer_group_id: r.get(2)?, active: r.get(3)? })
}

/// One queue.
pub fn desk_queue(s: &mut Session<'_>, letter: &str) -> Result<Option<DeskQueue>, StorageError> {
    s.row(
        sql!("SELECT letter, name, answer_group_id, active FROM desk_queues WHERE letter = $1"),
        params![letter],
        read_queue,
    )
}

pub(crate) fn upsert_queue(s: &mut Session<'_>, q: &DeskQueue) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO desk_queues (letter, name, answer_group_id, active) VALUES ($1, $2, $3, $4)
             ON CONFLICT (letter) DO UPDATE SET name = excluded.name, answer_group_id = excluded.answer_group_id,
                 active = excluded.active"
        ),
        params![q.letter, q.name, q.answer_group_id, q.active],
    )?;
    Ok(())
}

/// One visit.
pub fn visit(s: &mut Session<'_>, id: VisitId) -> Result<Option<DeskLine>, StorageError> {
    s.row(sql!(visits!("WHERE v.id = $1")), params![id], read)
}

/// A day's visits, in the order in which they came.
pub fn visits_of_day(s: &mut Session<'_>, day: Date) -> Result<Vec<DeskLine>, StorageError> {
    s.rows(
        sql!(visits!("WHERE v.day = $1 ORDER BY v.came_at, v.letter, v.number LIMIT $2")),
        params![day, VISITS_SHOWN_MAX],
        read,
    )
}

/// The tickets last called on a day, newest first: what the public screen shows.
pub fn on_screen(s: &mut Session<'_>, day: Date) -> Result<Vec<Visit>, StorageError> {
    let lines = s.rows(
        sql!(visits!(
            "WHERE v.day = $1 AND v.called_at IS NOT NULL ORDER BY v.called_at DESC, v.id DESC LIMIT $2"
        )),
        params![day, SCREEN_LINES_MAX],
        read,
    )?;
    Ok(lines.into_iter().map(|line| line.visit).collect())
}

/// Who has waited longest: in one queue, or in all.
pub(crate) fn first_waiting(
    s: &mut Session<'_>,
    day: Date,
    letter: Option<&str>,
) -> Result<Option<Visit>, StorageError> {
    let line = s.row(
        sql!(visits!(
            "WHERE v.day = $1 AND v.state = 'waiting' AND (CAST($2 AS TEXT) IS NULL OR v.letter = $2)
             ORDER BY v.came_at, v.letter, v.number LIMIT 1"
        )),
        params![day, letter],
        read,
    )?;
    Ok(line.map(|line| line.visit))
}

/// How many wait in a queue.
pub(crate) fn number_waiting(s: &mut Session<'_>, day: Date, letter: &str) -> Result<u64, StorageError> {
    s.the_row(
        sql!("SELECT COUNT(*) FROM visits WHERE day = $1 AND state = 'waiting' AND letter = $2"),
        params![day, letter],
        |r| r.get(0),
    )
}

pub(crate) fn insert_visit(s: &mut Session<'_>, v: &Visit) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO visits (id, day, letter, number, contact_id, state, desk, came_at, called_at, called_by, ended_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
        ),
        params![
            v.id, v.day, v.letter, v.number, v.contact_id, v.state, v.desk, v.came_at, v.called_at, v.called_by, v.ended_at
        ],
    )?;
    Ok(())
}

pub(crate) fn update_called(
    s: &mut Session<'_>,
    id: VisitId,
    desk: Option<&str>,
    by: UserId,
    at: Timestamp,
) -> Result<u64, StorageError> {
    s.execute(
        sql!(
            "UPDATE visits SET state = 'called', desk = $2, called_by = $3, called_at = $4
             WHERE id = $1 AND (state = 'waiting' OR state = 'called')"
        ),
        params![id, desk, by, at],
    )
}

pub(crate) fn update_visit_ended(
    s: &mut Session<'_>,
    id: VisitId,
    state: VisitState,
    at: Timestamp,
) -> Result<u64, StorageError> {
    s.execute(
        sql!("UPDATE visits SET state = $2, ended_at = $3 WHERE id = $1 AND ended_at IS NULL"),
        params![id, state, at],
    )
}
