//! The spike detector on simulated months: ordinary days with everything ordinary days have, and now and then a storm, a
//! burst pipe, a closed school. How soon it tells, how often it cries wolf.
//!
//! The town is not the detector's idea of a town: days are busy or slack for all of them together and for each topic by
//! itself (log-normal), Mondays are heavy, letters to every household make a topic rise for days, and a holiday empties
//! the day after into the one that follows.

use crisis::spikes::{
    Baseline, Change, Counts, Going, Histories, Missed, SLOTS, Settings, Sort, Stream, WINDOW_MINUTES_MAX,
    follow, judge, slot_of,
};
use std::collections::BTreeMap;
use vocabulary::civil::Date;
use vocabulary::{
    Chance, DayKind, SeededChance, SignedDuration, Timestamp, day_kind, local_day, start_of_day,
};

/// What is simulated.
#[derive(Clone, Copy, Debug)]
pub struct Trial {
    /// Days that are judged, after eight weeks of history (which are judged, too, and reported apart).
    pub days: u32,
    /// The beginning of all chance.
    pub seed: u64,
    /// Calls on an ordinary weekday.
    pub calls_per_day: f64,
    /// Events a month of each sort.
    pub events_per_month: f64,
    /// How often what is to be expected is learnt anew, in minutes.
    pub learn_minutes: u32,
    /// Whether the first eight weeks are judged as well.
    pub judge_new_town: bool,
    /// How the detector is set.
    pub settings: Settings,
}

impl Trial {
    /// A centre of 230 calls a day, as Lidingö's.
    #[must_use]
    pub fn lidingo(days: u32, seed: u64) -> Self {
        Self {
            days,
            seed,
            calls_per_day: 230.0,
            events_per_month: 2.0,
            learn_minutes: 60,
            judge_new_town: true,
            settings: Settings::default(),
        }
    }
}

/// What sort of event it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sorts {
    /// Half an hour's ramp to three to eight times the usual, over the whole town, for hours.
    Storm,
    /// One place and one topic: 15 to 40 contacts in an hour.
    Leak,
    /// One topic, no place: 10 to 25 contacts in an hour and a half.
    School,
}

impl Sorts {
    const ALL: [Self; 3] = [Self::Storm, Self::Leak, Self::School];
}

/// Something that happens.
#[derive(Clone, Copy, Debug)]
struct Event {
    sort: Sorts,
    begins: Timestamp,
    ends: Timestamp,
    /// Extra contacts a minute when it is at its height.
    height: f64,
    topic: usize,
    square: usize,
}

impl Event {
    /// Extra contacts in the minute at `at`, on average.
    fn rate(&self, at: Timestamp) -> f64 {
        if at < self.begins || at >= self.ends {
            return 0.0;
        }
        let ramp_minutes = if self.sort == Sorts::Storm { 30.0 } else { 5.0 };
        let minutes = at.duration_since(self.begins).as_secs_f64() / 60.0;
        self.height * ((minutes + 1.0) / ramp_minutes).min(1.0)
    }
}

/// How it went.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Days judged with history.
    pub days: u32,
    /// For each sort of event: the delay of each that was told, in minutes from its first extra contact, and how many
    /// were never told.
    pub told: BTreeMap<Sorts, (Vec<i64>, u32)>,
    /// Proposals while nothing was happening, with history.
    pub false_alarms: u32,
    /// Days judged before there was eight weeks of history, and proposals while nothing was happening in them.
    pub new_town: (u32, u32),
    /// Looks.
    pub looks: u64,
    /// Streams watched at the end.
    pub streams: usize,
}

impl Report {
    /// False alarms in 30 days.
    #[must_use]
    pub fn false_alarms_per_month(&self) -> f64 {
        f64::from(self.false_alarms) * 30.0 / f64::from(self.days.max(1))
    }
}

/// The share `share` of some delays, sorted; none of none.
#[must_use]
pub fn quantile(delays: &[i64], share: f64) -> Option<i64> {
    let mut sorted = delays.to_vec();
    sorted.sort_unstable();
    let place = (share * sorted.len() as f64).ceil() as usize;
    sorted.get(place.saturating_sub(1)).copied()
}

const TOPICS: usize = 60;
const SQUARES: usize = 80;
const ARTICLES: usize = 40;
const QUEUES: usize = 3;
/// How contacts spread over the hours from 7 to 19.
const HOURS: [f64; 12] = [0.03, 0.09, 0.13, 0.14, 0.11, 0.09, 0.11, 0.11, 0.09, 0.05, 0.03, 0.02];
/// Monday to Sunday.
const WEEK: [f64; 7] = [1.25, 1.05, 1.0, 0.98, 0.85, 0.25, 0.08];
/// E-mails and web questions to each call, searches, and the share of contacts that becomes a case with a place.
const LETTERS: f64 = 0.4;
const SEARCHES: f64 = 1.2;
const PLACED: f64 = 0.12;

struct Dice(SeededChance);

impl Dice {
    fn unit(&self) -> f64 {
        self.0.below(1 << 53) as f64 / (1_u64 << 53) as f64
    }

    fn between(&self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    fn normal(&self) -> f64 {
        (-2.0 * (1.0 - self.unit()).ln()).sqrt() * (std::f64::consts::TAU * self.unit()).cos()
    }

    /// Log-normal with mean 1 and about this relative spread.
    fn busy(&self, spread: f64) -> f64 {
        (spread * self.normal() - spread * spread / 2.0).exp()
    }

    /// Poisson, by multiplication (Knuth); for the small means of a minute.
    fn poisson(&self, mean: f64) -> u32 {
        let (limit, mut product, mut n) = ((-mean).exp(), self.unit(), 0);
        while product > limit && n < 1_000 {
            product *= self.unit();
            n += 1;
        }
        n
    }

    /// One of `n`, the first most often (Zipf).
    fn one_of(&self, n: usize) -> usize {
        let total: f64 = (1..=n).map(|k| 1.0 / k as f64).sum();
        let mut left = self.unit() * total;
        for k in 1..=n {
            left -= 1.0 / k as f64;
            if left <= 0.0 {
                return k - 1;
            }
        }
        n - 1
    }
}

/// The town, minute by minute.
struct Town {
    dice: Dice,
    trial: Trial,
    events: Vec<Event>,
    /// Today's busyness, of everything and of each topic.
    busy: f64,
    topics: Vec<f64>,
}

impl Town {
    fn new(trial: Trial, first: Date, days: u32) -> Self {
        let dice = Dice(SeededChance::new(trial.seed));
        let mut events = Vec::new();
        for day in 0..days {
            for sort in Sorts::ALL {
                if dice.unit() < trial.events_per_month / 30.0 {
                    let at = start_of_day(first) + SignedDuration::from_hours(24 * i64::from(day));
                    events.push(event(&dice, sort, at, trial.calls_per_day));
                }
            }
        }
        Self { dice, trial, events, busy: 1.0, topics: vec![1.0; TOPICS] }
    }

    fn dawn(&mut self) {
        self.busy = self.dice.busy(0.15);
        for topic in 0..TOPICS {
            // Most days are like others; now and then a letter to every household makes a topic double for the day.
            let letter = if self.dice.unit() < 0.01 { 2.0 } else { 1.0 };
            self.topics[topic] = self.dice.busy(0.25) * letter;
        }
    }

    /// Calls a minute, on average, were nothing happening.
    fn usual(&self, at: Timestamp) -> f64 {
        let (day, slot) = slot_of(at);
        let hour = slot / 2;
        let open = (7..19).contains(&hour);
        if !open || day_kind(day) == DayKind::Red {
            return 0.0;
        }
        let weekday = usize::try_from(day.weekday().to_monday_zero_offset()).unwrap_or(0);
        // What did not come on a holiday comes the day after.
        let after_holiday = day.yesterday().is_ok_and(|before| day_kind(before) == DayKind::Red);
        let more = if after_holiday { 1.3 } else { 1.0 };
        self.trial.calls_per_day * WEEK[weekday] * HOURS[hour - 7] / 60.0 * self.busy * more
    }

    /// Everything that is counted in the minute at `at`.
    fn minute(&self, at: Timestamp) -> Vec<(Stream, u32)> {
        let usual = self.usual(at);
        let mut counted: BTreeMap<Stream, u32> = BTreeMap::new();
        let mut count = |sort, key: String| *counted.entry(Stream::new(sort, key)).or_default() += 1;
        for _ in 0..self.dice.poisson(usual) {
            let topic = self.topic();
            count(Sort::Queue, format!("{}", topic % QUEUES));
            count(Sort::Topic, format!("{topic}"));
            if self.dice.unit() < PLACED {
                count(Sort::Place, format!("{}", self.dice.one_of(SQUARES)));
            }
        }
        for _ in 0..self.dice.poisson(usual * LETTERS) {
            count(Sort::Channel, "email".to_owned());
            count(Sort::Topic, format!("{}", self.topic()));
        }
        for _ in 0..self.dice.poisson(usual * SEARCHES) {
            count(Sort::Search, format!("{}", self.dice.one_of(ARTICLES)));
        }
        for event in &self.events {
            // Not all who call about it are logged under the same topic, nor name the place.
            for _ in 0..self.dice.poisson(event.rate(at)) {
                let topic = if self.dice.unit() < 0.7 { event.topic } else { self.dice.one_of(TOPICS) };
                count(Sort::Queue, format!("{}", event.topic % QUEUES));
                if self.dice.unit() < 0.8 {
                    count(Sort::Topic, format!("{topic}"));
                }
                let near = event.sort == Sorts::Leak && self.dice.unit() < 0.5;
                if near {
                    count(Sort::Place, format!("{}", event.square));
                } else if event.sort == Sorts::Storm && self.dice.unit() < 0.3 {
                    count(Sort::Place, format!("{}", self.dice.one_of(SQUARES)));
                }
            }
        }
        counted.into_iter().collect()
    }

    /// A topic, by how usual it is and how much of it there is today.
    fn topic(&self) -> usize {
        loop {
            let topic = self.dice.one_of(TOPICS);
            if self.dice.unit() * 4.0 < self.topics[topic] {
                return topic;
            }
        }
    }

    /// Whether something is going on at `at`, or has been within two hours.
    fn happening(&self, at: Timestamp) -> bool {
        self.events.iter().any(|e| e.begins <= at && at < e.ends + SignedDuration::from_hours(2))
    }
}

fn event(dice: &Dice, sort: Sorts, midnight: Timestamp, calls_per_day: f64) -> Event {
    let minutes = |low: f64, high: f64| SignedDuration::from_mins(dice.between(low, high) as i64);
    // From half past seven to five in the afternoon.
    let begins = midnight + minutes(450.0, 1_020.0);
    let usual = calls_per_day / 720.0;
    let (length, height) = match sort {
        Sorts::Storm => (minutes(120.0, 480.0), usual * dice.between(2.0, 7.0)),
        Sorts::Leak => (minutes(60.0, 60.0), dice.between(15.0, 40.0) / 60.0),
        Sorts::School => (minutes(90.0, 90.0), dice.between(10.0, 25.0) / 90.0),
    };
    let (topic, square) = (20 + dice.0.below(40) as usize, 20 + dice.0.below(60) as usize);
    Event { sort, begins, ends: begins + length, height, topic, square }
}

/// The days of history before judging counts as with history.
const WARM_UP_DAYS: u32 = 56;

/// Runs a trial.
#[must_use]
pub fn run(trial: &Trial) -> Report {
    let first = vocabulary::civil::date(2026, 1, 12);
    let days = WARM_UP_DAYS + trial.days;
    let mut town = Town::new(*trial, first, days);
    let mut histories = Histories { first_day: Some(first), ..Histories::default() };
    let mut counts = Counts::new();
    let mut going: BTreeMap<Stream, Going> = BTreeMap::new();
    let mut report = Report { days: trial.days, ..Report::default() };
    let mut told_at: Vec<Option<Timestamp>> = vec![None; town.events.len()];
    let mut baseline = Baseline::learn(&histories, start_of_day(first));
    let begins = start_of_day(first);
    let mut today = None;
    for minute in 0..i64::from(days) * 24 * 60 {
        let at = begins + SignedDuration::from_mins(minute);
        if today != Some(local_day(at)) {
            today = Some(local_day(at));
            town.dawn();
        }
        pass(&mut counts);
        for (stream, n) in town.minute(at) {
            counts.entry(stream.clone()).or_insert([0; WINDOW_MINUTES_MAX as usize])[0] = n;
            let (day, slot) = slot_of(at);
            histories.streams.entry(stream).or_default().entry(day).or_insert([0; SLOTS])[slot] += n;
        }
        let now = at + SignedDuration::from_mins(1);
        let with_history = minute >= i64::from(WARM_UP_DAYS) * 24 * 60;
        if !with_history && !trial.judge_new_town {
            continue;
        }
        if minute % i64::from(trial.learn_minutes) == 0 {
            forget(&mut histories, local_day(now));
            baseline = Baseline::learn(&histories, now);
        }
        report.looks += 1;
        let judgement = judge(now, &trial.settings, &baseline, &counts, Missed::default());
        let alone = going.is_empty();
        let mut began = false;
        for change in follow(now, &judgement, &going) {
            match change {
                Change::Began(rise) => {
                    began = true;
                    going.insert(rise.stream, Going { counted: rise.counted, calm_since: None });
                }
                Change::Higher(rise) => {
                    going.entry(rise.stream).and_modify(|known| known.counted = rise.counted);
                }
                Change::Calm(stream, since) => {
                    going.entry(stream).and_modify(|known| known.calm_since = since);
                }
                Change::Over(stream) => drop(going.remove(&stream)),
            }
        }
        if began {
            for (event, told) in town.events.iter().zip(&mut told_at) {
                if event.begins <= now && now < event.ends + SignedDuration::from_mins(30) {
                    told.get_or_insert(now);
                }
            }
            if alone && !town.happening(now) {
                match with_history {
                    true => report.false_alarms += 1,
                    false => report.new_town.1 += 1,
                }
            }
        }
    }
    if trial.judge_new_town {
        report.new_town.0 = WARM_UP_DAYS;
    }
    let judged_from = begins + SignedDuration::from_hours(24 * i64::from(WARM_UP_DAYS));
    for (event, told) in town.events.iter().zip(told_at).filter(|(event, _)| event.begins >= judged_from) {
        let (delays, missed) = report.told.entry(event.sort).or_default();
        match told {
            Some(at) => delays.push(at.duration_since(event.begins).as_mins()),
            None => *missed += 1,
        }
    }
    report.streams = baseline.streams().count();
    report
}

/// A minute passes.
fn pass(counts: &mut Counts) {
    counts.retain(|_, minutes| {
        minutes.rotate_right(1);
        minutes[0] = 0;
        minutes.iter().any(|n| *n > 0)
    });
}

/// What is older than is looked at.
fn forget(histories: &mut Histories, today: Date) {
    let oldest = today.checked_sub(jiff::Span::new().days(60)).unwrap_or(today);
    for history in histories.streams.values_mut() {
        *history = history.split_off(&oldest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn storms_are_told_within_minutes_and_ordinary_days_are_quiet() {
        let trial = Trial {
            events_per_month: 6.0,
            learn_minutes: 180,
            judge_new_town: false,
            ..Trial::lidingo(12, 3)
        };
        let report = run(&trial);
        let (delays, missed) = report.told.get(&Sorts::Storm).cloned().unwrap_or_default();
        assert!(!delays.is_empty() && missed == 0, "{report:?}");
        assert!(quantile(&delays, 0.5).unwrap() <= 25, "{report:?}");
        assert!(report.false_alarms <= 1, "{report:?}");
    }

    #[test]
    fn a_quantile_is_one_of_the_delays() {
        assert_eq!(quantile(&[], 0.5), None);
        assert_eq!(quantile(&[9, 1, 5], 0.5), Some(5));
        assert_eq!(quantile(&[9, 1, 5], 0.9), Some(9));
        assert_eq!(quantile(&[4], 0.1), Some(4));
    }
}
