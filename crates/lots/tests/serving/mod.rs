//! A `lots serve` of a test's own: its folder, its process, and a way to ask it over HTTP.

use cases::commands::{PutCaseType, put_case_type};
use people::access::create_api_key;
use people::directory::commands::{create_department, create_officer};
use people::directory::{NewDepartment, NewOfficer};
use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};
use storage::{Database, StorageConfig};
use vocabulary::GenericUuid as _;
use vocabulary::{Actor, Clock as _, Context, Language, Role, SecrecyClass, SystemChance, SystemClock};

/// How long a start may take on a busy machine.
const START_MAX: Duration = Duration::from_secs(60);
/// How long it may take to end when told to.
pub const END_MAX: Duration = Duration::from_secs(10);
/// How long an answer may take.
const ANSWER_MAX: Duration = Duration::from_secs(30);
/// Between two looks at what cannot be waited for otherwise: a file, a process that ends.
const LOOK_EVERY: Duration = Duration::from_millis(2);

/// A folder with a database in which cases can be registered.
pub struct Centre {
    folder: tempfile::TempDir,
    /// An API key of a guide's.
    pub key: String,
    /// What the cases are about.
    pub case_type: String,
}

impl Centre {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let db = open(&folder.path().join("lots.db"));
        let ctx = Context::new(SystemClock.now(), Actor::System, Arc::new(SystemChance));
        let (key, case_type) = db
            .write_blocking(move |s| -> Result<_, cases::CasesError> {
                let department = NewDepartment {
                    code: "roads".to_owned(),
                    name: "Tekniska förvaltningen".to_owned(),
                    board: "Tekniska nämnden".to_owned(),
                    escalation_email: "roads@vikhamn.example".to_owned(),
                };
                let department = create_department(s, &ctx, &department).expect("a department").id;
                let officer = NewOfficer {
                    department,
                    name: "Maja Åhlström".to_owned(),
                    title: "Handläggare".to_owned(),
                    email: "maja@vikhamn.example".to_owned(),
                    telephone: None,
                    language: Language::Swedish,
                };
                let officer = create_officer(s, &ctx, &officer).expect("an officer").id;
                let pothole = PutCaseType {
                    code: "pothole".to_owned(),
                    category: "Gator".to_owned(),
                    name: "Grop i vägen".to_owned(),
                    keywords: "hål, asfalt".to_owned(),
                    department_id: department,
                    officer_id: Some(officer),
                    secrecy_class: SecrecyClass::Open,
                    retention_rule: "2 år".to_owned(),
                    due_working_days: 5,
                    public_text: String::new(),
                    open311: true,
                    active: true,
                };
                let case_type = put_case_type(s, &ctx, &pothole)?;
                let key = create_api_key(s, &ctx, "test", Role::Guide).expect("a key");
                Ok((key.token.reveal().to_owned(), case_type.into_untyped_uuid().to_string()))
            })
            .expect("a centre");
        Self { folder, key, case_type }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The program, in this folder, on ports that are free, with nothing of the tester's own environment.
    pub fn lots(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lots"));
        command
            .current_dir(self.folder.path())
            .env_clear()
            .env("LOTS_STORAGE__PATH", self.path("lots.db"))
            .env("LOTS_WEB__BIND", "127.0.0.1:0")
            .env("LOTS_TELEPHONY__BIND", "127.0.0.1:0");
        command
    }

    /// Starts `lots serve` and does not wait for it.
    pub fn start(&self) -> Starting {
        let ready = self.path("ready.json");
        if let Err(error) = std::fs::remove_file(&ready) {
            assert_eq!(error.kind(), io::ErrorKind::NotFound, "{error}");
        }
        let said = self.path("said.txt");
        let child = self
            .lots()
            .args(["serve", "--ready-file"])
            .arg(&ready)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(File::create(&said).expect("a file for what it says"))
            .spawn()
            .expect("lots starts");
        Starting { process: Process(child), ready, said }
    }

    pub fn serve(&self) -> Serving {
        self.start().wait()
    }

    /// Registers a case under `key`; only a whole answer is one.
    pub fn register(&self, web: SocketAddr, key: &str) -> io::Result<Answer> {
        let body = serde_json::json!({ "case_type_id": self.case_type, "title": key });
        self.ask(web, "POST", "/api/v1/cases", &[("Idempotency-Key", key)], &body.to_string())
    }

    pub fn get(&self, web: SocketAddr, path: &str) -> io::Result<Answer> {
        self.ask(web, "GET", path, &[], "")
    }

    fn ask(
        &self,
        web: SocketAddr,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> io::Result<Answer> {
        let mut stream = TcpStream::connect_timeout(&web, ANSWER_MAX)?;
        stream.set_read_timeout(Some(ANSWER_MAX))?;
        stream.set_write_timeout(Some(ANSWER_MAX))?;
        let mut request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {web}\r\nConnection: close\r\nAuthorization: Bearer {}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n",
            self.key,
            body.len()
        );
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        request.push_str("\r\n");
        request.push_str(body);
        stream.write_all(request.as_bytes())?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        Answer::read(&answer).ok_or_else(|| io::Error::from(io::ErrorKind::UnexpectedEof))
    }
}

/// Opens the database in `path` beside, before or after the program.
pub fn open(path: &Path) -> Database {
    Database::open(&StorageConfig::Sqlite { path: path.to_owned() }).expect("the database opens")
}

/// An answer that came whole.
pub struct Answer {
    pub status: u16,
    pub json: serde_json::Value,
}

impl Answer {
    /// None if any of it is missing.
    fn read(bytes: &[u8]) -> Option<Self> {
        let end = bytes.windows(4).position(|w| w == b"\r\n\r\n")?;
        let (head, body) = (std::str::from_utf8(&bytes[..end]).ok()?, &bytes[end + 4..]);
        let mut lines = head.lines();
        let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
        let length: usize = lines
            .filter_map(|line| line.split_once(':'))
            .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
            .and_then(|(_, value)| value.trim().parse().ok())?;
        let body = body.get(..length)?;
        Some(Self { status, json: serde_json::from_slice(body).ok()? })
    }
}

/// A child that does not outlive its test.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A process that may not be up yet.
pub struct Starting {
    process: Process,
    ready: PathBuf,
    said: PathBuf,
}

impl Starting {
    /// Waits until it serves.
    pub fn wait(mut self) -> Serving {
        let deadline = Instant::now() + START_MAX;
        loop {
            if let Ok(text) = std::fs::read_to_string(&self.ready) {
                let ready: serde_json::Value = serde_json::from_str(&text).expect("the ready file is JSON");
                let web = ready["web"].as_str().and_then(|url| url.strip_prefix("http://"));
                let web = web.and_then(|a| a.parse().ok()).expect("the ready file says where the pages are");
                return Serving { starting: self, web };
            }
            let ended = self.process.0.try_wait().expect("its state");
            assert!(
                ended.is_none() && Instant::now() < deadline,
                "lots serve did not come up ({ended:?}):\n{}",
                self.said()
            );
            std::thread::sleep(LOOK_EVERY);
        }
    }

    /// Ends it with SIGKILL, which nothing can be done against.
    pub fn kill(mut self) {
        self.process.0.kill().expect("it can be killed");
        let status = self.process.0.wait().expect("it ended");
        assert_eq!(status.code(), None, "it had ended by itself: {}", self.said());
    }

    fn said(&self) -> String {
        std::fs::read_to_string(&self.said).unwrap_or_default()
    }
}

/// A process that serves.
pub struct Serving {
    starting: Starting,
    /// Where the pages are.
    pub web: SocketAddr,
}

impl Serving {
    /// Ends it with SIGKILL.
    pub fn kill(self) {
        self.starting.kill();
    }

    /// Ends it as Ctrl-C does, and says how it ended and how long that took.
    pub fn interrupt(mut self) -> (ExitStatus, Duration) {
        let from = Instant::now();
        let pid = self.starting.process.0.id().to_string();
        let sent = Command::new("sh").args(["-c", "kill -INT \"$0\"", &pid]).status().expect("a shell");
        assert!(sent.success());
        while from.elapsed() < 2 * END_MAX {
            if let Some(status) = self.starting.process.0.try_wait().expect("its state") {
                return (status, from.elapsed());
            }
            std::thread::sleep(LOOK_EVERY);
        }
        panic!("it goes on after an interrupt:\n{}", self.starting.said());
    }
}
