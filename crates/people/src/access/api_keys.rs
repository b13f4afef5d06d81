//! Keys for the HTTP API: `lots_` and 32 random bytes, shown once, limited to a role, revocable.

use storage::timeline::{Entry, Subject};
use storage::{Session, StorageError};
use vocabulary::{ApiKeyId, Context, GenericUuid as _, Role, Timestamp};

use super::queries;
use crate::PeopleError;
use crate::policy::Who;
use crate::secret::Token;
use crate::text;

/// What every key begins with, so that one that leaks is found by a secret scanner.
pub const API_KEY_PREFIX: &str = "lots_";

/// A key as stored, without the secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    /// Id.
    pub id: ApiKeyId,
    /// What it is for.
    pub name: String,
    /// Limited to what this role may.
    pub role: Role,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was revoked, if it was.
    pub revoked_at: Option<Timestamp>,
}

impl ApiKey {
    /// For the policy.
    #[must_use]
    pub fn who(&self) -> Who {
        Who::ApiKey { id: self.id, role: self.role }
    }
}

/// A key just made: the only time its secret is known.
#[derive(Clone, Debug)]
pub struct NewApiKey {
    /// The key.
    pub key: ApiKey,
    /// The secret, to be shown once.
    pub token: Token,
}

/// Makes a key.
///
/// # Errors
/// The name is refused.
pub fn create_api_key(
    s: &mut Session<'_>,
    ctx: &Context,
    name: &str,
    role: Role,
) -> Result<NewApiKey, PeopleError> {
    let name = text::line("name", name, text::NAME_CHARS_MAX)?;
    let key = ApiKey { id: ctx.next_id(), name, role, created_at: ctx.now, revoked_at: None };
    let token = Token::make(API_KEY_PREFIX, &*ctx.chance);
    queries::insert_api_key(s, &key, &token.hash())?;
    record(s, ctx, "api_key_created", key.id, Some(role.to_string()))?;
    Ok(NewApiKey { key, token })
}

/// Revokes a key, at once and for good. Again does nothing.
///
/// # Errors
/// The database.
pub fn revoke_api_key(s: &mut Session<'_>, ctx: &Context, id: ApiKeyId) -> Result<bool, PeopleError> {
    let revoked = queries::revoke_api_key(s, id, ctx.now)? > 0;
    if revoked {
        record(s, ctx, "api_key_revoked", id, None)?;
    }
    Ok(revoked)
}

/// The key a program presents (the text after `Bearer `), if it is one of ours and not revoked.
///
/// # Errors
/// The database.
pub fn api_key_of(s: &mut Session<'_>, presented: &str) -> Result<Option<ApiKey>, StorageError> {
    match Token::presented(API_KEY_PREFIX, presented) {
        Some(token) => queries::api_key_by_hash(s, &token.hash()),
        None => Ok(None),
    }
}

/// Every key, revoked ones too, newest first.
///
/// # Errors
/// The database.
pub fn api_keys(s: &mut Session<'_>) -> Result<Vec<ApiKey>, StorageError> {
    queries::api_keys(s)
}

fn record(
    s: &mut Session<'_>,
    ctx: &Context,
    kind: &'static str,
    id: ApiKeyId,
    detail: Option<String>,
) -> Result<(), StorageError> {
    let subject = Subject { kind: "api_key", id: id.into_untyped_uuid() };
    storage::timeline::append(s, ctx, Entry { kind, subject, related: None, detail })?;
    Ok(())
}
