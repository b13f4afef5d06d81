//! What went into the core, in order. All SQL of the floor is here.

use routing::Input;
use storage::{Session, StorageError, params, sql};
use vocabulary::Timestamp;

/// The journal's sequence, among the counters.
const SEQUENCE: &str = "routing_journal";

/// An input as it was handled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When.
    pub at: Timestamp,
    /// What.
    pub input: Input,
}

/// Writes that `input` was handled at `at`.
pub fn append(s: &mut Session<'_>, at: Timestamp, input: &Input) -> Result<(), StorageError> {
    let seq = storage::counters::next(s, SEQUENCE)?;
    let text = serde_json::to_string(input).unwrap_or_default();
    s.execute(
        sql!("INSERT INTO routing_journal (seq, at, input) VALUES ($1, $2, $3)"),
        params![seq, at, text],
    )?;
    Ok(())
}

/// The inputs since `from`, oldest first. What this version cannot read is left out and counted.
pub fn since(s: &mut Session<'_>, from: Timestamp) -> Result<Vec<Entry>, StorageError> {
    let rows = s.rows(
        sql!("SELECT at, input FROM routing_journal WHERE at >= $1 ORDER BY seq"),
        params![from],
        |row| Ok((row.get::<Timestamp>(0)?, row.get::<String>(1)?)),
    )?;
    Ok(rows
        .into_iter()
        .filter_map(|(at, text)| match serde_json::from_str(&text) {
            Ok(input) => Some(Entry { at, input }),
            Err(error) => {
                tracing::warn!(%error, "a journalled input could not be read");
                metrics::counter!("floor_journal_unreadable_total").increment(1);
                None
            }
        })
        .collect())
}
