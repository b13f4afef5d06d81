//! Running other programs from the root of the repository.

use crate::failure::Failure;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The root of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_path_buf).unwrap_or_default()
}

/// `word` as a whole path if it names a file here; else as it is.
pub fn absolute(word: &str) -> String {
    let path = Path::new(word);
    match std::path::absolute(path) {
        Ok(whole) if path.is_file() => whole.to_string_lossy().into_owned(),
        _ => word.to_owned(),
    }
}

/// Tells what is being done.
pub fn say(words: &str) {
    println!("== {words}");
}

/// Runs cargo with `arguments`, showing what it says.
pub fn cargo(arguments: &[&str]) -> Result<(), Failure> {
    let program = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    run(Command::new(program).args(arguments).current_dir(root()))
}

/// Runs `command`, showing what it says; anything but success is a failure that names it.
pub fn run(command: &mut Command) -> Result<(), Failure> {
    let words: Vec<String> = std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|w| OsStr::to_string_lossy(w).into_owned())
        .collect();
    let words = words.join(" ");
    let status = command.status().map_err(|e| Failure::new(format!("could not start `{words}`: {e}")))?;
    if status.success() { Ok(()) } else { Err(Failure::new(format!("`{words}` ended with {status}"))) }
}

/// Where `program` lies on the PATH, or among the servers, which Debian keeps off the PATH of ordinary people.
pub fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let servers = PathBuf::from("/usr/sbin");
    std::env::split_paths(&path)
        .chain([servers])
        .map(|folder| folder.join(program))
        .find(|candidate| candidate.is_file())
}
