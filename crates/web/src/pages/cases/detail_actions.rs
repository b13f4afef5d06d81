//! What a case is about and how it is kept, changed from its page: details and secrecy.

use super::actions::{act, back};
use super::part_actions::wrong;
use crate::{AppState, error::PageError, t, visit::Visit};
use axum::{
    Form,
    extract::{Path, State},
    response::Response,
};
use cases::commands::{self, Assignment};
use cases::queries;
use cases::{CasesError, Place, Position};
use people::Action;
use serde::Deserialize;
use vocabulary::GenericUuid as _;
use vocabulary::civil::Date;
use vocabulary::{AnswerGroupId, CaseTypeId, Priority, SecrecyClass, UserId};

/// How urgent a case is, who has it, where it is and what it is about.
#[derive(Deserialize)]
pub struct DetailsForm {
    #[serde(default)]
    priority: String,
    #[serde(default)]
    assignee: String,
    #[serde(default)]
    group: String,
    #[serde(default)]
    case_type: String,
    #[serde(default)]
    due_day: Option<String>,
    #[serde(default)]
    address: String,
    #[serde(default)]
    latitude: String,
    #[serde(default)]
    longitude: String,
}

/// A number as people write it: with a comma or a point.
fn degrees(typed: &str) -> Option<Result<f64, ()>> {
    let typed = typed.trim().replace(',', ".").replace('\u{2212}', "-");
    (!typed.is_empty()).then(|| typed.parse().map_err(|_| ()))
}

/// A day, or none where nothing is written.
fn day_of(typed: &str) -> Result<Option<Date>, ()> {
    let typed = typed.trim();
    if typed.is_empty() { Ok(None) } else { typed.parse().map(Some).map_err(|_| ()) }
}

fn place_of(asked: &DetailsForm) -> Result<Option<Position>, ()> {
    match (degrees(&asked.latitude), degrees(&asked.longitude)) {
        (None, None) => Ok(None),
        (Some(latitude), Some(longitude)) => Position::new(latitude?, longitude?).map(Some).map_err(|_| ()),
        _ => Err(()),
    }
}

/// `POST /cases/{id}/details`
///
/// # Errors
/// There is no such case; the database.
pub async fn details(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
    Form(asked): Form<DetailsForm>,
) -> Result<Response, PageError> {
    let Ok(position) = place_of(&asked) else {
        return wrong(&state, &visit, id, "latitude", t!(visit.words, "fault-position")).await;
    };
    let Ok(due_day) = asked.due_day.as_deref().map(day_of).transpose() else {
        return wrong(&state, &visit, id, "due_day", t!(visit.words, "fault-day-unread")).await;
    };
    let settings = state.cases.clone();
    let outcome = act(&state, &visit, id, move |s, ctx, case_id| {
        let due_before = queries::case(s, case_id)?.and_then(|case| case.due_day);
        let known = |typed: &str| typed.parse::<uuid::Uuid>().ok();
        if let Ok(priority) = asked.priority.parse::<Priority>() {
            commands::set_priority(s, ctx, case_id, priority)?;
        }
        let to = Assignment {
            assignee_id: known(&asked.assignee).map(UserId::from_untyped_uuid),
            answer_group_id: known(&asked.group).map(AnswerGroupId::from_untyped_uuid),
        };
        commands::assign(s, ctx, case_id, to)?;
        commands::set_place(s, ctx, case_id, Place::new(&asked.address, position)?)?;
        if let Some(case_type) = known(&asked.case_type) {
            let to = CaseTypeId::from_untyped_uuid(case_type);
            processes::commands::change_type(s, ctx, &settings, case_id, to)?;
        }
        // After the type, whose terms count it anew. What stands in the form as it stood is not asked for.
        if let Some(due_day) = due_day.filter(|day| *day != due_before) {
            commands::set_due_day(s, ctx, case_id, due_day)?;
        }
        Ok(())
    })
    .await;
    if let Err(CasesError::DayOutOfRange { earliest, latest }) = &outcome {
        let (from, to) = (visit.words.day(*earliest), visit.words.day(*latest));
        return wrong(&state, &visit, id, "due_day", t!(visit.words, "fault-day", from = from, to = to))
            .await;
    }
    back(&state, &visit, id, outcome).await
}

/// How secret the case should be, and why.
#[derive(Deserialize)]
pub struct SecrecyForm {
    #[serde(default)]
    secrecy: String,
    #[serde(default)]
    secrecy_reason: String,
}

/// `POST /cases/{id}/secrecy`: more, by whoever works with the case; less, by those who may lower it.
///
/// # Errors
/// There is no such case, less secrecy is asked for by somebody who may not, or the database.
pub async fn secrecy(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
    Form(asked): Form<SecrecyForm>,
) -> Result<Response, PageError> {
    let Ok(class) = asked.secrecy.parse::<SecrecyClass>() else {
        return wrong(&state, &visit, id, "secrecy", t!(visit.words, "fault-choose")).await;
    };
    let may_lower = visit.may(Action::LowerSecrecy);
    let outcome = act(&state, &visit, id, move |s, ctx, case_id| {
        let now = queries::case(s, case_id)?.ok_or(CasesError::NotFound { what: "case" })?;
        if class < now.secrecy_class && !may_lower {
            return Ok(None);
        }
        commands::set_secrecy(s, ctx, case_id, class, &asked.secrecy_reason).map(Some)
    })
    .await;
    match outcome {
        Ok(None) => wrong(&state, &visit, id, "secrecy", t!(visit.words, "secrecy-lower-who")).await,
        outcome => back(&state, &visit, id, outcome).await,
    }
}
