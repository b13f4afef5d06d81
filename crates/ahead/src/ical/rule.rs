//! Rules of repetition (RFC 5545, 3.3.10), read and checked.

use super::{FaultKind, when};
use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::TimeZone;
use vocabulary::Timestamp;

/// How often.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the words are the standard's own")]
pub enum Frequency {
    Secondly,
    Minutely,
    Hourly,
    Daily,
    Weekly,
    Monthly,
    Yearly,
}

/// The last moment at which it can repeat, included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// That day.
    Day(Date),
    /// That time, as the clock of the event shows it.
    Local(DateTime),
    /// That instant.
    Instant(Timestamp),
}

/// A rule. The lists are empty where the rule has no such part.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the parts are the standard's own")]
pub struct Rule {
    pub frequency: Frequency,
    pub interval: u32,
    pub until: Option<Until>,
    pub count: Option<u32>,
    pub by_second: Vec<i16>,
    pub by_minute: Vec<i16>,
    pub by_hour: Vec<i16>,
    /// With which of them in the month or year; 0 for each.
    pub by_day: Vec<(i16, Weekday)>,
    pub by_month_day: Vec<i16>,
    pub by_year_day: Vec<i16>,
    pub by_week: Vec<i16>,
    pub by_month: Vec<i16>,
    pub by_position: Vec<i16>,
    pub week_start: Weekday,
}

/// Most values in one part of a rule.
const VALUES_MAX: usize = 400;
/// Longest rule, in bytes.
const RULE_BYTES_MAX: usize = 4_000;

impl Rule {
    /// Reads what stands after `RRULE:`.
    ///
    /// # Errors
    /// [`FaultKind::NotARule`], or [`FaultKind::RuleNotFollowed`] for other calendars than the Gregorian (RFC 7529).
    pub fn read(text: &str) -> Result<Self, FaultKind> {
        if text.len() > RULE_BYTES_MAX {
            return Err(FaultKind::NotARule);
        }
        let mut rule = Self {
            frequency: Frequency::Daily,
            interval: 1,
            until: None,
            count: None,
            by_second: Vec::new(),
            by_minute: Vec::new(),
            by_hour: Vec::new(),
            by_day: Vec::new(),
            by_month_day: Vec::new(),
            by_year_day: Vec::new(),
            by_week: Vec::new(),
            by_month: Vec::new(),
            by_position: Vec::new(),
            week_start: Weekday::Monday,
        };
        let mut frequency = None;
        for part in text.trim().split(';').map(str::trim).filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=').ok_or(FaultKind::NotARule)?;
            let (name, value) = (name.trim().to_ascii_uppercase(), value.trim().to_ascii_uppercase());
            match name.as_str() {
                "FREQ" => frequency = Some(frequency_of(&value)?),
                _ => rule.part(&name, &value)?,
            }
        }
        rule.frequency = frequency.ok_or(FaultKind::NotARule)?;
        // Both may not stand in one rule; where they do, the one that ends it first holds.
        let weeks_out_of_place = !rule.by_week.is_empty() && rule.frequency != Frequency::Yearly;
        let days_of_year = !rule.by_year_day.is_empty();
        let year_days_out_of_place = days_of_year
            && matches!(rule.frequency, Frequency::Daily | Frequency::Weekly | Frequency::Monthly);
        let month_days_out_of_place = !rule.by_month_day.is_empty() && rule.frequency == Frequency::Weekly;
        if weeks_out_of_place || year_days_out_of_place || month_days_out_of_place {
            return Err(FaultKind::NotARule);
        }
        Ok(rule)
    }

    fn part(&mut self, name: &str, value: &str) -> Result<(), FaultKind> {
        match name {
            "INTERVAL" => self.interval = at_least_one(value)?,
            "COUNT" => self.count = Some(at_least_one(value)?),
            "UNTIL" => self.until = Some(until(value)?),
            "WKST" => self.week_start = weekday(value)?,
            "BYSECOND" => self.by_second = numbers(value, 0..=60)?,
            "BYMINUTE" => self.by_minute = numbers(value, 0..=59)?,
            "BYHOUR" => self.by_hour = numbers(value, 0..=23)?,
            "BYDAY" => self.by_day = days(value)?,
            "BYMONTHDAY" => self.by_month_day = signed(value, 31)?,
            "BYYEARDAY" => self.by_year_day = signed(value, 366)?,
            "BYWEEKNO" => self.by_week = signed(value, 53)?,
            "BYMONTH" => self.by_month = numbers(value, 1..=12)?,
            "BYSETPOS" => self.by_position = signed(value, 366)?,
            "RSCALE" if value == "GREGORIAN" => {}
            "RSCALE" | "SKIP" => return Err(FaultKind::RuleNotFollowed),
            _ if name.starts_with("X-") => {}
            _ => return Err(FaultKind::NotARule),
        }
        Ok(())
    }
}

fn frequency_of(value: &str) -> Result<Frequency, FaultKind> {
    Ok(match value {
        "SECONDLY" => Frequency::Secondly,
        "MINUTELY" => Frequency::Minutely,
        "HOURLY" => Frequency::Hourly,
        "DAILY" => Frequency::Daily,
        "WEEKLY" => Frequency::Weekly,
        "MONTHLY" => Frequency::Monthly,
        "YEARLY" => Frequency::Yearly,
        _ => return Err(FaultKind::NotARule),
    })
}

fn at_least_one(value: &str) -> Result<u32, FaultKind> {
    value.parse().ok().filter(|n| *n >= 1).ok_or(FaultKind::NotARule)
}

fn until(value: &str) -> Result<Until, FaultKind> {
    if let Some(day) = when::day(value) {
        return Ok(Until::Day(day));
    }
    let (local, utc) = when::local(value).ok_or(FaultKind::NotARule)?;
    if !utc {
        return Ok(Until::Local(local));
    }
    let instant = TimeZone::UTC.to_ambiguous_timestamp(local).compatible();
    instant.map(Until::Instant).map_err(|_| FaultKind::NotARule)
}

fn weekday(value: &str) -> Result<Weekday, FaultKind> {
    Ok(match value {
        "MO" => Weekday::Monday,
        "TU" => Weekday::Tuesday,
        "WE" => Weekday::Wednesday,
        "TH" => Weekday::Thursday,
        "FR" => Weekday::Friday,
        "SA" => Weekday::Saturday,
        "SU" => Weekday::Sunday,
        _ => return Err(FaultKind::NotARule),
    })
}

fn values<T>(value: &str, read: impl Fn(&str) -> Option<T>) -> Result<Vec<T>, FaultKind> {
    let all: Option<Vec<T>> = value.split(',').map(|one| read(one.trim())).collect();
    all.filter(|all| all.len() <= VALUES_MAX).ok_or(FaultKind::NotARule)
}

fn numbers(value: &str, within: std::ops::RangeInclusive<i16>) -> Result<Vec<i16>, FaultKind> {
    values(value, |one| one.parse().ok().filter(|n| within.contains(n)))
}

/// Numbers counted from either end: 1 to `most`, and -1 to -`most`.
fn signed(value: &str, most: i16) -> Result<Vec<i16>, FaultKind> {
    values(value, |one| one.parse().ok().filter(|n: &i16| *n != 0 && n.abs() <= most))
}

fn days(value: &str) -> Result<Vec<(i16, Weekday)>, FaultKind> {
    values(value, |one| {
        let at = one.len().checked_sub(2).filter(|at| one.is_char_boundary(*at))?;
        let (nth, day) = one.split_at(at);
        let nth =
            if nth.is_empty() { 0 } else { nth.parse().ok().filter(|n: &i16| *n != 0 && n.abs() <= 53)? };
        Some((nth, weekday(day).ok()?))
    })
}
