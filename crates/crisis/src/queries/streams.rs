//! What the spike detector counts. Every read is bounded in time by an index and in rows by a limit.

use crate::spikes::{Counts, Histories, SLOTS, Sort, Stream, WINDOW_MINUTES_MAX, slot_of};
use std::collections::BTreeMap;
use storage::{Session, StorageError, params, sql};
use vocabulary::civil::Date;
use vocabulary::{
    AnswerGroupId, ArticleId, CaseTypeId, Channel, GenericUuid as _, SignedDuration, Timestamp, local_day,
    start_of_day,
};

/// Microseconds in a minute and in a slot.
const MINUTE_US: i64 = 60_000_000;
const SLOT_US: i64 = 30 * MINUTE_US;
/// How far back history goes, in days.
const HISTORY_DAYS: i64 = 56;
/// A contact is logged within this of coming in, or is not counted by its matter.
const LOGGED_WITHIN: SignedDuration = SignedDuration::from_hours(4);
/// Most rows of a read: a town with a million contacts a year has a sixth of that in eight weeks.
const ROWS_MAX: u32 = 400_000;
/// Squares of about a kilometre at Sweden's latitudes: so many to a degree of latitude and of longitude.
const SQUARES_NORTH: f64 = 100.0;
const SQUARES_EAST: f64 = 50.0;

/// One thing that was counted, and when.
#[derive(Clone, Debug, PartialEq)]
pub struct Moment {
    /// In which stream.
    pub stream: Stream,
    /// When: the minute, or the slot, began.
    pub at: Timestamp,
    /// How many.
    pub count: u32,
}

fn queue(group: Option<AnswerGroupId>) -> Stream {
    Stream::new(Sort::Queue, group.map_or_else(|| "none".to_owned(), |id| id.into_untyped_uuid().to_string()))
}

fn topic(case_type: CaseTypeId) -> Stream {
    Stream::new(Sort::Topic, case_type.into_untyped_uuid().to_string())
}

/// The square a place lies in, by its south-western corner.
fn square(latitude: f64, longitude: f64) -> Stream {
    let south = (latitude * SQUARES_NORTH).floor() / SQUARES_NORTH;
    let west = (longitude * SQUARES_EAST).floor() / SQUARES_EAST;
    Stream::new(Sort::Place, format!("{south:.2},{west:.2}"))
}

/// The middle of a place's square: latitude and longitude, WGS 84.
#[must_use]
pub fn middle(stream: &Stream) -> Option<(f64, f64)> {
    let (south, west) = stream.key.split_once(',')?;
    let (south, west): (f64, f64) = (south.parse().ok()?, west.parse().ok()?);
    Some((south + 0.5 / SQUARES_NORTH, west + 0.5 / SQUARES_EAST))
}

/// What was counted in `from..to`, in steps of `step_us` microseconds since 1970.
fn moments(
    s: &mut Session<'_>,
    (from, to): (Timestamp, Timestamp),
    step_us: i64,
) -> Result<Vec<Moment>, StorageError> {
    let at = |step: i64| Timestamp::from_microsecond(step.saturating_mul(step_us)).unwrap_or(from);
    let mut found = s.rows(
        sql!(
            "SELECT answer_group_id, arrived_at / $3 AS step, COUNT(*) FROM contacts
             WHERE arrived_at >= $1 AND arrived_at < $2 AND channel = $4
             GROUP BY answer_group_id, step ORDER BY step LIMIT $5"
        ),
        params![from, to, step_us, Channel::Call, ROWS_MAX],
        |r| Ok(Moment { stream: queue(r.get(0)?), at: at(r.get(1)?), count: r.get(2)? }),
    )?;
    found.extend(s.rows(
        sql!(
            "SELECT channel, arrived_at / $3 AS step, COUNT(*) FROM contacts
             WHERE arrived_at >= $1 AND arrived_at < $2 AND channel <> $4
             GROUP BY channel, step ORDER BY step LIMIT $5"
        ),
        params![from, to, step_us, Channel::Call, ROWS_MAX],
        |r| {
            let channel: Channel = r.get(0)?;
            let stream = Stream::new(Sort::Channel, channel.as_str());
            Ok(Moment { stream, at: at(r.get(1)?), count: r.get(2)? })
        },
    )?);
    // A contact that became a case is counted as the case. What is secret is counted nowhere but in its own board's house.
    found.extend(s.rows(
        sql!(
            "SELECT case_type_id, logged_at / $3 AS step, COUNT(*) FROM contacts
             WHERE arrived_at >= $4 AND arrived_at < $2 AND logged_at >= $1 AND logged_at < $2
               AND case_id IS NULL AND case_type_id IN (SELECT id FROM case_types WHERE secrecy_class = 'open')
             GROUP BY case_type_id, step ORDER BY step LIMIT $5"
        ),
        params![from, to, step_us, from - LOGGED_WITHIN, ROWS_MAX],
        |r| Ok(Moment { stream: topic(r.get(0)?), at: at(r.get(1)?), count: r.get(2)? }),
    )?);
    found.extend(s.rows(
        sql!(
            "SELECT first_article_id, searched_at / $3 AS step, COUNT(*) FROM searches
             WHERE searched_at >= $1 AND searched_at < $2
             GROUP BY first_article_id, step ORDER BY step LIMIT $4"
        ),
        params![from, to, step_us, ROWS_MAX],
        |r| {
            let article: Option<ArticleId> = r.get(0)?;
            let key = article.map_or_else(|| "none".to_owned(), |id| id.into_untyped_uuid().to_string());
            Ok(Moment { stream: Stream::new(Sort::Search, key), at: at(r.get(1)?), count: r.get(2)? })
        },
    )?);
    found.extend(of_cases(s, from, to)?);
    Ok(found)
}

/// Cases that are open to all, by their type and by their place.
fn of_cases(s: &mut Session<'_>, from: Timestamp, to: Timestamp) -> Result<Vec<Moment>, StorageError> {
    let rows = s.rows(
        sql!(
            "SELECT case_type_id, registered_at, latitude, longitude FROM cases
             WHERE registered_at >= $1 AND registered_at < $2 AND secrecy_class = 'open'
             ORDER BY registered_at LIMIT $3"
        ),
        params![from, to, ROWS_MAX],
        |r| {
            let at: Timestamp = r.get(1)?;
            let by_type = Moment { stream: topic(r.get(0)?), at, count: 1 };
            let (latitude, longitude): (Option<f64>, Option<f64>) = (r.get(2)?, r.get(3)?);
            let by_place =
                latitude.zip(longitude).map(|(n, e)| Moment { stream: square(n, e), at, count: 1 });
            Ok((by_type, by_place))
        },
    )?;
    Ok(rows.into_iter().flat_map(|(by_type, by_place)| std::iter::once(by_type).chain(by_place)).collect())
}

/// The whole minute that `now` lies in.
#[must_use]
pub fn whole_minute(now: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(now.as_microsecond().div_euclid(MINUTE_US) * MINUTE_US).unwrap_or(now)
}

/// What was counted in the hour before the whole minute of `now`.
///
/// # Errors
/// The database.
pub fn counts(s: &mut Session<'_>, now: Timestamp) -> Result<Counts, StorageError> {
    let now = whole_minute(now);
    let from = now - SignedDuration::from_mins(WINDOW_MINUTES_MAX.into());
    let mut counts = Counts::new();
    for moment in moments(s, (from, now), MINUTE_US)? {
        let ago_us = now.as_microsecond() - moment.at.as_microsecond() - 1;
        let Ok(ago) = usize::try_from(ago_us.div_euclid(MINUTE_US)) else { continue };
        let minutes = counts.entry(moment.stream).or_insert([0; WINDOW_MINUTES_MAX as usize]);
        if let Some(minute) = minutes.get_mut(ago) {
            *minute += moment.count;
        }
    }
    Ok(counts)
}

/// How many of each stream since the day began.
///
/// # Errors
/// The database.
pub fn today(s: &mut Session<'_>, now: Timestamp) -> Result<BTreeMap<Stream, u32>, StorageError> {
    let mut totals = BTreeMap::new();
    for moment in moments(s, (start_of_day(local_day(now)), now), SLOT_US)? {
        *totals.entry(moment.stream).or_default() += moment.count;
    }
    Ok(totals)
}

/// The first day on which anything was counted.
///
/// # Errors
/// The database.
pub fn first_day(s: &mut Session<'_>) -> Result<Option<Date>, StorageError> {
    let first: Option<Timestamp> =
        s.the_row(sql!("SELECT MIN(arrived_at) FROM contacts"), params![], |r| r.get(0))?;
    Ok(first.map(local_day))
}

/// Everything the baseline learns from, up to `now`. Crises are left out of it.
///
/// # Errors
/// The database.
pub fn histories(s: &mut Session<'_>, now: Timestamp) -> Result<Histories, StorageError> {
    let from = start_of_day(local_day(now)) - SignedDuration::from_hours(24 * HISTORY_DAYS);
    let mut histories = Histories { first_day: first_day(s)?, ..Histories::default() };
    for period in super::periods(s)?.into_iter().filter(|period| period.touches(from, now)) {
        histories.left_out.push((period.begins_at, period.ends_at.unwrap_or(Timestamp::MAX)));
    }
    for moment in moments(s, (from, now), SLOT_US)? {
        let (day, slot) = slot_of(moment.at);
        let slots = histories.streams.entry(moment.stream).or_default().entry(day).or_insert([0; SLOTS]);
        slots[slot] += moment.count;
    }
    Ok(histories)
}

/// What streams are called: answer groups and case types by their names; the others are named elsewhere.
///
/// # Errors
/// The database.
pub fn stream_names(s: &mut Session<'_>) -> Result<BTreeMap<Stream, String>, StorageError> {
    let mut names: BTreeMap<Stream, String> = s
        .rows(sql!("SELECT id, name FROM answer_groups ORDER BY name"), params![], |r| {
            Ok((queue(Some(r.get(0)?)), r.get(1)?))
        })?
        .into_iter()
        .collect();
    names.extend(s.rows(sql!("SELECT id, name FROM case_types ORDER BY name"), params![], |r| {
        Ok((topic(r.get(0)?), r.get(1)?))
    })?);
    Ok(names)
}

/// Fewer cases than this on a street do not name a square: one house is somebody's.
const STREET_CASES_MIN: u32 = 2;

/// What squares are called, by the street that most of the cases since `from` lie on, without house numbers.
///
/// # Errors
/// The database.
pub fn place_names(
    s: &mut Session<'_>,
    from: Timestamp,
    to: Timestamp,
) -> Result<BTreeMap<Stream, String>, StorageError> {
    let rows = s.rows(
        sql!(
            "SELECT latitude, longitude, place_address FROM cases
             WHERE registered_at >= $1 AND registered_at < $2 AND latitude IS NOT NULL
               AND place_address IS NOT NULL AND secrecy_class = 'open'
             ORDER BY registered_at LIMIT $3"
        ),
        params![from, to, ROWS_MAX],
        |r| Ok((square(r.get(0)?, r.get(1)?), street(&r.get::<String>(2)?))),
    )?;
    let mut streets: BTreeMap<Stream, BTreeMap<String, u32>> = BTreeMap::new();
    for (square, street) in rows {
        if !street.is_empty() {
            *streets.entry(square).or_default().entry(street).or_default() += 1;
        }
    }
    let most = |streets: BTreeMap<String, u32>| {
        let named = streets.into_iter().filter(|(_, n)| *n >= STREET_CASES_MIN);
        named.max_by_key(|(_, n)| *n).map(|(street, _)| street)
    };
    Ok(streets.into_iter().filter_map(|(square, streets)| Some((square, most(streets)?))).collect())
}

/// The words of an address up to the first with a figure: "Storgatan 4 B, Vikhamn" is "Storgatan".
fn street(address: &str) -> String {
    let words = address.split([' ', ',']).take_while(|word| !word.chars().any(|c| c.is_ascii_digit()));
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_square_is_about_a_kilometre_and_has_its_middle() {
        assert_eq!(square(58.7349, 17.0199).to_string(), "place:58.73,17.00");
        assert_eq!(square(58.7349, 17.0201).to_string(), "place:58.73,17.02");
        let (north, east) = middle(&square(58.7349, 17.0201)).unwrap();
        assert!((north - 58.735).abs() < 1e-9 && (east - 17.03).abs() < 1e-9);
        assert_eq!(middle(&Stream::new(Sort::Place, "nowhere")), None);
    }

    #[test]
    fn a_street_is_told_and_no_house() {
        assert_eq!(street("Storgatan 4 B, Vikhamn"), "Storgatan");
        assert_eq!(street("Norra Strandvägen 12"), "Norra Strandvägen");
        assert_eq!(street("12 Storgatan"), "");
    }
}
