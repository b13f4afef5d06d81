//! An event as a form has it, and as what it comes to.

use crate::{components::forms::Faults, t, words::Words};
use ahead::{ArticleLink, EventDraft, Position, Question};
use std::collections::BTreeMap;
use vocabulary::civil::{Date, Time};
use vocabulary::{ArticleId, DepartmentId, GenericUuid as _, Timestamp, local_day, time_zone};

/// Rows for questions and articles beyond those that are filled in.
const ROWS_BLANK: usize = 2;

/// The fields as they stand.
pub(super) type Fields = BTreeMap<String, String>;

pub(super) fn text<'f>(fields: &'f Fields, name: &str) -> &'f str {
    fields.get(name).map_or("", String::as_str)
}

/// How many rows of `name` are shown.
pub(super) fn rows(fields: &Fields, name: &str, most: usize) -> usize {
    let filled = (0..most).filter(|n| !text(fields, &format!("{name}_{n}")).trim().is_empty()).max();
    (filled.map_or(0, |n| n + 1) + ROWS_BLANK).min(most)
}

/// The fields of an event.
pub(super) fn fields(draft: &EventDraft) -> Fields {
    let mut fields = Fields::new();
    let mut put = |name: &str, value: String| drop(fields.insert(name.to_owned(), value));
    let time = |at: Timestamp| at.to_zoned(time_zone()).strftime("%H:%M").to_string();
    put("kind", draft.kind.to_string());
    put("title", draft.title.clone());
    put("text", draft.text.clone());
    put("place", draft.place.clone());
    put("first_day", local_day(draft.begins_at).to_string());
    match draft.ends_at {
        None => put("open", "yes".to_owned()),
        Some(ends) if draft.all_day => {
            let last = Timestamp::from_microsecond(ends.as_microsecond() - 1).unwrap_or(ends);
            put("last_day", local_day(last).to_string());
        }
        Some(ends) => {
            put("last_day", local_day(ends).to_string());
            put("ends", time(ends));
        }
    }
    if !draft.all_day {
        put("begins", time(draft.begins_at));
    }
    if let Some(at) = draft.position {
        put("position", format!("{}, {}", at.latitude, at.longitude));
    }
    if let Some(department) = draft.department {
        put("department", department.into_untyped_uuid().to_string());
    }
    if draft.importance == ahead::Importance::Important {
        put("important", "yes".to_owned());
    }
    put("notice", draft.notice.clone().unwrap_or_default());
    if let Some(shown) = draft.shown_at {
        put("shown_day", local_day(shown).to_string());
        put("shown", time(shown));
    }
    for (n, asked) in draft.questions.iter().enumerate() {
        put(&format!("question_{n}"), asked.question.clone());
        put(
            &format!("answer_{n}"),
            asked.article.map(|a| a.into_untyped_uuid().to_string()).unwrap_or_default(),
        );
    }
    for (n, link) in draft.articles.iter().enumerate() {
        put(&format!("article_{n}"), link.article.into_untyped_uuid().to_string());
        if link.goes_live {
            put(&format!("live_{n}"), "yes".to_owned());
        }
    }
    fields
}

fn instant(day: Date, time: Time) -> Option<Timestamp> {
    day.to_datetime(time).to_zoned(time_zone()).ok().map(|zoned| zoned.timestamp())
}

/// A time of day as a field gives it.
pub(super) fn time(text: &str) -> Option<Time> {
    let text = text.trim();
    let text = text.replace('.', ":");
    let (hour, rest) = text.split_once(':')?;
    let minute = rest.split(':').next()?;
    Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
}

/// What the fields come to, on top of `before`, of which what the form does not have stays.
pub(super) fn read(words: &Words, fields: &Fields, before: Option<EventDraft>) -> Result<EventDraft, Faults> {
    let mut faults = Faults::none();
    let field = |name: &str| text(fields, name).trim();
    let first = field("first_day").parse::<Date>().ok();
    if first.is_none() {
        faults.add("first_day", t!(words, "ahead-fault-day"));
    }
    let mut clock = |name: &'static str| match field(name) {
        "" => None,
        given => {
            let read = time(given);
            if read.is_none() {
                faults.add(name, t!(words, "ahead-fault-time"));
            }
            read
        }
    };
    let (begins, ends, shown) = (clock("begins"), clock("ends"), clock("shown"));
    let open = field("open") == "yes";
    let last = match field("last_day") {
        "" => first,
        given => {
            let read = given.parse::<Date>().ok();
            if read.is_none() {
                faults.add("last_day", t!(words, "ahead-fault-day"));
            }
            read
        }
    };
    if begins.is_none() && ends.is_some() {
        faults.add("begins", t!(words, "ahead-fault-begins"));
    }
    if begins.is_some() && ends.is_none() && !open {
        faults.add("ends", t!(words, "ahead-fault-ends"));
    }
    let position = match field("position") {
        "" => None,
        given => {
            let read = given.split_once([',', ';']).and_then(|(latitude, longitude)| {
                Position::new(latitude.trim().parse().ok()?, longitude.trim().parse().ok()?)
            });
            if read.is_none() {
                faults.add("position", t!(words, "ahead-fault-position"));
            }
            read
        }
    };
    let shown_at = match field("shown_day") {
        "" => None,
        given => {
            let read =
                given.parse::<Date>().ok().and_then(|day| instant(day, shown.unwrap_or(Time::midnight())));
            if read.is_none() {
                faults.add("shown_day", t!(words, "ahead-fault-day"));
            }
            read
        }
    };
    let (Some(first), true) = (first, faults.is_empty()) else { return Err(faults) };
    let mut draft = before.unwrap_or_else(|| EventDraft::new("", Timestamp::UNIX_EPOCH, None));
    match begins {
        None => draft = draft.on_days(first, if open { None } else { last }),
        Some(begins) => {
            draft.all_day = false;
            draft.begins_at =
                instant(first, begins).ok_or_else(|| Faults::one("begins", t!(words, "ahead-fault-time")))?;
            draft.ends_at =
                if open { None } else { last.zip(ends).and_then(|(last, ends)| instant(last, ends)) };
        }
    }
    let article = |name: String| field(&name).parse().ok().map(ArticleId::from_untyped_uuid);
    draft.kind = field("kind").parse().unwrap_or(ahead::EventKind::Other);
    draft.title = field("title").to_owned();
    draft.text = field("text").to_owned();
    draft.place = field("place").to_owned();
    draft.position = position;
    draft.department = field("department").parse().ok().map(DepartmentId::from_untyped_uuid);
    draft.importance = match field("important") {
        "yes" => ahead::Importance::Important,
        _ => ahead::Importance::Ordinary,
    };
    draft.notice = Some(field("notice").to_owned()).filter(|notice| !notice.is_empty());
    draft.shown_at = shown_at;
    draft.questions = (0..super::edit::QUESTIONS_MAX)
        .map(|n| (field(&format!("question_{n}")).to_owned(), article(format!("answer_{n}"))))
        .filter(|(question, _)| !question.is_empty())
        .map(|(question, article)| Question { question, article })
        .collect();
    draft.articles = (0..super::edit::ARTICLES_MAX)
        .filter_map(|n| {
            let goes_live = field(&format!("live_{n}")) == "yes";
            Some(ArticleLink { article: article(format!("article_{n}"))?, goes_live })
        })
        .collect();
    Ok(draft)
}

#[cfg(test)]
mod tests {
    use super::*;
    use vocabulary::Language;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn what_is_shown_reads_back_as_what_it_was() {
        let words = Words::of(Language::Swedish);
        let timed = EventDraft {
            importance: ahead::Importance::Important,
            position: Position::new(58.5, 17.25),
            shown_at: Some(at("2026-11-01T07:30:00Z")),
            notice: Some("Avstängt".to_owned()),
            questions: vec![Question { question: "Hur länge?".to_owned(), article: None }],
            articles: vec![ArticleLink { article: ArticleId::from_u128(7), goes_live: true }],
            ..EventDraft::new("Vatten", at("2026-11-03T08:00:00Z"), Some(at("2026-11-04T13:30:00Z")))
                .told("Tappa upp", "Kajen")
        };
        let day = |text: &str| text.parse::<Date>().unwrap();
        let days = timed.clone().on_days(day("2026-10-24"), Some(day("2026-10-25")));
        let open = EventDraft { ends_at: None, ..timed.clone() };
        let open_days = timed.clone().on_days(day("2027-01-01"), None);
        for draft in [timed, days, open, open_days] {
            assert_eq!(read(words, &fields(&draft), None).unwrap(), draft);
        }
    }

    #[test]
    fn what_cannot_be_read_is_said_at_its_field() {
        let words = Words::of(Language::Swedish);
        let given = |pairs: &[(&str, &str)]| {
            let fields =
                pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
            read(words, &fields, None).unwrap_err()
        };
        assert!(given(&[]).of("first_day").is_some());
        assert!(given(&[("first_day", "2026-11-03"), ("begins", "25:00")]).of("begins").is_some());
        assert!(given(&[("first_day", "2026-11-03"), ("begins", "09:00")]).of("ends").is_some());
        assert!(given(&[("first_day", "2026-11-03"), ("ends", "09:00")]).of("begins").is_some());
        assert!(given(&[("first_day", "2026-11-03"), ("position", "norrut")]).of("position").is_some());
    }
}
