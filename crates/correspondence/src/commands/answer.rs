//! A guide's answer, and notes for the house.

use super::begin::ends;
use super::handling::{Close, log_as};
use super::{acting_user, load_for, record};
use crate::model::{
    ANSWER_CHARS_MAX, Conversation, ConversationState, DRAFT_VERSIONS_MAX, Letter, LetterKind, LetterPart,
    Mailbox, PARTS_PER_LETTER_MAX, WaitEnd,
};
use crate::{CorrespondenceError, placeholders, queries, text, words};
use cases::commands::{AddNote, NewLetter, add_note, write_letter};
use cases::documents::{Checked, NewDocument, checked};
use cases::queries::LetterFile;
use cases::{Case, CaseSettings};
use storage::Session;
use storage::blobs;
use vocabulary::{
    Context, ConversationId, GenericUuid as _, Language, LetterId, MessageId, SignedDuration, local_day,
};

/// A file that goes with an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFile {
    /// What it is called.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// An answer to a resident.
#[derive(Clone, Debug)]
pub struct Answer {
    /// In which conversation.
    pub conversation: ConversationId,
    /// What it says; signature and quotation are added.
    pub text: String,
    /// The version of the draft it was made out of: an answer that somebody else has changed meanwhile is not sent.
    pub draft_version: i64,
    /// What goes with it.
    pub files: Vec<NewFile>,
    /// How to close the conversation with it; none leaves the contact to be logged later.
    pub close: Option<Close>,
}

/// The longest letter quoted under an answer, in characters.
const QUOTED_CHARS_MAX: usize = 10_000;
/// The same answer by the same guide within this time is the same answer sent twice.
const SAME_ANSWER_WITHIN: SignedDuration = SignedDuration::from_mins(2);

/// Sends an answer. What the resident waited for has come; the contact is the guide's, to be logged like a call.
///
/// In a case whose text may not travel by e-mail the answer is written on the case, where the resident reads it by their
/// link, and the e-mail says only that there is something to read.
///
/// # Errors
/// The text is not acceptable or has a placeholder left open, a file is not of a kind that is sent, the draft has been changed meanwhile, another guide has
/// taken the conversation, there is no address, or the conversation is spam.
pub fn answer(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    cmd: &Answer,
) -> Result<LetterId, CorrespondenceError> {
    let guide = acting_user(ctx)?;
    let written = people::text::paragraphs("answer", &cmd.text, ANSWER_CHARS_MAX)?;
    if let Some(open) = placeholders::open_one(&written) {
        return Err(CorrespondenceError::Placeholder(open.to_string()));
    }
    let mut conversation = load_for(s, ctx, cmd.conversation)?;
    if let Some(same) = same_answer(s, ctx, &conversation, &written)? {
        return Ok(same);
    }
    refuse_if_elsewhere(s, &conversation, guide, cmd.draft_version)?;
    let mailbox = queries::mailbox(s, conversation.mailbox_id)?
        .ok_or(CorrespondenceError::NotFound { what: "mailbox" })?;
    let case = match conversation.case_id {
        Some(case) => cases::queries::case(s, case)?,
        None => None,
    };
    let (outgoing, files) = match case.filter(|case| !case.may_travel_by_mail()) {
        Some(case) => {
            on_the_case(s, ctx, settings, &case, &written)?;
            (None, Vec::new())
        }
        None => {
            let (id, files) = by_mail(s, ctx, settings, &mailbox, &conversation, &written, &cmd.files)?;
            (Some(id), files)
        }
    };
    let letter = kept(ctx, &conversation, &mailbox, LetterKind::Sent, written, outgoing);
    queries::insert_letter(s, &letter)?;
    for (place, (file, bytes)) in files.into_iter().enumerate() {
        let part = LetterPart {
            id: ctx.next_id(),
            letter_id: letter.id,
            name: file.name,
            media_type: file.media_type,
            content_id: None,
            inline: false,
            bytes,
            sha256: Some(file.digest.into()),
            refused: None,
        };
        queries::insert_part(s, &part, place)?;
    }
    queries::clear_draft(s, conversation.id, cmd.draft_version, guide, ctx.now)?;
    queries::forget_writer(s, conversation.id, guide)?;
    conversation.warning = None;
    ends(s, ctx, &mut conversation, ConversationState::Answered, WaitEnd::Answered)?;
    let related = outgoing.map(|id| id.into_untyped_uuid());
    record(s, ctx, "conversation_answered", conversation.id, related, None)?;
    if let Some(contact) = conversation.contact_id {
        contacts::commands::hand_to(s, ctx, contact, guide)?;
    }
    if let Some(close) = &cmd.close {
        log_as(s, ctx, &conversation, close)?;
        conversation.state = ConversationState::Closed;
        queries::update_conversation(s, &conversation)?;
        record(s, ctx, "conversation_closed", conversation.id, None, Some(close.outcome.to_string()))?;
    }
    Ok(letter.id)
}

fn same_answer(
    s: &mut Session<'_>,
    ctx: &Context,
    conversation: &Conversation,
    written: &str,
) -> Result<Option<LetterId>, CorrespondenceError> {
    let last = queries::letters_of(s, conversation.id)?.pop();
    let same = last.filter(|last| {
        last.kind == LetterKind::Sent
            && last.reply == written
            && last.author_id.map(|id| id.into_untyped_uuid()) == ctx.actor.id()
            && ctx.now.duration_since(last.written_at) <= SAME_ANSWER_WITHIN
    });
    Ok(same.map(|letter| letter.id))
}

fn refuse_if_elsewhere(
    s: &mut Session<'_>,
    conversation: &Conversation,
    guide: vocabulary::UserId,
    draft_version: i64,
) -> Result<(), CorrespondenceError> {
    if matches!(conversation.state, ConversationState::Spam | ConversationState::Quiet) {
        return Err(CorrespondenceError::Forbidden(conversation.state));
    }
    if let Some(other) = conversation.taken_by.filter(|other| *other != guide) {
        return Err(CorrespondenceError::TakenBy(other));
    }
    // One's own saves may have overtaken the form; somebody else's must have been seen.
    let now = queries::draft(s, conversation.id)?;
    let long_ago = now.version - draft_version > DRAFT_VERSIONS_MAX;
    if long_ago || queries::others_wrote_after(s, conversation.id, draft_version, guide)? {
        return Err(CorrespondenceError::DraftChanged { version: now.version });
    }
    Ok(())
}

/// The answer goes on the case; the resident is told that there is one.
fn on_the_case(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    case: &Case,
    written: &str,
) -> Result<(), CorrespondenceError> {
    let resident = match case.resident_id {
        Some(id) => people::residents::queries::by_id(s, id)?,
        None => None,
    };
    if resident.is_none_or(|resident| resident.email.is_none() || resident.protected) {
        return Err(CorrespondenceError::NoAddress);
    }
    add_note(s, ctx, settings, &AddNote { case_id: case.id, text: written.to_owned(), public: true })?;
    Ok(())
}

type SentFiles = Vec<(LetterFile, u64)>;

fn by_mail(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    mailbox: &Mailbox,
    conversation: &Conversation,
    written: &str,
    files: &[NewFile],
) -> Result<(MessageId, SentFiles), CorrespondenceError> {
    let recipient = people::text::email("email", &conversation.sender_email)
        .map_err(|_| CorrespondenceError::NoAddress)?;
    if files.len() > PARTS_PER_LETTER_MAX {
        return Err(CorrespondenceError::TooMany { what: "files", max: PARTS_PER_LETTER_MAX });
    }
    let mut kept: SentFiles = Vec::new();
    for file in files {
        // What leaves the house is looked at as what comes in is: under a false flag it goes nowhere.
        let said = NewDocument {
            name: file.name.clone(),
            media_type: file.media_type.clone(),
            bytes: file.bytes.clone(),
        };
        let Checked { name, media_type } = checked(&said).map_err(cases::CasesError::from)?;
        let digest = *blobs::put(s, &file.bytes)?.as_bytes();
        let bytes = u64::try_from(file.bytes.len()).unwrap_or(u64::MAX);
        kept.push((LetterFile { name, media_type: media_type.to_owned(), digest }, bytes));
    }
    let thread = queries::thread_ids(s, conversation.id)?;
    let letter = NewLetter {
        recipient: recipient.clone(),
        subject: answer_subject(&conversation.subject, &conversation.reference),
        body: body(s, settings, mailbox, conversation, written)?,
        case_id: conversation.case_id,
        mailbox_id: Some(mailbox.id),
        in_reply_to: thread.last().cloned(),
        references: thread,
        auto: false,
        files: kept.iter().map(|(file, _)| file.clone()).collect(),
        ..NewLetter::default()
    };
    queries::insert_participant(s, conversation.id, &recipient)?;
    Ok((write_letter(s, ctx, &letter)?, kept))
}

fn answer_subject(subject: &str, reference: &str) -> String {
    let bare = subject.trim();
    if bare.is_empty() {
        return reference.to_owned();
    }
    let answered = ["re:", "sv:"].iter().any(|mark| bare.to_lowercase().starts_with(mark));
    let subject = if answered { bare.to_owned() } else { format!("Re: {bare}") };
    text::line(&subject, text::SUBJECT_CHARS_MAX)
}

/// The answer, the mailbox's signature, and what it answers as a quotation.
fn body(
    s: &mut Session<'_>,
    settings: &CaseSettings,
    mailbox: &Mailbox,
    conversation: &Conversation,
    written: &str,
) -> Result<String, CorrespondenceError> {
    let mut body = format!("{written}\n\n{}", signature_of(mailbox, settings));
    let letters = queries::letters_of(s, conversation.id)?;
    if let Some(last) = letters.iter().rev().find(|letter| letter.kind == LetterKind::Received) {
        let language = match conversation.resident_id {
            Some(id) => people::residents::queries::by_id(s, id)?.map(|resident| resident.language),
            None => None,
        };
        let name = if last.from_name.is_empty() { &last.from_email } else { &last.from_name };
        let day = local_day(last.written_at);
        let head = words::quoted_head(language.unwrap_or(Language::Swedish), day, name);
        let quoted: String =
            text::cut(&last.reply, QUOTED_CHARS_MAX).lines().map(|line| format!("> {line}\n")).collect();
        body.push_str(&format!("\n\n{head}\n{quoted}"));
    }
    Ok(body)
}

/// What a letter from a mailbox is signed with; the municipality's name if nothing has been set.
pub(super) fn signature_of(mailbox: &Mailbox, settings: &CaseSettings) -> String {
    let own = mailbox.signature.trim();
    let signature = if own.is_empty() { settings.municipality.as_str() } else { own };
    // Two dashes and a space on a line of their own are what mail programs fold a signature away by (RFC 3676, 4.3).
    format!("-- \n{signature}")
}

fn kept(
    ctx: &Context,
    conversation: &Conversation,
    mailbox: &Mailbox,
    kind: LetterKind,
    written: String,
    outgoing: Option<MessageId>,
) -> Letter {
    Letter {
        id: ctx.next_id(),
        conversation_id: conversation.id,
        kind,
        message_id: None,
        from_email: mailbox.address.clone(),
        from_name: mailbox.name.clone(),
        subject: String::new(),
        reply: written.clone(),
        text: written,
        html: None,
        raw_sha256: None,
        outgoing_id: outgoing,
        author_id: match ctx.actor {
            vocabulary::Actor::User(id) => Some(id),
            _ => None,
        },
        sent_at: None,
        written_at: ctx.now,
    }
}

/// Writes a note that only the house reads.
///
/// # Errors
/// The text is not acceptable, or the conversation is not there or not open to who writes.
pub fn write_note(
    s: &mut Session<'_>,
    ctx: &Context,
    conversation: ConversationId,
    note: &str,
) -> Result<LetterId, CorrespondenceError> {
    acting_user(ctx)?;
    let note = people::text::paragraphs("note", note, ANSWER_CHARS_MAX)?;
    let conversation = load_for(s, ctx, conversation)?;
    let mailbox = queries::mailbox(s, conversation.mailbox_id)?
        .ok_or(CorrespondenceError::NotFound { what: "mailbox" })?;
    let letter = kept(ctx, &conversation, &mailbox, LetterKind::Note, note, None);
    queries::insert_letter(s, &letter)?;
    record(s, ctx, "conversation_noted", conversation.id, Some(letter.id.into_untyped_uuid()), None)?;
    Ok(letter.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_says_what_it_answers_once() {
        assert_eq!(answer_subject("Hål", "FR-1"), "Re: Hål");
        assert_eq!(answer_subject("SV: Hål", "FR-1"), "SV: Hål");
        assert_eq!(answer_subject("  ", "FR-1"), "FR-1");
        assert!(answer_subject(&"å".repeat(400), "FR-1").chars().count() <= text::SUBJECT_CHARS_MAX);
    }
}
