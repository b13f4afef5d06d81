//! The rules of a Hunspell affix file, as far as compounds and altered stems need them.

use std::collections::HashMap;

/// More rules than this are not read: the Swedish file has 900.
const RULES_MAX: usize = 20_000;

/// A rule: what is taken away, what is put there, and for which words.
#[derive(Debug)]
struct Rule {
    strip: String,
    add: String,
    condition: Vec<Letters>,
    /// Whether what it makes may begin a compound or stand within one.
    compounding: bool,
}

/// What a letter of a condition may be.
#[derive(Debug)]
struct Letters {
    of: String,
    others: bool,
}

impl Letters {
    fn fits(&self, c: char) -> bool {
        self.of.contains(c) != self.others
    }
}

/// How flags are written behind a word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Flags {
    /// One sign each.
    #[default]
    Signs,
    /// Two signs each.
    Pairs,
    /// Numbers between commas.
    Numbers,
}

impl Flags {
    fn of(self, text: &str) -> Vec<String> {
        match self {
            Self::Signs => text.chars().map(String::from).collect(),
            Self::Pairs => {
                let signs: Vec<char> = text.chars().collect();
                signs.chunks(2).map(|pair| pair.iter().collect()).collect()
            }
            Self::Numbers => text.split(',').map(|number| number.trim().to_owned()).collect(),
        }
    }
}

/// What an affix file says.
#[derive(Debug, Default)]
pub(super) struct Affixes {
    flags: Flags,
    begin: Vec<String>,
    end: Vec<String>,
    only_in_compounds: Option<String>,
    forbidden: Option<String>,
    suffixes: HashMap<String, Vec<Rule>>,
}

/// A word of the dictionary with what may be done to it.
pub(super) struct Entry<'a> {
    pub word: &'a str,
    /// Whether a compound may begin with it, or hold it in its middle.
    pub may_begin: bool,
    /// Whether a compound may end with it.
    pub may_end: bool,
    /// Whether it is no word on its own.
    pub only_in_compounds: bool,
    rules: Vec<&'a Rule>,
}

impl Affixes {
    pub fn read(aff: &str) -> Self {
        let mut made = Self::default();
        let setting = |name: &str| {
            aff.lines().filter_map(|line| line.strip_prefix(name)?.split_whitespace().next()).next()
        };
        made.flags = match setting("FLAG ") {
            Some("long") => Flags::Pairs,
            Some("num") => Flags::Numbers,
            _ => Flags::Signs,
        };
        let named = |names: &[&str]| names.iter().filter_map(|n| setting(n).map(str::to_owned)).collect();
        made.begin = named(&["COMPOUNDBEGIN ", "COMPOUNDMIDDLE ", "COMPOUNDFLAG "]);
        made.end = named(&["COMPOUNDEND ", "COMPOUNDLAST ", "COMPOUNDFLAG "]);
        made.only_in_compounds = setting("ONLYINCOMPOUND ").map(str::to_owned);
        made.forbidden = setting("FORBIDDENWORD ").map(str::to_owned);
        for line in aff.lines().filter(|line| line.starts_with("SFX ")).take(RULES_MAX) {
            made.take_in(line);
        }
        made
    }

    /// Takes in `SFX flag strip add[/flags] condition`. The line that opens a group has a number for its third word
    /// and nothing after it.
    fn take_in(&mut self, line: &str) {
        let mut columns = line.split_whitespace().skip(1);
        let (Some(flag), Some(strip), Some(add), Some(condition)) =
            (columns.next(), columns.next(), columns.next(), columns.next())
        else {
            return;
        };
        let nothing = |text: &str| if text == "0" { String::new() } else { text.to_owned() };
        let (add, after) = add.split_once('/').unwrap_or((add, ""));
        let compounding = self.flags.of(after).iter().any(|flag| self.begin.contains(flag));
        let rule =
            Rule { strip: nothing(strip), add: nothing(add), condition: letters(condition), compounding };
        self.suffixes.entry(flag.to_owned()).or_default().push(rule);
    }

    /// The word of a line `word/flags`, unless it is forbidden or no word.
    pub fn entry<'a>(&'a self, line: &'a str) -> Option<Entry<'a>> {
        let line = line.split(['\t', ' ']).next().unwrap_or(line);
        let (word, flags) = line.split_once('/').unwrap_or((line, ""));
        if word.is_empty() {
            return None;
        }
        let flags = self.flags.of(flags);
        let is = |wanted: &Option<String>| wanted.as_ref().is_some_and(|wanted| flags.contains(wanted));
        if is(&self.forbidden) {
            return None;
        }
        Some(Entry {
            word,
            may_begin: self.begin.iter().any(|wanted| flags.contains(wanted)),
            may_end: self.end.iter().any(|wanted| flags.contains(wanted)),
            only_in_compounds: is(&self.only_in_compounds),
            rules: flags.iter().filter_map(|flag| self.suffixes.get(flag)).flatten().collect(),
        })
    }
}

impl Entry<'_> {
    fn forms(&self, wanted: impl Fn(&Rule) -> bool) -> impl Iterator<Item = String> {
        self.rules.iter().filter(move |rule| wanted(rule)).filter_map(|rule| rule.made_of(self.word))
    }

    /// The forms it takes before another word in a compound.
    pub fn compounding_forms(&self) -> impl Iterator<Item = String> {
        self.forms(|rule| rule.compounding)
    }

    /// Its inflections in which more changes than its end.
    pub fn altered_forms(&self) -> impl Iterator<Item = String> {
        self.forms(|rule| !rule.compounding && rule.strip.chars().count() > 1)
    }
}

impl Rule {
    fn made_of(&self, word: &str) -> Option<String> {
        let kept = word.strip_suffix(self.strip.as_str())?;
        let mut backwards = word.chars().rev();
        let fits =
            self.condition.iter().rev().all(|letters| backwards.next().is_some_and(|c| letters.fits(c)));
        fits.then(|| format!("{kept}{}", self.add))
    }
}

/// A condition such as `[^m]el`, letter by letter.
fn letters(condition: &str) -> Vec<Letters> {
    let mut all = Vec::new();
    let mut rest = condition.chars();
    while let Some(c) = rest.next() {
        all.push(match c {
            '.' => Letters { of: String::new(), others: true },
            '[' => {
                let of: String = rest.by_ref().take_while(|c| *c != ']').collect();
                match of.strip_prefix('^') {
                    Some(of) => Letters { of: of.to_owned(), others: true },
                    None => Letters { of, others: false },
                }
            }
            letter => Letters { of: letter.to_string(), others: false },
        });
    }
    all
}
