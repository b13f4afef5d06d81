//! The clock of one and two working days, and the measure made of it.

use vocabulary::civil::Date;
use vocabulary::{SignedDuration, Timestamp, is_working_day, local_day, working_days_between};

/// The last day on which an answer to a letter that came at `arrived_at` is in time: the `working_days`th Swedish working
/// day after the day it came. What comes on a Saturday and what comes on the Friday before are due on the same day; the
/// hour of the day does not matter.
#[must_use]
pub fn due_day(arrived_at: Timestamp, working_days: u16) -> Date {
    let mut day = local_day(arrived_at);
    let mut left = working_days;
    while left > 0 {
        let Ok(next) = day.tomorrow() else { return day };
        day = next;
        left -= u16::from(is_working_day(day));
    }
    day
}

/// Where a wait stands on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// So many working days are left after today; none: it is due today.
    Left(u32),
    /// So many working days over. None: the last day has passed, but no working day since.
    Over(u32),
}

/// Where a wait that is due on `due_day` stands on `today`.
#[must_use]
pub fn standing(due_day: Date, today: Date) -> Standing {
    if today <= due_day {
        Standing::Left(working_days_between(today, due_day))
    } else {
        Standing::Over(working_days_between(due_day, today))
    }
}

/// Whether a wait that is due on `due_day` and ended at `ended_at` was in time.
#[must_use]
pub fn in_time(due_day: Date, ended_at: Timestamp) -> bool {
    local_day(ended_at) <= due_day
}

/// How a mailbox answers, over a period. The first-response measure: a wait begins with a letter from a resident that
/// nobody has answered and ends when a person answers or closes it with an outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AnswerMeasure {
    /// Waits that have ended, answered or closed.
    pub ended: u64,
    /// Of these, in time.
    pub in_time: u64,
    /// Waits that go on although their last day is over.
    pub overdue: u64,
    /// All the time the ended ones lasted, by the wall clock (nights and weekends included).
    pub waited: SignedDuration,
}

impl AnswerMeasure {
    /// Of how many the share in time is: the ended waits, and those that go on too long.
    #[must_use]
    pub const fn counted(&self) -> u64 {
        self.ended + self.overdue
    }

    /// The share in time with its interval; none if there is nothing to count.
    #[must_use]
    pub fn share_in_time(&self) -> Option<quality::Share> {
        quality::share_with_interval(self.in_time, self.counted())
    }

    /// The mean time to an answer; none if nothing has been answered.
    #[must_use]
    pub fn mean(&self) -> Option<SignedDuration> {
        let ended = i64::try_from(self.ended).ok().filter(|ended| *ended > 0)?;
        Some(SignedDuration::from_secs(self.waited.as_secs() / ended))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use vocabulary::civil::date;
    use vocabulary::start_of_day;

    fn noon(y: i16, m: i8, d: i8) -> Timestamp {
        start_of_day(date(y, m, d)) + SignedDuration::from_hours(12)
    }

    #[test]
    fn two_working_days_from_each_sort_of_day() {
        for (came, due) in [
            (noon(2026, 11, 2), date(2026, 11, 4)),   // Monday
            (noon(2026, 11, 5), date(2026, 11, 9)),   // Thursday: Friday, Monday
            (noon(2026, 11, 6), date(2026, 11, 10)),  // Friday
            (noon(2026, 11, 7), date(2026, 11, 10)),  // Saturday, the same
            (noon(2026, 4, 2), date(2026, 4, 8)),     // Maundy Thursday: Easter between
            (noon(2026, 12, 23), date(2026, 12, 29)), // before Christmas: Monday 28, Tuesday 29
            (noon(2026, 6, 18), date(2026, 6, 23)),   // before Midsummer Eve
        ] {
            assert_eq!(due_day(came, 2), due, "{came}");
        }
        assert_eq!(due_day(noon(2026, 11, 6), 1), date(2026, 11, 9));
    }

    #[test]
    fn it_stands_as_people_count() {
        let due = date(2026, 11, 10);
        assert_eq!(standing(due, date(2026, 11, 6)), Standing::Left(2));
        assert_eq!(standing(due, date(2026, 11, 10)), Standing::Left(0));
        assert_eq!(standing(due, date(2026, 11, 12)), Standing::Over(2));
        assert_eq!(standing(date(2026, 11, 6), date(2026, 11, 8)), Standing::Over(0));
    }

    #[test]
    fn what_is_late_and_still_lies_there_counts() {
        let measure =
            AnswerMeasure { ended: 3, in_time: 3, overdue: 1, waited: SignedDuration::from_secs(90) };
        assert_eq!(measure.counted(), 4);
        assert!((measure.share_in_time().unwrap().share - 0.75).abs() < 1e-12);
        assert_eq!(measure.mean(), Some(SignedDuration::from_secs(30)));
        assert_eq!(AnswerMeasure::default().mean(), None);
        assert_eq!(AnswerMeasure::default().share_in_time(), None);
    }

    proptest! {
        #[test]
        fn exactly_so_many_working_days_lie_between(second in 1_700_000_000_i64..2_400_000_000, days in 1_u16..3) {
            let came = Timestamp::from_second(second).unwrap();
            let due = due_day(came, days);
            prop_assert!(is_working_day(due));
            prop_assert_eq!(working_days_between(local_day(came), due), u32::from(days));
            prop_assert_eq!(standing(due, local_day(came)), Standing::Left(u32::from(days)));
            prop_assert!(in_time(due, came) && !in_time(due, start_of_day(due.tomorrow().unwrap())));
        }
    }
}
