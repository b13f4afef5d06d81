//! Days and times as calendars write them, and the instants they are.

use super::zone::{Zone, Zones};
use super::{Fault, FaultKind, Property};
use jiff::civil::{Date, DateTime, Time};
use jiff::{SignedDuration, Span, ToSpan as _};
use vocabulary::{Timestamp, start_of_day};

/// A day, or a time of day in its zone.
#[derive(Clone, Debug, PartialEq)]
pub enum When {
    /// A whole day.
    Day(Date),
    /// A time.
    Time {
        /// As the clock on the wall shows it there.
        local: DateTime,
        /// Where that clock hangs.
        zone: Zone,
    },
}

impl When {
    /// The day or time as written on the wall.
    #[must_use]
    pub fn local(&self) -> DateTime {
        match self {
            Self::Day(day) => day.to_datetime(Time::midnight()),
            Self::Time { local, .. } => *local,
        }
    }

    /// The instant; a day begins at its midnight in Sweden.
    #[must_use]
    pub fn instant(&self) -> Timestamp {
        match self {
            Self::Day(day) => start_of_day(*day),
            Self::Time { local, zone } => zone.instant(*local),
        }
    }

    /// The same sort of thing at another place on the wall's calendar.
    #[must_use]
    pub fn at(&self, local: DateTime) -> Self {
        match self {
            Self::Day(_) => Self::Day(local.date()),
            Self::Time { zone, .. } => Self::Time { local, zone: zone.clone() },
        }
    }

    /// How it is named among the occurrences of a series: the day, or the instant in UTC.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::Day(day) => day.strftime("%Y%m%d").to_string(),
            Self::Time { .. } => self.instant().strftime("%Y%m%dT%H%M%SZ").to_string(),
        }
    }
}

/// Reads a DATE or DATE-TIME property (RFC 5545, 3.3.4 and 3.3.5). A time without a zone is where the calendar is.
pub(super) fn when(property: &Property, zones: &Zones<'_>) -> Result<When, Fault> {
    one(property, property.value.trim(), zones)
}

/// Reads a list of them, as EXDATE and RDATE have it. Of a period its beginning counts.
pub(super) fn list(property: &Property, zones: &Zones<'_>) -> Result<Vec<When>, Fault> {
    let values = property.value.split(',').map(str::trim).filter(|value| !value.is_empty());
    values.map(|value| one(property, value.split_once('/').map_or(value, |(from, _)| from), zones)).collect()
}

fn one(property: &Property, value: &str, zones: &Zones<'_>) -> Result<When, Fault> {
    let fault = || property.fault(FaultKind::NotATime);
    if let Some(day) = day(value) {
        return Ok(When::Day(day));
    }
    let (local, utc) = local(value).ok_or_else(fault)?;
    let zone = match property.parameter("TZID") {
        _ if utc => Zone::utc(),
        Some(name) => zones
            .named(name)
            .ok_or_else(|| Fault::new(property.line, FaultKind::UnknownZone, &format!("TZID={name}")))?,
        None => zones.floating(),
    };
    Ok(When::Time { local, zone })
}

/// `20261103`, and `2026-11-03` as some write it.
pub(super) fn day(text: &str) -> Option<Date> {
    let digits: String = match text.len() {
        8 => text.to_owned(),
        10 if text.as_bytes()[4] == b'-' && text.as_bytes()[7] == b'-' => text.replace('-', ""),
        _ => return None,
    };
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    Date::new(digits[..4].parse().ok()?, digits[4..6].parse().ok()?, digits[6..].parse().ok()?).ok()
}

/// `20261103T083000`, with a Z for UTC; seconds may be left out. A leap second is the second before.
pub(super) fn local(text: &str) -> Option<(DateTime, bool)> {
    let (text, utc) = match text.strip_suffix(['Z', 'z']) {
        Some(text) => (text, true),
        None => (text, false),
    };
    let (date, time) = text.split_once(['T', 't'])?;
    let time = if time.contains(':') { time.replace(':', "") } else { time.to_owned() };
    if !matches!(time.len(), 4 | 6) || !time.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let part = |at: usize| time.get(at..at + 2).map_or(Some(0), |part| part.parse::<i8>().ok());
    let (hour, minute, second) = (part(0)?, part(2)?, part(4)?);
    let date = day(date)?;
    // 24:00:00 is not in the standard, and means the next midnight where it is written.
    if (hour, minute, second) == (24, 0, 0) {
        return Some((date.tomorrow().ok()?.to_datetime(Time::midnight()), utc));
    }
    Some((date.to_datetime(Time::new(hour, minute, second.min(59), 0).ok()?), utc))
}

/// A DURATION (RFC 5545, 3.3.6): weeks and days are of the calendar, hours and less of the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Lasting {
    pub days: i64,
    pub time: SignedDuration,
}

impl Lasting {
    /// Where it leads from `from`: days on the wall's calendar, then exact time.
    pub fn after(self, from: &When) -> When {
        let days: Span = self.days.days();
        let local = from.local().checked_add(days).unwrap_or(from.local());
        match from {
            When::Day(_) if self.time.is_zero() => from.at(local),
            When::Day(_) => When::Day(local.checked_add(self.time).unwrap_or(local).date()),
            When::Time { zone, .. } => {
                let instant = zone.instant(local).checked_add(self.time).unwrap_or(Timestamp::MAX);
                When::Time { local: zone.local(instant), zone: zone.clone() }
            }
        }
    }
}

pub(super) fn lasting(property: &Property) -> Result<Lasting, Fault> {
    read_lasting(property.value.trim()).ok_or_else(|| property.fault(FaultKind::NotADuration))
}

fn read_lasting(text: &str) -> Option<Lasting> {
    let (sign, text) = match text.as_bytes().first()? {
        b'-' => (-1, &text[1..]),
        b'+' => (1, &text[1..]),
        _ => (1, text),
    };
    let mut rest = text.strip_prefix(['P', 'p'])?;
    let (mut days, mut seconds, mut in_time, mut any) = (0_i64, 0_i64, false, false);
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix(['T', 't']) {
            (rest, in_time) = (after, true);
            continue;
        }
        let end = rest.find(|c: char| !c.is_ascii_digit())?;
        let number: i64 = rest[..end].parse().ok()?;
        if number > 10_000_000 {
            return None;
        }
        match (rest.as_bytes()[end].to_ascii_uppercase(), in_time) {
            (b'W', false) => days += number * 7,
            (b'D', false) => days += number,
            (b'H', true) => seconds += number * 3_600,
            (b'M', true) => seconds += number * 60,
            (b'S', true) => seconds += number,
            _ => return None,
        }
        any = true;
        rest = &rest[end + 1..];
    }
    any.then(|| Lasting { days: sign * days, time: SignedDuration::from_secs(sign * seconds) })
}
