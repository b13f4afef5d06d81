//! When a rule repeats. Each period (a year, a month, a week, a day or less) has a set of times; those of a period are
//! what the rule's parts leave of all its days, as RFC 5545, 3.3.10, tells. Everything is on the wall's calendar.

use super::FaultKind;
use super::rule::{Frequency, Rule};
use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::{SignedDuration, Span, ToSpan as _};

/// Most periods that are looked through: every day of 270 years, every hour of 11.
const PERIODS_MAX: u32 = 100_000;
/// Most occurrences of one rule that are kept.
pub(super) const OCCURRENCES_MAX: usize = 1_000;

/// The times from `from` up to, not including, `to` at which `rule` repeats what begins at `start`, in order. The
/// beginning is the first of them, whether or not the rule would lead to it, and is counted. `within` says whether a time
/// is not after the rule's UNTIL.
///
/// # Errors
/// [`FaultKind::RuleTooLong`] if too many periods or times must be gone through.
pub(super) fn expand(
    rule: &Rule,
    start: DateTime,
    from: DateTime,
    to: DateTime,
    within: impl Fn(DateTime) -> bool,
) -> Result<Vec<DateTime>, FaultKind> {
    let mut kept = Vec::new();
    let mut counted = 0_u32;
    let mut keep = |time: DateTime| -> Result<bool, FaultKind> {
        if time >= to || !within(time) || rule.count.is_some_and(|count| counted >= count) {
            return Ok(false);
        }
        counted += 1;
        if time >= from {
            if kept.len() >= OCCURRENCES_MAX {
                return Err(FaultKind::RuleTooLong);
            }
            kept.push(time);
        }
        Ok(true)
    };
    if !keep(start)? {
        return Ok(kept);
    }
    for number in 0..PERIODS_MAX {
        let Some((set, first)) = period(rule, start, number) else { return Ok(kept) };
        for time in set.into_iter().filter(|time| *time > start) {
            if !keep(time)? {
                return Ok(kept);
            }
        }
        if first >= to {
            return Ok(kept);
        }
    }
    Err(FaultKind::RuleTooLong)
}

/// The times of the period with that number, in order, and when the period begins; none beyond the calendar's end.
fn period(rule: &Rule, start: DateTime, number: u32) -> Option<(Vec<DateTime>, DateTime)> {
    let steps = i64::from(number).checked_mul(i64::from(rule.interval))?;
    let (days, times, first) = match rule.frequency {
        Frequency::Yearly => {
            let year =
                i16::try_from(i64::from(start.year()).checked_add(steps)?).ok().filter(|y| *y < 9_990)?;
            let first = Date::new(year, 1, 1).ok()?;
            let days = (0..i64::from(first.days_in_year())).filter_map(|n| first.checked_add(n.days()).ok());
            (days.collect::<Vec<_>>(), times(rule, start), first)
        }
        Frequency::Monthly => {
            let first =
                start.date().first_of_month().checked_add(Span::new().try_months(steps).ok()?).ok()?;
            let days = (0..i64::from(first.days_in_month())).filter_map(|n| first.checked_add(n.days()).ok());
            (days.collect(), times(rule, start), first)
        }
        Frequency::Weekly => {
            let back = i64::from(start.weekday().since(rule.week_start));
            let first = start.date().checked_sub(back.days()).ok()?;
            let first = first.checked_add(Span::new().try_days(steps.checked_mul(7)?).ok()?).ok()?;
            let days = (0..7).filter_map(|n: i64| first.checked_add(n.days()).ok());
            (days.collect(), times(rule, start), first)
        }
        Frequency::Daily => {
            let day = start.date().checked_add(Span::new().try_days(steps).ok()?).ok()?;
            (vec![day], times(rule, start), day)
        }
        Frequency::Hourly | Frequency::Minutely | Frequency::Secondly => {
            let unit_s = match rule.frequency {
                Frequency::Hourly => 3_600,
                Frequency::Minutely => 60,
                _ => 1,
            };
            let at = start.checked_add(SignedDuration::from_secs(steps.checked_mul(unit_s)?)).ok()?;
            let days = if passes(rule, start, at.date()) { vec![at.date()] } else { Vec::new() };
            return Some((positions(rule, together(&days, &times_within(rule, start, at))), at));
        }
    };
    let days: Vec<Date> = days.into_iter().filter(|day| passes(rule, start, *day)).collect();
    let first = first.to_datetime(Time::midnight());
    Some((positions(rule, together(&days, &times)), first))
}

fn together(days: &[Date], times: &[Time]) -> Vec<DateTime> {
    days.iter().flat_map(|day| times.iter().map(|time| day.to_datetime(*time))).collect()
}

/// What BYSETPOS leaves of a period's times.
fn positions(rule: &Rule, set: Vec<DateTime>) -> Vec<DateTime> {
    if rule.by_position.is_empty() {
        return set;
    }
    let mut chosen: Vec<DateTime> = rule
        .by_position
        .iter()
        .filter_map(|nth| {
            let nth = i32::from(*nth);
            let at = if nth > 0 { nth - 1 } else { i32::try_from(set.len()).ok()? + nth };
            set.get(usize::try_from(at).ok()?).copied()
        })
        .collect();
    chosen.sort();
    chosen.dedup();
    chosen
}

/// The times of day, where the rule is of days or longer: what its parts say, or else the beginning's.
fn times(rule: &Rule, start: DateTime) -> Vec<Time> {
    let or = |given: &[i16], own: i8| if given.is_empty() { vec![i16::from(own)] } else { given.to_vec() };
    let (hours, minutes, seconds) = (
        or(&rule.by_hour, start.hour()),
        or(&rule.by_minute, start.minute()),
        or(&rule.by_second, start.second()),
    );
    of_parts(&hours, &minutes, &seconds)
}

/// The times within the hour, minute or second that begins at `at`: what stands above the unit narrows, what stands below
/// it tells which.
fn times_within(rule: &Rule, start: DateTime, at: DateTime) -> Vec<Time> {
    let narrow = |given: &[i16], own: i8| {
        let own = i16::from(own);
        if given.is_empty() || given.contains(&own) { vec![own] } else { Vec::new() }
    };
    let tell = |given: &[i16], own: i8| if given.is_empty() { vec![i16::from(own)] } else { given.to_vec() };
    let hours = narrow(&rule.by_hour, at.hour());
    let (minutes, seconds) = match rule.frequency {
        Frequency::Hourly => (tell(&rule.by_minute, start.minute()), tell(&rule.by_second, start.second())),
        Frequency::Minutely => (narrow(&rule.by_minute, at.minute()), tell(&rule.by_second, start.second())),
        _ => (narrow(&rule.by_minute, at.minute()), narrow(&rule.by_second, at.second())),
    };
    of_parts(&hours, &minutes, &seconds)
}

fn of_parts(hours: &[i16], minutes: &[i16], seconds: &[i16]) -> Vec<Time> {
    let mut times = Vec::new();
    for hour in hours {
        for minute in minutes {
            for second in seconds {
                let part = |n: &i16| i8::try_from(*n).unwrap_or(0);
                // A leap second is the second before.
                times.extend(Time::new(part(hour), part(minute), part(second).min(59), 0));
            }
        }
    }
    times.sort();
    times.dedup();
    times
}

/// Whether the rule's parts leave `day`; where none of them tells which, the beginning does.
fn passes(rule: &Rule, start: DateTime, day: Date) -> bool {
    let tells_day = !rule.by_day.is_empty() || !rule.by_month_day.is_empty() || !rule.by_year_day.is_empty();
    let month = i16::from(day.month());
    let in_month = match rule.by_month.as_slice() {
        [] => {
            let own = rule.frequency == Frequency::Yearly && !tells_day && rule.by_week.is_empty();
            !own || day.month() == start.month()
        }
        given => given.contains(&month),
    };
    let in_week = rule.by_week.is_empty() || week_matches(rule, day);
    let on_month_day = rule.by_month_day.is_empty()
        || either_end(&rule.by_month_day, i16::from(day.day()), i16::from(day.days_in_month()));
    let on_year_day =
        rule.by_year_day.is_empty() || either_end(&rule.by_year_day, day.day_of_year(), day.days_in_year());
    let on_weekday =
        rule.by_day.is_empty() || rule.by_day.iter().any(|(nth, of)| nth_matches(rule, *nth, *of, day));
    in_month
        && in_week
        && on_month_day
        && on_year_day
        && on_weekday
        && (tells_day || own_day(rule, start, day))
}

/// Whether `day` is the one the beginning tells, where the rule does not.
fn own_day(rule: &Rule, start: DateTime, day: Date) -> bool {
    match rule.frequency {
        Frequency::Yearly if !rule.by_week.is_empty() => day.weekday() == start.weekday(),
        Frequency::Yearly | Frequency::Monthly => day.day() == start.day(),
        Frequency::Weekly => day.weekday() == start.weekday(),
        _ => true,
    }
}

/// Whether `n` of `most` is among numbers counted from either end.
fn either_end(given: &[i16], n: i16, most: i16) -> bool {
    given.contains(&n) || given.contains(&(n - most - 1))
}

fn nth_matches(rule: &Rule, nth: i16, of: Weekday, day: Date) -> bool {
    if day.weekday() != of {
        return false;
    }
    let by_month = rule.frequency == Frequency::Monthly
        || (rule.frequency == Frequency::Yearly && !rule.by_month.is_empty());
    let (at, most) = match nth {
        0 => return true,
        _ if by_month => (i16::from(day.day()), i16::from(day.days_in_month())),
        _ if rule.frequency == Frequency::Yearly => (day.day_of_year(), day.days_in_year()),
        // A number has no meaning with days and weeks; programs that write it mean the weekday.
        _ => return true,
    };
    let (from_start, from_end) = ((at - 1) / 7 + 1, (most - at) / 7 + 1);
    nth == from_start || -nth == from_end
}

/// Whether the week of `day`, counted as ISO 8601 does but from the rule's own first day of the week, is one of them.
fn week_matches(rule: &Rule, day: Date) -> bool {
    let start_of = |year: i16| {
        // The first week is the one that holds the fourth of January.
        let fourth = Date::new(year, 1, 4).ok()?;
        fourth.checked_sub(i64::from(fourth.weekday().since(rule.week_start)).days()).ok()
    };
    let weeks = |from: Date, to: Date| i16::try_from(i64::from((to - from).get_days()) / 7).ok();
    let found = [day.year() + 1, day.year(), day.year() - 1].into_iter().find_map(|year| {
        let first = start_of(year).filter(|first| *first <= day)?;
        Some((weeks(first, day)? + 1, weeks(first, start_of(year + 1)?)?))
    });
    found.is_some_and(|(week, most)| either_end(&rule.by_week, week, most))
}
