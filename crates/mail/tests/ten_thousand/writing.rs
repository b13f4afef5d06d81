//! Letters as bytes, in the encodings and forms that programs have sent them in.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use vocabulary::{Chance, SeededChance};

pub fn pick<'a, T>(chance: &SeededChance, from: &'a [T]) -> &'a T {
    &from[usize::try_from(chance.below(from.len() as u64)).unwrap()]
}

const WORDS: &[&str] = &[
    "Det är halt på Ångbåtsgatan.",
    "Kan ni sända någon som sandar gången före åtta?",
    "Vår källare i Örnäs är full av vatten, och det ökar.",
    "Jag har försökt nå er på telefon sedan i går, utan svar.",
    "Tack på förhand!",
    "Grannens häck växer ut över gångbanan.",
    "När får vi besked om förskoleplats åt Åke?",
];

pub fn sentences(chance: &SeededChance) -> String {
    let count = 1 + chance.below(3);
    (0..count).map(|_| *pick(chance, WORDS)).collect::<Vec<_>>().join("\n")
}

fn latin(text: &str) -> Vec<u8> {
    text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect()
}

fn table(text: &str, from: &str, to: &[u8]) -> Vec<u8> {
    let place = |c: char| from.chars().position(|known| known == c);
    text.chars().map(|c| place(c).map_or_else(|| u8::try_from(u32::from(c)).unwrap(), |at| to[at])).collect()
}

const SWEDISH: &str = "åäöÅÄÖé";

pub fn quoted_printable(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut line = 0;
    for byte in bytes {
        if *byte == b'\n' {
            out.extend_from_slice(b"\r\n");
            line = 0;
            continue;
        }
        if line > 70 {
            out.extend_from_slice(b"=\r\n");
            line = 0;
        }
        if (33..=126).contains(byte) && *byte != b'=' || *byte == b' ' {
            out.push(*byte);
            line += 1;
        } else {
            out.extend_from_slice(format!("={byte:02X}").as_bytes());
            line += 3;
        }
    }
    out
}

pub fn base64(bytes: &[u8]) -> Vec<u8> {
    STANDARD.encode(bytes).as_bytes().chunks(76).collect::<Vec<_>>().join(&b"\r\n"[..])
}

fn crlf(bytes: &[u8]) -> Vec<u8> {
    bytes.split(|byte| *byte == b'\n').collect::<Vec<_>>().join(&b"\r\n"[..])
}

/// `text` as one part: its head and its body.
pub fn part(chance: &SeededChance, text: &str) -> Vec<u8> {
    let utf8 = text.as_bytes().to_vec();
    let escaped: String = text
        .chars()
        .map(|c| if c.is_ascii() { c.to_string() } else { format!("&#{};", u32::from(c)) })
        .collect();
    let page = format!("<html><body><p>{}</p></body></html>", escaped.replace('\n', "<br>\n"));
    let utf16: Vec<u8> = text.replace('\n', "\r\n").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let plain = |charset: &str, encoding: &str, body: Vec<u8>| {
        let head = format!(
            "Content-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
        );
        [head.into_bytes(), body].concat()
    };
    match chance.below(19) {
        0 => plain("utf-8", "8bit", crlf(&utf8)),
        1 => plain("\"UTF-8\"", "quoted-printable", quoted_printable(&utf8)),
        2 => plain("utf-8", "BASE64", base64(&utf8)),
        3 => plain("iso-8859-1", "quoted-printable", quoted_printable(&latin(text))),
        4 => plain("ISO-8859-15", "8bit", crlf(&latin(text))),
        5 => plain("windows-1252", "base64", base64(&latin(text))),
        6 => plain("utf-8", "8bit", crlf(&latin(text))),
        7 => plain("iso-8859-1", "quoted-printable", quoted_printable(&utf8)),
        8 => plain("us-ascii", "8bit", crlf(&latin(text))),
        9 => plain(
            "macintosh",
            "8bit",
            crlf(&table(text, SWEDISH, &[0x8C, 0x8A, 0x9A, 0x81, 0x80, 0x85, 0x8E])),
        ),
        10 => {
            plain("ibm850", "8bit", crlf(&table(text, SWEDISH, &[0x86, 0x84, 0x94, 0x8F, 0x8E, 0x99, 0x82])))
        }
        11 => plain("utf-16le", "base64", base64(&utf16)),
        12 => plain("x-okand", "quoted-printable", quoted_printable(&latin(text))),
        13 => [b"\r\n".to_vec(), crlf(&latin(text))].concat(),
        14 => [b"Content-Type: text/html; charset=us-ascii\r\n\r\n".to_vec(), page.into_bytes()].concat(),
        15 => {
            // Wrapped at blanks, as Thunderbird and Apple's program do; not what is quoted, nor above a signature.
            let wrapped = |line: &str| {
                if line.starts_with('>') || line == "-- " {
                    line.to_owned()
                } else {
                    line.replace(' ', " \n")
                }
            };
            let flowed: Vec<String> = text.split('\n').map(wrapped).collect();
            let head = "Content-Type: text/plain; charset=utf-8; format=flowed; delsp=no\r\nContent-Transfer-Encoding: 8bit\r\n\r\n";
            [head.as_bytes().to_vec(), crlf(flowed.join("\n").as_bytes())].concat()
        }
        16 => plain("utf-8", "base64", {
            // A footer that a list server put below the base64.
            [base64(&utf8), b"=\r\n".to_vec()].concat()
        }),
        17 => plain("utf-8", "base64", crlf(&utf8)),
        _ => alternatives(&[
            plain("iso-8859-1", "quoted-printable", quoted_printable(&latin(text))),
            [b"Content-Type: text/html; charset=us-ascii\r\n\r\n".to_vec(), page.into_bytes()].concat(),
        ]),
    }
}

pub fn alternatives(parts: &[Vec<u8>]) -> Vec<u8> {
    multipart("alternative", "=_alt_1", parts)
}

pub fn multipart(kind: &str, boundary: &str, parts: &[Vec<u8>]) -> Vec<u8> {
    let mut out = format!("Content-Type: multipart/{kind}; boundary=\"{boundary}\"\r\n\r\n").into_bytes();
    for part in parts {
        out.extend_from_slice(format!("--{boundary}\r\n").as_bytes());
        out.extend_from_slice(part);
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    out
}

/// A subject line, encoded in one of the ways that are met.
pub fn subject(chance: &SeededChance, text: &str) -> Vec<u8> {
    let q = |charset: &str, bytes: &[u8]| {
        let body: String = bytes
            .iter()
            .map(|byte| match byte {
                b' ' => "_".to_owned(),
                b if b.is_ascii_alphanumeric() => char::from(*b).to_string(),
                b => format!("={b:02X}"),
            })
            .collect();
        format!("=?{charset}?Q?{body}?=").into_bytes()
    };
    let value = match chance.below(6) {
        0 => q("utf-8", text.as_bytes()),
        1 => q("iso-8859-1", &latin(text)),
        2 => latin(text),
        3 => text.as_bytes().to_vec(),
        4 => {
            // In pieces, cut where they should not be: within a character.
            let bytes = text.as_bytes();
            let (one, two) = bytes.split_at(bytes.len() / 2);
            format!("=?UTF-8?B?{}?=\r\n =?UTF-8?B?{}?=", STANDARD.encode(one), STANDARD.encode(two))
                .into_bytes()
        }
        _ => q("utf-8", &latin(text)),
    };
    [b"Subject: ".to_vec(), value, b"\r\n".to_vec()].concat()
}
