//! The view itself: figures read across a room, and a table for everything.

use super::{Count, Situation, map};
use crate::{
    components::lists,
    pages::crisis::banner,
    t,
    visit::Visit,
    words::{Words, minutes_and_seconds},
};
use crisis::RisingStream;
use crisis::spikes::{Sort, at_least};
use maud::{Markup, html};
use routing::GuideState;
use vocabulary::Timestamp;

/// Most lines of a table.
const LINES_MAX: usize = 12;
/// A count is marked when there is less than this chance of so many.
const HIGH: f64 = 0.001;

/// Whether there are markedly more than is to be expected by now.
pub(super) fn is_high(count: &Count) -> bool {
    count.expected.is_some_and(|expected| {
        count.counted >= 5 && at_least(count.counted, expected.mean, expected.spread) < HIGH
    })
}

/// The whole view.
pub(super) fn view(visit: &Visit, situation: &Situation) -> Markup {
    let words = visit.words;
    html! {
        p .small .soft { (t!(words, "situation-at", at = words.day_and_time(situation.board.now))) }
        @if situation.live.is_empty() { p .notice { (t!(words, "crisis-none-live")) } }
        (banner::live(visit, &situation.live))
        (tiles(words, situation))
        (proposals(visit, situation))
        div .board-columns {
            div {
                (table(words, situation, Sort::Topic, "situation-topics"))
                (table(words, situation, Sort::Queue, "situation-queues"))
                (table(words, situation, Sort::Channel, "situation-channels"))
            }
            div {
                (places(words, situation))
                (questions(words, situation))
            }
        }
    }
}

fn tiles(words: &Words, situation: &Situation) -> Markup {
    let board = &situation.board;
    let (waiting, since) = board.waiting();
    let calls = board.today(None);
    let at_work =
        board.snapshot.guides.iter().filter(|guide| !matches!(guide.state, GuideState::SignedOut)).count();
    let contacts = situation.contacts();
    let of = |sort| contacts.get(&sort).copied().unwrap_or(0);
    html! {
        ul .tiles aria-label=(t!(words, "board-now")) {
            li .tile { span .value { (waiting) } span .label { (t!(words, "board-waiting")) } }
            li .tile { span .value { (longest(since, board.now)) } span .label { (t!(words, "board-longest")) } }
            li .tile { span .value { (at_work) } span .label { (t!(words, "situation-at-work")) } }
            li .tile { span .value { (of(Sort::Queue) + of(Sort::Channel)) } span .label { (t!(words, "situation-contacts")) } }
            li .tile { span .value { (calls.abandoned) } span .label { (t!(words, "board-abandoned")) } }
            li .tile { span .value { (situation.open_cases) } span .label { (t!(words, "situation-open-cases")) } }
            @if let Some(since) = situation.going_on {
                li .tile .bad { span .value { (minutes_and_seconds(board.now.duration_since(since))) } span .label { (t!(words, "situation-going-on")) } }
            }
        }
    }
}

fn longest(since: Option<Timestamp>, now: Timestamp) -> Markup {
    html! { @if let Some(since) = since { (lists::counting(since, now)) } @else { "–" } }
}

fn proposals(visit: &Visit, situation: &Situation) -> Markup {
    let words = visit.words;
    html! {
        @if !situation.proposals.is_empty() {
            section .card aria-labelledby="rising-heading" {
                h2 #rising-heading { (t!(words, "situation-rising")) }
                @for proposal in &situation.proposals {
                    h3 {
                        (words.when(proposal.began_at, visit.now)) " "
                        span .badge { (words.word("proposal", proposal.state.as_str())) }
                    }
                    (banner::rising(visit, proposal))
                }
            }
        }
    }
}

fn named(words: &Words, count: &Count) -> String {
    // As a proposal would call it.
    let one = RisingStream {
        stream: count.stream.to_string(),
        name: count.name.clone(),
        seen_at: Timestamp::UNIX_EPOCH,
        since: Timestamp::UNIX_EPOCH,
        counted: 0,
        expected: 0.0,
        window_minutes: 0,
        calm_since: None,
        over_at: None,
    };
    let name = banner::called(words, &one);
    if name.is_empty() { t!(words, "situation-unnamed") } else { name }
}

fn table(words: &Words, situation: &Situation, sort: Sort, heading: &'static str) -> Markup {
    let counts = situation.of(sort);
    html! {
        section .card aria-labelledby=(heading) {
            h2 id=(heading) { (words.word("situation-heading", sort.as_str())) }
            @if counts.is_empty() { (lists::empty(&t!(words, "situation-nothing"))) } @else { (lines(words, &counts, heading)) }
        }
    }
}

fn lines(words: &Words, counts: &[&Count], heading: &str) -> Markup {
    html! {
        div .table-wrap tabindex="0" role="group" aria-labelledby=(heading) { table .stacks {
            thead { tr {
                th scope="col" { (t!(words, "situation-what")) } th scope="col" .number { (t!(words, "situation-today")) }
                th scope="col" .number { (t!(words, "situation-expected")) }
            } }
            tbody { @for count in counts.iter().take(LINES_MAX) { tr {
                th scope="row" data-label=(t!(words, "situation-what")) { (named(words, count)) }
                td .number data-label=(t!(words, "situation-today")) {
                    (count.counted) @if is_high(count) { " " span .badge .bad { (t!(words, "situation-high")) } }
                }
                td .number data-label=(t!(words, "situation-expected")) {
                    @match &count.expected { Some(expected) => (words.one_decimal(expected.mean)), None => "–" }
                }
            } } }
        } }
        @let more = counts.len().saturating_sub(LINES_MAX);
        @if more > 0 { p .soft { (t!(words, "spike-more", n = more)) } }
    }
}

fn places(words: &Words, situation: &Situation) -> Markup {
    let counts = situation.of(Sort::Place);
    html! {
        section .card aria-labelledby="situation-places" {
            h2 #situation-places { (words.word("situation-heading", "place")) }
            @if counts.is_empty() { (lists::empty(&t!(words, "situation-nothing"))) } @else {
                (map::map(words, &counts))
                (lines(words, &counts, "situation-places"))
            }
        }
    }
}

fn questions(words: &Words, situation: &Situation) -> Markup {
    html! {
        section .card aria-labelledby="situation-questions" {
            h2 #situation-questions { (t!(words, "situation-questions")) }
            @if situation.questions.is_empty() { (lists::empty(&t!(words, "situation-nothing"))) } @else {
                div .table-wrap tabindex="0" role="group" aria-labelledby="situation-questions" { table .stacks {
                    thead { tr {
                        th scope="col" { (t!(words, "departments-department")) }
                        th scope="col" .number { (t!(words, "departments-waiting")) }
                        th scope="col" .number { (t!(words, "departments-overdue")) }
                    } }
                    tbody { @for one in &situation.questions { tr {
                        th scope="row" data-label=(t!(words, "departments-department")) { (one.department) }
                        td .number data-label=(t!(words, "departments-waiting")) { (one.waiting) }
                        td .number data-label=(t!(words, "departments-overdue")) { (one.overdue) }
                    } } }
                } }
            }
        }
    }
}
