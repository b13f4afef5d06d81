//! One look at all streams.

use super::baseline::{Baseline, Expected, Place, minute_places};
use super::{Settings, Stream, WINDOW_MINUTES_MAX, WINDOWS_MINUTES, at_least};
use std::collections::BTreeMap;
use vocabulary::{SignedDuration, Timestamp};

/// Above this p-value over half an hour a stream that has risen is calm again.
const CALM: f64 = 0.01;

/// Minutes of the last hour that nobody counted: bit 0 is the last whole minute, bit 59 the first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Missed(pub u64);

impl Missed {
    fn holds(self, minutes_ago: usize) -> bool {
        self.0 >> minutes_ago.min(63) & 1 == 1
    }
}

/// What was counted in the last hour: per stream, per whole minute, the last one first.
pub type Counts = BTreeMap<Stream, [u32; WINDOW_MINUTES_MAX as usize]>;

/// A stream that rises beyond expectation.
#[derive(Clone, Debug, PartialEq)]
pub struct Rise {
    /// Which.
    pub stream: Stream,
    /// How many were counted in the window.
    pub counted: u32,
    /// How many were to be expected in it.
    pub expected: f64,
    /// The window that tells most, in minutes.
    pub window_minutes: u16,
    /// Since when it has risen: where the most is gained over what was to be expected.
    pub since: Timestamp,
    /// How improbable it is.
    pub p: f64,
}

/// What one look says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Judgement {
    /// The streams that rise, the most improbable first.
    pub rises: Vec<Rise>,
    /// The p-value over half an hour of every stream that was counted, for [`super::follow`]; a stream without counts is calm.
    pub half_hour: BTreeMap<Stream, f64>,
}

impl Judgement {
    /// Whether a stream is back within expectation.
    #[must_use]
    pub fn is_calm(&self, stream: &Stream) -> bool {
        self.half_hour.get(stream).is_none_or(|p| *p > CALM)
    }
}

/// Looks at the hour before `now`, a whole minute. Of a sort that the baseline knows too little about, nothing is found.
#[must_use]
pub fn judge(
    now: Timestamp,
    settings: &Settings,
    baseline: &Baseline,
    counts: &Counts,
    missed: Missed,
) -> Judgement {
    let mut judgement = Judgement::default();
    let places: Vec<Place> =
        minute_places((0..usize::from(WINDOW_MINUTES_MAX)).map(|ago| began(now, ago))).collect();
    let mut found: Vec<Rise> = Vec::new();
    let judged = counts
        .iter()
        .filter(|(stream, minutes)| baseline.knows_enough(stream.sort) && minutes.iter().any(|n| *n > 0));
    for (stream, minutes) in judged {
        let look = Look { places: &places, baseline, stream, minutes, missed };
        judgement.half_hour.insert(stream.clone(), look.window(30).p());
        found.extend(look.highest(now, settings));
    }
    // Benjamini-Hochberg over every stream that could have risen, counted or not.
    let silent = baseline.streams().filter(|stream| !counts.contains_key(*stream)).count();
    let watched = f64::from(u32::try_from(counts.len() + silent).unwrap_or(u32::MAX).max(1));
    found.sort_by(|a, b| a.p.total_cmp(&b.p).then_with(|| a.stream.cmp(&b.stream)));
    let level = settings.level();
    let last = (1_u32..)
        .zip(&found)
        .filter(|(rank, rise)| rise.p <= f64::from(*rank) * level / watched)
        .map(|(rank, _)| rank)
        .last()
        .unwrap_or(0);
    found.truncate(usize::try_from(last).unwrap_or(0));
    judgement.rises = found;
    judgement
}

/// When the minute that ended `minutes_ago` whole minutes before `now` began.
fn began(now: Timestamp, minutes_ago: usize) -> Timestamp {
    now - SignedDuration::from_mins(i64::try_from(minutes_ago + 1).unwrap_or(1))
}

/// One stream at one look.
struct Look<'a> {
    /// Where the minutes lie in the week, the last one first.
    places: &'a [Place],
    baseline: &'a Baseline,
    stream: &'a Stream,
    minutes: &'a [u32; WINDOW_MINUTES_MAX as usize],
    missed: Missed,
}

struct Window {
    counted: u32,
    expected: Expected,
}

impl Window {
    fn p(&self) -> f64 {
        at_least(self.counted, self.expected.mean, self.expected.spread)
    }
}

impl Look<'_> {
    /// What was counted in the last `length` minutes, and what was to be expected. A minute that nobody counted has
    /// neither.
    fn window(&self, length: u16) -> Window {
        let counted_minutes = || (0..usize::from(length)).filter(|ago| !self.missed.holds(*ago));
        Window {
            counted: counted_minutes().map(|ago| self.minutes[ago]).sum(),
            expected: self.baseline.expected_in(self.stream, counted_minutes().map(|ago| self.places[ago])),
        }
    }

    /// The window that tells most, if it is large enough to matter. Its p-value pays for there being several.
    fn highest(&self, now: Timestamp, settings: &Settings) -> Option<Rise> {
        let mut best: Option<(f64, u16, Window)> = None;
        for length in WINDOWS_MINUTES {
            let window = self.window(length);
            let p = window.p();
            if best.as_ref().is_none_or(|(least, ..)| p < *least) {
                best = Some((p, length, window));
            }
        }
        let (p, window_minutes, window) = best?;
        let count_min =
            if window.expected.newcomer { settings.newcomer_count_min } else { settings.count_min };
        let mean = window.expected.mean;
        if window.counted < count_min || f64::from(window.counted) < settings.ratio_min * mean {
            return None;
        }
        let windows = f64::from(u16::try_from(WINDOWS_MINUTES.len()).unwrap_or(1));
        Some(Rise {
            stream: self.stream.clone(),
            counted: window.counted,
            expected: mean,
            window_minutes,
            since: began(now, self.risen()),
            p: (p * windows).min(1.0),
        })
    }

    /// How many minutes ago the rise began: where the sum of what came beyond twice the expectation, from there until
    /// now, is greatest.
    fn risen(&self) -> usize {
        let (mut sum, mut most, mut risen) = (0.0, 0.0, 0);
        for ago in (0..self.minutes.len()).filter(|ago| !self.missed.holds(*ago)) {
            let mean = self.baseline.expected_in(self.stream, std::iter::once(self.places[ago])).mean;
            sum += f64::from(self.minutes[ago]) - 2.0 * mean;
            if sum > most && self.minutes[ago] > 0 {
                (most, risen) = (sum, ago);
            }
        }
        risen
    }
}
