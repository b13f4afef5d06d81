use super::schema::column;
use super::{MARK, RULE, World};
use crate::RecordsError;
use crate::retention::commands::{HoldOn, carry_out, decide, place_hold, propose, put_rule, release_hold};
use crate::retention::{CountedFrom, DisposalState, RetentionAction, Rule, WhyKept, queries};
use proptest::prelude::*;
use storage::testing::{both, sqlite};
use vocabulary::{Actor, CaseId, DisposalId, GenericUuid as _};

fn rule(keep_months: u32, action: RetentionAction) -> Rule {
    Rule {
        code: RULE.to_owned(),
        keep_months,
        counted_from: CountedFrom::Closed,
        action,
        basis: "Dokumenthanteringsplan KS 2026, 4.2".to_owned(),
        active: true,
    }
}

fn put(world: &World, rule: Rule) {
    world.by_anna(move |s, ctx, _| put_rule(s, ctx, &rule)).unwrap();
}

fn proposed(world: &World) -> Vec<DisposalId> {
    world.run(Actor::System, |s, ctx, _| propose(s, ctx)).unwrap()
}

fn carried_out(world: &World, id: DisposalId) {
    world.by_anna(move |s, ctx, _| decide(s, ctx, id, true)).unwrap();
    while world.run(Actor::System, move |s, ctx, _| carry_out(s, ctx, id)).unwrap() {}
}

fn is_there(world: &World, case: CaseId) -> bool {
    world.run(Actor::System, move |s, _, _| Ok(cases::queries::case(s, case)?.is_some())).unwrap()
}

/// Every text and every file in the database, for looking for what should be gone.
fn whole(world: &World) -> Vec<(String, String)> {
    let storage::StorageConfig::Sqlite { path } = world.db.config() else { return Vec::new() };
    let connection = rusqlite::Connection::open(path).unwrap();
    let mut all = Vec::new();
    for table in
        column(&connection, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
    {
        for field in column(&connection, &format!("SELECT name FROM pragma_table_info('{table}')")) {
            let question = format!("SELECT CAST({field} AS TEXT) FROM {table} WHERE {field} IS NOT NULL");
            let texts = column_lossy(&connection, &question);
            all.extend(texts.into_iter().map(|text| (format!("{table}.{field}"), text)));
        }
    }
    all
}

fn column_lossy(connection: &rusqlite::Connection, question: &str) -> Vec<String> {
    let mut statement = connection.prepare(question).unwrap();
    let read = |row: &rusqlite::Row<'_>| {
        Ok(String::from_utf8_lossy(row.get_ref(0)?.as_bytes_or_null()?.unwrap_or_default()).into_owned())
    };
    statement.query_map([], read).unwrap().map(Result::unwrap).collect()
}

#[test]
fn a_case_whose_time_is_out_goes_with_everything_that_hangs_from_it() {
    for db in both() {
        let world = World::new(db);
        put(&world, rule(24, RetentionAction::Delete));
        let case = world.full_case(world.pothole);
        world.solve(case);
        // Its resident is known by name; that card stays, and is all that stays.
        world.at("2028-11-02T12:00:00Z");
        assert!(proposed(&world).is_empty(), "the last day it is kept");
        world.at("2028-11-03T12:00:00Z");
        let batch = proposed(&world)[0];
        assert!(proposed(&world).is_empty(), "once is enough");
        let waiting = world.by_anna(move |s, _, _| Ok(queries::counted_waiting(s, batch)?)).unwrap();
        assert_eq!((waiting.len(), waiting[0].cases, waiting[0].arrival_year), (1, 1, 2026));
        assert!(is_there(&world, case), "nothing goes before somebody has said so");
        carried_out(&world, batch);
        assert!(!is_there(&world, case));
        for (place, text) in whole(&world) {
            assert!(place.starts_with("residents.") || !text.contains(MARK), "{place}: {text}");
            assert!(place.starts_with("timeline.") || !text.contains("Tystgatan"), "{place}: {text}");
        }
        let (state, gone) = world
            .by_anna(move |s, _, _| {
                Ok((queries::disposal(s, batch)?.unwrap().state, queries::counted_gone(s, batch)?))
            })
            .unwrap();
        assert_eq!(state, DisposalState::Done);
        assert_eq!((gone.len(), gone[0].cases, gone[0].board.as_str()), (1, 1, "Tekniska nämnden"));
    }
}

#[test]
fn an_anonymised_case_can_be_counted_and_tells_nothing() {
    for db in both() {
        let world = World::new(db);
        put(&world, rule(12, RetentionAction::Anonymise));
        let case = world.full_case(world.support);
        world.solve(case);
        world.at("2027-12-01T12:00:00Z");
        let batch = proposed(&world)[0];
        carried_out(&world, batch);
        let found =
            world.run(Actor::System, move |s, _, _| Ok(cases::queries::case(s, case)?.unwrap())).unwrap();
        assert_eq!(
            (found.title.as_str(), found.description.as_str(), found.resident_id),
            ("Ärende soc", "", None)
        );
        assert!(found.closed_at.is_some() && found.outcome.is_some());
        for (place, text) in whole(&world) {
            assert!(place.starts_with("residents.") || !text.contains(MARK), "{place}: {text}");
        }
        world.at("2029-12-01T12:00:00Z");
        assert!(proposed(&world).is_empty(), "once is for good");
    }
}

#[test]
fn a_file_that_another_case_has_too_stays() {
    let world = World::new(sqlite());
    put(&world, rule(24, RetentionAction::Delete));
    let (old, young) = (world.full_case(world.pothole), world.full_case(world.pothole));
    world.solve(old);
    world.at("2029-01-01T12:00:00Z");
    let batch = proposed(&world)[0];
    carried_out(&world, batch);
    assert!(!is_there(&world, old) && is_there(&world, young));
    let content = format!("{MARK} skrev detta").into_bytes();
    let kept = world
        .run(Actor::System, move |s, _, _| {
            Ok(storage::blobs::get(s, &storage::blobs::Digest::of(&content))?.is_some())
        })
        .unwrap();
    assert!(kept);
}

#[test]
fn what_has_changed_since_the_batch_was_approved_is_kept() {
    for db in both() {
        let world = World::new(db);
        put(&world, rule(24, RetentionAction::Delete));
        let cases: Vec<CaseId> = (0..3).map(|_| world.full_case(world.pothole)).collect();
        for case in &cases {
            world.solve(*case);
        }
        world.at("2029-01-01T12:00:00Z");
        let batch = proposed(&world)[0];
        world.by_anna(move |s, ctx, _| decide(s, ctx, batch, true)).unwrap();
        let (held, reopened, gone) = (cases[0], cases[1], cases[2]);
        world.by_anna(move |s, ctx, _| place_hold(s, ctx, HoldOn::Case(held), "Rättegång")).unwrap();
        world
            .by_anna(move |s, ctx, settings| Ok(cases::commands::reopen(s, ctx, settings, reopened)?))
            .unwrap();
        carried_out(&world, batch);
        assert!(is_there(&world, held) && is_there(&world, reopened) && !is_there(&world, gone));
        let kept = world.by_anna(move |s, _, _| Ok(queries::counted_kept(s, batch)?)).unwrap();
        assert_eq!(kept, [(WhyKept::Held, 1), (WhyKept::Open, 1)]);
        // Another rule than the one approved lets nothing go.
        let hold = world.by_anna(|s, _, _| Ok(queries::holds(s, 9)?.remove(0).id)).unwrap();
        world.by_anna(move |s, ctx, _| release_hold(s, ctx, hold)).unwrap();
        let again = proposed(&world)[0];
        world.by_anna(move |s, ctx, _| decide(s, ctx, again, true)).unwrap();
        put(&world, rule(120, RetentionAction::Delete));
        while world.run(Actor::System, move |s, ctx, _| carry_out(s, ctx, again)).unwrap() {}
        assert!(is_there(&world, held));
    }
}

#[test]
fn a_batch_is_decided_once_by_a_person_and_a_rejected_one_rests() {
    let world = World::new(sqlite());
    put(&world, rule(24, RetentionAction::Delete));
    let case = world.full_case(world.pothole);
    world.solve(case);
    world.at("2029-01-01T12:00:00Z");
    let batch = proposed(&world)[0];
    let by_house = world.run(Actor::System, move |s, ctx, _| decide(s, ctx, batch, true));
    assert!(matches!(by_house, Err(RecordsError::NotAPerson)));
    world.by_anna(move |s, ctx, _| decide(s, ctx, batch, false)).unwrap();
    world.by_anna(move |s, ctx, _| decide(s, ctx, batch, false)).unwrap();
    let otherwise = world.by_anna(move |s, ctx, _| decide(s, ctx, batch, true));
    assert!(matches!(otherwise, Err(RecordsError::Decided)));
    assert!(!world.run(Actor::System, move |s, ctx, _| carry_out(s, ctx, batch)).unwrap());
    assert!(is_there(&world, case));
    assert!(proposed(&world).is_empty(), "turned down: it rests");
    world.at("2029-06-01T12:00:00Z");
    assert_eq!(proposed(&world).len(), 1);
}

/// What the test knows of each case, beside the database.
#[derive(Clone, Copy, Debug)]
struct Made {
    solved: bool,
    held: bool,
    resident_held: bool,
    ruled: bool,
}

fn made() -> impl Strategy<Value = Vec<Made>> {
    let one = (any::<bool>(), any::<bool>(), any::<bool>(), prop::bool::weighted(0.8))
        .prop_map(|(solved, held, resident_held, ruled)| Made { solved, held, resident_held, ruled });
    prop::collection::vec(one, 1..6)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, max_shrink_iters: 20, ..ProptestConfig::default() })]

    /// Whatever was made, and whenever the night comes: what is gone was solved, had a rule, was not held and was due;
    /// and all that was is gone.
    #[test]
    fn nothing_goes_that_is_held_has_no_rule_or_is_not_due(
        made in made(), keep_months in 0_u32..30, days_later in 1_i64..900, action in 0_usize..3
    ) {
        let world = World::new(sqlite());
        let action = [RetentionAction::Delete, RetentionAction::Anonymise, RetentionAction::Preserve][action];
        put(&world, rule(keep_months, action));
        let mut cases = Vec::new();
        for made in &made {
            let case = world.full_case(if made.ruled { world.pothole } else { world.support });
            if made.solved {
                world.solve(case);
            }
            let (made, kim) = (*made, world.kim);
            world.by_anna(move |s, ctx, _| {
                if made.held {
                    place_hold(s, ctx, HoldOn::Case(case), "Granskning pågår")?;
                }
                if made.resident_held {
                    place_hold(s, ctx, HoldOn::Resident(kim), "Tvist")?;
                }
                if !made.ruled {
                    s.execute(
                        storage::sql!("UPDATE cases SET retention_rule = 'Okänd regel' WHERE id = $1"),
                        storage::params![case],
                    )?;
                }
                Ok(())
            }).unwrap();
            cases.push(case);
        }
        let closed = vocabulary::local_day(vocabulary::Clock::now(&*world.clock));
        let now = vocabulary::Clock::now(&*world.clock) + vocabulary::SignedDuration::from_hours(24 * days_later);
        world.at(&now.to_string());
        for batch in proposed(&world) {
            carried_out(&world, batch);
        }
        // The slow way to count months: day by day.
        let mut day = closed;
        let mut months = 0;
        while months < keep_months {
            day = day.tomorrow().unwrap();
            months += u32::from(day.day() == closed.day().min(day.days_in_month()));
        }
        let due = vocabulary::local_day(now) > day;
        let any_resident_hold = made.iter().any(|made| made.resident_held);
        for (case, made) in cases.iter().zip(&made) {
            let goes = due && made.solved && made.ruled && !made.held && !any_resident_hold
                && action != RetentionAction::Preserve;
            let id = *case;
            let gone = world.run(Actor::System, move |s, _, _| {
                Ok(cases::queries::case(s, id)?.is_none_or(|case| case.description.is_empty()))
            }).unwrap();
            prop_assert_eq!(gone, goes, "{:?} after {} days under {} months", made, days_later, keep_months);
        }
    }
}

#[test]
fn ids_are_all_the_timeline_keeps() {
    let world = World::new(sqlite());
    put(&world, rule(0, RetentionAction::Delete));
    let case = world.full_case(world.pothole);
    world.solve(case);
    world.at("2026-11-03T12:00:00Z");
    let batch = proposed(&world)[0];
    carried_out(&world, batch);
    let told = world
        .run(Actor::System, move |s, _, _| {
            Ok(storage::timeline::of_subject(s, case.into_untyped_uuid(), 100)?)
        })
        .unwrap();
    let last = told.last().unwrap();
    assert_eq!((last.announcement.kind.as_str(), last.detail.as_deref()), ("case_disposed", Some("delete")));
}
