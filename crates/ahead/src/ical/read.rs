//! From components to occurrences: each event, and each of a series, with what was changed for single ones.

use super::component::{Component, parse};
use super::occurrence::{Occurrence, Status};
use super::rule::{Rule, Until};
use super::when::{self, When};
use super::zone::Zones;
use super::{Fault, FaultKind, Property, expand};
use jiff::civil::DateTime;
use jiff::{Span, ToSpan as _};
use std::collections::{BTreeMap, BTreeSet};
use vocabulary::{Timestamp, local_day};

/// Most events in one file.
const EVENTS_MAX: usize = 10_000;
/// Most occurrences that are read from one file.
const OCCURRENCES_MAX: usize = 5_000;
/// Most faults that are told; who has so many reads the first.
const FAULTS_MAX: usize = 50;

/// Which time is of interest: what has ended before it or begins after it is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// From when.
    pub from: Timestamp,
    /// Until when, not included.
    pub to: Timestamp,
}

/// What a calendar says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// What it calls itself.
    pub name: Option<String>,
    /// What happens within the window, in the order it begins.
    pub occurrences: Vec<Occurrence>,
    /// What could not be read. Each of these events is left out; the others are read all the same.
    pub faults: Vec<Fault>,
}

/// Reads a calendar.
///
/// # Errors
/// The file as a whole cannot be read: see [`parse`].
pub fn read(file: &[u8], window: Window) -> Result<Reading, Fault> {
    let calendars = parse(file)?;
    let mut reading = Reading::default();
    for calendar in &calendars {
        let name = calendar.property("X-WR-CALNAME").or_else(|| calendar.property("NAME"));
        reading.name = reading.name.or_else(|| name.map(Property::text));
        of_calendar(calendar, window, &mut reading.occurrences, &mut reading.faults)?;
    }
    reading.occurrences.sort_by(|a, b| {
        (a.begins.instant(), &a.uid, &a.recurrence).cmp(&(b.begins.instant(), &b.uid, &b.recurrence))
    });
    reading.faults.sort_by_key(|fault| fault.line);
    reading.faults.truncate(FAULTS_MAX);
    Ok(reading)
}

/// A VEVENT, read but not yet repeated.
struct Told<'c> {
    component: &'c Component,
    once: Occurrence,
    /// Which of a series it changes, and whether also those that follow.
    changes: Option<(When, bool)>,
}

fn of_calendar(
    calendar: &Component,
    window: Window,
    occurrences: &mut Vec<Occurrence>,
    faults: &mut Vec<Fault>,
) -> Result<(), Fault> {
    let zones = Zones::of(calendar, local_day(window.to));
    let called_off =
        calendar.property("METHOD").is_some_and(|m| m.value.trim().eq_ignore_ascii_case("CANCEL"));
    let mut series: BTreeMap<String, Vec<Told<'_>>> = BTreeMap::new();
    let events = calendar.components.iter().filter(|inner| inner.name == "VEVENT");
    for (count, component) in events.enumerate() {
        if count >= EVENTS_MAX {
            return Err(Fault::new(component.line, FaultKind::TooMany, "VEVENT"));
        }
        match told(component, &zones, called_off) {
            Ok(told) => series.entry(told.once.uid.clone()).or_default().push(told),
            Err(fault) => faults.push(fault),
        }
    }
    for told in series.into_values() {
        match of_series(told, &zones, window) {
            Ok(found) => occurrences.extend(found),
            Err(fault) => faults.push(fault),
        }
        if occurrences.len() > OCCURRENCES_MAX {
            return Err(Fault::new(calendar.line, FaultKind::TooMany, "VEVENT"));
        }
    }
    Ok(())
}

fn told<'c>(component: &'c Component, zones: &Zones<'_>, called_off: bool) -> Result<Told<'c>, Fault> {
    let missing = |kind| Fault::new(component.line, kind, "BEGIN:VEVENT");
    let text = |name| component.property(name).map(|p| p.text().trim().to_owned()).unwrap_or_default();
    let uid = component.only("UID")?.map(|uid| uid.text().trim().to_owned()).filter(|uid| !uid.is_empty());
    let uid = uid.ok_or_else(|| missing(FaultKind::NoUid))?;
    let start = component.only("DTSTART")?.ok_or_else(|| missing(FaultKind::NoStart))?;
    let begins = when::when(start, zones)?;
    let ends = ends(component, &begins, zones)?;
    let (begins, ends) = whole_days(component, begins, ends);
    let changes = match component.only("RECURRENCE-ID")? {
        Some(which) => {
            let and_after = which.parameter("RANGE").is_some_and(|r| r.eq_ignore_ascii_case("THISANDFUTURE"));
            Some((when::when(which, zones)?, and_after))
        }
        None => None,
    };
    let status = match component.property("STATUS").map(|s| s.value.trim().to_ascii_uppercase()).as_deref() {
        _ if called_off => Status::Cancelled,
        Some("CANCELLED") => Status::Cancelled,
        Some("TENTATIVE") => Status::Tentative,
        _ => Status::Confirmed,
    };
    let sequence = match component.property("SEQUENCE") {
        Some(p) => p.value.trim().parse().map_err(|_| p.fault(FaultKind::NotANumber))?,
        None => 0,
    };
    // A stamp that cannot be read only loses the order of two tellings.
    let stamp = ["LAST-MODIFIED", "DTSTAMP"]
        .into_iter()
        .filter_map(|name| component.property(name))
        .find_map(|p| when::when(p, zones).ok())
        .map(|stamp| stamp.instant());
    let categories = component.all("CATEGORIES").flat_map(|p| listed(&p.value)).collect();
    let once = Occurrence {
        uid,
        recurrence: String::new(),
        line: component.line,
        title: text("SUMMARY"),
        text: text("DESCRIPTION"),
        place: text("LOCATION"),
        position: component.property("GEO").map(position).transpose()?,
        begins,
        ends,
        status,
        sequence,
        stamp,
        categories,
    };
    Ok(Told { component, once, changes })
}

/// Texts with commas between, of which one with a backslash before belongs to its text.
fn listed(value: &str) -> Vec<String> {
    let mut all = vec![String::new()];
    let mut signs = value.chars();
    while let Some(c) = signs.next() {
        let last = all.len() - 1;
        match c {
            '\\' => all[last].extend(signs.next()),
            ',' => all.push(String::new()),
            _ => all[last].push(c),
        }
    }
    all.into_iter().map(|one| one.trim().to_owned()).filter(|one| !one.is_empty()).collect()
}

fn position(property: &Property) -> Result<(f64, f64), Fault> {
    let read = || {
        let (latitude, longitude) = property.value.split_once([';', ','])?;
        let (latitude, longitude): (f64, f64) =
            (latitude.trim().parse().ok()?, longitude.trim().parse().ok()?);
        let there = (-90.0..=90.0).contains(&latitude) && (-180.0..=180.0).contains(&longitude);
        there.then_some((latitude, longitude))
    };
    read().ok_or_else(|| property.fault(FaultKind::NotANumber))
}

/// Until when: by DTEND, or by DURATION; without either a day lasts that day, and a time no time (RFC 5545, 3.6.1).
fn ends(component: &Component, begins: &When, zones: &Zones<'_>) -> Result<When, Fault> {
    let before = |p: &Property| p.fault(FaultKind::EndsBefore);
    if let Some(end) = component.only("DTEND")? {
        let ends = match (begins, when::when(end, zones)?) {
            // One of each sort: the end's day counts, as those who write it mean.
            (When::Day(_), When::Time { local, .. }) => When::Day(local.date()),
            (When::Time { .. }, When::Day(day)) => begins.at(day.to_datetime(jiff::civil::Time::midnight())),
            (_, ends) => ends,
        };
        return match begins {
            // A day that ends on itself lasts that day.
            When::Day(day) if ends == *begins => Ok(When::Day(day.tomorrow().unwrap_or(*day))),
            _ if ends.instant() < begins.instant() => Err(before(end)),
            _ => Ok(ends),
        };
    }
    if let Some(duration) = component.only("DURATION")? {
        let ends = when::lasting(duration)?.after(begins);
        return match begins {
            When::Day(day) if ends == *begins => Ok(When::Day(day.tomorrow().unwrap_or(*day))),
            _ if ends.instant() < begins.instant() => Err(before(duration)),
            _ => Ok(ends),
        };
    }
    Ok(match begins {
        When::Day(day) => When::Day(day.tomorrow().unwrap_or(*day)),
        When::Time { .. } => begins.clone(),
    })
}

/// Outlook writes whole days as times from midnight to midnight, and says so beside.
fn whole_days(component: &Component, begins: When, ends: When) -> (When, When) {
    let says = component
        .property("X-MICROSOFT-CDO-ALLDAYEVENT")
        .is_some_and(|p| p.value.trim().eq_ignore_ascii_case("TRUE"));
    let midnight = |when: &When| when.local().time() == jiff::civil::Time::midnight();
    if says && midnight(&begins) && midnight(&ends) && begins.local() < ends.local() {
        return (When::Day(begins.local().date()), When::Day(ends.local().date()));
    }
    (begins, ends)
}

/// Of several tellings of the same thing the newest holds: by sequence, then by stamp, then by place in the file.
fn newest<'t, 'c>(told: impl Iterator<Item = &'t Told<'c>>) -> Option<&'t Told<'c>>
where
    'c: 't,
{
    told.max_by_key(|told| (told.once.sequence, told.once.stamp, told.once.line))
}

fn of_series(all: Vec<Told<'_>>, zones: &Zones<'_>, window: Window) -> Result<Vec<Occurrence>, Fault> {
    let master = newest(all.iter().filter(|told| told.changes.is_none()));
    let mut changed: BTreeMap<String, &Told<'_>> = BTreeMap::new();
    for told in all.iter().filter(|told| told.changes.is_some()) {
        let Some((which, _)) = &told.changes else { continue };
        let key = key_in(master, which);
        let same = changed.get(&key).copied().into_iter().chain([told]);
        if let Some(newest) = newest(same) {
            changed.insert(key, newest);
        }
    }
    let mut found = Vec::new();
    if let Some(master) = master {
        let repeats =
            master.component.properties.iter().any(|p| matches!(p.name.as_str(), "RRULE" | "RDATE"));
        if repeats {
            found = repeated(master, &changed, zones, window)?;
        } else {
            found.push(master.once.clone());
        }
    }
    for (key, told) in &changed {
        found.push(Occurrence { recurrence: key.clone(), ..told.once.clone() });
    }
    found.retain(|once| {
        let (begins, ends) = (once.begins.instant(), once.ends.instant());
        begins < window.to && (ends > window.from || begins >= window.from)
    });
    Ok(found)
}

/// How the occurrence that a change names is called: a day, if the series is of days or names one by its day only.
fn key_in(master: Option<&Told<'_>>, which: &When) -> String {
    match (master.map(|master| &master.once.begins), which) {
        (Some(When::Day(_)), When::Time { local, .. }) => When::Day(local.date()).key(),
        (Some(begins @ When::Time { .. }), When::Day(day)) => {
            begins.at(day.to_datetime(begins.local().time())).key()
        }
        _ => which.key(),
    }
}

/// Every occurrence of a series within the window but those that were changed one by one.
fn repeated(
    master: &Told<'_>,
    changed: &BTreeMap<String, &Told<'_>>,
    zones: &Zones<'_>,
    window: Window,
) -> Result<Vec<Occurrence>, Fault> {
    let begins = &master.once.begins;
    let length = Length::of(&master.once);
    let mut times: BTreeSet<DateTime> = BTreeSet::from([begins.local()]);
    let (from, to) = bounds(begins, &length, window);
    for property in master.component.all("RRULE") {
        times.extend(by_rule(property, begins, (from, to))?);
    }
    for property in master.component.all("RDATE") {
        times.extend(when::list(property, zones)?.iter().map(|when| on_wall_of(begins, when)));
    }
    let mut left_out: BTreeSet<DateTime> = BTreeSet::new();
    for property in master.component.all("EXRULE") {
        left_out.extend(by_rule(property, begins, (from, to))?);
    }
    let mut days_out = BTreeSet::new();
    for property in master.component.all("EXDATE") {
        for when in when::list(property, zones)? {
            match (begins, &when) {
                // A whole day takes away what begins on it.
                (When::Time { .. }, When::Day(day)) => drop(days_out.insert(*day)),
                _ => drop(left_out.insert(on_wall_of(begins, &when))),
            }
        }
    }
    let mut ahead: Vec<(&When, &Told<'_>)> = changed
        .values()
        .filter_map(|told| told.changes.as_ref().filter(|(_, after)| *after).map(|(which, _)| (which, *told)))
        .collect();
    ahead.sort_by_key(|(which, _)| which.instant());
    let kept = times.into_iter().filter(|time| (from..to).contains(time));
    let kept = kept.filter(|time| !left_out.contains(time) && !days_out.contains(&time.date()));
    Ok(kept
        .map(|local| begins.at(local))
        .filter(|when| !changed.contains_key(&when.key()))
        .map(|when| one_of(master, &when, &length, &ahead))
        .collect())
}

/// The occurrence of a series that was to begin at `when`, as the last change that also holds for those after it says.
fn one_of(master: &Told<'_>, when: &When, length: &Length, ahead: &[(&When, &Told<'_>)]) -> Occurrence {
    let earlier = ahead.iter().take_while(|(which, _)| which.instant() <= when.instant()).last();
    let recurrence = when.key();
    let Some((which, told)) = earlier else {
        return Occurrence {
            recurrence,
            begins: when.clone(),
            ends: length.after(when),
            ..master.once.clone()
        };
    };
    let moved: Span = which.local().until(told.once.begins.local()).unwrap_or_default();
    let local = when.local().checked_add(moved).unwrap_or(when.local());
    let begins = told.once.begins.at(local);
    Occurrence { recurrence, ends: Length::of(&told.once).after(&begins), begins, ..told.once.clone() }
}

/// How long each of a series lasts: days on the wall's calendar, or exact time.
enum Length {
    Days(i64),
    Exact(jiff::SignedDuration),
}

impl Length {
    fn of(once: &Occurrence) -> Self {
        match (&once.begins, &once.ends) {
            (When::Day(first), When::Day(end)) => Self::Days(i64::from((*end - *first).get_days())),
            (begins, ends) => Self::Exact(ends.instant().duration_since(begins.instant())),
        }
    }

    fn after(&self, begins: &When) -> When {
        match (self, begins) {
            (Self::Days(days), When::Day(day)) => When::Day(day.checked_add(days.days()).unwrap_or(*day)),
            (Self::Days(days), When::Time { local, .. }) => {
                begins.at(local.checked_add(days.days()).unwrap_or(*local))
            }
            (Self::Exact(exact), When::Day(day)) => When::Day(
                day.to_datetime(jiff::civil::Time::midnight())
                    .checked_add(*exact)
                    .map_or(*day, |at| at.date()),
            ),
            (Self::Exact(exact), When::Time { zone, .. }) => {
                let instant = begins.instant().checked_add(*exact).unwrap_or(Timestamp::MAX);
                When::Time { local: zone.local(instant), zone: zone.clone() }
            }
        }
    }
}

/// The window on the wall's calendar of the series, with room for what lasts into it and for zones on the other side of
/// the world; the exact window is looked at afterwards.
fn bounds(begins: &When, length: &Length, window: Window) -> (DateTime, DateTime) {
    let wall = |at: Timestamp| match begins {
        When::Day(_) => local_day(at).to_datetime(jiff::civil::Time::midnight()),
        When::Time { zone, .. } => zone.local(at),
    };
    let back = match length {
        Length::Days(days) => *days + 1,
        Length::Exact(exact) => exact.as_hours() / 24 + 2,
    };
    let from = wall(window.from).checked_sub(back.days()).unwrap_or(DateTime::MIN);
    (from, wall(window.to).checked_add(1.day()).unwrap_or(DateTime::MAX))
}

fn by_rule(
    property: &Property,
    begins: &When,
    (from, to): (DateTime, DateTime),
) -> Result<Vec<DateTime>, Fault> {
    let rule = Rule::read(&property.value).map_err(|kind| property.fault(kind))?;
    let until = rule.until;
    let within = |local: DateTime| match until {
        None => true,
        Some(Until::Day(day)) => local.date() <= day,
        Some(Until::Local(last)) => local <= last,
        // Days have no zone; one that is bounded by an instant is bounded by that instant's day in Sweden.
        Some(Until::Instant(last)) => match begins {
            When::Day(_) => local.date() <= local_day(last),
            When::Time { .. } => begins.at(local).instant() <= last,
        },
    };
    expand::expand(&rule, begins.local(), from, to, within).map_err(|kind| property.fault(kind))
}

/// What the clock of `begins` shows at `when`.
fn on_wall_of(begins: &When, when: &When) -> DateTime {
    match (begins, when) {
        (When::Time { zone, .. }, When::Time { .. }) => zone.local(when.instant()),
        (When::Time { .. }, When::Day(day)) => day.to_datetime(begins.local().time()),
        (When::Day(_), _) => when.local().date().to_datetime(jiff::civil::Time::midnight()),
    }
}
