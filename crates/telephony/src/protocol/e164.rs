//! Telephone numbers as the world writes them (E.164), from what trunks and people write.

/// The country whose national numbers begin with a single zero here.
const COUNTRY: &str = "46";

/// `written` as E.164 (`+46...`), or none if it is withheld, an extension, a short code, or no number at all.
///
/// Understood: `+46 8 123 45 67`, `0046812345`, `08-123 45 67`, `46812345678` (as many trunks write it), and any of
/// them with parameters after a `;`.
#[must_use]
pub fn normalise(written: &str) -> Option<String> {
    let number = written.split(';').next()?.trim();
    let mut digits = String::with_capacity(16);
    let mut plus = false;
    for (at, c) in number.char_indices() {
        match c {
            '+' if at == 0 => plus = true,
            '0'..='9' if digits.len() < 20 => digits.push(c),
            ' ' | '-' | '(' | ')' | '.' | '/' | '\u{a0}' | '\u{2011}' | '\u{2013}' => {}
            _ => return None,
        }
    }
    let international = if plus {
        digits
    } else if let Some(rest) = digits.strip_prefix("00") {
        rest.to_owned()
    } else if let Some(rest) = digits.strip_prefix('0') {
        format!("{COUNTRY}{rest}")
    } else if digits.starts_with(COUNTRY) && (9..=12).contains(&digits.len()) {
        digits
    } else {
        return None;
    };
    // +46 (0)8...: the national zero has no place after the country code.
    let international = match international.strip_prefix("460") {
        Some(rest) => format!("{COUNTRY}{rest}"),
        None => international,
    };
    ((7..=15).contains(&international.len()) && !international.starts_with('0'))
        .then(|| format!("+{international}"))
}

/// The number in the user part of a `sip:` or `tel:` address, or the whole of a bare one.
#[must_use]
pub fn user_of(uri: &str) -> &str {
    let rest = uri.trim().trim_start_matches('<');
    let rest = rest
        .split_once(':')
        .filter(|(scheme, _)| ["sip", "sips", "tel"].iter().any(|s| scheme.eq_ignore_ascii_case(s)))
        .map_or(rest, |(_, rest)| rest);
    rest.split(['@', '>', ';']).next().unwrap_or(rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn swedish_ways_of_writing_come_out_the_same() {
        for written in [
            "+46 8 123 45 67",
            "0046-8-1234567",
            "08-123 45 67",
            "4681234567",
            "+46 (0)8 123 45 67",
            "081234567;npdi",
        ] {
            assert_eq!(normalise(written).as_deref(), Some("+4681234567"), "{written}");
        }
        assert_eq!(normalise("070-174 06 05").as_deref(), Some("+46701740605"));
        assert_eq!(normalise("+4740000000").as_deref(), Some("+4740000000"));
    }

    #[test]
    fn what_is_no_number_is_none() {
        for written in [
            "",
            "anonymous",
            "112",
            "201",
            "+",
            "0",
            "08/x",
            "+46+8",
            "12345678901234567890123",
            "unavailable",
        ] {
            assert_eq!(normalise(written), None, "{written}");
        }
    }

    #[test]
    fn the_user_part_is_found() {
        for uri in ["sip:+4681@h;user=phone", "<sip:+4681@h>", "tel:+4681;phone-context=x", "+4681"] {
            assert_eq!(user_of(uri), "+4681", "{uri}");
        }
    }

    proptest! {
        #[test]
        fn a_normal_form_is_its_own_normal_form(text in "\\PC{0,30}") {
            let _ = user_of(&text);
            if let Some(number) = normalise(&text) {
                prop_assert_eq!(normalise(&number), Some(number));
            }
        }
    }
}
