//! The page a department's contact person comes to by the link: what they are asked to approve, and their answer. Works
//! without script, without an account, and on the smallest telephone.

use super::Known;
use super::view::{self, Beside};
use crate::{
    AppState,
    components::{
        forms::{self, Faults, Field, Kind},
        layout::Page,
        lists,
    },
    error::PageError,
    forms_in::text_fault,
    t,
    visit::Visit,
};
use assignments::commands::{Approval, DepartmentAnswer, answer_by_link, approval_by_link};
use assignments::limits::REASON_CHARS_MAX;
use assignments::{Agreed, AssignmentsError, Referral, VersionState, queries, words};
use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use maud::{Markup, html};
use people::text::NAME_CHARS_MAX;
use serde::Deserialize;
use vocabulary::local_day;

/// What lies behind the link, and what is shown beside it.
struct Behind {
    approval: Approval,
    known: Known,
    referrals: Vec<Referral>,
    terms: Vec<Agreed>,
}

async fn load(state: &AppState, visit: &Visit, token: &str) -> Result<Behind, PageError> {
    let (settings, token, now) = (state.cases.clone(), token.to_owned(), visit.now);
    let behind = state
        .db
        .read(move |s| -> Result<_, AssignmentsError> {
            let approval = approval_by_link(s, &settings, &token, now)?;
            let terms = match &approval.version.agreed {
                Some(agreed) => agreed.clone(),
                None => assignments::commands::agreed(s, &settings, &approval.version)?,
            };
            Ok(Behind { approval, known: Known::load(s)?, referrals: queries::referrals(s)?, terms })
        })
        .await?;
    Ok(behind)
}

/// `GET /u/{token}`
///
/// # Errors
/// The link does not hold; the database.
pub(super) async fn show(
    State(state): State<AppState>,
    visit: Visit,
    Path(token): Path<String>,
) -> Result<Response, PageError> {
    let behind = load(&state, &visit, &token).await?;
    Ok(page(&visit, &token, &behind, &Typed::default(), &Faults::none()).into_response())
}

/// What is typed.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    answer: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    reason: String,
}

fn page(visit: &Visit, token: &str, behind: &Behind, typed: &Typed, faults: &Faults) -> Response {
    let words = visit.words;
    let approval = &behind.approval;
    let version = &approval.version;
    let beside = Beside { known: &behind.known, referrals: &behind.referrals, terms: &behind.terms };
    let content = html! {
        @if approval.withdrawn { (lists::notice("warn", &t!(words, "approval-withdrawn"))) }
        @if let Some(fault) = faults.of("form").filter(|_| !approval.is_open() && !approval.withdrawn) {
            (forms::refused(fault))
        }
        (answered(visit, behind))
        @if approval.is_open() {
            p .lead { (t!(words, "approval-lead", name = approval.link.recipient_name.clone(),
                department = behind.known.department(approval.assignment.department))) }
            p { (t!(words, "approval-how", from = words.day(version.basis.valid_from))) }
            p { a href="#answer" { (t!(words, "approval-to-answer")) } }
        }
        @if let Some(holds) = &approval.holds {
            details .card {
                summary { (t!(words, "approval-difference", version = i64::from(holds.number))) }
                (view::difference(visit, &holds.basis, &version.basis, &behind.known))
            }
        }
        (view::basis(visit, version, &beside))
        @if approval.is_open() { (answer_form(visit, token, typed, faults)) }
        p .soft { (t!(words, "failed-call", telephone = visit.config.public_telephone.clone())) }
    };
    let title =
        t!(words, "assignment-of", title = version.basis.title.clone(), version = i64::from(version.number));
    let status = match (faults.is_empty(), approval.withdrawn) {
        (false, _) => StatusCode::UNPROCESSABLE_ENTITY,
        (true, true) => StatusCode::GONE,
        (true, false) => StatusCode::OK,
    };
    (status, Page::narrow(title).around(visit, &content)).into_response()
}

/// What has been answered, by whom and when.
fn answered(visit: &Visit, behind: &Behind) -> Markup {
    let words = visit.words;
    let version = &behind.approval.version;
    html! {
        @if let Some(answer) = &version.answer {
            @let said = t!(words, "assignment-answered-by", name = answer.by.clone(), at = words.day_and_time(answer.at));
            @match &answer.reason {
                None => div .notice .good role="status" {
                    p { strong { (t!(words, "approval-approved")) } " " (said) }
                    p { @if version.state == VersionState::Approved && version.basis.valid_from > local_day(visit.now) {
                            (t!(words, "approval-approved-from", from = words.day(version.basis.valid_from))) }
                        @else { (t!(words, "approval-approved-now")) } }
                },
                Some(reason) => div .notice role="status" {
                    p { strong { (t!(words, "approval-refused")) } " " (said) }
                    p .pre { (reason) }
                    p { (t!(words, "approval-refused-then")) }
                },
            }
        }
    }
}

fn answer_form(visit: &Visit, token: &str, typed: &Typed, faults: &Faults) -> Markup {
    let words = visit.words;
    let path = format!("/u/{token}");
    let refuses = typed.answer == "refuse";
    let none = Faults::none();
    // A fault is said where it was made.
    let of = |this: bool| if this { faults } else { &none };
    html! {
        section #answer .sheet aria-labelledby="approve-heading" tabindex="-1" {
            @if !faults.is_empty() { (forms::refused(faults.of("form").unwrap_or(&t!(words, "assignment-look-at-fields")))) }
            h2 #approve-heading { (t!(words, "approval-approve")) }
            form method="post" action=(path) {
                p { (t!(words, "approval-approve-hint")) }
                (Field::line("approve", "name", t!(words, "approval-name"), if refuses { "" } else { &typed.name })
                    .room(NAME_CHARS_MAX).show(words, of(!refuses)))
                button type="submit" name="answer" value="approve" .primary { (t!(words, "approval-approve-send")) }
            }
        }
        section .sheet aria-labelledby="refuse-heading" {
            h2 #refuse-heading { (t!(words, "approval-refuse")) }
            form method="post" action=(path) {
                (Field::line("refuse", "reason", t!(words, "approval-reason"), &typed.reason).kind(Kind::Text)
                    .room(REASON_CHARS_MAX).show(words, of(refuses)))
                (Field::line("refuse", "name", t!(words, "approval-name"), if refuses { &typed.name } else { "" })
                    .room(NAME_CHARS_MAX).show(words, of(refuses)))
                button type="submit" name="answer" value="refuse" { (t!(words, "approval-refuse-send")) }
            }
        }
    }
}

/// `POST /u/{token}`
///
/// # Errors
/// The link does not hold; the database.
pub(super) async fn answer(
    State(state): State<AppState>,
    visit: Visit,
    Path(token): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, PageError> {
    let said = match typed.answer.as_str() {
        "refuse" => DepartmentAnswer::Refused { reason: typed.reason.clone() },
        _ => DepartmentAnswer::Approved,
    };
    let (ctx, settings) = (visit.context(&state), state.cases.clone());
    let (asked, name) = (token.clone(), typed.name.clone());
    let done =
        state.db.write(move |s| answer_by_link(s, &ctx, &settings, &asked, &name, &said)).await.map(drop);
    let faults = match done {
        Ok(()) => Faults::none(),
        Err(AssignmentsError::Text(error)) => Faults::one(error.field, text_fault(visit.words, error.fault)),
        Err(error @ AssignmentsError::Refused(_)) => {
            Faults::one("form", words::problem(visit.words.language(), &error))
        }
        Err(error) => return Err(error.into()),
    };
    let behind = load(&state, &visit, &token).await?;
    let typed = if faults.is_empty() { Typed::default() } else { typed };
    Ok(page(&visit, &token, &behind, &typed, &faults))
}
