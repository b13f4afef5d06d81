//! A small town, the same on either engine, and what a run has come to know of it.

use crate::commands::{Command, Learned, Outcome};
use crate::reads::{self, Seen};
use cases::CaseSettings;
use cases::commands::{PutCaseType, put_case_type};
use people::SigningKey;
use people::directory::commands::{create_answer_group, create_department, create_officer};
use people::directory::{NewAnswerGroup, NewDepartment, NewOfficer};
use people::password::PasswordHash;
use people::users::{CreateUser, GroupLevel};
use std::sync::{Arc, OnceLock};
use storage::jobs::Runner;
use storage::testing::TestDatabase;
use storage::{Session, StorageError};
use surveys::SurveyRules;
use vocabulary::{
    Actor, AnswerGroupId, ArticleId, CaseId, CaseTypeId, Clock as _, ContactId, Context, DepartmentId,
    FollowUpId, InvitationId, Language, ManualClock, MessageId, OfficerId, ResidentId, Role, SecrecyClass,
    SeededChance, TaskId, UserId,
};

/// The ids a command can be about. The same on both engines, since ids come of the clock and of seeded chance.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Known {
    pub departments: Vec<DepartmentId>,
    pub officers: Vec<OfficerId>,
    pub groups: Vec<AnswerGroupId>,
    pub guides: Vec<UserId>,
    pub case_types: Vec<CaseTypeId>,
    pub residents: Vec<ResidentId>,
    pub contacts: Vec<ContactId>,
    pub cases: Vec<CaseId>,
    pub follow_ups: Vec<FollowUpId>,
    pub invitations: Vec<InvitationId>,
    pub articles: Vec<ArticleId>,
    pub officer_tokens: Vec<String>,
    pub resident_tokens: Vec<String>,
    /// Those that stand in the list after the last step.
    pub tasks: Vec<TaskId>,
    /// Those in the outbox after the last step.
    pub messages: Vec<MessageId>,
}

impl Known {
    /// Takes in what a command has told.
    pub fn learn(&mut self, outcome: &Outcome) {
        fn add<T: PartialEq + Clone>(known: &mut Vec<T>, new: &T) {
            if !known.contains(new) {
                known.push(new.clone());
            }
        }
        for learned in &outcome.learned {
            match learned {
                Learned::Resident(id) => add(&mut self.residents, id),
                Learned::Contact(id) => add(&mut self.contacts, id),
                Learned::Case(id) => add(&mut self.cases, id),
                Learned::Article(id) => add(&mut self.articles, id),
                Learned::Invitation(id) => add(&mut self.invitations, id),
                Learned::Asked(id, token) => {
                    add(&mut self.follow_ups, id);
                    add(&mut self.officer_tokens, token);
                }
                Learned::ResidentToken(token) => add(&mut self.resident_tokens, token),
            }
        }
    }
}

/// One engine's town.
pub struct Town {
    pub db: TestDatabase,
    pub clock: Arc<ManualClock>,
    pub settings: Arc<CaseSettings>,
    pub rules: SurveyRules,
    pub known: Known,
    runtime: tokio::runtime::Runtime,
}

impl Town {
    /// Builds it in an empty database, on a Monday morning.
    pub fn build(db: TestDatabase) -> Self {
        let clock = Arc::new(ManualClock::new("2026-11-02T09:00:00Z".parse().unwrap()));
        let ctx = Context::new(clock.now(), Actor::System, Arc::new(SeededChance::new(0)));
        let settings = Arc::new(CaseSettings::new(
            "https://kc.vikhamn.example".parse().unwrap(),
            SigningKey::from_bytes([5; 32]),
            "Vikhamns kommun".to_owned(),
        ));
        let known = db.write_blocking(move |s| furnish(s, &ctx)).unwrap();
        let rules = SurveyRules { group_asked_min: 1, ..SurveyRules::default() };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        Self { db, clock, settings, rules, known, runtime }
    }

    /// Carries out one command. Chance begins anew with each, alike on both engines.
    pub fn carry_out(&self, step: u64, command: &Command, known: &Known) -> Outcome {
        if let Command::Pass { minutes } = command {
            self.clock.advance(vocabulary::SignedDuration::from_mins((*minutes).into()));
            return self.run_jobs(step);
        }
        let chance = Arc::new(SeededChance::new(step));
        let guide = known.guides[command.guide() % known.guides.len()];
        let ctx = Context::new(self.clock.now(), Actor::User(guide), chance);
        let (command, known) = (command.clone(), known.clone());
        let (settings, rules) = (Arc::clone(&self.settings), self.rules.clone());
        let answered = self.db.write_blocking(move |s| {
            let mut learned = Vec::new();
            let answer = command.carry_out(s, &ctx, &settings, &rules, &known, &mut learned)?;
            Ok::<_, Refused>(Outcome { answer, learned })
        });
        answered.unwrap_or_else(|refused| Outcome { answer: refused.0, learned: Vec::new() })
    }

    /// Does what has become due.
    fn run_jobs(&self, step: u64) -> Outcome {
        let chance = Arc::new(SeededChance::new(step));
        let runner = Runner::new(self.db.database(), self.clock.clone(), chance);
        let runner = cases::jobs::wire(runner, &self.db, Arc::clone(&self.settings));
        let run = self.runtime.block_on(runner.run_due());
        Outcome { answer: format!("jobs: {run:?}"), learned: Vec::new() }
    }

    /// Every read there is.
    pub fn read_everything(&self, known: &Known) -> Seen {
        let (known, now, settings) = (known.clone(), self.clock.now(), Arc::clone(&self.settings));
        let seen = self.db.read_blocking(move |s| reads::everything(s, &known, now, &settings));
        seen.unwrap_or_else(|refused| panic!("{:?}: {}", self.db.engine(), refused.0))
    }
}

/// Why a command or a read was refused, as both engines must tell it.
#[derive(Debug)]
pub struct Refused(pub String);

macro_rules! refused {
    ($($error:ty),*) => {$(
        impl From<$error> for Refused {
            fn from(error: $error) -> Self {
                Self(format!("refused: {error:?}"))
            }
        }
    )*};
}

refused!(
    ahead::AheadError,
    cases::CasesError,
    contacts::ContactsError,
    knowledge::KnowledgeError,
    people::PeopleError,
    people::text::TextError,
    surveys::SurveysError
);

impl From<StorageError> for Refused {
    fn from(error: StorageError) -> Self {
        Self(format!("Storage({error:?})"))
    }
}

fn password() -> PasswordHash {
    // Slow on purpose, so once is enough.
    static PASSWORD: OnceLock<PasswordHash> = OnceLock::new();
    let make =
        || people::password::hash_new("test", "en lång fras om ingenting", &SeededChance::new(3)).unwrap();
    PASSWORD.get_or_init(make).clone()
}

fn furnish(s: &mut Session<'_>, ctx: &Context) -> Result<Known, Refused> {
    let mut known = Known::default();
    for (code, name) in [("roads", "Tekniska förvaltningen"), ("school", "Barn och utbildning")] {
        let department = NewDepartment {
            code: code.to_owned(),
            name: name.to_owned(),
            board: format!("Nämnden för {name}"),
            escalation_email: format!("{code}@vikhamn.example"),
        };
        known.departments.push(create_department(s, ctx, &department)?.id);
    }
    for (department, name) in [(0, "Maja Åhlström"), (0, "Örjan Berg"), (1, "Ärla Ek")] {
        let officer = NewOfficer {
            department: known.departments[department],
            name: name.to_owned(),
            title: "Handläggare".to_owned(),
            email: format!("officer{}@vikhamn.example", known.officers.len()),
            telephone: Some(format!("0176-710 0{}", known.officers.len())),
            language: Language::Swedish,
        };
        known.officers.push(create_officer(s, ctx, &officer)?.id);
    }
    for (code, dialled) in [("all", None), ("school", Some("0176-710 10"))] {
        let group = NewAnswerGroup {
            code: code.to_owned(),
            name: format!("Svarsgrupp {code}"),
            dialled: dialled.map(str::to_owned),
        };
        known.groups.push(create_answer_group(s, ctx, &group)?.id);
    }
    for name in ["Anna", "Åke"] {
        let user = CreateUser {
            sign_in: name.to_lowercase(),
            name: name.to_owned(),
            role: Role::Guide,
            password: password(),
            language: Language::Swedish,
            hourly: name == "Åke",
        };
        let id = people::users::commands::create(s, ctx, &user)?.id;
        let levels: Vec<_> =
            known.groups.iter().zip(1..).map(|(group, level)| GroupLevel { group: *group, level }).collect();
        people::users::commands::set_groups(s, ctx, id, &levels)?;
        known.guides.push(id);
    }
    let types = [
        ("pothole", "Grop i vägen", 0, Some(0), SecrecyClass::Open),
        ("place", "Plats i förskola", 1, Some(2), SecrecyClass::Restricted),
        ("worry", "Orosanmälan", 1, None, SecrecyClass::Strict),
    ];
    for (code, name, department, officer, secrecy_class) in types {
        let case_type = PutCaseType {
            code: code.to_owned(),
            category: "Gator och skolor".to_owned(),
            name: name.to_owned(),
            keywords: "väg hål förskola".to_owned(),
            department_id: known.departments[department],
            officer_id: officer.map(|officer: usize| known.officers[officer]),
            secrecy_class,
            retention_rule: "2 år".to_owned(),
            due_working_days: 5,
            public_text: "Vi svarar så snart vi kan.".to_owned(),
            open311: secrecy_class == SecrecyClass::Open,
            active: true,
        };
        known.case_types.push(put_case_type(s, ctx, &case_type)?);
    }
    Ok(known)
}
