//! Numbers that are a person's, by their shape.
//!
//! Digits are read in groups. What is joined by a space, a hyphen and the like may be one number; what that number is, is
//! tried in an order: a whole personal number, a time, a date, the beginning of a personal number, a sum, a telephone number,
//! anything else that is long. Checksums are not looked at: a personal number with a slip in it is still somebody's.

use super::What;
use super::text::{Text, Word};
use std::ops::Range;

/// From so many digits on, a number that is not known to be anything else is masked.
const LONG_DIGITS_MIN: usize = 7;
/// A run of digits without a gap is masked from so many on.
const UNBROKEN_DIGITS_MIN: usize = 6;
/// A telephone number that begins with 0 is masked from so many digits on; a mobile one from one less.
const TELEPHONE_DIGITS_MIN: usize = 6;
/// A national telephone number has at most so many digits.
const NATIONAL_DIGITS_MAX: usize = 10;
/// An international one.
const INTERNATIONAL_DIGITS_MAX: usize = 15;
/// Whoever was born later is a small child; whole dates up to this year are days of birth rather than of what is asked about.
const BIRTH_YEAR_MAX: u32 = 2016;

/// Words after which a date is a day of birth.
const BIRTH_CUES: &[&str] = &[
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
/// What is counted in: a number before one of these is a sum or a size.
const UNITS: &[&str] = &[
    "kr",
    "kronor",
    "krona",
    "sek",
    "kkr",
    "tkr",
    "mkr",
    "msek",
    "euro",
    "eur",
    "dollar",
    "kvm",
    "m2",
    "kvadratmeter",
    "kvadrat",
    "m3",
    "kubik",
    "kubikmeter",
    "st",
    "stycken",
    "personer",
    "invånare",
    "boende",
    "liter",
    "km",
    "mil",
    "meter",
    "m",
    "mm",
    "cm",
    "kg",
    "ton",
    "kwh",
    "mwh",
    "watt",
    "timmar",
    "procent",
    "öre",
];
/// Numbers that everybody may know.
const PUBLIC_NUMBERS: &[&str] =
    &["112", "1177", "11313", "11414", "116117", "116000", "116111", "118118", "118119", "90000"];
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
            && s.bytes().nth(2).is_some_and(|b| b.is_ascii_digit() || b.is_ascii_lowercase())
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
fn after(words: &[Word], n: usize, cues: &[&str]) -> bool {
    const WORDS_BACK: usize = 4;
    words[n.saturating_sub(WORDS_BACK)..n].iter().any(|word| cues.contains(&word.folded.as_str()))
}

/// The groups of digits of a text.
struct Digits<'t> {
    text: &'t Text,
    groups: Vec<Range<usize>>,
}

impl Digits<'_> {
    /// What the number is that begins with the `n`th group, and of how many groups it is. None stays as it is.
    fn read(&self, n: usize) -> (usize, Option<What>) {
        if let Some(count) = self.whole_personal_number(n) {
            return (count, Some(What::PersonalNumber));
        }
        if let Some(count) = self.clock(n).or_else(|| self.public_number(n)) {
            return (count, None);
        }
        if let Some(reading) = self.date(n) {
            return reading;
        }
        if let Some(count) = self.begun_personal_number(n) {
            return (count, Some(What::PersonalNumber));
        }
        if let Some(count) = self.sum(n).or_else(|| self.years(n)) {
            return (count, None);
        }
        if let Some(count) = self.telephone(n) {
            return (count, Some(What::Telephone));
        }
        self.long(n)
    }

    fn digits(&self, n: usize) -> String {
        self.groups.get(n).map(|group| self.text.text(group.clone())).unwrap_or_default()
    }

    fn len(&self, n: usize) -> usize {
        self.groups.get(n).map_or(0, ExactSizeIterator::len)
    }

    fn value(&self, n: usize) -> u32 {
        self.digits(n).parse().unwrap_or(u32::MAX)
    }

    /// What stands between the `n`th group and the next. None if they are not joined or there is no next.
    fn joint(&self, n: usize) -> Option<String> {
        const JOINT_CHARS_MAX: usize = 3;
        let between = self.groups.get(n)?.end..self.groups.get(n + 1)?.start;
        let joins = between.len() <= JOINT_CHARS_MAX
            && between.clone().all(|at| {
                matches!(self.text.char(at), ' ' | '-' | '/' | '.' | '+' | '(' | ')' | '_' | '*')
                    && !self.text.is_marked(at)
            });
        joins.then(|| self.text.text(between))
    }

    /// Whether what joins the `n`th group to the next is just `sign`.
    fn joined_by(&self, n: usize, sign: &str) -> bool {
        self.joint(n).is_some_and(|joint| joint == sign)
    }

    /// How many groups from the `n`th on are joined.
    fn run(&self, n: usize) -> usize {
        (n..self.groups.len()).take_while(|m| *m == n || self.joint(m - 1).is_some()).count()
    }

    fn total(&self, groups: Range<usize>) -> usize {
        groups.map(|n| self.len(n)).sum()
    }

    /// The word after the `n`th group, in lower case.
    fn next_word(&self, n: usize) -> String {
        let end = self.groups.get(n).map_or(0, |group| group.end);
        let from = (end..end + 2).find(|at| self.text.char(*at) != ' ').unwrap_or(end);
        (from..self.text.chars.len())
            .map(|at| self.text.char(at))
            .take_while(|c| c.is_alphanumeric() || *c == '%')
            .flat_map(char::to_lowercase)
            .collect()
    }

    fn has_unit(&self, n: usize) -> bool {
        let end = self.groups.get(n).map_or(0, |group| group.end);
        UNITS.contains(&self.next_word(n).as_str())
            || self.next_word(n).starts_with('%')
            || self.text.text(end..(end + 2).min(self.text.chars.len())) == ":-"
    }

    /// Whether one of the words just before the `n`th group tells of a birth.
    fn told_of_birth(&self, n: usize) -> bool {
        let Some(group) = self.groups.get(n) else { return false };
        let words = self.text.words();
        let before = words.iter().take_while(|word| word.at.start < group.start).count();
        after(&words, before, BIRTH_CUES)
    }

    /// Ten or twelve digits that begin with a date, in any grouping that a person would write.
    fn whole_personal_number(&self, n: usize) -> Option<usize> {
        let first = self.len(n);
        let century = self.digits(n).starts_with("18")
            || self.digits(n).starts_with("19")
            || self.digits(n).starts_with("20");
        if !matches!(first, 2 | 6 | 8 | 10 | 12) && !(first == 4 && century) {
            return None;
        }
        let mut digits = String::new();
        let mut found = None;
        for count in 1..=self.run(n) {
            digits.push_str(&self.digits(n + count - 1));
            match digits.len() {
                10 if is_date(&digits[..6]) => found = Some(count),
                12 if century && is_date(&digits[2..8]) => found = Some(count),
                13.. => break,
                _ => {}
            }
        }
        found.filter(|count| !self.all_are_times(n..n + count))
    }

    fn is_time(&self, n: usize) -> bool {
        let apart = self.groups.get(n + 1).is_some_and(|next| next.start == self.groups[n].end + 1)
            && matches!(self.text.char(self.groups[n].end), ':' | '.');
        apart
            && matches!(self.len(n), 1 | 2)
            && self.len(n + 1) == 2
            && self.value(n) <= 24
            && self.value(n + 1) <= 59
    }

    fn all_are_times(&self, groups: Range<usize>) -> bool {
        groups.len().is_multiple_of(2) && groups.step_by(2).all(|n| self.is_time(n))
    }

    /// `07.30`, `18:00`, `0730-1600`.
    fn clock(&self, n: usize) -> Option<usize> {
        if self.is_time(n) {
            let run = self.run(n);
            let dots = self.joined_by(n, ".");
            let telephone = dots
                && self.digits(n).starts_with('0')
                && self.total(n..n + run) >= LONG_DIGITS_MIN
                && !self.all_are_times(n..n + (run - run % 2));
            return (!telephone).then_some(2);
        }
        let written_together = |n: usize| {
            self.len(n) == 4
                && self.value(n) / 100 <= 24
                && self.value(n) % 100 <= 59
                && self.value(n) % 5 == 0
        };
        let range = self.joint(n).is_some_and(|joint| joint.trim() == "-");
        (range
            && written_together(n)
            && written_together(n + 1)
            && self.run(n) == 2
            && !is_year(self.value(n)))
        .then_some(2)
    }

    fn public_number(&self, n: usize) -> Option<usize> {
        let two = format!("{}{}", self.digits(n), self.digits(n + 1));
        if self.joined_by(n, " ") && PUBLIC_NUMBERS.contains(&two.as_str()) && self.joint(n + 1).is_none() {
            return Some(2);
        }
        PUBLIC_NUMBERS.contains(&self.digits(n).as_str()).then_some(1)
    }

    /// `2026-11-03`, `3/11 2026`, `3/11`: stays, unless it is a day of birth.
    fn date(&self, n: usize) -> Option<(usize, Option<What>)> {
        let sign = self.joint(n)?;
        let birth = |year: u32| year <= BIRTH_YEAR_MAX || self.told_of_birth(n);
        let verdict = |count, year| (count, birth(year).then_some(What::PersonalNumber));
        let short = |n: usize| matches!(self.len(n), 1 | 2);
        let month = |n: usize| short(n) && (1..=12).contains(&self.value(n));
        let day = |n: usize| short(n) && (1..=31).contains(&self.value(n));
        let from_year = self.len(n) == 4
            && is_year(self.value(n))
            && matches!(sign.as_str(), "-" | "/" | "." | " ")
            && self.joined_by(n + 1, &sign)
            && month(n + 1)
            && day(n + 2);
        // With a space between them, these are a birthday only after a word that says so.
        if from_year && (sign != " " || self.told_of_birth(n)) {
            let ends = self.begins_a_tail(n + 2);
            return Some(if ends { (4, Some(What::PersonalNumber)) } else { verdict(3, self.value(n)) });
        }
        let to_year = day(n) && month(n + 1) && matches!(sign.as_str(), "/" | "." | "-" | " ");
        if to_year
            && self.joint(n + 1).is_some_and(|joint| matches!(joint.as_str(), " " | "-" | "/" | "." | " - "))
        {
            if self.len(n + 2) == 4 && is_year(self.value(n + 2)) && self.joint(n + 2).is_none() {
                return Some(verdict(3, self.value(n + 2)));
            }
            if sign != " " && self.len(n + 2) == 2 && self.told_of_birth(n) {
                return Some((3, Some(What::PersonalNumber)));
            }
        }
        (day(n) && month(n + 1) && sign == "/" && self.run(n) <= 3).then_some((2, None))
    }

    /// Whether the four last digits, or some of them, follow the `n`th group.
    fn begins_a_tail(&self, n: usize) -> bool {
        let sign = self.joint(n).is_some_and(|joint| matches!(joint.as_str(), "-" | "+" | " " | " - "));
        sign && (1..=4).contains(&self.len(n + 1)) && !self.is_time(n + 1) && !is_year(self.value(n + 1))
    }

    /// A date of birth as it is typed on the way to a whole number: `850101`, `19850101-1`, `85-01-01`.
    fn begun_personal_number(&self, n: usize) -> Option<usize> {
        let digits = self.digits(n);
        let century = matches!(digits.get(..2), Some("18" | "19" | "20"));
        let unbroken = match digits.len() {
            8 | 9 | 11 if century && digits.get(2..8).is_some_and(is_date) => true,
            6..=9 | 11 => digits.get(..6).is_some_and(is_date),
            _ => false,
        };
        let groups = if unbroken {
            (!self.has_unit(n) || self.joint(n).is_some()).then_some(1)
        } else if digits.len() == 4 && century && self.len(n + 1) == 4 && self.joint(n).is_some() {
            is_date(&format!("{}{}", &digits[2..], self.digits(n + 1))).then_some(2)
        } else if (0..3).all(|k| self.len(n + k) == 2)
            && self.joint(n).is_some()
            && self.joint(n) == self.joint(n + 1)
        {
            let date = is_date(&format!("{}{}{}", self.digits(n), self.digits(n + 1), self.digits(n + 2)));
            let is_no_day = self.value(n) > 31 || self.joined_by(n, "-") || self.told_of_birth(n);
            (date && is_no_day).then_some(3)
        } else {
            None
        }?;
        let tail = self.joint(n + groups - 1).is_some()
            && (1..=4).contains(&self.len(n + groups))
            && !self.is_time(n + groups);
        Some(groups + usize::from(tail))
    }

    /// `12 000`, `2 500 000 kr`, `1500-2000 kr`: with a unit, or round.
    fn sum(&self, n: usize) -> Option<usize> {
        if self.digits(n).starts_with('0') {
            return None;
        }
        let mut count = 1;
        if self.len(n) <= 3 {
            while (self.joined_by(n + count - 1, " ") || self.joined_by(n + count - 1, "."))
                && self.len(n + count) == 3
            {
                count += 1;
            }
        }
        let last = n + count - 1;
        let ends = !self.joined_by(last, " ") && !self.joined_by(last, ".");
        let round = count > 1 && self.digits(last).ends_with("00") && ends;
        let range = self.joint(last).is_some_and(|joint| joint.trim() == "-")
            && !self.digits(last + 1).starts_with('0')
            && self.sum(last + 1).is_some();
        let few = self.total(n..n + count) <= 9;
        (few && (self.has_unit(last) || round || range)).then_some(count)
    }

    /// `2026`, `2025-2026`.
    fn years(&self, n: usize) -> Option<usize> {
        let run = self.run(n);
        let years = (n..n + run).take_while(|n| self.len(*n) == 4 && is_year(self.value(*n))).count();
        let alone = years == run || (years > 0 && self.total(n + years..n + run) < TELEPHONE_DIGITS_MIN);
        alone.then_some(years).filter(|years| *years > 0)
    }

    /// What begins with a plus, or with a zero and goes on.
    fn telephone(&self, n: usize) -> Option<usize> {
        let start = self.groups.get(n)?.start;
        let plus = self.text.before(start) == '+'
            || (self.text.before(start) == '(' && self.text.before(start - 1) == '+');
        let digits = self.digits(n);
        let abroad =
            plus || digits.starts_with("00") || (digits.starts_with("46") && digits.len() >= LONG_DIGITS_MIN);
        if !abroad && !(digits.starts_with('0') && digits.len() >= 2) {
            return None;
        }
        let digits_max = if abroad { INTERNATIONAL_DIGITS_MAX } else { NATIONAL_DIGITS_MAX };
        let mut count = 1;
        while count < self.run(n) && self.total(n..n + count + 1) <= digits_max {
            count += 1;
        }
        let total = self.total(n..n + count);
        let enough = match () {
            () if plus => total >= 3,
            () if digits.starts_with("07") => total >= TELEPHONE_DIGITS_MIN - 1,
            () => total >= TELEPHONE_DIGITS_MIN,
        };
        enough.then_some(count)
    }

    /// Any other long number: a card, an account, an organisation. Short numbers in a row are not one.
    fn long(&self, n: usize) -> (usize, Option<What>) {
        let run = self.run(n);
        let total = self.total(n..n + run);
        let lens: Vec<usize> = (n..n + run).map(|n| self.len(n)).collect();
        let in_order =
            (n..n + run).zip(n + 1..n + run).all(|(a, b)| self.value(a).saturating_add(1) == self.value(b));
        let one_by_one = lens.iter().all(|len| *len == 1) && run >= UNBROKEN_DIGITS_MIN && !in_order;
        let pairs = lens.iter().all(|len| *len <= 2);
        let joined = run > 1
            && match pairs {
                true => one_by_one || (total >= 9 && !in_order),
                false => total >= LONG_DIGITS_MIN,
            };
        if joined {
            return (run, Some(What::Number));
        }
        let unbroken = self.len(n) >= UNBROKEN_DIGITS_MIN;
        (1, unbroken.then_some(What::Number))
    }
}

fn is_year(value: u32) -> bool {
    (1900..=2100).contains(&value)
}

/// Whether six digits are a year, a month and a day; the day of a co-ordination number is 60 more.
fn is_date(digits: &str) -> bool {
    let pair =
        |from: usize| digits.get(from..from + 2).and_then(|pair| pair.parse::<u32>().ok()).unwrap_or(0);
    (1..=12).contains(&pair(2)) && matches!(pair(4), 1..=31 | 61..=91)
}
