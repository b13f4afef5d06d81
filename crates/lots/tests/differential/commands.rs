//! What residents, guides and officers do, at random. A number is an index into what is known, counted round.

use crate::town::{Known, Refused};
use cases::commands as case;
use cases::{CaseSettings, OFFICER_PATH, RESIDENT_PATH};
use contacts::commands as contact;
use knowledge::commands::import_article;
use knowledge::{ArticleDraft, ArticleState};
use people::residents::{ChangeResident, Reach};
use proptest::prelude::*;
use routing::CallEnding;
use storage::Session;
use surveys::{Answer, AnswerSheet, SIX_PARAMETERS, SurveyRules};
use vocabulary::{
    AnswerGroupId, ArticleId, CaseId, CaseOutcome, Channel, ContactId, ContactOutcome, Context, FollowUpId,
    InvitationId, Language, Parameter, ResidentId, SecrecyClass, SignedDuration, local_day,
};

/// What a command came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The answer, or why it was refused.
    pub answer: String,
    /// What there is now that was not known before.
    pub learned: Vec<Learned>,
}

/// Something a later command can be about.
#[derive(Clone, Debug, PartialEq)]
pub enum Learned {
    Resident(ResidentId),
    Contact(ContactId),
    Case(CaseId),
    Invitation(InvitationId),
    Article(ArticleId),
    Asked(FollowUpId, String),
    ResidentToken(String),
}

/// An index into what is known.
type N = usize;

#[derive(Clone, Debug)]
pub enum Command {
    /// Time passes, and what becomes due is done.
    Pass {
        minutes: u32,
    },
    FindResident {
        telephone: Option<N>,
        email: Option<N>,
        name: N,
    },
    ChangeResident {
        resident: N,
        name: Option<N>,
        telephone: Option<N>,
        protected: Option<bool>,
        opt_out: Option<bool>,
    },
    OfficerActive {
        officer: N,
        active: bool,
    },
    Arrive {
        number: Option<N>,
        resident: Option<N>,
        group: Option<N>,
        again: Option<N>,
    },
    Queued {
        contact: N,
    },
    Answered {
        contact: N,
        guide: N,
    },
    Ended {
        contact: N,
        ending: N,
        guide: Option<N>,
    },
    Log {
        guide: N,
        contact: N,
        case_type: N,
        outcome: N,
        text: N,
    },
    AttachCase {
        contact: N,
        case: N,
    },
    SetResident {
        contact: N,
        resident: N,
    },
    RegisterContact {
        channel: N,
        resident: Option<N>,
        group: Option<N>,
        logged: Option<(N, N)>,
        ago_min: i64,
        text: N,
    },
    RegisterCase {
        guide: N,
        case_type: N,
        text: N,
        resident: Option<N>,
        contact: Option<N>,
        secrecy: Option<N>,
        key: Option<N>,
    },
    Forward {
        case: N,
        officer: Option<N>,
        text: N,
    },
    ChangeRecipient {
        follow_up: N,
        officer: N,
        text: N,
    },
    Withdraw {
        follow_up: N,
    },
    OfficerAnswer {
        token: N,
        answer: N,
        text: N,
        days: i64,
    },
    Note {
        guide: N,
        case: N,
        text: N,
        public: bool,
    },
    Status {
        case: N,
        change: N,
        days: i64,
    },
    Solve {
        case: N,
        outcome: N,
        text: N,
    },
    Reopen {
        case: N,
    },
    Task {
        guide: N,
        task: N,
        end: N,
        officer: N,
        text: N,
    },
    ShareLink {
        case: N,
    },
    ReplaceLink {
        case: N,
    },
    RevokeLinks {
        case: N,
    },
    OpenCase {
        guide: N,
        case: N,
    },
    MessageFate {
        message: N,
        fate: N,
    },
    WriteArticle {
        slug: N,
        text: N,
        case_type: Option<N>,
    },
    TakeArticleFurther {
        article: N,
    },
    PlanEvent {
        text: N,
        begins_h: i64,
        hours: i64,
    },
    Invite {
        contact: N,
    },
    BeginSurvey {
        invitation: N,
    },
    SurveyAnswers {
        group: Option<N>,
        scores: Vec<u8>,
    },
    CloseSurvey {
        invitation: N,
    },
}

const TEXTS: &[&str] = &[
    "",
    "Stor grop på Ångbåtsgatan",
    "Gatlyktan är släckt; \"den blinkar\" säger hon",
    "100 % väg_arbete \\ 'citat'",
    "🙂 rad ett\nrad två",
    "  åäö ÅÄÖ é  ",
    "ett\0två",
];
const ENDINGS: &[CallEnding] = &[
    CallEnding::Handled,
    CallEnding::AbandonedInPrompt,
    CallEnding::Abandoned,
    CallEnding::ToSwitchboard,
    CallEnding::Failed,
    CallEnding::Handled,
];
const TELEPHONES: &[&str] = &["070-123 45 67", "+46 8 508 00 00", "0701234568", "12", "+4670123456\u{30}"];
const EMAILS: &[&str] = &["kim@example.se", "KIM@Example.SE", "åsa@example.se", "no address"];

/// The `n`th of `all`, counted round; none if there is none.
fn nth<T: Clone>(all: &[T], n: N) -> Option<T> {
    (!all.is_empty()).then(|| all[n % all.len()].clone())
}

fn text(n: N) -> String {
    nth(TEXTS, n).unwrap_or_default().to_owned()
}

impl Command {
    /// Which guide does it.
    pub fn guide(&self) -> usize {
        match self {
            Self::Log { guide, .. }
            | Self::RegisterCase { guide, .. }
            | Self::Note { guide, .. }
            | Self::Task { guide, .. }
            | Self::OpenCase { guide, .. } => *guide,
            _ => 0,
        }
    }

    /// Carries it out. What it is about and is not there yet makes it come to nothing.
    pub fn carry_out(
        &self,
        s: &mut Session<'_>,
        ctx: &Context,
        settings: &CaseSettings,
        rules: &SurveyRules,
        known: &Known,
        learned: &mut Vec<Learned>,
    ) -> Result<String, Refused> {
        let mut doing = Doing { s, ctx, settings, rules, known, learned };
        let done = match self {
            Self::Pass { .. } => None,
            Self::FindResident { .. } | Self::ChangeResident { .. } | Self::OfficerActive { .. } => {
                doing.people(self)?
            }
            Self::Arrive { .. }
            | Self::Queued { .. }
            | Self::Answered { .. }
            | Self::Ended { .. }
            | Self::Log { .. }
            | Self::AttachCase { .. }
            | Self::SetResident { .. }
            | Self::RegisterContact { .. } => doing.contacts(self)?,
            Self::WriteArticle { .. } | Self::TakeArticleFurther { .. } | Self::PlanEvent { .. } => {
                doing.knowledge(self)?
            }
            Self::Invite { .. }
            | Self::BeginSurvey { .. }
            | Self::SurveyAnswers { .. }
            | Self::CloseSurvey { .. } => doing.surveys(self)?,
            Self::RegisterCase { .. }
            | Self::Note { .. }
            | Self::Status { .. }
            | Self::Solve { .. }
            | Self::Reopen { .. }
            | Self::ShareLink { .. }
            | Self::ReplaceLink { .. }
            | Self::RevokeLinks { .. }
            | Self::OpenCase { .. } => doing.cases(self)?,
            _ => doing.questions(self)?,
        };
        Ok(done.unwrap_or_else(|| "nothing to do it with".to_owned()))
    }
}

/// A command being carried out. Each part gives none if what the command is about is not there.
struct Doing<'a, 's> {
    s: &'a mut Session<'s>,
    ctx: &'a Context,
    settings: &'a CaseSettings,
    rules: &'a SurveyRules,
    known: &'a Known,
    learned: &'a mut Vec<Learned>,
}

/// The known thing at an index, or this command comes to nothing.
macro_rules! find {
    ($all:expr, $n:expr) => {
        match nth(&$all, *$n) {
            Some(found) => found,
            None => return Ok(None),
        }
    };
}

impl Doing<'_, '_> {
    fn people(&mut self, command: &Command) -> Result<Option<String>, Refused> {
        let owned = |all: &[&str], n: &Option<N>| n.and_then(|n| nth(all, n)).map(str::to_owned);
        match command {
            Command::FindResident { telephone, email, name } => {
                let reach = Reach { telephone: owned(TELEPHONES, telephone), email: owned(EMAILS, email) };
                let found = people::residents::commands::find_or_create(
                    self.s,
                    self.ctx,
                    &reach,
                    Some(&text(*name)),
                    Language::Swedish,
                )?;
                self.learned.push(Learned::Resident(found.id));
                Ok(Some(format!("{found:?}")))
            }
            Command::ChangeResident { resident, name, telephone, protected, opt_out } => {
                let cmd = ChangeResident {
                    name: name.map(text),
                    telephone: owned(TELEPHONES, telephone),
                    protected: *protected,
                    survey_opt_out: *opt_out,
                    ..ChangeResident::default()
                };
                let resident = find!(self.known.residents, resident);
                Ok(Some(format!(
                    "{:?}",
                    people::residents::commands::change(self.s, self.ctx, resident, &cmd)?
                )))
            }
            Command::OfficerActive { officer, active } => {
                let officer = find!(self.known.officers, officer);
                people::directory::commands::set_officer_active(self.s, self.ctx, officer, *active)?;
                Ok(Some(String::new()))
            }
            _ => Ok(None),
        }
    }

    fn contacts(&mut self, command: &Command) -> Result<Option<String>, Refused> {
        let (known, ctx) = (self.known, self.ctx);
        let group = |n: &Option<N>| -> Option<AnswerGroupId> { n.and_then(|n| nth(&known.groups, n)) };
        let resident = |n: &Option<N>| -> Option<ResidentId> { n.and_then(|n| nth(&known.residents, n)) };
        let answer = match command {
            Command::Arrive { number, resident: whose, group: to, again } => {
                // The same arrival may be told twice.
                let again = again.and_then(|n| nth(&known.contacts, n));
                let cmd = contacts::Arrive {
                    contact: again.unwrap_or_else(|| ctx.next_id()),
                    resident: resident(whose),
                    caller_number: number.map(|n| format!("+4670123456{}", n % 10)),
                    group: group(to),
                };
                self.learned.push(Learned::Contact(cmd.contact));
                contact::arrive(self.s, ctx, &cmd)?.to_string()
            }
            Command::Queued { contact } => {
                contact::mark_queued(self.s, ctx, find!(known.contacts, contact))?.to_string()
            }
            Command::Answered { contact, guide } => {
                let guide = find!(known.guides, guide);
                contact::mark_answered(self.s, ctx, find!(known.contacts, contact), guide)?.to_string()
            }
            Command::Ended { contact, ending, guide } => {
                let ending = find!(ENDINGS, ending);
                let guide = guide.and_then(|n| nth(&known.guides, n));
                contact::mark_ended(self.s, ctx, find!(known.contacts, contact), ending, guide)?.to_string()
            }
            Command::Log { contact, case_type, outcome, text: note, .. } => {
                let cmd = contacts::Log {
                    contact: find!(known.contacts, contact),
                    case_type: find!(known.case_types, case_type),
                    outcome: find!(ContactOutcome::ALL, outcome),
                    note: text(*note),
                };
                format!("{:?}", contact::log(self.s, ctx, &cmd)?)
            }
            Command::AttachCase { contact, case } => {
                let (contact, case) = (find!(known.contacts, contact), find!(known.cases, case));
                contact::attach_case(self.s, ctx, contact, case)?;
                String::new()
            }
            Command::SetResident { contact, resident } => {
                let (contact, resident) = (find!(known.contacts, contact), find!(known.residents, resident));
                contact::set_resident(self.s, ctx, contact, resident)?;
                String::new()
            }
            Command::RegisterContact { channel, resident: whose, group: to, logged, ago_min, text: note } => {
                let logged = match logged {
                    Some((case_type, outcome)) => {
                        Some((find!(known.case_types, case_type), find!(ContactOutcome::ALL, outcome)))
                    }
                    None => None,
                };
                let cmd = contacts::Register {
                    channel: find!(Channel::ALL, channel),
                    resident: resident(whose),
                    group: group(to),
                    guide: known.guides.first().copied(),
                    arrived_at: Some(ctx.now - SignedDuration::from_mins(*ago_min)),
                    logged,
                    note: text(*note),
                };
                let made = contact::register(self.s, ctx, &cmd)?;
                self.learned.push(Learned::Contact(made.id));
                format!("{made:?}")
            }
            _ => return Ok(None),
        };
        Ok(Some(answer))
    }

    fn cases(&mut self, command: &Command) -> Result<Option<String>, Refused> {
        let (known, ctx, settings) = (self.known, self.ctx, self.settings);
        let answer = match command {
            Command::RegisterCase { case_type, text: words, resident, contact, secrecy, key, .. } => {
                let contact = contact.and_then(|n| nth(&known.contacts, n));
                let direct = case::Origin::Direct { channel: Channel::Web, arrival_day: None };
                let cmd = case::RegisterCase {
                    title: text(*words).replace('\n', " "),
                    description: text(*words + 1),
                    resident_id: resident.and_then(|n| nth(&known.residents, n)),
                    secrecy_class: secrecy.and_then(|n| nth(SecrecyClass::ALL, n)),
                    idempotency_key: key.map(|n| format!("key {}", n % 3)),
                    ..case::RegisterCase::new(
                        find!(known.case_types, case_type),
                        contact.map_or(direct, case::Origin::Contact),
                    )
                };
                let made = case::register(self.s, ctx, &cmd)?;
                self.learned.push(Learned::Case(made.case.id));
                format!("{made:?}")
            }
            Command::Note { case, text: words, public, .. } => {
                let cmd =
                    case::AddNote { case_id: find!(known.cases, case), text: text(*words), public: *public };
                format!("{:?}", case::add_note(self.s, ctx, settings, &cmd)?)
            }
            Command::Status { case, change, days } => {
                let until = local_day(ctx.now + SignedDuration::from_hours(24 * days));
                let change = match change % 4 {
                    0 => case::Change::Begin,
                    1 => case::Change::WaitForResident,
                    2 => case::Change::SuspendUntil(until),
                    _ => case::Change::Resume,
                };
                format!("{:?}", case::change_status(self.s, ctx, settings, find!(known.cases, case), change)?)
            }
            Command::Solve { case, outcome, text: words } => {
                let cmd = case::Solve {
                    case_id: find!(known.cases, case),
                    outcome: find!(CaseOutcome::ALL, outcome),
                    answer: text(*words),
                };
                format!("{:?}", case::solve(self.s, ctx, settings, &cmd)?)
            }
            Command::Reopen { case } => {
                format!("{:?}", case::reopen(self.s, ctx, settings, find!(known.cases, case))?)
            }
            Command::ShareLink { case } => {
                let shared = case::share_link(self.s, ctx, settings, find!(known.cases, case))?;
                self.learn_link(shared)
            }
            Command::ReplaceLink { case } => {
                let shared = case::replace_link(self.s, ctx, settings, find!(known.cases, case))?;
                self.learn_link(shared)
            }
            Command::RevokeLinks { case } => {
                case::revoke_links(self.s, ctx, find!(known.cases, case))?.to_string()
            }
            Command::OpenCase { case, .. } => {
                let viewer = cases::Viewer::of(ctx.actor);
                format!("{:?}", case::open_case(self.s, ctx, viewer, find!(known.cases, case))?)
            }
            _ => return Ok(None),
        };
        Ok(Some(answer))
    }

    fn learn_link(&mut self, shared: case::SharedLink) -> String {
        if let Some((_, token)) = shared.address.split_once(RESIDENT_PATH) {
            self.learned.push(Learned::ResidentToken(token.to_owned()));
        }
        format!("{shared:?}")
    }

    fn learn_question(&mut self, asked: case::Forwarded) -> String {
        assert!(asked.path().starts_with(OFFICER_PATH));
        self.learned.push(Learned::Asked(asked.follow_up.id, asked.token.clone()));
        format!("{asked:?}")
    }

    fn questions(&mut self, command: &Command) -> Result<Option<String>, Refused> {
        let (known, ctx, settings) = (self.known, self.ctx, self.settings);
        let answer = match command {
            Command::Forward { case, officer, text: words } => {
                let cmd = case::Forward {
                    case_id: find!(known.cases, case),
                    officer_id: officer.and_then(|n| nth(&known.officers, n)),
                    message: text(*words),
                    due_working_days: None,
                };
                let asked = case::forward(self.s, ctx, settings, &cmd)?;
                self.learn_question(asked)
            }
            Command::ChangeRecipient { follow_up, officer, text: words } => {
                let cmd = case::ChangeRecipient {
                    follow_up_id: find!(known.follow_ups, follow_up),
                    officer_id: find!(known.officers, officer),
                    message: text(*words),
                };
                let asked = case::change_recipient(self.s, ctx, settings, &cmd)?;
                self.learn_question(asked)
            }
            Command::Withdraw { follow_up } => {
                format!("{:?}", case::withdraw(self.s, ctx, settings, find!(known.follow_ups, follow_up))?)
            }
            Command::OfficerAnswer { token, answer, text: words, days } => {
                let until = local_day(ctx.now + SignedDuration::from_hours(24 * days));
                let answer = match answer % 4 {
                    0 => case::OfficerAnswer::Done { text: text(*words), public: true },
                    1 => case::OfficerAnswer::Done { text: text(*words), public: false },
                    2 => case::OfficerAnswer::MoreTime { until, reason: text(*words) },
                    _ => case::OfficerAnswer::WrongRecipient {
                        reason: text(*words),
                        suggestion: String::new(),
                    },
                };
                let token = find!(known.officer_tokens, token);
                format!("{:?}", case::officer_answer(self.s, ctx, settings, &token, &answer)?)
            }
            Command::Task { task, end, officer, text: words, .. } => {
                let end = match end % 5 {
                    0 => case::TaskEnd::AnswerTaken { text: text(*words), public: true },
                    1 => case::TaskEnd::MoreTime {
                        until: local_day(ctx.now + SignedDuration::from_hours(72)),
                        reason: text(*words),
                    },
                    2 => case::TaskEnd::SentTo {
                        officer_id: find!(known.officers, officer),
                        message: text(*words),
                    },
                    3 => case::TaskEnd::ResidentTold { note: text(*words) },
                    _ => case::TaskEnd::NotNeeded { note: text(*words) },
                };
                format!("{:?}", case::complete_task(self.s, ctx, settings, find!(known.tasks, task), &end)?)
            }
            Command::MessageFate { message, fate } => {
                let fate = match fate % 4 {
                    0 => case::Fate::Sent,
                    1 => case::Fate::Kept,
                    2 => case::Fate::Delayed { reason: "451 försök igen\0" },
                    _ => case::Fate::Failed { code: "550", reason: "no such user" },
                };
                case::message_fate(self.s, ctx, find!(known.messages, message), fate)?;
                String::new()
            }
            _ => return Ok(None),
        };
        Ok(Some(answer))
    }

    fn knowledge(&mut self, command: &Command) -> Result<Option<String>, Refused> {
        let (known, ctx) = (self.known, self.ctx);
        let answer = match command {
            Command::WriteArticle { slug, text: words, case_type } => {
                let slug = format!("artikel-{}", slug % 4);
                let (title, answer, body) = (text(*words), text(*words + 1), text(*words + 2));
                let mut draft = ArticleDraft::internal(&slug, &title, &answer, &body, &text(*words + 3));
                draft.content.department = nth(&known.departments, *words);
                draft.content.case_types =
                    case_type.and_then(|n| nth(&known.case_types, n)).into_iter().collect();
                draft.content.owner = nth(&known.guides, *words);
                draft.content.review_day = local_day(ctx.now).tomorrow().ok();
                let id = import_article(self.s, ctx, &draft, ArticleState::Published)?;
                self.learned.push(Learned::Article(id));
                id.to_string()
            }
            Command::TakeArticleFurther { article } => {
                use knowledge::commands::{archive, publish, restore, review};
                let id = find!(known.articles, article);
                let newest = knowledge::queries::newest(self.s, id)?.map_or(0, |article| article.newest);
                match article % 4 {
                    0 => review(self.s, ctx, id, newest)?,
                    1 => publish(self.s, ctx, id, newest)?,
                    2 => restore(self.s, ctx, id, newest, 1)?,
                    _ => archive(self.s, ctx, id, newest)?,
                };
                String::new()
            }
            Command::PlanEvent { text: words, begins_h, hours } => {
                let begins_at = ctx.now + SignedDuration::from_hours(*begins_h);
                let ends_at = begins_at + SignedDuration::from_hours(*hours);
                let draft = ahead::EventDraft::new(text(*words), begins_at, Some(ends_at))
                    .told(text(*words + 1), text(*words + 2));
                ahead::commands::plan_event(self.s, ctx, &draft)?.to_string()
            }
            _ => return Ok(None),
        };
        Ok(Some(answer))
    }

    fn surveys(&mut self, command: &Command) -> Result<Option<String>, Refused> {
        let (known, ctx) = (self.known, self.ctx);
        let answer = match command {
            Command::Invite { contact } => {
                let decided =
                    surveys::commands::decide(self.s, ctx, self.rules, find!(known.contacts, contact))?;
                if let Ok(invitation) = decided {
                    self.learned.push(Learned::Invitation(invitation));
                }
                format!("{decided:?}")
            }
            Command::BeginSurvey { invitation } => {
                let invitation = find!(known.invitations, invitation);
                format!("{:?}", surveys::commands::begin_call(self.s, ctx, self.rules, invitation)?)
            }
            Command::SurveyAnswers { group, scores } => {
                let group = group.and_then(|n| nth(&known.groups, n));
                let sheet = AnswerSheet { questionnaire: SIX_PARAMETERS, group };
                let answers = Parameter::ALL.iter().zip(scores);
                let answers: Vec<Answer> = answers
                    .map(|(parameter, score)| Answer { parameter: *parameter, score: *score })
                    .collect();
                surveys::commands::record_answers(self.s, ctx, &sheet, &answers)?;
                String::new()
            }
            Command::CloseSurvey { invitation } => {
                surveys::commands::close(self.s, ctx, find!(known.invitations, invitation))?;
                String::new()
            }
            _ => return Ok(None),
        };
        Ok(Some(answer))
    }
}

/// What happens before chance takes over, so that it has something of each kind to work on: a call that is handled and
/// whose resident is to be asked about it, a case that an officer has answered, and one that none answered for ten days.
pub fn opening() -> Vec<Command> {
    let register = |case_type, text, secrecy| Command::RegisterCase {
        guide: 0,
        case_type,
        text,
        resident: Some(0),
        contact: None,
        secrecy,
        key: None,
    };
    vec![
        Command::FindResident { telephone: Some(0), email: Some(0), name: 5 },
        Command::FindResident { telephone: None, email: Some(1), name: 1 },
        Command::Arrive { number: Some(7), resident: Some(0), group: Some(0), again: None },
        Command::Queued { contact: 0 },
        Command::Pass { minutes: 1 },
        Command::Answered { contact: 0, guide: 0 },
        Command::Arrive { number: None, resident: None, group: None, again: None },
        register(0, 1, None),
        register(1, 2, None),
        Command::AttachCase { contact: 0, case: 0 },
        Command::Pass { minutes: 3 },
        Command::Ended { contact: 0, ending: 0, guide: Some(0) },
        Command::Invite { contact: 0 },
        Command::Forward { case: 0, officer: None, text: 1 },
        Command::Forward { case: 1, officer: None, text: 0 },
        Command::ShareLink { case: 0 },
        Command::OfficerAnswer { token: 0, answer: 1, text: 4, days: 1 },
        Command::Pass { minutes: 10 * 24 * 60 },
    ]
}

fn maybe<T: Strategy>(what: T) -> impl Strategy<Value = Option<T::Value>>
where
    T::Value: Clone,
{
    prop::option::weighted(0.7, what)
}

/// Any command; those that others build on more often.
pub fn any_command() -> impl Strategy<Value = Command> {
    prop_oneof![
        6 => about_people_and_contacts(),
        8 => about_cases(),
        2 => about_surveys(),
        1 => about_knowledge(),
        2 => prop_oneof![1..30_u32, 60..600_u32, 1_440..15_000_u32].prop_map(|minutes| Command::Pass { minutes }),
    ]
}

fn about_people_and_contacts() -> impl Strategy<Value = Command> {
    let n = || 0..12_usize;
    prop_oneof![
        3 => (maybe(n()), maybe(n()), n())
            .prop_map(|(telephone, email, name)| Command::FindResident { telephone, email, name }),
        1 => (n(), maybe(n()), maybe(n()), maybe(any::<bool>()), maybe(any::<bool>())).prop_map(
            |(resident, name, telephone, protected, opt_out)| Command::ChangeResident { resident, name, telephone, protected, opt_out }
        ),
        1 => (n(), prop::bool::weighted(0.8)).prop_map(|(officer, active)| Command::OfficerActive { officer, active }),
        4 => (maybe(n()), maybe(n()), maybe(n()), prop::option::weighted(0.1, n()))
            .prop_map(|(number, resident, group, again)| Command::Arrive { number, resident, group, again }),
        2 => n().prop_map(|contact| Command::Queued { contact }),
        3 => (n(), n()).prop_map(|(contact, guide)| Command::Answered { contact, guide }),
        3 => (n(), n(), maybe(n())).prop_map(|(contact, ending, guide)| Command::Ended { contact, ending, guide }),
        2 => (n(), n(), n(), n(), n()).prop_map(
            |(guide, contact, case_type, outcome, text)| Command::Log { guide, contact, case_type, outcome, text }
        ),
        1 => (n(), n()).prop_map(|(contact, case)| Command::AttachCase { contact, case }),
        1 => (n(), n()).prop_map(|(contact, resident)| Command::SetResident { contact, resident }),
        2 => (n(), maybe(n()), maybe(n()), maybe((n(), n())), -5..5_000_i64, n()).prop_map(
            |(channel, resident, group, logged, ago_min, text)| Command::RegisterContact { channel, resident, group, logged, ago_min, text }
        ),
    ]
}

fn about_cases() -> impl Strategy<Value = Command> {
    let n = || 0..12_usize;
    let days = || -2..40_i64;
    prop_oneof![
        5 => (n(), n(), n(), maybe(n()), prop::option::weighted(0.3, n()), maybe(n()), prop::option::weighted(0.3, n())).prop_map(
            |(guide, case_type, text, resident, contact, secrecy, key)| Command::RegisterCase { guide, case_type, text, resident, contact, secrecy, key }
        ),
        4 => (n(), maybe(n()), n()).prop_map(|(case, officer, text)| Command::Forward { case, officer, text }),
        1 => (n(), n(), n()).prop_map(|(follow_up, officer, text)| Command::ChangeRecipient { follow_up, officer, text }),
        1 => n().prop_map(|follow_up| Command::Withdraw { follow_up }),
        3 => (n(), n(), n(), days()).prop_map(|(token, answer, text, days)| Command::OfficerAnswer { token, answer, text, days }),
        2 => (n(), n(), n(), any::<bool>()).prop_map(|(guide, case, text, public)| Command::Note { guide, case, text, public }),
        2 => (n(), n(), days()).prop_map(|(case, change, days)| Command::Status { case, change, days }),
        1 => (n(), n(), n()).prop_map(|(case, outcome, text)| Command::Solve { case, outcome, text }),
        1 => n().prop_map(|case| Command::Reopen { case }),
        2 => (n(), n(), n(), n(), n()).prop_map(|(guide, task, end, officer, text)| Command::Task { guide, task, end, officer, text }),
        1 => n().prop_map(|case| Command::ShareLink { case }),
        1 => n().prop_map(|case| Command::ReplaceLink { case }),
        1 => n().prop_map(|case| Command::RevokeLinks { case }),
        1 => (n(), n()).prop_map(|(guide, case)| Command::OpenCase { guide, case }),
        2 => (n(), n()).prop_map(|(message, fate)| Command::MessageFate { message, fate }),
    ]
}

fn about_knowledge() -> impl Strategy<Value = Command> {
    let n = || 0..12_usize;
    prop_oneof![
        3 => (n(), n(), maybe(n()))
            .prop_map(|(slug, text, case_type)| Command::WriteArticle { slug, text, case_type }),
        1 => n().prop_map(|article| Command::TakeArticleFurther { article }),
        2 => (n(), -30..30_i64, -2..50_i64)
            .prop_map(|(text, begins_h, hours)| Command::PlanEvent { text, begins_h, hours }),
    ]
}

fn about_surveys() -> impl Strategy<Value = Command> {
    let n = || 0..12_usize;
    prop_oneof![
        3 => n().prop_map(|contact| Command::Invite { contact }),
        1 => n().prop_map(|invitation| Command::BeginSurvey { invitation }),
        2 => (maybe(n()), prop::collection::vec(1..7_u8, 0..6)).prop_map(|(group, scores)| Command::SurveyAnswers { group, scores }),
        1 => n().prop_map(|invitation| Command::CloseSurvey { invitation }),
    ]
}
