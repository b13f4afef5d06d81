//! When the contact centre is open.

use crate::{DayKind, SignedDuration, Timestamp, day_kind, time_zone};
use jiff::civil::{Date, Time, Weekday};
use serde::{Deserialize, Serialize};

/// Opening hours by weekday, closed on red days. Times are local; an interval is `[opens, closes)`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "OpeningHoursText", into = "OpeningHoursText")]
pub struct OpeningHours {
    /// Monday first.
    week: [Option<(Time, Time)>; 7],
}

/// Opening hours that cannot be.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum OpeningHoursError {
    /// Not of the form `07:00-19:00` or `closed`.
    #[error("opening hours are written as 07:00-19:00 or closed, not {0:?}")]
    Form(String),
    /// Closes before it opens.
    #[error("the centre must close after it opens, not {0:?}")]
    Order(String),
}

/// As written in a configuration file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct OpeningHoursText {
    monday: String,
    tuesday: String,
    wednesday: String,
    thursday: String,
    friday: String,
    saturday: String,
    sunday: String,
}

fn parse_hours(text: &str) -> Result<Option<(Time, Time)>, OpeningHoursError> {
    if text.trim() == "closed" {
        return Ok(None);
    }
    let form = || OpeningHoursError::Form(text.to_owned());
    let (from, to) = text.split_once('-').ok_or_else(form)?;
    let from = Time::strptime("%H:%M", from.trim()).map_err(|_| form())?;
    let to = Time::strptime("%H:%M", to.trim()).map_err(|_| form())?;
    if from < to { Ok(Some((from, to))) } else { Err(OpeningHoursError::Order(text.to_owned())) }
}

fn hours_text(hours: Option<(Time, Time)>) -> String {
    hours.map_or_else(
        || "closed".to_owned(),
        |(from, to)| format!("{}-{}", from.strftime("%H:%M"), to.strftime("%H:%M")),
    )
}

impl TryFrom<OpeningHoursText> for OpeningHours {
    type Error = OpeningHoursError;

    fn try_from(t: OpeningHoursText) -> Result<Self, OpeningHoursError> {
        let days = [&t.monday, &t.tuesday, &t.wednesday, &t.thursday, &t.friday, &t.saturday, &t.sunday];
        let mut week = [None; 7];
        for (slot, text) in week.iter_mut().zip(days) {
            *slot = parse_hours(text)?;
        }
        Ok(Self { week })
    }
}

impl From<OpeningHours> for OpeningHoursText {
    fn from(hours: OpeningHours) -> Self {
        let [monday, tuesday, wednesday, thursday, friday, saturday, sunday] = hours.week.map(hours_text);
        Self { monday, tuesday, wednesday, thursday, friday, saturday, sunday }
    }
}

impl Default for OpeningHours {
    /// Helsingborg's 63 hours a week: Monday to Thursday 7-19, Friday 7-17, Saturday 10-15.
    fn default() -> Self {
        let at = |from, to| Some((Time::constant(from, 0, 0, 0), Time::constant(to, 0, 0, 0)));
        Self { week: [at(7, 19), at(7, 19), at(7, 19), at(7, 19), at(7, 17), at(10, 15), None] }
    }
}

impl OpeningHours {
    /// The hours of `day`, or none if the centre is closed all day.
    #[must_use]
    pub fn hours(&self, day: Date) -> Option<(Time, Time)> {
        if day_kind(day) == DayKind::Red {
            return None;
        }
        let index = match day.weekday() {
            Weekday::Monday => 0,
            Weekday::Tuesday => 1,
            Weekday::Wednesday => 2,
            Weekday::Thursday => 3,
            Weekday::Friday => 4,
            Weekday::Saturday => 5,
            Weekday::Sunday => 6,
        };
        self.week[index]
    }

    /// Whether the centre is open at `at`.
    #[must_use]
    pub fn is_open(&self, at: Timestamp) -> bool {
        let local = at.to_zoned(time_zone());
        self.hours(local.date()).is_some_and(|(from, to)| (from..to).contains(&local.time()))
    }

    /// The next instant after `after` at which the centre opens or closes; none within `days_ahead_max` days.
    #[must_use]
    pub fn next_change(&self, after: Timestamp) -> Option<Timestamp> {
        const DAYS_AHEAD_MAX: usize = 30;
        let mut day = after.to_zoned(time_zone()).date();
        for _ in 0..DAYS_AHEAD_MAX {
            if let Some((from, to)) = self.hours(day) {
                for time in [from, to] {
                    let at = day.to_datetime(time).to_zoned(time_zone()).ok()?.timestamp();
                    if at > after {
                        return Some(at);
                    }
                }
            }
            day = day.tomorrow().ok()?;
        }
        None
    }

    /// Hours open in an ordinary week without red days.
    #[must_use]
    pub fn weekly(&self) -> SignedDuration {
        self.week.iter().flatten().map(|(from, to)| from.duration_until(*to)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn helsingborg_is_open_63_hours_a_week() {
        assert_eq!(OpeningHours::default().weekly(), SignedDuration::from_hours(63));
    }

    #[test]
    fn the_centre_opens_and_closes_by_local_time() {
        let hours = OpeningHours::default();
        assert!(!hours.is_open("2026-11-02T05:59:59Z".parse().unwrap()));
        assert!(hours.is_open("2026-11-02T06:00:00Z".parse().unwrap()));
        assert!(!hours.is_open("2026-11-02T18:00:00Z".parse().unwrap()));
        let closed_over_christmas = hours.next_change("2026-12-23T18:00:00Z".parse().unwrap());
        assert_eq!(closed_over_christmas.map(|t| t.to_string()).as_deref(), Some("2026-12-28T06:00:00Z"));
    }

    #[test]
    fn a_day_that_closes_before_it_opens_is_refused() {
        assert_eq!(parse_hours("19:00-07:00"), Err(OpeningHoursError::Order("19:00-07:00".into())));
        assert_eq!(parse_hours("7 to 19"), Err(OpeningHoursError::Form("7 to 19".into())));
    }
}
