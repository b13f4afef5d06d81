//! What a user is.

use vocabulary::{AnswerGroupId, Language, Role, Timestamp, UserId};

use crate::password::PasswordHash;

/// Most answer groups one guide serves.
pub const GROUPS_PER_USER_MAX: usize = 50;
/// Highest level of helping out; 1 is the own group.
pub const LEVEL_MAX: u8 = 9;

/// Somebody who signs in. Carries no password hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Id.
    pub id: UserId,
    /// Sign-in name, in lower case.
    pub sign_in: String,
    /// Name as shown.
    pub name: String,
    /// What they are trusted with.
    pub role: Role,
    /// The language of their pages.
    pub language: Language,
    /// Hourly staff (timanställd).
    pub hourly: bool,
    /// Whether they can sign in.
    pub active: bool,
    /// When the account was made.
    pub created_at: Timestamp,
}

/// What is needed to make a user.
#[derive(Clone, Debug)]
pub struct CreateUser {
    /// Sign-in name; put in lower case.
    pub sign_in: String,
    /// Name as shown.
    pub name: String,
    /// What they are trusted with.
    pub role: Role,
    /// Made by [`crate::password::hash_new`] before the transaction.
    pub password: PasswordHash,
    /// The language of their pages.
    pub language: Language,
    /// Hourly staff.
    pub hourly: bool,
}

/// An answer group whose calls a guide takes, and how early: 1 is the own group, higher levels help out later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroupLevel {
    /// The group.
    pub group: AnswerGroupId,
    /// 1 to [`LEVEL_MAX`].
    pub level: u8,
}

/// A sign-in name as compared and stored: trimmed, lower case.
#[must_use]
pub fn folded(sign_in: &str) -> String {
    sign_in.trim().to_lowercase()
}
