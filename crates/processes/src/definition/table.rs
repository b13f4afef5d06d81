//! One table of a definition, read key by key: what is missing, of the wrong sort or unknown is noted with its line,
//! and the reading goes on, so that a manager sees everything at once.

use super::{Fault, FaultKind};
use crate::limits::{FAULTS_MAX, KEY_CHARS_MAX};
use crate::near::nearest;
use crate::template::Template;
use std::collections::BTreeSet;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The source and what has been found wrong with it.
pub(super) struct Source<'s> {
    text: &'s str,
    pub faults: Vec<Fault>,
}

impl<'s> Source<'s> {
    pub fn new(text: &'s str) -> Self {
        Self { text, faults: Vec::new() }
    }

    /// The line of a place in the source, counted from 1.
    pub fn line(&self, offset: usize) -> usize {
        1 + self.text.bytes().take(offset).filter(|byte| *byte == b'\n').count()
    }

    /// The first line from `line` on in which `words` stand; `line` itself if there is none.
    pub fn line_with(&self, line: usize, words: &str) -> usize {
        let ahead = self.text.lines().skip(line.saturating_sub(1)).position(|text| text.contains(words));
        ahead.map_or(line, |ahead| line + ahead)
    }

    pub fn fault(&mut self, line: usize, kind: FaultKind) {
        let fault = Fault { line, kind };
        if self.faults.len() < FAULTS_MAX && !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
    }
}

/// One table.
pub(super) struct Table<'t, 'i> {
    table: &'t DeTable<'i>,
    /// Where it begins.
    pub line: usize,
    read: BTreeSet<&'static str>,
}

type Found<'t, 'i> = (&'t DeValue<'i>, usize);

impl<'t, 'i> Table<'t, 'i> {
    pub fn new(table: &'t DeTable<'i>, line: usize) -> Self {
        Self { table, line, read: BTreeSet::new() }
    }

    fn find(&mut self, source: &Source<'_>, key: &'static str) -> Option<Found<'t, 'i>> {
        self.read.insert(key);
        let (_, value) = self.table.iter().find(|(name, _)| name.get_ref() == key)?;
        Some((value.get_ref(), source.line(value.span().start)))
    }

    /// Where a key stands, for faults that show later.
    pub fn line_of(&self, source: &Source<'_>, key: &str) -> usize {
        let found = self.table.iter().find(|(name, _)| name.get_ref() == key);
        found.map_or(self.line, |(name, _)| source.line(name.span().start))
    }

    pub fn has(&self, key: &str) -> bool {
        self.table.iter().any(|(name, _)| name.get_ref() == key)
    }

    /// A text that may be left out; trimmed, and blank is none.
    pub fn text(&mut self, source: &mut Source<'_>, key: &'static str, max: usize) -> Option<String> {
        let (value, line) = self.find(source, key)?;
        let DeValue::String(text) = value else {
            source.fault(line, FaultKind::WrongSort { key, wanted: "text" });
            return None;
        };
        let text = text.trim();
        if text.chars().nth(max).is_some() {
            source.fault(line, FaultKind::TooLong { key, max });
            return None;
        }
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// A text that must be there.
    pub fn needed(&mut self, source: &mut Source<'_>, key: &'static str, max: usize) -> String {
        let before = source.faults.len();
        let text = self.text(source, key, max);
        if text.is_none() && source.faults.len() == before {
            source.fault(self.line_of(source, key), FaultKind::Missing { key });
        }
        text.unwrap_or_default()
    }

    /// A key or code that must be there: a-z, 0-9 and _ (and - in codes of old), beginning with a letter.
    pub fn key(&mut self, source: &mut Source<'_>, key: &'static str) -> String {
        let text = self.needed(source, key, KEY_CHARS_MAX);
        if !text.is_empty() && !is_key(&text) {
            source.fault(self.line_of(source, key), FaultKind::NotAKey { text: text.clone() });
        }
        text
    }

    pub fn template(&mut self, source: &mut Source<'_>, key: &'static str, max: usize) -> Template {
        let text = self.needed(source, key, max);
        Template::read(&text).unwrap_or_else(|_| {
            source.fault(self.line_of(source, key), FaultKind::OpenBrace);
            Template::default()
        })
    }

    pub fn yes(&mut self, source: &mut Source<'_>, key: &'static str) -> Option<bool> {
        match self.find(source, key)? {
            (DeValue::Boolean(yes), _) => Some(*yes),
            (_, line) => {
                source.fault(line, FaultKind::WrongSort { key, wanted: "yes_no" });
                None
            }
        }
    }

    pub fn number(&mut self, source: &mut Source<'_>, key: &'static str, min: i64, max: i64) -> Option<i64> {
        let (value, line) = self.find(source, key)?;
        let DeValue::Integer(number) = value else {
            source.fault(line, FaultKind::WrongSort { key, wanted: "number" });
            return None;
        };
        let number = i64::from_str_radix(&number.as_str().replace('_', ""), number.radix()).ok();
        let in_range = number.filter(|number| (min..=max).contains(number));
        if in_range.is_none() {
            source.fault(line, FaultKind::OutOfRange { key, min, max });
        }
        in_range
    }

    /// Texts, each with its line. One text alone is a list of one.
    pub fn texts(
        &mut self,
        source: &mut Source<'_>,
        key: &'static str,
        (max, chars_max): (usize, usize),
    ) -> Vec<(String, usize)> {
        let Some((value, line)) = self.find(source, key) else { return Vec::new() };
        let texts: Vec<(String, usize)> = match value {
            DeValue::String(text) => vec![(text.trim().to_owned(), line)],
            DeValue::Array(array) => array
                .iter()
                .filter_map(|value| match value.get_ref() {
                    DeValue::String(text) => Some((text.trim().to_owned(), source.line(value.span().start))),
                    _ => None,
                })
                .collect(),
            _ => Vec::new(),
        };
        let whole = match value {
            DeValue::Array(array) => array.iter().count(),
            _ => 1,
        };
        if texts.len() != whole || texts.iter().any(|(text, _)| text.is_empty()) {
            source.fault(line, FaultKind::WrongSort { key, wanted: "texts" });
            return Vec::new();
        }
        if texts.len() > max {
            source.fault(line, FaultKind::TooMany { what: key, max });
            return Vec::new();
        }
        for (text, line) in &texts {
            if text.chars().nth(chars_max).is_some() {
                source.fault(*line, FaultKind::TooLong { key, max: chars_max });
            }
        }
        texts
    }

    /// The tables under `[[key]]`.
    pub fn tables(&mut self, source: &mut Source<'_>, key: &'static str, max: usize) -> Vec<Table<'t, 'i>> {
        let Some((value, line)) = self.find(source, key) else { return Vec::new() };
        let DeValue::Array(array) = value else {
            source.fault(line, FaultKind::WrongSort { key, wanted: "tables" });
            return Vec::new();
        };
        let mut tables = Vec::new();
        for entry in array.iter() {
            match entry.get_ref() {
                DeValue::Table(table) => tables.push(Table::new(table, begins(source, entry, table))),
                _ => source
                    .fault(source.line(entry.span().start), FaultKind::WrongSort { key, wanted: "tables" }),
            }
        }
        if tables.len() > max {
            source.fault(line, FaultKind::TooMany { what: key, max });
            tables.truncate(max);
        }
        tables
    }

    /// Notes what nobody asked for. `of_other_kinds` are keys that have a meaning for other kinds than `kind`.
    pub fn done(self, source: &mut Source<'_>, kind: &'static str, of_other_kinds: &[&str]) {
        for (name, _) in self.table {
            let (key, line) = (name.get_ref().as_ref(), source.line(name.span().start));
            if self.read.iter().any(|read| *read == key) {
                continue;
            }
            let fault = if of_other_kinds.contains(&key) {
                FaultKind::NotForKind { key: key.to_owned(), kind }
            } else {
                let near = nearest(key, self.read.iter().copied().filter(|known| !self.has(known)));
                FaultKind::UnknownKey { key: key.to_owned(), near }
            };
            source.fault(line, fault);
        }
    }
}

/// The first line of a table: its own, or that of its first key, whichever comes first.
fn begins(source: &Source<'_>, entry: &Spanned<DeValue<'_>>, table: &DeTable<'_>) -> usize {
    let first = table.iter().map(|(name, _)| name.span().start).min();
    source.line(first.map_or(entry.span().start, |first| first.min(entry.span().start)))
}

pub(super) fn is_key(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_'))
}
