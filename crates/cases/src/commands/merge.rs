//! Two cases made one, and parted again.
//!
//! What lies with the case that ends (contacts, notes, questions to officers, tasks, letters, stakeholders, documents)
//! moves to the one that goes on, and each row that moves is written down, so that it stays known where it came from and
//! can be moved back. The ended case keeps its number, its text and its links: whoever has one of those is led to the
//! case that goes on.

use super::steps::{load_case, record, touch};
use super::wind;
use crate::clock::FollowUpClock;
use crate::error::CasesError;
use crate::model::{Case, FollowUp, FollowUpState};
use crate::parts::{Merged, Stakeholder, StakeholderRole};
use crate::queries::connections::{self, MergeRow, Moved, MovedRow};
use crate::queries::{self, parts, store_follow_ups};
use crate::refusal::Refusal;
use crate::status::clock_stands_still;
use crate::viewer::Viewer;
use serde::{Deserialize, Serialize};
use storage::{Session, StorageError};
use vocabulary::civil::Date;
use vocabulary::{
    Actor, AnyId, CaseId, CaseOutcome, CaseStatus, ContactId, Context, FollowUpId, GenericUuid as _, MergeId,
    Priority, ResidentId, SecrecyClass, StakeholderId, Timestamp, local_day,
};

/// What of a case a merge may change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Standing {
    status: CaseStatus,
    outcome: Option<CaseOutcome>,
    closed_at: Option<Timestamp>,
    rests_until_day: Option<Date>,
    secrecy_class: SecrecyClass,
    priority: Priority,
    due_day: Option<Date>,
    resident_id: Option<ResidentId>,
}

impl Standing {
    fn of(case: &Case) -> Self {
        Self {
            status: case.status,
            outcome: case.outcome,
            closed_at: case.closed_at,
            rests_until_day: case.rests_until_day,
            secrecy_class: case.secrecy_class,
            priority: case.priority,
            due_day: case.due_day,
            resident_id: case.resident_id,
        }
    }

    fn put(&self, case: &mut Case) {
        case.status = self.status;
        case.outcome = self.outcome;
        case.closed_at = self.closed_at;
        case.rests_until_day = self.rests_until_day;
        case.secrecy_class = self.secrecy_class;
        case.priority = self.priority;
        case.due_day = self.due_day;
        case.resident_id = self.resident_id;
    }

    /// How the kept case stands once the other is a part of it; `asked` tells whether an officer's answer to a question
    /// of either is awaited.
    fn joined(&self, from: &Self, asked: bool) -> Self {
        let due_day = match (self.due_day, from.due_day) {
            (Some(own), Some(other)) => Some(own.min(other)),
            (own, other) => own.or(other),
        };
        let priority = self.priority.max(from.priority);
        Self {
            status: settled(self.status, asked),
            secrecy_class: self.secrecy_class.max(from.secrecy_class),
            // A closed case is neither urgent nor due any more.
            priority: if from.status == CaseStatus::Solved { self.priority } else { priority },
            due_day: if from.status == CaseStatus::Solved { self.due_day } else { due_day },
            resident_id: self.resident_id.or(from.resident_id),
            ..self.clone()
        }
    }

    /// What was before, where nothing but the merge has changed it since.
    fn back(&self, before: &Self, after: &Self) -> Self {
        fn undo<T: Clone + PartialEq>(now: &T, before: &T, after: &T) -> T {
            if now == after { before.clone() } else { now.clone() }
        }
        let same_standing =
            (self.status, self.outcome, self.closed_at) == (after.status, after.outcome, after.closed_at);
        let standing = if same_standing { before } else { self };
        Self {
            status: standing.status,
            outcome: standing.outcome,
            closed_at: standing.closed_at,
            rests_until_day: standing.rests_until_day,
            secrecy_class: undo(&self.secrecy_class, &before.secrecy_class, &after.secrecy_class),
            priority: undo(&self.priority, &before.priority, &after.priority),
            due_day: undo(&self.due_day, &before.due_day, &after.due_day),
            resident_id: undo(&self.resident_id, &before.resident_id, &after.resident_id),
        }
    }
}

/// Where a case stands given whether an officer's answer is awaited, all else being as it was.
const fn settled(status: CaseStatus, asked: bool) -> CaseStatus {
    match (status, asked) {
        (CaseStatus::New | CaseStatus::Ongoing | CaseStatus::Reopened, true) => {
            CaseStatus::WaitingForDepartment
        }
        (CaseStatus::WaitingForDepartment, false) => CaseStatus::Ongoing,
        _ => status,
    }
}

/// Two cases to be made one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MergeCases {
    /// The case that ends.
    pub from: CaseId,
    /// The case that goes on.
    pub into: CaseId,
}

/// A case as it is itself, merged or not, for somebody who wants to merge it or part it again.
fn load_raw(s: &mut Session<'_>, ctx: &Context, id: CaseId) -> Result<Case, CasesError> {
    let case = queries::case(s, id)?.ok_or(CasesError::NotFound { what: "case" })?;
    if ctx.actor != Actor::System {
        Viewer::of(ctx.actor).opens(s, &case)?;
    }
    Ok(case)
}

/// Makes two cases one: `from` ends and is a part of `into` from then on. Merging what is merged already changes
/// nothing.
///
/// # Errors
/// [`CasesError::Refused`] if they are one and the same, an open case is to go into a closed one, they belong to
/// different boards and one is secret, or `from` has gone into another already; a case is not there or not for whoever
/// asks.
pub fn merge(s: &mut Session<'_>, ctx: &Context, cmd: MergeCases) -> Result<Merged, CasesError> {
    let mut from = load_raw(s, ctx, cmd.from)?;
    let mut into = load_case(s, cmd.into)?;
    if ctx.actor != Actor::System {
        Viewer::of(ctx.actor).opens(s, &into)?;
    }
    if from.merged_into_id.is_some() {
        let there = queries::merge_of(s, from.id)?.filter(|_| from.id != cmd.into);
        let same = queries::kept(s, from.id)? == into.id;
        return there.filter(|_| same).ok_or_else(|| Refusal::Merged.into());
    }
    may_merge(&from, &into)?;

    let (from_before, into_before) = (Standing::of(&from), Standing::of(&into));
    let asked =
        store_follow_ups::officer_is_asked(s, from.id)? || store_follow_ups::officer_is_asked(s, into.id)?;
    let into_after = into_before.joined(&from_before, asked);
    let merge =
        Merged { id: ctx.next_id(), from: from.id, into: into.id, merged_at: ctx.now, undone_at: None };
    let json =
        |standing: &Standing| serde_json::to_string(standing).map_err(|e| CasesError::Payload(e.to_string()));
    let row = MergeRow {
        merge,
        from_before: json(&from_before)?,
        into_before: json(&into_before)?,
        into_after: json(&into_after)?,
    };
    connections::insert_merge(s, &row)?;
    for mut moved in what_lies_with(s, from.id)? {
        if moved.kind == "follow_up" {
            set_clock(s, ctx, &mut moved, into_after.status)?;
        }
        move_one(s, ctx, moved.kind, moved.id, (from.id, into.id))?;
        connections::insert_moved(s, merge.id, &moved)?;
    }
    join_resident(s, ctx, &merge, (&from, &into))?;

    from.status = CaseStatus::Solved;
    from.outcome = None;
    from.closed_at = from.closed_at.or(Some(ctx.now));
    from.rests_until_day = None;
    from.merged_into_id = Some(into.id);
    touch(s, ctx, &mut from)?;
    into_after.put(&mut into);
    touch(s, ctx, &mut into)?;
    write_down(s, ctx, "case_merged", (from.id, into.id))?;
    if into_before.status != into_after.status {
        record(s, ctx, "case_status_changed", into.id, None, Some(into_after.status.to_string()))?;
    }
    Ok(merge)
}

fn may_merge(from: &Case, into: &Case) -> Result<(), Refusal> {
    if from.id == into.id {
        return Err(Refusal::Itself);
    }
    if into.status == CaseStatus::Solved && from.status != CaseStatus::Solved {
        return Err(Refusal::MergeClosed);
    }
    let open = from.secrecy_class == SecrecyClass::Open && into.secrecy_class == SecrecyClass::Open;
    if !open && from.board != into.board {
        return Err(Refusal::MergeBoards);
    }
    Ok(())
}

fn write_down(
    s: &mut Session<'_>,
    ctx: &Context,
    kind: &'static str,
    (from, into): (CaseId, CaseId),
) -> Result<(), StorageError> {
    record(s, ctx, kind, from, Some(into.into_untyped_uuid()), Some("into".to_owned()))?;
    record(s, ctx, kind, into, Some(from.into_untyped_uuid()), Some("from".to_owned()))
}

/// Everything that lies with a case and goes where it goes.
fn what_lies_with(s: &mut Session<'_>, case: CaseId) -> Result<Vec<MovedRow>, StorageError> {
    let contacts = contacts::queries::ids_of_case(s, case)?;
    let found = [
        ("contact", contacts.into_iter().map(|id| id.into_untyped_uuid()).collect()),
        ("note", connections::note_ids(s, case)?),
        ("follow_up", connections::follow_up_ids(s, case)?),
        ("task", connections::task_ids(s, case)?),
        ("message", connections::message_ids(s, case)?),
        ("stakeholder", connections::stakeholder_ids(s, case)?),
        ("document", connections::document_ids(s, case)?),
    ];
    let rows = found.into_iter().flat_map(|(kind, ids): (_, Vec<AnyId>)| {
        ids.into_iter().map(move |id| MovedRow { kind, id, clock_before: None, clock_after: None })
    });
    Ok(rows.collect())
}

/// Moves one thing, if it still lies where it is said to.
fn move_one(
    s: &mut Session<'_>,
    ctx: &Context,
    kind: &str,
    id: AnyId,
    way: (CaseId, CaseId),
) -> Result<(), CasesError> {
    match kind {
        "contact" => contacts::commands::move_case(s, ctx, ContactId::from_untyped_uuid(id), way)?,
        "note" => drop(connections::move_note(s, id, way)?),
        "follow_up" => drop(connections::move_follow_up(s, id, way)?),
        "task" => drop(connections::move_task(s, id, way)?),
        "message" => drop(connections::move_message(s, id, way)?),
        "stakeholder" => drop(connections::move_stakeholder(s, id, way)?),
        "document" => drop(connections::move_document(s, id, way)?),
        _ => {}
    }
    Ok(())
}

fn clock_text(clock: &FollowUpClock) -> Result<String, CasesError> {
    serde_json::to_string(clock).map_err(|e| CasesError::Payload(e.to_string()))
}

/// Lets the clock of a question that moves run or stand as the case it comes to does, and writes down both.
fn set_clock(
    s: &mut Session<'_>,
    ctx: &Context,
    moved: &mut MovedRow,
    status: CaseStatus,
) -> Result<(), CasesError> {
    let waiting = queries::follow_up(s, FollowUpId::from_untyped_uuid(moved.id))?
        .filter(|question| question.state == FollowUpState::Waiting);
    let Some(mut question) = waiting else { return Ok(()) };
    moved.clock_before = Some(clock_text(&question.clock)?);
    turn(s, ctx, &mut question, clock_stands_still(status))?;
    moved.clock_after = Some(clock_text(&question.clock)?);
    Ok(())
}

/// Lets a waiting question's clock stand or run.
fn turn(s: &mut Session<'_>, ctx: &Context, question: &mut FollowUp, stand: bool) -> Result<(), CasesError> {
    let clock = question.clock;
    let turned = match (stand, clock.paused_at) {
        (true, None) => clock.paused(ctx.now),
        (false, Some(_)) => clock.resumed(ctx.now),
        _ => return Ok(()),
    };
    question.clock = turned;
    store_follow_ups::update_follow_up(s, question)?;
    Ok(wind(s, ctx, question)?)
}

/// The other case's resident is told what becomes of it, and so has a part in the one that goes on.
fn join_resident(
    s: &mut Session<'_>,
    ctx: &Context,
    merge: &Merged,
    (from, into): (&Case, &Case),
) -> Result<(), CasesError> {
    let Some(resident) = from.resident_id else { return Ok(()) };
    if into.resident_id.is_none_or(|own| own == resident) {
        return Ok(());
    }
    if queries::stakeholders_of(s, into.id)?.iter().any(|there| there.resident_id == Some(resident)) {
        return Ok(());
    }
    let stakeholder = Stakeholder {
        id: ctx.next_id(),
        case_id: into.id,
        role: StakeholderRole::Resident,
        name: None,
        organisation: None,
        telephone: None,
        email: None,
        address: None,
        resident_id: Some(resident),
        added_at: ctx.now,
    };
    parts::insert_stakeholder(s, &stakeholder)?;
    let id = stakeholder.id.into_untyped_uuid();
    connections::insert_moved(
        s,
        merge.id,
        &MovedRow { kind: "added", id, clock_before: None, clock_after: None },
    )?;
    Ok(())
}

/// Parts two merged cases: what came with the one goes back to it, and both stand as they did, but for what has been
/// done since. Undoing it again changes nothing.
///
/// # Errors
/// There is no such merge, the case that goes on has itself been merged since, or one is not for whoever asks.
pub fn undo_merge(s: &mut Session<'_>, ctx: &Context, merge: MergeId) -> Result<Merged, CasesError> {
    let row = connections::merge_row(s, merge)?.ok_or(CasesError::NotFound { what: "merge" })?;
    let mut from = load_raw(s, ctx, row.merge.from)?;
    let mut into = load_raw(s, ctx, row.merge.into)?;
    if row.merge.undone_at.is_some() {
        return Ok(row.merge);
    }
    if into.merged_into_id.is_some() {
        return Err(Refusal::MergedOn.into());
    }
    let read = |text: &str| -> Result<Standing, CasesError> {
        serde_json::from_str(text).map_err(|e| CasesError::Payload(e.to_string()))
    };
    let (from_before, into_before) = (read(&row.from_before)?, read(&row.into_before)?);
    let into_after = read(&row.into_after)?;
    connections::end_merge(s, merge, ctx.now)?;
    for moved in connections::moved_rows(s, merge)? {
        move_back(s, ctx, &row.merge, &moved)?;
    }
    from_before.put(&mut from);
    from.merged_into_id = None;
    Standing::of(&into).back(&into_before, &into_after).put(&mut into);
    for case in [&mut from, &mut into] {
        let asked = store_follow_ups::officer_is_asked(s, case.id)?;
        wake_late(ctx, case);
        case.status = settled(case.status, asked);
        touch(s, ctx, case)?;
        settle_clocks(s, ctx, case)?;
    }
    write_down(s, ctx, "case_merge_undone", (from.id, into.id))?;
    Ok(Merged { undone_at: Some(ctx.now), ..row.merge })
}

/// A case whose rest ended while it was a part of another does not go on resting for ever.
fn wake_late(ctx: &Context, case: &mut Case) {
    let over = case.rests_until_day.is_some_and(|until| until <= local_day(ctx.now));
    if case.status == CaseStatus::Suspended && over {
        case.status = CaseStatus::Ongoing;
        case.rests_until_day = None;
    }
}

fn move_back(s: &mut Session<'_>, ctx: &Context, merge: &Merged, moved: &Moved) -> Result<(), CasesError> {
    let (kind, id, before, after) = moved;
    if kind == "added" {
        parts::delete_stakeholder(s, StakeholderId::from_untyped_uuid(*id))?;
        return Ok(());
    }
    move_one(s, ctx, kind, *id, (merge.into, merge.from))?;
    let (Some(before), Some(after)) = (before, after) else { return Ok(()) };
    let question = queries::follow_up(s, FollowUpId::from_untyped_uuid(*id))?;
    let Some(mut question) = question.filter(|question| question.state == FollowUpState::Waiting) else {
        return Ok(());
    };
    let untouched = clock_text(&question.clock)? == *after && before != after;
    if untouched {
        let before: FollowUpClock =
            serde_json::from_str(before).map_err(|e| CasesError::Payload(e.to_string()))?;
        question.clock = ran_on(before, merge.merged_at, ctx.now);
        store_follow_ups::update_follow_up(s, &question)?;
        wind(s, ctx, &question)?;
    }
    Ok(())
}

/// The clock as it was before the merge. What would have fallen due on it while it stood still is given the time again
/// that it stood.
fn ran_on(before: FollowUpClock, merged_at: Timestamp, now: Timestamp) -> FollowUpClock {
    let alarms = [before.reminder_at, before.call_task_at, before.escalate_at];
    let missed = before.paused_at.is_none() && alarms.into_iter().flatten().any(|at| at <= now);
    if missed { before.paused(merged_at).resumed(now) } else { before }
}

/// Lets the clocks of a case's waiting questions stand or run as the case does.
fn settle_clocks(s: &mut Session<'_>, ctx: &Context, case: &Case) -> Result<(), CasesError> {
    for mut question in super::steps::waiting_questions(s, case.id)? {
        turn(s, ctx, &mut question, clock_stands_still(case.status))?;
    }
    Ok(())
}
