//! Reading groups of digits: which of them are one number, and what it is.

use super::What;
use super::numbers::{BIRTH_CUES, after};
use super::text::Text;
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

/// The groups of digits of a text.
pub(super) struct Digits<'t> {
    pub text: &'t Text,
    pub groups: Vec<Range<usize>>,
}

impl Digits<'_> {
    /// What the number is that begins with the `n`th group, and of how many groups it is. None stays as it is.
    pub fn read(&self, n: usize) -> (usize, Option<What>) {
        if let Some(count) = self.telephone(n).filter(|_| self.has_plus(n)) {
            return (count, Some(What::Telephone));
        }
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
        let may_begin = matches!(first, 2 | 6 | 8 | 10 | 12) || (first == 4 && century);
        if !may_begin {
            return None;
        }
        let mut digits = String::new();
        let mut found = None;
        for count in 1..=self.run(n) {
            // Nobody cuts a date in the middle of a month.
            if !self.len(n + count - 1).is_multiple_of(2) {
                break;
            }
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
                && self.value(n).is_multiple_of(5)
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

    /// Whether a plus stands before the `n`th group that joins it to nothing.
    fn has_plus(&self, n: usize) -> bool {
        let Some(start) = self.groups.get(n).map(|group| group.start) else { return false };
        let before = if self.text.before(start) == '(' { start - 1 } else { start };
        before > 0 && self.text.before(before) == '+' && !self.text.before(before - 1).is_ascii_digit()
    }

    /// What begins with a plus, or with a zero and goes on.
    fn telephone(&self, n: usize) -> Option<usize> {
        let plus = self.has_plus(n);
        let digits = self.digits(n);
        let abroad =
            plus || digits.starts_with("00") || (digits.starts_with("46") && digits.len() >= LONG_DIGITS_MIN);
        let begins = abroad || (digits.starts_with('0') && digits.len() >= 2);
        if !begins {
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
