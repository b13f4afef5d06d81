//! The Swedish calendar: red days, eves and working days.
//!
//! Red days follow lag (1989:253) om allmänna helgdagar. Midsummer Eve, Christmas Eve and New Year's Eve are not red
//! by that law but are treated as Sundays by 3 a § semesterlagen and by lag (1930:173) om beräkning av lagstadgad
//! tid, so no officer can be expected to answer on them.

use crate::{Timestamp, time_zone};
use jiff::civil::{Date, Weekday, date};

/// What sort of day it is for somebody who works office hours in a Swedish municipality.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayKind {
    /// Monday to Friday, nothing special.
    Working,
    /// A working day before a red day, on which many stop at noon (Twelfth Night, Maundy Thursday, Walpurgis Night,
    /// the day before All Saints').
    ShortWorking,
    /// Saturday or Sunday that is not also a red day.
    Weekend,
    /// A red day or an eve that counts as one.
    Red,
}

/// Easter Sunday of `year` in the Gregorian calendar (the anonymous algorithm, Nature 1876, as given by Meeus).
fn easter_sunday(year: i16) -> Date {
    let y = i32::from(year);
    let a = y % 19;
    let (b, c) = (y / 100, y % 100);
    let (d, e) = (b / 4, b % 4);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 19 * l) / 433;
    let month = (h + l - 7 * m + 90) / 25;
    let day = (h + l - 7 * m + 33 * month + 19) % 32;
    date(year, i8::try_from(month).unwrap_or(4), i8::try_from(day).unwrap_or(1))
}

/// Days from Easter Sunday to `day`; negative before it.
fn days_from_easter(day: Date) -> i64 {
    let easter = easter_sunday(day.year());
    i64::from(day.day_of_year()) - i64::from(easter.day_of_year())
}

/// What sort of day `day` is.
#[must_use]
pub fn day_kind(day: Date) -> DayKind {
    let (month, dom, weekday) = (day.month(), day.day(), day.weekday());
    let from_easter = days_from_easter(day);
    let fixed_red =
        matches!((month, dom), (1, 1) | (1, 6) | (5, 1) | (6, 6) | (12, 24) | (12, 25) | (12, 26) | (12, 31));
    let easter_red = matches!(from_easter, -2 | 0 | 1 | 39 | 49);
    let midsummer = month == 6
        && ((weekday == Weekday::Friday && (19..=25).contains(&dom))
            || (weekday == Weekday::Saturday && (20..=26).contains(&dom)));
    let all_saints =
        weekday == Weekday::Saturday && ((month == 10 && dom == 31) || (month == 11 && dom <= 6));
    if fixed_red || easter_red || midsummer || all_saints {
        return DayKind::Red;
    }
    if matches!(weekday, Weekday::Saturday | Weekday::Sunday) {
        return DayKind::Weekend;
    }
    let before_all_saints =
        weekday == Weekday::Friday && ((month == 10 && dom >= 30) || (month == 11 && dom <= 5));
    if matches!((month, dom), (1, 5) | (4, 30)) || from_easter == -3 || before_all_saints {
        return DayKind::ShortWorking;
    }
    DayKind::Working
}

/// Whether an officer can be expected to work on `day`.
#[must_use]
pub fn is_working_day(day: Date) -> bool {
    matches!(day_kind(day), DayKind::Working | DayKind::ShortWorking)
}

/// The day `working_days` working days after `day`. Zero gives `day` itself if it is a working day, else the next one.
#[must_use]
pub fn add_working_days(day: Date, working_days: u16) -> Date {
    let mut at = day;
    let mut left = working_days;
    while !is_working_day(at) {
        at = at.tomorrow().unwrap_or(at);
        if at == Date::MAX {
            return at;
        }
        // A count that begins on a free day begins on the next working day.
    }
    while left > 0 && at != Date::MAX {
        at = at.tomorrow().unwrap_or(Date::MAX);
        if is_working_day(at) {
            left -= 1;
        }
    }
    at
}

/// How many working days lie after `from` up to and including `to`. Zero if `to` is not after `from`.
#[must_use]
pub fn working_days_between(from: Date, to: Date) -> u32 {
    let mut at = from;
    let mut n = 0;
    while at < to {
        at = match at.tomorrow() {
            Ok(next) => next,
            Err(_) => return n,
        };
        n += u32::from(is_working_day(at));
    }
    n
}

/// The day `at` falls on in Sweden.
#[must_use]
pub fn local_day(at: Timestamp) -> Date {
    at.to_zoned(time_zone()).date()
}

/// The instant `day` begins in Sweden.
#[must_use]
pub fn start_of_day(day: Date) -> Timestamp {
    day.to_zoned(time_zone()).map_or(Timestamp::MAX, |z| z.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn easter_falls_where_the_church_says() {
        for (y, m, d) in
            [(2024, 3, 31), (2025, 4, 20), (2026, 4, 5), (2027, 3, 28), (2038, 4, 25), (2285, 3, 22)]
        {
            assert_eq!(easter_sunday(y), date(y, m, d));
        }
    }

    #[test]
    fn the_red_days_of_2026() {
        let red: Vec<String> = (0..365)
            .map(|n| date(2026, 1, 1) + jiff::Span::new().days(n))
            .filter(|d| day_kind(*d) == DayKind::Red)
            .map(|d| d.strftime("%m-%d").to_string())
            .collect();
        assert_eq!(
            red.join(" "),
            "01-01 01-06 04-03 04-05 04-06 05-01 05-14 05-24 06-06 06-19 06-20 10-31 12-24 12-25 12-26 12-31"
        );
    }

    #[test]
    fn working_days_skip_what_is_free() {
        // Maundy Thursday 2026 plus one is Tuesday after Easter.
        assert_eq!(add_working_days(date(2026, 4, 2), 1), date(2026, 4, 7));
        assert_eq!(add_working_days(date(2026, 4, 4), 0), date(2026, 4, 7));
        assert_eq!(working_days_between(date(2026, 12, 22), date(2027, 1, 1)), 4);
    }

    #[test]
    fn a_day_in_sweden_begins_at_its_own_midnight() {
        assert_eq!(start_of_day(date(2026, 7, 1)).to_string(), "2026-06-30T22:00:00Z");
        assert_eq!(local_day("2026-12-31T23:30:00Z".parse().unwrap()), date(2027, 1, 1));
    }
}
