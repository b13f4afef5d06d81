//! What stands on the guides' page, on the board and in the situation view: what is said now, and what is proposed.

use crate::{components::forms, t, visit::Visit, words::Words};
use crisis::spikes::{Sort, Stream};
use crisis::{LiveMessage, Proposal, RisingStream};
use maud::{Markup, html};
use people::Action;
use vocabulary::GenericUuid as _;

/// Most streams named in a banner.
const STREAMS_SHOWN: usize = 5;

/// What is said now: each message with its texts, who wrote and who approved it, and since when.
#[must_use]
pub fn live(visit: &Visit, messages: &[LiveMessage]) -> Markup {
    let words = visit.words;
    html! {
        @for message in messages {
            section .notice .bad .crisis-live aria-label=(t!(words, "crisis-live-label")) data-version=(message.version) {
                h2 {
                    span .badge .bad { (words.word("crisis-kind", message.kind.as_str())) } " "
                    @if visit.may(Action::SeeSituation) {
                        a href=(format!("/crisis/{}", message.crisis_id.into_untyped_uuid())) { (message.title) }
                    } @else { (message.title) }
                }
                (paragraphs(&message.text))
                p .small .soft { (standing(visit, message)) }
            }
        }
    }
}

/// "Version 2 gäller sedan 09:14. Skriven av Anna, godkänd av Karim."
fn standing(visit: &Visit, message: &LiveMessage) -> Markup {
    let words = visit.words;
    let since = words.when(message.since, visit.now);
    let writer = message.writer.clone().unwrap_or_else(|| "–".to_owned());
    let approver = message.approver.clone().unwrap_or_else(|| "–".to_owned());
    html! {
        (t!(words, "crisis-standing", version = message.version, since = since)) " "
        @if message.alone { strong { (t!(words, "crisis-standing-alone", who = approver)) } }
        @else { (t!(words, "crisis-standing-who", writer = writer, approver = approver)) }
        " "
        @if message.heard { (t!(words, "crisis-heard")) } @else { (t!(words, "crisis-unheard")) }
    }
}

/// A text as people wrote it: an empty line makes a new paragraph, a line end a new line.
#[must_use]
pub fn paragraphs(text: &str) -> Markup {
    html! {
        @for paragraph in text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty()) {
            p { @for (n, line) in paragraph.lines().enumerate() { @if n > 0 { br; } (line) } }
        }
    }
}

/// What the detector proposes, for those who decide about it.
#[must_use]
pub fn proposal(visit: &Visit, proposal: Option<&Proposal>) -> Markup {
    let words = visit.words;
    let Some(proposal) = proposal.filter(|_| visit.may(Action::DecideSpike)) else { return html! {} };
    let id = proposal.id.into_untyped_uuid();
    let dismiss = format!("/crisis/proposals/{id}/dismiss");
    html! {
        section .notice .warn .crisis-proposal aria-label=(t!(words, "spike-label")) {
            h2 { (t!(words, "spike-title")) }
            (rising(visit, proposal))
            div .actions {
                a .button .primary href=(format!("/crisis/new?proposal={id}")) { (t!(words, "spike-write")) }
                form method="post" action=(dismiss) hx-post=(dismiss) hx-swap="none" hx-select="" {
                    (forms::token(visit))
                    button type="submit" { (t!(words, "spike-dismiss")) }
                }
            }
        }
    }
}

/// What rises, where, how much and since when.
#[must_use]
pub fn rising(visit: &Visit, proposal: &Proposal) -> Markup {
    let words = visit.words;
    html! {
        ul {
            @for one in proposal.streams.iter().take(STREAMS_SHOWN) {
                li {
                    strong { (name(words, one)) } ": "
                    (t!(words, "spike-line", counted = one.counted, minutes = one.window_minutes,
                        expected = words.one_decimal(one.expected), since = words.when(one.since, visit.now)))
                    @if one.over_at.is_some() { " " span .badge { (t!(words, "spike-over")) } }
                }
            }
            @let more = proposal.streams.len().saturating_sub(STREAMS_SHOWN);
            @if more > 0 { li { (t!(words, "spike-more", n = more)) } }
        }
    }
}

/// What a stream is called, with what sort of thing it counts.
#[must_use]
pub fn name(words: &Words, one: &RisingStream) -> String {
    format!("{} {}", words.word("stream", one.sort()), called(words, one)).trim().to_owned()
}

/// What a stream is called by itself.
#[must_use]
pub fn called(words: &Words, one: &RisingStream) -> String {
    if !one.name.is_empty() {
        return one.name.clone();
    }
    match one.stream.parse::<Stream>() {
        Ok(Stream { sort: Sort::Channel, key }) => words.word("channel", &key),
        Ok(Stream { sort: Sort::Place, key }) => key.replace(',', " "),
        Ok(Stream { sort: Sort::Search, .. }) => t!(words, "stream-search-none"),
        _ => String::new(),
    }
}
