use crate::asked::Synonym;
use crate::asked::draft::Checked;
use storage::{Row, Session, StorageError, params, sql};
use vocabulary::{SynonymId, Timestamp, UserId};

/// How many sets of synonyms there may be.
pub const SYNONYMS_MAX: usize = 2_000;

fn synonym_row(r: &Row<'_>) -> Result<Synonym, StorageError> {
    let lines = |text: String| text.lines().map(str::to_owned).collect();
    Ok(Synonym { id: r.get(0)?, words: lines(r.get(1)?), means: lines(r.get(2)?), changed_at: r.get(3)? })
}

/// Every set of synonyms, by its words.
///
/// # Errors
/// When the database fails.
pub fn synonyms(s: &mut Session<'_>) -> Result<Vec<Synonym>, StorageError> {
    s.rows(
        sql!("SELECT id, words, means, changed_at FROM synonyms ORDER BY words, id"),
        params![],
        synonym_row,
    )
}

/// The synonyms with this id, if there are any.
///
/// # Errors
/// When the database fails.
pub fn synonym(s: &mut Session<'_>, id: SynonymId) -> Result<Option<Synonym>, StorageError> {
    s.row(sql!("SELECT id, words, means, changed_at FROM synonyms WHERE id = $1"), params![id], synonym_row)
}

/// Writes them, new or changed.
pub(crate) fn put_synonym(
    s: &mut Session<'_>,
    id: SynonymId,
    checked: &Checked,
    now: Timestamp,
    by: Option<UserId>,
) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO synonyms (id, words, means, changed_at, changed_by) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (id) DO UPDATE SET words = EXCLUDED.words, means = EXCLUDED.means, \
             changed_at = EXCLUDED.changed_at, changed_by = EXCLUDED.changed_by"
        ),
        params![id, checked.words.join("\n"), checked.means.join("\n"), now, by],
    )?;
    Ok(())
}

pub(crate) fn delete_synonym(s: &mut Session<'_>, id: SynonymId) -> Result<u64, StorageError> {
    s.execute(sql!("DELETE FROM synonyms WHERE id = $1"), params![id])
}
