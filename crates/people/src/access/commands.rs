//! What can be done with sessions and throttles, inside a transaction.

use storage::timeline::{Entry, Subject};
use storage::{Session, StorageError};
use vocabulary::{Context, GenericUuid as _, SessionId, Timestamp, UserId};

use super::model::{SESSION_ABSOLUTE_MAX, SessionRow, THROTTLE_WINDOW, Throttle};
use super::queries;
use crate::secret::Token;
use vocabulary::SignedDuration;

/// Sessions that ended this long ago are forgotten.
const SESSION_KEPT: SignedDuration = SignedDuration::from_hours(24 * 30);

/// A counter an attempt is held against.
pub(super) struct Counter {
    pub key_hash: Vec<u8>,
    pub failures_max: u32,
}

/// Counts one attempt under each key, or refuses it under the first that is full and then counts nothing.
pub(super) fn reserve(
    s: &mut Session<'_>,
    at: Timestamp,
    counters: &[Counter],
) -> Result<Result<(), SignedDuration>, StorageError> {
    let mut reserved = Vec::with_capacity(counters.len());
    for counter in counters {
        let before = queries::throttle(s, &counter.key_hash)?;
        match Throttle::reserve(before, at, counter.failures_max) {
            Ok(after) => reserved.push((&counter.key_hash, after)),
            Err(wait) => return Ok(Err(wait)),
        }
    }
    for (key_hash, after) in reserved {
        queries::upsert_throttle(s, key_hash, after)?;
    }
    Ok(Ok(()))
}

/// Begins a session. `at` is the time sessions live by, which in the demo is not the context's.
pub(super) fn begin_session(
    s: &mut Session<'_>,
    ctx: &Context,
    at: Timestamp,
    user: UserId,
    token: &Token,
) -> Result<SessionRow, StorageError> {
    let session = SessionRow {
        id: ctx.next_id(),
        created_at: at,
        last_seen_at: at,
        expires_at: at + SESSION_ABSOLUTE_MAX,
    };
    queries::insert_session(s, user, &token.hash(), session)?;
    record(s, ctx, "signed_in", user, Some(session.id))?;
    Ok(session)
}

/// Revokes one session of `user`. Once is enough; again does nothing.
///
/// # Errors
/// The database.
pub fn revoke_session(
    s: &mut Session<'_>,
    ctx: &Context,
    user: UserId,
    session: SessionId,
) -> Result<bool, StorageError> {
    let revoked = queries::revoke_session(s, user, session, ctx.now)? > 0;
    if revoked {
        record(s, ctx, "signed_out", user, Some(session))?;
    }
    Ok(revoked)
}

/// Revokes every session of `user` but `keep`, and tells how many there were.
///
/// # Errors
/// The database.
pub fn revoke_sessions(
    s: &mut Session<'_>,
    ctx: &Context,
    user: UserId,
    keep: Option<SessionId>,
) -> Result<u64, StorageError> {
    let revoked = queries::revoke_sessions(s, user, keep.unwrap_or(SessionId::nil()), ctx.now)?;
    if revoked > 0 {
        record(s, ctx, "sessions_revoked", user, None)?;
    }
    Ok(revoked)
}

/// Forgets counters whose window has passed and sessions long over. Cheap enough to run now and then at sign-in.
///
/// # Errors
/// The database.
pub fn tidy(s: &mut Session<'_>, at: Timestamp) -> Result<(), StorageError> {
    queries::delete_throttles_before(s, at - THROTTLE_WINDOW)?;
    queries::delete_sessions_before(s, at - SESSION_KEPT)?;
    Ok(())
}

fn record(
    s: &mut Session<'_>,
    ctx: &Context,
    kind: &'static str,
    user: UserId,
    session: Option<SessionId>,
) -> Result<(), StorageError> {
    let subject = Subject { kind: "user", id: user.into_untyped_uuid() };
    let related = session.map(|id| id.into_untyped_uuid());
    storage::timeline::append(s, ctx, Entry { kind, subject, related, detail: None })?;
    Ok(())
}
