//! A board's diary, shown and taken out by whoever keeps the register.

use crate::{
    AppState,
    components::{
        forms::{self, Choice, Faults, Field, Kind, Select},
        layout::Page,
        lists,
    },
    error::PageError,
    t,
    visit::Visit,
    words::Words,
};
use axum::{
    extract::{Query, State},
    response::{IntoResponse, Response},
};
use maud::{Markup, html};
use records::{
    RecordsError,
    diary::{Line, cells, diary, json_lines},
};
use serde::Deserialize;
use sheets::{Cell, Separator};
use vocabulary::{Timestamp, civil::Date, local_day};

/// How many lines the page shows; the file holds all.
const LINES_MAX: usize = 200;

/// Which board and period, and how.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    board: String,
    from: Option<String>,
    to: Option<String>,
    #[serde(default)]
    form: String,
}

impl Asked {
    fn period(&self, now: Timestamp) -> (Date, Date) {
        let today = local_day(now);
        let day = |text: &Option<String>| text.as_deref().and_then(|text| text.trim().parse::<Date>().ok());
        (day(&self.from).unwrap_or_else(|| today.first_of_month()), day(&self.to).unwrap_or(today))
    }
}

/// `GET /records/diary`; with `form=csv` or `form=jsonl` the file.
///
/// # Errors
/// The database.
pub async fn show(
    State(state): State<AppState>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let (from, to) = asked.period(visit.now);
    let (viewer, board) = (crate::pages::cases::viewer(&visit), asked.board.clone());
    let read = state
        .db
        .read(move |s| -> Result<_, RecordsError> {
            let boards = people::boards::queries::boards(s)?;
            let lines =
                if boards.contains(&board) { diary(s, viewer, &board, from, to)? } else { Vec::new() };
            Ok((boards, lines))
        })
        .await;
    let (boards, lines, fault) = match read {
        Ok((boards, lines)) => (boards, lines, None),
        Err(RecordsError::OutOfRange { .. }) => {
            let boards = state.db.read(people::boards::queries::boards).await?;
            (boards, Vec::new(), Some(t!(visit.words, "diary-period-wrong")))
        }
        Err(error) => return Err(error.into()),
    };
    let file = boards.contains(&asked.board) && fault.is_none();
    match asked.form.as_str() {
        "csv" if file => Ok(as_file(csv(visit.words, &lines), "text/csv; charset=utf-8", "csv", visit.now)),
        "jsonl" if file => {
            Ok(as_file(json_lines(&lines)?, "application/jsonl; charset=utf-8", "jsonl", visit.now))
        }
        _ => Ok(page(&visit, &asked, (from, to), &boards, &lines, fault.as_deref()).into_response()),
    }
}

fn as_file(text: String, media_type: &str, extension: &str, now: Timestamp) -> Response {
    crate::uploads::hand_over(
        &format!("diarium-{}.{extension}", local_day(now)),
        media_type,
        text.into_bytes(),
    )
}

fn headings(words: &Words) -> [String; 6] {
    [
        t!(words, "case-number"),
        t!(words, "case-arrival-day"),
        t!(words, "diary-type"),
        t!(words, "diary-sender"),
        t!(words, "diary-outcome"),
        t!(words, "diary-closed"),
    ]
}

fn row(words: &Words, line: &Line) -> Vec<Cell> {
    cells(line, &t!(words, "diary-masked"), |kind, word| {
        match (kind, word.parse::<vocabulary::CaseOutcome>()) {
            ("outcome", Ok(outcome)) => cases::words::outcome_name(words.language(), outcome),
            _ => word.parse::<vocabulary::CaseStatus>().map_or_else(
                |_| word.to_owned(),
                |status| cases::words::status_name(words.language(), status),
            ),
        }
    })
}

fn csv(words: &Words, lines: &[Line]) -> String {
    let mut text = String::from(sheets::BOM);
    text.push_str(&sheets::row(&headings(words).map(Cell::text), Separator::Semicolon));
    for line in lines {
        text.push_str(&sheets::row(&row(words, line), Separator::Semicolon));
    }
    text
}

fn page(
    visit: &Visit,
    asked: &Asked,
    (from, to): (Date, Date),
    boards: &[String],
    lines: &[Line],
    fault: Option<&str>,
) -> Markup {
    let words = visit.words;
    let choices: Vec<Choice> = boards.iter().map(|board| Choice::new(board, board.clone())).collect();
    let board = Select {
        name: "board",
        prefix: "diary",
        label: t!(words, "diary-board"),
        choices: &choices,
        chosen: &asked.board,
        nothing: Some(t!(words, "choose")),
        required: true,
        type_ahead_next: None,
    };
    let (from, to) = (from.to_string(), to.to_string());
    let content = html! {
        p { (t!(words, "diary-what")) }
        form method="get" action="/records/diary" .inline-form .card {
            @if let Some(fault) = fault { (forms::refused(fault)) }
            (board.show(words, &Faults::none()))
            (Field::line("diary", "from", t!(words, "period-from"), &from).kind(Kind::Day).show(words, &Faults::none()))
            (Field::line("diary", "to", t!(words, "period-to"), &to).kind(Kind::Day).show(words, &Faults::none()))
            button type="submit" .primary { (t!(words, "period-show")) }
        }
        @if boards.contains(&asked.board) {
            // A form of its own: what it is answered with is a file, not a page to be put in place.
            form method="get" action="/records/diary" hx-boost="false" .actions {
                @for (name, value) in [("board", &asked.board), ("from", &from), ("to", &to)] {
                    input type="hidden" name=(name) value=(value);
                }
                button type="submit" name="form" value="csv" { "CSV" }
                button type="submit" name="form" value="jsonl" { "JSON Lines" }
            }
            (table(words, lines))
        }
    };
    Page::wide(t!(words, "diary-title")).around(visit, &content)
}

fn table(words: &Words, lines: &[Line]) -> Markup {
    let headings = headings(words);
    html! {
        section .card aria-labelledby="diary-lines" {
            h2 #diary-lines { (t!(words, "diary-lines", n = lines.len())) }
            @if lines.is_empty() { (lists::empty(&t!(words, "diary-none"))) }
            @else {
                div .table-wrap tabindex="0" role="group" aria-label=(t!(words, "diary-title")) {
                    table .stacks {
                        thead { tr { @for heading in &headings { th scope="col" { (heading) } } } }
                        tbody {
                            @for line in lines.iter().take(LINES_MAX) {
                                tr {
                                    @for (place, cell) in row(words, line).iter().enumerate() {
                                        @if place == 0 { th scope="row" data-label=(headings[0]) { (cell_text(words, cell)) } }
                                        @else { td data-label=(headings.get(place).cloned().unwrap_or_default()) { (cell_text(words, cell)) } }
                                    }
                                }
                            }
                        }
                    }
                }
                @if lines.len() > LINES_MAX { p .soft { (t!(words, "diary-more", n = LINES_MAX)) } }
            }
        }
    }
}

fn cell_text(words: &Words, cell: &Cell) -> String {
    match cell {
        Cell::Empty => "–".to_owned(),
        Cell::Text(text) => text.clone(),
        Cell::Number(number) => number.to_string(),
        Cell::Day(day) => words.day(*day),
    }
}
