//! What narrows a list: the form, and the filters one keeps.

use super::{Asked, around::Around};
use crate::{
    components::forms::{self, Choice, Faults, Field, Kind, Select},
    t,
    visit::Visit,
};
use cases::filter::{View, Whose};
use cases::saved::SavedFilter;
use maud::{Markup, html};
use vocabulary::GenericUuid as _;
use vocabulary::{CaseStatus, Channel, Priority};

/// The filters one keeps, and the form, folded together until something narrows. `action` is the page it leads to.
#[must_use]
pub fn form(visit: &Visit, around: &Around, asked: &Asked, action: &str) -> Markup {
    let words = visit.words;
    let filter = &asked.filter;
    let text = |value: Option<String>| value.unwrap_or_default();
    let whose = text(filter.whose.map(|whose| match whose {
        Whose::Me => "me".to_owned(),
        Whose::Nobody => "nobody".to_owned(),
        Whose::User(id) => id.into_untyped_uuid().to_string(),
    }));
    let status = text(filter.status.map(|s| s.to_string()));
    let priority = text(filter.priority.map(|p| p.to_string()));
    let channel = text(filter.channel.map(|c| c.to_string()));
    let case_type = text(filter.case_type.map(|id| id.into_untyped_uuid().to_string()));
    let department = text(filter.department.map(|id| id.into_untyped_uuid().to_string()));
    let group = text(filter.group.map(|id| id.into_untyped_uuid().to_string()));
    let from = text(filter.arrived_from.map(|day| day.to_string()));
    let to = text(filter.arrived_to.map(|day| day.to_string()));
    html! {
        (kept(visit, around, asked))
        details .card .narrow open[filter.narrows() || asked.saved.is_some()] {
            summary { (t!(words, "list-narrow")) }
            form method="get" action=(action) {
                input type="hidden" name="view" value=(filter.view);
                @if let Some(area) = &filter.area { input type="hidden" name="area" value=(area); }
                div .row {
                    (select(visit, "type", t!(words, "log-type"), &around.type_choices(), &case_type))
                    (select(visit, "status", t!(words, "case-status"), &statuses(visit), &status))
                    (select(visit, "department", t!(words, "case-department"), &around.department_choices(), &department))
                    (select(visit, "priority", t!(words, "case-priority"), &priorities(visit), &priority))
                    (select(visit, "assignee", t!(words, "case-assignee"), &assignees(visit, around), &whose))
                    @if filter.view == View::Group && around.groups.len() > 1 {
                        (select(visit, "group", t!(words, "list-group"), &around.group_choices(), &group))
                    }
                    (select(visit, "channel", t!(words, "case-channel"), &channels(visit), &channel))
                    (Field::line("narrow", "from", t!(words, "list-from"), &from).kind(Kind::Day).optional().show(words, &Faults::none()))
                    (Field::line("narrow", "to", t!(words, "list-to"), &to).kind(Kind::Day).optional().show(words, &Faults::none()))
                }
                div .actions {
                    button type="submit" .primary { (t!(words, "list-show")) }
                    a .button href=(format!("{action}?view={}", filter.view)) { (t!(words, "list-clear")) }
                }
            }
            (keeping(visit, around, asked))
        }
    }
}

fn select(visit: &Visit, name: &'static str, label: String, choices: &[Choice], chosen: &str) -> Markup {
    let nothing = Some(t!(visit.words, "list-any"));
    Select { name, prefix: "narrow", label, choices, chosen, nothing, required: false, type_ahead_next: None }
        .show(visit.words, &Faults::none())
}

/// Where a case can stand.
fn statuses(visit: &Visit) -> Vec<Choice> {
    let name = |status: CaseStatus| cases::words::status_short(visit.words.language(), status);
    CaseStatus::ALL.iter().map(|status| Choice::new(status, name(*status))).collect()
}

/// How soon a case can be wanted.
#[must_use]
pub fn priorities(visit: &Visit) -> Vec<Choice> {
    Priority::ALL.iter().map(|word| Choice::new(word, visit.words.word("priority", word.as_str()))).collect()
}

fn channels(visit: &Visit) -> Vec<Choice> {
    Channel::ALL.iter().map(|word| Choice::new(word, visit.words.word("channel", word.as_str()))).collect()
}

fn assignees(visit: &Visit, around: &Around) -> Vec<Choice> {
    let words = visit.words;
    let mut choices = vec![
        Choice::new("me", t!(words, "list-assignee-me")),
        Choice::new("nobody", t!(words, "list-assignee-nobody")),
    ];
    choices.extend(around.guide_choices());
    choices
}

/// The filters one keeps, as ways to their lists.
fn kept(visit: &Visit, around: &Around, asked: &Asked) -> Markup {
    let words = visit.words;
    html! {
        @if !around.saved.is_empty() {
            ul .filters .kept aria-label=(t!(words, "filters-kept")) {
                @for saved in &around.saved {
                    @if let Some(filter) = &saved.filter {
                        li { a href=(format!("/cases?{}&saved={}", filter.query(), saved.id))
                            aria-current=[(asked.saved == Some(saved.id)).then_some("true")] {
                            (saved.name)
                            @if saved.shared_with.is_some() { " " span .soft .small { (t!(words, "filter-is-shared")) } }
                        } }
                    }
                }
            }
        }
    }
}

/// The form that keeps what the list shows now: as a new filter, or in place of the one it came from.
fn keeping(visit: &Visit, around: &Around, asked: &Asked) -> Markup {
    let words = visit.words;
    let own = asked
        .saved
        .and_then(|id| around.saved.iter().find(|saved| saved.id == id && saved.owner == visit.user_id()));
    let shared = own.and_then(|own| own.shared_with).map(|id| id.into_untyped_uuid().to_string());
    let share = Select {
        name: "share",
        prefix: "keep",
        label: t!(words, "filter-share"),
        choices: &around.group_choices(),
        chosen: &shared.unwrap_or_default(),
        nothing: Some(t!(words, "filter-share-nobody")),
        required: false,
        type_ahead_next: None,
    };
    html! {
        form .keep method="post" action="/cases/filters" {
            (forms::token(visit))
            @for (name, value) in asked.filter.parts() { input type="hidden" name=(name) value=(value); }
            input type="hidden" name="id" value=(own.map_or(around.fresh, |own| own.id.into_untyped_uuid()));
            div .row {
                (Field::line("keep", "filter_name", t!(words, "filter-name"), own.map_or("", |own| own.name.as_str()))
                    .room(cases::limits::FILTER_NAME_CHARS_MAX).show(words, &Faults::none()))
                (share.show(words, &Faults::none()))
            }
            button type="submit" { @if own.is_some() { (t!(words, "filter-change")) } @else { (t!(words, "filter-keep")) } }
        }
        @if let Some(own) = own { (throwing(visit, own)) }
    }
}

fn throwing(visit: &Visit, own: &SavedFilter) -> Markup {
    forms::button(
        visit,
        &format!("/cases/filters/{}/delete", own.id),
        "plain",
        &t!(visit.words, "filter-throw"),
    )
}
