//! Where to turn with what others own.

use super::view::short_address;
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
use assignments::commands::{PutReferral, put_referral};
use assignments::limits::{KEYWORDS_CHARS_MAX, TEXT_CHARS_MAX, TITLE_CHARS_MAX, URL_CHARS_MAX};
use assignments::{AssignmentsError, queries, words};
use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use maud::{Markup, html};
use people::Action;
use people::text::{CODE_CHARS_MAX, TELEPHONE_CHARS_MAX};
use serde::Deserialize;

/// The address of the form for one that is not there yet.
const NEW: &str = "new";

/// `GET /referrals`
///
/// # Errors
/// The database.
pub(super) async fn list(State(state): State<AppState>, visit: Visit) -> Result<Markup, PageError> {
    let words = visit.words;
    let all = state.db.read(queries::referrals).await?;
    let edits = visit.may(Action::EditReferrals);
    let content = html! {
        p .lead { (t!(words, "referrals-lead")) }
        @if all.is_empty() { (lists::empty(&t!(words, "referrals-none"))) } @else {
            div .card { div .table-wrap { table .stacks {
                thead { tr {
                    th scope="col" { (t!(words, "referral-owner")) }
                    th scope="col" { (t!(words, "referral-text")) }
                    th scope="col" { (t!(words, "referral-telephone")) }
                    th scope="col" { (t!(words, "referral-url")) }
                } }
                tbody { @for one in all.iter().filter(|one| one.active || edits) { tr {
                    th scope="row" {
                        @if edits { a href=(format!("/referrals/{}", one.code)) { (one.owner) } } @else { (one.owner) }
                        @if !one.active { " " span .badge { (t!(words, "referral-hidden")) } }
                    }
                    td data-label=(t!(words, "referral-text")) { (one.text) }
                    td data-label=(t!(words, "referral-telephone")) { @if one.telephone.is_empty() { "–" } @else { (one.telephone) } }
                    td data-label=(t!(words, "referral-url")) {
                        @if one.url.is_empty() { "–" } @else { a href=(one.url) rel="noreferrer" { (short_address(&one.url)) } }
                    }
                } } }
            } } }
        }
    };
    let aside = html! { @if edits { a .button href="/referrals/new" { (t!(words, "referral-new")) } } };
    Ok(Page::wide(t!(words, "referrals-title")).with(aside).around(&visit, &content))
}

/// What is typed.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    code: String,
    #[serde(default)]
    owner: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    keywords: String,
    #[serde(default)]
    telephone: String,
    #[serde(default)]
    url: String,
    #[serde(default)]
    active: String,
}

/// `GET /referrals/{code}`; the code `new` is the form for a new one.
///
/// # Errors
/// There is no such referral; the database.
pub(super) async fn form(
    State(state): State<AppState>,
    visit: Visit,
    Path(code): Path<String>,
) -> Result<Markup, PageError> {
    if code == NEW {
        let typed = Typed { active: "yes".to_owned(), ..Typed::default() };
        return Ok(page(&visit, &code, &typed, &Faults::none()));
    }
    let asked = code.clone();
    let found = state.db.read(move |s| queries::referral_by_code(s, &asked)).await?;
    let one = found.ok_or(PageError::NotFound)?;
    let typed = Typed {
        code: one.code,
        owner: one.owner,
        text: one.text,
        keywords: one.keywords,
        telephone: one.telephone,
        url: one.url,
        active: if one.active { "yes".to_owned() } else { String::new() },
    };
    Ok(page(&visit, &code, &typed, &Faults::none()))
}

fn page(visit: &Visit, code: &str, typed: &Typed, faults: &Faults) -> Markup {
    let words = visit.words;
    let line = |name: &'static str, label: String, value| Field::line("referral", name, label, value);
    let content = html! {
        p { a href="/referrals" { (t!(words, "referrals-back")) } }
        @if let Some(fault) = faults.of("form") { (forms::refused(fault)) }
        form .sheet method="post" action=(format!("/referrals/{code}")) {
            (forms::token(visit))
            @if code == NEW {
                (line("code", t!(words, "assignment-code"), &typed.code).hint(t!(words, "referral-code-hint"))
                    .room(CODE_CHARS_MAX).show(words, faults))
            }
            (line("owner", t!(words, "referral-owner"), &typed.owner).hint(t!(words, "referral-owner-hint"))
                .room(TITLE_CHARS_MAX).show(words, faults))
            (line("text", t!(words, "referral-text"), &typed.text).kind(Kind::Text).hint(t!(words, "referral-text-hint"))
                .room(TEXT_CHARS_MAX).show(words, faults))
            (line("keywords", t!(words, "referral-keywords"), &typed.keywords).kind(Kind::Text).optional()
                .hint(t!(words, "assignment-keywords-hint")).room(KEYWORDS_CHARS_MAX).show(words, faults))
            (line("telephone", t!(words, "referral-telephone"), &typed.telephone).kind(Kind::Telephone).optional()
                .room(TELEPHONE_CHARS_MAX).show(words, faults))
            (line("url", t!(words, "referral-url"), &typed.url).optional().room(URL_CHARS_MAX).show(words, faults))
            (forms::tick("referral", "active", &t!(words, "referral-active"), typed.active == "yes"))
            button type="submit" .primary { (t!(words, "referral-save")) }
        }
    };
    let title = if code == NEW { t!(words, "referral-new") } else { typed.owner.clone() };
    Page::narrow(title).around(visit, &content)
}

/// `POST /referrals/{code}`
///
/// # Errors
/// There is no such referral; the database.
pub(super) async fn save(
    State(state): State<AppState>,
    visit: Visit,
    Path(code): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, PageError> {
    let (new, ctx) = (code == NEW, visit.context(&state));
    let asked = if new { typed.code.clone() } else { code.clone() };
    let cmd = PutReferral {
        code: asked,
        owner: typed.owner.clone(),
        text: typed.text.clone(),
        keywords: typed.keywords.clone(),
        telephone: typed.telephone.clone(),
        url: typed.url.clone(),
        active: typed.active == "yes",
    };
    let done = state
        .db
        .write(move |s| -> Result<_, AssignmentsError> {
            let there = queries::referral_by_code(s, &cmd.code)?.is_some();
            match (new, there) {
                (true, true) => Err(AssignmentsError::CodeTaken),
                (true, false) if cmd.code == NEW => Err(AssignmentsError::CodeTaken),
                (false, false) => Err(AssignmentsError::NotFound { what: "referral" }),
                _ => put_referral(s, &ctx, &cmd),
            }
        })
        .await;
    let faults = match done {
        Ok(_) => return Ok(Redirect::to("/referrals").into_response()),
        Err(AssignmentsError::Text(error)) => Faults::one(error.field, text_fault(visit.words, error.fault)),
        Err(error @ AssignmentsError::CodeTaken) => {
            Faults::one("code", words::problem(visit.words.language(), &error))
        }
        Err(error @ AssignmentsError::Url) => {
            Faults::one("url", words::problem(visit.words.language(), &error))
        }
        Err(other) => return Err(other.into()),
    };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&visit, &code, &typed, &faults)).into_response())
}
