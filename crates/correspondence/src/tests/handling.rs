//! What guides do with conversations, and what is measured of it.

use super::{KIM, World, each, letter};
use crate::commands::{
    Answer, Close, PutMailbox, PutTemplate, Question, answer, ask, close, join_case, mark_spam,
    open_conversation, put_mailbox, put_template, release, take, unmark_spam, write_note,
};
use crate::queries::{self, Inbox};
use crate::{ConversationState, CorrespondenceError, Filed, LetterKind};
use cases::Viewer;
use storage::params;
use vocabulary::{Actor, ContactOutcome, ConversationId, GenericUuid as _, Language, UserId, start_of_day};

fn received(w: &World, number: u64) -> ConversationId {
    let incoming = letter(w, number, KIM, "Det är ett hål.\nStort.");
    w.receive(&incoming).conversation().unwrap()
}

fn an_answer(id: ConversationId, text: &str) -> Answer {
    Answer { conversation: id, text: text.to_owned(), draft_version: 0, files: Vec::new(), close: None }
}

fn answers(w: &World, user: UserId, cmd: &Answer) -> Result<vocabulary::LetterId, CorrespondenceError> {
    let cmd = cmd.clone();
    w.by(user, move |s, ctx, settings| answer(s, ctx, settings, &cmd))
}

fn how(w: &World) -> Close {
    Close { case_type: w.pothole, outcome: ContactOutcome::Solved, note: String::new() }
}

#[test]
fn one_guide_at_a_time_has_a_conversation() {
    each(|w| {
        let id = received(w, 1);
        let takes = |user, over| w.by(user, move |s, ctx, _| take(s, ctx, id, over));
        assert_eq!(takes(w.anna, false).unwrap().taken_by, Some(w.anna));
        takes(w.anna, false).unwrap();
        assert!(matches!(takes(w.bo, false), Err(CorrespondenceError::TakenBy(who)) if who == w.anna));
        assert!(matches!(answers(w, w.bo, &an_answer(id, "Hej")), Err(CorrespondenceError::TakenBy(_))));
        assert!(w.by(w.bo, move |s, ctx, _| release(s, ctx, id)).is_err());
        assert_eq!(takes(w.bo, true).unwrap().taken_by, Some(w.bo));
        w.by(w.bo, move |s, ctx, _| release(s, ctx, id)).unwrap();
        w.by(w.bo, move |s, ctx, _| release(s, ctx, id)).unwrap();
        assert_eq!(w.conversation(id).taken_by, None);
    });
}

#[test]
fn an_answer_goes_out_once_signed_and_with_what_it_answers() {
    each(|w| {
        let id = received(w, 1);
        let cmd = an_answer(id, "Vi lagar det i dag.");
        let first = answers(w, w.anna, &cmd).unwrap();
        assert_eq!(answers(w, w.anna, &cmd).unwrap(), first, "pressed twice");
        let out = w.outgoing();
        let sent = out.last().unwrap();
        assert_eq!(out.len(), 2, "the receipt and the answer");
        assert!(!sent.auto);
        assert_eq!((sent.subject.as_str(), sent.mailbox_id), ("Re: Hål i gatan", Some(w.mailbox)));
        assert_eq!(
            sent.body,
            "Vi lagar det i dag.\n\n-- \nKontaktcenter Vikhamn\n\n\
             Den 2026-11-02 skrev Kim Ek:\n> Det är ett hål.\n> Stort.\n"
        );
        let conversation = w.conversation(id);
        assert_eq!((conversation.state, conversation.due_day), (ConversationState::Answered, None));
        let contact = conversation.contact_id.unwrap();
        let contact = w.read(move |s| contacts::queries::by_id(s, contact)).unwrap();
        assert_eq!((contact.guide, contact.ending), (Some(w.anna), Some(contacts_ending())));
        let unlogged = w.anna;
        assert_eq!(
            w.read(move |s| contacts::queries::unlogged_of(s, unlogged, 10)).len(),
            1,
            "to be logged like a call"
        );
    });
}

fn contacts_ending() -> contacts::Ending {
    contacts::Ending::Handled
}

#[test]
fn a_placeholder_left_open_stops_the_letter() {
    each(|w| {
        let id = received(w, 1);
        let refused = answers(w, w.anna, &an_answer(id, "Hej {namn}!")).unwrap_err();
        assert!(matches!(refused, CorrespondenceError::Placeholder(_)), "{refused}");
        let template = |text: &'static str| {
            w.by(w.anna, move |s, ctx, _| {
                let cmd = PutTemplate {
                    id: None,
                    name: "Tack".to_owned(),
                    language: Language::Swedish,
                    text: text.to_owned(),
                    active: true,
                };
                put_template(s, ctx, &cmd)
            })
        };
        assert!(template("Hej {namn}, ärende {ärendenummer}.").is_ok());
        assert!(
            matches!(template("Hej {nam}"), Err(CorrespondenceError::Placeholder(word)) if word == "nam")
        );
    });
}

#[test]
fn closing_logs_the_contact_and_ends_the_wait() {
    each(|w| {
        let id = received(w, 1);
        let how = how(w);
        let again = how.clone();
        w.by(w.anna, move |s, ctx, _| close(s, ctx, id, &how)).unwrap();
        w.by(w.anna, move |s, ctx, _| close(s, ctx, id, &again)).unwrap();
        let conversation = w.conversation(id);
        assert_eq!(conversation.state, ConversationState::Closed);
        let contact = conversation.contact_id.unwrap();
        let contact = w.read(move |s| contacts::queries::by_id(s, contact)).unwrap();
        assert_eq!(contact.outcome, Some(ContactOutcome::Solved));
        // Somebody else goes on with it when the resident writes again.
        let mut more = letter(w, 2, KIM, "Ett hål till.");
        more.in_reply_to = vec!["in-1@example.se".to_owned()];
        assert_eq!(w.receive(&more), Filed::Joined(id));
        let mut cmd = an_answer(id, "Det också.");
        cmd.close = Some(super::super::commands::Close {
            case_type: w.pothole,
            outcome: ContactOutcome::Forwarded,
            note: String::new(),
        });
        answers(w, w.bo, &cmd).unwrap();
        assert_eq!(w.conversation(id).state, ConversationState::Closed);
    });
}

#[test]
fn spam_is_measured_by_nobody_and_can_be_taken_back() {
    each(|w| {
        let id = received(w, 1);
        let before = w.conversation(id);
        w.by(w.anna, move |s, ctx, _| mark_spam(s, ctx, id)).unwrap();
        w.by(w.anna, move |s, ctx, _| mark_spam(s, ctx, id)).unwrap();
        assert!(answers(w, w.anna, &an_answer(id, "Hej")).is_err());
        let mailbox = w.mailbox;
        let measure = |w: &World| {
            let today = vocabulary::local_day(w.ctx(Actor::System).now);
            w.read(move |s| {
                queries::answer_measure(s, mailbox, start_of_day("2026-11-01".parse().unwrap()), today)
            })
        };
        assert_eq!(measure(w).counted(), 0);
        w.at("2026-11-03T09:00:00Z");
        w.by(w.anna, move |s, ctx, _| unmark_spam(s, ctx, id)).unwrap();
        let after = w.conversation(id);
        assert_eq!(
            (after.waiting_since_at, after.due_day),
            (before.waiting_since_at, before.due_day),
            "no time won"
        );
        answers(w, w.anna, &an_answer(id, "Hej")).unwrap();
        assert_eq!((measure(w).ended, measure(w).in_time), (1, 1));
    });
}

#[test]
fn the_measure_counts_what_was_late_and_what_still_is() {
    each(|w| {
        let (first, second, _third) = (received(w, 1), received(w, 2), received(w, 3));
        w.at("2026-11-02T10:00:00Z");
        answers(w, w.anna, &an_answer(first, "I tid")).unwrap();
        w.at("2026-11-05T09:00:00Z");
        answers(w, w.anna, &an_answer(second, "För sent")).unwrap();
        let (mailbox, anna) = (w.mailbox, w.anna);
        let today = "2026-11-05".parse().unwrap();
        let since = start_of_day("2026-11-01".parse().unwrap());
        let measure = w.read(move |s| queries::answer_measure(s, mailbox, since, today));
        assert_eq!((measure.ended, measure.in_time, measure.overdue), (2, 1, 1));
        let off = measure.mean().unwrap().as_secs() - (3_600 + 3 * 86_400) / 2;
        assert!(off.abs() <= 1, "{off} s from the mean of an hour and three days");
        let all = w.read(move |s| queries::answer_measures(s, since, today));
        assert_eq!(all, measure, "the other mailbox has none");
        let viewer = Viewer::of(Actor::User(anna));
        let waiting = w.read(move |s| queries::inbox(s, viewer, Some(mailbox), Inbox::Waiting));
        assert_eq!(waiting.len(), 1);
        let urgent = w.read(move |s| queries::most_urgent_for(s, viewer, anna)).unwrap();
        assert_eq!(urgent.conversation.id, waiting[0].conversation.id);
        assert_eq!(w.read(move |s| queries::waiting_count(s, mailbox)), 1);
    });
}

#[test]
fn what_belongs_to_a_secret_case_is_sealed_and_answered_on_the_case() {
    each(|w| {
        let id = received(w, 1);
        let case = w.a_case(w.worry);
        let case_id = case.id;
        let refused = w.by(w.bo, move |s, ctx, settings| join_case(s, ctx, settings, id, case_id, false));
        assert!(refused.is_err(), "Bo is not named in it");
        w.by(w.anna, move |s, ctx, settings| join_case(s, ctx, settings, id, case_id, true)).unwrap();
        let opens = |user| w.by(user, move |s, ctx, _| open_conversation(s, ctx, id));
        assert!(matches!(opens(w.bo), Err(CorrespondenceError::Secret)));
        assert!(opens(w.anna).is_ok());
        let (bo, mailbox) = (Viewer::of(Actor::User(w.bo)), w.mailbox);
        let lines = w.read(move |s| queries::inbox(s, bo, Some(mailbox), Inbox::Waiting));
        for line in lines {
            assert!(
                line.sealed
                    && line.conversation.subject.is_empty()
                    && line.conversation.sender_email.is_empty()
            );
        }
        answers(w, w.anna, &an_answer(id, "Vi har hört av oss till skolan.")).unwrap();
        let leaked = w.outgoing().iter().any(|m| m.body.contains("skolan") || m.body.contains("hål"));
        assert!(!leaked, "a secret case's text does not travel by e-mail");
        assert_eq!(w.kinds(id).last(), Some(&LetterKind::Sent));
    });
}

#[test]
fn opening_is_written_down_and_notes_stay_inside() {
    each(|w| {
        let id = received(w, 1);
        let out = w.outgoing().len();
        w.by(w.anna, move |s, ctx, _| write_note(s, ctx, id, "Ring efter klockan fyra.")).unwrap();
        w.by(w.anna, move |s, ctx, _| open_conversation(s, ctx, id)).unwrap();
        assert_eq!(w.outgoing().len(), out);
        let opened = w.read(move |s| {
            s.rows(
                storage::sql!("SELECT actor_id FROM timeline WHERE kind = 'opened' AND subject_id = $1"),
                params![id.into_untyped_uuid()],
                |r| r.get::<uuid::Uuid>(0),
            )
        });
        assert_eq!(opened, [w.anna.into_untyped_uuid()]);
    });
}

#[test]
fn a_question_from_the_web_takes_the_same_path() {
    each(|w| {
        let asks = |question: Question| w.by(w.anna, move |s, ctx, _| ask(s, ctx, &question));
        let question =
            Question { text: "När öppnar badet?".to_owned(), email: KIM.to_owned(), ..Question::default() };
        let asked = asks(question.clone()).unwrap();
        assert_eq!(asked.conversation.channel, vocabulary::Channel::Web);
        assert_eq!(asked.conversation.resident_id, Some(w.kim));
        assert_eq!(asked.conversation.mailbox_id, w.mailbox, "the one that takes the web's");
        assert_eq!(asked.conversation.subject, "När öppnar badet?");
        assert_eq!(asked.due_day, Some("2026-11-04".parse().unwrap()));
        answers(w, w.anna, &an_answer(asked.conversation.id, "Klockan tio.")).unwrap();
        assert_eq!(w.outgoing().last().unwrap().recipient, KIM);
        // By telephone only: no letter can be sent, but it can be closed.
        let by_telephone =
            Question { email: String::new(), telephone: "070-111 22 33".into(), ..question.clone() };
        let asked = asks(by_telephone).unwrap();
        let refused = answers(w, w.anna, &an_answer(asked.conversation.id, "Hej")).unwrap_err();
        assert!(matches!(refused, CorrespondenceError::NoAddress), "{refused}");
        for bad in [
            Question { email: String::new(), ..question.clone() },
            Question { email: "kim".to_owned(), ..question.clone() },
            Question { text: " ".to_owned(), ..question.clone() },
            Question { text: "x".repeat(20_000), ..question },
        ] {
            assert!(asks(bad).is_err());
        }
    });
}

#[test]
fn a_mailbox_has_a_clock_of_one_or_two_days_and_an_address_of_its_own() {
    each(|w| {
        let put = |id, address: &str, days| {
            let cmd = PutMailbox {
                id,
                address: address.to_owned(),
                name: "Kontakt".to_owned(),
                answer_group_id: None,
                clock_working_days: days,
                signature: String::new(),
                acknowledge: false,
                acknowledgement: String::new(),
                takes_web: true,
                active: true,
            };
            w.by(w.anna, move |s, ctx, _| put_mailbox(s, ctx, &cmd))
        };
        assert!(matches!(put(None, "ny@vikhamn.example", 3), Err(CorrespondenceError::Clock)));
        assert!(matches!(
            put(Some(w.other_mailbox), super::ADDRESS, 1),
            Err(CorrespondenceError::AddressTaken)
        ));
        assert_eq!(put(None, super::ADDRESS, 1).unwrap().id, w.mailbox, "known by its address");
        assert_ne!(put(None, "ny@vikhamn.example", 2).unwrap().id, w.mailbox);
    });
}
