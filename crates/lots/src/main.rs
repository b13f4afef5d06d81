//! Lots: the open contact centre for municipalities. One binary, a few subcommands.
#![expect(clippy::print_stdout, reason = "a command-line tool speaks on standard output")]

mod config;
mod crises;
mod demo;
mod edges;
mod house;
mod mailboxes;
mod operator;
mod search;
mod telephones;

use clap::{Parser, Subcommand};
use config::Config;
use std::path::PathBuf;
use std::process::ExitCode;
use vocabulary::{Clock as _, Role, SystemClock};

/// The system's allocator keeps what each thread has once used, such as the 19 MB of a password's check: a hundred
/// sign-ins left 250 MB that nobody used. This one gives it back.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The open contact centre for municipalities.
#[derive(Parser)]
#[command(version, propagate_version = true)]
struct Cli {
    /// The configuration file [default: lots.toml, if it is there]. The environment (LOTS_WEB__BIND for web.bind)
    /// goes before it.
    #[arg(long, global = true)]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the contact centre.
    Serve {
        /// Write the addresses to this file, as JSON, when everything is up.
        #[arg(long)]
        ready_file: Option<PathBuf>,
    },
    /// Run the contact centre of a simulated town, with residents who call.
    Demo(demo::DemoArguments),
    /// The people who sign in.
    User {
        #[command(subcommand)]
        command: UserCommand,
    },
    /// Keys for the HTTP API.
    ApiKey {
        #[command(subcommand)]
        command: ApiKeyCommand,
    },
    /// The configuration.
    Config {
        #[command(subcommand)]
        command: ConfigCommand,
    },
    /// What is found.
    Index {
        #[command(subcommand)]
        command: IndexCommand,
    },
    /// Write a copy of the database to a new file while Lots is running.
    Backup {
        /// The file; it must not be there.
        to: PathBuf,
    },
}

#[derive(Subcommand)]
enum UserCommand {
    /// Add somebody. The password is read from standard input.
    Add {
        /// The name to sign in with.
        sign_in: String,
        /// The name as colleagues read it.
        #[arg(long)]
        name: String,
        /// guide, traffic_leader, coach, manager or administrator.
        #[arg(long)]
        role: Role,
    },
}

#[derive(Subcommand)]
enum ApiKeyCommand {
    /// Make a key and show it, once.
    Add {
        /// Whose it is.
        name: String,
        /// What its holder may do: as somebody with this role.
        #[arg(long)]
        role: Role,
    },
}

#[derive(Subcommand)]
enum IndexCommand {
    /// Make the indexes anew from what is kept, and try them. May be done while Lots is running.
    Rebuild,
}

#[derive(Subcommand)]
enum ConfigCommand {
    /// Read the configuration and say whether it can be used.
    Check,
    /// Show the configuration as it is read, without passwords.
    Show,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let outcome = run(cli);
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("lots: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> Result<(), Box<dyn std::error::Error>> {
    let file = cli.config.as_deref();
    match cli.command {
        Command::Serve { ready_file } => house::serve(Config::read(file)?, ready_file),
        Command::Demo(arguments) => demo::run(Config::read(file)?, arguments),
        Command::User { command: UserCommand::Add { sign_in, name, role } } => {
            operator::add_user(&Config::read(file)?, sign_in, name, role)
        }
        Command::ApiKey { command: ApiKeyCommand::Add { name, role } } => {
            operator::add_api_key(&Config::read(file)?, name, role)
        }
        Command::Config { command: ConfigCommand::Check } => {
            Config::read(file)?;
            println!("The configuration can be used.");
            Ok(())
        }
        Command::Config { command: ConfigCommand::Show } => {
            println!("{}", Config::read(file)?.shown()?);
            Ok(())
        }
        Command::Index { command: IndexCommand::Rebuild } => {
            search::rebuild(&Config::read(file)?, SystemClock.now())
        }
        Command::Backup { to } => operator::backup(&Config::read(file)?, &to),
    }
}
