//! One process: its map, its list, its versions.

use super::drawing;
use crate::{AppState, components::layout::Page, error::PageError, t, visit::Visit};
use axum::extract::{Path, State};
use maud::{Markup, html};
use people::Action;
use processes::{ProcessesError, Version, compare, definition, queries};

/// `GET /processes/{code}`
///
/// # Errors
/// There is no such process; the database.
pub(super) async fn newest(
    State(state): State<AppState>,
    visit: Visit,
    Path(code): Path<String>,
) -> Result<Markup, PageError> {
    page(&state, &visit, code, None).await
}

/// `GET /processes/{code}/versions/{version}`
///
/// # Errors
/// There is no such version; the database.
pub(super) async fn version(
    State(state): State<AppState>,
    visit: Visit,
    Path((code, version)): Path<(String, u32)>,
) -> Result<Markup, PageError> {
    page(&state, &visit, code, Some(version)).await
}

async fn page(
    state: &AppState,
    visit: &Visit,
    code: String,
    number: Option<u32>,
) -> Result<Markup, PageError> {
    let words = visit.words;
    let versions =
        state.db.read(move |s| -> Result<_, ProcessesError> { Ok(queries::versions(s, &code)?) }).await?;
    let newest = versions.first().ok_or(PageError::NotFound)?;
    let shown = match number {
        None => newest,
        Some(number) => versions.iter().find(|v| v.version == number).ok_or(PageError::NotFound)?,
    };
    let definition = definition::read(&shown.source, None)
        .map_err(|_| PageError::Internal(format!("{} {}", shown.code, shown.version)))?;
    let content = html! {
        p { a href="/processes" { (t!(words, "processes-back")) } }
        @if shown.version != newest.version {
            div .notice role="status" { p { (t!(words, "process-old-version", version = i64::from(shown.version), newest = i64::from(newest.version))) } }
        }
        p .lead { (definition.description) }
        (drawing::drawing(visit, &definition))
        @if shown.version != newest.version {
            h2 { (t!(words, "process-since-then")) }
            (difference(visit, &shown.source, &newest.source))
        }
        h2 { (t!(words, "process-versions")) }
        ul { @for version in &versions {
            li { a href=(format!("/processes/{}/versions/{}", version.code, version.version)) aria-current=[(version.version == shown.version).then_some("page")] {
                    (t!(words, "process-version")) " " (version.version) }
                " " span .soft { (words.day_and_time(version.published_at)) } }
        } }
        details { summary { (t!(words, "process-source")) } pre .source tabindex="0" { (shown.source) } }
    };
    let aside = html! {
        @if visit.may(Action::EditProcesses) && shown.version == newest.version {
            a .button href=(format!("/processes/{}/edit", shown.code)) { (t!(words, "process-edit")) }
        }
    };
    Ok(Page::wide(title(visit, shown)).with(aside).around(visit, &content))
}

fn title(visit: &Visit, version: &Version) -> String {
    format!("{}, {} {}", version.name, t!(visit.words, "process-version").to_lowercase(), version.version)
}

/// Lines around what is different.
const AROUND: usize = 2;

/// What is different between two texts, line by line.
#[must_use]
pub fn difference(visit: &Visit, old: &str, new: &str) -> Markup {
    use compare::Line;
    let words = visit.words;
    let lines = compare::lines(old, new);
    let near = |place: usize| {
        let (from, to) = (place.saturating_sub(AROUND), (place + AROUND + 1).min(lines.len()));
        lines[from..to].iter().any(|line| !matches!(line, Line::Same(_)))
    };
    html! {
        @if lines.iter().all(|line| matches!(line, Line::Same(_))) { p .empty { (t!(words, "process-no-difference")) } }
        @else {
            div .diff tabindex="0" role="region" aria-label=(t!(words, "process-line-by-line")) {
                @for (place, line) in lines.iter().enumerate() {
                    @match line {
                        Line::Gone(text) => del { span .visually-hidden { (t!(words, "diff-gone")) " " } "− " (text) },
                        Line::New(text) => ins { span .visually-hidden { (t!(words, "diff-new")) " " } "+ " (text) },
                        Line::Same(text) => { @if near(place) { span { "  " (text) } } }
                    }
                }
            }
        }
    }
}
