//! A line of a meeting's notes as a planned event: what it says of days and times, in the ways Swedes write them. Pure.
//!
//! `12/11`, `2026-11-12`, `12 november`, `12-14 nov`, `från 1 januari`, with `kl 9-14`, `kl. 08:30`. Whatever else the line
//! holds is what happens.

use crate::EventDraft;
use jiff::ToSpan as _;
use vocabulary::civil::{Date, Time};
use vocabulary::{Timestamp, add_working_days, local_day, time_zone};

const MONTHS: [&str; 12] = [
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
];
/// Longest title made of a line, in characters.
const TITLE_CHARS: usize = 120;

/// A draft of what a line says. Without a day in it, it is the next working day; without times, whole days.
#[must_use]
pub fn draft(line: &str, now: Timestamp) -> EventDraft {
    let line = line.trim().trim_start_matches(['-', '*', '•', '–']).trim();
    let today = local_day(now);
    let words: Vec<&str> = line.split_whitespace().collect();
    let days = days(&words, today);
    let (first, last, open) = days.unwrap_or_else(|| {
        let next = add_working_days(today.tomorrow().unwrap_or(today), 0);
        (next, next, false)
    });
    let title: String = line.chars().take(TITLE_CHARS).collect();
    let text = if line.chars().count() > TITLE_CHARS { line } else { "" };
    let draft = EventDraft::new(title, now, None).told(text, "");
    match times(&words) {
        Some((from, to)) => {
            let instant = |day: Date, time: Time| {
                day.to_datetime(time).to_zoned(time_zone()).map_or(now, |zoned| zoned.timestamp())
            };
            let begins_at = instant(first, from);
            let end = to.map(|to| instant(last, to)).filter(|end| *end > begins_at);
            let hour_later = begins_at.checked_add(1.hour()).unwrap_or(begins_at);
            EventDraft { begins_at, ends_at: if open { None } else { end.or(Some(hour_later)) }, ..draft }
        }
        None => draft.on_days(first, (!open).then_some(last)),
    }
}

/// The first days a line tells: from, to and with, and whether it goes on until further notice.
fn days(words: &[&str], today: Date) -> Option<(Date, Date, bool)> {
    words.iter().enumerate().find_map(|(at, word)| {
        // `kl 9-12` holds times.
        let before = at.checked_sub(1).map_or("", |before| words[before]).to_lowercase();
        if matches!(before.trim_end_matches('.'), "kl" | "klockan") {
            return None;
        }
        let (first, last) = span(bare(word), words.get(at + 1).map(|next| bare(next)), today)?;
        let later = || {
            // `12 november till 3 december`, `12/11 - 3/12`.
            let joint = words
                .iter()
                .skip(at + 1)
                .take(2)
                .position(|w| matches!(*w, "-" | "–" | "till" | "t.o.m."))?;
            let after = at + 1 + joint + 1;
            span(bare(words.get(after)?), words.get(after + 1).map(|next| bare(next)), first)
        };
        let last = later().map_or(last, |(_, end)| end).max(first);
        let open = matches!(before.as_str(), "från" | "fr.o.m." | "from") && first == last;
        Some((first, last, open))
    })
}

fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| matches!(c, ',' | '.' | ';' | ':' | '(' | ')' | '!' | '?'))
}

/// One day or a span of days of one word, or of a number and the month after it.
fn span(word: &str, next: Option<&str>, today: Date) -> Option<(Date, Date)> {
    if let Ok(day) = word.parse::<Date>()
        && word.len() == 10
    {
        return Some((day, day));
    }
    if let Some((day, month)) = word.split_once('/') {
        let day = on(day.parse().ok()?, month.parse().ok()?, today)?;
        return Some((day, day));
    }
    let month = next.and_then(month)?;
    let (first, last) = word.split_once(['-', '–']).unwrap_or((word, word));
    let number = |text: &str| text.trim_end_matches(":e").parse::<i8>().ok();
    let first = on(number(first)?, month, today)?;
    let last = Date::new(first.year(), month, number(last)?).ok().filter(|last| *last >= first)?;
    Some((first, last))
}

fn month(word: &str) -> Option<i8> {
    let word = word.to_lowercase();
    let at = MONTHS.iter().position(|month| word.len() >= 3 && month.starts_with(&word))?;
    i8::try_from(at + 1).ok()
}

/// That day of this year, or of the next if it has been more than two months ago.
fn on(day: i8, month: i8, today: Date) -> Option<Date> {
    let of = |year| Date::new(year, month, day).ok();
    let passed = today.checked_sub(2.months()).unwrap_or(today);
    of(today.year()).filter(|found| *found >= passed).or_else(|| of(today.year() + 1))
}

/// The times of day after `kl`: from, and until when if that is said.
fn times(words: &[&str]) -> Option<(Time, Option<Time>)> {
    let at = words
        .iter()
        .position(|word| matches!(word.to_lowercase().trim_end_matches('.'), "kl" | "klockan"))?;
    let told = bare(words.get(at + 1)?);
    let (from, to) = told.split_once(['-', '–']).map_or((told, None), |(from, to)| (from, Some(to)));
    let to = to.or_else(|| {
        let joint = matches!(*words.get(at + 2)?, "-" | "–" | "till");
        joint.then(|| words.get(at + 3).map(|word| bare(word))).flatten()
    });
    Some((time(from)?, to.and_then(time)))
}

fn time(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once([':', '.']).unwrap_or((text, "0"));
    let hour: i8 = hour.parse().ok()?;
    let minute: i8 = minute.parse().ok()?;
    if (hour, minute) == (24, 0) {
        return Time::new(23, 59, 0, 0).ok();
    }
    Time::new(hour, minute, 0, 0).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(line: &str) -> String {
        // Tuesday the third of November.
        let draft = draft(line, "2026-11-03T09:00:00Z".parse().unwrap());
        let day = |at| local_day(at).to_string();
        if draft.all_day {
            let last = draft.ends_at.map_or("…".to_owned(), |end| crate::model::last_day(end).to_string());
            return format!("{} {last}", day(draft.begins_at));
        }
        let time = |at: Timestamp| at.to_zoned(time_zone()).strftime("%Y-%m-%d %H:%M").to_string();
        format!("{} {}", time(draft.begins_at), draft.ends_at.map_or("…".to_owned(), time))
    }

    #[test]
    fn days_and_times_are_found_as_people_write_them() {
        for (line, expected) in [
            ("Vattnet stängs av 12/11 kl 9-14 på Kajgatan", "2026-11-12 09:00 2026-11-12 14:00"),
            ("Storgatan asfalteras 12-14 november", "2026-11-12 2026-11-14"),
            ("Ny taxa från 1 januari", "2027-01-01 …"),
            ("Simhallen stängd 2026-12-21", "2026-12-21 2026-12-21"),
            ("- Bron stängs 30 nov till 4 dec.", "2026-11-30 2026-12-04"),
            ("Samråd 8 december kl. 18.30", "2026-12-08 18:30 2026-12-08 19:30"),
            ("Städning kl 8 till 12, 5/11", "2026-11-05 08:00 2026-11-05 12:00"),
            ("Något vi inte vet när", "2026-11-04 2026-11-04"),
            ("Gick fel 28 oktober", "2026-10-28 2026-10-28"),
            ("Budget 3 mars", "2027-03-03 2027-03-03"),
            ("Vecka 12 och 45/99 är inga dagar", "2026-11-04 2026-11-04"),
        ] {
            assert_eq!(told(line), expected, "{line}");
        }
    }
}
