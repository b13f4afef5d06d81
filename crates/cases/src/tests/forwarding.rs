use super::{OFFICER_EMAIL, RESIDENT_EMAIL, each};
use crate::commands::{
    ChangeRecipient, OfficerAnswer, RegisterCase, Solve, change_recipient, reopen, solve, withdraw,
};
use crate::queries::officer_page;
use crate::{CasesError, FollowUpState, LinkError};
use vocabulary::civil::date;
use vocabulary::{CaseOutcome, CaseStatus, Clock as _, OfficerId, SecrecyClass};

#[test]
fn forwarding_asks_the_officer_starts_the_clock_and_tells_the_resident() {
    each(|world| {
        let ((case, asked), letters) = world.letters_of(|| world.forwarded());
        let [to_officer, to_resident] = letters.as_slice() else { panic!("{letters:?}") };
        assert_eq!(to_officer.to, OFFICER_EMAIL);
        assert_eq!(to_officer.subject, "Ärende KC-26110001: Stor grop på Ångbåtsgatan");
        let link = format!("https://kc.vikhamn.example{}", asked.path());
        assert!(to_officer.body.contains(&format!("\n{link}\n")), "{}", to_officer.body);
        assert!(
            to_officer.body.contains("Kan ni laga den?") && to_officer.body.contains("Djup som en hink.")
        );
        assert!(to_officer.body.contains("senast måndag 9 november 2026"));
        assert_eq!(to_resident.to, RESIDENT_EMAIL);
        assert_eq!(to_resident.subject, "Ditt ärende KC-26110001: Hos handläggare");
        for told in ["Ångbåtsgatan", "Kim", "Maja", "Kan ni laga", "Grop"] {
            assert!(!to_resident.body.contains(told), "{told} in the resident's letter");
        }
        let page = world.page(&case);
        assert_eq!(page.case.status, CaseStatus::WaitingForDepartment);
        assert_eq!(page.case.officer_id, Some(world.maja));
        let clock = page.follow_ups[0].follow_up.clock;
        assert_eq!(clock.due_day, date(2026, 11, 9));
        assert_eq!(clock.reminder_at.unwrap().to_string(), "2026-11-05T07:00:00Z");
        assert_eq!(clock.call_task_at.unwrap().to_string(), "2026-11-11T07:00:00Z");
    });
}

#[test]
fn a_secret_cases_letters_hold_its_number_and_a_link_only() {
    each(|world| {
        for class in [SecrecyClass::Restricted, SecrecyClass::Strict] {
            let cmd = RegisterCase { secrecy_class: Some(class), ..world.a_case() };
            let ((case, asked), letters) = world.letters_of(|| world.forwarded_as(cmd));
            assert_eq!(letters.len(), 2);
            for letter in &letters {
                for told in ["grop", "Grop", "Ångbåtsgatan", "Kan ni laga", "hink"] {
                    assert!(
                        !letter.body.contains(told) && !letter.subject.contains(told),
                        "{told}: {letter:?}"
                    );
                }
                assert!(letter.body.contains(case.number.as_str()));
            }
            assert!(letters[0].body.contains(&asked.token));
            let (key, token, now) =
                (world.settings.signing_key.clone(), asked.token.clone(), world.clock.now());
            let page = world.read(move |s| officer_page(s, &key, &token, now)).unwrap();
            assert_eq!(page.matter.unwrap().description, "Utanför nummer 7.\nDjup som en hink.");
        }
    });
}

#[test]
fn forwarding_twice_is_once_and_in_other_words_is_refused() {
    each(|world| {
        let (case, asked) = world.forwarded();
        let (again, letters) = world.letters_of(|| world.forward(&case, None, " Kan ni laga den? ").unwrap());
        assert_eq!(
            (again.already, &again.follow_up.id, &again.token),
            (true, &asked.follow_up.id, &asked.token)
        );
        assert!(letters.is_empty());
        assert!(matches!(world.forward(&case, None, "Hallå?").unwrap_err(), CasesError::AlreadyAsked));
        let nobody = world.forward(&case, Some(OfficerId::nil()), "Du då?").unwrap_err();
        assert!(matches!(nobody, CasesError::NotFound { what: "officer" }));
    });
}

#[test]
fn an_officer_who_has_left_is_not_asked() {
    each(|world| {
        let (case, olle) = (world.registered(world.a_case()), world.olle);
        let left = move |s: &mut storage::Session<'_>, ctx: &vocabulary::Context| {
            people::directory::commands::set_officer_active(s, ctx, olle, false)
        };
        world
            .by_guide(move |s, ctx, _| {
                left(s, ctx).unwrap();
                Ok(())
            })
            .unwrap();
        assert!(matches!(world.forward(&case, Some(olle), "").unwrap_err(), CasesError::OfficerInactive));
        assert_eq!(world.page(&case).case.status, CaseStatus::New, "nothing of it was kept");
    });
}

#[test]
fn changing_the_recipient_revokes_the_first_link_and_tells_both_officers() {
    each(|world| {
        let (case, asked) = world.forwarded();
        let (question, olle) = (asked.follow_up.id, world.olle);
        let change = move || {
            world.by_guide(move |s, ctx, settings| {
                let cmd =
                    ChangeRecipient { follow_up_id: question, officer_id: olle, message: String::new() };
                change_recipient(s, ctx, settings, &cmd)
            })
        };
        let (changed, letters) = world.letters_of(|| change().unwrap());
        let to: Vec<&str> = letters.iter().map(|letter| letter.to.as_str()).collect();
        assert_eq!(
            to,
            [OFFICER_EMAIL, "olle.oberg@vikhamn.example"],
            "the resident's status has not changed"
        );
        assert!(letters[0].subject.contains("behöver inte längre ditt svar"));
        assert!(letters[1].body.contains("Kan ni laga den?"));
        let refused =
            world.answer(&asked.token, OfficerAnswer::Done { text: "Lagad".to_owned(), public: true });
        assert!(matches!(refused.unwrap_err(), CasesError::Link(LinkError::Revoked)));
        let again = change().unwrap();
        assert_eq!((again.already, again.follow_up.id), (true, changed.follow_up.id));
        assert_eq!(world.page(&case).follow_ups.len(), 2);
    });
}

#[test]
fn withdrawing_gives_the_case_back_once() {
    each(|world| {
        let (case, asked) = world.forwarded();
        let question = asked.follow_up.id;
        let take_back = move || world.by_guide(move |s, ctx, settings| withdraw(s, ctx, settings, question));
        let (question, letters) = world.letters_of(|| take_back().unwrap());
        assert_eq!(question.state, FollowUpState::Withdrawn);
        assert_eq!(letters.len(), 2, "officer and resident");
        assert_eq!(world.page(&case).case.status, CaseStatus::Ongoing);
        let (_, none) = world.letters_of(|| take_back().unwrap());
        assert!(none.is_empty());
        world.pass_to("2026-11-20T09:00:00Z");
        assert!(world.page(&case).tasks.is_empty(), "a clock that has ended rings no more");
    });
}

#[test]
fn solving_ends_what_officers_are_asked_and_reopening_begins_anew() {
    each(|world| {
        let (case, asked) = world.forwarded();
        let id = case.id;
        let close = move || {
            world.by_guide(move |s, ctx, settings| {
                let cmd =
                    Solve { case_id: id, outcome: CaseOutcome::Solved, answer: "Den är lagad.".to_owned() };
                solve(s, ctx, settings, &cmd)
            })
        };
        let (solved, letters) = world.letters_of(|| close().unwrap());
        assert_eq!((solved.status, solved.outcome), (CaseStatus::Solved, Some(CaseOutcome::Solved)));
        assert_eq!(letters.len(), 2);
        assert_eq!(close().unwrap(), solved, "solved twice is solved once");
        assert!(matches!(
            world.forward(&case, Some(world.olle), "").unwrap_err(),
            CasesError::Forbidden(step) if step.from == CaseStatus::Solved
        ));
        let late = world.answer(&asked.token, OfficerAnswer::Done { text: "Klart".to_owned(), public: true });
        assert!(matches!(late.unwrap_err(), CasesError::Link(LinkError::Revoked)));
        let again = world.by_guide(move |s, ctx, settings| reopen(s, ctx, settings, id)).unwrap();
        assert_eq!((again.status, again.closed_at, again.outcome), (CaseStatus::Reopened, None, None));
        assert!(
            !world.forward(&case, None, "Kan ni laga den?").unwrap().already,
            "asked again, with a new link"
        );
    });
}
