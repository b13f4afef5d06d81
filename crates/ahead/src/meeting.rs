//! Meetings with a department: when the next one falls. Pure.

use jiff::ToSpan as _;
use jiff::civil::Weekday;
use vocabulary::civil::{Date, Time};
use vocabulary::{
    DayKind, DepartmentId, MeetingId, MeetingSeriesId, Timestamp, day_kind, is_working_day, words,
};

words! {
    /// Where a meeting stands.
    MeetingState, "state of a meeting" {
        /// To be held.
        Planned = "planned",
        /// Held; its notes stand.
        Held = "held",
        /// Not to be held.
        Cancelled = "cancelled",
    }
}

words! {
    /// Where a point of the agenda comes from.
    AgendaKind, "kind of agenda item" {
        /// Somebody wrote it.
        Own = "own",
        /// What the department has ahead of it.
        Event = "event",
        /// What people searched for and did not find.
        Gap = "gap",
        /// Work outside every assignment.
        Sliding = "sliding",
        /// Answers that are late.
        Late = "late",
        /// How the department could be reached.
        Reachability = "reachability",
        /// What people have turned to us about most.
        Common = "common",
        /// What was agreed before and is not done.
        Action = "action",
    }
}

storage::word_value!(MeetingState, AgendaKind);

/// The longest a meeting lasts, in minutes.
pub const MINUTES_MAX: u16 = 600;
/// The value of `nth` for the month's last.
pub const LAST: u8 = 5;

/// A standing meeting: the nth weekday of every month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    /// Its id.
    pub id: MeetingSeriesId,
    /// With whom.
    pub department: DepartmentId,
    /// 1 to 4, or [`LAST`].
    pub nth: u8,
    /// Which day of the week.
    pub weekday: Weekday,
    /// From when, Swedish time.
    pub begins: Time,
    /// How long, in minutes.
    pub minutes: u16,
    /// Where.
    pub place: String,
    /// Whether it goes on.
    pub active: bool,
}

/// A meeting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meeting {
    /// Its id.
    pub id: MeetingId,
    /// The standing meeting it belongs to.
    pub series: Option<MeetingSeriesId>,
    /// With whom.
    pub department: DepartmentId,
    /// From when.
    pub begins_at: Timestamp,
    /// Until when.
    pub ends_at: Timestamp,
    /// Where.
    pub place: String,
    /// Where it stands.
    pub state: MeetingState,
    /// What was said beside the agenda.
    pub notes: String,
    /// Counted from 1, a step whenever time, place or state changes.
    pub version: u32,
    /// When that was.
    pub changed_at: Timestamp,
}

/// The first day after `after` that the series falls on: the nth weekday of the month; where that is no working day, the
/// next one that is, and rather a whole one than one that ends at noon.
#[must_use]
pub fn next_day(nth: u8, weekday: Weekday, after: Date) -> Date {
    let mut month = after.first_of_month();
    // Moved days can leave a month without one after `after`, never two in a row.
    for _ in 0..14 {
        let day = working(nth_weekday(nth, weekday, month));
        if day > after {
            return day;
        }
        month = month.checked_add(1.month()).unwrap_or(Date::MAX).first_of_month();
    }
    working(after.tomorrow().unwrap_or(after))
}

fn nth_weekday(nth: u8, weekday: Weekday, month: Date) -> Date {
    let nth = if nth >= LAST { -1 } else { i8::try_from(nth.max(1)).unwrap_or(1) };
    month.nth_weekday_of_month(nth, weekday).unwrap_or(month)
}

fn working(day: Date) -> Date {
    let mut at = day;
    for _ in 0..14 {
        if day_kind(at) == DayKind::Working {
            return at;
        }
        at = at.tomorrow().unwrap_or(at);
    }
    debug_assert!(is_working_day(at), "two weeks without a working day");
    at
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use vocabulary::civil::date;

    #[test]
    fn the_next_meeting_is_the_nth_weekday_and_a_whole_working_day() {
        let second_tuesday = |after| next_day(2, Weekday::Tuesday, after);
        assert_eq!(second_tuesday(date(2026, 11, 3)), date(2026, 11, 10));
        assert_eq!(second_tuesday(date(2026, 11, 10)), date(2026, 12, 8));
        // Good Friday 2026 is the first Friday of April; the Monday after is red, too.
        assert_eq!(next_day(1, Weekday::Friday, date(2026, 3, 20)), date(2026, 4, 7));
        // The last Thursday of December 2026 is New Year's Eve; the day after is red, and then it is the weekend.
        assert_eq!(next_day(LAST, Weekday::Thursday, date(2026, 12, 1)), date(2027, 1, 4));
        // Walpurgis Night ends at noon, and the first of May is red.
        assert_eq!(next_day(LAST, Weekday::Thursday, date(2026, 4, 20)), date(2026, 5, 4));
    }

    proptest! {
        #[test]
        fn it_always_comes_after_and_within_seven_weeks(nth in 1..=LAST, wd in 1_i8..=7, n in 0_i64..4_000) {
            let after = date(2026, 1, 1).checked_add(n.days()).unwrap();
            let day = next_day(nth, Weekday::from_monday_one_offset(wd).unwrap(), after);
            prop_assert!(day > after);
            prop_assert_eq!(day_kind(day), DayKind::Working);
            prop_assert!((day - after).get_days() <= 49, "{after} -> {day}");
        }
    }
}
