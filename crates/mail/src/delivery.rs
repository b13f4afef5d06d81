//! Delivering one message: what the job `send_message` does.
//!
//! At least once: the server's "250" is written down after it has come, so a crash in between sends the letter again,
//! with the same Message-ID. A server that is away is tried for [`GIVE_UP_AFTER`]; one that refuses for good is
//! believed at once, and a person told.

use crate::letter::letter;
use crate::mailer::{Mailer, Refusal, Way, hand_over};
use cases::commands::{Fate, message_fate};
use cases::jobs::SEND_MESSAGE;
use cases::queries::{Message, message};
use cases::{CasesError, MessageChannel, MessageState};
use serde::Deserialize;
use std::sync::Arc;
use storage::Database;
use storage::jobs::{JobError, JobInfo, Runner};
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
    let Some(waiting) = found.filter(|message| message.state == MessageState::Waiting) else { return Ok(()) };
    let outcome = attempt(mailer, ctx, &waiting).await;
    conclude(db, ctx, &waiting, outcome).await
}

async fn attempt(mailer: &Mailer, ctx: &Context, message: &Message) -> Outcome {
    let refused =
        |code: &str, text: String| Outcome::Refused(Refusal { permanent: true, code: code.to_owned(), text });
    let smtp = match &mailer.0 {
        Way::Keep => return Outcome::Kept,
        Way::Smtp(smtp) => smtp,
    };
    if message.channel == MessageChannel::Sms {
        return refused("no_gateway", "no gateway for text messages is configured".to_owned());
    }
    match letter(message, &smtp.from, &[], ctx.now) {
        Err(error) => refused("not_a_letter", error.to_string()),
        Ok(letter) => match hand_over(&smtp.transport, letter).await {
            Ok(()) => Outcome::Sent,
            Err(refusal) => Outcome::Refused(refusal),
        },
    }
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
