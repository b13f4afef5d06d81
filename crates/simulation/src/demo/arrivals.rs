//! When residents call: by the hour of the day and the day of the week, as a municipality's centre knows it.

use super::dice::Dice;
use vocabulary::civil::Weekday;
use vocabulary::{DayKind, SignedDuration, Timestamp, day_kind, time_zone};

/// How many calls of a day come in each hour, relative to each other: a morning peak, a dip at lunch, a tail to closing
/// and a few who try outside opening hours.
const HOURS: [f64; 24] = [
    0.02, 0.01, 0.01, 0.01, 0.02, 0.05, 0.12, 0.75, 1.30, 1.45, 1.35, 1.05, 0.80, 1.10, 1.05, 0.90, 0.65,
    0.40, 0.25, 0.08, 0.06, 0.05, 0.04, 0.03,
];
/// Mondays carry the weekend's questions.
const MONDAY: f64 = 1.25;
const SATURDAY: f64 = 0.25;
const FREE_DAY: f64 = 0.06;

/// How many calls an hour are expected at `at`, when an ordinary weekday has `calls_per_day`.
fn rate_per_hour(at: Timestamp, calls_per_day: u32) -> f64 {
    let local = at.to_zoned(time_zone());
    let day = match (day_kind(local.date()), local.weekday()) {
        (DayKind::Red, _) | (DayKind::Weekend, Weekday::Sunday) => FREE_DAY,
        (DayKind::Weekend, _) => SATURDAY,
        (DayKind::Working | DayKind::ShortWorking, Weekday::Monday) => MONDAY,
        (DayKind::Working | DayKind::ShortWorking, _) => 1.0,
    };
    let hour = usize::try_from(local.hour()).ok().and_then(|hour| HOURS.get(hour)).copied().unwrap_or(0.0);
    f64::from(calls_per_day) * day * hour / HOURS.iter().sum::<f64>()
}

/// When the first call after `after` comes; none if nobody calls at all. Draws by thinning: times are drawn at the
/// highest rate there is, and each is kept as often as its own rate deserves.
pub(crate) fn next_call(dice: &Dice, after: Timestamp, calls_per_day: u32) -> Option<Timestamp> {
    const KEPT_OF: u64 = 1_000_000;
    const DRAWS_MAX: u32 = 100_000;
    if calls_per_day == 0 {
        return None;
    }
    let highest = HOURS.iter().copied().fold(0.0, f64::max) * MONDAY;
    let per_hour_max = f64::from(calls_per_day) * highest / HOURS.iter().sum::<f64>();
    let mean = SignedDuration::try_from_secs_f64(3_600.0 / per_hour_max).ok()?;
    let mut at = after;
    for _ in 0..DRAWS_MAX {
        at = at.checked_add(dice.exponential(mean)).ok()?;
        #[expect(clippy::cast_precision_loss, reason = "a million fits a double")]
        let drawn = dice.between(0, KEPT_OF - 1) as f64 / KEPT_OF as f64;
        if drawn < rate_per_hour(at, calls_per_day) / per_hour_max {
            return Some(at);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calls_of(day: &str, calls_per_day: u32) -> Vec<Timestamp> {
        let begin: Timestamp = format!("{day}T00:00:00+01:00").parse().unwrap();
        let end = begin + SignedDuration::from_hours(24);
        let dice = Dice::new(3, 0);
        std::iter::successors(next_call(&dice, begin, calls_per_day), |at| {
            next_call(&dice, *at, calls_per_day)
        })
        .take_while(|at| *at < end)
        .collect()
    }

    #[test]
    fn a_tuesday_brings_what_is_asked_for_and_mostly_in_the_morning() {
        let calls = calls_of("2026-11-03", 400);
        assert!((340..460).contains(&calls.len()), "{}", calls.len());
        let hour = |at: &Timestamp| at.to_zoned(time_zone()).hour();
        let between = |from: i8, to: i8| calls.iter().filter(|at| (from..to).contains(&hour(at))).count();
        assert!(between(8, 11) > 3 * between(15, 18) / 2);
        assert!(between(0, 6) < 12);
    }

    #[test]
    fn mondays_are_busier_and_sundays_quiet() {
        let (monday, saturday, sunday) =
            (calls_of("2026-11-02", 400), calls_of("2026-11-07", 400), calls_of("2026-11-08", 400));
        assert!(monday.len() > 420 && saturday.len() < 140 && sunday.len() < 50);
        assert!(calls_of("2026-11-03", 0).is_empty());
    }
}
