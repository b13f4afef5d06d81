//! A letter's head.

use crate::plain::one_line;
use crate::structure::Head as Fields;
use crate::{Address, Limits};
use vocabulary::Timestamp;

/// What is read of a head.
pub(crate) struct Head {
    pub message_id: Option<String>,
    pub in_reply_to: Vec<String>,
    pub references: Vec<String>,
    pub from: Option<Address>,
    pub recipients: Vec<Address>,
    pub subject: String,
    pub sent_at: Option<Timestamp>,
}

/// The longest subject that is kept, in characters.
const SUBJECT_CHARS_MAX: usize = 500;
/// The longest name beside an address, in characters.
const NAME_CHARS_MAX: usize = 200;
/// The longest address (RFC 5321, section 4.5.3.1, and the erratum to RFC 3696).
const ADDRESS_BYTES_MAX: usize = 320;
/// The longest Message-ID that is compared (RFC 5322 holds a line to 998).
const MESSAGE_ID_BYTES_MAX: usize = 998;

/// Where the address may stand that a letter was delivered to, beside To and Cc.
const DELIVERED_TO: [&str; 8] = [
    "Delivered-To",
    "X-Original-To",
    "Envelope-To",
    "X-Envelope-To",
    "X-Delivered-To",
    "X-RCPT-To",
    "X-MS-Exchange-Organization-OriginalEnvelopeRecipients",
    "Apparently-To",
];

/// Reads a head.
pub(crate) fn read(fields: &Fields, limits: &Limits) -> Head {
    let values = fields.values();
    let writers = ["From", "Sender", "Reply-To", "Return-Path"];
    let from = writers.iter().find_map(|name| addresses(fields, name).into_iter().next());
    let date = values.date().filter(|date| date.is_valid());
    Head {
        message_id: ids(fields, "Message-ID", 1).into_iter().next(),
        in_reply_to: ids(fields, "In-Reply-To", limits.references_max),
        references: ids(fields, "References", limits.references_max),
        from,
        recipients: recipients(fields, limits.recipients_max),
        subject: one_line(values.subject().unwrap_or_default(), SUBJECT_CHARS_MAX),
        sent_at: date.and_then(|date| sane(date.to_timestamp())),
    }
}

/// A time somebody may have written a letter at. A clock that was never set says 1970 or 2036.
fn sane(second: i64) -> Option<Timestamp> {
    const YEAR_1990: i64 = 631_152_000;
    const YEAR_2100: i64 = 4_102_444_800;
    (YEAR_1990..YEAR_2100).contains(&second).then(|| Timestamp::from_second(second).ok()).flatten()
}

fn recipients(fields: &Fields, max: usize) -> Vec<Address> {
    let mut all: Vec<Address> = Vec::new();
    // What it was delivered to comes first: however long To is, that one is not lost.
    for name in DELIVERED_TO.iter().chain(&["To", "Cc"]) {
        for address in addresses(fields, name) {
            if all.len() >= max {
                return all;
            }
            if !all.iter().any(|known| known.email.eq_ignore_ascii_case(&address.email)) {
                all.push(address);
            }
        }
    }
    all
}

/// The addresses of all fields of that name.
pub(crate) fn addresses(fields: &Fields, name: &str) -> Vec<Address> {
    const FIELDS_MAX: usize = 20;
    const MAX: usize = 500;
    let mut all = Vec::new();
    for value in fields.all(name).take(FIELDS_MAX) {
        // Whatever the field is called, it is read as one of addresses.
        let as_recipients = Fields::read(format!("To: {value}\r\n\r\n").as_bytes());
        if let Some(list) = as_recipients.values().to() {
            let read = list.iter().filter_map(|one| {
                // An address alone in quotes is read as a name.
                address(one.name(), one.address().unwrap_or_default())
                    .or_else(|| address(None, one.name().unwrap_or_default()))
            });
            all.extend(read.take(MAX));
        }
    }
    all
}

/// An address that can be one; its domain in small letters, for that is all the same to everybody.
pub(crate) fn address(name: Option<&str>, email: &str) -> Option<Address> {
    let email = email.trim().trim_matches(['<', '>', '\'', '"']);
    let (local, domain) = email.rsplit_once('@')?;
    let strange =
        |c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | ',' | ';' | '\u{FFFD}');
    if local.is_empty() || domain.is_empty() || email.len() > ADDRESS_BYTES_MAX || email.contains(strange) {
        return None;
    }
    let name = name.map(|name| one_line(name, NAME_CHARS_MAX));
    let name = name.map(|name| name.trim_matches(['"', '\'']).trim().to_owned());
    let email = format!("{local}@{}", domain.to_lowercase());
    Some(Address { name: name.filter(|name| !name.is_empty() && *name != email), email })
}

/// The Message-IDs of a field: the first and the newest of at most `max`.
fn ids(fields: &Fields, name: &str, max: usize) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for value in fields.all(name).take(4) {
        for id in ids_in(value) {
            if all.last() != Some(&id) {
                all.push(id);
            }
        }
    }
    if all.len() > max {
        let newest = all.len() - max.saturating_sub(1);
        all.drain(1..newest.max(1));
        all.truncate(max);
    }
    all
}

/// What stands between angle brackets; where none do, each word that has an `@`. Some programs fold within an id.
pub(crate) fn ids_in(text: &str) -> Vec<String> {
    let plain = |id: &str| -> Option<String> {
        let id: String = id.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
        (!id.is_empty() && id.len() <= MESSAGE_ID_BYTES_MAX && !id.contains(['<', '>'])).then_some(id)
    };
    if text.contains('<') {
        text.split('<')
            .skip(1)
            .filter_map(|rest| plain(rest.split_once('>').map_or(rest, |(id, _)| id)))
            .collect()
    } else {
        text.split_whitespace().filter(|word| word.contains('@')).filter_map(plain).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Limits, Own, read as read_letter};

    #[test]
    fn a_swedish_head_is_read_whatever_wrote_it() {
        let raw = b"From: =?iso-8859-1?Q?=C5sa_=D6berg?= <Asa.Oberg@VIKHAMN.example>\r\n\
            To: \"Kontaktcenter, Vikhamn\" <kc@vikhamn.example>, undisclosed-recipients:;\r\n\
            Cc: =?UTF-8?B?w4VzYQ==?= <asa@example.se>\r\n\
            Delivered-To: svar+abc@vikhamn.example\r\n\
            Message-ID: <a.b@c.example>\r\n\
            In-Reply-To: <x@y> (Annas brev)\r\n\
            References: <1@y>\r\n <2@y>\t<3@y>\r\n\
            Date: Tue, 3 Nov 2026 10:12:00 +0100\r\n\
            Subject: =?utf-8?Q?Vatten_p=C3=A5?= =?utf-8?Q?_g=C3=A5rden?=\r\n\r\nHej";
        let letter = read_letter(raw, &Limits::default(), &Own::default());
        let from = letter.from.unwrap();
        assert_eq!(
            (from.name.as_deref(), from.email.as_str()),
            (Some("Åsa Öberg"), "Asa.Oberg@vikhamn.example")
        );
        let to: Vec<_> = letter.recipients.iter().map(|a| a.email.as_str()).collect();
        assert_eq!(to, ["svar+abc@vikhamn.example", "kc@vikhamn.example", "asa@example.se"]);
        assert_eq!(letter.message_id.as_deref(), Some("a.b@c.example"));
        assert_eq!(letter.in_reply_to, ["x@y"]);
        assert_eq!(letter.references, ["1@y", "2@y", "3@y"]);
        assert_eq!(letter.subject, "Vatten på gården");
        assert_eq!(letter.sent_at.unwrap().to_string(), "2026-11-03T09:12:00Z");
    }

    #[test]
    fn a_broken_head_gives_what_there_is() {
        let raw =
            b"From: \"anna@example.se\"\nSubject: hej\nhopp\nDate: ig\xE5r\nMessage-ID: utan@hakar\n\nText";
        let letter = read_letter(raw, &Limits::default(), &Own::default());
        assert_eq!(letter.message_id.as_deref(), Some("utan@hakar"));
        assert_eq!((letter.sent_at, letter.subject.as_str()), (None, "hej"));
        assert_eq!(letter.from.map(|from| from.email).as_deref(), Some("anna@example.se"));
    }

    #[test]
    fn a_thread_of_a_thousand_is_held_to_its_ends() {
        let many: String = (0..1_000).map(|n| format!("<{n}@y>\r\n ")).collect();
        let raw = format!("References: {many}\r\n\r\nHej");
        let letter = read_letter(raw.as_bytes(), &Limits::default(), &Own::default());
        assert_eq!(letter.references.len(), Limits::default().references_max);
        assert_eq!(letter.references[0], "0@y");
        assert_eq!(letter.references.last().unwrap(), "999@y");
    }

    #[test]
    fn what_is_no_address_is_none() {
        for bad in ["", "@", "a@", "@b", "a b@c", "a@b\u{FFFD}"] {
            assert_eq!(address(None, bad), None, "{bad}");
        }
        assert_eq!(
            address(Some("  \"Anna\r\nEk\" "), "A@B.SE").unwrap(),
            Address { name: Some("Anna Ek".to_owned()), email: "A@b.se".to_owned() }
        );
    }
}
