//! Changing the terms of an assignment.

use crate::assignment::Assignment;
use crate::clock::Terms;
use crate::error::CasesError;
use crate::limits::{
    CHECKLIST_POINT_CHARS_MAX, CHECKLIST_POINTS_MAX, PUBLIC_TEXT_CHARS_MAX, SUBSTITUTES_MAX,
};
use crate::queries::{self, store, terms};
use people::text;
use storage::Session;
use storage::timeline::{self, Entry, Subject};
use vocabulary::GenericUuid as _;
use vocabulary::{CaseTypeId, Context, DepartmentId, OfficerId};

/// The terms of an assignment as they shall be from now on. Questions under way keep theirs.
#[derive(Clone, Debug)]
pub struct PutTerms {
    /// Of which case type.
    pub case_type_id: CaseTypeId,
    /// Who is asked; none leaves it to the guide. Of the type's department.
    pub recipient: Option<OfficerId>,
    /// Who is asked when the recipient is away, in order. Of the same department.
    pub substitutes: Vec<OfficerId>,
    /// When an answer is due and what happens when none comes.
    pub terms: Terms,
    /// What the guide finds out before forwarding; one point a line.
    pub checklist: String,
    /// What residents are told happens with such cases.
    pub public_text: String,
}

/// Changes the terms of an assignment.
///
/// # Errors
/// A text is not acceptable, there are too many points or substitutes, one of them is named twice, or the case type or an
/// officer is not there.
pub fn put_terms(s: &mut Session<'_>, ctx: &Context, cmd: &PutTerms) -> Result<Assignment, CasesError> {
    let mut case_type =
        queries::case_type(s, cmd.case_type_id)?.ok_or(CasesError::NotFound { what: "case type" })?;
    if cmd.substitutes.len() > SUBSTITUTES_MAX {
        return Err(CasesError::TooMany { what: "substitutes", max: SUBSTITUTES_MAX });
    }
    let mut named: Vec<OfficerId> =
        cmd.recipient.into_iter().chain(cmd.substitutes.iter().copied()).collect();
    for officer in &named {
        of_department(s, *officer, case_type.department_id)?;
    }
    named.sort_unstable();
    if named.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(CasesError::NamedTwice);
    }
    let checklist = checklist(&cmd.checklist)?;
    case_type.officer_id = cmd.recipient;
    case_type.due_working_days = cmd.terms.days()[0];
    case_type.public_text =
        text::optional_paragraphs("public_text", &cmd.public_text, PUBLIC_TEXT_CHARS_MAX)?
            .unwrap_or_default();
    store::upsert_type(s, &case_type)?;
    let assignment =
        Assignment { case_type, terms: cmd.terms, substitutes: cmd.substitutes.clone(), checklist };
    terms::put_terms(s, &assignment, ctx.now)?;
    let subject = Subject { kind: "case_type", id: cmd.case_type_id.into_untyped_uuid() };
    let detail = Some(cmd.terms.to_string());
    timeline::append(s, ctx, Entry { kind: "assignment_terms_put", subject, related: None, detail })?;
    Ok(assignment)
}

fn of_department(
    s: &mut Session<'_>,
    officer: OfficerId,
    department: DepartmentId,
) -> Result<(), CasesError> {
    let known = people::directory::queries::officer(s, officer)?
        .filter(|officer| officer.department == department)
        .ok_or(CasesError::NotFound { what: "officer" })?;
    if known.active { Ok(()) } else { Err(CasesError::OfficerInactive) }
}

/// A checklist's points: one a line, without the dash people put before them.
fn checklist(typed: &str) -> Result<Vec<String>, CasesError> {
    let mut points = Vec::new();
    for line in typed.lines() {
        let line = line.trim().trim_start_matches(['-', '*', '•', '–']);
        points.extend(text::optional_line("checklist", line, CHECKLIST_POINT_CHARS_MAX)?);
    }
    if points.len() > CHECKLIST_POINTS_MAX {
        return Err(CasesError::TooMany { what: "points", max: CHECKLIST_POINTS_MAX });
    }
    Ok(points)
}
