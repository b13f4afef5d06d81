//! The floor through its handle: what is journalled, what is written, what leaves, and what stands after a crash.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

use floor::{CallArrived, Floor, FloorError, FloorSettings};
use routing::{CallState, GuideState, Input, Output};
use std::sync::{Arc, Mutex};
use storage::testing::{TestDatabase, both};
use storage::{Session, StorageError, params, sql};
use tokio_util::sync::CancellationToken;
use vocabulary::{
    Actor, AnswerGroupId, Clock, ContactId, Context, Language, ManualClock, OpeningHours, Role, SeededChance,
    SignedDuration, Timestamp, UserId,
};

/// A Monday, a quarter past nine in Sweden.
const MONDAY: &str = "2026-11-02T08:15:00Z";

struct Centre {
    db: TestDatabase,
    clock: Arc<ManualClock>,
    chance: Arc<SeededChance>,
    guides: Vec<UserId>,
    handled: Arc<Mutex<Vec<ContactId>>>,
}

fn seconds(n: i64) -> SignedDuration {
    SignedDuration::from_secs(n)
}

fn settings(handled: &Arc<Mutex<Vec<ContactId>>>) -> FloorSettings {
    let handled = handled.clone();
    FloorSettings {
        routing: routing::Settings {
            ring_max: seconds(20),
            wrap_up_max: seconds(60),
            prompt_max: seconds(30),
            overflow_after: seconds(30),
            wait_max: seconds(600),
            calls_max: 10,
            groups: Vec::new(),
            vanish_grace: seconds(30),
        },
        opening: OpeningHours::default(),
        after_call: Arc::new(move |_: &mut Session<'_>, _: &Context, call| {
            handled.lock().unwrap().push(call);
            Ok::<(), FloorError>(())
        }),
    }
}

impl Centre {
    fn new(db: TestDatabase) -> Self {
        let clock = Arc::new(ManualClock::new(MONDAY.parse().unwrap()));
        let chance = Arc::new(SeededChance::new(7));
        let context = Context::new(clock.now(), Actor::System, chance.clone());
        let guides = db.write_blocking(move |s| staff(s, &context)).expect("staff");
        Self { db, clock, chance, guides, handled: Arc::default() }
    }

    async fn open(&self) -> (Floor, CancellationToken) {
        let shutdown = CancellationToken::new();
        let floor = floor::start(
            self.db.database(),
            self.clock.clone(),
            self.chance.clone(),
            settings(&self.handled),
            shutdown.clone(),
        )
        .await
        .expect("the floor starts");
        (floor, shutdown)
    }

    fn call(&self, dialled: &str, caller_number: Option<&str>) -> CallArrived {
        let contact = vocabulary::NewId::next(self.clock.now(), &*self.chance);
        CallArrived { contact, dialled: dialled.to_owned(), caller_number: caller_number.map(str::to_owned) }
    }

    fn ending(&self, call: ContactId) -> (Option<String>, Option<UserId>) {
        let found = self.db.read_blocking(move |s| {
            s.the_row(sql!("SELECT ending, guide_id FROM contacts WHERE id = $1"), params![call], |r| {
                Ok((r.get(0)?, r.get(1)?))
            })
        });
        found.map_err(|e: StorageError| e.to_string()).expect("the call's row")
    }
}

/// One group that takes all numbers, one that has its own, and two guides for both.
fn staff(s: &mut Session<'_>, context: &Context) -> Result<Vec<UserId>, people::PeopleError> {
    use people::directory::{NewAnswerGroup, commands};
    use people::users::{CreateUser, GroupLevel};
    let mut groups: Vec<AnswerGroupId> = Vec::new();
    for (code, dialled) in [("society", None), ("care", Some("0123456002"))] {
        let group =
            NewAnswerGroup { code: code.into(), name: code.into(), dialled: dialled.map(str::to_owned) };
        groups.push(commands::create_answer_group(s, context, &group)?.id);
    }
    let mut guides = Vec::new();
    for name in ["anna", "bo"] {
        let password =
            people::password::hash_new(name, "tall fyr vid havet", &*context.chance).expect("a password");
        let user = CreateUser {
            sign_in: name.into(),
            name: name.into(),
            role: Role::Guide,
            password,
            language: Language::Swedish,
            hourly: false,
        };
        let user = people::users::commands::create(s, context, &user)?.id;
        let levels: Vec<GroupLevel> = groups.iter().map(|g| GroupLevel { group: *g, level: 1 }).collect();
        people::users::commands::set_groups(s, context, user, &levels)?;
        guides.push(user);
    }
    Ok(guides)
}

async fn ready(floor: &Floor, guide: UserId) {
    floor.handle.sign_in(guide).await.unwrap();
    floor.handle.send(Input::TelephoneUp { guide }).await.unwrap();
    floor.handle.send(Input::Ready { guide }).await.unwrap();
}

/// The outputs that have left so far, without those for the record.
fn left(floor: &mut Floor) -> Vec<Output> {
    std::iter::from_fn(|| floor.outputs.try_recv().ok())
        .filter(|o| {
            !matches!(
                o,
                Output::GuideChanged { .. } | Output::CallQueued { .. } | Output::SurgeChanged { .. }
            )
        })
        .collect()
}

#[tokio::test]
async fn a_call_goes_from_ring_to_wrap_up_and_is_written() {
    for db in both() {
        let centre = Centre::new(db);
        let (mut floor, _shutdown) = centre.open().await;
        let guide = centre.guides[0];
        ready(&floor, guide).await;
        left(&mut floor);

        let call = centre.call("0123456000", Some("+46701234567"));
        let contact = call.contact;
        floor.handle.call_arrived(call).await.unwrap();
        assert_eq!(left(&mut floor), [Output::PlayPrompt { call: contact }]);
        floor.handle.send(Input::PromptEnded { call: contact }).await.unwrap();
        let offer = left(&mut floor).into_iter().find_map(|o| match o {
            Output::Offer { offer, guide: to, .. } => Some((offer, to)),
            _ => None,
        });
        let (offer, to) = offer.expect("the call is offered");
        assert_eq!(to, guide);
        centre.clock.advance(seconds(4));
        floor.handle.send(Input::OfferAccepted { offer }).await.unwrap();
        assert!(left(&mut floor).contains(&Output::Connect { call: contact, guide }));
        assert_eq!(floor.handle.snapshot().call(contact).unwrap().state, CallState::Talking { guide });
        floor.handle.send(Input::CallerLeft { call: contact }).await.unwrap();

        assert_eq!(centre.ending(contact), (Some("handled".to_owned()), Some(guide)));
        assert_eq!(*centre.handled.lock().unwrap(), [contact]);
        assert_eq!(floor.handle.snapshot().guide(guide).unwrap().state, GuideState::WrapUp { call: contact });
    }
}

#[tokio::test]
async fn after_a_crash_the_floor_stands_as_it_stood_and_the_lost_call_is_written_as_failed() {
    for db in both() {
        let centre = Centre::new(db);
        let (floor, shutdown) = centre.open().await;
        let guide = centre.guides[1];
        ready(&floor, guide).await;
        let call = centre.call("0123456000", None);
        let contact = call.contact;
        floor.handle.call_arrived(call).await.unwrap();
        // The process ends here: nobody says goodbye.
        shutdown.cancel();
        floor.task.await.unwrap();

        centre.clock.advance(seconds(30));
        let (floor, _shutdown) = centre.open().await;
        assert_eq!(centre.ending(contact), (Some("failed".to_owned()), None));
        let snapshot = floor.handle.snapshot();
        assert!(snapshot.calls.is_empty());
        assert!(snapshot.open);
        assert!(!snapshot.guide(guide).expect("still at work").telephone_up);
        // The telephone registers again, and the guide takes the next call.
        floor.handle.send(Input::TelephoneUp { guide }).await.unwrap();
        floor.handle.send(Input::Ready { guide }).await.unwrap();
        assert_eq!(floor.handle.snapshot().guide(guide).unwrap().state, GuideState::Ready);
    }
}

#[tokio::test]
async fn the_dialled_number_decides_the_group_and_a_number_that_cannot_be_counts_as_withheld() {
    for db in both() {
        let centre = Centre::new(db);
        let (floor, _shutdown) = centre.open().await;
        let care = centre.call("0123456002", Some("not a number"));
        let other = centre.call("112233", None);
        let (first, second) = (care.contact, other.contact);
        floor.handle.call_arrived(care).await.unwrap();
        floor.handle.call_arrived(other).await.unwrap();
        let snapshot = floor.handle.snapshot();
        assert_ne!(snapshot.call(first).unwrap().group, snapshot.call(second).unwrap().group);
        let kept = centre.db.read_blocking(move |s| {
            s.the_row(
                sql!("SELECT caller_number, resident_id FROM contacts WHERE id = $1"),
                params![first],
                |r| Ok((r.get::<Option<String>>(0)?, r.get::<Option<vocabulary::ResidentId>>(1)?)),
            )
        });
        assert_eq!(kept.map_err(|e: StorageError| e.to_string()).unwrap(), (None, None));
    }
}

#[tokio::test]
async fn when_the_centre_closes_new_calls_go_to_the_switchboard() {
    for db in both() {
        let centre = Centre::new(db);
        let evening: Timestamp = "2026-11-02T17:59:59Z".parse().unwrap();
        centre.clock.set(evening);
        let (mut floor, _shutdown) = centre.open().await;
        let mut changes = floor.handle.watch();
        centre.clock.advance(seconds(2));
        changes.wait_for(|s| !s.open).await.unwrap();
        left(&mut floor);
        let call = centre.call("0123456000", None);
        let contact = call.contact;
        floor.handle.call_arrived(call).await.unwrap();
        assert!(left(&mut floor).contains(&Output::ToSwitchboard { call: contact }));
        assert_eq!(centre.ending(contact).0.as_deref(), Some("to_switchboard"));
    }
}
