//! The guide's stream: each message carries the parts of the page that have changed.

use super::{
    Chosen, contact,
    desk::{BodyKey, CardKey, Desk},
    log, queue, resident,
};
use crate::{
    AppState,
    components::forms::Faults,
    error::PageError,
    pages::crisis::banner,
    security::still::{StreamSession, ends_sessions},
    t,
    visit::Visit,
};
use axum::{
    extract::{Query, State},
    http::HeaderMap,
    response::sse::{Event, KeepAlive, Sse},
};
use futures::Stream;
use maud::{Markup, html};
use std::convert::Infallible;
use std::time::Duration;
use storage::timeline::Announcement;
use tokio::sync::broadcast::error::RecvError;
use vocabulary::ContactId;

/// The shortest time between two messages: a surge of changes becomes one.
const CALM: Duration = Duration::from_millis(150);
/// How often the session is asked for, and the page shown anew even if nothing was told.
const AT_LEAST_EVERY: Duration = Duration::from_secs(15);

/// What was shown last, so that only what has changed is sent.
#[derive(Default)]
struct Shown {
    crisis: String,
    queue: String,
    head: String,
    body: Option<BodyKey>,
    card: Option<CardKey>,
    ringing: Option<ContactId>,
    events: String,
}

/// Whether an announcement can change what a guide's page shows.
fn concerns(announcement: &Announcement) -> bool {
    matches!(announcement.subject_kind.as_str(), "contact" | "resident" | "case" | "planned_event" | "crisis")
}

/// `GET /guide/live`
///
/// # Errors
/// The database, before the stream has begun.
pub async fn live(
    State(state): State<AppState>,
    visit: Visit,
    headers: HeaderMap,
    Query(chosen): Query<Chosen>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, PageError> {
    let session = StreamSession::of(&state, &headers);
    let desk = Desk::load(&state, &visit, chosen.contact()).await?;
    let mut shown = Shown { body: Some(desk.body_key()), card: Some(desk.card_key()), ..Shown::default() };
    let first = message(&visit, &desk, &mut shown);
    let (sender, receiver) = tokio::sync::mpsc::channel(4);
    tokio::spawn(async move {
        let mut floor = state.floor.watch();
        let mut announcements = state.db.announcements();
        let mut closing = state.closing.clone();
        let mut due = tokio::time::interval(AT_LEAST_EVERY);
        due.tick().await;
        if let Some(first) = first
            && sender.send(Ok(Event::default().data(first))).await.is_err()
        {
            return;
        }
        loop {
            tokio::select! {
                changed = floor.changed() => if changed.is_err() { return },
                heard = announcements.recv() => match heard {
                    Ok(batch) if batch.iter().any(ends_sessions) => {
                        if !session.holds().await {
                            return;
                        }
                    }
                    Ok(batch) if batch.iter().any(concerns) => {}
                    Ok(_) => continue,
                    Err(RecvError::Lagged(_)) => {}
                    Err(RecvError::Closed) => return,
                },
                _ = due.tick() => if !session.holds().await { return },
                _ = closing.changed() => return,
                () = sender.closed() => return,
            }
            tokio::time::sleep(CALM).await;
            let Ok(desk) = Desk::load(&state, &visit, chosen.contact()).await else { continue };
            if let Some(text) = message(&visit, &desk, &mut shown)
                && sender.send(Ok(Event::default().data(text))).await.is_err()
            {
                return;
            }
        }
    });
    let stream = tokio_stream::wrappers::ReceiverStream::new(receiver);
    Ok(Sse::new(stream).keep_alive(KeepAlive::default()))
}

/// The parts that have changed since `shown`; none if none have.
fn message(visit: &Visit, desk: &Desk, shown: &mut Shown) -> Option<String> {
    let mut parts: Vec<Markup> = Vec::new();
    let crisis = banner::live(visit, &desk.crises).into_string();
    if crisis != shown.crisis {
        // Nothing at all is no content to be put in place; an empty element is.
        let content = html! { span hidden {} (maud::PreEscaped(crisis.clone())) };
        parts.push(part("#crisis", "innerMorph", &content));
        shown.crisis = crisis;
    }
    let queue = queue::pane(visit, desk).into_string();
    if queue != shown.queue {
        parts.push(part("#queue", "innerMorph", &maud::PreEscaped(queue.clone())));
        shown.queue = queue;
    }
    let head = html! {
        div #contact-head data-phase=(desk.phase_word()) { (contact::head(visit, desk)) }
    }
    .into_string();
    if head != shown.head {
        parts.push(part("#contact-head", "outerMorph", &maud::PreEscaped(head.clone())));
        shown.head = head;
    }
    if shown.body != Some(desk.body_key()) {
        let body = contact::body(visit, desk, &log::Draft::default(), &Faults::none());
        parts.push(part("#contact-body", "innerHTML", &body));
        shown.body = Some(desk.body_key());
    }
    if shown.card.as_ref() != Some(&desk.card_key()) {
        parts.push(part("#resident-card", "innerHTML", &resident::card(visit, desk)));
        shown.card = Some(desk.card_key());
    }
    let events = super::events(visit, desk).into_string();
    if events != shown.events {
        parts.push(part("#events", "innerMorph", &maud::PreEscaped(events.clone())));
        shown.events = events;
    }
    let ringing = desk.ringing.as_ref().map(|ringing| ringing.line.contact.id);
    if ringing != shown.ringing {
        let text = desk.ringing.as_ref().map_or_else(String::new, |ringing| {
            t!(visit.words, "contact-announce", who = contact::who(visit.words, &ringing.line))
        });
        parts.push(part("#announcement", "innerHTML", &html! { span { (text) } }));
        shown.ringing = ringing;
    }
    (!parts.is_empty()).then(|| parts.into_iter().map(Markup::into_string).collect())
}

/// A part of a message, and where it goes.
fn part(target: &str, swap: &str, content: &Markup) -> Markup {
    html! { hx-partial hx-target=(target) hx-swap=(swap) { (content) } }
}
