//! Letters that other rooms want sent: a guide's answer from a mailbox, a receipt, a form.

use crate::jobs;
use crate::queries::messages::{self, LetterFile, LetterHead};
use storage::jobs::NewJob;
use storage::{Session, StorageError};
use vocabulary::{CaseId, Context, MailboxId, MessageId};

/// A letter to be sent.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct NewLetter {
    /// Whom it goes to: one address.
    pub recipient: String,
    /// What it is about, in one line.
    pub subject: String,
    /// The letter, in plain text.
    pub body: String,
    /// The same in HTML, if it is more than text.
    pub html: Option<String>,
    /// The case it is about.
    pub case_id: Option<CaseId>,
    /// The mailbox it is written from; none for the house's own address.
    pub mailbox_id: Option<MailboxId>,
    /// The Message-ID of the letter it answers, without angle brackets.
    pub in_reply_to: Option<String>,
    /// The Message-IDs of the thread so far, oldest first.
    pub references: Vec<String>,
    /// Whether a machine writes it. A person's letter does not say that it needs no answer.
    pub auto: bool,
    /// What goes with it; the bytes are kept as blobs before.
    pub files: Vec<LetterFile>,
}

impl std::fmt::Debug for NewLetter {
    /// Without recipient and text, so that neither ends up in a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewLetter").field("case_id", &self.case_id).finish_non_exhaustive()
    }
}

/// The Message-IDs a letter names at most; of a longer thread the first and the newest (RFC 5322, section 3.6.4, lets
/// the middle go).
const REFERENCES_MAX: usize = 30;

/// Writes a letter down and the job that sends it. Records nothing: whoever asks for it knows what it means.
///
/// # Errors
/// The database.
pub fn write_letter(
    s: &mut Session<'_>,
    ctx: &Context,
    letter: &NewLetter,
) -> Result<MessageId, StorageError> {
    let id: MessageId = ctx.next_id();
    let references = references_list(&letter.references);
    messages::insert_letter(
        s,
        &LetterHead {
            id,
            recipient: &letter.recipient,
            subject: &letter.subject,
            body: &letter.body,
            html: letter.html.as_deref(),
            case_id: letter.case_id,
            mailbox_id: letter.mailbox_id,
            in_reply_to: letter.in_reply_to.as_deref(),
            references_list: references.as_deref(),
            auto: letter.auto,
            created_at: ctx.now,
        },
    )?;
    for (place, file) in letter.files.iter().enumerate() {
        messages::insert_letter_file(s, id, place, file)?;
    }
    storage::jobs::enqueue(
        s,
        ctx,
        NewJob {
            kind: jobs::SEND_MESSAGE,
            payload: serde_json::json!({ "message": id }),
            run_at: ctx.now,
            dedupe_key: Some(format!("{}:{id}", jobs::SEND_MESSAGE)),
        },
    )?;
    Ok(id)
}

fn references_list(all: &[String]) -> Option<String> {
    let newest = all.len().saturating_sub(REFERENCES_MAX - 1).max(1);
    let kept = all.iter().take(1).chain(all.iter().skip(newest));
    let list = kept.map(String::as_str).collect::<Vec<_>>().join(" ");
    (!list.is_empty()).then_some(list)
}

/// Gives a letter the Message-ID it goes out with (without angle brackets), before it goes, so that an answer that comes
/// at once is known. Sent again it keeps the first; that one is given back.
///
/// # Errors
/// The database.
pub fn settle_message_id(
    s: &mut Session<'_>,
    id: MessageId,
    message_id: &str,
) -> Result<Option<String>, StorageError> {
    messages::settle_message_id(s, id, message_id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_thread_keeps_its_beginning_and_its_newest_letters() {
        let all: Vec<String> = (0..100).map(|n| format!("{n}@vikhamn.example")).collect();
        let list = references_list(&all).unwrap();
        assert_eq!(list.split(' ').count(), REFERENCES_MAX);
        assert!(list.starts_with("0@vikhamn.example 71@") && list.ends_with(" 99@vikhamn.example"), "{list}");
        assert_eq!(references_list(&all[..2]).as_deref(), Some("0@vikhamn.example 1@vikhamn.example"));
        assert_eq!(references_list(&[]), None);
    }
}
