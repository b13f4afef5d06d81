//! A text on its way to being masked: its signs, its words, and what has been found in it.

use super::{TYPED_CHARS_MAX, What};
use std::ops::Range;

/// A word: letters, with what joins them (`Anna-Karin`, `d'Arc`), or a group of digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    /// Where it stands, in characters.
    pub at: Range<usize>,
    /// In lower case.
    pub folded: String,
    /// Whether it begins with a capital letter.
    pub capital: bool,
    /// Whether it stands where any word begins with a capital.
    pub begins_sentence: bool,
}

/// The signs of a text and, for each, what it is a part of.
pub(super) struct Text {
    pub chars: Vec<char>,
    found: Vec<Option<What>>,
}

/// The ways in which keyboards and copied pages write the same sign.
fn plain(c: char) -> char {
    match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{ad}' => '-',
        '\u{ff20}' => '@',
        '\u{ff10}'..='\u{ff19}' => digit(c, '\u{ff10}'),
        '\u{660}'..='\u{669}' => digit(c, '\u{660}'),
        '\u{6f0}'..='\u{6f9}' => digit(c, '\u{6f0}'),
        '\u{2018}' | '\u{2019}' => '\'',
        c if c.is_whitespace() || c.is_control() => ' ',
        c => c,
    }
}

fn digit(c: char, zero: char) -> char {
    (u32::from(c) - u32::from(zero))
        .try_into()
        .ok()
        .and_then(|n: u8| char::from_digit(n.into(), 10))
        .unwrap_or(c)
}

/// Signs without width, which could be put into a number to hide it.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

/// Joins a letter and the accent after it, as some keyboards write å, ä, ö and é.
fn compose(base: char, accent: char) -> Option<char> {
    Some(match (base, accent) {
        ('a', '\u{30a}') => 'å',
        ('a', '\u{308}') => 'ä',
        ('o', '\u{308}') => 'ö',
        ('A', '\u{30a}') => 'Å',
        ('A', '\u{308}') => 'Ä',
        ('O', '\u{308}') => 'Ö',
        ('e', '\u{301}') => 'é',
        ('E', '\u{301}') => 'É',
        ('u', '\u{308}') => 'ü',
        _ => return None,
    })
}

impl Text {
    pub fn new(typed: &str) -> Self {
        let mut chars: Vec<char> = Vec::new();
        for c in typed.chars().filter(|c| !is_invisible(*c)).take(TYPED_CHARS_MAX).map(plain) {
            match chars.last().and_then(|last| compose(*last, c)) {
                Some(joined) => {
                    chars.pop();
                    chars.push(joined);
                }
                None => chars.push(c),
            }
        }
        let mut text = Self { found: vec![None; chars.len()], chars };
        text.keep_placeholders();
        text
    }

    /// What has been masked before stays as it is; other words in guillemets are words.
    fn keep_placeholders(&mut self) {
        for what in What::ALL {
            let placeholder: Vec<char> = what.placeholder().chars().collect();
            for at in 0..self.chars.len() {
                if self.chars[at..].starts_with(&placeholder) {
                    self.mark(at..at + placeholder.len(), what);
                }
            }
        }
    }

    /// The sign at `at`; a space beyond either end.
    pub fn char(&self, at: usize) -> char {
        self.chars.get(at).copied().unwrap_or(' ')
    }

    /// The sign before `at`.
    pub fn before(&self, at: usize) -> char {
        at.checked_sub(1).map_or(' ', |at| self.char(at))
    }

    pub fn mark(&mut self, range: Range<usize>, what: What) {
        for found in self.found.iter_mut().take(range.end).skip(range.start).filter(|found| found.is_none()) {
            *found = Some(what);
        }
    }

    pub fn is_marked(&self, at: usize) -> bool {
        self.found.get(at).is_some_and(Option::is_some)
    }

    pub fn text(&self, range: Range<usize>) -> String {
        self.chars.get(range).map(|chars| chars.iter().collect()).unwrap_or_default()
    }

    /// The groups of digits that nothing has been found in, in order.
    pub fn digit_groups(&self) -> Vec<Range<usize>> {
        self.runs(|text, at| text.char(at).is_ascii_digit() && !text.is_marked(at))
    }

    fn runs(&self, belongs: impl Fn(&Self, usize) -> bool) -> Vec<Range<usize>> {
        let mut runs: Vec<Range<usize>> = Vec::new();
        for at in 0..self.chars.len() {
            if belongs(self, at) {
                match runs.last_mut() {
                    Some(run) if run.end == at => run.end = at + 1,
                    _ => runs.push(at..at + 1),
                }
            }
        }
        runs
    }

    /// The words, in order, without what has been masked.
    pub fn words(&self) -> Vec<Word> {
        let joins = |text: &Self, at: usize| {
            matches!(text.char(at), '-' | '\'' | '´' | '`')
                && text.before(at).is_alphabetic()
                && text.char(at + 1).is_alphabetic()
        };
        let runs = self.runs(|text, at| {
            !text.is_marked(at)
                && (text.char(at).is_alphanumeric() || is_accent(text.char(at)) || joins(text, at))
        });
        let mut begins = true;
        let mut last_end = 0;
        let mut words = Vec::with_capacity(runs.len());
        for at in runs {
            begins |= self.chars[last_end..at.start].iter().any(|c| matches!(c, '.' | '!' | '?' | ':'));
            last_end = at.end;
            let text = self.text(at.clone());
            let capital = text.starts_with(char::is_uppercase);
            words.push(Word { folded: text.to_lowercase(), at, capital, begins_sentence: begins });
            begins = false;
        }
        words
    }

    /// The text with a placeholder for each thing found, and single spaces.
    pub fn shown(&self) -> String {
        let mut shown = String::new();
        let mut last = None;
        for (c, found) in self.chars.iter().zip(&self.found) {
            match found {
                Some(what) if last != Some(*what) => {
                    shown.push_str(what.placeholder());
                    last = Some(*what);
                }
                Some(_) => {}
                // Two names beside each other are one.
                None if *c == ' ' => {
                    if !shown.ends_with(' ') {
                        shown.push(' ');
                    }
                }
                None => {
                    last = None;
                    shown.push(*c);
                }
            }
        }
        shown.trim().to_owned()
    }
}

fn is_accent(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}
