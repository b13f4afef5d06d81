//! An officer's answer by e-mail.
//!
//! Two things say that it is the officer's: the signed address it was sent to, which stands only in the letters to that
//! officer, and whom it is from. Whom it may be from:
//!
//! - the address of the officer who was asked;
//! - the address of an active substitute of the case's assignment, who reads the officer's letters meanwhile;
//! - if a function was asked (driften@), any address of the function's own domain, since colleagues answer from their
//!   own, provided that domain is also the one of the department's contact: a function at a public mail provider is
//!   answered by its own address only.
//!
//! What [`crate::reading`] cannot read for certain, what comes from anybody else, and what comes too late becomes an
//! internal note and a task. Nothing of it reaches the resident until a person has read it.

use super::answer::{OfficerAnswer, take_answer};
use super::documents;
use super::forward::load_question;
use super::notes::write_note;
use super::steps::{add_task, load_case, record, tell_resident, touch};
use crate::documents::NewDocument;
use crate::error::CasesError;
use crate::limits::{ANSWER_CHARS_MAX, NOTE_CHARS_MAX};
use crate::model::{CaseSettings, FollowUp, TaskKind};
use crate::queries::{self, store, store_follow_ups, terms};
use crate::reading::{self, Meaning, Reading};
use crate::words;
use people::directory::{Department, Officer, RecipientKind};
use people::{LinkKind, directory};
use storage::Session;
use vocabulary::GenericUuid as _;
use vocabulary::{Actor, CaseId, Context, FollowUpId, LinkId, NoteId, local_day};

/// Longer than RFC 5322 lets any line be.
const MESSAGE_ID_CHARS_MAX: usize = 998;

/// An e-mail that came to a question's own address.
#[derive(Clone)]
pub struct OfficerMail {
    /// Of the address ([`crate::reply_address::read`]).
    pub link: LinkId,
    /// Whom it says to be from.
    pub from_address: Option<String>,
    /// Its text; what is quoted and signatures may have been folded away.
    pub text: String,
    /// Its Message-ID, without angle brackets.
    pub message_id: Option<String>,
    /// What came with it. For the contact centre only.
    pub documents: Vec<NewDocument>,
}

impl std::fmt::Debug for OfficerMail {
    /// Without address and text, so that neither ends up in a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OfficerMail").field("link", &self.link).finish_non_exhaustive()
    }
}

vocabulary::words! {
    /// What an officer's e-mail was taken for.
    TakenAs, "meaning of an officer's e-mail" {
        /// It is done.
        Done = "done",
        /// It takes longer.
        MoreTime = "more_time",
        /// It belongs with somebody else.
        WrongRecipient = "wrong_recipient",
        /// The resident is asked something.
        AskResident = "ask_resident",
        /// A person must read it.
        ForAPerson = "for_a_person",
    }
}

storage::word_value!(TakenAs);

/// An e-mail that has been taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OfficerMailTaken {
    /// The case.
    pub case_id: CaseId,
    /// The question it answers.
    pub follow_up_id: FollowUpId,
    /// As what.
    pub taken: TakenAs,
    /// Whether it had been taken in before.
    pub already: bool,
}

/// Takes an officer's e-mail in. Delivered again it changes nothing, known by its Message-ID; without one, by its text.
///
/// # Errors
/// [`CasesError::NotFound`] if there is no such question (any more). An e-mail that means nothing is no error.
pub fn officer_mail(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    mail: &OfficerMail,
) -> Result<OfficerMailTaken, CasesError> {
    // A question that was taken back or long ago may still be answered: then a person reads it.
    let link = store::link(s, LinkKind::Officer.as_str(), mail.link)?.and_then(|link| link.follow_up_id);
    let question = load_question(s, link.ok_or(CasesError::NotFound { what: "follow-up" })?)?;
    let message_id =
        mail.message_id.as_deref().map(|id| plain(id, MESSAGE_ID_CHARS_MAX)).filter(|id| !id.is_empty());
    if let Some(id) = &message_id
        && let Some(taken) = store_follow_ups::officer_mail_taken(s, id, question.id)?
    {
        return Ok(taken_as(&question, taken, true));
    }
    let officer = directory::queries::officer(s, question.officer_id)?
        .ok_or(CasesError::NotFound { what: "officer" })?;
    let (taken, already) = match mail.from_address.as_deref() {
        Some(from) if fits(s, &question, &officer, from)? => {
            let ctx = Context::new(ctx.now, Actor::Officer(officer.id), ctx.chance.clone());
            answer(s, &ctx, settings, &question, &officer, mail)?
        }
        from => {
            let from = from.unwrap_or("?");
            let told = plain(&mail.text, ANSWER_CHARS_MAX);
            let text = words::note_from_stranger(officer.language, &plain(from, 254), &told);
            for_a_person(s, ctx, &question, &text, mail)?
        }
    };
    if let Some(id) = &message_id {
        store_follow_ups::insert_officer_mail(s, id, question.id, taken, ctx.now)?;
    }
    if !already {
        let related = Some(question.id.into_untyped_uuid());
        record(s, ctx, "officer_mail_taken", question.case_id, related, Some(taken.to_string()))?;
    }
    Ok(taken_as(&question, taken, already))
}

const fn taken_as(question: &FollowUp, taken: TakenAs, already: bool) -> OfficerMailTaken {
    OfficerMailTaken { case_id: question.case_id, follow_up_id: question.id, taken, already }
}

/// Whether an answer to `question` may come from `from`.
fn fits(s: &mut Session<'_>, question: &FollowUp, officer: &Officer, from: &str) -> Result<bool, CasesError> {
    let department = directory::queries::department(s, officer.department)?;
    if may_be_from(officer, department.as_ref(), from) {
        return Ok(true);
    }
    let case = load_case(s, question.case_id)?;
    let assignment = terms::assignment(s, case.case_type_id, question.terms)?;
    for substitute in &assignment.substitutes {
        let known = directory::queries::officer(s, *substitute)?.filter(|known| known.active);
        if known.is_some_and(|known| may_be_from(&known, department.as_ref(), from)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether `from` is the address of `officer`, or one that answers for it.
fn may_be_from(officer: &Officer, department: Option<&Department>, from: &str) -> bool {
    let from = from.trim().to_lowercase();
    if officer.email.eq_ignore_ascii_case(&from) {
        return true;
    }
    let domain = |address: &str| address.rsplit_once('@').map(|(_, domain)| domain.to_lowercase());
    let Some(of_sender) = domain(&from) else { return false };
    officer.kind == RecipientKind::Function
        && domain(&officer.email).as_ref() == Some(&of_sender)
        && department.and_then(|department| domain(&department.escalation_email)) == Some(of_sender)
}

/// Reads the e-mail and does what it says, or gives it to a person.
fn answer(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    question: &FollowUp,
    officer: &Officer,
    mail: &OfficerMail,
) -> Result<(TakenAs, bool), CasesError> {
    let read = reading::read(&mail.text, local_day(ctx.now), officer.language);
    let Some((taken, said)) = said(&read) else {
        let text = plain(&mail.text, NOTE_CHARS_MAX);
        let text = if text.is_empty() { words::note_without_text(officer.language) } else { text };
        return for_a_person(s, ctx, question, &text, mail);
    };
    match take_answer(s, ctx, settings, question.clone(), &said) {
        Ok(answered) if answered.already => Ok((taken, true)),
        Ok(_) => {
            also(s, ctx, settings, question, &read, taken, mail)?;
            Ok((taken, false))
        }
        Err(CasesError::Storage(error)) => Err(error.into()),
        // Too late, too long, a day too far ahead: somebody talks to the officer.
        Err(_) => for_a_person(s, ctx, question, &plain(&mail.text, NOTE_CHARS_MAX), mail),
    }
}

/// The answer that an e-mail gives; none if that is uncertain.
fn said(read: &Reading) -> Option<(TakenAs, OfficerAnswer)> {
    let internal = || read.internal.clone();
    Some(match (read.meaning, &read.public) {
        (Meaning::Done, Some(public)) => {
            (TakenAs::Done, OfficerAnswer::Done { text: public.clone(), public: true })
        }
        (Meaning::Done, None) => (TakenAs::Done, OfficerAnswer::Done { text: internal(), public: false }),
        (Meaning::MoreTime(until), _) => {
            (TakenAs::MoreTime, OfficerAnswer::MoreTime { until, reason: internal() })
        }
        (Meaning::WrongRecipient, _) => (
            TakenAs::WrongRecipient,
            OfficerAnswer::WrongRecipient { reason: internal(), suggestion: String::new() },
        ),
        (Meaning::AskResident, Some(public)) => {
            (TakenAs::AskResident, OfficerAnswer::AskResident { text: public.clone() })
        }
        (Meaning::AskResident, None) | (Meaning::Uncertain(_), _) => return None,
    })
}

/// What an e-mail holds besides its answer: words for the contact centre, words for the resident with a promise, files.
fn also(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    question: &FollowUp,
    read: &Reading,
    taken: TakenAs,
    mail: &OfficerMail,
) -> Result<(), CasesError> {
    let case = load_case(s, question.case_id)?;
    let mut note = None;
    if read.public.is_some() && taken != TakenAs::MoreTime && read.says_more() {
        note = Some(write_note(s, ctx, &case, plain(&read.internal, NOTE_CHARS_MAX), false, None)?);
    }
    if let (TakenAs::MoreTime, Some(public)) = (taken, &read.public) {
        write_note(s, ctx, &case, plain(public, NOTE_CHARS_MAX), true, Some(question.id))?;
        tell_resident(s, ctx, settings, &case, true)?;
    }
    keep_files(s, ctx, question, mail, note)
}

/// Keeps what came with an e-mail; what is not taken in is for a person to ask for.
fn keep_files(
    s: &mut Session<'_>,
    ctx: &Context,
    question: &FollowUp,
    mail: &OfficerMail,
    note: Option<NoteId>,
) -> Result<(), CasesError> {
    let case = load_case(s, question.case_id)?;
    for file in &mail.documents {
        match documents::keep(s, ctx, &case, file, false, note) {
            Ok(_) => {}
            Err(CasesError::Storage(error)) => return Err(error.into()),
            Err(_) => add_task(s, ctx, TaskKind::ReadOfficerMail, case.id, Some(question.id))?,
        }
    }
    Ok(())
}

/// Keeps an e-mail for the contact centre and asks somebody to read it.
fn for_a_person(
    s: &mut Session<'_>,
    ctx: &Context,
    question: &FollowUp,
    text: &str,
    mail: &OfficerMail,
) -> Result<(TakenAs, bool), CasesError> {
    let mut case = load_case(s, question.case_id)?;
    let text = plain(text, NOTE_CHARS_MAX);
    let same = queries::store_follow_ups::notes_of(s, case.id)?
        .into_iter()
        .any(|note| note.follow_up_id == Some(question.id) && !note.public && note.text == text);
    if same {
        return Ok((TakenAs::ForAPerson, true));
    }
    let note = match write_note(s, ctx, &case, text, false, Some(question.id)) {
        Ok(note) => Some(note),
        Err(CasesError::Storage(error)) => return Err(error.into()),
        // A case with too many notes: the letter itself is still in its mailbox.
        Err(_) => None,
    };
    keep_files(s, ctx, question, mail, note)?;
    add_task(s, ctx, TaskKind::ReadOfficerMail, case.id, Some(question.id))?;
    touch(s, ctx, &mut case)?;
    Ok((TakenAs::ForAPerson, false))
}

/// A text that can be kept and shown: without what cannot be printed, and no longer than `chars_max`.
fn plain(text: &str, chars_max: usize) -> String {
    let lines = text.lines().map(|line| {
        let printable: String =
            line.chars().map(|c| if c == '\t' { ' ' } else { c }).filter(|c| !c.is_control()).collect();
        printable.trim_end().to_owned()
    });
    let whole = lines.collect::<Vec<_>>().join("\n");
    whole.trim().chars().take(chars_max).collect::<String>().trim_end().to_owned()
}
