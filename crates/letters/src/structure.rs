//! What a letter is made of: heads and bodies, parts within parts.
//!
//! Split by hand, within limits and without recursion into what its sender chose; the values of the heads are read by
//! `mail-parser`, which has seen more of them than anybody.

use crate::charset::{decode, in_utf8};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mail_parser::{ContentType, HeaderName, HeaderValue, Message, MessageParser, MessagePart};
use memchr::memmem;
use std::borrow::Cow;
use std::sync::LazyLock;

static PARSER: LazyLock<MessageParser> = LazyLock::new(MessageParser::default);

/// Bytes of a head that are read; the rest of a longer one is passed over.
const HEAD_BYTES_MAX: usize = 128 << 10;
/// Fields of a head that are read.
const FIELDS_MAX: usize = 1_000;

/// The head of a letter or of a part of it.
pub(crate) struct Head {
    /// Names in small letters, and values on one line, in the letter's order.
    fields: Vec<(String, String)>,
    values: Message<'static>,
}

impl Head {
    pub fn read(block: &[u8]) -> Self {
        let block = &block[..block.len().min(HEAD_BYTES_MAX)];
        let text = plain_words(&in_utf8(block));
        let fields = fields_of(&text);
        // Only what is a field is handed on: no line before the first, none that is too many.
        let mut clean = String::with_capacity(text.len());
        for (name, value) in &fields {
            clean.push_str(name);
            clean.push_str(": ");
            clean.push_str(value.trim());
            clean.push_str("\r\n");
        }
        clean.push_str("\r\n");
        let mut values = PARSER.parse_headers(clean.as_bytes()).map(Message::into_owned).unwrap_or_default();
        // A head without fields has no part to look them up in.
        if values.parts.is_empty() {
            values.parts.push(MessagePart::default());
        }
        Self { fields, values }
    }

    /// The values of all fields of that name, on one line each, encoded words and comments as they are.
    pub fn all<'h>(&'h self, name: &str) -> impl Iterator<Item = &'h str> + use<'h> {
        let name = name.to_ascii_lowercase();
        self.fields.iter().filter(move |(known, _)| *known == name).map(|(_, value)| value.trim())
    }

    pub fn has(&self, name: &str) -> bool {
        self.all(name).next().is_some()
    }

    /// The values as `mail-parser` reads them.
    pub const fn values(&self) -> &Message<'static> {
        &self.values
    }

    fn content_type(&self) -> Option<&ContentType<'static>> {
        match self.values.header(HeaderName::ContentType) {
            Some(HeaderValue::ContentType(said)) => Some(said),
            _ => None,
        }
    }

    fn content_disposition(&self) -> Option<&ContentType<'static>> {
        match self.values.header(HeaderName::ContentDisposition) {
            Some(HeaderValue::ContentType(said)) => Some(said),
            _ => None,
        }
    }

    /// A parameter of Content-Type.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.content_type().and_then(|said| said.attribute(name))
    }

    pub fn content_id(&self) -> Option<&str> {
        self.all("content-id").next()
    }

    /// The name of a file: of its disposition, or else of its type.
    pub fn file_name(&self) -> Option<&str> {
        let disposed = self.content_disposition().and_then(|said| said.attribute("filename"));
        disposed.or_else(|| self.parameter("name")).filter(|name| !name.trim().is_empty())
    }

    pub fn is_attachment(&self) -> bool {
        self.content_disposition().is_some_and(ContentType::is_attachment)
    }

    pub fn is_inline(&self) -> bool {
        self.content_disposition().is_some_and(ContentType::is_inline)
    }
}

/// The fields of a head, unfolded. A line that is neither a field nor a continuation is passed over.
fn fields_of(text: &str) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = Vec::new();
    // What continues a line that was passed over is passed over with it.
    let mut open = false;
    for line in text.lines() {
        if line.starts_with([' ', '\t']) {
            if let (true, Some((_, value))) = (open, fields.last_mut()) {
                value.push(' ');
                value.push_str(line.trim());
            }
            continue;
        }
        if fields.len() >= FIELDS_MAX {
            break;
        }
        let named = line.split_once(':').map(|(name, value)| (name.trim_end(), value));
        open = false;
        if let Some((name, value)) = named
            && !name.is_empty()
            && name.len() <= 100
            && name.bytes().all(|byte| byte.is_ascii_graphic())
        {
            fields.push((name.to_ascii_lowercase(), value.trim().replace('\0', "")));
            open = true;
        }
    }
    fields
}

/// A head whose encoded words (RFC 2047) are all UTF-8 in base64: decoded by us, who mistrust labels, and with characters
/// that were cut in two between words made whole.
fn plain_words(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("=?") {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let Some((first, after)) = word(rest) else {
            out.push_str("=?");
            rest = &rest[2..];
            continue;
        };
        rest = after;
        let mut decoded = String::new();
        let mut open = first;
        // Blanks between encoded words belong to neither.
        while let Some((next, after)) = word(rest.trim_start_matches([' ', '\t', '\r', '\n'])) {
            if next.label.eq_ignore_ascii_case(open.label) {
                open.bytes.extend(next.bytes);
            } else {
                decoded.push_str(&decode(&open.bytes, Some(open.label)));
                open = next;
            }
            rest = after;
        }
        decoded.push_str(&decode(&open.bytes, Some(open.label)));
        let decoded: String = decoded.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        out.push_str("=?utf-8?B?");
        out.push_str(&STANDARD.encode(decoded));
        out.push_str("?=");
    }
    out.push_str(rest);
    out
}

struct Word<'t> {
    label: &'t str,
    bytes: Vec<u8>,
}

/// The encoded word that `text` begins with, and what follows it.
fn word(text: &str) -> Option<(Word<'_>, &str)> {
    let inside = text.strip_prefix("=?")?;
    let (label, inside) = inside.split_once('?')?;
    let (encoding, inside) = inside.split_once('?')?;
    // Some programs leave question marks in quoted-printable words; "?=" ends a word, unless it is the "=" of its text.
    let (content, rest) = inside.split_once("?=")?;
    if label.is_empty() || label.len() > 40 || content.contains('\n') || label.contains([' ', '=', '"']) {
        return None;
    }
    let bytes = match encoding {
        "q" | "Q" => quoted(&content.replace('_', " ").into_bytes(), false),
        "b" | "B" => base64(content.as_bytes()),
        _ => return None,
    };
    let label = label.split_once('*').map_or(label, |(label, _)| label);
    Some((Word { label, bytes }, rest))
}

/// What a part is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sort {
    /// `multipart/*`, with parts in it.
    Multipart,
    /// A letter within the letter.
    Message,
    /// `text/html`.
    Html,
    /// `text/plain`, or what says nothing.
    Plain,
    /// Anything else.
    File,
}

/// One part of a letter.
pub(crate) struct Node<'r> {
    pub head: Head,
    /// In small letters: `text/plain`.
    pub media_type: String,
    pub sort: Sort,
    /// As it came, still encoded.
    pub body: &'r [u8],
    /// The places of the parts within it.
    pub children: Vec<usize>,
}

/// All parts of a letter; the first is the letter itself.
pub(crate) struct Tree<'r> {
    pub nodes: Vec<Node<'r>>,
    /// Whether there were more parts, or deeper ones, than are read.
    pub cut: bool,
}

impl<'r> Tree<'r> {
    /// Splits a letter.
    pub fn read(raw: &'r [u8], depth_max: usize, parts_max: usize) -> Self {
        let mut tree = Self { nodes: Vec::new(), cut: false };
        // Depth is bounded by the limit, not by the sender.
        tree.add(raw, "text/plain", depth_max, parts_max.max(1));
        tree
    }

    pub fn root(&self) -> &Node<'r> {
        &self.nodes[0]
    }

    fn add(&mut self, raw: &'r [u8], default: &str, depth_left: usize, parts_max: usize) -> usize {
        let (block, body) = raw.split_at(head_end(raw));
        let head = Head::read(block);
        let media_type = media_type_of(&head).unwrap_or_else(|| default.to_owned());
        let mut sort = match media_type.as_str() {
            "text/plain" => Sort::Plain,
            "text/html" | "application/xhtml+xml" => Sort::Html,
            "message/rfc822" | "message/global" => Sort::Message,
            other if other.starts_with("multipart/") => Sort::Multipart,
            _ => Sort::File,
        };
        let place = self.nodes.len();
        let mut pieces = Vec::new();
        if sort == Sort::Multipart {
            let boundary =
                head.parameter("boundary").map(|b| b.trim_end().to_owned()).filter(|b| !b.is_empty());
            match boundary {
                Some(boundary) if depth_left > 0 => pieces = split(body, &boundary, parts_max),
                Some(_) => self.cut = true,
                None => {}
            }
            // A multipart without parts is read as text: what is there is shown.
            if pieces.is_empty() {
                sort = Sort::Plain;
            }
        }
        let digest = media_type == "multipart/digest";
        self.nodes.push(Node { head, media_type, sort, body, children: Vec::new() });
        for piece in pieces {
            if self.nodes.len() >= parts_max {
                self.cut = true;
                break;
            }
            let default = if digest { "message/rfc822" } else { "text/plain" };
            let child = self.add(piece, default, depth_left - 1, parts_max);
            self.nodes[place].children.push(child);
        }
        place
    }
}

impl Node<'_> {
    /// The body as it was before it was encoded for the wire.
    pub fn content(&self) -> Cow<'_, [u8]> {
        let encoding =
            self.head.all("content-transfer-encoding").last().unwrap_or_default().to_ascii_lowercase();
        match encoding.split([';', ' ', '(']).next().unwrap_or_default().trim_matches('"') {
            "base64" if is_base64(self.body) => Cow::Owned(base64(self.body)),
            "quoted-printable" => Cow::Owned(quoted(self.body, true)),
            _ => Cow::Borrowed(self.body),
        }
    }
}

fn media_type_of(head: &Head) -> Option<String> {
    let said = head.content_type()?;
    let sane = |word: &str| {
        !word.is_empty()
            && word.len() <= 100
            && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-+._".contains(&byte))
    };
    let subtype =
        said.subtype().unwrap_or(if said.ctype().eq_ignore_ascii_case("text") { "plain" } else { "" });
    (sane(said.ctype()) && sane(subtype)).then(|| format!("{}/{subtype}", said.ctype()).to_ascii_lowercase())
}

/// Where the head ends: after the first empty line; at once, if the first line is no field. All of it is head if there is
/// no empty line.
pub(crate) fn head_end(raw: &[u8]) -> usize {
    let first = raw.iter().position(|byte| *byte == b'\n').map_or(raw, |end| &raw[..end]);
    let first = first.strip_suffix(b"\r").unwrap_or(first);
    if first.is_empty() {
        return raw.len().min(first.len() + if raw.starts_with(b"\r") { 2 } else { 1 });
    }
    let envelope = first.starts_with(b"From ") || first.starts_with(b">From ");
    if !envelope && !first.contains(&b':') {
        return 0;
    }
    let unix = memmem::find(raw, b"\n\n").map(|at| at + 2);
    let wire = memmem::find(raw, b"\n\r\n").map(|at| at + 3);
    match (unix, wire) {
        (Some(unix), Some(wire)) => unix.min(wire),
        (one, other) => one.or(other).unwrap_or(raw.len()),
    }
}

/// The pieces between a multipart's delimiters; the last one goes to the end if nothing closes it.
fn split<'r>(body: &'r [u8], boundary: &str, parts_max: usize) -> Vec<&'r [u8]> {
    let delimiter = format!("--{boundary}");
    let delimiter = delimiter.as_bytes();
    let mut pieces = Vec::new();
    let mut begun: Option<usize> = None;
    for at in memmem::find_iter(body, delimiter) {
        if at > 0 && body[at - 1] != b'\n' {
            continue;
        }
        let after = &body[at + delimiter.len()..];
        let closes = after.starts_with(b"--");
        let line = after.iter().position(|byte| *byte == b'\n').map_or(after, |end| &after[..end]);
        let tail = if closes { &line[2..] } else { line };
        // A longer boundary that begins alike is another one.
        if !closes && !tail.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        if let Some(begin) = begun {
            pieces.push(without_last_line_end(&body[begin..at.max(begin)]));
        }
        begun = (!closes).then_some(body.len().min(at + delimiter.len() + line.len() + 1));
        // One more than may be, so that it shows that there were more.
        if closes || pieces.len() > parts_max {
            return pieces;
        }
    }
    if let Some(begin) = begun {
        pieces.push(&body[begin..]);
    }
    pieces
}

/// The line end before a delimiter belongs to the delimiter.
fn without_last_line_end(piece: &[u8]) -> &[u8] {
    let piece = piece.strip_suffix(b"\n").unwrap_or(piece);
    piece.strip_suffix(b"\r").unwrap_or(piece)
}

/// Whether a body that is said to be base64 is: else it is plain text with a wrong label.
fn is_base64(body: &[u8]) -> bool {
    let sample = &body[..body.len().min(4_096)];
    let strange = sample
        .iter()
        .filter(|byte| !(byte.is_ascii_alphanumeric() || b"+/=\r\n \t-_".contains(byte)))
        .count();
    // Words have blanks between them; base64 has line ends after 60 or more.
    let blanks = sample.iter().filter(|byte| **byte == b' ').count();
    strange * 20 <= sample.len() && blanks * 20 <= sample.len()
}

/// Decodes base64 as it comes: line ends anywhere, strange bytes passed over, the padding missing or in the middle.
fn base64(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len() / 4 * 3 + 3);
    let (mut bits, mut held) = (0_u32, 0_u32);
    for byte in body {
        let six = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'=' => {
                // The end of one piece; some programs put several behind one another.
                (bits, held) = (0, 0);
                continue;
            }
            _ => continue,
        };
        bits = (bits << 6) | u32::from(six);
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push(((bits >> held) & 0xFF) as u8);
            bits &= (1 << held) - 1;
        }
    }
    out
}

/// Decodes quoted-printable as it comes: an `=` that begins nothing stands for itself.
fn quoted(body: &[u8], lines: bool) -> Vec<u8> {
    let hex = |byte: Option<&u8>| {
        byte.and_then(|byte| char::from(*byte).to_digit(16)).and_then(|n| u8::try_from(n).ok())
    };
    let mut out = Vec::with_capacity(body.len());
    let mut at = 0;
    while at < body.len() {
        let byte = body[at];
        if byte != b'=' {
            out.push(byte);
            at += 1;
            continue;
        }
        if let (Some(high), Some(low)) = (hex(body.get(at + 1)), hex(body.get(at + 2))) {
            out.push(high << 4 | low);
            at += 3;
            continue;
        }
        // A line end after it, or blanks and a line end, makes it a soft one.
        let blanks =
            body[at + 1..].iter().take(80).take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r')).count();
        let next = at + 1 + blanks;
        if lines && body.get(next).is_none_or(|byte| *byte == b'\n') {
            at = next + 1;
        } else {
            out.push(b'=');
            at += 1;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encoded_words_are_read_whatever_their_label() {
        for (said, meant) in [
            ("=?utf-8?Q?R=C3=A4ka?=", "Räka"),
            ("=?utf-8?Q?R=E4ka?=", "Räka"),
            ("=?us-ascii?Q?R=E4ka?=", "Räka"),
            ("=?utf-8?B?UsM=?=\r\n =?utf-8?B?pGth?=", "Räka"),
            ("=?iso-8859-1*sv?q?R=E4ka?= =?windows-1252?q?_=80?=", "Räka €"),
            ("=?utf-8?Q?R=C3=A4ka_och mera?=", "Räka och mera"),
        ] {
            let head = Head::read(format!("Subject: {said}\r\n\r\n").as_bytes());
            assert_eq!(head.values().subject(), Some(meant), "{said}");
        }
        let head = Head::read(b"Subject: 2 =? 3\r\n\r\n");
        assert_eq!(head.values().subject(), Some("2 =? 3"));
    }

    #[test]
    fn file_names_by_rfc_2231_and_by_custom() {
        for (said, meant) in [
            ("attachment; filename*=iso-8859-1'sv'r%E4kning.pdf", "räkning.pdf"),
            ("attachment; filename*0*=utf-8''r%C3%A4k; filename*1*=ning.pdf", "räkning.pdf"),
            ("attachment; filename=\"=?utf-8?Q?r=C3=A4kning.pdf?=\"", "räkning.pdf"),
            ("attachment; filename=r\u{E4}kning.pdf", "räkning.pdf"),
            ("attachment;\r\n filename=\"en fil.pdf\"", "en fil.pdf"),
        ] {
            let head = Head::read(format!("Content-Disposition: {said}\r\n\r\n").as_bytes());
            assert_eq!(head.file_name(), Some(meant), "{said}");
        }
        let head = Head::read(b"Content-Disposition: attachment; filename=\"r\xE4kning.pdf\"\r\n\r\n");
        assert_eq!(head.file_name(), Some("räkning.pdf"));
    }

    #[test]
    fn parts_are_split_also_where_they_are_not_closed() {
        let raw = b"Content-Type: multipart/mixed; boundary=\"a\"\r\n\r\npreamble\r\n--a\r\n\r\nett\r\n\
            --a \r\nContent-Type: multipart/alternative; boundary=ab\r\n\r\n--ab\r\n\r\ntv\xE5\r\n--ab--\r\n--a\r\n\r\ntre";
        let tree = Tree::read(raw, 20, 100);
        let texts: Vec<&[u8]> =
            tree.nodes.iter().filter(|node| node.sort == Sort::Plain).map(|node| node.body).collect();
        assert_eq!(texts, [&b"ett"[..], b"tv\xE5", b"tre"]);
        assert_eq!(tree.root().children.len(), 3);
        assert!(!tree.cut);
    }

    #[test]
    fn bombs_are_cut() {
        let deep: String = (0..5_000)
            .map(|n| format!("Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n"))
            .collect();
        let tree = Tree::read(deep.as_bytes(), 20, 400);
        assert!(tree.cut && tree.nodes.len() <= 21, "{}", tree.nodes.len());
        let mut wide = "Content-Type: multipart/mixed; boundary=b\r\n\r\n".to_owned();
        wide.push_str(&"--b\r\n\r\nx\r\n".repeat(50_000));
        let tree = Tree::read(wide.as_bytes(), 20, 400);
        assert!(tree.cut && tree.nodes.len() == 400, "{}", tree.nodes.len());
    }

    #[test]
    fn encodings_that_are_broken_give_what_they_can() {
        assert_eq!(base64(b"SGVq\r\nIHDDpQ"), "Hej på".as_bytes());
        assert_eq!(base64(b"SGVq!!!IA==SGVq"), b"Hej Hej");
        assert!(!is_base64(b"Hej, det h\xE4r \xE4r ingen base64 alls, utan text."));
        assert_eq!(quoted(b"p=C3=A5 =\r\nen=3D=zz 50 = 60=", true), "på en==zz 50 = 60".as_bytes());
        let wrong = b"Content-Transfer-Encoding: base64\r\n\r\nHej, det ar vanlig text.";
        assert_eq!(*Tree::read(wrong, 20, 9).root().content(), b"Hej, det ar vanlig text."[..]);
    }
}
