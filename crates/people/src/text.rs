//! The gate every text passes on its way in: trimmed, bounded, free of what should not be there.
//!
//! Limits are in characters, as people count, unless the name says bytes.

/// Longest name of a person, department or group.
pub const NAME_CHARS_MAX: usize = 120;
/// Longest sign-in name.
pub const SIGN_IN_CHARS_MAX: usize = 64;
/// Longest e-mail address (RFC 5321, 4.5.3.1.3, less the angle brackets).
pub const EMAIL_CHARS_MAX: usize = 254;
/// Longest part of an e-mail address before the @ (RFC 5321, 4.5.3.1.1).
pub const EMAIL_LOCAL_CHARS_MAX: usize = 64;
/// Longest telephone number as typed, with spaces and the like.
pub const TELEPHONE_CHARS_MAX: usize = 40;
/// Fewest digits of a full international number.
pub const TELEPHONE_DIGITS_MIN: usize = 7;
/// Most digits of a full international number (E.164).
pub const TELEPHONE_DIGITS_MAX: usize = 15;
/// Longest code of a department, group or the like.
pub const CODE_CHARS_MAX: usize = 40;
/// Longest short free text, such as a title.
pub const LINE_CHARS_MAX: usize = 200;
/// Longest long free text, such as a note.
pub const PARAGRAPHS_CHARS_MAX: usize = 10_000;
/// Longest text searched for.
pub const SEARCH_CHARS_MAX: usize = 100;

/// The country code put before a national number.
const HOME_COUNTRY: &str = "46";

/// A text that was not accepted.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
#[error("{field}: {fault}")]
pub struct TextError {
    /// Which field, by its code name.
    pub field: &'static str,
    /// What is wrong with it.
    pub fault: TextFault,
}

/// What is wrong with a text.
#[derive(Clone, Copy, Debug, thiserror::Error, PartialEq, Eq)]
pub enum TextFault {
    /// Nothing was given.
    #[error("must be filled in")]
    Missing,
    /// Too long.
    #[error("at most {chars_max} characters")]
    TooLong {
        /// The limit.
        chars_max: usize,
    },
    /// Control characters, or characters that turn the direction of what follows.
    #[error("holds a character that cannot be shown")]
    Unprintable,
    /// Not an e-mail address.
    #[error("is not an e-mail address (expected name@example.se)")]
    NotEmail,
    /// Not a telephone number.
    #[error("is not a telephone number (expected 070-123 45 67 or +46701234567)")]
    NotTelephone,
    /// Not a code.
    #[error("may only hold a-z, 0-9, - , . and _")]
    NotCode,
}

fn refuse<T>(field: &'static str, fault: TextFault) -> Result<T, TextError> {
    Err(TextError { field, fault })
}

/// Characters that turn the reading direction (UAX #9): with them a name can be made to read as another.
fn turns_direction(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}' | '\u{061C}')
}

fn unprintable(c: char) -> bool {
    c.is_control() || turns_direction(c) || matches!(c, '\u{FEFF}' | '\u{2028}' | '\u{2029}')
}

/// One line: trimmed, not empty, at most `chars_max` characters.
///
/// # Errors
/// Missing, too long, or unprintable.
pub fn line(field: &'static str, text: &str, chars_max: usize) -> Result<String, TextError> {
    optional_line(field, text, chars_max)?.map_or_else(|| refuse(field, TextFault::Missing), Ok)
}

/// One line that may be left out: trimmed; blank gives none.
///
/// # Errors
/// Too long or unprintable.
pub fn optional_line(field: &'static str, text: &str, chars_max: usize) -> Result<Option<String>, TextError> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Ok(None);
    }
    if trimmed.chars().nth(chars_max).is_some() {
        return refuse(field, TextFault::TooLong { chars_max });
    }
    if trimmed.chars().any(unprintable) {
        return refuse(field, TextFault::Unprintable);
    }
    Ok(Some(trimmed.to_owned()))
}

/// Several lines that may be left out: trimmed, line ends made `\n`; blank gives none.
///
/// # Errors
/// Too long or unprintable.
pub fn optional_paragraphs(
    field: &'static str,
    text: &str,
    chars_max: usize,
) -> Result<Option<String>, TextError> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Ok(None);
    }
    if trimmed.chars().nth(chars_max).is_some() {
        return refuse(field, TextFault::TooLong { chars_max });
    }
    if trimmed.chars().any(|c| unprintable(c) && !matches!(c, '\n' | '\t')) {
        return refuse(field, TextFault::Unprintable);
    }
    Ok(Some(trimmed.to_owned()))
}

/// Several lines that must be there.
///
/// # Errors
/// Missing, too long, or unprintable.
pub fn paragraphs(field: &'static str, text: &str, chars_max: usize) -> Result<String, TextError> {
    optional_paragraphs(field, text, chars_max)?.map_or_else(|| refuse(field, TextFault::Missing), Ok)
}

/// A code: lower case letters a-z, digits, `-`, `.` and `_`.
///
/// # Errors
/// Missing, too long, or other characters.
pub fn code(field: &'static str, text: &str, chars_max: usize) -> Result<String, TextError> {
    let code = line(field, text, chars_max)?.to_lowercase();
    if !code.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_')) {
        return refuse(field, TextFault::NotCode);
    }
    Ok(code)
}

/// An e-mail address in lower case, in the form an SMTP server takes without quoting or SMTPUTF8.
///
/// # Errors
/// Missing, too long, or not an address.
pub fn email(field: &'static str, text: &str) -> Result<String, TextError> {
    let address = line(field, text, EMAIL_CHARS_MAX)?.to_ascii_lowercase();
    let Some((local, domain)) = address.rsplit_once('@') else {
        return refuse(field, TextFault::NotEmail);
    };
    let atom = |c: u8| c.is_ascii_alphanumeric() || b"!#$%&'*+/=?^_`{|}~-".contains(&c);
    let local_good = local.len() <= EMAIL_LOCAL_CHARS_MAX
        && local.split('.').all(|part| !part.is_empty() && part.bytes().all(atom));
    let label_good = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    if !local_good || !domain.contains('.') || !domain.split('.').all(label_good) {
        return refuse(field, TextFault::NotEmail);
    }
    Ok(address)
}

/// A telephone number in E.164 (`+46701234567`). A number without country code is Swedish.
///
/// Short numbers (112, 1177) have no E.164 form and are refused.
///
/// # Errors
/// Missing, too long, or not a number.
pub fn telephone(field: &'static str, text: &str) -> Result<String, TextError> {
    let typed = line(field, text, TELEPHONE_CHARS_MAX)?;
    e164(&typed).map_or_else(|| refuse(field, TextFault::NotTelephone), Ok)
}

/// A telephone number in E.164, or none if it is not one.
#[must_use]
pub fn e164(typed: &str) -> Option<String> {
    // "+46 (0)70" is how Swedes write a number for abroad; the bracketed zero is not dialled.
    let compact: String = typed
        .replace("(0)", "")
        .chars()
        .filter(|c| {
            !matches!(c, ' ' | '\u{a0}' | '-' | '\u{2010}' | '\u{2011}' | '\u{2013}' | '/' | '.' | '(' | ')')
        })
        .collect();
    let digits = if let Some(international) = compact.strip_prefix('+').or_else(|| compact.strip_prefix("00"))
    {
        match international.strip_prefix(HOME_COUNTRY) {
            Some(national) => format!("{HOME_COUNTRY}{}", national.strip_prefix('0').unwrap_or(national)),
            None => international.to_owned(),
        }
    } else {
        format!("{HOME_COUNTRY}{}", compact.strip_prefix('0')?)
    };
    let good = (TELEPHONE_DIGITS_MIN..=TELEPHONE_DIGITS_MAX).contains(&digits.len())
        && digits.bytes().all(|b| b.is_ascii_digit())
        && !digits.starts_with('0');
    good.then(|| format!("+{digits}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_number_reads_the_same_however_it_is_typed() {
        for typed in [
            "070-123 45 67",
            "0701234567",
            "+46 70 123 45 67",
            "+46 (0)70-123 45 67",
            "0046701234567",
            "+460701234567",
        ] {
            assert_eq!(e164(typed).as_deref(), Some("+46701234567"), "{typed}");
        }
        assert_eq!(e164("08-12 34 56").as_deref(), Some("+468123456"));
        assert_eq!(e164("+47 22 12 34 56").as_deref(), Some("+4722123456"));
    }

    #[test]
    fn what_is_not_a_number_is_refused() {
        for typed in [
            "",
            "112",
            "1177",
            "hej",
            "+",
            "0",
            "++46701234567",
            "+46701234567890123",
            "070x1234567",
            "٠٧٠١٢٣٤٥٦٧",
            "+0701234567",
            "anonymous",
        ] {
            assert_eq!(e164(typed), None, "{typed}");
        }
    }

    #[test]
    fn addresses_an_smtp_server_would_take() {
        assert_eq!(email("e", " Anna.Berg@Vikhamn.SE ").as_deref(), Ok("anna.berg@vikhamn.se"));
        for bad in [
            "anna",
            "anna@",
            "@vikhamn.se",
            "anna@vikhamn",
            "a..b@x.se",
            ".a@x.se",
            "a b@x.se",
            "a@-x.se",
            "a@x..se",
            "a@x.se\r\nBcc: b@x.se",
            "<a@x.se>",
            "a@b@x.se",
            "åsa@x.se",
        ] {
            assert!(email("e", bad).is_err(), "{bad:?}");
        }
        assert!(email("e", &format!("{}@x.se", "a".repeat(65))).is_err());
    }

    #[test]
    fn lines_are_bounded_and_clean() {
        assert_eq!(line("f", "  Åsa ", 3).as_deref(), Ok("Åsa"));
        assert_eq!(line("f", "Åsa!", 3), refuse("f", TextFault::TooLong { chars_max: 3 }));
        assert_eq!(line("f", " \t ", 3), refuse("f", TextFault::Missing));
        assert_eq!(line("f", "a\0b", 9), refuse("f", TextFault::Unprintable));
        assert_eq!(line("f", "a\nb", 9), refuse("f", TextFault::Unprintable));
        assert_eq!(line("f", "a\u{202e}b", 9), refuse("f", TextFault::Unprintable));
        assert_eq!(paragraphs("f", "a\r\nb\r", 9).as_deref(), Ok("a\nb"));
        assert_eq!(code("f", "Bygg-1", 9).as_deref(), Ok("bygg-1"));
        assert_eq!(code("f", "bygg 1", 9), refuse("f", TextFault::NotCode));
    }

    proptest! {
        #[test]
        fn what_e164_gives_it_takes_again(typed in "[0-9+ ()./-]{0,24}") {
            if let Some(number) = e164(&typed) {
                prop_assert_eq!(e164(&number), Some(number.clone()));
                prop_assert!(number.len() <= TELEPHONE_DIGITS_MAX + 1);
            }
        }

        #[test]
        fn what_passes_the_gate_passes_it_again(text in "\\PC{0,40}|[\\s\\S]{0,40}") {
            if let Ok(Some(passed)) = optional_paragraphs("f", &text, 30) {
                prop_assert_eq!(optional_paragraphs("f", &passed, 30), Ok(Some(passed.clone())));
                prop_assert!(!passed.contains(['\0', '\r']));
            }
        }
    }
}
