//! Cases from the outside, on both engines: a small town, its guides and officers, and a clock that is moved by hand.

mod answering;
mod bulk;
mod departments;
mod filtering;
mod following_up;
mod forwarding;
mod links;
mod lists;
mod many;
mod merging;
mod officers;
mod parts;
mod registering;
mod resident_access;
mod secrecy;
mod wandering;

use crate::commands::{
    Answered, Forward, Forwarded, OfficerAnswer, Origin, PutCaseType, RegisterCase, forward, officer_answer,
    put_case_type, register,
};
use crate::queries::{CasePage, case_page};
use crate::{Case, CaseSettings, CasesError, Viewer, jobs};
use people::SigningKey;
use people::directory::commands::{create_department, create_officer};
use people::directory::{NewDepartment, NewOfficer};
use people::password::PasswordHash;
use people::residents::commands::{change, find_or_create};
use people::residents::{ChangeResident, Reach};
use people::users::CreateUser;
use std::sync::{Arc, OnceLock};
use storage::jobs::Runner;
use storage::testing::TestDatabase;
use storage::{Session, params, sql};
use vocabulary::GenericUuid as _;
use vocabulary::{
    Actor, CaseTypeId, Chance, Channel, Clock as _, Context, DepartmentId, Language, ManualClock, MessageId,
    OfficerId, ResidentId, Role, SecrecyClass, SeededChance, Timestamp, UserId,
};

/// Everybody and everything the tests need.
pub(super) struct World {
    pub db: TestDatabase,
    pub clock: Arc<ManualClock>,
    pub chance: Arc<dyn Chance>,
    pub settings: Arc<CaseSettings>,
    pub guide: UserId,
    pub other_guide: UserId,
    pub roads: DepartmentId,
    /// Of the roads' department; gets its cases.
    pub maja: OfficerId,
    /// Of the roads' department.
    pub olle: OfficerId,
    /// Open, due in 5 working days.
    pub pothole: CaseTypeId,
    /// Strictly secret.
    pub worry: CaseTypeId,
    /// Can be told by e-mail.
    pub resident: ResidentId,
    /// Has a telephone only.
    pub without_email: ResidentId,
    /// Has an address, and protected personal data.
    pub protected: ResidentId,
}

/// A message as it lies waiting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Letter {
    pub id: MessageId,
    pub to: String,
    pub subject: String,
    pub body: String,
}

/// Runs a test on each engine there is. Every clock begins on Monday 2 November 2026, 10:00 in Sweden.
pub(super) fn each(test: impl Fn(&World)) {
    for db in storage::testing::both() {
        test(&World::new(db));
    }
}

pub(super) const OFFICER_EMAIL: &str = "maja.ahlstrom@vikhamn.example";
pub(super) const RESIDENT_EMAIL: &str = "kim@example.se";

fn new_officer(
    s: &mut Session<'_>,
    ctx: &Context,
    department: DepartmentId,
    name: &str,
    email: &str,
) -> OfficerId {
    let cmd = NewOfficer {
        department,
        name: name.to_owned(),
        title: "Handläggare".to_owned(),
        email: email.to_owned(),
        telephone: Some("0176-710 00".to_owned()),
        language: Language::Swedish,
    };
    create_officer(s, ctx, &cmd).unwrap().id
}

fn new_guide(s: &mut Session<'_>, ctx: &Context, sign_in: &str) -> UserId {
    // Slow on purpose, so once is enough.
    static PASSWORD: OnceLock<PasswordHash> = OnceLock::new();
    let hash = || people::password::hash_new("test", "en lång fras om ingenting", &*ctx.chance).unwrap();
    let password = PASSWORD.get_or_init(hash).clone();
    let cmd = CreateUser {
        sign_in: sign_in.to_owned(),
        name: sign_in.to_owned(),
        role: Role::Guide,
        password,
        language: Language::Swedish,
        hourly: false,
    };
    people::users::commands::create(s, ctx, &cmd).unwrap().id
}

impl World {
    fn new(db: TestDatabase) -> Self {
        let clock = Arc::new(ManualClock::new("2026-11-02T09:00:00Z".parse().unwrap()));
        let chance: Arc<dyn Chance> = Arc::new(SeededChance::new(1));
        let ctx = Context::new(clock.now(), Actor::System, chance.clone());
        let mut settings = CaseSettings::new(
            "https://kc.vikhamn.example".parse().unwrap(),
            SigningKey::from_bytes([5; 32]),
            "Vikhamns kommun".to_owned(),
        );
        settings.reply_domain = Some("kc.vikhamn.example".to_owned());
        let settings = Arc::new(settings);
        let (clock_in, chance_in) = (clock.clone(), chance.clone());
        let made = db.write_blocking(move |s| {
            let department = NewDepartment {
                code: "roads".to_owned(),
                name: "Tekniska förvaltningen".to_owned(),
                board: "Tekniska nämnden".to_owned(),
                escalation_email: "teknik@vikhamn.example".to_owned(),
            };
            let roads = create_department(s, &ctx, &department).unwrap().id;
            let maja = new_officer(s, &ctx, roads, "Maja Åhlström", OFFICER_EMAIL);
            let olle = new_officer(s, &ctx, roads, "Olle Öberg", "olle.oberg@vikhamn.example");
            let case_type = |code: &str, secrecy_class| PutCaseType {
                code: code.to_owned(),
                category: "Gator och vägar".to_owned(),
                name: if code == "pothole" { "Grop i vägen" } else { "Orosanmälan" }.to_owned(),
                keywords: "hål asfalt".to_owned(),
                department_id: roads,
                officer_id: Some(maja),
                secrecy_class,
                retention_rule: "2 år".to_owned(),
                due_working_days: 5,
                public_text: "Vi lagar hål i kommunens vägar.".to_owned(),
                open311: secrecy_class == SecrecyClass::Open,
                active: true,
            };
            let pothole = put_case_type(s, &ctx, &case_type("pothole", SecrecyClass::Open)).unwrap();
            let worry = put_case_type(s, &ctx, &case_type("worry", SecrecyClass::Strict)).unwrap();
            let resident = |s: &mut Session<'_>, telephone: Option<&str>, email: Option<&str>| {
                let reach =
                    Reach { telephone: telephone.map(str::to_owned), email: email.map(str::to_owned) };
                find_or_create(s, &ctx, &reach, Some("Kim Ek"), Language::Swedish).unwrap().id
            };
            let kim = resident(s, Some("070-123 45 67"), Some(RESIDENT_EMAIL));
            let without_email = resident(s, Some("070-123 45 68"), None);
            let protected = resident(s, None, Some("hemlig@example.se"));
            let hide = ChangeResident { protected: Some(true), ..ChangeResident::default() };
            change(s, &ctx, protected, &hide).unwrap();
            let guides = (new_guide(s, &ctx, "anna"), new_guide(s, &ctx, "bo"));
            Ok::<_, CasesError>((
                guides,
                roads,
                (maja, olle),
                (pothole, worry),
                (kim, without_email, protected),
            ))
        });
        let (guides, roads, officers, types, residents) = made.unwrap();
        Self {
            db,
            clock: clock_in,
            chance: chance_in,
            settings,
            guide: guides.0,
            other_guide: guides.1,
            roads,
            maja: officers.0,
            olle: officers.1,
            pothole: types.0,
            worry: types.1,
            resident: residents.0,
            without_email: residents.1,
            protected: residents.2,
        }
    }

    pub fn ctx(&self, actor: Actor) -> Context {
        Context::new(self.clock.now(), actor, self.chance.clone())
    }

    /// Runs a command as the guide.
    pub fn by_guide<T: Send + 'static>(
        &self,
        mut run: impl FnMut(&mut Session<'_>, &Context, &CaseSettings) -> Result<T, CasesError> + Send + 'static,
    ) -> Result<T, CasesError> {
        let (ctx, settings) = (self.ctx(Actor::User(self.guide)), self.settings.clone());
        self.db.write_blocking(move |s| run(s, &ctx, &settings))
    }

    pub fn read<T: Send + 'static>(
        &self,
        run: impl FnMut(&mut Session<'_>) -> Result<T, CasesError> + Send + 'static,
    ) -> Result<T, CasesError> {
        self.db.read_blocking(run)
    }

    pub fn a_case(&self) -> RegisterCase {
        RegisterCase {
            title: "Stor grop på Ångbåtsgatan".to_owned(),
            description: "Utanför nummer 7.\nDjup som en hink.".to_owned(),
            resident_id: Some(self.resident),
            ..RegisterCase::new(self.pothole, Origin::Direct { channel: Channel::Web, arrival_day: None })
        }
    }

    pub fn registered(&self, cmd: RegisterCase) -> Case {
        self.by_guide(move |s, ctx, _| register(s, ctx, &cmd)).unwrap().case
    }

    /// A new case, sent to the officer of its type.
    pub fn forwarded(&self) -> (Case, Forwarded) {
        self.forwarded_as(self.a_case())
    }

    pub fn forwarded_as(&self, cmd: RegisterCase) -> (Case, Forwarded) {
        let case = self.registered(cmd);
        let asked = self.forward(&case, None, "Kan ni laga den?").unwrap();
        (case, asked)
    }

    pub fn forward(
        &self,
        case: &Case,
        to: Option<OfficerId>,
        message: &str,
    ) -> Result<Forwarded, CasesError> {
        let cmd =
            Forward { case_id: case.id, officer_id: to, message: message.to_owned(), due_working_days: None };
        self.by_guide(move |s, ctx, settings| forward(s, ctx, settings, &cmd))
    }

    pub fn answer(&self, token: &str, answer: OfficerAnswer) -> Result<Answered, CasesError> {
        let (token, settings) = (token.to_owned(), self.settings.clone());
        // Whoever comes by link is nobody until the link has been read.
        let ctx = self.ctx(Actor::System);
        self.db.write_blocking(move |s| officer_answer(s, &ctx, &settings, &token, &answer))
    }

    pub fn page(&self, case: &Case) -> CasePage {
        let (id, now, viewer) = (case.id, self.clock.now(), self.viewer());
        self.read(move |s| case_page(s, viewer, id, now)).unwrap()
    }

    pub fn viewer(&self) -> Viewer {
        Viewer::of(Actor::User(self.guide))
    }

    /// Lets the guide open the restricted cases of every board.
    pub fn grant(&self, guide: UserId) {
        let ctx = self.ctx(Actor::System);
        self.db
            .write_blocking(move |s| {
                let boards = people::boards::queries::boards(s)?;
                people::boards::commands::set(s, &ctx, guide.into_untyped_uuid(), &boards)
            })
            .unwrap();
    }

    /// Every message written so far, in order; those of one instant by recipient, residents last.
    pub fn letters(&self) -> Vec<Letter> {
        let read = |s: &mut Session<'_>| {
            s.rows(
                sql!(
                    "SELECT id, recipient, subject, body FROM messages
                 ORDER BY created_at, CASE WHEN follow_up_id IS NULL THEN 1 ELSE 0 END, recipient, id"
                ),
                params![],
                |r| Ok(Letter { id: r.get(0)?, to: r.get(1)?, subject: r.get(2)?, body: r.get(3)? }),
            )
        };
        self.db.read_blocking(read).unwrap()
    }

    /// The letters written by what `act` does.
    pub fn letters_of<T>(&self, act: impl FnOnce() -> T) -> (T, Vec<Letter>) {
        let before = self.letters();
        let result = act();
        let new = self.letters().into_iter().filter(|letter| !before.contains(letter)).collect();
        (result, new)
    }

    /// Moves the clock and runs what has fallen due.
    pub fn pass_to(&self, at: &str) -> usize {
        let at: Timestamp = at.parse().unwrap();
        assert!(at >= self.clock.now(), "time only goes forward");
        self.clock.set(at);
        self.run_due()
    }

    pub fn run_due(&self) -> usize {
        let runner = Runner::new(self.db.database(), self.clock.clone(), self.chance.clone());
        let runner = jobs::wire(runner, &self.db, self.settings.clone());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(runner.run_due()).unwrap()
    }
}

#[test]
fn every_statement_is_understood_by_both_engines() {
    each(|world| {
        let refused = storage::testing::prepare_every_statement(&world.db);
        assert!(refused.is_empty(), "{refused:#?}");
    });
}
