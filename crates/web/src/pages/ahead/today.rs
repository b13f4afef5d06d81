//! Today: what guides read when they begin, and confirm where it matters. It stands before being ready, never before a
//! call: whoever is in a call or wraps one up is left alone.

use super::parts;
use crate::{
    AppState,
    components::{forms, layout::Page, lists},
    error::PageError,
    forms_in::own_path,
    t,
    visit::Visit,
};
use ahead::queries::{self, Today};
use ahead::{AheadError, Phase, PlannedEvent, commands};
use axum::{
    Form,
    extract::{Path, Query, State},
    response::{IntoResponse, Redirect, Response},
};
use maud::{Markup, html};
use people::Action;
use serde::Deserialize;
use std::collections::BTreeSet;
use vocabulary::{GenericUuid as _, PlannedEventId, Role, Timestamp, UserId, local_day};

/// Where to go when all is confirmed.
#[derive(Debug, Deserialize)]
pub(super) struct Next {
    next: Option<String>,
}

/// `GET /today`
///
/// # Errors
/// The database.
pub(super) async fn show(
    State(state): State<AppState>,
    visit: Visit,
    Query(asked): Query<Next>,
) -> Result<Markup, PageError> {
    let (user, now) = (visit.user_id(), state.clock.now());
    let confirms = visit.may(Action::ConfirmEvents);
    let (events, awaited) = state
        .db
        .read(move |s| -> Result<_, AheadError> {
            let awaited: BTreeSet<PlannedEventId> = if confirms {
                queries::awaiting(s, user, now)?.into_iter().collect()
            } else {
                BTreeSet::new()
            };
            Ok((queries::today(s, now)?, awaited))
        })
        .await?;
    let words = visit.words;
    let day = local_day(now);
    let next = asked.next.as_deref().map(|next| own_path(Some(next), "/guide"));
    let (first, rest): (Vec<&Today>, Vec<&Today>) =
        events.iter().partition(|today| awaited.contains(&today.event.id));
    let content = html! {
        (parts::ways(&visit))
        @if !first.is_empty() {
            section .card .important aria-labelledby="confirm-heading" {
                h2 #confirm-heading { (t!(words, "ahead-confirm-first", n = first.len())) }
                p { (t!(words, "ahead-confirm-why")) }
                @for today in &first {
                    article .event {
                        h3 { (today.event.title) }
                        (told(&visit, today, now))
                        form method="post" action=(format!("/today/{}/confirm", today.event.id.into_untyped_uuid())) {
                            (forms::token(&visit))
                            input type="hidden" name="text_version" value=(today.event.text_version);
                            @if let Some(next) = &next { input type="hidden" name="next" value=(next); }
                            button type="submit" .primary {
                                (t!(words, "ahead-confirm")) span .visually-hidden { " " (today.event.title) }
                            }
                        }
                    }
                }
            }
        }
        @if first.is_empty() {
            @if let Some(next) = &next { p { a .button .primary href=(next) { (t!(words, "ahead-go-on")) } } }
        }
        @if events.is_empty() { div .card { (lists::empty(&t!(words, "events-none"))) } }
        @for today in &rest {
            article .card {
                div .card-head { h2 { (today.event.title) } span { (parts::phase(words, today.event.phase(now))) " " (parts::important(words, &today.event)) } }
                (told(&visit, today, now))
            }
        }
    };
    let title = t!(words, "ahead-today-title", day = format!("{} {}", words.weekday(day), words.day(day)));
    Ok(Page::narrow(title).around(&visit, &content))
}

/// What there is to tell of an event.
fn told(visit: &Visit, today: &Today, now: Timestamp) -> Markup {
    let words = visit.words;
    let event = &today.event;
    html! {
        p .small .soft {
            (parts::of_event(words, event)) @if !event.place.is_empty() { " · " (event.place) }
        }
        @if event.phase(now) == Phase::Cancelled { p { strong { (t!(words, "ahead-cancelled-tell")) } } }
        @if !event.text.is_empty() { p .pre { (event.text) } }
        @if !today.questions.is_empty() {
            p { (t!(words, "ahead-questions-expected")) }
            ul { @for asked in &today.questions {
                li { (asked.question)
                    @if let Some(article) = today.articles.iter().find(|a| Some(a.id) == asked.article) {
                        " " a href=(format!("/knowledge/{}", article.slug)) { (article.title) }
                    } }
            } }
        }
        @let others: Vec<_> = today.articles.iter().filter(|a| today.questions.iter().all(|q| q.article != Some(a.id))).collect();
        @if !others.is_empty() {
            ul { @for article in others { li { a href=(format!("/knowledge/{}", article.slug)) { (article.title) } } } }
        }
        p .small { a href=(parts::address(event)) { (t!(words, "ahead-more")) span .visually-hidden { " " (event.title) } } }
    }
}

/// What is confirmed.
#[derive(Debug, Deserialize)]
pub(super) struct ConfirmForm {
    text_version: u32,
    next: Option<String>,
}

/// `POST /today/{id}/confirm`: for oneself.
///
/// # Errors
/// There is no such event; the database.
pub(super) async fn confirm(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
    Form(asked): Form<ConfirmForm>,
) -> Result<Response, PageError> {
    let (ctx, id) = (visit.context(&state), PlannedEventId::from_untyped_uuid(id));
    let outcome = state.db.write(move |s| commands::confirm(s, &ctx, id, asked.text_version)).await;
    match outcome {
        // The text has changed since it was read, or it is called off: what it says now is shown and asked about.
        Ok(()) | Err(AheadError::Overtaken | AheadError::Forbidden { .. }) => {}
        Err(error) => return Err(error.into()),
    }
    let next = asked.next.as_deref().map(|next| own_path(Some(next), "/guide"));
    let still = waits_for(&state, visit.user_id()).await?;
    let to = match next {
        Some(next) if !still => next,
        Some(next) => on_the_way_to(&next),
        None => "/today".to_owned(),
    };
    Ok(Redirect::to(&to).into_response())
}

/// Whether something important waits for `user` to confirm it.
///
/// # Errors
/// The database.
pub async fn waits_for(state: &AppState, user: UserId) -> Result<bool, PageError> {
    let now = state.clock.now();
    let waits = state.db.read(move |s| queries::awaiting(s, user, now)).await?;
    Ok(!waits.is_empty())
}

/// Where somebody who has signed in goes first: to what they must confirm, and from there to `home`.
///
/// # Errors
/// The database.
pub async fn before(state: &AppState, user: UserId, role: Role, home: String) -> Result<String, PageError> {
    let confirms = people::allowed(&people::Who::User { id: user, role }, Action::ConfirmEvents);
    // Whoever comes back during a call, by a new page or after a lost session, goes straight to it.
    if !confirms || in_call(state, user) || !waits_for(state, user).await? {
        return Ok(home);
    }
    Ok(on_the_way_to(&home))
}

/// Today, and from there to `next`, an address of our own.
fn on_the_way_to(next: &str) -> String {
    let escaped = next.replace('%', "%25").replace('&', "%26").replace('+', "%2B").replace('?', "%3F");
    format!("/today?next={escaped}")
}

fn in_call(state: &AppState, user: UserId) -> bool {
    use routing::GuideState as G;
    let snapshot = state.floor.snapshot();
    let busy = |state: G| matches!(state, G::Offered { .. } | G::Talking { .. } | G::WrapUp { .. });
    snapshot.guide(user).is_some_and(|view| busy(view.state))
}

/// Whether being ready must wait until the guide has read what is important: only when coming from outside the work or
/// from a break, never with a call at hand.
///
/// # Errors
/// The database.
pub async fn stands_before_ready(state: &AppState, user: UserId) -> Result<bool, PageError> {
    Ok(!in_call(state, user) && waits_for(state, user).await?)
}

/// Today's events on the guide's page, with what waits to be confirmed on top.
#[must_use]
pub fn on_guide_page(visit: &Visit, events: &[Today], awaited: &[PlannedEventId], now: Timestamp) -> Markup {
    let words = visit.words;
    html! {
        @if !awaited.is_empty() {
            div .notice .bad role="status" {
                p { a href="/today?next=/guide" { (t!(words, "ahead-confirm-first", n = awaited.len())) } }
            }
        }
        @if events.is_empty() { (lists::empty(&t!(words, "events-none"))) }
        @for today in events { (in_short(visit, &today.event, today, now)) }
    }
}

fn in_short(visit: &Visit, event: &PlannedEvent, today: &Today, now: Timestamp) -> Markup {
    let words = visit.words;
    let phase = event.phase(now);
    html! {
        div .event data-phase=(phase.as_str()) {
            p { strong { a href=(parts::address(event)) { (event.title) } } " "
                @if phase != Phase::Planned { (parts::phase(words, phase)) } " " (parts::important(words, event)) }
            @if phase == Phase::Cancelled { p { strong { (t!(words, "ahead-cancelled-tell")) } } }
            @else if !event.text.is_empty() { p .pre { (event.text) } }
            @for article in &today.articles { p .small { a href=(format!("/knowledge/{}", article.slug)) { (article.title) } } }
            p .small .soft { @if !event.place.is_empty() { (event.place) " · " } (parts::of_event(words, event)) }
        }
    }
}
