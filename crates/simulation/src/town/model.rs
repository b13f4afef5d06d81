//! What a town's files say. The field names are those of the files.

use super::{
    Article, Assignment, CallIn, Event, PastCrisis, PastSearch, Referral, Series, StandardCheck, SynonymSet,
};
use serde::Deserialize;
use vocabulary::{Role, SecrecyClass};

/// A town.
#[derive(Clone, Debug)]
pub struct Town {
    /// Its name, without "kommun".
    pub name: String,
    /// The number residents call who do not know any other, E.164.
    pub main_number: String,
    /// Where calls go when the centre is closed, E.164.
    pub switchboard: String,
    /// Who answers what.
    pub groups: Vec<AnswerGroup>,
    /// The departments.
    pub departments: Vec<Department>,
    /// The specialists.
    pub officers: Vec<Officer>,
    /// Who signs in.
    pub users: Vec<User>,
    /// What cases are about.
    pub case_types: Vec<CaseType>,
    /// What is known.
    pub articles: Vec<Article>,
    /// What is going on.
    pub events: Vec<Event>,
    /// Standing meetings with the departments.
    pub meetings: Vec<Series>,
    /// What the departments have handed over.
    pub assignments: Vec<Assignment>,
    /// Where to turn with what others own.
    pub referrals: Vec<Referral>,
    /// What is said of the standard's points.
    pub standard: Vec<StandardCheck>,
    /// Words that mean the same in a search.
    pub synonyms: Vec<SynonymSet>,
    /// What was searched before the demo.
    pub searches: Vec<PastSearch>,
    /// Crises before the demo.
    pub crises: Vec<PastCrisis>,
    /// Who can be called in.
    pub call_in: Vec<CallIn>,
    /// What becomes of closed cases; a town without such a file weeds nothing out.
    pub retention: Vec<RetentionRule>,
    /// Mailboxes, templates and the desk's queues, and the letters that lie there; a town may have none.
    pub mail: Mail,
    /// Who calls.
    pub residents: Residents,
    /// What can be booked.
    pub resources: Vec<Resource>,
    /// Who is called out.
    pub contractors: Vec<Contractor>,
    /// The definitions of processes: the file's path and its text.
    pub processes: Vec<(String, String)>,
}

impl Town {
    /// The users whom the demo leaves to persons, one line each for whoever wants to sign in.
    pub fn unmanned(&self) -> impl Iterator<Item = &User> {
        self.users.iter().filter(|user| !user.manned || user.role != Role::Guide)
    }

    /// The case type with this code.
    #[must_use]
    pub fn case_type(&self, code: &str) -> Option<&CaseType> {
        self.case_types.iter().find(|case_type| case_type.code == code)
    }

    /// The answer group whose area a department is.
    #[must_use]
    pub fn group_of(&self, department: &str) -> Option<&AnswerGroup> {
        self.groups.iter().find(|group| group.area.iter().any(|code| code == department))
    }
}

/// `town.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TownFile {
    pub name: String,
    pub switchboard: String,
    pub main_number: MainNumber,
    pub answer_group: Vec<AnswerGroup>,
    pub department: Vec<Department>,
}

/// The number of the whole town.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MainNumber {
    /// E.164.
    pub number: String,
}

/// An answer group.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerGroup {
    /// Short code, unique.
    pub code: String,
    /// Name.
    pub name: String,
    /// Its own number, E.164; none takes what no other group has.
    pub dialled: Option<String>,
    /// The codes of the departments whose matters it knows best.
    pub area: Vec<String>,
}

/// A department.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the fields are those of people::directory::Department")]
pub struct Department {
    pub code: String,
    pub name: String,
    pub board: String,
    pub escalation_email: String,
}

/// `officers.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OfficersFile {
    pub officer: Vec<Officer>,
}

/// How an officer answers in the demo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answers {
    /// Within hours.
    Quick,
    /// Within days.
    Slow,
    /// Not at all, so that reminders and call tasks are seen.
    Never,
}

/// An officer.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Officer {
    /// Name.
    pub name: String,
    /// Title.
    pub title: String,
    /// Unique.
    pub email: String,
    /// E.164.
    pub telephone: String,
    /// The code of the department.
    pub department: String,
    /// How they answer in the demo.
    pub answers: Answers,
    /// Whether it is a function's address, which several read, and no person.
    #[serde(default)]
    pub function: bool,
}

/// `users.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct UsersFile {
    pub user: Vec<User>,
}

/// When somebody works in the demo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shift {
    /// From opening.
    Early,
    /// Over the middle of the day.
    Middle,
    /// To closing.
    Late,
}

/// Somebody who signs in.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct User {
    /// Unique.
    pub sign_in: String,
    /// Name.
    pub name: String,
    /// What they are trusted with.
    pub role: Role,
    /// Hourly staff.
    #[serde(default)]
    pub hourly: bool,
    /// The code of the own answer group.
    pub home: Option<String>,
    /// The codes of the groups they help when queues grow, in the order they do it.
    #[serde(default)]
    pub helps: Vec<String>,
    /// The boards whose restricted cases they may not open; they may those of all others.
    #[serde(default)]
    pub without_boards: Vec<String>,
    /// When they work; none does not take calls in the demo.
    pub shift: Option<Shift>,
    /// Whether the demo works in their place; otherwise the account is for a person.
    #[serde(default = "yes")]
    pub manned: bool,
}

fn yes() -> bool {
    true
}

/// When an answer that does not come is reminded of, phoned about and escalated, in working days.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the fields are those of cases::Terms")]
pub struct CaseTerms {
    pub reminder: u16,
    pub second_reminder: u16,
    pub call_task: u16,
    pub escalation: u16,
}

/// `case_types.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CaseTypesFile {
    pub case_type: Vec<CaseType>,
}

/// What cases are about.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseType {
    /// Short code, unique.
    pub code: String,
    /// The heading it is found under.
    pub category: String,
    /// As guides say it.
    pub name: String,
    /// In residents' words, separated by commas.
    pub keywords: String,
    /// The code of the department.
    pub department: String,
    /// The e-mail address of the officer who gets its cases when nobody else is chosen.
    pub officer: String,
    /// How secret its cases are kept at least.
    pub secrecy: SecrecyClass,
    /// When its cases may be weeded out.
    pub retention: String,
    /// Working days an officer has to answer.
    pub due_working_days: u16,
    /// Who is asked when the officer is away, by e-mail address, in order.
    #[serde(default)]
    pub substitutes: Vec<String>,
    /// What the department wants to know.
    #[serde(default)]
    pub checklist: Vec<String>,
    /// Reminder, second reminder, call task and escalation, in working days; none takes the house's.
    pub terms: Option<CaseTerms>,
    /// What residents are told happens with such cases.
    pub public_text: String,
    /// Whether residents may report it through Open311.
    #[serde(default)]
    pub open311: bool,
    /// How common it is in the demo, relative to the others.
    pub calls: u32,
    /// How many of a hundred calls are solved directly.
    pub solved: u32,
    /// The sound file, without `.wav`, that is heard of the resident; none takes any.
    pub voice: Option<String>,
    /// What residents tell; `{street}` and `{n}` stand for an address.
    pub stories: Vec<String>,
    /// What officers answer.
    pub answers: Vec<String>,
}

/// `retention.toml`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RetentionFile {
    pub rule: Vec<RetentionRule>,
}

/// What becomes of the cases whose type's `retention` is this rule's code.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the fields are those of records::retention::Rule")]
pub struct RetentionRule {
    pub code: String,
    pub keep_months: u32,
    pub counted_from: records::retention::CountedFrom,
    pub action: records::retention::RetentionAction,
    pub basis: String,
}

/// `mail.toml`: what concerns letters and the desk.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// The addresses residents write to.
    #[serde(default)]
    pub mailbox: Vec<TownMailbox>,
    /// Texts to answer with.
    #[serde(default)]
    pub template: Vec<TownTemplate>,
    /// The desk's queues.
    #[serde(default)]
    pub desk: Vec<TownDesk>,
    /// Letters of the days before the demo.
    #[serde(default)]
    pub letter: Vec<PastLetter>,
}

/// An address residents write to.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TownMailbox {
    pub address: String,
    pub name: String,
    pub group: Option<String>,
    pub days: u16,
    pub takes_web: bool,
    pub signature: String,
}

/// A text to answer with.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TownTemplate {
    pub name: String,
    pub text: String,
}

/// A queue at the desk.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TownDesk {
    pub letter: String,
    pub name: String,
}

/// A letter that came before the demo began.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PastLetter {
    /// The mailbox's address.
    pub mailbox: String,
    /// Who wrote it.
    pub name: String,
    /// From where.
    pub email: String,
    /// What stands above it.
    pub subject: String,
    /// What it says.
    pub text: String,
    /// When it came, in hours before the demo's beginning.
    pub hours_ago: u32,
    /// What was answered; none: it still waits.
    pub answer: Option<String>,
    /// The code of the case type it was logged as; none: it still is to be.
    pub case_type: Option<String>,
}

/// `bookings.toml`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BookingsFile {
    #[serde(default)]
    pub resource: Vec<Resource>,
    #[serde(default)]
    pub contractor: Vec<Contractor>,
}

/// What can be booked.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resource {
    /// Short code, unique.
    pub code: String,
    /// Name.
    pub name: String,
    /// Where it is, as residents are told.
    pub place: String,
    /// How long a time is.
    pub slot_minutes: u16,
    /// How many can have the same time.
    pub capacity: u16,
    /// How many hours before a time it can be booked at the latest.
    pub notice_hours: u16,
    /// How many days before at the earliest.
    pub days_ahead: u16,
    /// When it can be booked.
    pub hours: vocabulary::OpeningHours,
}

/// A firm that is called out.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contractor {
    /// Short code, unique.
    pub code: String,
    /// Name.
    pub name: String,
    /// E.164, answered day and night.
    pub telephone: String,
    /// Where it reads its mail.
    pub email: String,
    /// Whether the number takes text messages.
    pub texts: bool,
}

/// `residents.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Residents {
    /// The numbers they call from, first and last of each range.
    pub numbers: Vec<NumberRange>,
    /// Given names.
    pub given: Vec<String>,
    /// Family names.
    pub family: Vec<String>,
    /// Streets.
    pub streets: Vec<String>,
}

/// Numbers from the first to the last, both E.164 and of one length.
#[derive(Clone, Debug, Deserialize)]
pub struct NumberRange(pub String, pub String);

impl NumberRange {
    /// Each number of the range; none if the ends are not numbers of one length in order.
    pub fn each(&self) -> impl Iterator<Item = String> + use<> {
        let digits = |number: &str| number.strip_prefix('+').and_then(|digits| digits.parse::<u64>().ok());
        let (first, last) = (digits(&self.0), digits(&self.1));
        let sound = self.0.len() == self.1.len();
        let range = first.zip(last).filter(|_| sound).map(|(first, last)| first..=last);
        range.into_iter().flatten().map(|number| format!("+{number}"))
    }
}

impl CaseType {
    /// The terms of the assignment: its own, or the house's with its due time.
    ///
    /// # Errors
    /// They are out of range or out of order.
    pub fn terms(&self) -> Result<cases::Terms, cases::CasesError> {
        Ok(match self.terms {
            None => cases::Terms::default().with_due(self.due_working_days),
            Some(own) => cases::Terms::new(
                self.due_working_days,
                own.reminder,
                own.second_reminder,
                own.call_task,
                own.escalation,
            )?,
        })
    }
}
