//! Cases on their way: begun where they are registered, done step by step, late, called out, published anew.

use super::{World, choice, each, text};
use crate::commands::{
    Publish, act_by_link, blank_answers, change_type, hand_out, publish, register, set_active, skip,
    start_for_case, step_by_link, undo,
};
use crate::form::{Answer, Answers};
use crate::run::{IdentityCheck, Refusal};
use crate::words::printed;
use crate::{ProcessesError, queries};
use cases::commands::{Origin, RegisterCase};
use vocabulary::{Actor, CaseOutcome, CaseStatus, Channel};

fn yes() -> Answer {
    Answer::YesNo(true)
}

/// The token in the newest letter that holds such a link.
fn token(world: &World, path: &str) -> String {
    let letters = world.letters();
    let body =
        letters.iter().rev().find_map(|letter| letter.3.split(path).nth(1).map(str::to_owned)).unwrap();
    body.split_whitespace().next().unwrap().to_owned()
}

#[test]
fn a_wedding_goes_from_registration_to_the_certificate() {
    each(|world| {
        let case = world.case("vig");
        assert_eq!((case.status, world.open(case.id)), (CaseStatus::New, vec!["anmalan".to_owned()]));
        let id = case.id;
        world
            .does(
                id,
                "anmalan",
                &[
                    ("namn_1", text("Åsa Ek")),
                    ("namn_2", text("Bo Ek")),
                    ("adress", text("Storgatan 1")),
                    ("postort", text("123 45 Vikhamn")),
                    ("plats", choice("stadshuset")),
                ],
            )
            .unwrap();
        assert_eq!(world.state_of(id).status, CaseStatus::WaitingForResident);
        world.does(id, "hinder", &[("hindersprovning", choice("inget_hinder"))]).unwrap();
        assert_eq!(world.state_of(id).status, CaseStatus::Ongoing);
        let at = "2026-11-06T12:00:00Z".parse().unwrap();
        world
            .by_guide(move |s, ctx, st| crate::commands::book(s, ctx, st, id, "boka_tid", at, Answers::new()))
            .unwrap();
        let letter = world
            .by_guide(move |s, ctx, st| {
                let running = queries::running(s, id)?.unwrap();
                printed(s, st, &running, "bekrafta", ctx.now)
            })
            .unwrap()
            .unwrap();
        assert_eq!(letter.to, ["Åsa Ek och Bo Ek", "Storgatan 1", "123 45 Vikhamn"]);
        assert!(
            letter.body.contains("fredag 6 november 2026 kl. 13:00")
                && letter.body.contains(case.number.as_str())
        );
        world.does(id, "bekrafta", &[]).unwrap();
        world.does(id, "vittnen", &[("vittnen_klara", yes())]).unwrap();
        world.does(id, "forbered", &[]).unwrap();
        assert_eq!(world.state_of(id).status, CaseStatus::WaitingForDepartment);
        world.does(id, "vigsel", &[("genomford", choice("ja"))]).unwrap();
        let twelve = Answers::from([("x".to_owned(), text("811218-9876"))]);
        let numbered = world.by_guide(move |s, ctx, st| {
            hand_out(s, ctx, st, id, "vigselbevis", IdentityCheck::Passport, twelve.clone())
        });
        assert!(matches!(numbered, Err(ProcessesError::IdentityNumber)));
        world
            .by_guide(move |s, ctx, st| {
                hand_out(s, ctx, st, id, "vigselbevis", IdentityCheck::Passport, Answers::new())
            })
            .unwrap();
        let solved = world.state_of(id);
        assert_eq!((solved.status, solved.outcome), (CaseStatus::Solved, Some(CaseOutcome::Solved)));
        assert!(world.running(id).process.ended_at.is_some());
        // The end undone opens the case again.
        let seen = world.running(id).run.log.len();
        world.by_guide(move |s, ctx, st| undo(s, ctx, st, id, seen)).unwrap();
        assert_ne!(world.state_of(id).status, CaseStatus::Solved);
        assert_eq!(world.open(id), ["vigselbevis"]);
        // Sent twice by an impatient press, it undoes nothing more.
        world.by_guide(move |s, ctx, st| undo(s, ctx, st, id, seen)).unwrap();
        assert_eq!(world.open(id), ["vigselbevis"]);
    });
}

#[test]
fn what_is_sent_twice_is_done_once_and_what_is_not_open_is_refused() {
    each(|world| {
        let id = world.case("fel").id;
        let given = [
            ("vaghallare", choice("kommunen")),
            ("farligt", Answer::YesNo(false)),
            ("sorts_fel", choice("hal")),
        ];
        world.does(id, "ta_emot", &given).unwrap();
        let (acts, letters) = (world.running(id).run.log.len(), world.letters().len());
        world.does(id, "ta_emot", &given).unwrap();
        assert_eq!((world.running(id).run.log.len(), world.letters().len()), (acts, letters));
        let other = world.does(id, "ta_emot", &[("vaghallare", choice("enskild"))]);
        assert!(matches!(other, Err(ProcessesError::Refused(Refusal::NotOpen))));
        let left_out = world.by_guide(move |s, ctx, st| skip(s, ctx, st, id, "bedom", "hinner inte"));
        assert!(matches!(left_out, Err(ProcessesError::Refused(Refusal::NotSkippable))));
    });
}

#[test]
fn departments_do_their_steps_by_link_and_links_die_with_the_step() {
    each(|world| {
        let id = world.case("fel").id;
        world
            .does(
                id,
                "ta_emot",
                &[("vaghallare", choice("kommunen")), ("farligt", yes()), ("sorts_fel", choice("brunn"))],
            )
            .unwrap();
        let letter = world.letters().into_iter().rev().find(|letter| letter.3.contains("/o/step/")).unwrap();
        assert_eq!(letter.1, "kent.wallin@vikhamn.example");
        let token = token(world, "/o/step/");
        let (settings, now, asked) = (world.settings.clone(), world.ctx(Actor::System).now, token.clone());
        let seen = world.db.read_blocking(move |s| step_by_link(s, &settings, &asked, now)).unwrap();
        assert_eq!(seen.step().key, "sakra");
        let act = |answers: Answers| {
            let (ctx, settings, token) = (world.ctx(Actor::System), world.settings.clone(), token.clone());
            world.db.write_blocking(move |s| act_by_link(s, &ctx, &settings, &token, answers.clone()))
        };
        assert!(act(Answers::new()).is_err(), "the question must be answered");
        act(Answers::from([("avsparrat".to_owned(), choice("lagat"))])).unwrap();
        assert_eq!(world.open(id), ["aterkoppla"]);
        let running = world.running(id);
        assert_eq!(running.actors.last().unwrap().0, "officer");
        assert!(
            act(Answers::from([("avsparrat".to_owned(), choice("lagat"))])).is_err(),
            "the link is used up"
        );
    });
}

#[test]
fn a_late_step_is_a_task_until_it_is_done() {
    each(|world| {
        let id = world.case("fel").id;
        world.pass_to("2026-11-02T12:00:00Z");
        assert!(world.tasks(id).is_empty());
        world.pass_to("2026-11-02T13:00:00Z");
        assert_eq!(world.tasks(id), ["do_step"], "four hours after it was opened");
        world.does(id, "ta_emot", &[("vaghallare", choice("enskild"))]).unwrap();
        assert!(world.tasks(id).is_empty());
        world.pass_to("2026-11-03T07:30:00Z");
        assert_eq!(world.tasks(id), ["do_step"], "the morning of the day it is due");
    });
}

#[test]
fn a_call_out_goes_on_to_the_next_and_then_to_a_person() {
    each(|world| {
        let id = world.case("akut").id;
        let given =
            [("akut_vad", choice("oplogad")), ("akut_plats", text("Vändplanen vid skolan")), ("akut", yes())];
        world.does(id, "larm", &given).unwrap();
        let texts = |number: &str| {
            world.letters().into_iter().filter(|l| l.0 == "sms" && l.1.ends_with(number)).collect::<Vec<_>>()
        };
        assert!(texts("260")[0].3.contains("Vändplanen vid skolan") && texts("261").is_empty());
        world.pass_to("2026-11-02T09:09:00Z");
        assert!(texts("261").is_empty());
        world.pass_to("2026-11-02T09:10:00Z");
        assert_eq!((texts("260").len(), texts("261").len()), (1, 1));
        world.pass_to("2026-11-02T09:20:00Z");
        assert!(world.tasks(id).contains(&"call_contractor".to_owned()));
        assert!(world.letters().iter().any(|letter| letter.1 == "tek@vikhamn.example"));
        // The one who was called first answers late: that is still an answer, and counts as theirs.
        let first =
            texts("260")[0].3.split("/o/step/").nth(1).unwrap().split_whitespace().next().unwrap().to_owned();
        let (ctx, settings) = (world.ctx(Actor::System), world.settings.clone());
        let minutes = Answers::from([("framme_minuter".to_owned(), Answer::Number(25))]);
        world.db.write_blocking(move |s| act_by_link(s, &ctx, &settings, &first, minutes.clone())).unwrap();
        assert_eq!(world.open(id), ["utfort"]);
        assert!(!world.tasks(id).contains(&"call_contractor".to_owned()));
        // Not done: called out once more, from the first again.
        world.does(id, "utfort", &[("akut_gjort", Answer::YesNo(false))]).unwrap();
        assert_eq!(texts("260").len(), 2);
    });
}

#[test]
fn running_cases_keep_their_version_and_old_ones_stay_readable() {
    each(|world| {
        let id = world.case("vig").id;
        let before = world.running(id);
        let source = before.version.source.replace("Ta emot anmälan", "Ta emot och läsa anmälan");
        let of = Some(("vigsel".to_owned(), 1));
        let cmd = Publish { source: source.clone(), of: of.clone() };
        let publish_it = |cmd: Publish| world.by_guide(move |s, ctx, _| publish(s, ctx, &cmd));
        let second = publish_it(cmd.clone()).unwrap();
        assert_eq!(second.version, 2);
        assert_eq!(publish_it(cmd).unwrap(), second, "the same again is the same");
        let overtaken = publish_it(Publish { source: source.replace("läsa", "läs"), of });
        assert!(matches!(overtaken, Err(ProcessesError::Overtaken { version: 2 })));
        let after = world.running(id);
        assert_eq!((&after.version, &after.definition), (&before.version, &before.definition));
        assert_eq!(world.running(world.case("vig").id).version.version, 2);
        let old = world.db.read_blocking(|s| queries::version_by_number(s, "vigsel", 1)).unwrap().unwrap();
        assert_eq!(old, before.version);
        // Another code, a taken type and a fault are each refused with their line.
        let faults = |cmd: Publish| match publish_it(cmd) {
            Err(ProcessesError::Faults(faults)) => faults,
            other => panic!("{other:?}"),
        };
        let of = Some(("vigsel".to_owned(), 2));
        let other = faults(Publish {
            source: source.replace("code = \"vigsel\"", "code = \"annan\""),
            of: of.clone(),
        });
        assert_eq!(other[0].line, 4);
        let taken =
            faults(Publish { source: source.replace("code = \"vigsel\"", "code = \"annan\""), of: None });
        assert!(matches!(taken[0].kind, crate::definition::FaultKind::TypeTaken { .. }));
        let unknown = faults(Publish { source: source.replace("\"vigselrum\"", "\"vigselrumm\""), of });
        assert!(
            matches!(&unknown[0].kind, crate::definition::FaultKind::Unknown { near: Some(n), .. } if n == "vigselrum")
        );
    });
}

#[test]
fn a_switched_off_process_begins_nowhere_and_can_be_begun_later() {
    each(|world| {
        world.by_guide(|s, ctx, _| set_active(s, ctx, "stiftelse", false)).unwrap();
        let id = world.case("stift").id;
        assert!(world.db.read_blocking(move |s| queries::running(s, id)).unwrap().is_none());
        world.by_guide(|s, ctx, _| set_active(s, ctx, "stiftelse", true)).unwrap();
        world.by_guide(move |s, ctx, st| start_for_case(s, ctx, st, id)).unwrap();
        let begun = world.running(id);
        let again = world.by_guide(move |s, ctx, st| start_for_case(s, ctx, st, id)).unwrap().unwrap();
        assert_eq!(begun.process, again.process);
        // An ordinary type has no process, and the same key gives the same case with the same process.
        let cmd = RegisterCase {
            idempotency_key: Some("en gång".to_owned()),
            ..RegisterCase::new(
                world.types["vig"],
                Origin::Direct { channel: Channel::Web, arrival_day: None },
            )
        };
        let twice = |cmd: RegisterCase| {
            world.by_guide(move |s, ctx, st| Ok(register(s, ctx, st, &cmd)?.case.id)).unwrap()
        };
        assert_eq!(twice(cmd.clone()), twice(cmd));
        let plain = world.case("sop").id;
        assert!(world.db.read_blocking(move |s| queries::running(s, plain)).unwrap().is_none());
    });
}

#[test]
fn erasure_blanks_what_was_personal_and_the_process_goes_on() {
    each(|world| {
        let id = world.case("vig").id;
        world.does(id, "anmalan", &[("namn_1", text("Åsa Ek")), ("plats", choice("stadshuset"))]).unwrap();
        world.by_guide(move |s, ctx, _| blank_answers(s, ctx, id)).unwrap();
        let running = world.running(id);
        assert_eq!(running.state.answers["namn_1"], text(""));
        assert_eq!(running.state.answers["plats"], choice("stadshuset"));
        assert_eq!(world.open(id), ["hinder"]);
    });
}

#[test]
fn another_type_begins_its_process_and_a_process_that_has_begun_goes_on() {
    each(|world| {
        let plain = world.types.iter().find(|(code, _)| {
            let id = world.types[*code];
            let asked = world.db.read_blocking(move |s| queries::in_force_for_type(s, id));
            asked.unwrap().is_none()
        });
        let plain = plain.map(|(code, _)| code.clone()).unwrap();
        let cmd = RegisterCase::new(
            world.types[&plain],
            Origin::Direct { channel: Channel::Web, arrival_day: None },
        );
        let case =
            world.by_guide(move |s, ctx, settings| Ok(register(s, ctx, settings, &cmd)?.case)).unwrap();
        let to = |code: &str| {
            let id = world.types[code];
            world.by_guide(move |s, ctx, settings| Ok(change_type(s, ctx, settings, case.id, id)?)).unwrap()
        };
        to("vig");
        assert_eq!(world.open(case.id), ["anmalan"]);
        to(&plain);
        assert_eq!(world.open(case.id), ["anmalan"], "what has begun goes on");
    });
}
