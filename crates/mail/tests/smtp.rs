//! Letters to a real mail server: that they arrive, can be read, and are neither lost nor sent astray when the server
//! is away, asks for patience, refuses, or is not to be trusted.

#![expect(clippy::unwrap_used, reason = "a test says what went wrong by where it panics")]

mod support;

use cases::commands::{OfficerAnswer, officer_answer};
use cases::queries::{Message, case_page, message};
use cases::{MessageState, TaskKind, Viewer};
use mail::{GIVE_UP_AFTER, MailConfig, Protection};
use std::path::Path;
use std::process::Command;
use storage::{params, sql};
use support::{MailServer, Town, smtp, towns};
use vocabulary::{Clock as _, GenericUuid as _, SignedDuration};

const OFFICER: &str = "asa.oberg@vikhamn.example";
const RESIDENT: &str = "kim@example.se";

fn letter_to(server: &MailServer, to: &str) -> serde_json::Value {
    // Two letters are due at once, and which goes first is chance.
    let (a, b) = (server.says("letter"), server.says("letter"));
    [a, b]
        .into_iter()
        .find(|letter| letter["envelope_to"][0] == to)
        .unwrap_or_else(|| panic!("no letter to {to}"))
}

fn tasks(town: &Town) -> Vec<TaskKind> {
    let (id, now) = (town.case.id, town.clock.now());
    let viewer = Viewer::house();
    let page = town.db.read_blocking(move |s| case_page(s, viewer, id, now)).unwrap();
    let mut kinds: Vec<_> = page.tasks.iter().map(|task| task.kind).collect();
    kinds.sort();
    kinds
}

fn stored(town: &Town, message: &Message) -> Message {
    let id = message.id;
    town.db.read_blocking(move |s| cases::queries::message(s, id)).unwrap().unwrap()
}

#[test]
fn the_officers_letter_arrives_whole_and_its_link_answers_the_case() {
    let Some(server) = MailServer::start(&[]) else { return };
    for town in towns(OFFICER) {
        town.deliver(&MailConfig::Smtp(smtp(server.port)));
        let letter = letter_to(&server, OFFICER);
        let sent = town.message(OFFICER);
        assert_eq!((sent.state, sent.sent_at), (MessageState::Sent, Some(town.clock.now())));
        let headers = &letter["headers"];
        assert_eq!(headers["Subject"], sent.subject.as_str());
        assert!(sent.subject.contains("Översvämning på Ångbåtsgatan"));
        let body = letter["body"].as_str().unwrap();
        assert_eq!(body.trim_end(), sent.body.trim_end(), "as another program reads it");
        assert!(body.contains("\n.\nPunkten ovan står ensam."), "a lone full stop does not end a letter");
        assert_eq!((&letter["charset"], &letter["encoding"]), (&"utf-8".into(), &"quoted-printable".into()));
        assert_eq!((&letter["ascii"], &letter["defects"]), (&true.into(), &serde_json::json!([])));
        let longest = letter["longest_line"].as_str().unwrap();
        assert!(longest.len() <= 100, "far from the 998 of RFC 5322, section 2.1.1: {longest}");
        assert_eq!(letter["bare_line_feeds"], 0);
        assert_eq!(headers["Auto-Submitted"], "auto-generated");
        assert_eq!(headers["Message-ID"], format!("<{}@vikhamn.example>", sent.id.into_untyped_uuid()));
        assert!(headers["Date"].as_str().unwrap().starts_with("Mon, 02 Nov 2026 09:00:00"));
        let from = headers["From"].as_str().unwrap();
        assert!(from.contains("Vikhamns kontaktcenter på rådhuset"), "{from}");
        assert_eq!(
            (&letter["envelope_from"], &headers["To"]),
            (&"svara-inte@vikhamn.example".into(), &OFFICER.into())
        );

        let link = body.lines().find_map(|line| line.strip_prefix("https://kc.vikhamn.example/o/")).unwrap();
        assert_eq!(link, town.token);
        let (token, ctx, settings) = (link.to_owned(), town.ctx(), town.settings.clone());
        let answer = OfficerAnswer::Done { text: "Pumpen går.".to_owned(), public: true };
        let answered =
            town.db.write_blocking(move |s| officer_answer(s, &ctx, &settings, &token, &answer)).unwrap();
        assert!(!answered.already);
        town.deliver(&MailConfig::Smtp(smtp(server.port)));
        let told = server.says("letter");
        assert_eq!(told["envelope_to"][0], RESIDENT);
        assert!(told["headers"]["Subject"].as_str().unwrap().ends_with("du har fått ett svar"));
        assert!(told["body"].as_str().unwrap().contains("https://kc.vikhamn.example/s/"));
        town.deliver(&MailConfig::Smtp(smtp(server.port)));
        assert!(server.is_silent(), "what is sent is not sent again");
    }
}

#[test]
fn a_letter_put_off_is_sent_again_as_the_same_letter() {
    let Some(server) = MailServer::start(&[]) else { return };
    let officer = "later@vikhamn.example";
    for town in towns(officer) {
        let config = MailConfig::Smtp(smtp(server.port));
        // Only the officer's, so that the order is known.
        quiet(&town, RESIDENT);
        town.deliver(&config);
        let put_off = server.says("put_off");
        let waiting = town.message(officer);
        assert_eq!(waiting.state, MessageState::Waiting);
        assert!(waiting.last_error.unwrap().contains("try again later"));
        town.later(SignedDuration::from_secs(29));
        town.deliver(&config);
        assert!(server.is_silent(), "not so soon");
        town.later(SignedDuration::from_secs(1));
        town.deliver(&config);
        let letter = server.says("letter");
        assert_eq!(letter["headers"]["Message-ID"], put_off);
        let sent = town.message(officer);
        assert_eq!((sent.state, sent.last_error), (MessageState::Sent, None));
        assert!(tasks(&town).is_empty());
    }
}

/// Takes a message out of the way.
fn quiet(town: &Town, to: &'static str) {
    let keep = move |s: &mut storage::Session<'_>| {
        s.execute(sql!("UPDATE messages SET state = 'kept' WHERE recipient = $1"), params![to])
    };
    town.db.write_blocking(keep).unwrap();
}

#[test]
fn a_letter_refused_for_good_becomes_a_call_task() {
    let Some(server) = MailServer::start(&[]) else { return };
    let officer = "nobody@vikhamn.example";
    for town in towns(officer) {
        quiet(&town, RESIDENT);
        town.deliver(&MailConfig::Smtp(smtp(server.port)));
        assert!(server.is_silent());
        let failed = town.message(officer);
        assert_eq!(failed.state, MessageState::Failed);
        assert!(failed.last_error.unwrap().contains("no such mailbox"));
        assert_eq!(tasks(&town), [TaskKind::CallOfficer]);
        let id = town.case.id.into_untyped_uuid();
        let trail = town.db.read_blocking(move |s| storage::timeline::of_subject(s, id, 100)).unwrap();
        let entry = trail.iter().find(|entry| entry.announcement.kind == "message_failed").unwrap();
        assert_eq!(entry.detail.as_deref(), Some("550"));
    }
}

#[test]
fn a_server_that_is_away_is_waited_for_and_then_given_up_with_a_word() {
    // A port that was free a moment ago and that nobody listens on.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    for town in towns(OFFICER) {
        let config = MailConfig::Smtp(smtp(port));
        town.deliver(&config);
        assert_eq!(town.message(OFFICER).state, MessageState::Waiting);
        for _ in 0..200 {
            town.later(SignedDuration::from_mins(30));
            town.deliver(&config);
        }
        let waiting = town.message(OFFICER);
        assert_eq!(waiting.state, MessageState::Waiting, "100 hours are less than {GIVE_UP_AFTER:?}");
        assert!(tasks(&town).is_empty());
        town.later(SignedDuration::from_hours(24));
        town.deliver(&config);
        assert_eq!(stored(&town, &waiting).state, MessageState::Failed);
        assert_eq!(tasks(&town), [TaskKind::CallOfficer, TaskKind::TellResident]);
    }
}

#[test]
fn a_text_with_line_ends_in_its_subject_makes_no_new_header() {
    let Some(server) = MailServer::start(&[]) else { return };
    for town in towns(OFFICER) {
        quiet(&town, RESIDENT);
        let poison = |s: &mut storage::Session<'_>| {
            let subject = "Hej\r\nBcc: tjuv@example.net\r\n\r\nFalsk text";
            s.execute(
                sql!("UPDATE messages SET subject = $1 WHERE recipient = $2"),
                params![subject, OFFICER],
            )
        };
        town.db.write_blocking(poison).unwrap();
        town.deliver(&MailConfig::Smtp(smtp(server.port)));
        let letter = server.says("letter");
        assert_eq!(letter["envelope_to"], serde_json::json!([OFFICER]));
        assert_eq!(letter["headers"]["Subject"], "Hej  Bcc: tjuv@example.net    Falsk text");
        let names: Vec<&str> =
            letter["header_names"].as_array().unwrap().iter().filter_map(|n| n.as_str()).collect();
        assert!(!names.contains(&"Bcc"), "{names:?}");
    }
}

#[test]
fn a_recipient_that_is_no_address_fails_and_reaches_no_server() {
    let Some(server) = MailServer::start(&[]) else { return };
    for town in towns(OFFICER) {
        let poison = |s: &mut storage::Session<'_>| {
            let recipient = "asa@vikhamn.example>\r\nRCPT TO:<tjuv@example.net";
            s.execute(sql!("UPDATE messages SET recipient = $1"), params![recipient])
        };
        town.db.write_blocking(poison).unwrap();
        town.deliver(&MailConfig::Smtp(smtp(server.port)));
        assert!(server.is_silent());
        assert_eq!(tasks(&town), [TaskKind::CallOfficer, TaskKind::TellResident]);
    }
}

/// A key and a certificate of its own for `localhost`.
fn certificate(folder: &Path) -> bool {
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3650", "-subj", "/CN=localhost"])
        .args(["-addext", "subjectAltName=DNS:localhost", "-addext", "basicConstraints=critical,CA:FALSE"])
        .arg("-keyout")
        .arg(folder.join("key.pem"))
        .arg("-out")
        .arg(folder.join("certificate.pem"))
        .output();
    made.is_ok_and(|output| output.status.success())
}

#[test]
fn starttls_goes_to_a_server_that_is_trusted_and_to_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let (certificate_file, key_file) = (folder.path().join("certificate.pem"), folder.path().join("key.pem"));
    if !certificate(folder.path()) {
        eprintln!("SKIPPED: STARTTLS, for want of openssl; install it with: apt-get install openssl");
        return;
    }
    let arguments = [Path::new("--certificate"), &certificate_file, Path::new("--key"), &key_file];
    let Some(server) = MailServer::start(&arguments) else { return };
    let protected = |authority_file| {
        let config = smtp(server.port);
        let host = "localhost".to_owned();
        MailConfig::Smtp(mail::SmtpConfig {
            host,
            protection: Protection::StartTls,
            authority_file,
            ..config
        })
    };
    for town in towns(OFFICER) {
        quiet(&town, RESIDENT);
        town.deliver(&protected(None));
        assert!(server.is_silent(), "nothing is told to a stranger");
        let waiting = town.message(OFFICER);
        assert_eq!(waiting.state, MessageState::Waiting, "whoever looks after the server can put it right");
        town.later(SignedDuration::from_hours(1));
        town.deliver(&protected(Some(certificate_file.clone())));
        let letter = server.says("letter");
        assert_eq!(letter["protected"], true);
        let id = waiting.id;
        let sent = town.db.read_blocking(move |s| message(s, id)).unwrap().unwrap();
        assert_eq!(sent.state, MessageState::Sent);
    }
}

#[test]
fn starttls_is_not_left_out_when_the_server_does_not_offer_it() {
    let Some(server) = MailServer::start(&[]) else { return };
    for town in towns(OFFICER) {
        let config = mail::SmtpConfig { protection: Protection::StartTls, ..smtp(server.port) };
        town.deliver(&MailConfig::Smtp(config));
        assert!(server.is_silent());
        assert_eq!(town.message(OFFICER).state, MessageState::Waiting);
    }
}

#[test]
fn the_demo_keeps_everything_and_sends_nothing() {
    for town in towns(OFFICER) {
        town.deliver(&MailConfig::Keep);
        for to in [OFFICER, RESIDENT] {
            let kept = town.message(to);
            assert_eq!((kept.state, kept.sent_at), (MessageState::Kept, None));
        }
        assert!(tasks(&town).is_empty());
    }
}

#[test]
fn a_text_message_is_handed_to_the_room_for_those() {
    for town in towns(OFFICER) {
        quiet(&town, OFFICER);
        let turn = |s: &mut storage::Session<'_>| {
            s.execute(sql!("UPDATE messages SET channel = 'sms' WHERE recipient = $1"), params![RESIDENT])
        };
        town.db.write_blocking(turn).unwrap();
        town.deliver(&MailConfig::Smtp(smtp(9)));
        assert_eq!(town.message(RESIDENT).state, MessageState::Waiting);
        let waiting = town.db.read_blocking(|s| {
            s.the_row(
                sql!("SELECT COUNT(*) FROM jobs WHERE kind = 'send_text' AND state = 'waiting'"),
                params![],
                |r| r.get::<u32>(0),
            )
        });
        assert_eq!(waiting.unwrap(), 1);
        assert!(tasks(&town).is_empty());
    }
}
