//! What is said about a case besides its status, and what residents add.

use super::{World, each};
use crate::commands::Added;
use crate::commands::{
    AddDocument, AddStakeholder, Assignment, Change, OfficerAnswer, PutCaseType, RegisterCase, Solve,
    add_document, add_stakeholder, assign, change_status, change_type, put_case_type, remove_stakeholder,
    resident_adds, set_place, set_priority, solve,
};
use crate::documents::NewDocument;
use crate::{Case, CasesError, Place, Position, Refusal, StakeholderRole, TaskKind, queries};
use vocabulary::{
    Actor, CaseId, CaseOutcome, CaseStatus, CaseTypeId, Clock as _, Priority, SecrecyClass, UserId,
    add_working_days, local_day,
};

fn case(world: &World, id: CaseId) -> Case {
    world.read(move |s| Ok(queries::case(s, id)?.unwrap())).unwrap()
}

fn text_file(name: &str) -> NewDocument {
    NewDocument {
        name: name.to_owned(),
        media_type: "text/plain".to_owned(),
        bytes: name.as_bytes().to_vec(),
    }
}

fn adds(world: &World, on: CaseId, text: &str, files: &[NewDocument]) -> Result<Added, CasesError> {
    let (ctx, settings) = (world.ctx(Actor::Resident(world.resident)), world.settings.clone());
    let (text, files) = (text.to_owned(), files.to_vec());
    world.db.write_blocking(move |s| resident_adds(s, &ctx, &settings, on, &text, &files))
}

#[test]
fn what_is_said_of_a_case_is_kept_and_said_twice_changes_nothing() {
    each(|world| {
        let id = world.registered(world.a_case()).id;
        assert_eq!(case(world, id).due_day, Some(add_working_days(local_day(world.clock.now()), 5)));
        let place = Place::new("Ångbåtsgatan 7", Some(Position::new(58.75, 17.01).unwrap())).unwrap();
        let (there, guide) = (place.clone(), world.other_guide);
        let say = |world: &World| {
            let place = there.clone();
            world
                .by_guide(move |s, ctx, _| {
                    set_priority(s, ctx, id, Priority::Urgent)?;
                    set_place(s, ctx, id, place.clone())?;
                    assign(s, ctx, id, Assignment { assignee_id: Some(guide), answer_group_id: None })
                })
                .unwrap();
            case(world, id)
        };
        let first = say(world);
        assert_eq!((first.priority, first.place.clone()), (Priority::Urgent, place.clone()));
        assert_eq!(first.assignee_id, Some(world.other_guide));
        assert_eq!(say(world), first, "not even a revision");
        assert!(first.revision > 1);
        let nobody = Assignment { assignee_id: Some(UserId::nil()), answer_group_id: None };
        let refused = world.by_guide(move |s, ctx, _| assign(s, ctx, id, nobody)).unwrap_err();
        assert!(matches!(refused, CasesError::NotFound { what: "user" }));
    });
}

#[test]
fn another_type_changes_the_rules_and_never_makes_a_case_less_secret() {
    each(|world| {
        let (roads, maja) = (world.roads, world.maja);
        let care: CaseTypeId = world
            .by_guide(move |s, ctx, _| {
                let cmd = PutCaseType {
                    code: "care".to_owned(),
                    category: "Omsorg".to_owned(),
                    name: "Omsorg".to_owned(),
                    keywords: String::new(),
                    department_id: roads,
                    officer_id: Some(maja),
                    secrecy_class: SecrecyClass::Restricted,
                    retention_rule: "Bevaras".to_owned(),
                    due_working_days: 20,
                    public_text: String::new(),
                    open311: false,
                    active: true,
                };
                put_case_type(s, ctx, &cmd)
            })
            .unwrap();
        world.grant(world.guide);
        let before = world.registered(world.a_case());
        let (id, pothole) = (before.id, world.pothole);
        let to_type = |to| world.by_guide(move |s, ctx, _| change_type(s, ctx, id, to)).unwrap();
        let secret = to_type(care);
        assert_eq!(secret.secrecy_class, SecrecyClass::Restricted);
        assert_eq!(secret.retention_rule, "Bevaras");
        assert_eq!(secret.arrival_day, before.arrival_day);
        assert_eq!(secret.due_day, Some(add_working_days(local_day(before.registered_at), 20)));
        let back = to_type(pothole);
        assert_eq!(back.secrecy_class, SecrecyClass::Restricted, "what was told in confidence stays so");
        assert_eq!((back.retention_rule, back.due_day), (before.retention_rule, before.due_day));
    });
}

#[test]
fn only_what_is_open_is_offered_to_everybodys_programs() {
    each(|world| {
        let roads = world.roads;
        let refused = world.by_guide(move |s, ctx, _| {
            let cmd = PutCaseType {
                code: "x".to_owned(),
                category: String::new(),
                name: "X".to_owned(),
                keywords: String::new(),
                department_id: roads,
                officer_id: None,
                secrecy_class: SecrecyClass::Restricted,
                retention_rule: "2 år".to_owned(),
                due_working_days: 5,
                public_text: String::new(),
                open311: true,
                active: true,
            };
            put_case_type(s, ctx, &cmd)
        });
        assert!(matches!(refused, Err(CasesError::Refused(Refusal::SecretService))));
    });
}

#[test]
fn somebody_with_a_part_is_there_once_and_must_be_somebody() {
    each(|world| {
        let id = world.registered(world.a_case()).id;
        let add = |cmd: AddStakeholder| world.by_guide(move |s, ctx, _| add_stakeholder(s, ctx, &cmd));
        let new = || AddStakeholder::new(id, StakeholderRole::Relative);
        assert!(matches!(add(new()), Err(CasesError::Refused(Refusal::StakeholderEmpty))));
        let sister = || AddStakeholder {
            name: "Kims syster".to_owned(),
            telephone: "070-765 43 21".to_owned(),
            ..new()
        };
        let first = add(sister()).unwrap();
        assert_eq!(first.telephone.as_deref(), Some("+46707654321"));
        assert_eq!(add(sister()).unwrap(), first);
        assert!(matches!(
            add(AddStakeholder { email: "ingen".to_owned(), ..new() }),
            Err(CasesError::Text(_))
        ));
        let gone = first.id;
        for _ in 0..2 {
            world.by_guide(move |s, ctx, _| remove_stakeholder(s, ctx, gone)).unwrap();
        }
        assert!(world.read(move |s| Ok(queries::stakeholders_of(s, id)?)).unwrap().is_empty());
    });
}

#[test]
fn the_same_file_is_kept_once_and_a_file_that_lies_is_not() {
    each(|world| {
        let id = world.registered(world.a_case()).id;
        let add = |file: NewDocument, public| {
            let cmd = AddDocument { case_id: id, file, public, note_id: None };
            world.by_guide(move |s, ctx, _| add_document(s, ctx, &cmd))
        };
        let first = add(text_file("a.txt"), false).unwrap();
        assert_eq!(add(text_file("a.txt"), false).unwrap(), first);
        let kept = first.clone();
        let bytes = world.read(move |s| Ok(queries::document_bytes(s, &kept)?)).unwrap();
        assert_eq!(bytes.as_deref(), Some(b"a.txt".as_slice()));
        let lie = NewDocument { media_type: "image/png".to_owned(), ..text_file("b.png") };
        assert!(matches!(add(lie, false), Err(CasesError::Refused(Refusal::DocumentMismatch))));
        assert_eq!(world.read(move |s| Ok(queries::documents_of(s, id)?.len())).unwrap(), 1);
    });
}

#[test]
fn what_a_resident_adds_sets_the_case_going() {
    each(|world| {
        let (waits, asked) = world.forwarded();
        let id = waits.id;
        world
            .by_guide(move |s, ctx, settings| change_status(s, ctx, settings, id, Change::WaitForResident))
            .unwrap();
        let files = [text_file("svar.txt"), NewDocument { bytes: Vec::new(), ..text_file("tom.txt") }];
        let added = adds(world, id, "Här är det ni bad om.", &files).unwrap();
        assert_eq!(added.case.status, CaseStatus::WaitingForDepartment);
        assert_eq!((added.documents.len(), added.refused), (1, 1), "what cannot be kept keeps nothing out");
        let clock = world.page(&waits).follow_ups[0].follow_up.clock;
        assert_eq!(clock.paused_at, None, "the officer's clock runs again");
        let again = adds(world, id, "Här är det ni bad om.", &files).unwrap();
        assert!(again.already && again.note == added.note);
        let kinds: Vec<TaskKind> = world.page(&waits).tasks.iter().map(|task| task.kind).collect();
        assert_eq!(kinds, [TaskKind::ReadAddition]);
        assert!(matches!(adds(world, id, "   ", &[]), Err(CasesError::Text(_))));
        drop(asked);
    });
}

#[test]
fn a_closed_case_is_opened_again_for_a_while_and_then_becomes_a_task() {
    each(|world| {
        let (case_, asked) = world.forwarded();
        let text = "Lagad.".to_owned();
        world.answer(&asked.token, OfficerAnswer::Done { text, public: true }).unwrap();
        world.pass_to("2026-12-01T09:00:00Z");
        let added = adds(world, case_.id, "Gropen är tillbaka.", &[]).unwrap();
        assert!(added.reopened && added.case.status == CaseStatus::Reopened);
        let id = case_.id;
        let cmd = Solve { case_id: id, outcome: CaseOutcome::Solved, answer: String::new() };
        world.by_guide(move |s, ctx, settings| solve(s, ctx, settings, &cmd)).unwrap();
        world.pass_to("2027-02-01T09:00:00Z");
        let late = adds(world, id, "Nu igen.", &[]).unwrap();
        assert!(!late.reopened && late.case.status == CaseStatus::Solved);
        assert!(world.page(&case_).tasks.iter().any(|task| task.kind == TaskKind::ReadAddition));
        let plain = world.registered(RegisterCase { resident_id: None, ..world.a_case() });
        assert_eq!(adds(world, plain.id, "Hej", &[]).unwrap().case.status, CaseStatus::New);
    });
}
