//! Two cases made one and parted again: nothing is lost, and nothing is left behind.

use super::{RESIDENT_EMAIL, World, each};
use crate::commands::{
    AddDocument, AddNote, AddStakeholder, Change, LinkCases, MergeCases, OfficerAnswer, Origin, RegisterCase,
    Solve, SplitCase, add_document, add_note, add_stakeholder, change_status, link_cases, merge, share_link,
    solve, split, undo_merge,
};
use crate::documents::NewDocument;
use crate::queries::{self, connections, resident_page};
use crate::{Case, CaseLinkKind, CasesError, Merged, Refusal, StakeholderRole};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use storage::{Session, StorageError};
use vocabulary::civil::date;
use vocabulary::{
    Actor, CaseId, CaseOutcome, CaseStatus, Channel, Clock as _, Priority, ResidentId, SecrecyClass,
    SignedDuration,
};

fn try_merge(world: &World, from: CaseId, into: CaseId) -> Result<Merged, CasesError> {
    world.by_guide(move |s, ctx, _| merge(s, ctx, MergeCases { from, into }))
}

fn refusal<T: std::fmt::Debug>(result: Result<T, CasesError>) -> Refusal {
    match result.unwrap_err() {
        CasesError::Refused(refusal) => refusal,
        other => panic!("{other:?}"),
    }
}

fn case(world: &World, id: CaseId) -> Case {
    world.read(move |s| Ok(queries::case(s, id)?.unwrap())).unwrap()
}

/// Of what is written in one instant, nobody can say which came first.
fn tick(world: &World) {
    world.clock.set(world.clock.now() + SignedDuration::from_secs(1));
}

fn note(world: &World, on: CaseId, text: &str, public: bool) {
    tick(world);
    let cmd = AddNote { case_id: on, text: text.to_owned(), public };
    world.by_guide(move |s, ctx, settings| add_note(s, ctx, settings, &cmd)).unwrap();
}

fn document(world: &World, on: CaseId, name: &str) {
    let bytes = format!("innehåll i {name}").into_bytes();
    let file = NewDocument { name: format!("{name}.txt"), media_type: "text/plain".to_owned(), bytes };
    let cmd = AddDocument { case_id: on, file, public: true, note_id: None };
    world.by_guide(move |s, ctx, _| add_document(s, ctx, &cmd)).unwrap();
}

fn stakeholder(world: &World, on: CaseId, name: &str) {
    let cmd = AddStakeholder { name: name.to_owned(), ..AddStakeholder::new(on, StakeholderRole::Relative) };
    world.by_guide(move |s, ctx, _| add_stakeholder(s, ctx, &cmd)).unwrap();
}

/// Everything that lies with a case and how it stands, but for when it was last touched.
fn everything(s: &mut Session<'_>, id: CaseId) -> Result<String, StorageError> {
    let case = queries::case(s, id)?.unwrap();
    let still = Case { revision: 0, changed_at: case.registered_at, ..case };
    Ok(format!(
        "{still:?}\n{:?}\n{:?}\n{:?}\n{:?}\n{:?}\n{:?}\n{:?}\n{:?}",
        queries::store_follow_ups::notes_of(s, id)?,
        queries::follow_ups_of(s, id)?,
        connections::task_ids(s, id)?,
        connections::message_ids(s, id)?,
        queries::stakeholders_of(s, id)?,
        queries::documents_of(s, id)?,
        contacts::queries::ids_of_case(s, id)?,
        queries::links_of(s, id)?,
    ))
}

fn both(world: &World, a: CaseId, b: CaseId) -> String {
    world.read(move |s| Ok(format!("{}\n\n{}", everything(s, a)?, everything(s, b)?))).unwrap()
}

#[derive(Clone, Copy, Debug)]
enum Done {
    Note(bool),
    Document,
    Stakeholder,
    Forward,
    Begin,
    Wait,
    Suspend,
    Resume,
    Solve,
}

fn doings() -> impl Strategy<Value = Vec<(bool, Done)>> {
    let done = prop_oneof![
        any::<bool>().prop_map(Done::Note),
        Just(Done::Document),
        Just(Done::Stakeholder),
        Just(Done::Forward),
        Just(Done::Begin),
        Just(Done::Wait),
        Just(Done::Suspend),
        Just(Done::Resume),
        Just(Done::Solve),
    ];
    proptest::collection::vec((any::<bool>(), done), 0..7)
}

/// Does one thing with a case, if it can be done.
fn do_one(world: &World, n: usize, on: &Case, done: Done) {
    let id = on.id;
    let step =
        |change| drop(world.by_guide(move |s, ctx, settings| change_status(s, ctx, settings, id, change)));
    match done {
        Done::Note(public) => note(world, id, &format!("Anteckning {n}"), public),
        Done::Document => document(world, id, &format!("fil {n}")),
        Done::Stakeholder => stakeholder(world, id, &format!("Anhörig {n}")),
        Done::Forward => drop(world.forward(on, n.is_multiple_of(2).then_some(world.olle), "Hur går det?")),
        Done::Begin => step(Change::Begin),
        Done::Wait => step(Change::WaitForResident),
        Done::Suspend => step(Change::SuspendUntil(date(2026, 12, 1))),
        Done::Resume => step(Change::Resume),
        Done::Solve => {
            let cmd = Solve { case_id: id, outcome: CaseOutcome::Solved, answer: String::new() };
            drop(world.by_guide(move |s, ctx, settings| solve(s, ctx, settings, &cmd)));
        }
    }
}

#[test]
fn merging_and_undoing_it_leaves_everything_as_it_was() {
    each(|world| {
        let config = Config { cases: 16, failure_persistence: None, ..Config::default() };
        let residents = [Some(world.resident), Some(world.without_email), None];
        let strategy = (doings(), 0..3_usize, 0..3_usize, any::<bool>());
        let outcome = TestRunner::new(config).run(&strategy, |(doings, a, b, urgent)| {
            let priority = if urgent { Priority::Urgent } else { Priority::Low };
            let from =
                world.registered(RegisterCase { resident_id: residents[a], priority, ..world.a_case() });
            let into = world.registered(RegisterCase { resident_id: residents[b], ..world.a_case() });
            for (n, (on_from, done)) in doings.into_iter().enumerate() {
                do_one(world, n, if on_from { &from } else { &into }, done);
            }
            let before = both(world, from.id, into.id);
            let closed = case(world, into.id).status == CaseStatus::Solved
                && case(world, from.id).status != CaseStatus::Solved;
            let Ok(merged) = try_merge(world, from.id, into.id) else {
                prop_assert!(closed, "only an open case into a closed one is refused");
                return Ok(());
            };
            prop_assert!(!closed);
            let ended = world.read(move |s| Ok(queries::follow_ups_of(s, from.id)?.len())).unwrap();
            prop_assert_eq!(ended, 0, "nothing is left with the case that ended");
            let undo = move |w: &World| w.by_guide(move |s, ctx, _| undo_merge(s, ctx, merged.id)).unwrap();
            undo(world);
            prop_assert_eq!(both(world, from.id, into.id), before.clone());
            undo(world);
            prop_assert_eq!(both(world, from.id, into.id), before, "undone twice is undone once");
            Ok(())
        });
        outcome.unwrap_or_else(|error| panic!("{error}"));
    });
}

#[test]
fn a_merged_case_leads_to_the_one_that_goes_on() {
    each(|world| {
        let kept =
            world.registered(RegisterCase { resident_id: Some(world.without_email), ..world.a_case() });
        let (from, asked) = world.forwarded();
        let id = from.id;
        let link = world.by_guide(move |s, ctx, settings| share_link(s, ctx, settings, id)).unwrap();
        let token = link.address.rsplit('/').next().unwrap().to_owned();
        let merged = try_merge(world, from.id, kept.id).unwrap();
        assert_eq!(try_merge(world, from.id, kept.id).unwrap(), merged, "merging twice is merging once");
        assert_eq!(case(world, kept.id).status, CaseStatus::WaitingForDepartment);
        assert_eq!(case(world, from.id).outcome, None, "a merge is no outcome");

        let page = world.page(&kept);
        assert_eq!(page.parts.merged.len(), 1);
        assert_eq!(page.parts.merged[0].number, from.number);
        assert_eq!(page.follow_ups[0].follow_up.id, asked.follow_up.id);
        let row = vocabulary::GenericUuid::into_untyped_uuid(asked.follow_up.id);
        assert_eq!(page.parts.origins[&row], from.number, "it stays known where it came from");
        assert_eq!(page.parts.stakeholders[0].stakeholder.resident_id, Some(world.resident));

        // What is written to the case that ended is written in the one that goes on.
        note(world, from.id, "Skrevs efteråt", false);
        assert_eq!(world.page(&kept).notes[0].text, "Skrevs efteråt");

        let done = OfficerAnswer::Done { text: "Gropen är lagad.".to_owned(), public: true };
        let (_, letters) = world.letters_of(|| world.answer(&asked.token, done).unwrap());
        assert_eq!(case(world, kept.id).status, CaseStatus::Solved);
        let told: Vec<&str> = letters.iter().map(|letter| letter.to.as_str()).collect();
        assert_eq!(
            told,
            [RESIDENT_EMAIL],
            "the other case's resident gets the answer, by the number they know"
        );
        assert!(letters[0].subject.contains(from.number.as_str()), "{}", letters[0].subject);
        assert_eq!(world.page(&kept).tasks.len(), 1, "and somebody phones the one who has no e-mail");

        let (key, now) = (world.settings.signing_key.clone(), world.clock.now());
        let seen = world.read(move |s| resident_page(s, &key, &token, now)).unwrap();
        assert_eq!((seen.status, seen.merged_from), (CaseStatus::Solved, Some(from.number)));
        assert_eq!(seen.answers.len(), 1);
    });
}

#[test]
fn nobody_reads_what_was_written_to_another() {
    each(|world| {
        let mine = world.registered(RegisterCase { resident_id: Some(world.resident), ..world.a_case() });
        let theirs =
            world.registered(RegisterCase { resident_id: Some(world.without_email), ..world.a_case() });
        note(world, mine.id, "Till mig", true);
        note(world, theirs.id, "Till dem", true);
        let adds = |resident: ResidentId, on: CaseId, text: &'static str| {
            tick(world);
            let (ctx, settings) = (world.ctx(Actor::Resident(resident)), world.settings.clone());
            world
                .db
                .write_blocking(move |s| crate::commands::resident_adds(s, &ctx, &settings, on, text, &[]))
                .unwrap()
        };
        adds(world.resident, mine.id, "Mitt eget");
        adds(world.without_email, theirs.id, "Deras eget");
        tick(world);
        try_merge(world, theirs.id, mine.id).unwrap();
        note(world, mine.id, "Till båda", true);
        let texts = |id: CaseId| -> Vec<String> {
            let shown = world.read(move |s| Ok(queries::shown_to_resident(s, id)?.unwrap())).unwrap();
            shown.notes.into_iter().map(|note| note.text).collect()
        };
        assert_eq!(texts(mine.id), ["Till mig", "Mitt eget", "Till båda"]);
        assert_eq!(texts(theirs.id), ["Till dem", "Deras eget", "Till båda"]);
    });
}

#[test]
fn what_must_not_be_merged_is_not() {
    each(|world| {
        let (a, b) = (world.registered(world.a_case()), world.registered(world.a_case()));
        assert_eq!(refusal(try_merge(world, a.id, a.id)), Refusal::Itself);
        let cmd = Solve { case_id: b.id, outcome: CaseOutcome::Solved, answer: String::new() };
        world.by_guide(move |s, ctx, settings| solve(s, ctx, settings, &cmd)).unwrap();
        assert_eq!(refusal(try_merge(world, a.id, b.id)), Refusal::MergeClosed);
        let first = try_merge(world, b.id, a.id).unwrap();
        assert_eq!(refusal(try_merge(world, a.id, b.id)), Refusal::Itself, "b is a by now");
        let c = world
            .registered(RegisterCase { secrecy_class: Some(SecrecyClass::Restricted), ..world.a_case() });
        assert_eq!(refusal(try_merge(world, b.id, c.id)), Refusal::Merged);
        // Merged on: the later comes first. The secrecy goes up, and down again when they are parted.
        let later = try_merge(world, c.id, a.id).unwrap();
        assert_eq!(case(world, a.id).secrecy_class, SecrecyClass::Restricted);
        let d = world.registered(world.a_case());
        let last = try_merge(world, a.id, d.id).unwrap();
        let undo = |id| world.by_guide(move |s, ctx, _| undo_merge(s, ctx, id));
        assert_eq!(refusal(undo(first.id)), Refusal::MergedOn);
        undo(last.id).unwrap();
        undo(later.id).unwrap();
        undo(first.id).unwrap();
        assert_eq!(case(world, a.id).secrecy_class, SecrecyClass::Open);
        assert_eq!(case(world, b.id).merged_into_id, None);
    });
}

#[test]
fn what_is_done_meanwhile_stays_done() {
    each(|world| {
        let kept = world.registered(world.a_case());
        let (from, asked) = world.forwarded();
        let merged = try_merge(world, from.id, kept.id).unwrap();
        let text = "Klart.".to_owned();
        world.answer(&asked.token, OfficerAnswer::Done { text, public: false }).unwrap();
        note(world, kept.id, "Skrevs under tiden", false);
        world.by_guide(move |s, ctx, _| undo_merge(s, ctx, merged.id)).unwrap();
        let (kept, from) = (case(world, kept.id), case(world, from.id));
        assert_eq!(kept.status, CaseStatus::Solved, "the answer closed it, not the merge");
        assert_eq!(from.status, CaseStatus::Ongoing, "nobody is asked any more, so somebody must look");
        assert_eq!(world.page(&from).follow_ups.len(), 1, "the question and its answer went back");
        assert_eq!(world.page(&kept).notes.iter().filter(|n| n.text == "Skrevs under tiden").count(), 1);
    });
}

#[test]
fn a_part_becomes_a_case_of_its_own() {
    each(|world| {
        let case = world.registered(RegisterCase {
            secrecy_class: Some(SecrecyClass::Restricted),
            ..RegisterCase::new(
                world.pothole,
                Origin::Direct { channel: Channel::Email, arrival_day: Some(date(2026, 10, 1)) },
            )
        });
        world.grant(world.guide);
        note(world, case.id, "Hör hit", false);
        note(world, case.id, "Annan sak", false);
        document(world, case.id, "annan sak");
        let page = world.page(&case);
        let empty = || SplitCase {
            case_id: case.id,
            case_type_id: None,
            title: "Annan sak".to_owned(),
            description: String::new(),
            notes: Vec::new(),
            documents: Vec::new(),
            stakeholders: Vec::new(),
            key: Some("k".to_owned()),
        };
        let try_split = |cmd: SplitCase| world.by_guide(move |s, ctx, _| split(s, ctx, &cmd));
        assert_eq!(refusal(try_split(empty())), Refusal::NothingChosen);
        let other = world.registered(world.a_case());
        note(world, other.id, "En annans", false);
        let stray = world.page(&other).notes[0].id;
        assert!(matches!(
            try_split(SplitCase { notes: vec![stray], key: None, ..empty() }),
            Err(CasesError::NotFound { what: "note" })
        ));
        let cmd = SplitCase {
            notes: vec![page.notes[1].id],
            documents: vec![page.parts.documents[0].id],
            ..empty()
        };
        let new = try_split(cmd.clone()).unwrap();
        assert_eq!(try_split(cmd).unwrap().id, new.id, "the same key is the same case");
        assert_eq!((new.arrival_day, new.channel), (date(2026, 10, 1), Channel::Email));
        assert_eq!(new.secrecy_class, SecrecyClass::Restricted, "never less secret than what it came from");
        let (left, went) = (world.page(&case), world.page(&new));
        assert_eq!((left.notes.len(), left.parts.documents.len()), (1, 0));
        assert_eq!((went.notes[0].text.as_str(), went.parts.documents.len()), ("Annan sak", 1));
        assert_eq!(went.parts.neighbours[0].1.number, case.number);
    });
}

#[test]
fn links_lead_no_case_to_itself() {
    each(|world| {
        let cases: Vec<Case> = (0..4).map(|_| world.registered(world.a_case())).collect();
        let link = |a: usize, b: usize, kind| {
            let cmd = LinkCases { case_id: cases[a].id, other_id: cases[b].id, kind };
            world.by_guide(move |s, ctx, _| link_cases(s, ctx, cmd))
        };
        assert_eq!(refusal(link(0, 0, CaseLinkKind::Related)), Refusal::Itself);
        let first = link(0, 1, CaseLinkKind::Parent).unwrap();
        assert_eq!(link(0, 1, CaseLinkKind::Parent).unwrap(), first);
        link(1, 2, CaseLinkKind::Parent).unwrap();
        assert_eq!(refusal(link(2, 0, CaseLinkKind::Parent)), Refusal::LinkCycle);
        assert_eq!(refusal(link(0, 3, CaseLinkKind::Parent)), Refusal::OneParent);
        link(3, 0, CaseLinkKind::Duplicate).unwrap();
        assert_eq!(refusal(link(0, 3, CaseLinkKind::Duplicate)), Refusal::LinkCycle);
        let related = link(3, 1, CaseLinkKind::Related).unwrap();
        assert_eq!(link(1, 3, CaseLinkKind::Related).unwrap(), related, "neither is before the other");
        let neighbours = world.page(&cases[0]).parts.neighbours;
        let words: Vec<&str> = neighbours.iter().map(|(relation, _)| relation.as_str()).collect();
        assert_eq!(words, ["parent", "repeated_by"]);
    });
}
