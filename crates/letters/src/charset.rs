//! Bytes to text, when the label may lie.

use encoding_rs::{Encoding, MACINTOSH, REPLACEMENT, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use mail_parser::decoders::charsets::map::charset_decoder;
use std::borrow::Cow;

/// The text of `bytes`, which are said to be in `label`.
///
/// - What is valid UTF-8 and not plain ASCII is UTF-8, unless the label names an encoding in which such bytes are common
///   (the multi-byte and shifted ones): by chance, Swedish in another encoding is next to never valid UTF-8.
/// - What is said to be UTF-8, ASCII or nothing known, and is not UTF-8, is windows-1252, or the old DOS and Macintosh
///   encodings if the bytes are those of their Swedish letters.
/// - ISO-8859-1 is read as windows-1252, as browsers do: the places where they differ are control characters in the one
///   and quotes and the euro in the other.
#[must_use]
pub fn decode(bytes: &[u8], label: Option<&str>) -> String {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let label = label.map(|label| label.trim_matches(|c: char| c == '"' || c == '\'' || c.is_whitespace()));
    if label.is_some_and(is_swedish_seven_bit) {
        return seven_bit_swedish(bytes);
    }
    let label = label.unwrap_or_default().to_ascii_lowercase();
    if label.starts_with("utf-16") || label.starts_with("utf16") {
        return utf16(bytes, label.ends_with("be"));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) if bytes.is_ascii() && !shifts_within_ascii(&label) => text.to_owned(),
        Ok(text) if !bytes.is_ascii() && !uses_such_bytes(&label) => text.to_owned(),
        _ => by_label(bytes, &label).unwrap_or_else(|| guess(bytes)),
    }
}

/// By the label, if it is known and names another encoding than UTF-8.
fn by_label(bytes: &[u8], label: &str) -> Option<String> {
    match Encoding::for_label(label.as_bytes()) {
        Some(encoding) if encoding == UTF_8 || encoding == REPLACEMENT => None,
        // Nothing of ASCII's is above 0x7F, so the label lies.
        Some(_) if label.contains("ascii") || label == "ansi_x3.4-1968" => None,
        Some(encoding) => Some(with(encoding, bytes)),
        None if label.is_empty() => None,
        None => charset_decoder(label.as_bytes()).map(|decode| decode(bytes)),
    }
}

fn with(encoding: &'static Encoding, bytes: &[u8]) -> String {
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

/// Encodings in which text that is valid UTF-8 may well be something else.
fn uses_such_bytes(label: &str) -> bool {
    const BEGINNINGS: [&str; 14] = [
        "shift", "sjis", "x-sjis", "ms932", "big5", "cn-big5", "euc", "x-euc", "gb", "ks", "koi8", "ibm866",
        "cp866", "csshift",
    ];
    shifts_within_ascii(label) || BEGINNINGS.iter().any(|beginning| label.starts_with(beginning))
}

/// Encodings whose letters are written in ASCII bytes.
fn shifts_within_ascii(label: &str) -> bool {
    label.contains("utf-7") || label.starts_with("iso-2022") || label.starts_with("hz-")
}

/// UTF-16, if it is: what says so and has no zero byte among its first is plain text of another kind.
fn utf16(bytes: &[u8], big_endian: bool) -> String {
    let (marked_be, marked_le) = (bytes.starts_with(b"\xFE\xFF"), bytes.starts_with(b"\xFF\xFE"));
    let zero_at = |odd: usize| bytes.iter().take(512).skip(odd).step_by(2).filter(|byte| **byte == 0).count();
    if marked_be || marked_le {
        return with(if marked_be { UTF_16BE } else { UTF_16LE }, &bytes[2..]);
    }
    match (zero_at(0), zero_at(1)) {
        (0, 0) => decode(bytes, None),
        (even, odd) if even == odd => with(if big_endian { UTF_16BE } else { UTF_16LE }, bytes),
        // Latin letters have their zero byte first or last, whatever the label says.
        (even, odd) => with(if even > odd { UTF_16BE } else { UTF_16LE }, bytes),
    }
}

/// å, ä, ö, Å, Ä, Ö, é in encodings that nobody labels any more.
const DOS: [u8; 7] = [0x86, 0x84, 0x94, 0x8F, 0x8E, 0x99, 0x82];
const MAC: [u8; 7] = [0x8C, 0x8A, 0x9A, 0x81, 0x80, 0x85, 0x8E];
const WINDOWS: [u8; 7] = [0xE5, 0xE4, 0xF6, 0xC5, 0xC4, 0xD6, 0xE9];

fn guess(bytes: &[u8]) -> String {
    // Mostly UTF-8 with a few broken places stays UTF-8: a letter that was cut in two, or had a Latin-1 signature added.
    let lossy = String::from_utf8_lossy(bytes);
    let broken = lossy.chars().filter(|c| *c == char::REPLACEMENT_CHARACTER).count();
    let whole = lossy.chars().filter(|c| !c.is_ascii() && *c != char::REPLACEMENT_CHARACTER).count();
    if whole > broken * 2 {
        return mend(bytes);
    }
    let letters = |places: [u8; 7]| {
        bytes
            .windows(3)
            // A letter among letters, so that windows-1252's quotes and dashes are not taken for it.
            .filter(|three| {
                places.contains(&three[1]) && (three[0].is_ascii_lowercase() || three[2].is_ascii_lowercase())
            })
            .count()
    };
    let high = |byte: &&u8| **byte >= 0x80;
    let (dos, mac, windows) = (letters(DOS), letters(MAC), letters(WINDOWS));
    let all = bytes.iter().filter(high).count();
    let most = |mine: usize, other: usize| mine > other && mine > windows && mine * 10 >= all * 8;
    if most(dos, mac) {
        charset_decoder(b"ibm850").map_or_else(|| with(WINDOWS_1252, bytes), |decode| decode(bytes))
    } else if most(mac, dos) {
        with(MACINTOSH, bytes)
    } else {
        with(WINDOWS_1252, bytes)
    }
}

/// UTF-8 where it is, windows-1252 where it is not.
fn mend(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 8);
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.push_str(&with(WINDOWS_1252, chunk.invalid()));
    }
    text
}

/// SEN 85 02 00: the Swedish ASCII of terminals, in which å is `}`.
fn is_swedish_seven_bit(label: &str) -> bool {
    const LABELS: [&str; 8] = [
        "sen_850200_b",
        "sen_850200_c",
        "iso646-se",
        "iso646-se2",
        "iso646-fi",
        "x-ia5-swedish",
        "iso-ir-10",
        "iso-ir-11",
    ];
    LABELS.iter().any(|known| known.eq_ignore_ascii_case(label))
}

fn seven_bit_swedish(bytes: &[u8]) -> String {
    let swedish = |byte: u8| match byte {
        b'[' => 'Ä',
        b'\\' => 'Ö',
        b']' => 'Å',
        b'{' => 'ä',
        b'|' => 'ö',
        b'}' => 'å',
        ascii @ 0..=0x7F => char::from(ascii),
        other => with(WINDOWS_1252, &[other]).chars().next().unwrap_or(char::REPLACEMENT_CHARACTER),
    };
    bytes.iter().map(|byte| swedish(*byte)).collect()
}

/// A head in UTF-8: lines of it that are not are put into it, since old programs write subjects and names in raw
/// Latin-1.
pub(crate) fn in_utf8(head: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(head) {
        return Cow::Borrowed(text);
    }
    let lines = head.split_inclusive(|byte| *byte == b'\n');
    Cow::Owned(lines.map(|line| decode(line, None)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: &str = "Räksmörgås på Ångbåtsgatan, Öland: kan ni hjälpa?";

    #[test]
    fn a_label_that_tells_the_truth_is_believed() {
        for (label, bytes) in [
            ("utf-8", "påse €".as_bytes().to_vec()),
            ("iso-8859-15", b"p\xE5se \xA4".to_vec()),
            ("windows-1252", b"p\xE5se \x80".to_vec()),
            ("ISO-8859-1", b"p\xE5se \x80".to_vec()),
            ("macintosh", b"p\x8Cse \xDB".to_vec()),
            ("utf-16le", "påse €".encode_utf16().flat_map(u16::to_le_bytes).collect()),
            ("utf-7", b"p+AOU-se +IKw-".to_vec()),
            ("utf-16", "\u{FEFF}påse €".encode_utf16().flat_map(u16::to_be_bytes).collect()),
        ] {
            assert_eq!(decode(&bytes, Some(label)), "påse €", "{label}");
        }
        assert_eq!(decode(b"p\x86se", Some("ibm850")), "påse");
        assert_eq!(decode(b"R{ksm|rg}s p} ]ngb}tsgatan", Some("SEN_850200_B")), "Räksmörgås på Ångbåtsgatan");
    }

    #[test]
    fn a_label_that_lies_is_not() {
        let latin: Vec<u8> = WORDS.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
        for label in [None, Some("utf-8"), Some("us-ascii"), Some("x-nonsense"), Some("unicode-1-1-utf-8")] {
            assert_eq!(decode(&latin, label), WORDS, "{label:?}");
        }
        for label in [Some("iso-8859-1"), Some("us-ascii"), Some("windows-1252"), None, Some("\"UTF-8\"")] {
            assert_eq!(decode(WORDS.as_bytes(), label), WORDS, "{label:?}");
        }
        assert_eq!(decode(b"Hej p\xE5 dig", Some("utf-16")), "Hej på dig");
    }

    #[test]
    fn unlabelled_dos_and_macintosh_are_known_by_their_letters() {
        assert_eq!(decode(b"R\x84ksm\x94rg\x86s och sm\x94r", None), "Räksmörgås och smör");
        assert_eq!(decode(b"R\x8Aksm\x9Arg\x8Cs och sm\x9Ar", None), "Räksmörgås och smör");
        assert_eq!(decode(b"han sade \x94hej\x94 p\xE5 g\xE5rden", None), "han sade ”hej” på gården");
    }

    #[test]
    fn one_broken_place_does_not_spoil_the_rest() {
        let mut bytes = "Åäö på svenska, många ord".as_bytes().to_vec();
        bytes.extend_from_slice(b" och h\xE4r");
        assert_eq!(decode(&bytes, Some("utf-8")), "Åäö på svenska, många ord och här");
    }

    #[test]
    fn a_head_in_raw_latin_1_is_made_readable() {
        let head = in_utf8(b"Subject: G\xE5ng\r\nFrom: \xC3\xA5@b.se\r\n");
        assert_eq!(head, "Subject: Gång\r\nFrom: å@b.se\r\n");
    }
}
