//! What whoever runs Lots does from a terminal.
#![expect(clippy::print_stdout, reason = "a command-line tool speaks on standard output")]

use crate::config::{Config, Engine};
use people::access::create_api_key;
use people::users::{CreateUser, commands};
use std::error::Error;
use std::io::{BufRead as _, IsTerminal as _};
use std::path::Path;
use std::sync::Arc;
use storage::{Database, StorageConfig};
use vocabulary::{Actor, Clock as _, Context, Language, Role, SystemChance, SystemClock};

/// Opens the database the configuration names, making the folder of an embedded one.
///
/// # Errors
/// When it cannot be opened or migrated.
pub fn open(config: &Config) -> Result<Database, Box<dyn Error>> {
    let storage = match config.storage.engine {
        Engine::Sqlite => {
            if let Some(folder) = config.storage.path.parent().filter(|f| !f.as_os_str().is_empty()) {
                std::fs::create_dir_all(folder)
                    .map_err(|e| format!("the folder {} could not be made: {e}", folder.display()))?;
            }
            StorageConfig::Sqlite { path: config.storage.path.clone() }
        }
        Engine::Postgres => StorageConfig::Postgres { url: config.storage.url.clone() },
    };
    Ok(Database::open(&storage)?)
}

fn context() -> Context {
    Context::new(SystemClock.now(), Actor::System, Arc::new(SystemChance))
}

/// Adds somebody who can sign in; the password comes from standard input.
///
/// # Errors
/// When the name is taken, or the password or a text is refused.
pub fn add_user(config: &Config, sign_in: String, name: String, role: Role) -> Result<(), Box<dyn Error>> {
    let mut input = std::io::stdin().lock();
    if input.is_terminal() {
        eprintln!("Password for {sign_in} (ends with Enter; it is shown as you type):");
    }
    let mut password = String::new();
    input.read_line(&mut password)?;
    let password = password.trim_end_matches(['\r', '\n']);
    let context = context();
    let password = people::password::hash_new(&sign_in, password, &*context.chance)?;
    let db = open(config)?;
    let user = CreateUser { sign_in, name, role, password, language: Language::Swedish, hourly: false };
    let user = db.write_blocking(move |s| commands::create(s, &context, &user))?;
    println!("{} can sign in as {}.", user.sign_in, user.role);
    Ok(())
}

/// Makes an API key and shows it, the only time it can be seen.
///
/// # Errors
/// When the name is refused or the database cannot be written.
pub fn add_api_key(config: &Config, name: String, role: Role) -> Result<(), Box<dyn Error>> {
    let db = open(config)?;
    let context = context();
    let made = db.write_blocking(move |s| create_api_key(s, &context, &name, role))?;
    println!("{}", made.token.reveal());
    Ok(())
}

/// Copies the database to a new file while Lots is running.
///
/// # Errors
/// When the file is there already, or the engine cannot do it.
pub fn backup(config: &Config, to: &Path) -> Result<(), Box<dyn Error>> {
    let db = open(config)?;
    storage::backup(&db, to)?;
    println!("The database was copied to {}.", to.display());
    Ok(())
}
