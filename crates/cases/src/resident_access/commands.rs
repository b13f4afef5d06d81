//! Beginning and ending a resident's session, and what they choose.

use super::code::ResidentCode;
use super::model::{
    Begun, CODES_PER_ADDRESS_MAX, CODES_PER_NUMBER_MAX, NumberAndCode, ResidentSession, SESSION_HOLDS, ToldBy,
};
use super::queries;
use crate::commands::{load_case, record};
use crate::error::CasesError;
use crate::model::CaseSettings;
use crate::number::CaseNumber;
use crate::queries::{case_by_number, open_link};
use people::access::{Tally, count_attempt, uncount_attempt};
use people::secret::Token;
use people::{LinkKind, SigningKey};
use storage::{Session, StorageError};
use vocabulary::{CaseId, Context, LinkId, SignedDuration, Timestamp};

/// Sessions and codes that ended this long ago are forgotten. The day's limit on codes looks back a day.
const KEPT: SignedDuration = SignedDuration::from_hours(48);

/// Gives a case a code, in place of the one it had, and tells it: this once, since only a hash is kept.
///
/// # Errors
/// The case is not there.
pub fn give_code(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    case: CaseId,
) -> Result<ResidentCode, CasesError> {
    load_case(s, case)?;
    let code = ResidentCode::random(&*ctx.chance);
    queries::put_code(s, case, &code.hash(&settings.signing_key, case), ctx.now)?;
    record(s, ctx, "resident_code_made", case, None, None)?;
    Ok(code)
}

/// The code for a case's first letter: none if one was given before, or taken back.
pub(crate) fn first_code(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    case: CaseId,
) -> Result<Option<ResidentCode>, CasesError> {
    if queries::ever_had_code(s, case)? { Ok(None) } else { give_code(s, ctx, settings, case).map(Some) }
}

/// Takes back the code and ends every session: with the case's links, since somebody had a reason to.
pub(crate) fn revoke_all(s: &mut Session<'_>, ctx: &Context, case: CaseId) -> Result<(), StorageError> {
    queries::revoke_code(s, case, ctx.now)?;
    queries::end_sessions(s, case)?;
    Ok(())
}

/// How the resident wants to be told, if they have said.
pub(crate) fn told_by(s: &mut Session<'_>, case: CaseId) -> Result<Option<ToldBy>, StorageError> {
    queries::told_by(s, case)
}

/// Begins a session. `at` is the time sessions live by, which in the demo is not the context's.
fn begin(
    s: &mut Session<'_>,
    ctx: &Context,
    at: Timestamp,
    case_id: CaseId,
    link_id: Option<LinkId>,
) -> Result<(Token, ResidentSession), StorageError> {
    let token = Token::make("", &*ctx.chance);
    let session = ResidentSession {
        id: ctx.next_id(),
        case_id,
        link_id,
        expires_at: at + SESSION_HOLDS,
        proven: false,
    };
    queries::insert_session(s, &token.hash(), &session, at)?;
    Ok((token, session))
}

/// Begins a session with a link.
///
/// # Errors
/// The link does not hold.
pub fn begin_by_link(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    at: Timestamp,
    token: &str,
) -> Result<(Token, ResidentSession), CasesError> {
    let link = open_link(s, &settings.signing_key, LinkKind::Resident, token, ctx.now)?;
    Ok(begin(s, ctx, at, link.case_id, Some(link.id))?)
}

/// Begins a session with a case's number and code. A number nobody has, a wrong code and a code taken back are answered
/// alike, after the same work: the same reads, one hash, the same count.
///
/// # Errors
/// The database.
pub fn begin_by_code(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    at: Timestamp,
    typed: &NumberAndCode,
) -> Result<Begun, CasesError> {
    let key = &settings.signing_key;
    let number: Option<CaseNumber> = typed.number.parse().ok();
    let tallies = tallies(key, number.as_ref(), typed);
    if let Err(retry_after) = count_attempt(s, at, &tallies)? {
        return Ok(Begun::Throttled { retry_after });
    }
    // A number that cannot be is looked up, too: as the one before the first of a month, which nobody has.
    let looked_up = number.unwrap_or_else(|| CaseNumber::new(vocabulary::local_day(ctx.now), 0));
    let found = case_by_number(s, &looked_up)?.map(|case| case.id);
    let case = found.unwrap_or(CaseId::nil());
    let kept = queries::code_hash(s, case)?;
    let right = ResidentCode::typed(&typed.code).matches(key, case, &kept.unwrap_or_default());
    if found.is_none() || kept.is_none() || !right {
        return Ok(Begun::Refused);
    }
    uncount_attempt(s, &tallies)?;
    let (token, session) = begin(s, ctx, at, case, None)?;
    Ok(Begun::In(token, session))
}

fn tallies(key: &SigningKey, number: Option<&CaseNumber>, typed: &NumberAndCode) -> [Tally; 2] {
    let number = number.map_or("", CaseNumber::as_str);
    // What is no number is counted by address alone: else all who mistype would share one count.
    let per_number = if number.is_empty() { u32::MAX } else { CODES_PER_NUMBER_MAX };
    [
        Tally::of(key, "resident code", number.as_bytes(), per_number),
        Tally::of_address(key, "resident code from", typed.address, CODES_PER_ADDRESS_MAX),
    ]
}

/// The session of whoever presents this token, if it holds.
///
/// # Errors
/// The database.
pub fn session(
    s: &mut Session<'_>,
    at: Timestamp,
    presented: &str,
) -> Result<Option<ResidentSession>, StorageError> {
    match Token::presented("", presented) {
        Some(token) => queries::session(s, &token.hash(), at),
        None => Ok(None),
    }
}

/// Ends a session. Again does nothing.
///
/// # Errors
/// The database.
pub fn end(s: &mut Session<'_>, session: &ResidentSession) -> Result<(), StorageError> {
    queries::end_session(s, session.id).map(drop)
}

/// Keeps how the resident wants to be told about the case from now on.
///
/// # Errors
/// The case is not there.
pub fn choose(s: &mut Session<'_>, ctx: &Context, case: CaseId, told_by: ToldBy) -> Result<(), CasesError> {
    load_case(s, case)?;
    if queries::told_by(s, case)? == Some(told_by) {
        return Ok(());
    }
    queries::put_choice(s, case, told_by, ctx.now)?;
    record(s, ctx, "resident_chose", case, None, Some(told_by.to_string()))?;
    Ok(())
}

/// Forgets sessions and codes long over. `at` is the time sessions live by.
///
/// # Errors
/// The database.
pub fn forget_old(s: &mut Session<'_>, at: Timestamp) -> Result<(), StorageError> {
    queries::forget_sessions(s, at - KEPT)?;
    queries::forget_challenges(s, at - KEPT)?;
    Ok(())
}
