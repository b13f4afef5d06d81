//! Work that slides over: what came from outside every assignment, month by month, to take to the meetings with the
//! departments; and the one key that says so of a contact or a case.

use super::Known;
use super::show::month_name;
use crate::{
    AppState,
    components::{
        forms::{self, Choice, Faults, Select},
        layout::Page,
        lists,
    },
    error::PageError,
    t,
    visit::Visit,
    words::Words,
};
use assignments::AssignmentsError;
use assignments::commands::{Outside, mark_outside};
use assignments::compare::Names as _;
use assignments::queries::{MonthOutside, is_outside, months_outside};
use axum::{
    Form,
    extract::{Path, Query, State},
    response::{IntoResponse as _, Redirect, Response},
};
use contacts::ContactsError;
use maud::{Markup, html};
use people::Action;
use serde::Deserialize;
use std::collections::BTreeMap;
use storage::{Session, StorageError};
use vocabulary::civil::Date;
use vocabulary::{AnyId, CaseId, CaseTypeId, ContactId, Context, DepartmentId, GenericUuid as _, local_day};

/// Months shown.
const MONTHS: u16 = 12;

/// What is asked for. Anything else than what can be chosen is as nothing.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    department: String,
}

/// `GET /assignments/outside`
///
/// # Errors
/// The database.
pub(super) async fn show(
    State(state): State<AppState>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Markup, PageError> {
    let words = visit.words;
    let today = local_day(visit.now);
    let chosen = asked.department.parse().ok().map(DepartmentId::from_untyped_uuid);
    let (months, known) = state
        .db
        .read(move |s| -> Result<_, AssignmentsError> {
            Ok((months_outside(s, today, MONTHS)?, Known::load(s)?))
        })
        .await?;
    let chosen = chosen.filter(|id| known.departments.iter().any(|one| one.id == *id));
    let content = html! {
        p { a href="/assignments" { (t!(words, "assignments-back")) } }
        p .lead { (t!(words, "outside-lead")) }
        (choose(words, &known, chosen))
        @if months.iter().all(|month| month.count(chosen) == 0) { (lists::empty(&t!(words, "outside-none"))) }
        @else { (over_time(words, &months, &known, chosen)) (by_type(words, &months, &known, chosen)) }
        section .card aria-labelledby="outside-explained" {
            h2 #outside-explained { (t!(words, "departments-explained")) }
            p { (t!(words, "outside-explained")) }
            p { (t!(words, "outside-explained-marked")) }
        }
    };
    Ok(Page::wide(t!(words, "outside-title")).around(&visit, &content))
}

fn choose(words: &Words, known: &Known, chosen: Option<DepartmentId>) -> Markup {
    let departments: Vec<Choice> = known
        .departments
        .iter()
        .map(|one| Choice::new(one.id.into_untyped_uuid(), one.name.clone()))
        .collect();
    let chosen = chosen.map(|id| id.into_untyped_uuid().to_string()).unwrap_or_default();
    html! {
        form .filters method="get" action="/assignments/outside" {
            (Select { name: "department", prefix: "outside", label: t!(words, "departments-department"), choices: &departments,
                chosen: &chosen, nothing: Some(t!(words, "departments-all")), required: true, type_ahead_next: None }
                .show(words, &Faults::none()))
            button type="submit" { (t!(words, "departments-show")) }
        }
    }
}

/// The chart, and the table that says the same: a column for each month.
fn over_time(words: &Words, months: &[MonthOutside], known: &Known, chosen: Option<DepartmentId>) -> Markup {
    let departments: Vec<_> = known
        .departments
        .iter()
        .filter(|one| chosen.is_none_or(|chosen| chosen == one.id))
        .filter(|one| months.iter().any(|month| month.count(Some(one.id)) > 0))
        .collect();
    html! {
        section .card {
            h2 #outside-months { (t!(words, "outside-months")) }
            (chart(words, months, chosen))
            div .table-wrap tabindex="0" role="region" aria-labelledby="outside-months" { table .stacks {
                thead { tr {
                    th scope="col" { (t!(words, "departments-month")) }
                    @for one in &departments { th scope="col" .number { (one.name) } }
                    @if chosen.is_none() { th scope="col" .number { (t!(words, "departments-all")) } }
                    th scope="col" .number { (t!(words, "outside-share")) }
                } }
                tbody { @for month in months.iter().rev() { tr {
                    th scope="row" { (month_name(words, month.first_day)) }
                    @for one in &departments { td .number data-label=(one.name) { (month.count(Some(one.id))) } }
                    @if chosen.is_none() { td .number data-label=(t!(words, "departments-all")) { strong { (month.count(None)) } } }
                    td .number data-label=(t!(words, "outside-share")) { (share(words, month.count(chosen), month.all)) }
                } } }
            } }
        }
    }
}

fn share(words: &Words, part: u64, all: u64) -> String {
    // Counts of a contact centre lie far below where a double loses whole numbers.
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
    let share = |part: u64, all: u64| part as f64 / all as f64;
    if all == 0 { "–".to_owned() } else { words.percent(share(part, all)) }
}

/// The chart's own units, not pixels.
const COLUMN: u64 = 52;
const TOP: u64 = 16;
const HEIGHT: u64 = 150;

fn chart(words: &Words, months: &[MonthOutside], chosen: Option<DepartmentId>) -> Markup {
    let most = months.iter().map(|month| month.count(chosen)).max().unwrap_or(0).max(1);
    let width = COLUMN * u64::try_from(months.len()).unwrap_or(0);
    html! {
        svg .chart viewBox=(format!("0 0 {width} {}", TOP + HEIGHT + 24)) role="img" aria-label=(t!(words, "outside-chart"))
            preserveAspectRatio="xMinYMin meet" {
            @for (n, month) in (0..).zip(months) {
                @let count = month.count(chosen);
                @let height = count * HEIGHT / most;
                rect .bar-body x=(n * COLUMN + 8) y=(TOP + HEIGHT - height) width=(COLUMN - 16) height=(height) {}
                text x=(n * COLUMN + COLUMN / 2) y=(TOP + HEIGHT - height - 4) text-anchor="middle" { (count) }
                text x=(n * COLUMN + COLUMN / 2) y=(TOP + HEIGHT + 16) text-anchor="middle" {
                    (words.word("month-short", &month.first_day.month().to_string())) }
            }
        }
    }
}

/// What it was about, the most first: the list to take to the meeting.
fn by_type(words: &Words, months: &[MonthOutside], known: &Known, chosen: Option<DepartmentId>) -> Markup {
    let mut types: BTreeMap<(DepartmentId, CaseTypeId), (u64, u64, Option<Date>)> = BTreeMap::new();
    for month in months {
        let own = month.lines.iter().filter(|line| chosen.is_none_or(|chosen| chosen == line.department));
        for line in own {
            let sum = types.entry((line.department, line.case_type)).or_default();
            sum.0 += line.count;
            sum.1 += line.marked;
            sum.2 = Some(month.first_day);
        }
    }
    let mut types: Vec<_> = types.into_iter().collect();
    types.sort_by_key(|(_, (count, ..))| std::cmp::Reverse(*count));
    html! {
        section .card {
            h2 #outside-types { (t!(words, "outside-types")) }
            p .hint { (t!(words, "outside-types-hint")) }
            div .table-wrap tabindex="0" role="region" aria-labelledby="outside-types" { table .stacks {
                thead { tr {
                    th scope="col" { (t!(words, "log-type")) }
                    th scope="col" { (t!(words, "departments-department")) }
                    th scope="col" .number { (t!(words, "outside-count")) }
                    th scope="col" .number { (t!(words, "outside-marked")) }
                    th scope="col" { (t!(words, "outside-last")) }
                } }
                tbody { @for ((department, case_type), (count, marked, last)) in &types { tr {
                    th scope="row" { (known.case_type(*case_type)) }
                    td data-label=(t!(words, "departments-department")) { (known.department(*department)) }
                    td .number data-label=(t!(words, "outside-count")) { (count) }
                    td .number data-label=(t!(words, "outside-marked")) { (marked) }
                    td data-label=(t!(words, "outside-last")) { (last.map_or_else(String::new, |day| month_name(words, day))) }
                } } }
            } }
        }
    }
}

/// Says of a contact whether it is outside, as a part of logging it.
///
/// # Errors
/// There is no such contact; the database.
pub fn contact_mark(
    s: &mut Session<'_>,
    ctx: &Context,
    contact: ContactId,
    outside: bool,
) -> Result<(), ContactsError> {
    mark_outside(s, ctx, Outside::Contact(contact), outside).map_err(|error| match error {
        AssignmentsError::Storage(error) => error.into(),
        _ => ContactsError::NotFound { what: "contact" },
    })
}

/// Whether somebody has said that it is outside every assignment.
///
/// # Errors
/// The database.
pub fn is_marked(s: &mut Session<'_>, subject: AnyId) -> Result<bool, StorageError> {
    is_outside(s, subject)
}

/// The one key on a case's page.
#[must_use]
pub fn mark_case_form(visit: &Visit, case: CaseId, marked: bool) -> Markup {
    let words = visit.words;
    html! {
        @if visit.may(Action::ChangeCase) {
            form .outside-mark method="post" action=(format!("/cases/{}/outside", case.into_untyped_uuid())) {
                (forms::token(visit))
                input type="hidden" name="outside" value=(if marked { "no" } else { "yes" });
                @if marked { p .small { (t!(words, "outside-is-marked")) } }
                button type="submit" .slim {
                    @if marked { (t!(words, "outside-unmark")) } @else { (t!(words, "outside-mark")) }
                }
            }
        }
    }
}

/// What the key sends.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Mark {
    #[serde(default)]
    outside: String,
}

/// `POST /cases/{id}/outside`
///
/// # Errors
/// There is no such case, or it is not for this visitor; the database.
pub(super) async fn mark_case(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
    Form(asked): Form<Mark>,
) -> Result<Response, PageError> {
    let (ctx, viewer) = (visit.context(&state), crate::pages::cases::viewer(&visit));
    let case_id = CaseId::from_untyped_uuid(id);
    state
        .db
        .write(move |s| -> Result<(), AssignmentsError> {
            let kept = cases::queries::kept(s, case_id)?;
            let case = cases::queries::case(s, kept)?;
            let case = case.ok_or(AssignmentsError::NotFound { what: "case" })?;
            viewer.opens(s, &case)?;
            mark_outside(s, &ctx, Outside::Case(kept), asked.outside == "yes")
        })
        .await?;
    Ok(Redirect::to(&format!("/cases/{id}")).into_response())
}
