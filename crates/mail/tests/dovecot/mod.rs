//! A real IMAP server on this machine: Dovecot, in a folder of its own, on free ports, as whoever runs the tests.

use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::unix::fs::{MetadataExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Set to `required`, it makes a missing server a failure.
const VARIABLE: &str = "LOTS_TEST_IMAP";
/// How long it may take to listen.
const START_MAX: Duration = Duration::from_secs(30);
/// What everybody signs in with.
pub const PASSWORD: &str = "hemligt";

/// Dovecot, ended when dropped.
pub struct Dovecot {
    pub port: u16,
    pub tls_port: u16,
    folder: TempDir,
    child: Child,
    /// Who owns the mail: not root, to whom Dovecot gives none.
    owner: (u32, u32),
    delivered: AtomicU64,
}

impl Dovecot {
    /// A server; none, said aloud, where it is not installed.
    pub fn start() -> Option<Self> {
        let Some(version) = version() else {
            let why =
                "the IMAP server for this test is missing; install it with: apt-get install dovecot-imapd";
            assert!(std::env::var(VARIABLE).as_deref() != Ok("required"), "{why}");
            eprintln!("SKIPPED: {why}");
            return None;
        };
        let folder = tempfile::tempdir().unwrap();
        let me = std::fs::metadata(folder.path()).unwrap();
        let root = me.uid() == 0;
        let owner = if root { (65_534, 65_534) } else { (me.uid(), me.gid()) };
        std::fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
        for inner in ["mail", "home"] {
            std::fs::create_dir(folder.path().join(inner)).unwrap();
            chown(folder.path().join(inner), Some(owner.0), Some(owner.1)).unwrap();
        }
        certificate(folder.path());
        let (port, tls_port) = (free_port(), free_port());
        let file = folder.path().join("dovecot.conf");
        std::fs::write(&file, configuration(&version, folder.path(), (port, tls_port), owner, root)).unwrap();
        let child = Command::new(program().unwrap())
            .args(["-F", "-c"])
            .arg(&file)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::inherit())
            .spawn()
            .expect("dovecot starts");
        let mut server = Self { port, tls_port, folder, child, owner, delivered: AtomicU64::new(0) };
        server.wait();
        Some(server)
    }

    fn wait(&mut self) {
        let until = Instant::now() + START_MAX;
        while TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_err() {
            let ended = self.child.try_wait().unwrap();
            assert!(ended.is_none() && Instant::now() < until, "Dovecot does not listen: {}", self.log());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("dovecot.log")).unwrap_or_default()
    }

    /// The authority that vouches for the server.
    pub fn authority(&self) -> PathBuf {
        self.folder.path().join("certificate.pem")
    }

    fn maildir(&self, user: &str, folder: &str) -> PathBuf {
        let root = self.folder.path().join("mail").join(user);
        if folder == "INBOX" { root } else { root.join(format!(".{folder}")) }
    }

    /// Puts a letter into a mailbox, as a delivery agent does: written aside, then moved in.
    pub fn deliver(&self, user: &str, raw: &[u8]) {
        let inbox = self.maildir(user, "INBOX");
        if !inbox.join("new").is_dir() {
            for inner in ["", "tmp", "new", "cur"] {
                let path = inbox.join(inner);
                std::fs::create_dir_all(&path).unwrap();
                chown(&path, Some(self.owner.0), Some(self.owner.1)).unwrap();
            }
        }
        let number = self.delivered.fetch_add(1, Ordering::Relaxed);
        // Dovecot numbers them by the time in their names, so that their order is that of delivery.
        let name = format!("{}.M{number:09}.test", 1_790_000_000 + number / 1_000_000);
        let aside = inbox.join("tmp").join(&name);
        std::fs::write(&aside, raw).unwrap();
        chown(&aside, Some(self.owner.0), Some(self.owner.1)).unwrap();
        std::fs::rename(&aside, inbox.join("new").join(&name)).unwrap();
    }

    /// How many letters lie in a folder, and how many of them are marked as read.
    pub fn count(&self, user: &str, folder: &str) -> (usize, usize) {
        let names = |inner: &str| {
            let files =
                std::fs::read_dir(self.maildir(user, folder).join(inner)).into_iter().flatten().flatten();
            files.map(|file| file.file_name().to_string_lossy().into_owned()).collect::<Vec<_>>()
        };
        let (new, cur) = (names("new"), names("cur"));
        let read =
            cur.iter().filter(|name| name.rsplit_once(":2,").is_some_and(|(_, flags)| flags.contains('S')));
        (new.len() + cur.len(), read.count())
    }

    /// Makes the server forget its numbering of a mailbox, as after a restore from a backup.
    pub fn number_anew(&self, user: &str) {
        for file in std::fs::read_dir(self.maildir(user, "INBOX")).unwrap().flatten() {
            let name = file.file_name().to_string_lossy().into_owned();
            if name.starts_with("dovecot") {
                std::fs::remove_file(file.path()).unwrap();
            }
        }
    }

    /// Ends everybody's connections, and goes on.
    pub fn hang_up(&self) {
        let asked = Command::new("doveadm")
            .arg("-c")
            .arg(self.folder.path().join("dovecot.conf"))
            .args(["kick", "*"])
            .output();
        assert!(asked.is_ok_and(|asked| asked.status.success()), "doveadm kick");
    }
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        // Told to end, it takes its children with it; killed, it would leave them.
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let until = Instant::now() + Duration::from_secs(5);
        while self.child.try_wait().ok().flatten().is_none() {
            if Instant::now() > until {
                let _ = self.child.kill();
                let _ = self.child.wait();
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

fn program() -> Option<PathBuf> {
    let in_path = std::env::var_os("PATH")
        .into_iter()
        .flat_map(|path| std::env::split_paths(&path).collect::<Vec<_>>());
    in_path
        .chain([PathBuf::from("/usr/sbin")])
        .map(|folder| folder.join("dovecot"))
        .find(|file| file.is_file())
}

fn version() -> Option<String> {
    let said = Command::new(program()?).arg("--version").output().ok()?;
    Some(String::from_utf8_lossy(&said.stdout).trim().to_owned())
}

/// A port nobody listens on at the moment.
fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}

fn certificate(folder: &Path) {
    let made = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-days",
            "2",
        ])
        .args(["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"])
        .args(["-addext", "basicConstraints=critical,CA:FALSE"])
        .arg("-keyout")
        .arg(folder.join("key.pem"))
        .arg("-out")
        .arg(folder.join("certificate.pem"))
        .output()
        .expect("openssl runs");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}

/// The configuration, in the words of that version: 2.4 has renamed most of them.
fn configuration(version: &str, folder: &Path, ports: (u16, u16), owner: (u32, u32), root: bool) -> String {
    let here = folder.display();
    let (uid, gid) = owner;
    let mut conf = String::new();
    let newer = !version.starts_with("2.3") && !version.starts_with("2.2");
    if newer {
        // Every 2.4 knows the words of the first one. Its own number would not do: it ends with the package's.
        conf += "dovecot_config_version = 2.4.0\ndovecot_storage_version = 2.4.0\n";
    }
    conf += &format!(
        "base_dir = {here}/run\nstate_dir = {here}/state\nlog_path = {here}/dovecot.log\nlisten = 127.0.0.1\n\
         auth_mechanisms = plain login\nssl = yes\nfirst_valid_uid = 1\n\
         default_process_limit = 50\nmailbox_idle_check_interval = 1 sec\n"
    );
    if !root {
        let name = |what: &str| {
            let said = Command::new("id").arg(what).output().expect("id runs");
            String::from_utf8_lossy(&said.stdout).trim().to_owned()
        };
        let (user, group) = (name("-un"), name("-gn"));
        conf += &format!(
            "default_internal_user = {user}\ndefault_internal_group = {group}\ndefault_login_user = {user}\n"
        );
    }
    conf += &if newer {
        format!(
            "protocols {{\n  imap = yes\n}}\nssl_server_cert_file = {here}/certificate.pem\nssl_server_key_file = {here}/key.pem\n\
             auth_allow_cleartext = yes\nmail_driver = maildir\nmail_path = {here}/mail/%{{user}}\n\
             passdb static {{\n  password = {PASSWORD}\n}}\n\
             userdb static {{\n  fields {{\n    uid = {uid}\n    gid = {gid}\n    home = {here}/home/%{{user}}\n  }}\n}}\n"
        )
    } else {
        format!(
            "protocols = imap\nssl_cert = <{here}/certificate.pem\nssl_key = <{here}/key.pem\n\
             disable_plaintext_auth = no\nmail_location = maildir:{here}/mail/%u\n\
             passdb {{\n  driver = static\n  args = password={PASSWORD}\n}}\n\
             userdb {{\n  driver = static\n  args = uid={uid} gid={gid} home={here}/home/%u\n}}\n"
        )
    };
    conf += &format!(
        "service imap-login {{\n  chroot =\n  inet_listener imap {{\n    port = {}\n  }}\n  inet_listener imaps {{\n    port = {}\n    ssl = yes\n  }}\n}}\n\
         service anvil {{\n  chroot =\n}}\n",
        ports.0, ports.1
    );
    conf
}
