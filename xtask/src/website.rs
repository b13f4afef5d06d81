//! The TypeScript and CSS of the pages: `web/` is built by esbuild into `web/dist`, which the binary embeds.

use crate::failure::Failure;
use crate::shell::{find, root, run, say};
use std::path::Path;
use std::process::Command;
use std::time::SystemTime;

/// Major version of Node that the build needs at least.
const NODE_MAJOR_MIN: u32 = 20;

/// Installs the npm packages if the lock file asks for it, and bundles.
pub fn build() -> Result<(), Failure> {
    install("web")?;
    say("bundling the pages' script and style");
    npm("web", &["run", "--silent", "build"])
}

/// Type-checks the TypeScript.
pub fn check() -> Result<(), Failure> {
    build()?;
    say("types of the pages' script");
    npm("web", &["run", "--silent", "check"])
}

/// Runs `npm ci` in `folder` unless it has run since the lock file changed.
pub fn install(folder: &str) -> Result<(), Failure> {
    let at = root().join(folder);
    let done = modified(&at.join("node_modules/.package-lock.json"));
    let wanted = modified(&at.join("package-lock.json"));
    if done.is_some() && done >= wanted {
        return Ok(());
    }
    node_is_there()?;
    say(&format!("npm packages of {folder}/"));
    npm(folder, &["ci", "--no-audit", "--no-fund", "--loglevel=error"])
}

fn modified(path: &Path) -> Option<SystemTime> {
    path.metadata().ok()?.modified().ok()
}

fn npm(folder: &str, arguments: &[&str]) -> Result<(), Failure> {
    run(Command::new("npm").args(arguments).current_dir(root().join(folder)))
}

fn node_is_there() -> Result<(), Failure> {
    let advice = format!(
        "Node {NODE_MAJOR_MIN} or later with npm is needed to build the pages; install it and try again"
    );
    if find("npm").is_none() {
        return Err(Failure::new(advice));
    }
    let version =
        Command::new("node").arg("--version").output().map_err(|_| Failure::new(advice.as_str()))?;
    let version = String::from_utf8_lossy(&version.stdout).trim().to_owned();
    let major = version.trim_start_matches('v').split('.').next().and_then(|m| m.parse::<u32>().ok());
    if major.is_some_and(|m| m >= NODE_MAJOR_MIN) {
        Ok(())
    } else {
        Err(Failure::new(format!("{advice} (found {version})")))
    }
}
