//! Records from the outside: a town with two boards, a guide who may open both, and one who may open one.

mod cards;
mod diary;
mod openings;
mod retention;
mod schema;
mod subject;

use cases::CaseSettings;
use cases::commands::{
    AddDocument, AddNote, AddStakeholder, Forward, Origin, PutCaseType, RegisterCase, Solve, add_document,
    add_note, add_stakeholder, forward, put_case_type, register, solve,
};
use people::SigningKey;
use people::directory::commands::{create_department, create_officer};
use people::directory::{NewDepartment, NewOfficer};
use people::residents::{Reach, find_or_create};
use people::users::CreateUser;
use std::sync::Arc;
use storage::Session;
use storage::testing::TestDatabase;
use vocabulary::{
    Actor, CaseId, CaseOutcome, CaseTypeId, Chance, Channel, Clock as _, Context, GenericUuid as _, Language,
    ManualClock, ResidentId, Role, SecrecyClass, SeededChance, Timestamp, UserId,
};

use crate::RecordsError;

/// Stands in every text that is about the resident, so that a test can look for what is left of them.
pub(super) const MARK: &str = "Kvittensfyren";
/// What the cases' rule is called.
pub(super) const RULE: &str = "2 år";

pub(super) struct World {
    pub db: TestDatabase,
    pub clock: Arc<ManualClock>,
    pub chance: Arc<dyn Chance>,
    pub settings: Arc<CaseSettings>,
    /// May open both boards' cases.
    pub anna: UserId,
    /// May open the technical board's only.
    pub gabriel: UserId,
    pub pothole: CaseTypeId,
    pub support: CaseTypeId,
    pub kim: ResidentId,
    pub lisa: ResidentId,
}

fn user(s: &mut Session<'_>, ctx: &Context, sign_in: &str, name: &str, role: Role) -> UserId {
    let cmd = CreateUser {
        sign_in: sign_in.to_owned(),
        name: name.to_owned(),
        role,
        password: people::password::hash_new("", "en lång fras om ingenting", &*ctx.chance).unwrap(),
        language: Language::Swedish,
        hourly: false,
    };
    people::users::commands::create(s, ctx, &cmd).unwrap().id
}

pub(super) fn grant(s: &mut Session<'_>, ctx: &Context, user: UserId, boards: &[&str]) {
    let boards: Vec<String> = boards.iter().map(|board| (*board).to_owned()).collect();
    people::boards::commands::set(s, ctx, user.into_untyped_uuid(), &boards).unwrap();
}

impl World {
    pub fn new(db: TestDatabase) -> Self {
        let clock = Arc::new(ManualClock::new("2026-11-02T09:00:00Z".parse().unwrap()));
        let chance: Arc<dyn Chance> = Arc::new(SeededChance::new(1));
        let ctx = Context::new(clock.now(), Actor::System, chance.clone());
        let settings = Arc::new(CaseSettings::new(
            "https://kc.vikhamn.example".parse().unwrap(),
            SigningKey::from_bytes([5; 32]),
            "Vikhamns kommun".to_owned(),
        ));
        let made = db.write_blocking(move |s| {
            let mut types = Vec::new();
            for (code, board, class) in [
                ("tek", "Tekniska nämnden", SecrecyClass::Open),
                ("soc", "Socialnämnden", SecrecyClass::Restricted),
            ] {
                let department = NewDepartment {
                    code: code.to_owned(),
                    name: format!("Förvaltningen {code}"),
                    board: board.to_owned(),
                    escalation_email: format!("{code}@vikhamn.example"),
                };
                let department = create_department(s, &ctx, &department).unwrap().id;
                let officer = NewOfficer {
                    department,
                    name: format!("Handläggare {code}"),
                    title: "handläggare".to_owned(),
                    email: format!("handlaggare.{code}@vikhamn.example"),
                    telephone: None,
                    language: Language::Swedish,
                };
                let officer = create_officer(s, &ctx, &officer).unwrap().id;
                let put = PutCaseType {
                    code: code.to_owned(),
                    category: String::new(),
                    name: format!("Ärende {code}"),
                    keywords: String::new(),
                    department_id: department,
                    officer_id: Some(officer),
                    secrecy_class: class,
                    retention_rule: RULE.to_owned(),
                    due_working_days: 5,
                    public_text: "Vi tittar på det.".to_owned(),
                    open311: false,
                    active: true,
                };
                types.push(put_case_type(s, &ctx, &put).unwrap());
            }
            let anna = user(s, &ctx, "anna", "Anna Lindqvist", Role::Manager);
            let gabriel = user(s, &ctx, "gabriel", "Gabriel Okafor", Role::Guide);
            grant(s, &ctx, anna, &["Tekniska nämnden", "Socialnämnden"]);
            grant(s, &ctx, gabriel, &["Tekniska nämnden"]);
            let resident = |s: &mut Session<'_>, number: &str, email: &str, name: &str| {
                let reach = Reach { telephone: Some(number.to_owned()), email: Some(email.to_owned()) };
                find_or_create(s, &ctx, &reach, Some(name), Language::Swedish).unwrap().id
            };
            let kim = resident(s, "070-123 45 67", "kim@x.example", &format!("Kim {MARK}"));
            let lisa = resident(s, "070-765 43 21", "lisa@x.example", "Lisa Tystberg");
            Ok::<_, RecordsError>((types, anna, gabriel, kim, lisa))
        });
        let (types, anna, gabriel, kim, lisa) = made.unwrap();
        Self { db, clock, chance, settings, anna, gabriel, pothole: types[0], support: types[1], kim, lisa }
    }

    pub fn ctx(&self, actor: Actor) -> Context {
        Context::new(self.clock.now(), actor, self.chance.clone())
    }

    pub fn run<T: Send + 'static>(
        &self,
        actor: Actor,
        mut run: impl FnMut(&mut Session<'_>, &Context, &CaseSettings) -> Result<T, RecordsError> + Send + 'static,
    ) -> Result<T, RecordsError> {
        let (ctx, settings) = (self.ctx(actor), self.settings.clone());
        self.db.write_blocking(move |s| run(s, &ctx, &settings))
    }

    pub fn by_anna<T: Send + 'static>(
        &self,
        run: impl FnMut(&mut Session<'_>, &Context, &CaseSettings) -> Result<T, RecordsError> + Send + 'static,
    ) -> Result<T, RecordsError> {
        self.run(Actor::User(self.anna), run)
    }

    /// A case of Kim's with all that can hang from one by the cases' own commands; every text holds [`MARK`]. Lisa has
    /// told of something in it.
    pub fn full_case(&self, case_type: CaseTypeId) -> CaseId {
        let (kim, lisa) = (self.kim, self.lisa);
        self.by_anna(move |s, ctx, settings| {
            let cmd = RegisterCase {
                title: format!("{MARK} har hål i vägen"),
                description: format!("{MARK} säger att Lisa Tystberg på 070-765 43 21 såg det."),
                resident_id: Some(kim),
                ..RegisterCase::new(case_type, Origin::Direct { channel: Channel::Web, arrival_day: None })
            };
            let case = register(s, ctx, &cmd)?.case.id;
            let note = |text: &str, public| AddNote { case_id: case, text: text.to_owned(), public };
            add_note(s, ctx, settings, &note(&format!("{MARK} ringde"), true))?;
            add_note(s, ctx, settings, &note(&format!("Lisa Tystberg är granne till {MARK}"), false))?;
            add_stakeholder(
                s,
                ctx,
                &AddStakeholder {
                    case_id: case,
                    role: "other".parse().unwrap(),
                    name: "Lisa Tystberg".to_owned(),
                    organisation: String::new(),
                    telephone: "070-765 43 21".to_owned(),
                    email: "lisa@x.example".to_owned(),
                    address: "Tystgatan 1".to_owned(),
                    resident_id: Some(lisa),
                },
            )?;
            let file = cases::documents::NewDocument {
                name: format!("{MARK}.txt"),
                media_type: "text/plain".to_owned(),
                bytes: format!("{MARK} skrev detta").into_bytes(),
            };
            add_document(s, ctx, &AddDocument { case_id: case, file, public: true, note_id: None })?;
            let question = Forward {
                case_id: case,
                officer_id: None,
                message: format!("{MARK} vill ha svar"),
                due_working_days: None,
            };
            forward(s, ctx, settings, &question)?;
            Ok(case)
        })
        .unwrap()
    }

    pub fn solve(&self, case: CaseId) {
        self.by_anna(move |s, ctx, settings| {
            let cmd = Solve { case_id: case, outcome: CaseOutcome::Solved, answer: format!("{MARK}: lagat") };
            Ok(solve(s, ctx, settings, &cmd)?)
        })
        .unwrap();
    }

    pub fn at(&self, at: &str) {
        let at: Timestamp = at.parse().unwrap();
        assert!(at >= self.clock.now(), "time only goes forward");
        self.clock.set(at);
    }
}

#[test]
fn every_statement_is_understood_by_both_engines() {
    for db in storage::testing::both() {
        let refused = storage::testing::prepare_every_statement(&db);
        assert!(refused.is_empty(), "{refused:#?}");
    }
}
