//! The second pane: who rings, who is talked with, and the quick log.

use super::{
    case,
    desk::{Desk, WithResident},
    log,
};
use crate::{
    components::{forms::Faults, lists},
    t,
    visit::Visit,
    words::Words,
};
use contacts::ContactLine;
use maud::{Markup, html};
use routing::GuideState;

/// Who a contact is with: the name, else the number, else that the number is withheld.
#[must_use]
pub fn who(words: &Words, line: &ContactLine) -> String {
    match (&line.resident_name, &line.contact.caller_number) {
        (Some(name), _) => name.clone(),
        (None, Some(number)) => words.telephone(number),
        (None, None) => t!(words, "caller-withheld"),
    }
}

/// What changes by the second: who rings or talks, and for how long.
#[must_use]
pub fn head(visit: &Visit, desk: &Desk) -> Markup {
    let words = visit.words;
    let state = desk.own.as_ref().map(|own| own.state);
    html! {
        @if let Some(ringing) = &desk.ringing { (incoming(words, desk, ringing)) }
        @if let Some(at_hand) = &desk.at_hand {
            div .contact-head {
                p .who { (who(words, &at_hand.line)) }
                p {
                    @match state {
                        Some(GuideState::Talking { call }) if call == at_hand.line.contact.id => {
                            span .badge .info { (words.word("state", "talking")) } " "
                            @if let Some(since) = at_hand.line.contact.answered_at { (lists::counting(since, desk.now)) }
                        }
                        Some(GuideState::WrapUp { call }) if call == at_hand.line.contact.id => {
                            span .badge .warn { (words.word("state", "wrap_up")) } " "
                            @if let Some(own) = &desk.own { (lists::counting(own.since, desk.now)) }
                        }
                        _ => span .badge { (t!(words, "contact-unlogged")) },
                    }
                }
            }
            p .soft {
                @if let (Some(_), Some(number)) = (&at_hand.line.resident_name, &at_hand.line.contact.caller_number) {
                    (words.telephone(number)) " · "
                }
                (group_name(desk, &at_hand.line)) " · "
                (t!(words, "contact-arrived", at = words.when(at_hand.line.contact.arrived_at, desk.now)))
            }
        } @else if desk.ringing.is_none() {
            (quiet(words, state))
        }
    }
}

fn group_name(desk: &Desk, line: &ContactLine) -> String {
    line.contact.group.and_then(|group| desk.groups.get(&group).cloned()).unwrap_or_default()
}

fn incoming(words: &Words, desk: &Desk, ringing: &WithResident) -> Markup {
    let open = ringing.cases.iter().filter(|line| line.status != vocabulary::CaseStatus::Solved).count();
    html! {
        div .incoming {
            p .soft { (t!(words, "contact-ringing")) " · " (group_name(desk, &ringing.line)) " · "
                (t!(words, "contact-has-waited")) " " (lists::counting(ringing.line.contact.arrived_at, desk.now)) }
            p .who { (who(words, &ringing.line)) }
            @if let (Some(_), Some(number)) = (&ringing.line.resident_name, &ringing.line.contact.caller_number) {
                p { (words.telephone(number)) }
            }
            p {
                @if ringing.earlier.is_empty() { (t!(words, "contact-first-time")) }
                @else { (t!(words, "contact-known", earlier = ringing.earlier.len(), open = open)) }
            }
            p .hint { (t!(words, "contact-answer-hint")) }
        }
    }
}

fn quiet(words: &Words, state: Option<GuideState>) -> Markup {
    let text = match state {
        Some(GuideState::Ready) => t!(words, "quiet-ready"),
        Some(GuideState::Away { .. }) => t!(words, "quiet-away"),
        _ => t!(words, "quiet-signed-out"),
    };
    html! { div .quiet { p { (text) } } }
}

/// What the guide types in; left alone while the contact is the same.
#[must_use]
pub fn body(visit: &Visit, desk: &Desk, draft: &log::Draft, faults: &Faults) -> Markup {
    html! {
        @if let Some(at_hand) = &desk.at_hand {
            (log::form(visit, desk, at_hand, draft, faults))
            (case::form(visit, desk, at_hand, &case::Draft::default(), &Faults::none()))
        }
    }
}
