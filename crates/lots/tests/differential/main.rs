//! The house gives the same answers on SQLite and on PostgreSQL: the same random commands of residents, guides and
//! officers are carried out on both, and after each one every read and every table is compared.
//!
//! `PROPTEST_CASES=200 cargo test -p lots --test differential` looks further than the usual run.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod commands;
mod reads;
mod tables;
mod town;

use commands::{Command, Outcome};
use proptest::prelude::*;
use storage::testing;
use town::Town;

/// Sequences tried in a usual run.
const CASES: u32 = 12;
/// Commands in a sequence at most.
const COMMANDS_MAX: usize = 40;

/// Carries the commands out on both engines side by side.
fn compare(commands: &[Command]) -> Result<(), TestCaseError> {
    let Some(server) = testing::postgres() else { return Ok(()) };
    let towns = [Town::build(testing::sqlite()), Town::build(server)];
    let mut known = towns[0].known.clone();
    prop_assert_eq!(&known, &towns[1].known, "the towns began differently");
    for (step, command) in (1..).zip(commands) {
        let [sqlite, postgres]: [Outcome; 2] =
            [0, 1].map(|town| towns[town].carry_out(step, command, &known));
        prop_assert_eq!(&sqlite, &postgres, "step {}: {:?}", step, command);
        prop_assert!(!sqlite.answer.contains("Storage("), "step {}: {:?}: {}", step, command, sqlite.answer);
        known.learn(&sqlite);

        let [sqlite, postgres] = [0, 1].map(|town| towns[town].read_everything(&known));
        prop_assert_eq!(sqlite.reads.len(), postgres.reads.len());
        for (left, right) in sqlite.reads.iter().zip(&postgres.reads) {
            prop_assert_eq!(left, right, "after step {}: {:?}", step, command);
        }
        known.tasks = sqlite.tasks;
        known.messages = sqlite.messages;
    }
    Ok(())
}

#[test]
fn the_same_commands_come_to_the_same_on_both_engines() {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(CASES);
    let config = ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(commands in prop::collection::vec(commands::any_command(), 1..COMMANDS_MAX))| {
        compare(&commands)?;
    });
}

#[test]
fn every_table_is_compared() {
    let compared: Vec<&str> = tables::TABLES.iter().map(|(name, _)| *name).collect();
    for table in tables::of_the_migrations() {
        assert!(compared.contains(&table.as_str()), "{table} is compared by nobody");
    }
}
