//! What can be done about retention: rules, holds, and batches that are proposed, decided and carried out.

use people::text;
use storage::jobs::NewJob;
use storage::timeline::{self, Entry, Subject};
use storage::{Session, StorageError};
use vocabulary::{
    Actor, CaseId, Context, DisposalId, GenericUuid as _, HoldId, ResidentId, UserId, local_day,
};

use super::{
    BATCH_CASES_MAX, Disposal, DisposalState, Hold, KEEP_MONTHS_MAX, LOT_CASES_MAX, REASON_CHARS_MAX,
    RetentionAction, Rule, WhyKept, dispose, jobs, queries, verdict,
};
use crate::RecordsError;

fn record(
    s: &mut Session<'_>,
    ctx: &Context,
    kind: &'static str,
    subject: Subject,
    detail: Option<String>,
) -> Result<(), StorageError> {
    timeline::append(s, ctx, Entry { kind, subject, related: None, detail }).map(drop)
}

fn of_batch(id: DisposalId) -> Subject {
    Subject { kind: "disposal", id: id.into_untyped_uuid() }
}

fn person(ctx: &Context) -> Result<UserId, RecordsError> {
    match ctx.actor {
        Actor::User(id) => Ok(id),
        _ => Err(RecordsError::NotAPerson),
    }
}

/// Sets the rule with that code. A batch that has been proposed under the old one keeps its cases: it is looked at again
/// when it is carried out.
///
/// # Errors
/// A text is refused, or the time is out of bounds.
pub fn put_rule(s: &mut Session<'_>, ctx: &Context, rule: &Rule) -> Result<Rule, RecordsError> {
    if rule.keep_months > KEEP_MONTHS_MAX {
        return Err(RecordsError::OutOfRange { field: "keep_months", min: 0, max: KEEP_MONTHS_MAX });
    }
    let rule = Rule {
        code: text::line("code", &rule.code, text::LINE_CHARS_MAX)?,
        basis: text::line("basis", &rule.basis, REASON_CHARS_MAX)?,
        ..rule.clone()
    };
    if queries::rule(s, &rule.code)?.as_ref() != Some(&rule) {
        queries::upsert_rule(s, &rule, ctx.now)?;
        // Of a rule there is no id; the house itself is what it is about.
        let subject = Subject { kind: "retention_rule", id: vocabulary::AnyId::nil() };
        record(s, ctx, "retention_rule_set", subject, Some(rule.code.clone()))?;
    }
    Ok(rule)
}

/// What a hold stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HoldOn {
    /// One case.
    Case(CaseId),
    /// All of a resident's.
    Resident(ResidentId),
}

/// Stops the weeding of a case, or of all of a resident's. Twice for the same reason is once.
///
/// # Errors
/// It is not there, or the reason is missing.
pub fn place_hold(
    s: &mut Session<'_>,
    ctx: &Context,
    on: HoldOn,
    reason: &str,
) -> Result<HoldId, RecordsError> {
    let reason = text::line("reason", reason, REASON_CHARS_MAX)?;
    let (case_id, resident_id, subject) = match on {
        HoldOn::Case(id) => {
            cases::queries::case(s, id)?.ok_or(RecordsError::NotFound { what: "case" })?;
            (Some(id), None, Subject { kind: "case", id: id.into_untyped_uuid() })
        }
        HoldOn::Resident(id) => {
            people::residents::queries::by_id(s, id)?.ok_or(RecordsError::NotFound { what: "resident" })?;
            (None, Some(id), Subject { kind: "resident", id: id.into_untyped_uuid() })
        }
    };
    let same = queries::holds(s, u32::MAX >> 1)?
        .into_iter()
        .find(|hold| hold.case_id == case_id && hold.resident_id == resident_id && hold.reason == reason);
    if let Some(same) = same {
        return Ok(same.id);
    }
    let placed_by = match ctx.actor {
        Actor::User(id) => Some(id),
        _ => None,
    };
    let hold = Hold {
        id: ctx.next_id(),
        case_id,
        case_number: None,
        resident_id,
        reason,
        placed_by,
        placed_at: ctx.now,
        released_at: None,
    };
    queries::insert_hold(s, &hold)?;
    record(s, ctx, "retention_held", subject, None)?;
    Ok(hold.id)
}

/// Releases a hold. Again does nothing.
///
/// # Errors
/// There is no such hold, or it is no person who asks.
pub fn release_hold(s: &mut Session<'_>, ctx: &Context, id: HoldId) -> Result<bool, RecordsError> {
    let hold = queries::hold(s, id)?.ok_or(RecordsError::NotFound { what: "hold" })?;
    if queries::release_hold(s, id, Some(person(ctx)?), ctx.now)? == 0 {
        return Ok(false);
    }
    let (kind, subject) = match (hold.case_id, hold.resident_id) {
        (Some(case), _) => ("case", case.into_untyped_uuid()),
        (_, Some(resident)) => ("resident", resident.into_untyped_uuid()),
        _ => ("hold", id.into_untyped_uuid()),
    };
    record(s, ctx, "retention_released", Subject { kind, id: subject }, None)?;
    Ok(true)
}

/// Proposes what is due: for each rule in use that lets cases go, one batch that waits for a decision. What is in a batch
/// already is not proposed again. Gives the batches that got cases.
///
/// # Errors
/// The database.
pub fn propose(s: &mut Session<'_>, ctx: &Context) -> Result<Vec<DisposalId>, RecordsError> {
    let today = local_day(ctx.now);
    let mut grown = Vec::new();
    for rule in queries::rules(s)? {
        if !rule.active || rule.action == RetentionAction::Preserve {
            continue;
        }
        let open = queries::open_batch(s, &rule)?;
        let already = open.map_or(Ok(0), |id| queries::count_items(s, id))?;
        let mut due = Vec::new();
        for found in queries::candidates(s, &rule, ctx.now, BATCH_CASES_MAX.saturating_sub(already))? {
            let age = super::Age { held: queries::held(s, found.id)?, ..found.age };
            if verdict(Some(&rule), age, today).is_ok() {
                due.push(found.id);
            }
        }
        if due.is_empty() {
            continue;
        }
        let batch = match open {
            Some(batch) => batch,
            None => {
                let batch: DisposalId = ctx.next_id();
                queries::insert_disposal(s, batch, &rule, ctx.now)?;
                batch
            }
        };
        for case in &due {
            queries::insert_item(s, batch, *case)?;
        }
        record(s, ctx, "disposal_proposed", of_batch(batch), Some(due.len().to_string()))?;
        grown.push(batch);
    }
    Ok(grown)
}

/// Decides on a batch: approved, it is carried out; rejected, its cases rest for a while. The same decision twice is one.
///
/// # Errors
/// There is no such batch, it has been decided otherwise, or it is no person who decides.
pub fn decide(
    s: &mut Session<'_>,
    ctx: &Context,
    id: DisposalId,
    approve: bool,
) -> Result<Disposal, RecordsError> {
    let by = person(ctx)?;
    let batch = queries::disposal(s, id)?.ok_or(RecordsError::NotFound { what: "batch" })?;
    let to = if approve { DisposalState::Approved } else { DisposalState::Rejected };
    if queries::decide(s, id, to, by, ctx.now)? == 0 {
        let same = batch.state == to || (approve && batch.state == DisposalState::Done);
        return if same { Ok(batch) } else { Err(RecordsError::Decided) };
    }
    if approve {
        let job = NewJob {
            kind: jobs::CARRY_OUT,
            payload: serde_json::json!({ "disposal": id }),
            run_at: ctx.now,
            dedupe_key: Some(format!("{}:{id}", jobs::CARRY_OUT)),
        };
        storage::jobs::enqueue(s, ctx, job)?;
        record(s, ctx, "disposal_approved", of_batch(id), None)?;
    } else {
        queries::keep_all(s, id, WhyKept::Rejected)?;
        record(s, ctx, "disposal_rejected", of_batch(id), None)?;
    }
    queries::disposal(s, id)?.ok_or(RecordsError::NotFound { what: "batch" })
}

/// Carries out a lot of an approved batch, in this transaction: each case is looked at again, and what is no longer due,
/// is held, or has another rule is kept. Gives whether more is left. Broken off anywhere, it goes on where it was.
///
/// # Errors
/// There is no such batch; the database.
pub fn carry_out(s: &mut Session<'_>, ctx: &Context, id: DisposalId) -> Result<bool, RecordsError> {
    let batch = queries::disposal(s, id)?.ok_or(RecordsError::NotFound { what: "batch" })?;
    if batch.state != DisposalState::Approved {
        return Ok(false);
    }
    // What was approved is this rule; should it have been changed since, nothing goes under the old words.
    let today = local_day(ctx.now);
    let now_in_force = queries::rule(s, &batch.rule.code)?.filter(|rule| *rule == batch.rule);
    let lot = queries::waiting_items(s, id, LOT_CASES_MAX)?;
    for case in &lot {
        let kept = dispose_one(s, ctx, id, *case, now_in_force.as_ref(), today)?;
        queries::settle_item(s, id, *case, kept)?;
    }
    if lot.len() == LOT_CASES_MAX {
        return Ok(true);
    }
    if queries::finish(s, id, ctx.now)? > 0 {
        record(s, ctx, "disposal_done", of_batch(id), None)?;
    }
    Ok(false)
}

fn dispose_one(
    s: &mut Session<'_>,
    ctx: &Context,
    batch: DisposalId,
    case: CaseId,
    rule: Option<&Rule>,
    today: vocabulary::civil::Date,
) -> Result<Option<WhyKept>, RecordsError> {
    let Some(found) = queries::found(s, case)? else { return Ok(None) };
    if found.anonymised {
        return Ok(None);
    }
    let rule = rule.filter(|rule| rule.code == found.rule_code);
    let action = match verdict(rule, found.age, today) {
        Ok(action) => action,
        Err(why) => return Ok(Some(why)),
    };
    match action {
        RetentionAction::Delete => dispose::delete_case(s, case)?,
        RetentionAction::Anonymise => dispose::anonymise_case(s, case, ctx.now)?,
        RetentionAction::Preserve => return Ok(Some(WhyKept::Preserved)),
    }
    queries::count_gone(s, batch, &found, action)?;
    let entry = Entry {
        kind: "case_disposed",
        subject: Subject { kind: "case", id: case.into_untyped_uuid() },
        related: Some(batch.into_untyped_uuid()),
        detail: Some(action.to_string()),
    };
    timeline::append(s, ctx, entry)?;
    Ok(None)
}
