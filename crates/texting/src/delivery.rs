//! Delivering one text message: what the job `send_text` does, and what becomes of it when the gateway reports.
//!
//! At least once: what the gateway has taken is written down part by part after it has said so, so that what is sent
//! again is only what may not have arrived.

use crate::http_gateway::Outgoing;
use crate::queries::{self, TakenPart};
use crate::smpp::{self, Part};
use crate::texter::{Refusal, Texter, Way};
use cases::commands::{Fate, message_fate};
use cases::queries::{Message, message};
use cases::resident_access::{CHALLENGE_HOLDS, SEND_TEXT};
use cases::{CasesError, MessageChannel, MessageState};
use serde::Deserialize;
use std::sync::Arc;
use storage::jobs::{JobError, JobInfo, Runner};
use storage::{Database, Session};
use vocabulary::{Context, GenericUuid as _, MessageId, SignedDuration};

/// How long a text message is tried before somebody is told that it did not arrive.
pub const GIVE_UP_AFTER: SignedDuration = SignedDuration::from_hours(24);
/// The shortest wait before another attempt.
const RETRY_AFTER_MIN: SignedDuration = SignedDuration::from_secs(5);
/// The longest wait before another attempt.
const RETRY_AFTER_MAX: SignedDuration = SignedDuration::from_mins(15);

/// How a message or part of one fared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReceiptState {
    /// The telephone has it.
    Delivered,
    /// It will not arrive.
    Failed,
}

/// What a gateway reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The gateway's own name for what it reports on.
    pub gateway_id: String,
    /// How it fared.
    pub state: ReceiptState,
    /// The network's code, letters and digits.
    pub code: String,
}

#[derive(Deserialize)]
struct AboutMessage {
    message: MessageId,
}

/// Gives `runner` the handler that delivers text messages.
#[must_use]
pub fn wire(runner: Runner, db: &Database, texter: Arc<Texter>) -> Runner {
    let db = db.clone();
    runner.on(SEND_TEXT, move |payload, info| {
        let (db, texter) = (db.clone(), texter.clone());
        async move { send_text(&db, &texter, payload, &info).await }
    })
}

async fn send_text(
    db: &Database,
    texter: &Texter,
    payload: serde_json::Value,
    info: &JobInfo,
) -> Result<(), JobError> {
    let about = AboutMessage::deserialize(payload).map_err(|error| JobError::GiveUp(error.to_string()))?;
    deliver(db, texter, &info.ctx, about.message).await
}

/// Delivers a text message, if it is still waiting.
///
/// # Errors
/// [`JobError::Later`] if the gateway was away or asks for patience, [`JobError::Retry`] if the database is.
pub async fn deliver(db: &Database, texter: &Texter, ctx: &Context, id: MessageId) -> Result<(), JobError> {
    let found = db.read(move |s| Ok::<_, storage::StorageError>((message(s, id)?, queries::is_code(s, id)?)));
    let (found, is_code) = found.await?;
    let waiting = found.filter(|m| m.state == MessageState::Waiting && m.channel == MessageChannel::Sms);
    let Some(waiting) = waiting else { return Ok(()) };
    let age = ctx.now.duration_since(waiting.created_at);
    let keep_trying = if is_code { CHALLENGE_HOLDS } else { GIVE_UP_AFTER };
    let outcome = if age >= keep_trying {
        Err(Refusal::permanent("too_late", "it was not taken in time"))
    } else {
        match &texter.way {
            Way::Keep => {
                count("kept");
                return write(db, ctx, id, |s, ctx, id| message_fate(s, ctx, id, Fate::Kept)).await;
            }
            Way::Off => Err(Refusal::permanent("no_gateway", "text messages are turned off")),
            Way::Http(way) => send_by_http(db, ctx, way, texter, &waiting).await?,
            Way::Smpp(way) => send_by_smpp(db, ctx, way, texter, &waiting, is_code).await?,
        }
    };
    conclude(db, ctx, &waiting, outcome).await
}

async fn send_by_http(
    db: &Database,
    ctx: &Context,
    way: &crate::http_gateway::HttpWay,
    texter: &Texter,
    message: &Message,
) -> Result<Result<(), Refusal>, JobError> {
    let id = message.id.into_untyped_uuid().to_string();
    let outgoing = Outgoing { id: &id, from: &texter.sender, to: &message.recipient, text: &message.body };
    match way.send(&outgoing).await {
        Ok(gateway_id) => {
            taken(db, ctx, message.id, (1, 1), gateway_id).await?;
            Ok(Ok(()))
        }
        Err(refusal) => Ok(Err(refusal)),
    }
}

/// Sends the parts that have not been taken yet, one after the other; stops at the first that is not.
async fn send_by_smpp(
    db: &Database,
    ctx: &Context,
    way: &smpp::Smpp,
    texter: &Texter,
    message: &Message,
    is_code: bool,
) -> Result<Result<(), Refusal>, JobError> {
    let id = message.id;
    let reference = id.as_bytes()[15];
    let made =
        smpp::submit(&way.gateway, &texter.sender, &message.recipient, &message.body, reference, is_code);
    let parts: Vec<Part> = match made {
        Ok(parts) => parts,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let before = db.read(move |s| queries::parts_taken(s, id)).await?;
    for part in parts.into_iter().filter(|part| !before.contains(&part.number)) {
        match way.send(part.submit).await {
            Ok(gateway_id) => taken(db, ctx, id, (part.number, part.of), Some(gateway_id)).await?,
            Err(refusal) => return Ok(Err(refusal)),
        }
    }
    Ok(Ok(()))
}

async fn taken(
    db: &Database,
    ctx: &Context,
    message: MessageId,
    (number, of): (usize, usize),
    gateway_id: Option<String>,
) -> Result<(), JobError> {
    let now = ctx.now;
    let gateway_id = gateway_id.filter(|id| !id.is_empty());
    let write = db.write(move |s| {
        queries::insert_part(s, &TakenPart { message, number, of, gateway_id: gateway_id.as_deref() }, now)
    });
    Ok(write.await?)
}

async fn conclude(
    db: &Database,
    ctx: &Context,
    message: &Message,
    outcome: Result<(), Refusal>,
) -> Result<(), JobError> {
    let refusal = match outcome {
        Ok(()) => {
            count("sent");
            return write(db, ctx, message.id, |s, ctx, id| message_fate(s, ctx, id, Fate::Sent)).await;
        }
        Err(refusal) => refusal,
    };
    let Refusal { permanent, code, text } = refusal;
    count(if permanent { "failed" } else { "delayed" });
    tracing::warn!(message = %message.id, code, permanent, "a text message was not taken");
    write(db, ctx, message.id, move |s, ctx, id| {
        let fate = if permanent {
            Fate::Failed { code: &code, reason: &text }
        } else {
            Fate::Delayed { reason: &text }
        };
        message_fate(s, ctx, id, fate)
    })
    .await?;
    if permanent {
        return Ok(());
    }
    let age = ctx.now.duration_since(message.created_at);
    let wait = (age / 2).clamp(RETRY_AFTER_MIN, RETRY_AFTER_MAX);
    Err(JobError::Later(ctx.now.saturating_add(wait).unwrap_or(ctx.now)))
}

async fn write(
    db: &Database,
    ctx: &Context,
    id: MessageId,
    mut run: impl FnMut(&mut Session<'_>, &Context, MessageId) -> Result<(), CasesError> + Send + 'static,
) -> Result<(), JobError> {
    let ctx = ctx.clone();
    Ok(db.write(move |s| run(s, &ctx, id)).await?)
}

/// The names under which a part may have been written down: gateways answer in hexadecimal and report in decimal, or
/// the other way around (SMPP 3.4, appendix B, leaves it open).
fn names(gateway_id: &str) -> Vec<String> {
    let mut names = vec![gateway_id.to_owned()];
    if let Ok(number) = gateway_id.parse::<u64>() {
        names.extend([
            format!("{number:x}"),
            format!("{number:X}"),
            format!("{number:08X}"),
            number.to_string(),
        ]);
    }
    if let Ok(number) = u64::from_str_radix(gateway_id, 16) {
        names.push(number.to_string());
    }
    names
}

/// Writes down what a gateway reports: a message has arrived when all its parts have, and will not when one will not,
/// which somebody is then told. Gives whether there is such a part: it may come before the part is written down.
///
/// # Errors
/// The database.
pub fn take_receipt(s: &mut Session<'_>, ctx: &Context, receipt: &Receipt) -> Result<bool, CasesError> {
    let mut found = None;
    for name in names(&receipt.gateway_id) {
        if found.is_none() {
            found = queries::message_of(s, &name)?;
        }
    }
    let Some(part) = found else { return Ok(false) };
    let word = if receipt.state == ReceiptState::Delivered { "delivered" } else { "failed" };
    if !queries::part_fared(s, part, word, ctx.now)? {
        return Ok(true);
    }
    let message = part.0;
    match receipt.state {
        ReceiptState::Delivered => {
            let (parts, delivered) = queries::delivered_of(s, message)?;
            if parts > 0 && delivered == parts {
                queries::message_arrived(s, message, ctx.now)?;
            }
        }
        ReceiptState::Failed => {
            let code = if receipt.code.is_empty() { "undelivered" } else { receipt.code.as_str() };
            message_fate(s, ctx, message, Fate::Bounced { code, reason: "reported by the operator" })?;
        }
    }
    count(word);
    Ok(true)
}

fn count(outcome: &'static str) {
    metrics::counter!("lots_texts_total", "outcome" => outcome).increment(1);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_found_under_either_way_of_writing_its_number() {
        assert!(names("255").contains(&"ff".to_owned()) && names("255").contains(&"FF".to_owned()));
        assert!(names("000000FF").contains(&"255".to_owned()));
        assert_eq!(names("msg-7"), ["msg-7"]);
    }
}
