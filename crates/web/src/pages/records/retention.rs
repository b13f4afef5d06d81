//! What becomes of closed cases: the rules, what stops them, and the batches that wait for a decision.

use crate::{
    AppState,
    components::{
        forms::{self, Choice, Faults, Field, Kind, Select},
        layout::Page,
        lists,
    },
    error::PageError,
    forms_in::text_fault,
    t,
    visit::Visit,
    words::Words,
};
use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use maud::{Markup, html};
use people::Action;
use records::{
    RecordsError,
    retention::{
        CountedFrom, Disposal, DisposalCount, DisposalState, Hold, KEEP_MONTHS_MAX, REASON_CHARS_MAX,
        RetentionAction, Rule, WhyKept,
        commands::{self, HoldOn},
        queries,
    },
};
use serde::Deserialize;
use vocabulary::{CaseId, DisposalId, GenericUuid as _, HoldId, ResidentId};

/// How many batches and holds the page shows.
const LINES_MAX: u32 = 50;
/// How many case numbers of a batch are shown.
const NUMBERS_MAX: u32 = 500;

struct Shown {
    rules: Vec<Rule>,
    without: Vec<String>,
    holds: Vec<Hold>,
    batches: Vec<Disposal>,
}

/// `GET /records/retention`
///
/// # Errors
/// The database.
pub async fn show(State(state): State<AppState>, visit: Visit) -> Result<Markup, PageError> {
    page(&state, &visit, &RuleForm::default(), &Faults::none()).await
}

async fn page(
    state: &AppState,
    visit: &Visit,
    typed: &RuleForm,
    faults: &Faults,
) -> Result<Markup, PageError> {
    let shown = state
        .db
        .read(|s| -> Result<_, RecordsError> {
            Ok(Shown {
                rules: queries::rules(s)?,
                without: queries::codes_without_rule(s)?,
                holds: queries::holds(s, LINES_MAX)?,
                batches: queries::disposals(s, LINES_MAX)?,
            })
        })
        .await?;
    let words = visit.words;
    let content = html! {
        p { (t!(words, "retention-what")) }
        (batches(words, &shown.batches))
        (rules(words, &shown))
        (rule_form(visit, typed, faults))
        (holds(visit, &shown.holds))
    };
    Ok(Page::wide(t!(words, "retention-title")).around(visit, &content))
}

fn batches(words: &Words, batches: &[Disposal]) -> Markup {
    html! {
        section .card aria-labelledby="batches" {
            h2 #batches { (t!(words, "retention-batches")) }
            @if batches.is_empty() { (lists::empty(&t!(words, "retention-batches-none"))) }
            ul .plain-list {
                @for batch in batches {
                    li {
                        a href=(format!("/records/retention/{}", batch.id.into_untyped_uuid())) {
                            (batch.rule.code) ", " (words.day_and_time(batch.proposed_at))
                        }
                        " " span .badge .warn[batch.state == DisposalState::Proposed] { (words.word("disposal", batch.state.as_str())) }
                    }
                }
            }
        }
    }
}

fn rule_in_words(words: &Words, rule: &Rule) -> String {
    if rule.action == RetentionAction::Preserve {
        return t!(words, "retention-preserved");
    }
    t!(
        words,
        "retention-rule",
        months = rule.keep_months,
        from = words.word("counted-from", rule.counted_from.as_str()),
        action = words.word("retention-action", rule.action.as_str())
    )
}

fn rules(words: &Words, shown: &Shown) -> Markup {
    html! {
        section .card aria-labelledby="rules" {
            h2 #rules { (t!(words, "retention-rules")) }
            @if shown.rules.is_empty() { (lists::empty(&t!(words, "retention-rules-none"))) }
            dl .facts {
                @for rule in &shown.rules {
                    dt { (rule.code) @if !rule.active { " " span .badge { (t!(words, "retention-off")) } } }
                    dd { (rule_in_words(words, rule)) br; span .small .soft { (rule.basis) } }
                }
            }
            @if !shown.without.is_empty() {
                p .notice { (t!(words, "retention-without", codes = shown.without.join(" · "))) }
            }
        }
    }
}

/// A rule as typed.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct RuleForm {
    #[serde(default)]
    code: String,
    #[serde(default)]
    months: String,
    #[serde(default)]
    counted_from: String,
    #[serde(default)]
    action: String,
    #[serde(default)]
    basis: String,
    off: Option<String>,
}

fn rule_form(visit: &Visit, typed: &RuleForm, faults: &Faults) -> Markup {
    let words = visit.words;
    let choices = |what: &str, all: &[&'static str]| -> Vec<Choice> {
        all.iter().map(|word| Choice::new(word, words.word(what, word))).collect()
    };
    let from =
        choices("counted-from", &CountedFrom::ALL.iter().map(|word| word.as_str()).collect::<Vec<_>>());
    let actions = choices(
        "retention-action",
        &RetentionAction::ALL.iter().map(|word| word.as_str()).collect::<Vec<_>>(),
    );
    let select = |name, label, choices, chosen| Select {
        name,
        prefix: "rule",
        label,
        choices,
        chosen,
        nothing: None,
        required: true,
        type_ahead_next: None,
    };
    html! {
        section .card aria-labelledby="rule-form" {
            details open[!faults.is_empty()] {
                summary #rule-form { (t!(words, "retention-rule-set")) }
                form method="post" action="/records/retention/rules" {
                    (forms::token(visit))
                    @if let Some(fault) = faults.of("form") { (forms::refused(fault)) }
                    (Field::line("rule", "code", t!(words, "retention-code"), &typed.code).hint(t!(words, "retention-code-hint"))
                        .room(people::text::LINE_CHARS_MAX).show(words, faults))
                    (Field::line("rule", "months", t!(words, "retention-months"), &typed.months).room(4).show(words, faults))
                    (select("counted_from", t!(words, "retention-from"), &from, &typed.counted_from).show(words, faults))
                    (select("action", t!(words, "retention-then"), &actions, &typed.action).show(words, faults))
                    (Field::line("rule", "basis", t!(words, "retention-basis"), &typed.basis).room(REASON_CHARS_MAX).show(words, faults))
                    (forms::tick("rule", "off", &t!(words, "retention-off-tick"), typed.off.is_some()))
                    p { button type="submit" .primary { (t!(words, "save")) } }
                }
            }
        }
    }
}

fn holds(visit: &Visit, holds: &[Hold]) -> Markup {
    let words = visit.words;
    html! {
        section .card aria-labelledby="holds" {
            h2 #holds { (t!(words, "retention-holds")) }
            @if holds.is_empty() { (lists::empty(&t!(words, "retention-holds-none"))) }
            ul .plain-list {
                @for hold in holds {
                    li {
                        @match (hold.case_id, hold.resident_id) {
                            (Some(case), _) => a href=(format!("/cases/{}", case.into_untyped_uuid())) {
                                (hold.case_number.clone().unwrap_or_default())
                            },
                            (_, Some(resident)) => a href=(format!("/residents/{}", resident.into_untyped_uuid())) { (t!(words, "retention-all-cases")) },
                            _ => {}
                        }
                        ": " (hold.reason) " " span .small .soft { (words.day_and_time(hold.placed_at)) }
                        @if visit.may(Action::HoldCase) {
                            (forms::button(visit, &format!("/records/holds/{}/release", hold.id.into_untyped_uuid()), "slim", &t!(words, "retention-release")))
                        }
                    }
                }
            }
        }
    }
}

/// `POST /records/retention/rules`
///
/// # Errors
/// The database.
pub async fn put_rule(
    State(state): State<AppState>,
    visit: Visit,
    Form(asked): Form<RuleForm>,
) -> Result<Response, PageError> {
    let ctx = visit.context(&state);
    let words = visit.words;
    let read =
        asked.months.trim().parse().ok().zip(asked.counted_from.parse().ok()).zip(asked.action.parse().ok());
    let Some(((keep_months, counted_from), action)) = read else {
        let faults = Faults::one("months", t!(words, "retention-months-wrong", max = KEEP_MONTHS_MAX));
        let page = page(&state, &visit, &asked, &faults).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    let rule = Rule {
        code: asked.code.clone(),
        keep_months,
        counted_from,
        action,
        basis: asked.basis.clone(),
        active: asked.off.is_none(),
    };
    let faults = match state.db.write(move |s| commands::put_rule(s, &ctx, &rule)).await {
        Ok(_) => return Ok(Redirect::to("/records/retention").into_response()),
        Err(RecordsError::Text(error)) => Faults::one(error.field, text_fault(words, error.fault)),
        Err(RecordsError::OutOfRange { .. }) => {
            Faults::one("months", t!(words, "retention-months-wrong", max = KEEP_MONTHS_MAX))
        }
        Err(error) => return Err(error.into()),
    };
    let page = page(&state, &visit, &asked, &faults).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

struct Batch {
    batch: Disposal,
    counts: Vec<DisposalCount>,
    numbers: Vec<(CaseId, String)>,
    kept: Vec<(WhyKept, u64)>,
    decider: Option<String>,
}

/// `GET /records/retention/{id}`: what a batch holds; once it is done, the record of destruction.
///
/// # Errors
/// There is no such batch; the database.
pub async fn batch(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
) -> Result<Markup, PageError> {
    let id = DisposalId::from_untyped_uuid(id);
    let shown = state
        .db
        .read(move |s| -> Result<_, RecordsError> {
            let batch = queries::disposal(s, id)?.ok_or(RecordsError::NotFound { what: "batch" })?;
            let waits = matches!(batch.state, DisposalState::Proposed | DisposalState::Approved);
            let users = people::users::queries::all(s)?;
            let decider = batch.decided_by.and_then(|by| {
                users.into_iter().find(|user| user.id.into_untyped_uuid() == by).map(|user| user.name)
            });
            Ok(Batch {
                counts: if waits { queries::counted_waiting(s, id)? } else { queries::counted_gone(s, id)? },
                numbers: queries::waiting_numbers(s, id, NUMBERS_MAX)?,
                kept: queries::counted_kept(s, id)?,
                decider,
                batch,
            })
        })
        .await?;
    let words = visit.words;
    let all: u64 = shown.counts.iter().map(|count| count.cases).sum();
    let content = html! {
        p { a href="/records/retention" { (t!(words, "retention-back")) } }
        section .card aria-labelledby="batch" {
            h2 #batch { (words.word("disposal", shown.batch.state.as_str())) }
            p { (rule_in_words(words, &shown.batch.rule)) }
            p .small .soft { (shown.batch.rule.basis) }
            dl .facts {
                dt { (t!(words, "retention-proposed")) } dd { (words.day_and_time(shown.batch.proposed_at)) }
                @if let Some(at) = shown.batch.decided_at {
                    dt { (t!(words, "retention-decided")) }
                    dd { (words.day_and_time(at)) @if let Some(name) = &shown.decider { ", " (name) } }
                }
                @if let Some(at) = shown.batch.done_at { dt { (t!(words, "retention-done")) } dd { (words.day_and_time(at)) } }
                dt { (t!(words, "retention-cases")) } dd { (all) }
            }
            (count_table(words, &shown.counts))
            @for (why, cases) in &shown.kept { p { (t!(words, "retention-kept", n = cases.to_string(), why = words.word("why-kept", why.as_str()))) } }
        }
        @if shown.batch.state == DisposalState::Proposed { (decision(&visit, &shown)) }
    };
    Ok(Page::wide(t!(words, "retention-batch-title", code = shown.batch.rule.code.clone()))
        .around(&visit, &content))
}

fn count_table(words: &Words, counts: &[DisposalCount]) -> Markup {
    html! {
        @if !counts.is_empty() {
            div .table-wrap tabindex="0" role="group" aria-label=(t!(words, "retention-cases")) {
                table .stacks {
                    thead { tr {
                        th scope="col" { (t!(words, "diary-board")) }
                        th scope="col" { (t!(words, "diary-type")) }
                        th scope="col" { (t!(words, "retention-year")) }
                        th scope="col" { (t!(words, "retention-cases")) }
                    } }
                    tbody { @for count in counts { tr {
                        th scope="row" data-label=(t!(words, "diary-board")) { (count.board) }
                        td data-label=(t!(words, "diary-type")) { (count.case_type) }
                        td data-label=(t!(words, "retention-year")) { (count.arrival_year) }
                        td data-label=(t!(words, "retention-cases")) { (count.cases) }
                    } } }
                }
            }
        }
    }
}

fn decision(visit: &Visit, shown: &Batch) -> Markup {
    let words = visit.words;
    let path = format!("/records/retention/{}", shown.batch.id.into_untyped_uuid());
    html! {
        section .card aria-labelledby="decision" {
            h2 #decision { (t!(words, "retention-decide")) }
            p { (t!(words, "retention-decide-what")) }
            div .actions {
                (forms::button(visit, &format!("{path}/approve"), "danger", &t!(words, "retention-approve")))
                (forms::button(visit, &format!("{path}/reject"), "", &t!(words, "retention-reject")))
            }
            details { summary { (t!(words, "retention-numbers", n = shown.numbers.len())) }
                ul .plain-list { @for (id, number) in &shown.numbers {
                    li { a href=(format!("/cases/{}", id.into_untyped_uuid())) { (number) } }
                } }
            }
        }
    }
}

async fn decide(
    state: &AppState,
    visit: &Visit,
    id: uuid::Uuid,
    approve: bool,
) -> Result<Response, PageError> {
    let (ctx, batch) = (visit.context(state), DisposalId::from_untyped_uuid(id));
    state.db.write(move |s| commands::decide(s, &ctx, batch, approve)).await?;
    Ok(Redirect::to(&format!("/records/retention/{id}")).into_response())
}

/// `POST /records/retention/{id}/approve`
///
/// # Errors
/// There is no such batch, or it has been decided otherwise; the database.
pub async fn approve(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
) -> Result<Response, PageError> {
    decide(&state, &visit, id, true).await
}

/// `POST /records/retention/{id}/reject`
///
/// # Errors
/// There is no such batch, or it has been decided otherwise; the database.
pub async fn reject(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
) -> Result<Response, PageError> {
    decide(&state, &visit, id, false).await
}

/// What to hold and why.
#[derive(Deserialize)]
pub struct HoldForm {
    #[serde(default)]
    reason: String,
}

/// `POST /cases/{id}/hold`
///
/// # Errors
/// There is no such case, it is not for the visitor, or the reason is missing; the database.
pub async fn hold_case(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
    Form(asked): Form<HoldForm>,
) -> Result<Response, PageError> {
    let (ctx, viewer, case) =
        (visit.context(&state), crate::pages::cases::viewer(&visit), CaseId::from_untyped_uuid(id));
    state
        .db
        .write(move |s| -> Result<_, RecordsError> {
            let found = cases::queries::case(s, case)?.ok_or(RecordsError::NotFound { what: "case" })?;
            viewer.opens(s, &found)?;
            commands::place_hold(s, &ctx, HoldOn::Case(case), &asked.reason)
        })
        .await?;
    Ok(Redirect::to(&format!("/cases/{id}")).into_response())
}

/// `POST /residents/{id}/hold`
///
/// # Errors
/// There is no such resident, or the reason is missing; the database.
pub async fn hold_resident(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
    Form(asked): Form<HoldForm>,
) -> Result<Response, PageError> {
    let (ctx, resident) = (visit.context(&state), ResidentId::from_untyped_uuid(id));
    let on = HoldOn::Resident(resident);
    state.db.write(move |s| commands::place_hold(s, &ctx, on, &asked.reason)).await?;
    Ok(Redirect::to(&format!("/residents/{id}")).into_response())
}

/// `POST /records/holds/{id}/release`
///
/// # Errors
/// There is no such hold; the database.
pub async fn release(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
) -> Result<Response, PageError> {
    let (ctx, hold) = (visit.context(&state), HoldId::from_untyped_uuid(id));
    state.db.write(move |s| commands::release_hold(s, &ctx, hold)).await?;
    let back = if visit.may(Action::WeedRecords) { "/records/retention" } else { "/cases" };
    Ok(Redirect::to(back).into_response())
}

/// The folded form that stops weeding, on a case's or resident's page.
#[must_use]
pub fn hold_form(visit: &Visit, path: &str) -> Markup {
    let words = visit.words;
    html! {
        @if visit.may(Action::HoldCase) {
            details { summary { (t!(words, "retention-hold")) }
                form method="post" action=(path) {
                    (forms::token(visit))
                    (Field::line("hold", "reason", t!(words, "retention-hold-why"), "").kind(Kind::Text)
                        .room(REASON_CHARS_MAX).show(words, &Faults::none()))
                    p { button type="submit" { (t!(words, "retention-hold")) } }
                }
            }
        }
    }
}
