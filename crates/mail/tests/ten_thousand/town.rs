//! A town whose residents have cases and whose officers have been asked, with all letters about it sent.

use crate::support::{MailServer, smtp};
use cases::commands::{Forward, Origin, PutCaseType, RegisterCase, forward, put_case_type, register};
use cases::{CaseSettings, CasesError};
use correspondence::commands::{PutMailbox, put_mailbox};
use mail::{MailConfig, Mailer};
use people::SigningKey;
use people::directory::{NewDepartment, NewOfficer};
use people::residents::Reach;
use std::path::Path;
use std::sync::Arc;
use storage::jobs::Runner;
use storage::{Database, StorageConfig, params, sql};
use vocabulary::{
    Actor, CaseId, Chance, Channel, Clock as _, Context, Language, MailboxId, MessageId, SecrecyClass,
    SeededChance, SystemClock,
};

pub const ADDRESS: &str = "kc@vikhamn.example";
pub const REPLY_DOMAIN: &str = "svar.vikhamn.example";

/// A letter of ours that has gone out.
#[derive(Clone, Debug)]
pub struct Sent {
    pub id: MessageId,
    pub message_id: String,
    pub recipient: String,
    pub case: CaseId,
    /// The address an officer's answer goes to; none for letters to residents.
    pub reply_to: Option<String>,
}

pub fn settings() -> Arc<CaseSettings> {
    let base = "https://kc.vikhamn.example".parse().unwrap();
    let mut settings = CaseSettings::new(base, SigningKey::from_bytes([5; 32]), "Vikhamns kommun".to_owned());
    settings.reply_domain = Some(REPLY_DOMAIN.to_owned());
    Arc::new(settings)
}

pub fn open(path: &Path) -> Database {
    Database::open(&StorageConfig::Sqlite { path: path.to_owned() }).unwrap()
}

/// Makes the town, and sends its letters.
pub fn build(db: &Database, cases: u64, server: &MailServer) -> (MailboxId, Vec<Sent>) {
    let chance: Arc<dyn Chance> = Arc::new(SeededChance::new(1));
    let ctx = Context::new(SystemClock.now(), Actor::System, chance.clone());
    let settings = settings();
    let mailbox = {
        let (ctx, settings) = (ctx, settings.clone());
        db.write_blocking(move |s| {
            let types: Vec<_> = (0..8).map(|n| case_type(s, &ctx, n)).collect::<Result<_, _>>()?;
            for n in 0..cases {
                let reach = Reach { telephone: None, email: Some(format!("boende{n}@example.se")) };
                let resident = people::residents::commands::find_or_create(
                    s,
                    &ctx,
                    &reach,
                    Some("Kim Ek"),
                    Language::Swedish,
                )
                .unwrap();
                let case_type = types[usize::try_from(n % 8).unwrap()];
                let cmd = RegisterCase {
                    title: format!("Vatten på gatan {n}"),
                    description: "Det rinner.".to_owned(),
                    resident_id: Some(resident.id),
                    ..RegisterCase::new(
                        case_type,
                        Origin::Direct { channel: Channel::Web, arrival_day: None },
                    )
                };
                let case = register(s, &ctx, &cmd)?.case;
                let ask = Forward {
                    case_id: case.id,
                    officer_id: None,
                    message: String::new(),
                    due_working_days: None,
                };
                forward(s, &ctx, &settings, &ask)?;
            }
            let put = PutMailbox {
                id: None,
                address: ADDRESS.to_owned(),
                name: "Kontaktcenter".to_owned(),
                answer_group_id: None,
                clock_working_days: 2,
                signature: String::new(),
                acknowledge: false,
                acknowledgement: String::new(),
                takes_web: false,
                active: true,
            };
            Ok::<_, CasesError>(put_mailbox(s, &ctx, &put).unwrap().id)
        })
        .unwrap()
    };
    send(db, &chance, server);
    (mailbox, sent(db))
}

fn case_type(
    s: &mut storage::Session<'_>,
    ctx: &Context,
    n: u64,
) -> Result<vocabulary::CaseTypeId, CasesError> {
    let department = NewDepartment {
        code: format!("dep{n}"),
        name: format!("Enhet {n}"),
        board: "Tekniska nämnden".to_owned(),
        escalation_email: format!("enhet{n}@vikhamn.example"),
    };
    let department = people::directory::commands::create_department(s, ctx, &department).unwrap().id;
    let officer = NewOfficer {
        department,
        name: format!("Åsa Öberg {n}"),
        title: "Driftingenjör".to_owned(),
        email: format!("asa{n}@vikhamn.example"),
        telephone: None,
        language: Language::Swedish,
    };
    let officer = people::directory::commands::create_officer(s, ctx, &officer).unwrap().id;
    let put = PutCaseType {
        code: format!("water{n}"),
        category: "Vatten".to_owned(),
        name: format!("Vatten {n}"),
        keywords: "vatten".to_owned(),
        department_id: department,
        officer_id: Some(officer),
        secrecy_class: SecrecyClass::Open,
        retention_rule: "2 år".to_owned(),
        due_working_days: 2,
        public_text: String::new(),
        open311: true,
        active: true,
    };
    put_case_type(s, ctx, &put)
}

/// Sends what is waiting, all of it.
pub fn send(db: &Database, chance: &Arc<dyn Chance>, server: &MailServer) {
    let mailer = Arc::new(Mailer::new(&MailConfig::Smtp(smtp(server.port))).unwrap());
    let runner = mail::wire(Runner::new(db.clone(), Arc::new(SystemClock), chance.clone()), db, mailer);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    while runtime.block_on(runner.run_due()).unwrap() > 0 {}
}

fn sent(db: &Database) -> Vec<Sent> {
    db.read_blocking(|s| {
        s.rows(
            sql!(
                "SELECT id, message_id, recipient, case_id, reply_to FROM messages
                 WHERE state = 'sent' AND message_id IS NOT NULL AND case_id IS NOT NULL ORDER BY id"
            ),
            params![],
            |r| {
                Ok(Sent {
                    id: r.get(0)?,
                    message_id: r.get(1)?,
                    recipient: r.get(2)?,
                    case: r.get(3)?,
                    reply_to: r.get(4)?,
                })
            },
        )
    })
    .unwrap()
}
