//! Opening a conversation, which is written down.

use super::load_for;
use crate::model::{Conversation, Draft, Letter, LetterPart, Mailbox};
use crate::{CorrespondenceError, queries};
use cases::MessageState;
use people::audit::OPENED;
use storage::Session;
use storage::timeline::{self, Entry, Subject};
use vocabulary::{Context, ConversationId, GenericUuid as _, LetterId, LetterPartId};

/// A conversation with all that its page shows.
#[derive(Clone)]
pub struct OpenedConversation {
    /// The conversation.
    pub conversation: Conversation,
    /// The mailbox it is in.
    pub mailbox: Mailbox,
    /// Its letters, oldest first.
    pub letters: Vec<Letter>,
    /// What came and went with them.
    pub parts: Vec<LetterPart>,
    /// How far what we have sent has come.
    pub sent: Vec<(LetterId, MessageState)>,
    /// The answer that is being written.
    pub draft: Draft,
}

/// Opens a conversation: what is read is written down in the same transaction.
///
/// # Errors
/// It is not there, or belongs to a case that is not open to who asks.
pub fn open_conversation(
    s: &mut Session<'_>,
    ctx: &Context,
    id: ConversationId,
) -> Result<OpenedConversation, CorrespondenceError> {
    let conversation = load_for(s, ctx, id)?;
    let mailbox = queries::mailbox(s, conversation.mailbox_id)?
        .ok_or(CorrespondenceError::NotFound { what: "mailbox" })?;
    let subject = Subject { kind: "conversation", id: id.into_untyped_uuid() };
    let related = conversation.resident_id.map(|resident| resident.into_untyped_uuid());
    timeline::append(s, ctx, Entry { kind: OPENED, subject, related, detail: None })?;
    Ok(OpenedConversation {
        letters: queries::letters_of(s, id)?,
        parts: queries::parts_of(s, id)?,
        sent: queries::states_of_sent(s, id)?,
        draft: queries::draft(s, id)?,
        conversation,
        mailbox,
    })
}

/// The content of a file that came with a letter. Who saves one is written down; pictures within an open letter are part
/// of its opening (`within`).
///
/// # Errors
/// It is not there or was not taken in, or the conversation is not open to who asks.
pub fn open_part(
    s: &mut Session<'_>,
    ctx: &Context,
    conversation: ConversationId,
    part: LetterPartId,
    within: bool,
) -> Result<(LetterPart, Vec<u8>), CorrespondenceError> {
    let missing = || CorrespondenceError::NotFound { what: "file" };
    let conversation = load_for(s, ctx, conversation)?;
    let part = queries::part(s, conversation.id, part)?.ok_or_else(missing)?;
    let digest = part.sha256.ok_or_else(missing)?;
    let bytes = storage::blobs::get(s, &digest)?.ok_or_else(missing)?;
    if !within {
        let subject = Subject { kind: "letter_part", id: part.id.into_untyped_uuid() };
        let related = Some(conversation.id.into_untyped_uuid());
        timeline::append(s, ctx, Entry { kind: OPENED, subject, related, detail: None })?;
    }
    Ok((part, bytes))
}
