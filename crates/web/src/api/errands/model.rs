//! An errand as it is sent and read.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// What an errand is about: the heading of a case type, and its code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Classification {
    /// The heading: a case type's category.
    pub category: String,
    /// The case type's code.
    #[serde(rename = "type")]
    pub kind: String,
}

/// A way to reach somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContactChannel {
    /// `EMAIL`, `PHONE` or another word.
    #[serde(rename = "type")]
    pub kind: String,
    /// The address or the number.
    pub value: String,
}

/// Something more that is said, by its key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Parameter {
    /// Its key.
    pub key: String,
    /// As people read it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// What it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// What is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub values: Option<Vec<String>>,
}

/// Another system's word for the errand, by its key. Each key once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExternalTag {
    /// The key.
    pub key: String,
    /// The word.
    pub value: String,
}

/// Somebody with a part in the errand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Stakeholder {
    /// Another system's id of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// What kind of id that is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id_type: Option<String>,
    /// Which part: `PRIMARY`, `CONTACT` and so on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// City.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// Company, association or authority.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization_name: Option<String>,
    /// First name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// Last name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// Street and number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Care of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub care_of: Option<String>,
    /// Zip code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zip_code: Option<String>,
    /// Country.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// Ways to reach them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact_channels: Option<Vec<ContactChannel>>,
    /// More that is said of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameters: Option<Vec<Parameter>>,
}

/// How long an errand rests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Suspension {
    /// From when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspended_from: Option<String>,
    /// Until when: the errand wakes on that day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspended_to: Option<String>,
}

/// What is left to be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ActiveNotification {
    /// Id.
    pub id: Uuid,
    /// Since when.
    pub created: String,
    /// What: `call_officer`, `find_recipient`, `tell_resident` and so on.
    #[serde(rename = "type")]
    pub kind: String,
    /// Never: what is acknowledged is not listed.
    pub acknowledged: bool,
}

/// What a client may say of an errand. What is left out, or null, stays as it is; an empty text or list clears.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ErrandInput {
    /// Title.
    #[schema(max_length = 200)]
    pub title: Option<String>,
    /// `LOW`, `MEDIUM`, `HIGH` or `URGENT`.
    pub priority: Option<String>,
    /// Those with a part in it.
    pub stakeholders: Option<Vec<Stakeholder>>,
    /// Other systems' words for it.
    pub external_tags: Option<Vec<ExternalTag>>,
    /// More that is said of it.
    pub parameters: Option<Vec<Parameter>>,
    /// What it is about.
    pub classification: Option<Classification>,
    /// `NEW`, `ONGOING`, `PENDING`, `AWAITING_INTERNAL_RESPONSE`, `SUSPENDED`, `SOLVED` or `REOPENED`.
    pub status: Option<String>,
    /// How it ended: `SOLVED`, `SELF_SERVICE`, `CONNECTED`, `REFERRED`, `FORWARDED`, `OTHER`, or a word of one's own.
    pub resolution: Option<String>,
    /// What was told.
    #[schema(max_length = 20000)]
    pub description: Option<String>,
    /// How it came in: `PHONE`, `EMAIL`, `ESERVICE`, `IN_PERSON`, or a word of one's own.
    pub channel: Option<String>,
    /// Who made it, in the client's words.
    pub reporter_user_id: Option<String>,
    /// Who has it: a guide's sign-in name, or a word of one's own.
    pub assigned_user_id: Option<String>,
    /// Which group has it: an answer group's code, or a word of one's own.
    pub assigned_group_id: Option<String>,
    /// Where to escalate.
    pub escalation_email: Option<String>,
    /// Why contact was made.
    pub contact_reason: Option<String>,
    /// The same in more words.
    pub contact_reason_description: Option<String>,
    /// How long it rests; needed with `SUSPENDED`.
    pub suspension: Option<Suspension>,
    /// Whether it concerns a business.
    pub business_related: Option<bool>,
    /// Labels, each a text or an object.
    #[schema(value_type = Option<Vec<Object>>)]
    pub labels: Option<Vec<serde_json::Value>>,
}

/// An errand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Errand {
    /// Id: the case's.
    pub id: Uuid,
    /// Number: the case's, such as `KC-26110001`.
    pub errand_number: String,
    /// Title.
    pub title: String,
    /// `LOW`, `MEDIUM`, `HIGH` or `URGENT`.
    pub priority: String,
    /// Those with a part in it.
    pub stakeholders: Vec<Stakeholder>,
    /// Other systems' words for it.
    pub external_tags: Vec<ExternalTag>,
    /// More that is said of it.
    pub parameters: Vec<Parameter>,
    /// What it is about.
    pub classification: Classification,
    /// Where it stands.
    pub status: String,
    /// How it ended, or what a client said of that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolution: Option<String>,
    /// What was told.
    pub description: String,
    /// How it came in.
    pub channel: String,
    /// Who made it, in the client's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reporter_user_id: Option<String>,
    /// Who has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assigned_user_id: Option<String>,
    /// Which group has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assigned_group_id: Option<String>,
    /// Where to escalate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub escalation_email: Option<String>,
    /// Why contact was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact_reason: Option<String>,
    /// The same in more words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact_reason_description: Option<String>,
    /// How long it rests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspension: Option<Suspension>,
    /// Whether it concerns a business.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub business_related: Option<bool>,
    /// Labels.
    #[schema(value_type = Vec<Object>)]
    pub labels: Vec<serde_json::Value>,
    /// What is left to be done.
    pub active_notifications: Vec<ActiveNotification>,
    /// When it was registered.
    pub created: String,
    /// When it last changed.
    pub modified: String,
    /// The same.
    pub touched: String,
}

/// A page of errands, in the shape Spring gives pages.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ErrandPage {
    /// The errands.
    pub content: Vec<Errand>,
    /// How many there are in all, counted to 10 000.
    pub total_elements: usize,
    /// How many pages that is.
    pub total_pages: usize,
    /// Errands on a page.
    pub size: usize,
    /// Which page, from 0.
    pub number: usize,
    /// Errands on this page.
    pub number_of_elements: usize,
    /// Whether it is the first.
    pub first: bool,
    /// Whether it is the last.
    pub last: bool,
    /// Whether it is empty.
    pub empty: bool,
}
