//! Tables that leave the house: CSV (RFC 4180) and Excel workbooks.
//!
//! What residents have written ends up in cells, and a spreadsheet runs a cell that begins like a formula. So a text is
//! never a formula here: in CSV such a text gets an apostrophe before it, which spreadsheets take as "this is text"
//! (OWASP, "CSV Injection"); in a workbook every text is written as a string cell. Numbers and days are typed by whoever
//! builds the row, and stay numbers and days.

mod csv;
mod workbook;

pub use csv::{BOM, Separator, row};
pub use workbook::{Workbook, WorkbookError};

use jiff::civil::Date;

/// One cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Text, from whomever.
    Text(String),
    /// A number of ours.
    Number(f64),
    /// A day.
    Day(Date),
}

impl Cell {
    /// A text; blank is an empty cell.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }

    /// A text, or nothing.
    #[must_use]
    pub fn optional(text: Option<impl Into<String>>) -> Self {
        text.map_or(Self::Empty, Self::text)
    }

    /// A day, or nothing.
    #[must_use]
    pub fn day(day: Option<Date>) -> Self {
        day.map_or(Self::Empty, Self::Day)
    }
}

/// Whether a spreadsheet could take `text` for a formula: it begins with one of `= + - @`, in ASCII or full width, or
/// with a tab or a line end; blanks and invisible characters before that do not count, since some programs trim them.
#[must_use]
pub fn looks_like_formula(text: &str) -> bool {
    if text.starts_with(['\t', '\r', '\n']) {
        return true;
    }
    let invisible = |c: char| {
        c.is_whitespace()
            || c.is_control()
            || matches!(c, '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
    };
    text.trim_start_matches(invisible).starts_with([
        '=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}',
        // What some programs fold into a plus, a minus or an equals sign.
        '\u{2212}', '\u{fe62}', '\u{fe63}', '\u{fe66}', '\u{fe6b}', '\u{207a}', '\u{207b}', '\u{208a}',
        '\u{208b}',
    ])
}
