//! A letter as the mail edge hands it over: parsed, held within limits, its HTML made harmless. What it means is decided
//! here.

use std::fmt;
use vocabulary::{MailboxId, Timestamp};

/// One letter that has come in.
#[derive(Clone, PartialEq, Eq)]
pub struct Incoming {
    /// The mailbox it lay in.
    pub mailbox: MailboxId,
    /// Where it lay there (folder, validity and number), to know it again.
    pub uid: Option<String>,
    /// The SHA-256 of the letter as it came, to know it again when the mailbox has been numbered anew.
    pub raw_digest: [u8; 32],
    /// Its Message-ID. With or without angle brackets.
    pub message_id: Option<String>,
    /// The Message-IDs that it says it answers.
    pub in_reply_to: Vec<String>,
    /// The Message-IDs of the thread before it, oldest first.
    pub references: Vec<String>,
    /// Who says to have written it.
    pub from: Option<Address>,
    /// To, Cc, Delivered-To and X-Original-To.
    pub recipients: Vec<Address>,
    /// Its subject. Never decides where it belongs.
    pub subject: String,
    /// When it was written, as its sender says.
    pub sent_at: Option<Timestamp>,
    /// The whole text, plain.
    pub text: String,
    /// The text with quotes and signature folded away.
    pub reply: String,
    /// The HTML, made harmless.
    pub html: Option<String>,
    /// What came with it.
    pub parts: Vec<Part>,
    /// What came with it and was not taken in.
    pub refused: Vec<RefusedPart>,
    /// Who or what wrote it.
    pub kind: IncomingKind,
    /// The letter as it came.
    pub raw: Vec<u8>,
}

impl fmt::Debug for Incoming {
    /// Without anything personal, so that it does not end up in a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Incoming")
            .field("mailbox", &self.mailbox)
            .field("uid", &self.uid)
            .field("bytes", &self.raw.len())
            .finish_non_exhaustive()
    }
}

/// An address in a letter's head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// The name beside it.
    pub name: Option<String>,
    /// The address.
    pub email: String,
}

/// A file that came with a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What it is called.
    pub name: String,
    /// Its media type, as found by its content.
    pub media_type: String,
    /// By what the HTML refers to it.
    pub content_id: Option<String>,
    /// Whether it is shown in the text rather than beside it.
    pub inline: bool,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// A file that was not taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedPart {
    /// What it is called.
    pub name: String,
    /// Why.
    pub reason: String,
}

/// Who or what wrote a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IncomingKind {
    /// A person, as far as can be told.
    Person,
    /// A machine that answers for a person: out of office, received.
    AutoReply,
    /// Something we sent that came back, or two machines answering each other.
    Loop,
    /// A report that a letter did not arrive.
    Bounce {
        /// The Message-ID of the letter it is about.
        original_message_id: Option<String>,
        /// To whom it did not arrive.
        recipient: Option<String>,
        /// Whether it never will. Otherwise it is only late.
        permanent: bool,
        /// The status code, such as `5.1.1`.
        status: Option<String>,
    },
}
