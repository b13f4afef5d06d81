//! The board's parts: figures read across a room, and a table for everything.

use super::{Board, service_level};
use crate::{
    components::{badges, forms, lists},
    pages::{
        crisis::{banner, periods},
        guide::CHOSEN_REASONS,
    },
    t,
    visit::Visit,
    words::{Words, minutes_and_seconds},
};
use contacts::CallFigures;
use maud::{Markup, html};
use people::Action;
use routing::GuideState;
use std::collections::BTreeMap;
use vocabulary::GenericUuid as _;
use vocabulary::{AnswerGroupId, Timestamp, UserId};

/// A share answered in time below this is marked.
const SERVICE_LEVEL_LOW: f64 = 0.8;
/// A longest wait from this many seconds on is marked, and from twice as many marked stronger.
const WAIT_LONG_S: i64 = 60;

/// The whole board.
#[must_use]
pub fn board(visit: &Visit, board: &Board) -> Markup {
    let words = visit.words;
    html! {
        (banner::live(visit, &board.crises))
        (banner::proposal(visit, board.proposal.as_ref()))
        @if !board.snapshot.open { (lists::notice("warn", &t!(words, "guide-closed"))) }
        (periods::switch(words, "/board", "", &board.periods, board.without_crises))
        (tiles(words, board))
        div .board-columns {
            div {
                (groups(visit, board))
                (day(words, board))
                @if visit.may(Action::SeeSurveyMeans) { (means(words, board)) }
            }
            (guides(visit, board))
        }
    }
}

fn share(words: &Words, calls: &CallFigures) -> String {
    service_level(calls).map_or_else(|| "–".to_owned(), |share| words.percent(share))
}

fn tiles(words: &Words, board: &Board) -> Markup {
    let all = board.today(None);
    let (waiting, since) = board.waiting();
    let waited_s = since.map_or(0, |since| board.now.duration_since(since).as_secs());
    let low = service_level(&all).is_some_and(|share| share < SERVICE_LEVEL_LOW);
    let ready = board.snapshot.guides.iter().filter(|guide| matches!(guide.state, GuideState::Ready)).count();
    let (long, very_long) = (waited_s >= WAIT_LONG_S, waited_s >= 2 * WAIT_LONG_S);
    html! {
        ul .tiles aria-label=(t!(words, "board-now")) {
            li .tile { span .value { (waiting) } span .label { (t!(words, "board-waiting")) } }
            li .tile .warn[long && !very_long] .bad[very_long] {
                span .value { @if let Some(since) = since { (lists::counting(since, board.now)) } @else { "–" } }
                span .label { (t!(words, "board-longest")) }
            }
            li .tile .warn[ready == 0] { span .value { (ready) } span .label { (t!(words, "board-ready")) } }
            li .tile .warn[low] {
                span .value { (share(words, &all)) }
                span .label { (t!(words, "board-service-level")) }
            }
            li .tile { span .value { (all.answered) } span .label { (t!(words, "board-answered", offered = all.offered)) } }
            li .tile { span .value { (all.abandoned) } span .label { (t!(words, "board-abandoned")) } }
        }
    }
}

fn groups(visit: &Visit, board: &Board) -> Markup {
    let words = visit.words;
    let names: BTreeMap<AnswerGroupId, &str> = board.groups.iter().map(|g| (g.id, g.name.as_str())).collect();
    let mut rows: Vec<_> = board.snapshot.groups.iter().collect();
    rows.sort_by_key(|row| names.get(&row.group));
    let may_switch = visit.may(Action::SwitchSurgeNotice);
    html! {
        section .card aria-labelledby="groups-heading" {
            div .card-head {
                h2 #groups-heading { (t!(words, "board-groups")) }
                @if may_switch { (surge_button(visit, None, board.surge_for_all())) }
            }
            div .table-wrap tabindex="0" role="group" aria-labelledby="groups-heading" {
                table .stacks {
                    thead { tr {
                        th scope="col" { (t!(words, "board-group")) }
                        th scope="col" .number { (t!(words, "board-waiting")) }
                        th scope="col" .number { (t!(words, "board-longest")) }
                        th scope="col" .number { (t!(words, "board-ready")) }
                        th scope="col" .number { (t!(words, "board-service-level-short")) }
                        th scope="col" .number { (t!(words, "board-answered-short")) }
                        th scope="col" .number { (t!(words, "board-abandoned")) }
                        th scope="col" { (t!(words, "board-surge")) }
                    } }
                    tbody {
                        @for group in rows {
                            @let calls = board.today(Some(group.group));
                            tr {
                                th scope="row" data-label=(t!(words, "board-group")) { (names.get(&group.group).copied().unwrap_or("–")) }
                                td .number data-label=(t!(words, "board-waiting")) { (group.waiting) }
                                td .number data-label=(t!(words, "board-longest")) {
                                    @if let Some(since) = group.waiting_since { (lists::counting(since, board.now)) } @else { "–" }
                                }
                                td .number data-label=(t!(words, "board-ready")) { (group.ready) }
                                td .number data-label=(t!(words, "board-service-level-short")) { (share(words, &calls)) }
                                td .number data-label=(t!(words, "board-answered-short")) { (calls.answered) }
                                td .number data-label=(t!(words, "board-abandoned")) { (calls.abandoned) }
                                td data-label=(t!(words, "board-surge")) {
                                    @if may_switch { (surge_button(visit, Some(group.group), group.surge)) }
                                    @else if group.surge { span .badge .warn { (t!(words, "surge-on")) } }
                                    @else { "–" }
                                }
                            }
                        }
                    }
                }
            }
            p .hint { (t!(words, "board-variant")) }
        }
    }
}

fn surge_button(visit: &Visit, group: Option<AnswerGroupId>, on: bool) -> Markup {
    let words = visit.words;
    let label = match (group.is_some(), on) {
        (true, false) => t!(words, "surge-turn-on"),
        (true, true) => t!(words, "surge-turn-off"),
        (false, false) => t!(words, "surge-all-on"),
        (false, true) => t!(words, "surge-all-off"),
    };
    let id = group.map(|group| group.into_untyped_uuid().to_string()).unwrap_or_default();
    html! {
        form method="post" action="/board/surge" hx-post="/board/surge" hx-swap="none" hx-select="" {
            (forms::token(visit))
            input type="hidden" name="group" value=(id);
            input type="hidden" name="on" value=(if on { "no" } else { "yes" });
            button type="submit" .slim .danger[on] { (label) }
        }
    }
}

fn guides(visit: &Visit, board: &Board) -> Markup {
    let words = visit.words;
    let mut at_work: Vec<_> = board
        .snapshot
        .guides
        .iter()
        .filter(|guide| !matches!(guide.state, GuideState::SignedOut))
        .map(|guide| (board.names.get(&guide.guide).map_or("–", String::as_str), guide))
        .collect();
    at_work.sort_by_key(|(name, guide)| (order(&guide.state), *name));
    html! {
        section .card aria-labelledby="guides-heading" {
            h2 #guides-heading { (t!(words, "board-guides", n = at_work.len())) }
            @if at_work.is_empty() { (lists::empty(&t!(words, "board-nobody"))) } @else {
                div .table-wrap tabindex="0" role="group" aria-labelledby="guides-heading" {
                    table .stacks {
                        thead { tr {
                            th scope="col" { (t!(words, "name")) }
                            th scope="col" { (t!(words, "board-state")) }
                            th scope="col" .number { (t!(words, "board-since")) }
                            @if visit.may(Action::MoveGuides) { th scope="col" { (t!(words, "board-move")) } }
                        } }
                        tbody {
                            @for (name, guide) in at_work {
                                tr {
                                    th scope="row" data-label=(t!(words, "name")) { (name) }
                                    td data-label=(t!(words, "board-state")) {
                                        (badges::guide_state(words, &guide.state))
                                        @if !guide.telephone_up { " " span .badge .bad { (t!(words, "board-no-telephone")) } }
                                    }
                                    td .number data-label=(t!(words, "board-since")) { (lists::counting(guide.since, board.now)) }
                                    @if visit.may(Action::MoveGuides) {
                                        td data-label=(t!(words, "board-move")) { (move_form(visit, guide.guide, &guide.state, name)) }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

const fn order(state: &GuideState) -> u8 {
    match state {
        GuideState::Ready => 0,
        GuideState::Offered { .. } => 1,
        GuideState::Talking { .. } => 2,
        GuideState::WrapUp { .. } => 3,
        GuideState::Away { .. } => 4,
        GuideState::SignedOut => 5,
    }
}

fn move_form(visit: &Visit, guide: UserId, state: &GuideState, name: &str) -> Markup {
    let words = visit.words;
    let path = format!("/board/guides/{}/state", guide.into_untyped_uuid());
    let away = matches!(state, GuideState::Away { .. });
    html! {
        // Left alone when the board is renewed, so that a reason being chosen stays; another state is another form.
        form id=(format!("move-form-{away}-{}", guide.into_untyped_uuid())) hx-morph-skip method="post" action=(path)
            hx-post=(path) hx-swap="none" hx-select="" .move {
            (forms::token(visit))
            @if away {
                button type="submit" .slim name="do" value="ready" aria-label=(t!(words, "board-make-ready", name = name)) {
                    (t!(words, "guide-ready"))
                }
            } @else {
                label .visually-hidden for=(format!("move-{}", guide.into_untyped_uuid())) {
                    (t!(words, "board-make-away", name = name))
                }
                select id=(format!("move-{}", guide.into_untyped_uuid())) name="do" {
                    @for reason in CHOSEN_REASONS { option value=(reason) { (words.word("away", reason.as_str())) } }
                }
                button type="submit" .slim { (t!(words, "board-set-away")) }
            }
        }
    }
}

/// One hour of the chart.
struct Hour {
    began_at: Timestamp,
    calls: CallFigures,
}

/// The day by the hour: a chart, and its table.
fn day(words: &Words, board: &Board) -> Markup {
    let mut by_hour: BTreeMap<Timestamp, CallFigures> = BTreeMap::new();
    for hour in &board.hours {
        *by_hour.entry(hour.began_at).or_default() += hour.calls;
    }
    let hours: Vec<Hour> = by_hour.into_iter().map(|(began_at, calls)| Hour { began_at, calls }).collect();
    html! {
        @if !hours.is_empty() {
            section .card aria-labelledby="day-heading" {
                h2 #day-heading { (t!(words, "board-day")) }
                (chart(words, &hours))
                details {
                    summary { (t!(words, "board-as-table")) }
                    div .table-wrap {
                        table .stacks {
                            thead { tr {
                                th scope="col" { (t!(words, "board-hour")) }
                                th scope="col" .number { (t!(words, "board-offered")) }
                                th scope="col" .number { (t!(words, "board-answered-short")) }
                                th scope="col" .number { (t!(words, "board-abandoned")) }
                                th scope="col" .number { (t!(words, "board-wait-mean")) }
                                th scope="col" .number { (t!(words, "board-service-level-short")) }
                            } }
                            tbody {
                                @for hour in &hours {
                                    tr {
                                        th scope="row" { (words.time(hour.began_at)) }
                                        td .number data-label=(t!(words, "board-offered")) { (hour.calls.offered) }
                                        td .number data-label=(t!(words, "board-answered-short")) { (hour.calls.answered) }
                                        td .number data-label=(t!(words, "board-abandoned")) { (hour.calls.abandoned) }
                                        td .number data-label=(t!(words, "board-wait-mean")) { (hour.calls.wait_mean().map_or_else(|| "–".to_owned(), minutes_and_seconds)) }
                                        td .number data-label=(t!(words, "board-service-level-short")) { (share(words, &hour.calls)) }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Width of one hour's column, and height of the tallest, in the chart's own units.
const COLUMN: usize = 44;
const HEIGHT: u64 = 110;

/// Columns of answered calls with the abandoned ones on top. Its numbers are in the table beneath it.
fn chart(words: &Words, hours: &[Hour]) -> Markup {
    let most = hours.iter().map(|hour| hour.calls.answered + hour.calls.abandoned).max().unwrap_or(0).max(1);
    let scaled = |n: u64| n * HEIGHT / most;
    let width = hours.len() * COLUMN;
    html! {
        svg .chart viewBox=(format!("0 0 {} {}", width.max(13 * COLUMN), HEIGHT + 34)) role="img"
            aria-label=(t!(words, "board-chart")) preserveAspectRatio="xMinYMin meet" {
            @for (index, hour) in hours.iter().enumerate() {
                @let answered = scaled(hour.calls.answered);
                @let lost = scaled(hour.calls.abandoned);
                @let x = index * COLUMN + 6;
                rect .bar-body x=(x) y=(HEIGHT + 16 - answered) width=(COLUMN - 12) height=(answered) {}
                rect .bar-lost x=(x) y=(HEIGHT + 16 - answered - lost) width=(COLUMN - 12) height=(lost) {}
                text x=(x + 16) y=(HEIGHT + 12 - answered - lost) text-anchor="middle" { (hour.calls.answered + hour.calls.abandoned) }
                text x=(x + 16) y=(HEIGHT + 30) text-anchor="middle" { (words.time(hour.began_at)) }
            }
            line x1="0" x2=(width.max(13 * COLUMN)) y1=(HEIGHT + 16) y2=(HEIGHT + 16) {}
        }
    }
}

fn means(words: &Words, board: &Board) -> Markup {
    html! {
        section .card aria-labelledby="means-heading" {
            h2 #means-heading { (t!(words, "board-means")) }
            p .hint { (t!(words, "board-means-hint", min = surveys::MEAN_ANSWERS_MIN)) }
            @if let Some(all) = board.means.iter().find(|means| means.group.is_none()) {
                div .table-wrap {
                    table .stacks {
                        thead { tr {
                            th scope="col" { (t!(words, "board-parameter")) }
                            th scope="col" .number { (t!(words, "board-mean")) }
                            th scope="col" .number { (t!(words, "board-answers")) }
                        } }
                        tbody {
                            @for one in &all.parameters {
                                tr {
                                    th scope="row" { (words.word("parameter", one.parameter.as_str())) }
                                    td .number data-label=(t!(words, "board-mean")) { (mean_text(words, one)) }
                                    td .number data-label=(t!(words, "board-answers")) { (one.n) }
                                }
                            }
                        }
                    }
                }
            } @else { (lists::empty(&t!(words, "board-means-none"))) }
        }
    }
}

/// A mean with its interval; a dash while there are too few answers to say anything.
fn mean_text(words: &Words, one: &surveys::ParameterMean) -> String {
    let Some(figure) = one.figure else { return "–".to_owned() };
    let mean = words.one_decimal(figure.mean);
    match figure.interval {
        Some((low, high)) => format!("{mean} ({}–{})", words.one_decimal(low), words.one_decimal(high)),
        None => mean,
    }
}
