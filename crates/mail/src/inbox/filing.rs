//! One letter from bytes to its place.

use super::connection::ImapError;
use super::cursor::count_sender;
use cases::{CaseSettings, reply_address};
use correspondence::commands::receive;
use correspondence::{CorrespondenceError, Filed, Incoming, IncomingKind};
use letters::{Kind, Letter, Limits, Own};
use sha2::{Digest as _, Sha256};
use std::sync::Arc;
use storage::{Database, StorageError};
use vocabulary::{Actor, Chance, Clock, Context, MailboxId};

/// So many letters in an hour that answer letters of ours are written by no person: two machines answer each other.
pub const LETTERS_PER_HOUR_MAX: u32 = 40;

/// What filing needs to know.
#[derive(Clone)]
pub struct Filer {
    /// Where everything is kept.
    pub db: Database,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Where chance comes from.
    pub chance: Arc<dyn Chance>,
    /// What cases need to know.
    pub settings: Arc<CaseSettings>,
    /// Which mailbox it is.
    pub mailbox: MailboxId,
    /// How much of a letter is read.
    pub limits: Arc<Limits>,
    /// What is ours.
    pub own: Arc<Own>,
}

/// A letter that is ready to be filed.
pub(super) struct Ready {
    incoming: Arc<Incoming>,
}

impl Filer {
    pub(super) fn ctx(&self) -> Context {
        Context::new(self.clock.now(), Actor::System, self.chance.clone())
    }

    /// Reads a letter, on a thread where it is in nobody's way. One that cannot be read is ready all the same, as it came.
    pub(super) async fn read(&self, uid: String, raw: Vec<u8>) -> Ready {
        let (limits, own) = (self.limits.clone(), self.own.clone());
        let raw = Arc::new(raw);
        let bytes = raw.clone();
        let letter = tokio::task::spawn_blocking(move || letters::read(&bytes, &limits, &own)).await;
        let raw = Arc::unwrap_or_clone(raw);
        let incoming = match letter {
            Ok(letter) => incoming(self.mailbox, uid, letter, raw),
            Err(error) => {
                metrics::counter!("lots_mail_unreadable_total").increment(1);
                tracing::error!(%error, "a letter could not be read, and is filed as it came");
                as_it_came(self.mailbox, Some(uid), raw)
            }
        };
        Ready { incoming: Arc::new(incoming) }
    }

    /// Files a letter in a transaction of its own. What the database cannot take in the form it was read in is filed as
    /// it came.
    ///
    /// # Errors
    /// The database is out of reach: nothing of it is kept, and it can be filed later.
    pub(super) async fn file(&self, ready: Ready) -> Result<(), ImapError> {
        match self.receive(ready.incoming.clone()).await {
            Ok(filed) => {
                count(filed);
                return Ok(());
            }
            Err(CorrespondenceError::Storage(error)) if is_away(&error) => return Err(error.into()),
            Err(error) => tracing::error!(%error, "a letter could not be filed as it was read"),
        }
        let Incoming { uid, raw, .. } = ready.incoming.as_ref();
        let plain = as_it_came(self.mailbox, uid.clone(), raw.clone());
        match self.receive(Arc::new(plain)).await {
            Ok(filed) => {
                count(filed);
                Ok(())
            }
            Err(CorrespondenceError::Storage(error)) if is_away(&error) => Err(error.into()),
            Err(error) => {
                // It stays at the server, unmarked; those after it are filed.
                metrics::counter!("lots_mail_unfiled_total").increment(1);
                let uid = uid.as_deref().unwrap_or_default();
                tracing::error!(%error, uid, "a letter could not be filed at all; look at it in the mailbox");
                Ok(())
            }
        }
    }

    async fn receive(&self, incoming: Arc<Incoming>) -> Result<Filed, CorrespondenceError> {
        let (ctx, settings, own) = (self.ctx(), self.settings.clone(), self.own.clone());
        self.db
            .write(move |s| {
                if goes_round(s, &ctx, &settings, &incoming, &own)? {
                    let machine = Incoming { kind: IncomingKind::Loop, ..incoming.as_ref().clone() };
                    return receive(s, &ctx, &settings, &machine);
                }
                receive(s, &ctx, &settings, &incoming)
            })
            .await
    }
}

/// Whether a letter is one of too many that answer ours: a machine that does not say that it is one. Only what answers
/// letters of ours is counted, so that nobody can silence a resident by writing in their name; and no officers' answers,
/// since an officer who works off a day's questions writes more than any resident, and answering one sends no letter back.
fn goes_round(
    s: &mut storage::Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    incoming: &Incoming,
    own: &Own,
) -> Result<bool, StorageError> {
    let Some(from) = incoming.from.as_ref().filter(|_| incoming.kind == IncomingKind::Person) else {
        return Ok(false);
    };
    let by_officer = incoming.recipients.iter().any(|to| {
        to.email.split_once('@').is_some_and(|(local, _)| reply_address::read(settings, local).is_some())
    });
    if by_officer || !incoming.in_reply_to.iter().any(|id| own.wrote(id)) {
        return Ok(false);
    }
    Ok(count_sender(s, incoming.mailbox, &from.email, ctx.now)? > LETTERS_PER_HOUR_MAX)
}

fn count(filed: Filed) {
    metrics::counter!("lots_letters_total", "filed" => filed.as_str()).increment(1);
}

/// Whether it is the database that cannot, and not the letter that does not fit.
const fn is_away(error: &StorageError) -> bool {
    matches!(
        error,
        StorageError::NotCommitted(_)
            | StorageError::OutcomeUnknown
            | StorageError::Conflict { .. }
            | StorageError::Unreachable(_)
            | StorageError::QueueFull
            | StorageError::Closed
    )
}

fn incoming(mailbox: MailboxId, uid: String, letter: Letter, raw: Vec<u8>) -> Incoming {
    let address = |from: letters::Address| correspondence::Address { name: from.name, email: from.email };
    Incoming {
        mailbox,
        uid: Some(uid),
        raw_digest: Sha256::digest(&raw).into(),
        message_id: letter.message_id,
        in_reply_to: letter.in_reply_to,
        references: letter.references,
        from: letter.from.map(address),
        recipients: letter.recipients.into_iter().map(address).collect(),
        subject: letter.subject,
        sent_at: letter.sent_at,
        text: letter.text,
        reply: letter.reply,
        html: letter.html,
        parts: letter.parts.into_iter().map(part).collect(),
        refused: letter.refused.into_iter().map(refused).collect(),
        kind: match letter.kind {
            Kind::Person => IncomingKind::Person,
            Kind::AutoReply => IncomingKind::AutoReply,
            Kind::Loop => IncomingKind::Loop,
            Kind::Bounce(bounce) => IncomingKind::Bounce {
                original_message_id: bounce.original_message_id,
                recipient: bounce.recipient,
                permanent: bounce.permanent,
                status: bounce.status,
            },
        },
        raw,
    }
}

fn part(part: letters::Part) -> correspondence::Part {
    correspondence::Part {
        name: part.name,
        media_type: part.media_type,
        content_id: part.content_id,
        inline: part.inline,
        bytes: part.bytes,
    }
}

fn refused(part: letters::RefusedPart) -> correspondence::RefusedPart {
    correspondence::RefusedPart { name: part.name, reason: part.reason.word().to_owned() }
}

/// A letter of which nothing is known but its bytes.
fn as_it_came(mailbox: MailboxId, uid: Option<String>, raw: Vec<u8>) -> Incoming {
    Incoming {
        mailbox,
        uid,
        raw_digest: Sha256::digest(&raw).into(),
        message_id: None,
        in_reply_to: Vec::new(),
        references: Vec::new(),
        from: None,
        recipients: Vec::new(),
        subject: String::new(),
        sent_at: None,
        text: String::new(),
        reply: String::new(),
        html: None,
        parts: Vec::new(),
        refused: vec![correspondence::RefusedPart { name: String::new(), reason: "unreadable".to_owned() }],
        kind: IncomingKind::Person,
        raw,
    }
}
