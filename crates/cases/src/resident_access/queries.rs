//! The SQL of residents' codes, sessions and choices.

use super::model::{ResidentSession, ToldBy};
use crate::model::MessageChannel;
use storage::{Row, Session, StorageError, params, sql};
use vocabulary::{CaseId, ChallengeId, MessageId, SessionId, Timestamp};

/// The kept hash of a case's code, if there is one that holds.
pub(super) fn code_hash(s: &mut Session<'_>, case: CaseId) -> Result<Option<[u8; 32]>, StorageError> {
    s.row(
        sql!("SELECT code_hash FROM resident_codes WHERE case_id = $1 AND revoked_at IS NULL"),
        params![case],
        |r| r.get(0),
    )
}

/// Whether a case has ever been given a code, also one that was taken back.
pub(super) fn ever_had_code(s: &mut Session<'_>, case: CaseId) -> Result<bool, StorageError> {
    let found: Option<Timestamp> =
        s.row(sql!("SELECT made_at FROM resident_codes WHERE case_id = $1"), params![case], |r| r.get(0))?;
    Ok(found.is_some())
}

pub(super) fn put_code(
    s: &mut Session<'_>,
    case: CaseId,
    hash: &[u8; 32],
    at: Timestamp,
) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO resident_codes (case_id, code_hash, made_at, revoked_at) VALUES ($1, $2, $3, NULL)
             ON CONFLICT (case_id) DO UPDATE
             SET code_hash = excluded.code_hash, made_at = excluded.made_at, revoked_at = NULL"
        ),
        params![case, &hash[..], at],
    )?;
    Ok(())
}

pub(super) fn revoke_code(s: &mut Session<'_>, case: CaseId, at: Timestamp) -> Result<u64, StorageError> {
    s.execute(
        sql!("UPDATE resident_codes SET revoked_at = $2 WHERE case_id = $1 AND revoked_at IS NULL"),
        params![case, at],
    )
}

pub(super) fn told_by(s: &mut Session<'_>, case: CaseId) -> Result<Option<ToldBy>, StorageError> {
    s.row(sql!("SELECT told_by FROM resident_choices WHERE case_id = $1"), params![case], |r| r.get(0))
}

pub(super) fn put_choice(
    s: &mut Session<'_>,
    case: CaseId,
    told_by: ToldBy,
    at: Timestamp,
) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO resident_choices (case_id, told_by, chosen_at) VALUES ($1, $2, $3)
             ON CONFLICT (case_id) DO UPDATE SET told_by = excluded.told_by, chosen_at = excluded.chosen_at"
        ),
        params![case, told_by, at],
    )?;
    Ok(())
}

pub(super) fn insert_session(
    s: &mut Session<'_>,
    token_hash: &[u8],
    session: &ResidentSession,
    at: Timestamp,
) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO resident_sessions (token_hash, id, case_id, link_id, made_at, expires_at, proven_at)
             VALUES ($1, $2, $3, $4, $5, $6, NULL)"
        ),
        params![token_hash, session.id, session.case_id, session.link_id, at, session.expires_at],
    )?;
    Ok(())
}

/// A session proven: under a new token, so that whoever planted the old one has gained nothing.
pub(super) fn prove_session(
    s: &mut Session<'_>,
    id: SessionId,
    token_hash: &[u8],
    at: Timestamp,
    expires_at: Timestamp,
) -> Result<u64, StorageError> {
    s.execute(
        sql!("UPDATE resident_sessions SET token_hash = $2, proven_at = $3, expires_at = $4 WHERE id = $1"),
        params![id, token_hash, at, expires_at],
    )
}

fn read_session(r: &Row<'_>) -> Result<ResidentSession, StorageError> {
    Ok(ResidentSession {
        id: r.get(0)?,
        case_id: r.get(1)?,
        link_id: r.get(2)?,
        expires_at: r.get(3)?,
        proven: r.get::<Option<Timestamp>>(4)?.is_some(),
    })
}

/// The session with this token that has not ended at `at`, unless its link was taken back.
pub(super) fn session(
    s: &mut Session<'_>,
    token_hash: &[u8],
    at: Timestamp,
) -> Result<Option<ResidentSession>, StorageError> {
    s.row(
        sql!(
            "SELECT r.id, r.case_id, r.link_id, r.expires_at, r.proven_at
             FROM resident_sessions r LEFT JOIN links l ON l.id = r.link_id
             WHERE r.token_hash = $1 AND r.expires_at > $2 AND l.revoked_at IS NULL"
        ),
        params![token_hash, at],
        read_session,
    )
}

pub(super) fn end_session(s: &mut Session<'_>, id: SessionId) -> Result<u64, StorageError> {
    s.execute(sql!("DELETE FROM resident_sessions WHERE id = $1"), params![id])
}

pub(super) fn end_sessions(s: &mut Session<'_>, case: CaseId) -> Result<u64, StorageError> {
    s.execute(sql!("DELETE FROM resident_sessions WHERE case_id = $1"), params![case])
}

pub(super) fn forget_sessions(s: &mut Session<'_>, before: Timestamp) -> Result<u64, StorageError> {
    s.execute(sql!("DELETE FROM resident_sessions WHERE expires_at < $1"), params![before])
}

pub(super) fn forget_challenges(s: &mut Session<'_>, before: Timestamp) -> Result<u64, StorageError> {
    s.execute(sql!("DELETE FROM resident_challenges WHERE made_at < $1"), params![before])
}

/// A code that was sent.
pub(super) struct Challenge {
    pub id: ChallengeId,
    pub code_hash: [u8; 32],
    pub expires_at: Timestamp,
    pub tries: u32,
}

pub(super) fn insert_challenge(
    s: &mut Session<'_>,
    challenge: &Challenge,
    session: &ResidentSession,
    channel: MessageChannel,
    at: Timestamp,
) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO resident_challenges
                 (id, session_id, case_id, channel, code_hash, made_at, expires_at, tries, used_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, 0, NULL)"
        ),
        params![
            challenge.id,
            session.id,
            session.case_id,
            channel,
            &challenge.code_hash[..],
            at,
            challenge.expires_at
        ],
    )?;
    Ok(())
}

/// The code sent for a session that counts: what was sent before has been marked as used.
pub(super) fn open_challenge(
    s: &mut Session<'_>,
    session: SessionId,
) -> Result<Option<Challenge>, StorageError> {
    s.row(
        sql!(
            "SELECT id, code_hash, expires_at, tries FROM resident_challenges
             WHERE session_id = $1 AND used_at IS NULL ORDER BY made_at DESC, id DESC LIMIT 1"
        ),
        params![session],
        |r| Ok(Challenge { id: r.get(0)?, code_hash: r.get(1)?, expires_at: r.get(2)?, tries: r.get(3)? }),
    )
}

pub(super) fn count_challenges(
    s: &mut Session<'_>,
    case: CaseId,
    since: Timestamp,
) -> Result<usize, StorageError> {
    s.the_row(
        sql!("SELECT COUNT(*) FROM resident_challenges WHERE case_id = $1 AND made_at > $2"),
        params![case, since],
        |r| r.get(0),
    )
}

pub(super) fn count_try(s: &mut Session<'_>, id: ChallengeId) -> Result<u64, StorageError> {
    s.execute(sql!("UPDATE resident_challenges SET tries = tries + 1 WHERE id = $1"), params![id])
}

/// What was sent for a session no longer counts.
pub(super) fn close_challenges(
    s: &mut Session<'_>,
    session: SessionId,
    at: Timestamp,
) -> Result<u64, StorageError> {
    s.execute(
        sql!("UPDATE resident_challenges SET used_at = $2 WHERE session_id = $1 AND used_at IS NULL"),
        params![session, at],
    )
}

pub(super) fn use_challenge(
    s: &mut Session<'_>,
    id: ChallengeId,
    at: Timestamp,
) -> Result<u64, StorageError> {
    s.execute(sql!("UPDATE resident_challenges SET used_at = $2 WHERE id = $1"), params![id, at])
}

/// A message in either channel.
pub(crate) struct OutMessage<'a> {
    pub id: MessageId,
    pub channel: MessageChannel,
    pub recipient: &'a str,
    pub subject: &'a str,
    pub body: &'a str,
    pub case_id: Option<CaseId>,
    pub created_at: Timestamp,
    /// Whether its text is a secret, to be blanked once it has left.
    pub secret: bool,
}

pub(crate) fn insert_message(s: &mut Session<'_>, m: &OutMessage<'_>) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO messages (id, channel, recipient, subject, body, case_id, created_at, state, secret)
             VALUES ($1, $2, $3, $4, $5, $6, $7, 'waiting', $8)"
        ),
        params![m.id, m.channel, m.recipient, m.subject, m.body, m.case_id, m.created_at, m.secret],
    )?;
    Ok(())
}

/// Blanks the text of a secret message that has left the house or never will. In the demo it is kept to be read.
pub(crate) fn blank_secret(s: &mut Session<'_>, id: MessageId) -> Result<u64, StorageError> {
    s.execute(
        sql!("UPDATE messages SET body = '' WHERE id = $1 AND secret AND state IN ('sent', 'failed')"),
        params![id],
    )
}
