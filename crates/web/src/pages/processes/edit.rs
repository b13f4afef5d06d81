//! The manager's editor: the definition as text, checked, drawn and compared before it is published.

use super::{drawing, show};
use crate::{
    AppState,
    components::{forms, layout::Page},
    error::PageError,
    t,
    visit::Visit,
};
use axum::{
    extract::{Form, Path, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use maud::{Markup, html};
use processes::{
    ProcessesError, Version,
    commands::{Publish, publish},
    compare::{self, Change},
    definition::{self, Definition, Fault},
    limits::SOURCE_BYTES_MAX,
    queries,
    walk::walk,
    words,
};
use serde::Deserialize;

/// What a new definition begins as.
const BLANK: &str = include_str!("blank.toml");

/// What the editor sends.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Draft {
    #[serde(default)]
    source: String,
    /// The version that was edited.
    #[serde(default)]
    version: u32,
    #[serde(default)]
    what: String,
}

/// What came of checking.
enum Checked {
    Not,
    Faults(Vec<Fault>),
    Refused(String),
    Sound(Box<Definition>),
}

/// `GET /processes/new`
///
/// # Errors
/// None of its own.
pub(super) async fn blank(visit: Visit) -> Result<Markup, PageError> {
    let draft = Draft { source: BLANK.to_owned(), ..Draft::default() };
    Ok(page(&visit, None, &draft, &Checked::Not))
}

/// `GET /processes/{code}/edit`
///
/// # Errors
/// There is no such process; the database.
pub(super) async fn form(
    State(state): State<AppState>,
    visit: Visit,
    Path(code): Path<String>,
) -> Result<Markup, PageError> {
    let newest = newest(&state, code).await?;
    let draft = Draft { source: newest.source.clone(), version: newest.version, what: String::new() };
    Ok(page(&visit, Some(&newest), &draft, &Checked::Not))
}

async fn newest(state: &AppState, code: String) -> Result<Version, PageError> {
    let versions =
        state.db.read(move |s| -> Result<_, ProcessesError> { Ok(queries::versions(s, &code)?) }).await?;
    versions.into_iter().next().ok_or(PageError::NotFound)
}

/// `POST /processes/new`
///
/// # Errors
/// The database.
pub(super) async fn send_new(
    State(state): State<AppState>,
    visit: Visit,
    Form(draft): Form<Draft>,
) -> Result<Response, PageError> {
    answer(&state, &visit, None, draft).await
}

/// `POST /processes/{code}/edit`
///
/// # Errors
/// There is no such process; the database.
pub(super) async fn send(
    State(state): State<AppState>,
    visit: Visit,
    Path(code): Path<String>,
    Form(draft): Form<Draft>,
) -> Result<Response, PageError> {
    let newest = newest(&state, code).await?;
    answer(&state, &visit, Some(newest), draft).await
}

async fn answer(
    state: &AppState,
    visit: &Visit,
    newest: Option<Version>,
    draft: Draft,
) -> Result<Response, PageError> {
    if draft.what == "publish" {
        let of = newest.as_ref().map(|newest| (newest.code.clone(), draft.version));
        let (ctx, cmd) = (visit.context(state), Publish { source: draft.source.clone(), of });
        let checked = match state.db.write(move |s| publish(s, &ctx, &cmd)).await {
            Ok(version) => {
                return Ok(Redirect::to(&format!("/processes/{}", version.code)).into_response());
            }
            Err(ProcessesError::Faults(faults)) => Checked::Faults(faults),
            Err(error @ ProcessesError::Overtaken { .. }) => {
                Checked::Refused(words::problem(visit.words.language(), &error))
            }
            Err(other) => return Err(other.into()),
        };
        let page = page(visit, newest.as_ref(), &draft, &checked);
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let known = state.db.read(queries::known).await?;
    let source = draft.source.replace("\r\n", "\n");
    let checked = match definition::read(&source, Some(&known)) {
        Ok(definition) => Checked::Sound(Box::new(definition)),
        Err(faults) => Checked::Faults(faults),
    };
    let status = match checked {
        Checked::Sound(_) | Checked::Not => StatusCode::OK,
        Checked::Faults(_) | Checked::Refused(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok((status, page(visit, newest.as_ref(), &draft, &checked)).into_response())
}

fn page(visit: &Visit, newest: Option<&Version>, draft: &Draft, checked: &Checked) -> Markup {
    let words = visit.words;
    let action =
        newest.map_or_else(|| "/processes/new".to_owned(), |v| format!("/processes/{}/edit", v.code));
    let content = html! {
        p { a href=(newest.map_or_else(|| "/processes".to_owned(), |v| format!("/processes/{}", v.code))) { (t!(words, "processes-back")) } }
        (found(visit, checked, draft))
        form .card method="post" action=(action) {
            (forms::token(visit))
            input type="hidden" name="version" value=(draft.version);
            div .field {
                label for="source" { (t!(words, "process-source")) }
                p #source-hint .hint { (t!(words, "process-source-hint")) }
                textarea #source .source name="source" rows="28" spellcheck="false" autocomplete="off" autocapitalize="off"
                    maxlength=(SOURCE_BYTES_MAX) aria-describedby="source-hint"
                    aria-invalid=[matches!(checked, Checked::Faults(_)).then_some("true")] { (draft.source) }
            }
            div .actions {
                button type="submit" name="what" value="check" { (t!(words, "process-check")) }
                button type="submit" name="what" value="publish" .primary { (t!(words, "process-publish")) }
            }
        }
        @if let Checked::Sound(definition) = checked { (preview(visit, newest, draft, definition)) }
        (legend(visit))
    };
    let title = newest
        .map_or_else(|| t!(words, "process-new"), |v| t!(words, "process-edit-of", name = v.name.clone()));
    Page::wide(title).around(visit, &content)
}

fn found(visit: &Visit, checked: &Checked, draft: &Draft) -> Markup {
    let language = visit.words.language();
    let words = visit.words;
    let lines: Vec<&str> = draft.source.lines().collect();
    html! {
        @match checked {
            Checked::Not => {},
            Checked::Refused(why) => (forms::refused(why)),
            Checked::Faults(faults) => {
                div .notice .bad role="alert" {
                    p { strong { (t!(words, "process-faults", count = i64::try_from(faults.len()).unwrap_or(0))) } }
                    ol .faults { @for fault in faults {
                        li {
                            strong { (t!(words, "process-line", line = i64::try_from(fault.line).unwrap_or(0))) } ": "
                            (words::fault(language, &fault.kind))
                            @if let Some(line) = lines.get(fault.line - 1).filter(|line| !line.trim().is_empty()) { br; code { (line.trim()) } }
                        }
                    } }
                }
            }
            Checked::Sound(definition) => {
                @let walked = walk(definition, visit.now);
                div .notice .good role="status" {
                    p { (t!(words, "process-sound")) }
                    @if !walked.gave_up { p { (t!(words, "process-walked", states = i64::try_from(walked.states).unwrap_or(0))) } }
                }
                @if !walked.gave_up && (!walked.steps_missed.is_empty() || !walked.ends_missed.is_empty()) {
                    div .notice role="status" {
                        p { (t!(words, "process-missed")) " "
                            (walked.steps_missed.iter().map(|place| definition.steps[*place].name.as_str())
                                .chain(walked.ends_missed.iter().map(|place| definition.ends[*place].name.as_str()))
                                .collect::<Vec<_>>().join(", ")) }
                    }
                }
            }
        }
    }
}

fn preview(visit: &Visit, newest: Option<&Version>, draft: &Draft, definition: &Definition) -> Markup {
    let words = visit.words;
    html! {
        section .card aria-labelledby="preview-heading" {
            h2 #preview-heading { (t!(words, "process-preview")) }
            (drawing::drawing(visit, definition))
        }
        @if let Some(newest) = newest {
            section .card aria-labelledby="difference-heading" {
                h2 #difference-heading { (t!(words, "process-difference")) }
                @if let Ok(old) = definition::read(&newest.source, None) {
                    ul { @for (change, _, name) in compare::steps(&old, definition) {
                        li { @match change {
                            Change::Added => (t!(words, "process-step-added", name = name)),
                            Change::Removed => (t!(words, "process-step-removed", name = name)),
                            Change::Changed => (t!(words, "process-step-changed", name = name)),
                        } }
                    } }
                }
                (show::difference(visit, &newest.source, &draft.source))
            }
        }
    }
}

/// How a definition is written.
fn legend(visit: &Visit) -> Markup {
    let words = visit.words;
    html! {
        details .card {
            summary { (t!(words, "process-legend")) }
            dl .facts {
                @for (key, text) in [
                    ("[[step]]", t!(words, "legend-step")), ("kind", t!(words, "legend-kind")),
                    ("who", t!(words, "legend-who")), ("due", t!(words, "legend-due")),
                    ("public", t!(words, "legend-public")), ("skippable, gather", t!(words, "legend-flags")),
                    ("[[step.field]]", t!(words, "legend-field")), ("[[step.next]]", t!(words, "legend-next")),
                    ("when", t!(words, "legend-when")), ("[[end]]", t!(words, "legend-end")),
                    ("{…}", t!(words, "legend-blanks")),
                ] { dt { code { (key) } } dd { (text) } }
            }
        }
    }
}
