//! The SQL of assignments' terms.

use super::case_type;
use crate::assignment::{Assignment, Presence, Recipient, choose};
use crate::clock::Terms;
use crate::error::CasesError;
use people::directory::{Officer, queries as directory};
use storage::{Session, StorageError, params, sql};
use vocabulary::civil::Date;
use vocabulary::{CaseTypeId, OfficerId, Timestamp};

/// The terms of a case type: its own, or else `house`'s with its due time.
///
/// # Errors
/// There is no such case type, or what is stored cannot be.
pub fn assignment(s: &mut Session<'_>, id: CaseTypeId, house: Terms) -> Result<Assignment, CasesError> {
    let case_type = case_type(s, id)?.ok_or(CasesError::NotFound { what: "case type" })?;
    let own = s.row(
        sql!(
            "SELECT reminder_days, second_reminder_days, call_task_days, escalation_days, checklist
             FROM assignment_terms WHERE case_type_id = $1"
        ),
        params![id],
        |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get::<String>(4)?)),
    )?;
    let due = case_type.due_working_days;
    let (terms, checklist) = match own {
        None => (house.with_due(due), Vec::new()),
        Some((reminder, second, call, escalation, checklist)) => (
            Terms::new(due, reminder, second, call, escalation)?,
            checklist.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect(),
        ),
    };
    Ok(Assignment { case_type, terms, substitutes: substitutes(s, id)?, checklist })
}

fn substitutes(s: &mut Session<'_>, id: CaseTypeId) -> Result<Vec<OfficerId>, StorageError> {
    s.rows(
        sql!("SELECT officer_id FROM assignment_substitutes WHERE case_type_id = $1 ORDER BY place"),
        params![id],
        |r| r.get(0),
    )
}

/// Who gets a case of that assignment on `today`.
///
/// # Errors
/// The database.
pub fn recipient(
    s: &mut Session<'_>,
    assignment: &Assignment,
    today: Date,
) -> Result<Option<Recipient>, StorageError> {
    let mut officers: Vec<Officer> = Vec::new();
    let mut order = Vec::new();
    for id in assignment.case_type.officer_id.iter().chain(&assignment.substitutes) {
        let Some(officer) = directory::officer(s, *id)? else { continue };
        order.push(match officer.active {
            false => Presence::Gone,
            true if directory::is_away(s, *id, today)? => Presence::Away,
            true => Presence::There,
        });
        officers.push(officer);
    }
    let Some((at, is_away)) = choose(&order) else { return Ok(None) };
    let officer = officers.swap_remove(at);
    let is_substitute = assignment.case_type.officer_id != Some(officer.id);
    Ok(Some(Recipient { officer, is_substitute, is_away }))
}

pub(crate) fn put_terms(
    s: &mut Session<'_>,
    assignment: &Assignment,
    now: Timestamp,
) -> Result<(), StorageError> {
    let id = assignment.case_type.id;
    let [_, reminder, second, call, escalation] = assignment.terms.days();
    s.execute(
        sql!(
            "INSERT INTO assignment_terms (case_type_id, reminder_days, second_reminder_days, call_task_days,
                 escalation_days, checklist, changed_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (case_type_id) DO UPDATE SET reminder_days = excluded.reminder_days,
                 second_reminder_days = excluded.second_reminder_days, call_task_days = excluded.call_task_days,
                 escalation_days = excluded.escalation_days, checklist = excluded.checklist,
                 changed_at = excluded.changed_at"
        ),
        params![id, reminder, second, call, escalation, assignment.checklist.join("\n"), now],
    )?;
    s.execute(sql!("DELETE FROM assignment_substitutes WHERE case_type_id = $1"), params![id])?;
    for (place, officer) in assignment.substitutes.iter().enumerate() {
        s.execute(
            sql!("INSERT INTO assignment_substitutes (case_type_id, place, officer_id) VALUES ($1, $2, $3)"),
            params![id, place, *officer],
        )?;
    }
    Ok(())
}
