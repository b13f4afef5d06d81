//! Choosing one's own keys.

use super::model::{Chord, Conflict, Shortcut, conflict};
use super::queries;
use std::collections::BTreeMap;
use storage::{Session, StorageError};
use vocabulary::UserId;

/// Makes `keys` somebody's own; what has none is off. What is as Lots comes with it is not kept, so that a later and
/// better choice of ours reaches those who never chose.
///
/// # Errors
/// The database. Two on one key is no error of the database's but the answer.
pub fn choose(
    s: &mut Session<'_>,
    user: UserId,
    keys: &BTreeMap<Shortcut, Option<Chord>>,
) -> Result<Result<(), Conflict>, StorageError> {
    let mut all = queries::chosen(s, user)?;
    all.extend(keys.iter().map(|(shortcut, chord)| (*shortcut, chord.clone())));
    if let Some(conflict) = conflict(&all) {
        return Ok(Err(conflict));
    }
    queries::delete(s, user)?;
    for (shortcut, chord) in &all {
        if chord.as_ref() != Some(&shortcut.default_chord()) {
            queries::insert(s, user, *shortcut, chord.as_ref())?;
        }
    }
    Ok(Ok(()))
}

/// Gives somebody the keys Lots comes with.
///
/// # Errors
/// The database.
pub fn reset(s: &mut Session<'_>, user: UserId) -> Result<(), StorageError> {
    queries::delete(s, user)
}
