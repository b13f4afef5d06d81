//! What comes next: of all that waits for one guide, the most urgent. Pure, so that the order can be argued about in a
//! test and not at the telephone.
//!
//! The order, and why:
//! 1. **A contact of one's own that is not logged.** It takes seconds, and is forgotten within the hour.
//! 2. **A task that has waited past its time**: somebody was promised a call.
//! 3. **A case of one's own that is late**, by how late, the urgent ones first.
//! 4. **A letter whose answer is due today or late**, then other waiting letters by when their answer is due.
//! 5. **A task that is not late yet**, and then a case of one's own by its day.
//!
//! Within each, the oldest first; the id decides between equals, so that two who look at the same see the same.

use crate::limits::TASK_WORKING_DAYS_MAX;
use vocabulary::civil::Date;
use vocabulary::{AnyId, Priority, Timestamp, local_day, working_days_between};

/// Something that waits for a guide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// What it is.
    pub what: What,
    /// Its id: a contact's, a task's, a case's, a conversation's.
    pub id: AnyId,
}

/// What sort of thing waits, with what decides how urgent it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// A contact that is not logged.
    Unlogged {
        /// When it ended.
        since: Timestamp,
    },
    /// A task of the contact centre's.
    Task {
        /// When it was made.
        since: Timestamp,
    },
    /// An open case assigned to the guide.
    Case {
        /// The day by which something must happen, if one is set.
        due: Option<Date>,
        /// How soon it should be taken up.
        priority: Priority,
    },
    /// A letter that nobody has answered.
    Letter {
        /// The last day for the answer.
        due: Date,
    },
}

/// Where something stands in line at `now`: less is sooner.
fn place(now: Timestamp, waiting: &Waiting) -> (u8, i64, i64, AnyId) {
    let today = local_day(now);
    let day = |day: Date| i64::from(day.year()) * 400 + i64::from(day.day_of_year());
    let (rank, first, then) = match waiting.what {
        What::Unlogged { since } => (1, since.as_microsecond(), 0),
        What::Task { since } if task_is_late(now, since) => (2, since.as_microsecond(), 0),
        What::Case { due: Some(due), priority } if due < today => {
            (3, -i64::from(u8::from(priority == Priority::Urgent)), day(due))
        }
        What::Letter { due } if due <= today => (4, day(due), 0),
        What::Letter { due } => (5, day(due), 0),
        What::Task { since } => (6, since.as_microsecond(), 0),
        What::Case { due, priority } => (7, -(priority as i64), due.map_or(i64::MAX, day)),
    };
    (rank, first, then, waiting.id)
}

/// Whether a task made at `since` has waited more working days than it may.
#[must_use]
pub fn task_is_late(now: Timestamp, since: Timestamp) -> bool {
    working_days_between(local_day(since), local_day(now)) > TASK_WORKING_DAYS_MAX
}

/// All that waits, the most urgent first.
#[must_use]
pub fn in_order(now: Timestamp, mut waiting: Vec<Waiting>) -> Vec<Waiting> {
    waiting.sort_by_cached_key(|waiting| place(now, waiting));
    waiting
}

/// The most urgent of what waits; if that is what one has `at_hand` already, the one after it.
#[must_use]
pub fn next(now: Timestamp, waiting: Vec<Waiting>, at_hand: Option<AnyId>) -> Option<Waiting> {
    let mut line = in_order(now, waiting).into_iter().peekable();
    let first = line.peek().cloned();
    match line.position(|waiting| Some(waiting.id) == at_hand) {
        // Past the last one it begins again.
        Some(_) => line.next().or(first),
        None => first,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vocabulary::civil::date;

    const NOW: &str = "2026-11-04T10:00:00Z";

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn waiting(n: u128, what: What) -> Waiting {
        Waiting { what, id: AnyId::from_u128(n) }
    }

    fn order(all: &[Waiting]) -> Vec<u128> {
        let mut turned = all.to_vec();
        turned.reverse();
        let order = in_order(at(NOW), turned);
        assert_eq!(order, in_order(at(NOW), all.to_vec()), "the order they come in does not count");
        order.iter().map(|waiting| waiting.id.as_u128()).collect()
    }

    fn case(n: u128, due: Option<Date>, priority: Priority) -> Waiting {
        waiting(n, What::Case { due, priority })
    }

    #[test]
    fn what_is_late_goes_before_what_is_not() {
        let all = [
            waiting(9, What::Letter { due: date(2026, 11, 5) }),
            case(8, Some(date(2026, 11, 9)), Priority::Normal),
            case(1, Some(date(2026, 11, 3)), Priority::Low),
            waiting(2, What::Task { since: at("2026-11-04T08:00:00Z") }),
            waiting(3, What::Task { since: at("2026-10-28T08:00:00Z") }),
            waiting(4, What::Unlogged { since: at("2026-11-04T09:58:00Z") }),
            waiting(5, What::Letter { due: date(2026, 11, 4) }),
        ];
        assert_eq!(order(&all), [4, 3, 1, 5, 9, 2, 8]);
    }

    #[test]
    fn the_longest_waiting_goes_first_and_an_urgent_late_case_before_other_late_ones() {
        let all = [
            case(1, Some(date(2026, 10, 1)), Priority::Normal),
            case(2, Some(date(2026, 11, 3)), Priority::Urgent),
            case(3, Some(date(2025, 12, 31)), Priority::High),
            case(4, None, Priority::Normal),
            case(5, None, Priority::Urgent),
            case(6, Some(date(2026, 11, 4)), Priority::Normal),
        ];
        assert_eq!(order(&all), [2, 3, 1, 5, 6, 4], "a case is not late on its day");
        let equals = [
            waiting(8, What::Letter { due: date(2026, 11, 4) }),
            waiting(7, What::Letter { due: date(2026, 11, 4) }),
        ];
        assert_eq!(order(&equals), [7, 8]);
    }

    #[test]
    fn pressing_again_goes_on_and_round() {
        let all: Vec<_> = (1..=3).map(|n| waiting(n, What::Unlogged { since: at(NOW) })).collect();
        let next_of = |at_hand: Option<u128>| {
            next(at(NOW), all.clone(), at_hand.map(AnyId::from_u128)).map(|waiting| waiting.id.as_u128())
        };
        assert_eq!(next_of(None), Some(1));
        assert_eq!(next_of(Some(1)), Some(2));
        assert_eq!(next_of(Some(3)), Some(1));
        assert_eq!(next_of(Some(77)), Some(1), "what is no longer waiting does not count");
        assert_eq!(next(at(NOW), Vec::new(), None), None);
        assert_eq!(next(at(NOW), vec![all[0].clone()], Some(AnyId::from_u128(1))), Some(all[0].clone()));
    }

    #[test]
    fn a_task_over_a_weekend_is_not_late() {
        assert!(!task_is_late(at("2026-11-09T08:00:00Z"), at("2026-11-06T15:00:00Z")));
        assert!(task_is_late(at("2026-11-10T08:00:00Z"), at("2026-11-06T15:00:00Z")));
    }
}
