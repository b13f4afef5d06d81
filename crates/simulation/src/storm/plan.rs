//! What kind of centre, and what kind of year.

use super::dice::Dice;
use routing::{Settings, Skill};
use vocabulary::{
    AnswerGroupId, AnyId, ContactId, DayKind, GenericUuid, OpeningHours, SignedDuration, Timestamp, UserId,
    civil, day_kind, time_zone,
};

/// A centre and a stretch of days.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The first day.
    pub first_day: civil::Date,
    /// How many days.
    pub days: u32,
    /// Calls on an ordinary weekday.
    pub calls_per_day: u32,
    /// Guides, in three shifts and three answer groups.
    pub guides: u16,
    /// How often something goes wrong with a message between the edges and the core.
    pub faults: Faults,
}

/// What goes wrong with messages on their way to the core. Probabilities.
#[derive(Clone, Copy, Debug)]
pub struct Faults {
    /// Never arrives.
    pub lost: f64,
    /// Arrives twice, the second time up to half a minute later.
    pub doubled: f64,
    /// Arrives up to twenty seconds late, overtaken by others.
    pub late: f64,
}

impl Plan {
    /// A centre like Helsingborg's: 25 guides, some 230 calls a day, a whole year.
    #[must_use]
    pub fn helsingborg() -> Self {
        Self {
            first_day: civil::date(2026, 1, 1),
            days: 365,
            calls_per_day: 230,
            guides: 25,
            faults: Faults { lost: 0.005, doubled: 0.01, late: 0.02 },
        }
    }

    /// A centre like Lidingö's: as many calls with 7 guides. There is nearly always somebody waiting.
    #[must_use]
    pub fn lidingo() -> Self {
        Self { guides: 7, ..Self::helsingborg() }
    }
}

/// The groups' share of calls and of guides, in percent.
const GROUP_SHARES: [u32; 3] = [50, 30, 20];

/// How calls spread over the hours from 7 to 19.
const HOUR_WEIGHTS: [u32; 12] = [3, 9, 13, 14, 11, 9, 11, 11, 9, 5, 3, 2];

/// Monday to Sunday, in percent of an ordinary weekday.
const WEEKDAY_PERCENT: [u32; 7] = [125, 108, 100, 98, 90, 20, 2];

/// January to December, in percent. July stands still; the snow and the school year do not.
const MONTH_PERCENT: [u32; 12] = [115, 108, 104, 100, 98, 85, 55, 95, 112, 105, 106, 98];

/// On one day in sixty there is a storm, a water leak or a fire, and calls pile up.
const SURGE_DAY: f64 = 1.0 / 60.0;
const SURGE_PERCENT: u32 = 300;

pub(super) fn group_id(index: usize) -> AnswerGroupId {
    AnswerGroupId::from_untyped_uuid(AnyId::from_u128(0x6000 + index as u128))
}

pub(super) fn guide_id(index: usize) -> UserId {
    UserId::from_untyped_uuid(AnyId::from_u128(0x9000 + index as u128))
}

pub(super) fn guide_index(guide: UserId) -> usize {
    usize::try_from(guide.into_untyped_uuid().as_u128().saturating_sub(0x9000)).unwrap_or(usize::MAX)
}

pub(super) fn call_id(number: u64) -> ContactId {
    ContactId::from_untyped_uuid(AnyId::from_u128(u128::from(number)))
}

pub(super) fn settings(plan: &Plan) -> Settings {
    Settings {
        ring_max: SignedDuration::from_secs(20),
        wrap_up_max: SignedDuration::from_secs(120),
        prompt_max: SignedDuration::from_secs(12),
        overflow_after: SignedDuration::from_secs(30),
        wait_max: SignedDuration::from_mins(20),
        // A surge reaches this now and then, and it must be tried.
        calls_max: usize::from(plan.guides) * 3 / 2,
        groups: (0..GROUP_SHARES.len()).map(group_id).collect(),
        vanish_grace: SignedDuration::from_secs(15),
    }
}

/// A guide's own group, and the others as help. Every fifth knows two groups equally well.
pub(super) fn skills(index: usize) -> Vec<Skill> {
    let shares = GROUP_SHARES.map(|share| share as usize);
    let at = (index * 37) % 100;
    let own = if at < shares[0] { 0 } else { usize::from(at >= shares[0] + shares[1]) + 1 };
    let second = if index.is_multiple_of(5) { 1 } else { 2 };
    [(own, 1), ((own + 1) % 3, second), ((own + 2) % 3, 3)]
        .map(|(group, level)| Skill { group: group_id(group), level })
        .to_vec()
}

/// One day, before chance has had its say about the calls themselves.
#[derive(Clone, Debug)]
pub(super) struct Day {
    pub(super) opens: Option<Timestamp>,
    pub(super) closes: Option<Timestamp>,
    /// When calls arrive, and for which group.
    pub(super) arrivals: Vec<(Timestamp, usize)>,
    pub(super) surge: bool,
}

fn at(day: civil::Date, time: civil::Time) -> Timestamp {
    day.to_datetime(time).to_zoned(time_zone()).map_or(Timestamp::MAX, |zoned| zoned.timestamp())
}

impl Day {
    pub(super) fn plan(plan: &Plan, date: civil::Date, dice: &Dice) -> Self {
        let midnight = at(date, civil::Time::midnight());
        let hours = OpeningHours::default().hours(date);
        let surge = dice.happens(SURGE_DAY);
        let month = MONTH_PERCENT[usize::try_from(date.month() - 1).unwrap_or(0)];
        let weekday = match day_kind(date) {
            DayKind::Red => WEEKDAY_PERCENT[6],
            _ => WEEKDAY_PERCENT[usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or(0)],
        };
        let percent =
            f64::from(weekday * month) / 1e4 * if surge { f64::from(SURGE_PERCENT) / 100.0 } else { 1.0 };
        let calls = dice.count(f64::from(plan.calls_per_day) * percent);
        let arrivals =
            (0..calls).map(|_| (arrival(midnight, hours, dice), dice.weighted(&GROUP_SHARES))).collect();
        Self {
            opens: hours.map(|(opens, _)| at(date, opens)),
            closes: hours.map(|(_, closes)| at(date, closes)),
            arrivals,
            surge,
        }
    }
}

/// Most ring in opening hours; one in forty does not look at the clock.
fn arrival(midnight: Timestamp, hours: Option<(civil::Time, civil::Time)>, dice: &Dice) -> Timestamp {
    let Some((opens, closes)) = hours.filter(|_| !dice.happens(0.025)) else {
        return midnight + dice.seconds(5 * 3600, 22 * 3600);
    };
    let (from, to) = (hour(opens), hour(closes));
    let weights = &HOUR_WEIGHTS[from.saturating_sub(7).min(11)..to.saturating_sub(7).min(12)];
    let whole_hours = from + dice.weighted(weights);
    midnight + SignedDuration::from_hours(i64::try_from(whole_hours).unwrap_or(12)) + dice.seconds(0, 3600)
}

fn hour(time: civil::Time) -> usize {
    usize::try_from(time.hour()).unwrap_or(0)
}
