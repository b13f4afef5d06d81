//! Errands read: one, or a page of them.

use super::filter::narrow;
use super::mapping::{Kept, Seen, errand, stakeholder};
use super::model::{Errand, ErrandPage};
use super::{Problem, Refused, found, mark, ours, with_mark};
use crate::api::{Queried, id};
use crate::{AppState, visit::Visit};
use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use cases::errands::{self, Asked, COUNT_MAX, Order, PAGE_MAX};
use cases::{Case, queries};
use serde::Deserialize;
use storage::{Session, StorageError};
use vocabulary::{AnswerGroupId, CaseId, GenericUuid as _, Timestamp, UserId};

/// The errands on a page, if nothing is said.
const PAGE: usize = 20;

/// What is kept beside a case.
pub(super) fn kept(s: &mut Session<'_>, case: CaseId) -> Result<Kept, StorageError> {
    let fields = errands::fields(s, case)?;
    Ok(fields.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
}

/// The guide a client's word means: by sign-in name or id.
pub(super) fn user_of(s: &mut Session<'_>, word: &str) -> Result<Option<UserId>, StorageError> {
    if let Some(user) = people::users::queries::by_sign_in(s, word)? {
        return Ok(Some(user.id));
    }
    match word.parse::<uuid::Uuid>() {
        Ok(id) => Ok(people::users::queries::by_id(s, UserId::from_untyped_uuid(id))?.map(|user| user.id)),
        Err(_) => Ok(None),
    }
}

/// The answer group a client's word means: by code or id.
pub(super) fn group_of(s: &mut Session<'_>, word: &str) -> Result<Option<AnswerGroupId>, StorageError> {
    let groups = people::directory::queries::answer_groups(s)?;
    let same =
        |id: AnswerGroupId| word.parse::<uuid::Uuid>().is_ok_and(|asked| asked == id.into_untyped_uuid());
    Ok(groups.into_iter().find(|group| group.code == word || same(group.id)).map(|group| group.id))
}

/// A case as an errand.
pub(super) fn seen(s: &mut Session<'_>, case: Case) -> Result<Errand, Refused> {
    let kept = kept(s, case.id)?;
    let case_type =
        queries::case_type(s, case.case_type_id)?.ok_or_else(|| Refused(Problem::not_found("case type")))?;
    let stakeholders = errands::stakeholders(s, case.id)?;
    let stakeholders = stakeholders.iter().map(|(there, said)| stakeholder(there, said.as_deref())).collect();
    let meant_user = match &kept.assigned_user_id {
        Some(word) => user_of(s, word)?,
        None => None,
    };
    let meant_group = match &kept.assigned_group_id {
        Some(word) => group_of(s, word)?,
        None => None,
    };
    let assignee = match case.assignee_id {
        Some(id) => people::users::queries::by_id(s, id)?.map(|user| (user.sign_in, meant_user == Some(id))),
        None => None,
    };
    let group = match case.answer_group_id {
        Some(id) => people::directory::queries::answer_group(s, id)?
            .map(|group| (group.code, meant_group == Some(id))),
        None => None,
    };
    let tasks = queries::tasks_of_case(s, case.id)?;
    let foreign = (meant_user.is_none(), meant_group.is_none());
    Ok(errand(Seen { case, case_type, kept, stakeholders, tasks, assignee, group, foreign }))
}

/// One errand, with its version in `ETag`.
///
/// # Errors
/// There is no such errand that this key may open.
#[utoipa::path(get, path = "/{municipalityId}/{namespace}/errands/{id}", tag = "errands", security(("key" = [])),
    params(("municipalityId" = String, Path), ("namespace" = String, Path), ("id" = uuid::Uuid, Path)),
    responses((status = 200, body = Errand), (status = 304), (status = 400, body = crate::api::problem::Problem),
        (status = 401, body = crate::api::problem::Problem), (status = 403, body = crate::api::problem::Problem),
        (status = 404, body = crate::api::problem::Problem)))]
pub async fn get(
    State(state): State<AppState>,
    visit: Visit,
    headers: HeaderMap,
    Path((municipality, namespace, errand)): Path<(String, String, String)>,
) -> Result<Response, Problem> {
    ours(&state, &municipality, &namespace)?;
    let case_id: CaseId = id(&errand, "errand")?;
    let (ctx, viewer) = (visit.context(&state), crate::pages::cases::viewer(&visit));
    let (case, errand) = state
        .db
        .write(move |s| -> Result<_, Refused> {
            let case = found(s, viewer, case_id)?;
            people::audit::opened(s, &ctx, people::audit::Opened::Case(case.id))?;
            Ok((case.clone(), seen(s, case)?))
        })
        .await
        .map_err(|refused| refused.0)?;
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    if known.is_some_and(|known| known.split(',').any(|one| one.trim() == mark(&case))) {
        return Ok((StatusCode::NOT_MODIFIED, with_mark(&case)).into_response());
    }
    Ok((with_mark(&case), Json(errand)).into_response())
}

/// Which errands, and which page of them.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Listed {
    /// Comparisons joined by `and`: `status in ['NEW', 'ONGOING'] and touched > '2026-11-01T00:00:00+01:00'`.
    filter: Option<String>,
    /// Which page, from 0.
    page: Option<usize>,
    /// Errands on a page, 1 to 100; 20 if nothing is said.
    size: Option<usize>,
    /// `touched` (or `modified`) or `created`, and after a comma `asc` or `desc`.
    sort: Option<String>,
}

fn order(sort: Option<&str>) -> Result<Order, Problem> {
    let wrong = || Problem::bad_request("sort: touched, modified or created, and after a comma asc or desc");
    let (field, way) =
        sort.unwrap_or("touched,desc").split_once(',').unwrap_or((sort.unwrap_or("touched"), "asc"));
    match (field.trim(), way.trim().to_ascii_lowercase().as_str()) {
        ("touched" | "modified", "desc") => Ok(Order::Touched),
        ("touched" | "modified", "asc") => Ok(Order::TouchedLast),
        ("created", "desc") => Ok(Order::Created),
        ("created", "asc") => Ok(Order::CreatedLast),
        _ => Err(wrong()),
    }
}

/// A page of the errands that this key may open.
///
/// # Errors
/// The filter, the page or the order is not understood.
#[utoipa::path(get, path = "/{municipalityId}/{namespace}/errands", tag = "errands", security(("key" = [])),
    params(("municipalityId" = String, Path), ("namespace" = String, Path), Listed),
    responses((status = 200, body = ErrandPage), (status = 400, body = crate::api::problem::Problem),
        (status = 401, body = crate::api::problem::Problem), (status = 403, body = crate::api::problem::Problem),
        (status = 404, body = crate::api::problem::Problem)))]
pub async fn list(
    State(state): State<AppState>,
    visit: Visit,
    Path((municipality, namespace)): Path<(String, String)>,
    Queried(listed): Queried<Listed>,
) -> Result<Json<ErrandPage>, Problem> {
    ours(&state, &municipality, &namespace)?;
    let (number, size) = (listed.page.unwrap_or(0), listed.size.unwrap_or(PAGE));
    if !(1..=PAGE_MAX).contains(&size) {
        return Err(Problem::bad_request(format!("size: 1 to {PAGE_MAX}")));
    }
    let skip = number.checked_mul(size).filter(|skip| *skip <= COUNT_MAX);
    let skip =
        skip.ok_or_else(|| Problem::bad_request(format!("page: the first {COUNT_MAX} errands at most")))?;
    let latest = visit.now.checked_add(vocabulary::SignedDuration::from_hours(24)).unwrap_or(Timestamp::MAX);
    let mut asked = Asked {
        statuses: Vec::new(),
        priority: None,
        case_type: None,
        category: None,
        number: None,
        assignee: None,
        group: None,
        created: (Timestamp::UNIX_EPOCH, latest),
        touched: (Timestamp::UNIX_EPOCH, latest),
        order: order(listed.sort.as_deref())?,
        skip,
        take: size,
    };
    if let Some(filter) = listed.filter.as_deref().filter(|filter| !filter.trim().is_empty()) {
        narrow(&mut asked, filter).map_err(|error| Problem::bad_request(format!("filter: {error}")))?;
    }
    let viewer = crate::pages::cases::viewer(&visit);
    let (content, total) = state
        .db
        .read(move |s| -> Result<_, Refused> {
            let page = errands::list(s, viewer, &asked)?;
            let mut content = Vec::with_capacity(page.ids.len());
            for id in page.ids {
                if let Some(case) = queries::case(s, id)? {
                    content.push(seen(s, case)?);
                }
            }
            Ok((content, page.total))
        })
        .await
        .map_err(|refused| refused.0)?;
    let total_pages = total.div_ceil(size);
    Ok(Json(ErrandPage {
        total_elements: total,
        total_pages,
        size,
        number,
        number_of_elements: content.len(),
        first: number == 0,
        last: number + 1 >= total_pages,
        empty: content.is_empty(),
        content,
    }))
}
