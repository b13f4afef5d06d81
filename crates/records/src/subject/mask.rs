//! Masking what is another's in a text that is handed out.

/// What stands where another person's data stood. A sign, not a word, so that it needs no language.
pub const MASK: &str = "▮▮▮";
/// What is shorter is not looked for in texts: "Bo" stands in too many words.
const NEEDLE_CHARS_MIN: usize = 4;

/// `text` with each of `needles` masked wherever it stands, in whichever case of letters it is written. Digits are also
/// found when they are written with blanks and hyphens between, and a Swedish number in its national form.
#[must_use]
pub fn mask(text: &str, needles: &[String]) -> String {
    let mut spans: Vec<(usize, usize)> = Vec::new();
    for needle in needles {
        let needle = needle.trim();
        if needle.chars().count() < NEEDLE_CHARS_MIN {
            continue;
        }
        spans.extend(plain(text, needle));
        if let Some(national) = needle.strip_prefix("+46") {
            spans.extend(digits(text, national));
        } else if needle.bytes().filter(u8::is_ascii_digit).count() >= 7 {
            let bare: String = needle.chars().filter(char::is_ascii_digit).collect();
            spans.extend(digits(text, &bare));
        }
    }
    spans.sort_unstable();
    let mut masked = String::with_capacity(text.len());
    let mut done = 0;
    for (from, to) in spans {
        if from < done {
            // Overlaps with what was masked before: what is left of it goes too.
            done = done.max(to);
            continue;
        }
        masked.push_str(&text[done..from]);
        masked.push_str(MASK);
        done = to;
    }
    masked.push_str(&text[done..]);
    masked
}

/// Where `needle` stands, small and great letters alike; compared character by character, so that the places are those
/// of the text as it is.
fn plain(text: &str, needle: &str) -> Vec<(usize, usize)> {
    let wanted: Vec<char> = needle.chars().flat_map(char::to_lowercase).collect();
    let mut spans = Vec::new();
    for (from, _) in text.char_indices() {
        let mut left = wanted.as_slice();
        for (at, c) in text[from..].char_indices() {
            let mut small = c.to_lowercase();
            let fits = small.all(|c| match left.split_first() {
                Some((first, rest)) if *first == c => {
                    left = rest;
                    true
                }
                _ => false,
            });
            if !fits {
                break;
            }
            if left.is_empty() {
                spans.push((from, from + at + c.len_utf8()));
                break;
            }
        }
    }
    spans
}

/// Where these digits stand one after the other, with nothing but blanks, hyphens and the like between them; a zero or
/// country code before them goes along.
fn digits(text: &str, wanted: &str) -> Vec<(usize, usize)> {
    let between =
        |c: char| matches!(c, ' ' | '-' | '\u{a0}' | '\u{2011}' | '\u{2013}' | '/' | '.' | '(' | ')');
    let wanted: Vec<char> = wanted.chars().filter(char::is_ascii_digit).collect();
    let mut spans = Vec::new();
    if wanted.len() < 7 {
        return spans;
    }
    for (from, first) in text.char_indices() {
        if first != wanted[0] {
            continue;
        }
        let mut left = wanted.iter();
        let mut next = left.next();
        for (at, c) in text[from..].char_indices() {
            if next == Some(&c) {
                next = left.next();
                if next.is_none() {
                    let before =
                        text[..from].trim_end_matches(|c: char| c.is_ascii_digit() || c == '+' || between(c));
                    let start = before.len()
                        + (text[before.len()..from].len() - text[before.len()..from].trim_start().len());
                    spans.push((start, from + at + c.len_utf8()));
                    break;
                }
            } else if !between(c) {
                break;
            }
        }
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn masked(text: &str, needles: &[&str]) -> String {
        mask(text, &needles.iter().map(|needle| (*needle).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn names_numbers_and_addresses_go_however_they_are_written() {
        assert_eq!(
            masked("Ring Åsa Öberg på 070-123 45 67.", &["åsa öberg", "+46701234567"]),
            "Ring ▮▮▮ på ▮▮▮."
        );
        assert_eq!(masked("ÅSA ÖBERG och åsa öberg", &["Åsa Öberg"]), "▮▮▮ och ▮▮▮");
        assert_eq!(masked("+46 (0)70 123 45 67", &["+46701234567"]), "▮▮▮");
        assert_eq!(masked("skriv till asa@x.se", &["asa@x.se"]), "skriv till ▮▮▮");
        assert_eq!(masked("Bo bor i Boden", &["Bo"]), "Bo bor i Boden", "too short to look for");
        assert_eq!(masked("Anna Anna Berg", &["Anna", "Anna Berg"]), "▮▮▮ ▮▮▮");
        assert_eq!(masked("", &["Anna"]), "");
    }

    proptest! {
        #[test]
        fn what_is_masked_is_gone_and_nothing_else(
            before in "[a-zåäö .]{0,20}", name in "[A-ZÅÄÖ][a-zåäö]{4,9} [A-ZÅÄÖ][a-zåäö]{4,9}", after in "\\PC{0,20}"
        ) {
            let text = format!("{before}{name}{after}");
            let result = mask(&text, std::slice::from_ref(&name));
            prop_assert!(!result.to_lowercase().contains(&name.to_lowercase()));
            prop_assert!(result.starts_with(&before));
        }

        #[test]
        fn any_text_and_needle_are_taken(text in "\\PC{0,40}", needle in "\\PC{0,12}|\\+46[0-9]{7,9}") {
            let _ = mask(&text, &[needle]);
        }
    }
}
