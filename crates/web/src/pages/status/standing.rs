//! How a case stands, in plain words: what has happened, what happens next, when, and whom to call.

use crate::{t, visit::Visit, words::Words};
use cases::queries::ResidentPage;
use maud::{Markup, html};
use vocabulary::civil::Date;
use vocabulary::{CaseStatus, local_day};

/// A day in words, or in figures in languages that only residents read.
pub fn day(words: &Words, day: Date) -> String {
    if !words.residents_only() {
        return cases::words::day(words.language(), day);
    }
    let two = |n: i8| format!("{n:02}");
    let (year, month, day_of_month) = (day.year().to_string(), two(day.month()), two(day.day()));
    let figures = [("year", year.as_str()), ("month", month.as_str()), ("day", day_of_month.as_str())];
    words.own("resident-day", &figures).unwrap_or_else(|| day.to_string())
}

/// The key of a word's text.
fn key(what: &str, status: CaseStatus) -> String {
    format!("{what}-{}", status.as_str().replace('_', "-"))
}

fn status_name(words: &Words, status: CaseStatus) -> String {
    let own = words.own(&key("resident-status", status), &[]);
    own.unwrap_or_else(|| cases::words::status_name(words.language(), status))
}

fn status_public(words: &Words, status: CaseStatus) -> String {
    let own = words.own(&key("resident-public", status), &[]);
    own.unwrap_or_else(|| cases::words::status_public(words.language(), status))
}

fn rests_until(words: &Words, until: Date) -> String {
    let own = words.own("resident-rests-until", &[("day", &day(words, until))]);
    own.unwrap_or_else(|| cases::words::rests_until(words.language(), until))
}

fn expected(words: &Words, by: Date, today: Date) -> String {
    let own = if by < today {
        words.own("resident-expected-late", &[])
    } else {
        words.own("resident-expected-by", &[("day", &day(words, by))])
    };
    own.unwrap_or_else(|| cases::words::expected(words.language(), by, today))
}

/// How the case stands. Nothing personal.
pub fn standing(visit: &Visit, page: &ResidentPage) -> Markup {
    let words = visit.words;
    html! {
        @if let Some(number) = &page.merged_from {
            p .hint { (t!(words, "status-merged", number = number.to_string())) }
        }
        div .sheet {
            p .lead { strong { (status_name(words, page.status)) } }
            p { (status_public(words, page.status)) }
            @if !page.now.is_empty() {
                h2 { (t!(words, "status-now")) }
                @for now in &page.now { p lang="sv" dir="auto" { (now) } }
            }
            (steps(words, page.status))
            @if let Some(until) = page.rests_until_day { p { (rests_until(words, until)) } }
            @if let Some(by) = page.expected_day { p { (expected(words, by, local_day(visit.now))) } }
            dl .facts {
                dt { (t!(words, "case-number")) } dd { bdi { (page.number) } }
                @if let Some(about) = &page.about { dt { (t!(words, "status-about")) } dd lang="sv" dir="auto" { (about.name) } }
                dt { (t!(words, "case-arrival-day")) } dd { (day(words, page.arrival_day)) }
                dt { (t!(words, "status-changed")) } dd { (day(words, page.changed_day)) }
            }
        }
    }
}

/// What happens with such cases, and whom to call.
pub fn help(visit: &Visit, page: &ResidentPage) -> Markup {
    let words = visit.words;
    html! {
        @if let Some(about) = page.about.as_ref().filter(|about| !about.public_text.is_empty()) {
            div .sheet {
                h2 { (t!(words, "status-what-happens")) }
                p .pre lang="sv" dir="auto" { (about.public_text) }
            }
        }
        p .soft { (t!(words, "status-call", telephone = visit.config.public_telephone.clone(), number = page.number.to_string())) }
    }
}

/// Where on its way the case is.
fn steps(words: &Words, status: CaseStatus) -> Markup {
    let at = match status {
        CaseStatus::New => 0,
        CaseStatus::Ongoing
        | CaseStatus::Reopened
        | CaseStatus::WaitingForResident
        | CaseStatus::WaitingForDepartment
        | CaseStatus::Suspended => 1,
        CaseStatus::Solved => 2,
    };
    html! {
        ol .steps {
            @for (index, step) in ["received", "worked-on", "solved"].into_iter().enumerate() {
                @let done = index < at || status == CaseStatus::Solved;
                li .done[done] aria-current=[(index == at).then_some("step")] { (words.word("status-step", step)) }
            }
        }
    }
}
