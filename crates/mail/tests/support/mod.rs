//! A town with one officer and one resident, and a real mail server on this machine.

use cases::commands::{Forward, Origin, PutCaseType, RegisterCase, forward, put_case_type, register};
use cases::queries::{Message, outbox};
use cases::{Case, CaseSettings, CasesError};
use mail::{MailConfig, Mailer, Protection, SmtpConfig};
use people::SigningKey;
use people::directory::{NewDepartment, NewOfficer};
use people::residents::Reach;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Arc, mpsc};
use std::time::Duration;
use storage::jobs::Runner;
use storage::testing::TestDatabase;
use vocabulary::{
    Actor, CaseTypeId, Chance, Channel, Clock as _, Context, Language, ManualClock, ResidentId, SecrecyClass,
    SeededChance, SignedDuration,
};

/// Set to `required`, it makes a missing mail server a failure.
const VARIABLE: &str = "LOTS_TEST_SMTP";
/// How long the server may take to say what it does.
const WAIT_MAX: Duration = Duration::from_secs(20);

/// Debian's aiosmtpd, ended when dropped.
pub struct MailServer {
    pub port: u16,
    said: mpsc::Receiver<serde_json::Value>,
    child: Child,
    /// Closed to tell the server to end.
    _stdin: Option<ChildStdin>,
}

impl MailServer {
    /// A server; none, said aloud, where it is not installed.
    pub fn start(arguments: &[&Path]) -> Option<Self> {
        let there = Command::new("/usr/bin/python3").args(["-c", "import aiosmtpd"]).output();
        if !there.is_ok_and(|output| output.status.success()) {
            let why =
                "the mail server for this test is missing; install it with: apt-get install python3-aiosmtpd";
            assert!(std::env::var(VARIABLE).as_deref() != Ok("required"), "{why}");
            eprintln!("SKIPPED: {why}");
            return None;
        }
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../e2e/mail/server.py");
        let mut child = Command::new("/usr/bin/python3")
            .arg(script)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3 starts");
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let (say, said) = mpsc::channel();
        std::thread::spawn(move || {
            for line in stdout.lines().map_while(Result::ok) {
                let value = serde_json::from_str(&line).unwrap_or_else(|e| panic!("{e}: {line}"));
                if say.send(value).is_err() {
                    return;
                }
            }
        });
        let mut server = Self { port: 0, said, _stdin: child.stdin.take(), child };
        server.port = server.says("port").as_u64().unwrap().try_into().unwrap();
        Some(server)
    }

    /// The next thing the server says, which must be of that kind.
    pub fn says(&self, what: &str) -> serde_json::Value {
        let mut said = self.said.recv_timeout(WAIT_MAX).expect("the mail server says something in time");
        let found = said[what].take();
        assert!(!found.is_null(), "wanted {what}, the server said {said}");
        found
    }

    /// The next thing the server has said, if there is one.
    pub fn said_already(&self) -> Option<serde_json::Value> {
        self.said.try_recv().ok()
    }

    /// The server has nothing more to say.
    pub fn is_silent(&self) -> bool {
        self.said_already().is_none()
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a server at `port` is reached with.
pub fn smtp(port: u16) -> SmtpConfig {
    SmtpConfig {
        host: "127.0.0.1".to_owned(),
        port,
        protection: Protection::None,
        user: None,
        password: None,
        from: "Vikhamns kontaktcenter på rådhuset <svara-inte@vikhamn.example>".to_owned(),
        hello_name: None,
        authority_file: None,
        timeout_s: 10,
        bounce_address: None,
        dkim: None,
    }
}

pub struct Town {
    pub db: TestDatabase,
    pub clock: Arc<ManualClock>,
    pub settings: Arc<CaseSettings>,
    pub case: Case,
    /// The token of the officer's link.
    pub token: String,
    chance: Arc<dyn Chance>,
}

/// A town on each engine there is, in which one case has just been sent to `officer`, and its resident told.
pub fn towns(officer: &str) -> Vec<Town> {
    storage::testing::both().into_iter().zip(1..).map(|(db, seed)| Town::new(db, officer, seed)).collect()
}

impl Town {
    fn new(db: TestDatabase, officer: &str, seed: u64) -> Self {
        let clock = Arc::new(ManualClock::new("2026-11-02T09:00:00Z".parse().unwrap()));
        let chance: Arc<dyn Chance> = Arc::new(SeededChance::new(seed));
        let settings = Arc::new(CaseSettings::new(
            "https://kc.vikhamn.example".parse().unwrap(),
            SigningKey::from_bytes([5; 32]),
            "Vikhamns kommun".to_owned(),
        ));
        let ctx = Context::new(clock.now(), Actor::System, chance.clone());
        let (told, officer) = (settings.clone(), officer.to_owned());
        let made = db.write_blocking(move |s| {
            let (case_type, resident) = people_of(s, &ctx, &officer);
            let cmd = RegisterCase {
                title: "Översvämning på Ångbåtsgatan, och en väldigt lång rubrik som inte ryms på en enda rad i brevets huvud".to_owned(),
                description: "Källaren är full.\nVattnet når till knäna – det är brått!\n.\nPunkten ovan står ensam.".to_owned(),
                resident_id: Some(resident),
                ..RegisterCase::new(case_type, Origin::Direct { channel: Channel::Web, arrival_day: None })
            };
            let case = register(s, &ctx, &cmd)?.case;
            let ask = Forward { case_id: case.id, officer_id: None, message: "Kan någon åka dit?".to_owned(), due_working_days: None };
            let asked = forward(s, &ctx, &told, &ask)?;
            Ok::<_, CasesError>((case, asked.token))
        });
        let (case, token) = made.unwrap();
        Self { db, clock, settings, case, token, chance }
    }

    /// Delivers what is due.
    pub fn deliver(&self, config: &MailConfig) {
        let mailer = Arc::new(Mailer::new(config).unwrap());
        let runner = Runner::new(self.db.database(), self.clock.clone(), self.chance.clone());
        let runner = mail::wire(runner, &self.db, mailer);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(runner.run_due()).unwrap();
    }

    pub fn later(&self, by: SignedDuration) {
        self.clock.advance(by);
    }

    pub fn ctx(&self) -> Context {
        Context::new(self.clock.now(), Actor::System, self.chance.clone())
    }

    /// The message to that recipient.
    pub fn message(&self, to: &str) -> Message {
        let all = self.db.read_blocking(|s| outbox(s, None, 100)).unwrap();
        all.into_iter()
            .find(|message| message.recipient == to)
            .unwrap_or_else(|| panic!("no message to {to}"))
    }
}

fn people_of(s: &mut storage::Session<'_>, ctx: &Context, officer: &str) -> (CaseTypeId, ResidentId) {
    let department = NewDepartment {
        code: "water".to_owned(),
        name: "VA-enheten".to_owned(),
        board: "Tekniska nämnden".to_owned(),
        escalation_email: "va@vikhamn.example".to_owned(),
    };
    let department = people::directory::commands::create_department(s, ctx, &department).unwrap().id;
    let officer = NewOfficer {
        department,
        name: "Åsa Öberg".to_owned(),
        title: "Driftingenjör".to_owned(),
        email: officer.to_owned(),
        telephone: None,
        language: Language::Swedish,
    };
    let officer = people::directory::commands::create_officer(s, ctx, &officer).unwrap().id;
    let case_type = PutCaseType {
        code: "flood".to_owned(),
        category: "Vatten".to_owned(),
        name: "Översvämning".to_owned(),
        keywords: "vatten".to_owned(),
        department_id: department,
        officer_id: Some(officer),
        secrecy_class: SecrecyClass::Open,
        retention_rule: "2 år".to_owned(),
        due_working_days: 2,
        public_text: String::new(),
        open311: true,
        active: true,
    };
    let case_type = put_case_type(s, ctx, &case_type).unwrap();
    let reach = Reach { telephone: None, email: Some("kim@example.se".to_owned()) };
    let resident =
        people::residents::commands::find_or_create(s, ctx, &reach, Some("Kim Ek"), Language::Swedish)
            .unwrap();
    (case_type, resident.id)
}
