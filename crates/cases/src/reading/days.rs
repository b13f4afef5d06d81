//! Days as people write them in Swedish and English, read only if they can be meant in one way.

use super::parts::fold;
use vocabulary::Language;
use vocabulary::civil::{Date, Weekday};

/// The days to come that a text mentions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Days {
    /// None.
    None,
    /// Exactly one.
    One(Date),
    /// Several, or one that is hedged, denied, or may be meant in two ways.
    Unclear,
}

/// What a place in a sentence says.
enum Found {
    Day(Date),
    /// It speaks of a time, and not of one day.
    Vague,
}

/// In a sentence with a day, these make it no promise.
const HEDGES: &[&str] = &[
    "inte",
    "ej",
    "aldrig",
    "kanske",
    "troligen",
    "troligtvis",
    "forhoppningsvis",
    "formodligen",
    "ungefar",
    "runt",
    "omkring",
    "kring",
    "cirka",
    "ca",
    "efter",
    "tidigast",
    "fran",
    "sedan",
    "mellan",
    "eller",
    "not",
    "maybe",
    "perhaps",
    "probably",
    "hopefully",
    "around",
    "about",
    "roughly",
    "after",
    "from",
    "since",
    "between",
    "or",
    "earliest",
];

/// Words a sentence's day is looked for in, at most; the rest of a longer sentence does not count.
const WORDS_MAX: usize = 400;

/// The days after `today` that `text` mentions.
pub(super) fn days_to_come(text: &str, today: Date, language: Language) -> Days {
    let mut seen: Option<Date> = None;
    for sentence in sentences(text) {
        let words = words_of(&sentence);
        let (found, hedged) =
            (look(&words, today, language), words.iter().any(|w| HEDGES.contains(&w.as_str())));
        for found in found {
            match found {
                // What lies behind is told, not promised.
                Found::Day(day) if day <= today => {}
                Found::Day(day) if !hedged && seen.is_none_or(|known| known == day) => seen = Some(day),
                Found::Day(_) | Found::Vague => return Days::Unclear,
            }
        }
    }
    seen.map_or(Days::None, Days::One)
}

/// Sentences end with a line, or with a point, a mark or a semicolon before a space: "1.12.2026" is one word.
fn sentences(text: &str) -> Vec<String> {
    let mut sentences = Vec::new();
    for line in text.lines() {
        let folded = fold(line);
        let mut sentence = String::new();
        let mut words = folded.split_whitespace().peekable();
        while let Some(word) = words.next() {
            sentence.push_str(word);
            sentence.push(' ');
            let abbreviated = is_abbreviation(word.trim_end_matches('.'))
                // "v. 49", "1. december": the point does not end it when a number or a month goes with it.
                || (word.trim_end_matches('.').bytes().all(|b| b.is_ascii_digit())
                    && words.peek().is_some_and(|next| month(next.trim_matches('.')).is_some()));
            let ends = word.ends_with(['!', '?', ';']) || (word.ends_with('.') && !abbreviated);
            if ends {
                sentences.push(std::mem::take(&mut sentence));
            }
        }
        sentences.push(sentence);
    }
    sentences
}

fn is_abbreviation(word: &str) -> bool {
    matches!(word, "v" | "kl" | "ca" | "t" | "o" | "m" | "d" | "t.o.m" | "f.d" | "tom")
        || (month(word).is_some() && word.len() <= 4)
}

fn words_of(sentence: &str) -> Vec<String> {
    let trim = |c: char| ".,;:!?()[]\"”“'*_<>".contains(c);
    let words = sentence.split_whitespace().map(|word| word.trim_matches(trim).to_owned());
    words.filter(|word| !word.is_empty()).take(WORDS_MAX).collect()
}

/// Every mention of a time in a sentence's words.
fn look(words: &[String], today: Date, language: Language) -> Vec<Found> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let (mention, used) = mention(words, at, today, language);
        found.extend(mention);
        at += used.max(1);
    }
    found
}

/// What begins at `at`, and how many words of the sentence it takes.
fn mention(words: &[String], at: usize, today: Date, language: Language) -> (Option<Found>, usize) {
    let word = words[at].as_str();
    let next = |n: usize| words.get(at + n).map_or("", String::as_str);
    if let Some((weekday, used)) = weekday_at(words, at) {
        return of_weekday(words, at, weekday, used, today, language);
    }
    if let Some((found, used)) = relative(words, at, today) {
        return (Some(found), used);
    }
    if let Some((found, used)) = week(words, at, today) {
        return (Some(found), used);
    }
    if let Some((date, used)) = dated(words, at, today, language) {
        return (Some(date), used);
    }
    // Months, years' ends and holidays are times, and no days.
    let vague = month(word).is_some()
        && !(word == "may" || word == "mars" || word == "maj" && next(1).is_empty())
        || matches!(
            word,
            "manadsskiftet" | "arsskiftet" | "jul" | "julen" | "nyar" | "pask" | "varen" | "sommaren"
        )
        || matches!(
            word,
            "hosten" | "vintern" | "helgen" | "manad" | "manaden" | "christmas" | "easter" | "weekend"
        );
    (vague.then_some(Found::Vague), 1)
}

/// A weekday, and what may go with it: a date it must agree with, or a week.
fn of_weekday(
    words: &[String],
    at: usize,
    weekday: Weekday,
    used: usize,
    today: Date,
    language: Language,
) -> (Option<Found>, usize) {
    let day = |n: i32| today.checked_add(jiff::Span::new().days(n)).unwrap_or(Date::MAX);
    let mut rest = at + used;
    while words.get(rest).is_some_and(|w| matches!(w.as_str(), "den" | "the")) {
        rest += 1;
    }
    if rest < words.len() {
        if let Some((Found::Day(dated), more)) = dated(words, rest, today, language) {
            let agrees = dated.weekday() == weekday;
            return (Some(if agrees { Found::Day(dated) } else { Found::Vague }), rest + more - at);
        }
        if let Some((monday, more)) = week_from(words, rest, today) {
            let wanted = i32::from(weekday.to_monday_zero_offset());
            let in_week = monday.checked_add(jiff::Span::new().days(wanted)).unwrap_or(Date::MAX);
            return (Some(Found::Day(in_week)), rest + more - at);
        }
    }
    // "Fredag om en vecka" and "fredag, nästa vecka eller så" have been seen; "nästa fredag" is this one to some and
    // the one after to others.
    let before = at.checked_sub(1).map_or("", |n| words[n].as_str());
    let says_which =
        matches!(before, "nasta" | "next" | "forra" | "last" | "forrforra" | "varannan" | "varje" | "every");
    let past = matches!(before, "i") && words[at].ends_with('s');
    if past {
        return (None, used);
    }
    let ahead =
        i32::from(weekday.to_monday_zero_offset()) - i32::from(today.weekday().to_monday_zero_offset());
    let found = match ahead.rem_euclid(7) {
        _ if matches!(before, "forra" | "last") => return (None, used),
        _ if says_which => Found::Vague,
        // Said on a Friday, "Friday" may be today or in a week.
        0 => Found::Vague,
        ahead => Found::Day(day(ahead)),
    };
    (Some(found), used)
}

/// A weekday's name at `at`. "Lör" and "tis" are left alone: a weekday is seldom worth a guess.
fn weekday_at(words: &[String], at: usize) -> Option<(Weekday, usize)> {
    const NAMES: [(&str, &str, Weekday); 7] = [
        ("mandag", "monday", Weekday::Monday),
        ("tisdag", "tuesday", Weekday::Tuesday),
        ("onsdag", "wednesday", Weekday::Wednesday),
        ("torsdag", "thursday", Weekday::Thursday),
        ("fredag", "friday", Weekday::Friday),
        ("lordag", "saturday", Weekday::Saturday),
        ("sondag", "sunday", Weekday::Sunday),
    ];
    let word = words[at].as_str();
    let found = NAMES.iter().find(|(swedish, english, _)| {
        word == *english || word.strip_prefix(swedish).is_some_and(|end| matches!(end, "" | "en" | "s"))
    })?;
    Some((found.2, 1))
}

/// "I morgon", "i övermorgon", "om tre dagar", "in two weeks"; "today" is no day to come.
fn relative(words: &[String], at: usize, today: Date) -> Option<(Found, usize)> {
    let next = |n: usize| words.get(at + n).map_or("", String::as_str);
    let day = |n: i64| Found::Day(today.checked_add(jiff::Span::new().days(n)).unwrap_or(Date::MAX));
    match (words[at].as_str(), next(1)) {
        // "I morgon" is tomorrow; "i går morgon" and "på morgon" are not.
        ("i", "morgon") => return Some((day(1), 2)),
        ("imorgon" | "imorron" | "tomorrow", _) => return Some((day(1), 1)),
        ("i", "overmorgon") => return Some((day(2), 2)),
        ("overmorgon", _) => return Some((day(2), 1)),
        ("om" | "in" | "within" | "inom", many) => {
            let n = number(many)?;
            // "Inom tre dagar" and "within three days" promise the last of them.
            return match next(2) {
                "dag" | "dagar" | "day" | "days" | "dygn" => Some((day(n), 3)),
                "vecka" | "veckor" | "week" | "weeks" => Some((day(n * 7), 3)),
                // Working days, months: countable, but not by everybody in the same way.
                "arbetsdag" | "arbetsdagar" | "vardag" | "vardagar" | "working" | "business" | "manad"
                | "manader" | "month" | "months" => Some((Found::Vague, 3)),
                _ => None,
            };
        }
        _ => {}
    }
    None
}

fn number(word: &str) -> Option<i64> {
    const WORDS: [(&str, i64); 26] = [
        ("en", 1),
        ("ett", 1),
        ("two", 2),
        ("tva", 2),
        ("tre", 3),
        ("fyra", 4),
        ("fem", 5),
        ("sex", 6),
        ("sju", 7),
        ("atta", 8),
        ("nio", 9),
        ("tio", 10),
        ("fjorton", 14),
        ("a", 1),
        ("one", 1),
        ("three", 3),
        ("four", 4),
        ("five", 5),
        ("six", 6),
        ("seven", 7),
        ("eight", 8),
        ("nine", 9),
        ("ten", 10),
        ("fourteen", 14),
        ("tolv", 12),
        ("twelve", 12),
    ];
    let digits = word.len() <= 3 && word.bytes().all(|b| b.is_ascii_digit());
    if digits { word.parse().ok() } else { WORDS.iter().find(|(name, _)| *name == word).map(|(_, n)| *n) }
}

/// A week as a time: vague unless a weekday stands with it, which [`of_weekday`] has seen to, before or after.
fn week(words: &[String], at: usize, today: Date) -> Option<(Found, usize)> {
    let (monday, used) = week_from(words, at, today)?;
    let mut rest = at + used;
    while words.get(rest).is_some_and(|w| matches!(w.as_str(), "pa" | "on" | "senast" | "by")) {
        rest += 1;
    }
    if rest < words.len()
        && let Some((weekday, more)) = weekday_at(words, rest)
    {
        let ahead = i32::from(weekday.to_monday_zero_offset());
        let day = monday.checked_add(jiff::Span::new().days(ahead)).unwrap_or(Date::MAX);
        // "Vecka 49 på fredag 4/12": what follows must agree, and is read for itself.
        return Some((Found::Day(day), rest + more - at));
    }
    Some((Found::Vague, used))
}

/// The Monday of a week that is named by its number, or as the next or this one.
fn week_from(words: &[String], at: usize, today: Date) -> Option<(Date, usize)> {
    let next = |n: usize| words.get(at + n).map_or("", String::as_str);
    let first = words[at].as_str();
    let monday = |weeks: i64| {
        let back = i64::from(today.weekday().to_monday_zero_offset());
        today.checked_add(jiff::Span::new().days(weeks * 7 - back)).ok()
    };
    match (first, next(1)) {
        ("nasta", "vecka") | ("next", "week") => return Some((monday(1)?, 2)),
        ("i", "nasta") if next(2) == "vecka" => return Some((monday(1)?, 3)),
        ("denna" | "this", "vecka" | "week") => return Some((monday(0)?, 2)),
        ("den", "har") if next(2) == "veckan" => return Some((monday(0)?, 3)),
        _ => {}
    }
    let (number, used) = match first {
        "vecka" | "v" | "week" => (next(1).parse::<i8>().ok()?, 2),
        _ => (first.strip_prefix('v').filter(|n| n.len() <= 2)?.parse::<i8>().ok()?, 1),
    };
    let this = today.iso_week_date();
    let in_year = |year: i16| {
        jiff::civil::ISOWeekDate::new(year, number, Weekday::Monday).ok().map(jiff::civil::ISOWeekDate::date)
    };
    // The week of that number that has not passed.
    let found =
        in_year(this.year()).filter(|_| number >= this.week()).or_else(|| in_year(this.year() + 1))?;
    Some((found, used))
}

/// A date at `at`: 2026-12-01, 1/12, 1/12-26, 1.12.2026, 1 dec, den 1:a december 2026, December 1.
fn dated(words: &[String], at: usize, today: Date, language: Language) -> Option<(Found, usize)> {
    let word = words[at].as_str();
    let next = |n: usize| words.get(at + n).map_or("", String::as_str);
    if let Some(found) = iso(word) {
        return Some((found, 1));
    }
    if let Some(found) = slashed(word, next(1), today, language) {
        return Some((found, 1));
    }
    if let Some(found) = dotted(word) {
        return Some((found, 1));
    }
    // 1 dec, 1:a december, 1st of December; and "1-5 december", which is several days.
    let of = usize::from(next(1) == "of");
    if let Some(number_of_month) = month(next(1 + of)) {
        if let Some(day) = ordinal(word) {
            let (year, used) = year_at(next(2 + of));
            return Some((in_year(year, number_of_month, day, today), 2 + of + used));
        }
        if word.contains(['-', '–', '/']) && word.bytes().next().is_some_and(|b| b.is_ascii_digit()) {
            return Some((Found::Vague, 2 + of));
        }
    }
    // December 1, Dec 1st.
    if let (Some(number_of_month), Some(day)) = (month(word), ordinal(next(1))) {
        let (year, used) = year_at(next(2));
        return Some((in_year(year, number_of_month, day, today), 2 + used));
    }
    None
}

/// 2026-12-01, 2026/12/01, 20261201. What looks like one and is none is a doubt.
fn iso(word: &str) -> Option<Found> {
    let digits: Vec<&str> = word.split(['-', '/']).collect();
    let all_digits = |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let parts = match digits.as_slice() {
        [year, month, day] if year.len() == 4 && month.len() <= 2 && day.len() <= 2 => [*year, *month, *day],
        [whole] if whole.len() == 8 && whole.starts_with("20") && all_digits(whole) => {
            [&whole[..4], &whole[4..6], &whole[6..]]
        }
        _ => return None,
    };
    if !parts.iter().all(all_digits) {
        return None;
    }
    let [year, month, day] = parts;
    let date = Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    Some(date.map_or(Found::Vague, Found::Day))
}

/// 1/12, 1/12-26, 1/12/2026. Half a day is no date, and in an English letter 3/4 is one of two.
fn slashed(word: &str, next: &str, today: Date, language: Language) -> Option<Found> {
    const UNITS: &[&str] =
        &["dag", "dags", "dagar", "timme", "timmar", "vecka", "veckor", "liter", "meter", "day", "hour"];
    let mut parts = word.split(['/', '-']);
    let (day, month_, year) = (parts.next()?, parts.next()?, parts.next());
    let is_date = word.contains('/') && parts.next().is_none();
    let small = |part: &str| (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    if !is_date || !small(day) || !small(month_) || UNITS.contains(&next) {
        // 1-5/12 is several days.
        let range = word.contains('/')
            && word.contains('-')
            && word.bytes().all(|b| b.is_ascii_digit() || b"/-".contains(&b));
        return range.then_some(Found::Vague);
    }
    if !word[..day.len() + 1].ends_with('/') {
        return Some(Found::Vague);
    }
    let (day, month_): (i8, i8) = (day.parse().ok()?, month_.parse().ok()?);
    if language == Language::English && day <= 12 && month_ <= 12 && day != month_ {
        return Some(Found::Vague);
    }
    let year = match year {
        None => None,
        Some(year) if year.len() == 4 || year.len() == 2 => Some(full_year(year)?),
        Some(_) => return Some(Found::Vague),
    };
    Some(in_year(year, month_, day, today))
}

/// 1.12.2026. Without a year it may be a time, a price or a paragraph.
fn dotted(word: &str) -> Option<Found> {
    let parts: Vec<&str> = word.split('.').collect();
    let &[day, month, year] = parts.as_slice() else { return None };
    if year.len() != 4 || !parts.iter().all(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_digit())) {
        return None;
    }
    let date = Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    Some(date.map_or(Found::Vague, Found::Day))
}

fn full_year(digits: &str) -> Option<i16> {
    let year: i16 = digits.parse().ok()?;
    Some(if digits.len() == 2 { 2000 + year } else { year })
}

/// A year that follows a month: its number and the one word it takes.
fn year_at(word: &str) -> (Option<i16>, usize) {
    let year = Some(word).filter(|w| w.len() == 4 && w.starts_with("20")).and_then(full_year);
    (year, usize::from(year.is_some()))
}

/// The day in that year, or in the coming twelve months if none is said. A day that does not exist is a doubt, and so
/// is one without a year that has passed by less than a half: it was perhaps meant as told.
fn in_year(year: Option<i16>, month: i8, day: i8, today: Date) -> Found {
    if let Some(year) = year {
        return Date::new(year, month, day).map_or(Found::Vague, Found::Day);
    }
    let Ok(this_year) = Date::new(today.year(), month, day) else {
        // The 29th of February of a year that has one.
        return Date::new(today.year() + 1, month, day).map_or(Found::Vague, Found::Day);
    };
    if this_year >= today {
        return Found::Day(this_year);
    }
    let ago = (today - this_year).get_days();
    let coming = Date::new(today.year() + 1, month, day);
    match coming {
        // Said in November, "2/11" was; "5/1" will be.
        _ if ago <= 182 => Found::Day(this_year),
        Ok(coming) => Found::Day(coming),
        Err(_) => Found::Vague,
    }
}

/// 1, 1:a, 1:e, 1a, 1st, den första is left to people.
fn ordinal(word: &str) -> Option<i8> {
    let digits: String = word.chars().take_while(char::is_ascii_digit).collect();
    let end = &word[digits.len()..];
    let known = matches!(end, "" | ":a" | ":e" | "a" | "e" | ":de" | "st" | "nd" | "rd" | "th" | ".");
    if known && (1..=2).contains(&digits.len()) {
        digits.parse().ok().filter(|d| (1..=31).contains(d))
    } else {
        None
    }
}

fn month(word: &str) -> Option<i8> {
    const NAMES: [(&str, &str); 12] = [
        ("januari", "january"),
        ("februari", "february"),
        ("mars", "march"),
        ("april", "april"),
        ("maj", "may"),
        ("juni", "june"),
        ("juli", "july"),
        ("augusti", "august"),
        ("september", "september"),
        ("oktober", "october"),
        ("november", "november"),
        ("december", "december"),
    ];
    let is = |name: &str| {
        word == name || (word.len() >= 3 && word.len() <= 4 && name.len() > 3 && name.starts_with(word))
    };
    let at = NAMES.iter().position(|(swedish, english)| is(swedish) || is(english))?;
    i8::try_from(at + 1).ok()
}
