//! Forms: typed fields, and reading what somebody has written in them.

use crate::limits::ANSWER_CHARS_MAX;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use vocabulary::civil::Date;

/// What a field takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// Words.
    Text {
        /// Several lines, or one.
        lines: bool,
        /// Most characters.
        chars_max: usize,
    },
    /// One of several.
    Choice(Vec<Choice>),
    /// A day.
    Date,
    /// A whole number.
    Number {
        /// The least.
        min: i64,
        /// The most.
        max: i64,
    },
    /// Yes or no.
    YesNo,
}

/// One of several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// As conditions say it.
    pub key: String,
    /// As people read it.
    pub label: String,
}

/// One field of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// As conditions and letters say it; unique in its process.
    pub key: String,
    /// What is asked.
    pub label: String,
    /// What helps to answer.
    pub hint: Option<String>,
    /// What it takes.
    pub kind: FieldKind,
    /// Whether it must be answered.
    pub required: bool,
    /// Whether the answer tells something personal: shown only on the case's own page and in its letters, never in
    /// mail, lists or exports.
    pub sensitive: bool,
    /// Where it stands in its file; counted from 1.
    pub line: usize,
}

/// What somebody has answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Words.
    Text(String),
    /// The key of what was chosen.
    Choice(String),
    /// A day.
    Date(Date),
    /// A whole number.
    Number(i64),
    /// Yes or no.
    YesNo(bool),
}

/// Answers by the keys of their fields.
pub type Answers = BTreeMap<String, Answer>;

/// What is wrong with an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnswerFault {
    /// It must be answered.
    Missing,
    /// Longer than the field.
    TooLong {
        /// Most characters.
        chars_max: usize,
    },
    /// Signs that cannot be printed.
    Unprintable,
    /// Not one of those to choose between.
    NotAChoice,
    /// Not a day.
    NotADay,
    /// Not a whole number within bounds.
    NotANumber {
        /// The least.
        min: i64,
        /// The most.
        max: i64,
    },
    /// Neither yes nor no.
    NotYesNo,
}

/// An answer that is not accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedAnswer {
    /// The field's key.
    pub field: String,
    /// What is wrong.
    pub fault: AnswerFault,
}

/// Reads what was sent for `fields`; `sent` gives the text of a field, if it was sent. Blank is no answer.
///
/// # Errors
/// Everything that is wrong, in the fields' order.
pub fn read<'a>(
    fields: &[Field],
    sent: impl Fn(&str) -> Option<&'a str>,
) -> Result<Answers, Vec<RefusedAnswer>> {
    let mut answers = Answers::new();
    let mut refused = Vec::new();
    for field in fields {
        let text = sent(&field.key).map_or("", str::trim);
        let read = if text.is_empty() {
            if field.required { Err(AnswerFault::Missing) } else { Ok(None) }
        } else {
            read_one(&field.kind, text).map(Some)
        };
        match read {
            Ok(Some(answer)) => drop(answers.insert(field.key.clone(), answer)),
            Ok(None) => {}
            Err(fault) => refused.push(RefusedAnswer { field: field.key.clone(), fault }),
        }
    }
    if refused.is_empty() { Ok(answers) } else { Err(refused) }
}

fn read_one(kind: &FieldKind, text: &str) -> Result<Answer, AnswerFault> {
    match kind {
        FieldKind::Text { lines, chars_max } => {
            let text = text.replace("\r\n", "\n").replace('\r', "\n");
            if text.chars().nth(*chars_max).is_some() {
                return Err(AnswerFault::TooLong { chars_max: *chars_max });
            }
            let printable = |c: char| !c.is_control() || (*lines && matches!(c, '\n' | '\t'));
            if text.chars().all(printable) { Ok(Answer::Text(text)) } else { Err(AnswerFault::Unprintable) }
        }
        FieldKind::Choice(choices) => choices
            .iter()
            .find(|choice| choice.key == text)
            .map(|choice| Answer::Choice(choice.key.clone()))
            .ok_or(AnswerFault::NotAChoice),
        FieldKind::Date => text.parse().map(Answer::Date).map_err(|_| AnswerFault::NotADay),
        FieldKind::Number { min, max } => {
            let fault = AnswerFault::NotANumber { min: *min, max: *max };
            // "12 500" is how Swedes write it; the space may be one that does not break.
            let digits: String = text.chars().filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}')).collect();
            let number: i64 = digits.parse().map_err(|_| fault)?;
            if (*min..=*max).contains(&number) { Ok(Answer::Number(number)) } else { Err(fault) }
        }
        FieldKind::YesNo => match text {
            "yes" | "ja" => Ok(Answer::YesNo(true)),
            "no" | "nej" => Ok(Answer::YesNo(false)),
            _ => Err(AnswerFault::NotYesNo),
        },
    }
}

impl Field {
    /// Whether `answer` is of this field's kind and within its bounds: what [`read`] gives always is; what has lain in
    /// a database or come by another way may not be.
    #[must_use]
    pub fn takes(&self, answer: &Answer) -> bool {
        match (&self.kind, answer) {
            (FieldKind::Text { chars_max, .. }, Answer::Text(text)) => {
                text.chars().count() <= (*chars_max).min(ANSWER_CHARS_MAX)
            }
            (FieldKind::Choice(choices), Answer::Choice(key)) => choices.iter().any(|c| c.key == *key),
            (FieldKind::Date, Answer::Date(_)) | (FieldKind::YesNo, Answer::YesNo(_)) => true,
            (FieldKind::Number { min, max }, Answer::Number(number)) => (*min..=*max).contains(number),
            _ => false,
        }
    }

    /// The answer as it is sent by a form, and read back by [`read`].
    #[must_use]
    pub fn sent(answer: &Answer) -> String {
        match answer {
            Answer::Text(text) => text.clone(),
            Answer::Choice(key) => key.clone(),
            Answer::Date(day) => day.to_string(),
            Answer::Number(number) => number.to_string(),
            Answer::YesNo(true) => "yes".to_owned(),
            Answer::YesNo(false) => "no".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(kind: FieldKind) -> Field {
        Field {
            key: "f".to_owned(),
            label: "F".to_owned(),
            hint: None,
            kind,
            required: true,
            sensitive: false,
            line: 1,
        }
    }

    fn one(kind: FieldKind, text: &str) -> Result<Answer, AnswerFault> {
        let fields = [field(kind)];
        match read(&fields, |_| Some(text)) {
            Ok(answers) => Ok(answers["f"].clone()),
            Err(refused) => Err(refused[0].fault),
        }
    }

    #[test]
    fn each_kind_takes_its_own_and_nothing_else() {
        let number = || FieldKind::Number { min: 0, max: 50_000 };
        assert_eq!(one(number(), "12\u{a0}500"), Ok(Answer::Number(12_500)));
        assert_eq!(one(number(), "-1"), Err(AnswerFault::NotANumber { min: 0, max: 50_000 }));
        assert_eq!(
            one(number(), "99999999999999999999"),
            Err(AnswerFault::NotANumber { min: 0, max: 50_000 })
        );
        assert_eq!(one(FieldKind::Date, "2026-02-30"), Err(AnswerFault::NotADay));
        assert_eq!(one(FieldKind::YesNo, "kanske"), Err(AnswerFault::NotYesNo));
        let line = || FieldKind::Text { lines: false, chars_max: 3 };
        assert_eq!(one(line(), "åäö"), Ok(Answer::Text("åäö".to_owned())));
        assert_eq!(one(line(), "åäöa"), Err(AnswerFault::TooLong { chars_max: 3 }));
        assert_eq!(one(line(), "a\nb"), Err(AnswerFault::Unprintable));
        assert_eq!(one(line(), "  "), Err(AnswerFault::Missing));
        let choice = FieldKind::Choice(vec![Choice { key: "a".to_owned(), label: "A".to_owned() }]);
        assert_eq!(one(choice, "b"), Err(AnswerFault::NotAChoice));
    }

    #[test]
    fn what_is_sent_reads_back() {
        for (kind, text) in [
            (FieldKind::YesNo, "no"),
            (FieldKind::Date, "2026-11-03"),
            (FieldKind::Number { min: -5, max: 5 }, "-3"),
            (FieldKind::Text { lines: true, chars_max: 20 }, "a\nb"),
        ] {
            let answer = one(kind.clone(), text).unwrap();
            assert!(field(kind.clone()).takes(&answer));
            assert_eq!(one(kind, &Field::sent(&answer)), Ok(answer));
        }
    }
}
