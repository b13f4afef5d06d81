//! What is acknowledged is durable: cases are registered through the API while the process is killed again and again.
//! Whoever got no answer asks again with the same key. In the end each case is there, once.

mod serving;

use serving::{Centre, END_MAX, open};
use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};
use vocabulary::{Chance as _, SeededChance};

const KILLS: u32 = 50;
/// Every so many kills hits a process that is still starting.
const KILL_STARTING_EVERY: u32 = 10;
const CLIENTS: u32 = 4;
/// How long a client may be without any answer, starts included.
const UNANSWERED_MAX: Duration = Duration::from_secs(120);

/// Where the pages are at the moment. Clients wait here while nothing serves.
#[derive(Default)]
struct Door {
    state: Mutex<DoorState>,
    opened: Condvar,
}

#[derive(Default)]
struct DoorState {
    web: Option<SocketAddr>,
    /// Counts the processes that have served.
    opening: u32,
    /// No new cases, please.
    enough: bool,
}

impl Door {
    fn open(&self, web: SocketAddr) {
        let mut state = self.state.lock().expect("the door");
        state.web = Some(web);
        state.opening += 1;
        self.opened.notify_all();
    }

    fn shut(&self) {
        self.state.lock().expect("the door").web = None;
    }

    fn enough(&self) {
        self.state.lock().expect("the door").enough = true;
    }

    fn is_enough(&self) -> bool {
        self.state.lock().expect("the door").enough
    }

    /// An address that was opened after the `failed`th.
    fn after(&self, failed: u32) -> (SocketAddr, u32) {
        let state = self.state.lock().expect("the door");
        let closed = |state: &mut DoorState| state.web.is_none() || state.opening <= failed;
        let (state, _) = self.opened.wait_timeout_while(state, UNANSWERED_MAX, closed).expect("the door");
        match state.web {
            Some(web) if state.opening > failed => (web, state.opening),
            _ => panic!("a request to process {failed} was not answered, though nobody killed it"),
        }
    }
}

/// A case a client was told is registered.
struct Acknowledged {
    key: String,
    number: String,
    id: String,
    /// How often it was asked for before there was an answer.
    unanswered: u32,
    /// Whether the answer said that it had been there before.
    already: bool,
}

/// Registers one case after the other until it is enough.
fn client(centre: &Centre, door: &Door, name: u32, told: &Sender<Acknowledged>) {
    for n in 0u32.. {
        if door.is_enough() {
            return;
        }
        let key = format!("client {name} case {n}");
        let mut unanswered = 0;
        let (mut web, mut opening) = door.after(0);
        let answer = loop {
            match centre.register(web, &key) {
                Ok(answer) => break answer,
                Err(_) => {
                    unanswered += 1;
                    (web, opening) = door.after(opening);
                }
            }
        };
        assert!(matches!(answer.status, 200 | 201), "{key}: {} {}", answer.status, answer.json);
        let text = |field: &str| answer.json[field].as_str().expect("a text").to_owned();
        assert_eq!(text("title"), key, "somebody else's case");
        let already = answer.status == 200;
        assert!(!already || unanswered > 0, "{key} was new and is said to have been there");
        let case = Acknowledged { key, number: text("number"), id: text("id"), unanswered, already };
        told.send(case).expect("somebody listens");
    }
}

/// Lets some answers pass, so that the kill hits a centre at work, and then a moment more, to hit it anywhere.
fn until_a_random_moment(chance: &SeededChance, told: &Receiver<Acknowledged>, kept: &mut Vec<Acknowledged>) {
    for _ in 0..chance.below(12) {
        kept.push(told.recv_timeout(UNANSWERED_MAX).expect("cases are registered"));
    }
    let moment = Instant::now() + Duration::from_micros(chance.below(15_000));
    while let Ok(case) = told.recv_timeout(moment.saturating_duration_since(Instant::now())) {
        kept.push(case);
    }
}

#[test]
fn no_acknowledged_case_is_lost_by_fifty_kills() {
    let centre = Arc::new(Centre::new());
    let door = Arc::new(Door::default());
    let chance = SeededChance::new(2);
    let (tell, told) = channel();
    let clients: Vec<_> = (0..CLIENTS)
        .map(|name| {
            let (centre, door, tell) = (Arc::clone(&centre), Arc::clone(&door), tell.clone());
            thread::spawn(move || client(&centre, &door, name, &tell))
        })
        .collect();
    drop(tell);
    let mut acknowledged = Vec::new();
    for kill in 1..=KILLS {
        let starting = centre.start();
        if kill % KILL_STARTING_EVERY == 0 {
            let moment = Duration::from_micros(chance.below(100_000));
            // Nothing serves, so nothing but what was on its way is told.
            let until = Instant::now() + moment;
            while let Ok(case) = told.recv_timeout(until.saturating_duration_since(Instant::now())) {
                acknowledged.push(case);
            }
            starting.kill();
            continue;
        }
        let serving = starting.wait();
        door.open(serving.web);
        until_a_random_moment(&chance, &told, &mut acknowledged);
        serving.kill();
        door.shut();
    }
    let serving = centre.serve();
    door.enough();
    door.open(serving.web);
    acknowledged.extend(told);
    for client in clients {
        client.join().expect("a client that was always served right");
    }
    let repeated = acknowledged.iter().filter(|case| case.unanswered > 0).count();
    let kept_unanswered = acknowledged.iter().filter(|case| case.already).count();
    eprintln!(
        "{} cases, {repeated} asked for again, {kept_unanswered} of those were there already",
        acknowledged.len()
    );
    assert!(repeated >= KILLS as usize / 2, "the kills hit nobody: {repeated}");

    every_case_is_there_once(&centre, serving.web, &acknowledged);
    every_key_still_gives_its_case(&centre, serving.web, &acknowledged);
    let (status, took) = serving.interrupt();
    assert!(status.success() && took < END_MAX, "{status} after {took:?}");
    the_database_is_whole(&centre, &acknowledged);
}

/// By number and by key, through the list.
fn every_case_is_there_once(centre: &Centre, web: SocketAddr, acknowledged: &[Acknowledged]) {
    let mut listed = BTreeMap::new();
    let mut keys = BTreeSet::new();
    let mut path = "/api/v1/cases?limit=100".to_owned();
    loop {
        let page = centre.get(web, &path).expect("a page");
        assert_eq!(page.status, 200, "{}", page.json);
        for item in page.json["items"].as_array().expect("cases") {
            let text = |field: &str| item[field].as_str().expect("a text").to_owned();
            assert!(keys.insert(text("title")), "{} is there twice", text("title"));
            let again = listed.insert(text("number"), (text("id"), text("title")));
            assert_eq!(again, None, "{} is there twice", text("number"));
        }
        match page.json["next"].as_str() {
            Some(next) => path = format!("/api/v1/cases?limit=100&cursor={next}"),
            None => break,
        }
    }
    for case in acknowledged {
        let found = listed.get(&case.number);
        assert_eq!(found, Some(&(case.id.clone(), case.key.clone())), "{} is lost", case.number);
    }
    assert_eq!(listed.len(), acknowledged.len(), "there are cases nobody was told of");
    let mut months: BTreeMap<&str, Vec<u64>> = BTreeMap::new();
    for number in listed.keys() {
        // KC-YYMM and the running number.
        let (month, running) = number.split_at(7);
        months.entry(month).or_default().push(running.parse().expect("a running number"));
    }
    for (month, mut running) in months {
        running.sort_unstable();
        let expected: Vec<u64> = (1..).take(running.len()).collect();
        assert_eq!(running, expected, "{month} has gaps");
    }
}

fn every_key_still_gives_its_case(centre: &Centre, web: SocketAddr, acknowledged: &[Acknowledged]) {
    for case in acknowledged {
        let answer = centre.register(web, &case.key).expect("an answer");
        assert_eq!(answer.status, 200, "{}: {}", case.key, answer.json);
        assert_eq!(answer.json["number"].as_str(), Some(case.number.as_str()), "{}", case.key);
    }
}

/// The file is sound, and each case stands in the timeline as registered once.
fn the_database_is_whole(centre: &Centre, acknowledged: &[Acknowledged]) {
    let db = open(&centre.path("lots.db"));
    storage::backup(&db, &centre.path("copy.db")).expect("a database that passes its own check");
    let timeline = db.read_blocking(|s| storage::timeline::read_from(s, 0, u32::MAX)).expect("a timeline");
    let mut registered: Vec<String> = timeline
        .iter()
        .filter(|entry| entry.kind == "case_registered")
        .map(|entry| entry.subject_id.to_string())
        .collect();
    registered.sort_unstable();
    let mut expected: Vec<String> = acknowledged.iter().map(|case| case.id.clone()).collect();
    expected.sort_unstable();
    assert_eq!(registered, expected);
    assert!(timeline.iter().map(|entry| entry.seq).eq(1..=timeline.len() as i64), "the timeline has gaps");
}
