//! The gate: every SIP datagram passes it before any other code looks inside.
//!
//! It lets through only what is plainly a SIP/2.0 message within our limits, with the headers every message must have,
//! each once. A request that fails is answered if enough of it is legible; anything else is dropped. The parser behind
//! the gate is more forgiving than we want to be towards strangers, and this is the place where that ends.

use std::fmt::Write as _;

/// The largest datagram taken, in octets. Our own messages stay below 1500; a large offer may need some more.
pub const MESSAGE_LEN_MAX: usize = 8_000;
const HEADERS_MAX: usize = 80;
const LINE_LEN_MAX: usize = 2_048;
const URI_LEN_MAX: usize = 512;

/// The methods we serve, as in an `Allow` header.
pub const ALLOW: &str = "INVITE, ACK, CANCEL, BYE, OPTIONS, REGISTER, UPDATE, INFO, REFER, NOTIFY";
/// Methods that are no mistake, but that nobody serves here: the exchange answers them.
const KNOWN_UNSERVED: [&str; 4] = ["PRACK", "SUBSCRIBE", "PUBLISH", "MESSAGE"];

/// What is wrong with a datagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fault {
    /// Beyond [`MESSAGE_LEN_MAX`].
    TooLarge,
    /// No empty line after the headers, or no first line.
    CutOff,
    /// Not UTF-8, or control characters in the head.
    Characters,
    /// The first line is not one.
    StartLine,
    /// A request with a method nobody knows.
    Method,
    /// Not SIP/2.0.
    Version,
    /// The address asked for is too long.
    Uri,
    /// A line that is no header, a header too long, or too many of them.
    Header,
    /// A header that must be there once is missing, doubled or unreadable.
    Mandatory,
    /// The body is shorter than `Content-Length` says.
    ContentLength,
}

impl Fault {
    /// The word in metrics.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::TooLarge => "too_large",
            Self::CutOff => "cut_off",
            Self::Characters => "characters",
            Self::StartLine => "start_line",
            Self::Method => "method",
            Self::Version => "version",
            Self::Uri => "uri",
            Self::Header => "header",
            Self::Mandatory => "mandatory",
            Self::ContentLength => "content_length",
        }
    }

    /// The answer to a request with this fault.
    #[must_use]
    pub const fn answer(self) -> (u16, &'static str) {
        match self {
            Self::TooLarge => (513, "Message Too Large"),
            Self::Method => (405, "Method Not Allowed"),
            Self::Version => (505, "Version Not Supported"),
            Self::Uri => (414, "Request-URI Too Long"),
            Self::CutOff => (400, "Message Cut Off"),
            Self::Characters => (400, "Bad Characters"),
            Self::StartLine => (400, "Bad Request-Line"),
            Self::Header => (400, "Bad Header"),
            Self::Mandatory => (400, "Bad Mandatory Header"),
            Self::ContentLength => (400, "Bad Content-Length"),
        }
    }
}

/// What becomes of a datagram.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// A sound message.
    Pass,
    /// A sound message without `Content-Length`, which is legal on UDP: this is the same with one.
    PassAs(Vec<u8>),
    /// White space that keeps an address translation open.
    KeepAlive,
    /// Nothing that can be answered, or an answer or ACK, which must not be.
    Drop(Fault),
    /// A request that gets this answer.
    Answer(Fault, Vec<u8>),
}

/// Judges a datagram.
#[must_use]
pub fn inspect(datagram: &[u8]) -> Verdict {
    if datagram.iter().all(u8::is_ascii_whitespace) {
        return Verdict::KeepAlive;
    }
    match judge(datagram) {
        Ok(Some(head_len)) => Verdict::PassAs(with_content_length(datagram, head_len)),
        Ok(None) => Verdict::Pass,
        Err(fault) => refusal(datagram, fault.answer())
            .map_or(Verdict::Drop(fault), |bytes| Verdict::Answer(fault, bytes)),
    }
}

/// Headers are told apart by their long, lower-case name.
fn long_name(name: &str) -> String {
    let name = name.to_ascii_lowercase();
    match name.as_str() {
        "v" => "via".to_owned(),
        "f" => "from".to_owned(),
        "t" => "to".to_owned(),
        "i" => "call-id".to_owned(),
        "l" => "content-length".to_owned(),
        "m" => "contact".to_owned(),
        _ => name,
    }
}

fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.!%*_+`'~".contains(&b))
}

/// Name and value of each header, folded lines joined.
fn headers_of(lines: &str) -> Result<Vec<(String, String)>, Fault> {
    let mut headers: Vec<(String, String)> = Vec::new();
    for line in lines.split("\r\n").filter(|line| !line.is_empty()) {
        if line.len() > LINE_LEN_MAX {
            return Err(Fault::Header);
        }
        if line.starts_with([' ', '\t']) {
            let (_, value) = headers.last_mut().ok_or(Fault::Header)?;
            value.push(' ');
            value.push_str(line.trim());
            if value.len() > LINE_LEN_MAX {
                return Err(Fault::Header);
            }
            continue;
        }
        let (name, value) = line.split_once(':').ok_or(Fault::Header)?;
        let name = name.trim_end();
        if !is_token(name) || headers.len() >= HEADERS_MAX {
            return Err(Fault::Header);
        }
        headers.push((long_name(name), value.trim().to_owned()));
    }
    Ok(headers)
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|w| w == needle)
}

/// `Ok(Some(length of the head))` if `Content-Length` is missing and there is a body.
fn judge(datagram: &[u8]) -> Result<Option<usize>, Fault> {
    if datagram.len() > MESSAGE_LEN_MAX {
        return Err(Fault::TooLarge);
    }
    let head_len = find(datagram, b"\r\n\r\n").ok_or(Fault::CutOff)?;
    let (head, body) = (&datagram[..head_len], &datagram[head_len + 4..]);
    let head = std::str::from_utf8(head).map_err(|_| Fault::Characters)?;
    let stray_line_end = head.replace("\r\n", "").contains(['\r', '\n']);
    if stray_line_end || head.chars().any(|c| c.is_control() && !matches!(c, '\t' | '\r' | '\n')) {
        return Err(Fault::Characters);
    }
    let (start, lines) = head.split_once("\r\n").ok_or(Fault::CutOff)?;
    let method = start_line(start)?;
    let headers = headers_of(lines)?;
    mandatory(&headers, method)?;
    content_length(&headers, body).map(|known| (!known && !body.is_empty()).then_some(head_len))
}

/// The method of a request; none for a response.
fn start_line(line: &str) -> Result<Option<&str>, Fault> {
    let mut words = line.splitn(3, ' ');
    let (Some(first), Some(second), third) = (words.next(), words.next(), words.next()) else {
        return Err(Fault::StartLine);
    };
    if first == "SIP/2.0" {
        let is_code = second.len() == 3 && second.parse::<u16>().is_ok_and(|code| (100..700).contains(&code));
        return if is_code { Ok(None) } else { Err(Fault::StartLine) };
    }
    let version = third.ok_or(Fault::StartLine)?;
    if !is_token(first) || second.is_empty() {
        return Err(Fault::StartLine);
    }
    if version != "SIP/2.0" {
        return Err(if version.starts_with("SIP/") { Fault::Version } else { Fault::StartLine });
    }
    if second.len() > URI_LEN_MAX {
        return Err(Fault::Uri);
    }
    let served = ALLOW.split(", ").chain(KNOWN_UNSERVED).any(|m| m == first);
    let has_scheme = ["sip:", "sips:", "tel:"]
        .iter()
        .any(|s| second.get(..s.len()).is_some_and(|p| p.eq_ignore_ascii_case(s)));
    match (served, has_scheme) {
        (false, _) => Err(Fault::Method),
        (true, false) => Err(Fault::StartLine),
        (true, true) => Ok(Some(first)),
    }
}

fn only<'a>(headers: &'a [(String, String)], name: &str) -> Result<&'a str, Fault> {
    let mut found = headers.iter().filter(|(n, _)| n == name);
    match (found.next(), found.next()) {
        (Some((_, value)), None) if !value.is_empty() => Ok(value),
        _ => Err(Fault::Mandatory),
    }
}

/// Whether an address header has a tag outside its angle brackets.
fn has_tag(address: &str) -> bool {
    let parameters = address.rsplit_once('>').map_or(address, |(_, rest)| rest);
    parameters.split(';').skip(1).any(|p| {
        p.split_once('=')
            .is_some_and(|(name, value)| name.trim().eq_ignore_ascii_case("tag") && !value.trim().is_empty())
    })
}

fn mandatory(headers: &[(String, String)], method: Option<&str>) -> Result<(), Fault> {
    let from = only(headers, "from")?;
    only(headers, "to")?;
    let call_id = only(headers, "call-id")?;
    let cseq = only(headers, "cseq")?;
    let (number, cseq_method) = cseq.split_once([' ', '\t']).ok_or(Fault::Mandatory)?;
    let cseq_method = cseq_method.trim();
    let number_is_sound = !number.is_empty()
        && number.bytes().all(|b| b.is_ascii_digit())
        && number.parse::<u32>().is_ok_and(|n| n < 1 << 31);
    let via = headers.iter().find(|(name, _)| name == "via").ok_or(Fault::Mandatory)?;
    let via_is_sound = via.1.split_once([' ', '\t']).is_some_and(|(protocol, rest)| {
        protocol.get(..8).is_some_and(|p| p.eq_ignore_ascii_case("SIP/2.0/")) && !rest.trim().is_empty()
    });
    let max_forwards_is_sound =
        headers.iter().filter(|(n, _)| n == "max-forwards").all(|(_, value)| value.parse::<u8>().is_ok());
    let is_sound = has_tag(from)
        && !call_id.contains([' ', '\t', '<', '>'])
        && call_id.len() <= 256
        && number_is_sound
        && is_token(cseq_method)
        && method.is_none_or(|m| m == cseq_method)
        && via_is_sound
        && max_forwards_is_sound;
    if is_sound { Ok(()) } else { Err(Fault::Mandatory) }
}

/// Whether there is one; a fault if it lies.
fn content_length(headers: &[(String, String)], body: &[u8]) -> Result<bool, Fault> {
    if !headers.iter().any(|(name, _)| name == "content-length") {
        return Ok(false);
    }
    let value = only(headers, "content-length").map_err(|_| Fault::ContentLength)?;
    let is_number = value.bytes().all(|b| b.is_ascii_digit());
    // RFC 3261 section 18.3: octets beyond the announced ones are left aside; missing ones are a fault.
    let fits = value.parse::<usize>().is_ok_and(|len| len <= body.len());
    if is_number && fits { Ok(true) } else { Err(Fault::ContentLength) }
}

fn with_content_length(datagram: &[u8], head_len: usize) -> Vec<u8> {
    let body = &datagram[head_len + 4..];
    let mut out = datagram[..head_len].to_vec();
    out.extend_from_slice(format!("\r\nContent-Length: {}\r\n\r\n", body.len()).as_bytes());
    out.extend_from_slice(body);
    out
}

/// An answer to what may be a request, made from its lines alone, with `status`. None if it is no request, or an ACK, or
/// the headers an answer must repeat are not all legible.
#[must_use]
pub fn refusal(datagram: &[u8], (code, reason): (u16, &str)) -> Option<Vec<u8>> {
    let head_len = find(datagram, b"\r\n\r\n").unwrap_or(datagram.len()).min(MESSAGE_LEN_MAX);
    let text = String::from_utf8_lossy(&datagram[..head_len]);
    let (start, lines) = text.split_once("\r\n")?;
    if start.starts_with("SIP/")
        || start.starts_with("ACK ")
        || !start.ends_with(|c: char| c.is_ascii_digit())
        || !start.contains(" SIP/")
    {
        return None;
    }
    let mut out = format!("SIP/2.0 {code} {reason}\r\n");
    let mut seen = [false; 5];
    let legible = |line: &&str| !line.chars().any(|c| c.is_control() || c == char::REPLACEMENT_CHARACTER);
    for line in
        lines.split("\r\n").filter(legible).filter(|line| line.len() <= LINE_LEN_MAX).take(HEADERS_MAX)
    {
        let Some((name, value)) = line.split_once(':') else { continue };
        let name = long_name(name.trim());
        let Some(at) = ["via", "from", "to", "call-id", "cseq"].iter().position(|n| *n == name) else {
            continue;
        };
        let value = value.trim();
        if value.is_empty() || (seen[at] && name != "via") {
            continue;
        }
        seen[at] = true;
        let tag = if name == "to" && !has_tag(value) { ";tag=gate" } else { "" };
        write!(out, "{name}: {value}{tag}\r\n").ok();
    }
    if seen != [true; 5] {
        return None;
    }
    if code == 405 {
        write!(out, "Allow: {ALLOW}\r\n").ok();
    }
    out.push_str("Content-Length: 0\r\n\r\n");
    Some(out.into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn request(method: &str, more: &str, body: &str) -> String {
        format!(
            "{method} sip:08@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:5070;branch=z9hG4bK1\r\n\
             From: <sip:a@b>;tag=1\r\nTo: <sip:08@127.0.0.1>\r\nCall-ID: c1\r\nCSeq: 1 {method}\r\n{more}\r\n{body}"
        )
    }

    fn status(verdict: &Verdict) -> Option<(Fault, String)> {
        match verdict {
            Verdict::Answer(fault, bytes) => {
                Some((*fault, String::from_utf8_lossy(&bytes[8..11]).into_owned()))
            }
            _ => None,
        }
    }

    #[test]
    fn sound_messages_pass() {
        assert_eq!(inspect(request("INVITE", "Content-Length: 0\r\n", "").as_bytes()), Verdict::Pass);
        assert_eq!(inspect(request("BYE", "l: 3\r\n", "abcd").as_bytes()), Verdict::Pass);
        assert_eq!(inspect(request("BYE", "Subject: a\r\n b\r\n", "").as_bytes()), Verdict::Pass);
        assert_eq!(inspect(b"\r\n\r\n"), Verdict::KeepAlive);
        let response = request("BYE", "", "").replace("BYE sip:08@127.0.0.1 SIP/2.0", "SIP/2.0 200 OK");
        assert_eq!(inspect(response.as_bytes()), Verdict::Pass);
    }

    #[test]
    fn a_missing_length_is_filled_in() {
        let Verdict::PassAs(bytes) = inspect(request("INVITE", "", "v=0").as_bytes()) else {
            panic!("not passed")
        };
        assert!(String::from_utf8(bytes).unwrap().ends_with("\r\nContent-Length: 3\r\n\r\nv=0"));
    }

    #[test]
    fn each_fault_is_answered_with_its_code() {
        let sound = request("INVITE", "", "");
        let cases = [
            (request("FROBNICATE", "", ""), Fault::Method, "405"),
            (sound.replace("SIP/2.0\r\nVia", "SIP/3.0\r\nVia"), Fault::Version, "505"),
            (request("INVITE", "Content-Length: 5\r\n", "abc"), Fault::ContentLength, "400"),
            (request("INVITE", "Content-Length: -1\r\n", ""), Fault::ContentLength, "400"),
            (
                request("INVITE", "Content-Length: 0\r\nContent-Length: 0\r\n", ""),
                Fault::ContentLength,
                "400",
            ),
            (request("INVITE", "no colon here\r\n", ""), Fault::Header, "400"),
            (request("INVITE", &"X-A: b\r\n".repeat(200), ""), Fault::Header, "400"),
            (request("INVITE", &format!("X-A: {}\r\n", "b".repeat(3000)), ""), Fault::Header, "400"),
            (request("INVITE", "X-A: nul\0\r\n", ""), Fault::Characters, "400"),
            (request("INVITE", "From: <sip:x@y>;tag=2\r\n", ""), Fault::Mandatory, "400"),
            (request("INVITE", "Max-Forwards: many\r\n", ""), Fault::Mandatory, "400"),
            (sound.replace("CSeq: 1 INVITE", "CSeq: 1 BYE"), Fault::Mandatory, "400"),
            (sound.replace("CSeq: 1 INVITE", "CSeq: 99999999999 INVITE"), Fault::Mandatory, "400"),
            (sound.replace(";tag=1", ""), Fault::Mandatory, "400"),
            (sound.replace("sip:08@127.0.0.1 SIP", "http://x SIP"), Fault::StartLine, "400"),
            (
                sound.replace("sip:08@127.0.0.1 SIP", &format!("sip:{}@x SIP", "0".repeat(600))),
                Fault::Uri,
                "414",
            ),
            (request("INVITE", "", &"x".repeat(9000)), Fault::TooLarge, "513"),
            (sound.replace("\r\n\r\n", "\r\n"), Fault::CutOff, "400"),
        ];
        for (message, fault, code) in cases {
            assert_eq!(status(&inspect(message.as_bytes())), Some((fault, code.to_owned())), "{message}");
        }
    }

    #[test]
    fn what_must_not_be_answered_is_not() {
        assert_eq!(inspect(request("ACK", "bad\r\n", "").as_bytes()), Verdict::Drop(Fault::Header));
        assert_eq!(inspect(b"\x16\x03\x01 hello \r\n\r\n"), Verdict::Drop(Fault::Characters));
        assert_eq!(inspect(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"), Verdict::Drop(Fault::StartLine));
        let response = request("BYE", "", "").replace("BYE sip:08@127.0.0.1 SIP/2.0", "SIP/2.0 2000 OK");
        assert_eq!(inspect(response.as_bytes()), Verdict::Drop(Fault::StartLine));
    }

    proptest! {
        #[test]
        fn noise_never_panics_and_answers_are_themselves_sound(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
            if let Verdict::Answer(_, answer) = inspect(&bytes) {
                prop_assert!(matches!(inspect(&answer), Verdict::Pass));
            }
        }

        #[test]
        fn mutations_never_panic(at in 0_usize..300, cut in 0_usize..20, noise in proptest::collection::vec(any::<u8>(), 0..40)) {
            let mut message = request("INVITE", "Contact: <sip:a@b>\r\nContent-Length: 3\r\n", "v=0").into_bytes();
            let at = at.min(message.len());
            let end = (at + cut).min(message.len());
            message.splice(at..end, noise);
            let _ = inspect(&message);
        }
    }
}
