//! What the floor asks for, gathered in one place.

use storage::{Session, StorageError};
use vocabulary::{AnswerGroupId, UserId};

pub use crate::directory::queries::{answer_group_for, answer_groups};

/// The groups a guide serves with their levels (1 is the own group), lowest level first.
///
/// # Errors
/// The database.
pub fn skills(s: &mut Session<'_>, guide: UserId) -> Result<Vec<(AnswerGroupId, u8)>, StorageError> {
    Ok(crate::users::queries::groups(s, guide)?.into_iter().map(|g| (g.group, g.level)).collect())
}
