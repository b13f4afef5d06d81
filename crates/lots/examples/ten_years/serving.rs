//! `lots serve` as a process of its own.

use crate::Fault;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use storage::StorageConfig;

const START_MAX: Duration = Duration::from_secs(120);
/// How long it is left alone before its memory at rest is read.
const REST: Duration = Duration::from_secs(15);

/// A running `lots serve`, ended when dropped.
pub struct Serving {
    process: Child,
    /// Where its pages are.
    pub web: SocketAddr,
}

impl Serving {
    /// Starts it on `storage` and lets it come to rest.
    pub fn start(folder: &Path, storage: &StorageConfig) -> Result<Self, Fault> {
        let ready = folder.join("ready.json");
        let _ = std::fs::remove_file(&ready);
        let mut lots = Command::new(program()?);
        lots.current_dir(folder)
            .args(["serve", "--ready-file"])
            .arg(&ready)
            .env("LOTS_WEB__BIND", "127.0.0.1:0")
            .env("LOTS_TELEPHONY__BIND", "127.0.0.1:0")
            .env("LOTS_LOG", "warn")
            .stdin(Stdio::null());
        match storage {
            StorageConfig::Sqlite { path } => lots.env("LOTS_STORAGE__PATH", path),
            StorageConfig::Postgres { url } => {
                lots.env("LOTS_STORAGE__ENGINE", "postgres").env("LOTS_STORAGE__URL", url)
            }
        };
        let mut process = lots.spawn()?;
        let from = Instant::now();
        let told = loop {
            if let Ok(text) = std::fs::read_to_string(&ready) {
                break text;
            }
            if process.try_wait()?.is_some() || from.elapsed() > START_MAX {
                return Err("lots serve did not start".into());
            }
            std::thread::sleep(Duration::from_millis(20));
        };
        println!("  started in {:.1} s", from.elapsed().as_secs_f64());
        let told: serde_json::Value = serde_json::from_str(&told)?;
        let web = told["web"].as_str().unwrap_or_default().trim_start_matches("http://").parse()?;
        std::thread::sleep(REST);
        Ok(Self { process, web })
    }

    /// What it holds, in MB: resident, and of that what is its own (not pages of files).
    pub fn memory_mb(&self) -> Result<(f64, f64), Fault> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let kb = |name: &str| -> Result<f64, Fault> {
            let line = status.lines().find(|l| l.starts_with(name)).ok_or("no such line in /proc")?;
            Ok(line.split_whitespace().nth(1).ok_or("no figure in /proc")?.parse::<f64>()?)
        };
        Ok((kb("VmRSS:")? / 1_000.0, kb("RssAnon:")? / 1_000.0))
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// `lots`, beside this example's folder.
fn program() -> Result<PathBuf, Fault> {
    let own = std::env::current_exe()?;
    let program = own.parent().and_then(Path::parent).map(|folder| folder.join("lots"));
    program.filter(|path| path.is_file()).ok_or_else(|| "build lots in the same profile first".into())
}
