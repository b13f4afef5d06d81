//! Taking in a letter: look up, decide ([`filing::place`]), write.

use super::begin::{Beginning, Sender, begin, waits};
use super::handling::ADORNMENT_BYTES_MAX;
use super::{load, record};
use crate::filing::{self, Belongs, Facts, Place, Thread, Writer, place};
use crate::model::{
    Conversation, ConversationState, Filed, Letter, LetterKind, LetterPart, Mailbox, PARTS_PER_LETTER_MAX,
    THREAD_IDS_MAX, Warning,
};
use crate::queries::{self, TakenIn};
use crate::{CorrespondenceError, Incoming, IncomingKind, Part, text, words};
use cases::commands::{
    AddNote, Fate, NewLetter, OfficerMail, add_note, message_fate, officer_mail, resident_adds, write_letter,
};
use cases::documents::NewDocument;
use cases::{CaseSettings, reply_address};
use people::{LinkKind, SignedLink};
use storage::blobs::{self, BLOB_BYTES_MAX, Digest};
use storage::timeline::{self, Entry, Subject};
use storage::{Session, StorageError};
use vocabulary::{
    Actor, AnyId, CaseId, Channel, Context, ConversationId, GenericUuid as _, Language, LetterId, LinkId,
    MessageId, local_day,
};

/// A letter made fit to be kept and compared.
struct Mail<'a> {
    incoming: &'a Incoming,
    sender: String,
    name: String,
    subject: String,
    message_id: Option<String>,
    raw: Option<Digest>,
}

impl<'a> Mail<'a> {
    fn of(incoming: &'a Incoming) -> Self {
        let from = incoming.from.as_ref();
        let sender = from.map(|from| text::address(&from.email)).unwrap_or_default();
        let name = from.and_then(|from| from.name.as_deref()).unwrap_or_default();
        Self {
            incoming,
            sender,
            name: text::line(name, people::text::NAME_CHARS_MAX),
            subject: text::line(&incoming.subject, text::SUBJECT_CHARS_MAX),
            message_id: incoming.message_id.as_deref().and_then(text::message_id),
            raw: None,
        }
    }

    /// What its sender has written this time; the whole text if nothing is left of it without what is quoted.
    fn reply(&self) -> String {
        let reply = text::paragraphs(&self.incoming.reply, text::TEXT_CHARS_MAX);
        if reply.trim().is_empty() { self.text() } else { reply }
    }

    fn text(&self) -> String {
        text::paragraphs(&self.incoming.text, text::TEXT_CHARS_MAX)
    }

    /// What a case is told of it: never nothing, since a picture alone says something, too.
    fn said(&self) -> String {
        let names: Vec<&str> = self.incoming.parts.iter().map(|part| part.name.as_str()).collect();
        let names = text::line(&names.join(", "), text::SUBJECT_CHARS_MAX);
        let said =
            [self.reply(), self.subject.clone(), names].into_iter().find(|said| !said.trim().is_empty());
        text::cut(&said.unwrap_or_else(|| "–".to_owned()), cases::limits::NOTE_CHARS_MAX)
    }

    /// The files for a case: all but the small pictures that signatures are adorned with.
    fn documents(&self) -> Vec<NewDocument> {
        let adorns = |part: &&Part| {
            part.inline && u64::try_from(part.bytes.len()).is_ok_and(|bytes| bytes < ADORNMENT_BYTES_MAX)
        };
        let kept = self.incoming.parts.iter().filter(|part| !adorns(part));
        kept.map(|part| NewDocument {
            name: part.name.clone(),
            media_type: part.media_type.clone(),
            bytes: part.bytes.clone(),
        })
        .collect()
    }

    fn sender(&self) -> Sender {
        Sender { email: self.sender.clone(), name: self.name.clone(), telephone: None, language: None }
    }
}

/// Takes a letter in and files it. The same letter again changes nothing: it is known by its place in the mailbox and by
/// its bytes. Whatever is in the letter, it is kept: what cannot be understood is laid before a person.
///
/// # Errors
/// There is no such mailbox; the database.
pub fn receive(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    incoming: &Incoming,
) -> Result<Filed, CorrespondenceError> {
    let mailbox =
        queries::mailbox(s, incoming.mailbox)?.ok_or(CorrespondenceError::NotFound { what: "mailbox" })?;
    let mut mail = Mail::of(incoming);
    let facts = look_up(s, settings, &mail)?;
    let place = place(&facts);
    if place == Place::Known {
        return Ok(Filed::Known);
    }
    if !incoming.raw.is_empty() && incoming.raw.len() <= BLOB_BYTES_MAX {
        mail.raw = Some(blobs::put(s, &incoming.raw)?);
    }
    let (filed, case) = file(s, ctx, settings, &mailbox, &mail, place)?;
    let taken_in = TakenIn {
        mailbox: mailbox.id,
        raw_digest: incoming.raw_digest,
        uid: incoming.uid.clone(),
        filed: filed.as_str().to_owned(),
        conversation: filed.conversation(),
        case,
        raw: mail.raw,
        at: ctx.now,
    };
    queries::insert_taken_in(s, &taken_in)?;
    let about =
        filed.conversation().map(|id| id.into_untyped_uuid()).or(case.map(|id| id.into_untyped_uuid()));
    record_taken_in(s, ctx, &mailbox, about, filed)?;
    if filing::is_acknowledged(place)
        && let Some(conversation) = filed.conversation()
    {
        acknowledge(s, ctx, settings, &mailbox, conversation)?;
    }
    Ok(filed)
}

fn record_taken_in(
    s: &mut Session<'_>,
    ctx: &Context,
    mailbox: &Mailbox,
    about: Option<AnyId>,
    filed: Filed,
) -> Result<(), StorageError> {
    let subject = Subject { kind: "mailbox", id: mailbox.id.into_untyped_uuid() };
    let detail = Some(filed.as_str().to_owned());
    timeline::append(s, ctx, Entry { kind: "letter_taken_in", subject, related: about, detail }).map(drop)
}

fn look_up(
    s: &mut Session<'_>,
    settings: &CaseSettings,
    mail: &Mail<'_>,
) -> Result<Facts, CorrespondenceError> {
    let incoming = mail.incoming;
    let known = queries::is_taken_in(s, incoming.mailbox, &incoming.raw_digest, incoming.uid.as_deref())?;
    let writer = match &incoming.kind {
        IncomingKind::Bounce { original_message_id, recipient, permanent, .. } => {
            let about = bounced(s, original_message_id.as_deref(), recipient.as_deref())?;
            Writer::Server { about, permanent: *permanent }
        }
        IncomingKind::AutoReply | IncomingKind::Loop => Writer::Machine,
        IncomingKind::Person if queries::is_own_address(s, &mail.sender)? => Writer::Machine,
        IncomingKind::Person => Writer::Person,
    };
    let officer_address = incoming.recipients.iter().find_map(|recipient| {
        let (local, domain) = recipient.email.trim().rsplit_once('@')?;
        let ours = settings.reply_domain.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(domain));
        if ours { reply_address::read(settings, local) } else { None }
    });
    Ok(Facts { known, writer, officer_address, threads: threads(s, settings, mail)? })
}

/// The letter of ours that a report is about, if it went to whom the report names. A report that names nobody is believed:
/// a Message-ID of ours is not guessed.
fn bounced(
    s: &mut Session<'_>,
    message_id: Option<&str>,
    recipient: Option<&str>,
) -> Result<Option<MessageId>, StorageError> {
    let Some(message_id) = message_id.and_then(text::message_id) else { return Ok(None) };
    let named = queries::named_messages(s, &message_id)?;
    let fits = |to: &str| recipient.is_none_or(|recipient| text::address(recipient) == to.to_lowercase());
    Ok(named.filter(|named| fits(&named.recipient)).map(|named| named.message))
}

/// What the letters that `mail` names are part of. `In-Reply-To` comes first, then the references, the newest first. The
/// letter's own Message-ID comes last: a copy of a letter we have, come by another way, goes where that one lies.
fn threads(
    s: &mut Session<'_>,
    settings: &CaseSettings,
    mail: &Mail<'_>,
) -> Result<Vec<Thread>, CorrespondenceError> {
    let incoming = mail.incoming;
    let mut named: Vec<String> = Vec::new();
    for id in incoming.in_reply_to.iter().chain(incoming.references.iter().rev()) {
        if named.len() == THREAD_IDS_MAX {
            break;
        }
        if let Some(id) = text::message_id(id)
            && !named.contains(&id)
        {
            named.push(id);
        }
    }
    let mut found = Vec::new();
    for id in &named {
        found.extend(thread_of(s, settings, id, &mail.sender)?);
    }
    if let Some(own) = &mail.message_id {
        let copies = thread_of(s, settings, own, &mail.sender)?;
        found.extend(
            copies.into_iter().filter(|copy| matches!(copy, Thread::Conversation { participant: true, .. })),
        );
    }
    Ok(found)
}

fn thread_of(
    s: &mut Session<'_>,
    settings: &CaseSettings,
    message_id: &str,
    sender: &str,
) -> Result<Vec<Thread>, CorrespondenceError> {
    let conversations = queries::named_conversations(s, message_id, sender)?;
    let mut found: Vec<Thread> = conversations
        .into_iter()
        .map(|(id, participant)| Thread::Conversation { id, participant: participant && !sender.is_empty() })
        .collect();
    // A letter that came in may bear the Message-ID of one of ours: our own, come back, or somebody's who has read it.
    // It must not stand before ours.
    if !found.iter().any(|thread| matches!(thread, Thread::Conversation { participant: true, .. }))
        && let Some(named) = queries::named_messages(s, message_id)?
        && let Some(case) = named.case
    {
        let participant = !sender.is_empty() && named.recipient.to_lowercase() == sender;
        let link = match named.follow_up {
            Some(question) => officer_link(s, settings, question)?,
            None => None,
        };
        match (named.follow_up, link) {
            (Some(_), Some(link)) => found.push(Thread::Question { link, case, participant }),
            // A question whose link is gone: nobody's to answer by letter any more.
            (Some(_), None) => found.push(Thread::CaseLetter { case, participant: false }),
            (None, _) => found.push(Thread::CaseLetter { case, participant }),
        }
    }
    Ok(found)
}

fn officer_link(
    s: &mut Session<'_>,
    settings: &CaseSettings,
    question: vocabulary::FollowUpId,
) -> Result<Option<LinkId>, CorrespondenceError> {
    match cases::commands::officer_token(s, settings, question) {
        Ok(token) => Ok(SignedLink::verify(&settings.signing_key, LinkKind::Officer, &token)),
        Err(cases::CasesError::Storage(error)) => Err(error.into()),
        Err(_) => Ok(None),
    }
}

/// Writes the letter where it belongs, and tells where that was and which case it went to.
fn file(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    mailbox: &Mailbox,
    mail: &Mail<'_>,
    place: Place,
) -> Result<(Filed, Option<CaseId>), CorrespondenceError> {
    match place {
        Place::Known => Ok((Filed::Known, None)),
        Place::Undelivered(message) => {
            undelivered(s, ctx, mail, message).map(|case| (Filed::Undelivered(message), case))
        }
        Place::Quiet(about) => quiet(s, ctx, mailbox, mail, about).map(|id| (Filed::Quiet(id), None)),
        Place::Officer(link) => officer(s, ctx, settings, mailbox, mail, link),
        Place::Conversation(id) => {
            let case = goes_on(s, ctx, settings, mail, id)?;
            Ok((Filed::Joined(id), case))
        }
        Place::Case(case) => {
            let id = about_case(s, ctx, settings, mailbox, mail, case)?;
            Ok((Filed::JoinedCase(id, case), Some(case)))
        }
        Place::Stranger(claims) => {
            let about = Beginning { warning: Some(Warning::Stranger), ..claimed(claims) };
            Ok((Filed::Stranger(begins(s, ctx, mailbox, mail, about)?), None))
        }
        Place::New => Ok((Filed::New(begins(s, ctx, mailbox, mail, Beginning::default())?), None)),
    }
}

fn claimed(claims: Belongs) -> Beginning {
    match claims {
        Belongs::Conversation(id) => Beginning { linked_to: Some(id), ..Beginning::default() },
        Belongs::Case(id) => Beginning { linked_case: Some(id), ..Beginning::default() },
    }
}

fn begins(
    s: &mut Session<'_>,
    ctx: &Context,
    mailbox: &Mailbox,
    mail: &Mail<'_>,
    about: Beginning,
) -> Result<ConversationId, CorrespondenceError> {
    let kind = if about.quiet { kind_of_machine(mail) } else { LetterKind::Received };
    let about = Beginning { subject: mail.subject.clone(), ..about };
    let conversation = begin(s, ctx, mailbox, Channel::Email, mail.sender(), about)?;
    keep(s, ctx, mail, conversation.id, kind)?;
    Ok(conversation.id)
}

fn kind_of_machine(mail: &Mail<'_>) -> LetterKind {
    match mail.incoming.kind {
        IncomingKind::Bounce { .. } => LetterKind::Bounce,
        _ => LetterKind::Automatic,
    }
}

/// A letter goes on in a conversation: whoever wrote it waits, and the conversation's case is told.
fn goes_on(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    mail: &Mail<'_>,
    id: ConversationId,
) -> Result<Option<CaseId>, CorrespondenceError> {
    let mut conversation = load(s, id)?;
    keep(s, ctx, mail, id, LetterKind::Received)?;
    record(s, ctx, "letter_received", id, None, None)?;
    if conversation.contact_id.is_none() && conversation.state == ConversationState::Quiet {
        // Until now only a machine had written; now a person waits, and that is a contact.
        become_contact(s, ctx, &mut conversation)?;
    }
    let home = queries::mailbox(s, conversation.mailbox_id)?
        .ok_or(CorrespondenceError::NotFound { what: "mailbox" })?;
    if let Some(case) = conversation.case_id.filter(|_| conversation.state != ConversationState::Spam) {
        add_to_case(s, ctx, settings, mail, &mut conversation, case)?;
    }
    waits(s, ctx, &mut conversation, &home)?;
    Ok(conversation.case_id)
}

fn become_contact(
    s: &mut Session<'_>,
    ctx: &Context,
    conversation: &mut Conversation,
) -> Result<(), CorrespondenceError> {
    let group = queries::mailbox(s, conversation.mailbox_id)?.and_then(|mailbox| mailbox.answer_group_id);
    let cmd = contacts::TakeIn {
        channel: conversation.channel,
        resident: conversation.resident_id,
        group,
        arrived_at: ctx.now,
    };
    conversation.contact_id = Some(contacts::commands::take_in(s, ctx, &cmd)?.id);
    Ok(())
}

/// A resident answers a letter about their case: the conversation about it with them, or a new one.
fn about_case(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    mailbox: &Mailbox,
    mail: &Mail<'_>,
    case: CaseId,
) -> Result<ConversationId, CorrespondenceError> {
    if let Some(known) = queries::latest_of_case_with(s, case, &mail.sender)? {
        goes_on(s, ctx, settings, mail, known.id)?;
        return Ok(known.id);
    }
    let resident = cases::queries::case(s, case)?.and_then(|case| case.resident_id);
    let about =
        Beginning { subject: mail.subject.clone(), case: Some(case), resident, ..Beginning::default() };
    let mut conversation = begin(s, ctx, mailbox, Channel::Email, mail.sender(), about)?;
    keep(s, ctx, mail, conversation.id, LetterKind::Received)?;
    add_to_case(s, ctx, settings, mail, &mut conversation, case)?;
    queries::update_conversation(s, &conversation)?;
    Ok(conversation.id)
}

/// Hands what somebody has written to the case of their conversation: as the resident's own words if the case is theirs,
/// otherwise as a note for the house. What the case does not take is left in the conversation, with a mark that a person
/// must see to it.
fn add_to_case(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    mail: &Mail<'_>,
    conversation: &mut Conversation,
    case: CaseId,
) -> Result<(), CorrespondenceError> {
    let files = mail.documents();
    let owner = cases::queries::case(s, case)?.and_then(|case| case.resident_id);
    let outcome = match conversation.resident_id.filter(|writer| owner == Some(*writer)) {
        Some(resident) => {
            let resident = Context { actor: Actor::Resident(resident), ..ctx.clone() };
            resident_adds(s, &resident, settings, case, &mail.said(), &files).map(|added| added.refused == 0)
        }
        None => {
            let note = AddNote { case_id: case, text: mail.said(), public: false };
            add_note(s, ctx, settings, &note).map(|_| files.is_empty())
        }
    };
    match outcome {
        Ok(true) => {}
        Ok(false) => conversation.warning = Some(Warning::NotAdded),
        Err(cases::CasesError::Storage(error)) => return Err(error.into()),
        Err(_) => conversation.warning = Some(Warning::NotAdded),
    }
    Ok(())
}

/// An officer's answer. What the case does not take is laid before a person.
fn officer(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    mailbox: &Mailbox,
    mail: &Mail<'_>,
    link: LinkId,
) -> Result<(Filed, Option<CaseId>), CorrespondenceError> {
    let answer = OfficerMail {
        link,
        from_address: Some(mail.sender.clone()).filter(|sender| !sender.is_empty()),
        text: text::cut(&mail.reply(), cases::limits::ANSWER_CHARS_MAX),
        message_id: mail.message_id.clone(),
        documents: mail.documents(),
    };
    match officer_mail(s, ctx, settings, &answer) {
        Ok(taken) => Ok((Filed::Officer, Some(taken.case_id))),
        Err(cases::CasesError::Storage(error)) => Err(error.into()),
        // A question that is no longer there: what was answered to it is still read by somebody.
        Err(_) => {
            let about = Beginning { warning: Some(Warning::NotAdded), ..Beginning::default() };
            Ok((Filed::Stranger(begins(s, ctx, mailbox, mail, about)?), None))
        }
    }
}

/// A machine's letter: kept where it belongs, or by itself, and nobody waits.
fn quiet(
    s: &mut Session<'_>,
    ctx: &Context,
    mailbox: &Mailbox,
    mail: &Mail<'_>,
    about: Option<Belongs>,
) -> Result<ConversationId, CorrespondenceError> {
    let id = match about {
        Some(Belongs::Conversation(id)) => id,
        Some(Belongs::Case(case)) => match queries::latest_of_case_with(s, case, &mail.sender)? {
            Some(known) => known.id,
            None => {
                let about = Beginning { quiet: true, case: Some(case), ..Beginning::default() };
                return begins(s, ctx, mailbox, mail, about);
            }
        },
        None => {
            return begins(s, ctx, mailbox, mail, Beginning { quiet: true, ..Beginning::default() });
        }
    };
    keep(s, ctx, mail, id, kind_of_machine(mail))?;
    record(s, ctx, "automatic_letter_kept", id, None, None)?;
    Ok(id)
}

/// A letter of ours did not arrive. If it was a guide's answer, the resident waits again.
fn undelivered(
    s: &mut Session<'_>,
    ctx: &Context,
    mail: &Mail<'_>,
    message: MessageId,
) -> Result<Option<CaseId>, CorrespondenceError> {
    let status = match &mail.incoming.kind {
        IncomingKind::Bounce { status, .. } => status.as_deref().unwrap_or_default(),
        _ => "",
    };
    // A code is digits and dots; anything else a server may say stays out of the timeline.
    let code: String = status.chars().filter(|c| c.is_ascii_digit() || *c == '.').take(11).collect();
    let code = if code.is_empty() { "bounced" } else { &code };
    let reason = mail.reply();
    message_fate(s, ctx, message, Fate::Bounced { code, reason: &reason })?;
    if let Some(letter) = queries::letter_of_outgoing(s, message)? {
        let mut conversation = load(s, letter.conversation_id)?;
        keep(s, ctx, mail, conversation.id, LetterKind::Bounce)?;
        record(
            s,
            ctx,
            "letter_undelivered",
            conversation.id,
            Some(message.into_untyped_uuid()),
            Some(code.to_owned()),
        )?;
        if letter.kind == LetterKind::Sent {
            conversation.warning = Some(Warning::Undelivered);
            let home = queries::mailbox(s, conversation.mailbox_id)?
                .ok_or(CorrespondenceError::NotFound { what: "mailbox" })?;
            waits(s, ctx, &mut conversation, &home)?;
        }
    }
    Ok(cases::queries::message(s, message)?.and_then(|message| message.case_id))
}

/// Keeps the letter itself and what came with it.
fn keep(
    s: &mut Session<'_>,
    ctx: &Context,
    mail: &Mail<'_>,
    conversation: ConversationId,
    kind: LetterKind,
) -> Result<LetterId, CorrespondenceError> {
    let incoming = mail.incoming;
    let letter = Letter {
        id: ctx.next_id(),
        conversation_id: conversation,
        kind,
        message_id: mail.message_id.clone(),
        from_email: mail.sender.clone(),
        from_name: mail.name.clone(),
        subject: mail.subject.clone(),
        text: mail.text(),
        reply: mail.reply(),
        html: incoming
            .html
            .as_deref()
            .filter(|html| html.len() <= text::HTML_BYTES_MAX)
            .map(|html| html.replace('\0', "")),
        raw_sha256: mail.raw,
        outgoing_id: None,
        author_id: None,
        sent_at: incoming.sent_at,
        written_at: ctx.now,
    };
    queries::insert_letter(s, &letter)?;
    let taken = incoming.parts.iter().map(|part| {
        let inline = part.inline && part.content_id.is_some();
        (&part.name, &part.media_type, part.content_id.as_deref(), inline, Ok(&part.bytes))
    });
    let blank = String::new();
    let refused = incoming.refused.iter().map(|part| (&part.name, &blank, None, false, Err(&part.reason)));
    for (place, (name, media_type, content_id, inline, content)) in
        taken.chain(refused).take(PARTS_PER_LETTER_MAX).enumerate()
    {
        let kept = match content {
            Ok(bytes) if bytes.len() <= BLOB_BYTES_MAX => Some((blobs::put(s, bytes)?, bytes.len())),
            _ => None,
        };
        let part = LetterPart {
            id: ctx.next_id(),
            letter_id: letter.id,
            name: text::line(name, people::text::LINE_CHARS_MAX),
            media_type: text::line(media_type, people::text::LINE_CHARS_MAX),
            content_id: content_id.and_then(text::message_id),
            inline,
            bytes: kept.map_or(0, |(_, bytes)| u64::try_from(bytes).unwrap_or(u64::MAX)),
            sha256: kept.map(|(digest, _)| digest),
            refused: content.err().map(|reason| text::line(reason, people::text::LINE_CHARS_MAX)),
        };
        queries::insert_part(s, &part, place)?;
    }
    Ok(letter.id)
}

/// Tells whoever has written that the letter has come: if the mailbox does that, not to machines, once a day and sender,
/// and never to somebody with protected personal data, whose address is not to travel more than it must.
fn acknowledge(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    mailbox: &Mailbox,
    conversation: ConversationId,
) -> Result<(), CorrespondenceError> {
    let conversation = load(s, conversation)?;
    let Some(due) = conversation.due_day.filter(|_| mailbox.acknowledge) else { return Ok(()) };
    let Ok(email) = people::text::email("email", &conversation.sender_email) else { return Ok(()) };
    if filing::nobody_reads(&email) || people::directory::queries::officer_by_email(s, &email)?.is_some() {
        return Ok(());
    }
    let resident = match conversation.resident_id {
        Some(id) => people::residents::queries::by_id(s, id)?,
        None => None,
    };
    if resident.as_ref().is_some_and(|resident| resident.protected)
        || !queries::acknowledge_once(s, mailbox.id, &text::digest_of(&email), local_day(ctx.now))?
    {
        return Ok(());
    }
    let language = resident.map_or(Language::Swedish, |resident| resident.language);
    let (subject, standard) = words::acknowledgement(language, &conversation.reference, due);
    let own = mailbox.acknowledgement.trim();
    let body = if own.is_empty() { standard } else { own.replace("{referens}", &conversation.reference) };
    let body = format!("{body}\n\n{}", super::answer::signature_of(mailbox, settings));
    let thread = queries::thread_ids(s, conversation.id)?;
    let letter = NewLetter {
        recipient: email,
        subject: subject.clone(),
        body: body.clone(),
        mailbox_id: Some(mailbox.id),
        in_reply_to: thread.last().cloned(),
        references: thread,
        auto: true,
        ..NewLetter::default()
    };
    let outgoing = write_letter(s, ctx, &letter)?;
    let kept = Letter {
        id: ctx.next_id(),
        conversation_id: conversation.id,
        kind: LetterKind::Acknowledgement,
        message_id: None,
        from_email: mailbox.address.clone(),
        from_name: mailbox.name.clone(),
        subject,
        reply: body.clone(),
        text: body,
        html: None,
        raw_sha256: None,
        outgoing_id: Some(outgoing),
        author_id: None,
        sent_at: None,
        written_at: ctx.now,
    };
    queries::insert_letter(s, &kept)?;
    record(s, ctx, "letter_acknowledged", conversation.id, Some(outgoing.into_untyped_uuid()), None)?;
    Ok(())
}
