//! What goes over the wire.

use crate::config::{LongMessages, SmppGateway};
use crate::gsm::{self, Coding, Segmented};
use crate::number;
use crate::texter::Refusal;
use rusmpp::Pdu;
use rusmpp::pdus::{BindTransceiver, BindTransmitter, SubmitSm};
use rusmpp::tlvs::MessageSubmissionRequestTlvValue;
use rusmpp::types::{AnyOctetString, COctetString, EmptyOrFullCOctetString, OctetString};
use rusmpp::values::{
    Ansi41Specific, DataCoding, EsmClass, GsmFeatures, InterfaceVersion, IntermediateNotification,
    MCDeliveryReceipt, MessagePayload, MessageType, MessagingMode, Npi, RegisteredDelivery,
    SmeOriginatedAcknowledgement, Ton,
};

/// How long a message with a code is worth delivering: ten minutes from now (SMPP 3.4, section 7.1.1.2).
const CODE_VALIDITY: &[u8] = b"000000001000000R";

/// One message or part of one.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    /// Counted from 1.
    pub number: usize,
    /// How many there are.
    pub of: usize,
    pub submit: SubmitSm,
}

fn unfit(what: &str) -> Refusal {
    Refusal::permanent("unfit", format!("{what} does not fit a message"))
}

/// A nothing-special message: rusmpp's own default of the ANSI-41 bits says "delivery acknowledgement".
fn esm_class(with_header: bool) -> EsmClass {
    let features = if with_header { GsmFeatures::UdhiIndicator } else { GsmFeatures::NotSelected };
    EsmClass::new(MessagingMode::Default, MessageType::Default, Ansi41Specific::Other(0), features)
}

fn source(sender: &str) -> (Ton, Npi) {
    let number = sender.strip_prefix('+').unwrap_or(sender);
    if !number.bytes().all(|b| b.is_ascii_digit()) {
        (Ton::Alphanumeric, Npi::Unknown)
    } else if sender.starts_with('+') {
        (Ton::International, Npi::Isdn)
    } else {
        // A short code means something in its own network only.
        (Ton::NetworkSpecific, Npi::Unknown)
    }
}

/// The parts of a message. `reference` keeps its parts apart from those of others to the same telephone.
pub(crate) fn submit(
    gateway: &SmppGateway,
    sender: &str,
    to: &str,
    text: &str,
    reference: u8,
    is_code: bool,
) -> Result<Vec<Part>, Refusal> {
    let digits = number::digits(to)
        .ok_or_else(|| Refusal::permanent("not_a_number", "the recipient is not a telephone number"))?;
    let segmented = gsm::segment(&gsm::plain_signs(text))
        .map_err(|fault| Refusal::permanent("not_a_text", fault.to_string()))?;
    let coding = match segmented.coding {
        Coding::Gsm7 => DataCoding::McSpecific,
        Coding::Ucs2 => DataCoding::Ucs2,
    };
    let (ton, npi) = source(sender);
    let receipt = if gateway.receipts {
        MCDeliveryReceipt::McDeliveryReceiptRequestedWhereFinalDeliveryOutcomeIsSuccessOrFailure
    } else {
        MCDeliveryReceipt::NoMcDeliveryReceiptRequested
    };
    let registered = RegisteredDelivery::new(
        receipt,
        SmeOriginatedAcknowledgement::NoReceiptSmeAcknowledgementRequested,
        IntermediateNotification::NoIntermediaryNotificationRequested,
        0,
    );
    let validity = if is_code { CODE_VALIDITY } else { b"" };
    let from = sender.strip_prefix('+').unwrap_or(sender);
    let base = SubmitSm::builder()
        .source_addr_ton(ton)
        .source_addr_npi(npi)
        .source_addr(COctetString::from_slice(&with_nul(from.as_bytes())).map_err(|_| unfit("the sender"))?)
        .dest_addr_ton(Ton::International)
        .dest_addr_npi(Npi::Isdn)
        .destination_addr(
            COctetString::from_slice(&with_nul(digits.as_bytes())).map_err(|_| unfit("the number"))?,
        )
        .validity_period(
            EmptyOrFullCOctetString::from_slice(&with_nul(validity)).map_err(|_| unfit("the validity"))?,
        )
        .registered_delivery(registered)
        .data_coding(coding)
        .build();
    parts(gateway.long_messages, &base, &segmented, reference)
}

fn with_nul(bytes: &[u8]) -> Vec<u8> {
    [bytes, &[0]].concat()
}

fn parts(
    long: LongMessages,
    base: &SubmitSm,
    segmented: &Segmented,
    reference: u8,
) -> Result<Vec<Part>, Refusal> {
    let count = segmented.parts.len();
    if count > 1 && long == LongMessages::Payload {
        let payload = MessagePayload::new(AnyOctetString::from_slice(&segmented.parts.concat()));
        let mut submit = base.clone();
        submit.esm_class = esm_class(false);
        submit.push_tlv(MessageSubmissionRequestTlvValue::MessagePayload(payload));
        return Ok(vec![Part { number: 1, of: 1, submit }]);
    }
    let of = u8::try_from(count).map_err(|_| unfit("the text"))?;
    let made = segmented.parts.iter().zip(1..=of).map(|(content, number)| {
        let header = gsm::concatenation_header(reference, of, number);
        let octets = if count > 1 { [&header[..], content].concat() } else { content.clone() };
        let mut submit = base.clone();
        submit.esm_class = esm_class(count > 1);
        submit.set_short_message(OctetString::from_slice(&octets).map_err(|_| unfit("the text"))?);
        Ok(Part { number: usize::from(number), of: count, submit })
    });
    made.collect()
}

/// What we say first.
pub(crate) fn bind(gateway: &SmppGateway) -> Option<Pdu> {
    let system_id = COctetString::from_slice(&with_nul(gateway.system_id.as_bytes())).ok()?;
    let password = gateway.password.as_ref().map_or("", |password| password.reveal());
    let password = COctetString::from_slice(&with_nul(password.as_bytes())).ok()?;
    let system_type = COctetString::from_slice(&with_nul(gateway.system_type.as_bytes())).ok()?;
    Some(if gateway.receipts {
        BindTransceiver::builder()
            .system_id(system_id)
            .password(password)
            .system_type(system_type)
            .interface_version(InterfaceVersion::Smpp3_4)
            .build()
            .into()
    } else {
        BindTransmitter::builder()
            .system_id(system_id)
            .password(password)
            .system_type(system_type)
            .interface_version(InterfaceVersion::Smpp3_4)
            .build()
            .into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(text: &str, long_messages: LongMessages) -> Vec<Part> {
        let gateway = SmppGateway { long_messages, ..SmppGateway::default() };
        submit(&gateway, "Vikhamn", "+46701234567", text, 0x2a, false).unwrap()
    }

    fn octets(part: &Part) -> Vec<u8> {
        part.submit.short_message().clone().into_vec()
    }

    #[test]
    fn a_short_text_is_one_message_and_says_nothing_special() {
        let parts = made("Hej på dig", LongMessages::Udh);
        assert_eq!(parts.len(), 1);
        assert_eq!(octets(&parts[0]), b"Hej p\x0f dig");
        assert_eq!(u8::from(parts[0].submit.esm_class), 0);
        assert_eq!(u8::from(parts[0].submit.registered_delivery), 1);
        assert_eq!(parts[0].submit.destination_addr.as_str(), "46701234567");
        assert_eq!(parts[0].submit.data_coding, DataCoding::McSpecific);
    }

    #[test]
    fn a_long_text_is_cut_with_headers_or_sent_whole() {
        let text = "å".repeat(200);
        let parts = made(&text, LongMessages::Udh);
        assert_eq!(parts.iter().map(|part| (part.number, part.of)).collect::<Vec<_>>(), [(1, 2), (2, 2)]);
        assert_eq!(octets(&parts[1])[..7], [5, 0, 3, 0x2a, 2, 2, 0x0f]);
        assert_eq!((octets(&parts[0]).len(), octets(&parts[1]).len()), (159, 53));
        assert!(parts.iter().all(|part| u8::from(part.submit.esm_class) == 0x40));
        let whole = made(&text, LongMessages::Payload);
        assert_eq!((whole.len(), octets(&whole[0]).len(), whole[0].submit.tlvs().len()), (1, 0, 1));
        let wide = made(&"я".repeat(71), LongMessages::Udh);
        assert_eq!((wide.len(), octets(&wide[0]).len()), (2, 140));
        assert_eq!(wide[0].submit.data_coding, DataCoding::Ucs2);
    }

    #[test]
    fn senders_are_told_apart() {
        assert_eq!(source("Vikhamn"), (Ton::Alphanumeric, Npi::Unknown));
        assert_eq!(source("+46701234567"), (Ton::International, Npi::Isdn));
        assert_eq!(source("71122"), (Ton::NetworkSpecific, Npi::Unknown));
    }

    #[test]
    fn a_code_is_not_delivered_when_it_is_too_late() {
        let gateway = SmppGateway::default();
        let parts = submit(&gateway, "Vikhamn", "+46701234567", "123456", 1, true).unwrap();
        assert_eq!(parts[0].submit.validity_period.to_string(), "000000001000000R");
        let refused = submit(&gateway, "Vikhamn", "0701234567", "x", 1, false).unwrap_err();
        assert!(refused.permanent && !refused.text.contains("070"));
    }
}
