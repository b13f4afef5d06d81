//! The table of cases.

use crate::{components::badges, t, visit::Visit, words::Words};
use cases::queries::{CaseLine, ListLine};
use maud::{Markup, html};
use vocabulary::GenericUuid as _;
use vocabulary::civil::Date;
use vocabulary::{Priority, Timestamp, local_day};

/// The table of a list one works from; with boxes to tick, for changing many at once.
#[must_use]
pub fn table(visit: &Visit, lines: &[ListLine], now: Timestamp, ticks: bool) -> Markup {
    let words = visit.words;
    let today = local_day(now);
    let head = html! {
        @if ticks { th scope="col" .tick-column { span .visually-hidden { (t!(words, "bulk-tick")) } } }
        (heads(words))
    };
    frame(
        words,
        &head,
        &html! {
            @for line in lines {
                tr {
                    @if ticks {
                        td .tick-column data-label=(t!(words, "bulk-tick")) {
                            input type="checkbox" name="case" value=(line.line.id.into_untyped_uuid())
                                aria-label=(t!(words, "bulk-tick-case", number = line.line.number.to_string()));
                        }
                    }
                    (number_cell(words, &line.line))
                    td data-label=(t!(words, "case-title")) {
                        span {
                            (line.line.title) " " (badges::secrecy(words, line.line.secrecy_class)) " " (priority(words, line.priority))
                            br;
                            span .soft .small {
                                (line.line.type_name)
                                @if let Some(place) = &line.place { " · " (place) }
                            }
                        }
                    }
                    td data-label=(t!(words, "case-status")) { (badges::status(words, line.line.status)) }
                    td data-label=(t!(words, "case-department")) { (department(&line.line)) }
                    td data-label=(t!(words, "case-assignee")) {
                        @match &line.assignee { Some(name) => span { (name) }, None => span aria-hidden="true" { "–" } }
                    }
                    td data-label=(t!(words, "case-due")) { (due(words, &line.line, today)) }
                    td data-label=(t!(words, "case-changed")) { time { (words.when(line.line.changed_at, now)) } }
                }
            }
        },
    )
}

/// A table of cases found.
#[must_use]
pub fn found(visit: &Visit, lines: &[CaseLine], now: Timestamp) -> Markup {
    let words = visit.words;
    let today = local_day(now);
    let head = html! {
        th scope="col" { (t!(words, "case-number")) }
        th scope="col" { (t!(words, "case-title")) }
        th scope="col" { (t!(words, "case-status")) }
        th scope="col" { (t!(words, "case-department")) }
        th scope="col" { (t!(words, "case-due")) }
        th scope="col" { (t!(words, "case-changed")) }
    };
    frame(
        words,
        &head,
        &html! {
            @for line in lines {
                tr {
                    (number_cell(words, line))
                    td data-label=(t!(words, "case-title")) { span { (line.title) " " (badges::secrecy(words, line.secrecy_class)) } }
                    td data-label=(t!(words, "case-status")) { (badges::status(words, line.status)) }
                    td data-label=(t!(words, "case-department")) { (department(line)) }
                    td data-label=(t!(words, "case-due")) { (due(words, line, today)) }
                    td data-label=(t!(words, "case-changed")) { time { (words.when(line.changed_at, now)) } }
                }
            }
        },
    )
}

fn heads(words: &Words) -> Markup {
    html! {
        th scope="col" { (t!(words, "case-number")) }
        th scope="col" { (t!(words, "case-title")) }
        th scope="col" { (t!(words, "case-status")) }
        th scope="col" { (t!(words, "case-department")) }
        th scope="col" { (t!(words, "case-assignee")) }
        th scope="col" { (t!(words, "case-due")) }
        th scope="col" { (t!(words, "case-changed")) }
    }
}

fn frame(words: &Words, head: &Markup, rows: &Markup) -> Markup {
    html! {
        div .table-wrap tabindex="0" role="group" aria-label=(t!(words, "cases-title")) {
            table .stacks {
                thead { tr { (head) } }
                tbody { (rows) }
            }
        }
    }
}

fn number_cell(words: &Words, line: &CaseLine) -> Markup {
    html! {
        th scope="row" data-label=(t!(words, "case-number")) {
            a .code href=(format!("/cases/{}", line.id.into_untyped_uuid())) { (line.number) }
        }
    }
}

fn department(line: &CaseLine) -> Markup {
    html! {
        span { (line.department) @if let Some(officer) = &line.officer { br; span .soft .small { (officer) } } }
    }
}

/// How soon, unless it is in its turn.
fn priority(words: &Words, priority: Priority) -> Markup {
    let class = match priority {
        Priority::Urgent => "badge bad",
        Priority::High => "badge warn",
        Priority::Low | Priority::Normal => "badge",
    };
    html! {
        @if priority != Priority::Normal { span class=(class) { (words.word("priority", priority.as_str())) } }
    }
}

fn due(words: &Words, line: &CaseLine, today: Date) -> Markup {
    let open = line.status != vocabulary::CaseStatus::Solved;
    html! {
        @match line.due_day {
            Some(day) if open && day < today => span .badge .bad { (t!(words, "case-overdue", day = words.day(day))) },
            Some(day) if open => time { (words.day(day)) },
            _ => span aria-hidden="true" { "–" },
        }
    }
}
