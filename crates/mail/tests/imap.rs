//! Mailboxes of a real IMAP server: that every letter is filed, once, and only then marked, whatever happens to the
//! connection.

#![expect(clippy::unwrap_used, reason = "a test says what went wrong by where it panics")]

mod dovecot;

use cases::CaseSettings;
use correspondence::commands::{PutMailbox, put_mailbox};
use dovecot::{Dovecot, PASSWORD};
use letters::{Limits, Own};
use mail::inbox::{AfterFiling, Filer, Inbox, InboxConfig, SignIn, TokenFrom};
use mail::{Protection, Secret};
use people::SigningKey;
use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::sync::Arc;
use std::time::{Duration, Instant};
use storage::testing::TestDatabase;
use storage::{params, sql};
use tokio_util::sync::CancellationToken;
use vocabulary::{Actor, Chance, Clock as _, Context, MailboxId, SeededChance, SystemClock};

const ADDRESS: &str = "kc@vikhamn.example";
/// How long anything may take on a busy machine.
const WAIT_MAX: Duration = Duration::from_secs(60);

struct Centre {
    db: TestDatabase,
    mailbox: MailboxId,
    chance: Arc<dyn Chance>,
}

impl Centre {
    fn new() -> Self {
        let db = storage::testing::both().remove(0);
        let chance: Arc<dyn Chance> = Arc::new(SeededChance::new(1));
        let ctx = Context::new(SystemClock.now(), Actor::System, chance.clone());
        let put = PutMailbox {
            id: None,
            address: ADDRESS.to_owned(),
            name: "Kontaktcenter".to_owned(),
            answer_group_id: None,
            clock_working_days: 2,
            signature: String::new(),
            acknowledge: false,
            acknowledgement: String::new(),
            takes_web: false,
            active: true,
        };
        let mailbox = db.write_blocking(move |s| put_mailbox(s, &ctx, &put)).unwrap().id;
        Self { db, mailbox, chance }
    }

    fn filer(&self) -> Filer {
        Filer {
            db: self.db.database(),
            clock: Arc::new(SystemClock),
            chance: self.chance.clone(),
            settings: Arc::new(CaseSettings::new(
                "https://kc.vikhamn.example".parse().unwrap(),
                SigningKey::from_bytes([5; 32]),
                "Vikhamns kommun".to_owned(),
            )),
            mailbox: self.mailbox,
            limits: Arc::new(Limits { letter_bytes_max: 1 << 20, ..Limits::default() }),
            own: Arc::new(Own {
                addresses: vec![ADDRESS.to_owned()],
                message_id_domain: "vikhamn.example".to_owned(),
            }),
        }
    }

    /// Subjects of what was filed, each with how often.
    fn filed(&self) -> BTreeMap<String, usize> {
        let subjects = self
            .db
            .read_blocking(|s| s.rows(sql!("SELECT subject FROM letters"), params![], |r| r.get::<String>(0)))
            .unwrap();
        subjects.into_iter().fold(BTreeMap::new(), |mut all, subject| {
            *all.entry(subject).or_default() += 1;
            all
        })
    }

    /// Reads the mailbox while `meanwhile` goes on.
    fn reading(&self, config: InboxConfig, meanwhile: impl FnOnce()) {
        let stop = CancellationToken::new();
        let inbox = Inbox::new(config, self.filer()).unwrap();
        let inner = stop.clone();
        let reader = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(inbox.run(inner));
        });
        meanwhile();
        stop.cancel();
        reader.join().unwrap();
    }
}

fn config(server: &Dovecot) -> InboxConfig {
    InboxConfig {
        address: ADDRESS.to_owned(),
        host: "127.0.0.1".to_owned(),
        port: server.port,
        protection: Protection::None,
        authority_file: None,
        user: "kc".to_owned(),
        sign_in: SignIn::Password(Secret::new(PASSWORD.to_owned())),
        folder: "INBOX".to_owned(),
        after: AfterFiling::Move("Lots".to_owned()),
        poll: Duration::from_secs(1),
    }
}

fn letter(number: usize) -> Vec<u8> {
    format!("From: kim{number}@example.se\r\nTo: {ADDRESS}\r\nMessage-ID: <{number}@example.se>\r\nSubject: Brev {number}\r\n\r\nHej.\r\n")
        .into_bytes()
}

fn until(what: &str, mut done: impl FnMut() -> bool) {
    let end = Instant::now() + WAIT_MAX;
    while !done() {
        assert!(Instant::now() < end, "{what}: not in time");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn all_once(filed: &BTreeMap<String, usize>, letters: usize) -> bool {
    filed.len() == letters && filed.values().all(|times| *times == 1)
}

#[test]
fn letters_are_filed_once_and_then_moved_also_those_that_come_while_it_waits() {
    let Some(server) = Dovecot::start() else { return };
    let centre = Centre::new();
    (0..150).for_each(|number| server.deliver("kc", &letter(number)));
    centre.reading(config(&server), || {
        until("the first", || all_once(&centre.filed(), 150));
        until("moved", || server.count("kc", "Lots").0 == 150 && server.count("kc", "INBOX").0 == 0);
        // It waits in IDLE now, or is about to.
        server.deliver("kc", &letter(150));
        until("the one that came", || all_once(&centre.filed(), 151));
        server.hang_up();
        server.deliver("kc", &letter(151));
        until("the one after the connection was lost", || all_once(&centre.filed(), 152));
    });
    assert_eq!(server.count("kc", "INBOX").0, 0);
}

#[test]
fn letters_may_be_kept_or_flagged_and_a_new_numbering_doubles_nothing() {
    let Some(server) = Dovecot::start() else { return };
    for (after, read) in [(AfterFiling::Keep, 0), (AfterFiling::Flag, 20)] {
        let user = if read == 0 { "kept" } else { "flagged" };
        let centre = Centre::new();
        let config = InboxConfig { after, user: user.to_owned(), ..config(&server) };
        (0..20).for_each(|number| server.deliver(user, &letter(number)));
        let twenty = || {
            until("filed", || all_once(&centre.filed(), 20));
            until("marked", || server.count(user, "INBOX") == (20, read));
        };
        centre.reading(config.clone(), twenty);
        centre.reading(config.clone(), twenty);
        server.number_anew(user);
        server.deliver(user, &letter(20));
        centre.reading(config, || until("after the new numbering", || all_once(&centre.filed(), 21)));
        assert!(all_once(&centre.filed(), 21), "{:?}", centre.filed());
    }
}

#[test]
fn the_connection_is_protected_and_the_server_has_to_be_vouched_for() {
    let Some(server) = Dovecot::start() else { return };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let centre = Centre::new();
    let reach = |config: InboxConfig| runtime.block_on(Inbox::new(config, centre.filer()).unwrap().reach());
    let authority_file = Some(server.authority());
    let tls =
        InboxConfig { protection: Protection::Tls, port: server.tls_port, authority_file, ..config(&server) };
    reach(tls.clone()).unwrap();
    reach(InboxConfig { protection: Protection::StartTls, port: server.port, ..tls.clone() }).unwrap();
    assert!(reach(InboxConfig { authority_file: None, ..tls.clone() }).is_err(), "nobody vouches for it");
    let wrong = SignIn::Password(Secret::new("fel".to_owned()));
    assert_eq!(
        reach(InboxConfig { sign_in: wrong, ..tls.clone() }).unwrap_err(),
        "the server does not let us in"
    );
    let elsewhere = InboxConfig { host: "imap.example.se".to_owned(), ..config(&server) };
    assert!(Inbox::new(elsewhere, centre.filer()).is_err(), "no password in the open");
}

#[test]
fn what_cannot_be_read_is_filed_and_holds_nothing_up() {
    let Some(server) = Dovecot::start() else { return };
    let centre = Centre::new();
    let huge = [&b"Subject: Stort\r\n\r\n"[..], &vec![b'x'; 3 << 20]].concat();
    let deep = format!(
        "Subject: Djupt\r\n{}",
        (0..3_000)
            .map(|n| format!("Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n"))
            .collect::<String>()
    );
    for raw in [
        &b"\0\x01\x02"[..],
        b"",
        &huge,
        deep.as_bytes(),
        b"Subject: =?utf-8?B?/////w==?=\r\n\r\n\xFF\xFE\0\0",
        &letter(1),
    ] {
        server.deliver("kc", raw);
    }
    centre.reading(config(&server), || until("all", || centre.filed().values().sum::<usize>() == 6));
    let filed = centre.filed();
    assert!(
        filed.contains_key("Stort") && filed.contains_key("Djupt") && filed.contains_key("Brev 1"),
        "{filed:?}"
    );
}

/// A server that wants XOAUTH2, and says why when it does not like the token.
fn token_server(good: &'static str) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut out = stream.try_clone().unwrap();
            let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
            let mut say = |line: &str| out.write_all(format!("{line}\r\n").as_bytes()).unwrap();
            say("* OK ready");
            while let Some(line) = lines.next() {
                let (tag, command) = line.split_once(' ').unwrap();
                match command {
                    "AUTHENTICATE XOAUTH2" => {
                        say("+ ");
                        if lines.next().unwrap() == good {
                            say(&format!("{tag} OK in"));
                        } else {
                            // {"status":"400"}
                            say("+ eyJzdGF0dXMiOiI0MDAifQ==");
                            assert_eq!(lines.next().unwrap(), "", "an empty line to end it");
                            say(&format!("{tag} NO out"));
                        }
                    }
                    "CAPABILITY" => {
                        say("* CAPABILITY IMAP4rev1");
                        say(&format!("{tag} OK"));
                    }
                    "SELECT \"INBOX\"" => {
                        say("* 0 EXISTS\r\n* OK [UIDVALIDITY 1] ok");
                        say(&format!("{tag} OK"));
                    }
                    _ => say(&format!("{tag} OK")),
                }
            }
        }
    });
    port
}

/// A token endpoint that gives `token` for the right refresh token.
fn endpoint() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut out = stream.try_clone().unwrap();
            let mut reader = BufReader::new(stream);
            let mut length = 0;
            loop {
                let mut line = String::new();
                reader.read_line(&mut line).unwrap();
                if let Some(said) = line.to_lowercase().strip_prefix("content-length:") {
                    length = said.trim().parse().unwrap();
                }
                if line.trim().is_empty() {
                    break;
                }
            }
            let mut body = vec![0; length];
            std::io::Read::read_exact(&mut reader, &mut body).unwrap();
            let body = String::from_utf8(body).unwrap();
            let known = body.contains("grant_type=refresh_token&refresh_token=r%2F1")
                && body.contains("client_id=lots");
            let (status, said) =
                if known { ("200 OK", r#"{"access_token":"token"}"#) } else { ("400 Bad Request", "{}") };
            let answer = format!(
                "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{said}",
                said.len()
            );
            out.write_all(answer.as_bytes()).unwrap();
        }
    });
    port
}

#[test]
fn a_token_opens_the_mailbox_and_a_bad_one_is_told_from_a_lost_connection() {
    // user=kc ^A auth=Bearer token ^A ^A, in base64.
    const GOOD: &str = "dXNlcj1rYwFhdXRoPUJlYXJlciB0b2tlbgEB";
    let port = token_server(GOOD);
    let centre = Centre::new();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    let url = format!("http://127.0.0.1:{}/token", endpoint());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let reach = |from: TokenFrom| {
        let config = InboxConfig {
            address: ADDRESS.to_owned(),
            host: "127.0.0.1".to_owned(),
            port,
            protection: Protection::None,
            authority_file: None,
            user: "kc".to_owned(),
            sign_in: SignIn::Token(from),
            folder: "INBOX".to_owned(),
            after: AfterFiling::Keep,
            poll: Duration::from_secs(1),
        };
        runtime.block_on(Inbox::new(config, centre.filer()).unwrap().reach())
    };
    std::fs::write(&file, "token\n").unwrap();
    reach(TokenFrom::File(file.clone())).unwrap();
    std::fs::write(&file, "gammal").unwrap();
    assert_eq!(reach(TokenFrom::File(file)).unwrap_err(), "the server does not let us in");
    let from_endpoint = |refresh: &str| TokenFrom::Endpoint {
        url: url.clone(),
        client_id: "lots".to_owned(),
        client_secret: None,
        refresh_token: Some(Secret::new(refresh.to_owned())),
        scope: None,
        authority_file: None,
    };
    reach(from_endpoint("r/1")).unwrap();
    assert!(reach(from_endpoint("r/2")).unwrap_err().contains("the token endpoint answered 400"));
}
