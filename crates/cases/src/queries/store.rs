//! Case types and cases: read one, write one.

use crate::model::{Case, CaseType};
use crate::number::CaseNumber;
use crate::place::Place;
use crate::queries::words_of;
use storage::{FromValue, Mismatch, Row, Session, StorageError, ToValue, Value, params, sql};
use vocabulary::{AnyId, CaseId, CaseTypeId, GenericUuid as _, LinkId, Timestamp};

impl ToValue for CaseNumber {
    fn to_value(&self) -> Value<'_> {
        self.as_str().to_value()
    }
}

impl FromValue for CaseNumber {
    fn from_value(value: Value<'_>) -> Result<Self, Mismatch> {
        String::from_value(value)?
            .parse()
            .map_err(|_| Mismatch { wanted: "a case number", found: "another text" })
    }
}

macro_rules! select_type {
    ($rest:literal) => {
        concat!(
            "SELECT id, code, name, keywords, department_id, officer_id, board, secrecy_class, retention_rule,
                    due_working_days, public_text, active, category, open311
             FROM case_types ",
            $rest
        )
    };
}

fn read_type(r: &Row<'_>) -> Result<CaseType, StorageError> {
    Ok(CaseType {
        id: r.get(0)?,
        code: r.get(1)?,
        name: r.get(2)?,
        keywords: r.get(3)?,
        department_id: r.get(4)?,
        officer_id: r.get(5)?,
        board: r.get(6)?,
        secrecy_class: r.get(7)?,
        retention_rule: r.get(8)?,
        due_working_days: r.get(9)?,
        public_text: r.get(10)?,
        active: r.get(11)?,
        category: r.get(12)?,
        open311: r.get(13)?,
    })
}

/// Every case type in use, by name.
pub fn case_types(s: &mut Session<'_>) -> Result<Vec<CaseType>, StorageError> {
    s.rows(sql!(select_type!("WHERE active ORDER BY name, code")), params![], read_type)
}

/// One case type, in use or not.
pub fn case_type(s: &mut Session<'_>, id: CaseTypeId) -> Result<Option<CaseType>, StorageError> {
    s.row(sql!(select_type!("WHERE id = $1")), params![id], read_type)
}

/// The case type with that code, in use or not.
pub fn case_type_by_code(s: &mut Session<'_>, code: &str) -> Result<Option<CaseType>, StorageError> {
    s.row(sql!(select_type!("WHERE code = $1")), params![code], read_type)
}

pub(crate) fn upsert_type(s: &mut Session<'_>, t: &CaseType) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO case_types (id, code, name, keywords, department_id, officer_id, board, secrecy_class,
                 retention_rule, due_working_days, public_text, active, category, open311)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
             ON CONFLICT (code) DO UPDATE SET name = excluded.name, keywords = excluded.keywords,
                 department_id = excluded.department_id, officer_id = excluded.officer_id, board = excluded.board,
                 secrecy_class = excluded.secrecy_class, retention_rule = excluded.retention_rule,
                 due_working_days = excluded.due_working_days, public_text = excluded.public_text,
                 active = excluded.active, category = excluded.category, open311 = excluded.open311"
        ),
        params![
            t.id,
            t.code,
            t.name,
            t.keywords,
            t.department_id,
            t.officer_id,
            t.board,
            t.secrecy_class,
            t.retention_rule,
            t.due_working_days,
            t.public_text,
            t.active,
            t.category,
            t.open311
        ],
    )?;
    Ok(())
}

macro_rules! select_case {
    ($rest:literal) => {
        concat!(
            "SELECT c.id, c.number, c.case_type_id, c.title, c.description, c.resident_id, c.channel, c.arrival_day,
                    c.board, c.secrecy_class, c.retention_rule, c.status, c.outcome, c.department_id, c.officer_id,
                    c.registered_by, c.registered_at, c.changed_at, c.closed_at, c.rests_until_day, c.priority, c.assignee_id,
                    c.answer_group_id, c.place_address, c.latitude, c.longitude, c.due_day, c.merged_into_id, c.revision
             FROM cases c ",
            $rest
        )
    };
}

fn read_case(r: &Row<'_>) -> Result<Case, StorageError> {
    Ok(Case {
        id: r.get(0)?,
        number: r.get(1)?,
        case_type_id: r.get(2)?,
        title: r.get(3)?,
        description: r.get(4)?,
        resident_id: r.get(5)?,
        channel: r.get(6)?,
        arrival_day: r.get(7)?,
        board: r.get(8)?,
        secrecy_class: r.get(9)?,
        retention_rule: r.get(10)?,
        status: r.get(11)?,
        outcome: r.get(12)?,
        department_id: r.get(13)?,
        officer_id: r.get(14)?,
        registered_by: r.get(15)?,
        registered_at: r.get(16)?,
        changed_at: r.get(17)?,
        closed_at: r.get(18)?,
        rests_until_day: r.get(19)?,
        priority: r.get(20)?,
        assignee_id: r.get(21)?,
        answer_group_id: r.get(22)?,
        place: Place::stored(r.get(23)?, r.get(24)?, r.get(25)?),
        due_day: r.get(26)?,
        merged_into_id: r.get(27)?,
        revision: r.get(28)?,
    })
}

/// One case. Whether the caller may see it is for the caller to ask ([`crate::Viewer::opens`]).
pub fn case(s: &mut Session<'_>, id: CaseId) -> Result<Option<Case>, StorageError> {
    s.row(sql!(select_case!("WHERE c.id = $1")), params![id], read_case)
}

/// The case with that number.
pub fn case_by_number(s: &mut Session<'_>, number: &CaseNumber) -> Result<Option<Case>, StorageError> {
    s.row(sql!(select_case!("WHERE c.number = $1")), params![number], read_case)
}

pub(crate) fn case_by_idempotency_key(s: &mut Session<'_>, key: &str) -> Result<Option<Case>, StorageError> {
    s.row(sql!(select_case!("WHERE c.idempotency_key = $1")), params![key], read_case)
}

pub(crate) fn insert_case(
    s: &mut Session<'_>,
    c: &Case,
    idempotency_key: Option<&str>,
) -> Result<(), StorageError> {
    let (latitude, longitude) = degrees(c);
    s.execute(
        sql!(
            "INSERT INTO cases (id, number, case_type_id, title, description, resident_id, channel, arrival_day, board,
                 secrecy_class, retention_rule, status, outcome, department_id, officer_id, registered_by,
                 registered_at, changed_at, closed_at, rests_until_day, idempotency_key, priority, assignee_id,
                 answer_group_id, place_address, latitude, longitude, due_day)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
                 $22, $23, $24, $25, $26, $27, $28)"
        ),
        params![
            c.id,
            c.number,
            c.case_type_id,
            c.title,
            c.description,
            c.resident_id,
            c.channel,
            c.arrival_day,
            c.board,
            c.secrecy_class,
            c.retention_rule,
            c.status,
            c.outcome,
            c.department_id,
            c.officer_id,
            c.registered_by,
            c.registered_at,
            c.changed_at,
            c.closed_at,
            c.rests_until_day,
            idempotency_key,
            c.priority,
            c.assignee_id,
            c.answer_group_id,
            c.place.as_ref().and_then(Place::address),
            latitude,
            longitude,
            c.due_day
        ],
    )?;
    write_words(s, c)
}

/// Writes a case's title and description, and what it is found by.
pub(crate) fn update_text(s: &mut Session<'_>, c: &Case) -> Result<(), StorageError> {
    s.execute(
        sql!("UPDATE cases SET title = $2, description = $3 WHERE id = $1"),
        params![c.id, c.title, c.description],
    )?;
    s.execute(sql!("DELETE FROM case_words WHERE case_id = $1"), params![c.id])?;
    write_words(s, c)
}

/// What a case is found by.
fn write_words(s: &mut Session<'_>, c: &Case) -> Result<(), StorageError> {
    insert_words(s, c.id, found_by(&c.number, &c.title))
}

fn found_by(number: &CaseNumber, title: &str) -> Vec<Vec<u8>> {
    words_of(&format!("{number} {} {title}", number.as_str().replace('-', "")))
}

fn insert_words(s: &mut Session<'_>, case: CaseId, words: Vec<Vec<u8>>) -> Result<(), StorageError> {
    for word in words {
        s.execute(
            sql!("INSERT INTO case_words (word, case_id) VALUES ($1, $2) ON CONFLICT DO NOTHING"),
            params![word, case],
        )?;
    }
    Ok(())
}

/// Number and title of the cases after `after` that are still found by them, in the order of their ids.
pub(crate) fn titles_after(
    s: &mut Session<'_>,
    after: Option<CaseId>,
    limit: u32,
) -> Result<Vec<(CaseId, CaseNumber, String)>, StorageError> {
    s.rows(
        sql!(
            "SELECT id, number, title FROM cases WHERE ($1 OR id > $2) AND anonymised_at IS NULL
             ORDER BY id LIMIT $3"
        ),
        params![after.is_none(), after.unwrap_or_else(|| CaseId::from_untyped_uuid(AnyId::nil())), limit],
        |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)),
    )
}

/// Writes a case's words anew if it is found by others than its number and title say. Returns whether it was.
pub(crate) fn mend_words(
    s: &mut Session<'_>,
    case: CaseId,
    number: &CaseNumber,
    title: &str,
) -> Result<bool, StorageError> {
    let mut kept: Vec<Vec<u8>> =
        s.rows(sql!("SELECT word FROM case_words WHERE case_id = $1"), params![case], |r| r.get(0))?;
    let mut wanted = found_by(number, title);
    kept.sort_unstable();
    wanted.sort_unstable();
    if kept == wanted {
        return Ok(false);
    }
    s.execute(sql!("DELETE FROM case_words WHERE case_id = $1"), params![case])?;
    insert_words(s, case, wanted)?;
    Ok(true)
}

/// A place's latitude and longitude, as stored.
fn degrees(c: &Case) -> (Option<f64>, Option<f64>) {
    let position = c.place.as_ref().and_then(Place::position);
    (position.map(|p| p.latitude()), position.map(|p| p.longitude()))
}

/// Writes what of a case can change: where it stands, with whom and where. Never its number, origin or arrival day.
/// Each writing is a revision.
pub(crate) fn update_case(s: &mut Session<'_>, c: &Case) -> Result<(), StorageError> {
    let (latitude, longitude) = degrees(c);
    s.execute(
        sql!(
            "UPDATE cases SET status = $2, outcome = $3, department_id = $4, officer_id = $5, changed_at = $6,
                 closed_at = $7, rests_until_day = $8, priority = $9, assignee_id = $10, answer_group_id = $11,
                 place_address = $12, latitude = $13, longitude = $14, due_day = $15, merged_into_id = $16,
                 case_type_id = $17, board = $18, secrecy_class = $19, retention_rule = $20, resident_id = $21,
                 revision = revision + 1
             WHERE id = $1"
        ),
        params![
            c.id,
            c.status,
            c.outcome,
            c.department_id,
            c.officer_id,
            c.changed_at,
            c.closed_at,
            c.rests_until_day,
            c.priority,
            c.assignee_id,
            c.answer_group_id,
            c.place.as_ref().and_then(Place::address),
            latitude,
            longitude,
            c.due_day,
            c.merged_into_id,
            c.case_type_id,
            c.board,
            c.secrecy_class,
            c.retention_rule,
            c.resident_id
        ],
    )?;
    Ok(())
}

/// A link as stored.
pub(crate) struct LinkRow {
    pub id: LinkId,
    pub case_id: CaseId,
    pub follow_up_id: Option<vocabulary::FollowUpId>,
    pub expires_at: Timestamp,
    pub revoked_at: Option<Timestamp>,
}

fn read_link(r: &Row<'_>) -> Result<LinkRow, StorageError> {
    Ok(LinkRow {
        id: r.get(0)?,
        case_id: r.get(1)?,
        follow_up_id: r.get(2)?,
        expires_at: r.get(3)?,
        revoked_at: r.get(4)?,
    })
}

pub(crate) fn insert_link(
    s: &mut Session<'_>,
    kind: &str,
    link: &LinkRow,
    created_at: Timestamp,
) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO links (id, kind, case_id, follow_up_id, created_at, expires_at, revoked_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)"
        ),
        params![link.id, kind, link.case_id, link.follow_up_id, created_at, link.expires_at, link.revoked_at],
    )?;
    Ok(())
}

pub(crate) fn link(s: &mut Session<'_>, kind: &str, id: LinkId) -> Result<Option<LinkRow>, StorageError> {
    s.row(
        sql!(
            "SELECT id, case_id, follow_up_id, expires_at, revoked_at FROM links WHERE id = $1 AND kind = $2"
        ),
        params![id, kind],
        read_link,
    )
}

/// The newest link of a case that is for its resident.
pub(crate) fn newest_resident_link(
    s: &mut Session<'_>,
    case: CaseId,
) -> Result<Option<LinkRow>, StorageError> {
    s.row(
        sql!(
            "SELECT id, case_id, follow_up_id, expires_at, revoked_at FROM links
             WHERE case_id = $1 AND kind = 'resident' ORDER BY created_at DESC, id DESC LIMIT 1"
        ),
        params![case],
        read_link,
    )
}

pub(crate) fn officer_link(
    s: &mut Session<'_>,
    follow_up: vocabulary::FollowUpId,
) -> Result<Option<LinkRow>, StorageError> {
    s.row(
        sql!(
            "SELECT id, case_id, follow_up_id, expires_at, revoked_at FROM links
             WHERE follow_up_id = $1 AND kind = 'officer' ORDER BY created_at DESC, id DESC LIMIT 1"
        ),
        params![follow_up],
        read_link,
    )
}

/// Takes back all links of a case that are for its resident; tells how many held.
pub(crate) fn revoke_resident_links(
    s: &mut Session<'_>,
    case: CaseId,
    now: Timestamp,
) -> Result<u64, StorageError> {
    s.execute(
        sql!(
            "UPDATE links SET revoked_at = $2 WHERE case_id = $1 AND kind = 'resident' AND revoked_at IS NULL"
        ),
        params![case, now],
    )
}

pub(crate) fn revoke_officer_links(
    s: &mut Session<'_>,
    follow_up: vocabulary::FollowUpId,
    now: Timestamp,
) -> Result<u64, StorageError> {
    s.execute(
        sql!("UPDATE links SET revoked_at = $2 WHERE follow_up_id = $1 AND revoked_at IS NULL"),
        params![follow_up, now],
    )
}

pub(crate) fn prolong_link(s: &mut Session<'_>, link: LinkId, until: Timestamp) -> Result<(), StorageError> {
    s.execute(
        sql!("UPDATE links SET expires_at = $2 WHERE id = $1 AND expires_at < $2"),
        params![link, until],
    )?;
    Ok(())
}
