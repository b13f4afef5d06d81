//! The residents' SQL.

use storage::{Row, Session, StorageError, params, sql};
use vocabulary::{OpeningId, ResidentId, Timestamp, UserId};

use super::model::{Resident, SEARCH_RESULTS_MAX, Search, anywhere, beginning, folded_name};
use super::protection::{ProtectedAct, ProtectedOpening};

fn resident(r: &Row<'_>) -> Result<Resident, StorageError> {
    Ok(Resident {
        id: r.get(0)?,
        name: r.get(1)?,
        telephone: r.get(2)?,
        email: r.get(3)?,
        language: r.get(4)?,
        protected: r.get(5)?,
        survey_opt_out: r.get(6)?,
        created_at: r.get(7)?,
    })
}

/// One resident, protected or not, whole: for finding and sending. What a person is shown is [`for_user`].
pub fn by_id(s: &mut Session<'_>, id: ResidentId) -> Result<Option<Resident>, StorageError> {
    s.row(
        sql!(
            "SELECT id, name, telephone, email, language, protected, survey_opt_out, created_at
             FROM residents WHERE id = $1"
        ),
        params![id],
        resident,
    )
}

/// One resident as this user may see the card at `now`: whole, if it is not protected or they have opened it.
pub fn for_user(
    s: &mut Session<'_>,
    user: UserId,
    id: ResidentId,
    now: Timestamp,
) -> Result<Option<Resident>, StorageError> {
    let Some(resident) = by_id(s, id)? else { return Ok(None) };
    let open = !resident.protected || opened_until(s, user, id, now)?.is_some();
    Ok(Some(if open { resident } else { resident.shown() }))
}

/// Until when a user's opening of a protected card holds; none if it does not at `now`.
pub fn opened_until(
    s: &mut Session<'_>,
    user: UserId,
    id: ResidentId,
    now: Timestamp,
) -> Result<Option<Timestamp>, StorageError> {
    s.row(
        sql!(
            "SELECT holds_until_at FROM protected_openings
             WHERE resident_id = $1 AND opened_by = $2 AND holds_until_at > $3
             ORDER BY holds_until_at DESC LIMIT 1"
        ),
        params![id, user, now],
        |r| r.get(0),
    )
}

/// The stated reasons for which a card has been opened or its protection lifted, newest first.
pub fn protected_openings(
    s: &mut Session<'_>,
    id: ResidentId,
    lines_max: u32,
) -> Result<Vec<ProtectedOpening>, StorageError> {
    s.rows(
        sql!(
            "SELECT p.opened_at, p.act, p.reason, p.opened_by, u.name FROM protected_openings p
             JOIN users u ON u.id = p.opened_by
             WHERE p.resident_id = $1 ORDER BY p.opened_at DESC, p.id DESC LIMIT $2"
        ),
        params![id, lines_max],
        |r| {
            Ok(ProtectedOpening {
                at: r.get(0)?,
                act: r.get(1)?,
                reason: r.get(2)?,
                by: r.get(3)?,
                by_name: r.get(4)?,
            })
        },
    )
}

pub(super) fn insert_opening(
    s: &mut Session<'_>,
    id: OpeningId,
    resident: ResidentId,
    opening: (UserId, ProtectedAct, &str),
    at: (Timestamp, Timestamp),
) -> Result<u64, StorageError> {
    let (user, act, reason) = opening;
    s.execute(
        sql!(
            "INSERT INTO protected_openings (id, resident_id, opened_by, act, reason, opened_at, holds_until_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)"
        ),
        params![id, resident, user, act, reason, at.0, at.1],
    )
}

/// The resident with this number (E.164). A number on a card that was joined to another leads to the other.
pub fn by_telephone(s: &mut Session<'_>, telephone: &str) -> Result<Option<Resident>, StorageError> {
    s.row(
        sql!(
            "SELECT id, name, telephone, email, language, protected, survey_opt_out, created_at
             FROM residents
             WHERE id = (SELECT COALESCE(merged_into_id, id) FROM residents WHERE telephone = $1)"
        ),
        params![telephone],
        resident,
    )
}

/// Whether another card than `id` has this number, were it only a signpost.
pub(super) fn telephone_taken(
    s: &mut Session<'_>,
    telephone: &str,
    id: ResidentId,
) -> Result<bool, StorageError> {
    s.the_row(
        sql!("SELECT EXISTS (SELECT 1 FROM residents WHERE telephone = $1 AND id <> $2)"),
        params![telephone, id],
        |r| r.get(0),
    )
}

/// The resident with this address (lower case) who has been known longest. An address on a card that was joined to
/// another leads to the other.
pub fn by_email(s: &mut Session<'_>, email: &str) -> Result<Option<Resident>, StorageError> {
    s.row(
        sql!(
            "SELECT id, name, telephone, email, language, protected, survey_opt_out, created_at
             FROM residents
             WHERE id = (SELECT COALESCE(merged_into_id, id) FROM residents WHERE email = $1
                         ORDER BY created_at, id LIMIT 1)"
        ),
        params![email],
        resident,
    )
}

/// At most [`SEARCH_RESULTS_MAX`] residents a search finds, latest known first. Never those with protected personal data.
pub fn search(s: &mut Session<'_>, search: &Search) -> Result<Vec<Resident>, StorageError> {
    match search {
        Search::Telephone(number) => by_telephone_like(s, &beginning(number)),
        Search::Digits(digits) => by_telephone_like(s, &anywhere(digits)),
        Search::Email(part) => s.rows(
            sql!(
                "SELECT id, name, telephone, email, language, protected, survey_opt_out, created_at
                 FROM residents WHERE email LIKE $1 ESCAPE '\\' AND NOT protected AND merged_into_id IS NULL
                 ORDER BY created_at DESC, id LIMIT $2"
            ),
            params![anywhere(part), SEARCH_RESULTS_MAX],
            resident,
        ),
        Search::Name(part) => s.rows(
            sql!(
                "SELECT id, name, telephone, email, language, protected, survey_opt_out, created_at
                 FROM residents WHERE name_folded LIKE $1 ESCAPE '\\' AND NOT protected AND merged_into_id IS NULL
                 ORDER BY created_at DESC, id LIMIT $2"
            ),
            params![anywhere(&folded_name(part)), SEARCH_RESULTS_MAX],
            resident,
        ),
    }
}

fn by_telephone_like(s: &mut Session<'_>, pattern: &str) -> Result<Vec<Resident>, StorageError> {
    s.rows(
        sql!(
            "SELECT id, name, telephone, email, language, protected, survey_opt_out, created_at
             FROM residents WHERE telephone LIKE $1 ESCAPE '\\' AND NOT protected AND merged_into_id IS NULL
             ORDER BY created_at DESC, id LIMIT $2"
        ),
        params![pattern, SEARCH_RESULTS_MAX],
        resident,
    )
}

pub(super) fn insert(
    s: &mut Session<'_>,
    r: &Resident,
    name_folded: Option<&str>,
) -> Result<u64, StorageError> {
    s.execute(
        sql!(
            "INSERT INTO residents (id, name, name_folded, telephone, email, language, protected, survey_opt_out,
                 created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        ),
        params![
            r.id,
            r.name,
            name_folded,
            r.telephone,
            r.email,
            r.language,
            r.protected,
            r.survey_opt_out,
            r.created_at
        ],
    )
}

pub(super) fn update(
    s: &mut Session<'_>,
    r: &Resident,
    name_folded: Option<&str>,
) -> Result<u64, StorageError> {
    s.execute(
        sql!(
            "UPDATE residents SET name = $2, name_folded = $3, telephone = $4, email = $5, language = $6,
                 protected = $7, survey_opt_out = $8 WHERE id = $1"
        ),
        params![r.id, r.name, name_folded, r.telephone, r.email, r.language, r.protected, r.survey_opt_out],
    )
}
