//! Every test: the crates', and those with a real browser, real telephones and a real mail server.

use crate::failure::Failure;
use crate::shell::{cargo, find, root, run as shell_run, say};
use crate::{tools, website};
use std::process::Command;

/// Installs what is missing, then runs all tests. Stops at the first part that fails.
pub fn run(only_e2e: bool) -> Result<(), Failure> {
    tools::install()?;
    website::build()?;
    // Also holds the peer that the text messages' own tests speak with.
    website::install("e2e")?;
    if !only_e2e {
        say("tests of the crates, on SQLite and PostgreSQL");
        let program = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
        shell_run(
            Command::new(program)
                // Examples are linted by `check`, and no text of ours holds code to be tried: neither is built here.
                .args(["test", "--workspace", "--lib", "--bins", "--tests"])
                .env("LOTS_TEST_POSTGRES", "required")
                .env("LOTS_TEST_SMTP", "required")
                .env("LOTS_TEST_IMAP", "required")
                .current_dir(root()),
        )?;
    }
    say("tests with a real browser, real telephones and a real mail server");
    cargo(&["build", "--package", "lots"])?;
    let chromium = ["chromium", "chromium-browser", "google-chrome"].iter().find_map(|p| find(p));
    let mut command = Command::new("npm");
    command.args(["test", "--silent"]).current_dir(root().join("e2e"));
    command.env("BINARY", root().join("target/debug/lots"));
    if let Some(chromium) = chromium {
        command.env("CHROMIUM", chromium);
    }
    shell_run(&mut command)
}

/// Letters with a known truth through a real mail server: how many (10,000), and which (a seed).
pub fn simulate_mail(arguments: &[String]) -> Result<(), Failure> {
    tools::install()?;
    let program = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let mut command = Command::new(program);
    command
        .args(["test", "--package", "mail", "--test", "ten_thousand", "--", "--nocapture"])
        .env("LOTS_TEST_IMAP", "required")
        .env("LOTS_TEST_SMTP", "required")
        .env("LOTS_TEST_LETTERS", arguments.first().map_or("10000", String::as_str))
        .current_dir(root());
    if let Some(seed) = arguments.get(1) {
        command.env("LOTS_TEST_SEED", seed);
    }
    shell_run(&mut command)
}
