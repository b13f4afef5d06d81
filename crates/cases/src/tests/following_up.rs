use super::{OFFICER_EMAIL, each};
use crate::commands::{Change, Fate, OfficerAnswer, TaskEnd, change_status, complete_task, message_fate};
use crate::jobs::{case_wake, follow_up_call_task, follow_up_reminder};
use crate::queries::{message, outbox};
use crate::{CasesError, FollowUpState, MessageState, TaskKind};
use storage::{params, sql};
use vocabulary::civil::date;
use vocabulary::{Actor, CaseStatus, MessageId};

#[test]
fn two_reminders_go_and_on_day_seven_somebody_phones() {
    each(|world| {
        let (case, asked) = world.forwarded();
        let letters_until = |at: &str| world.letters_of(|| world.pass_to(at)).1;
        assert!(letters_until("2026-11-05T06:59:59Z").is_empty());
        let first = letters_until("2026-11-05T07:00:00Z");
        assert_eq!(first.len(), 1);
        assert_eq!((first[0].to.as_str(), first[0].body.contains(&asked.token)), (OFFICER_EMAIL, true));
        assert!(first[0].subject.starts_with("Påminnelse: ärende KC-26110001"));
        assert!(first[0].body.contains("måndag 2 november 2026"));
        assert!(letters_until("2026-11-09T06:59:59Z").is_empty());
        assert_eq!(letters_until("2026-11-09T07:00:00Z").len(), 1);
        assert!(world.page(&case).tasks.is_empty());
        assert!(letters_until("2026-11-11T07:00:00Z").is_empty());
        let page = world.page(&case);
        assert_eq!(page.tasks.len(), 1);
        assert_eq!(
            (page.tasks[0].kind, page.tasks[0].follow_up_id),
            (TaskKind::CallOfficer, Some(asked.follow_up.id))
        );
        assert!(letters_until("2026-11-16T06:59:59Z").is_empty());
        let escalated = letters_until("2026-11-16T07:00:00Z");
        assert_eq!(escalated.len(), 1);
        assert_eq!(escalated[0].to, "teknik@vikhamn.example");
        assert!(escalated[0].body.contains("KC-26110001") && escalated[0].body.contains("Maja Åhlström"));
        assert!(!escalated[0].body.contains("Ångbåtsgatan") && !escalated[0].body.contains("https://"));
        assert!(
            letters_until("2026-12-24T07:00:00Z").is_empty(),
            "no more reminders, and one task and one escalation are enough"
        );
        assert_eq!(world.page(&case).tasks.len(), 1);
        let reminded = page.timeline.iter().filter(|line| line.kind == "follow_up_reminded").count();
        assert_eq!(reminded, 2);
    });
}

#[test]
fn jobs_that_run_twice_late_or_too_soon_do_nothing_more() {
    each(|world| {
        let (case, asked) = world.forwarded();
        let payload = serde_json::json!({ "follow_up": asked.follow_up.id });
        let run_both = || {
            let (ctx, settings, payload) =
                (world.ctx(Actor::System), world.settings.clone(), payload.clone());
            world.db.write_blocking(move |s| {
                follow_up_reminder(s, &ctx, &settings, &payload)?;
                follow_up_call_task(s, &ctx, &payload)
            })
        };
        let (too_soon, letters) = world.letters_of(run_both);
        too_soon.unwrap();
        assert!(letters.is_empty() && world.page(&case).tasks.is_empty());
        // The house was closed for three weeks: one reminder and the task, not two and a task.
        world.clock.set("2026-11-23T09:00:00Z".parse().unwrap());
        let ((), letters) = world.letters_of(|| {
            run_both().unwrap();
            run_both().unwrap();
            world.run_due();
        });
        let to: Vec<&str> = letters.iter().map(|letter| letter.to.as_str()).collect();
        assert_eq!(to, [OFFICER_EMAIL, "teknik@vikhamn.example"], "one reminder, and the contact once");
        assert_eq!(world.page(&case).tasks.len(), 1);
        world.answer(&asked.token, OfficerAnswer::Done { text: "Lagad.".to_owned(), public: true }).unwrap();
        let (after, letters) = world.letters_of(run_both);
        after.unwrap();
        assert!(letters.is_empty());
        assert!(world.page(&case).tasks.is_empty(), "the answer took the task away");
    });
}

#[test]
fn a_payload_that_cannot_be_read_is_said_so() {
    each(|world| {
        for payload in
            [serde_json::json!({}), serde_json::json!({ "follow_up": "x" }), serde_json::json!(null)]
        {
            let (ctx, settings) = (world.ctx(Actor::System), world.settings.clone());
            let refused = world.db.write_blocking(move |s| follow_up_reminder(s, &ctx, &settings, &payload));
            assert!(matches!(refused.unwrap_err(), CasesError::Payload(_)));
        }
    });
}

#[test]
fn waiting_for_the_resident_stops_the_clock() {
    each(|world| {
        let (case, asked) = world.forwarded();
        let id = case.id;
        let change = move |change| {
            world.by_guide(move |s, ctx, settings| change_status(s, ctx, settings, id, change)).unwrap()
        };
        world.pass_to("2026-11-03T09:00:00Z");
        change(Change::WaitForResident);
        change(Change::WaitForResident);
        let (_, letters) = world.letters_of(|| world.pass_to("2026-11-16T09:00:00Z"));
        assert!(letters.is_empty() && world.page(&case).tasks.is_empty());
        let resumed = change(Change::Resume);
        assert_eq!(resumed.status, CaseStatus::WaitingForDepartment);
        let clock = world.page(&case).follow_ups[0].follow_up.clock;
        // Nine working days stood still: Tuesday the 3rd to Monday the 16th.
        assert_eq!(clock.due_day, date(2026, 11, 20));
        assert_eq!(clock.reminder_at.unwrap().to_string(), "2026-11-18T07:00:00Z");
        assert_eq!(clock.call_task_at.unwrap().to_string(), "2026-11-24T07:00:00Z");
        let (_, letters) = world.letters_of(|| world.pass_to("2026-11-18T07:00:00Z"));
        assert_eq!(letters.len(), 1, "and it rings again");
        change(Change::WaitForResident);
        let answered =
            world.answer(&asked.token, OfficerAnswer::Done { text: "Lagad ändå.".to_owned(), public: true });
        assert_eq!(answered.unwrap().follow_up.state, FollowUpState::Done);
        assert_eq!(world.page(&case).case.status, CaseStatus::Solved);
    });
}

#[test]
fn a_resting_case_wakes_on_its_day() {
    each(|world| {
        let case = world.registered(world.a_case());
        let id = case.id;
        let rest = move |until| {
            world.by_guide(move |s, ctx, settings| {
                change_status(s, ctx, settings, id, Change::SuspendUntil(until))
            })
        };
        assert!(matches!(rest(date(2026, 11, 2)).unwrap_err(), CasesError::DayOutOfRange { .. }));
        assert!(matches!(rest(date(2027, 11, 3)).unwrap_err(), CasesError::DayOutOfRange { .. }));
        assert_eq!(rest(date(2026, 11, 10)).unwrap().rests_until_day, Some(date(2026, 11, 10)));
        assert_eq!(rest(date(2026, 11, 20)).unwrap().rests_until_day, Some(date(2026, 11, 20)));
        world.pass_to("2026-11-10T12:00:00Z");
        assert_eq!(world.page(&case).case.status, CaseStatus::Suspended, "the day was moved");
        world.pass_to("2026-11-20T06:59:59Z");
        assert_eq!(world.page(&case).case.status, CaseStatus::Suspended, "nobody is written to at night");
        let (_, letters) = world.letters_of(|| world.pass_to("2026-11-20T07:00:00Z"));
        assert_eq!(world.page(&case).case.status, CaseStatus::Ongoing);
        assert_eq!(letters.len(), 1);
        let ctx = world.ctx(Actor::System);
        let (settings, payload) = (world.settings.clone(), serde_json::json!({ "case": id }));
        world.db.write_blocking(move |s| case_wake(s, &ctx, &settings, &payload)).unwrap();
        assert_eq!(world.page(&case).case.status, CaseStatus::Ongoing);
    });
}

#[test]
fn an_answer_taken_by_telephone_finishes_the_call_task() {
    each(|world| {
        let (case, asked) = world.forwarded();
        world.pass_to("2026-11-11T07:00:00Z");
        let task = world.page(&case).tasks[0].id;
        let finish = |end: TaskEnd| {
            world.by_guide(move |s, ctx, settings| complete_task(s, ctx, settings, task, &end))
        };
        let mismatch = finish(TaskEnd::ResidentTold { note: String::new() }).unwrap_err();
        assert!(matches!(mismatch, CasesError::TaskMismatch));
        let taken = TaskEnd::AnswerTaken { text: "Den lagas på fredag.".to_owned(), public: true };
        assert_eq!(finish(taken.clone()).unwrap().done_by, Some(world.guide));
        assert_eq!(finish(taken.clone()).unwrap().done_by, Some(world.guide), "pressed twice");
        let (ctx, settings) = (world.ctx(Actor::User(world.other_guide)), world.settings.clone());
        let other = world.db.write_blocking(move |s| complete_task(s, &ctx, &settings, task, &taken));
        assert!(matches!(other.unwrap_err(), CasesError::TaskDone));
        let page = world.page(&case);
        assert_eq!(page.case.status, CaseStatus::Solved);
        assert_eq!((page.notes[0].author_kind.as_str(), page.notes[0].public), ("user", true));
        let late = world.answer(
            &asked.token,
            OfficerAnswer::WrongRecipient { reason: "Inte vårt.".to_owned(), suggestion: String::new() },
        );
        assert!(matches!(late.unwrap_err(), CasesError::AlreadyAnswered { state: FollowUpState::Done, .. }));
    });
}

#[test]
fn more_time_promised_by_telephone_moves_the_clock_and_a_new_call_task_comes() {
    each(|world| {
        let (case, _) = world.forwarded();
        world.pass_to("2026-11-11T07:00:00Z");
        let task = world.page(&case).tasks[0].id;
        let end = TaskEnd::MoreTime { until: date(2026, 11, 18), reason: String::new() };
        world.by_guide(move |s, ctx, settings| complete_task(s, ctx, settings, task, &end)).unwrap();
        assert!(world.page(&case).tasks.is_empty());
        world.pass_to("2026-11-24T12:00:00Z");
        assert!(world.page(&case).tasks.is_empty());
        world.pass_to("2026-11-25T12:00:00Z");
        assert_eq!(
            world.page(&case).tasks.len(),
            1,
            "four working days after the first reminder on the 19th"
        );
    });
}

#[test]
fn a_letter_nobody_gets_becomes_a_task() {
    each(|world| {
        let (case, asked) = world.forwarded();
        let ids = |s: &mut storage::Session<'_>| {
            s.rows(sql!("SELECT id FROM messages ORDER BY follow_up_id NULLS LAST"), params![], |r| {
                r.get::<MessageId>(0)
            })
        };
        let ids = world.db.read_blocking(ids).unwrap();
        let failed = Fate::Failed { code: "550", reason: "550 5.1.1 <kim@example.se>:\r\n no such\0 user" };
        for id in ids.iter().copied().chain([MessageId::nil()]) {
            for _ in 0..2 {
                let ctx = world.ctx(Actor::System);
                world.db.write_blocking(move |s| message_fate(s, &ctx, id, failed)).unwrap();
            }
        }
        let tasks = world.page(&case).tasks;
        let mut kinds: Vec<_> = tasks.iter().map(|task| (task.kind, task.follow_up_id)).collect();
        kinds.sort();
        assert_eq!(
            kinds,
            [(TaskKind::CallOfficer, Some(asked.follow_up.id)), (TaskKind::TellResident, None)]
        );
        let page = world.page(&case);
        let failed: Vec<_> = page.timeline.iter().filter(|line| line.kind == "message_failed").collect();
        assert_eq!(failed.len(), 2, "each once");
        assert!(
            failed.iter().all(|line| line.detail.as_deref() == Some("550")),
            "no address in the timeline"
        );
        let first = ids[0];
        let kept = world.read(move |s| Ok(message(s, first)?)).unwrap().unwrap();
        assert_eq!(kept.state, MessageState::Failed);
        assert_eq!(kept.last_error.as_deref(), Some("550 5.1.1 <kim@example.se>: no such user"));
    });
}

#[test]
fn the_outbox_is_walked_page_by_page_and_a_message_shows_no_address_in_logs() {
    each(|world| {
        world.forwarded();
        world.forwarded();
        let all = world.read(|s| Ok(outbox(s, None, 100)?)).unwrap();
        assert_eq!(all.len(), 4);
        let after = Some((all[1].created_at, all[1].id));
        assert_eq!(world.read(move |s| Ok(outbox(s, after, 100)?)).unwrap(), all[2..]);
        assert!(!format!("{all:?}").contains('@'));
    });
}
