//! The SQL of errands.

use super::{COUNT_MAX, PAGE_MAX};
use crate::model::MessageChannel;
use crate::parts::Stakeholder;
use crate::viewer::Viewer;
use storage::{Session, StorageError, params, sql};
use vocabulary::{CaseId, CaseStatus, MessageId, NoteId, Priority, StakeholderId, Timestamp};

/// What a client has said of a case beyond what the case holds, as JSON.
pub fn fields(s: &mut Session<'_>, case: CaseId) -> Result<Option<String>, StorageError> {
    s.row(sql!("SELECT fields FROM errands WHERE case_id = $1"), params![case], |r| r.get(0))
}

/// Keeps what a client has said of a case.
pub fn put_fields(s: &mut Session<'_>, case: CaseId, fields: &str) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO errands (case_id, fields) VALUES ($1, $2)
             ON CONFLICT (case_id) DO UPDATE SET fields = excluded.fields"
        ),
        params![case, fields],
    )?;
    Ok(())
}

/// What a client has said of a note, as JSON.
pub fn note_fields(s: &mut Session<'_>, note: NoteId) -> Result<Option<String>, StorageError> {
    s.row(sql!("SELECT fields FROM errand_notes WHERE note_id = $1"), params![note], |r| r.get(0))
}

/// Keeps what a client has said of a note.
pub fn put_note_fields(s: &mut Session<'_>, note: NoteId, fields: &str) -> Result<(), StorageError> {
    s.execute(
        sql!("INSERT INTO errand_notes (note_id, fields) VALUES ($1, $2) ON CONFLICT DO NOTHING"),
        params![note, fields],
    )?;
    Ok(())
}

pub(super) fn insert_stakeholder_fields(
    s: &mut Session<'_>,
    stakeholder: StakeholderId,
    place: usize,
    fields: &str,
) -> Result<(), StorageError> {
    s.execute(
        sql!("INSERT INTO errand_stakeholders (stakeholder_id, place, fields) VALUES ($1, $2, $3)"),
        params![stakeholder, place, fields],
    )?;
    Ok(())
}

/// Those with a part in a case, and what a client has said of each: first those a client named, in its order.
pub fn stakeholders(
    s: &mut Session<'_>,
    case: CaseId,
) -> Result<Vec<(Stakeholder, Option<String>)>, StorageError> {
    s.rows(
        sql!(
            "SELECT w.id, w.case_id, w.role, w.name, w.organisation, w.telephone, w.email, w.address, w.resident_id,
                    w.added_at, f.fields
             FROM stakeholders w LEFT JOIN errand_stakeholders f ON f.stakeholder_id = w.id
             WHERE w.case_id = $1 ORDER BY COALESCE(f.place, 1000000), w.added_at, w.id"
        ),
        params![case],
        |r| {
            let one = Stakeholder {
                id: r.get(0)?,
                case_id: r.get(1)?,
                role: r.get(2)?,
                name: r.get(3)?,
                organisation: r.get(4)?,
                telephone: r.get(5)?,
                email: r.get(6)?,
                address: r.get(7)?,
                resident_id: r.get(8)?,
                added_at: r.get(9)?,
            };
            Ok((one, r.get(10)?))
        },
    )
}

/// By what errands are ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// The newest change first.
    Touched,
    /// The oldest change first.
    TouchedLast,
    /// The newest first.
    Created,
    /// The oldest first.
    CreatedLast,
}

/// Which errands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// In one of these states; empty is all.
    pub statuses: Vec<CaseStatus>,
    /// Of that priority.
    pub priority: Option<Priority>,
    /// Of that type, by its code.
    pub case_type: Option<String>,
    /// Under that heading.
    pub category: Option<String>,
    /// With that number.
    pub number: Option<String>,
    /// Of that guide, by sign-in name.
    pub assignee: Option<String>,
    /// Of that group, by its code.
    pub group: Option<String>,
    /// Registered from the first to before the second.
    pub created: (Timestamp, Timestamp),
    /// Changed from the first to before the second.
    pub touched: (Timestamp, Timestamp),
    /// In which order.
    pub order: Order,
    /// How many are passed over.
    pub skip: usize,
    /// How many are given, at most [`PAGE_MAX`].
    pub take: usize,
}

/// One page of errands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The cases, in order.
    pub ids: Vec<CaseId>,
    /// How many there are in all, counted to [`COUNT_MAX`].
    pub total: usize,
}

/// What is asked for, of what the viewer may open; a merged case is not there any more.
macro_rules! asked_cases {
    ($before:literal, $after:literal) => {
        concat!(
            $before,
            " FROM cases c JOIN case_types t ON t.id = c.case_type_id
              LEFT JOIN users u ON u.id = c.assignee_id
              LEFT JOIN answer_groups g ON g.id = c.answer_group_id
              WHERE ",
            $crate::seen_sql!(),
            " AND c.merged_into_id IS NULL
              AND (CAST($3 AS TEXT) = '' OR c.status IN ($3, $4, $5, $6, $7, $8, $9))
              AND (CAST($10 AS TEXT) = '' OR c.priority = $10) AND (CAST($11 AS TEXT) = '' OR t.code = $11)
              AND (CAST($12 AS TEXT) = '' OR t.category = $12) AND (CAST($13 AS TEXT) = '' OR c.number = $13)
              AND (CAST($14 AS TEXT) = '' OR u.sign_in = $14) AND (CAST($15 AS TEXT) = '' OR g.code = $15)
              AND c.registered_at >= $16 AND c.registered_at < $17 AND c.changed_at >= $18 AND c.changed_at < $19 ",
            $after
        )
    };
}

/// The errands asked for.
pub fn list(s: &mut Session<'_>, viewer: Viewer, asked: &Asked) -> Result<Page, StorageError> {
    let status = |n: usize| {
        let given = asked.statuses.get(n).or_else(|| asked.statuses.first());
        given.map_or("", |status| status.as_str())
    };
    let word = |text: &Option<String>| text.clone().unwrap_or_default();
    let priority = asked.priority.map_or("", Priority::as_str);
    let (code, category, number) = (word(&asked.case_type), word(&asked.category), word(&asked.number));
    let (assignee, group) = (word(&asked.assignee), word(&asked.group));
    let statuses = [status(0), status(1), status(2), status(3), status(4), status(5), status(6)];
    let (take, skip) = (asked.take.clamp(1, PAGE_MAX), asked.skip);
    let (sees_all, holder) = (viewer.sees_all(), viewer.holder());
    let mut given = params![
        sees_all,
        holder,
        statuses[0],
        statuses[1],
        statuses[2],
        statuses[3],
        statuses[4],
        statuses[5],
        statuses[6],
        priority,
        code,
        category,
        number,
        assignee,
        group,
        asked.created.0,
        asked.created.1,
        asked.touched.0,
        asked.touched.1
    ]
    .to_vec();
    let limit = COUNT_MAX + 1;
    given.push(storage::ToValue::to_value(&limit));
    let counted = sql!(asked_cases!("SELECT COUNT(*) FROM (SELECT 1", "LIMIT $20) counted"));
    let total: usize = s.the_row(counted, &given, |r| r.get(0))?;
    given.pop();
    given.push(storage::ToValue::to_value(&take));
    given.push(storage::ToValue::to_value(&skip));
    let text = match asked.order {
        Order::Touched => {
            sql!(asked_cases!("SELECT c.id", "ORDER BY c.changed_at DESC, c.id DESC LIMIT $20 OFFSET $21"))
        }
        Order::TouchedLast => {
            sql!(asked_cases!("SELECT c.id", "ORDER BY c.changed_at, c.id LIMIT $20 OFFSET $21"))
        }
        Order::Created => {
            sql!(asked_cases!("SELECT c.id", "ORDER BY c.registered_at DESC, c.id DESC LIMIT $20 OFFSET $21"))
        }
        Order::CreatedLast => {
            sql!(asked_cases!("SELECT c.id", "ORDER BY c.registered_at, c.id LIMIT $20 OFFSET $21"))
        }
    };
    let ids = s.rows(text, &given, |r| r.get(0))?;
    Ok(Page { ids, total })
}

/// A message that went out about a case: its id, way, subject, and when it was written and sent. Its text holds links that
/// let whoever reads them in, and stays here.
pub type Sent = (MessageId, MessageChannel, String, Timestamp, Option<Timestamp>);

/// The messages that went to residents and officers about a case, oldest first, at most 500.
pub fn messages(s: &mut Session<'_>, case: CaseId) -> Result<Vec<Sent>, StorageError> {
    s.rows(
        sql!(
            "SELECT id, channel, subject, created_at, sent_at FROM messages WHERE case_id = $1
             ORDER BY created_at, id LIMIT 500"
        ),
        params![case],
        |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?)),
    )
}
