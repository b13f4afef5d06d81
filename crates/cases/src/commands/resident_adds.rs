//! What a resident adds to a case, by mail or on the web.

use super::answer::resident_has_answered;
use super::documents::keep;
use super::notes::write_note;
use super::status::reopen_now;
use super::steps::{add_task, load_case, record, take_step, touch};
use crate::documents::NewDocument;
use crate::error::CasesError;
use crate::limits::{DOCUMENTS_AT_ONCE_MAX, NOTE_CHARS_MAX};
use crate::model::{Case, CaseSettings, TaskKind};
use crate::parts::Document;
use crate::queries::{self, store_follow_ups};
use crate::status::Step;
use people::text;
use storage::Session;
use vocabulary::GenericUuid as _;
use vocabulary::{CaseId, CaseStatus, Context, NoteId, SignedDuration};

/// The same text by the same resident within this time is the same sent twice.
const SAME_WITHIN: SignedDuration = SignedDuration::from_mins(10);

/// What became of what a resident added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Added {
    /// The case as it stands now: the one that goes on, if the one written to has been merged.
    pub case: Case,
    /// The note.
    pub note: NoteId,
    /// The files that were kept.
    pub documents: Vec<Document>,
    /// How many files were not: not of a kind that is taken in, too large, or too many.
    pub refused: usize,
    /// Whether the case was opened again by it.
    pub reopened: bool,
    /// Whether the same had come before.
    pub already: bool,
}

/// Writes down what a resident adds: a note by the resident, and the files that came along. A case that waited for the
/// resident goes on, with its officers' clocks; one that is done is opened again if that is not too long ago
/// ([`CaseSettings::reopen_days`]), else somebody is told to read it. Files that cannot be kept do not keep the text out.
///
/// # Errors
/// The text is missing or too long, or the case is not there or has too many notes.
pub fn resident_adds(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    case: CaseId,
    text: &str,
    documents: &[NewDocument],
) -> Result<Added, CasesError> {
    let mut case = load_case(s, case)?;
    let text = text::paragraphs("note", text, NOTE_CHARS_MAX)?;
    if let Some(known) = said_before(s, ctx, &case, &text)? {
        return Ok(Added {
            case,
            note: known,
            documents: Vec::new(),
            refused: 0,
            reopened: false,
            already: true,
        });
    }
    let note = write_note(s, ctx, &case, text, true, None)?;
    let (mut kept, mut refused) = (Vec::new(), documents.len().saturating_sub(DOCUMENTS_AT_ONCE_MAX));
    for file in documents.iter().take(DOCUMENTS_AT_ONCE_MAX) {
        match keep(s, ctx, &case, file, true, Some(note)) {
            Ok(document) => kept.push(document),
            Err(CasesError::Refused(_) | CasesError::TooMany { .. }) => refused += 1,
            Err(other) => return Err(other),
        }
    }
    record(s, ctx, "resident_added", case.id, Some(note.into_untyped_uuid()), Some(kept.len().to_string()))?;
    let mut reopened = false;
    match case.status {
        CaseStatus::WaitingForResident => {
            let officer_asked = store_follow_ups::officer_is_asked(s, case.id)?;
            take_step(s, ctx, &mut case, Step::Resume { officer_asked })?;
        }
        CaseStatus::Solved if may_reopen(ctx, settings, &case) => {
            reopen_now(s, ctx, settings, &mut case)?;
            reopened = true;
        }
        _ => touch(s, ctx, &mut case)?,
    }
    if !reopened {
        add_task(s, ctx, TaskKind::ReadAddition, case.id, None)?;
    }
    // Whatever else the case waits for by now: an officer who asked gets the answer.
    resident_has_answered(s, ctx, settings, &case)?;
    let case = queries::case(s, case.id)?.ok_or(CasesError::NotFound { what: "case" })?;
    Ok(Added { case, note, documents: kept, refused, reopened, already: false })
}

/// Whether a closed case may still be opened again by its resident.
#[must_use]
pub fn may_reopen(ctx: &Context, settings: &CaseSettings, case: &Case) -> bool {
    let within = SignedDuration::from_hours(24 * i64::from(settings.reopen_days));
    case.closed_at.is_some_and(|closed| ctx.now.duration_since(closed) <= within)
}

fn said_before(
    s: &mut Session<'_>,
    ctx: &Context,
    case: &Case,
    text: &str,
) -> Result<Option<NoteId>, CasesError> {
    let notes = store_follow_ups::notes_of(s, case.id)?;
    let same = notes.iter().rev().find(|note| {
        note.author_kind == ctx.actor.kind()
            && note.author_id == ctx.actor.id()
            && note.text == text
            && ctx.now.duration_since(note.written_at) <= SAME_WITHIN
    });
    Ok(same.map(|note| note.id))
}
