//! Taking a conversation, closing it, and leading it to a case.

use super::begin::{ends, waits};
use super::{acting_user, load, load_for, record};
use crate::model::{Conversation, ConversationState, LetterKind, WaitEnd};
use crate::{CorrespondenceError, queries, text};
use cases::commands::{AddDocument, AddNote, add_document, add_note};
use cases::documents::NewDocument;
use cases::{CaseSettings, CasesError};
use storage::Session;
use vocabulary::{CaseId, CaseTypeId, ContactOutcome, Context, ConversationId, GenericUuid as _, ResidentId};

/// Takes a conversation: others see who has it. What another guide has is taken over only if `over` says so.
///
/// # Errors
/// Another guide has it, or it is not there or not open to who asks.
pub fn take(
    s: &mut Session<'_>,
    ctx: &Context,
    id: ConversationId,
    over: bool,
) -> Result<Conversation, CorrespondenceError> {
    let guide = acting_user(ctx)?;
    let mut conversation = load_for(s, ctx, id)?;
    match conversation.taken_by {
        Some(already) if already == guide => return Ok(conversation),
        Some(other) if !over => return Err(CorrespondenceError::TakenBy(other)),
        before => {
            conversation.taken_by = Some(guide);
            conversation.taken_at = Some(ctx.now);
            queries::update_conversation(s, &conversation)?;
            let from = before.map(|other| other.into_untyped_uuid());
            record(s, ctx, "conversation_taken", id, from, None)?;
        }
    }
    Ok(conversation)
}

/// Gives a conversation back, for anybody to take.
///
/// # Errors
/// Another guide has it, or it is not there.
pub fn release(s: &mut Session<'_>, ctx: &Context, id: ConversationId) -> Result<(), CorrespondenceError> {
    let guide = acting_user(ctx)?;
    let mut conversation = load(s, id)?;
    match conversation.taken_by {
        None => Ok(()),
        Some(other) if other != guide => Err(CorrespondenceError::TakenBy(other)),
        Some(_) => {
            conversation.taken_by = None;
            conversation.taken_at = None;
            queries::update_conversation(s, &conversation)?;
            Ok(record(s, ctx, "conversation_released", id, None, None)?)
        }
    }
}

/// How a conversation is closed, logged like a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Close {
    /// What it was about.
    pub case_type: CaseTypeId,
    /// What came of it.
    pub outcome: ContactOutcome,
    /// What is worth noting; may be blank.
    pub note: String,
}

/// Closes a conversation without an answer by letter: the resident was phoned, or needs none.
///
/// # Errors
/// Another guide has it, it is spam or a machine's, or what it is logged as is refused.
pub fn close(
    s: &mut Session<'_>,
    ctx: &Context,
    id: ConversationId,
    how: &Close,
) -> Result<(), CorrespondenceError> {
    let guide = acting_user(ctx)?;
    let mut conversation = load_for(s, ctx, id)?;
    if matches!(conversation.state, ConversationState::Spam | ConversationState::Quiet) {
        return Err(CorrespondenceError::Forbidden(conversation.state));
    }
    if let Some(other) = conversation.taken_by.filter(|other| *other != guide) {
        return Err(CorrespondenceError::TakenBy(other));
    }
    if let Some(contact) = conversation.contact_id {
        contacts::commands::hand_to(s, ctx, contact, guide)?;
    }
    log_as(s, ctx, &conversation, how)?;
    if conversation.state != ConversationState::Closed {
        conversation.warning = None;
        ends(s, ctx, &mut conversation, ConversationState::Closed, WaitEnd::Closed)?;
        record(s, ctx, "conversation_closed", id, None, Some(how.outcome.to_string()))?;
    }
    Ok(())
}

pub(super) fn log_as(
    s: &mut Session<'_>,
    ctx: &Context,
    conversation: &Conversation,
    how: &Close,
) -> Result<(), CorrespondenceError> {
    let Some(contact) = conversation.contact_id else { return Ok(()) };
    let log =
        contacts::Log { contact, case_type: how.case_type, outcome: how.outcome, note: how.note.clone() };
    contacts::commands::log(s, ctx, &log)?;
    Ok(())
}

/// Puts a conversation away as unwanted. Nobody waits in it, and its contact counts as nobody's.
///
/// # Errors
/// It is not there or not open to who asks.
pub fn mark_spam(s: &mut Session<'_>, ctx: &Context, id: ConversationId) -> Result<(), CorrespondenceError> {
    acting_user(ctx)?;
    let mut conversation = load_for(s, ctx, id)?;
    if conversation.state == ConversationState::Spam {
        return Ok(());
    }
    conversation.state_before_spam = Some(conversation.state);
    if let Some(contact) = conversation.contact_id {
        contacts::commands::end_unanswered(s, ctx, contact)?;
    }
    ends(s, ctx, &mut conversation, ConversationState::Spam, WaitEnd::Spam)?;
    Ok(record(s, ctx, "conversation_spam", id, None, None)?)
}

/// Takes back that a conversation is unwanted. Who waited in it waits again, since it first came: no time has been won.
///
/// # Errors
/// It is not there or not open to who asks.
pub fn unmark_spam(
    s: &mut Session<'_>,
    ctx: &Context,
    id: ConversationId,
) -> Result<(), CorrespondenceError> {
    acting_user(ctx)?;
    let mut conversation = load_for(s, ctx, id)?;
    if conversation.state != ConversationState::Spam {
        return Ok(());
    }
    conversation.state = conversation.state_before_spam.take().unwrap_or(ConversationState::Waiting);
    record(s, ctx, "conversation_not_spam", id, None, None)?;
    if conversation.state == ConversationState::Waiting {
        queries::take_up_wait_again(s, &mut conversation)?;
        if let Some(contact) = conversation.contact_id {
            contacts::commands::wait_again(s, ctx, contact)?;
        }
    }
    if conversation.state == ConversationState::Waiting && conversation.waiting_since_at.is_none() {
        let mailbox = queries::mailbox(s, conversation.mailbox_id)?
            .ok_or(CorrespondenceError::NotFound { what: "mailbox" })?;
        waits(s, ctx, &mut conversation, &mailbox)?;
    }
    conversation.changed_at = ctx.now;
    Ok(queries::update_conversation(s, &conversation)?)
}

/// Says whose conversation it is: a resident found by hand.
///
/// # Errors
/// The conversation or resident is not there.
pub fn set_resident(
    s: &mut Session<'_>,
    ctx: &Context,
    id: ConversationId,
    resident: ResidentId,
) -> Result<(), CorrespondenceError> {
    acting_user(ctx)?;
    let mut conversation = load_for(s, ctx, id)?;
    people::residents::queries::by_id(s, resident)?
        .ok_or(CorrespondenceError::NotFound { what: "resident" })?;
    if conversation.resident_id == Some(resident) {
        return Ok(());
    }
    conversation.resident_id = Some(resident);
    queries::update_conversation(s, &conversation)?;
    Ok(record(s, ctx, "conversation_resident_set", id, Some(resident.into_untyped_uuid()), None)?)
}

/// The longest part of a letter that is put on a case as a note, in characters.
const NOTE_CHARS_MAX: usize = 8_000;

/// Joins a conversation to a case: one just registered out of it, or an existing one. From then on what the resident
/// writes in it goes to the case. With `tell_case` what has been written so far is put on the case as an internal note.
///
/// # Errors
/// The case is not there or not open to who asks, or the conversation belongs to another case already.
pub fn join_case(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    id: ConversationId,
    case: CaseId,
    tell_case: bool,
) -> Result<(), CorrespondenceError> {
    acting_user(ctx)?;
    let mut conversation = load_for(s, ctx, id)?;
    let case = cases::queries::case(s, case)?.ok_or(CorrespondenceError::NotFound { what: "case" })?;
    cases::Viewer::of(ctx.actor).opens(s, &case)?;
    if conversation.case_id == Some(case.id) {
        return Ok(());
    }
    conversation.case_id = Some(case.id);
    conversation.changed_at = ctx.now;
    conversation.warning = None;
    if conversation.resident_id.is_none() {
        conversation.resident_id = case.resident_id;
    }
    queries::update_conversation(s, &conversation)?;
    if let Some(contact) = conversation.contact_id {
        contacts::commands::attach_case(s, ctx, contact, case.id)?;
    }
    record(s, ctx, "conversation_joined_case", id, Some(case.id.into_untyped_uuid()), None)?;
    if tell_case {
        let letters = queries::letters_of(s, id)?;
        let received: Vec<&str> = letters
            .iter()
            .filter(|letter| letter.kind == LetterKind::Received)
            .map(|letter| letter.reply.as_str())
            .collect();
        let note = text::cut(&received.join("\n\n"), NOTE_CHARS_MAX);
        if !note.trim().is_empty() {
            add_note(s, ctx, settings, &AddNote { case_id: case.id, text: note, public: false })?;
        }
    }
    Ok(())
}

/// A picture shown in a letter's text that is smaller than this is a logotype, not a photograph of a pothole.
pub(super) const ADORNMENT_BYTES_MAX: u64 = 10 * 1024;

/// Puts the files of a conversation's letters on its case, for the house; what the case does not take stays with the
/// letters.
///
/// # Errors
/// The case is not there or not open to who asks.
pub fn files_to_case(
    s: &mut Session<'_>,
    ctx: &Context,
    id: ConversationId,
    case: CaseId,
) -> Result<(), CorrespondenceError> {
    acting_user(ctx)?;
    load_for(s, ctx, id)?;
    put_files(s, ctx, id, case, false)
}

/// Puts the files of a question from the web, just taken in, on the case just registered out of it, where whoever sent
/// them may read them.
///
/// # Errors
/// The case is not there.
pub fn join_web_case(
    s: &mut Session<'_>,
    ctx: &Context,
    conversation: &Conversation,
    case: CaseId,
) -> Result<(), CorrespondenceError> {
    let mut joined = load(s, conversation.id)?;
    joined.case_id = Some(case);
    queries::update_conversation(s, &joined)?;
    record(s, ctx, "conversation_joined_case", joined.id, Some(case.into_untyped_uuid()), None)?;
    put_files(s, ctx, conversation.id, case, true)
}

fn put_files(
    s: &mut Session<'_>,
    ctx: &Context,
    id: ConversationId,
    case: CaseId,
    public: bool,
) -> Result<(), CorrespondenceError> {
    for part in queries::parts_of(s, id)? {
        let adorns = part.inline && part.bytes < ADORNMENT_BYTES_MAX;
        let Some(digest) = part.sha256.filter(|_| !adorns) else { continue };
        let Some(bytes) = storage::blobs::get(s, &digest)? else { continue };
        let file = NewDocument { name: part.name, media_type: part.media_type, bytes };
        match add_document(s, ctx, &AddDocument { case_id: case, file, public, note_id: None }) {
            Ok(_) | Err(CasesError::Refused(_) | CasesError::Text(_) | CasesError::TooMany { .. }) => {}
            Err(other) => return Err(other.into()),
        }
    }
    Ok(())
}
