//! Small settings that change while Lots runs.

use crate::{Session, StorageError, params, sql};
use vocabulary::Context;

/// The value of the setting `name`, if it has been set.
///
/// # Errors
/// What the engine says.
pub fn get(s: &mut Session<'_>, name: &str) -> Result<Option<String>, StorageError> {
    s.row(sql!("SELECT value FROM settings WHERE name = $1"), params![name], |r| r.get(0))
}

/// Sets `name` to `value`, whether or not it was set before.
///
/// # Errors
/// What the engine says.
pub fn set(s: &mut Session<'_>, ctx: &Context, name: &str, value: &str) -> Result<(), StorageError> {
    let text = sql!(
        "INSERT INTO settings (name, value, changed_at) VALUES ($1, $2, $3)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at"
    );
    s.execute(text, params![name, value, ctx.now]).map(drop)
}
