//! What a manager does with an assignment from its page.

use super::show::{self, Opened};
use super::{by_code, form};
use crate::{
    AppState,
    components::forms::{self, Choice, Faults, Field, Kind, Select},
    error::PageError,
    t,
    visit::Visit,
};
use assignments::commands::{self, Send};
use assignments::{AssignmentsError, VersionState, words};
use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use maud::{Markup, html};
use serde::Deserialize;
use vocabulary::{DepartmentId, GenericUuid as _, SignedDuration, UserId, local_day};

/// What the forms send.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    what: String,
    #[serde(default)]
    version: String,
    #[serde(default)]
    recipient: String,
    #[serde(default)]
    next: String,
    #[serde(default)]
    department: String,
    #[serde(default)]
    owner: String,
}

/// The forms for what can be done as things stand.
pub(super) fn forms(visit: &Visit, opened: &Opened) -> Markup {
    let words = visit.words;
    let (assignment, shown) = (&opened.loaded.assignment, &opened.shown);
    let draft = opened.loaded.versions.iter().any(|version| version.state == VersionState::Draft);
    let over = assignment.ended_at.is_some();
    let owner = assignment.owner.map(|id| id.into_untyped_uuid().to_string()).unwrap_or_default();
    let department = assignment.department.into_untyped_uuid().to_string();
    html! {
        section .card aria-labelledby="moves-heading" {
            h2 #moves-heading { (t!(words, "assignment-moves")) }
            @match shown.state {
                VersionState::Draft => {
                    (send_form(visit, opened))
                    (one(visit, opened, "discard", "danger", &t!(words, "assignment-discard")))
                }
                VersionState::Sent => {
                    p { (t!(words, "assignment-waits")) }
                    (one(visit, opened, "take_back", "", &t!(words, "assignment-take-back")))
                }
                VersionState::InForce | VersionState::UnderReview => {
                    (review_form(visit, opened))
                }
                _ => {}
            }
            @if !draft && !over {
                p .hint { (t!(words, "assignment-revise-hint")) }
                (one(visit, opened, "revise", "", &t!(words, "assignment-revise")))
            }
        }
        section .card aria-labelledby="whose-heading" {
            h2 #whose-heading { (t!(words, "assignment-whose")) }
            form method="post" action=(path(opened)) {
                (forms::token(visit))
                input type="hidden" name="what" value="owner";
                (form::whose(visit, &opened.known, (&department, &owner), &Faults::none()))
                button type="submit" { (t!(words, "assignment-whose-save")) }
            }
        }
        @if shown.state.holds() {
            section .card aria-labelledby="end-heading" {
                h2 #end-heading { (t!(words, "assignment-end")) }
                p { (t!(words, "assignment-end-hint", notice = words::notice(words.language(), shown.basis.notice_months))) }
                (one(visit, opened, "end", "danger", &t!(words, "assignment-end")))
            }
        }
    }
}

fn path(opened: &Opened) -> String {
    format!("/assignments/{}/do", opened.loaded.assignment.code)
}

fn one(visit: &Visit, opened: &Opened, what: &str, class: &str, label: &str) -> Markup {
    html! {
        form method="post" action=(path(opened)) {
            (forms::token(visit))
            input type="hidden" name="what" value=(what);
            input type="hidden" name="version" value=(opened.shown.number);
            button type="submit" class=(class) { (label) }
        }
    }
}

fn send_form(visit: &Visit, opened: &Opened) -> Markup {
    let words = visit.words;
    let basis = &opened.shown.basis;
    let missing = basis.missing();
    let people: Vec<Choice> = basis
        .contacts
        .iter()
        .map(|person| Choice::new(&person.email, format!("{} ({})", person.name, person.email)))
        .collect();
    html! {
        @if missing.is_empty() {
            form method="post" action=(path(opened)) {
                (forms::token(visit))
                input type="hidden" name="what" value="send";
                input type="hidden" name="version" value=(opened.shown.number);
                (Select { name: "recipient", prefix: "send", label: t!(words, "assignment-send-to"), choices: &people, chosen: "",
                    nothing: None, required: true, type_ahead_next: None }.show(words, &Faults::none()))
                p .hint { (t!(words, "assignment-send-hint")) }
                button type="submit" .primary { (t!(words, "assignment-send")) }
            }
        } @else {
            p { (t!(words, "assignment-not-ready")) }
            ul { @for what in missing { li { (words::missing(words.language(), what)) } } }
        }
    }
}

fn review_form(visit: &Visit, opened: &Opened) -> Markup {
    let words = visit.words;
    let next = local_day(visit.now)
        .checked_add(SignedDuration::from_hours(24 * 365))
        .map_or_else(|_| String::new(), |day| day.to_string());
    html! {
        @if opened.shown.state == VersionState::InForce {
            (one(visit, opened, "review", "", &t!(words, "assignment-begin-review")))
        }
        form method="post" action=(path(opened)) {
            (forms::token(visit))
            input type="hidden" name="what" value="reviewed";
            (Field::line("review", "next", t!(words, "assignment-reviewed-next"), &next).kind(Kind::Day)
                .show(words, &Faults::none()))
            p .hint { (t!(words, "assignment-reviewed-hint")) }
            button type="submit" { (t!(words, "assignment-reviewed")) }
        }
    }
}

/// `POST /assignments/{code}/do`
///
/// # Errors
/// There is no such assignment; the database.
pub(super) async fn act(
    State(state): State<AppState>,
    visit: Visit,
    Path(code): Path<String>,
    Form(asked): Form<Asked>,
) -> Result<Response, PageError> {
    let id = by_code(&state, code.clone()).await?.id;
    let (ctx, settings) = (visit.context(&state), state.cases.clone());
    let version = asked.version.parse::<u32>().unwrap_or(0);
    let done = state
        .db
        .write(move |s| -> Result<Option<u32>, AssignmentsError> {
            match asked.what.as_str() {
                "send" => {
                    let recipient = Some(asked.recipient.clone()).filter(|email| !email.is_empty());
                    let cmd = Send { assignment: id, version, recipient };
                    commands::send(s, &ctx, &settings, &cmd).map(|()| Some(version))
                }
                "discard" => commands::discard(s, &ctx, id, version).map(|()| None),
                "take_back" => commands::take_back(s, &ctx, id, version).map(|()| Some(version)),
                "revise" => commands::revise(s, &ctx, id).map(|made| Some(made.number)),
                "review" => commands::begin_review(s, &ctx, id).map(|()| None),
                "reviewed" => {
                    let next = asked.next.parse().map_err(|_| AssignmentsError::Day { field: "next" })?;
                    commands::reviewed(s, &ctx, id, next).map(|()| None)
                }
                "end" => commands::end(s, &ctx, id).map(|()| None),
                "owner" => {
                    let department = asked.department.parse::<uuid::Uuid>();
                    let department =
                        department.map_err(|_| AssignmentsError::NotFound { what: "department" })?;
                    let owner = asked.owner.parse::<uuid::Uuid>().ok().map(UserId::from_untyped_uuid);
                    let department = DepartmentId::from_untyped_uuid(department);
                    commands::set_owner(s, &ctx, id, owner, department).map(|()| None)
                }
                _ => Err(AssignmentsError::NotFound { what: "deed" }),
            }
        })
        .await;
    match done {
        Ok(Some(version)) => {
            Ok(Redirect::to(&format!("/assignments/{code}/versions/{version}")).into_response())
        }
        Ok(None) => Ok(Redirect::to(&format!("/assignments/{code}")).into_response()),
        Err(AssignmentsError::NotFound { .. }) => Err(PageError::NotFound),
        Err(AssignmentsError::Storage(error)) => Err(error.into()),
        Err(error) => {
            let number = Some(version).filter(|version| *version > 0);
            let opened = Opened::load(&state, &visit, code, number).await?;
            let problem = words::problem(visit.words.language(), &error);
            let page = show::page(&visit, &opened, None, Some(&problem));
            Ok((StatusCode::CONFLICT, page).into_response())
        }
    }
}
