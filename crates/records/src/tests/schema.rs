//! Holds [`crate::tables`] and what is deleted against the schema as the migrations make it.

use crate::subject::HEADINGS;
use crate::tables::{Holds, TABLES};
use std::collections::{BTreeMap, BTreeSet};

/// The schema, in a database of SQLite's that nothing else looks at.
fn schema() -> rusqlite::Connection {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../migrations");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "sql"))
        .collect();
    files.sort();
    let connection = rusqlite::Connection::open_in_memory().unwrap();
    for file in files {
        connection.execute_batch(&std::fs::read_to_string(&file).unwrap()).unwrap();
    }
    connection
}

pub(super) fn column(connection: &rusqlite::Connection, question: &str) -> Vec<String> {
    let mut statement = connection.prepare(question).unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

/// Which tables refer to `table`, with the column.
fn referring(connection: &rusqlite::Connection, table: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for other in column(connection, "SELECT name FROM sqlite_master WHERE type = 'table'") {
        let question =
            format!("SELECT \"from\" FROM pragma_foreign_key_list('{other}') WHERE \"table\" = '{table}'");
        found.extend(column(connection, &question).into_iter().map(|column| (other.clone(), column)));
    }
    found
}

#[test]
fn every_table_says_what_of_it_is_a_persons() {
    let connection = schema();
    let there: BTreeSet<String> = column(
        &connection,
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'",
    )
    .into_iter()
    .chain(["migrations".to_owned()])
    .collect();
    let named: BTreeSet<String> = TABLES.iter().map(|(table, _)| (*table).to_owned()).collect();
    let forgotten: Vec<_> = there.difference(&named).collect();
    assert!(forgotten.is_empty(), "say in records::tables what these hold of residents: {forgotten:?}");
    let gone: Vec<_> = named.difference(&there).collect();
    assert!(gone.is_empty(), "no longer in the schema: {gone:?}");
    assert!(TABLES.is_sorted_by_key(|(table, _)| *table), "by name");
    for (table, holds) in TABLES {
        if let Holds::Resident(heading) | Holds::Case(heading) = holds {
            assert!(HEADINGS.contains(heading), "{table} is exported under {heading:?}, which is no heading");
        }
        if let Holds::CaseOnly(why) = holds {
            assert!(!why.is_empty(), "{table} is not exported: say why");
        }
    }
}

/// A table that refers to residents, cases or contacts, however many tables lie between, is about a person.
#[test]
fn what_refers_to_a_resident_or_a_case_is_not_the_houses_own() {
    let connection = schema();
    let holds: BTreeMap<&str, Holds> = TABLES.iter().copied().collect();
    let (mut seen, mut next) =
        (BTreeSet::new(), vec!["residents".to_owned(), "cases".to_owned(), "contacts".to_owned()]);
    while let Some(table) = next.pop() {
        if !seen.insert(table.clone()) {
            continue;
        }
        assert!(
            !matches!(holds.get(table.as_str()), Some(Holds::House(_)) | None),
            "{table} hangs from a resident or a case; it is not the house's own"
        );
        next.extend(referring(&connection, &table).into_iter().map(|(table, _)| table));
    }
    assert!(seen.len() > 30, "{seen:?}");
}

/// Everything that holds a resident's id moves when two cards are joined; so each column must be known here.
#[test]
fn every_column_that_names_a_resident_moves_with_the_card() {
    let connection = schema();
    let mut columns: Vec<String> = referring(&connection, "residents")
        .into_iter()
        .map(|(table, column)| format!("{table}.{column}"))
        .collect();
    columns.sort();
    assert_eq!(
        columns,
        [
            // These two are the merge's own record.
            "card_merges.kept_id",
            "card_merges.merged_id",
            "cases.resident_id",
            "contacts.resident_id",
            "conversations.resident_id",
            "protected_openings.resident_id",
            "residents.merged_into_id",
            "retention_holds.resident_id",
            "stakeholders.resident_id",
            "survey_invitations.resident_id",
        ],
        "a new column that names a resident: move it in cards::queries, take it out in subject::queries, and then name it here"
    );
}
