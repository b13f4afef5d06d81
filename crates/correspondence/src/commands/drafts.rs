//! The answer that is being written, shared by all.

use super::{acting_user, load_for};
use crate::merge::merge;
use crate::model::ANSWER_CHARS_MAX;
use crate::{CorrespondenceError, queries};
use people::text::{TextError, TextFault};
use storage::Session;
use vocabulary::{Context, ConversationId};

/// A draft as it stands after saving.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saved {
    /// Its version.
    pub version: i64,
    /// The version that holds the text as it was sent: what the next text is made out of, if its writer has gone on
    /// writing without having seen the other's.
    pub own_version: i64,
    /// What it says: with what somebody else has written meanwhile.
    pub text: String,
    /// Whether somebody else's changes have been put in.
    pub merged: bool,
    /// Whether both had changed the same lines: then both stand there, one after the other.
    pub conflict: bool,
}

/// Saves what somebody has written on top of version `base`. If somebody else has written meanwhile, both are put
/// together; the versions before stay for a while, so that nothing written is lost.
///
/// # Errors
/// The text is too long, or the conversation is not there or not open to who writes.
pub fn save_draft(
    s: &mut Session<'_>,
    ctx: &Context,
    conversation: ConversationId,
    base: i64,
    text: &str,
) -> Result<Saved, CorrespondenceError> {
    let user = acting_user(ctx)?;
    let conversation = load_for(s, ctx, conversation)?;
    let mine = text.replace("\r\n", "\n").replace('\0', "");
    if mine.chars().count() > ANSWER_CHARS_MAX {
        let fault = TextFault::TooLong { chars_max: ANSWER_CHARS_MAX };
        return Err(TextError { field: "answer", fault }.into());
    }
    queries::upsert_writer(s, conversation.id, user, ctx.now)?;
    let now = queries::draft(s, conversation.id)?;
    if now.text == mine {
        return Ok(Saved {
            version: now.version,
            own_version: now.version,
            text: mine,
            merged: false,
            conflict: false,
        });
    }
    let next = now.version + 1;
    queries::insert_draft(s, conversation.id, next, &mine, user, ctx.now)?;
    if now.version == base {
        return Ok(Saved { version: next, own_version: next, text: mine, merged: false, conflict: false });
    }
    // A base that is no longer kept counts as an empty page: then all of both stays.
    let was = queries::draft_version(s, conversation.id, base)?.map(|draft| draft.text).unwrap_or_default();
    let both = merge(&was, &mine, &now.text);
    if both.text == mine {
        return Ok(Saved { version: next, own_version: next, text: mine, merged: false, conflict: false });
    }
    queries::insert_draft(s, conversation.id, next + 1, &both.text, user, ctx.now)?;
    Ok(Saved { version: next + 1, own_version: next, text: both.text, merged: true, conflict: both.conflict })
}

/// Somebody has the answer's field open: others see that they are writing.
///
/// # Errors
/// The conversation is not there or not open to who writes.
pub fn seen_writing(
    s: &mut Session<'_>,
    ctx: &Context,
    conversation: ConversationId,
) -> Result<(), CorrespondenceError> {
    let user = acting_user(ctx)?;
    let conversation = load_for(s, ctx, conversation)?;
    Ok(queries::upsert_writer(s, conversation.id, user, ctx.now)?)
}

/// Somebody has left the answer's field.
///
/// # Errors
/// The database.
pub fn stopped_writing(
    s: &mut Session<'_>,
    ctx: &Context,
    conversation: ConversationId,
) -> Result<(), CorrespondenceError> {
    let user = acting_user(ctx)?;
    Ok(queries::forget_writer(s, conversation, user)?)
}
