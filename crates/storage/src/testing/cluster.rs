//! A throw-away PostgreSQL server for tests: in a temporary folder, reached over a Unix socket in it, fast because it
//! need not survive a power cut, and gone when the process ends, however it ends.

use std::io::Write as _;
use std::os::unix::fs::{MetadataExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// How long the server may take to answer.
const STARTING_MAX: Duration = Duration::from_secs(60);
/// The longest path of a folder that still leaves room for a socket's name (108 bytes in all).
const FOLDER_LENGTH_MAX: usize = 60;

/// Waits for the end of its input, which comes when the process that started it is gone; then tidies up.
const WATCHDOG: &str = r#"
    cat > /dev/null
    kill -QUIT "$(head -n 1 "$1/data/postmaster.pid")" 2> /dev/null
    for _ in 1 2 3 4 5 6 7 8 9 10; do [ -e "$1/data/postmaster.pid" ] || break; sleep 0.1; done
    rm -rf "$1""#;

/// A running server. Dropping it stops it and removes its folder, and so does the end of the process.
pub struct Cluster {
    folder: PathBuf,
    binaries: PathBuf,
    user: Option<(u32, u32)>,
    server: Mutex<Child>,
    /// Closed when this is dropped or the process ends.
    _watchdog: ChildStdin,
}

impl Cluster {
    /// Makes and starts a server.
    ///
    /// # Errors
    /// Why there is none, in words for whoever runs the tests.
    pub fn start() -> Result<Self, String> {
        let binaries = find_binaries().ok_or("its programs (initdb, postgres) are not installed")?;
        let folder = temporary_folder()?;
        // PostgreSQL refuses to run as root.
        let user = unprivileged_user(&folder)?;
        if let Some((uid, gid)) = user {
            chown(&folder, Some(uid), Some(gid)).map_err(|e| format!("{}: {e}", folder.display()))?;
        }
        let watchdog = start_watchdog(&folder)?;
        initialise(&binaries, &folder, user)?;
        let server = start_server(&binaries, &folder, user)?;
        let cluster = Self { folder, binaries, user, server: Mutex::new(server), _watchdog: watchdog };
        cluster.wait_until_it_answers()?;
        Ok(cluster)
    }

    /// The address of its database for administration.
    #[must_use]
    pub fn url(&self) -> String {
        format!("host={} user=lots dbname=postgres", self.folder.display())
    }

    /// The socket it answers on.
    #[must_use]
    pub fn socket(&self) -> PathBuf {
        self.folder.join(".s.PGSQL.5432")
    }

    /// Ends the server at once, as a crash would.
    ///
    /// # Panics
    /// If it cannot be ended.
    pub fn crash(&self) {
        let mut server = self.server.lock().unwrap_or_else(PoisonError::into_inner);
        let quit = Command::new("kill").args(["-QUIT", &server.id().to_string()]).status();
        assert!(quit.is_ok_and(|status| status.success()), "the server could not be told to quit");
        server.wait().expect("the server's end");
    }

    /// Starts the server again after [`Cluster::crash`], and waits until it answers.
    ///
    /// # Panics
    /// If it does not start.
    pub fn start_again(&self) {
        let server = start_server(&self.binaries, &self.folder, self.user).expect("a server");
        *self.server.lock().unwrap_or_else(PoisonError::into_inner) = server;
        self.wait_until_it_answers().expect("a server that answers");
    }

    fn wait_until_it_answers(&self) -> Result<(), String> {
        let began = Instant::now();
        loop {
            let refused = match super::administer(&self.url(), "SELECT 1") {
                Ok(()) => return Ok(()),
                Err(e) => e.to_string(),
            };
            let ended = self
                .server
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .try_wait()
                .is_ok_and(|s| s.is_some());
            if ended || began.elapsed() > STARTING_MAX {
                let log = std::fs::read_to_string(self.folder.join("log")).unwrap_or_default();
                return Err(format!("it does not answer: {refused}\n{log}"));
            }
            thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let mut server = self.server.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = Command::new("kill").args(["-QUIT", &server.id().to_string()]).stderr(Stdio::null()).status();
        let _ = server.wait();
    }
}

/// The folder with `initdb` and `postgres`: in the path, or where Debian keeps them, newest first.
fn find_binaries() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut versions: Vec<(u32, PathBuf)> = versions
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .collect();
    versions.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
    folders.extend(versions.into_iter().map(|(_, folder)| folder));
    folders.into_iter().find(|folder| ["initdb", "postgres"].iter().all(|name| folder.join(name).is_file()))
}

/// A folder that is not removed by this process, but by the watchdog after it.
fn temporary_folder() -> Result<PathBuf, String> {
    let mut base = std::env::temp_dir();
    if base.as_os_str().len() > FOLDER_LENGTH_MAX {
        base = PathBuf::from("/tmp");
    }
    let folder = tempfile::Builder::new().prefix("lots-pg-").tempdir_in(&base);
    folder.map(tempfile::TempDir::keep).map_err(|e| format!("no folder in {}: {e}", base.display()))
}

/// Whom to run the server as when we are root (which `folder`, just made, tells): `postgres`, else `nobody`.
fn unprivileged_user(folder: &Path) -> Result<Option<(u32, u32)>, String> {
    let ours = std::fs::metadata(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    if ours.uid() != 0 {
        return Ok(None);
    }
    let passwd = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let ids_of = |name: &str| {
        let mut fields =
            passwd.lines().map(|line| line.split(':')).find(|line| line.clone().next() == Some(name))?;
        Some((fields.nth(2)?.parse().ok()?, fields.next()?.parse().ok()?))
    };
    let found = ids_of("postgres").or_else(|| ids_of("nobody"));
    found.map(Some).ok_or_else(|| "there is no user postgres or nobody to run it as".to_owned())
}

fn start_watchdog(folder: &Path) -> Result<ChildStdin, String> {
    let mut shell = Command::new("sh");
    shell.args(["-c", WATCHDOG, "watchdog"]).arg(folder).stdin(Stdio::piped()).stdout(Stdio::null());
    // In a group of its own, so that Ctrl-C at the tests does not end it before its work.
    let mut shell = shell.stderr(Stdio::null()).process_group(0).spawn().map_err(|e| format!("sh: {e}"))?;
    shell.stdin.take().ok_or_else(|| "sh without an input".to_owned())
}

/// A command of the server's, run as `user`.
fn command(binaries: &Path, name: &str, folder: &Path, user: Option<(u32, u32)>) -> Command {
    let mut command = Command::new(binaries.join(name));
    command.arg("-D").arg(folder.join("data")).current_dir(folder).stdin(Stdio::null()).process_group(0);
    if let Some((uid, gid)) = user {
        command.uid(uid).gid(gid);
    }
    command
}

fn initialise(binaries: &Path, folder: &Path, user: Option<(u32, u32)>) -> Result<(), String> {
    // Texts are ordered as SQLite orders them. Not every system knows C.UTF-8.
    let locales = [["--lc-collate=C", "--lc-ctype=C.UTF-8"], ["--lc-collate=C", "--lc-ctype=C"]];
    let mut refused = String::new();
    let made = locales.iter().any(|locale| {
        let mut initdb = command(binaries, "initdb", folder, user);
        initdb.args(["--username=lots", "--auth=trust", "--encoding=UTF8", "--no-sync", "--lc-messages=C"]);
        match initdb.args(locale).output() {
            Ok(output) if output.status.success() => true,
            Ok(output) => {
                refused = String::from_utf8_lossy(&output.stderr).into_owned();
                false
            }
            Err(e) => {
                refused = e.to_string();
                false
            }
        }
    });
    if !made {
        return Err(format!("initdb: {refused}"));
    }
    let settings = "
fsync = off
full_page_writes = off
listen_addresses = ''
max_connections = 500
shared_buffers = 32MB
max_wal_size = 4GB
autovacuum = off
";
    let opened = std::fs::OpenOptions::new().append(true).open(folder.join("data/postgresql.conf"));
    let written = opened.and_then(|mut file| {
        file.write_all(settings.as_bytes())?;
        writeln!(file, "unix_socket_directories = '{}'", folder.display())
    });
    written.map_err(|e| format!("postgresql.conf: {e}"))
}

fn start_server(binaries: &Path, folder: &Path, user: Option<(u32, u32)>) -> Result<Child, String> {
    let log = std::fs::OpenOptions::new().create(true).append(true).open(folder.join("log"));
    let log = log.map_err(|e| format!("its log: {e}"))?;
    let mut server = command(binaries, "postgres", folder, user);
    server.stdout(Stdio::null()).stderr(log).spawn().map_err(|e| format!("postgres: {e}"))
}
