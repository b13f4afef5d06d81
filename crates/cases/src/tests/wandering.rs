//! A case is led about at random: every command in any order, each perhaps twice, jobs late, officers slow and guides in
//! a hurry. Whatever is refused is refused with a typed error, and what must hold holds after every step.

use super::{World, each};
use crate::commands::{
    AddNote, Change, ChangeRecipient, Forward, OfficerAnswer, Solve, TaskEnd, add_note, change_recipient,
    change_status, complete_task, forward, reopen, replace_link, revoke_links, solve, withdraw,
};
use crate::queries::CasePage;
use crate::status::clock_stands_still;
use crate::{Case, CasesError, FollowUpState, TaskKind};
use std::collections::BTreeMap;
use vocabulary::{CaseOutcome, CaseStatus, Chance as _, Clock as _, SeededChance, SignedDuration, local_day};

const SEEDS: u64 = 4;
const STEPS: u32 = 120;

/// One thing that may happen to the case, as chance has it. Gives what was done, and the error if it was refused.
fn step(
    world: &World,
    case: &Case,
    chance: &SeededChance,
    tokens: &mut Vec<String>,
) -> (&'static str, Option<CasesError>) {
    let page = world.page(case);
    let id = case.id;
    let below = |n: usize| usize::try_from(chance.below(n as u64)).unwrap();
    let officer = if chance.below(2) == 0 { world.maja } else { world.olle };
    let question =
        (!page.follow_ups.is_empty()).then(|| page.follow_ups[below(page.follow_ups.len())].follow_up.id);
    let task = (!page.tasks.is_empty()).then(|| page.tasks[below(page.tasks.len())].id);
    let soon =
        local_day(world.clock.now()) + jiff::Span::new().days(i64::try_from(chance.below(40)).unwrap());
    let message = if chance.below(3) == 0 { "Hur går det?" } else { "Kan ni laga den?" }.to_owned();
    let public = chance.below(2) == 0;
    match chance.below(14) {
        0..=2 => {
            let cmd = Forward { case_id: id, officer_id: Some(officer), message, due_working_days: None };
            let asked = world.by_guide(move |s, ctx, settings| forward(s, ctx, settings, &cmd));
            let error = asked.map(|asked| tokens.push(asked.token)).err();
            ("forward", error)
        }
        3 => {
            let Some(follow_up_id) = question else { return ("nothing", None) };
            let cmd = ChangeRecipient { follow_up_id, officer_id: officer, message };
            let asked = world.by_guide(move |s, ctx, settings| change_recipient(s, ctx, settings, &cmd));
            let error = asked.map(|asked| tokens.push(asked.token)).err();
            ("change recipient", error)
        }
        4 => {
            let Some(question) = question else { return ("nothing", None) };
            let back = world.by_guide(move |s, ctx, settings| withdraw(s, ctx, settings, question));
            ("withdraw", back.err())
        }
        5..=6 => {
            if tokens.is_empty() {
                return ("nothing", None);
            }
            let token = tokens[below(tokens.len())].clone();
            let answer = match chance.below(5) {
                0 => OfficerAnswer::Done { text: "Lagad.".to_owned(), public },
                1 => OfficerAnswer::WrongRecipient {
                    reason: "Inte vårt.".to_owned(),
                    suggestion: String::new(),
                },
                _ => OfficerAnswer::MoreTime { until: soon, reason: String::new() },
            };
            ("answer", world.answer(&token, answer).err())
        }
        7 => {
            let change = match chance.below(4) {
                0 => Change::Begin,
                1 => Change::WaitForResident,
                2 => Change::SuspendUntil(soon),
                _ => Change::Resume,
            };
            let moved = world.by_guide(move |s, ctx, settings| change_status(s, ctx, settings, id, change));
            ("change status", moved.err())
        }
        8 => {
            let cmd = Solve { case_id: id, outcome: CaseOutcome::Solved, answer: String::new() };
            ("solve", world.by_guide(move |s, ctx, settings| solve(s, ctx, settings, &cmd)).err())
        }
        9 => ("reopen", world.by_guide(move |s, ctx, settings| reopen(s, ctx, settings, id)).err()),
        10 => {
            let Some(task) = task else { return ("nothing", None) };
            let end = match chance.below(5) {
                0 => TaskEnd::AnswerTaken { text: "Lagad.".to_owned(), public },
                1 => TaskEnd::MoreTime { until: soon, reason: String::new() },
                2 => TaskEnd::SentTo { officer_id: officer, message },
                3 => TaskEnd::ResidentTold { note: String::new() },
                _ => TaskEnd::NotNeeded { note: "Löst ändå.".to_owned() },
            };
            let done = world.by_guide(move |s, ctx, settings| complete_task(s, ctx, settings, task, &end));
            ("complete task", done.err())
        }
        11 => {
            let cmd = AddNote { case_id: id, text: "En rad.".to_owned(), public };
            ("note", world.by_guide(move |s, ctx, settings| add_note(s, ctx, settings, &cmd)).err())
        }
        12 => {
            let linked = world.by_guide(move |s, ctx, settings| {
                if public {
                    replace_link(s, ctx, settings, id).map(drop)
                } else {
                    revoke_links(s, ctx, id).map(drop)
                }
            });
            ("links", linked.err())
        }
        _ => {
            world.clock.advance(SignedDuration::from_hours(i64::try_from(chance.below(100)).unwrap()));
            if public {
                world.run_due();
            }
            ("time", None)
        }
    }
}

/// Whether an error is one that a person may get for trying what cannot be done.
fn is_an_answer(error: &CasesError) -> bool {
    matches!(
        error,
        CasesError::Forbidden(_)
            | CasesError::Link(_)
            | CasesError::AlreadyAsked
            | CasesError::AlreadyAnswered { .. }
            | CasesError::DayOutOfRange { .. }
            | CasesError::TaskDone
            | CasesError::TaskMismatch
            | CasesError::TooMany { .. }
    )
}

/// What must hold of a case at any moment.
fn check(page: &CasePage) {
    let case = &page.case;
    let waiting: Vec<_> =
        page.follow_ups.iter().map(|a| &a.follow_up).filter(|f| f.state == FollowUpState::Waiting).collect();
    assert_eq!(case.status == CaseStatus::Solved, case.closed_at.is_some());
    assert_eq!(case.closed_at.is_some(), case.outcome.is_some(), "closed with an outcome, open without");
    assert_eq!(case.status == CaseStatus::Suspended, case.rests_until_day.is_some());
    let may_await = case.status == CaseStatus::WaitingForDepartment || clock_stands_still(case.status);
    assert!(waiting.is_empty() || may_await, "an officer is asked about a case that is {}", case.status);
    assert!(case.status != CaseStatus::WaitingForDepartment || !waiting.is_empty(), "waits for nobody");
    for question in &waiting {
        assert_eq!(question.clock.paused_at.is_some(), clock_stands_still(case.status));
        assert!(question.clock.reminders_sent <= 2);
        assert!(question.answered_at.is_none());
    }
    let mut officers: Vec<_> = waiting.iter().map(|question| question.officer_id).collect();
    officers.sort_unstable();
    officers.dedup();
    assert_eq!(officers.len(), waiting.len(), "an officer is asked twice at once");
    let mut seen = BTreeMap::new();
    for task in &page.tasks {
        let same = seen.entry((task.kind, task.follow_up_id)).or_insert(0);
        *same += 1;
        assert_eq!(*same, 1, "the same task twice");
        if task.kind == TaskKind::CallOfficer {
            assert!(waiting.iter().any(|question| Some(question.id) == task.follow_up_id));
        }
        assert!(case.status != CaseStatus::Solved || task.kind == TaskKind::TellResident);
    }
}

#[test]
fn a_case_led_about_at_random_is_never_lost_nor_in_two_minds() {
    each(|world| {
        for seed in 0..SEEDS {
            let chance = SeededChance::new(seed);
            let case = world.registered(world.a_case());
            let mut tokens = Vec::new();
            let mut done: BTreeMap<&str, u32> = BTreeMap::new();
            for n in 0..STEPS {
                let (what, error) = step(world, &case, &chance, &mut tokens);
                if let Some(error) = error {
                    assert!(is_an_answer(&error), "seed {seed} step {n}: {what}: {error}");
                } else {
                    *done.entry(what).or_default() += 1;
                }
                check(&world.page(&case));
            }
            assert!(done.len() >= 9, "too little of it was tried: {done:?}");
            nobody_is_forgotten(world, &case);
        }
    });
}

/// A year later, everybody who was asked and has not answered has been reminded, and somebody is to phone them.
fn nobody_is_forgotten(world: &World, case: &Case) {
    let id = case.id;
    if world.page(case).case.status == CaseStatus::WaitingForResident {
        world.by_guide(move |s, ctx, settings| change_status(s, ctx, settings, id, Change::Resume)).unwrap();
    }
    // A case at rest wakes first, and only then does its officers' clock run on.
    for _ in 0..2 {
        world.clock.advance(SignedDuration::from_hours(24 * 365));
        world.run_due();
    }
    let page = world.page(case);
    check(&page);
    assert!(!clock_stands_still(page.case.status), "still {}", page.case.status);
    for asked in page.follow_ups.iter().filter(|asked| asked.follow_up.state == FollowUpState::Waiting) {
        let clock = asked.follow_up.clock;
        assert_eq!((clock.reminder_at, clock.call_task_at), (None, None), "a clock that never rang");
    }
}
