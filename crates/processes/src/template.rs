//! Texts with blanks to be filled in: "Hej {namn}! Ni är välkomna {booked_day}."

use std::collections::BTreeMap;
use std::fmt;

/// The blanks that are not fields of the process.
pub const OWN_BLANKS: &[&str] =
    &["case_number", "resident_name", "municipality", "today", "booked_day", "booked_time", "booked_place"];

/// A text with blanks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Template(Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Blank(String),
}

/// A `{` without its `}`, or the other way round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenBrace;

impl Template {
    /// Reads a text. Two braces `{{` are one.
    ///
    /// # Errors
    /// [`OpenBrace`].
    pub fn read(text: &str) -> Result<Self, OpenBrace> {
        let mut parts = Vec::new();
        let mut plain = String::new();
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '{' | '}' if chars.peek() == Some(&c) => {
                    chars.next();
                    plain.push(c);
                }
                '{' => {
                    let mut blank = String::new();
                    loop {
                        match chars.next() {
                            Some('}') => break,
                            None | Some('{' | '\n') => return Err(OpenBrace),
                            Some(c) => blank.push(c),
                        }
                    }
                    parts.push(Part::Text(std::mem::take(&mut plain)));
                    parts.push(Part::Blank(blank.trim().to_owned()));
                }
                '}' => return Err(OpenBrace),
                c => plain.push(c),
            }
        }
        parts.push(Part::Text(plain));
        parts.retain(|part| !matches!(part, Part::Text(text) if text.is_empty()));
        Ok(Self(parts))
    }

    /// The blanks, in order.
    pub fn blanks(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|part| match part {
            Part::Blank(blank) => Some(blank.as_str()),
            Part::Text(_) => None,
        })
    }

    /// The text, filled in. A blank that nothing fills becomes a line to write on by hand.
    #[must_use]
    pub fn fill(&self, values: &BTreeMap<String, String>) -> String {
        self.0
            .iter()
            .map(|part| match part {
                Part::Text(text) => text.as_str(),
                Part::Blank(blank) => values.get(blank).map_or("________", String::as_str),
            })
            .collect()
    }

    /// As [`Template::fill`], but a blank that nothing fills is left out: for the lines of an address.
    #[must_use]
    pub fn fill_what_is_known(&self, values: &BTreeMap<String, String>) -> String {
        let text: String = self
            .0
            .iter()
            .map(|part| match part {
                Part::Text(text) => text.as_str(),
                Part::Blank(blank) => values.get(blank).map_or("", String::as_str),
            })
            .collect();
        text.trim().to_owned()
    }
}

/// As it stands in a file.
impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|part| match part {
            Part::Text(text) => f.write_str(&text.replace('{', "{{").replace('}', "}}")),
            Part::Blank(blank) => write!(f, "{{{blank}}}"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_are_filled_and_what_is_missing_shows() {
        let values = BTreeMap::from([("namn".to_owned(), "Åsa".to_owned())]);
        let read = |text: &str| Template::read(text).unwrap();
        assert_eq!(read("Hej {namn}! {{så}}").fill(&values), "Hej Åsa! {så}");
        assert_eq!(read("{ namn }, {ort}").fill(&values), "Åsa, ________");
        assert_eq!(read("{gata} {ort}").fill_what_is_known(&values), "");
        assert_eq!(read("{{{namn}}}").to_string(), "{{{namn}}}");
        for broken in ["{", "}", "{namn", "{a{b}", "{a\n}"] {
            assert_eq!(Template::read(broken), Err(OpenBrace), "{broken}");
        }
    }
}
