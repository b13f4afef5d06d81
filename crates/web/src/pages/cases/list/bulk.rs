//! The same change to the cases that are ticked; what came of it is told case by case.

use super::{Asked, around::Around, narrow};
use crate::{
    AppState,
    components::{
        forms::{Choice, Faults, Field, Kind, Select},
        layout::Page,
    },
    error::PageError,
    t,
    visit::Visit,
};
use axum::{
    Form,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use cases::bulk::{BulkAction, Reached, change_one, each_once, forget_old};
use cases::commands::Change;
use cases::{CaseNumber, CasesError};
use maud::{Markup, html};
use vocabulary::GenericUuid as _;
use vocabulary::{BulkChangeId, CaseId, CaseOutcome, UserId};

/// What can be done with many at once, by the word in the form.
const STEPS: &[&str] = &["assign", "priority", "begin", "wait", "resume", "solve", "reopen", "note"];

/// The fields above the list. They stand in the form that holds the ticked boxes.
#[must_use]
pub fn fields(visit: &Visit, around: &Around, asked: &Asked) -> Markup {
    let words = visit.words;
    let steps: Vec<Choice> = STEPS.iter().map(|step| Choice::new(step, words.word("bulk", step))).collect();
    let outcomes: Vec<Choice> = CaseOutcome::ALL
        .iter()
        .map(|word| Choice::new(word, cases::words::outcome_name(words.language(), *word)))
        .collect();
    let mut guides = vec![
        Choice::new("me", t!(words, "list-assignee-me")),
        Choice::new("nobody", t!(words, "list-assignee-nobody")),
    ];
    guides.extend(around.guide_choices());
    let select = |name, label, choices: &[Choice], nothing: Option<String>| {
        Select {
            name,
            prefix: "bulk",
            label,
            choices,
            chosen: "",
            nothing,
            required: false,
            type_ahead_next: None,
        }
        .show(words, &Faults::none())
    };
    html! {
        // The form sent twice is one change.
        input type="hidden" name="bulk" value=(around.fresh);
        input type="hidden" name="back" value=(asked.query());
        details .card .bulk {
            summary { (t!(words, "bulk-title")) " " span #bulk-count .badge aria-live="polite" hidden data-text=(t!(words, "bulk-ticked", n = "{n}")) {} }
            p .hint { (t!(words, "bulk-hint", max = cases::limits::BULK_CASES_MAX)) }
            div .row {
                (select("step", t!(words, "bulk-step"), &steps, Some(t!(words, "choose"))))
                (select("assignee", t!(words, "bulk-assignee"), &guides, None))
                (select("priority", t!(words, "bulk-priority"), &narrow::priorities(visit), None))
                (select("outcome", t!(words, "bulk-outcome"), &outcomes, None))
            }
            (Field::line("bulk", "note", t!(words, "bulk-note"), "").kind(Kind::Text).optional()
                .room(cases::limits::NOTE_CHARS_MAX).show(words, &Faults::none()))
            div .actions {
                button type="submit" .primary { (t!(words, "bulk-do")) }
                button type="button" .slim data-tick-all="bulk-form" hidden { (t!(words, "bulk-tick-all")) }
            }
        }
    }
}

/// What came of it for one case.
struct Told {
    number: Option<CaseNumber>,
    result: Result<Reached, CasesError>,
}

/// `POST /cases/bulk`
///
/// # Errors
/// Nothing that can be done was asked for, or with too many cases.
pub async fn change(
    State(state): State<AppState>,
    visit: Visit,
    Form(parts): Form<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let of = |name: &str| parts.iter().find(|(own, _)| own == name).map_or("", |(_, value)| value.trim());
    let ticked = parts.iter().filter(|(name, _)| name == "case");
    let ids: Result<Vec<CaseId>, _> =
        ticked.map(|(_, id)| id.parse::<uuid::Uuid>().map(CaseId::from_untyped_uuid)).collect();
    let ids = each_once(ids.map_err(|error| PageError::Invalid(error.to_string()))?)?;
    let words = visit.words;
    let Some(action) = action_of(&visit, of) else {
        return Ok(refused(&visit, &t!(words, "bulk-no-step"), of("back")));
    };
    if ids.is_empty() {
        return Ok(refused(&visit, &t!(words, "bulk-none-ticked"), of("back")));
    }
    let ctx = visit.context(&state);
    let bulk = of("bulk").parse().unwrap_or_else(|_| ctx.next_id::<vocabulary::BulkChangeKind>());
    state
        .db
        .write({
            let ctx = ctx.clone();
            move |s| forget_old(s, &ctx)
        })
        .await?;
    let mut told = Vec::with_capacity(ids.len());
    for id in ids {
        told.push(one(&state, &ctx, bulk, id, &action).await?);
    }
    Ok(report(&visit, &told, of("back")).into_response())
}

/// Changes one case. A fault of the house ends it all; what the case itself refuses is told.
async fn one(
    state: &AppState,
    ctx: &vocabulary::Context,
    bulk: BulkChangeId,
    id: CaseId,
    action: &BulkAction,
) -> Result<Told, PageError> {
    let (ctx, settings, action) = (ctx.clone(), state.cases.clone(), action.clone());
    let viewer = cases::Viewer::of(ctx.actor);
    let result = state.db.write(move |s| change_one(s, &ctx, &settings, bulk, id, &action)).await;
    Ok(match result {
        Ok((number, reached)) => Told { number: Some(number), result: Ok(reached) },
        Err(CasesError::Storage(error)) => return Err(error.into()),
        Err(error) => {
            // Its number is told only to those who may know of it.
            let number = state
                .db
                .read(move |s| -> Result<_, CasesError> {
                    let Some(case) = cases::queries::case(s, id)? else { return Ok(None) };
                    Ok((viewer.sight(s, &case)? > cases::Sight::Hidden).then_some(case.number))
                })
                .await?;
            Told { number, result: Err(error) }
        }
    })
}

fn action_of<'a>(visit: &Visit, of: impl Fn(&str) -> &'a str) -> Option<BulkAction> {
    Some(match of("step") {
        "assign" => BulkAction::Assign(match of("assignee") {
            "me" => Some(visit.user_id()),
            "nobody" => None,
            id => Some(id.parse::<uuid::Uuid>().map(UserId::from_untyped_uuid).ok()?),
        }),
        "priority" => BulkAction::Priority(of("priority").parse().ok()?),
        "begin" => BulkAction::Change(Change::Begin),
        "wait" => BulkAction::Change(Change::WaitForResident),
        "resume" => BulkAction::Change(Change::Resume),
        "solve" => BulkAction::Solve(of("outcome").parse().ok()?),
        "reopen" => BulkAction::Reopen,
        "note" if !of("note").is_empty() => BulkAction::Note(of("note").to_owned()),
        _ => return None,
    })
}

/// The way back to the list: only to a filter of ours.
fn back(query: &str) -> String {
    let parts: Vec<(String, String)> = query
        .split('&')
        .filter_map(|part| part.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    Asked::read(&parts).unwrap_or_default().address()
}

fn refused(visit: &Visit, message: &str, query: &str) -> Response {
    let content = html! {
        (crate::components::forms::refused(message))
        p { a href=(back(query)) { (t!(visit.words, "cases-back")) } }
    };
    let page = Page::narrow(t!(visit.words, "bulk-title")).around(visit, &content);
    (StatusCode::UNPROCESSABLE_ENTITY, page).into_response()
}

fn report(visit: &Visit, told: &[Told], query: &str) -> Markup {
    let words = visit.words;
    let done = told.iter().filter(|one| matches!(one.result, Ok(Reached::Done))).count();
    let content = html! {
        p role="status" { (t!(words, "bulk-report", done = done, all = told.len())) }
        ul .plain-list .bulk-report {
            @for one in told {
                li {
                    span .code { @match &one.number { Some(number) => (number), None => (t!(words, "bulk-unknown")) } } " "
                    @match &one.result {
                        Ok(Reached::Done) => span .badge .good { (t!(words, "bulk-done")) },
                        Ok(Reached::Already) => span .badge { (t!(words, "bulk-already")) },
                        Err(error) => {
                            span .badge .bad { (t!(words, "bulk-refused")) } " "
                            (cases::words::problem(words.language(), error))
                        },
                    }
                }
            }
        }
        p { a .button href=(back(query)) { (t!(words, "cases-back")) } }
    };
    Page::narrow(t!(words, "bulk-title")).around(visit, &content)
}
