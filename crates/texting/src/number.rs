//! Numbers, as gateways want them.

use crate::config::NumberFormat;

/// The digits of an E.164 number; none if it is not one.
pub(crate) fn digits(e164: &str) -> Option<&str> {
    let digits = e164.strip_prefix('+')?;
    let fits = (7..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    (fits && !digits.starts_with('0')).then_some(digits)
}

/// An E.164 number in a format; none if it is not one.
pub(crate) fn written(e164: &str, format: NumberFormat) -> Option<String> {
    let digits = digits(e164)?;
    Some(match format {
        NumberFormat::Plus => format!("+{digits}"),
        NumberFormat::Digits => digits.to_owned(),
        NumberFormat::ZeroZero => format!("00{digits}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_numbers_are_written() {
        assert_eq!(written("+46701234567", NumberFormat::Plus).as_deref(), Some("+46701234567"));
        assert_eq!(written("+46701234567", NumberFormat::Digits).as_deref(), Some("46701234567"));
        assert_eq!(written("+46701234567", NumberFormat::ZeroZero).as_deref(), Some("0046701234567"));
        for not in [
            "",
            "+",
            "0701234567",
            "46701234567",
            "+46 70",
            "+0123456789",
            "+1234567890123456",
            "+46x01234567",
        ] {
            assert_eq!(digits(not), None, "{not}");
        }
    }
}
