//! Numbers that are a person's, by their shape.
//!
//! Digits are read in groups. What is joined by a space, a hyphen and the like may be one number; what that number is, is
//! tried in an order: a whole personal number, a time, a date, the beginning of a personal number, a sum, a telephone number,
//! anything else that is long. Checksums are not looked at: a personal number with a slip in it is still somebody's.

use super::What;
use super::digits::Digits;
use super::text::{Text, Word};
use std::ops::Range;

/// Words after which a date is a day of birth.
pub(super) const BIRTH_CUES: &[&str] = &[
    "född",
    "född.",
    "föddes",
    "födelsedag",
    "födelsedatum",
    "födelsedata",
    "personnummer",
    "personnr",
    "pnr",
    "persnr",
    "födelsenummer",
    "fyller",
    "samordningsnummer",
    "samordningsnr",
    "födda",
    "born",
];
/// Words after which digits with a colon are a property and not a time.
const PROPERTY_CUES: &[&str] =
    &["fastighet", "fastigheten", "fastighetsbeteckning", "fastighetsbeteckningen", "fastigheter"];
const MONTHS: &[&str] = &[
    "januari",
    "jan",
    "februari",
    "feb",
    "mars",
    "mar",
    "april",
    "apr",
    "maj",
    "juni",
    "jun",
    "juli",
    "jul",
    "augusti",
    "aug",
    "september",
    "sep",
    "sept",
    "oktober",
    "okt",
    "november",
    "nov",
    "december",
    "dec",
];

/// Masks e-mail addresses, also half-typed ones and those written to be hidden from machines.
pub(super) fn mask_emails(text: &mut Text) {
    const SAID: &[&str] = &[
        "@",
        "(at)",
        "[at]",
        "{at}",
        "(a)",
        " snabela ",
        " snabel-a ",
        " snabel a ",
        "(snabela)",
        "(snabel-a)",
    ];
    let lower: Vec<char> = text.chars.iter().map(|c| c.to_lowercase().next().unwrap_or(*c)).collect();
    for said in SAID {
        let said: Vec<char> = said.chars().collect();
        for at in 0..lower.len() {
            if lower[at..].starts_with(&said) {
                mask_around(text, at..at + said.len());
            }
        }
    }
}

/// Masks what stands on either side of an at-sign, which may have spaces around it.
fn mask_around(text: &mut Text, sign: Range<usize>) {
    const SPACES_MAX: usize = 2;
    let ends = |c: char| c == ' ' || matches!(c, ',' | ';' | '<' | '>' | '"' | '«' | '»');
    let mut begin = sign.start;
    for _ in 0..SPACES_MAX {
        if begin > 0 && text.before(begin) == ' ' {
            begin -= 1;
        }
    }
    while begin > 0 && !ends(text.before(begin)) {
        begin -= 1;
    }
    let mut end = sign.end;
    for _ in 0..SPACES_MAX {
        if text.char(end) == ' ' && end < text.chars.len() {
            end += 1;
        }
    }
    while end < text.chars.len() && !ends(text.char(end)) {
        end += 1;
    }
    while end > sign.end
        && (matches!(text.before(end), '.' | '?' | '!' | ':' | ')') || text.before(end) == ' ')
    {
        end -= 1;
    }
    while begin < sign.start && text.char(begin) == ' ' {
        begin += 1;
    }
    if end - begin > sign.len() {
        text.mark(begin..end, What::Email);
    }
}

/// Masks registration plates: three letters (without I, Q, V, Å, Ä, Ö), two digits, and a digit or a letter. With a gap only in
/// capitals or after a word such as "regnr": "rum 123" is a room.
pub(super) fn mask_plates(text: &mut Text) {
    const NOT_PLATES: &[&str] = &[
        "rum", "sal", "hus", "lgh", "bus", "tel", "sms", "lag", "kap", "del", "dag", "nya", "plan", "lss",
        "sfi",
    ];
    const CUES: &[&str] = &[
        "regnr",
        "reg",
        "nr",
        "bil",
        "bilen",
        "registreringsnummer",
        "registreringsnumret",
        "skylt",
        "regnummer",
        "fordon",
        "fordonet",
    ];
    let letters = |s: &str| {
        s.len() == 3
            && s.bytes().all(|b| b.is_ascii_lowercase() && !b"iqv".contains(&b))
            && !NOT_PLATES.contains(&s)
    };
    let digits = |s: &str| {
        s.len() == 3
            && s.bytes().take(2).all(|b| b.is_ascii_digit())
            && s.as_bytes().get(2).is_some_and(|b| b.is_ascii_digit() || b.is_ascii_lowercase())
    };
    let words = text.words();
    for (n, word) in words.iter().enumerate() {
        let whole = word.folded.len() == 6
            && word.folded.is_char_boundary(3)
            && letters(&word.folded[..3])
            && digits(&word.folded[3..]);
        if whole {
            text.mark(word.at.clone(), What::Plate);
        }
        let Some(next) = words.get(n + 1).filter(|next| next.at.start == word.at.end + 1) else { continue };
        let apart =
            letters(&word.folded) && digits(&next.folded) && matches!(text.char(word.at.end), ' ' | '-');
        let capitals = text.text(word.at.clone()).chars().all(char::is_uppercase);
        let said = words[n.saturating_sub(3)..n].iter().any(|w| CUES.contains(&w.folded.as_str()));
        if apart && (capitals || said) {
            text.mark(word.at.start..next.at.end, What::Plate);
        }
    }
}

/// Masks every other number that is a person's.
pub(super) fn mask(text: &mut Text) {
    mask_case_numbers(text);
    mask_birthdays_in_words(text);
    mask_properties(text);
    let mut at = 0;
    loop {
        let reading = {
            let digits = Digits { text, groups: text.digit_groups() };
            let Some(from) = digits.groups.iter().position(|group| group.start >= at) else { return };
            let (count, what) = digits.read(from);
            let range = digits.groups[from].start..digits.groups[from + count.max(1) - 1].end;
            at = range.end;
            what.map(|what| (range, what))
        };
        if let Some((range, what)) = reading {
            let begin = with_what_leads(text, range.start, what);
            let end = with_tail(text, range.end);
            text.mark(begin..end, what);
            at = end;
        }
    }
}

/// The plus before a telephone number and the letters of an account number belong to it.
fn with_what_leads(text: &Text, start: usize, what: What) -> usize {
    let mut begin = start;
    if what == What::Telephone && matches!(text.before(begin), '(') {
        begin -= 1;
    }
    if text.before(begin) == '+' {
        return begin - 1;
    }
    while begin > 0 && text.before(begin).is_alphabetic() {
        begin -= 1;
    }
    begin
}

/// Letters written on to a number belong to it, and so does what follows a sign (850101-TF12).
fn with_tail(text: &Text, end: usize) -> usize {
    const TAIL_CHARS_MAX: usize = 5;
    let written_on =
        |from: usize| (from..from + TAIL_CHARS_MAX).take_while(|at| text.char(*at).is_alphanumeric()).count();
    let mut end = end + written_on(end);
    if matches!(text.char(end), '-' | '+') {
        let tail = written_on(end + 1);
        if (end + 1..=end + tail).any(|at| text.char(at).is_ascii_digit()) {
            end += 1 + tail;
        }
    }
    end
}

/// `KC-26110042`, however it is typed.
fn mask_case_numbers(text: &mut Text) {
    let words = text.words();
    for (n, word) in words.iter().enumerate() {
        let digits = |s: &str| s.len() >= 4 && s.bytes().all(|b| b.is_ascii_digit());
        if word.folded.strip_prefix("kc").is_some_and(digits) {
            text.mark(word.at.clone(), What::Case);
        }
        if let Some(next) = words.get(n + 1).filter(|next| word.folded == "kc" && digits(&next.folded)) {
            text.mark(word.at.start..next.at.end, What::Case);
        }
    }
}

/// "född den 17 maj 1985".
fn mask_birthdays_in_words(text: &mut Text) {
    let words = text.words();
    for (n, month) in words.iter().enumerate() {
        let number = |word: Option<&Word>, digits: Range<usize>| {
            word.is_some_and(|w| {
                digits.contains(&w.folded.len()) && w.folded.bytes().all(|b| b.is_ascii_digit())
            })
        };
        let day = n.checked_sub(1).and_then(|n| words.get(n));
        let whole =
            MONTHS.contains(&month.folded.as_str()) && number(day, 1..3) && number(words.get(n + 1), 2..5);
        if whole && after(&words, n.saturating_sub(1), BIRTH_CUES) {
            let begin = day.map_or(month.at.start, |day| day.at.start);
            text.mark(begin..words[n + 1].at.end, What::PersonalNumber);
        }
    }
}

/// "fastigheten Viken 2:14".
fn mask_properties(text: &mut Text) {
    let words = text.words();
    for (n, pair) in words.windows(2).enumerate() {
        let number = |word: &Word| word.folded.bytes().all(|b| b.is_ascii_digit());
        let colon = pair[0].at.end + 1 == pair[1].at.start && text.char(pair[0].at.end) == ':';
        if colon && number(&pair[0]) && number(&pair[1]) && after(&words, n, PROPERTY_CUES) {
            text.mark(pair[0].at.start..pair[1].at.end, What::Address);
        }
    }
}

/// Whether one of the four words before the `n`th is one of `cues`.
pub(super) fn after(words: &[Word], n: usize, cues: &[&str]) -> bool {
    const WORDS_BACK: usize = 4;
    words[n.saturating_sub(WORDS_BACK)..n].iter().any(|word| cues.contains(&word.folded.as_str()))
}
