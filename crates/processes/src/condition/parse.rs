//! Reading a condition.

use super::{Condition, ConditionFault as Fault, Test, can_be};
use crate::form::{Answer, Field, FieldKind};
use crate::limits::{CONDITION_CHARS_MAX, CONDITION_DEPTH_MAX};
use crate::near::nearest;

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Word(String),
    Quoted(String),
    Sign(&'static str),
}

impl Token {
    fn text(&self) -> String {
        match self {
            Self::Word(word) => word.clone(),
            Self::Quoted(text) => format!("\"{text}\""),
            Self::Sign(sign) => (*sign).to_owned(),
        }
    }

    fn is_word(&self, words: &[&str]) -> bool {
        matches!(self, Self::Word(word) if words.contains(&word.as_str()))
    }
}

const SIGNS: &[&str] = &["!=", "<=", ">=", "=", "<", ">", "(", ")", ","];

fn tokens(text: &str) -> Result<Vec<Token>, Fault> {
    let mut rest = text.trim_start();
    let mut found = Vec::new();
    while let Some(first) = rest.chars().next() {
        if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            found.push(Token::Sign(sign));
            rest = &rest[sign.len()..];
        } else if let Some(quoted) = rest.strip_prefix('"') {
            let (inside, after) = quoted.split_once('"').ok_or(Fault::OpenQuote)?;
            found.push(Token::Quoted(inside.to_owned()));
            rest = after;
        } else if first.is_alphanumeric() || matches!(first, '_' | '-') {
            let end =
                rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-'))).unwrap_or(rest.len());
            found.push(Token::Word(rest[..end].to_owned()));
            rest = &rest[end..];
        } else {
            return Err(Fault::Unexpected(Some(first.to_string())));
        }
        rest = rest.trim_start();
    }
    Ok(found)
}

struct Reader<'a> {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
    fields: &'a [&'a Field],
}

pub(super) fn condition(text: &str, fields: &[&Field]) -> Result<Condition, Fault> {
    if text.trim().is_empty() || text.chars().nth(CONDITION_CHARS_MAX).is_some() {
        return Err(Fault::Length);
    }
    let mut reader = Reader { tokens: tokens(text)?, at: 0, depth: 0, fields };
    let read = reader.any()?;
    match reader.peek() {
        None => Ok(read),
        Some(more) => Err(Fault::Unexpected(Some(more.text()))),
    }
}

impl Reader<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn unexpected<T>(&self) -> Result<T, Fault> {
        Err(Fault::Unexpected(self.peek().map(Token::text)))
    }

    fn take_word(&mut self, words: &[&str]) -> bool {
        let found = self.peek().is_some_and(|token| token.is_word(words));
        self.at += usize::from(found);
        found
    }

    fn take_sign(&mut self, sign: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Sign(s)) if *s == sign);
        self.at += usize::from(found);
        found
    }

    fn any(&mut self) -> Result<Condition, Fault> {
        let mut read = self.both()?;
        while self.take_word(&["eller", "or"]) {
            read = Condition::Or(Box::new(read), Box::new(self.both()?));
        }
        Ok(read)
    }

    fn both(&mut self) -> Result<Condition, Fault> {
        let mut read = self.one()?;
        while self.take_word(&["och", "and"]) {
            read = Condition::And(Box::new(read), Box::new(self.one()?));
        }
        Ok(read)
    }

    fn one(&mut self) -> Result<Condition, Fault> {
        self.depth += 1;
        if self.depth > CONDITION_DEPTH_MAX {
            return Err(Fault::TooDeep);
        }
        let read = if self.take_word(&["inte", "not"]) {
            Condition::Not(Box::new(self.one()?))
        } else if self.take_sign("(") {
            let inside = self.any()?;
            if !self.take_sign(")") {
                return self.unexpected();
            }
            inside
        } else {
            self.test()?
        };
        self.depth -= 1;
        Ok(read)
    }

    fn field(&mut self) -> Result<Field, Fault> {
        let Some(Token::Word(key)) = self.peek().cloned() else { return self.unexpected() };
        self.at += 1;
        match self.fields.iter().find(|field| field.key == key) {
            Some(field) => Ok((*field).clone()),
            None => {
                let near = nearest(&key, self.fields.iter().map(|field| field.key.as_str()));
                Err(Fault::UnknownField(key, near))
            }
        }
    }

    fn test(&mut self) -> Result<Condition, Fault> {
        let field = self.field()?;
        if self.take_word(&["i", "in"]) {
            return self.one_of(&field);
        }
        let Some(test) = self.sign() else {
            return match field.kind {
                FieldKind::YesNo => Ok(Condition::Is(field.key, Test::Equal, Answer::YesNo(true))),
                _ => Err(Fault::NotYesNo(field.key)),
            };
        };
        let by_size = !matches!(test, Test::Equal | Test::Different);
        if by_size && !matches!(field.kind, FieldKind::Number { .. } | FieldKind::Date) {
            return Err(Fault::NotBySize(field.key));
        }
        let value = self.value(&field)?;
        Ok(Condition::Is(field.key, test, value))
    }

    fn sign(&mut self) -> Option<Test> {
        let test = match self.peek()? {
            Token::Sign("=") => Test::Equal,
            Token::Sign("!=") => Test::Different,
            Token::Sign("<") => Test::Less,
            Token::Sign("<=") => Test::AtMost,
            Token::Sign(">") => Test::More,
            Token::Sign(">=") => Test::AtLeast,
            _ => return None,
        };
        self.at += 1;
        Some(test)
    }

    fn one_of(&mut self, field: &Field) -> Result<Condition, Fault> {
        if !self.take_sign("(") {
            return self.unexpected();
        }
        let mut values = vec![self.value(field)?];
        while self.take_sign(",") {
            values.push(self.value(field)?);
        }
        if self.take_sign(")") { Ok(Condition::In(field.key.clone(), values)) } else { self.unexpected() }
    }

    fn value(&mut self, field: &Field) -> Result<Answer, Fault> {
        let Some(token) = self.peek().cloned() else { return self.unexpected() };
        let text = match &token {
            Token::Word(text) | Token::Quoted(text) => text.as_str(),
            Token::Sign(_) => return self.unexpected(),
        };
        let wrong =
            || Fault::WrongValue { field: field.key.clone(), value: token.text(), can: can_be(field) };
        let value = match (&field.kind, &token) {
            (FieldKind::Text { .. }, Token::Quoted(_)) => Answer::Text(text.to_owned()),
            (FieldKind::Choice(choices), _) if choices.iter().any(|choice| choice.key == text) => {
                Answer::Choice(text.to_owned())
            }
            (FieldKind::Date, _) => Answer::Date(text.parse().map_err(|_| wrong())?),
            (FieldKind::Number { .. }, Token::Word(_)) => Answer::Number(text.parse().map_err(|_| wrong())?),
            (FieldKind::YesNo, Token::Word(word)) if matches!(word.as_str(), "ja" | "yes") => {
                Answer::YesNo(true)
            }
            (FieldKind::YesNo, Token::Word(word)) if matches!(word.as_str(), "nej" | "no") => {
                Answer::YesNo(false)
            }
            _ => return Err(wrong()),
        };
        self.at += 1;
        Ok(value)
    }
}
