use super::{RESIDENT_EMAIL, World, each};
use crate::commands::{OfficerAnswer, RegisterCase, TaskEnd, complete_task, officer_token};
use crate::queries::officer_page;
use crate::{CasesError, FollowUpState, TaskKind};
use people::SigningKey;
use vocabulary::civil::{Date, date};
use vocabulary::{CaseOutcome, CaseStatus, Clock as _};

fn done(text: &str, public: bool) -> OfficerAnswer {
    OfficerAnswer::Done { text: text.to_owned(), public }
}

fn more_time(until: Date) -> OfficerAnswer {
    OfficerAnswer::MoreTime { until, reason: "Materialet är beställt.".to_owned() }
}

fn wrong(reason: &str) -> OfficerAnswer {
    OfficerAnswer::WrongRecipient { reason: reason.to_owned(), suggestion: "Park och natur".to_owned() }
}

fn kinds(world: &World, case: &crate::Case) -> Vec<TaskKind> {
    world.page(case).tasks.iter().map(|task| task.kind).collect()
}

#[test]
fn done_closes_the_case_and_the_resident_may_read_the_answer() {
    each(|world| {
        let (case, asked) = world.forwarded();
        let (answered, letters) =
            world.letters_of(|| world.answer(&asked.token, done("Lagad i går.", true)).unwrap());
        assert_eq!((answered.already, answered.follow_up.state), (false, FollowUpState::Done));
        let page = world.page(&case);
        assert_eq!((page.case.status, page.case.outcome), (CaseStatus::Solved, Some(CaseOutcome::Forwarded)));
        assert_eq!(page.case.closed_at, Some(world.clock.now()));
        let note = &page.notes[0];
        assert_eq!(
            (note.author_kind.as_str(), note.public, note.text.as_str()),
            ("officer", true, "Lagad i går.")
        );
        let [letter] = letters.as_slice() else { panic!("{letters:?}") };
        assert_eq!(letter.to, RESIDENT_EMAIL);
        assert_eq!(letter.subject, "Ditt ärende KC-26110001: du har fått ett svar");
        assert!(!letter.body.contains("Lagad i går"), "the answer is read on the page");
        assert!(page.tasks.is_empty());
        let entry = page.timeline.iter().find(|line| line.kind == "follow_up_answered").unwrap();
        assert_eq!(entry.actor_kind, "officer");
        assert!(page.timeline.iter().all(|line| line.detail.as_ref().is_none_or(|d| !d.contains("Lagad"))));
    });
}

#[test]
fn the_same_answer_twice_is_one_and_another_comes_too_late() {
    each(|world| {
        let (case, asked) = world.forwarded();
        world.answer(&asked.token, done("Lagad.", true)).unwrap();
        let (again, letters) =
            world.letters_of(|| world.answer(&asked.token, done(" Lagad.\r\n", true)).unwrap());
        assert!(again.already && letters.is_empty());
        for other in [done("Nej, inte alls.", true), wrong("Inte vårt."), more_time(date(2026, 11, 20))] {
            let refused = world.answer(&asked.token, other).unwrap_err();
            assert!(matches!(
                refused,
                CasesError::AlreadyAnswered { state: FollowUpState::Done, at: Some(_) }
            ));
        }
        assert_eq!(world.page(&case).notes.len(), 1);
        let (key, token, now) = (world.settings.signing_key.clone(), asked.token.clone(), world.clock.now());
        let page = world.read(move |s| officer_page(s, &key, &token, now)).unwrap();
        assert_eq!((page.follow_up.state, page.answer.as_deref()), (FollowUpState::Done, Some("Lagad.")));
    });
}

#[test]
fn an_answer_lots_cannot_give_becomes_a_task_for_a_person() {
    each(|world| {
        let hidden_answer = world.forwarded();
        world.answer(&hidden_answer.1.token, done("Ring och säg att det tar tid.", false)).unwrap();
        assert_eq!(kinds(world, &hidden_answer.0), [TaskKind::TellResident]);
        for resident in [world.without_email, world.protected] {
            let cmd = RegisterCase { resident_id: Some(resident), ..world.a_case() };
            let ((case, asked), letters) = world.letters_of(|| world.forwarded_as(cmd));
            assert_eq!(letters.len(), 1, "only the officer gets a letter");
            world.answer(&asked.token, done("Lagad.", true)).unwrap();
            assert_eq!(kinds(world, &case), [TaskKind::TellResident]);
            let task = world.page(&case).tasks[0].id;
            let told = TaskEnd::ResidentTold { note: "Nöjd.".to_owned() };
            world.by_guide(move |s, ctx, settings| complete_task(s, ctx, settings, task, &told)).unwrap();
            assert!(world.page(&case).tasks.is_empty());
        }
        let (unknown, asked) = world.forwarded_as(RegisterCase { resident_id: None, ..world.a_case() });
        world.answer(&asked.token, done("Lagad.", false)).unwrap();
        assert!(kinds(world, &unknown).is_empty(), "nobody to tell");
    });
}

#[test]
fn a_case_with_two_officers_is_done_when_both_are() {
    each(|world| {
        let (case, maja) = world.forwarded();
        let olle = world.forward(&case, Some(world.olle), "Kan ni skylta?").unwrap();
        world.answer(&maja.token, done("Lagad.", true)).unwrap();
        assert_eq!(world.page(&case).case.status, CaseStatus::WaitingForDepartment);
        world.answer(&olle.token, done("Skyltad.", true)).unwrap();
        assert_eq!(world.page(&case).case.status, CaseStatus::Solved);
        assert_eq!(world.page(&case).notes.len(), 2);
    });
}

#[test]
fn more_time_moves_the_clock_within_bounds_and_twice_is_once() {
    each(|world| {
        let (case, asked) = world.forwarded();
        for until in [date(2026, 11, 2), date(2026, 10, 1), date(2027, 5, 2), date(9999, 12, 31)] {
            let refused = world.answer(&asked.token, more_time(until)).unwrap_err();
            assert!(matches!(
                refused,
                CasesError::DayOutOfRange { earliest, latest }
                    if earliest == date(2026, 11, 3) && latest == date(2027, 5, 1)
            ));
        }
        let until = date(2026, 11, 27);
        let (answered, letters) = world.letters_of(|| world.answer(&asked.token, more_time(until)).unwrap());
        assert!(letters.is_empty(), "the status is the same");
        assert_eq!(answered.follow_up.clock.due_day, until);
        assert_eq!(answered.follow_up.clock.reminder_at.unwrap().to_string(), "2026-11-30T07:00:00Z");
        assert!(world.answer(&asked.token, more_time(until)).unwrap().already);
        let page = world.page(&case);
        assert_eq!((page.case.status, page.notes.len()), (CaseStatus::WaitingForDepartment, 1));
        assert!(!page.notes[0].public, "why it takes longer stays in the house");
        assert_eq!(
            world.pass_to("2026-11-28T09:00:00Z"),
            3,
            "the old reminder, call task and escalation run and find nothing"
        );
        assert!(kinds(world, &case).is_empty());
    });
}

#[test]
fn a_wrong_recipient_becomes_a_task_that_a_new_question_finishes() {
    each(|world| {
        let (case, asked) = world.forwarded();
        let (_, letters) =
            world.letters_of(|| world.answer(&asked.token, wrong("Skötseln är inte vår.")).unwrap());
        assert_eq!(letters.len(), 1, "the resident is told that the case is back");
        assert!(world.answer(&asked.token, wrong("Skötseln är inte vår.")).unwrap().already);
        let page = world.page(&case);
        assert_eq!(page.case.status, CaseStatus::Ongoing);
        assert_eq!(page.notes[0].text, "Skötseln är inte vår.\n\nPark och natur");
        assert!(!page.notes[0].public);
        let (key, token, now) = (world.settings.signing_key.clone(), asked.token.clone(), world.clock.now());
        let seen = world.read(move |s| officer_page(s, &key, &token, now)).unwrap();
        assert!(seen.matter.is_none(), "who is the wrong one reads no more of it");
        let (task, olle) = (page.tasks[0].clone(), world.olle);
        assert_eq!(task.kind, TaskKind::FindRecipient);
        let sent = TaskEnd::SentTo { officer_id: olle, message: String::new() };
        let finished =
            world.by_guide(move |s, ctx, settings| complete_task(s, ctx, settings, task.id, &sent)).unwrap();
        assert_eq!(finished.done_by, Some(world.guide));
        let page = world.page(&case);
        assert!(page.tasks.is_empty());
        let asked = page.follow_ups.iter().find(|asked| asked.officer.id == olle).unwrap();
        assert_eq!(asked.follow_up.message, "Kan ni laga den?");
    });
}

#[test]
fn an_empty_or_overlong_answer_is_refused_and_nothing_is_kept() {
    each(|world| {
        let (case, asked) = world.forwarded();
        for bad in [done(" \n ", true), done(&"å".repeat(10_001), true), wrong(""), done("a\u{202e}b", true)]
        {
            assert!(matches!(world.answer(&asked.token, bad).unwrap_err(), CasesError::Text(_)));
        }
        let page = world.page(&case);
        assert!(page.notes.is_empty());
        assert_eq!(page.follow_ups[0].follow_up.state, FollowUpState::Waiting);
    });
}

#[test]
fn a_token_of_another_instance_answers_nothing() {
    each(|world| {
        let (_, asked) = world.forwarded();
        let mut settings = (*world.settings).clone();
        settings.signing_key = SigningKey::from_bytes([6; 32]);
        let question = asked.follow_up.id;
        let forged = world.read(move |s| officer_token(s, &settings, question)).unwrap();
        assert_ne!(forged, asked.token);
        for token in [forged.as_str(), "", "x", &asked.token[1..], &format!("{}A", asked.token)] {
            let refused = world.answer(token, done("Lagad.", true)).unwrap_err();
            assert!(matches!(refused, CasesError::Link(crate::LinkError::Forged)), "{token}");
        }
        assert!(!world.answer(&asked.token, done("Lagad.", true)).unwrap().already);
    });
}
