//! The surveys' tests, on both engines.

mod answers;
mod differential;
mod invitations;

use contacts::commands::{arrive, mark_answered, mark_ended, mark_queued};
use people::directory::NewAnswerGroup;
use people::residents::find_or_create_by_telephone;
use people::users::CreateUser;
use routing::CallEnding;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use storage::Session;
use vocabulary::{
    Actor, AnswerGroupId, ContactId, Context, Language, Role, SeededChance, SignedDuration, Timestamp, UserId,
};

use crate::SurveyRules;

/// A Monday morning in November, 10:00 in Sweden.
fn monday() -> Timestamp {
    "2026-11-02T09:00:00Z".parse().unwrap()
}

/// The system does something `minutes` after ten. No two contexts share their chance.
fn at(minutes: i64) -> Context {
    static SEED: AtomicU64 = AtomicU64::new(0);
    let now = monday() + SignedDuration::from_mins(minutes);
    Context::new(now, Actor::System, Arc::new(SeededChance::new(SEED.fetch_add(1, Ordering::Relaxed))))
}

#[derive(Clone, Copy, Debug)]
struct Centre {
    groups: [AnswerGroupId; 2],
    anna: UserId,
}

fn centre(s: &mut Session<'_>) -> Centre {
    let ctx = at(-60);
    let groups = [("bygg", Some("042100")), ("skola", None)].map(|(code, dialled)| {
        let cmd = NewAnswerGroup {
            code: code.to_owned(),
            name: code.to_owned(),
            dialled: dialled.map(str::to_owned),
        };
        people::directory::commands::create_answer_group(s, &ctx, &cmd).unwrap().id
    });
    let cmd = CreateUser {
        sign_in: "anna".to_owned(),
        name: "Anna".to_owned(),
        role: Role::Guide,
        password: people::password::hash_new("", "blåbärssoppa", &*ctx.chance).unwrap(),
        language: Language::Swedish,
        hourly: false,
    };
    Centre { groups, anna: people::users::commands::create(s, &ctx, &cmd).unwrap().id }
}

/// A number nobody else in the test has.
fn number(n: u32) -> String {
    format!("+4670{:07}", n)
}

/// A call from `number` that Anna has had.
fn handled(s: &mut Session<'_>, c: Centre, minutes: i64, number: Option<&str>, group: usize) -> ContactId {
    ended(s, c, minutes, number, group, CallEnding::Handled)
}

fn ended(
    s: &mut Session<'_>,
    c: Centre,
    minutes: i64,
    number: Option<&str>,
    group: usize,
    ending: CallEnding,
) -> ContactId {
    let ctx = at(minutes);
    let contact: ContactId = ctx.next_id();
    let resident = number.map(|number| find_or_create_by_telephone(s, &ctx, number).unwrap());
    let caller_number = number.map(str::to_owned);
    let cmd = contacts::Arrive { contact, resident, caller_number, group: Some(c.groups[group]) };
    assert!(arrive(s, &ctx, &cmd).unwrap());
    mark_queued(s, &ctx, contact).unwrap();
    let guide = (ending == CallEnding::Handled).then_some(c.anna);
    if let Some(guide) = guide {
        mark_answered(s, &ctx, contact, guide).unwrap();
    }
    mark_ended(s, &ctx, contact, ending, guide).unwrap();
    contact
}

/// Everybody who may be asked is, and is rung up at once.
fn rules() -> SurveyRules {
    SurveyRules { delay_minutes: 0, ..SurveyRules::default() }
}

#[test]
fn every_statement_is_understood_by_both_engines() {
    for db in storage::testing::both() {
        assert_eq!(storage::testing::prepare_every_statement(&db), []);
    }
}
