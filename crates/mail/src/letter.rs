//! A message as it goes over the wire (RFC 5322).

use cases::queries::Message;
use lettre::address::AddressError;
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Body, Mailbox, MessageBuilder, SinglePart};
use vocabulary::{GenericUuid as _, Timestamp};

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

/// One header line cannot become two: whatever ends a line is a space in it.
fn one_line(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c })
        .collect()
}

/// The letter for `message`. Sent again it is the same letter, with the same Message-ID, so that whoever gets it twice
/// can tell.
///
/// # Errors
/// The recipient is not an address, or the text has no form that can be sent.
pub fn letter(message: &Message, from: &Mailbox, now: Timestamp) -> Result<lettre::Message, LetterError> {
    let to = Mailbox::new(None, message.recipient.parse()?);
    let id = format!("<{}@{}>", message.id.into_untyped_uuid(), from.email.domain());
    // RFC 3834: nobody's out-of-office shall answer a machine.
    let automatic = HeaderName::new_from_ascii_str("Auto-Submitted");
    let body = Body::new_with_encoding(message.body.clone(), ContentTransferEncoding::QuotedPrintable)
        .map_err(|_| LetterError::Form("it does not fit quoted-printable".to_owned()))?;
    MessageBuilder::new()
        .from(from.clone())
        .to(to)
        .subject(one_line(&message.subject))
        .date(now.into())
        .message_id(Some(id))
        .raw_header(HeaderValue::new(automatic, "auto-generated".to_owned()))
        .singlepart(SinglePart::builder().header(ContentType::TEXT_PLAIN).body(body))
        .map_err(|error| LetterError::Form(error.to_string()))
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
        };
        let from: Mailbox = "Kommun på Ön <svara-inte@vikhamn.example>".parse().unwrap();
        let wire = letter(&message, &from, now).unwrap().formatted();
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
