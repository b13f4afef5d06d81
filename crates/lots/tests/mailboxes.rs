//! A configured mailbox of a real IMAP server: what lies in it, and what comes, is taken in while `lots serve` runs.

#![expect(clippy::unwrap_used, reason = "a test says what went wrong by where it panics")]

#[expect(dead_code, reason = "what other tests use of it")]
#[path = "../../mail/tests/dovecot/mod.rs"]
mod dovecot;
#[expect(dead_code, reason = "what other tests use of it")]
mod serving;

use dovecot::{Dovecot, PASSWORD};
use rusqlite::{Connection, OpenFlags};
use serving::Centre;
use std::process::Command;
use std::time::{Duration, Instant};

const USER: &str = "kc";
const ADDRESS: &str = "kontaktcenter@vikhamn.example";
/// How long anything may take on a busy machine.
const WAIT_MAX: Duration = Duration::from_secs(60);

/// The section, with the server's own authority and no word in the open.
fn configuration(server: &Dovecot) -> String {
    format!(
        "[mail]\nfrom = \"Vikhamns kommun <{ADDRESS}>\"\n\n\
         [[mail.mailboxes]]\naddress = \"{ADDRESS}\"\nname = \"Kontaktcenter\"\nhost = \"127.0.0.1\"\nport = {}\n\
         protection = \"start_tls\"\nauthority_file = {:?}\nuser = \"{USER}\"\npassword = \"{PASSWORD}\"\n",
        server.port,
        server.authority(),
    )
}

fn letter(id: &str, answers: Option<&str>, text: &str) -> Vec<u8> {
    let answers = answers.map(|id| format!("In-Reply-To: <{id}>\r\n")).unwrap_or_default();
    format!(
        "From: =?utf-8?Q?=C3=85sa_Ek?= <asa@example.se>\r\nTo: {ADDRESS}\r\nMessage-ID: <{id}>\r\n{answers}\
         Subject: =?utf-8?Q?Gatlyktan_p=C3=A5_Sj=C3=B6gatan?=\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{text}\r\n"
    )
    .into_bytes()
}

/// The received letters' texts, each with its conversation's reference, sender and subject, as they came.
fn received(db: &Connection) -> Vec<[String; 4]> {
    db.prepare(
        "SELECT l.reply, c.reference, c.sender_name, c.subject FROM letters l
         JOIN conversations c ON c.id = l.conversation_id WHERE l.kind = 'received' ORDER BY l.written_at, l.id",
    )
    .and_then(|mut rows| {
        let all = rows.query_map([], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?]))?;
        all.collect()
    })
    .expect("the letters")
}

fn until(server: &Dovecot, what: &str, mut done: impl FnMut() -> bool) {
    let end = Instant::now() + WAIT_MAX;
    while !done() {
        assert!(Instant::now() < end, "{what}: not in time; the mail server says:\n{}", server.log());
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_configured_mailbox_is_read_while_lots_serves_and_after_it_was_killed() {
    let Some(server) = Dovecot::start() else { return };
    let centre = Centre::new();
    std::fs::write(centre.path("lots.toml"), configuration(&server)).expect("the configuration");
    let database = centre.path("lots.db");
    let look = || Connection::open_with_flags(&database, OpenFlags::SQLITE_OPEN_READ_ONLY).expect("it opens");

    server.deliver(USER, &letter("1@example.se", None, "Den är släckt sedan i måndags."));
    let serving = centre.serve();
    let db = look();
    until(&server, "the letter that lay there", || received(&db).len() == 1);
    // It waits for what comes now, or is about to.
    server.deliver(USER, &letter("2@example.se", Some("1@example.se"), "Nu är den dessutom påkörd."));
    until(&server, "the letter that came", || received(&db).len() == 2);
    until(&server, "moved", || server.count(USER, "Lots").0 == 2 && server.count(USER, "INBOX").0 == 0);
    drop(db);

    serving.kill();
    server.deliver(USER, &letter("3@example.se", None, "En annan lykta."));
    let serving = centre.serve();
    let db = look();
    until(&server, "the letter that came meanwhile", || received(&db).len() == 3);
    drop(db);
    let (status, _) = serving.interrupt();
    assert_eq!(status.code(), Some(0), "{status}");

    let letters = received(&look());
    let texts: Vec<&str> = letters.iter().map(|[text, ..]| text.as_str()).collect();
    assert_eq!(texts, ["Den är släckt sedan i måndags.", "Nu är den dessutom påkörd.", "En annan lykta."]);
    for [_, _, sender, subject] in &letters {
        assert_eq!((sender.as_str(), subject.as_str()), ("Åsa Ek", "Gatlyktan på Sjögatan"));
    }
    assert_eq!(letters[0][1], letters[1][1], "an answer belongs to what it answers");
    assert_ne!(letters[0][1], letters[2][1], "the same words in the subject join nothing");
}

#[test]
fn what_the_guide_shows_can_be_used() {
    let guide = include_str!("../../../docs/guides/mail.md");
    let shown = guide.split("```toml\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    let shown: Vec<&str> = shown.collect();
    assert_eq!(shown.len(), 2);
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("lots.toml");
    for toml in shown {
        std::fs::write(&file, toml).expect("the configuration");
        let checked = Command::new(env!("CARGO_BIN_EXE_lots"))
            .args(["config", "check"])
            .current_dir(&folder)
            .env_clear()
            .env("LOTS_MAIL__PASSWORD", "hemligt")
            .output()
            .expect("lots runs");
        assert!(checked.status.success(), "{toml}\n{}", String::from_utf8_lossy(&checked.stderr));
    }
}
