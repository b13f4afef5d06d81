//! SIP messages as they pass over a WebSocket (RFC 7118): one text frame, one message. Read through the same gate as
//! datagrams, written plainly.

use crate::protocol::gate::{self, Verdict};
use rsipstack::sip::{HeadersExt as _, Method, SipMessage, parser::parse_message};
use std::fmt::Write as _;

/// The most `Via` lines echoed.
const VIAS_MAX: usize = 8;
/// The longest header value used, in bytes.
const VALUE_LEN_MAX: usize = 1024;

/// A text frame that is no message we understand, with the answer it gets, if it gets one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NotSip {
    pub answer: Option<String>,
}

/// What both requests and responses carry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Common {
    pub vias: Vec<String>,
    pub from: String,
    pub to: String,
    pub call_id: String,
    pub cseq: u32,
    pub method: Method,
    pub contact: Option<String>,
    pub expires: Option<String>,
    pub reason: Option<String>,
    pub body: Vec<u8>,
}

impl Common {
    /// The `tag` of the `To` header.
    pub fn to_tag(&self) -> Option<&str> {
        parameter(&self.to, "tag")
    }
}

/// A message from the browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Message {
    Request(Common),
    Response(u16, Common),
}

/// A parameter of a header value, after the closing `>` if there is one.
pub(super) fn parameter<'a>(value: &'a str, name: &str) -> Option<&'a str> {
    let after = value.rsplit_once('>').map_or(value, |(_, rest)| rest);
    after.split(';').skip(1).find_map(|part| {
        let (key, word) = part.split_once('=').unwrap_or((part, ""));
        key.trim().eq_ignore_ascii_case(name).then(|| word.trim())
    })
}

/// The address between `<` and `>`, or the value up to its parameters.
pub(super) fn address(value: &str) -> &str {
    match value.split_once('<') {
        Some((_, rest)) => rest.split('>').next().unwrap_or(rest),
        None => value.split(';').next().unwrap_or(value).trim(),
    }
}

/// The user part of a `sip:` address.
pub(super) fn user(address: &str) -> Option<&str> {
    address.strip_prefix("sip:")?.split_once('@').map(|(user, _)| user)
}

/// Reads a text frame.
///
/// # Errors
/// [`NotSip`] for whatever the gate refuses, and for what has no CSeq or Via that can be read.
pub(super) fn read(text: &str) -> Result<Message, NotSip> {
    let completed;
    let bytes = match gate::inspect(text.as_bytes()) {
        Verdict::Pass => text.as_bytes(),
        // RFC 7118, 5.3: a frame may leave out Content-Length, since it ends the message itself.
        Verdict::PassAs(bytes) => {
            completed = bytes;
            completed.as_slice()
        }
        Verdict::Answer(_, answer) => return Err(NotSip { answer: String::from_utf8(answer).ok() }),
        Verdict::KeepAlive | Verdict::Drop(_) => return Err(NotSip { answer: None }),
    };
    let message = parse_message(bytes).map_err(|_| NotSip { answer: None })?;
    let common = common(&message).ok_or(NotSip { answer: None })?;
    match message {
        SipMessage::Request(request) if request.method == common.method => Ok(Message::Request(common)),
        SipMessage::Request(_) => Err(NotSip { answer: None }),
        SipMessage::Response(response) => Ok(Message::Response(response.status_code.code(), common)),
    }
}

fn common(message: &SipMessage) -> Option<Common> {
    let value = |name: &str| message.header_value(name).filter(|v| !v.is_empty() && v.len() <= VALUE_LEN_MAX);
    let either = |long: &str, short: &str| value(long).or_else(|| value(short));
    let (cseq, method) =
        value("CSeq")?.split_once(' ').map(|(n, m)| (n.trim().to_owned(), m.trim().to_owned()))?;
    let vias: Vec<String> = rsipstack::sip::HasHeaders::headers(message)
        .iter()
        .filter(|h| h.name().eq_ignore_ascii_case("via") || h.name().eq_ignore_ascii_case("v"))
        .map(|h| h.value().to_owned())
        .collect();
    if vias.is_empty() || vias.len() > VIAS_MAX {
        return None;
    }
    Some(Common {
        vias,
        from: either("From", "f")?,
        to: either("To", "t")?,
        call_id: either("Call-ID", "i")?,
        cseq: cseq.parse().ok()?,
        method: method.parse().ok()?,
        contact: either("Contact", "m"),
        expires: value("Expires"),
        reason: value("Reason"),
        body: match message {
            SipMessage::Request(request) => request.body.clone(),
            SipMessage::Response(response) => response.body.clone(),
        },
    })
}

/// A response to `request`. `to_tag` is set where the request has none yet; `extra` are whole header lines.
pub(super) fn response(request: &Common, code: u16, reason: &str, to_tag: &str, extra: &[String]) -> String {
    let mut out = format!("SIP/2.0 {code} {reason}\r\n");
    for via in &request.vias {
        line(&mut out, "Via", via);
    }
    line(&mut out, "From", &request.from);
    match request.to_tag() {
        None if code > 100 => line(&mut out, "To", &format!("{};tag={to_tag}", request.to)),
        _ => line(&mut out, "To", &request.to),
    }
    line(&mut out, "Call-ID", &request.call_id);
    line(&mut out, "CSeq", &format!("{} {}", request.cseq, request.method));
    finish(out, extra, None)
}

/// The parts of a request of ours.
pub(super) struct Outgoing<'a> {
    pub method: &'a str,
    pub uri: &'a str,
    pub branch: &'a str,
    pub from: &'a str,
    pub to: &'a str,
    pub call_id: &'a str,
    pub cseq: u32,
}

/// A request of ours. `body` is SDP.
pub(super) fn request(parts: &Outgoing<'_>, extra: &[String], body: Option<&str>) -> String {
    let mut out = format!("{} {} SIP/2.0\r\n", parts.method, parts.uri);
    // The name means nothing: answers come back on the flow.
    line(&mut out, "Via", &format!("SIP/2.0/WS lots.invalid;branch={}", parts.branch));
    line(&mut out, "Max-Forwards", "70");
    line(&mut out, "From", parts.from);
    line(&mut out, "To", parts.to);
    line(&mut out, "Call-ID", parts.call_id);
    line(&mut out, "CSeq", &format!("{} {}", parts.cseq, parts.method));
    finish(out, extra, body)
}

fn line(out: &mut String, name: &str, value: &str) {
    out.push_str(name);
    out.push_str(": ");
    out.push_str(value);
    out.push_str("\r\n");
}

fn finish(mut out: String, extra: &[String], body: Option<&str>) -> String {
    for header in extra {
        out.push_str(header);
        out.push_str("\r\n");
    }
    if body.is_some() {
        line(&mut out, "Content-Type", "application/sdp");
    }
    let body = body.unwrap_or_default();
    // Writing to a String cannot fail.
    write!(out, "Content-Length: {}\r\n\r\n{body}", body.len()).ok();
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const REGISTER: &str = "REGISTER sip:telephone.invalid SIP/2.0\r\n\
        Via: SIP/2.0/WS df7jal23ls0d.invalid;branch=z9hG4bK1\r\n\
        Max-Forwards: 69\r\n\
        To: <sip:u1@telephone.invalid>\r\n\
        From: <sip:u1@telephone.invalid>;tag=abc\r\n\
        Call-ID: c1\r\n\
        CSeq: 7 REGISTER\r\n\
        Contact: <sip:x@df7jal23ls0d.invalid;transport=ws>;expires=120\r\n\
        Expires: 120\r\n\
        Content-Length: 0\r\n\r\n";

    #[test]
    fn what_a_browser_sends_is_read() {
        let Ok(Message::Request(common)) = read(REGISTER) else { panic!("not read") };
        assert_eq!((common.method, common.cseq, common.call_id.as_str()), (Method::Register, 7, "c1"));
        assert_eq!(user(address(&common.to)), Some("u1"));
        assert_eq!(parameter(common.contact.as_deref().unwrap(), "expires"), Some("120"));
        assert_eq!((common.to_tag(), parameter(&common.from, "tag")), (None, Some("abc")));
    }

    #[test]
    fn answers_echo_what_they_must() {
        let Ok(Message::Request(common)) = read(REGISTER) else { panic!("not read") };
        let text = response(&common, 200, "OK", "t1", &[]);
        let Ok(Message::Response(200, echoed)) = read(&text) else { panic!("not read: {text}") };
        assert_eq!((echoed.vias, echoed.from, echoed.cseq), (common.vias, common.from, 7));
        assert_eq!(parameter(&echoed.to, "tag"), Some("t1"));
    }

    #[test]
    fn half_messages_are_refused() {
        for text in [
            "",
            "\r\n\r\n",
            "REGISTER sip:x SIP/2.0\r\n\r\n",
            &REGISTER.replace("CSeq: 7 REGISTER", "CSeq: 7 INVITE"),
            &REGISTER.replace("CSeq: 7", "CSeq: 99999999999"),
            &REGISTER.replace("Call-ID: c1\r\n", ""),
            &REGISTER.replace("c1", "c\u{0}1"),
            &REGISTER.replace("c1", &"x".repeat(gate::MESSAGE_LEN_MAX)),
        ] {
            assert!(read(text).is_err(), "{text:.80}");
        }
    }

    proptest! {
        #[test]
        fn noise_never_panics(noise in "\\PC{0,200}", at in 0_usize..300, cut in 0_usize..40) {
            read(&noise).ok();
            let mut text = REGISTER.to_owned();
            let at = at.min(text.len());
            let end = (at + cut).min(text.len());
            text.replace_range(at..end, &noise);
            if let Ok(Message::Request(common) | Message::Response(_, common)) = read(&text) {
                read(&response(&common, 200, "OK", "t", &[])).ok();
            }
        }
    }
}
