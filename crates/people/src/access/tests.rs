use proptest::prelude::*;
use std::net::IpAddr;
use std::sync::Arc;
use storage::testing::{TestDatabase, both};
use vocabulary::{Actor, Chance, Clock, Context, ManualClock, Role, SeededChance, SignedDuration, UserId};

use super::model::source;
use super::{
    Access, Attempt, FAILURES_PER_ADDRESS_MAX, FAILURES_PER_NAME_MAX, SESSION_ABSOLUTE_MAX, SESSION_IDLE_MAX,
    SignInError, THROTTLE_WINDOW, Throttle, api_key_of, commands, create_api_key, queries, revoke_api_key,
};
use crate::testing::{PASSWORD, at, monday, somebody};
use crate::{PeopleError, SigningKey, users};

struct Door {
    access: Access,
    clock: Arc<ManualClock>,
    db: TestDatabase,
    anna: UserId,
}

/// A door with Anna, a guide, behind it.
async fn door(db: TestDatabase) -> Door {
    let clock = Arc::new(ManualClock::new(monday()));
    let chance: Arc<dyn Chance> = Arc::new(SeededChance::new(7));
    let key = SigningKey::from_bytes([3; 32]);
    let wall: Arc<dyn Clock> = Arc::<ManualClock>::clone(&clock);
    let access = Access::new(db.database(), Arc::clone(&wall), wall, chance, key);
    let ctx = at(monday());
    let anna =
        db.write(move |s| users::commands::create(s, &ctx, &somebody("anna", Role::Guide))).await.unwrap().id;
    Door { access, clock, db, anna }
}

impl Door {
    async fn knock(
        &self,
        sign_in: &str,
        password: &str,
        address: &str,
    ) -> Result<String, Option<SignedDuration>> {
        let attempt = Attempt {
            sign_in: sign_in.to_owned(),
            password: password.to_owned(),
            address: address.parse::<IpAddr>().unwrap(),
        };
        match self.access.sign_in(attempt).await {
            Ok((token, _)) => Ok(token.reveal().to_owned()),
            Err(SignInError::Refused { retry_after }) => Err(retry_after),
            Err(error) => panic!("{error}"),
        }
    }

    async fn knows(&self, token: &str) -> bool {
        self.access.recognise(token).await.unwrap().is_some()
    }

    fn ctx(&self) -> Context {
        Context::new(self.clock.now(), Actor::System, Arc::new(SeededChance::new(9)))
    }
}

#[tokio::test]
async fn anna_comes_in_is_recognised_and_goes() {
    for db in both() {
        let door = door(db).await;
        let token = door.knock(" ANNA ", PASSWORD, "192.0.2.1").await.unwrap();
        let who = door.access.recognise(&token).await.unwrap().unwrap();
        assert_eq!((who.user.id, who.user.role), (door.anna, Role::Guide));
        // Only the hash is kept.
        let kept: Vec<Vec<u8>> = door
            .db
            .read(|s| {
                s.rows(storage::sql!("SELECT token_hash FROM sessions"), storage::params![], |r| r.get(0))
            })
            .await
            .unwrap();
        assert!(kept.iter().all(|hash| hash.len() == 32 && hash != token.as_bytes()));
        for forged in ["", "x", &token[1..], &token.to_uppercase()] {
            assert!(!door.knows(forged).await, "{forged}");
        }
        door.access.sign_out(door.anna, who.session.id).await.unwrap();
        assert!(!door.knows(&token).await);
    }
}

#[tokio::test]
async fn unknown_name_and_wrong_password_get_the_same_answer_until_the_door_closes() {
    for db in both() {
        let door = door(db).await;
        for name in [
            "anna",
            "nobody",
            "a name no user could have, since it is much longer than sixty-four characters",
        ] {
            for _ in 0..FAILURES_PER_NAME_MAX {
                assert_eq!(door.knock(name, "fel lösenord", "192.0.2.1").await, Err(None), "{name}");
            }
            // Also with the right password: it is not even looked at.
            let wait = door.knock(name, PASSWORD, "192.0.2.2").await.unwrap_err();
            assert_eq!(wait, Some(THROTTLE_WINDOW), "{name}");
        }
        // Colleagues elsewhere are not shut out, and the window passes.
        door.clock.advance(THROTTLE_WINDOW - SignedDuration::from_secs(1));
        assert_eq!(door.knock("anna", PASSWORD, "192.0.2.3").await, Err(Some(SignedDuration::from_secs(1))));
        door.clock.advance(SignedDuration::from_secs(1));
        assert!(door.knock("anna", PASSWORD, "192.0.2.3").await.is_ok());
    }
}

#[tokio::test]
async fn attempts_at_the_same_time_do_not_pass_the_limit_together() {
    for db in both() {
        let door = Arc::new(door(db).await);
        let knocks: Vec<_> = (0..16)
            .map(|n| {
                let door = Arc::clone(&door);
                tokio::spawn(async move { door.knock("anna", "fel lösenord", &format!("192.0.2.{n}")).await })
            })
            .collect();
        let mut heard = 0;
        for knock in knocks {
            heard += u32::from(knock.await.unwrap() == Err(None));
        }
        assert_eq!(heard, FAILURES_PER_NAME_MAX);
    }
}

#[tokio::test]
async fn one_address_cannot_try_many_names_but_may_let_many_in() {
    for db in both() {
        let door = door(db).await;
        // Behind one address, a whole contact centre signs in.
        for _ in 0..FAILURES_PER_ADDRESS_MAX + 2 {
            assert!(door.knock("anna", PASSWORD, "2001:db8::1").await.is_ok());
        }
        for n in 0..FAILURES_PER_ADDRESS_MAX {
            // Changing the lower half of an IPv6 address does not help.
            assert_eq!(
                door.knock(&format!("name{n}"), "fel lösenord", &format!("2001:db8::{n}")).await,
                Err(None)
            );
        }
        assert!(door.knock("anna", PASSWORD, "2001:db8::ffff").await.unwrap_err().is_some());
        assert!(door.knock("anna", PASSWORD, "2001:db8:0:1::1").await.is_ok());
    }
}

#[tokio::test]
async fn a_success_wipes_the_names_failures() {
    for db in both() {
        let door = door(db).await;
        for _ in 0..3 {
            for _ in 1..FAILURES_PER_NAME_MAX {
                assert_eq!(door.knock("anna", "fel lösenord", "192.0.2.1").await, Err(None));
            }
            assert!(door.knock("anna", PASSWORD, "192.0.2.1").await.is_ok());
        }
        // The table tells neither who nor where.
        let keys: Vec<Vec<u8>> = door
            .db
            .read(|s| {
                s.rows(storage::sql!("SELECT key_hash FROM throttles"), storage::params![], |r| r.get(0))
            })
            .await
            .unwrap();
        assert!(keys.iter().all(|key| key.len() == 32));
    }
}

#[tokio::test]
async fn a_session_ends_when_idle_and_at_the_latest_after_a_shift() {
    for db in both() {
        let door = door(db).await;
        let idle = door.knock("anna", PASSWORD, "192.0.2.1").await.unwrap();
        door.clock.advance(SESSION_IDLE_MAX - SignedDuration::from_secs(1));
        assert!(door.knows(&idle).await);
        door.clock.advance(SESSION_IDLE_MAX);
        assert!(!door.knows(&idle).await);

        let busy = door.knock("anna", PASSWORD, "192.0.2.1").await.unwrap();
        let mut passed = SignedDuration::ZERO;
        while passed < SESSION_ABSOLUTE_MAX {
            assert!(door.knows(&busy).await, "after {passed:?}");
            door.clock.advance(SignedDuration::from_hours(1));
            passed += SignedDuration::from_hours(1);
        }
        assert!(!door.knows(&busy).await);
    }
}

#[tokio::test]
async fn being_seen_is_written_at_most_once_a_minute() {
    for db in both() {
        let door = door(db).await;
        let token = door.knock("anna", PASSWORD, "192.0.2.1").await.unwrap();
        let seen = |token: String| {
            let access = door.access.clone();
            async move { access.recognise(&token).await.unwrap().unwrap().session.last_seen_at }
        };
        door.clock.advance(SignedDuration::from_secs(59));
        seen(token.clone()).await;
        assert_eq!(seen(token.clone()).await, monday());
        door.clock.advance(SignedDuration::from_secs(1));
        seen(token.clone()).await;
        assert_eq!(seen(token).await, monday() + SignedDuration::from_secs(60));
    }
}

#[tokio::test]
async fn closing_an_account_and_changing_a_password_end_its_sessions() {
    for db in both() {
        let door = door(db).await;
        let (here, there) = (
            door.knock("anna", PASSWORD, "192.0.2.1").await.unwrap(),
            door.knock("anna", PASSWORD, "192.0.2.1").await.unwrap(),
        );
        let who = door.access.recognise(&here).await.unwrap().unwrap();
        let change = |current: &str, new: &str| {
            door.access.change_own_password(&who, current.to_owned(), new.to_owned())
        };
        assert!(matches!(
            change("fel lösenord", "lingonsylt till allt").await,
            Err(PeopleError::WrongPassword)
        ));
        assert!(matches!(change(PASSWORD, "kort").await, Err(PeopleError::Password(_))));
        change(PASSWORD, "lingonsylt till allt").await.unwrap();
        assert!(door.knows(&here).await);
        assert!(!door.knows(&there).await);
        assert_eq!(door.knock("anna", PASSWORD, "192.0.2.1").await, Err(None));

        let (ctx, anna) = (door.ctx(), door.anna);
        door.db.write(move |s| users::commands::set_role(s, &ctx, anna, Role::Coach)).await.unwrap();
        assert_eq!(door.access.recognise(&here).await.unwrap().unwrap().user.role, Role::Coach);
        let ctx = door.ctx();
        door.db.write(move |s| users::commands::set_active(s, &ctx, anna, false)).await.unwrap();
        assert!(!door.knows(&here).await);
        assert_eq!(door.knock("anna", "lingonsylt till allt", "192.0.2.1").await, Err(None));
    }
}

#[tokio::test]
async fn a_stolen_session_cannot_try_passwords_without_end() {
    for db in both() {
        let door = door(db).await;
        let token = door.knock("anna", PASSWORD, "192.0.2.1").await.unwrap();
        let who = door.access.recognise(&token).await.unwrap().unwrap();
        for _ in 0..FAILURES_PER_NAME_MAX {
            let wrong = door.access.change_own_password(
                &who,
                "fel lösenord".to_owned(),
                "lingonsylt till allt".to_owned(),
            );
            assert!(matches!(wrong.await, Err(PeopleError::WrongPassword)));
        }
        let right =
            door.access.change_own_password(&who, PASSWORD.to_owned(), "lingonsylt till allt".to_owned());
        assert!(matches!(right.await, Err(PeopleError::WrongPassword)));
    }
}

#[tokio::test]
async fn sessions_are_listed_and_revoked_one_by_one() {
    for db in both() {
        let door = door(db).await;
        let first = door.knock("anna", PASSWORD, "192.0.2.1").await.unwrap();
        let second = door.knock("anna", PASSWORD, "192.0.2.1").await.unwrap();
        let id = door.access.recognise(&first).await.unwrap().unwrap().session.id;
        let (ctx, anna, now) = (door.ctx(), door.anna, monday());
        door.db
            .write(move |s| {
                assert_eq!(queries::sessions_of(s, anna, now)?.len(), 2);
                // Not by somebody else's hand, and only once.
                assert!(!commands::revoke_session(s, &ctx, ctx.next_id(), id)?);
                assert!(commands::revoke_session(s, &ctx, anna, id)?);
                assert!(!commands::revoke_session(s, &ctx, anna, id)?);
                assert_eq!(queries::sessions_of(s, anna, now)?.len(), 1);
                commands::tidy(s, now + SignedDuration::from_hours(24 * 31))
            })
            .await
            .unwrap();
        assert!(!door.knows(&first).await);
        assert!(!door.knows(&second).await, "tidied away");
    }
}

/// `cargo test -p people -- --ignored --nocapture long`: on a machine that does nothing else.
#[tokio::test]
#[ignore = "measures time, which other tests disturb"]
async fn an_unknown_name_takes_as_long_as_a_wrong_password() {
    const ROUNDS: u32 = 60;
    let door = door(storage::testing::sqlite()).await;
    let mut took = [std::time::Duration::ZERO; 2];
    for _ in 0..ROUNDS {
        for (name, took) in ["anna", "nobody"].iter().zip(&mut took) {
            door.clock.advance(THROTTLE_WINDOW);
            let began = std::time::Instant::now();
            assert_eq!(door.knock(name, "fel lösenord", "192.0.2.1").await, Err(None));
            *took += began.elapsed();
        }
    }
    println!("wrong password {:?}, unknown name {:?}", took[0] / ROUNDS, took[1] / ROUNDS);
    let ratio = took[0].as_secs_f64() / took[1].as_secs_f64();
    assert!((0.9..1.1).contains(&ratio), "{ratio}");
}

#[test]
fn a_key_for_the_api_works_until_revoked() {
    for db in both() {
        let ctx = at(monday());
        db.write_blocking(move |s| {
            let new = create_api_key(s, &ctx, "Felanmälan på webben", Role::Guide)?;
            assert!(new.token.reveal().starts_with("lots_"));
            assert_eq!(api_key_of(s, new.token.reveal())?.as_ref(), Some(&new.key));
            assert_eq!(api_key_of(s, &new.token.reveal()[5..])?, None);
            assert_eq!(api_key_of(s, "lots_")?, None);
            assert!(revoke_api_key(s, &ctx, new.key.id)?);
            assert!(!revoke_api_key(s, &ctx, new.key.id)?);
            assert_eq!(api_key_of(s, new.token.reveal())?, None);
            assert_eq!(super::api_keys(s)?.len(), 1);
            Ok::<_, PeopleError>(())
        })
        .unwrap();
    }
}

#[test]
fn the_signing_key_is_made_once() {
    for db in both() {
        let threads: Vec<_> = (0..4_u8)
            .map(|n| {
                let db = db.database();
                std::thread::spawn(move || {
                    let ctx =
                        Context::new(monday(), Actor::System, Arc::new(SeededChance::new(u64::from(n))));
                    db.write_blocking(move |s| SigningKey::obtain(s, &ctx)).unwrap().mac(&[b"x"])
                })
            })
            .collect();
        let keys: Vec<[u8; 32]> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
        assert!(keys.windows(2).all(|two| two[0] == two[1]));
        let ctx = at(monday());
        let damaged = db.write_blocking(move |s| {
            storage::settings::set(s, &ctx, "signing_key", "abc")?;
            SigningKey::obtain(s, &ctx)
        });
        assert!(matches!(damaged, Err(PeopleError::SigningKey { .. })), "{damaged:?}");
    }
}

#[test]
fn addresses_that_are_one_source_count_as_one() {
    let of = |address: &str| source(address.parse().unwrap());
    assert_eq!(of("2001:db8::1"), of("2001:db8::ffff:1"));
    assert_ne!(of("2001:db8::1"), of("2001:db8:0:1::1"));
    assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
    assert_ne!(of("192.0.2.2"), of("192.0.2.1"));
}

proptest! {
    /// In no stretch of time do more attempts get through than a window's worth for each window begun.
    #[test]
    fn no_window_lets_more_through_than_its_limit(gaps in prop::collection::vec(0_i64..600, 1..200), max in 1_u32..10) {
        let mut now = monday();
        let (mut state, mut through) = (None, Vec::new());
        for gap in gaps {
            now += SignedDuration::from_secs(gap);
            match Throttle::reserve(state, now, max) {
                Ok(after) => {
                    state = Some(after);
                    through.push((after.window_began_at, now));
                }
                Err(wait) => prop_assert!(wait > SignedDuration::ZERO && wait <= THROTTLE_WINDOW),
            }
        }
        for (window, _) in &through {
            let in_it = through.iter().filter(|(other, _)| other == window).count();
            prop_assert!(in_it <= usize::try_from(max).unwrap());
        }
        prop_assert!(through.iter().all(|(window, at)| at.duration_since(*window) < THROTTLE_WINDOW));
    }
}
