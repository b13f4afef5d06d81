//! What became of a message.

use super::steps::{add_task, load_case, record};
use crate::error::CasesError;
use crate::model::{FollowUpState, MessageState, TaskKind};
use crate::queries::{self, messages, store_follow_ups};
use storage::timeline::{self, Entry, Subject};
use storage::{Session, StorageError};
use vocabulary::{Context, GenericUuid as _, MessageId};

/// Longest reason kept with a message.
const REASON_CHARS_MAX: usize = 300;

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate<'a> {
    /// The recipient's side took it over.
    Sent,
    /// It stays here, because this instance sends nothing.
    Kept,
    /// Not yet; it will be tried again.
    Delayed {
        /// What the other side said; kept with the message, not in the timeline, since it may hold an address.
        reason: &'a str,
    },
    /// It will not arrive.
    Failed {
        /// A word or a code for the timeline, such as `550`; never an address or a server's text.
        code: &'a str,
        /// What the other side said; kept with the message.
        reason: &'a str,
    },
    /// It was handed on, and came back later (a bounce).
    Bounced {
        /// The status in figures, such as `5.1.1`.
        code: &'a str,
        /// What the other side said; kept with the message.
        reason: &'a str,
    },
}

/// Writes down what became of a waiting message; of one whose fate is sealed, nothing more is written. When it will not
/// arrive, a person is told to do what it should have done: phone the officer, or tell the resident.
///
/// # Errors
/// The database.
pub fn message_fate(
    s: &mut Session<'_>,
    ctx: &Context,
    id: MessageId,
    fate: Fate<'_>,
) -> Result<(), CasesError> {
    let (state, reason) = match fate {
        Fate::Sent => (MessageState::Sent, None),
        Fate::Kept => (MessageState::Kept, None),
        Fate::Delayed { reason } => (MessageState::Waiting, Some(reason)),
        Fate::Failed { reason, .. } | Fate::Bounced { reason, .. } => (MessageState::Failed, Some(reason)),
    };
    let reason: Option<String> = reason.map(|text| {
        // A server may say anything; what cannot be kept or shown is left out.
        text.chars().filter(|c| !c.is_control()).take(REASON_CHARS_MAX).collect()
    });
    let sent_at = (state == MessageState::Sent).then_some(ctx.now);
    let changed = if matches!(fate, Fate::Bounced { .. }) {
        messages::update_bounced(s, id, reason.as_deref())?
    } else {
        messages::update_message(s, id, state, sent_at, reason.as_deref())?
    };
    if changed == 0 {
        return Ok(());
    }
    crate::resident_access::blank_secret(s, id)?;
    match fate {
        Fate::Sent => note_on_message(s, ctx, "message_sent", id)?,
        Fate::Kept => note_on_message(s, ctx, "message_kept", id)?,
        Fate::Delayed { .. } => {}
        Fate::Failed { code, .. } | Fate::Bounced { code, .. } => undeliverable(s, ctx, id, code)?,
    }
    Ok(())
}

fn note_on_message(
    s: &mut Session<'_>,
    ctx: &Context,
    kind: &'static str,
    id: MessageId,
) -> Result<(), StorageError> {
    let subject = Subject { kind: "message", id: id.into_untyped_uuid() };
    timeline::append(s, ctx, Entry { kind, subject, related: None, detail: None }).map(drop)
}

fn undeliverable(s: &mut Session<'_>, ctx: &Context, id: MessageId, code: &str) -> Result<(), CasesError> {
    let Some((case, follow_up)) = store_follow_ups::message_about(s, id)? else {
        return Ok(note_on_message(s, ctx, "message_failed", id)?);
    };
    let case = load_case(s, case)?;
    record(s, ctx, "message_failed", case.id, Some(id.into_untyped_uuid()), Some(code.to_owned()))?;
    match follow_up {
        Some(question) => {
            let waiting =
                queries::follow_up(s, question)?.is_some_and(|asked| asked.state == FollowUpState::Waiting);
            if waiting {
                add_task(s, ctx, TaskKind::CallOfficer, case.id, Some(question))?;
            }
        }
        None => add_task(s, ctx, TaskKind::TellResident, case.id, None)?,
    }
    Ok(())
}
