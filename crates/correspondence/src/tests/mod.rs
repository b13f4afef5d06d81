//! Correspondence from the outside, on both engines: two mailboxes, two guides, a case and its resident.

mod desk;
mod drafts;
mod handling;
mod receiving;

use crate::commands::{PutMailbox, put_mailbox, receive};
use crate::queries;
use crate::{Address, Conversation, CorrespondenceError, Filed, Incoming, IncomingKind, Letter, LetterKind};
use cases::commands::{Origin, PutCaseType, RegisterCase, put_case_type, register};
use cases::{Case, CaseSettings};
use people::SigningKey;
use people::directory::commands::{create_department, create_officer};
use people::directory::{NewDepartment, NewOfficer};
use people::password::PasswordHash;
use people::residents::Reach;
use people::residents::commands::find_or_create;
use people::users::CreateUser;
use std::sync::{Arc, OnceLock};
use storage::Session;
use storage::testing::TestDatabase;
use vocabulary::{
    Actor, CaseTypeId, Chance, Channel, Clock as _, Context, ConversationId, GenericUuid as _, Language,
    MailboxId, ManualClock, OfficerId, ResidentId, Role, SecrecyClass, SeededChance, SignedDuration,
    Timestamp, UserId,
};

pub(super) const KIM: &str = "kim@example.se";
pub(super) const OFFICER: &str = "maja.ahlstrom@vikhamn.example";
pub(super) const ADDRESS: &str = "kontakt@vikhamn.example";

/// Everybody and everything the tests need. The clock begins on Monday 2 November 2026, 10:00 in Sweden.
pub(super) struct World {
    pub db: TestDatabase,
    pub clock: Arc<ManualClock>,
    pub chance: Arc<dyn Chance>,
    pub settings: Arc<CaseSettings>,
    pub anna: UserId,
    pub bo: UserId,
    pub mailbox: MailboxId,
    pub other_mailbox: MailboxId,
    pub pothole: CaseTypeId,
    pub worry: CaseTypeId,
    pub maja: OfficerId,
    pub kim: ResidentId,
}

pub(super) fn each(test: impl Fn(&World)) {
    for db in storage::testing::both() {
        test(&World::new(db));
    }
}

fn guide(s: &mut Session<'_>, ctx: &Context, sign_in: &str) -> UserId {
    // Slow on purpose, so once is enough.
    static PASSWORD: OnceLock<PasswordHash> = OnceLock::new();
    let hash = || people::password::hash_new("test", "en lång fras om ingenting", &*ctx.chance).unwrap();
    let cmd = CreateUser {
        sign_in: sign_in.to_owned(),
        name: sign_in.to_owned(),
        role: Role::Guide,
        password: PASSWORD.get_or_init(hash).clone(),
        language: Language::Swedish,
        hourly: false,
    };
    people::users::commands::create(s, ctx, &cmd).unwrap().id
}

fn mailbox(s: &mut Session<'_>, ctx: &Context, address: &str, days: u16) -> MailboxId {
    let cmd = PutMailbox {
        id: None,
        address: address.to_owned(),
        name: address.to_owned(),
        answer_group_id: None,
        clock_working_days: days,
        signature: "Kontaktcenter Vikhamn".to_owned(),
        acknowledge: true,
        acknowledgement: String::new(),
        takes_web: days == 2,
        active: true,
    };
    put_mailbox(s, ctx, &cmd).unwrap().id
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
        settings.reply_domain = Some("svar.vikhamn.example".to_owned());
        let (clock_in, chance_in) = (clock, chance);
        let (users, mailboxes, types, maja, kim) = db
            .write_blocking(move |s| {
                let department = NewDepartment {
                    code: "roads".to_owned(),
                    name: "Tekniska förvaltningen".to_owned(),
                    board: "Tekniska nämnden".to_owned(),
                    escalation_email: "teknik@vikhamn.example".to_owned(),
                };
                let roads = create_department(s, &ctx, &department).unwrap().id;
                let officer = NewOfficer {
                    department: roads,
                    name: "Maja Åhlström".to_owned(),
                    title: "Handläggare".to_owned(),
                    email: OFFICER.to_owned(),
                    telephone: None,
                    language: Language::Swedish,
                };
                let maja = create_officer(s, &ctx, &officer).unwrap().id;
                let mut case_type = |code: &str, secrecy_class| {
                    let cmd = PutCaseType {
                        code: code.to_owned(),
                        category: String::new(),
                        name: code.to_owned(),
                        keywords: String::new(),
                        department_id: roads,
                        officer_id: Some(maja),
                        secrecy_class,
                        retention_rule: "2 år".to_owned(),
                        due_working_days: 5,
                        public_text: String::new(),
                        open311: false,
                        active: true,
                    };
                    put_case_type(s, &ctx, &cmd).unwrap()
                };
                let types =
                    (case_type("pothole", SecrecyClass::Open), case_type("worry", SecrecyClass::Strict));
                let reach = Reach { telephone: None, email: Some(KIM.to_owned()) };
                let kim = find_or_create(s, &ctx, &reach, Some("Kim Ek"), Language::Swedish).unwrap().id;
                let users = (guide(s, &ctx, "anna"), guide(s, &ctx, "bo"));
                let mailboxes = (mailbox(s, &ctx, ADDRESS, 2), mailbox(s, &ctx, "snabbt@vikhamn.example", 1));
                Ok::<_, CorrespondenceError>((users, mailboxes, types, maja, kim))
            })
            .unwrap();
        Self {
            db,
            clock: clock_in,
            chance: chance_in,
            settings: Arc::new(settings),
            anna: users.0,
            bo: users.1,
            mailbox: mailboxes.0,
            other_mailbox: mailboxes.1,
            pothole: types.0,
            worry: types.1,
            maja,
            kim,
        }
    }

    pub fn at(&self, time: &str) {
        self.clock.set(time.parse::<Timestamp>().unwrap());
    }

    /// A moment later than the one before.
    pub fn ctx(&self, actor: Actor) -> Context {
        self.clock.advance(SignedDuration::from_millis(1));
        Context::new(self.clock.now(), actor, self.chance.clone())
    }

    /// Does something as `user`.
    pub fn by<T: Send + 'static>(
        &self,
        user: UserId,
        act: impl Fn(&mut Session<'_>, &Context, &CaseSettings) -> Result<T, CorrespondenceError> + Send + 'static,
    ) -> Result<T, CorrespondenceError> {
        let (ctx, settings) = (self.ctx(Actor::User(user)), self.settings.clone());
        self.db.write_blocking(move |s| act(s, &ctx, &settings))
    }

    pub fn read<T: Send + 'static>(
        &self,
        look: impl Fn(&mut Session<'_>) -> Result<T, storage::StorageError> + Send + 'static,
    ) -> T {
        self.db.read_blocking(move |s| look(s)).unwrap()
    }

    pub fn receive(&self, incoming: &Incoming) -> Filed {
        let (ctx, settings, incoming) = (self.ctx(Actor::System), self.settings.clone(), incoming.clone());
        self.db.write_blocking(move |s| receive(s, &ctx, &settings, &incoming)).unwrap()
    }

    pub fn conversation(&self, id: ConversationId) -> Conversation {
        self.read(move |s| queries::conversation(s, id)).unwrap()
    }

    pub fn letters(&self, id: ConversationId) -> Vec<Letter> {
        self.read(move |s| queries::letters_of(s, id))
    }

    pub fn kinds(&self, id: ConversationId) -> Vec<LetterKind> {
        self.letters(id).into_iter().map(|letter| letter.kind).collect()
    }

    /// A case of Kim's, registered by Anna.
    pub fn a_case(&self, case_type: CaseTypeId) -> Case {
        let mut cmd =
            RegisterCase::new(case_type, Origin::Direct { channel: Channel::Call, arrival_day: None });
        cmd.title = "Hål i Storgatan".to_owned();
        cmd.resident_id = Some(self.kim);
        self.by(self.anna, move |s, ctx, _| Ok(register(s, ctx, &cmd)?.case)).unwrap()
    }

    /// Every outgoing message as it lies: id, to whom, subject, body, machine or not.
    pub fn outgoing(&self) -> Vec<cases::queries::Message> {
        let mut all = self.read(|s| cases::queries::outbox(s, None, 100));
        all.reverse();
        all
    }

    /// Gives the newest outgoing message a Message-ID, as the mailer does when it goes.
    pub fn sent_as(&self, message_id: &'static str) -> vocabulary::MessageId {
        let id = self.outgoing().last().unwrap().id;
        let ctx = self.ctx(Actor::System);
        self.db
            .write_blocking(move |s| {
                cases::commands::settle_message_id(s, id, message_id)?;
                cases::commands::message_fate(s, &ctx, id, cases::commands::Fate::Sent)
            })
            .unwrap();
        id
    }
}

/// A letter from `from`; every number gives other bytes.
pub(super) fn letter(world: &World, number: u64, from: &str, text: &str) -> Incoming {
    let raw = format!("letter {number} from {from}\n\n{text}").into_bytes();
    Incoming {
        mailbox: world.mailbox,
        uid: Some(format!("INBOX/1/{number}")),
        raw_digest: *storage::blobs::Digest::of(&raw).as_bytes(),
        message_id: Some(format!("in-{number}@example.se")),
        in_reply_to: Vec::new(),
        references: Vec::new(),
        from: Some(Address { name: Some("Kim Ek".to_owned()), email: from.to_owned() }),
        recipients: vec![Address { name: None, email: ADDRESS.to_owned() }],
        subject: "Hål i gatan".to_owned(),
        sent_at: None,
        text: text.to_owned(),
        reply: text.to_owned(),
        html: None,
        parts: Vec::new(),
        refused: Vec::new(),
        kind: IncomingKind::Person,
        raw,
    }
}

#[test]
fn every_statement_is_understood_by_both_engines() {
    for db in storage::testing::both() {
        assert_eq!(storage::testing::prepare_every_statement(&db), []);
    }
}

#[test]
fn a_letter_is_not_shown_in_a_log() {
    each(|w| {
        let shown = format!("{:?}", letter(w, 1, KIM, "hemligt"));
        assert!(!shown.contains("hemligt") && !shown.contains("kim"), "{shown}");
        let _ = (w.maja.into_untyped_uuid(), w.other_mailbox, w.bo);
    });
}
