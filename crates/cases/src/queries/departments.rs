//! How departments answer: what is open and how old, how fast they answer, and whether they can be reached. Counts only,
//! so that secret cases are counted with the rest.

use crate::model::{CallOutcome, FollowUpState};
use people::directory::{Department, queries as directory};
use quality::{Reachability, Turned, median, reachability};
use storage::{Session, StorageError, params, sql};
use vocabulary::civil::Date;
use vocabulary::{DepartmentId, Timestamp, local_day, start_of_day, working_days_between};

/// Rows read of each sort; ten years of a town of a hundred thousand have as many questions in a year.
const ROWS_MAX: usize = 200_000;
/// The upper ends of the age bands, in working days; what is older is in the last band.
pub const AGE_BANDS: [u32; 3] = [2, 5, 10];
/// How many months the trend goes back, the present one included.
pub const TREND_MONTHS: u8 = 12;

/// Questions that wait for an answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Open {
    /// How many wait.
    pub waiting: u64,
    /// Of those, how many rest or wait for the resident.
    pub paused: u64,
    /// Of those whose clock runs, how many should have been answered.
    pub overdue: u64,
    /// Those whose clock runs by age in working days: up to each of [`AGE_BANDS`], and older.
    pub bands: [u64; AGE_BANDS.len() + 1],
    /// The median age of those whose clock runs, in working days.
    pub median_age: Option<f64>,
}

/// How a department, or all of them, answers.
#[derive(Clone, Debug, PartialEq)]
pub struct Figures {
    /// Which; none for all together.
    pub department: Option<Department>,
    /// What waits now.
    pub open: Open,
    /// The median time to an answer, in working days, of the questions whose term ended in the period and that were
    /// answered.
    pub median_days: Option<f64>,
    /// Of how many.
    pub answered: u64,
    /// The calls made in the period.
    pub calls: Turned,
    /// The questions whose term ended in the period.
    pub questions: Turned,
    /// What follows from both.
    pub reachability: Reachability,
}

/// One month of the trend.
#[derive(Clone, Debug, PartialEq)]
pub struct Month {
    /// Its first day.
    pub first_day: Date,
    /// How the department could be reached in it.
    pub reachability: Reachability,
}

/// The department view.
#[derive(Clone, Debug, PartialEq)]
pub struct DepartmentView {
    /// The first day of the period.
    pub from: Date,
    /// The day after its last.
    pub to: Date,
    /// All departments together.
    pub all: Figures,
    /// Each department, by name.
    pub departments: Vec<Figures>,
    /// The months up to now, oldest first, of the department chosen or all of them.
    pub trend: Vec<Month>,
}

/// A question as counted.
struct Asked {
    department: DepartmentId,
    sent_at: Timestamp,
    answered: Option<Date>,
    term: Date,
}

struct Called {
    department: DepartmentId,
    at: Timestamp,
    day: Date,
    reached: bool,
}

struct Waiting {
    department: DepartmentId,
    sent: Date,
    due: Date,
    paused: bool,
}

/// The view of the `days` before `now`, today not included, with a trend of `chosen` or of all departments.
///
/// # Errors
/// The database.
pub fn department_view(
    s: &mut Session<'_>,
    now: Timestamp,
    days: u16,
    chosen: Option<DepartmentId>,
) -> Result<DepartmentView, StorageError> {
    department_view_without(s, now, days, chosen, &[])
}

/// A stretch of time: from, and until (not included).
pub type Stretch = (Timestamp, Timestamp);

/// The same without what was sent or called in some stretches of time, such as crises. What waits now waits all the same.
///
/// # Errors
/// The database.
pub fn department_view_without(
    s: &mut Session<'_>,
    now: Timestamp,
    days: u16,
    chosen: Option<DepartmentId>,
    left_out: &[Stretch],
) -> Result<DepartmentView, StorageError> {
    let today = local_day(now);
    let back = |days: u16| today.checked_sub(jiff::Span::new().days(days)).unwrap_or(Date::MIN);
    let months = months_to(today);
    let from = back(days);
    let first = months.first().copied().unwrap_or(from).min(from);
    let counts = |at: &Timestamp| !left_out.iter().any(|(from, to)| from <= at && at < to);
    let mut asked = asked(s, first, today)?;
    asked.retain(|question| counts(&question.sent_at));
    let mut called = called(s, first, today)?;
    called.retain(|call| counts(&call.at));
    let waiting = waiting(s)?;
    let departments = directory::departments(s)?;
    let figures = |department: Option<Department>| {
        let of = |id: DepartmentId| department.as_ref().is_none_or(|department| department.id == id);
        let open = open(waiting.iter().filter(|w| of(w.department)), today);
        let ended: Vec<&Asked> =
            asked.iter().filter(|a| of(a.department) && (from..today).contains(&a.term)).collect();
        let times: Vec<u32> = ended
            .iter()
            .filter_map(|a| a.answered.map(|answered| working_days_between(local_day(a.sent_at), answered)))
            .collect();
        let calls = calls(called.iter().filter(|c| of(c.department) && (from..today).contains(&c.day)));
        let questions = in_time(ended.iter().copied());
        Figures {
            open,
            answered: u64::try_from(times.len()).unwrap_or(u64::MAX),
            median_days: median(times),
            calls,
            questions,
            reachability: reachability(calls, questions),
            department,
        }
    };
    let of_chosen = |id: DepartmentId| chosen.is_none_or(|chosen| chosen == id);
    let trend = months
        .iter()
        .map(|first_day| {
            let end = first_day.last_of_month().tomorrow().unwrap_or(Date::MAX).min(today);
            let within = |day: Date| *first_day <= day && day < end;
            let calls = calls(called.iter().filter(|c| of_chosen(c.department) && within(c.day)));
            let questions = in_time(asked.iter().filter(|a| of_chosen(a.department) && within(a.term)));
            Month { first_day: *first_day, reachability: reachability(calls, questions) }
        })
        .collect();
    Ok(DepartmentView {
        from,
        to: today,
        all: figures(None),
        departments: departments.into_iter().map(|department| figures(Some(department))).collect(),
        trend,
    })
}

/// The first days of the months up to today's, oldest first.
fn months_to(today: Date) -> Vec<Date> {
    (0..TREND_MONTHS)
        .rev()
        .filter_map(|back| today.first_of_month().checked_sub(jiff::Span::new().months(back)).ok())
        .collect()
}

fn open<'a>(waiting: impl Iterator<Item = &'a Waiting>, today: Date) -> Open {
    let mut open = Open::default();
    let mut ages = Vec::new();
    for question in waiting {
        open.waiting += 1;
        if question.paused {
            open.paused += 1;
            continue;
        }
        let age = working_days_between(question.sent, today);
        let band = AGE_BANDS.iter().position(|end| age <= *end).unwrap_or(AGE_BANDS.len());
        open.bands[band] += 1;
        open.overdue += u64::from(question.due < today);
        ages.push(age);
    }
    open.median_age = median(ages);
    open
}

fn calls<'a>(called: impl Iterator<Item = &'a Called>) -> Turned {
    called.fold(Turned::default(), |turned, call| {
        turned.and(Turned { answered: u64::from(call.reached), to: 1 })
    })
}

fn in_time<'a>(asked: impl Iterator<Item = &'a Asked>) -> Turned {
    asked.fold(Turned::default(), |turned, question| {
        let in_time = question.answered.is_some_and(|answered| answered <= question.term);
        turned.and(Turned { answered: u64::from(in_time), to: 1 })
    })
}

/// The questions whose term ended in `from..to`. One that was taken back had no chance to be answered, and one that
/// stands still has not come to its end.
fn asked(s: &mut Session<'_>, from: Date, to: Date) -> Result<Vec<Asked>, StorageError> {
    s.rows(
        sql!(
            "SELECT o.department_id, f.sent_at, f.answered_at, f.term_day
             FROM follow_ups f JOIN officers o ON o.id = f.officer_id
             WHERE f.term_day >= $1 AND f.term_day < $2 AND f.state <> $3 AND f.paused_at IS NULL
             ORDER BY f.term_day, f.id LIMIT $4"
        ),
        params![from, to, FollowUpState::Withdrawn, ROWS_MAX],
        |r| {
            Ok(Asked {
                department: r.get(0)?,
                sent_at: r.get(1)?,
                answered: r.get::<Option<Timestamp>>(2)?.map(local_day),
                term: r.get(3)?,
            })
        },
    )
}

fn called(s: &mut Session<'_>, from: Date, to: Date) -> Result<Vec<Called>, StorageError> {
    s.rows(
        sql!(
            "SELECT o.department_id, k.called_at, k.outcome
             FROM officer_calls k JOIN officers o ON o.id = k.officer_id
             WHERE k.called_at >= $1 AND k.called_at < $2 ORDER BY k.called_at, k.id LIMIT $3"
        ),
        params![start_of_day(from), start_of_day(to), ROWS_MAX],
        |r| {
            let (at, outcome): (Timestamp, CallOutcome) = (r.get(1)?, r.get(2)?);
            Ok(Called {
                department: r.get(0)?,
                at,
                day: local_day(at),
                reached: outcome == CallOutcome::Reached,
            })
        },
    )
}

fn waiting(s: &mut Session<'_>) -> Result<Vec<Waiting>, StorageError> {
    s.rows(
        sql!(
            "SELECT o.department_id, f.sent_at, f.due_day, f.paused_at
             FROM follow_ups f JOIN officers o ON o.id = f.officer_id
             WHERE f.state = 'waiting' ORDER BY f.due_day, f.id LIMIT $1"
        ),
        params![ROWS_MAX],
        |r| {
            Ok(Waiting {
                department: r.get(0)?,
                sent: local_day(r.get(1)?),
                due: r.get(2)?,
                paused: r.get::<Option<Timestamp>>(3)?.is_some(),
            })
        },
    )
}
