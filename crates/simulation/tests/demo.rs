//! An hour of the demo at high speed, over real SIP and RTP on loopback, without pages.

use cases::{CaseSettings, PublicBase};
use floor::{FloorHandle, FloorSettings};
use people::SigningKey;
use routing::{GuideState, Input};
use simulation::{Demo, DemoConfig, DemoHandles, Prepared, Town, prepare};
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use storage::testing::{self, TestDatabase};
use telephony::driver::media::Playlist;
use telephony::driver::meter::Meter;
use telephony::protocol::g711::Sound;
use telephony::softphone::{IncomingCall, PhoneKit, SoftPhone};
use telephony::survey::{SurveyOutcome, SurveyScript};
use telephony::{Telephony, TelephonyConfig};
use tokio_util::sync::CancellationToken;
use vocabulary::{
    Actor, Clock, Context, OpeningHours, Parameter, ScaledClock, SignedDuration, SystemChance, Timestamp,
    UserId,
};

const PASSWORD: &str = "fyren blinkar i natt";
const REALM: &str = "lots";
/// So many frames of 20 ms that are not silent are somebody who speaks.
const SPOKEN_FRAMES: u64 = 15;
/// Half a minute is an hour.
const SPEED: u32 = 120;
const BEGIN: &str = "2026-11-03T09:00:00+01:00";

/// How often each kind of thing has been done.
type Done = BTreeMap<String, usize>;

/// How long the town may take, in reality, to do what it does in seconds on a quiet machine.
const PATIENCE: Duration = Duration::from_secs(90);

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
    let cases = Arc::new(CaseSettings::new(
        "http://localhost:8080".parse::<PublicBase>().expect("an address"),
        signing_key,
        "Vikhamns kommun".into(),
    ));
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

    /// Waits until what has been done since `after` is `enough`: a busy machine may take its time, but not forever.
    async fn until(&self, what: &str, after: Timestamp, enough: impl Fn(&Done) -> bool) -> Done {
        let began = std::time::Instant::now();
        loop {
            let done = self.done(after).await;
            if enough(&done) {
                return done;
            }
            assert!(began.elapsed() < PATIENCE, "not within {PATIENCE:?}: {what}: {done:?}");
            tokio::time::sleep(Duration::from_millis(250)).await;
        }
    }

    /// How often each kind of thing has been done since `after`.
    async fn done(&self, after: Timestamp) -> Done {
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

    /// What a guide does.
    fn state(&self, guide: UserId) -> GuideState {
        self.floor.snapshot().guide(guide).map_or(GuideState::SignedOut, |view| view.state)
    }

    /// Ends everything.
    async fn close(self, demo: Demo) {
        let stopping = tokio::time::timeout(Duration::from_secs(5), demo.stop());
        stopping.await.expect("the demo ends quickly");
        self.telephony.stop().await;
        self.shutdown.cancel();
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
    let enough = |done: &Done| {
        let count = |kind: &str| done.get(kind).copied().unwrap_or(0);
        let logged = count("contact_logged").saturating_sub(count("contact_registered"));
        count("contact_arrived") > 25
            && count("contact_answered") * 10 >= count("contact_arrived") * 8
            && logged > 15
            && logged + 15 >= count("contact_answered")
            && count("case_registered") > 3
            && count("case_forwarded") > 3
            && count("follow_up_answered") > 0
            && count("contact_registered") > 0
    };
    centre
        .until("residents call, are answered and logged, cases forwarded and answered", began, enough)
        .await;
    assert_eq!(centre.stuck(), 0, "{:?}", centre.floor.snapshot().guides);
    centre.close(demo).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_clock_can_be_put_forward_a_week() {
    let config = DemoConfig { password: PASSWORD.into(), seed: 8, ..DemoConfig::default() };
    let prepared = prepare(config).await.expect("the network outside");
    let centre = centre(&prepared).await;
    let demo = Demo::start(prepared, centre.handles()).await.expect("the demo begins");
    tokio::time::sleep(Duration::from_secs(5)).await;
    centre.clock.advance(SignedDuration::from_hours(7 * 24));
    let put_forward = centre.clock.now();
    let enough = |done: &Done| {
        let count = |kind: &str| done.get(kind).copied().unwrap_or(0);
        count("contact_answered") > 4 && count("follow_up_answered") > 4
    };
    let done = centre.until("the town goes on, and officers have had a week", put_forward, enough).await;
    // A week has some two thousand calls; what has come belongs to the hours since.
    let hours = centre.clock.now().duration_since(put_forward).as_hours();
    let arrived = i64::try_from(done.get("contact_arrived").copied().unwrap_or(0)).expect("a small number");
    assert!(arrived < 100 + 100 * hours, "a week's calls do not come at once: {done:?} in {hours} h");
    assert_eq!(centre.stuck(), 0, "{:?}", centre.floor.snapshot().guides);
    centre.close(demo).await;
}

/// A demo with nobody in it but residents.
fn residents_only(calls_per_day: u32) -> DemoConfig {
    DemoConfig {
        seed: 5,
        guides_max: Some(0),
        calls_per_day: Some(calls_per_day),
        officers: false,
        password: PASSWORD.into(),
        sounds: PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../sounds"),
        ..DemoConfig::default()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_person_takes_the_next_call_and_hears_the_resident() {
    let prepared = prepare(residents_only(3_000)).await.expect("the network outside");
    let centre = centre(&prepared).await;
    let demo = Demo::start(prepared, centre.handles()).await.expect("the demo begins");
    let anna = centre.db.read(|s| people::users::queries::by_sign_in(s, "anna")).await.expect("read");
    let anna = anna.expect("anna is for persons").id;
    let loopback = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let kit = PhoneKit::new(loopback, 1, Arc::new(SystemChance)).expect("a thread");
    let mut phone = SoftPhone::start(SocketAddr::new(loopback, 0), &kit).await.expect("a socket");
    phone.register(centre.telephony.sip_addr(), "anna", PASSWORD).await.expect("registered");
    centre.floor.sign_in(anna).await.expect("signed in");
    centre.floor.send(Input::Ready { guide: anna }).await.expect("ready");
    let talked = async {
        loop {
            // At this speed a telephone rings for a sixth of a second; a call may be gone before it is taken.
            centre.floor.send(Input::Ready { guide: anna }).await.expect("ready");
            let Some(mut conversation) = phone.incoming().await.and_then(IncomingCall::answer) else {
                continue;
            };
            conversation.play(Playlist::looped(Sound::tone(440.0, 400)));
            let meter = conversation.meter().clone();
            tokio::select! {
                _ = conversation.ended() => continue,
                () = heard(&meter) => {}
            }
            assert!(matches!(centre.state(anna), GuideState::Talking { .. }));
            return conversation.hang_up();
        }
    };
    tokio::time::timeout(Duration::from_secs(40), talked).await.expect("a resident is heard");
    let over = async {
        while matches!(centre.state(anna), GuideState::Talking { .. }) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), over).await.expect("the call ends at both ends");
    centre.close(demo).await;
}

/// Waits until the other end has said something.
async fn heard(meter: &Meter) {
    while meter.loud_frames() < SPOKEN_FRAMES {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn residents_answer_the_survey_with_the_keys() {
    let prepared = prepare(residents_only(0)).await.expect("the network outside");
    let centre = centre(&prepared).await;
    let demo = Demo::start(prepared, centre.handles()).await.expect("the demo begins");
    let tone =
        |name: &str| Ok::<_, Infallible>(Sound::tone(if name.len() > 12 { 500.0 } else { 700.0 }, 150));
    let script = SurveyScript::load(Parameter::ALL, tone).expect("a script");
    let calls = (0..12).map(|n| {
        let (telephony, script, number) = (&centre.telephony, &script, format!("+467017406{:02}", 10 + n));
        async move { telephony.survey_call(&number, script).await }
    });
    let outcomes = tokio::time::timeout(Duration::from_secs(50), futures::future::join_all(calls)).await;
    let outcomes = outcomes.expect("the survey calls end");
    let answered = outcomes.iter().filter(|outcome| match outcome {
        SurveyOutcome::Answered(scores) => scores.len() == Parameter::ALL.len(),
        SurveyOutcome::Unreached => false,
    });
    let answered = answered.count();
    let unreached = outcomes.iter().filter(|outcome| **outcome == SurveyOutcome::Unreached).count();
    assert!(answered >= 3, "{answered} answered everything: {outcomes:?}");
    assert!(unreached >= 1, "some are not at home: {outcomes:?}");
    centre.close(demo).await;
}
