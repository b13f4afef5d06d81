//! What others own.

use crate::model::Referral;
use storage::{Row, Session, StorageError, params, sql};
use vocabulary::{ReferralId, UserId};

fn read(r: &Row<'_>) -> Result<Referral, StorageError> {
    Ok(Referral {
        id: r.get(0)?,
        code: r.get(1)?,
        owner: r.get(2)?,
        text: r.get(3)?,
        keywords: r.get(4)?,
        telephone: r.get(5)?,
        url: r.get(6)?,
        active: r.get(7)?,
        changed_at: r.get(8)?,
    })
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, code, owner, text, keywords, telephone, url, active, changed_at FROM referrals ",
            $rest
        )
    };
}

/// Every referral, by owner; those no longer shown too.
///
/// # Errors
/// The database.
pub fn referrals(s: &mut Session<'_>) -> Result<Vec<Referral>, StorageError> {
    s.rows(sql!(select!("ORDER BY owner, code")), params![], read)
}

/// One referral.
///
/// # Errors
/// The database.
pub fn referral(s: &mut Session<'_>, id: ReferralId) -> Result<Option<Referral>, StorageError> {
    s.row(sql!(select!("WHERE id = $1")), params![id], read)
}

/// One referral by its code.
///
/// # Errors
/// The database.
pub fn referral_by_code(s: &mut Session<'_>, code: &str) -> Result<Option<Referral>, StorageError> {
    s.row(sql!(select!("WHERE code = $1")), params![code], read)
}

pub(crate) fn put_referral(
    s: &mut Session<'_>,
    r: &Referral,
    by: Option<UserId>,
) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO referrals (id, code, owner, text, keywords, telephone, url, active, changed_at, changed_by)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
             ON CONFLICT (id) DO UPDATE SET owner = excluded.owner, text = excluded.text,
                 keywords = excluded.keywords, telephone = excluded.telephone, url = excluded.url,
                 active = excluded.active, changed_at = excluded.changed_at, changed_by = excluded.changed_by"
        ),
        params![
            r.id,
            &r.code,
            &r.owner,
            &r.text,
            &r.keywords,
            &r.telephone,
            &r.url,
            r.active,
            r.changed_at,
            by
        ],
    )?;
    Ok(())
}
