//! What the gateway says of how a message fared (SMPP 3.4, appendix B).

use crate::delivery::{Receipt, ReceiptState};
use rusmpp::pdus::DeliverSm;
use rusmpp::tlvs::TlvValue;
use rusmpp::values::{MessageState, MessageType};

/// The receipt in a delivered message; none if it is something else, or says that nothing is decided yet.
pub(crate) fn receipt_of(delivered: &DeliverSm) -> Option<Receipt> {
    if delivered.esm_class.message_type != MessageType::ShortMessageContainsMCDeliveryReceipt {
        return None;
    }
    let text = String::from_utf8_lossy(delivered.short_message().as_ref()).into_owned();
    let mut id = field(&text, "id:").map(str::to_owned);
    let mut state = field(&text, "stat:").and_then(state_of_word);
    for tlv in delivered.tlvs() {
        match tlv.value() {
            Some(TlvValue::ReceiptedMessageId(named)) => id = Some(named.as_str().to_owned()),
            Some(TlvValue::MessageState(said)) => state = state_of(*said).or(state),
            _ => {}
        }
    }
    let code =
        field(&text, "err:").unwrap_or("").chars().filter(char::is_ascii_alphanumeric).take(10).collect();
    Some(Receipt { gateway_id: id.filter(|id| !id.is_empty())?, state: state?, code })
}

/// The word after a name in a receipt's text. The text of the message, which comes last, is not looked into.
fn field<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let head = text.find("text:").or(text.find("Text:")).map_or(text, |at| &text[..at]);
    let at = head.find(name)?;
    head[at + name.len()..].split_whitespace().next()
}

fn state_of_word(word: &str) -> Option<ReceiptState> {
    match word.to_ascii_uppercase().as_str() {
        "DELIVRD" => Some(ReceiptState::Delivered),
        "EXPIRED" | "DELETED" | "UNDELIV" | "REJECTD" => Some(ReceiptState::Failed),
        // Accepted, under way, unknown: nothing is decided.
        _ => None,
    }
}

const fn state_of(state: MessageState) -> Option<ReceiptState> {
    match state {
        MessageState::Delivered => Some(ReceiptState::Delivered),
        MessageState::Expired
        | MessageState::Deleted
        | MessageState::Undeliverable
        | MessageState::Rejected => Some(ReceiptState::Failed),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rusmpp::types::OctetString;
    use rusmpp::values::{Ansi41Specific, EsmClass, GsmFeatures, MessagingMode};

    fn delivered(text: &str) -> DeliverSm {
        let class = EsmClass::new(
            MessagingMode::Default,
            MessageType::ShortMessageContainsMCDeliveryReceipt,
            Ansi41Specific::Other(0),
            GsmFeatures::NotSelected,
        );
        let text = &text.as_bytes()[..text.len().min(255)];
        DeliverSm::builder().esm_class(class).short_message(OctetString::from_slice(text).unwrap()).build()
    }

    #[test]
    fn the_usual_text_is_read() {
        let text = "id:0a1b2c sub:001 dlvrd:001 submit date:2611220915 done date:2611220916 stat:DELIVRD err:000 \
                    text:stat:UNDELIV";
        let read = receipt_of(&delivered(text)).unwrap();
        assert_eq!((read.gateway_id.as_str(), read.state), ("0a1b2c", ReceiptState::Delivered));
        for (word, state) in [
            ("UNDELIV", Some(ReceiptState::Failed)),
            ("EXPIRED", Some(ReceiptState::Failed)),
            ("REJECTD", Some(ReceiptState::Failed)),
            ("ACCEPTD", None),
            ("ENROUTE", None),
            ("NONSENS", None),
        ] {
            let read = receipt_of(&delivered(&format!("id:7 stat:{word} err:27")));
            assert_eq!(read.as_ref().map(|r| r.state), state, "{word}");
            assert!(read.is_none_or(|r| r.code == "27"));
        }
        assert_eq!(receipt_of(&delivered("stat:DELIVRD")), None, "of which message?");
        let mut answer = delivered("id:7 stat:DELIVRD");
        answer.esm_class.message_type = MessageType::Default;
        assert_eq!(receipt_of(&answer), None, "a person's message that looks like one");
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_harm(text in "[\\x20-\\x7e]{0,250}") {
            let _ = receipt_of(&delivered(&text));
        }
    }
}
