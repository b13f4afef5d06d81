//! Every chore of a developer: `cargo xtask run`, `test`, `check`, `simulate`, `relevance`,
//! `bench`.
#![expect(clippy::print_stdout, reason = "a command-line tool speaks on standard output")]

mod bench;
mod directions;
mod failure;
mod languages;
mod shell;
mod tests;
mod tools;
mod website;

use clap::{Parser, Subcommand};
use failure::Failure;
use shell::cargo;
use std::process::ExitCode;

/// The chores of a developer of Lots.
#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Build everything and start Lots with the living demo; what follows goes to `lots demo`.
    Run {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Run every test, installing first what they need.
    Test {
        /// Only the tests in a real browser, with real telephones and a real mail server.
        #[arg(long)]
        only_e2e: bool,
    },
    /// Formatting, lints, the direction of dependencies, and that both languages are whole.
    Check,
    /// Drive the routing core through simulated years with late, doubled and lost inputs; or, with `mail [letters]
    /// [seed]`, letters through a real mail server while the process that reads them is killed; or, with `storms [days]
    /// [seed]`, the spike detector on months with storms in them.
    Simulate {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Ask the search a file of questions with judged answers, and report for each step of its analysis how well it
    /// finds; the format and the other words it takes are in docs/relevance.md.
    Relevance {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Measure what docs/benchmarks.md reports. Names limit it to some of the measurements.
    Bench { names: Vec<String> },
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().chore {
        Chore::Run { arguments } => run(&arguments),
        Chore::Test { only_e2e } => tests::run(only_e2e),
        Chore::Check => check(),
        Chore::Simulate { arguments } => simulate(&arguments),
        Chore::Relevance { arguments } => relevance(&arguments),
        Chore::Bench { names } => bench::run(&names),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\n{failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<(), Failure> {
    website::build()?;
    shell::say("building Lots (a first time takes some minutes)");
    cargo(&["build", "--package", "lots"])?;
    let mut command = vec!["run", "--quiet", "--package", "lots", "--", "demo"];
    command.extend(arguments.iter().map(String::as_str));
    cargo(&command)
}

fn check() -> Result<(), Failure> {
    shell::say("formatting");
    cargo(&["fmt", "--all", "--check"])?;
    shell::say("direction of dependencies");
    directions::prove()?;
    shell::say("Swedish and English");
    languages::compare()?;
    website::check()?;
    shell::say("lints");
    cargo(&["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"])
}

fn relevance(arguments: &[String]) -> Result<(), Failure> {
    let mut command = vec!["run", "--quiet", "--package", "finding", "--bin", "relevance", "--"];
    // Cargo is run at the root, and the file was named from wherever we are.
    let named: Vec<String> = arguments.iter().map(|word| shell::absolute(word)).collect();
    command.extend(named.iter().map(String::as_str));
    cargo(&command)
}

fn simulate(arguments: &[String]) -> Result<(), Failure> {
    if let [first, rest @ ..] = arguments
        && first == "mail"
    {
        return tests::simulate_mail(rest);
    }
    if let [first, rest @ ..] = arguments
        && first == "storms"
    {
        let mut command =
            vec!["run", "--quiet", "--release", "--package", "simulation", "--bin", "spikes", "--"];
        command.extend(rest.iter().map(String::as_str));
        return cargo(&command);
    }
    let mut command = vec!["run", "--quiet", "--release", "--package", "simulation", "--bin", "storm", "--"];
    command.extend(arguments.iter().map(String::as_str));
    cargo(&command)
}
