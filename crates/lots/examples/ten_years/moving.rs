//! The rows of a SQLite file, into PostgreSQL: every table, by COPY.

use crate::Fault;
use postgres::{Client, NoTls};
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use storage::testing::Cluster;
use storage::{Database, StorageConfig};

/// What is sent to the server at a time, in bytes.
const CHUNK: usize = 1 << 20;

/// A throw-away server that commits as one in earnest does, and the address of an empty database on it.
pub fn durable_cluster() -> Result<(Cluster, String), Fault> {
    let cluster = Cluster::start()?;
    let mut admin = Client::connect(&cluster.url(), NoTls)?;
    for setting in [
        "fsync = on",
        "full_page_writes = on",
        "autovacuum = on",
        "shared_buffers = '1GB'",
        "effective_cache_size = '8GB'",
    ] {
        admin.batch_execute(&format!("ALTER SYSTEM SET {setting}"))?;
    }
    drop(admin);
    cluster.crash();
    cluster.start_again();
    let mut admin = Client::connect(&cluster.url(), NoTls)?;
    admin.batch_execute("CREATE DATABASE ten_years TEMPLATE template0 ENCODING 'UTF8'")?;
    let url = format!("{} dbname=ten_years", cluster.url());
    Ok((cluster, url))
}

/// Moves all rows of `file` into the empty database at `url`.
pub fn to_postgres(file: &Path, url: &str) -> Result<(), Fault> {
    drop(Database::open(&StorageConfig::Postgres { url: url.to_owned() })?);
    let from = Connection::open(file)?;
    let mut to = Client::connect(url, NoTls)?;
    // Foreign keys are checked in the file already, and the tables come in no order of theirs.
    to.batch_execute("SET session_replication_role = replica")?;
    let tables: Vec<String> = to
        .query(
            "SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public'
             AND table_name NOT LIKE '%migration%' ORDER BY 1",
            &[],
        )?
        .iter()
        .map(|row| row.get(0))
        .collect();
    for table in tables {
        copy(&from, &mut to, &table)?;
    }
    // As a database stands that has not just been filled.
    to.batch_execute("VACUUM ANALYZE")?;
    to.batch_execute("CHECKPOINT")?;
    Ok(())
}

fn copy(from: &Connection, to: &mut Client, table: &str) -> Result<(), Fault> {
    let columns: Vec<(String, String)> = to
        .query(
            "SELECT column_name::text, data_type::text FROM information_schema.columns
             WHERE table_schema = 'public' AND table_name = $1 ORDER BY ordinal_position",
            &[&table],
        )?
        .iter()
        .map(|row| (row.get(0), row.get(1)))
        .collect();
    let names = columns.iter().map(|(name, _)| format!("\"{name}\"")).collect::<Vec<_>>().join(", ");
    // What opening the empty database has put there is in the file as well.
    to.batch_execute(&format!("DELETE FROM \"{table}\""))?;
    let mut select = from.prepare(&format!("SELECT {names} FROM \"{table}\""))?;
    let mut rows = select.query([])?;
    let mut sink = to.copy_in(&format!("COPY \"{table}\" ({names}) FROM STDIN"))?;
    let mut text = String::with_capacity(CHUNK + 4_096);
    while let Some(row) = rows.next()? {
        for (n, (_, kind)) in columns.iter().enumerate() {
            if n > 0 {
                text.push('\t');
            }
            field(&mut text, row.get_ref(n)?, kind)?;
        }
        text.push('\n');
        if text.len() > CHUNK {
            sink.write_all(text.as_bytes())?;
            text.clear();
        }
    }
    sink.write_all(text.as_bytes())?;
    sink.finish()?;
    Ok(())
}

/// One value, as COPY's text format wants it.
fn field(text: &mut String, value: ValueRef<'_>, kind: &str) -> Result<(), Fault> {
    match value {
        ValueRef::Null => text.push_str("\\N"),
        ValueRef::Integer(number) if kind == "boolean" => text.push(if number == 0 { 'f' } else { 't' }),
        ValueRef::Integer(number) => write!(text, "{number}")?,
        ValueRef::Real(number) => write!(text, "{number}")?,
        ValueRef::Blob(bytes) => {
            if kind == "bytea" {
                text.push_str("\\\\x");
            }
            for byte in bytes {
                write!(text, "{byte:02x}")?;
            }
        }
        ValueRef::Text(bytes) => {
            for c in std::str::from_utf8(bytes)?.chars() {
                match c {
                    '\\' => text.push_str("\\\\"),
                    '\t' => text.push_str("\\t"),
                    '\n' => text.push_str("\\n"),
                    '\r' => text.push_str("\\r"),
                    other => text.push(other),
                }
            }
        }
    }
    Ok(())
}
