//! Placeholders in reply templates: `{namn}`, `{ärendenummer}`, `{kommunvägledare}`, `{referens}`.

vocabulary::words! {
    /// What a template leaves open.
    Placeholder, "placeholder" {
        /// The resident's name.
        Name = "namn",
        /// The number of the case the conversation belongs to.
        CaseNumber = "ärendenummer",
        /// The name of the guide who answers.
        Guide = "kommunvägledare",
        /// What the resident was told to refer to.
        Reference = "referens",
    }
}

/// What the placeholders stand for in one conversation; what is not known stays open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filling {
    /// The resident's name.
    pub name: Option<String>,
    /// The case's number.
    pub case_number: Option<String>,
    /// The guide's name.
    pub guide: Option<String>,
    /// The conversation's reference.
    pub reference: Option<String>,
}

impl Filling {
    fn of(&self, placeholder: Placeholder) -> Option<&str> {
        match placeholder {
            Placeholder::Name => self.name.as_deref(),
            Placeholder::CaseNumber => self.case_number.as_deref(),
            Placeholder::Guide => self.guide.as_deref(),
            Placeholder::Reference => self.reference.as_deref(),
        }
    }
}

/// A text in pieces: what stands between braces on one line, and the rest.
enum Piece<'a> {
    Plain(&'a str),
    Braced(&'a str),
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        let after = &rest[open + 1..];
        let Some(close) = after.find(['{', '}', '\n']).filter(|end| after[*end..].starts_with('}')) else {
            let (plain, next) = rest.split_at(open + 1);
            found.push(Piece::Plain(plain));
            rest = next;
            continue;
        };
        found.push(Piece::Plain(&rest[..open]));
        found.push(Piece::Braced(&after[..close]));
        rest = &after[close + 1..];
    }
    found.push(Piece::Plain(rest));
    found
}

fn known(word: &str) -> Option<Placeholder> {
    word.trim().to_lowercase().parse().ok()
}

/// The text with every placeholder filled in that is known; the others stay as they are, for the guide to see.
#[must_use]
pub fn filled(text: &str, filling: &Filling) -> String {
    let mut out = String::with_capacity(text.len());
    for piece in pieces(text) {
        match piece {
            Piece::Plain(plain) => out.push_str(plain),
            Piece::Braced(word) => match known(word).and_then(|placeholder| filling.of(placeholder)) {
                Some(value) => out.push_str(value),
                None => {
                    out.push('{');
                    out.push_str(word);
                    out.push('}');
                }
            },
        }
    }
    out
}

/// The first placeholder that still stands in a text: such a letter must not be sent.
#[must_use]
pub fn open_one(text: &str) -> Option<Placeholder> {
    pieces(text).into_iter().find_map(|piece| match piece {
        Piece::Braced(word) => known(word),
        Piece::Plain(_) => None,
    })
}

/// The first word between braces that is no placeholder: a slip in a template.
#[must_use]
pub fn unknown_one(text: &str) -> Option<String> {
    pieces(text).into_iter().find_map(|piece| match piece {
        Piece::Braced(word) if known(word).is_none() => Some(word.to_owned()),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_known_is_filled_in_and_the_rest_is_seen() {
        let filling =
            Filling { name: Some("Kim".to_owned()), guide: Some("Anna".to_owned()), ..Filling::default() };
        let text = "Hej {namn}!\nÄrende {ÄRENDENUMMER}. {a\nb} {{namn}} { kommunvägledare }";
        let out = filled(text, &filling);
        assert_eq!(out, "Hej Kim!\nÄrende {ÄRENDENUMMER}. {a\nb} {Kim} Anna");
        assert_eq!(open_one(&out), Some(Placeholder::CaseNumber));
        assert_eq!(open_one("x {namnet} {} {"), None);
        assert_eq!(unknown_one("x {namn} {namnet}"), Some("namnet".to_owned()));
        assert_eq!(unknown_one("x {namn} {\n}"), None);
    }

    #[test]
    fn what_is_filled_in_is_not_read_again() {
        let filling = Filling {
            name: Some("{ärendenummer}".to_owned()),
            case_number: Some("1".into()),
            ..Filling::default()
        };
        assert_eq!(filled("{namn}", &filling), "{ärendenummer}");
    }

    proptest! {
        #[test]
        fn any_text_without_placeholders_stays(text in "[a-zå{}\n ]{0,40}") {
            prop_assert_eq!(filled(&text, &Filling::default()), text);
        }
    }
}
