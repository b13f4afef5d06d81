//! The clock against a slow reference that shares no code with it: its own Easter, its own list of red days, its own
//! summer time.

use super::*;
use proptest::prelude::*;
use vocabulary::civil::{Weekday, date};

const FIRST_YEAR: i16 = 2024;
const LAST_YEAR: i16 = 2044;

/// Easter Sunday by Gauss's rule for 1900 to 2099.
fn gauss_easter(year: i16) -> Date {
    let y = i64::from(year);
    let (a, b, c) = (y % 19, y % 4, y % 7);
    let d = (19 * a + 24) % 30;
    let e = (2 * b + 4 * c + 6 * d + 5) % 7;
    let mut days_after_march_22 = d + e;
    if d == 29 && e == 6 || (d == 28 && e == 6 && a > 10) {
        days_after_march_22 -= 7;
    }
    step(date(year, 3, 22), days_after_march_22)
}

fn step(mut day: Date, days: i64) -> Date {
    for _ in 0..days.abs() {
        day = if days > 0 { day.tomorrow().unwrap() } else { day.yesterday().unwrap() };
    }
    day
}

fn red_days(year: i16) -> Vec<Date> {
    let easter = gauss_easter(year);
    let mut red: Vec<Date> = [(1, 1), (1, 6), (5, 1), (6, 6), (12, 24), (12, 25), (12, 26), (12, 31)]
        .into_iter()
        .map(|(month, day)| date(year, month, day))
        .collect();
    red.extend([-2, 0, 1, 39, 49].map(|n| step(easter, n)));
    let first = |weekday: Weekday, from: Date| {
        (0..7).map(|n| step(from, n)).find(|d| d.weekday() == weekday).unwrap()
    };
    let midsummer_eve = first(Weekday::Friday, date(year, 6, 19));
    red.extend([midsummer_eve, step(midsummer_eve, 1), first(Weekday::Saturday, date(year, 10, 31))]);
    red
}

fn slow_is_working(day: Date) -> bool {
    !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) && !red_days(day.year()).contains(&day)
}

fn slow_add(mut day: Date, working_days: u16) -> Date {
    while !slow_is_working(day) {
        day = day.tomorrow().unwrap();
    }
    for _ in 0..working_days {
        day = day.tomorrow().unwrap();
        while !slow_is_working(day) {
            day = day.tomorrow().unwrap();
        }
    }
    day
}

/// Hours that Swedish time is ahead of UTC at local noon of `day`: two from the last Sunday of March to the last of
/// October.
fn slow_offset_hours(day: Date) -> i64 {
    let last_sunday = |month: i8| {
        (25..=31).map(|d| date(day.year(), month, d)).find(|d| d.weekday() == Weekday::Sunday).unwrap()
    };
    if day >= last_sunday(3) && day < last_sunday(10) { 2 } else { 1 }
}

fn slow_morning(day: Date) -> Timestamp {
    let as_utc = day.at(8, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp();
    as_utc - SignedDuration::from_hours(slow_offset_hours(day))
}

fn slow_local_day(at: Timestamp) -> Date {
    let utc_day = at.to_zoned(jiff::tz::TimeZone::UTC).date();
    // Which offset applies near midnight of a changeover Sunday is settled at 01:00 UTC.
    let before_one = at.to_zoned(jiff::tz::TimeZone::UTC).hour() < 1;
    let offset =
        if before_one { slow_offset_hours(utc_day.yesterday().unwrap()) } else { slow_offset_hours(utc_day) };
    (at + SignedDuration::from_hours(offset)).to_zoned(jiff::tz::TimeZone::UTC).date()
}

fn instants() -> impl Strategy<Value = Timestamp> {
    let first = date(FIRST_YEAR, 1, 2).to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp().as_second();
    let last = date(LAST_YEAR, 12, 1).to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp().as_second();
    (first..last).prop_map(|second| Timestamp::from_second(second).unwrap())
}

fn terms() -> impl Strategy<Value = Terms> {
    (1..30_u16, 1..10_u16, 1..10_u16, 1..10_u16, 1..10_u16).prop_map(|(due, first, gap, last, over)| {
        Terms::new(due, first, first + gap, first + gap + last, first + gap + last + over).unwrap()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn a_started_clock_agrees_with_the_slow_one(sent in instants(), terms in terms()) {
        let day = slow_local_day(sent);
        let clock = FollowUpClock::started(terms, sent);
        prop_assert_eq!(clock.due_day, slow_add(day, terms.due));
        prop_assert_eq!(clock.reminder_at, Some(slow_morning(slow_add(day, terms.reminder))));
        prop_assert_eq!(clock.call_task_at, Some(slow_morning(slow_add(day, terms.call_task))));
        let first = clock.reminder_at.unwrap();
        let second = clock.reminded(terms, first).unwrap();
        prop_assert_eq!(second.reminder_at, Some(slow_morning(slow_add(day, terms.second_reminder))));
        prop_assert_eq!(second.reminded(terms, first), None, "the same reminder twice");
        let none_left = second.reminded(terms, second.reminder_at.unwrap()).unwrap();
        prop_assert_eq!((none_left.reminder_at, none_left.reminders_sent), (None, 2));
    }

    #[test]
    fn more_time_moves_everything_past_the_promised_day(
        sent in instants(), terms in terms(), days_ahead in 1..180_i64,
    ) {
        let until = step(slow_local_day(sent), days_ahead);
        prop_assert!(may_extend_to(sent, until));
        let clock = FollowUpClock::started(terms, sent).extended(terms, until);
        prop_assert_eq!(clock.due_day, until);
        let first_day = slow_add(until, 1);
        prop_assert_eq!(clock.reminder_at, Some(slow_morning(first_day)));
        let call_day = slow_add(first_day, terms.call_task - terms.reminder);
        prop_assert_eq!(clock.call_task_at, Some(slow_morning(call_day)));
    }

    #[test]
    fn a_pause_costs_the_officer_no_working_day(
        sent in instants(), terms in terms(), pause_hours in 0..72_i64, still_hours in 0..2_000_i64,
    ) {
        let pause = sent + SignedDuration::from_hours(pause_hours);
        let resume = pause + SignedDuration::from_hours(still_hours);
        let before = FollowUpClock::started(terms, sent);
        let still = before.paused(pause);
        prop_assert_eq!(still.reminded(terms, resume + SignedDuration::from_hours(9_000)), None);
        prop_assert_eq!(still.call_task_made(resume + SignedDuration::from_hours(9_000)), None);
        prop_assert_eq!(still.paused(resume), still);
        let after = still.resumed(resume);
        let mut left = 0;
        let mut day = slow_local_day(pause);
        while day < slow_local_day(resume) {
            day = day.tomorrow().unwrap();
            left += u16::from(slow_is_working(day));
        }
        prop_assert_eq!(after.due_day, slow_add(before.due_day, left));
        prop_assert!(after.reminder_at.unwrap() > resume);
        prop_assert!(after.call_task_at.unwrap() > resume);
        prop_assert_eq!(after.paused_at, None);
    }

    #[test]
    fn whenever_a_job_runs_at_most_two_reminders_go_and_then_one_call(
        sent in instants(), terms in terms(), runs in proptest::collection::vec(0..400_i64, 1..40),
    ) {
        let mut clock = FollowUpClock::started(terms, sent);
        let (mut reminders, mut calls) = (0, 0);
        let mut hours: Vec<i64> = runs;
        hours.sort_unstable();
        for hour in hours {
            let now = sent + SignedDuration::from_hours(hour);
            if let Some(next) = clock.reminded(terms, now) {
                prop_assert_eq!(calls, 0, "a reminder after the call task");
                reminders += 1;
                clock = next;
            }
            if let Some(next) = clock.call_task_made(now) {
                calls += 1;
                clock = next;
            }
        }
        prop_assert!(reminders <= 2 && calls <= 1);
    }
}

#[test]
fn day_seven_over_christmas_and_into_summer_time() {
    let terms = Terms::default();
    // Monday 21 December 2026; the eves, Christmas, New Year and two weekends are free.
    let clock = FollowUpClock::started(terms, "2026-12-21T14:00:00Z".parse().unwrap());
    assert_eq!(clock.reminder_at.unwrap().to_string(), "2026-12-28T07:00:00Z");
    assert_eq!(clock.call_task_at.unwrap().to_string(), "2027-01-05T07:00:00Z");
    // Wednesday 24 March 2027: Good Friday is the 26th, summer time begins on Easter Sunday.
    let clock = FollowUpClock::started(terms, "2027-03-24T14:00:00Z".parse().unwrap());
    assert_eq!(clock.reminder_at.unwrap().to_string(), "2027-03-31T06:00:00Z");
    // Half past eleven on a Friday night in Sweden is still Friday, though UTC says 21:30.
    let clock = FollowUpClock::started(terms, "2026-08-14T21:30:00Z".parse().unwrap());
    assert_eq!(clock.due_day, date(2026, 8, 21));
}

#[test]
fn a_reminder_missed_for_long_goes_once() {
    let terms = Terms::default();
    let clock = FollowUpClock::started(terms, "2026-11-02T09:00:00Z".parse().unwrap());
    let late = "2026-11-20T09:00:00Z".parse().unwrap();
    let after = clock.reminded(terms, late).unwrap();
    assert_eq!((after.reminder_at, after.reminders_sent), (None, 1));
    assert!(after.call_task_made(late).is_some());
}

#[test]
fn terms_out_of_order_or_range_are_refused() {
    assert_eq!(Terms::new(5, 5, 5, 7, 10), Err(TermsError::Order));
    assert_eq!(Terms::new(5, 3, 7, 7, 10), Err(TermsError::Order));
    assert_eq!(Terms::new(5, 3, 5, 7, 7), Err(TermsError::Order));
    assert_eq!("5 3 5 7 10".parse(), Ok(Terms::default()));
    assert_eq!(Terms::default().to_string().parse(), Ok(Terms::default()));
    for text in ["", "5 3 5 7", "5 3 5 7 10 12", "a b c d e", "5  3 5 7 10", "-5 3 5 7 10"] {
        assert_eq!(text.parse::<Terms>(), Err(TermsError::Unreadable), "{text}");
    }
    assert_eq!(Terms::new(0, 3, 5, 7, 10), Err(TermsError::Range(0)));
    assert_eq!(Terms::new(5, 3, 5, 7, 251), Err(TermsError::Range(251)));
    assert_eq!(Terms::new(5, 3, 5, 7, 10), Ok(Terms::default()));
}

#[test]
fn more_time_is_neither_today_nor_for_ever() {
    let now = "2026-11-02T09:00:00Z".parse().unwrap();
    assert!(!may_extend_to(now, date(2026, 11, 2)));
    assert!(may_extend_to(now, date(2026, 11, 3)));
    assert!(may_extend_to(now, date(2027, 5, 1)));
    assert!(!may_extend_to(now, date(2027, 5, 2)));
}
