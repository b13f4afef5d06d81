//! Notes: what is worth keeping about a case, for the house or for the resident.

use super::steps::{load_case_for, record, tell_resident, touch};
use crate::error::CasesError;
use crate::limits::{NOTE_CHARS_MAX, NOTES_PER_CASE_MAX};
use crate::model::{Case, CaseSettings, Note};
use crate::queries::store_follow_ups;
use people::text;
use storage::Session;
use vocabulary::GenericUuid as _;
use vocabulary::{CaseId, Context, FollowUpId, NoteId, SignedDuration};

/// The same note by the same author within this time is the same note sent twice.
const SAME_NOTE_WITHIN: SignedDuration = SignedDuration::from_mins(2);

/// A note to be written.
#[derive(Clone, Debug)]
pub struct AddNote {
    /// On which case.
    pub case_id: CaseId,
    /// What it says.
    pub text: String,
    /// Whether the resident may read it. If so, they are told by e-mail that there is something to read.
    pub public: bool,
}

/// Writes a note.
///
/// # Errors
/// The case is not there or has too many notes, or the text is not acceptable.
pub fn add_note(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    cmd: &AddNote,
) -> Result<NoteId, CasesError> {
    let text = text::paragraphs("note", &cmd.text, NOTE_CHARS_MAX)?;
    let mut case = load_case_for(s, ctx, cmd.case_id)?;
    let same = store_follow_ups::notes_of(s, case.id)?.into_iter().rev().find(|note| {
        note.author_id == ctx.actor.id()
            && note.public == cmd.public
            && note.text == text
            && ctx.now.duration_since(note.written_at) <= SAME_NOTE_WITHIN
    });
    if let Some(same) = same {
        return Ok(same.id);
    }
    let id = write_note(s, ctx, &case, text, cmd.public, None)?;
    touch(s, ctx, &mut case)?;
    let word = if cmd.public { "public" } else { "internal" };
    record(s, ctx, "note_added", case.id, Some(id.into_untyped_uuid()), Some(word.to_owned()))?;
    if cmd.public {
        tell_resident(s, ctx, settings, &case, true)?;
    }
    Ok(id)
}

/// Writes a note whose text has been checked.
pub(super) fn write_note(
    s: &mut Session<'_>,
    ctx: &Context,
    case: &Case,
    text: String,
    public: bool,
    follow_up: Option<FollowUpId>,
) -> Result<NoteId, CasesError> {
    if store_follow_ups::count_notes(s, case.id)? >= NOTES_PER_CASE_MAX {
        return Err(CasesError::TooMany { what: "notes", max: NOTES_PER_CASE_MAX });
    }
    let note = Note {
        id: ctx.next_id(),
        author_kind: ctx.actor.kind().to_owned(),
        author_id: ctx.actor.id(),
        public,
        follow_up_id: follow_up,
        text,
        written_at: ctx.now,
    };
    store_follow_ups::insert_note(s, case.id, &note)?;
    Ok(note.id)
}
