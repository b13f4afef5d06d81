//! Mailboxes and templates, for who leads the hour.

use super::mail_faults;
use crate::{
    AppState,
    components::{
        forms::{self, Choice, Faults, Field, Kind, Select},
        layout::Page,
        lists,
    },
    error::PageError,
    t,
    visit::Visit,
};
use axum::{
    Form,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use correspondence::commands::{self, PutMailbox, PutTemplate};
use correspondence::placeholders::Placeholder;
use correspondence::{
    ANSWER_CHARS_MAX, CorrespondenceError, Mailbox, ReplyTemplate, SIGNATURE_CHARS_MAX, queries,
};
use maud::{Markup, html};
use people::directory::AnswerGroup;
use serde::Deserialize;
use vocabulary::GenericUuid as _;
use vocabulary::{AnswerGroupId, Language, MailboxId, ReplyTemplateId};

struct Loaded {
    mailboxes: Vec<Mailbox>,
    templates: Vec<ReplyTemplate>,
    groups: Vec<AnswerGroup>,
}

/// `GET /mail/settings`
///
/// # Errors
/// The database.
pub async fn show(State(state): State<AppState>, visit: Visit) -> Result<Markup, PageError> {
    page(&state, &visit, &Wrong::default()).await
}

/// Which form was refused, by the id in it, and why.
#[derive(Default)]
struct Wrong {
    of: String,
    faults: Faults,
}

async fn page(state: &AppState, visit: &Visit, wrong: &Wrong) -> Result<Markup, PageError> {
    let words = visit.words;
    let loaded = state
        .db
        .read(|s| -> Result<_, CorrespondenceError> {
            Ok(Loaded {
                mailboxes: queries::mailboxes(s)?,
                templates: queries::templates(s)?,
                groups: people::directory::queries::answer_groups(s)?,
            })
        })
        .await?;
    let placeholders: Vec<String> = Placeholder::ALL.iter().map(|word| format!("{{{word}}}")).collect();
    let content = html! {
        p { a href="/mail" { (t!(words, "mail-back")) } }
        section aria-labelledby="mailboxes-heading" {
            h2 #mailboxes-heading { (t!(words, "mail-settings-mailboxes")) }
            @if loaded.mailboxes.is_empty() { (lists::empty(&t!(words, "mail-no-mailboxes"))) }
            @for mailbox in &loaded.mailboxes {
                details .card open[wrong.of == mailbox.id.into_untyped_uuid().to_string()] {
                    summary { (mailbox.name) " " span .soft .small { (mailbox.address) }
                        @if !mailbox.active { " " span .badge { (t!(words, "mail-not-in-use")) } } }
                    (mailbox_form(visit, &loaded, Some(mailbox), wrong))
                }
            }
            details .card open[wrong.of == "new-mailbox"] {
                summary { (t!(words, "mail-mailbox-new")) }
                (mailbox_form(visit, &loaded, None, wrong))
            }
        }
        section aria-labelledby="templates-heading" {
            h2 #templates-heading { (t!(words, "mail-settings-templates")) }
            p .hint { (t!(words, "mail-placeholders", words = placeholders.join(", "))) }
            @for template in &loaded.templates {
                details .card open[wrong.of == template.id.into_untyped_uuid().to_string()] {
                    summary { (template.name)
                        @if !template.active { " " span .badge { (t!(words, "mail-not-in-use")) } } }
                    (template_form(visit, Some(template), wrong))
                }
            }
            details .card open[wrong.of == "new-template"] {
                summary { (t!(words, "mail-template-new")) }
                (template_form(visit, None, wrong))
            }
        }
    };
    Ok(Page::narrow(t!(words, "mail-settings")).around(visit, &content))
}

/// Faults belong to the form they came from.
fn own<'w>(wrong: &'w Wrong, of: &str, none: &'w Faults) -> &'w Faults {
    if wrong.of == of { &wrong.faults } else { none }
}

fn mailbox_form(visit: &Visit, loaded: &Loaded, mailbox: Option<&Mailbox>, wrong: &Wrong) -> Markup {
    let words = visit.words;
    let id = mailbox.map(|mailbox| mailbox.id.into_untyped_uuid().to_string());
    let none = Faults::none();
    let faults = own(wrong, id.as_deref().unwrap_or("new-mailbox"), &none);
    // Each form's fields need ids of their own; the page shows one open form at a time, but all are in it.
    let prefix: &'static str = "mailbox";
    let groups: Vec<Choice> = loaded
        .groups
        .iter()
        .map(|group| Choice::new(group.id.into_untyped_uuid(), group.name.clone()))
        .collect();
    let group =
        mailbox.and_then(|mailbox| mailbox.answer_group_id).map(|id| id.into_untyped_uuid().to_string());
    let days = [1_u16, 2].map(|days| Choice::new(days, t!(words, "mail-days", days = days)));
    let clock = mailbox.map_or(2, |mailbox| mailbox.clock_working_days).to_string();
    let text = |of: fn(&Mailbox) -> &str| mailbox.map_or("", of);
    let select = |name, label, choices, chosen, nothing| Select {
        name,
        prefix,
        label,
        choices,
        chosen,
        nothing,
        required: false,
        type_ahead_next: None,
    };
    let field = |name, label, value| Field::line(prefix, name, label, value);
    let markup = html! {
        form method="post" action="/mail/settings/mailboxes" {
            (forms::token(visit))
            @if let Some(id) = &id { input type="hidden" name="id" value=(id); }
            @if let Some(fault) = faults.of("form") { (forms::refused(fault)) }
            (field("name", t!(words, "name"), text(|m| &m.name)).room(120).show(words, faults))
            (field("address", t!(words, "mail-address"), text(|m| &m.address)).kind(Kind::Email).room(254).show(words, faults))
            (select("group", t!(words, "mail-group"), &groups, group.as_deref().unwrap_or_default(),
                Some(t!(words, "mail-everybody"))).show(words, faults))
            (select("clock", t!(words, "mail-clock"), &days, &clock, None).show(words, faults))
            (field("signature", t!(words, "mail-signature"), text(|m| &m.signature)).kind(Kind::Text).optional()
                .room(SIGNATURE_CHARS_MAX).show(words, faults))
            (forms::tick(prefix, "acknowledge", &t!(words, "mail-acknowledge"), mailbox.is_none_or(|m| m.acknowledge)))
            (field("acknowledgement", t!(words, "mail-acknowledgement"), text(|m| &m.acknowledgement)).kind(Kind::Text)
                .optional().hint(t!(words, "mail-acknowledgement-hint")).room(SIGNATURE_CHARS_MAX).show(words, faults))
            (forms::tick(prefix, "takes_web", &t!(words, "mail-takes-web"), mailbox.is_some_and(|m| m.takes_web)))
            (forms::tick(prefix, "active", &t!(words, "mail-in-use"), mailbox.is_none_or(|m| m.active)))
            p { button type="submit" .primary { (t!(words, "save")) } }
        }
    };
    with_own_ids(markup, prefix, id.as_deref().unwrap_or("new"))
}

/// Makes the ids of a form that stands several times on the page its own.
fn with_own_ids(markup: Markup, prefix: &str, of: &str) -> Markup {
    let own = format!("{prefix}-{of}-");
    let mut text = markup.into_string();
    for attribute in ["id=\"", "for=\"", "aria-describedby=\""] {
        text = text.replace(&format!("{attribute}{prefix}-"), &format!("{attribute}{own}"));
    }
    maud::PreEscaped(text)
}

fn template_form(visit: &Visit, template: Option<&ReplyTemplate>, wrong: &Wrong) -> Markup {
    let words = visit.words;
    let id = template.map(|template| template.id.into_untyped_uuid().to_string());
    let none = Faults::none();
    let faults = own(wrong, id.as_deref().unwrap_or("new-template"), &none);
    let languages: Vec<Choice> = Language::ALL
        .iter()
        .map(|language| Choice::new(language, words.word("language", language.as_str())))
        .collect();
    let language = Select {
        name: "language",
        prefix: "template",
        label: t!(words, "mail-language"),
        choices: &languages,
        chosen: template.map_or("sv", |template| template.language.as_str()),
        nothing: None,
        required: true,
        type_ahead_next: None,
    };
    let markup = html! {
        form method="post" action="/mail/settings/templates" {
            (forms::token(visit))
            @if let Some(id) = &id { input type="hidden" name="id" value=(id); }
            (Field::line("template", "name", t!(words, "name"), template.map_or("", |t| &t.name)).room(120).show(words, faults))
            (language.show(words, faults))
            (Field::line("template", "text", t!(words, "mail-answer-text"), template.map_or("", |t| &t.text))
                .kind(Kind::Text).room(ANSWER_CHARS_MAX).show(words, faults))
            (forms::tick("template", "active", &t!(words, "mail-in-use"), template.is_none_or(|t| t.active)))
            p { button type="submit" .primary { (t!(words, "save")) } }
        }
    };
    with_own_ids(markup, "template", id.as_deref().unwrap_or("new"))
}

/// A mailbox as typed.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct MailboxForm {
    id: Option<uuid::Uuid>,
    #[serde(default)]
    name: String,
    #[serde(default)]
    address: String,
    #[serde(default)]
    group: String,
    #[serde(default)]
    clock: String,
    #[serde(default)]
    signature: String,
    acknowledge: Option<String>,
    #[serde(default)]
    acknowledgement: String,
    takes_web: Option<String>,
    active: Option<String>,
}

/// `POST /mail/settings/mailboxes`
///
/// # Errors
/// The database.
pub async fn put_mailbox(
    State(state): State<AppState>,
    visit: Visit,
    Form(asked): Form<MailboxForm>,
) -> Result<Response, PageError> {
    let ctx = visit.context(&state);
    let of = asked.id.map_or_else(|| "new-mailbox".to_owned(), |id| id.to_string());
    let cmd = PutMailbox {
        id: asked.id.map(MailboxId::from_untyped_uuid),
        address: asked.address,
        name: asked.name,
        answer_group_id: asked.group.parse().ok().map(AnswerGroupId::from_untyped_uuid),
        clock_working_days: asked.clock.parse().unwrap_or(0),
        signature: asked.signature,
        acknowledge: asked.acknowledge.is_some(),
        acknowledgement: asked.acknowledgement,
        takes_web: asked.takes_web.is_some(),
        active: asked.active.is_some(),
    };
    let done = state.db.write(move |s| commands::put_mailbox(s, &ctx, &cmd)).await;
    answered(&state, &visit, of, done).await
}

async fn answered<T>(
    state: &AppState,
    visit: &Visit,
    of: String,
    done: Result<T, CorrespondenceError>,
) -> Result<Response, PageError> {
    let Err(error) = done else { return Ok(Redirect::to("/mail/settings").into_response()) };
    let faults = mail_faults(visit.words, error)?;
    let page = page(state, visit, &Wrong { of, faults }).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// A template as typed.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct TemplateForm {
    id: Option<uuid::Uuid>,
    #[serde(default)]
    name: String,
    #[serde(default)]
    language: String,
    #[serde(default)]
    text: String,
    active: Option<String>,
}

/// `POST /mail/settings/templates`
///
/// # Errors
/// The database.
pub async fn put_template(
    State(state): State<AppState>,
    visit: Visit,
    Form(asked): Form<TemplateForm>,
) -> Result<Response, PageError> {
    let ctx = visit.context(&state);
    let of = asked.id.map_or_else(|| "new-template".to_owned(), |id| id.to_string());
    let cmd = PutTemplate {
        id: asked.id.map(ReplyTemplateId::from_untyped_uuid),
        name: asked.name,
        language: asked.language.parse().unwrap_or(Language::Swedish),
        text: asked.text,
        active: asked.active.is_some(),
    };
    let done = state.db.write(move |s| commands::put_template(s, &ctx, &cmd)).await;
    answered(&state, &visit, of, done).await
}
