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
use storage::testing::{self, TestDatabase};
use town::{Known, Town};

/// Sequences tried in a usual run.
const CASES: u32 = 8;
/// Commands in a sequence.
const COMMANDS: std::ops::Range<usize> = 5..30;

/// The two engines' towns, and what is known of both.
struct Towns {
    towns: [Town; 2],
    known: Known,
    steps: u64,
}

impl Towns {
    fn build(sqlite: TestDatabase, postgres: TestDatabase) -> Result<Self, TestCaseError> {
        let towns = [Town::build(sqlite), Town::build(postgres)];
        prop_assert_eq!(&towns[0].known, &towns[1].known, "the towns began differently");
        Ok(Self { known: towns[0].known.clone(), towns, steps: 0 })
    }

    /// Carries a command out on both engines, and compares what they answer.
    fn carry_out(&mut self, command: &Command) -> Result<(), TestCaseError> {
        self.steps += 1;
        let [sqlite, postgres]: [Outcome; 2] =
            [0, 1].map(|town| self.towns[town].carry_out(self.steps, command, &self.known));
        prop_assert_eq!(&sqlite, &postgres, "step {}: {:?}", self.steps, command);
        // What a person does must be refused in a person's words, not by the database.
        prop_assert!(!sqlite.answer.contains("Storage("), "{:?}: {}", command, sqlite.answer);
        self.known.learn(&sqlite);
        Ok(())
    }

    /// Reads everything on both engines, and compares.
    fn read(&mut self, after: &str) -> Result<(), TestCaseError> {
        let [sqlite, postgres] = [0, 1].map(|town| self.towns[town].read_everything(&self.known));
        prop_assert_eq!(sqlite.reads.len(), postgres.reads.len());
        for (left, right) in sqlite.reads.iter().zip(&postgres.reads) {
            prop_assert_eq!(left, right, "after step {}: {}", self.steps, after);
        }
        self.known.tasks = sqlite.tasks;
        self.known.messages = sqlite.messages;
        Ok(())
    }
}

/// A morning's work and ten days' waiting, then the commands, each followed by every read.
fn compare(commands: &[Command]) -> Result<(), TestCaseError> {
    let Some(server) = testing::postgres() else { return Ok(()) };
    let mut towns = Towns::build(testing::sqlite(), server)?;
    for command in commands::opening() {
        towns.carry_out(&command)?;
    }
    towns.read("the opening")?;
    prop_assert!(
        !towns.known.tasks.is_empty() && !towns.known.invitations.is_empty(),
        "the opening opens nothing"
    );
    for command in commands {
        towns.carry_out(command)?;
        towns.read(&format!("{command:?}"))?;
    }
    Ok(())
}

#[test]
fn the_same_commands_come_to_the_same_on_both_engines() {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(CASES);
    let config = ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(commands in prop::collection::vec(commands::any_command(), COMMANDS))| {
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
