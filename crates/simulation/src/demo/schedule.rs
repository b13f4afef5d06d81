//! What a simulated guide does when: three shifts, lunch, breaks, and rotation between telephone, e-mail and desk, so
//! that no one sits on the telephone eight hours a day.

use super::dice::Dice;
use crate::town::Shift;
use vocabulary::civil::{Date, DateTime, Time, Weekday};
use vocabulary::{AwayReason, OpeningHours, SignedDuration};

/// What somebody does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Doing {
    /// Not at work.
    Home,
    /// Takes calls.
    Phone,
    /// At work, takes no calls.
    Away(AwayReason),
}

/// A guide as the schedule knows them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Worker {
    /// Counted from 0 over all simulated guides, so that breaks are spread.
    pub number: u64,
    pub shift: Shift,
    pub hourly: bool,
}

/// On Saturdays every fourth works.
const SATURDAY_ONE_IN: u64 = 4;
/// Hourly staff come three days of five.
const HOURLY_DAYS_OF_FIVE: u64 = 3;

/// One guide's day: from when what is done, in order; the last is [`Doing::Home`]. Empty on a free day.
pub(crate) fn day(worker: Worker, date: Date, opening: &OpeningHours, seed: u64) -> Vec<(DateTime, Doing)> {
    let Some((opens, closes)) = opening.hours(date) else { return Vec::new() };
    let day_number = u64::from(date.day_of_year().unsigned_abs());
    let at_work = if date.weekday() == Weekday::Saturday {
        (worker.number + day_number).is_multiple_of(SATURDAY_ONE_IN)
    } else {
        !worker.hourly || (worker.number + day_number) % 5 < HOURLY_DAYS_OF_FIVE
    };
    if !at_work {
        return Vec::new();
    }
    let dice = Dice::new(seed ^ day_number, worker.number);
    let (from, to) = hours(worker.shift, opens, closes, date.weekday());
    let begin = date.to_datetime(from).saturating_sub(dice.seconds(120, 900));
    let end = date.to_datetime(to).saturating_add(dice.seconds(0, 300));
    let mut plan = vec![(begin, Doing::Away(AwayReason::Admin)), (date.to_datetime(from), Doing::Phone)];
    rotate(&mut plan, end, worker, &dice);
    plan.push((end, Doing::Home));
    plan
}

/// When a shift begins and ends; on a short day all work the whole of it.
fn hours(shift: Shift, opens: Time, closes: Time, weekday: Weekday) -> (Time, Time) {
    let at = |hour, minute| Time::constant(hour, minute, 0, 0);
    let (from, to) = match shift {
        _ if weekday == Weekday::Saturday => (opens, closes),
        Shift::Early => (opens, at(15, 30)),
        Shift::Middle => (at(8, 0), at(16, 30)),
        Shift::Late => (at(10, 0), closes),
    };
    (from.max(opens), to.min(closes))
}

/// Fills the time up to `end` with turns at the telephone and what is between them.
fn rotate(plan: &mut Vec<(DateTime, Doing)>, end: DateTime, worker: Worker, dice: &Dice) {
    let Some(&(begin, _)) = plan.last() else { return };
    let minutes = |n: u64| SignedDuration::from_mins(i64::try_from(n).unwrap_or(0));
    let half = begin.duration_until(end) / 2;
    let lunch_from = begin
        .saturating_add(half)
        .saturating_sub(minutes(40))
        .saturating_add(minutes(20 * (worker.number % 5)));
    let (mut now, mut turn, mut had_lunch) = (begin, worker.number, false);
    let mut phone = true;
    // Those who come together do not leave the telephone together.
    let mut first_turn = Some(45 + 15 * (worker.number / 3 % 5));
    while now < end {
        let (doing, long) = if !had_lunch && now >= lunch_from {
            had_lunch = true;
            (Doing::Away(AwayReason::Lunch), dice.between(30, 45))
        } else if phone {
            (Doing::Phone, first_turn.take().unwrap_or_else(|| dice.between(55, 90)))
        } else {
            turn += 1;
            match turn % 6 {
                0 | 2 => (Doing::Away(AwayReason::Break), dice.between(12, 18)),
                1 | 3 => (Doing::Away(AwayReason::Admin), dice.between(35, 60)),
                4 => (Doing::Away(AwayReason::Desk), dice.between(40, 60)),
                _ => (Doing::Away(AwayReason::Meeting), dice.between(20, 40)),
            }
        };
        // Nobody begins something else for the last minutes.
        let long = if now.saturating_add(minutes(long)).duration_until(end) < minutes(20) {
            None
        } else {
            Some(long)
        };
        plan.push((now, if long.is_none() { Doing::Phone } else { doing }));
        phone = doing != Doing::Phone;
        now = long.map_or(end, |long| now.saturating_add(minutes(long)));
    }
}

/// What is done at `now` by this day's plan.
pub(crate) fn at(plan: &[(DateTime, Doing)], now: DateTime) -> Doing {
    plan.iter().rev().find(|(from, _)| *from <= now).map_or(Doing::Home, |(_, doing)| *doing)
}

#[cfg(test)]
mod tests {
    use super::*;
    use vocabulary::civil::date;

    fn workers() -> Vec<Worker> {
        let shifts = [Shift::Early, Shift::Middle, Shift::Late];
        (0..31_u64)
            .map(|n| Worker { number: n, shift: shifts[usize::try_from(n % 3).unwrap()], hourly: n >= 23 })
            .collect()
    }

    /// How many are on the telephone, and how many at work.
    fn staff(day_of: Date, hour: i8, minute: i8) -> (usize, usize) {
        let opening = OpeningHours::default();
        let now = day_of.at(hour, minute, 0, 0);
        let doing: Vec<Doing> =
            workers().into_iter().map(|w| at(&day(w, day_of, &opening, 5), now)).collect();
        let phone = doing.iter().filter(|d| **d == Doing::Phone).count();
        (phone, doing.iter().filter(|d| **d != Doing::Home).count())
    }

    #[test]
    fn somebody_is_on_the_telephone_whenever_the_centre_is_open() {
        let tuesday = date(2026, 11, 3);
        for quarter in 0..48_i8 {
            let (hour, minute) = (7 + quarter / 4, 15 * (quarter % 4));
            let (phone, present) = staff(tuesday, hour, minute);
            assert!(phone >= 3, "{phone} of {present} at {hour}:{minute}");
        }
        assert!(staff(tuesday, 10, 30).1 > 18);
        assert_eq!((staff(tuesday, 6, 0).1, staff(tuesday, 19, 10).1), (0, 0));
        assert!((3..12).contains(&staff(date(2026, 11, 7), 12, 0).1), "few on Saturdays");
        assert_eq!(staff(date(2026, 11, 8), 12, 0).1, 0, "nobody on Sundays");
    }

    #[test]
    fn everybody_has_lunch_and_a_break_and_goes_home() {
        for worker in workers() {
            let plan = day(worker, date(2026, 11, 3), &OpeningHours::default(), 9);
            let Some((_, last)) = plan.last() else { continue };
            let does = |doing| plan.iter().any(|(_, d)| *d == doing);
            assert_eq!(*last, Doing::Home);
            assert!(does(Doing::Away(AwayReason::Lunch)) && does(Doing::Phone), "{worker:?} {plan:?}");
            assert!(plan.is_sorted_by_key(|(from, _)| *from), "{plan:?}");
        }
    }

    #[test]
    fn the_plan_says_what_is_done() {
        let day = date(2026, 11, 3);
        let plan = [(day.at(8, 0, 0, 0), Doing::Phone), (day.at(9, 0, 0, 0), Doing::Home)];
        for (hour, doing) in [(7, Doing::Home), (8, Doing::Phone), (9, Doing::Home)] {
            assert_eq!(at(&plan, day.at(hour, 30, 0, 0)), doing);
        }
    }
}
