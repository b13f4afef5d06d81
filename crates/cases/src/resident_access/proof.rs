//! The second factor: a code sent to an address that was known before.

use super::SEND_TEXT;
use super::model::{
    CHALLENGE_HOLDS, Masked, PROOF_TRIES_MAX, Proof, ResidentSession, SENT_PER_ADDRESS_MAX,
    SENT_PER_CASE_MAX, SENT_PER_DAY_MAX, SESSION_HOLDS, Sent, masked, ways,
};
use super::queries::{self, Challenge, OutMessage};
use crate::commands::{load_case, record};
use crate::error::CasesError;
use crate::jobs::SEND_MESSAGE;
use crate::model::{CaseSettings, MessageChannel};
use crate::words;
use people::SigningKey;
use people::access::{Tally, count_attempt};
use people::residents::Resident;
use people::secret::Token;
use std::net::IpAddr;
use storage::jobs::NewJob;
use storage::{Session, StorageError};
use subtle::ConstantTimeEq as _;
use vocabulary::GenericUuid as _;
use vocabulary::{CaseId, ChallengeId, Chance, Context, MessageId, SignedDuration, Timestamp};

const DIGITS: usize = 6;
const DAY: SignedDuration = SignedDuration::from_hours(24);

fn resident_of(s: &mut Session<'_>, case: CaseId) -> Result<Option<Resident>, CasesError> {
    match load_case(s, case)?.resident_id {
        Some(id) => Ok(people::residents::queries::by_id(s, id)?),
        None => Ok(None),
    }
}

fn may_go(settings: &CaseSettings, channel: MessageChannel) -> bool {
    channel == MessageChannel::Email || settings.texting
}

/// The addresses a code can be sent to, masked, the best first. None of a resident with protected personal data.
///
/// # Errors
/// The case is not there.
pub fn channels(
    s: &mut Session<'_>,
    settings: &CaseSettings,
    case: CaseId,
) -> Result<Vec<Masked>, CasesError> {
    let ways = resident_of(s, case)?.as_ref().map(ways).unwrap_or_default();
    let usable = ways.into_iter().filter(|(channel, _)| may_go(settings, *channel));
    Ok(usable.map(|(channel, address)| masked(channel, &address)).collect())
}

fn hash(key: &SigningKey, challenge: ChallengeId, code: &str) -> [u8; 32] {
    key.derived("resident challenge", &[challenge.as_bytes(), code.as_bytes()])
}

fn random_digits(chance: &dyn Chance) -> String {
    format!("{:0DIGITS$}", chance.below(10_u64.pow(6)))
}

/// Sends a code to the resident of the session's case. A code sent before no longer counts.
///
/// # Errors
/// The case is not there.
pub fn send_challenge(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    at: Timestamp,
    session: &ResidentSession,
    channel: MessageChannel,
    address: IpAddr,
) -> Result<Sent, CasesError> {
    let Some(resident) = resident_of(s, session.case_id)? else { return Ok(Sent::Unreachable) };
    let way = ways(&resident).into_iter().find(|(way, _)| *way == channel && may_go(settings, channel));
    let Some((_, recipient)) = way else { return Ok(Sent::Unreachable) };
    if let Err(retry_after) = count_sending(s, settings, at, session.case_id, address)? {
        return Ok(Sent::Throttled { retry_after });
    }
    let code = random_digits(&*ctx.chance);
    let id: ChallengeId = ctx.next_id();
    let challenge = Challenge {
        id,
        code_hash: hash(&settings.signing_key, id, &code),
        expires_at: at + CHALLENGE_HOLDS,
        tries: 0,
    };
    queries::close_challenges(s, session.id, at)?;
    queries::insert_challenge(s, &challenge, session, channel, at)?;
    let letter = words::proof_letter(resident.language, channel, &code, &settings.municipality);
    let message: MessageId = ctx.next_id();
    queries::insert_message(
        s,
        &OutMessage {
            id: message,
            channel,
            recipient: &recipient,
            subject: &letter.subject,
            body: &letter.body,
            // Of no case: whoever works with the case need not see it, and nobody is sent to tell the resident when
            // it does not arrive.
            case_id: None,
            created_at: ctx.now,
            secret: true,
        },
    )?;
    send_later(s, ctx, channel, message)?;
    let related = Some(message.into_untyped_uuid());
    record(s, ctx, "resident_challenge_sent", session.case_id, related, Some(channel.to_string()))?;
    Ok(Sent::To(masked(channel, &recipient)))
}

/// Puts the job in line that sends a message of that channel.
///
/// # Errors
/// The database.
pub fn send_later(
    s: &mut Session<'_>,
    ctx: &Context,
    channel: MessageChannel,
    message: MessageId,
) -> Result<(), StorageError> {
    let kind = match channel {
        MessageChannel::Email => SEND_MESSAGE,
        MessageChannel::Sms => SEND_TEXT,
    };
    let job = NewJob {
        kind,
        payload: serde_json::json!({ "message": message }),
        run_at: ctx.now,
        dedupe_key: Some(format!("{kind}:{message}")),
    };
    storage::jobs::enqueue(s, ctx, job).map(drop)
}

fn count_sending(
    s: &mut Session<'_>,
    settings: &CaseSettings,
    at: Timestamp,
    case: CaseId,
    address: IpAddr,
) -> Result<Result<(), SignedDuration>, StorageError> {
    if queries::count_challenges(s, case, at - DAY)? >= SENT_PER_DAY_MAX {
        return Ok(Err(DAY));
    }
    let key = &settings.signing_key;
    let tallies = [
        Tally::of(key, "resident challenge", case.as_bytes(), SENT_PER_CASE_MAX),
        Tally::of_address(key, "resident challenge from", address, SENT_PER_ADDRESS_MAX),
    ];
    count_attempt(s, at, &tallies)
}

/// Holds a typed code against the one that was sent last. The try is counted before it is looked at.
///
/// # Errors
/// The database.
pub fn prove(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    at: Timestamp,
    session: &ResidentSession,
    typed: &str,
) -> Result<Proof, CasesError> {
    let Some(challenge) = queries::open_challenge(s, session.id)? else { return Ok(Proof::Over) };
    if challenge.expires_at <= at || challenge.tries >= PROOF_TRIES_MAX {
        return Ok(Proof::Over);
    }
    queries::count_try(s, challenge.id)?;
    let digits: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    let right: bool = hash(&settings.signing_key, challenge.id, &digits).ct_eq(&challenge.code_hash).into();
    if !right {
        let tries_left = PROOF_TRIES_MAX - challenge.tries - 1;
        return Ok(if tries_left == 0 { Proof::Over } else { Proof::Wrong { tries_left } });
    }
    queries::use_challenge(s, challenge.id, at)?;
    let token = Token::make("", &*ctx.chance);
    queries::prove_session(s, session.id, &token.hash(), at, at + SESSION_HOLDS)?;
    record(s, ctx, "resident_proven", session.case_id, None, None)?;
    Ok(Proof::Proven(token))
}
