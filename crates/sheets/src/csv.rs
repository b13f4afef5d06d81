//! CSV as RFC 4180 has it: lines end with CR LF, and a field that holds a separator, a quote or a line end is quoted.

use crate::{Cell, looks_like_formula};

/// Put first, it tells Excel that the file is UTF-8.
pub const BOM: &str = "\u{feff}";

/// What stands between fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Separator {
    /// As in the standard.
    Comma,
    /// As Excel expects where the comma is the decimal mark: in Sweden.
    Semicolon,
}

impl Separator {
    /// The character.
    #[must_use]
    pub const fn char(self) -> char {
        match self {
            Self::Comma => ',',
            Self::Semicolon => ';',
        }
    }

    /// The decimal mark that goes with it.
    const fn decimal(self) -> char {
        match self {
            Self::Comma => '.',
            Self::Semicolon => ',',
        }
    }
}

/// One line, with its end.
#[must_use]
pub fn row(cells: &[Cell], separator: Separator) -> String {
    let mut line = String::new();
    for (place, cell) in cells.iter().enumerate() {
        if place > 0 {
            line.push(separator.char());
        }
        match cell {
            Cell::Empty => {}
            Cell::Text(text) => field(&mut line, text),
            Cell::Number(number) => {
                let plain = number.to_string();
                line.extend(plain.chars().map(|c| if c == '.' { separator.decimal() } else { c }));
            }
            Cell::Day(day) => line.push_str(&day.to_string()),
        }
    }
    line.push_str("\r\n");
    line
}

fn field(line: &mut String, text: &str) {
    let guarded = looks_like_formula(text);
    // Either separator is quoted, whichever is used: whoever opens the file may guess the other. A text with blanks at its
    // ends is quoted too, since the standard counts them and some programs trim them.
    let quoted = text.contains(['"', ',', ';', '\r', '\n', '\t']) || text.trim() != text;
    if quoted {
        line.push('"');
    }
    if guarded {
        line.push('\'');
    }
    if quoted {
        line.push_str(&text.replace('"', "\"\""));
        line.push('"');
    } else {
        line.push_str(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn one(text: &str) -> String {
        row(&[Cell::text(text)], Separator::Semicolon)
    }

    #[test]
    fn fields_are_quoted_as_the_standard_says() {
        assert_eq!(one("gropen \"stor\"; djup"), "\"gropen \"\"stor\"\"; djup\"\r\n");
        assert_eq!(one("rad\nrad"), "\"rad\nrad\"\r\n");
        assert_eq!(one("Ångbåtsgatan 7"), "Ångbåtsgatan 7\r\n");
        let cells = [Cell::Empty, Cell::Number(-1.5), Cell::Day(date(2026, 11, 3)), Cell::Number(12.0)];
        assert_eq!(row(&cells, Separator::Semicolon), ";-1,5;2026-11-03;12\r\n", "numbers stay numbers");
        assert_eq!(row(&cells, Separator::Comma), ",-1.5,2026-11-03,12\r\n");
    }

    #[test]
    fn a_text_is_never_a_formula() {
        for evil in [
            "=1+1",
            "+46701234567",
            "-2+3",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "\n=1",
            "＝1+1",
            "＋1",
            "－1",
            "＠x",
            " =1",
            "\u{200b}=1",
            "\u{feff}=1",
            "\u{a0}@x",
            "=HYPERLINK(\"http://evil.example\";\"x\")",
        ] {
            let line = one(evil);
            let inside = line.trim_start_matches('"');
            assert!(inside.starts_with('\''), "{evil:?} became {line:?}");
        }
        for plain in ["Grop = stor", "a-b", "10", "mejl@example.se", "'=1"] {
            assert!(!one(plain).contains("'") || plain.starts_with('\''), "{plain}");
        }
    }

    /// A reader of RFC 4180, written apart from the writer.
    fn read(line: &str, separator: char) -> Vec<String> {
        let mut fields = vec![String::new()];
        let mut chars = line.strip_suffix("\r\n").unwrap().chars().peekable();
        let mut quoted = false;
        while let Some(c) = chars.next() {
            let field = fields.last_mut().unwrap();
            match c {
                '"' if quoted && chars.peek() == Some(&'"') => field.push(chars.next().unwrap()),
                '"' if quoted => quoted = false,
                '"' if field.is_empty() => quoted = true,
                c if c == separator && !quoted => fields.push(String::new()),
                c => field.push(c),
            }
        }
        assert!(!quoted, "{line:?} ends within a quote");
        fields
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(500))]

        #[test]
        fn whatever_is_written_reads_back_and_begins_no_formula(
            texts in proptest::collection::vec("(?s).{0,20}|[=+@\"';,\\t\\r\\n -]{0,6}", 1..6)
        ) {
            for separator in [Separator::Comma, Separator::Semicolon] {
                let cells: Vec<Cell> = texts.iter().map(Cell::text).collect();
                let fields = read(&row(&cells, separator), separator.char());
                prop_assert_eq!(fields.len(), texts.len());
                for (field, text) in fields.iter().zip(&texts) {
                    prop_assert!(!looks_like_formula(field), "{:?}", field);
                    prop_assert!(field == text || field.strip_prefix('\'') == Some(text.as_str()), "{:?}", field);
                }
            }
        }
    }
}
