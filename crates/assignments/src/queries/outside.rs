//! What came from outside every assignment: work that slides over.
//!
//! A contact is outside if no assignment in force covered its type when it arrived, or if a guide has said so. A case
//! counts by itself only when no contact belongs to it, so that nothing is counted twice.

use crate::model::Version;
use std::collections::BTreeMap;
use storage::{Session, StorageError, params, sql};
use vocabulary::civil::Date;
use vocabulary::{AnyId, CaseTypeId, Context, DepartmentId, Timestamp, UserId, start_of_day};

/// Work of one type, in one month, that was outside every assignment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutsideLine {
    /// Whose work it is.
    pub department: DepartmentId,
    /// What it was about.
    pub case_type: CaseTypeId,
    /// Contacts, and cases that no contact belongs to.
    pub count: u64,
    /// How many of them a guide has said are outside.
    pub marked: u64,
}

/// A month's work outside every assignment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MonthOutside {
    /// The month's first day.
    pub first_day: Date,
    /// By department and type; nothing is left out.
    pub lines: Vec<OutsideLine>,
    /// All that was logged or registered in the month, outside or not.
    pub all: u64,
}

impl MonthOutside {
    /// How much was outside, of one department or of all.
    #[must_use]
    pub fn count(&self, department: Option<DepartmentId>) -> u64 {
        let of = |line: &&OutsideLine| department.is_none_or(|department| line.department == department);
        self.lines.iter().filter(of).map(|line| line.count).sum()
    }
}

/// The instants between which a month lies.
fn span(first_day: Date) -> (Timestamp, Timestamp) {
    let next = first_day.last_of_month().tomorrow().unwrap_or(Date::MAX);
    (start_of_day(first_day), start_of_day(next))
}

/// The months up to the one `today` lies in, oldest first.
fn months_to(today: Date, months: u16) -> Vec<Date> {
    let mut day = today.first_of_month();
    let mut all = vec![day];
    for _ in 1..months {
        day = day.yesterday().map_or(day, Date::first_of_month);
        all.push(day);
    }
    all.reverse();
    all
}

/// What was outside every assignment in the last `months` months, the one under way among them, oldest first.
///
/// # Errors
/// The database.
pub fn months_outside(
    s: &mut Session<'_>,
    today: Date,
    months: u16,
) -> Result<Vec<MonthOutside>, StorageError> {
    let mut all = Vec::new();
    for first_day in months_to(today, months) {
        let (from, to) = span(first_day);
        let mut counted: BTreeMap<(DepartmentId, CaseTypeId), (u64, u64)> = BTreeMap::new();
        let mut total = 0;
        for (department, case_type, n, outside, marked) in
            contacts(s, from, to)?.into_iter().chain(cases(s, from, to)?)
        {
            total += n;
            if outside > 0 {
                let line = counted.entry((department, case_type)).or_default();
                line.0 += outside;
                line.1 += marked;
            }
        }
        let lines = counted.into_iter().map(|((department, case_type), (count, marked))| OutsideLine {
            department,
            case_type,
            count,
            marked,
        });
        all.push(MonthOutside { first_day, lines: lines.collect(), all: total });
    }
    Ok(all)
}

/// Of one department and type: all, outside, said to be outside.
type Counted = (DepartmentId, CaseTypeId, u64, u64, u64);

fn contacts(s: &mut Session<'_>, from: Timestamp, to: Timestamp) -> Result<Vec<Counted>, StorageError> {
    s.rows(
        sql!(
            "SELECT department_id, case_type_id, COUNT(*), COUNT(CASE WHEN marked OR NOT covered THEN 1 END),
                 COUNT(CASE WHEN marked THEN 1 END)
             FROM (SELECT t.department_id, c.case_type_id,
                       EXISTS (SELECT 1 FROM outside_marks m
                               WHERE m.subject_id = c.id OR m.subject_id = c.case_id) AS marked,
                       EXISTS (SELECT 1 FROM assignment_coverage v
                               WHERE v.case_type_id = c.case_type_id AND v.from_at <= c.arrived_at
                                   AND (v.to_at IS NULL OR v.to_at > c.arrived_at)) AS covered
                   FROM contacts c JOIN case_types t ON t.id = c.case_type_id
                   WHERE c.arrived_at >= $1 AND c.arrived_at < $2) counted
             GROUP BY department_id, case_type_id"
        ),
        params![from, to],
        |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?)),
    )
}

fn cases(s: &mut Session<'_>, from: Timestamp, to: Timestamp) -> Result<Vec<Counted>, StorageError> {
    s.rows(
        sql!(
            "SELECT department_id, case_type_id, COUNT(*), COUNT(CASE WHEN marked OR NOT covered THEN 1 END),
                 COUNT(CASE WHEN marked THEN 1 END)
             FROM (SELECT t.department_id, k.case_type_id,
                       EXISTS (SELECT 1 FROM outside_marks m WHERE m.subject_id = k.id) AS marked,
                       EXISTS (SELECT 1 FROM assignment_coverage v
                               WHERE v.case_type_id = k.case_type_id AND v.from_at <= k.registered_at
                                   AND (v.to_at IS NULL OR v.to_at > k.registered_at)) AS covered
                   FROM case_types t JOIN cases k ON k.case_type_id = t.id
                   WHERE k.registered_at >= $1 AND k.registered_at < $2 AND k.merged_into_id IS NULL
                       AND NOT EXISTS (SELECT 1 FROM contacts c
                                       WHERE c.case_id = k.id AND c.case_type_id IS NOT NULL)) counted
             GROUP BY department_id, case_type_id"
        ),
        params![from, to],
        |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?)),
    )
}

/// The contacts that belonged to a version's case types in each of the last `months` whole months and the one under
/// way, oldest first.
///
/// # Errors
/// The database.
pub fn volumes(
    s: &mut Session<'_>,
    version: &Version,
    today: Date,
    months: u16,
) -> Result<Vec<(Date, u64)>, StorageError> {
    let mut all = Vec::new();
    for first_day in months_to(today, months.saturating_add(1)) {
        let (from, to) = span(first_day);
        let by_type = s.rows(
            sql!(
                "SELECT case_type_id, COUNT(*) FROM contacts
                 WHERE arrived_at >= $1 AND arrived_at < $2 AND case_type_id IS NOT NULL GROUP BY case_type_id"
            ),
            params![from, to],
            |r| Ok((r.get::<CaseTypeId>(0)?, r.get::<u64>(1)?)),
        )?;
        let own = by_type.iter().filter(|(id, _)| version.basis.case_types.contains(id));
        all.push((first_day, own.map(|(_, count)| count).sum()));
    }
    Ok(all)
}

/// Whether somebody has said that a contact or case is outside every assignment.
///
/// # Errors
/// The database.
pub fn is_outside(s: &mut Session<'_>, subject: AnyId) -> Result<bool, StorageError> {
    let n: u64 =
        s.the_row(sql!("SELECT COUNT(*) FROM outside_marks WHERE subject_id = $1"), params![subject], |r| {
            r.get(0)
        })?;
    Ok(n > 0)
}

pub(crate) fn insert_mark(
    s: &mut Session<'_>,
    ctx: &Context,
    subject: AnyId,
    kind: &str,
    by: Option<UserId>,
) -> Result<bool, StorageError> {
    let new = s.execute(
        sql!(
            "INSERT INTO outside_marks (subject_id, subject_kind, marked_by, marked_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT DO NOTHING"
        ),
        params![subject, kind, by, ctx.now],
    )?;
    Ok(new > 0)
}

pub(crate) fn clear_mark(s: &mut Session<'_>, subject: AnyId) -> Result<bool, StorageError> {
    let gone = s.execute(sql!("DELETE FROM outside_marks WHERE subject_id = $1"), params![subject])?;
    Ok(gone > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use vocabulary::civil::date;

    #[test]
    fn months_follow_each_other_over_the_year() {
        assert_eq!(months_to(date(2026, 1, 31), 3), [date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1)]);
        let (from, to) = span(date(2026, 10, 1));
        assert_eq!(
            (from.to_string(), to.to_string()),
            ("2026-09-30T22:00:00Z".into(), "2026-10-31T23:00:00Z".into())
        );
    }
}
