//! Time zones: by their own names, by the names Windows gives them, or as the file describes them (VTIMEZONE).

use super::component::Component;
use super::rule::{Rule, Until};
use super::{expand, when, windows};
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, ToSpan as _};
use std::collections::BTreeMap;
use std::sync::Arc;
use vocabulary::{Timestamp, time_zone};

/// Most changes of the clock that are read from one description.
const CHANGES_MAX: usize = 2_000;
/// Areas of the zone database whose cities the display names of Windows tell.
const AREAS: [&str; 7] = ["Europe", "America", "Asia", "Africa", "Australia", "Pacific", "Atlantic"];

/// Where a clock hangs.
#[derive(Clone, Debug, PartialEq)]
pub enum Zone {
    /// One of the zone database.
    Known(TimeZone),
    /// As the file tells.
    Told(Arc<Told>),
}

/// A zone as a file tells it: when its clocks are changed, and by how much.
#[derive(Debug, PartialEq)]
pub struct Told {
    changes: Vec<Change>,
}

/// A change of the clocks. `at` is what they show just before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Change {
    at: DateTime,
    from_s: i64,
    to_s: i64,
}

impl Zone {
    /// UTC.
    #[must_use]
    pub fn utc() -> Self {
        Self::Known(TimeZone::UTC)
    }

    /// The instant at which a clock there shows `local`: of a time shown twice the first, and one that is skipped is
    /// counted as if the clock had not been changed yet (RFC 5545, 3.3.5).
    #[must_use]
    pub fn instant(&self, local: DateTime) -> Timestamp {
        match self {
            Self::Known(zone) => zone.to_ambiguous_timestamp(local).compatible().unwrap_or(Timestamp::MAX),
            Self::Told(told) => told.instant(local),
        }
    }

    /// What a clock there shows at `instant`.
    #[must_use]
    pub fn local(&self, instant: Timestamp) -> DateTime {
        match self {
            Self::Known(zone) => zone.to_datetime(instant),
            Self::Told(told) => {
                let seconds = told.offset_at(instant);
                let shown = instant.checked_add(SignedDuration::from_secs(seconds));
                TimeZone::UTC.to_datetime(shown.unwrap_or(instant))
            }
        }
    }
}

impl Told {
    fn instant(&self, local: DateTime) -> Timestamp {
        let before = self.changes.partition_point(|change| change.at <= local);
        let seconds = match before.checked_sub(1).map(|at| self.changes[at]) {
            None => self.changes.first().map_or(0, |change| change.from_s),
            Some(change) => {
                let skipped = SignedDuration::from_secs((change.to_s - change.from_s).max(0));
                let in_gap = change.at.checked_add(skipped).is_ok_and(|end| local < end);
                if in_gap { change.from_s } else { change.to_s }
            }
        };
        utc(local, seconds)
    }

    fn offset_at(&self, instant: Timestamp) -> i64 {
        let before = self.changes.partition_point(|change| utc(change.at, change.from_s) <= instant);
        match before.checked_sub(1) {
            Some(at) => self.changes[at].to_s,
            None => self.changes.first().map_or(0, |change| change.from_s),
        }
    }
}

fn utc(local: DateTime, offset_s: i64) -> Timestamp {
    let as_utc = TimeZone::UTC.to_ambiguous_timestamp(local).compatible().unwrap_or(Timestamp::MAX);
    as_utc.checked_sub(SignedDuration::from_secs(offset_s)).unwrap_or(as_utc)
}

/// The zones a calendar's times can be in.
pub(super) struct Zones<'c> {
    told: BTreeMap<&'c str, Zone>,
    floating: Zone,
}

impl<'c> Zones<'c> {
    /// Those of `calendar`, with their changes up to `until`.
    pub fn of(calendar: &'c Component, until: Date) -> Self {
        let mut told = BTreeMap::new();
        for described in calendar.components.iter().filter(|inner| inner.name == "VTIMEZONE") {
            let Some(id) = described.property("TZID") else { continue };
            let located = described.property("X-LIC-LOCATION").and_then(|at| in_database(at.value.trim()));
            let zone = located.or_else(|| read(described, until));
            if let Some(zone) = zone {
                told.insert(id.value.trim(), zone);
            }
        }
        let own = calendar.property("X-WR-TIMEZONE").map(|named| named.value.trim());
        let mut zones = Self { told, floating: Zone::Known(time_zone()) };
        if let Some(zone) = own.and_then(|name| zones.named(name)) {
            zones.floating = zone;
        }
        zones
    }

    /// Where a time without a zone is: where the calendar says it is, or else in Sweden.
    pub fn floating(&self) -> Zone {
        self.floating.clone()
    }

    /// The zone of that name. The database's own names come first, since it knows more than a file tells; then those of
    /// Windows, then what the file tells, then names that hold a known one.
    pub fn named(&self, name: &str) -> Option<Zone> {
        let name = name.trim().trim_matches('"');
        in_database(name)
            .or_else(|| windows::zone(name).and_then(in_database))
            .or_else(|| self.told.get(name).cloned())
            .or_else(|| led_by_path(name))
            .or_else(|| by_city(name))
    }
}

fn in_database(name: &str) -> Option<Zone> {
    let plain = !name.is_empty()
        && name.len() <= 64
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"/_+-".contains(&b))
        && name.starts_with(|c: char| c.is_ascii_alphabetic());
    plain.then(|| TimeZone::get(name).ok()).flatten().map(Zone::Known)
}

/// `/citadel.org/20210210_1/Europe/Stockholm`, `/freeassociation.sourceforge.net/Europe/Stockholm`.
fn led_by_path(name: &str) -> Option<Zone> {
    let parts: Vec<&str> = name.split('/').filter(|part| !part.is_empty()).collect();
    (2..=3)
        .rev()
        .filter_map(|n| parts.len().checked_sub(n))
        .find_map(|from| in_database(&parts[from..].join("/")))
}

/// `(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna`: a zone of one of the cities, Sweden's first.
fn by_city(name: &str) -> Option<Zone> {
    let (_, cities) = name.strip_prefix("(UTC").or_else(|| name.strip_prefix("(GMT"))?.split_once(')')?;
    if cities.contains("Stockholm") {
        return Some(Zone::Known(time_zone()));
    }
    let cities = cities.split(',').map(|city| city.trim().replace(' ', "_"));
    cities
        .filter(|city| !city.is_empty())
        .find_map(|city| AREAS.iter().find_map(|area| in_database(&format!("{area}/{city}"))))
}

/// What a VTIMEZONE tells; none if it cannot be read.
fn read(described: &Component, until: Date) -> Option<Zone> {
    let mut changes = Vec::new();
    for observance in &described.components {
        if !matches!(observance.name.as_str(), "STANDARD" | "DAYLIGHT") {
            continue;
        }
        let offset = |name| observance.property(name).and_then(|told| seconds(told.value.trim()));
        let (from_s, to_s) = (offset("TZOFFSETFROM")?, offset("TZOFFSETTO")?);
        let (start, _) = when::local(observance.property("DTSTART")?.value.trim())?;
        let mut at = vec![start];
        if let Some(rule) = observance.property("RRULE") {
            let rule = Rule::read(&rule.value).ok()?;
            let end = until.checked_add(1.year()).unwrap_or(until).to_datetime(start.time());
            let within = |local: DateTime| match rule.until {
                None => true,
                Some(Until::Day(day)) => local.date() <= day,
                Some(Until::Local(last)) => local <= last,
                Some(Until::Instant(last)) => utc(local, from_s) <= last,
            };
            at = expand::expand(&rule, start, DateTime::MIN, end, within).ok()?;
        }
        for dates in observance.all("RDATE") {
            let each = dates.value.split(',').filter_map(|one| when::local(one.trim()));
            at.extend(each.map(|(local, _)| local));
        }
        changes.extend(at.into_iter().map(|at| Change { at, from_s, to_s }));
        if changes.len() > CHANGES_MAX {
            return None;
        }
    }
    changes.sort();
    changes.dedup_by_key(|change| change.at);
    (!changes.is_empty()).then(|| Zone::Told(Arc::new(Told { changes })))
}

/// `+0100`, `-023000`: seconds before UTC.
fn seconds(text: &str) -> Option<i64> {
    let (sign, digits) = match text.as_bytes().first()? {
        b'+' => (1, &text[1..]),
        b'-' => (-1, &text[1..]),
        _ => return None,
    };
    let digits = digits.replace(':', "");
    if !matches!(digits.len(), 4 | 6) || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let part = |at: usize| digits.get(at..at + 2).map_or(Some(0), |part| part.parse::<i64>().ok());
    Some(sign * (part(0)? * 3_600 + part(2)? * 60 + part(4)?))
}
