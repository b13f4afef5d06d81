//! How many cases a second are registered so that an acknowledged one is durable, beside the same rows written by the
//! bare driver; and how long a guide waits for a page when 100 000 cases (or the number given) are there.
//!
//! Everything lies in a folder under the system's own for temporary files; `TMPDIR` chooses the disk.

#![expect(clippy::print_stdout, reason = "a program whose result is what it prints")]

mod centre;
mod pages;
mod registering;

use std::error::Error;

/// Whatever goes wrong ends the measurement.
type Fault = Box<dyn Error + Send + Sync>;

fn main() -> Result<(), Fault> {
    if cfg!(debug_assertions) {
        println!("(dev profile: these are not the figures to compare with)");
    }
    let cases = match std::env::args().nth(1) {
        Some(cases) => cases.parse().map_err(|e| format!("the number of cases, {cases:?}: {e}"))?,
        None => pages::CASES,
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    registering::measure(&runtime)?;
    pages::measure(&runtime, cases)
}
