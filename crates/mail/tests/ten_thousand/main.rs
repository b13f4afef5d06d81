//! Thousands of letters with a known truth through a real IMAP server into the database, while the process that reads
//! them is killed. None lost, none misfiled, and nothing internal in what is sent afterwards to a real SMTP server.
//!
//! `LOTS_TEST_LETTERS` says how many (2,000), `LOTS_TEST_SEED` which ones. `cargo xtask simulate mail` runs 10,000.

#![expect(clippy::unwrap_used, reason = "a test says what went wrong by where it panics")]

#[expect(dead_code, reason = "what other tests use of it")]
#[path = "../dovecot/mod.rs"]
mod dovecot;
mod generator;
#[expect(dead_code, reason = "what other tests use of it")]
#[path = "../support/mod.rs"]
mod support;
mod town;
mod writing;

use dovecot::{Dovecot, PASSWORD};
use generator::{Generator, INTERNAL, Key, Post, Truth};
use letters::{Limits, Own};
use mail::inbox::{AfterFiling, Filer, Inbox, InboxConfig, SignIn};
use mail::{Protection, Secret};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};
use storage::{Database, params, sql};
use support::MailServer;
use tokio_util::sync::CancellationToken;
use town::{ADDRESS, Sent};
use vocabulary::{CaseId, Chance, MailboxId, MessageId, SeededChance, SystemChance, SystemClock};

/// Set for the process that reads: the server's port, the mailbox, and the database.
const READER: &str = "LOTS_TEST_MAIL_READER";
const USER: &str = "kc";
/// How long nothing may happen.
const STILL_MAX: Duration = Duration::from_secs(120);

fn number(variable: &str, otherwise: usize) -> usize {
    std::env::var(variable).ok().map_or(otherwise, |said| said.parse().unwrap())
}

/// Not a test: the process that reads the mailbox until it is killed. The test starts its own program with this one.
#[test]
fn the_process_that_reads() {
    let Ok(told) = std::env::var(READER) else { return };
    let mut told = told.splitn(3, ' ');
    let (port, mailbox, path) = (told.next().unwrap(), told.next().unwrap(), told.next().unwrap());
    let filer = Filer {
        db: town::open(Path::new(path)),
        clock: Arc::new(SystemClock),
        chance: Arc::new(SystemChance),
        settings: town::settings(),
        mailbox: mailbox.parse().unwrap(),
        limits: Arc::new(Limits::default()),
        own: Arc::new(Own {
            addresses: vec![ADDRESS.to_owned(), "svara-inte@vikhamn.example".to_owned()],
            message_id_domain: "vikhamn.example".to_owned(),
        }),
    };
    let config = InboxConfig {
        address: ADDRESS.to_owned(),
        host: "127.0.0.1".to_owned(),
        port: port.parse().unwrap(),
        protection: Protection::None,
        authority_file: None,
        user: USER.to_owned(),
        sign_in: SignIn::Password(Secret::new(PASSWORD.to_owned())),
        folder: "INBOX".to_owned(),
        after: AfterFiling::Move("Lots".to_owned()),
        poll: Duration::from_secs(1),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(Inbox::new(config, filer).unwrap().run(CancellationToken::new()));
}

struct Reader(Child);

impl Reader {
    fn start(server: &Dovecot, mailbox: MailboxId, path: &Path) -> Self {
        let mailbox = vocabulary::GenericUuid::into_untyped_uuid(mailbox);
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "the_process_that_reads", "--nocapture"])
            .env(READER, format!("{} {mailbox} {}", server.port, path.display()))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        Self(child)
    }
}

impl Drop for Reader {
    /// SIGKILL: nothing is said goodbye to.
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

/// Waits until `wanted` letters have been moved away.
fn until_moved(server: &Dovecot, wanted: usize) {
    let (mut before, mut since) = (0, Instant::now());
    loop {
        let (moved, _) = server.count(USER, "Lots");
        if moved >= wanted {
            return;
        }
        if moved > before {
            (before, since) = (moved, Instant::now());
        }
        assert!(
            since.elapsed() < STILL_MAX,
            "{moved} of {wanted} letters are read, and no more: {}",
            server.log()
        );
        std::thread::sleep(Duration::from_millis(25));
    }
}

#[test]
fn none_is_lost_none_misfiled_and_nothing_internal_goes_out() {
    let (Some(server), Some(smtp)) = (Dovecot::start(), MailServer::start(&[])) else { return };
    let count = number("LOTS_TEST_LETTERS", 2_000);
    let seed = number("LOTS_TEST_SEED", 20_261_122);
    let folder = tempfile::tempdir().unwrap();
    let path: PathBuf = folder.path().join("lots.db");
    let db = town::open(&path);
    let (mailbox, sent) = town::build(&db, u64::try_from(count / 30).unwrap().max(40), &smtp);
    heard(&smtp);
    drop(db);
    let post = Generator::new(u64::try_from(seed).unwrap(), &sent).letters(count);
    post.letters.iter().for_each(|raw| server.deliver(USER, raw));

    // Killed three times on the way, wherever it is at that moment.
    let all = post.letters.len();
    let chance = SeededChance::new(3);
    let began = Instant::now();
    for quarter in 1..=3 {
        let reader = Reader::start(&server, mailbox, &path);
        until_moved(&server, all * quarter / 4);
        std::thread::sleep(Duration::from_millis(chance.below(60)));
        drop(reader);
    }
    let reader = Reader::start(&server, mailbox, &path);
    until_moved(&server, all);
    drop(reader);
    let took = began.elapsed();
    eprintln!(
        "{all} letters in {took:.1?} with three kills: {:.0} a second",
        all as f64 / took.as_secs_f64()
    );
    eprintln!("{:?}", post.sorts);

    let db = town::open(&path);
    compare(&db, &post);
    town::send(&db, &(Arc::new(SeededChance::new(9)) as Arc<dyn Chance>), &smtp);
    no_internal_text(&smtp);
    no_internal_text_in_database(&db, &sent);
}

/// What was made of a letter.
#[derive(Debug, PartialEq, Eq)]
struct Found {
    filed: String,
    conversation: Option<vocabulary::ConversationId>,
    case: Option<CaseId>,
}

fn found(db: &Database) -> BTreeMap<Key, Found> {
    let rows = db
        .read_blocking(|s| {
            s.rows(
                sql!("SELECT raw_digest, filed, conversation_id, case_id FROM mail_taken_in"),
                params![],
                |r| {
                    Ok((
                        r.get::<Key>(0)?,
                        Found { filed: r.get(1)?, conversation: r.get(2)?, case: r.get(3)? },
                    ))
                },
            )
        })
        .unwrap();
    rows.into_iter().collect()
}

/// Subject, reply, and numbers of files and refusals, by the letter's bytes.
type Kept = BTreeMap<Key, (String, String, usize, usize)>;

fn kept(db: &Database) -> Kept {
    let rows = db
        .read_blocking(|s| {
            s.rows(
                sql!(
                    "SELECT l.raw_sha256, l.subject, l.reply,
                            (SELECT COUNT(*) FROM letter_parts p WHERE p.letter_id = l.id AND p.refused IS NULL),
                            (SELECT COUNT(*) FROM letter_parts p WHERE p.letter_id = l.id AND p.refused IS NOT NULL)
                     FROM letters l WHERE l.raw_sha256 IS NOT NULL"
                ),
                params![],
                |r| Ok((r.get::<Key>(0)?, (r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?))),
            )
        })
        .unwrap();
    let (letters, all) = (rows.len(), rows.into_iter().collect::<Kept>());
    assert_eq!(all.len(), letters, "a letter is kept twice");
    all
}

fn compare(db: &Database, post: &Post) {
    let (found, kept) = (found(db), kept(db));
    let mut faults = Vec::new();
    for (key, truth) in &post.truth {
        faults.extend(fault(key, truth, &found, &kept));
    }
    assert!(
        faults.is_empty(),
        "{} of {}:\n{}",
        faults.len(),
        post.truth.len(),
        faults[..faults.len().min(30)].join("\n")
    );
    assert_eq!(found.len(), post.truth.len(), "something was taken in that nobody sent");
    for truth in post.truth.values() {
        if let Some(id) = truth.undelivered {
            assert_eq!(state_of(db, id), "failed", "what did not arrive is marked");
        }
    }
}

fn fault(key: &Key, truth: &Truth, found: &BTreeMap<Key, Found>, kept: &Kept) -> Option<String> {
    let Some(there) = found.get(key) else { return Some(format!("lost: {truth:?}")) };
    if there.filed != truth.filed {
        return Some(format!("misfiled as {}: {truth:?}", there.filed));
    }
    // Only what is handed to a case names it.
    if truth.case.is_some() && there.case != truth.case {
        return Some(format!("in the wrong case {:?}: {truth:?}", there.case));
    }
    if let Some(first) = truth.joins
        && found.get(&first).map(|first| first.conversation) != Some(there.conversation)
    {
        return Some(format!("in the wrong conversation: {truth:?}"));
    }
    let letter = kept.get(key);
    if truth.filed != "officer" && truth.filed != "undelivered" && letter.is_none() {
        return Some(format!("not to be seen anywhere: {truth:?}"));
    }
    let (subject, reply, files, refused) = letter?;
    if truth.subject.as_ref().is_some_and(|wanted| wanted != subject) {
        return Some(format!("its subject became {subject:?}: {truth:?}"));
    }
    if truth.reply.as_ref().is_some_and(|wanted| wanted != reply) {
        return Some(format!("its text became {reply:?}: {truth:?}"));
    }
    if truth.files.is_some_and(|wanted| wanted != (*files, *refused)) {
        return Some(format!("it has {files} files and {refused} refused: {truth:?}"));
    }
    None
}

fn state_of(db: &Database, id: MessageId) -> String {
    db.read_blocking(move |s| {
        s.the_row(sql!("SELECT state FROM messages WHERE id = $1"), params![id], |r| r.get::<String>(0))
    })
    .unwrap()
}

/// The letters that the SMTP server has been given since the last time.
fn heard(smtp: &MailServer) -> Vec<serde_json::Value> {
    let mut all = Vec::new();
    // It says one line for each before it answers, so nothing is on its way any more.
    std::thread::sleep(Duration::from_millis(300));
    while let Some(mut said) = smtp.said_already() {
        all.push(said["letter"].take());
    }
    all
}

fn no_internal_text(smtp: &MailServer) {
    let letters = heard(smtp);
    eprintln!("{} letters went out afterwards", letters.len());
    for letter in &letters {
        let to = letter["envelope_to"][0].as_str().unwrap();
        if to.starts_with("boende") {
            let whole = letter.to_string();
            assert!(!whole.contains(INTERNAL), "a resident was told what is internal: {whole}");
        }
    }
}

/// Also nothing that is still waiting, and nothing that residents may read on their page.
fn no_internal_text_in_database(db: &Database, sent: &[Sent]) {
    let told = db
        .read_blocking(|s| {
            s.rows(
                sql!("SELECT recipient, subject, body FROM messages WHERE recipient LIKE 'boende%'"),
                params![],
                |r| Ok(format!("{} {} {}", r.get::<String>(0)?, r.get::<String>(1)?, r.get::<String>(2)?)),
            )
        })
        .unwrap();
    let public = db
        .read_blocking(|s| {
            s.rows(
                sql!("SELECT text FROM case_notes WHERE public = $1 AND author_kind <> 'resident'"),
                params![true],
                |r| r.get::<String>(0),
            )
        })
        .unwrap();
    assert!(!told.is_empty() && !sent.is_empty());
    for text in told.iter().chain(&public) {
        assert!(!text.contains(INTERNAL), "{text}");
    }
    assert!(
        public.iter().any(|text| text.contains("Vattnet är avstängt")),
        "officers' answers reach residents"
    );
}
