//! What whoever runs Lots does from a terminal, by the program itself.

mod serving;

use serving::{Centre, END_MAX, Serving, open};
use std::io::Write as _;
use std::process::{Command, Output, Stdio};
use vocabulary::Role;

const PASSWORD: &str = "tolv gröna fyrar";

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn run(command: &mut Command) -> Output {
    command.stdin(Stdio::null()).output().expect("lots runs")
}

#[track_caller]
fn refused(output: &Output, words: &[&str]) {
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let said = said(output);
    for word in words {
        assert!(said.contains(word), "{word:?} is not said: {said}");
    }
}

fn add_user(centre: &Centre, sign_in: &str, role: &str, password: &str) -> Output {
    let mut child = centre
        .lots()
        .args(["user", "add", sign_in, "--name", "Åsa Öberg", "--role", role])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("lots starts");
    // It may have refused already and not read.
    let _ = writeln!(child.stdin.take().expect("its input"), "{password}");
    child.wait_with_output().expect("it ends")
}

#[test]
fn the_configuration_is_checked_by_file_and_environment() {
    let centre = Centre::new();
    let check = |file: Option<&str>, environment: &[(&str, &str)]| {
        let mut command = centre.lots();
        command.args(["config", "check"]).envs(environment.iter().copied());
        if let Some(text) = file {
            std::fs::write(centre.path("town.toml"), text).expect("a file");
            command.args(["--config", "town.toml"]);
        }
        run(&mut command)
    };
    let good = check(Some("[routing]\nring_seconds = 25\n"), &[]);
    assert!(good.status.success(), "{}", said(&good));

    let ring = &["routing.ring_seconds", "from 5 to 120"];
    refused(&check(Some("[routing]\nring_seconds = 3\n"), &[]), ring);
    refused(&check(None, &[("LOTS_ROUTING__RING_SECONDS", "500")]), ring);
    // The environment goes before the file.
    let both = check(Some("[routing]\nring_seconds = 3\n"), &[("LOTS_ROUTING__RING_SECONDS", "20")]);
    assert!(both.status.success(), "{}", said(&both));

    refused(&check(Some("[web]\nbindd = \"127.0.0.1:1\"\n"), &[]), &["bindd", "behind_proxy"]);
    refused(&check(None, &[("LOTS_WEB__BIND", "everywhere")]), &["web.bind", "socket address"]);
    refused(&check(None, &[("LOTS_STORAGE__ENGINE", "oracle")]), &["storage.engine", "sqlite", "postgres"]);
    refused(&check(Some("[routing\n"), &[]), &["TOML", "line 1"]);
    refused(
        &run(centre.lots().args(["config", "check", "--config", "gone.toml"])),
        &["gone.toml", "no such file"],
    );
    // Every fault at once, so that it is one trip to the editor.
    let two = check(Some("[routing]\nring_seconds = 3\ncalls_max = 0\n"), &[]);
    refused(&two, &["routing.ring_seconds", "routing.calls_max", "from 1 to 10000"]);
    // What is wrong keeps the house shut, too.
    refused(&run(centre.lots().arg("serve").env("LOTS_ROUTING__RING_SECONDS", "500")), ring);
}

#[test]
fn the_configuration_is_shown_without_passwords() {
    let centre = Centre::new();
    let shown = run(centre
        .lots()
        .args(["config", "show"])
        .env("LOTS_STORAGE__URL", "postgres://lots:hemlig1@db/lots")
        .env("LOTS_MAIL__PASSWORD", "hemlig2"));
    assert!(shown.status.success(), "{}", said(&shown));
    let text = String::from_utf8_lossy(&shown.stdout);
    assert!(text.contains("postgres://(set)@db/lots") && !text.contains("hemlig"), "{text}");
}

#[test]
fn users_are_added_with_a_password_on_standard_input() {
    let centre = Centre::new();
    let added = add_user(&centre, "asa", "traffic_leader", PASSWORD);
    assert!(added.status.success(), "{}", said(&added));
    assert!(!String::from_utf8_lossy(&added.stdout).contains(PASSWORD));

    refused(&add_user(&centre, "asa", "guide", PASSWORD), &["taken"]);
    refused(&add_user(&centre, "orjan", "guide", "kort"), &["password", "at least"]);
    refused(&add_user(&centre, "orjan", "guide", ""), &["password", "at least"]);
    let role = add_user(&centre, "orjan", "mayor", PASSWORD);
    assert!(!role.status.success());
    assert!(said(&role).contains("mayor") && said(&role).contains("guide"), "{}", said(&role));

    let db = open(&centre.path("lots.db"));
    let users = db
        .read_blocking(|s| -> Result<_, people::PeopleError> {
            let asa = people::users::queries::by_sign_in(s, "asa")?;
            Ok((asa, people::users::queries::by_sign_in(s, "orjan")?))
        })
        .expect("the users");
    let asa = users.0.expect("who was added");
    assert_eq!((asa.name.as_str(), asa.role), ("Åsa Öberg", Role::TrafficLeader));
    assert!(users.1.is_none(), "who was refused is there");
}

#[test]
fn a_backup_is_taken_while_lots_serves_and_can_be_gone_on_from() {
    let centre = Centre::new();
    let serving = centre.serve();
    let keys = ["a hole", "another", "and one"];
    for key in keys {
        let answer = centre.register(serving.web, key).expect("an answer");
        assert_eq!(answer.status, 201, "{}", answer.json);
    }
    let copy = centre.path("copy.db");
    let backup = || run(centre.lots().arg("backup").arg(&copy));
    let copied = backup();
    assert!(copied.status.success(), "{}", said(&copied));
    let before = std::fs::read(&copy).expect("the copy");
    assert_eq!(centre.register(serving.web, "too late").expect("an answer").status, 201);
    refused(&backup(), &["copy.db", "exists"]);
    assert!(std::fs::read(&copy).expect("the copy") == before, "the copy was overwritten");

    let db = rusqlite::Connection::open(&copy).expect("the copy opens");
    let titles: Vec<String> = db
        .prepare("SELECT title FROM cases ORDER BY number")
        .and_then(|mut rows| rows.query_map([], |row| row.get(0))?.collect())
        .expect("its cases");
    assert_eq!(titles, keys);
    drop(db);
    let cases = |serving: &Serving| {
        let answer = centre.get(serving.web, "/api/v1/cases").expect("an answer");
        answer.json["items"].as_array().map(Vec::len)
    };
    assert_eq!(cases(&serving), Some(4));
    // The machine burns down, and Lots goes on from the copy.
    serving.kill();
    for beside in ["lots.db-wal", "lots.db-shm"] {
        std::fs::remove_file(centre.path(beside)).expect("what SQLite keeps beside");
    }
    std::fs::rename(&copy, centre.path("lots.db")).expect("the copy in its place");
    let serving = centre.serve();
    assert_eq!(cases(&serving), Some(keys.len()));
    let next = centre.register(serving.web, "after the fire").expect("an answer");
    assert_eq!(next.status, 201, "{}", next.json);
    assert!(next.json["number"].as_str().is_some_and(|n| n.ends_with("0004")), "{}", next.json);
}

#[test]
fn the_index_is_made_anew_beside_a_running_lots_and_mends_what_was_lost() {
    let centre = Centre::new();
    let serving = centre.serve();
    for key in ["a hole", "another"] {
        assert_eq!(centre.register(serving.web, key).expect("an answer").status, 201);
    }
    let words = || -> Vec<(Vec<u8>, Vec<u8>)> {
        let db = rusqlite::Connection::open(centre.path("lots.db")).expect("the database opens");
        db.prepare("SELECT word, case_id FROM case_words ORDER BY word, case_id")
            .and_then(|mut rows| rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect())
            .expect("the words")
    };
    let rebuild = || {
        let output = run(centre.lots().args(["index", "rebuild"]));
        assert!(output.status.success(), "{}", said(&output));
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let as_registered = words();
    assert!(rebuild().contains("2 looked at, 0 were found by other words"));
    let db = rusqlite::Connection::open(centre.path("lots.db")).expect("the database opens");
    db.busy_timeout(END_MAX).expect("it waits for its turn");
    db.execute("DELETE FROM case_words WHERE word = CAST('hole' AS BLOB)", []).expect("a word is lost");
    drop(db);
    assert_ne!(words(), as_registered);
    assert!(rebuild().contains("2 looked at, 1 were found by other words"));
    assert_eq!(words(), as_registered);
    assert_eq!(centre.register(serving.web, "it goes on").expect("an answer").status, 201);
}

#[test]
fn an_interrupt_ends_it_cleanly() {
    let centre = Centre::new();
    let serving = centre.serve();
    assert_eq!(centre.register(serving.web, "a hole").expect("an answer").status, 201);
    let web = serving.web;
    let (status, took) = serving.interrupt();
    assert_eq!(status.code(), Some(0), "{status}");
    assert!(took < END_MAX, "it took {took:?}");
    assert!(centre.get(web, "/api/v1/cases").is_err(), "somebody still answers");
}

#[test]
fn a_port_that_is_taken_is_named() {
    let centre = Centre::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("its address").to_string();
    refused(&run(centre.lots().arg("serve").env("LOTS_WEB__BIND", &address)), &["web.bind", &address]);
}
