//! The clock against a slow reference that shares no code with it: its own Easter, its own list of red days, its own
//! summer time.

use super::*;
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::sync::LazyLock;
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
    static RED: LazyLock<BTreeSet<Date>> =
        LazyLock::new(|| (FIRST_YEAR - 1..=LAST_YEAR + 10).flat_map(red_days).collect());
    !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) && !RED.contains(&day)
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
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn a_started_clock_agrees_with_the_slow_one(sent in instants(), terms in terms()) {
        let day = slow_local_day(sent);
        let clock = FollowUpClock::started(terms, sent);
        prop_assert_eq!(clock.due_day, slow_add(day, terms.due));
        prop_assert_eq!(clock.reminder_at, Some(slow_morning(slow_add(day, terms.reminder))));
        prop_assert_eq!(clock.call_task_at, Some(slow_morning(slow_add(day, terms.call_task))));
        prop_assert_eq!(clock.escalate_at, Some(slow_morning(slow_add(day, terms.escalation))));
        prop_assert_eq!(clock.term_day, clock.due_day);
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
        let clock = FollowUpClock::started(terms, sent).extended(terms, until, sent);
        prop_assert_eq!(clock.due_day, until);
        let first_day = slow_add(until, 1);
        prop_assert_eq!(clock.reminder_at, Some(slow_morning(first_day)));
        let call_day = slow_add(first_day, terms.call_task - terms.reminder);
        prop_assert_eq!(clock.call_task_at, Some(slow_morning(call_day)));
        let escalation_day = slow_add(first_day, terms.escalation - terms.reminder);
        prop_assert_eq!(clock.escalate_at, Some(slow_morning(escalation_day)));
        prop_assert_eq!(clock.term_day, FollowUpClock::started(terms, sent).term_day, "a promise moves no term");
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
        prop_assert_eq!(still.escalated(resume + SignedDuration::from_hours(9_000)), None);
        prop_assert_eq!(still.paused(resume), still);
        let after = still.resumed(resume);
        let mut left = 0;
        let mut day = slow_local_day(pause);
        while day < slow_local_day(resume) {
            day = day.tomorrow().unwrap();
            left += u16::from(slow_is_working(day));
        }
        prop_assert_eq!(after.due_day, slow_add(before.due_day, left));
        prop_assert_eq!(after.term_day, slow_add(before.term_day, left));
        prop_assert!(after.escalate_at.unwrap() > resume);
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

/// What rings on a morning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Ring {
    Reminder,
    CallTask,
    Escalation,
}

/// What happens to a question at noon of a day.
#[derive(Clone, Copy, Debug)]
enum Noon {
    Pause,
    Resume,
    /// The officer promises a day so many days ahead.
    Promise(i64),
}

/// A question's whole life, told day by day by somebody who has never heard of dates ahead: each ring has a number of
/// working mornings left, which go down by one on every working morning that is not frozen.
struct DayByDay {
    left: Vec<(Ring, i64)>,
    frozen: bool,
    terms: Terms,
}

impl DayByDay {
    fn sent(terms: Terms, day: Date) -> Self {
        let mut life = Self { left: Vec::new(), frozen: false, terms };
        life.wind(
            day,
            slow_add(day, 0),
            [terms.reminder, terms.second_reminder, terms.call_task, terms.escalation],
        );
        life
    }

    /// Counts from `zero`, seen from `today`.
    fn wind(&mut self, today: Date, zero: Date, after: [u16; 4]) {
        let mut ahead = 0;
        let mut day = today;
        while day < zero {
            day = day.tomorrow().unwrap();
            ahead += i64::from(slow_is_working(day));
        }
        let rings = [Ring::Reminder, Ring::Reminder, Ring::CallTask, Ring::Escalation];
        self.left = rings.into_iter().zip(after).map(|(ring, n)| (ring, ahead + i64::from(n))).collect();
    }

    fn morning(&mut self, day: Date) -> Vec<Ring> {
        if self.frozen || !slow_is_working(day) {
            return Vec::new();
        }
        for (_, left) in &mut self.left {
            *left -= 1;
        }
        let mut rung: Vec<Ring> =
            self.left.iter().filter(|(_, left)| *left == 0).map(|(ring, _)| *ring).collect();
        self.left.retain(|(_, left)| *left > 0);
        if rung.contains(&Ring::CallTask) {
            self.left.retain(|(ring, _)| *ring != Ring::Reminder);
            rung.retain(|ring| *ring != Ring::Reminder);
        }
        rung
    }

    fn noon(&mut self, day: Date, what: Noon) {
        match what {
            Noon::Pause => self.frozen = true,
            Noon::Resume => self.frozen = false,
            Noon::Promise(ahead) => {
                let t = self.terms;
                let from_first = |n: u16| n - t.reminder + 1;
                let zero = slow_add(step(day, ahead), 0);
                let after = [t.reminder, t.second_reminder, t.call_task, t.escalation].map(from_first);
                self.wind(day, zero, after);
            }
        }
    }
}

/// Lives a question's life with the clock and day by day, and holds the rings against each other.
fn both_lives_ring_alike(sent: Date, terms: Terms, script: &[(u16, Noon)]) -> Result<(), TestCaseError> {
    let noon = |day: Date| slow_morning(day) + SignedDuration::from_hours(4);
    let mut clock = FollowUpClock::started(terms, noon(sent));
    let mut slow = DayByDay::sent(terms, sent);
    let mut day = sent;
    for (days, noon_of) in script.iter().copied().chain([(120, Noon::Resume), (200, Noon::Resume)]) {
        for _ in 0..days {
            day = day.tomorrow().unwrap();
            let now = slow_morning(day);
            let mut rung = Vec::new();
            if let Some(next) = clock.call_task_made(now) {
                clock = next;
                rung.push(Ring::CallTask);
            }
            if let Some(next) = clock.reminded(terms, now) {
                clock = next;
                rung.push(Ring::Reminder);
            }
            if let Some(next) = clock.escalated(now) {
                clock = next;
                rung.push(Ring::Escalation);
            }
            rung.sort_unstable();
            prop_assert_eq!(
                rung,
                slow.morning(day),
                "on {} of a question sent {} under {}",
                day,
                sent,
                terms
            );
        }
        slow.noon(day, noon_of);
        clock = match noon_of {
            Noon::Pause => clock.paused(noon(day)),
            Noon::Resume => clock.resumed(noon(day)),
            Noon::Promise(ahead) => clock.extended(terms, step(day, ahead), noon(day)),
        };
    }
    prop_assert_eq!(
        (clock.reminder_at, clock.call_task_at, clock.escalate_at),
        (None, None, None),
        "never rang"
    );
    Ok(())
}

fn scripts() -> impl Strategy<Value = Vec<(u16, Noon)>> {
    let noon = prop_oneof![
        3 => Just(Noon::Pause), 4 => Just(Noon::Resume), 2 => (1..60_i64).prop_map(Noon::Promise),
    ];
    proptest::collection::vec((0..25_u16, noon), 0..7)
}

fn days() -> impl Strategy<Value = Date> {
    (0..20 * 365_i64).prop_map(|n| date(FIRST_YEAR, 1, 2).checked_add(jiff::Span::new().days(n)).unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    #[test]
    fn a_life_told_day_by_day_rings_alike(sent in days(), terms in terms(), script in scripts()) {
        both_lives_ring_alike(sent, terms, &script)?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20_000, ..ProptestConfig::default() })]

    #[test]
    #[ignore = "minutes; the same as the one above, more of it"]
    fn many_lives_told_day_by_day_ring_alike(sent in days(), terms in terms(), script in scripts()) {
        both_lives_ring_alike(sent, terms, &script)?;
    }
}
