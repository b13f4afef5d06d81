//! The SQL of Open311.

use super::{Asked, REQUESTS_MAX, Request, Update};
use crate::number::CaseNumber;
use crate::place::Place;
use storage::{Row, Session, StorageError, params, sql};
use vocabulary::{CaseId, CaseTypeId, NoteId, Timestamp};

pub(super) fn insert_request(
    s: &mut Session<'_>,
    case: CaseId,
    media_url: Option<&str>,
    at: Timestamp,
) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO open311_requests (case_id, media_url, received_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"
        ),
        params![case, media_url, at],
    )?;
    Ok(())
}

/// A request's columns: of the case itself, and how the one stands that it was merged into.
macro_rules! select_request {
    ($rest:literal) => {
        concat!(
            "SELECT c.number, COALESCE(k.status, c.status), t.code, t.name, d.name, c.registered_at,
                    COALESCE(k.changed_at, c.changed_at), c.due_day, c.place_address, c.latitude, c.longitude,
                    c.description, r.media_url, r.case_id IS NOT NULL
             FROM cases c JOIN case_types t ON t.id = c.case_type_id
             JOIN departments d ON d.id = c.department_id
             LEFT JOIN cases k ON k.id = c.merged_into_id
             LEFT JOIN open311_requests r ON r.case_id = c.id
             LEFT JOIN residents p ON p.id = c.resident_id
             WHERE t.open311 AND c.secrecy_class = 'open' AND COALESCE(k.secrecy_class, 'open') = 'open'
               AND NOT COALESCE(p.protected, FALSE) AND ",
            $rest
        )
    };
}

fn read_request(r: &Row<'_>) -> Result<Request, StorageError> {
    Ok(Request {
        number: r.get(0)?,
        status: r.get(1)?,
        service_code: r.get(2)?,
        service_name: r.get(3)?,
        agency: r.get(4)?,
        requested_at: r.get(5)?,
        updated_at: r.get(6)?,
        due_day: r.get(7)?,
        place: Place::stored(r.get(8)?, r.get(9)?, r.get(10)?),
        description: r.get(11)?,
        media_url: r.get(12)?,
        reported: r.get(13)?,
    })
}

pub(super) fn of_service(
    s: &mut Session<'_>,
    service: CaseTypeId,
    asked: &Asked,
) -> Result<Vec<Request>, StorageError> {
    let (open, closed) = (asked.open != Some(false), asked.open != Some(true));
    s.rows(
        sql!(select_request!(
            "c.case_type_id = $1 AND c.registered_at >= $2 AND c.registered_at <= $3
               AND ((COALESCE(k.status, c.status) <> 'solved' AND CAST($4 AS BOOLEAN))
                 OR (COALESCE(k.status, c.status) = 'solved' AND CAST($5 AS BOOLEAN)))
             ORDER BY c.registered_at DESC, c.id DESC LIMIT $6"
        )),
        params![service, asked.from, asked.to, open, closed, REQUESTS_MAX],
        read_request,
    )
}

pub(super) fn by_number(s: &mut Session<'_>, number: &CaseNumber) -> Result<Option<Request>, StorageError> {
    s.row(sql!(select_request!("c.number = $1")), params![number], read_request)
}

pub(super) fn updates(
    s: &mut Session<'_>,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<Update>, StorageError> {
    // A case that has changed status since has changed since, so the index on that bounds what is looked at.
    s.rows(
        sql!(
            "SELECT l.seq, c.number, l.detail, l.at
             FROM open311_requests r JOIN cases c ON c.id = r.case_id
             LEFT JOIN residents p ON p.id = c.resident_id
             JOIN timeline l ON l.subject_id = c.id
             WHERE c.changed_at >= $1 AND c.secrecy_class = 'open' AND NOT COALESCE(p.protected, FALSE)
               AND l.kind = 'case_status_changed' AND l.at >= $1 AND l.at <= $2
             ORDER BY l.seq LIMIT $3"
        ),
        params![from, to, REQUESTS_MAX],
        |r| Ok(Update { id: r.get(0)?, number: r.get(1)?, status: r.get(2)?, at: r.get(3)? }),
    )
}

pub(super) fn update_note(
    s: &mut Session<'_>,
    case: CaseId,
    update_id: &str,
) -> Result<Option<NoteId>, StorageError> {
    s.row(
        sql!("SELECT note_id FROM open311_updates WHERE case_id = $1 AND update_id = $2"),
        params![case, update_id],
        |r| r.get(0),
    )
}

pub(super) fn insert_update(
    s: &mut Session<'_>,
    case: CaseId,
    update_id: &str,
    note: NoteId,
    at: Timestamp,
) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO open311_updates (case_id, update_id, note_id, received_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT DO NOTHING"
        ),
        params![case, update_id, note, at],
    )?;
    Ok(())
}
