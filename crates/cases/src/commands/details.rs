//! What is said about a case besides its status: how urgent it is, who has it, where it is, and what it is about.

use super::steps::{known_group, known_user, load_case_for, record, touch};
use crate::error::CasesError;
use crate::limits::{DESCRIPTION_CHARS_MAX, TITLE_CHARS_MAX};
use crate::model::Case;
use crate::place::Place;
use crate::queries::{self, store};
use people::text;
use storage::Session;
use vocabulary::GenericUuid as _;
use vocabulary::civil::Date;
use vocabulary::{
    AnswerGroupId, CaseId, CaseStatus, CaseTypeId, Context, Priority, UserId, add_working_days, local_day,
};

/// Says how soon a case should be taken up.
///
/// # Errors
/// The case is not there, or not for whoever asks.
pub fn set_priority(
    s: &mut Session<'_>,
    ctx: &Context,
    case: CaseId,
    priority: Priority,
) -> Result<Case, CasesError> {
    let mut case = load_case_for(s, ctx, case)?;
    if case.priority != priority {
        case.priority = priority;
        touch(s, ctx, &mut case)?;
        record(s, ctx, "case_priority_set", case.id, None, Some(priority.to_string()))?;
    }
    Ok(case)
}

/// Says anew what a case is called and what was told; what is not given stays.
///
/// # Errors
/// A text is not acceptable, or the case is not there or not for whoever asks.
pub fn reword(
    s: &mut Session<'_>,
    ctx: &Context,
    case: CaseId,
    title: Option<&str>,
    description: Option<&str>,
) -> Result<Case, CasesError> {
    let mut case = load_case_for(s, ctx, case)?;
    let before = (case.title.clone(), case.description.clone());
    if let Some(title) = title {
        case.title = text::line("title", title, TITLE_CHARS_MAX)?;
    }
    if let Some(description) = description {
        let told = text::optional_paragraphs("description", description, DESCRIPTION_CHARS_MAX)?;
        case.description = told.unwrap_or_default();
    }
    if before != (case.title.clone(), case.description.clone()) {
        store::update_text(s, &case)?;
        touch(s, ctx, &mut case)?;
        record(s, ctx, "case_reworded", case.id, None, None)?;
    }
    Ok(case)
}

/// Marks that something kept beside a case has changed: its version and when it was last changed.
///
/// # Errors
/// The case is not there, or not for whoever asks.
pub fn touched(s: &mut Session<'_>, ctx: &Context, case: CaseId) -> Result<(), CasesError> {
    let mut case = load_case_for(s, ctx, case)?;
    Ok(touch(s, ctx, &mut case)?)
}

/// Who in the contact centre has a case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Assignment {
    /// The guide, if it is one's own.
    pub assignee_id: Option<UserId>,
    /// The group, if it is a group's.
    pub answer_group_id: Option<AnswerGroupId>,
}

/// Says who in the contact centre has a case: a guide, a group, both or nobody in particular.
///
/// # Errors
/// The case, the guide or the group is not there, or the case is not for whoever asks.
pub fn assign(s: &mut Session<'_>, ctx: &Context, case: CaseId, to: Assignment) -> Result<Case, CasesError> {
    let mut case = load_case_for(s, ctx, case)?;
    let before = Assignment { assignee_id: case.assignee_id, answer_group_id: case.answer_group_id };
    if before == to {
        return Ok(case);
    }
    // Whoever left since keeps what they had: only a new name is asked for.
    if to.assignee_id != before.assignee_id {
        case.assignee_id = known_user(s, to.assignee_id)?;
    }
    if to.answer_group_id != before.answer_group_id {
        case.answer_group_id = known_group(s, to.answer_group_id)?;
    }
    touch(s, ctx, &mut case)?;
    let whom = to.assignee_id.map(|id| id.into_untyped_uuid());
    let group = to.answer_group_id.map(|id| id.into_untyped_uuid());
    let word = match (whom, group) {
        (Some(_), _) => "guide",
        (None, Some(_)) => "group",
        (None, None) => "nobody",
    };
    record(s, ctx, "case_assigned", case.id, whom.or(group), Some(word.to_owned()))?;
    Ok(case)
}

/// How far ahead a day can be set by which a case should be done, in days.
const DUE_DAYS_AHEAD_MAX: u32 = 730;

/// Sets by hand the day by which a case should be done; none leaves it without one. The terms' own day comes back when
/// the type is changed.
///
/// # Errors
/// [`CasesError::DayOutOfRange`] for a day before the case was registered or more than two years from now, or the case
/// is not there or not for whoever asks.
pub fn set_due_day(
    s: &mut Session<'_>,
    ctx: &Context,
    case: CaseId,
    due_day: Option<Date>,
) -> Result<Case, CasesError> {
    let mut case = load_case_for(s, ctx, case)?;
    if case.due_day == due_day {
        return Ok(case);
    }
    let earliest = local_day(case.registered_at);
    let latest =
        (1..=DUE_DAYS_AHEAD_MAX).try_fold(local_day(ctx.now), |day, _| day.tomorrow()).unwrap_or(Date::MAX);
    if due_day.is_some_and(|day| day < earliest || day > latest) {
        return Err(CasesError::DayOutOfRange { earliest, latest });
    }
    case.due_day = due_day;
    touch(s, ctx, &mut case)?;
    record(s, ctx, "case_due_day_set", case.id, None, due_day.map(|day| day.to_string()))?;
    Ok(case)
}

/// Says where a case is; none says that it is nowhere in particular.
///
/// # Errors
/// The case is not there, or not for whoever asks.
pub fn set_place(
    s: &mut Session<'_>,
    ctx: &Context,
    case: CaseId,
    place: Option<Place>,
) -> Result<Case, CasesError> {
    let mut case = load_case_for(s, ctx, case)?;
    if case.place != place {
        case.place = place;
        touch(s, ctx, &mut case)?;
        record(s, ctx, "case_place_set", case.id, None, None)?;
    }
    Ok(case)
}

/// Says that a case is about something else. Board and retention become those of the new type, and so does the
/// department unless an officer already has it. The secrecy never becomes less by this: what was told in confidence stays
/// so. The term is counted anew from the day of registration, unless the case is closed. Number and arrival day stay.
///
/// # Errors
/// The case or the type is not there, the type is not in use, or the case is not for whoever asks.
pub fn change_type(
    s: &mut Session<'_>,
    ctx: &Context,
    case: CaseId,
    case_type: CaseTypeId,
) -> Result<Case, CasesError> {
    let mut case = load_case_for(s, ctx, case)?;
    if case.case_type_id == case_type {
        return Ok(case);
    }
    let to = queries::case_type(s, case_type)?.ok_or(CasesError::NotFound { what: "case type" })?;
    if !to.active {
        return Err(CasesError::CaseTypeInactive);
    }
    let from = std::mem::replace(&mut case.case_type_id, to.id);
    case.board = to.board;
    case.retention_rule = to.retention_rule;
    case.secrecy_class = case.secrecy_class.max(to.secrecy_class);
    if case.officer_id.is_none() {
        case.department_id = to.department_id;
    }
    if case.status != CaseStatus::Solved {
        case.due_day = Some(add_working_days(local_day(case.registered_at), to.due_working_days));
    }
    touch(s, ctx, &mut case)?;
    let from = Some(from.into_untyped_uuid());
    record(s, ctx, "case_type_changed", case.id, from, Some(to.code))?;
    Ok(case)
}
