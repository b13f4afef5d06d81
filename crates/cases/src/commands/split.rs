//! One case made two: what belongs to another matter goes into a case of its own.

use super::case_links::{LinkCases, link_cases};
use super::register::{Origin, RegisterCase, register};
use super::steps::{load_case_for, record, touch};
use crate::error::CasesError;
use crate::model::Case;
use crate::parts::CaseLinkKind;
use crate::queries::{self, connections, store_follow_ups};
use crate::refusal::Refusal;
use storage::Session;
use vocabulary::GenericUuid as _;
use vocabulary::{AnyId, CaseId, CaseTypeId, Context, DocumentId, NoteId, StakeholderId};

/// What goes into a case of its own.
#[derive(Clone, Debug)]
pub struct SplitCase {
    /// The case that is split.
    pub case_id: CaseId,
    /// What the new case is about; none takes the same type.
    pub case_type_id: Option<CaseTypeId>,
    /// The new case's title; blank takes its type's name.
    pub title: String,
    /// What the new case is about, in words; may be blank.
    pub description: String,
    /// The notes that go along. A note that answers an officer's question stays where the question is.
    pub notes: Vec<NoteId>,
    /// The documents that go along.
    pub documents: Vec<DocumentId>,
    /// Those with a part in the new case instead.
    pub stakeholders: Vec<StakeholderId>,
    /// The client's own key: the same key again gives the same case.
    pub key: Option<String>,
}

/// Registers a new case with what was chosen out of another: of the same resident, channel and arrival day, at least as
/// secret, and linked as related.
///
/// # Errors
/// Nothing is chosen, something chosen is not of this case, or the new case cannot be registered.
pub fn split(s: &mut Session<'_>, ctx: &Context, cmd: &SplitCase) -> Result<Case, CasesError> {
    let mut case = load_case_for(s, ctx, cmd.case_id)?;
    if cmd.notes.is_empty() && cmd.documents.is_empty() && cmd.stakeholders.is_empty() {
        return Err(Refusal::NothingChosen.into());
    }
    let registered = register(
        s,
        ctx,
        &RegisterCase {
            title: cmd.title.clone(),
            description: cmd.description.clone(),
            resident_id: case.resident_id,
            secrecy_class: Some(case.secrecy_class),
            priority: case.priority,
            assignee_id: None,
            answer_group_id: case.answer_group_id,
            place: case.place.clone(),
            idempotency_key: cmd.key.as_ref().map(|key| format!("split {} {key}", case.id)),
            ..RegisterCase::new(
                cmd.case_type_id.unwrap_or(case.case_type_id),
                Origin::Direct { channel: case.channel, arrival_day: Some(case.arrival_day) },
            )
        },
    )?;
    let new = registered.case;
    if registered.already {
        return Ok(new);
    }
    for note in chosen(s, &case, cmd)? {
        connections::move_note(s, note, (case.id, new.id))?;
    }
    for document in &cmd.documents {
        let moved = connections::move_document(s, document.into_untyped_uuid(), (case.id, new.id))?;
        there(moved, "document")?;
    }
    for stakeholder in &cmd.stakeholders {
        let moved = connections::move_stakeholder(s, stakeholder.into_untyped_uuid(), (case.id, new.id))?;
        there(moved, "stakeholder")?;
    }
    link_cases(s, ctx, LinkCases { case_id: case.id, other_id: new.id, kind: CaseLinkKind::Related })?;
    touch(s, ctx, &mut case)?;
    record(s, ctx, "case_split", case.id, Some(new.id.into_untyped_uuid()), None)?;
    queries::case(s, new.id)?.ok_or(CasesError::NotFound { what: "case" })
}

fn there(moved: u64, what: &'static str) -> Result<(), CasesError> {
    if moved == 0 { Err(CasesError::NotFound { what }) } else { Ok(()) }
}

/// The notes that go along, each of which must be of this case and answer no question.
fn chosen(s: &mut Session<'_>, case: &Case, cmd: &SplitCase) -> Result<Vec<AnyId>, CasesError> {
    let notes = store_follow_ups::notes_of(s, case.id)?;
    let free = |id: &NoteId| notes.iter().any(|note| note.id == *id && note.follow_up_id.is_none());
    if cmd.notes.iter().all(free) {
        Ok(cmd.notes.iter().map(|id| id.into_untyped_uuid()).collect())
    } else {
        Err(CasesError::NotFound { what: "note" })
    }
}
