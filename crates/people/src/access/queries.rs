//! The SQL of sessions, throttles and API keys.

use storage::{Row, Session, StorageError, params, sql};
use vocabulary::{ApiKeyId, SessionId, Timestamp, UserId};

use super::api_keys::ApiKey;
use super::model::{SessionRow, SignedIn, Throttle};
use crate::users::User;

pub(super) fn throttle(s: &mut Session<'_>, key_hash: &[u8]) -> Result<Option<Throttle>, StorageError> {
    s.row(
        sql!("SELECT failures, window_began_at FROM throttles WHERE key_hash = $1"),
        params![key_hash],
        |r| Ok(Throttle { failures: r.get(0)?, window_began_at: r.get(1)? }),
    )
}

pub(super) fn upsert_throttle(s: &mut Session<'_>, key_hash: &[u8], t: Throttle) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO throttles (key_hash, failures, window_began_at) VALUES ($1, $2, $3)
             ON CONFLICT (key_hash) DO UPDATE
             SET failures = excluded.failures, window_began_at = excluded.window_began_at"
        ),
        params![key_hash, t.failures, t.window_began_at],
    )?;
    Ok(())
}

/// Forgets every failure under the key.
pub(super) fn delete_throttle(s: &mut Session<'_>, key_hash: &[u8]) -> Result<u64, StorageError> {
    s.execute(sql!("DELETE FROM throttles WHERE key_hash = $1"), params![key_hash])
}

/// Gives one reserved attempt back: it did not fail after all.
pub(super) fn give_back(s: &mut Session<'_>, key_hash: &[u8]) -> Result<u64, StorageError> {
    s.execute(
        sql!("UPDATE throttles SET failures = failures - 1 WHERE key_hash = $1 AND failures > 0"),
        params![key_hash],
    )
}

pub(super) fn delete_throttles_before(s: &mut Session<'_>, before: Timestamp) -> Result<u64, StorageError> {
    s.execute(sql!("DELETE FROM throttles WHERE window_began_at < $1"), params![before])
}

pub(super) fn insert_session(
    s: &mut Session<'_>,
    user: UserId,
    token_hash: &[u8],
    session: SessionRow,
) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO sessions (token_hash, id, user_id, created_at, last_seen_at, expires_at, revoked_at)
             VALUES ($1, $2, $3, $4, $5, $6, NULL)"
        ),
        params![token_hash, session.id, user, session.created_at, session.last_seen_at, session.expires_at],
    )?;
    Ok(())
}

fn session_row(r: &Row<'_>) -> Result<SessionRow, StorageError> {
    Ok(SessionRow { id: r.get(0)?, created_at: r.get(1)?, last_seen_at: r.get(2)?, expires_at: r.get(3)? })
}

/// The session with this token and its user, if neither is revoked nor inactive. Whether it still holds is for
/// [`SessionRow::holds`].
pub fn session_by_token(s: &mut Session<'_>, token_hash: &[u8]) -> Result<Option<SignedIn>, StorageError> {
    s.row(
        sql!(
            "SELECT s.id, s.created_at, s.last_seen_at, s.expires_at,
                    u.id, u.sign_in, u.name, u.role, u.language, u.hourly, u.active, u.created_at
             FROM sessions s JOIN users u ON u.id = s.user_id
             WHERE s.token_hash = $1 AND s.revoked_at IS NULL AND u.active"
        ),
        params![token_hash],
        |r| {
            Ok(SignedIn {
                session: session_row(r)?,
                user: User {
                    id: r.get(4)?,
                    sign_in: r.get(5)?,
                    name: r.get(6)?,
                    role: r.get(7)?,
                    language: r.get(8)?,
                    hourly: r.get(9)?,
                    active: r.get(10)?,
                    created_at: r.get(11)?,
                },
            })
        },
    )
}

/// The sessions of a user that are not revoked and not past their end, latest seen first.
pub fn sessions_of(
    s: &mut Session<'_>,
    user: UserId,
    at: Timestamp,
) -> Result<Vec<SessionRow>, StorageError> {
    let mut sessions = s.rows(
        sql!(
            "SELECT id, created_at, last_seen_at, expires_at FROM sessions
             WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > $2
             ORDER BY last_seen_at DESC, id"
        ),
        params![user, at],
        session_row,
    )?;
    sessions.retain(|session| session.holds(at));
    Ok(sessions)
}

/// Writes down that a session was seen. Never moves back.
pub(super) fn touch(s: &mut Session<'_>, id: SessionId, at: Timestamp) -> Result<u64, StorageError> {
    s.execute(
        sql!(
            "UPDATE sessions SET last_seen_at = $2 WHERE id = $1 AND last_seen_at < $2 AND revoked_at IS NULL"
        ),
        params![id, at],
    )
}

pub(super) fn revoke_session(
    s: &mut Session<'_>,
    user: UserId,
    id: SessionId,
    at: Timestamp,
) -> Result<u64, StorageError> {
    s.execute(
        sql!("UPDATE sessions SET revoked_at = $3 WHERE user_id = $1 AND id = $2 AND revoked_at IS NULL"),
        params![user, id, at],
    )
}

pub(super) fn revoke_sessions(
    s: &mut Session<'_>,
    user: UserId,
    keep: SessionId,
    at: Timestamp,
) -> Result<u64, StorageError> {
    s.execute(
        sql!("UPDATE sessions SET revoked_at = $3 WHERE user_id = $1 AND id <> $2 AND revoked_at IS NULL"),
        params![user, keep, at],
    )
}

pub(super) fn delete_sessions_before(s: &mut Session<'_>, before: Timestamp) -> Result<u64, StorageError> {
    s.execute(sql!("DELETE FROM sessions WHERE expires_at < $1"), params![before])
}

fn api_key(r: &Row<'_>) -> Result<ApiKey, StorageError> {
    Ok(ApiKey {
        id: r.get(0)?,
        name: r.get(1)?,
        role: r.get(2)?,
        created_at: r.get(3)?,
        revoked_at: r.get(4)?,
    })
}

pub(super) fn insert_api_key(s: &mut Session<'_>, key: &ApiKey, key_hash: &[u8]) -> Result<(), StorageError> {
    s.execute(
        sql!("INSERT INTO api_keys (id, name, key_hash, role, created_at, revoked_at) VALUES ($1, $2, $3, $4, $5, NULL)"),
        params![key.id, &key.name, key_hash, key.role, key.created_at],
    )?;
    Ok(())
}

pub(super) fn api_keys(s: &mut Session<'_>) -> Result<Vec<ApiKey>, StorageError> {
    s.rows(
        sql!("SELECT id, name, role, created_at, revoked_at FROM api_keys ORDER BY created_at DESC, id"),
        params![],
        api_key,
    )
}

pub(super) fn api_key_by_hash(s: &mut Session<'_>, key_hash: &[u8]) -> Result<Option<ApiKey>, StorageError> {
    s.row(
        sql!(
            "SELECT id, name, role, created_at, revoked_at FROM api_keys
             WHERE key_hash = $1 AND revoked_at IS NULL"
        ),
        params![key_hash],
        api_key,
    )
}

pub(super) fn revoke_api_key(s: &mut Session<'_>, id: ApiKeyId, at: Timestamp) -> Result<u64, StorageError> {
    s.execute(
        sql!("UPDATE api_keys SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL"),
        params![id, at],
    )
}
