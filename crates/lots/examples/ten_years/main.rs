//! Ten years of a large town: 1.2 million cases (or the number given), and 100 guides at work. How long they wait for
//! opening, listing, searching and saving, beside the limits; and how much memory Lots holds when nobody works. First on
//! SQLite, then with the same rows on PostgreSQL.
//!
//! `lots` itself serves, as a process of its own, built in the same profile. Everything lies in a folder under the system's
//! own for temporary files; `TMPDIR` chooses the disk (8 GB are needed). `--keep FOLDER` keeps the SQLite file there and uses it
//! again.

#![expect(clippy::print_stdout, reason = "a program whose result is what it prints")]

#[path = "../case_load/centre.rs"]
mod centre;
mod guides;
mod history;
mod moving;
mod serving;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::Instant;
use storage::StorageConfig;
use storage::testing::Cluster;

/// Whatever goes wrong ends the measurement.
type Fault = Box<dyn Error + Send + Sync>;

/// How many there are unless told otherwise: 120 000 a year, as Södertälje has.
const CASES: usize = 1_200_000;

struct Asked {
    cases: usize,
    keep: Option<PathBuf>,
    sqlite_only: bool,
}

fn main() -> Result<(), Fault> {
    if cfg!(debug_assertions) {
        println!("(dev profile: these are not the figures to compare with)");
    }
    let asked = asked()?;
    let scratch = tempfile::tempdir()?;
    let folder = asked.keep.as_deref().unwrap_or(scratch.path());
    let file = folder.join(format!("ten_years_{}.db", asked.cases));
    if !file.exists() {
        let from = Instant::now();
        history::make(&file, asked.cases)?;
        println!("{} cases made in {:.0} s", asked.cases, from.elapsed().as_secs_f64());
    }
    // The measurement writes, so it works on a copy: the next one begins where this one did.
    let copy = scratch.path().join("lots.db");
    std::fs::copy(&file, &copy)?;
    println!("\nSQLite, {} MB:", std::fs::metadata(&copy)?.len() / 1_000_000);
    measure(scratch.path(), StorageConfig::Sqlite { path: copy })?;
    if asked.sqlite_only {
        return Ok(());
    }
    let (cluster, url) = moving::durable_cluster()?;
    let from = Instant::now();
    moving::to_postgres(&file, &url)?;
    println!("\nPostgreSQL (moved in {:.0} s):", from.elapsed().as_secs_f64());
    measure(scratch.path(), StorageConfig::Postgres { url })?;
    drop::<Cluster>(cluster);
    Ok(())
}

fn asked() -> Result<Asked, Fault> {
    let mut asked = Asked { cases: CASES, keep: None, sqlite_only: false };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--keep" => asked.keep = Some(words.next().ok_or("--keep wants a folder")?.into()),
            "--sqlite-only" => asked.sqlite_only = true,
            number => {
                asked.cases = number.parse().map_err(|e| format!("the number of cases, {number:?}: {e}"))?
            }
        }
    }
    Ok(asked)
}

fn measure(folder: &Path, storage: StorageConfig) -> Result<(), Fault> {
    let cases = history::some_ids(&storage)?;
    let serving = serving::Serving::start(folder, &storage)?;
    let (at_rest, own) = serving.memory_mb()?;
    println!("  memory at rest: {at_rest:.0} MB resident, {own:.0} MB of its own (limit 300)");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(guides::work(serving.web, cases))?;
    let (after, own) = serving.memory_mb()?;
    println!("  memory after the work: {after:.0} MB resident, {own:.0} MB of its own");
    Ok(())
}
