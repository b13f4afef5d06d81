//! How letters are read: bytes in, a letter out. Pure, bounded, and never without an answer.
//!
//! Whatever comes is read as far as it goes: a letter whose form is broken is still a letter, with what text could be
//! found and the rest kept as it came. Nothing here fails; what was left out is said in [`Letter::refused`].
//!
//! Encodings are believed only as far as the bytes agree with them ([`charset`]), since programs that Swedish is written
//! in have mislabelled it for forty years.

mod automatic;
mod body;
mod bounce;
mod charset;
mod fold;
mod head;
mod html;
mod plain;
mod refuse;
mod structure;

#[cfg(test)]
mod fold_tests;
#[cfg(test)]
mod tests;

pub use charset::decode;
pub use fold::fold;
pub use html::{sanitised, text_of_html};

use vocabulary::Timestamp;

/// What marks a letter as ours, so that it is known if a rule or a machine sends it back. Its value is our domain.
pub const LOOP_HEADER: &str = "X-Loop";

/// How much of a letter is read. What is beyond stays in the letter as it came, and is named among what was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a letter that are looked at.
    pub letter_bytes_max: usize,
    /// How deep parts may lie in parts.
    pub depth_max: usize,
    /// How many parts a letter may have, files and texts together.
    pub parts_max: usize,
    /// How many files are taken in.
    pub files_max: usize,
    /// How large one file may be, in bytes.
    pub file_bytes_max: usize,
    /// How large all files of a letter may be together, in bytes.
    pub files_bytes_max: usize,
    /// Characters of the text.
    pub text_chars_max: usize,
    /// Bytes of HTML that are made harmless; a longer one is read as text only.
    pub html_bytes_max: usize,
    /// Recipients that are read.
    pub recipients_max: usize,
    /// Message-IDs of a thread that are read: the first and the newest.
    pub references_max: usize,
    /// File name endings that are not taken in, beside those that can only do harm.
    pub refused_endings: Vec<String>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            letter_bytes_max: 50 << 20,
            depth_max: 20,
            parts_max: 400,
            files_max: 100,
            file_bytes_max: 20 << 20,
            files_bytes_max: 40 << 20,
            text_chars_max: 200_000,
            html_bytes_max: 512 << 10,
            recipients_max: 100,
            references_max: 60,
            refused_endings: Vec::new(),
        }
    }
}

/// What is ours, to tell what comes back to us.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Own {
    /// Our mailboxes and what we send from, in small letters.
    pub addresses: Vec<String>,
    /// The domain our Message-IDs end in, in small letters.
    pub message_id_domain: String,
}

impl Own {
    /// Whether that address is one of ours.
    #[must_use]
    pub fn has(&self, email: &str) -> bool {
        self.addresses.iter().any(|own| own.eq_ignore_ascii_case(email))
    }

    /// Whether an address of ours has that domain.
    fn has_domain(&self, domain: &str) -> bool {
        let domains = self.addresses.iter().filter_map(|own| own.rsplit_once('@')).map(|(_, domain)| domain);
        domains.chain([self.message_id_domain.as_str()]).any(|own| own.eq_ignore_ascii_case(domain))
    }
}

/// An address in a letter's head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// The name beside it.
    pub name: Option<String>,
    /// The address, its domain in small letters.
    pub email: String,
}

/// A file that came with a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What it is called: one line, no path.
    pub name: String,
    /// Its media type as its sender says, in small letters.
    pub media_type: String,
    /// By what the HTML refers to it, without angle brackets.
    pub content_id: Option<String>,
    /// Whether it is shown in the text rather than beside it.
    pub inline: bool,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// Why something was not taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// A program, a script, a shortcut: opened by mistake it does harm.
    Dangerous,
    /// Larger than a file may be, or than all may be together.
    TooLarge,
    /// More files than a letter may have, or lying too deep.
    TooMany,
    /// The text is longer than a text may be; its beginning is there.
    TextTooLong,
}

impl Refused {
    /// A word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Dangerous => "dangerous",
            Self::TooLarge => "too_large",
            Self::TooMany => "too_many",
            Self::TextTooLong => "text_too_long",
        }
    }
}

/// Something that was not taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedPart {
    /// What it is called; blank for a text.
    pub name: String,
    /// Why.
    pub reason: Refused,
}

/// Who or what wrote a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A person, as far as can be told.
    Person,
    /// A machine: out of office, a receipt, a newsletter.
    AutoReply,
    /// Something of ours that came back.
    Loop,
    /// A report that a letter of ours did not arrive, or not yet.
    Bounce(Bounce),
}

/// A report about a letter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bounce {
    /// The Message-ID of the letter it is about, without angle brackets.
    pub original_message_id: Option<String>,
    /// To whom it did not arrive.
    pub recipient: Option<String>,
    /// Whether it never will.
    pub permanent: bool,
    /// The status (RFC 3463), such as `5.1.1`.
    pub status: Option<String>,
}

/// A letter, read.
#[derive(Clone, PartialEq, Eq)]
pub struct Letter {
    /// Its Message-ID, without angle brackets.
    pub message_id: Option<String>,
    /// The Message-IDs that it says it answers.
    pub in_reply_to: Vec<String>,
    /// The Message-IDs of the thread before it, oldest first.
    pub references: Vec<String>,
    /// Who says to have written it.
    pub from: Option<Address>,
    /// To, Cc, Delivered-To, X-Original-To and their kin.
    pub recipients: Vec<Address>,
    /// Its subject, one line.
    pub subject: String,
    /// When it was written, as its sender says.
    pub sent_at: Option<Timestamp>,
    /// The whole text, plain.
    pub text: String,
    /// The text with quotes and signature folded away; the whole text if nothing would be left.
    pub reply: String,
    /// The HTML, made harmless.
    pub html: Option<String>,
    /// What came with it.
    pub parts: Vec<Part>,
    /// What was not taken in.
    pub refused: Vec<RefusedPart>,
    /// Who or what wrote it.
    pub kind: Kind,
}

impl std::fmt::Debug for Letter {
    /// Without anything personal.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Letter")
            .field("kind", &self.kind)
            .field("parts", &self.parts.len())
            .finish_non_exhaustive()
    }
}

/// Reads a letter.
#[must_use]
pub fn read(raw: &[u8], limits: &Limits, own: &Own) -> Letter {
    let within = &raw[..raw.len().min(limits.letter_bytes_max)];
    let tree = structure::Tree::read(within, limits.depth_max, limits.parts_max);
    let head = head::read(&tree.root().head, limits);
    let body = body::read(&tree, limits);
    let mut letter = Letter {
        message_id: head.message_id,
        in_reply_to: head.in_reply_to,
        references: head.references,
        from: head.from,
        recipients: head.recipients,
        subject: head.subject,
        sent_at: head.sent_at,
        reply: fold(&body.text),
        text: body.text,
        html: body.html,
        parts: body.files,
        refused: body.refused,
        kind: Kind::Person,
    };
    letter.kind = automatic::kind(&tree, &letter, own);
    if raw.len() > within.len() {
        letter.refused.push(RefusedPart { name: String::new(), reason: Refused::TooLarge });
    }
    letter
}
