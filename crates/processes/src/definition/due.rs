//! Terms: "2 arbetsdagar", "4 timmar", "30 minuter efter vigsel".

use super::FaultKind;
use crate::limits::{DUE_DAYS_MAX, DUE_HOURS_MAX, DUE_MINUTES_MAX};
use std::fmt;
use vocabulary::{SignedDuration, Timestamp, add_working_days, local_day, time_zone};

/// The hour of the last day, local time, at which a term in days is over: when offices close.
const CLOSING_HOUR: i8 = 16;

/// What a term is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Days that are neither weekend nor holiday.
    WorkingDays,
    /// Days of the calendar.
    Days,
    /// Hours on end, day and night.
    Hours,
    /// Minutes on end, day and night.
    Minutes,
}

impl Unit {
    /// The word, for the language files.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::WorkingDays => "working_days",
            Self::Days => "days",
            Self::Hours => "hours",
            Self::Minutes => "minutes",
        }
    }

    const fn max(self) -> u16 {
        match self {
            Self::WorkingDays | Self::Days => DUE_DAYS_MAX,
            Self::Hours => DUE_HOURS_MAX,
            Self::Minutes => DUE_MINUTES_MAX,
        }
    }
}

/// By when a step is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// How many.
    pub amount: u16,
    /// Of what.
    pub unit: Unit,
    /// The booking step whose booked time it is counted from; none counts from when the step opens.
    pub after: Option<String>,
}

impl Due {
    /// Reads a term in Swedish or English.
    ///
    /// # Errors
    /// It is not one, or out of range.
    pub(super) fn read(text: &str) -> Result<Self, FaultKind> {
        let not_one = || FaultKind::NotATerm { text: text.to_owned() };
        let words: Vec<&str> = text.split_whitespace().collect();
        let (amount, rest) = words.split_first().ok_or_else(not_one)?;
        let amount: u16 = amount.parse().map_err(|_| not_one())?;
        let (unit, rest) = match rest {
            ["arbetsdag" | "arbetsdagar", rest @ ..] | ["working", "day" | "days", rest @ ..] => {
                (Unit::WorkingDays, rest)
            }
            ["dag" | "dagar" | "day" | "days", rest @ ..] => (Unit::Days, rest),
            ["timme" | "timmar" | "hour" | "hours", rest @ ..] => (Unit::Hours, rest),
            ["minut" | "minuter" | "minute" | "minutes", rest @ ..] => (Unit::Minutes, rest),
            _ => return Err(not_one()),
        };
        let after = match rest {
            [] => None,
            ["efter" | "after", step] => Some((*step).to_owned()),
            _ => return Err(not_one()),
        };
        if !(1..=unit.max()).contains(&amount) {
            return Err(FaultKind::OutOfRange { key: "due", min: 1, max: i64::from(unit.max()) });
        }
        Ok(Self { amount, unit, after })
    }

    /// When it is over, counted from `from`. Working days and days end when offices close.
    #[must_use]
    pub fn at(&self, from: Timestamp) -> Timestamp {
        let amount = i64::from(self.amount);
        let closing = |day: vocabulary::civil::Date| {
            day.at(CLOSING_HOUR, 0, 0, 0)
                .to_zoned(time_zone())
                .map_or(Timestamp::MAX, |zoned| zoned.timestamp())
        };
        let after = |span: SignedDuration| from.checked_add(span).unwrap_or(Timestamp::MAX);
        match self.unit {
            Unit::WorkingDays => closing(add_working_days(local_day(from), self.amount)),
            Unit::Days => closing(
                local_day(from)
                    .checked_add(SignedDuration::from_hours(24 * amount))
                    .unwrap_or(vocabulary::civil::Date::MAX),
            ),
            Unit::Hours => after(SignedDuration::from_hours(amount)),
            Unit::Minutes => after(SignedDuration::from_mins(amount)),
        }
    }
}

/// As it stands in a file, in Swedish.
impl fmt::Display for Due {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let one = self.amount == 1;
        let unit = match self.unit {
            Unit::WorkingDays if one => "arbetsdag",
            Unit::WorkingDays => "arbetsdagar",
            Unit::Days if one => "dag",
            Unit::Days => "dagar",
            Unit::Hours if one => "timme",
            Unit::Hours => "timmar",
            Unit::Minutes if one => "minut",
            Unit::Minutes => "minuter",
        };
        write!(f, "{} {unit}", self.amount)?;
        self.after.as_ref().map_or(Ok(()), |step| write!(f, " efter {step}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn over(text: &str, from: &str) -> String {
        Due::read(text).unwrap().at(from.parse().unwrap()).to_string()
    }

    #[test]
    fn terms_end_when_offices_close_and_urgent_ones_do_not_wait() {
        // Friday 30 October 2026 is followed by All Saints' and a Sunday; the clocks went back on the 25th.
        assert_eq!(over("1 arbetsdag", "2026-10-30T09:00:00Z"), "2026-11-02T15:00:00Z");
        assert_eq!(over("2 working days", "2026-06-18T09:00:00Z"), "2026-06-23T14:00:00Z");
        assert_eq!(over("3 dagar", "2026-10-23T09:00:00Z"), "2026-10-26T15:00:00Z");
        assert_eq!(over("4 timmar", "2026-10-31T23:30:00Z"), "2026-11-01T03:30:00Z");
        assert_eq!(over("20 minuter", "2026-10-31T23:30:00Z"), "2026-10-31T23:50:00Z");
    }

    #[test]
    fn what_is_no_term_is_refused() {
        for text in
            ["", "snart", "2", "två dagar", "2 veckor", "2 dagar efter", "2 dagar efter a b", "-1 dag"]
        {
            assert!(matches!(Due::read(text), Err(FaultKind::NotATerm { .. })), "{text}");
        }
        for text in ["0 dagar", "251 arbetsdagar", "241 timmar", "1441 minuter"] {
            assert!(matches!(Due::read(text), Err(FaultKind::OutOfRange { .. })), "{text}");
        }
        for text in ["1 arbetsdag", "30 minuter", "3 dagar efter boka"] {
            assert_eq!(Due::read(text).unwrap().to_string(), text);
        }
    }
}
