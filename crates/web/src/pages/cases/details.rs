//! On a case's page: how urgent it is, who has it, where it is and what it is about, changed in one form.

use super::show::{Opened, path};
use crate::{
    components::forms::{self, Choice, Faults, Field, Kind, Select},
    t,
    visit::Visit,
};
use cases::Place;
use maud::{Markup, html};
use people::Action;
use vocabulary::{GenericUuid as _, Priority, SecrecyClass};

/// The priority as a mark; the ordinary carries none.
pub fn priority(visit: &Visit, priority: Priority) -> Markup {
    let class = match priority {
        Priority::Urgent => "badge bad",
        Priority::High => "badge warn",
        Priority::Low => "badge",
        Priority::Normal => return html! {},
    };
    html! { span class=(class) { (visit.words.word("priority", priority.as_str())) } }
}

/// A place in words, with a way to look at it.
pub fn place(place: &Place) -> Markup {
    html! {
        @if let Some(address) = place.address() { (address) }
        @if let Some(position) = place.position() {
            @if place.address().is_some() { ", " }
            a href=(format!("geo:{:.6},{:.6}", position.latitude(), position.longitude())) {
                (format!("{:.5}, {:.5}", position.latitude(), position.longitude()))
            }
        }
    }
}

/// The form.
pub fn form(visit: &Visit, opened: &Opened, faults: &Faults) -> Markup {
    let words = visit.words;
    let case = &opened.page.case;
    let id_of = |id: Option<uuid::Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
    let priorities: Vec<Choice> =
        Priority::ALL.iter().map(|p| Choice::new(p, words.word("priority", p.as_str()))).collect();
    let select = |name, label, choices, chosen, nothing| Select {
        name,
        prefix: "details",
        label,
        choices,
        chosen,
        nothing,
        required: false,
        type_ahead_next: None,
    };
    let (assignee, group) = (
        id_of(case.assignee_id.map(|id| id.into_untyped_uuid())),
        id_of(case.answer_group_id.map(|id| id.into_untyped_uuid())),
    );
    let address = case.place.as_ref().and_then(Place::address).unwrap_or_default();
    let position = case.place.as_ref().and_then(Place::position);
    let (latitude, longitude) = position.map_or_else(Default::default, |at| {
        (format!("{:.6}", at.latitude()), format!("{:.6}", at.longitude()))
    });
    let due_day = case.due_day.map(|day| day.to_string()).unwrap_or_default();
    let wrong = ["address", "latitude", "longitude", "case_type", "due_day"]
        .iter()
        .any(|field| faults.of(field).is_some());
    html! {
        @if visit.may(Action::ChangeCase) {
            details .card open[wrong] {
                summary { (t!(words, "case-details-change")) }
                form method="post" action=(path(opened, "details")) {
                    (forms::token(visit))
                    (select("priority", t!(words, "case-priority"), &priorities, case.priority.as_str(), None).show(words, faults))
                    (select("assignee", t!(words, "case-assignee"), &opened.users, &assignee, Some(t!(words, "case-assignee-nobody"))).show(words, faults))
                    (select("group", t!(words, "case-group"), &opened.groups, &group, Some(t!(words, "case-group-none"))).show(words, faults))
                    (opened.type_select("details", &case.case_type_id.into_untyped_uuid().to_string()).show(words, faults))
                    p .small .soft { (t!(words, "case-type-help")) }
                    (Field::line("details", "due_day", t!(words, "case-due-by"), &due_day).optional().kind(Kind::Day).show(words, faults))
                    (Field::line("details", "address", t!(words, "case-place"), address).optional()
                        .room(cases::limits::ADDRESS_CHARS_MAX).show(words, faults))
                    (Field::line("details", "latitude", t!(words, "case-latitude"), &latitude).optional().room(20).show(words, faults))
                    (Field::line("details", "longitude", t!(words, "case-longitude"), &longitude).optional().room(20).show(words, faults))
                    p { button type="submit" { (t!(words, "case-details-save")) } }
                }
            }
        }
    }
}

/// How secret the case is: more or less, with the reason.
pub fn secrecy(visit: &Visit, opened: &Opened, faults: &Faults) -> Markup {
    let words = visit.words;
    let now = opened.page.case.secrecy_class;
    let may_lower = visit.may(Action::LowerSecrecy);
    let choices: Vec<Choice> = SecrecyClass::ALL
        .iter()
        .filter(|class| may_lower || **class >= now)
        .map(|class| Choice::new(class, cases::words::secrecy_name(words.language(), *class)))
        .collect();
    let reason = Field::line("secrecy", "secrecy_reason", t!(words, "secrecy-why"), "")
        .kind(Kind::Text)
        .room(cases::limits::REASON_CHARS_MAX);
    html! {
        // Where there is nothing more to choose, there is nothing to ask.
        @if visit.may(Action::ChangeSecrecy) && choices.len() > 1 {
            details .card open[faults.of("secrecy").is_some() || faults.of("secrecy_reason").is_some()] {
                summary { (t!(words, "secrecy-change")) }
                form method="post" action=(path(opened, "secrecy")) {
                    (forms::token(visit))
                    (Select {
                        name: "secrecy", prefix: "secrecy", label: t!(words, "secrecy-class"), choices: &choices,
                        chosen: now.as_str(), nothing: None, required: true, type_ahead_next: None,
                    }.show(words, faults))
                    (reason.show(words, faults))
                    p .small .soft { (t!(words, "secrecy-change-help")) }
                    p { button type="submit" { (t!(words, "secrecy-change")) } }
                }
            }
        }
    }
}
