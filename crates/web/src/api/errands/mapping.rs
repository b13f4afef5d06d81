//! The errand model's words and ours, each way. Where ours are fewer, what the client said is kept and given back as long
//! as it still says the same.

use super::model::{
    ActiveNotification, Classification, ContactChannel, Errand, ErrandInput, ExternalTag, Parameter,
    Stakeholder, Suspension,
};
use cases::errands::Told;
use cases::{Case, CaseType, StakeholderRole, Task};
use people::text;
use serde::{Deserialize, Serialize};
use vocabulary::{
    CaseOutcome, CaseStatus, Channel, GenericUuid as _, Priority, Timestamp, local_day, start_of_day,
    time_zone,
};

/// The words for where an errand stands, in our order of states.
const STATUSES: [(CaseStatus, &str); 7] = [
    (CaseStatus::New, "NEW"),
    (CaseStatus::Ongoing, "ONGOING"),
    (CaseStatus::WaitingForResident, "PENDING"),
    (CaseStatus::WaitingForDepartment, "AWAITING_INTERNAL_RESPONSE"),
    (CaseStatus::Suspended, "SUSPENDED"),
    (CaseStatus::Solved, "SOLVED"),
    (CaseStatus::Reopened, "REOPENED"),
];
const PRIORITIES: [(Priority, &str); 4] = [
    (Priority::Low, "LOW"),
    (Priority::Normal, "MEDIUM"),
    (Priority::High, "HIGH"),
    (Priority::Urgent, "URGENT"),
];
const OUTCOMES: [(CaseOutcome, &str); 6] = [
    (CaseOutcome::Solved, "SOLVED"),
    (CaseOutcome::SelfService, "SELF_SERVICE"),
    (CaseOutcome::Connected, "CONNECTED"),
    (CaseOutcome::Referred, "REFERRED"),
    (CaseOutcome::Forwarded, "FORWARDED"),
    (CaseOutcome::Other, "OTHER"),
];

fn word<T: Copy + PartialEq>(table: &[(T, &'static str)], one: T) -> &'static str {
    table.iter().find(|(known, _)| *known == one).map_or("", |(_, word)| word)
}

fn meant<T: Copy>(table: &[(T, &'static str)], word: &str) -> Result<T, String> {
    let allowed = || table.iter().map(|(_, word)| *word).collect::<Vec<_>>().join(", ");
    table
        .iter()
        .find(|(_, known)| *known == word)
        .map(|(one, _)| *one)
        .ok_or_else(|| format!("is one of {}", allowed()))
}

/// Where an errand stands, in the model's words.
pub fn status_word(status: CaseStatus) -> &'static str {
    word(&STATUSES, status)
}

/// What a word for where an errand stands means.
pub fn status_of(word: &str) -> Result<CaseStatus, String> {
    meant(&STATUSES, word)
}

/// What a word for how urgent an errand is means.
pub fn priority_of(word: &str) -> Result<Priority, String> {
    meant(&PRIORITIES, word)
}

/// How a case ended, by a client's word for it; a word of its own is something else.
pub fn outcome_of(word: &str) -> CaseOutcome {
    meant(&OUTCOMES, word).unwrap_or(match word {
        "REFERRED_VIA_RETURN" | "REFER_PHONE" => CaseOutcome::Referred,
        "REGISTERED_EXTERNAL_SYSTEM" => CaseOutcome::Forwarded,
        _ => CaseOutcome::Other,
    })
}

/// How a case came in, by a client's word for it.
pub fn channel_of(word: &str) -> Channel {
    match word {
        "PHONE" | "CALL" => Channel::Call,
        "EMAIL" => Channel::Email,
        "ESERVICE" | "ESERVICE_INTERNAL" | "WEB_UI" | "WEB" => Channel::Web,
        "IN_PERSON" | "VISIT" => Channel::Visit,
        _ => Channel::Api,
    }
}

const fn channel_word(channel: Channel) -> &'static str {
    match channel {
        Channel::Call => "PHONE",
        Channel::Email => "EMAIL",
        Channel::Web => "ESERVICE",
        Channel::Visit => "IN_PERSON",
        Channel::Api => "API",
    }
}

/// What a client has said that a case has no place for, or says in fewer words.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Kept {
    pub title: Option<String>,
    pub description: Option<String>,
    pub external_tags: Vec<ExternalTag>,
    pub parameters: Vec<Parameter>,
    pub resolution: Option<String>,
    pub channel: Option<String>,
    pub reporter_user_id: Option<String>,
    pub assigned_user_id: Option<String>,
    pub assigned_group_id: Option<String>,
    pub escalation_email: Option<String>,
    pub contact_reason: Option<String>,
    pub contact_reason_description: Option<String>,
    pub suspension: Option<Suspension>,
    pub business_related: Option<bool>,
    pub labels: Vec<serde_json::Value>,
}

impl Kept {
    /// What is kept once `said` is said, too.
    #[must_use]
    pub fn with(mut self, said: &ErrandInput) -> Self {
        let put = |place: &mut Option<String>, new: &Option<String>| {
            if let Some(new) = new {
                *place = (!new.is_empty()).then(|| new.clone());
            }
        };
        put(&mut self.title, &said.title);
        put(&mut self.description, &said.description);
        put(&mut self.resolution, &said.resolution);
        put(&mut self.channel, &said.channel);
        put(&mut self.reporter_user_id, &said.reporter_user_id);
        put(&mut self.assigned_user_id, &said.assigned_user_id);
        put(&mut self.assigned_group_id, &said.assigned_group_id);
        put(&mut self.escalation_email, &said.escalation_email);
        put(&mut self.contact_reason, &said.contact_reason);
        put(&mut self.contact_reason_description, &said.contact_reason_description);
        self.external_tags = said.external_tags.clone().unwrap_or(self.external_tags);
        self.parameters = said.parameters.clone().unwrap_or(self.parameters);
        self.labels = said.labels.clone().unwrap_or(self.labels);
        self.suspension = said.suspension.clone().or(self.suspension);
        self.business_related = said.business_related.or(self.business_related);
        self
    }
}

/// A stakeholder as a case shows them.
pub fn told(one: &Stakeholder) -> Told {
    let role = one.role.as_deref().unwrap_or_default().to_ascii_uppercase();
    let organisation = clipped(one.organization_name.as_deref(), text::NAME_CHARS_MAX);
    let role = match role.as_str() {
        "RELATIVE" | "GUARDIAN" | "AGENT" | "REPRESENTATIVE" => StakeholderRole::Relative,
        "AUTHORITY" => StakeholderRole::Authority,
        "COMPANY" | "ORGANIZATION" => StakeholderRole::Company,
        "PRIMARY" | "CONTACT" | "APPLICANT" | "REPORTER" | "PRIVATE" => StakeholderRole::Resident,
        _ if organisation.is_some() => StakeholderRole::Company,
        _ => StakeholderRole::Other,
    };
    let name = joined(&[&one.first_name, &one.last_name], " ");
    let care_of =
        one.care_of.as_ref().filter(|care_of| !care_of.is_empty()).map(|care_of| format!("c/o {care_of}"));
    let town = joined(&[&one.zip_code, &one.city], " ");
    let address = joined(&[&care_of, &one.address, &town, &one.country], ", ");
    let channel = |kind: &str| {
        let channels = one.contact_channels.iter().flatten();
        channels
            .filter(|channel| channel.kind.eq_ignore_ascii_case(kind))
            .map(|channel| channel.value.as_str())
            .next()
    };
    Told {
        role,
        name: clipped(name.as_deref(), text::NAME_CHARS_MAX),
        organisation,
        telephone: channel("PHONE").and_then(text::e164),
        email: channel("EMAIL").and_then(|typed| text::email("email", typed).ok()),
        address: clipped(address.as_deref(), cases::limits::ADDRESS_CHARS_MAX),
        fields: serde_json::to_string(one).unwrap_or_default(),
    }
}

fn joined(parts: &[&Option<String>], between: &str) -> Option<String> {
    let parts: Vec<&str> =
        parts.iter().filter_map(|part| part.as_deref()).filter(|part| !part.is_empty()).collect();
    (!parts.is_empty()).then(|| parts.join(between))
}

/// One line of at most so many characters, for showing; what was said is kept whole beside it.
fn clipped(text: Option<&str>, chars_max: usize) -> Option<String> {
    let line: String = text?.chars().filter(|c| !c.is_control()).take(chars_max).collect();
    let line = line.trim().to_owned();
    (!line.is_empty()).then_some(line)
}

/// A stakeholder as the model has them: as the client said, unless a guide has changed them since.
pub fn stakeholder(there: &cases::Stakeholder, fields: Option<&str>) -> Stakeholder {
    if let Some(said) = fields.and_then(|text| serde_json::from_str::<Stakeholder>(text).ok())
        && cases::errands::shown_as(there, &told(&said))
    {
        return said;
    }
    let channels = [("PHONE", &there.telephone), ("EMAIL", &there.email)];
    let channels: Vec<ContactChannel> = channels
        .into_iter()
        .filter_map(|(kind, value)| {
            value.clone().map(|value| ContactChannel { kind: kind.to_owned(), value })
        })
        .collect();
    let role = match there.role {
        StakeholderRole::Resident => "CONTACT",
        StakeholderRole::Relative => "RELATIVE",
        StakeholderRole::Company => "COMPANY",
        StakeholderRole::Authority => "AUTHORITY",
        StakeholderRole::Other => "OTHER",
    };
    let (first, last) = match there.name.as_deref().map(|name| name.rsplit_once(' ').unwrap_or((name, ""))) {
        Some((first, last)) => {
            (Some(first.to_owned()), Some(last.to_owned()).filter(|last| !last.is_empty()))
        }
        None => (None, None),
    };
    Stakeholder {
        role: Some(role.to_owned()),
        organization_name: there.organisation.clone(),
        first_name: first,
        last_name: last,
        address: there.address.clone(),
        contact_channels: (!channels.is_empty()).then_some(channels),
        ..Stakeholder::default()
    }
}

/// An instant as the model writes it: with Swedish time's offset.
pub fn instant(at: Timestamp) -> String {
    at.to_zoned(time_zone()).strftime("%Y-%m-%dT%H:%M:%S%.f%:z").to_string()
}

/// What a case looks like as an errand.
pub struct Seen {
    pub case: Case,
    pub case_type: CaseType,
    pub kept: Kept,
    pub stakeholders: Vec<Stakeholder>,
    pub tasks: Vec<Task>,
    /// The sign-in name of who has it, and whether the client's word means the same.
    pub assignee: Option<(String, bool)>,
    /// The code of the group that has it, and whether the client's word means the same.
    pub group: Option<(String, bool)>,
    /// Whether the client's word for who has it means nobody of ours.
    pub foreign: (bool, bool),
}

/// The client's word as long as it still says what is so.
fn held(kept: Option<&String>, ours: Option<(String, bool)>, foreign: bool) -> Option<String> {
    match (ours, kept) {
        (Some((_, true)), Some(kept)) => Some(kept.clone()),
        (Some((own, _)), _) => Some(own),
        (None, Some(kept)) if foreign => Some(kept.clone()),
        (None, _) => None,
    }
}

/// The errand.
pub fn errand(seen: Seen) -> Errand {
    let Seen { case, case_type, kept, stakeholders, tasks, assignee, group, foreign } = seen;
    let resolution = match (case.outcome, kept.resolution) {
        (Some(outcome), Some(said)) if outcome_of(&said) == outcome => Some(said),
        (Some(outcome), _) => Some(word(&OUTCOMES, outcome).to_owned()),
        (None, said) => said,
    };
    let rests = case.rests_until_day;
    let suspension = match (rests, kept.suspension) {
        (Some(day), Some(said)) if day_of(&said) == Some(day) => Some(said),
        (Some(day), _) => {
            Some(Suspension { suspended_from: None, suspended_to: Some(instant(start_of_day(day))) })
        }
        (None, said) => said,
    };
    let same = |said: Option<String>, now: &str| said.filter(|said| normal(said) == now);
    let channel = kept.channel.filter(|said| channel_of(said) == case.channel);
    Errand {
        id: case.id.into_untyped_uuid(),
        errand_number: case.number.to_string(),
        title: same(kept.title, &case.title).unwrap_or(case.title),
        priority: word(&PRIORITIES, case.priority).to_owned(),
        stakeholders,
        external_tags: kept.external_tags,
        parameters: kept.parameters,
        classification: Classification { category: case_type.category, kind: case_type.code },
        status: status_word(case.status).to_owned(),
        resolution,
        description: same(kept.description, &case.description).unwrap_or(case.description),
        channel: channel.unwrap_or_else(|| channel_word(case.channel).to_owned()),
        reporter_user_id: kept.reporter_user_id,
        assigned_user_id: held(kept.assigned_user_id.as_ref(), assignee, foreign.0),
        assigned_group_id: held(kept.assigned_group_id.as_ref(), group, foreign.1),
        escalation_email: kept.escalation_email,
        contact_reason: kept.contact_reason,
        contact_reason_description: kept.contact_reason_description,
        suspension,
        business_related: kept.business_related,
        labels: kept.labels,
        active_notifications: tasks
            .iter()
            .map(|task| ActiveNotification {
                id: task.id.into_untyped_uuid(),
                created: instant(task.created_at),
                kind: task.kind.to_string(),
                acknowledged: false,
            })
            .collect(),
        created: instant(case.registered_at),
        modified: instant(case.changed_at),
        touched: instant(case.changed_at),
    }
}

/// A text as a case keeps it: trimmed, with one kind of line end.
fn normal(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n").trim().to_owned()
}

/// The day on which a suspended errand wakes.
pub fn day_of(suspension: &Suspension) -> Option<vocabulary::civil::Date> {
    suspension.suspended_to.as_deref()?.parse::<Timestamp>().ok().map(local_day)
}
