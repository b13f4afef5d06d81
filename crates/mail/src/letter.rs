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
