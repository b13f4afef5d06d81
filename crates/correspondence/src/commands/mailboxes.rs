//! Setting mailboxes up.

use crate::model::{MAILBOXES_MAX, Mailbox, SIGNATURE_CHARS_MAX};
use crate::{CorrespondenceError, queries};
use people::text;
use storage::Session;
use storage::timeline::{self, Entry, Subject};
use vocabulary::{AnswerGroupId, Context, GenericUuid as _, MailboxId};

/// A mailbox as it shall be.
#[derive(Clone, Debug)]
pub struct PutMailbox {
    /// Which; none takes the one with the address, or makes it.
    pub id: Option<MailboxId>,
    /// Its address.
    pub address: String,
    /// What guides call it.
    pub name: String,
    /// The group that answers; none: everybody.
    pub answer_group_id: Option<AnswerGroupId>,
    /// Within how many working days: 1 or 2.
    pub clock_working_days: u16,
    /// What its letters are signed with; blank takes the municipality's name.
    pub signature: String,
    /// Whether a new letter is acknowledged at once.
    pub acknowledge: bool,
    /// In which words; blank takes Lots's own. `{referens}` stands for the reference.
    pub acknowledgement: String,
    /// Whether it takes questions from the web form.
    pub takes_web: bool,
    /// Whether it is in use.
    pub active: bool,
}

/// Makes a mailbox or changes it. The clock that is set holds for letters from now on; waits that go on keep theirs.
///
/// # Errors
/// A text is not acceptable, the clock is not 1 or 2 days, another mailbox has the address, or there are too many.
pub fn put_mailbox(
    s: &mut Session<'_>,
    ctx: &Context,
    cmd: &PutMailbox,
) -> Result<Mailbox, CorrespondenceError> {
    if !(1..=2).contains(&cmd.clock_working_days) {
        return Err(CorrespondenceError::Clock);
    }
    let address = text::email("address", &cmd.address)?;
    let with_address = queries::mailbox_by_address(s, &address)?;
    let before = match cmd.id {
        Some(id) => {
            let own = queries::mailbox(s, id)?.ok_or(CorrespondenceError::NotFound { what: "mailbox" })?;
            if with_address.is_some_and(|other| other.id != id) {
                return Err(CorrespondenceError::AddressTaken);
            }
            Some(own)
        }
        None => with_address,
    };
    if before.is_none() && queries::mailboxes(s)?.len() >= MAILBOXES_MAX {
        return Err(CorrespondenceError::TooMany { what: "mailboxes", max: MAILBOXES_MAX });
    }
    if let Some(group) = cmd.answer_group_id {
        people::directory::queries::answer_group(s, group)?
            .ok_or(CorrespondenceError::NotFound { what: "answer group" })?;
    }
    let mailbox = Mailbox {
        id: before.as_ref().map_or_else(|| ctx.next_id(), |before| before.id),
        address,
        name: text::line("name", &cmd.name, text::NAME_CHARS_MAX)?,
        answer_group_id: cmd.answer_group_id,
        clock_working_days: cmd.clock_working_days,
        signature: text::optional_paragraphs("signature", &cmd.signature, SIGNATURE_CHARS_MAX)?
            .unwrap_or_default(),
        acknowledge: cmd.acknowledge,
        acknowledgement: text::optional_paragraphs(
            "acknowledgement",
            &cmd.acknowledgement,
            SIGNATURE_CHARS_MAX,
        )?
        .unwrap_or_default(),
        takes_web: cmd.takes_web,
        active: cmd.active,
    };
    if before.as_ref() != Some(&mailbox) {
        queries::upsert_mailbox(s, &mailbox)?;
        let kind = if before.is_none() { "mailbox_created" } else { "mailbox_changed" };
        let subject = Subject { kind: "mailbox", id: mailbox.id.into_untyped_uuid() };
        timeline::append(s, ctx, Entry { kind, subject, related: None, detail: None })?;
    }
    Ok(mailbox)
}
