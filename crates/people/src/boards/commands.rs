//! Giving and taking back grants.

use storage::Session;
use storage::timeline::{self, Entry, Subject};
use vocabulary::{Actor, AnyId, Context};

use super::{GRANTED, Holder, REVOKED, queries};
use crate::PeopleError;

/// Lets `holder` open the restricted cases of exactly `boards`. Given twice, the second time changes nothing; each
/// change is an entry of its own in the timeline.
///
/// # Errors
/// There is no such holder or board, or the holder's role opens no cases.
pub fn set(
    s: &mut Session<'_>,
    ctx: &Context,
    holder: AnyId,
    boards: &[String],
) -> Result<Holder, PeopleError> {
    let mut found = queries::holder(s, holder)?.ok_or(PeopleError::NotFound { what: "holder of access" })?;
    let known = queries::boards(s)?;
    if boards.iter().any(|board| !known.contains(board)) {
        return Err(PeopleError::NotFound { what: "board" });
    }
    for board in boards.iter().filter(|board| !found.boards.contains(board)) {
        if queries::insert(s, holder, board, granted_by(ctx), ctx.now)? > 0 {
            record(s, ctx, &found, GRANTED, board)?;
        }
    }
    for board in found.boards.iter().filter(|board| !boards.contains(board)) {
        if queries::delete(s, holder, board)? > 0 {
            record(s, ctx, &found, REVOKED, board)?;
        }
    }
    found.boards = queries::boards_of(s, holder)?;
    Ok(found)
}

fn granted_by(ctx: &Context) -> Option<AnyId> {
    match ctx.actor {
        Actor::User(id) => Some(vocabulary::GenericUuid::into_untyped_uuid(id)),
        _ => None,
    }
}

fn record(
    s: &mut Session<'_>,
    ctx: &Context,
    holder: &Holder,
    kind: &'static str,
    board: &str,
) -> Result<(), PeopleError> {
    let subject = Subject { kind: if holder.key { "api_key" } else { "user" }, id: holder.id };
    timeline::append(s, ctx, Entry { kind, subject, related: None, detail: Some(board.to_owned()) })?;
    Ok(())
}
