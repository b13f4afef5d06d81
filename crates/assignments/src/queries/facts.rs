//! What the house knows of itself, for the checklist; and what has been set by hand.

use crate::error::AssignmentsError;
use crate::queries;
use crate::standard::{Check, FACTS_DAYS, Facts, Part};
use storage::{Session, StorageError, params, sql};
use vocabulary::civil::Date;
use vocabulary::{SignedDuration, Timestamp, local_day, start_of_day};

/// The facts as they are at `now`.
///
/// # Errors
/// The database, or what is kept cannot be read.
pub fn facts(s: &mut Session<'_>, now: Timestamp) -> Result<Facts, AssignmentsError> {
    let today = local_day(now);
    let since = now.checked_sub(SignedDuration::from_hours(24 * FACTS_DAYS)).unwrap_or(Timestamp::MIN);
    let since = start_of_day(local_day(since));
    let in_force = queries::in_force(s)?;
    let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
    let of = |have: usize| Part { have: count(have), of: count(in_force.len()) };
    let with = |has: fn(&crate::model::Basis) -> bool| {
        of(in_force.iter().filter(|one| has(&one.version.basis)).count())
    };
    let in_time = in_force.iter().filter(|one| one.assignment.review_day.is_some_and(|day| day >= today));
    let (within, months) = (of(in_time.count()), queries::months_outside(s, today, 3)?);
    let all: u64 = months.iter().map(|month| month.all).sum();
    let outside: u64 = months.iter().map(|month| month.count(None)).sum();
    let departments = departments(s, &in_force)?;
    Ok(Facts {
        cases_with_status: cases_with_status(s, since)?,
        surveys: surveys(s, since)?,
        calls: calls(s, since)?,
        questions: questions(s, since)?,
        clocks: clocks(s)?,
        logged: logged(s, since)?,
        articles: articles(s, today)?,
        process_maps: with(|basis| !basis.steps.is_empty()),
        competence: with(|basis| !basis.groups.is_empty() || !basis.skills.is_empty()),
        volumes: with(|basis| basis.contacts_per_month.is_some()),
        reviews: within,
        departments,
        referrals: count(queries::referrals(s)?.iter().filter(|referral| referral.active).count()),
        retention_rules: s.the_row(sql!("SELECT COUNT(*) FROM retention_rules"), params![], |r| r.get(0))?,
        within: Part { have: all.saturating_sub(outside), of: all },
    })
}

fn departments(s: &mut Session<'_>, in_force: &[crate::model::InForce]) -> Result<Part, StorageError> {
    let mut using: Vec<_> =
        cases::queries::case_types(s)?.into_iter().filter(|t| t.active).map(|t| t.department_id).collect();
    using.sort_unstable();
    using.dedup();
    let have = using.iter().filter(|id| in_force.iter().any(|one| one.assignment.department == **id)).count();
    let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
    Ok(Part { have: count(have), of: count(using.len()) })
}

fn cases_with_status(s: &mut Session<'_>, since: Timestamp) -> Result<Part, StorageError> {
    s.the_row(
        sql!(
            "SELECT COUNT(CASE WHEN EXISTS (SELECT 1 FROM resident_codes r WHERE r.case_id = k.id) THEN 1 END), COUNT(*)
             FROM case_types t JOIN cases k ON k.case_type_id = t.id
             WHERE k.registered_at >= $1 AND k.resident_id IS NOT NULL AND k.secrecy_class = 'open'"
        ),
        params![since],
        |r| Ok(Part { have: r.get(0)?, of: r.get(1)? }),
    )
}

fn surveys(s: &mut Session<'_>, since: Timestamp) -> Result<Part, StorageError> {
    s.the_row(
        sql!(
            "SELECT COUNT(CASE WHEN state = 'answered' OR state = 'partly' THEN 1 END), COUNT(*)
             FROM survey_invitations WHERE invited_at >= $1"
        ),
        params![since],
        |r| Ok(Part { have: r.get(0)?, of: r.get(1)? }),
    )
}

fn calls(s: &mut Session<'_>, since: Timestamp) -> Result<Part, StorageError> {
    s.the_row(
        sql!(
            "SELECT COUNT(CASE WHEN answered_at IS NOT NULL THEN 1 END), COUNT(*)
             FROM contacts WHERE arrived_at >= $1 AND channel = 'call'"
        ),
        params![since],
        |r| Ok(Part { have: r.get(0)?, of: r.get(1)? }),
    )
}

fn questions(s: &mut Session<'_>, since: Timestamp) -> Result<Part, StorageError> {
    s.the_row(
        sql!(
            "SELECT COUNT(CASE WHEN answered_at IS NOT NULL THEN 1 END), COUNT(*)
             FROM follow_ups WHERE sent_at >= $1"
        ),
        params![since],
        |r| Ok(Part { have: r.get(0)?, of: r.get(1)? }),
    )
}

/// A clock that has rung to its end has been handed to people: it has a task or the department's contact.
fn clocks(s: &mut Session<'_>) -> Result<Part, StorageError> {
    s.the_row(
        sql!(
            "SELECT COUNT(CASE WHEN f.paused_at IS NOT NULL OR f.reminder_at IS NOT NULL OR f.call_task_at IS NOT NULL
                     OR EXISTS (SELECT 1 FROM tasks t WHERE t.follow_up_id = f.id) THEN 1 END), COUNT(*)
             FROM follow_ups f WHERE f.state = 'waiting'"
        ),
        params![],
        |r| Ok(Part { have: r.get(0)?, of: r.get(1)? }),
    )
}

fn logged(s: &mut Session<'_>, since: Timestamp) -> Result<Part, StorageError> {
    s.the_row(
        sql!(
            "SELECT COUNT(CASE WHEN logged_at IS NOT NULL THEN 1 END), COUNT(*)
             FROM contacts WHERE arrived_at >= $1 AND answered_at IS NOT NULL AND ended_at IS NOT NULL"
        ),
        params![since],
        |r| Ok(Part { have: r.get(0)?, of: r.get(1)? }),
    )
}

fn articles(s: &mut Session<'_>, today: Date) -> Result<Part, StorageError> {
    s.the_row(
        sql!(
            "SELECT COUNT(CASE WHEN v.owner_id IS NOT NULL AND v.review_day >= $1 THEN 1 END), COUNT(*)
             FROM articles a JOIN article_versions v ON v.article_id = a.id AND v.number = a.live_version"
        ),
        params![today],
        |r| Ok(Part { have: r.get(0)?, of: r.get(1)? }),
    )
}

/// What has been set by hand.
///
/// # Errors
/// The database.
pub fn checks(s: &mut Session<'_>) -> Result<Vec<Check>, StorageError> {
    s.rows(
        sql!(
            "SELECT point, state, note, evidence, checked_day, checked_by FROM standard_checks ORDER BY point"
        ),
        params![],
        |r| {
            Ok(Check {
                point: r.get(0)?,
                state: r.get(1)?,
                note: r.get(2)?,
                evidence: r.get(3)?,
                day: r.get(4)?,
                by: r.get(5)?,
            })
        },
    )
}

pub(crate) fn put_check(s: &mut Session<'_>, check: &Check) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO standard_checks (point, state, note, evidence, checked_day, checked_by)
             VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (point) DO UPDATE SET state = excluded.state, note = excluded.note,
                 evidence = excluded.evidence, checked_day = excluded.checked_day, checked_by = excluded.checked_by"
        ),
        params![check.point, check.state, &check.note, &check.evidence, check.day, check.by],
    )?;
    Ok(())
}
