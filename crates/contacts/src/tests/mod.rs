//! The contacts' tests, on both engines.

mod commands;
mod figures;
mod queries;

use people::directory::{NewAnswerGroup, NewDepartment};
use people::password;
use people::users::CreateUser;
use routing::CallEnding;
use std::sync::{Arc, OnceLock};
use storage::{Session, params, sql};
use vocabulary::{
    Actor, AnswerGroupId, CaseTypeId, ContactId, Context, Language, NewId as _, Role, SeededChance,
    SignedDuration, Timestamp, UserId,
};

use crate::commands::{arrive, mark_answered, mark_ended, mark_queued};
use crate::model::Arrive;

/// A Monday morning in November, 09:00 in Sweden.
fn monday() -> Timestamp {
    "2026-11-02T08:00:00Z".parse().unwrap()
}

/// Somebody does something `seconds` after nine.
fn at(seconds: i64, actor: Actor) -> Context {
    let now = monday() + SignedDuration::from_secs(seconds);
    Context::new(now, actor, Arc::new(SeededChance::new(now.as_microsecond().unsigned_abs())))
}

fn contact_id(n: u64) -> ContactId {
    ContactId::next(monday(), &SeededChance::new(n))
}

/// Two groups, two guides and a case type.
#[derive(Clone, Copy, Debug)]
struct Centre {
    groups: [AnswerGroupId; 2],
    anna: UserId,
    bo: UserId,
    case_type: CaseTypeId,
}

fn centre(s: &mut Session<'_>) -> Centre {
    static HASH: OnceLock<password::PasswordHash> = OnceLock::new();
    let ctx = at(-3600, Actor::System);
    let hash = HASH.get_or_init(|| password::hash_new("", "blåbärssoppa", &*ctx.chance).unwrap());
    let groups = [("bygg", Some("042100")), ("skola", None)].map(|(code, dialled)| {
        let cmd = NewAnswerGroup {
            code: code.to_owned(),
            name: code.to_owned(),
            dialled: dialled.map(str::to_owned),
        };
        people::directory::commands::create_answer_group(s, &ctx, &cmd).unwrap().id
    });
    let [anna, bo] = ["anna", "bo"].map(|name| {
        let cmd = CreateUser {
            sign_in: name.to_owned(),
            name: name.to_owned(),
            role: Role::Guide,
            password: hash.clone(),
            language: Language::Swedish,
            hourly: false,
        };
        people::users::commands::create(s, &ctx, &cmd).unwrap().id
    });
    let department = NewDepartment {
        code: "sam".to_owned(),
        name: "Samhälle".to_owned(),
        board: "Nämnden".to_owned(),
        escalation_email: "chef@vikhamn.example".to_owned(),
    };
    let department = people::directory::commands::create_department(s, &ctx, &department).unwrap().id;
    let case_type: CaseTypeId = ctx.next_id();
    s.execute(
        sql!(
            "INSERT INTO case_types (id, code, name, keywords, department_id, officer_id, board, secrecy_class,
                 retention_rule, due_working_days, public_text, active)
             VALUES ($1, 'hal', 'Hål i gatan', '', $2, NULL, 'Nämnden', 'open', 'r', 5, '', $3)"
        ),
        params![case_type, department, true],
    )
    .unwrap();
    Centre { groups, anna, bo, case_type }
}

/// A call to `group` at `seconds` after nine, by nobody known.
fn call(s: &mut Session<'_>, n: u64, seconds: i64, group: Option<AnswerGroupId>) -> ContactId {
    let contact = contact_id(n);
    let cmd = Arrive { contact, resident: None, caller_number: None, group };
    assert!(arrive(s, &at(seconds, Actor::System), &cmd).unwrap());
    contact
}

/// A call that arrives, waits, is answered by `guide` after `wait` seconds, and is handled within a minute.
fn handled(
    s: &mut Session<'_>,
    n: u64,
    seconds: i64,
    wait: i64,
    group: AnswerGroupId,
    guide: UserId,
) -> ContactId {
    let contact = call(s, n, seconds, Some(group));
    mark_queued(s, &at(seconds + wait.min(5), Actor::System), contact).unwrap();
    mark_answered(s, &at(seconds + wait, Actor::System), contact, guide).unwrap();
    mark_ended(s, &at(seconds + wait + 60, Actor::System), contact, CallEnding::Handled, Some(guide))
        .unwrap();
    contact
}

/// How many timeline entries of each kind there are about a contact.
fn kinds(s: &mut Session<'_>, contact: ContactId) -> Vec<String> {
    use vocabulary::GenericUuid as _;
    let entries = storage::timeline::of_subject(s, contact.into_untyped_uuid(), 1_000).unwrap();
    entries.into_iter().map(|entry| entry.announcement.kind).collect()
}

#[test]
fn every_statement_is_understood_by_both_engines() {
    for db in storage::testing::both() {
        assert_eq!(storage::testing::prepare_every_statement(&db), []);
    }
}
