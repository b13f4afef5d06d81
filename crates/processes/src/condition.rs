//! The little language of conditions: `intyg = ja och (antal > 2 eller plats i (kommunhuset, fyren))`.
//!
//! ```text
//! condition := both { ("eller" | "or") both }
//! both      := one { ("och" | "and") one }
//! one       := ("inte" | "not") one | "(" condition ")" | field [ test ]
//! test      := ("=" | "!=" | "<" | "<=" | ">" | ">=") value | ("i" | "in") "(" value { "," value } ")"
//! value     := word | number | day | "text"
//! ```
//! A field alone, of the kind yes/no, asks whether it is yes. A test on a field that has no answer is false, whatever
//! is asked, and so its negation is true.

mod parse;

use crate::form::{Answer, Answers, Field, FieldKind};
use std::cmp::Ordering;
use std::fmt;

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Test {
    /// `=`
    Equal,
    /// `!=`
    Different,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    More,
    /// `>=`
    AtLeast,
}

impl Test {
    const fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::Different => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::AtMost => order.is_le(),
            Self::More => order.is_gt(),
            Self::AtLeast => order.is_ge(),
        }
    }

    const fn sign(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::Different => "!=",
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::More => ">",
            Self::AtLeast => ">=",
        }
    }
}

/// A condition whose fields and values have been checked against a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// The field's answer compares so with the value.
    Is(String, Test, Answer),
    /// The field's answer is one of these.
    In(String, Vec<Answer>),
    /// Both hold.
    And(Box<Self>, Box<Self>),
    /// One of them holds.
    Or(Box<Self>, Box<Self>),
    /// It does not hold.
    Not(Box<Self>),
}

/// What is wrong with a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConditionFault {
    /// Nothing is written, or it is too long.
    Length,
    /// Something else was expected where this stands; nothing is where the condition ends.
    Unexpected(Option<String>),
    /// A quotation mark without its other.
    OpenQuote,
    /// Brackets within brackets beyond reason.
    TooDeep,
    /// There is no such field; and the one that is most like it.
    UnknownField(String, Option<String>),
    /// The field is not one of yes and no, so it must be compared with something.
    NotYesNo(String),
    /// Fields of that kind are not compared by size.
    NotBySize(String),
    /// The value is not one that the field can have; and what it can have.
    WrongValue {
        /// The field's key.
        field: String,
        /// What was written.
        value: String,
        /// What can be: a word for the field's kind, or the keys of a choice.
        can: String,
    },
}

impl Condition {
    /// Reads a condition over `fields`.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub fn read(text: &str, fields: &[&Field]) -> Result<Self, ConditionFault> {
        parse::condition(text, fields)
    }

    /// Whether it holds, given what has been answered.
    #[must_use]
    pub fn holds(&self, answers: &Answers) -> bool {
        match self {
            Self::Is(field, test, value) => answers
                .get(field)
                .and_then(|answer| compare(answer, value))
                .is_some_and(|order| test.holds(order)),
            Self::In(field, values) => answers.get(field).is_some_and(|answer| values.contains(answer)),
            Self::And(a, b) => a.holds(answers) && b.holds(answers),
            Self::Or(a, b) => a.holds(answers) || b.holds(answers),
            Self::Not(a) => !a.holds(answers),
        }
    }

    /// The fields it asks about.
    #[must_use]
    pub fn fields(&self) -> Vec<&str> {
        match self {
            Self::Is(field, ..) | Self::In(field, _) => vec![field],
            Self::And(a, b) | Self::Or(a, b) => [a.fields(), b.fields()].concat(),
            Self::Not(a) => a.fields(),
        }
    }
}

/// How two answers of the same kind compare; none if they are not of the same kind.
fn compare(answer: &Answer, value: &Answer) -> Option<Ordering> {
    match (answer, value) {
        (Answer::Text(a), Answer::Text(b)) | (Answer::Choice(a), Answer::Choice(b)) => Some(a.cmp(b)),
        (Answer::Date(a), Answer::Date(b)) => Some(a.cmp(b)),
        (Answer::Number(a), Answer::Number(b)) => Some(a.cmp(b)),
        (Answer::YesNo(a), Answer::YesNo(b)) => Some(a.cmp(b)),
        _ => None,
    }
}

fn value_text(value: &Answer) -> String {
    match value {
        Answer::Text(text) => format!("\"{text}\""),
        Answer::YesNo(true) => "ja".to_owned(),
        Answer::YesNo(false) => "nej".to_owned(),
        other => Field::sent(other),
    }
}

/// As it would be written in a file, in the Swedish words.
impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bracket = |c: &Self| match c {
            Self::And(..) | Self::Or(..) => format!("({c})"),
            _ => c.to_string(),
        };
        match self {
            Self::Is(field, test, value) => write!(f, "{field} {} {}", test.sign(), value_text(value)),
            Self::In(field, values) => {
                let values: Vec<String> = values.iter().map(value_text).collect();
                write!(f, "{field} i ({})", values.join(", "))
            }
            Self::And(a, b) => write!(f, "{} och {}", bracket(a), bracket(b)),
            Self::Or(a, b) => write!(f, "{} eller {}", bracket(a), bracket(b)),
            Self::Not(a) => write!(f, "inte {}", bracket(a)),
        }
    }
}

/// What a field can be compared with, as a word for [`crate::words`] or the keys of its choice.
pub(crate) fn can_be(field: &Field) -> String {
    match &field.kind {
        FieldKind::Text { .. } => "text".to_owned(),
        FieldKind::Choice(choices) => {
            let keys: Vec<&str> = choices.iter().map(|choice| choice.key.as_str()).collect();
            keys.join(", ")
        }
        FieldKind::Date => "date".to_owned(),
        FieldKind::Number { .. } => "number".to_owned(),
        FieldKind::YesNo => "yes_no".to_owned(),
    }
}

#[cfg(test)]
mod tests;
