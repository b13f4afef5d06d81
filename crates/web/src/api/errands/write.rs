//! Errands made and changed. Each request is one transaction: all of it is done, or nothing.

use super::mapping::{channel_of, day_of, outcome_of, priority_of, status_of, told};
use super::model::{Errand, ErrandInput};
use super::read::{group_of, kept, seen, user_of};
use super::{Problem, Refused, found, location, ours, unchanged, with_mark};
use crate::api::{Body, id};
use crate::{AppState, visit::Visit};
use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
};
use cases::commands::{self, Assignment, Change, Forward, Origin, RegisterCase, Solve};
use cases::errands;
use cases::{Case, CaseSettings, CaseType, FollowUpState, queries};
use people::residents::{Reach, commands::find_or_create};
use std::collections::BTreeSet;
use storage::Session;
use vocabulary::{CaseId, CaseStatus, Channel, Context, Language};

/// Longest short text of a client's own.
const LINE_CHARS_MAX: usize = 255;
/// Longest long text of a client's own.
const TEXT_CHARS_MAX: usize = 20_000;
/// Most of what a client may say of each sort.
const EACH_MAX: usize = 100;
/// All that is kept of a client's own words, in bytes.
const KEPT_BYTES_MAX: usize = 64 * 1024;

fn wrong(field: &str, message: impl Into<String>) -> Refused {
    Refused(Problem::field(field, message))
}

fn short(field: &str, text: Option<&String>) -> Result<(), Refused> {
    match text {
        Some(text) if text.chars().nth(LINE_CHARS_MAX).is_some() => {
            Err(wrong(field, format!("at most {LINE_CHARS_MAX} characters")))
        }
        Some(text) if text.chars().any(char::is_control) => {
            Err(wrong(field, "holds a character that cannot be shown"))
        }
        _ => Ok(()),
    }
}

/// Sees to it that what a client says can be kept and given back.
fn check(said: &ErrandInput) -> Result<(), Refused> {
    for (field, text) in [
        ("resolution", &said.resolution),
        ("channel", &said.channel),
        ("reporterUserId", &said.reporter_user_id),
        ("assignedUserId", &said.assigned_user_id),
        ("assignedGroupId", &said.assigned_group_id),
        ("contactReason", &said.contact_reason),
    ] {
        short(field, text.as_ref())?;
    }
    if let Some(email) = said.escalation_email.as_ref().filter(|email| !email.is_empty()) {
        people::text::email("escalationEmail", email)
            .map_err(|error| wrong("escalationEmail", error.fault.to_string()))?;
    }
    let long = said.contact_reason_description.as_ref();
    if long.is_some_and(|text| text.chars().nth(TEXT_CHARS_MAX).is_some()) {
        return Err(wrong("contactReasonDescription", format!("at most {TEXT_CHARS_MAX} characters")));
    }
    let mut keys = BTreeSet::new();
    for tag in said.external_tags.iter().flatten() {
        if tag.key.trim().is_empty() || tag.value.is_empty() {
            return Err(wrong("externalTags", "each has a key and a value"));
        }
        if !keys.insert(&tag.key) {
            return Err(wrong("externalTags", "each key once"));
        }
    }
    if said.parameters.iter().flatten().any(|parameter| parameter.key.trim().is_empty()) {
        return Err(wrong("parameters", "each has a key"));
    }
    let counts = [
        ("externalTags", said.external_tags.as_ref().map_or(0, Vec::len)),
        ("parameters", said.parameters.as_ref().map_or(0, Vec::len)),
        ("labels", said.labels.as_ref().map_or(0, Vec::len)),
    ];
    for (field, count) in counts {
        if count > EACH_MAX {
            return Err(wrong(field, format!("at most {EACH_MAX}")));
        }
    }
    for one in said.stakeholders.iter().flatten() {
        let text = serde_json::to_string(one).unwrap_or_default();
        if text.len() > KEPT_BYTES_MAX / 4 || text.contains("\\u0000") {
            return Err(wrong("stakeholders", "one is too long, or holds a character that cannot be kept"));
        }
    }
    check_suspension(said)
}

fn check_suspension(said: &ErrandInput) -> Result<(), Refused> {
    let Some(suspension) = &said.suspension else { return Ok(()) };
    let read = |field: &str, text: &Option<String>| {
        let instant = text.as_deref().map(str::parse::<vocabulary::Timestamp>).transpose();
        instant.map_err(|_| wrong(field, "an instant is written as 2026-11-03T09:00:00+01:00"))
    };
    let from = read("suspension.suspendedFrom", &suspension.suspended_from)?;
    let to = read("suspension.suspendedTo", &suspension.suspended_to)?;
    match (from, to) {
        (Some(from), Some(to)) if from > to => {
            Err(wrong("suspension.suspendedTo", "is before suspendedFrom"))
        }
        _ => Ok(()),
    }
}

/// The case type a classification names.
fn type_of(s: &mut Session<'_>, said: &ErrandInput) -> Result<Option<CaseType>, Refused> {
    let Some(asked) = &said.classification else { return Ok(None) };
    let known = queries::case_type_by_code(s, &asked.kind)?.filter(|one| one.active);
    let known = known.ok_or_else(|| wrong("classification.type", "is no type in use"))?;
    if known.category == asked.category {
        Ok(Some(known))
    } else {
        Err(wrong(
            "classification.category",
            format!("the type {:?} belongs to {:?}", known.code, known.category),
        ))
    }
}

/// The resident whose errand it is: the first who can be reached among those it primarily concerns.
fn resident_of(
    s: &mut Session<'_>,
    ctx: &Context,
    said: &ErrandInput,
) -> Result<Option<vocabulary::ResidentId>, Refused> {
    const PRIMARY: [&str; 4] = ["PRIMARY", "APPLICANT", "CONTACT", "REPORTER"];
    let mut primary = said.stakeholders.iter().flatten().filter(|one| {
        one.role.as_deref().is_some_and(|role| PRIMARY.contains(&role.to_ascii_uppercase().as_str()))
    });
    let reached = primary.find_map(|one| {
        let shown = told(one);
        (shown.telephone.is_some() || shown.email.is_some()).then_some(shown)
    });
    let Some(one) = reached else { return Ok(None) };
    let reach = Reach { telephone: one.telephone, email: one.email };
    Ok(Some(find_or_create(s, ctx, &reach, one.name.as_deref(), Language::Swedish)?.id))
}

/// Says of a case what a client says.
fn apply(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    case: CaseId,
    said: &ErrandInput,
) -> Result<(), Refused> {
    if let Some(word) = &said.priority {
        let priority = priority_of(word).map_err(|error| wrong("priority", error))?;
        commands::set_priority(s, ctx, case, priority)?;
    }
    if let Some(case_type) = type_of(s, said)? {
        processes::commands::change_type(s, ctx, settings, case, case_type.id)?;
    }
    commands::reword(s, ctx, case, said.title.as_deref(), said.description.as_deref())?;
    let now = queries::case(s, case)?.ok_or_else(|| Refused(Problem::not_found("errand")))?;
    let mut to = Assignment { assignee_id: now.assignee_id, answer_group_id: now.answer_group_id };
    if let Some(word) = &said.assigned_user_id {
        to.assignee_id = user_of(s, word)?;
    }
    if let Some(word) = &said.assigned_group_id {
        to.answer_group_id = group_of(s, word)?;
    }
    commands::assign(s, ctx, case, to)?;
    if let Some(stakeholders) = &said.stakeholders {
        let told: Vec<errands::Told> = stakeholders.iter().map(told).collect();
        errands::replace_stakeholders(s, ctx, case, &told)?;
    }
    if let Some(word) = &said.status {
        let status = status_of(word).map_err(|error| wrong("status", error))?;
        move_to(s, ctx, settings, &now, status, said)?;
    }
    let before = kept(s, case)?;
    let after = before.clone().with(said);
    if after != before {
        let text = serde_json::to_string(&after).map_err(|_| wrong("labels", "cannot be kept"))?;
        if text.len() > KEPT_BYTES_MAX || text.contains("\\u0000") {
            return Err(wrong("parameters", "too much, or a character that cannot be kept"));
        }
        errands::put_fields(s, case, &text)?;
        commands::touched(s, ctx, case)?;
    }
    Ok(())
}

/// Moves a case to where a client says it stands, if it may go there.
fn move_to(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    case: &Case,
    to: CaseStatus,
    said: &ErrandInput,
) -> Result<(), Refused> {
    let until = || {
        let day = said.suspension.as_ref().and_then(day_of);
        day.ok_or_else(|| wrong("suspension.suspendedTo", "is needed with SUSPENDED"))
    };
    let mut from = case.status;
    if from == to {
        let other_day =
            said.suspension.is_some() && said.suspension.as_ref().and_then(day_of) != case.rests_until_day;
        if to == CaseStatus::Suspended && other_day {
            commands::change_status(s, ctx, settings, case.id, Change::SuspendUntil(until()?))?;
        }
        return Ok(());
    }
    if from == CaseStatus::Solved {
        from = commands::reopen(s, ctx, settings, case.id)?.status;
        if from == to {
            return Ok(());
        }
    }
    let waiting = queries::follow_ups_of(s, case.id)?.iter().any(|f| f.state == FollowUpState::Waiting);
    let stands = matches!(from, CaseStatus::WaitingForResident | CaseStatus::Suspended);
    let change = match to {
        CaseStatus::Ongoing if stands && !waiting => Change::Resume,
        CaseStatus::Ongoing if waiting => {
            let detail = "an officer has been asked; the errand is theirs until they answer";
            return Err(Refused(Problem::conflict(detail)));
        }
        CaseStatus::Ongoing => Change::Begin,
        CaseStatus::WaitingForResident => Change::WaitForResident,
        CaseStatus::Suspended => Change::SuspendUntil(until()?),
        CaseStatus::WaitingForDepartment if stands && waiting => Change::Resume,
        CaseStatus::WaitingForDepartment => {
            let ask = Forward {
                case_id: case.id,
                officer_id: None,
                message: String::new(),
                due_working_days: None,
            };
            commands::forward(s, ctx, settings, &ask)?;
            return Ok(());
        }
        CaseStatus::Solved => {
            let outcome = outcome_of(said.resolution.as_deref().unwrap_or("SOLVED"));
            let cmd = Solve { case_id: case.id, outcome, answer: String::new() };
            commands::solve(s, ctx, settings, &cmd)?;
            return Ok(());
        }
        CaseStatus::New | CaseStatus::Reopened => {
            let detail = format!("an errand that is {} cannot become so", super::mapping::status_word(from));
            return Err(Refused(Problem::conflict(detail)));
        }
    };
    commands::change_status(s, ctx, settings, case.id, change)?;
    Ok(())
}

/// Registers an errand. With an `Idempotency-Key`, the same key always gives the same errand.
///
/// # Errors
/// A field is not acceptable.
#[utoipa::path(post, path = "/{municipalityId}/{namespace}/errands", request_body = ErrandInput, tag = "errands",
    security(("key" = [])),
    params(("municipalityId" = String, Path), ("namespace" = String, Path),
        ("Idempotency-Key" = Option<String>, Header, description = "The client's own key, 1 to 200 characters.")),
    responses((status = 201, body = Errand), (status = 200, body = Errand),
        (status = 400, body = crate::api::problem::Problem), (status = 401, body = crate::api::problem::Problem),
        (status = 403, body = crate::api::problem::Problem), (status = 404, body = crate::api::problem::Problem),
        (status = 409, body = crate::api::problem::Problem), (status = 413, body = crate::api::problem::Problem),
        (status = 415, body = crate::api::problem::Problem), (status = 422, body = crate::api::problem::Problem)))]
pub async fn create(
    State(state): State<AppState>,
    visit: Visit,
    headers: HeaderMap,
    Path((municipality, namespace)): Path<(String, String)>,
    Body(said): Body<ErrandInput>,
) -> Result<(StatusCode, HeaderMap, Json<Errand>), Problem> {
    ours(&state, &municipality, &namespace)?;
    check(&said).map_err(|refused| refused.0)?;
    if said.status.as_deref() == Some("REOPENED") {
        return Err(Problem::field("status", "a new errand has not been closed"));
    }
    if said.title.as_deref().is_none_or(|title| title.trim().is_empty()) {
        return Err(Problem::field("title", "must be filled in"));
    }
    let key = headers.get("idempotency-key").and_then(|value| value.to_str().ok()).map(str::to_owned);
    let (ctx, settings) = (visit.context(&state), state.cases.clone());
    let (case, errand, already) = state
        .db
        .write(move |s| -> Result<_, Refused> {
            let case_type = type_of(s, &said)?.ok_or_else(|| wrong("classification", "must be filled in"))?;
            let channel = said.channel.as_deref().map_or(Channel::Api, channel_of);
            let cmd = RegisterCase {
                title: said.title.clone().unwrap_or_default(),
                description: said.description.clone().unwrap_or_default(),
                resident_id: resident_of(s, &ctx, &said)?,
                idempotency_key: key.clone(),
                ..RegisterCase::new(case_type.id, Origin::Direct { channel, arrival_day: None })
            };
            let registered = commands::register(s, &ctx, &cmd)?;
            if !registered.already {
                apply(s, &ctx, &settings, registered.case.id, &said)?;
            }
            let case = queries::case(s, registered.case.id)?.unwrap_or(registered.case);
            Ok((case.clone(), seen(s, case)?, registered.already))
        })
        .await
        .map_err(|refused| refused.0)?;
    let mut answer = with_mark(&case);
    if let Ok(value) = HeaderValue::try_from(location(&state, case.id)) {
        answer.insert(header::LOCATION, value);
    }
    Ok((if already { StatusCode::OK } else { StatusCode::CREATED }, answer, Json(errand)))
}

/// Changes an errand: what is named changes, the rest stays. With `If-Match` only the version named.
///
/// # Errors
/// A field is not acceptable, or somebody else has changed it since.
#[utoipa::path(patch, path = "/{municipalityId}/{namespace}/errands/{id}", request_body = ErrandInput, tag = "errands",
    security(("key" = [])),
    params(("municipalityId" = String, Path), ("namespace" = String, Path), ("id" = uuid::Uuid, Path),
        ("If-Match" = Option<String>, Header, description = "The version the change was made from.")),
    responses((status = 200, body = Errand), (status = 400, body = crate::api::problem::Problem),
        (status = 401, body = crate::api::problem::Problem), (status = 403, body = crate::api::problem::Problem),
        (status = 404, body = crate::api::problem::Problem), (status = 409, body = crate::api::problem::Problem),
        (status = 412, body = crate::api::problem::Problem), (status = 413, body = crate::api::problem::Problem),
        (status = 415, body = crate::api::problem::Problem), (status = 422, body = crate::api::problem::Problem)))]
pub async fn change(
    State(state): State<AppState>,
    visit: Visit,
    headers: HeaderMap,
    Path((municipality, namespace, errand)): Path<(String, String, String)>,
    Body(said): Body<ErrandInput>,
) -> Result<(HeaderMap, Json<Errand>), Problem> {
    ours(&state, &municipality, &namespace)?;
    let case_id: CaseId = id(&errand, "errand")?;
    check(&said).map_err(|refused| refused.0)?;
    let (ctx, settings, viewer) =
        (visit.context(&state), state.cases.clone(), crate::pages::cases::viewer(&visit));
    let (case, errand) = state
        .db
        .write(move |s| -> Result<_, Refused> {
            let before = found(s, viewer, case_id)?;
            unchanged(&headers, &before)?;
            apply(s, &ctx, &settings, before.id, &said)?;
            let case = queries::case(s, before.id)?.unwrap_or(before);
            Ok((case.clone(), seen(s, case)?))
        })
        .await
        .map_err(|refused| refused.0)?;
    Ok((with_mark(&case), Json(errand)))
}

/// Refuses to delete an errand: an errand is a public record, and leaves by its retention rule and in no other way.
///
/// # Errors
/// Always: 409 for one that is there, 404 for one that is not.
#[utoipa::path(delete, path = "/{municipalityId}/{namespace}/errands/{id}", tag = "errands", security(("key" = [])),
    params(("municipalityId" = String, Path), ("namespace" = String, Path), ("id" = uuid::Uuid, Path)),
    responses((status = 401, body = crate::api::problem::Problem), (status = 403, body = crate::api::problem::Problem),
        (status = 404, body = crate::api::problem::Problem), (status = 409, body = crate::api::problem::Problem)))]
pub async fn remove(
    State(state): State<AppState>,
    visit: Visit,
    Path((municipality, namespace, errand)): Path<(String, String, String)>,
) -> Result<StatusCode, Problem> {
    ours(&state, &municipality, &namespace)?;
    let case_id: CaseId = id(&errand, "errand")?;
    let viewer = crate::pages::cases::viewer(&visit);
    let case = state.db.read(move |s| found(s, viewer, case_id)).await.map_err(|refused| refused.0)?;
    Err(Problem::conflict(format!(
        "an errand leaves by its retention rule ({}), not by a request",
        case.retention_rule
    )))
}
