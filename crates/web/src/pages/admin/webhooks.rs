//! Other systems that are told what happens: which, of what, how it goes.

use crate::{
    AppState,
    components::{
        forms::{self, Faults, Field, Kind},
        layout::Page,
        lists,
    },
    error::PageError,
    forms_in::text_fault,
    routes::RouteTable,
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
use outward::{Reach, TargetError};
use people::Action;
use serde::Deserialize;
use vocabulary::GenericUuid as _;
use vocabulary::{Language, WebhookDeliveryId, WebhookId};
use webhooks::commands::{self, PutWebhook};
use webhooks::{Delivery, DeliveryState, EVENTS, EVERYTHING, Webhook, WebhookState, WebhooksError, queries};

/// How many lines of the log a page shows.
const LOG_LINES: usize = 50;

/// The routes.
pub fn routes(table: &mut RouteTable) {
    table.get("/admin/webhooks", Action::AdministerWebhooks, list);
    table.post("/admin/webhooks", Action::AdministerWebhooks, create);
    table.get("/admin/webhooks/{id}", Action::AdministerWebhooks, show);
    table.post("/admin/webhooks/{id}", Action::AdministerWebhooks, change);
    table.post("/admin/webhooks/{id}/act", Action::AdministerWebhooks, act);
    table.post("/admin/webhooks/{id}/secret", Action::AdministerWebhooks, rotate);
}

/// How far webhooks go: only in the demo also to this very machine.
fn reach(state: &AppState) -> Reach {
    if state.demo.is_some() { Reach::PublicAndLoopback } else { Reach::Public }
}

/// What the form sends. Which events are chosen comes as one field an event, so that no box ticked is no field.
#[derive(Clone, Debug, Default)]
struct Asked {
    put: Option<PutWebhook>,
}

fn read(fields: Vec<(String, String)>) -> PutWebhook {
    let mut put = PutWebhook {
        name: String::new(),
        url: String::new(),
        kinds: Vec::new(),
        contact_email: String::new(),
    };
    for (name, value) in fields {
        match name.as_str() {
            "name" => put.name = value,
            "url" => put.url = value,
            "contact_email" => put.contact_email = value,
            "kind" => put.kinds.push(value),
            _ => {}
        }
    }
    put
}

fn as_asked(webhook: &Webhook) -> PutWebhook {
    PutWebhook {
        name: webhook.name.clone(),
        url: webhook.url.clone(),
        kinds: webhook.kinds.clone(),
        contact_email: webhook.contact_email.clone().unwrap_or_default(),
    }
}

/// The faults of a form; other errors pass on.
fn faults(words: &Words, error: WebhooksError) -> Result<Faults, PageError> {
    Ok(match error {
        WebhooksError::Text(error) => Faults::one(error.field, text_fault(words, error.fault)),
        WebhooksError::Target(fault) => Faults::one(
            "url",
            match fault {
                TargetError::NotPublic => t!(words, "webhook-not-public"),
                _ => t!(words, "webhook-not-https"),
            },
        ),
        WebhooksError::Events => Faults::one("kind", t!(words, "webhook-no-events")),
        other => return Err(other.into()),
    })
}

/// `GET /admin/webhooks`
///
/// # Errors
/// The database.
pub async fn list(State(state): State<AppState>, visit: Visit) -> Result<Markup, PageError> {
    list_page(&state, &visit, &Asked::default(), &Faults::none(), None).await
}

async fn list_page(
    state: &AppState,
    visit: &Visit,
    asked: &Asked,
    faults: &Faults,
    secret: Option<&str>,
) -> Result<Markup, PageError> {
    let words = visit.words;
    let webhooks = state.db.read(queries::webhooks).await?;
    let new = PutWebhook {
        name: String::new(),
        url: String::new(),
        kinds: vec![EVERYTHING.to_owned()],
        contact_email: String::new(),
    };
    let content = html! {
        @if let Some(secret) = secret { (shown_secret(words, secret)) }
        p .hint { (t!(words, "webhooks-hint")) }
        div .columns {
            section .card {
                h2 { (t!(words, "webhooks-all")) }
                @if webhooks.is_empty() { (lists::empty(&t!(words, "webhooks-none"))) }
                ul .plain-list {
                    @for webhook in &webhooks {
                        li {
                            a href=(format!("/admin/webhooks/{}", webhook.id.into_untyped_uuid())) { (webhook.name) } " "
                            (state_badge(words, webhook))
                            p .small .soft { (webhook.url) }
                        }
                    }
                }
            }
            section .card {
                h2 { (t!(words, "webhook-new")) }
                (put_form(visit, "/admin/webhooks", asked.put.as_ref().unwrap_or(&new), faults, &t!(words, "webhook-create")))
            }
        }
    };
    Ok(Page::wide(t!(words, "webhooks-title")).around(visit, &content))
}

fn shown_secret(words: &Words, secret: &str) -> Markup {
    html! {
        div .notice .good role="status" {
            p { strong { (t!(words, "webhook-secret")) } }
            code .secret { (secret) }
        }
    }
}

fn state_badge(words: &Words, webhook: &Webhook) -> Markup {
    let class = if webhook.state == WebhookState::Disabled { "badge bad" } else { "badge" };
    html! { span class=(class) { (words.word("webhook-state", webhook.state.as_str())) } }
}

fn put_form(visit: &Visit, action: &str, put: &PutWebhook, faults: &Faults, send: &str) -> Markup {
    let words = visit.words;
    let kinds: Vec<&str> = std::iter::once(EVERYTHING).chain(EVENTS.iter().copied()).collect();
    html! {
        form method="post" action=(action) {
            (forms::token(visit))
            (Field::line("webhook", "name", t!(words, "webhook-name"), &put.name).room(80).show(words, faults))
            (Field::line("webhook", "url", t!(words, "webhook-url"), &put.url)
                .hint(t!(words, "webhook-url-hint")).room(2_000).show(words, faults))
            (Field::line("webhook", "contact_email", t!(words, "webhook-contact"), &put.contact_email)
                .hint(t!(words, "webhook-contact-hint")).kind(Kind::Email).optional().show(words, faults))
            fieldset {
                legend { (t!(words, "webhook-kinds")) }
                @if let Some(fault) = faults.of("kind") { p .field-error { (fault) } }
                @for kind in kinds {
                    @let id = format!("webhook-kind-{kind}");
                    div .check {
                        input type="checkbox" id=(id) name="kind" value=(kind) checked[put.kinds.iter().any(|chosen| chosen == kind)];
                        label for=(id) { (kind_name(words, kind)) }
                    }
                }
            }
            button type="submit" .primary { (send) }
        }
    }
}

/// An event in words, with its own word behind: that is what the other system reads.
fn kind_name(words: &Words, kind: &str) -> Markup {
    if kind == EVERYTHING {
        return html! { (t!(words, "webhook-kind-all")) };
    }
    let name = cases::words::timeline_entry(words.language(), kind);
    html! { @if name != kind { (name) " " } code { (kind) } }
}

/// `POST /admin/webhooks`: the only answer that shows the secret.
///
/// # Errors
/// The database.
pub async fn create(
    State(state): State<AppState>,
    visit: Visit,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let put = read(fields);
    let (ctx, key, reach) = (visit.context(&state), state.access.key().clone(), reach(&state));
    let asked = put.clone();
    match state.db.write(move |s| commands::create(s, &ctx, &key, reach, &asked)).await {
        Ok((_, secret)) => {
            let secret = secret.reveal();
            let page = list_page(&state, &visit, &Asked::default(), &Faults::none(), Some(&secret)).await?;
            Ok(page.into_response())
        }
        Err(error) => {
            let faults = faults(visit.words, error)?;
            let page = list_page(&state, &visit, &Asked { put: Some(put) }, &faults, None).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

/// `GET /admin/webhooks/{id}`
///
/// # Errors
/// There is no such webhook; the database.
pub async fn show(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
) -> Result<Markup, PageError> {
    let id = WebhookId::from_untyped_uuid(id);
    show_page(&state, &visit, id, &Asked::default(), &Faults::none(), None).await
}

async fn show_page(
    state: &AppState,
    visit: &Visit,
    id: WebhookId,
    asked: &Asked,
    faults: &Faults,
    secret: Option<&str>,
) -> Result<Markup, PageError> {
    let words = visit.words;
    let (webhook, log, [waiting, delivered, failed]) = state
        .db
        .read(move |s| -> Result<_, WebhooksError> {
            let webhook = queries::webhook(s, id)?.ok_or(WebhooksError::NotFound)?;
            Ok((webhook, queries::log(s, id, None, LOG_LINES)?, queries::figures(s, id)?))
        })
        .await?;
    let path = format!("/admin/webhooks/{}", id.into_untyped_uuid());
    let put = asked.put.clone().unwrap_or_else(|| as_asked(&webhook));
    let content = html! {
        @if let Some(secret) = secret { (shown_secret(words, secret)) }
        @if webhook.state == WebhookState::Disabled {
            div .notice .bad role="status" {
                p { (words.word("webhook-disabled", webhook.disabled_reason.as_deref().unwrap_or("failing"))) }
            }
        }
        div .columns {
            section .card {
                h2 { (t!(words, "webhook-how")) " " (state_badge(words, &webhook)) }
                p { (t!(words, "webhook-figures", waiting = waiting, delivered = delivered, failed = failed)) }
                @if let Some(since) = webhook.failing_since_at {
                    p .soft { (t!(words, "webhook-failing-since", at = words.day_and_time(since))) }
                }
                (buttons(visit, &path, &webhook))
            }
            section .card {
                h2 { (t!(words, "webhook-change")) }
                (put_form(visit, &path, &put, faults, &t!(words, "webhook-save")))
            }
        }
        section .card {
            h2 { (t!(words, "webhook-log")) }
            @if log.is_empty() { (lists::empty(&t!(words, "webhook-log-none"))) } @else { (log_table(visit, &path, &log)) }
        }
    };
    Ok(Page::wide(webhook.name.clone()).around(visit, &content))
}

fn buttons(visit: &Visit, path: &str, webhook: &Webhook) -> Markup {
    let words = visit.words;
    let act = |what: &str, label: String| {
        html! {
            form method="post" action=(format!("{path}/act")) {
                (forms::token(visit))
                input type="hidden" name="act" value=(what);
                button type="submit" { (label) }
            }
        }
    };
    html! {
        div .actions {
            @if webhook.state == WebhookState::Active {
                (act("ping", t!(words, "webhook-ping")))
                (act("pause", t!(words, "webhook-pause")))
            } @else {
                (act("activate", t!(words, "webhook-activate")))
                (act("activate_from_now", t!(words, "webhook-activate-from-now")))
            }
            (forms::button(visit, &format!("{path}/secret"), "", &t!(words, "webhook-rotate")))
        }
        p .hint { (t!(words, "webhook-rotate-hint")) }
    }
}

fn log_table(visit: &Visit, path: &str, log: &[Delivery]) -> Markup {
    let words = visit.words;
    html! {
        div .table-wrap {
            table .stacks {
                thead { tr {
                    th scope="col" { (t!(words, "webhook-log-when")) }
                    th scope="col" { (t!(words, "webhook-log-what")) }
                    th scope="col" { (t!(words, "webhook-log-how")) }
                    th scope="col" { (t!(words, "webhook-log-attempts")) }
                } }
                tbody {
                    @for delivery in log {
                        tr {
                            th scope="row" data-label=(t!(words, "webhook-log-when")) { (words.when(delivery.created_at, visit.now)) }
                            td data-label=(t!(words, "webhook-log-what")) { code { (delivery.kind) } }
                            td data-label=(t!(words, "webhook-log-how")) {
                                (words.word("delivery-state", delivery.state.as_str()))
                                @if let Some(status) = delivery.answer_status { " · " (status) }
                                @if let Some(problem) = &delivery.problem { " · " (words.word("webhook-problem", problem)) }
                                @if delivery.state == DeliveryState::Failed && delivery.seq.is_some() {
                                    form method="post" action=(format!("{path}/act")) {
                                        (forms::token(visit))
                                        input type="hidden" name="act" value="retry";
                                        input type="hidden" name="delivery" value=(delivery.id.into_untyped_uuid());
                                        button type="submit" .slim { (t!(words, "webhook-retry")) }
                                    }
                                }
                            }
                            td .number data-label=(t!(words, "webhook-log-attempts")) { (delivery.attempts) }
                        }
                    }
                }
            }
        }
    }
}

/// `POST /admin/webhooks/{id}`
///
/// # Errors
/// There is no such webhook; the database.
pub async fn change(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let (id, put) = (WebhookId::from_untyped_uuid(id), read(fields));
    let (ctx, reach, asked) = (visit.context(&state), reach(&state), put.clone());
    match state.db.write(move |s| commands::change(s, &ctx, reach, id, &asked)).await {
        Ok(_) => Ok(Redirect::to(&format!("/admin/webhooks/{}", id.into_untyped_uuid())).into_response()),
        Err(error) => {
            let faults = faults(visit.words, error)?;
            let page = show_page(&state, &visit, id, &Asked { put: Some(put) }, &faults, None).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

/// What is to be done with a webhook.
#[derive(Deserialize)]
pub struct Act {
    act: String,
    delivery: Option<uuid::Uuid>,
}

/// `POST /admin/webhooks/{id}/act`: a test, a rest, going on, one more try.
///
/// # Errors
/// There is no such webhook or nothing of that name to be done; the database.
pub async fn act(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
    Form(asked): Form<Act>,
) -> Result<Redirect, PageError> {
    let (ctx, webhook) = (visit.context(&state), WebhookId::from_untyped_uuid(id));
    state
        .db
        .write(move |s| -> Result<(), PageError> {
            match (asked.act.as_str(), asked.delivery) {
                ("ping", _) => commands::ping(s, &ctx, webhook).map(drop)?,
                ("pause", _) => commands::pause(s, &ctx, webhook)?,
                ("activate", _) => commands::activate(s, &ctx, webhook, false)?,
                ("activate_from_now", _) => commands::activate(s, &ctx, webhook, true)?,
                ("retry", Some(delivery)) => {
                    commands::retry(s, &ctx, WebhookDeliveryId::from_untyped_uuid(delivery)).map(drop)?;
                }
                _ => return Err(PageError::Invalid("there is nothing of that name to be done".into())),
            }
            Ok(())
        })
        .await?;
    Ok(Redirect::to(&format!("/admin/webhooks/{id}")))
}

/// `POST /admin/webhooks/{id}/secret`: the only answer that shows the new secret.
///
/// # Errors
/// There is no such webhook; the database.
pub async fn rotate(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
) -> Result<Markup, PageError> {
    let (ctx, key, id) =
        (visit.context(&state), state.access.key().clone(), WebhookId::from_untyped_uuid(id));
    let secret = state.db.write(move |s| commands::rotate_secret(s, &ctx, &key, id)).await?.reveal();
    show_page(&state, &visit, id, &Asked::default(), &Faults::none(), Some(&secret)).await
}

/// Subject and body of the letter to whoever looks after a webhook that has been disabled.
#[must_use]
pub fn notice(name: &str, reason: &str, base_url: &str, town: &str) -> (String, String) {
    let words = Words::of(Language::Swedish);
    let page = format!("{base_url}/admin/webhooks");
    let why = words.word("webhook-disabled", reason);
    let subject = t!(words, "webhook-letter-subject", name = name);
    (subject, t!(words, "webhook-letter", name = name, why = why, page = page, town = town))
}
