//! Whether what was done about a gap helped: misses and contacts, week by week before and after.
//!
//! Weeks are counted from the day on which what was done began to work, backwards and forwards, so that no week is half before and
//! half after. What is said of them is [`quality::change_against_others`]'s: misses are set against all other searches, contacts of
//! the gap's case types against all other logged contacts, so that a quiet July is no success.

use super::gaps::{Gap, GapState};
use super::queries;
use super::{Act, GapKind};
use crate::KnowledgeError;
use quality::{Change, Week, change_against_others};
use std::collections::BTreeMap;
use storage::{Session, StorageError};
use vocabulary::civil::Date;
use vocabulary::{CaseTypeId, SignedDuration, Timestamp, local_day, start_of_day};

/// How many weeks before are looked at.
pub const BEFORE_WEEKS: u32 = 12;
/// How many weeks after, at most.
pub const AFTER_WEEKS_MAX: u32 = 26;

/// One week of a course.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CourseWeek {
    /// Its first day.
    pub first_day: Date,
    /// Its counts.
    pub week: Week,
    /// Whether it came after what was done.
    pub after: bool,
}

/// How something went, week by week, and what can be said of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Course {
    /// The weeks, oldest first, whole ones only.
    pub weeks: Vec<CourseWeek>,
    /// What can be said. None as long as nothing that works has been done.
    pub change: Option<Change>,
}

/// Whether it helped.
#[derive(Clone, Debug, PartialEq)]
pub struct Helped {
    /// Since when something works.
    pub since: Option<Timestamp>,
    /// Misses of this gap among all searches.
    pub misses: Course,
    /// Contacts of the gap's case types among all logged contacts. None if no case type is known.
    pub contacts: Option<Course>,
    /// The case types counted.
    pub case_types: Vec<CaseTypeId>,
}

/// The stretch of time looked at: whole weeks before and after a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Span {
    from: Timestamp,
    to: Timestamp,
    before: u32,
    after: u32,
}

impl Span {
    /// Around `since`, as far as whole weeks have passed by `now`; without it the weeks up to today.
    fn new(since: Option<Timestamp>, now: Timestamp) -> Self {
        let week = SignedDuration::from_hours(24 * 7);
        let weeks = |n: u32| SignedDuration::from_hours(24 * 7 * i64::from(n));
        let pivot = start_of_day(local_day(since.unwrap_or(now)));
        let passed = (now.as_second() - pivot.as_second()).max(0) / week.as_secs();
        let after = if since.is_some() { u32::try_from(passed).unwrap_or(0).min(AFTER_WEEKS_MAX) } else { 0 };
        Self {
            from: pivot.saturating_sub(weeks(BEFORE_WEEKS)).unwrap_or(pivot),
            to: pivot.saturating_add(weeks(after)).unwrap_or(pivot),
            before: BEFORE_WEEKS,
            after,
        }
    }

    fn course(self, these: &BTreeMap<i64, u64>, all: &BTreeMap<i64, u64>, judged: bool) -> Course {
        let count = |counts: &BTreeMap<i64, u64>, n: u32| counts.get(&i64::from(n)).copied().unwrap_or(0);
        let first = local_day(self.from);
        let weeks: Vec<CourseWeek> = (0..self.before + self.after)
            .map(|n| {
                let these = count(these, n);
                let week = Week { these, others: count(all, n).saturating_sub(these) };
                let first_day = first.saturating_add(SignedDuration::from_hours(24 * 7 * i64::from(n)));
                CourseWeek { first_day, week, after: n >= self.before }
            })
            .collect();
        let of = |after: bool| -> Vec<Week> {
            weeks.iter().filter(|week| week.after == after).map(|week| week.week).collect()
        };
        let change = judged.then(|| change_against_others(&of(false), &of(true)));
        Course { weeks, change }
    }
}

/// How often the gap was missed and how many contacts there were about it, before and after what was done.
///
/// # Errors
/// The database.
pub fn helped(s: &mut Session<'_>, now: Timestamp, gap: &Gap) -> Result<Helped, KnowledgeError> {
    let since = match gap.state {
        GapState::Acted(since) => Some(since),
        _ => None,
    };
    let span = Span::new(since, now);
    let mut misses = BTreeMap::new();
    let mut forms = gap.forms.clone();
    // The form it is known by was perhaps not asked lately: then it is not among the members.
    if !forms.contains(&gap.form) {
        forms.push(gap.form.clone());
    }
    for form in &forms {
        let unopened = gap.kind == GapKind::NoClick;
        add(&mut misses, queries::misses_by_week(s, form, span.from, span.to, unopened)?);
    }
    let searches = queries::searches_by_week(s, span.from, span.to)?;
    let case_types = case_types(s, gap)?;
    let mut contacts = BTreeMap::new();
    for case_type in &case_types {
        add(&mut contacts, queries::contacts_by_week(s, Some(*case_type), span.from, span.to)?);
    }
    let contacts = if case_types.is_empty() {
        None
    } else {
        let all = queries::contacts_by_week(s, None, span.from, span.to)?;
        Some(span.course(&contacts, &all, since.is_some()))
    };
    Ok(Helped { since, misses: span.course(&misses, &searches, since.is_some()), contacts, case_types })
}

fn add(sum: &mut BTreeMap<i64, u64>, more: BTreeMap<i64, u64>) {
    for (week, count) in more {
        *sum.entry(week).or_default() += count;
    }
}

/// What contacts about the gap become: what somebody has said, or else what its articles say.
fn case_types(s: &mut Session<'_>, gap: &Gap) -> Result<Vec<CaseTypeId>, StorageError> {
    if let Some(case_type) = gap.case_type {
        return Ok(vec![case_type]);
    }
    let mut types = Vec::new();
    for done in &gap.acts {
        if let Act::Article(id) = done.act
            && let Some(article) = crate::queries::newest(s, id)?
        {
            types.extend(article.case_types.iter().copied());
        }
    }
    types.sort_unstable();
    types.dedup();
    Ok(types)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_are_whole_and_counted_from_the_day_it_was_done() {
        let since: Timestamp = "2026-11-04T13:00:00Z".parse().unwrap();
        let now: Timestamp = "2026-11-24T08:00:00Z".parse().unwrap();
        let span = Span::new(Some(since), now);
        assert_eq!((span.before, span.after), (12, 2));
        let course = span.course(
            &BTreeMap::from([(11, 4), (12, 1)]),
            &BTreeMap::from([(11, 50), (12, 40), (13, 30)]),
            true,
        );
        assert_eq!(course.weeks.len(), 14);
        assert_eq!(course.weeks[12].first_day.to_string(), "2026-11-04");
        assert_eq!(course.weeks[11].week, Week { these: 4, others: 46 });
        assert_eq!(course.weeks[12].week, Week { these: 1, others: 39 });
        assert!(course.weeks[12].after && !course.weeks[11].after);
        assert_eq!(course.change, Some(Change::TooEarly { weeks: 3 }));
        let open = Span::new(None, now);
        assert_eq!((open.before, open.after), (12, 0));
        assert_eq!(open.course(&BTreeMap::new(), &BTreeMap::new(), false).change, None);
    }
}
