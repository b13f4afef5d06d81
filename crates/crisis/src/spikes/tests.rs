//! The detector on days made by hand: what it must tell, and what it must keep quiet about.

use super::*;
use std::collections::BTreeMap;
use vocabulary::civil::{Date, date};
use vocabulary::{SignedDuration, Timestamp, day_kind, start_of_day};

const QUEUE: &str = "medborgare";

fn stream() -> Stream {
    Stream::new(Sort::Queue, QUEUE)
}

/// `per_slot` counts each half hour from 8 to 17 on working days, for `days` days before `today`.
fn history(today: Date, days: i32, per_slot: u32) -> Histories {
    let mut history = History::new();
    let mut first = today;
    for back in 1..=days {
        let day = today.checked_sub(jiff::Span::new().days(back)).unwrap();
        first = day;
        if matches!(day_kind(day), vocabulary::DayKind::Working | vocabulary::DayKind::ShortWorking) {
            let slots = std::array::from_fn(|slot| if (16..34).contains(&slot) { per_slot } else { 0 });
            history.insert(day, slots);
        }
    }
    Histories { streams: BTreeMap::from([(stream(), history)]), first_day: Some(first), left_out: Vec::new() }
}

fn at(day: Date, hour: i64, minute: i64) -> Timestamp {
    start_of_day(day) + SignedDuration::from_mins(hour * 60 + minute)
}

/// `n` in each of the last `minutes` minutes.
fn counts(stream: Stream, minutes: usize, n: u32) -> Counts {
    let mut each = [0; WINDOW_MINUTES_MAX as usize];
    each[..minutes].fill(n);
    Counts::from([(stream, each)])
}

fn look(histories: &Histories, now: Timestamp, counts: &Counts) -> Judgement {
    judge(now, &Settings::default(), &Baseline::learn(histories, now), counts, Missed::default())
}

const TUESDAY: Date = date(2026, 11, 3);

#[test]
fn an_ordinary_hour_is_quiet_and_a_storm_is_told_with_how_much_and_since_when() {
    let histories = history(TUESDAY, 56, 6);
    let now = at(TUESDAY, 10, 0);
    assert_eq!(look(&histories, now, &counts(stream(), 60, 0)).rises, []);
    // Six in half an hour is one in five minutes.
    let mut usual = counts(stream(), 0, 0);
    usual.values_mut().flatten().step_by(5).for_each(|minute| *minute = 1);
    assert_eq!(look(&histories, now, &usual).rises, []);
    let mut storm = usual.clone();
    storm.values_mut().flatten().take(15).for_each(|minute| *minute = 3);
    let told = look(&histories, now, &storm);
    let [rise] = told.rises.as_slice() else { panic!("{told:?}") };
    assert_eq!(rise.stream, stream());
    assert!(rise.counted >= 30 && (1.5..4.5).contains(&rise.expected), "{rise:?}");
    // The usual one of 9:44 cannot be told from the storm's first.
    assert!((at(TUESDAY, 9, 44)..=at(TUESDAY, 9, 45)).contains(&rise.since), "{rise:?}");
    assert!(rise.p < 1e-6);
}

#[test]
fn the_hour_of_the_week_decides_what_is_much() {
    let histories = history(TUESDAY, 56, 30);
    let busy = counts(stream(), 30, 1);
    assert_eq!(look(&histories, at(TUESDAY, 11, 0), &busy).rises, [], "thirty in half an hour is the usual");
    assert_eq!(look(&histories, at(TUESDAY, 3, 0), &busy).rises.len(), 1, "and unheard of at night");
    // All Saints' Day, a Saturday; and a working day's counts on Epiphany are as on a Sunday: none.
    assert_eq!(look(&history(date(2027, 1, 6), 56, 30), at(date(2027, 1, 6), 11, 0), &busy).rises.len(), 1);
}

#[test]
fn few_are_never_told_however_improbable() {
    let histories = history(TUESDAY, 56, 0);
    let rare = Stream::new(Sort::Queue, "sällan");
    let mut histories = histories;
    histories.streams.insert(rare.clone(), history(TUESDAY, 56, 1).streams[&stream()].clone());
    assert_eq!(look(&histories, at(TUESDAY, 3, 0), &counts(rare.clone(), 4, 1)).rises, []);
    assert_eq!(look(&histories, at(TUESDAY, 3, 0), &counts(rare, 8, 1)).rises.len(), 1);
}

#[test]
fn a_new_town_is_quiet_until_something_is_out_of_all_proportion() {
    // Opened yesterday at eight.
    let histories = history(TUESDAY, 1, 6);
    let now = at(TUESDAY, 10, 0);
    assert_eq!(look(&histories, now, &counts(stream(), 30, 1)).rises, [], "30 where 6 came yesterday");
    assert_eq!(look(&histories, now, &counts(stream(), 30, 6)).rises.len(), 1, "180 is another matter");
    // In its first hour nothing at all is known.
    let nothing = Histories { first_day: Some(TUESDAY), ..Histories::default() };
    assert_eq!(look(&nothing, at(TUESDAY, 9, 0), &counts(stream(), 30, 9)).rises, []);
}

#[test]
fn minutes_that_nobody_counted_are_neither_expected_nor_missed() {
    let histories = history(TUESDAY, 56, 6);
    let now = at(TUESDAY, 10, 0);
    let baseline = Baseline::learn(&histories, now);
    let storm = counts(stream(), 15, 2);
    let whole = judge(now, &Settings::default(), &baseline, &storm, Missed::default());
    // The quarter of an hour before the storm was not counted: what is left tells as much.
    let gap = Missed(((1 << 15) - 1) << 15);
    let holed = judge(now, &Settings::default(), &baseline, &storm, gap);
    assert_eq!((whole.rises.len(), holed.rises.len()), (1, 1));
    // What was not counted does not alarm by what stands in it.
    let all_missed = judge(now, &Settings::default(), &baseline, &storm, Missed(u64::MAX));
    assert_eq!(all_missed.rises, []);
}

#[test]
fn crises_and_days_without_a_count_teach_nothing() {
    let quiet = history(TUESDAY, 56, 6);
    let mut stormy = quiet.clone();
    let storm_day = date(2026, 10, 27);
    stormy.streams.get_mut(&stream()).unwrap().insert(storm_day, [60; SLOTS]);
    stormy.left_out.push((start_of_day(storm_day), start_of_day(date(2026, 10, 28))));
    // A Tuesday on which the house was down.
    stormy.streams.get_mut(&stream()).unwrap().remove(&date(2026, 10, 20));
    let now = at(TUESDAY, 10, 0);
    let mean = |h: &Histories| Baseline::learn(h, now).expected(&stream(), at(TUESDAY, 9, 30), now).mean;
    assert!((mean(&stormy) - mean(&quiet)).abs() < 0.2, "{} and {}", mean(&stormy), mean(&quiet));
    assert!((mean(&quiet) - 6.0).abs() < 0.5, "{}", mean(&quiet));
    stormy.left_out.clear();
    assert!(mean(&stormy) > mean(&quiet) + 1.0, "without the period the storm would count");
}

#[test]
fn a_stream_is_told_once_and_again_only_after_a_calm_half_hour() {
    let histories = history(TUESDAY, 56, 6);
    let mut going: BTreeMap<Stream, Going> = BTreeMap::new();
    let mut told = Vec::new();
    let mut each = [0_u32; WINDOW_MINUTES_MAX as usize];
    for minute in 0..240 {
        let now = at(TUESDAY, 9, 0) + SignedDuration::from_mins(minute);
        each.rotate_right(1);
        // Two storms of twenty minutes, an hour and a half apart.
        each[0] = if (30..50).contains(&minute) || (140..160).contains(&minute) {
            4
        } else {
            u32::from(minute % 5 == 0)
        };
        let judgement = look(&histories, now, &Counts::from([(stream(), each)]));
        for change in follow(now, &judgement, &going) {
            match change {
                Change::Began(rise) => {
                    told.push(minute);
                    going.insert(rise.stream, Going { counted: rise.counted, calm_since: None });
                }
                Change::Higher(rise) => going.get_mut(&rise.stream).unwrap().counted = rise.counted,
                Change::Calm(stream, since) => going.get_mut(&stream).unwrap().calm_since = since,
                Change::Over(stream) => drop(going.remove(&stream)),
            }
        }
        // The same look twice tells nothing more.
        let again = follow(now, &judgement, &going);
        assert!(!again.iter().any(|c| matches!(c, Change::Began(_))), "{again:?}");
    }
    assert_eq!(told.len(), 2, "{told:?}");
    assert!((30..40).contains(&told[0]) && (140..150).contains(&told[1]), "{told:?}");
}

#[test]
fn one_among_many_must_be_more_improbable() {
    let mut histories = history(TUESDAY, 56, 6);
    let alone = Baseline::learn(&histories, at(TUESDAY, 10, 0));
    for n in 0..400 {
        histories.streams.insert(
            Stream::new(Sort::Topic, format!("t{n}")),
            history(TUESDAY, 56, 1).streams[&stream()].clone(),
        );
    }
    let many = Baseline::learn(&histories, at(TUESDAY, 10, 0));
    let now = at(TUESDAY, 10, 0);
    let least = |baseline: &Baseline| {
        (1..200_u32).find(|n| {
            let mut each = [0; WINDOW_MINUTES_MAX as usize];
            each[0] = *n;
            let counts = Counts::from([(stream(), each)]);
            !judge(now, &Settings::default(), baseline, &counts, Missed::default()).rises.is_empty()
        })
    };
    assert!(least(&many) > least(&alone), "{:?} and {:?}", least(&many), least(&alone));
}

#[test]
fn a_stream_reads_back() {
    for text in ["queue:0190", "place:58.73,17.02", "search:none"] {
        assert_eq!(text.parse::<Stream>().unwrap().to_string(), text);
    }
    assert!("weather:storm".parse::<Stream>().is_err());
}
