//! How a text becomes short messages (3GPP TS 23.038 and 23.040): the 7-bit alphabet if every character is in it, else
//! UCS-2; one message if it fits, else parts that name themselves in a header, so that the telephone puts them together.

/// Septets of one message, and of a part with its six-octet header (one septet of it is filling).
pub const SEPTETS_MAX: usize = 160;
/// Septets of a part of several.
pub const SEPTETS_PER_PART_MAX: usize = 153;
/// UTF-16 units of one message.
pub const UNITS_MAX: usize = 70;
/// UTF-16 units of a part of several.
pub const UNITS_PER_PART_MAX: usize = 67;
/// Most parts a text may become: more is a letter, not a message. The header could count to 255.
pub const PARTS_MAX: usize = 10;

/// The default alphabet, in the order of its codes. 0x1B is the escape to the extension and stands for nothing itself.
const ALPHABET: [char; 128] = [
    '@', '£', '$', '¥', 'è', 'é', 'ù', 'ì', 'ò', 'Ç', '\n', 'Ø', 'ø', '\r', 'Å', 'å', 'Δ', '_', 'Φ', 'Γ',
    'Λ', 'Ω', 'Π', 'Ψ', 'Σ', 'Θ', 'Ξ', '\u{1b}', 'Æ', 'æ', 'ß', 'É', ' ', '!', '"', '#', '¤', '%', '&', '\'',
    '(', ')', '*', '+', ',', '-', '.', '/', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', ':', ';', '<',
    '=', '>', '?', '¡', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L', 'M', 'N', 'O', 'P', 'Q',
    'R', 'S', 'T', 'U', 'V', 'W', 'X', 'Y', 'Z', 'Ä', 'Ö', 'Ñ', 'Ü', '§', '¿', 'a', 'b', 'c', 'd', 'e', 'f',
    'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o', 'p', 'q', 'r', 's', 't', 'u', 'v', 'w', 'x', 'y', 'z', 'ä',
    'ö', 'ñ', 'ü', 'à',
];
const ESCAPE: u8 = 0x1b;
/// The extension: characters that take two septets, the escape and one more.
const EXTENSION: [(char, u8); 10] = [
    ('\u{c}', 0x0a),
    ('^', 0x14),
    ('{', 0x28),
    ('}', 0x29),
    ('\\', 0x2f),
    ('[', 0x3c),
    ('~', 0x3d),
    (']', 0x3e),
    ('|', 0x40),
    ('€', 0x65),
];

/// How a text's characters are coded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    /// The GSM 7-bit default alphabet with its extension.
    Gsm7,
    /// UTF-16, most significant byte first. Newer telephones read what is beyond UCS-2 as well.
    Ucs2,
}

/// A text cut into what is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segmented {
    /// How all of it is coded.
    pub coding: Coding,
    /// The parts, one at least. For [`Coding::Gsm7`] one septet an octet, not packed; for [`Coding::Ucs2`] two octets a
    /// unit.
    pub parts: Vec<Vec<u8>>,
}

/// A text that cannot be sent as short messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing to send.
    #[error("the text is empty")]
    Empty,
    /// More parts than anything sensible.
    #[error("the text would take {parts} parts; at most {PARTS_MAX}")]
    TooLong {
        /// How many it would take.
        parts: usize,
    },
}

/// The septets of `c` in the default alphabet or its extension: one, two, or none.
fn septets_of(c: char) -> Option<([u8; 2], usize)> {
    if c != '\u{1b}'
        && let Some(code) = ALPHABET.iter().position(|known| *known == c)
    {
        return Some(([u8::try_from(code).unwrap_or(0), 0], 1));
    }
    EXTENSION.iter().find(|(known, _)| *known == c).map(|(_, code)| ([ESCAPE, *code], 2))
}

/// What looks the same and costs less: typographic signs that would turn the whole text into UCS-2, and with it into
/// more than twice as many parts.
#[must_use]
pub fn plain_signs(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('…', "...");
    text.chars()
        .map(|c| match c {
            '\u{2018}' | '\u{2019}' | '\u{b4}' | '\u{2032}' => '\'',
            '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{2033}' => '"',
            '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
            '\u{a0}' | '\u{2007}' | '\u{2009}' | '\u{202f}' => ' ',
            other => other,
        })
        .collect()
}

/// Cuts a text into parts. No character is torn apart: neither an escape from what follows, nor the two halves of a
/// character beyond the sixteen bits.
///
/// # Errors
/// The text is empty or too long.
pub fn segment(text: &str) -> Result<Segmented, TextError> {
    if text.is_empty() {
        return Err(TextError::Empty);
    }
    let septets: Option<Vec<Vec<u8>>> =
        text.chars().map(|c| septets_of(c).map(|(codes, len)| codes[..len].to_vec())).collect();
    let segmented = match septets {
        Some(characters) => {
            Segmented { coding: Coding::Gsm7, parts: cut(&characters, SEPTETS_MAX, SEPTETS_PER_PART_MAX) }
        }
        None => {
            let characters: Vec<Vec<u8>> = text
                .chars()
                .map(|c| {
                    let mut units = [0; 2];
                    c.encode_utf16(&mut units).iter().flat_map(|unit| unit.to_be_bytes()).collect()
                })
                .collect();
            Segmented { coding: Coding::Ucs2, parts: cut(&characters, 2 * UNITS_MAX, 2 * UNITS_PER_PART_MAX) }
        }
    };
    match segmented.parts.len() {
        parts if parts > PARTS_MAX => Err(TextError::TooLong { parts }),
        _ => Ok(segmented),
    }
}

/// Whole characters into as few parts as they fit in, in order.
fn cut(characters: &[Vec<u8>], alone_max: usize, part_max: usize) -> Vec<Vec<u8>> {
    if characters.iter().map(Vec::len).sum::<usize>() <= alone_max {
        return vec![characters.concat()];
    }
    let mut parts = vec![Vec::new()];
    for character in characters {
        if parts.last().is_some_and(|part| part.len() + character.len() > part_max) {
            parts.push(Vec::new());
        }
        if let Some(part) = parts.last_mut() {
            part.extend_from_slice(character);
        }
    }
    parts
}

/// The header that names a part (3GPP TS 23.040, 9.2.3.24.1): which message, how many parts, which one from 1.
#[must_use]
pub const fn concatenation_header(reference: u8, parts: u8, part: u8) -> [u8; 6] {
    [0x05, 0x00, 0x03, reference, parts, part]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Reads parts back, as a telephone does.
    fn read_back(segmented: &Segmented) -> String {
        let all = segmented.parts.concat();
        match segmented.coding {
            Coding::Gsm7 => {
                let mut text = String::new();
                let mut codes = all.iter();
                while let Some(code) = codes.next() {
                    if *code == ESCAPE {
                        let extended = codes.next().unwrap();
                        text.push(EXTENSION.iter().find(|(_, known)| known == extended).unwrap().0);
                    } else {
                        text.push(ALPHABET[usize::from(*code)]);
                    }
                }
                text
            }
            Coding::Ucs2 => {
                let units: Vec<u16> =
                    all.chunks(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
                String::from_utf16(&units).unwrap()
            }
        }
    }

    fn lengths(text: &str) -> (Coding, Vec<usize>) {
        let segmented = segment(text).unwrap();
        (segmented.coding, segmented.parts.iter().map(Vec::len).collect())
    }

    #[test]
    fn swedish_is_in_the_alphabet_and_much_else_is_not() {
        assert_eq!(segment("Hej på dig, Åsa! 12 € kvar").unwrap().coding, Coding::Gsm7);
        assert_eq!(
            segment("ÅÄÖåäöéÉüÜ@£$").unwrap().parts[0],
            b"\x0e\x5b\x5c\x0f\x7b\x7c\x05\x1f\x7e\x5e\x00\x01\x02"
        );
        for other in ["Š", "ł", "ç", "ê", "á", "Привет", "😀", "\u{1b}", "\t"] {
            assert_eq!(segment(other).unwrap().coding, Coding::Ucs2, "{other:?}");
        }
    }

    #[test]
    fn the_borders_are_exact() {
        assert_eq!(lengths(&"a".repeat(160)), (Coding::Gsm7, vec![160]));
        assert_eq!(lengths(&"a".repeat(161)), (Coding::Gsm7, vec![153, 8]));
        assert_eq!(lengths(&"a".repeat(306)), (Coding::Gsm7, vec![153, 153]));
        assert_eq!(lengths(&"a".repeat(307)), (Coding::Gsm7, vec![153, 153, 1]));
        assert_eq!(lengths(&"€".repeat(80)), (Coding::Gsm7, vec![160]));
        // An escape is not left at the end of a part: 76 times two, and one septet unused.
        assert_eq!(lengths(&"€".repeat(81)), (Coding::Gsm7, vec![152, 10]));
        assert_eq!(lengths(&"я".repeat(70)), (Coding::Ucs2, vec![140]));
        assert_eq!(lengths(&"я".repeat(71)), (Coding::Ucs2, vec![134, 8]));
        // Nor a half of a character beyond sixteen bits.
        assert_eq!(lengths(&"😀".repeat(35)), (Coding::Ucs2, vec![140]));
        assert_eq!(lengths(&"😀".repeat(36)), (Coding::Ucs2, vec![132, 12]));
        assert_eq!(segment(""), Err(TextError::Empty));
        assert_eq!(segment(&"a".repeat(1_530)).unwrap().parts.len(), PARTS_MAX);
        assert_eq!(segment(&"a".repeat(1_531)), Err(TextError::TooLong { parts: 11 }));
    }

    #[test]
    fn typographic_signs_are_made_plain_and_letters_are_not() {
        assert_eq!(plain_signs("”Hej” – vi’ses…\u{a0}å\r\n"), "\"Hej\" - vi'ses... å\n");
        assert_eq!(plain_signs("ñ € Š 😀"), "ñ € Š 😀");
    }

    #[test]
    fn no_code_stands_for_two_characters() {
        let unique: std::collections::BTreeSet<char> = ALPHABET.iter().copied().collect();
        assert_eq!(unique.len(), ALPHABET.len());
        assert!(EXTENSION.iter().all(|(c, _)| !unique.contains(c)));
    }

    proptest! {
        #[test]
        fn what_is_cut_reads_back_and_fits(
            text in prop_oneof!["[a-zåäöA-ZÅÄÖ0-9 .,!€\\[\\]{}~^|\\\\@\n]{1,900}", "\\PC{1,500}"]
        ) {
            match segment(&text) {
                Ok(segmented) => {
                    prop_assert_eq!(read_back(&segmented), &text[..]);
                    let (alone, part) = match segmented.coding {
                        Coding::Gsm7 => (SEPTETS_MAX, SEPTETS_PER_PART_MAX),
                        Coding::Ucs2 => (2 * UNITS_MAX, 2 * UNITS_PER_PART_MAX),
                    };
                    let most = if segmented.parts.len() == 1 { alone } else { part };
                    prop_assert!(segmented.parts.iter().all(|p| !p.is_empty() && p.len() <= most));
                    // One message when it fits in one; of several none could take the first character of the next.
                    let total: usize = segmented.parts.iter().map(Vec::len).sum();
                    prop_assert_eq!(segmented.parts.len() == 1, total <= alone);
                    for pair in segmented.parts.windows(2) {
                        prop_assert!(pair[0].len() + 4 > part, "room was left");
                    }
                }
                Err(TextError::TooLong { parts }) => prop_assert!(parts > PARTS_MAX),
                Err(TextError::Empty) => prop_assert!(text.is_empty()),
            }
        }
    }
}
