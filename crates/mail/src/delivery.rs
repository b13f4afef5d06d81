//! Delivering one message: what the job `send_message` does.
//!
//! At least once: the server's "250" is written down after it has come, so a crash in between sends the letter again,
//! with the same Message-ID. A server that is away is tried for [`GIVE_UP_AFTER`]; one that refuses for good is
//! believed at once, and a person told.

use crate::letter::{Enclosed, letter, message_id};
use crate::mailer::{Mailer, Refusal, Smtp, Way, hand_over};
use cases::commands::{Fate, message_fate, settle_message_id};
use cases::jobs::SEND_MESSAGE;
use cases::queries::{Message, letter_files, message};
use cases::resident_access::send_later;
use cases::{CasesError, MessageChannel, MessageState};
use lettre::message::Mailbox;
use serde::Deserialize;
use std::sync::Arc;
use storage::jobs::{JobError, JobInfo, Runner};
use storage::{Database, StorageError};
use vocabulary::{Context, MessageId, SignedDuration};

/// How long a letter is tried before it counts as undeliverable (RFC 5321, section 4.5.4.1: at least 4 to 5 days).
pub const GIVE_UP_AFTER: SignedDuration = SignedDuration::from_hours(5 * 24);
/// The shortest wait before another attempt.
pub const RETRY_AFTER_MIN: SignedDuration = SignedDuration::from_secs(30);
/// The longest wait before another attempt.
pub const RETRY_AFTER_MAX: SignedDuration = SignedDuration::from_hours(1);

#[derive(Deserialize)]
struct AboutMessage {
    message: MessageId,
}

/// What came of an attempt.
enum Outcome {
    Sent,
    Kept,
    Refused(Refusal),
}

/// Gives `runner` the handler that delivers messages.
#[must_use]
pub fn wire(runner: Runner, db: &Database, mailer: Arc<Mailer>) -> Runner {
    let db = db.clone();
    runner.on(SEND_MESSAGE, move |payload, info| {
        let (db, mailer) = (db.clone(), mailer.clone());
        async move { send_message(&db, &mailer, payload, &info).await }
    })
}

async fn send_message(
    db: &Database,
    mailer: &Mailer,
    payload: serde_json::Value,
    info: &JobInfo,
) -> Result<(), JobError> {
    let about = AboutMessage::deserialize(payload).map_err(|error| JobError::GiveUp(error.to_string()))?;
    deliver(db, mailer, &info.ctx, about.message).await
}

/// Delivers a message, if it is still waiting.
///
/// # Errors
/// [`JobError::Later`] if the server was away or asks for patience, [`JobError::Retry`] if the database is.
pub async fn deliver(db: &Database, mailer: &Mailer, ctx: &Context, id: MessageId) -> Result<(), JobError> {
    let found = db.read(move |s| message(s, id)).await?;
    let Some(mut waiting) = found.filter(|message| message.state == MessageState::Waiting) else {
        return Ok(());
    };
    if waiting.channel == MessageChannel::Sms {
        // A text message that came into the wrong line: the room `texting` sends it.
        let ctx = ctx.clone();
        return Ok(db.write(move |s| send_later(s, &ctx, MessageChannel::Sms, id)).await?);
    }
    let outcome = attempt(db, mailer, ctx, &mut waiting).await?;
    conclude(db, ctx, &waiting, outcome).await
}

async fn attempt(
    db: &Database,
    mailer: &Mailer,
    ctx: &Context,
    message: &mut Message,
) -> Result<Outcome, JobError> {
    let refused =
        |code: &str, text: String| Outcome::Refused(Refusal { permanent: true, code: code.to_owned(), text });
    let smtp = match &mailer.0 {
        Way::Keep => return Ok(Outcome::Kept),
        Way::Smtp(smtp) => smtp,
    };
    let (from, files) = match enclosures(db, smtp, message).await? {
        Ok(found) => found,
        Err(missing) => return Ok(refused("file_missing", missing)),
    };
    settle(db, smtp, message).await?;
    let written = letter(message, &from, smtp.domain(), &files, ctx.now);
    Ok(match written {
        Err(error) => refused("not_a_letter", error.to_string()),
        Ok(letter) => {
            let (envelope, bytes) = smtp.seal(message.id, letter);
            match hand_over(&smtp.transport, &envelope, &bytes).await {
                Ok(()) => Outcome::Sent,
                Err(refusal) => Outcome::Refused(refusal),
            }
        }
    })
}

/// Writes the Message-ID down before the letter goes: an answer may come before we have heard that it went.
async fn settle(db: &Database, smtp: &Smtp, message: &mut Message) -> Result<(), JobError> {
    if message.message_id.is_none() {
        let (id, ours) = (message.id, message_id(message.id, smtp.domain()));
        message.message_id = db.write(move |s| settle_message_id(s, id, &ours)).await?;
    }
    Ok(())
}

/// Whom a letter is from, and what goes with it; or the name of a file that is gone.
async fn enclosures(
    db: &Database,
    smtp: &Smtp,
    message: &Message,
) -> Result<Result<(Mailbox, Vec<Enclosed>), String>, JobError> {
    let (id, mailbox) = (message.id, message.mailbox_id);
    let found = db
        .read(move |s| {
            let mailbox =
                mailbox.map(|mailbox| correspondence::queries::mailbox(s, mailbox)).transpose()?.flatten();
            let mut files = Vec::new();
            for file in letter_files(s, id)? {
                let Some(bytes) = storage::blobs::get(s, &file.digest.into())? else {
                    return Ok::<_, StorageError>(Err(file.name));
                };
                files.push(Enclosed { name: file.name, media_type: file.media_type, bytes });
            }
            Ok(Ok((mailbox, files)))
        })
        .await?;
    Ok(found.map(|(mailbox, files)| {
        let own = mailbox.and_then(|own| Some(Mailbox::new(Some(own.name), own.address.parse().ok()?)));
        (own.unwrap_or_else(|| smtp.from.clone()), files)
    }))
}

async fn conclude(db: &Database, ctx: &Context, message: &Message, outcome: Outcome) -> Result<(), JobError> {
    match outcome {
        Outcome::Sent => {
            count("sent");
            write(db, ctx, message.id, |s, ctx, id| message_fate(s, ctx, id, Fate::Sent)).await
        }
        Outcome::Kept => {
            count("kept");
            write(db, ctx, message.id, |s, ctx, id| message_fate(s, ctx, id, Fate::Kept)).await
        }
        Outcome::Refused(refusal) => {
            let age = ctx.now.duration_since(message.created_at);
            let given_up = refusal.permanent || age >= GIVE_UP_AFTER;
            count(if given_up { "failed" } else { "delayed" });
            tracing::warn!(message = %message.id, code = %refusal.code, given_up, "a message was not delivered");
            let Refusal { code, text, .. } = refusal;
            write(db, ctx, message.id, move |s, ctx, id| {
                let fate = if given_up {
                    Fate::Failed { code: &code, reason: &text }
                } else {
                    Fate::Delayed { reason: &text }
                };
                message_fate(s, ctx, id, fate)
            })
            .await?;
            if given_up {
                return Ok(());
            }
            // A young letter is tried often, an old one seldom.
            let wait = (age / 2).clamp(RETRY_AFTER_MIN, RETRY_AFTER_MAX);
            Err(JobError::Later(ctx.now.saturating_add(wait).unwrap_or(ctx.now)))
        }
    }
}

async fn write(
    db: &Database,
    ctx: &Context,
    id: MessageId,
    mut run: impl FnMut(&mut storage::Session<'_>, &Context, MessageId) -> Result<(), CasesError> + Send + 'static,
) -> Result<(), JobError> {
    let ctx = ctx.clone();
    Ok(db.write(move |s| run(s, &ctx, id)).await?)
}

fn count(outcome: &'static str) {
    metrics::counter!("lots_messages_total", "outcome" => outcome).increment(1);
}
