//! Case numbers: `KC-YYMM` and a running number within that month, such as `KC-26110042`.

use std::fmt;
use std::str::FromStr;
use vocabulary::civil::Date;

/// The digits of the running number are at least this many; month 9 999 + 1 has five.
const RUNNING_DIGITS_MIN: usize = 4;
/// Longer than any counter can give.
const RUNNING_DIGITS_MAX: usize = 12;

/// A case's number as people read and say it. Ordered within a month as long as the month has fewer than 10 000 cases.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CaseNumber(String);

/// A text that is not a case number.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a case number looks like KC-26110042: KC-, year and month, then four or more digits")]
pub struct NotACaseNumber;

impl CaseNumber {
    /// The number of the `running`th case (from 1) registered in the month of `day`, a day in Swedish time.
    #[must_use]
    pub fn new(day: Date, running: u64) -> Self {
        Self(format!("KC-{}{running:04}", year_and_month(day)))
    }

    /// The number as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn year_and_month(day: Date) -> String {
    format!("{:02}{:02}", day.year().rem_euclid(100), day.month())
}

/// The gapless counter that the cases of `day`'s month are counted by.
pub(crate) fn counter_name(day: Date) -> String {
    format!("cases:{}", year_and_month(day))
}

impl fmt::Display for CaseNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for CaseNumber {
    type Err = NotACaseNumber;

    /// Reads what a person writes: small letters, spaces around and a missing hyphen are forgiven.
    fn from_str(text: &str) -> Result<Self, NotACaseNumber> {
        let text = text.trim().to_ascii_uppercase();
        let digits = text.strip_prefix("KC").ok_or(NotACaseNumber)?.trim_start_matches(['-', ' ']);
        if !digits.bytes().all(|b| b.is_ascii_digit()) || digits.len() < 4 + RUNNING_DIGITS_MIN {
            return Err(NotACaseNumber);
        }
        let (month, running) = digits.split_at(4);
        let month_exists = matches!(month[2..].parse::<u8>(), Ok(1..=12));
        let canonical = running.len() <= RUNNING_DIGITS_MAX
            && (running.len() == RUNNING_DIGITS_MIN || !running.starts_with('0'))
            && running.bytes().any(|b| b != b'0');
        if month_exists && canonical { Ok(Self(format!("KC-{digits}"))) } else { Err(NotACaseNumber) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vocabulary::civil::date;

    #[test]
    fn numbers_are_counted_within_the_month_and_grow_past_9999() {
        let day = date(2026, 11, 30);
        assert_eq!(counter_name(day), "cases:2611");
        assert_eq!(CaseNumber::new(day, 1).as_str(), "KC-26110001");
        assert_eq!(CaseNumber::new(day, 9_999).as_str(), "KC-26119999");
        assert_eq!(CaseNumber::new(day, 10_000).as_str(), "KC-261110000");
        assert_eq!(CaseNumber::new(date(2030, 1, 1), 7).as_str(), "KC-30010007");
    }

    #[test]
    fn what_a_person_writes_is_read_and_what_is_no_number_is_not() {
        for text in ["KC-26110042", " kc-26110042 ", "KC26110042", "kc 26110042"] {
            assert_eq!(text.parse::<CaseNumber>().unwrap().as_str(), "KC-26110042");
        }
        for text in [
            "",
            "KC",
            "KC-",
            "KC-2611042",
            "KC-26130001",
            "KC-26110000",
            "KC-261100420",
            "26110042",
            "KC-2611００42",
            "KC-26110042x",
            "KC-26111234567890123",
        ] {
            assert_eq!(text.parse::<CaseNumber>(), Err(NotACaseNumber), "{text:?}");
        }
        for running in [1, 42, 9_999, 10_000, 123_456] {
            let number = CaseNumber::new(date(2026, 1, 1), running);
            assert_eq!(number.as_str().parse(), Ok(number));
        }
    }
}
