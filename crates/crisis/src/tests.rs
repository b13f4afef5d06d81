//! Crises from the outside, on both engines.

use crate::commands::{
    AnswerByLink, Approve, Draft, Opening, PutPerson, add_person, answer_by_link, approve, attach_sound,
    begin, close_call_in, discard, end, note_answer, observe, open_call_in, put_template, reset_template,
    set_period, take, text_everybody, write_draft,
};
use crate::spikes::{Judgement, Rise, Sort, Stream};
use crate::{CallInState, CrisisError, CrisisKind, MessageState, ProposalState, SoundSource, queries};
use cases::{CaseSettings, LinkError};
use people::users::CreateUser;
use people::{LinkKind, SignedLink, SigningKey, password};
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};
use storage::testing::{self, TestDatabase};
use storage::{Session, params, sql};
use vocabulary::{
    Actor, Chance, Context, CrisisId, CrisisMessageId, GenericUuid as _, Language, Role, SeededChance,
    SignedDuration, Timestamp, UserId,
};

struct World {
    db: TestDatabase,
    chance: Arc<dyn Chance>,
    anna: UserId,
    karim: UserId,
    settings: CaseSettings,
}

fn now() -> Timestamp {
    "2026-11-03T09:00:00Z".parse().unwrap()
}

impl World {
    fn all() -> Vec<Self> {
        testing::both().into_iter().map(Self::on).collect()
    }

    fn on(db: TestDatabase) -> Self {
        static PASSWORD: OnceLock<password::PasswordHash> = OnceLock::new();
        let chance: Arc<dyn Chance> = Arc::new(SeededChance::new(7));
        let system = Context::new(now(), Actor::System, chance.clone());
        let hash = PASSWORD
            .get_or_init(|| password::hash_new("nobody", "en lång mening om båtar", &*chance).unwrap())
            .clone();
        let user = |sign_in: &'static str, role| {
            let (hash, system) = (hash.clone(), system.clone());
            db.write_blocking(move |s: &mut Session<'_>| {
                let cmd = CreateUser {
                    sign_in: sign_in.to_owned(),
                    name: sign_in.to_owned(),
                    role,
                    password: hash.clone(),
                    language: Language::Swedish,
                    hourly: false,
                };
                people::users::commands::create(s, &system, &cmd)
            })
            .unwrap()
            .id
        };
        let (anna, karim) = (user("anna", Role::TrafficLeader), user("karim", Role::Manager));
        let settings = CaseSettings::new(
            "https://kc.example".parse().unwrap(),
            SigningKey::from_bytes([5; 32]),
            "Vikhamn".to_owned(),
        );
        Self { db, chance, anna, karim, settings }
    }

    fn by(&self, user: UserId, minutes: i64) -> Context {
        Context::new(now() + SignedDuration::from_mins(minutes), Actor::User(user), self.chance.clone())
    }

    fn write<T: Send + 'static>(
        &self,
        work: impl Fn(&mut Session<'_>) -> Result<T, CrisisError> + Send + 'static,
    ) -> Result<T, CrisisError> {
        self.db.write_blocking(work)
    }

    fn begun(&self) -> CrisisId {
        let ctx = self.by(self.anna, 0);
        let opening =
            Opening { kind: CrisisKind::Storm, title: "Stormen Alfrida".to_owned(), begins_at: ctx.now };
        self.write(move |s| begin(s, &ctx, &opening)).unwrap()
    }

    fn drafted(&self, crisis: CrisisId, spoken: &'static str) -> CrisisMessageId {
        let ctx = self.by(self.anna, 1);
        self.write(move |s| write_draft(s, &ctx, crisis, None, &draft("Träd över vägar", spoken))).unwrap()
    }

    fn approve(
        &self,
        who: UserId,
        message: CrisisMessageId,
        revision: u32,
        others: bool,
    ) -> Result<CrisisId, CrisisError> {
        let ctx = self.by(who, 2);
        self.write(move |s| approve(s, &ctx, Approve { message, revision, others_on_duty: others }))
    }

    fn live(&self) -> Vec<crate::LiveMessage> {
        self.db.read_blocking(|s| queries::live(s, now() + SignedDuration::from_hours(9))).unwrap()
    }
}

fn draft(title: &str, spoken: &str) -> Draft {
    Draft {
        title: title.to_owned(),
        public_text: "Ring 112 vid fara för liv.".to_owned(),
        guide_text: String::new(),
        spoken_text: spoken.to_owned(),
    }
}

#[test]
fn what_is_said_is_what_somebody_else_has_read_and_approved() {
    for world in World::all() {
        let crisis = world.begun();
        let first = world.drafted(crisis, "Många ringer om stormen.");
        assert_eq!(world.live(), []);
        assert!(matches!(world.approve(world.anna, first, 1, true), Err(CrisisError::OwnMessage)));
        let ctx = world.by(world.anna, 1);
        world
            .write(move |s| {
                write_draft(s, &ctx, crisis, Some(first), &draft("Träd över vägarna", "Många ringer."))
            })
            .unwrap();
        assert!(matches!(world.approve(world.karim, first, 1, true), Err(CrisisError::Changed)));
        world.approve(world.karim, first, 2, true).unwrap();
        // Told twice.
        world.approve(world.karim, first, 2, true).unwrap();
        let [live] = world.live().try_into().unwrap();
        assert_eq!((live.title.as_str(), live.version, live.alone), ("Träd över vägarna", 1, false));
        assert_eq!((live.writer.as_deref(), live.approver.as_deref()), (Some("anna"), Some("karim")));
        assert_eq!(live.text, live.public_text, "guides read the public text where nothing else is said");
        assert_eq!(live.since, world.by(world.karim, 2).now);

        let second = world.drafted(crisis, "");
        assert_eq!(world.live()[0].version, 1, "a draft is nobody's business");
        // Alone on duty: allowed, and said.
        world.approve(world.anna, second, 1, false).unwrap();
        let [live] = world.live().try_into().unwrap();
        assert_eq!((live.version, live.alone), (2, true));
        let ctx = world.by(world.anna, 3);
        world.write(move |s| end(s, &ctx, crisis)).unwrap();
        assert_eq!(world.live(), []);
        let states: Vec<_> = world
            .db
            .read_blocking(move |s| queries::messages_of(s, crisis))
            .unwrap()
            .iter()
            .map(|m| m.state)
            .collect();
        assert_eq!(states, [MessageState::Ended, MessageState::Replaced]);
        assert!(matches!(world.approve(world.karim, second, 1, true), Err(CrisisError::Over)));
        let ctx = world.by(world.anna, 4);
        let after = world.write(move |s| write_draft(s, &ctx, crisis, None, &draft("Mer", "")));
        assert!(matches!(after, Err(CrisisError::Over)));
        let deeds = world.db.read_blocking(move |s| queries::log_of(s, crisis, false, 100)).unwrap();
        let kinds: Vec<_> = deeds.iter().rev().map(|deed| deed.kind.as_str()).collect();
        assert_eq!(
            kinds,
            [
                "crisis_opened",
                "crisis_message_written",
                "crisis_message_written",
                "crisis_message_approved",
                "crisis_message_written",
                "crisis_message_approved",
                "crisis_ended"
            ]
        );
        assert!(deeds.iter().all(|deed| deed.who.is_some()));
    }
}

#[test]
fn a_sound_belongs_to_the_words_it_was_made_of() {
    for world in World::all() {
        let crisis = world.begun();
        let message = world.drafted(crisis, "Många ringer om stormen.");
        let ctx = world.by(world.anna, 1);
        world.write(move |s| attach_sound(s, &ctx, message, 1, SoundSource::Spoken, b"wav")).unwrap();
        let ctx = world.by(world.anna, 1);
        world
            .write(move |s| {
                write_draft(s, &ctx, crisis, Some(message), &draft("Annat", "Många ringer om stormen."))
            })
            .unwrap();
        let sound = |world: &World| world.db.read_blocking(move |s| queries::sound(s, message)).unwrap();
        assert_eq!(sound(&world).as_deref(), Some(b"wav".as_slice()), "the spoken words are the same");
        let ctx = world.by(world.anna, 1);
        world
            .write(move |s| write_draft(s, &ctx, crisis, Some(message), &draft("Annat", "Andra ord.")))
            .unwrap();
        assert_eq!(sound(&world), None);
        let ctx = world.by(world.anna, 1);
        let late = world.write(move |s| attach_sound(s, &ctx, message, 2, SoundSource::Spoken, b"wav"));
        assert!(matches!(late, Err(CrisisError::Changed)));
        let ctx = world.by(world.anna, 1);
        world.write(move |s| attach_sound(s, &ctx, message, 3, SoundSource::Recorded, b"wav")).unwrap();
        world.approve(world.karim, message, 3, true).unwrap();
        let sounds = world.db.read_blocking(queries::live_sounds).unwrap();
        assert_eq!(sounds, [(message, b"wav".to_vec())]);
        assert!(world.live()[0].heard);
        let ctx = world.by(world.anna, 5);
        assert!(matches!(world.write(move |s| discard(s, &ctx, message)), Err(CrisisError::NotADraft)));
    }
}

#[test]
fn a_period_is_what_people_say_it_was() {
    for world in World::all() {
        let crisis = world.begun();
        let at = |hours| now() - SignedDuration::from_hours(hours);
        let set = |begins, ends| {
            let ctx = world.by(world.karim, 60);
            world.write(move |s| set_period(s, &ctx, crisis, "Stormen", begins, ends))
        };
        assert!(matches!(set(at(3), Some(at(2))), Err(CrisisError::Period)), "it is ended, not dated away");
        set(at(3), None).unwrap();
        let ctx = world.by(world.karim, 30);
        world.write(move |s| end(s, &ctx, crisis)).unwrap();
        set(at(4), Some(at(2))).unwrap();
        assert!(matches!(set(at(2), Some(at(2))), Err(CrisisError::Period)));
        assert!(matches!(set(at(2), Some(at(-2))), Err(CrisisError::Period)), "it has not happened yet");
        let [period] = world.db.read_blocking(queries::periods).unwrap().try_into().unwrap();
        assert_eq!((period.begins_at, period.ends_at), (at(4), Some(at(2))));
        assert_eq!(period.title, "Stormen");
    }
}

#[test]
fn templates_are_the_towns_own_over_what_came_with_the_program() {
    for world in World::all() {
        let read = |world: &World| world.db.read_blocking(queries::templates).unwrap();
        let before = read(&world);
        let mut mine = before.iter().find(|t| t.code == "storm").unwrap().clone();
        mine.title = "Snöoväder".to_owned();
        let put = mine.clone();
        let ctx = world.by(world.anna, 0);
        world.write(move |s| put_template(s, &ctx, &put)).unwrap();
        assert_eq!(read(&world).iter().find(|t| t.code == "storm"), Some(&mine));
        assert_eq!(read(&world).len(), before.len());
        let ctx = world.by(world.anna, 0);
        world.write(move |s| reset_template(s, &ctx, "storm")).unwrap();
        assert_eq!(read(&world), before);
    }
}

fn person(name: &str, telephone: &str) -> PutPerson {
    PutPerson {
        user_id: None,
        name: name.to_owned(),
        telephone: telephone.to_owned(),
        place: 1,
        availability: "kvällar".to_owned(),
        active: true,
    }
}

#[test]
fn hourly_staff_are_texted_once_and_answer_by_their_link() {
    for world in World::all() {
        for (name, telephone) in [("Ellen", "070-1740605"), ("Nils", "070-1740606")] {
            let (ctx, put) = (world.by(world.anna, 0), person(name, telephone));
            world.write(move |s| add_person(s, &ctx, &put)).unwrap();
        }
        let ctx = world.by(world.anna, 0);
        let round = world.write(move |s| open_call_in(s, &ctx, None, "Stormen")).unwrap();
        let ctx = world.by(world.anna, 1);
        assert_eq!(world.write(move |s| open_call_in(s, &ctx, None, "Stormen")).unwrap(), round);
        for sent in [2, 0] {
            let (ctx, settings) = (world.by(world.anna, 2), world.settings.clone());
            let texted =
                world.write(move |s| text_everybody(s, &ctx, &settings, round, "Kan du komma och arbeta?"));
            assert_eq!(texted.unwrap(), sent);
        }
        let texts: Vec<(String, String)> = world
            .db
            .read_blocking(|s: &mut Session<'_>| {
                s.rows(
                    sql!("SELECT recipient, body FROM messages WHERE channel = 'sms' ORDER BY recipient"),
                    params![],
                    |r| Ok((r.get(0)?, r.get(1)?)),
                )
            })
            .unwrap();
        assert_eq!(texts.len(), 2);
        assert_eq!(texts[0].0, "+46701740605");
        let token = texts[0].1.rsplit('/').next().unwrap().to_owned();
        let coming = now() + SignedDuration::from_hours(2);
        let answer = |token: &str, comes, at| {
            let (ctx, settings, token) = (
                Context::new(now(), Actor::System, world.chance.clone()),
                world.settings.clone(),
                token.to_owned(),
            );
            world.write(move |s| {
                answer_by_link(s, &ctx, &settings, &token, &AnswerByLink { comes, coming_at: at })
            })
        };
        answer(&token, true, Some(coming)).unwrap();
        assert!(matches!(
            answer(&token, true, Some(now() + SignedDuration::from_hours(99))),
            Err(CrisisError::Period)
        ));
        assert!(matches!(answer("forged", true, None), Err(CrisisError::Link(LinkError::Forged))));
        let officers =
            SignedLink::make(&world.settings.signing_key, LinkKind::Officer, vocabulary::LinkId::nil());
        assert!(matches!(answer(&officers, true, None), Err(CrisisError::Link(LinkError::Forged))));
        let read =
            |world: &World| world.db.read_blocking(move |s| queries::call_in(s, round)).unwrap().unwrap();
        let ellen = read(&world).answers.into_iter().find(|a| a.person.name == "Ellen").unwrap();
        assert_eq!(
            (ellen.state, ellen.coming_at, ellen.by_themselves),
            (CallInState::Yes, Some(coming), true)
        );
        let nils = read(&world).answers.into_iter().find(|a| a.person.name == "Nils").unwrap().person.id;
        let ctx = world.by(world.anna, 3);
        world.write(move |s| note_answer(s, &ctx, round, nils, CallInState::NoAnswer, None)).unwrap();
        let ctx = world.by(world.anna, 4);
        world.write(move |s| close_call_in(s, &ctx, round)).unwrap();
        assert!(matches!(answer(&token, false, None), Err(CrisisError::Link(LinkError::Revoked))));
        let ctx = world.by(world.anna, 5);
        let late = world.write(move |s| note_answer(s, &ctx, round, nils, CallInState::Yes, None));
        assert!(matches!(late, Err(CrisisError::Closed)));
        let (from, to) = (now(), now() + SignedDuration::from_hours(1));
        let seen =
            |call_ins| world.db.read_blocking(move |s| queries::log(s, from, to, call_ins, 100)).unwrap();
        assert!(seen(true).iter().any(|deed| deed.what.as_deref() == Some("Nils")));
        assert!(seen(false).iter().all(|deed| !deed.kind.starts_with("call_in")));
        // Numbers and names are not the timeline's.
        let details: Vec<Option<String>> = world
            .db
            .read_blocking(|s: &mut Session<'_>| {
                s.rows(sql!("SELECT detail FROM timeline ORDER BY seq"), params![], |r| r.get(0))
            })
            .unwrap();
        assert!(details.iter().flatten().all(|d| !d.contains("Ellen") && !d.contains("4670")));
    }
}

fn rise(key: &str, counted: u32) -> Rise {
    Rise {
        stream: Stream::new(Sort::Topic, key),
        counted,
        expected: 1.5,
        window_minutes: 15,
        since: now(),
        p: 1e-9,
    }
}

#[test]
fn what_rises_together_is_one_proposal_and_a_taken_one_gathers_what_follows() {
    for world in World::all() {
        let look = |minutes: i64, rises: Vec<Rise>| {
            let ctx =
                Context::new(now() + SignedDuration::from_mins(minutes), Actor::System, world.chance.clone());
            let half_hour = rises.iter().map(|r| (r.stream.clone(), 1e-9)).collect();
            let judgement = Judgement { rises, half_hour };
            let names = BTreeMap::from([(Stream::new(Sort::Topic, "träd"), "Nedfallna träd".to_owned())]);
            world.write(move |s| observe(s, &ctx, &judgement, &names)).unwrap()
        };
        let open = || world.db.read_blocking(queries::open_proposal).unwrap();
        let first = look(0, vec![rise("träd", 12)]).unwrap();
        assert_eq!(look(1, vec![rise("träd", 15), rise("el", 9)]), None, "the same storm");
        let proposal = open().unwrap();
        assert_eq!(proposal.id, first);
        let streams: Vec<_> = proposal.streams.iter().map(|s| (s.name.as_str(), s.counted)).collect();
        assert_eq!(streams, [("Nedfallna träd", 15), ("", 9)]);
        let crisis = world.begun();
        for _ in 0..2 {
            let ctx = world.by(world.anna, 2);
            world.write(move |s| take(s, &ctx, first, crisis)).unwrap();
        }
        assert_eq!(look(3, vec![rise("träd", 15), rise("el", 9), rise("vatten", 8)]), None);
        assert_eq!(open(), None);
        // Half an hour of calm: it is over, and what rises then is told anew.
        for minute in 4..=35 {
            assert_eq!(look(minute, vec![]), None);
        }
        assert_eq!(world.db.read_blocking(queries::going).unwrap().len(), 0);
        let second = look(40, vec![rise("träd", 10)]).unwrap();
        assert_ne!(second, first);
        for minute in 41..=75 {
            look(minute, vec![]);
        }
        assert_eq!(open(), None, "nobody needs to decide about what is over");
        let state = world.db.read_blocking(move |s| queries::proposal(s, second)).unwrap().unwrap().state;
        assert_eq!(state, ProposalState::Over);
    }
}

#[test]
fn the_detector_reads_what_the_house_has_counted() {
    for world in World::all() {
        let at = now();
        let (histories, counts) = world
            .db
            .read_blocking(move |s: &mut Session<'_>| {
                Ok::<_, storage::StorageError>((queries::histories(s, at)?, queries::counts(s, at)?))
            })
            .unwrap();
        assert!(histories.first_day.is_none() && counts.is_empty());
        let call = vocabulary::ContactId::from_untyped_uuid(uuid_of(1));
        world
            .db
            .write_blocking(move |s: &mut Session<'_>| {
                let arrived = at - SignedDuration::from_secs(90);
                s.execute(
                    sql!(
                        "INSERT INTO contacts (id, channel, arrived_at, ended_at, ending) VALUES ($1, 'call', $2, $2, 'abandoned')"
                    ),
                    params![call, arrived],
                )
            })
            .unwrap();
        let counts = world.db.read_blocking(move |s| queries::counts(s, at)).unwrap();
        let minutes = counts[&Stream::new(Sort::Queue, "none")];
        assert_eq!((minutes[1], minutes.iter().sum::<u32>()), (1, 1), "in the minute before the last");
    }
}

fn uuid_of(n: u128) -> vocabulary::AnyId {
    vocabulary::UserId::from_u128(n).into_untyped_uuid()
}
