//! Processes from the outside, on both engines: a small town with the demo's eight definitions, and a clock that is
//! moved by hand.

mod booking;
mod running;

use crate::commands::{Publish, PutContractor, PutResource, publish, put_contractor, put_resource, register};
use crate::definition::tests::{shipped, vikhamn};
use crate::form::{Answer, Answers};
use crate::{ProcessesError, Running, jobs, queries};
use cases::commands::{Origin, PutCaseType, RegisterCase, put_case_type};
use cases::{Case, CaseSettings};
use people::SigningKey;
use people::directory::commands::{create_department, create_officer};
use people::directory::{NewDepartment, NewOfficer};
use people::residents::Reach;
use people::residents::commands::find_or_create;
use people::users::CreateUser;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};
use storage::jobs::Runner;
use storage::testing::TestDatabase;
use storage::{Session, params, sql};
use vocabulary::{
    Actor, CaseId, CaseTypeId, Chance, Channel, Clock as _, Context, Language, ManualClock, OpeningHours,
    ResidentId, Role, SecrecyClass, SeededChance, Timestamp, UserId,
};

pub(super) struct World {
    pub db: TestDatabase,
    pub clock: Arc<ManualClock>,
    pub chance: Arc<dyn Chance>,
    pub settings: Arc<CaseSettings>,
    pub guide: UserId,
    pub resident: ResidentId,
    pub types: BTreeMap<String, CaseTypeId>,
}

/// A message as it lies waiting: channel, recipient, subject, body.
pub(super) type Letter = (String, String, String, String);

/// Runs a test on each engine there is. Every clock begins on Monday 2 November 2026, 10:00 in Sweden.
pub(super) fn each(test: impl Fn(&World)) {
    for db in storage::testing::both() {
        test(&World::new(db));
    }
}

fn town(s: &mut Session<'_>, ctx: &Context) -> Result<BTreeMap<String, CaseTypeId>, ProcessesError> {
    let known = vikhamn();
    let mut departments = BTreeMap::new();
    for code in &known.departments {
        let department = NewDepartment {
            code: code.clone(),
            name: code.clone(),
            board: format!("Nämnden {code}"),
            escalation_email: format!("{code}@vikhamn.example"),
        };
        departments.insert(code.clone(), create_department(s, ctx, &department).unwrap().id);
    }
    for email in &known.officers {
        let officer = NewOfficer {
            department: departments["tek"],
            name: email.clone(),
            title: "handläggare".to_owned(),
            email: email.clone(),
            telephone: None,
            language: Language::Swedish,
        };
        create_officer(s, ctx, &officer).unwrap();
    }
    let mut types = BTreeMap::new();
    for code in &known.case_types {
        let put = PutCaseType {
            department_id: departments["tek"],
            secrecy_class: SecrecyClass::Open,
            ..a_type(code, departments["tek"])
        };
        types.insert(code.clone(), put_case_type(s, ctx, &put)?);
    }
    for code in &known.resources {
        let put = PutResource {
            code: code.clone(),
            name: code.clone(),
            place: format!("Platsen {code}"),
            hours: OpeningHours::default(),
            slot_minutes: 30,
            capacity: 1,
            notice_hours: 1,
            days_ahead: 60,
            active: true,
            closed: Vec::new(),
        };
        put_resource(s, ctx, &put)?;
    }
    for (code, number) in known.contractors.iter().zip(260..) {
        let put = PutContractor {
            code: code.clone(),
            name: code.clone(),
            telephone: format!("+46980319{number}"),
            email: format!("{}@firma.example", code.replace('_', ".")),
            texts: true,
            active: true,
        };
        put_contractor(s, ctx, &put)?;
    }
    for (_, source) in shipped() {
        publish(s, ctx, &Publish { source, of: None })?;
    }
    Ok(types)
}

fn a_type(code: &str, department_id: vocabulary::DepartmentId) -> PutCaseType {
    PutCaseType {
        code: code.to_owned(),
        category: "Prov".to_owned(),
        name: code.to_owned(),
        keywords: String::new(),
        department_id,
        officer_id: None,
        secrecy_class: SecrecyClass::Open,
        retention_rule: "2 år".to_owned(),
        due_working_days: 5,
        public_text: String::new(),
        open311: false,
        active: true,
    }
}

impl World {
    fn new(db: TestDatabase) -> Self {
        static PASSWORD: OnceLock<people::password::PasswordHash> = OnceLock::new();
        let clock = Arc::new(ManualClock::new("2026-11-02T09:00:00Z".parse().unwrap()));
        let chance: Arc<dyn Chance> = Arc::new(SeededChance::new(1));
        let ctx = Context::new(clock.now(), Actor::System, chance.clone());
        let settings = Arc::new(CaseSettings::new(
            "https://kc.vikhamn.example".parse().unwrap(),
            SigningKey::from_bytes([5; 32]),
            "Vikhamns kommun".to_owned(),
        ));
        let hash = || people::password::hash_new("test", "en lång fras om ingenting", &*ctx.chance).unwrap();
        let password = PASSWORD.get_or_init(hash).clone();
        let made = db.write_blocking(move |s| {
            let types = town(s, &ctx)?;
            let user = CreateUser {
                sign_in: "anna".to_owned(),
                name: "Anna".to_owned(),
                role: Role::Guide,
                password: password.clone(),
                language: Language::Swedish,
                hourly: false,
            };
            let guide = people::users::commands::create(s, &ctx, &user).unwrap().id;
            let reach = Reach { telephone: None, email: Some("kim@example.se".to_owned()) };
            let resident = find_or_create(s, &ctx, &reach, Some("Kim Ek"), Language::Swedish).unwrap().id;
            Ok::<_, ProcessesError>((types, guide, resident))
        });
        let (types, guide, resident) = made.unwrap();
        Self { db, clock, chance, settings, guide, resident, types }
    }

    pub fn ctx(&self, actor: Actor) -> Context {
        Context::new(self.clock.now(), actor, self.chance.clone())
    }

    /// Runs a command as the guide.
    pub fn by_guide<T: Send + 'static>(
        &self,
        mut run: impl FnMut(&mut Session<'_>, &Context, &CaseSettings) -> Result<T, ProcessesError>
        + Send
        + 'static,
    ) -> Result<T, ProcessesError> {
        let (ctx, settings) = (self.ctx(Actor::User(self.guide)), self.settings.clone());
        self.db.write_blocking(move |s| run(s, &ctx, &settings))
    }

    /// A case of the type with that code, with its process begun.
    pub fn case(&self, code: &str) -> Case {
        let cmd = RegisterCase {
            resident_id: Some(self.resident),
            ..RegisterCase::new(self.types[code], Origin::Direct { channel: Channel::Web, arrival_day: None })
        };
        self.by_guide(move |s, ctx, settings| Ok(register(s, ctx, settings, &cmd)?.case)).unwrap()
    }

    pub fn running(&self, case: CaseId) -> Running {
        self.db.read_blocking(move |s| queries::running(s, case)).unwrap().unwrap()
    }

    pub fn state_of(&self, case: CaseId) -> Case {
        let read =
            move |s: &mut Session<'_>| -> Result<_, ProcessesError> { Ok(cases::queries::case(s, case)?) };
        self.db.read_blocking(read).unwrap().unwrap()
    }

    pub fn open(&self, case: CaseId) -> Vec<String> {
        let running = self.running(case);
        running.state.open().map(|place| running.definition.steps[place].key.clone()).collect()
    }

    /// Does a step with these answers and, for what else is required, any.
    pub fn does(
        &self,
        case: CaseId,
        step: &str,
        given: &[(&str, Answer)],
    ) -> Result<Running, ProcessesError> {
        let answers = self.answers(case, step, given);
        let step = step.to_owned();
        self.by_guide(move |s, ctx, settings| {
            crate::commands::do_step(s, ctx, settings, case, &step, answers.clone())
        })
    }

    pub fn answers(&self, case: CaseId, step: &str, given: &[(&str, Answer)]) -> Answers {
        let definition = self.running(case).definition;
        let fields = &definition.steps[definition.step(step).unwrap()].fields;
        let any = fields.iter().filter(|f| f.required).map(|f| (f.key.clone(), crate::walk::any_answer(f)));
        let mut answers: Answers = any.collect();
        answers.extend(given.iter().map(|(key, answer)| ((*key).to_owned(), answer.clone())));
        answers
    }

    pub fn letters(&self) -> Vec<Letter> {
        let read = |s: &mut Session<'_>| {
            s.rows(
                sql!("SELECT channel, recipient, subject, body FROM messages ORDER BY created_at, id"),
                params![],
                |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?)),
            )
        };
        self.db.read_blocking(read).unwrap()
    }

    /// Moves the clock and runs what has fallen due.
    pub fn pass_to(&self, at: &str) {
        let at: Timestamp = at.parse().unwrap();
        assert!(at >= self.clock.now(), "time only goes forward");
        self.clock.set(at);
        let runner = Runner::new(self.db.database(), self.clock.clone(), self.chance.clone());
        let runner = cases::jobs::wire(runner, &self.db, self.settings.clone());
        let runner = jobs::wire(runner, &self.db, self.settings.clone());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(runner.run_due()).unwrap();
    }

    pub fn tasks(&self, case: CaseId) -> Vec<String> {
        let read = move |s: &mut Session<'_>| {
            s.rows(
                sql!("SELECT kind FROM tasks WHERE case_id = $1 AND done_at IS NULL ORDER BY created_at"),
                params![case],
                |r| r.get(0),
            )
        };
        self.db.read_blocking(read).unwrap()
    }
}

pub(super) fn choice(key: &str) -> Answer {
    Answer::Choice(key.to_owned())
}

pub(super) fn text(words: &str) -> Answer {
    Answer::Text(words.to_owned())
}

#[test]
fn every_statement_is_understood_by_both_engines() {
    each(|world| {
        let refused = storage::testing::prepare_every_statement(&world.db);
        assert!(refused.is_empty(), "{refused:#?}");
    });
}
