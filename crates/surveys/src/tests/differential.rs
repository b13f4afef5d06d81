//! The same random commands on SQLite and PostgreSQL, through people, contacts and surveys: every result and every read
//! must be the same on both.

use contacts::commands::{arrive, log, mark_answered, mark_ended, mark_queued, register, set_resident};
use contacts::{Arrive, Log, Register, figures, queries as contact_rows};
use people::residents::{ChangeResident, Search, change, find_or_create_by_telephone, queries as residents};
use proptest::prelude::*;
use routing::CallEnding;
use std::fmt::Debug;
use std::sync::Arc;
use storage::testing::{postgres, sqlite};
use storage::{Session, StorageError, params, sql};
use vocabulary::{
    Actor, CaseTypeId, Channel, ContactId, ContactOutcome, Context, NewId as _, SeededChance, SignedDuration,
    local_day,
};

use super::{Centre, centre, monday, number, rules};
use crate::commands::{begin_call, close, decide, record_answers};
use crate::model::{Answer, AnswerSheet, SIX_PARAMETERS};
use crate::queries;

/// Calls that are told of.
const CALLS: u64 = 6;
/// Residents there may be.
const NUMBERS: u32 = 4;

#[derive(Clone, Debug)]
enum Command {
    Arrive { call: u64, number: Option<u32>, group: Option<bool> },
    Queued { call: u64 },
    Answered { call: u64 },
    Ended { call: u64, ending: CallEnding },
    Log { call: u64, outcome: ContactOutcome, note: String },
    Register { channel: Channel, number: u32 },
    SetResident { call: u64, number: u32 },
    Change { number: u32, name: String, protected: bool, opt_out: bool },
    Invite { call: u64 },
    Begin { call: u64 },
    Close { call: u64 },
    Answers { scores: Vec<u8>, group: Option<bool> },
}

fn command() -> impl Strategy<Value = Command> {
    let call = || 0..CALLS;
    let number = || 0..NUMBERS;
    let ending = prop::sample::select(vec![
        CallEnding::Handled,
        CallEnding::Handled,
        CallEnding::Abandoned,
        CallEnding::AbandonedInPrompt,
        CallEnding::ToSwitchboard,
        CallEnding::Failed,
    ]);
    let outcome = prop::sample::select(ContactOutcome::ALL);
    let text = || "[a-zåäöÅÄÖ%_\\\\' ]{0,12}|\\PC{0,8}";
    prop_oneof![
        4 => (call(), prop::option::of(number()), prop::option::of(any::<bool>()))
            .prop_map(|(call, number, group)| Command::Arrive { call, number, group }),
        2 => call().prop_map(|call| Command::Queued { call }),
        3 => call().prop_map(|call| Command::Answered { call }),
        3 => (call(), ending).prop_map(|(call, ending)| Command::Ended { call, ending }),
        2 => (call(), outcome, text()).prop_map(|(call, outcome, note)| Command::Log { call, outcome, note }),
        1 => (prop::sample::select(Channel::ALL), number())
            .prop_map(|(channel, number)| Command::Register { channel, number }),
        1 => (call(), number()).prop_map(|(call, number)| Command::SetResident { call, number }),
        2 => (number(), text(), prop::bool::weighted(0.2), prop::bool::weighted(0.2))
            .prop_map(|(number, name, protected, opt_out)| Command::Change { number, name, protected, opt_out }),
        3 => call().prop_map(|call| Command::Invite { call }),
        2 => call().prop_map(|call| Command::Begin { call }),
        1 => call().prop_map(|call| Command::Close { call }),
        2 => (prop::collection::vec(0_u8..=6, 0..=7), prop::option::of(any::<bool>()))
            .prop_map(|(scores, group)| Command::Answers { scores, group }),
    ]
}

/// What both engines are told: the same time, the same chance.
fn context(c: Centre, step: usize) -> Context {
    let step = u64::try_from(step).unwrap();
    let now = monday() + SignedDuration::from_secs(20 * i64::try_from(step).unwrap());
    Context::new(now, Actor::User(c.anna), Arc::new(SeededChance::new(step)))
}

fn call_id(call: u64) -> ContactId {
    ContactId::next(monday(), &SeededChance::new(1_000 + call))
}

fn case_type() -> CaseTypeId {
    CaseTypeId::next(monday(), &SeededChance::new(99))
}

fn text(result: impl Debug) -> String {
    format!("{result:?}")
}

/// The last invitation after a call, found as a job would have it.
fn invitation(s: &mut Session<'_>, call: u64) -> Result<Option<vocabulary::InvitationId>, StorageError> {
    s.row(sql!("SELECT id FROM survey_invitations WHERE contact_id = $1"), params![call_id(call)], |r| {
        r.get(0)
    })
}

fn run(s: &mut Session<'_>, c: Centre, step: usize, command: &Command) -> Result<String, StorageError> {
    let ctx = context(c, step);
    let system = Context { actor: Actor::System, ..ctx.clone() };
    let group = |second: bool| c.groups[usize::from(second)];
    Ok(match command {
        Command::Arrive { call, number: n, group: g } => {
            let number = n.map(number);
            let resident = number
                .as_deref()
                .map(|number| find_or_create_by_telephone(s, &system, number))
                .transpose()
                .unwrap();
            let cmd =
                Arrive { contact: call_id(*call), resident, caller_number: number, group: g.map(group) };
            text(arrive(s, &system, &cmd))
        }
        Command::Queued { call } => text(mark_queued(s, &system, call_id(*call))),
        Command::Answered { call } => text(mark_answered(s, &system, call_id(*call), c.anna)),
        Command::Ended { call, ending } => text(mark_ended(s, &system, call_id(*call), *ending, None)),
        Command::Log { call, outcome, note } => {
            let cmd = Log {
                contact: call_id(*call),
                case_type: case_type(),
                outcome: *outcome,
                note: note.clone(),
            };
            text(log(s, &ctx, &cmd))
        }
        Command::Register { channel, number: n } => {
            let resident = find_or_create_by_telephone(s, &ctx, &number(*n)).unwrap();
            let cmd = Register {
                channel: *channel,
                resident: Some(resident),
                group: None,
                guide: Some(c.anna),
                arrived_at: None,
                logged: None,
                note: String::new(),
            };
            text(register(s, &ctx, &cmd))
        }
        Command::SetResident { call, number: n } => {
            let resident = find_or_create_by_telephone(s, &ctx, &number(*n)).unwrap();
            text(set_resident(s, &ctx, call_id(*call), resident))
        }
        Command::Change { number: n, name, protected, opt_out } => {
            let resident = find_or_create_by_telephone(s, &ctx, &number(*n)).unwrap();
            let cmd = ChangeResident {
                name: Some(name.clone()),
                protected: Some(*protected),
                survey_opt_out: Some(*opt_out),
                ..ChangeResident::default()
            };
            text(change(s, &ctx, resident, &cmd))
        }
        Command::Invite { call } => text(decide(s, &system, &rules(), call_id(*call))),
        Command::Begin { call } => match invitation(s, *call)? {
            Some(id) => text(begin_call(s, &system, &rules(), id)),
            None => String::new(),
        },
        Command::Close { call } => match invitation(s, *call)? {
            Some(id) => text(close(s, &system, id)),
            None => String::new(),
        },
        Command::Answers { scores, group: g } => {
            let sheet = AnswerSheet { questionnaire: SIX_PARAMETERS, group: g.map(group) };
            let questions = SIX_PARAMETERS.questions.iter().cycle();
            let answers: Vec<Answer> =
                questions.zip(scores).map(|(p, score)| Answer { parameter: *p, score: *score }).collect();
            text(record_answers(s, &system, &sheet, &answers))
        }
    })
}

/// Everything that can be read, as text.
fn read(s: &mut Session<'_>, c: Centre) -> Result<Vec<String>, StorageError> {
    let day = local_day(monday());
    let first = contact_rows::list(s, Actor::User(c.anna), None, 3)?;
    let mut all = vec![
        text(contact_rows::list(s, Actor::User(c.anna), first.next, 50)?),
        text(first),
        text(contact_rows::unlogged_of(s, c.anna, 50)?),
        text(figures::hour_figures(s, day)?),
        text(queries::means(s, day, day)?),
        text(queries::response_rate(s, day, day)?),
        text(storage::timeline::read_from(s, 0, 10_000)?),
        text(people::users::queries::all(s)?),
    ];
    for n in 0..NUMBERS {
        let resident = residents::by_telephone(s, &number(n))?;
        all.push(text(&resident));
        if let Some(resident) = resident {
            all.push(text(contact_rows::of_resident(s, vocabulary::Actor::System, resident.id, 50)?));
            all.push(text(queries::last_invited(s, resident.id)?));
        }
    }
    for typed in ["å", "ÅÄ", "a", "%", "_", "\\", "'", "ö b", "+4670", "000000"] {
        // Doubled, since one character is too short to search for.
        if let Ok(Some(search)) = Search::of(&typed.repeat(2)) {
            all.push(text(residents::search(s, &search)?));
        }
    }
    Ok(all)
}

fn prepare(s: &mut Session<'_>) -> Result<Centre, StorageError> {
    let mut c = centre(s);
    // The two centres' ids come from chance that differs; the engines must be told the same.
    let ids: [_; 3] = std::array::from_fn(|n| SeededChance::new(500 + u64::try_from(n).unwrap()));
    let (bygg, skola, anna) = (
        vocabulary::NewId::untimed(&ids[0]),
        vocabulary::NewId::untimed(&ids[1]),
        vocabulary::NewId::untimed(&ids[2]),
    );
    for (old, new) in c.groups.iter().zip([bygg, skola]) {
        s.execute(sql!("UPDATE answer_groups SET id = $2 WHERE id = $1"), params![old, new])?;
    }
    s.execute(sql!("UPDATE users SET id = $2, created_at = 0 WHERE id = $1"), params![c.anna, anna])?;
    s.execute(sql!("DELETE FROM timeline"), params![])?;
    let department: vocabulary::DepartmentId = vocabulary::NewId::untimed(&ids[0]);
    s.execute(
        sql!("INSERT INTO departments (id, code, name, board, escalation_email) VALUES ($1, 'd', 'd', 'd', 'd@x.se')"),
        params![department],
    )?;
    s.execute(
        sql!(
            "INSERT INTO case_types (id, code, name, keywords, department_id, officer_id, board, secrecy_class,
                 retention_rule, due_working_days, public_text, active)
             VALUES ($1, 'hal', 'Hål i gatan', '', $2, NULL, 'Nämnden', 'open', 'r', 5, '', $3)"
        ),
        params![case_type(), department, true],
    )?;
    c.groups = [bygg, skola];
    c.anna = anna;
    Ok(c)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn both_engines_answer_alike(commands in prop::collection::vec(command(), 1..60)) {
        let Some(postgres) = postgres() else { return Ok(()) };
        let engines = [sqlite(), postgres];
        let [a, b] = engines.each_ref().map(|db| db.write_blocking(prepare).unwrap());
        prop_assert_eq!(text(a), text(b));
        for (step, command) in commands.iter().enumerate() {
            let results = engines.each_ref().map(|db| {
                let command = command.clone();
                db.write_blocking(move |s| run(s, a, step, &command))
            });
            prop_assert_eq!(&results[0], &results[1], "{:?}", command);
        }
        let reads = engines.each_ref().map(|db| db.read_blocking(move |s| read(s, a)).unwrap());
        for (sqlite, postgres) in reads[0].iter().zip(&reads[1]) {
            prop_assert_eq!(sqlite, postgres);
        }
    }
}
