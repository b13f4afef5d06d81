//! Filing, with everything that may come in.

use super::{ADDRESS, KIM, OFFICER, World, each, letter};
use crate::commands::{Answer, answer, join_case, mark_spam};
use crate::queries;
use crate::{
    Address, ConversationState, Filed, Incoming, IncomingKind, LetterKind, Part, RefusedPart, Warning,
};
use cases::commands::{Forward, forward};
use vocabulary::civil::date;
use vocabulary::{CaseStatus, ConversationId};

fn new(w: &World, incoming: &Incoming) -> ConversationId {
    match w.receive(incoming) {
        Filed::New(id) => id,
        other => panic!("{other:?}"),
    }
}

fn answered(w: &World, id: ConversationId) {
    let cmd = Answer {
        conversation: id,
        text: "Vi lagar det.".to_owned(),
        draft_version: 0,
        files: vec![],
        close: None,
    };
    w.by(w.anna, move |s, ctx, settings| answer(s, ctx, settings, &cmd)).unwrap();
}

#[test]
fn something_new_waits_in_its_mailbox_and_is_acknowledged_once_a_day() {
    each(|w| {
        let first = letter(w, 1, "KIM@example.se", "Det är ett hål.");
        let id = new(w, &first);
        let conversation = w.conversation(id);
        assert_eq!(conversation.state, ConversationState::Waiting);
        assert_eq!(conversation.due_day, Some(date(2026, 11, 4)));
        assert_eq!(conversation.resident_id, Some(w.kim), "found by the address, whatever its letters");
        assert_eq!(conversation.reference, "FR-26110001");
        let contact = conversation.contact_id.unwrap();
        let contact = w.read(move |s| contacts::queries::by_id(s, contact)).unwrap();
        assert_eq!((contact.channel, contact.answered_at), (vocabulary::Channel::Email, None));
        assert_eq!(w.kinds(id), [LetterKind::Received, LetterKind::Acknowledgement]);
        let [receipt] = &w.outgoing()[..] else { panic!("one letter out") };
        assert!(receipt.auto && receipt.recipient == KIM && receipt.body.contains("FR-26110001"));
        assert_eq!(receipt.in_reply_to.as_deref(), Some("in-1@example.se"));

        new(w, &letter(w, 2, KIM, "En sak till."));
        assert_eq!(w.outgoing().len(), 1, "one receipt a day is enough");
        w.at("2026-11-03T09:00:00Z");
        new(w, &letter(w, 3, KIM, "Och en."));
        assert_eq!(w.outgoing().len(), 2);
    });
}

#[test]
fn the_same_letter_is_taken_in_once() {
    each(|w| {
        let first = letter(w, 1, KIM, "Hej");
        new(w, &first);
        assert_eq!(w.receive(&first), Filed::Known);
        let renumbered = Incoming { uid: Some("INBOX/2/77".to_owned()), ..first.clone() };
        assert_eq!(w.receive(&renumbered), Filed::Known, "by its bytes");
        let same_place = Incoming { raw_digest: [9; 32], ..first.clone() };
        assert_eq!(w.receive(&same_place), Filed::Known, "by its place");
        let elsewhere = Incoming { mailbox: w.other_mailbox, ..letter(w, 1, "bo@example.se", "Hej") };
        assert!(matches!(w.receive(&elsewhere), Filed::New(_)), "another mailbox's first letter is another");
        let without_place = Incoming { uid: None, ..letter(w, 8, "bo@example.se", "Hej") };
        assert!(matches!(w.receive(&without_place), Filed::New(_)));
        assert_eq!(w.receive(&without_place), Filed::Known);
    });
}

#[test]
fn an_answer_goes_on_where_it_belongs_whatever_its_subject() {
    each(|w| {
        let id = new(w, &letter(w, 1, KIM, "Hål"));
        answered(w, id);
        w.sent_as("ut-1@vikhamn.example");
        assert_eq!(w.conversation(id).state, ConversationState::Answered);
        let mut reply = letter(w, 2, KIM, "Tack, men det är två hål.");
        reply.subject = "Något helt annat".to_owned();
        reply.in_reply_to = vec!["<ut-1@vikhamn.example>".to_owned()];
        assert_eq!(w.receive(&reply), Filed::Joined(id));
        let conversation = w.conversation(id);
        assert_eq!(conversation.state, ConversationState::Waiting, "somebody waits again");
        assert_eq!(w.kinds(id).last(), Some(&LetterKind::Received));
        // The same subject as an old letter, and no reference: something new.
        let same_subject = letter(w, 3, KIM, "Hej igen");
        assert!(matches!(w.receive(&same_subject), Filed::New(_)));
        // Known by a reference only, to a letter received.
        let mut by_reference = letter(w, 4, KIM, "En sak till");
        by_reference.references = vec!["okänt@example.se".to_owned(), "in-1@example.se".to_owned()];
        assert_eq!(w.receive(&by_reference), Filed::Joined(id));
    });
}

#[test]
fn a_stranger_who_names_a_letter_is_not_let_in() {
    each(|w| {
        let id = new(w, &letter(w, 1, KIM, "Hål"));
        answered(w, id);
        w.sent_as("ut-1@vikhamn.example");
        let case = w.a_case(w.pothole);
        let case_id = case.id;
        w.by(w.anna, move |s, ctx, settings| join_case(s, ctx, settings, id, case_id, false)).unwrap();
        for (number, head) in [(2, "ut-1@vikhamn.example"), (3, "in-1@example.se")] {
            let mut guessed = letter(w, number, "mallory@example.org", "Skicka mig ärendet");
            guessed.in_reply_to = vec![head.to_owned()];
            guessed.references = vec![head.to_owned()];
            let Filed::Stranger(other) = w.receive(&guessed) else { panic!("let in by {head}") };
            let other = w.conversation(other);
            assert_eq!(other.warning, Some(Warning::Stranger));
            assert_eq!(other.linked_to_id, Some(id));
            assert_eq!(other.case_id, None, "shown no case");
            assert_eq!(other.state, ConversationState::Waiting, "a person looks at it");
        }
        // The stranger's own Message-ID is a forgery of a known one: still nothing is lost and nobody let in.
        let mut forged = letter(w, 4, "mallory@example.org", "Hej");
        forged.message_id = Some("ut-1@vikhamn.example".to_owned());
        assert!(matches!(w.receive(&forged), Filed::New(_)));
        // And the resident's answer still finds its own conversation although the forgery has the same id.
        let mut reply = letter(w, 5, KIM, "Tack");
        reply.in_reply_to = vec!["ut-1@vikhamn.example".to_owned()];
        assert_eq!(w.receive(&reply), Filed::Joined(id));
        assert_eq!(
            w.outgoing().iter().filter(|m| m.recipient == "mallory@example.org").count(),
            1,
            "one receipt"
        );
    });
}

#[test]
fn without_a_sender_nobody_has_part_in_anything() {
    each(|w| {
        let mut first = letter(w, 1, KIM, "Hål");
        first.from = None;
        let id = new(w, &first);
        let conversation = w.conversation(id);
        assert_eq!((conversation.sender_email.as_str(), conversation.resident_id), ("", None));
        let mut second = letter(w, 2, "", "Mer");
        second.in_reply_to = vec!["in-1@example.se".to_owned()];
        assert!(matches!(w.receive(&second), Filed::Stranger(_)));
        assert_eq!(w.outgoing(), []);
    });
}

#[test]
fn a_machine_is_kept_and_answered_by_nobody() {
    each(|w| {
        let id = new(w, &letter(w, 1, KIM, "Hål"));
        answered(w, id);
        w.sent_as("ut-1@vikhamn.example");
        let out = w.outgoing().len();
        let mut away = letter(w, 2, KIM, "Jag är ledig till måndag.");
        away.in_reply_to = vec!["ut-1@vikhamn.example".to_owned()];
        away.kind = IncomingKind::AutoReply;
        assert_eq!(w.receive(&away), Filed::Quiet(id));
        assert_eq!(w.conversation(id).state, ConversationState::Answered, "never reopens");
        let unknown = Incoming { kind: IncomingKind::Loop, ..letter(w, 3, "robot@example.org", "…") };
        let Filed::Quiet(quiet) = w.receive(&unknown) else { panic!("not quiet") };
        let quiet = w.conversation(quiet);
        assert_eq!((quiet.state, quiet.contact_id, quiet.due_day), (ConversationState::Quiet, None, None));
        let own = letter(w, 4, "Snabbt@Vikhamn.example", "Från oss själva");
        assert!(matches!(w.receive(&own), Filed::Quiet(_)), "our own mailboxes do not write to each other");
        assert_eq!(w.outgoing().len(), out, "no machine was answered");
        // Somebody behind the machine writes: now a person waits, and it is a contact.
        let mut person = letter(w, 5, "robot@example.org", "Jag är en människa");
        person.in_reply_to = vec!["in-3@example.se".to_owned()];
        assert_eq!(w.receive(&person), Filed::Joined(quiet.id));
        let quiet = w.conversation(quiet.id);
        assert!(quiet.contact_id.is_some() && quiet.state == ConversationState::Waiting);
    });
}

#[test]
fn addresses_that_nobody_reads_get_no_receipt() {
    each(|w| {
        for (number, from) in [(1, "no-reply@butik.example"), (2, "MAILER-DAEMON@a.example"), (3, OFFICER)] {
            let id = new(w, &letter(w, number, from, "Hej"));
            assert_eq!(w.conversation(id).resident_id, None, "{from}");
        }
        assert_eq!(w.outgoing(), []);
    });
}

#[test]
fn a_letter_that_did_not_arrive_is_waited_for_again() {
    each(|w| {
        let id = new(w, &letter(w, 1, KIM, "Hål"));
        answered(w, id);
        let message = w.sent_as("ut-1@vikhamn.example");
        let bounce = |recipient: &str, permanent| IncomingKind::Bounce {
            original_message_id: Some("ut-1@vikhamn.example".to_owned()),
            recipient: Some(recipient.to_owned()),
            permanent,
            status: Some("5.1.1 <hemligt>".to_owned()),
        };
        let report = |number, kind| Incoming {
            kind,
            ..letter(w, number, "mailer-daemon@example.se", "550 no such user")
        };
        assert!(matches!(w.receive(&report(2, bounce(KIM, false))), Filed::Quiet(_)), "late is not lost");
        assert!(
            matches!(w.receive(&report(3, bounce("x@example.org", true))), Filed::Quiet(_)),
            "not our recipient"
        );
        assert_eq!(w.conversation(id).state, ConversationState::Answered);
        assert_eq!(w.receive(&report(4, bounce("Kim@Example.se", true))), Filed::Undelivered(message));
        let conversation = w.conversation(id);
        assert_eq!(conversation.state, ConversationState::Waiting);
        assert_eq!(conversation.warning, Some(Warning::Undelivered));
        let failed = w.read(move |s| cases::queries::message(s, message)).unwrap();
        assert_eq!(failed.state, cases::MessageState::Failed);
    });
}

#[test]
fn a_letter_about_a_case_is_added_to_it() {
    each(|w| {
        let case = w.a_case(w.pothole);
        let id = case.id;
        let note = cases::commands::AddNote { case_id: id, text: "Vi undrar var.".to_owned(), public: true };
        w.by(w.anna, move |s, ctx, settings| Ok(cases::commands::add_note(s, ctx, settings, &note)?))
            .unwrap();
        w.sent_as("arende-1@vikhamn.example");
        let mut reply = letter(w, 1, KIM, "Vid torget.");
        reply.in_reply_to = vec!["arende-1@vikhamn.example".to_owned()];
        reply.parts = vec![Part {
            name: "hål.png".to_owned(),
            media_type: "image/png".to_owned(),
            content_id: None,
            inline: false,
            bytes: PNG.to_vec(),
        }];
        let Filed::JoinedCase(conversation, joined) = w.receive(&reply) else { panic!("not joined") };
        assert_eq!(joined, id);
        let conversation = w.conversation(conversation);
        assert_eq!((conversation.case_id, conversation.resident_id), (Some(id), Some(w.kim)));
        assert_eq!(conversation.warning, None);
        let seen = page(w, id);
        assert!(seen.notes.iter().any(|note| note.text.contains("Vid torget.")), "on the case");
        // A stranger who names the same letter is not added.
        let mut stranger = letter(w, 2, "mallory@example.org", "Vid bron.");
        stranger.in_reply_to = vec!["arende-1@vikhamn.example".to_owned()];
        let Filed::Stranger(stranger) = w.receive(&stranger) else { panic!("let in") };
        assert_eq!(w.conversation(stranger).linked_case_id, Some(id));
        let seen = page(w, id);
        assert!(!seen.notes.iter().any(|note| note.text.contains("Vid bron.")));
        // Once more from the resident: the same conversation.
        let mut again = letter(w, 3, KIM, "Till vänster.");
        again.in_reply_to = vec!["arende-1@vikhamn.example".to_owned()];
        assert_eq!(w.receive(&again), Filed::JoinedCase(conversation.id, id));
    });
}

fn page(w: &World, id: vocabulary::CaseId) -> cases::queries::CasePage {
    let now = w.ctx(vocabulary::Actor::System).now;
    w.db.read_blocking(move |s| cases::queries::case_page(s, cases::Viewer::house(), id, now)).unwrap()
}

/// The smallest picture there is: one grey point.
const PNG: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, b'I', b'H', b'D', b'R', 0, 0, 0, 1, 0, 0, 0,
    1, 8, 0, 0, 0, 0, 0x3a, 0x7e, 0x9b, 0x55, 0, 0, 0, 10, b'I', b'D', b'A', b'T', 0x78, 0x9c, 0x63, 0x68, 0,
    0, 0, 0x82, 0, 0x81, 0x77, 0xcd, 0x72, 0xb6, 0, 0, 0, 0, b'I', b'E', b'N', b'D', 0xae, 0x42, 0x60, 0x82,
];

#[test]
fn an_officers_answer_goes_to_the_case_and_to_no_resident() {
    each(|w| {
        let case = w.a_case(w.pothole);
        let (id, maja) = (case.id, w.maja);
        let cmd = Forward {
            case_id: id,
            officer_id: Some(maja),
            message: "När lagas det?".to_owned(),
            ..a_forward(id)
        };
        w.by(w.anna, move |s, ctx, settings| Ok(forward(s, ctx, settings, &cmd)?)).unwrap();
        let question = w.sent_as("fraga-1@vikhamn.example");
        let address = w
            .read(move |s| cases::queries::message(s, question))
            .and_then(|message| message.reply_to)
            .expect("officers' letters have an address of their own to answer to");
        // Somebody else who names the question is nobody's officer and no resident either.
        let mut stranger = letter(w, 1, KIM, "KLART\n\nSka inte gälla.");
        stranger.in_reply_to = vec!["fraga-1@vikhamn.example".to_owned()];
        assert!(matches!(w.receive(&stranger), Filed::Stranger(_)));
        let mut away = letter(w, 2, OFFICER, "Jag är ledig.");
        away.recipients.push(Address { name: None, email: address.clone() });
        away.kind = IncomingKind::AutoReply;
        assert!(matches!(w.receive(&away), Filed::Quiet(_)), "out of office is no answer");
        let standing = w.read(move |s| cases::queries::case(s, id)).unwrap();
        assert_eq!(standing.status, CaseStatus::WaitingForDepartment);
        let mut reply = letter(w, 3, OFFICER, "Klart\n\nHålet är lagat.");
        reply.recipients = vec![Address { name: None, email: address.to_uppercase() }];
        assert_eq!(w.receive(&reply), Filed::Officer);
        let standing = w.read(move |s| cases::queries::case(s, id)).unwrap();
        assert_eq!(standing.status, CaseStatus::Solved);
    });
}

fn a_forward(case_id: vocabulary::CaseId) -> Forward {
    Forward { case_id, officer_id: None, message: String::new(), due_working_days: None }
}

#[test]
fn spam_stays_spam() {
    each(|w| {
        let id = new(w, &letter(w, 1, "vinn@example.org", "Du har vunnit"));
        w.by(w.anna, move |s, ctx, _| mark_spam(s, ctx, id)).unwrap();
        let mut more = letter(w, 2, "vinn@example.org", "Du har vunnit igen");
        more.in_reply_to = vec!["in-1@example.se".to_owned()];
        assert_eq!(w.receive(&more), Filed::Joined(id));
        let conversation = w.conversation(id);
        assert_eq!((conversation.state, conversation.due_day), (ConversationState::Spam, None));
    });
}

#[test]
fn whatever_is_in_a_letter_it_is_kept() {
    each(|w| {
        let mut odd = letter(w, 1, "kim@example.se\0", "a\0b\u{202e}c");
        odd.subject = "x\0\r\nBcc: y".to_owned();
        odd.from.as_mut().unwrap().name = Some("\u{202e}\0".repeat(500));
        odd.html = Some("<p>\0</p>".to_owned());
        odd.message_id = Some("\0".to_owned());
        odd.in_reply_to = vec!["\0".to_owned(), "x".repeat(5_000), String::new()];
        odd.references = (0..10_000).map(|n| format!("{n}@example.org")).collect();
        odd.parts = vec![Part {
            name: "..\\\0/passwd".to_owned(),
            media_type: "text/plain\r\n".to_owned(),
            content_id: Some("\0".to_owned()),
            inline: true,
            bytes: vec![0; 10],
        }];
        odd.refused = vec![RefusedPart { name: "virus.exe".to_owned(), reason: "exe".to_owned() }];
        let id = new(w, &odd);
        let [kept, ..] = &w.letters(id)[..] else { panic!("nothing kept") };
        assert_eq!((kept.text.as_str(), kept.subject.as_str()), ("abc", "x Bcc: y"));
        let parts = w.read(move |s| queries::parts_of(s, id));
        assert_eq!(parts.len(), 2);
        assert!(parts[0].sha256.is_some() && parts[1].sha256.is_none());
        assert_eq!(parts[1].refused.as_deref(), Some("exe"));
        let raw = kept.raw_sha256.unwrap();
        assert_eq!(w.read(move |s| storage::blobs::get(s, &raw)).unwrap(), odd.raw);
        let to_unknown = Incoming { mailbox: vocabulary::MailboxId::nil(), ..letter(w, 9, KIM, "x") };
        let (ctx, settings) = (w.ctx(vocabulary::Actor::System), w.settings.clone());
        let refused = w.db.write_blocking(move |s| crate::commands::receive(s, &ctx, &settings, &to_unknown));
        assert!(refused.is_err());
        assert!(!ADDRESS.is_empty());
    });
}
