//! The two engines give the same answers: random commands on both, compared read by read.

use proptest::prelude::*;
use storage::testing::{self, TestDatabase};
use storage::{Database, Row, Session, StorageError, params, sql};
use uuid::Uuid;

/// A row with a column of each sort.
#[derive(Clone, Debug, PartialEq)]
struct Thing {
    id: Uuid,
    parent: Option<Uuid>,
    name: Option<String>,
    number: Option<i64>,
    double: Option<f64>,
    yes: Option<bool>,
    bytes: Option<Vec<u8>>,
}

#[derive(Clone, Debug)]
enum Command {
    Insert(Thing),
    InsertOrIgnore(Thing),
    Upsert(Thing),
    Rename {
        id: Uuid,
        name: Option<String>,
    },
    Add {
        number: i64,
    },
    Delete {
        id: Uuid,
    },
    /// All of them in one closure, which then fails or not.
    Together {
        commands: Vec<Command>,
        fails: bool,
    },
}

fn make_tables(s: &mut Session<'_>) -> Result<(), StorageError> {
    let create = sql!(
        "CREATE TABLE things (
            id UUID PRIMARY KEY, parent UUID REFERENCES things (id), name TEXT UNIQUE, number BIGINT,
            double DOUBLE PRECISION, yes BOOLEAN, bytes BYTEA)"
    );
    s.execute(create, params![]).map(drop)
}

fn clear(s: &mut Session<'_>) -> Result<(), StorageError> {
    s.execute(sql!("UPDATE things SET parent = NULL"), params![])?;
    s.execute(sql!("DELETE FROM things"), params![]).map(drop)
}

macro_rules! insert {
    ($rest:literal) => {
        sql!(concat!(
            "INSERT INTO things (id, parent, name, number, double, yes, bytes) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            $rest
        ))
    };
}

fn run(s: &mut Session<'_>, command: &Command) -> Result<u64, StorageError> {
    let mut put = |statement, t: &Thing| {
        s.execute(statement, params![t.id, t.parent, t.name, t.number, t.double, t.yes, t.bytes])
    };
    match command {
        Command::Insert(thing) => put(insert!(""), thing),
        Command::InsertOrIgnore(thing) => put(insert!(" ON CONFLICT DO NOTHING"), thing),
        Command::Upsert(thing) => put(
            insert!(
                " ON CONFLICT (id) DO UPDATE SET number = excluded.number, double = things.double + excluded.double"
            ),
            thing,
        ),
        Command::Rename { id, name } => {
            s.execute(sql!("UPDATE things SET name = $2 WHERE id = $1"), params![id, name])
        }
        Command::Add { number } => {
            s.execute(sql!("UPDATE things SET number = number + $1 WHERE yes"), params![number])
        }
        Command::Delete { id } => s.execute(sql!("DELETE FROM things WHERE id = $1"), params![id]),
        Command::Together { commands, fails } => {
            let mut changed = 0;
            for command in commands {
                changed += run(s, command)?;
            }
            if *fails { Err(StorageError::Closed) } else { Ok(changed) }
        }
    }
}

fn thing(r: &Row<'_>) -> Result<Thing, StorageError> {
    Ok(Thing {
        id: r.get(0)?,
        parent: r.get(1)?,
        name: r.get(2)?,
        number: r.get(3)?,
        double: r.get(4)?,
        yes: r.get(5)?,
        bytes: r.get(6)?,
    })
}

/// Everything a feature might ask, as one comparable value.
#[derive(Debug, PartialEq)]
struct Seen {
    by_id: Vec<Thing>,
    by_name: Vec<Uuid>,
    by_number: Vec<(Uuid, Option<i64>)>,
    by_bytes: Vec<Uuid>,
    like: Vec<Uuid>,
    parents: Vec<(Uuid, Option<String>)>,
    sums: (i64, i64, Option<i64>, Option<f64>, Option<String>),
    groups: Vec<(Option<bool>, u64)>,
}

fn see(s: &mut Session<'_>) -> Result<Seen, StorageError> {
    let columns = sql!("SELECT id, parent, name, number, double, yes, bytes FROM things ORDER BY id");
    Ok(Seen {
        by_id: s.rows(columns, params![], thing)?,
        by_name: s.rows(
            sql!("SELECT id FROM things WHERE name > $1 ORDER BY name DESC NULLS LAST, id LIMIT $2"),
            params!["B", 5_u32],
            |r| r.get(0),
        )?,
        by_number: s.rows(
            sql!("SELECT id, number FROM things ORDER BY number NULLS FIRST, yes NULLS LAST, id"),
            params![],
            |r| Ok((r.get(0)?, r.get(1)?)),
        )?,
        by_bytes: s.rows(sql!("SELECT id FROM things ORDER BY bytes NULLS FIRST, id"), params![], |r| r.get(0))?,
        like: s.rows(
            sql!("SELECT id FROM things WHERE name LIKE $1 ESCAPE '!' ORDER BY id"),
            params!["%a%"],
            |r| r.get(0),
        )?,
        parents: s.rows(
            sql!("SELECT t.id, p.name FROM things t LEFT JOIN things p ON p.id = t.parent ORDER BY t.id"),
            params![],
            |r| Ok((r.get(0)?, r.get(1)?)),
        )?,
        sums: s.the_row(
            sql!(
                "SELECT COUNT(*), COALESCE(SUM(CASE WHEN yes THEN 1 ELSE 0 END), 0), MAX(number), MIN(double), MAX(name)
                 FROM things"
            ),
            params![],
            |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?)),
        )?,
        groups: s.rows(
            sql!("SELECT yes, COUNT(*) FROM things GROUP BY yes ORDER BY yes NULLS FIRST"),
            params![],
            |r| Ok((r.get(0)?, r.get(1)?)),
        )?,
    })
}

/// What a command came to, without the place and the engine's own words.
fn outcome(db: &Database, command: &Command) -> Result<u64, std::mem::Discriminant<StorageError>> {
    let command = command.clone();
    db.write_blocking(move |s| run(s, &command)).map_err(|e| std::mem::discriminant(&e))
}

fn ids() -> impl Strategy<Value = Uuid> {
    // Few enough to meet, spread enough to be ordered by more than the last byte.
    prop_oneof![(0..6_u128).prop_map(Uuid::from_u128), (0..3_u128).prop_map(|n| Uuid::from_u128(n << 120))]
}

fn names() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "", "Åsa", "åsa", "Ärlig", "a%b_c", "it's", "Örn", "Zebra", "alfa", "Alfa", "🙂", "a\0b"
        ])
        .prop_map(str::to_owned),
        "[a-eA-E ]{0,3}",
    ]
}

fn things() -> impl Strategy<Value = Thing> {
    let number = prop_oneof![-3..4_i64, Just(i64::MAX / 4), Just(i64::MIN / 4)];
    let double = prop_oneof![(-8..8_i32).prop_map(|n| f64::from(n) / 4.0), Just(1e300), Just(-1e-300)];
    (
        ids(),
        prop::option::weighted(0.4, ids()),
        prop::option::of(names()),
        prop::option::of(number),
        prop::option::of(double),
        prop::option::of(any::<bool>()),
        prop::option::of(prop::collection::vec(any::<u8>(), 0..4)),
    )
        .prop_map(|(id, parent, name, number, double, yes, bytes)| Thing {
            id,
            parent,
            name,
            number,
            double,
            yes,
            bytes,
        })
}

fn commands() -> impl Strategy<Value = Command> {
    let one = prop_oneof![
        4 => things().prop_map(Command::Insert),
        2 => things().prop_map(Command::InsertOrIgnore),
        2 => things().prop_map(Command::Upsert),
        2 => (ids(), prop::option::of(names())).prop_map(|(id, name)| Command::Rename { id, name }),
        1 => (-5..5_i64).prop_map(|number| Command::Add { number }),
        2 => ids().prop_map(|id| Command::Delete { id }),
    ];
    one.prop_recursive(1, 5, 4, |one| {
        (prop::collection::vec(one, 1..5), any::<bool>())
            .prop_map(|(commands, fails)| Command::Together { commands, fails })
    })
}

#[test]
fn random_commands_come_to_the_same_on_both_engines() {
    let Some(server) = testing::postgres() else { return };
    let engines: [TestDatabase; 2] = [testing::sqlite(), server];
    for db in &engines {
        db.write_blocking(make_tables).unwrap();
    }
    let config = ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(commands in prop::collection::vec(commands(), 1..30))| {
        for db in &engines {
            db.write_blocking(clear).unwrap();
        }
        for command in &commands {
            let [sqlite, postgres] = [&engines[0], &engines[1]].map(|db| {
                let outcome = outcome(db, command);
                (outcome, db.read_blocking(see).unwrap())
            });
            prop_assert_eq!(sqlite, postgres, "after {:?}", command);
        }
    });
}
