//! What is planned, from the outside, on both engines.

mod calendars;
mod events;
mod meetings;

use people::directory::NewDepartment;
use people::directory::commands::create_department;
use people::users::CreateUser;
use std::sync::Arc;
use storage::Session;
use storage::testing::TestDatabase;
use vocabulary::{
    Actor, Chance, Clock as _, Context, DepartmentId, Language, ManualClock, Role, SeededChance, Timestamp,
    UserId,
};

use crate::AheadError;

pub(super) struct World {
    pub db: TestDatabase,
    pub clock: ManualClock,
    pub chance: Arc<dyn Chance>,
    pub guide: UserId,
    pub other: UserId,
    pub department: DepartmentId,
}

pub(super) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// Runs a test on each engine there is. Every clock begins on Tuesday 3 November 2026, 08:00 in Sweden.
pub(super) fn each(test: impl Fn(&World)) {
    for db in storage::testing::both() {
        test(&World::new(db));
    }
}

impl World {
    fn new(db: TestDatabase) -> Self {
        let clock = ManualClock::new(at("2026-11-03T07:00:00Z"));
        let chance: Arc<dyn Chance> = Arc::new(SeededChance::new(17));
        let ctx = Context::new(clock.now(), Actor::System, Arc::clone(&chance));
        let password =
            people::password::hash_new("test", "en lång fras om ingenting", &SeededChance::new(3)).unwrap();
        let made = db.write_blocking(move |s| -> Result<_, AheadError> {
            let mut user = |sign_in: &str, role| {
                let create = CreateUser {
                    sign_in: sign_in.to_owned(),
                    name: sign_in.to_owned(),
                    role,
                    password: password.clone(),
                    language: Language::Swedish,
                    hourly: false,
                };
                people::users::commands::create(s, &ctx, &create).unwrap().id
            };
            let (guide, other) = (user("anna", Role::Guide), user("tove", Role::TrafficLeader));
            let department = NewDepartment {
                code: "tek".to_owned(),
                name: "Tekniska".to_owned(),
                board: "Tekniska nämnden".to_owned(),
                escalation_email: "tek@vikhamn.example".to_owned(),
            };
            let department = create_department(s, &ctx, &department).unwrap().id;
            Ok((guide, other, department))
        });
        let (guide, other, department) = made.unwrap();
        Self { db, clock, chance, guide, other, department }
    }

    pub(super) fn by<T: Send + 'static>(
        &self,
        user: UserId,
        does: impl Fn(&mut Session<'_>, &Context) -> Result<T, AheadError> + Send + 'static,
    ) -> Result<T, AheadError> {
        let ctx = Context::new(self.clock.now(), Actor::User(user), Arc::clone(&self.chance));
        self.db.write_blocking(move |s| does(s, &ctx))
    }

    pub(super) fn does<T: Send + 'static>(
        &self,
        does: impl Fn(&mut Session<'_>, &Context) -> Result<T, AheadError> + Send + 'static,
    ) -> T {
        self.by(self.other, does).unwrap()
    }
}
