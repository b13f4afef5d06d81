//! Who did what, when: on a page, and as a file.

use crate::{
    AppState,
    components::{
        forms::{Faults, Field, Kind},
        layout::Page,
        lists,
    },
    error::PageError,
    t,
    uploads::hand_over,
    visit::Visit,
    words::Words,
};
use axum::{
    extract::{Query, State},
    response::{IntoResponse as _, Response},
};
use crisis::limits::{LOG_LINES_MAX, LOG_LINES_SHOWN};
use crisis::{Deed, queries};
use maud::{Markup, html};
use people::Action;
use serde::Deserialize;
use sheets::{Cell, Separator};
use vocabulary::civil::Date;
use vocabulary::{SignedDuration, Timestamp, local_day, start_of_day};

/// Days shown when none are chosen.
const DAYS: i64 = 30;

/// The days asked for, and in which form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    from: String,
    to: String,
    form: String,
}

/// `GET /crisis/log`
///
/// # Errors
/// The database.
pub(super) async fn show(
    State(state): State<AppState>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let today = local_day(visit.now);
    let to: Date = asked.to.parse().unwrap_or(today);
    let from: Date =
        asked.from.parse().unwrap_or(today.saturating_sub(SignedDuration::from_hours(24 * DAYS)));
    let file = asked.form == "csv";
    let limit = if file { LOG_LINES_MAX } else { LOG_LINES_SHOWN };
    let call_ins = visit.may(Action::CallInStaff);
    let (begin, end) = (start_of_day(from), to.tomorrow().map_or(Timestamp::MAX, start_of_day));
    let deeds = state.db.read(move |s| queries::log(s, begin, end, call_ins, limit)).await?;
    let words = visit.words;
    if file {
        let mut text = String::from(sheets::BOM);
        text.push_str(&sheets::row(&headings(words).map(Cell::text), Separator::Semicolon));
        for deed in &deeds {
            text.push_str(&sheets::row(&row(words, deed).map(Cell::text), Separator::Semicolon));
        }
        let name = format!("{} {from} {to}.csv", t!(words, "crisis-log"));
        return Ok(hand_over(&name, "text/csv; charset=utf-8", text.into_bytes()));
    }
    let (from, to) = (from.to_string(), to.to_string());
    let none = Faults::none();
    let content = html! {
        p { a href="/crisis" { (t!(words, "crisis-back")) } }
        form .filters method="get" action="/crisis/log" {
            (Field::line("log", "from", t!(words, "period-from"), &from).kind(Kind::Day).show(words, &none))
            (Field::line("log", "to", t!(words, "period-to"), &to).kind(Kind::Day).show(words, &none))
            button type="submit" { (t!(words, "period-show")) }
        }
        form .actions method="get" action="/crisis/log" hx-boost="false" {
            input type="hidden" name="from" value=(from);
            input type="hidden" name="to" value=(to);
            button type="submit" name="form" value="csv" { (t!(words, "crisis-log-file")) }
        }
        h2 #deeds-heading { (t!(words, "crisis-log-deeds")) }
        (table(&visit, &deeds, "deeds-heading"))
        @if deeds.len() >= LOG_LINES_SHOWN as usize { p .soft { (t!(words, "crisis-log-more", n = LOG_LINES_SHOWN)) } }
    };
    Ok(Page::wide(t!(words, "crisis-log")).around(&visit, &content).into_response())
}

fn headings(words: &Words) -> [String; 5] {
    [
        t!(words, "crisis-log-when"),
        t!(words, "crisis-log-deed"),
        t!(words, "crisis-log-what"),
        t!(words, "crisis-log-who"),
        t!(words, "crisis-log-detail"),
    ]
}

fn row(words: &Words, deed: &Deed) -> [String; 5] {
    [
        words.day_and_time(deed.at),
        words.word("deed", &deed.kind),
        deed.what.clone().unwrap_or_default(),
        deed.who.clone().unwrap_or_else(|| words.word("deed-by", &deed.actor_kind)),
        detail(words, deed),
    ]
}

/// The words of the detail that have a text of their own, the others as they stand.
fn detail(words: &Words, deed: &Deed) -> String {
    let said = deed.detail.as_deref().unwrap_or_default();
    said.split(' ').map(|word| words.word("deed-detail", word)).collect::<Vec<_>>().join(" ")
}

/// The log as a table, named by the heading with that id.
pub(super) fn table(visit: &Visit, deeds: &[Deed], heading: &str) -> Markup {
    let words = visit.words;
    let heads = headings(words);
    html! {
        @if deeds.is_empty() { (lists::empty(&t!(words, "crisis-log-none"))) } @else {
            div .table-wrap tabindex="0" role="group" aria-labelledby=(heading) { table .stacks {
                thead { tr { @for head in &heads { th scope="col" { (head) } } } }
                tbody { @for deed in deeds { tr {
                    @for (head, cell) in heads.iter().zip(row(words, deed)) {
                        td data-label=(head) { @if cell.is_empty() { "–" } @else { (cell) } }
                    }
                } } }
            } }
        }
    }
}
