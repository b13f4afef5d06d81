//! What comes from outside, made fit to be kept: no character that cannot be stored or that turns what follows.

use sha2::{Digest as _, Sha256};

/// Longest subject kept, in characters.
pub const SUBJECT_CHARS_MAX: usize = 300;
/// Longest text of a letter kept beside the letter itself, in characters.
pub const TEXT_CHARS_MAX: usize = 200_000;
/// Longest HTML of a letter kept, in bytes. Of a longer one only the text is.
pub const HTML_BYTES_MAX: usize = 1_000_000;
/// Longest Message-ID looked up or kept, in characters (RFC 5322 lines hold no more).
pub const MESSAGE_ID_CHARS_MAX: usize = 998;

fn unfit(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}' | '\u{061C}')
        || matches!(c, '\u{FEFF}' | '\u{2028}' | '\u{2029}')
}

/// One line of at most `chars_max` characters; what cannot be shown becomes a space, and spaces are folded.
pub fn line(text: &str, chars_max: usize) -> String {
    let plain: String = text.chars().map(|c| if unfit(c) { ' ' } else { c }).collect();
    let folded = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    folded.chars().take(chars_max).collect::<String>().trim_end().to_owned()
}

/// Several lines of at most `chars_max` characters, without what cannot be shown.
pub fn paragraphs(text: &str, chars_max: usize) -> String {
    let plain = text.replace("\r\n", "\n").replace('\r', "\n");
    let shown: String =
        plain.chars().filter(|c| matches!(c, '\n' | '\t') || !unfit(*c)).take(chars_max).collect();
    shown.trim_matches('\n').trim_end().to_owned()
}

/// An address as compared: in lower case, without what cannot be part of one. Blank if it cannot be one.
pub fn address(email: &str) -> String {
    let email = email.trim().trim_start_matches('<').trim_end_matches('>').to_lowercase();
    let fits = email.len() <= people::text::EMAIL_CHARS_MAX
        && email.split_once('@').is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty())
        && !email.chars().any(|c| unfit(c) || c.is_whitespace());
    if fits { email } else { String::new() }
}

/// A Message-ID as kept and compared: without angle brackets. None if there is nothing to compare.
pub fn message_id(id: &str) -> Option<String> {
    let id = id.trim().trim_start_matches('<').trim_end_matches('>').trim();
    let fits = !id.is_empty() && id.chars().count() <= MESSAGE_ID_CHARS_MAX && !id.contains(char::is_control);
    fits.then(|| id.to_owned())
}

/// What an address is known by where it must not be readable.
pub fn digest_of(email: &str) -> [u8; 32] {
    Sha256::digest(email.as_bytes()).into()
}

/// A text that a case takes: at most `chars_max` characters, and where it was cut a mark that says so.
pub fn cut(text: &str, chars_max: usize) -> String {
    const MARK: &str = "\n[…]";
    if text.chars().count() <= chars_max {
        return text.to_owned();
    }
    let kept: String = text.chars().take(chars_max.saturating_sub(MARK.chars().count())).collect();
    format!("{}{MARK}", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_comes_in_is_made_fit() {
        assert_eq!(line(" Hål\r\nBcc: x\u{0}\u{202e} i vägen ", 100), "Hål Bcc: x i vägen");
        assert_eq!(line("aaaa bbbb", 5), "aaaa");
        assert_eq!(paragraphs("a\r\nb\u{0}\u{7}\n\n", 100), "a\nb");
        assert_eq!(address(" <Kim@Example.SE> "), "kim@example.se");
        for bad in ["", "kim", "@example.se", "kim@", "kim @example.se", "kim\n@example.se"] {
            assert_eq!(address(bad), "", "{bad:?}");
        }
        assert_eq!(message_id(" <a.1@b> "), Some("a.1@b".to_owned()));
        assert_eq!(message_id("<>"), None);
        assert_eq!(cut("åäö", 3), "åäö");
        assert_eq!(cut("åäöåäöåäö", 6), "åä\n[…]");
    }

    proptest! {
        #[test]
        fn what_is_kept_can_be_kept_again(text in any::<String>()) {
            let once = paragraphs(&text, 50);
            prop_assert_eq!(paragraphs(&once, 50), once.clone());
            prop_assert!(!once.contains('\0') && once.chars().count() <= 50);
            let subject = line(&text, 50);
            prop_assert_eq!(line(&subject, 50), subject);
            prop_assert!(cut(&text, 20).chars().count() <= 20 || text.chars().count() <= 20);
        }
    }
}
