//! What is to be expected of every stream at every half hour of the week, learnt from what has been counted.

use super::{Sort, Stream};
use std::collections::BTreeMap;
use vocabulary::civil::{Date, Time};
use vocabulary::{DayKind, SignedDuration, Timestamp, day_kind, local_day, time_zone};

/// The length of a slot, in minutes.
pub const SLOT_MINUTES: u16 = 30;
/// Slots in a day; on the two days that change their clock an hour is counted twice or not at all.
pub const SLOTS: usize = 48;
/// How far back is looked, in days.
pub const DAYS_MAX: i32 = 56;
/// After so many days a day counts for half.
const HALF_LIFE_DAYS: f64 = 28.0;
/// Classes of days: Monday to Friday, Saturday, Sunday and red days.
const CLASSES: usize = 7;
/// The first class of the weekend.
const WEEKEND: usize = 5;
/// A day without a single count is left out where a usual day of its class has at least this many.
const USUAL_DAY_MIN: f64 = 20.0;
/// How many days' worth the shape of all weekdays (or of the weekend) weighs against that of one class.
const CLASS_WEIGHT: f64 = 1.0;
/// How many days' worth a flat day weighs, for slots that have never been seen.
const FLAT_WEIGHT: f64 = 0.25;
/// How many days' worth the shape of the sort weighs against a stream's own.
const SORT_WEIGHT: f64 = 4.0;
/// Overdispersion as it usually is, and how much it weighs against the stream's own, in squared counts.
const SPREAD_USUAL: f64 = 0.08;
const SPREAD_WEIGHT: f64 = 20.0;
/// It is never taken for less than this, nor for more.
const SPREAD_MIN: f64 = 0.03;
const SPREAD_MAX: f64 = 1.0;
/// The residuals come from the days the expectation was fitted to, and are therefore too small by about so much.
const FITTED: f64 = 1.25;
/// No window is expected to have less than this.
const MEAN_MIN: f64 = 0.02;
/// A stream with fewer counts in all its history is a newcomer.
const NEWCOMER: f64 = 10.0;
/// What not having seen this half hour before adds to the uncertainty.
const UNSEEN: f64 = 0.3;
/// Slots that must have been counted before anything is judged: four hours.
const SLOTS_COUNTED_MIN: usize = 8;

/// One stream's counts: per Swedish day, per slot.
pub type History = BTreeMap<Date, [u32; SLOTS]>;

/// Everything that was counted, and what of it is no guide to an ordinary day.
#[derive(Clone, Debug, Default)]
pub struct Histories {
    /// Each stream's counts. Days without any may be left out.
    pub streams: BTreeMap<Stream, History>,
    /// The first day on which anything was counted.
    pub first_day: Option<Date>,
    /// From when until when figures are not like other days': crises.
    pub left_out: Vec<(Timestamp, Timestamp)>,
}

/// The slot of a day that `at` falls in, with the Swedish day.
#[must_use]
pub fn slot_of(at: Timestamp) -> (Date, usize) {
    let local = at.to_zoned(time_zone());
    let minutes = usize::try_from(i32::from(local.hour()) * 60 + i32::from(local.minute())).unwrap_or(0);
    (local.date(), (minutes / usize::from(SLOT_MINUTES)).min(SLOTS - 1))
}

fn class_of(day: Date) -> usize {
    match day_kind(day) {
        DayKind::Red => CLASSES - 1,
        DayKind::Working | DayKind::ShortWorking | DayKind::Weekend => {
            usize::try_from(day.weekday().to_monday_zero_offset()).unwrap_or(0).min(CLASSES - 1)
        }
    }
}

type Week = [[f64; SLOTS]; CLASSES];
const NO_WEEK: Week = [[0.0; SLOTS]; CLASSES];

/// What all streams of a sort come to together.
#[derive(Clone, Debug)]
struct Shape {
    /// Counts a slot, by class.
    rate: Week,
    total: f64,
    /// For how many (weighted) days each slot has been counted, since anything of the sort was.
    exposure: Week,
    slots_counted: usize,
}

impl Shape {
    /// A sort of which nothing is added up yet. What was not counted at all before its first day was not nothing.
    fn of(sort: Sort, histories: &Histories, days: &[Day]) -> Self {
        let of_sort = histories.streams.iter().filter(|(stream, _)| stream.sort == sort);
        let first = of_sort.filter_map(|(_, history)| history.keys().next()).min();
        let (mut exposure, mut slots_counted) = (NO_WEEK, 0);
        for day in days.iter().filter(|day| first.is_some_and(|first| *first <= day.date)) {
            for (slot, _) in day.slots.iter().enumerate().filter(|(_, counts)| **counts) {
                exposure[day.class][slot] += day.weight;
                slots_counted += 1;
            }
        }
        Self { rate: NO_WEEK, total: 0.0, exposure, slots_counted }
    }
}

#[derive(Clone, Debug)]
struct Level {
    rate: Week,
    /// Weighted counts in all.
    counted: f64,
    spread: f64,
}

/// What is to be expected.
#[derive(Clone, Debug)]
pub struct Baseline {
    /// The day it was made on.
    pub made_on: Date,
    shapes: BTreeMap<Sort, Shape>,
    streams: BTreeMap<Stream, Level>,
}

/// What is to be expected of a stream in some minutes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Expected {
    /// The mean count.
    pub mean: f64,
    /// The variance is `mean + spread * mean²`.
    pub spread: f64,
    /// Whether next to nothing is known of it.
    pub newcomer: bool,
}

/// One day that counts, with its class and weight, and which of its slots were ordinary ones.
struct Day {
    date: Date,
    class: usize,
    weight: f64,
    slots: [bool; SLOTS],
}

impl Baseline {
    /// Learns from what was counted before `now`. Today counts as far as the last hour, which is what is judged.
    #[must_use]
    pub fn learn(histories: &Histories, now: Timestamp) -> Self {
        let today = local_day(now);
        let days = days(histories, now, today);
        let counted: BTreeMap<&Stream, (Week, f64)> =
            histories.streams.iter().map(|(stream, history)| (stream, weighted(history, &days))).collect();
        let mut shapes: BTreeMap<Sort, Shape> = BTreeMap::new();
        for (stream, (week, total)) in &counted {
            let shape = shapes.entry(stream.sort).or_insert_with(|| Shape::of(stream.sort, histories, &days));
            for (sum, own) in shape.rate.iter_mut().flatten().zip(week.iter().flatten()) {
                *sum += own;
            }
            shape.total += total;
        }
        for shape in shapes.values_mut() {
            shape.rate = blended(&shape.rate, &shape.exposure);
        }
        let streams = counted
            .into_iter()
            .filter_map(|(stream, (week, total))| {
                let shape = shapes.get(&stream.sort)?;
                let share = if shape.total > 0.0 { total / shape.total } else { 0.0 };
                let mut rate = NO_WEEK;
                for (class, slot) in places() {
                    rate[class][slot] = (week[class][slot] + SORT_WEIGHT * share * shape.rate[class][slot])
                        / (shape.exposure[class][slot] + SORT_WEIGHT);
                }
                let spread = histories.streams.get(stream).map_or(SPREAD_USUAL, |h| spread(h, &days, &rate));
                Some((stream.clone(), Level { rate, counted: total, spread }))
            })
            .collect();
        Self { made_on: today, shapes, streams }
    }

    /// Whether enough of a sort has been counted to judge it at all.
    #[must_use]
    pub fn knows_enough(&self, sort: Sort) -> bool {
        self.shapes.get(&sort).is_some_and(|shape| shape.slots_counted >= SLOTS_COUNTED_MIN)
    }

    /// The streams it has seen.
    pub fn streams(&self) -> impl Iterator<Item = &Stream> {
        self.streams.keys()
    }

    /// What is to be expected of `stream` from `from` until `to`, by whole minutes; at most a day of them.
    #[must_use]
    pub fn expected(&self, stream: &Stream, from: Timestamp, to: Timestamp) -> Expected {
        const MINUTES_MAX: usize = 25 * 60;
        let minutes = std::iter::successors(Some(from), |at| Some(*at + SignedDuration::from_mins(1)));
        self.expected_in(stream, minute_places(minutes.take_while(|at| *at < to).take(MINUTES_MAX)))
    }

    /// The same for minutes by their places in the week.
    pub(super) fn expected_in(&self, stream: &Stream, minutes: impl Iterator<Item = Place>) -> Expected {
        let level = self.streams.get(stream);
        let shape = self.shapes.get(&stream.sort);
        // A stream never seen is taken to be as rare as half a count in all the time its sort has been counted.
        let share = shape.map_or(0.0, |shape| 0.5 / (shape.total + 1.0));
        let (mut mean, mut unseen, mut local, mut n) = (0.0, 0.0, 0.0, 0.0);
        for (class, slot) in minutes {
            let rate = level.map_or(0.0, |level| level.rate[class][slot]);
            let sort = shape.map_or(0.0, |shape| shape.rate[class][slot]);
            mean += rate.max(share * sort) / f64::from(SLOT_MINUTES);
            let exposure = shape.map_or(0.0, |shape| shape.exposure[class][slot]);
            unseen += UNSEEN / (1.0 + 2.0 * exposure);
            local += rate * exposure;
            n += 1.0;
        }
        let n = f64::max(n, 1.0);
        let counted = level.map_or(0.0, |level| level.counted);
        let spread = level.map_or(SPREAD_USUAL, |level| level.spread);
        // What stands on few counts is uncertain: a gamma with so many counts has the variance of one over them.
        let uncertain = 0.5 / (1.0 + local / n + counted.min(50.0) / 4.0);
        Expected {
            mean: mean.max(MEAN_MIN),
            spread: spread + unseen / n + uncertain,
            newcomer: counted < NEWCOMER,
        }
    }
}

/// A place in the week: the class of the day, and the slot.
pub(super) type Place = (usize, usize);

/// The places of minutes in the week. The zone is asked once a quarter of an hour: offsets change on whole quarters.
pub(super) fn minute_places(minutes: impl Iterator<Item = Timestamp>) -> impl Iterator<Item = Place> {
    let mut last: Option<(i64, Place)> = None;
    minutes.map(move |minute| {
        let quarter = minute.as_second().div_euclid(900);
        let place = match last {
            Some((known, place)) if known == quarter => place,
            _ => {
                let (day, slot) = slot_of(minute);
                (class_of(day), slot)
            }
        };
        last = Some((quarter, place));
        place
    })
}

fn places() -> impl Iterator<Item = (usize, usize)> {
    (0..CLASSES).flat_map(|class| (0..SLOTS).map(move |slot| (class, slot)))
}

/// The days to learn from.
fn days(histories: &Histories, now: Timestamp, today: Date) -> Vec<Day> {
    let Some(first) = histories.first_day else { return Vec::new() };
    let from = today.checked_sub(jiff::Span::new().days(DAYS_MAX)).unwrap_or(first).max(first);
    let mut totals: BTreeMap<Date, u32> = BTreeMap::new();
    for (date, slots) in histories.streams.values().flatten() {
        *totals.entry(*date).or_default() += slots.iter().sum::<u32>();
    }
    let mut days = Vec::new();
    let mut date = from;
    while date <= today {
        let age = f64::from((today - date).get_days());
        let slots = std::array::from_fn(|slot| {
            let begins = slot_begins(date, slot);
            let ends = begins + SignedDuration::from_mins(SLOT_MINUTES.into());
            // What is judged now has not become history yet.
            ends + SignedDuration::from_mins(super::WINDOW_MINUTES_MAX.into()) <= now
                && !histories.left_out.iter().any(|(from, to)| *from < ends && begins < *to)
        });
        days.push(Day { date, class: class_of(date), weight: 0.5_f64.powf(age / HALF_LIFE_DAYS), slots });
        let Ok(next) = date.tomorrow() else { break };
        date = next;
    }
    // A usual day of each class; a day on which nothing at all was counted was then not counted.
    let mut usual = [(0.0, 0.0); CLASSES];
    for day in &days {
        if let Some(total) = totals.get(&day.date).filter(|total| **total > 0) {
            usual[day.class].0 += f64::from(*total);
            usual[day.class].1 += 1.0;
        }
    }
    days.retain(|day| {
        let (sum, n) = usual[day.class];
        let nothing = totals.get(&day.date).is_none_or(|total| *total == 0);
        day.date == today || !nothing || n < 1.0 || sum / n < USUAL_DAY_MIN
    });
    days
}

fn slot_begins(date: Date, slot: usize) -> Timestamp {
    let minutes = i8::try_from(slot % 2).unwrap_or(0) * 30;
    let time = Time::new(i8::try_from(slot / 2).unwrap_or(0), minutes, 0, 0).unwrap_or(Time::midnight());
    date.to_datetime(time).to_zoned(time_zone()).map_or(Timestamp::MAX, |zoned| zoned.timestamp())
}

/// A stream's weighted counts by class and slot, and in all.
fn weighted(history: &History, days: &[Day]) -> (Week, f64) {
    let (mut week, mut total) = (NO_WEEK, 0.0);
    for day in days {
        let Some(counts) = history.get(&day.date) else { continue };
        for (slot, count) in counts.iter().enumerate().filter(|(slot, _)| day.slots[*slot]) {
            let count = day.weight * f64::from(*count);
            week[day.class][slot] += count;
            total += count;
        }
    }
    (week, total)
}

/// Counts a slot, each class drawn towards its kind of day, and that towards a flat day.
fn blended(counts: &Week, exposure: &Week) -> Week {
    let mut rate = NO_WEEK;
    for kind in [0..WEEKEND, WEEKEND..CLASSES] {
        let (mut all, mut exposed) = (0.0, 0.0);
        for class in kind.clone() {
            all += counts[class].iter().sum::<f64>();
            exposed += exposure[class].iter().sum::<f64>();
        }
        let flat = if exposed > 0.0 { all / exposed } else { 0.0 };
        for slot in 0..SLOTS {
            let count: f64 = kind.clone().map(|class| counts[class][slot]).sum();
            let seen: f64 = kind.clone().map(|class| exposure[class][slot]).sum();
            let of_kind = (count + FLAT_WEIGHT * flat) / (seen + FLAT_WEIGHT);
            for class in kind.clone() {
                rate[class][slot] =
                    (counts[class][slot] + CLASS_WEIGHT * of_kind) / (exposure[class][slot] + CLASS_WEIGHT);
            }
        }
    }
    rate
}

/// Overdispersion by the method of moments over whole hours: `Σ ((c - m)² - m) / Σ m²`, drawn towards what is usual.
fn spread(history: &History, days: &[Day], rate: &Week) -> f64 {
    let (mut excess, mut squares) = (SPREAD_WEIGHT * SPREAD_USUAL, SPREAD_WEIGHT);
    for day in days {
        let counts = history.get(&day.date);
        for slot in (0..SLOTS).step_by(2).filter(|slot| day.slots[*slot] && day.slots[slot + 1]) {
            let mean = rate[day.class][slot] + rate[day.class][slot + 1];
            let count = counts.map_or(0.0, |c| f64::from(c[slot]) + f64::from(c[slot + 1]));
            let residual = count - mean;
            excess += day.weight * (FITTED * residual * residual - mean);
            squares += day.weight * mean * mean;
        }
    }
    (excess / squares).clamp(SPREAD_MIN, SPREAD_MAX)
}
