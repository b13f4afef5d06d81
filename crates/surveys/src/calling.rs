//! When people may be rung up: a function of the opening hours and the time.

use vocabulary::{Timestamp, local_day, time_zone};

use crate::model::SurveyRules;

/// How many days ahead a time to call is looked for; longer than any closing over Christmas.
const DAYS_AHEAD_MAX: u16 = 30;

/// Whether somebody may be rung up at `at`: the centre is open, and it is not too early or late in the day.
#[must_use]
pub fn is_calling_time(rules: &SurveyRules, at: Timestamp) -> bool {
    let local = at.to_zoned(time_zone());
    rules.opening.is_open(at) && (rules.earliest..rules.latest).contains(&local.time())
}

/// The first time from `from` on at which somebody may be rung up; none if the centre stays closed for a month.
#[must_use]
pub fn calling_time(rules: &SurveyRules, from: Timestamp) -> Option<Timestamp> {
    if is_calling_time(rules, from) {
        return Some(from);
    }
    let mut day = local_day(from);
    for _ in 0..=DAYS_AHEAD_MAX {
        if let Some((opens, _)) = rules.opening.hours(day) {
            let begins = day.to_datetime(opens.max(rules.earliest)).to_zoned(time_zone()).ok()?.timestamp();
            // Opens too late or closes too early in the day for a call: the next day.
            if begins >= from && is_calling_time(rules, begins) {
                return Some(begins);
            }
        }
        day = day.tomorrow().ok()?;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use vocabulary::{SignedDuration, start_of_day};

    fn at(local: &str) -> Timestamp {
        local.parse::<jiff::civil::DateTime>().unwrap().to_zoned(time_zone()).unwrap().timestamp()
    }

    #[test]
    fn nobody_is_rung_up_early_late_or_on_a_free_day() {
        let rules = SurveyRules::default();
        for (from, expected) in [
            ("2026-11-02T10:00", "2026-11-02T10:00"), // Monday
            ("2026-11-02T07:30", "2026-11-02T09:00"), // open since 7, but early
            ("2026-11-06T16:59", "2026-11-06T16:59"), // Friday, open to 17
            ("2026-11-06T17:00", "2026-11-07T10:00"), // Saturday opens at 10
            ("2026-11-07T15:00", "2026-11-09T09:00"), // Sunday closed
            ("2026-12-23T18:59", "2026-12-23T18:59"),
            ("2026-12-23T19:00", "2026-12-28T09:00"), // Christmas
        ] {
            assert_eq!(calling_time(&rules, at(from)), Some(at(expected)), "{from}");
        }
    }

    #[test]
    fn a_centre_that_never_opens_rings_nobody() {
        let closed = r#"{"monday":"closed","tuesday":"closed","wednesday":"closed","thursday":"closed",
            "friday":"closed","saturday":"closed","sunday":"closed"}"#;
        let rules = SurveyRules { opening: serde_json::from_str(closed).unwrap(), ..SurveyRules::default() };
        assert_eq!(calling_time(&rules, at("2026-11-02T10:00")), None);
    }

    proptest! {
        #[test]
        fn the_time_found_is_the_first_good_one(minutes in 0..366 * 24 * 60_i64) {
            let rules = SurveyRules::default();
            let from = start_of_day(jiff::civil::date(2026, 1, 1)) + SignedDuration::from_mins(minutes);
            let found = calling_time(&rules, from).unwrap();
            prop_assert!(found >= from);
            prop_assert!(is_calling_time(&rules, found));
            // Nothing in between was good: looked at every quarter of an hour.
            let mut between = from;
            while between < found {
                prop_assert!(!is_calling_time(&rules, between), "{between} was good, {found} was found");
                between += SignedDuration::from_mins(15);
            }
        }
    }
}
