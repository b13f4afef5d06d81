//! The first pane: what one does oneself, and how many wait.

use super::desk::Desk;
use crate::{
    components::{badges, forms, lists},
    t,
    visit::Visit,
};
use maud::{Markup, html};
use routing::GuideState;
use vocabulary::AwayReason;
use vocabulary::GenericUuid as _;

/// What a guide may choose as a reason; the others are set by Lots.
pub const CHOSEN_REASONS: &[AwayReason] =
    &[AwayReason::Break, AwayReason::Lunch, AwayReason::Admin, AwayReason::Desk, AwayReason::Meeting];

/// The pane.
#[must_use]
pub fn pane(visit: &Visit, desk: &Desk) -> Markup {
    let words = visit.words;
    let mut groups: Vec<_> = desk.snapshot.groups.iter().collect();
    groups.sort_by_key(|group| desk.groups.get(&group.group));
    html! {
        (own(visit, desk))
        @if !desk.snapshot.open { p .notice .warn { (t!(words, "guide-closed")) } }
        section aria-labelledby="waiting-heading" {
            h3 #waiting-heading { (t!(words, "guide-waiting")) }
            ul .waiting-list {
                @for group in groups {
                    li {
                        span {
                            (desk.groups.get(&group.group).map_or("", String::as_str))
                            @if group.surge {
                                " " span .badge .warn { (t!(words, "surge-on")) }
                            }
                        }
                        span .count { (group.waiting) span .visually-hidden { " " (t!(words, "guide-waiting-unit")) } }
                        span .soft {
                            @if let Some(since) = group.waiting_since { (lists::counting(since, desk.now)) }
                            @else { span aria-hidden="true" { "–" } }
                        }
                    }
                }
            }
        }
        (colleagues(visit, desk))
        @if !desk.unlogged.is_empty() { (unlogged(visit, desk)) }
    }
}

fn own(visit: &Visit, desk: &Desk) -> Markup {
    let words = visit.words;
    let state = desk.own.as_ref().map_or(GuideState::SignedOut, |own| own.state);
    let at_work = desk.own.as_ref().filter(|own| own.state != GuideState::SignedOut);
    let class = format!("own-state {}", badges::state_word(&state));
    html! {
        div class=(class) {
            strong { (badges::state_text(words, &state)) }
            @if let Some(own) = at_work { (lists::counting(own.since, desk.now)) }
        }
        @if let Some(own) = at_work && !own.telephone_up { p .field-error { (t!(words, "guide-no-telephone")) } }
        form method="post" action="/guide/state" hx-post="/guide/state" hx-swap="none" hx-select="" {
            (forms::token(visit))
            @match state {
                GuideState::SignedOut => {
                    button .primary type="submit" name="do" value="begin" { (t!(words, "guide-begin")) }
                }
                GuideState::Ready => (away_buttons(visit, None)),
                GuideState::WrapUp { .. } => {
                    button .primary type="submit" name="do" value="wrap_up_done" { (t!(words, "guide-wrap-up-done")) }
                    (away_buttons(visit, None))
                }
                GuideState::Away { reason } => {
                    button .primary type="submit" name="do" value="ready" { (t!(words, "guide-ready")) }
                    (away_buttons(visit, Some(reason)))
                    p { button .plain type="submit" name="do" value="end" { (t!(words, "guide-end")) } }
                }
                GuideState::Offered { .. } | GuideState::Talking { .. } => (away_buttons(visit, None)),
            }
        }
    }
}

fn away_buttons(visit: &Visit, now: Option<AwayReason>) -> Markup {
    let words = visit.words;
    html! {
        fieldset {
            legend .small .soft { (t!(words, "guide-away")) }
            div .away-reasons {
                @for reason in CHOSEN_REASONS.iter().filter(|reason| Some(**reason) != now) {
                    button .slim type="submit" name="do" value=(reason) { (words.word("away", reason.as_str())) }
                }
            }
        }
    }
}

fn colleagues(visit: &Visit, desk: &Desk) -> Markup {
    let words = visit.words;
    let count =
        |wanted: fn(&GuideState) -> bool| desk.snapshot.guides.iter().filter(|g| wanted(&g.state)).count();
    html! {
        section aria-labelledby="colleagues-heading" {
            h3 #colleagues-heading { (t!(words, "guide-colleagues")) }
            dl .facts {
                dt { (words.word("state", "ready")) } dd .number { (count(|s| matches!(s, GuideState::Ready))) }
                dt { (words.word("state", "talking")) }
                dd .number { (count(|s| matches!(s, GuideState::Talking { .. } | GuideState::Offered { .. }))) }
                dt { (words.word("state", "wrap_up")) } dd .number { (count(|s| matches!(s, GuideState::WrapUp { .. }))) }
                dt { (words.word("state", "away")) } dd .number { (count(|s| matches!(s, GuideState::Away { .. }))) }
            }
        }
    }
}

fn unlogged(visit: &Visit, desk: &Desk) -> Markup {
    let words = visit.words;
    let at_hand = desk.at_hand.as_ref().map(|at_hand| at_hand.line.contact.id);
    html! {
        section aria-labelledby="unlogged-heading" {
            h3 #unlogged-heading { (t!(words, "guide-unlogged")) }
            ul .plain-list {
                @for line in &desk.unlogged {
                    li {
                        a href=(format!("/guide?contact={}", line.contact.id.into_untyped_uuid()))
                            aria-current=[(at_hand == Some(line.contact.id)).then_some("true")] {
                            (words.when(line.contact.arrived_at, desk.now)) " "
                            (super::contact::who(words, line))
                        }
                    }
                }
            }
        }
    }
}
