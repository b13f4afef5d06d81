//! An hour of the demo at high speed, over real SIP and RTP on loopback, without pages.

use cases::{CaseSettings, PublicBase, Terms};
use floor::{FloorHandle, FloorSettings};
use people::SigningKey;
use routing::GuideState;
use simulation::{Demo, DemoConfig, DemoHandles, Prepared, Town, prepare};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use storage::testing::{self, TestDatabase};
use telephony::{Telephony, TelephonyConfig};
use tokio_util::sync::CancellationToken;
use vocabulary::{Actor, Clock, Context, OpeningHours, ScaledClock, SignedDuration, SystemChance, Timestamp};

const PASSWORD: &str = "fyren blinkar i natt";
const REALM: &str = "lots";
/// Half a minute is an hour.
const SPEED: u32 = 120;
const BEGIN: &str = "2026-11-03T09:00:00+01:00";

struct Centre {
    db: TestDatabase,
    clock: Arc<ScaledClock>,
    floor: FloorHandle,
    telephony: Telephony,
    shutdown: CancellationToken,
    town: Arc<Town>,
    cases: Arc<CaseSettings>,
}

fn seconds(n: i64) -> SignedDuration {
    SignedDuration::from_secs(n)
}

fn routing_settings() -> routing::Settings {
    routing::Settings {
        ring_max: seconds(20),
        wrap_up_max: seconds(120),
        prompt_max: seconds(30),
        overflow_after: seconds(30),
        wait_max: seconds(1_800),
        calls_max: 200,
        groups: Vec::new(),
        vanish_grace: seconds(60),
    }
}

async fn centre(prepared: &Prepared) -> Centre {
    let (db, town) = (testing::sqlite(), Arc::new(Town::vikhamn().expect("the town is sound")));
    let chance = Arc::new(SystemChance);
    let begin: Timestamp = BEGIN.parse().expect("an instant");
    let ctx = Context::new(begin, Actor::System, chance.clone());
    simulation::populate(&db, &ctx, &town, PASSWORD, REALM).await.expect("the town moves in");
    let signing_key = db.write(move |s| SigningKey::obtain(s, &ctx)).await.expect("a key");
    let cases = Arc::new(CaseSettings {
        public_base: "http://localhost:8080".parse::<PublicBase>().expect("an address"),
        signing_key,
        municipality: "Vikhamns kommun".into(),
        terms: Terms::default(),
    });
    // Time begins to pass when everything is there.
    let clock = Arc::new(ScaledClock::new(begin, SPEED));
    let shutdown = CancellationToken::new();
    let settings = FloorSettings {
        routing: routing_settings(),
        opening: OpeningHours::default(),
        after_call: Arc::new(|_, _, _| Ok(())),
    };
    let floor = floor::start(db.database(), clock.clone(), chance.clone(), settings, shutdown.clone())
        .await
        .expect("the floor opens");
    let config = TelephonyConfig {
        bind: SocketAddr::from(([127, 0, 0, 1], 0)),
        rtp_ports: 0..=0,
        realm: REALM.into(),
        trunk: Some(prepared.trunk_addr()),
        ..TelephonyConfig::default()
    };
    let telephony =
        Telephony::start(config, floor.handle.clone(), floor.outputs, db.database(), clock.clone(), chance)
            .await
            .expect("the exchange is up");
    Centre { db, clock, floor: floor.handle, telephony, shutdown, town, cases }
}

impl Centre {
    fn handles(&self) -> DemoHandles {
        DemoHandles {
            town: self.town.clone(),
            db: self.db.database(),
            clock: self.clock.clone(),
            chance: Arc::new(SystemChance),
            floor: self.floor.clone(),
            registrar: self.telephony.sip_addr(),
            cases: self.cases.clone(),
        }
    }

    /// How often each kind of thing has been done since `after`.
    async fn done(&self, after: Timestamp) -> BTreeMap<String, usize> {
        let mut done = BTreeMap::new();
        let mut seq = 0;
        loop {
            let entries = self
                .db
                .read(move |s| storage::timeline::read_from(s, seq, 1_000))
                .await
                .expect("the timeline is read");
            let Some(last) = entries.last() else { return done };
            seq = last.seq;
            for entry in entries.into_iter().filter(|entry| entry.at >= after) {
                *done.entry(entry.kind).or_insert(0) += 1;
            }
        }
    }

    /// Guides who talk or wrap up for longer than any talk lasts.
    fn stuck(&self) -> usize {
        let snapshot = self.floor.snapshot();
        let long_ago = self.clock.now() - SignedDuration::from_mins(25);
        snapshot
            .guides
            .iter()
            .filter(|view| match view.state {
                GuideState::Talking { call } => snapshot.call(call).is_none() || view.since < long_ago,
                GuideState::WrapUp { .. } | GuideState::Offered { .. } => view.since < long_ago,
                GuideState::SignedOut | GuideState::Away { .. } | GuideState::Ready => false,
            })
            .count()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_hour_of_the_demo_is_answered_logged_and_forwarded() {
    let config = DemoConfig {
        seed: 3,
        calls_per_day: Some(420),
        password: PASSWORD.into(),
        sounds: PathBuf::from("there are none"),
        ..DemoConfig::default()
    };
    let prepared = prepare(config).await.expect("the network outside");
    let centre = centre(&prepared).await;
    let began = centre.clock.now();
    let demo = Demo::start(prepared, centre.handles()).await.expect("the demo begins");
    let end = began + SignedDuration::from_hours(1);
    while centre.clock.now() < end {
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    let done = centre.done(began).await;
    eprintln!("{done:?}");
    let count = |kind: &str| done.get(kind).copied().unwrap_or(0);
    assert!(count("contact_arrived") > 25, "residents call");
    assert!(count("contact_answered") * 10 >= count("contact_arrived") * 8, "most are answered");
    assert!(count("contact_logged") + 15 >= count("contact_answered"), "what is answered is logged");
    assert!(count("contact_logged") > 15);
    assert!(count("case_registered") > 3 && count("case_forwarded") > 3, "some become cases");
    assert!(count("follow_up_answered") > 0, "officers answer");
    assert_eq!(centre.stuck(), 0, "{:?}", centre.floor.snapshot().guides);
    let stopping = tokio::time::timeout(Duration::from_secs(5), demo.stop());
    stopping.await.expect("the demo ends quickly");
    centre.telephony.stop().await;
    centre.shutdown.cancel();
}
