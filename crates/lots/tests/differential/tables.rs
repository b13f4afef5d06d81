//! Every table, row by row.

use std::path::Path;
use storage::{FromValue, Mismatch, Row, Session, Statement, StorageError, Value, params, sql};

macro_rules! tables {
    ($($name:literal by $key:literal),* $(,)?) => {
        &[$(($name, || sql!(concat!("SELECT * FROM ", $name, " ORDER BY ", $key)))),*]
    };
}

/// A statement that is only made where it is asked for.
type Make = fn() -> &'static Statement;

/// All tables, each with a statement that reads it in the order of its key.
pub const TABLES: &[(&str, Make)] = tables![
    "answer_groups" by "id",
    "api_keys" by "id",
    "articles" by "id",
    "case_notes" by "id",
    "case_types" by "id",
    "case_words" by "word, case_id",
    "cases" by "id",
    "contacts" by "id",
    "counters" by "name",
    "departments" by "id",
    "follow_ups" by "id",
    "jobs" by "id",
    "links" by "id",
    "messages" by "id",
    "officers" by "id",
    "planned_events" by "id",
    "residents" by "id",
    "routing_journal" by "seq",
    "sessions" by "id",
    "settings" by "name",
    "survey_answers" by "response_id, parameter",
    "survey_invitations" by "id",
    "survey_responses" by "id",
    "survey_shuffle" by "response_id, parameter",
    "tasks" by "id",
    "telephones" by "id",
    "throttles" by "key_hash",
    "timeline" by "seq",
    "user_groups" by "user_id, answer_group_id",
    "users" by "id",
];

/// A value of any sort, told as both engines tell it.
struct Any(String);

impl FromValue for Any {
    fn from_value(value: Value<'_>) -> Result<Self, Mismatch> {
        Ok(Self(match value {
            Value::Null => "NULL".to_owned(),
            // SQLite has no sort of its own for these two.
            Value::Boolean(yes) => i64::from(yes).to_string(),
            Value::Uuid(id) => format!("{:?}", id.as_bytes()),
            Value::Bigint(number) => number.to_string(),
            Value::Double(number) => format!("{number:?}"),
            Value::Text(text) => format!("{text:?}"),
            Value::Bytes(bytes) => format!("{bytes:?}"),
            Value::Unfit(why) => why.to_owned(),
        }))
    }
}

fn columns(r: &Row<'_>) -> Vec<String> {
    (0..).map_while(|column| r.get::<Any>(column).ok()).map(|any| any.0).collect()
}

/// The rows of a table in the order of its key.
pub fn rows(s: &mut Session<'_>, make: Make) -> Result<Vec<Vec<String>>, StorageError> {
    s.rows(make(), params![], |r| Ok(columns(r)))
}

/// The names of the tables the migrations leave behind.
pub fn of_the_migrations() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    let mut tables = Vec::new();
    for file in files {
        for line in std::fs::read_to_string(file).unwrap().lines() {
            if let Some(rest) = line.trim().strip_prefix("CREATE TABLE ") {
                tables.push(rest.split([' ', '(']).next().unwrap().to_owned());
            } else if let Some(rest) = line.trim().strip_prefix("DROP TABLE ") {
                tables.retain(|table| table != rest.trim_end_matches(';'));
            }
        }
    }
    assert!(tables.len() > 20, "{tables:?}");
    tables
}
