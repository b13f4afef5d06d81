//! A message as it goes over the wire (RFC 5322).
//!
//! Written so that a signature (DKIM) made on it holds on the way: the sender's domain is that of the Message-ID, every
//! line is short and in ASCII, and no head is folded where servers fold it anew.

use cases::queries::Message;
use letters::LOOP_HEADER;
use lettre::address::AddressError;
use lettre::message::header::{
    ContentDisposition, ContentTransferEncoding, ContentType, HeaderName, HeaderValue, InReplyTo, References,
};
use lettre::message::{Body, Mailbox, MessageBuilder, MultiPart, SinglePart};
use vocabulary::{GenericUuid as _, MessageId, Timestamp};

/// A message that cannot be put into the form of a letter.
#[derive(Debug, thiserror::Error)]
pub enum LetterError {
    /// The recipient is not an address.
    #[error("the recipient's address is not one: {0}")]
    Recipient(#[from] AddressError),
    /// Something else.
    #[error("the message cannot be written as a letter: {0}")]
    Form(String),
}

/// A file that goes with a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enclosed {
    /// What its recipient sees it called.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// One header line cannot become two: whatever ends a line is a space in it.
fn one_line(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c })
        .collect()
}

/// The Message-ID of a message of ours, without angle brackets: always the same for the same message.
#[must_use]
pub fn message_id(id: MessageId, domain: &str) -> String {
    format!("{}@{domain}", id.into_untyped_uuid())
}

/// The letter for `message`, from `from`, with `files`; `domain` is that of our Message-IDs. Sent again it is the same
/// letter, with the same Message-ID, so that whoever gets it twice can tell.
///
/// # Errors
/// The recipient is not an address, or the text has no form that can be sent.
pub fn letter(
    message: &Message,
    from: &Mailbox,
    domain: &str,
    files: &[Enclosed],
    now: Timestamp,
) -> Result<lettre::Message, LetterError> {
    let to = Mailbox::new(None, message.recipient.trim().parse()?);
    let id = message.message_id.clone().unwrap_or_else(|| message_id(message.id, domain));
    let mut builder = MessageBuilder::new()
        .from(from.clone())
        .to(to)
        .subject(one_line(&message.subject))
        .date(now.into())
        .message_id(Some(format!("<{id}>")))
        .raw_header(HeaderValue::new(name(LOOP_HEADER), domain.to_owned()));
    if message.auto {
        // RFC 3834, and what Microsoft's servers go by: nobody's out-of-office shall answer a machine.
        builder = builder
            .raw_header(HeaderValue::new(name("Auto-Submitted"), "auto-generated".to_owned()))
            .raw_header(HeaderValue::new(name("X-Auto-Response-Suppress"), "OOF, AutoReply".to_owned()));
    }
    if let Some(address) = message.reply_to.as_deref() {
        builder = builder.reply_to(Mailbox::new(from.name.clone(), address.trim().parse()?));
    }
    if let Some(answered) = message.in_reply_to.as_deref().and_then(bracketed) {
        builder = builder.header(InReplyTo::from(answered));
    }
    if let Some(thread) = message.references_list.as_deref().and_then(bracketed) {
        builder = builder.header(References::from(thread));
    }
    whole(builder, message, files)
}

fn name(ascii: &'static str) -> HeaderName {
    HeaderName::new_from_ascii_str(ascii)
}

/// Message-IDs with their angle brackets; what is no Message-ID is left out, so that nobody else's letter writes our head.
fn bracketed(list: &str) -> Option<String> {
    let fits = |id: &&str| {
        id.is_ascii() && id.len() <= 250 && !id.contains(['<', '>']) && !id.contains(|c: char| c.is_control())
    };
    let all: Vec<String> = list.split_whitespace().filter(fits).map(|id| format!("<{id}>")).collect();
    (!all.is_empty()).then(|| all.join(" "))
}

fn whole(
    builder: MessageBuilder,
    message: &Message,
    files: &[Enclosed],
) -> Result<lettre::Message, LetterError> {
    let form = |error: lettre::error::Error| LetterError::Form(error.to_string());
    let text = part(&message.body, ContentType::TEXT_PLAIN)?;
    let html = message.html.as_deref().map(|html| part(html, ContentType::TEXT_HTML)).transpose()?;
    if files.is_empty() {
        return match html {
            None => builder.singlepart(text).map_err(form),
            Some(html) => builder.multipart(alternatives(text, html)).map_err(form),
        };
    }
    let mut mixed = match html {
        None => MultiPart::mixed().singlepart(text),
        Some(html) => MultiPart::mixed().multipart(alternatives(text, html)),
    };
    for file in files {
        mixed = mixed.singlepart(enclosed(file));
    }
    builder.multipart(mixed).map_err(form)
}

fn alternatives(text: SinglePart, html: SinglePart) -> MultiPart {
    MultiPart::alternative().singlepart(text).singlepart(html)
}

fn part(text: &str, kind: ContentType) -> Result<SinglePart, LetterError> {
    let body = Body::new_with_encoding(text.to_owned(), ContentTransferEncoding::QuotedPrintable)
        .map_err(|_| LetterError::Form("it does not fit quoted-printable".to_owned()))?;
    Ok(SinglePart::builder().header(kind).body(body))
}

fn enclosed(file: &Enclosed) -> SinglePart {
    let kind = ContentType::parse(&file.media_type).ok();
    // A letter within a letter may not be encoded as a file is (RFC 2046, section 5.2.1), so it goes as bytes.
    let kind = kind
        .filter(|_| !file.media_type.starts_with("message/") && !file.media_type.starts_with("multipart/"));
    let fallback = || ContentType::parse("application/octet-stream").unwrap_or(ContentType::TEXT_PLAIN);
    SinglePart::builder()
        .header(kind.unwrap_or_else(fallback))
        .header(ContentDisposition::attachment(&one_line(&file.name)))
        .body(file.bytes.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use cases::{MessageChannel, MessageState};
    use vocabulary::MessageId;

    fn written(subject: &str, body: &str) -> String {
        let now: Timestamp = "2026-11-02T09:00:00Z".parse().unwrap();
        let message = Message {
            id: MessageId::from_u128(7),
            channel: MessageChannel::Email,
            recipient: "asa@vikhamn.example".to_owned(),
            subject: subject.to_owned(),
            body: body.to_owned(),
            case_id: None,
            created_at: now,
            sent_at: None,
            state: MessageState::Waiting,
            last_error: None,
            message_id: None,
            in_reply_to: None,
            references_list: None,
            mailbox_id: None,
            html: None,
            auto: true,
            reply_to: None,
        };
        let from: Mailbox = "Kommun på Ön <svara-inte@vikhamn.example>".parse().unwrap();
        let wire = letter(&message, &from, "vikhamn.example", &[], now).unwrap().formatted();
        String::from_utf8(wire).unwrap()
    }

    #[test]
    fn a_letter_on_the_wire_is_ascii_in_short_lines() {
        let link = format!("https://kc.vikhamn.example/o/{}", "x".repeat(43));
        let wire = written(&format!("Ärende {}", "å ".repeat(100)), &format!("Hej,\nÅ ä ö – €\n{link}\n."));
        assert!(wire.is_ascii(), "{wire}");
        for line in wire.split("\r\n") {
            assert!(line.len() <= 78 && !line.contains('\n'), "{line}");
        }
        assert!(wire.contains("\r\nContent-Transfer-Encoding: quoted-printable\r\n"), "{wire}");
        assert!(wire.contains("=C3=85 =C3=A4 =C3=B6 =E2=80=93 =E2=82=AC\r\n"), "{wire}");
    }

    #[test]
    fn what_ends_a_line_is_a_space_in_a_header() {
        let wire = written("Hej\r\nBcc: tjuv@example.net\u{2028}\u{85}x", "Text");
        assert!(!wire.contains("\nBcc"), "{wire}");
        assert_eq!(one_line("a\r\n\tb\u{2028}\u{85}c"), "a   b  c");
    }
}
