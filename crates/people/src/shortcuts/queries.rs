//! The SQL of people's own keys.

use super::model::{Chord, Shortcut};
use std::collections::BTreeMap;
use storage::{Session, StorageError, params, sql};
use vocabulary::UserId;

/// Every command's key as somebody has it; none if it is off. A kept key that is no longer one, or is the key of
/// something they have chosen since, gives way.
pub fn chosen(s: &mut Session<'_>, user: UserId) -> Result<BTreeMap<Shortcut, Option<Chord>>, StorageError> {
    let rows = s.rows(
        sql!("SELECT command, chord FROM user_shortcuts WHERE user_id = $1 ORDER BY command"),
        params![user],
        |r| Ok((r.get::<String>(0)?, r.get::<String>(1)?)),
    )?;
    let own: BTreeMap<Shortcut, Option<Chord>> = rows
        .into_iter()
        .filter_map(|(command, chord)| {
            let shortcut: Shortcut = command.parse().ok()?;
            if chord.is_empty() {
                Some((shortcut, None))
            } else {
                Some((shortcut, Some(chord.parse().ok()?)))
            }
        })
        .collect();
    let mut all = own.clone();
    for shortcut in Shortcut::ALL {
        let default = shortcut.default_chord();
        let taken = own.values().flatten().any(|chord| *chord == default);
        all.entry(*shortcut).or_insert((!taken).then_some(default));
    }
    Ok(all)
}

pub(super) fn delete(s: &mut Session<'_>, user: UserId) -> Result<(), StorageError> {
    s.execute(sql!("DELETE FROM user_shortcuts WHERE user_id = $1"), params![user])?;
    Ok(())
}

pub(super) fn insert(
    s: &mut Session<'_>,
    user: UserId,
    shortcut: Shortcut,
    chord: Option<&Chord>,
) -> Result<(), StorageError> {
    s.execute(
        sql!("INSERT INTO user_shortcuts (user_id, command, chord) VALUES ($1, $2, $3)"),
        params![user, shortcut.as_str(), chord.map(ToString::to_string).unwrap_or_default()],
    )?;
    Ok(())
}
