//! Letters and the desk: mailboxes, templates and queues, and the letters that lie there when the demo begins.

use super::PopulateError;
use super::place::{case_type_ids, groups, known};
use crate::town::{PastLetter, Town};
use cases::CaseSettings;
use correspondence::commands::{
    Answer, Close, PutMailbox, PutTemplate, answer, put_desk_queue, put_mailbox, put_template, receive,
};
use correspondence::{Address, DeskQueue, Incoming, IncomingKind, queries};
use people::users;
use storage::{Session, blobs};
use vocabulary::{Actor, ContactOutcome, Context, Language, MailboxId, Role, SignedDuration};

/// Mailboxes, templates and the desk's queues. What is there already is left as it is.
pub(super) fn set_up(s: &mut Session<'_>, ctx: &Context, town: &Town) -> Result<(), PopulateError> {
    let groups = groups(s)?;
    for m in &town.mail.mailbox {
        if queries::mailbox_by_address(s, &m.address)?.is_some() {
            continue;
        }
        let group = match &m.group {
            Some(code) => Some(known(&groups, code, "answer group")?),
            None => None,
        };
        let cmd = PutMailbox {
            id: None,
            address: m.address.clone(),
            name: m.name.clone(),
            answer_group_id: group,
            clock_working_days: m.days,
            signature: m.signature.clone(),
            acknowledge: true,
            acknowledgement: String::new(),
            takes_web: m.takes_web,
            active: true,
        };
        put_mailbox(s, ctx, &cmd)?;
    }
    let templates = queries::templates(s)?;
    for t in town.mail.template.iter().filter(|t| !templates.iter().any(|there| there.name == t.name)) {
        let cmd = PutTemplate {
            id: None,
            name: t.name.clone(),
            language: Language::Swedish,
            text: t.text.clone(),
            active: true,
        };
        put_template(s, ctx, &cmd)?;
    }
    for d in &town.mail.desk {
        if queries::desk_queue(s, &d.letter)?.is_none() {
            let queue = DeskQueue {
                letter: d.letter.clone(),
                name: d.name.clone(),
                answer_group_id: None,
                active: true,
            };
            put_desk_queue(s, &queue)?;
        }
    }
    Ok(())
}

/// The letters of the days before `ctx.now`, and what was answered.
pub(super) fn past(
    s: &mut Session<'_>,
    ctx: &Context,
    town: &Town,
    settings: &CaseSettings,
) -> Result<(), PopulateError> {
    let types = case_type_ids(s)?;
    let guide = users::queries::all(s)?.into_iter().find(|user| user.role == Role::Guide && user.active);
    let mut letters: Vec<&PastLetter> = town.mail.letter.iter().collect();
    letters.sort_by_key(|letter| std::cmp::Reverse(letter.hours_ago));
    for (number, one) in letters.into_iter().enumerate() {
        let Some(mailbox) = queries::mailbox_by_address(s, &one.mailbox)? else { continue };
        let came = ctx.now - SignedDuration::from_hours(i64::from(one.hours_ago));
        let then = Context { now: came, ..ctx.clone() };
        let place = format!("demo/0/{number}");
        let incoming = written(mailbox.id, place, &one.name, &one.email, &one.subject, &one.text);
        let filed = receive(s, &then, settings, &incoming)?;
        let (Some(conversation), Some(text), Some(guide)) = (filed.conversation(), &one.answer, &guide)
        else {
            continue;
        };
        let close = match &one.case_type {
            Some(code) => Some(Close {
                case_type: known(&types, code, "case type")?,
                outcome: ContactOutcome::Solved,
                note: String::new(),
            }),
            None => None,
        };
        let answered = Context { now: came + ANSWERED_AFTER, actor: Actor::User(guide.id), ..ctx.clone() };
        let cmd = Answer { conversation, text: text.clone(), draft_version: 0, files: Vec::new(), close };
        answer(s, &answered, settings, &cmd)?;
    }
    Ok(())
}

/// How long an answered letter of the past waited.
const ANSWERED_AFTER: SignedDuration = SignedDuration::from_mins(50);

/// A letter as the mail edge would hand it over. `place` is its own.
pub(crate) fn written(
    mailbox: MailboxId,
    place: String,
    name: &str,
    email: &str,
    subject: &str,
    text: &str,
) -> Incoming {
    let raw =
        format!("X-Place: {place}\nFrom: {name} <{email}>\nSubject: {subject}\n\n{text}\n").into_bytes();
    Incoming {
        mailbox,
        raw_digest: *blobs::Digest::of(&raw).as_bytes(),
        message_id: Some(format!("{}@post.example", place.replace('/', "."))),
        uid: Some(place),
        in_reply_to: Vec::new(),
        references: Vec::new(),
        from: Some(Address { name: Some(name.to_owned()), email: email.to_owned() }),
        recipients: Vec::new(),
        subject: subject.to_owned(),
        sent_at: None,
        text: text.to_owned(),
        reply: text.to_owned(),
        html: None,
        parts: Vec::new(),
        refused: Vec::new(),
        kind: IncomingKind::Person,
        raw,
    }
}
