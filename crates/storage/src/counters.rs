//! Numbers without gaps, in the order of the commits.

use crate::{Session, StorageError, params, sql};

/// The next number of the counter `name`; the first is 1. A transaction that is rolled back gives its numbers back.
///
/// # Errors
/// What the engine says.
pub fn next(s: &mut Session<'_>, name: &str) -> Result<i64, StorageError> {
    s.the_row(
        sql!(
            "INSERT INTO counters (name, value) VALUES ($1, 1)
             ON CONFLICT (name) DO UPDATE SET value = counters.value + 1 RETURNING value"
        ),
        params![name],
        |r| r.get(0),
    )
}
