//! The templates: words to begin with.

use crate::{
    AppState,
    components::{
        forms::{self, Choice, Faults, Field, Kind, Select},
        layout::Page,
    },
    error::PageError,
    forms_in::text_fault,
    t,
    visit::Visit,
};
use axum::{
    extract::{Form, Path, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use crisis::limits::{NAME_CHARS_MAX, SPOKEN_CHARS_MAX, TEXT_CHARS_MAX, TITLE_CHARS_MAX};
use crisis::{CrisisError, CrisisKind, Template, commands, queries, shipped_templates};
use maud::{Markup, html};
use serde::Deserialize;

/// `GET /crisis/templates`
///
/// # Errors
/// The database.
pub(super) async fn list(State(state): State<AppState>, visit: Visit) -> Result<Markup, PageError> {
    let templates = state.db.read(queries::templates).await?;
    let words = visit.words;
    let content = html! {
        p { a href="/crisis" { (t!(words, "crisis-back")) } }
        p .lead { (t!(words, "crisis-templates-lead")) }
        ul .card { @for template in &templates {
            li {
                a href=(format!("/crisis/templates/{}", template.code)) { (template.name) }
                " " span .soft { (words.word("crisis-kind", template.kind.as_str())) }
                @if !template.active { " " span .badge { (t!(words, "crisis-template-off")) } }
            }
        } }
    };
    let aside = html! { a .button href="/crisis/templates/new" { (t!(words, "crisis-template-new")) } };
    Ok(Page::narrow(t!(words, "crisis-templates")).with(aside).around(&visit, &content))
}

/// The form as sent.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Sent {
    code: String,
    kind: String,
    name: String,
    title: String,
    public_text: String,
    guide_text: String,
    spoken_text: String,
    active: String,
}

impl Sent {
    fn of(template: &Template) -> Self {
        let text = |text: &str| text.trim().to_owned();
        Self {
            code: template.code.clone(),
            kind: template.kind.to_string(),
            name: template.name.clone(),
            title: template.title.clone(),
            public_text: text(&template.public_text),
            guide_text: text(&template.guide_text),
            spoken_text: text(&template.spoken_text),
            active: if template.active { "yes".to_owned() } else { String::new() },
        }
    }
}

/// `GET /crisis/templates/{code}`
///
/// # Errors
/// There is no such template; the database.
pub(super) async fn show(
    State(state): State<AppState>,
    visit: Visit,
    Path(code): Path<String>,
) -> Result<Markup, PageError> {
    if code == "new" {
        let sent = Sent { active: "yes".to_owned(), ..Sent::default() };
        return Ok(page(&visit, "new", &sent, &Faults::none()));
    }
    let templates = state.db.read(queries::templates).await?;
    let template = templates.iter().find(|template| template.code == code).ok_or(PageError::NotFound)?;
    Ok(page(&visit, &code, &Sent::of(template), &Faults::none()))
}

fn page(visit: &Visit, code: &str, sent: &Sent, faults: &Faults) -> Markup {
    let words = visit.words;
    let kinds: Vec<Choice> = CrisisKind::ALL
        .iter()
        .map(|kind| Choice::new(kind, words.word("crisis-kind", kind.as_str())))
        .collect();
    let kind = Select {
        name: "kind",
        prefix: "template",
        label: t!(words, "crisis-kind"),
        choices: &kinds,
        chosen: &sent.kind,
        nothing: Some(t!(words, "choose")),
        required: true,
        type_ahead_next: None,
    };
    let line = |name, label, value, room| Field::line("template", name, label, value).room(room);
    let area = |name, label, value, room| line(name, label, value, room).kind(Kind::Text);
    let shipped = shipped_templates().iter().any(|template| template.code == code);
    let content = html! {
        p { a href="/crisis/templates" { (t!(words, "crisis-templates")) } }
        form .card method="post" action=(format!("/crisis/templates/{code}")) {
            (forms::token(visit))
            @if !faults.is_empty() { (forms::refused(&t!(words, "crisis-form-faults"))) }
            @if code == "new" {
                (line("code", t!(words, "crisis-template-code"), &sent.code, people::text::CODE_CHARS_MAX)
                    .hint(t!(words, "crisis-template-code-hint")).show(words, faults))
            }
            (line("name", t!(words, "name"), &sent.name, NAME_CHARS_MAX).show(words, faults))
            (kind.show(words, faults))
            (line("title", t!(words, "crisis-field-title"), &sent.title, TITLE_CHARS_MAX).show(words, faults))
            (area("public_text", t!(words, "crisis-field-public"), &sent.public_text, TEXT_CHARS_MAX).show(words, faults))
            (area("guide_text", t!(words, "crisis-field-guide"), &sent.guide_text, TEXT_CHARS_MAX).optional().show(words, faults))
            (area("spoken_text", t!(words, "crisis-field-spoken"), &sent.spoken_text, SPOKEN_CHARS_MAX).optional().show(words, faults))
            (forms::tick("template", "active", &t!(words, "crisis-template-active"), sent.active == "yes"))
            p { button type="submit" .primary { (t!(words, "save")) } }
        }
        @if code != "new" {
            @let label = if shipped { t!(words, "crisis-template-reset") } else { t!(words, "crisis-template-remove") };
            (forms::button(visit, &format!("/crisis/templates/{code}/reset"), "plain", &label))
        }
    };
    let title = if code == "new" { t!(words, "crisis-template-new") } else { sent.name.clone() };
    Page::narrow(title).around(visit, &content)
}

/// `POST /crisis/templates/{code}`
///
/// # Errors
/// The database.
pub(super) async fn put(
    State(state): State<AppState>,
    visit: Visit,
    Path(code): Path<String>,
    Form(sent): Form<Sent>,
) -> Result<Response, PageError> {
    let faults = match sent.kind.parse::<CrisisKind>() {
        Err(_) => Faults::one("kind", t!(visit.words, "fault-missing")),
        Ok(kind) => {
            let template = Template {
                code: if code == "new" { sent.code.clone() } else { code.clone() },
                kind,
                name: sent.name.clone(),
                title: sent.title.clone(),
                public_text: sent.public_text.clone(),
                guide_text: sent.guide_text.clone(),
                spoken_text: sent.spoken_text.clone(),
                active: sent.active == "yes",
            };
            let ctx = visit.context(&state);
            match state.db.write(move |s| commands::put_template(s, &ctx, &template)).await {
                Ok(()) => return Ok(Redirect::to("/crisis/templates").into_response()),
                Err(CrisisError::Text(error)) => {
                    Faults::one(error.field, text_fault(visit.words, error.fault))
                }
                Err(other) => return Err(other.into()),
            }
        }
    };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&visit, &code, &sent, &faults)).into_response())
}

/// `POST /crisis/templates/{code}/reset`
///
/// # Errors
/// The database.
pub(super) async fn reset(
    State(state): State<AppState>,
    visit: Visit,
    Path(code): Path<String>,
) -> Result<Redirect, PageError> {
    let ctx = visit.context(&state);
    state.db.write(move |s| commands::reset_template(s, &ctx, &code)).await?;
    Ok(Redirect::to("/crisis/templates"))
}
