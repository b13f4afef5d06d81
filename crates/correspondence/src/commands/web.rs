//! Questions from the web form.

use super::begin::{Beginning, Sender, begin};
use crate::model::{Conversation, Letter, LetterKind, LetterPart, PARTS_PER_LETTER_MAX, QUESTION_CHARS_MAX};
use crate::{CorrespondenceError, queries};
use people::text::{self, TextError, TextFault};
use storage::Session;
use storage::blobs::{self, BLOB_BYTES_MAX};
use vocabulary::civil::Date;
use vocabulary::{Channel, Context, Language};

/// A question as filled in by somebody without an account.
#[derive(Clone, Debug, Default)]
pub struct Question {
    /// What it is about, in a line; may be blank.
    pub subject: String,
    /// The question.
    pub text: String,
    /// Who asks; may be blank.
    pub name: String,
    /// Where the answer goes. One of address and number is needed.
    pub email: String,
    /// The number to ring; may be blank.
    pub telephone: String,
    /// The language to answer in.
    pub language: Option<Language>,
    /// What came with it.
    pub files: Vec<super::NewFile>,
}

/// A question that has been taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Its conversation.
    pub conversation: Conversation,
    /// The last day on which the answer is in time.
    pub due_day: Option<Date>,
}

/// Takes a question in from the web form, on the same path as a letter: it waits in the mailbox that takes the web's.
///
/// # Errors
/// A text is not acceptable, there is neither address nor number, or no mailbox takes questions.
pub fn ask(s: &mut Session<'_>, ctx: &Context, cmd: &Question) -> Result<Asked, CorrespondenceError> {
    let mailbox = queries::mailbox_for_web(s)?.ok_or(CorrespondenceError::NoMailbox)?;
    let question = text::paragraphs("text", &cmd.text, QUESTION_CHARS_MAX)?;
    let given = |typed: &str| !typed.trim().is_empty();
    let email = if given(&cmd.email) { text::email("email", &cmd.email)? } else { String::new() };
    let telephone =
        if given(&cmd.telephone) { Some(text::telephone("telephone", &cmd.telephone)?) } else { None };
    if email.is_empty() && telephone.is_none() {
        return Err(TextError { field: "email", fault: TextFault::Missing }.into());
    }
    let name = text::optional_line("name", &cmd.name, text::NAME_CHARS_MAX)?.unwrap_or_default();
    let subject = text::optional_line("subject", &cmd.subject, text::LINE_CHARS_MAX)?
        .unwrap_or_else(|| crate::text::line(&question, SUBJECT_OF_QUESTION_CHARS));
    if cmd.files.len() > PARTS_PER_LETTER_MAX {
        return Err(CorrespondenceError::TooMany { what: "files", max: PARTS_PER_LETTER_MAX });
    }
    let sender = Sender { email: email.clone(), name: name.clone(), telephone, language: cmd.language };
    let about = Beginning { subject: subject.clone(), ..Beginning::default() };
    let conversation = begin(s, ctx, &mailbox, Channel::Web, sender, about)?;
    let letter = Letter {
        id: ctx.next_id(),
        conversation_id: conversation.id,
        kind: LetterKind::Received,
        message_id: None,
        from_email: email,
        from_name: name,
        subject,
        text: question.clone(),
        reply: question,
        html: None,
        raw_sha256: None,
        outgoing_id: None,
        author_id: None,
        sent_at: None,
        written_at: ctx.now,
    };
    queries::insert_letter(s, &letter)?;
    for (place, file) in cmd.files.iter().enumerate() {
        if file.bytes.len() > BLOB_BYTES_MAX {
            return Err(CorrespondenceError::TooMany { what: "bytes", max: BLOB_BYTES_MAX });
        }
        let part = LetterPart {
            id: ctx.next_id(),
            letter_id: letter.id,
            name: crate::text::line(&file.name, text::LINE_CHARS_MAX),
            media_type: crate::text::line(&file.media_type, text::LINE_CHARS_MAX),
            content_id: None,
            inline: false,
            bytes: u64::try_from(file.bytes.len()).unwrap_or(u64::MAX),
            sha256: Some(blobs::put(s, &file.bytes)?),
            refused: None,
        };
        queries::insert_part(s, &part, place)?;
    }
    Ok(Asked { due_day: conversation.due_day, conversation })
}

/// How much of a question without a subject stands for one, in characters.
const SUBJECT_OF_QUESTION_CHARS: usize = 60;
