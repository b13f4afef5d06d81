//! Assignments on both engines: from draft to in force and on, by the commands alone.

mod asking;
mod course;
mod outside;

use crate::commands::{BringIn, Create, bring_in, create, rule_line};
use crate::model::{Basis, ContactPerson, RuleKind, Theme};
use crate::{Assignment, Version, steps};
use cases::CaseSettings;
use cases::commands::{PutCaseType, put_case_type};
use people::SigningKey;
use people::directory::{NewDepartment, commands as directory};
use std::sync::Arc;
use storage::Session;
use storage::testing::{TestDatabase, both};
use vocabulary::civil::{Date, date};
use vocabulary::{Actor, CaseTypeId, Chance, Context, DepartmentId, SecrecyClass, SeededChance, Timestamp};

/// The approver's address.
const KARIN: &str = "karin.lund@vikhamn.example";

/// A house with a department, two case types, and a manager.
struct World {
    db: TestDatabase,
    settings: CaseSettings,
    chance: Arc<dyn Chance>,
    now: Timestamp,
    department: DepartmentId,
    snow: CaseTypeId,
    bins: CaseTypeId,
}

impl World {
    fn all() -> impl Iterator<Item = Self> {
        both().into_iter().map(Self::new)
    }

    fn new(db: TestDatabase) -> Self {
        let chance: Arc<dyn Chance> = Arc::new(SeededChance::new(4));
        let now: Timestamp = "2026-11-03T09:00:00Z".parse().unwrap();
        let ctx = Context::new(now, Actor::System, chance.clone());
        let (department, snow, bins) = db
            .write_blocking(move |s| {
                let department = directory::create_department(
                    s,
                    &ctx,
                    &NewDepartment {
                        code: "tek".to_owned(),
                        name: "Tekniska förvaltningen".to_owned(),
                        board: "Tekniska nämnden".to_owned(),
                        escalation_email: "tek@vikhamn.example".to_owned(),
                    },
                )
                .unwrap()
                .id;
                let mut a_type = |code: &str, name: &str, keywords: &str| {
                    let put = PutCaseType {
                        code: code.to_owned(),
                        category: "Prov".to_owned(),
                        name: name.to_owned(),
                        keywords: keywords.to_owned(),
                        department_id: department,
                        officer_id: None,
                        secrecy_class: SecrecyClass::Open,
                        retention_rule: "2 år".to_owned(),
                        due_working_days: 3,
                        public_text: String::new(),
                        open311: false,
                        active: true,
                    };
                    put_case_type(s, &ctx, &put).unwrap()
                };
                let snow = a_type("sno", "Snöröjning och halka", "plogning, sandning, vändplan");
                let bins = a_type("sop", "Sophämtning", "soptunna, kärl, sopbil");
                Ok::<_, storage::StorageError>((department, snow, bins))
            })
            .unwrap();
        let settings = CaseSettings::new(
            "https://kc.vikhamn.example".parse().unwrap(),
            SigningKey::from_bytes([5; 32]),
            "Vikhamns kommun".to_owned(),
        );
        Self { db, settings, chance, now, department, snow, bins }
    }

    fn ctx(&self) -> Context {
        Context::new(self.now, Actor::System, self.chance.clone())
    }

    /// Runs in one transaction.
    fn write<T: Send + 'static, E: From<storage::StorageError> + std::fmt::Debug + Send + 'static>(
        &self,
        run: impl FnMut(&mut Session<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E> {
        self.db.write_blocking(run)
    }

    fn read<T: Send + 'static>(
        &self,
        run: impl FnMut(&mut Session<'_>) -> Result<T, crate::AssignmentsError> + Send + 'static,
    ) -> T {
        self.db.read_blocking(run).unwrap()
    }

    fn on(&mut self, day: Date) {
        self.now = vocabulary::start_of_day(day) + vocabulary::SignedDuration::from_hours(9);
    }

    /// Snow, as it is handed over; valid from that day.
    fn snow_basis(&self, valid_from: Date) -> Basis {
        Basis {
            title: "Snö och halka".to_owned(),
            purpose: "Invånaren ska veta vart hen vänder sig.".to_owned(),
            keywords: "plog, grus".to_owned(),
            theme: Theme::Outdoors,
            public_title: "Oplogat eller halt".to_owned(),
            public_text: "Ring oss om en gata inte är plogad.".to_owned(),
            rules: vec![
                rule_line(RuleKind::Does, "Tar emot anmälningar om oplogade gator"),
                rule_line(RuleKind::Partly, "Svarar på frågor om skador av halka → kommunjuristen"),
                rule_line(RuleKind::DoesNot, "Plogar enskilda vägar → vagforening"),
            ],
            steps: steps::read("invånare: Ringer\nkontaktcenter: Registrerar\nhandläggare: Plogar").unwrap(),
            case_types: vec![self.snow],
            skills: vec!["Vinterväghållning".to_owned()],
            contacts_per_month: Some(400),
            contacts: vec![ContactPerson {
                name: "Karin Lund".to_owned(),
                title: "enhetschef".to_owned(),
                email: KARIN.to_owned(),
                telephone: String::new(),
            }],
            valid_from,
            review_day: valid_from + vocabulary::SignedDuration::from_hours(24 * 360),
            ..Basis::empty()
        }
    }

    fn drafted(&self) -> (Assignment, Version) {
        let (ctx, department) = (self.ctx(), self.department);
        let basis = self.snow_basis(date(2026, 11, 3));
        self.write(move |s| {
            let cmd = Create { code: "sno".to_owned(), department, owner: None, basis: basis.clone() };
            create(s, &ctx, &cmd)
        })
        .unwrap()
    }

    fn brought_in(&self, code: &str, basis: Basis) -> vocabulary::AssignmentId {
        let (ctx, department, code) = (self.ctx(), self.department, code.to_owned());
        self.write(move |s| {
            let cmd = BringIn {
                code: code.clone(),
                department,
                owner: None,
                approved_by: "Karin Lund, enhetschef".to_owned(),
                basis: basis.clone(),
            };
            bring_in(s, &ctx, &cmd)
        })
        .unwrap()
    }

    /// The letters written so far: to whom, what about, and the text; the newest last.
    fn letters(&self) -> Vec<(String, String, String)> {
        self.db
            .read_blocking(|s| {
                s.rows(
                    storage::sql!("SELECT recipient, subject, body FROM messages ORDER BY created_at, id"),
                    storage::params![],
                    |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)),
                )
            })
            .unwrap()
    }

    /// The token in the newest letter.
    fn token(&self) -> String {
        let (_, _, body) = self.letters().pop().unwrap();
        let at = body.find("/u/").unwrap() + 3;
        body[at..].chars().take_while(|c| !c.is_whitespace()).collect()
    }
}
