//! How the departments answer, for those who lead the contact centre: what is open and how old, how fast answers come,
//! and whether units can be reached. Meant for the talk with each department, so nobody is ranked.

mod chart;

use crate::{
    AppState,
    components::{
        forms::{Choice, Faults, Select},
        layout::Page,
        lists,
    },
    error::PageError,
    pages::crisis::periods::{self, WITHOUT},
    routes::RouteTable,
    t,
    visit::Visit,
    words::Words,
};
use axum::extract::{Query, State};
use cases::{
    CasesError,
    queries::departments::{AGE_BANDS, DepartmentView, Figures, department_view_without},
};
use maud::{Markup, html};
use people::Action;
use quality::{GROUP_ANSWERS_MIN, Share, Turned};
use serde::Deserialize;
use vocabulary::{DepartmentId, GenericUuid as _, start_of_day};

/// The periods that can be chosen, in days.
const PERIODS: [u16; 3] = [30, 90, 365];
/// The one shown first.
const PERIOD: u16 = 90;

/// The page and what it is.
pub fn routes(table: &mut RouteTable) {
    table.get("/departments", Action::SeeDepartments, show);
}

/// What is asked for. Anything else than what can be chosen is as nothing.
#[derive(Debug, Deserialize)]
struct Asked {
    #[serde(default)]
    days: String,
    #[serde(default)]
    department: String,
    #[serde(default)]
    crises: String,
}

/// `GET /departments`
///
/// # Errors
/// The database.
async fn show(
    State(state): State<AppState>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Markup, PageError> {
    let words = visit.words;
    let days = asked.days.parse().ok().filter(|days| PERIODS.contains(days)).unwrap_or(PERIOD);
    let chosen = asked.department.parse().ok().map(DepartmentId::from_untyped_uuid);
    let now = visit.now;
    let without = asked.crises == WITHOUT;
    let (view, periods) = state
        .db
        .read(move |s| -> Result<_, CasesError> {
            let periods = crisis::queries::periods(s)?;
            let stretches: Vec<_> =
                periods.iter().map(|period| (period.begins_at, period.ends_at.unwrap_or(now))).collect();
            let left_out = if without { stretches.as_slice() } else { &[] };
            Ok((department_view_without(s, now, days, chosen, left_out)?, periods))
        })
        .await?;
    let first = view.trend.first().map_or(view.from, |month| month.first_day.min(view.from));
    let within: Vec<_> =
        periods.into_iter().filter(|period| period.touches(start_of_day(first), now)).collect();
    let same = format!(
        "days={days}&department={}",
        asked.department.parse::<uuid::Uuid>().map_or_else(|_| String::new(), |id| id.to_string())
    );
    let content = html! {
        p { (t!(words, "departments-lead")) }
        (choose(words, &view, days, chosen, without))
        (periods::switch(words, "/departments", &same, &within, without))
        (open(words, &view))
        (answers(words, &view))
        (trend(words, &view, chosen))
        (explained(words))
    };
    Ok(Page::wide(t!(words, "departments-title")).around(&visit, &content))
}

fn choose(
    words: &Words,
    view: &DepartmentView,
    days: u16,
    chosen: Option<DepartmentId>,
    without: bool,
) -> Markup {
    let periods: Vec<Choice> =
        PERIODS.into_iter().map(|n: u16| Choice::new(n, t!(words, "departments-days", n = n))).collect();
    let departments: Vec<Choice> = view
        .departments
        .iter()
        .filter_map(|figures| figures.department.as_ref())
        .map(|department| Choice::new(department.id.into_untyped_uuid(), department.name.clone()))
        .collect();
    let none = Faults::none();
    let days = days.to_string();
    let chosen = chosen.map(|id| id.into_untyped_uuid().to_string()).unwrap_or_default();
    html! {
        form .filters method="get" action="/departments" {
            @if without { input type="hidden" name="crises" value=(WITHOUT); }
            @let period = Select {
                name: "days",
                prefix: "departments",
                label: t!(words, "departments-period"),
                choices: &periods,
                chosen: &days,
                nothing: None,
                required: true,
                type_ahead_next: None,
            };
            (period.show(words, &none))
            // Not to choose is to choose all.
            @let all = Select {
                name: "department",
                prefix: "departments",
                label: t!(words, "departments-trend-of"),
                choices: &departments,
                chosen: &chosen,
                nothing: Some(t!(words, "departments-all")),
                required: true,
                type_ahead_next: None,
            };
            (all.show(words, &none))
            button type="submit" { (t!(words, "departments-show")) }
        }
    }
}

/// Every line of a table: the departments by name, then all together.
fn lines(view: &DepartmentView) -> impl Iterator<Item = &Figures> {
    view.departments.iter().chain(std::iter::once(&view.all))
}

fn name(words: &Words, figures: &Figures) -> String {
    figures
        .department
        .as_ref()
        .map_or_else(|| t!(words, "departments-all"), |department| department.name.clone())
}

fn open(words: &Words, view: &DepartmentView) -> Markup {
    let bands = bands(words);
    html! {
        section .card {
            h2 #open-heading { (t!(words, "departments-open")) }
            p .hint { (t!(words, "departments-open-hint")) }
            @if view.all.open.waiting == 0 { (lists::empty(&t!(words, "departments-open-none"))) } @else {
                div .table-wrap tabindex="0" role="region" aria-labelledby="open-heading" { table .stacks {
                    thead { tr {
                        th scope="col" { (t!(words, "departments-department")) }
                        th scope="col" .number { (t!(words, "departments-waiting")) }
                        @for band in &bands { th scope="col" .number { (band) } }
                        th scope="col" .number { (t!(words, "departments-median-age")) }
                        th scope="col" .number { (t!(words, "departments-overdue")) }
                        th scope="col" .number { (t!(words, "departments-paused")) }
                    } }
                    tbody { @for figures in lines(view) { tr .sum[figures.department.is_none()] {
                        th scope="row" { (name(words, figures)) }
                        td .number data-label=(t!(words, "departments-waiting")) { (figures.open.waiting) }
                        @for (band, n) in bands.iter().zip(figures.open.bands) {
                            td .number data-label=(band) { (n) }
                        }
                        td .number data-label=(t!(words, "departments-median-age")) { (days(words, figures.open.median_age)) }
                        td .number data-label=(t!(words, "departments-overdue")) { (figures.open.overdue) }
                        td .number data-label=(t!(words, "departments-paused")) { (figures.open.paused) }
                    } } }
                } }
            }
        }
    }
}

/// The age bands' headings: 0–2, 3–5, 6–10, more than 10.
fn bands(words: &Words) -> Vec<String> {
    let mut from = 0;
    let mut names = Vec::new();
    for end in AGE_BANDS {
        names.push(t!(words, "departments-band", from = from, to = end));
        from = end + 1;
    }
    names.push(t!(words, "departments-band-last", from = from));
    names
}

fn days(words: &Words, median: Option<f64>) -> String {
    median.map_or_else(|| "–".to_owned(), |median| words.one_decimal(median))
}

fn answers(words: &Words, view: &DepartmentView) -> Markup {
    html! {
        section .card {
            h2 #answers-heading { (t!(words, "departments-answers")) }
            p .hint {
                (t!(words, "departments-answers-hint", from = words.day(view.from),
                    to = words.day(view.to.yesterday().unwrap_or(view.to)), min = GROUP_ANSWERS_MIN))
            }
            div .table-wrap tabindex="0" role="region" aria-labelledby="answers-heading" { table .stacks {
                thead { tr {
                    th scope="col" { (t!(words, "departments-department")) }
                    th scope="col" .number { (t!(words, "departments-median-days")) }
                    th scope="col" .number { (t!(words, "departments-in-time")) }
                    th scope="col" .number { (t!(words, "departments-calls")) }
                    th scope="col" .number { (t!(words, "departments-index")) }
                } }
                tbody { @for figures in lines(view) { tr .sum[figures.department.is_none()] {
                    @let reached = &figures.reachability;
                    th scope="row" { (name(words, figures)) }
                    td .number data-label=(t!(words, "departments-median-days")) {
                        @if figures.answered < GROUP_ANSWERS_MIN { (too_few(words, figures.answered)) }
                        @else { (days(words, figures.median_days)) span .small .soft { " n = " (figures.answered) } }
                    }
                    td .number data-label=(t!(words, "departments-in-time")) { (share(words, reached.in_time, figures.questions)) }
                    td .number data-label=(t!(words, "departments-calls")) { (share(words, reached.calls, figures.calls)) }
                    td .number data-label=(t!(words, "departments-index")) {
                        strong { (share(words, reached.index, figures.calls.and(figures.questions))) }
                    }
                } } }
            } }
        }
    }
}

/// A share with its interval and number; with too few, only how few.
fn share(words: &Words, share: Option<Share>, turned: Turned) -> Markup {
    match share {
        None => too_few(words, turned.to),
        Some(share) => html! {
            (words.percent(share.share)) " "
            span .small .soft { (interval(words, &share)) " n = " (share.of) }
        },
    }
}

fn interval(words: &Words, share: &Share) -> String {
    t!(words, "departments-interval", low = words.percent(share.low), high = words.percent(share.high))
}

fn too_few(words: &Words, n: u64) -> Markup {
    html! { span .soft { (t!(words, "departments-too-few", n = n)) } }
}

fn trend(words: &Words, view: &DepartmentView, chosen: Option<DepartmentId>) -> Markup {
    let of =
        view.departments.iter().find(|f| f.department.as_ref().map(|d| d.id) == chosen && chosen.is_some());
    let whose = name(words, of.unwrap_or(&view.all));
    html! {
        section .card aria-labelledby="trend-heading" {
            h2 #trend-heading { (t!(words, "departments-trend", name = whose)) }
            @if view.trend.iter().all(|month| month.reachability.index.is_none()) {
                (lists::empty(&t!(words, "departments-trend-none", min = GROUP_ANSWERS_MIN)))
            } @else {
                (chart::months(words, &view.trend))
                details {
                    summary { (t!(words, "departments-trend-table")) }
                    div .table-wrap { table .stacks {
                        thead { tr {
                            th scope="col" { (t!(words, "departments-month")) }
                            th scope="col" .number { (t!(words, "departments-in-time")) }
                            th scope="col" .number { (t!(words, "departments-calls")) }
                            th scope="col" .number { (t!(words, "departments-index")) }
                        } }
                        tbody { @for month in &view.trend { tr {
                            @let reached = &month.reachability;
                            th scope="row" { (chart::month_name(words, month.first_day)) }
                            td .number data-label=(t!(words, "departments-in-time")) { (or_dash(words, reached.in_time)) }
                            td .number data-label=(t!(words, "departments-calls")) { (or_dash(words, reached.calls)) }
                            td .number data-label=(t!(words, "departments-index")) { (or_dash(words, reached.index)) }
                        } } }
                    } }
                }
            }
        }
    }
}

fn or_dash(words: &Words, found: Option<Share>) -> Markup {
    match found {
        None => html! { "–" },
        Some(found) => share(words, Some(found), Turned::default()),
    }
}

/// What the figures mean and do not mean.
fn explained(words: &Words) -> Markup {
    html! {
        section .card aria-labelledby="explained-heading" {
            h2 #explained-heading { (t!(words, "departments-explained")) }
            p { (t!(words, "departments-explained-index")) }
            p { (t!(words, "departments-explained-term")) }
            p { (t!(words, "departments-explained-interval", min = GROUP_ANSWERS_MIN)) }
        }
    }
}
