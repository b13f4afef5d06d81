//! The times that can be booked: opening hours cut into slots, less what is closed and what is taken. Pure.

use crate::model::Resource;
use std::collections::BTreeSet;
use vocabulary::civil::Date;
use vocabulary::{SignedDuration, Timestamp, local_day, time_zone};

/// Days looked at for one calendar, at most.
pub const DAYS_SHOWN_MAX: usize = 62;

/// A time that is offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// When it begins.
    pub starts_at: Timestamp,
    /// When it is over.
    pub ends_at: Timestamp,
    /// How many can still have it.
    pub free: u16,
}

/// A time that is taken, and the seat it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    /// When it begins.
    pub starts_at: Timestamp,
    /// When it is over.
    pub ends_at: Timestamp,
    /// Which of the seats.
    pub seat: u16,
}

impl Taken {
    fn meets(&self, starts_at: Timestamp, ends_at: Timestamp) -> bool {
        self.starts_at < ends_at && starts_at < self.ends_at
    }
}

/// Every slot of `day` as the opening hours cut it, taken or not. None on a day that is closed.
fn cut(resource: &Resource, day: Date) -> Vec<(Timestamp, Timestamp)> {
    if resource.slot_minutes == 0 || resource.closed.iter().any(|(closed, _)| *closed == day) {
        return Vec::new();
    }
    let Some((opens, closes)) = resource.hours.hours(day) else { return Vec::new() };
    let instant = |time| day.to_datetime(time).to_zoned(time_zone()).ok().map(|zoned| zoned.timestamp());
    let (Some(mut at), Some(end)) = (instant(opens), instant(closes)) else { return Vec::new() };
    let length = SignedDuration::from_mins(i64::from(resource.slot_minutes));
    let mut slots = Vec::new();
    while let Ok(next) = at.checked_add(length) {
        if next > end {
            break;
        }
        slots.push((at, next));
        at = next;
    }
    slots
}

/// Whether a slot that begins at `starts_at` may be booked at `now`: not too soon, not too far ahead.
fn in_time(resource: &Resource, starts_at: Timestamp, now: Timestamp) -> bool {
    let earliest = now.checked_add(SignedDuration::from_hours(i64::from(resource.notice_hours)));
    let last_day =
        local_day(now).checked_add(SignedDuration::from_hours(24 * i64::from(resource.days_ahead)));
    earliest.is_ok_and(|earliest| starts_at >= earliest)
        && last_day.is_ok_and(|last| local_day(starts_at) <= last)
}

/// The free slots from `from` on, of [`DAYS_SHOWN_MAX`] days at most.
#[must_use]
pub fn free(resource: &Resource, taken: &[Taken], from: Date, days: usize, now: Timestamp) -> Vec<Slot> {
    let mut slots = Vec::new();
    let mut day = from;
    for _ in 0..days.min(DAYS_SHOWN_MAX) {
        for (starts_at, ends_at) in cut(resource, day) {
            let free = seats(resource, taken, starts_at, ends_at).len();
            if free > 0 && in_time(resource, starts_at, now) {
                slots.push(Slot { starts_at, ends_at, free: u16::try_from(free).unwrap_or(u16::MAX) });
            }
        }
        day = day.tomorrow().unwrap_or(day);
    }
    slots
}

/// The slot that begins at `starts_at`, if it is one that is offered at `now`, taken or not.
#[must_use]
pub fn offered(resource: &Resource, starts_at: Timestamp, now: Timestamp) -> Option<(Timestamp, Timestamp)> {
    let slot = cut(resource, local_day(starts_at)).into_iter().find(|(start, _)| *start == starts_at)?;
    (resource.active && in_time(resource, starts_at, now)).then_some(slot)
}

/// The seats that nobody has from `starts_at` to `ends_at`. What was booked while slots had another length counts
/// wherever it overlaps.
#[must_use]
pub fn seats(resource: &Resource, taken: &[Taken], starts_at: Timestamp, ends_at: Timestamp) -> Vec<u16> {
    let used: BTreeSet<u16> =
        taken.iter().filter(|taken| taken.meets(starts_at, ends_at)).map(|taken| taken.seat).collect();
    (1..=resource.capacity).filter(|seat| !used.contains(seat)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use vocabulary::civil::date;
    use vocabulary::{OpeningHours, ResourceId};

    fn resource(slot_minutes: u16, capacity: u16) -> Resource {
        Resource {
            id: ResourceId::from_u128(1),
            code: "rum".to_owned(),
            name: "Rum".to_owned(),
            place: "Stadshuset".to_owned(),
            hours: OpeningHours::default(),
            slot_minutes,
            capacity,
            notice_hours: 2,
            days_ahead: 30,
            active: true,
            closed: vec![(date(2026, 11, 5), "Stämma".to_owned())],
        }
    }

    const NOW: &str = "2026-11-02T09:00:00Z";

    #[test]
    fn slots_follow_the_opening_hours_and_skip_what_is_closed() {
        let now = NOW.parse().unwrap();
        let of = |day| free(&resource(60, 1), &[], day, 1, now).len();
        assert_eq!(of(date(2026, 11, 3)), 12, "07-19");
        assert_eq!(of(date(2026, 11, 2)), 7, "from 12, two hours ahead");
        assert_eq!(of(date(2026, 11, 5)), 0, "closed");
        assert_eq!(of(date(2026, 11, 8)), 0, "Sunday");
        assert_eq!(of(date(2026, 12, 3)), 0, "too far ahead");
        let odd = free(&resource(50, 1), &[], date(2026, 11, 6), 1, now);
        assert_eq!(
            odd.last().unwrap().ends_at.to_string(),
            "2026-11-06T16:00:00Z",
            "no slot goes past closing"
        );
    }

    #[test]
    fn a_booking_of_another_length_still_takes_its_time() {
        let now = NOW.parse().unwrap();
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let taken =
            [Taken { starts_at: at("2026-11-03T06:30:00Z"), ends_at: at("2026-11-03T07:15:00Z"), seat: 1 }];
        let slots = free(&resource(60, 1), &taken, date(2026, 11, 3), 1, now);
        assert_eq!(slots[0].starts_at, at("2026-11-03T08:00:00Z"));
        assert_eq!(free(&resource(60, 2), &taken, date(2026, 11, 3), 1, now)[0].free, 1);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(100) })]

        /// Whoever books free seats one after the other never gets one that somebody else has at the same time.
        #[test]
        fn nobody_shares_a_seat(wishes in proptest::collection::vec((0_usize..40, 15_u16..90), 1..60), capacity in 1_u16..4) {
            let now: Timestamp = NOW.parse().unwrap();
            let mut taken: Vec<Taken> = Vec::new();
            for (wish, minutes) in wishes {
                let resource = resource(minutes, capacity);
                let slots = cut(&resource, date(2026, 11, 3));
                let (starts_at, ends_at) = slots[wish % slots.len()];
                prop_assert_eq!(offered(&resource, starts_at, now), Some((starts_at, ends_at)));
                if let Some(seat) = seats(&resource, &taken, starts_at, ends_at).first() {
                    for other in taken.iter().filter(|other| other.seat == *seat) {
                        prop_assert!(!other.meets(starts_at, ends_at));
                    }
                    taken.push(Taken { starts_at, ends_at, seat: *seat });
                }
            }
        }
    }
}
