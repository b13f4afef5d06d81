//! The residents' SQL.

use storage::{Row, Session, StorageError, params, sql};
use vocabulary::ResidentId;

use super::model::{Resident, SEARCH_RESULTS_MAX, Search, anywhere, beginning, folded_name};

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

/// One resident, protected or not.
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

/// The resident with this number (E.164).
pub fn by_telephone(s: &mut Session<'_>, telephone: &str) -> Result<Option<Resident>, StorageError> {
    s.row(
        sql!(
            "SELECT id, name, telephone, email, language, protected, survey_opt_out, created_at
             FROM residents WHERE telephone = $1"
        ),
        params![telephone],
        resident,
    )
}

/// The resident with this address (lower case) who has been known longest.
pub fn by_email(s: &mut Session<'_>, email: &str) -> Result<Option<Resident>, StorageError> {
    s.row(
        sql!(
            "SELECT id, name, telephone, email, language, protected, survey_opt_out, created_at
             FROM residents WHERE email = $1 ORDER BY created_at, id LIMIT 1"
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
                 FROM residents WHERE email LIKE $1 ESCAPE '\\' AND NOT protected
                 ORDER BY created_at DESC, id LIMIT $2"
            ),
            params![anywhere(part), SEARCH_RESULTS_MAX],
            resident,
        ),
        Search::Name(part) => s.rows(
            sql!(
                "SELECT id, name, telephone, email, language, protected, survey_opt_out, created_at
                 FROM residents WHERE name_folded LIKE $1 ESCAPE '\\' AND NOT protected
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
             FROM residents WHERE telephone LIKE $1 ESCAPE '\\' AND NOT protected
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
