//! What comes in by forms: faults in words people read, and addresses that are safe to go back to.

use crate::{t, words::Words};
use people::{password::PasswordFault, text::TextFault};

/// What is wrong with a text, in the visitor's language.
#[must_use]
pub fn text_fault(words: &Words, fault: TextFault) -> String {
    match fault {
        TextFault::Missing => t!(words, "fault-missing"),
        TextFault::TooLong { chars_max } => t!(words, "fault-too-long", max = chars_max.to_string()),
        TextFault::Unprintable => t!(words, "fault-unprintable"),
        TextFault::NotEmail => t!(words, "fault-not-email"),
        TextFault::NotTelephone => t!(words, "fault-not-telephone"),
        TextFault::NotCode => t!(words, "fault-not-code"),
    }
}

/// What is wrong with a new password, in the visitor's language.
#[must_use]
pub fn password_fault(words: &Words, fault: PasswordFault) -> String {
    match fault {
        PasswordFault::TooShort => {
            t!(words, "fault-password-short", min = people::password::PASSWORD_CHARS_MIN.to_string())
        }
        PasswordFault::TooLong => t!(words, "fault-password-long"),
        PasswordFault::TooSimple => t!(words, "fault-password-simple"),
        PasswordFault::NotHashed => t!(words, "fault-password-not-hashed"),
    }
}

/// A path of our own that a form asks to go back to; anything else becomes `otherwise`.
#[must_use]
pub fn own_path(asked: Option<&str>, otherwise: &'static str) -> String {
    match asked {
        Some(path)
            if path.starts_with('/')
                && !path.starts_with("//")
                && !path.contains(['\\', '#'])
                && path.bytes().all(|b| b.is_ascii_graphic()) =>
        {
            path.to_owned()
        }
        _ => otherwise.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_paths_are_gone_back_to() {
        assert_eq!(own_path(Some("/cases/1?page=2"), "/"), "/cases/1?page=2");
        for bad in [
            "//evil.example",
            "https://evil.example",
            "/\\evil",
            "/a\r\nSet-Cookie: x",
            "javascript:x",
            "",
            "/å",
        ] {
            assert_eq!(own_path(Some(bad), "/"), "/", "{bad}");
        }
        assert_eq!(own_path(None, "/board"), "/board");
    }
}
