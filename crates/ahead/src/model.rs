//! Planned events, and the rules for what they may hold and when they are what.

use crate::AheadError;
use people::text;
use serde::{Deserialize, Serialize};
use vocabulary::{
    ArticleId, DepartmentId, MeetingId, PlannedEventId, Timestamp, civil::Date, local_day, start_of_day,
    to_stored_precision, words,
};

/// Longest title, in characters.
pub const TITLE_CHARS_MAX: usize = 160;
/// Longest text for those who ask, and longest notice, in characters.
pub const TEXT_CHARS_MAX: usize = 4_000;
/// Longest place, in characters.
pub const PLACE_CHARS_MAX: usize = 200;
/// Longest expected question, in characters.
pub const QUESTION_CHARS_MAX: usize = 200;
/// Most expected questions.
pub const QUESTIONS_MAX: usize = 20;
/// Most articles.
pub const ARTICLES_MAX: usize = 20;

words! {
    /// What sort of thing is planned.
    EventKind, "kind of planned event" {
        /// Works in the ground, pipes, roads, buildings (arbete).
        Works = "works",
        /// Something is closed or turned off (avstängning, stängt).
        Closure = "closure",
        /// A new or changed rule, fee or form (ny regel).
        Rule = "rule",
        /// A decision people will ask about (beslut).
        Decision = "decision",
        /// Something else.
        Other = "other",
    }
}

words! {
    /// How certain it must be that every guide knows.
    Importance, "importance" {
        /// It stands under today.
        Ordinary = "ordinary",
        /// Each guide confirms having read it.
        Important = "important",
    }
}

words! {
    /// What people have decided about an event. Live and past are for the clock to say: see [`Phase`].
    EventState, "state of a planned event" {
        /// Written, not yet settled; guides do not see it.
        Draft = "draft",
        /// It will be so.
        Planned = "planned",
        /// It was planned and will not be; guides and calendars are told.
        Cancelled = "cancelled",
        /// A draft that came to nothing.
        Dropped = "dropped",
    }
}

storage::word_value!(EventKind, Importance, EventState);

/// Where an event is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// Not settled, or dropped.
    Draft,
    /// Ahead of us.
    Planned,
    /// Now.
    Live,
    /// Over.
    Past,
    /// Will not be.
    Cancelled,
}

impl Phase {
    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Planned => "planned",
            Self::Live => "live",
            Self::Past => "past",
            Self::Cancelled => "cancelled",
        }
    }
}

/// A place on the map, in degrees (WGS 84).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Position {
    /// -90 to 90.
    pub latitude: f64,
    /// -180 to 180.
    pub longitude: f64,
}

impl Position {
    /// A position, if there is such a place.
    #[must_use]
    pub fn new(latitude: f64, longitude: f64) -> Option<Self> {
        let within = (-90.0..=90.0).contains(&latitude) && (-180.0..=180.0).contains(&longitude);
        within.then_some(Self { latitude, longitude })
    }
}

/// Something known in advance that residents will call about.
#[derive(Clone, Debug, PartialEq)]
pub struct PlannedEvent {
    /// Its id.
    pub id: PlannedEventId,
    /// What sort of thing.
    pub kind: EventKind,
    /// What happens, in a few words.
    pub title: String,
    /// What to tell those who ask.
    pub text: String,
    /// Where, in words; empty if it has no place.
    pub place: String,
    /// Where on the map.
    pub position: Option<Position>,
    /// From when.
    pub begins_at: Timestamp,
    /// Until when (not included); none: until further notice.
    pub ends_at: Option<Timestamp>,
    /// Whether it is about whole Swedish days rather than times of day.
    pub all_day: bool,
    /// Whose it is.
    pub department: Option<DepartmentId>,
    /// Whether guides must confirm it.
    pub importance: Importance,
    /// What people have decided.
    pub state: EventState,
    /// What the public reads; none: nothing.
    pub notice: Option<String>,
    /// From when the public reads it; none: from the beginning.
    pub shown_at: Option<Timestamp>,
    /// Counted from 1, a step for every change.
    pub version: u32,
    /// The version whose text guides must have confirmed.
    pub text_version: u32,
    /// When it was last changed.
    pub changed_at: Timestamp,
    /// The meeting at which it was told.
    pub meeting: Option<MeetingId>,
}

impl PlannedEvent {
    /// Where the event is in its life at `now`.
    #[must_use]
    pub fn phase(&self, now: Timestamp) -> Phase {
        match self.state {
            EventState::Draft | EventState::Dropped => Phase::Draft,
            EventState::Cancelled => Phase::Cancelled,
            EventState::Planned if self.ends_at.is_some_and(|ends| ends <= now) => Phase::Past,
            EventState::Planned if self.begins_at <= now => Phase::Live,
            EventState::Planned => Phase::Planned,
        }
    }

    /// When the notice and the articles are shown: before it begins if that was asked for, and never after.
    #[must_use]
    pub fn goes_live_at(&self) -> Timestamp {
        self.shown_at.map_or(self.begins_at, |shown| shown.min(self.begins_at))
    }

    /// The first day, in Sweden.
    #[must_use]
    pub fn first_day(&self) -> Date {
        local_day(self.begins_at)
    }

    /// The last day it touches, in Sweden; none: until further notice.
    #[must_use]
    pub fn last_day(&self) -> Option<Date> {
        self.ends_at.map(last_day)
    }

    /// Whether it touches `day` in Sweden.
    #[must_use]
    pub fn touches(&self, day: Date) -> bool {
        self.first_day() <= day && self.last_day().is_none_or(|last| day <= last)
    }
}

/// What stands in `ends_at` of an event without an end: the beginning of the year 9999.
pub(crate) fn no_end() -> Timestamp {
    const YEAR_9999_S: i64 = 253_370_764_800;
    Timestamp::from_second(YEAR_9999_S).unwrap_or(Timestamp::MAX)
}

/// The last Swedish day before `ends_at`, which is not included.
pub(crate) fn last_day(ends_at: Timestamp) -> Date {
    local_day(Timestamp::from_microsecond(ends_at.as_microsecond() - 1).unwrap_or(ends_at))
}

/// A question people are expected to ask.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// The question, as a resident would put it.
    pub question: String,
    /// What answers it.
    pub article: Option<ArticleId>,
}

/// An article that belongs to an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArticleLink {
    /// The article.
    pub article: ArticleId,
    /// Whether it is published by itself when the event is shown.
    pub goes_live: bool,
}

/// An event as somebody wants it to be; also how each version is kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are those of PlannedEvent")]
pub struct EventDraft {
    pub kind: EventKind,
    pub title: String,
    #[serde(default)]
    pub text: String,
    #[serde(default)]
    pub place: String,
    #[serde(default)]
    pub position: Option<Position>,
    pub begins_at: Timestamp,
    #[serde(default)]
    pub ends_at: Option<Timestamp>,
    #[serde(default)]
    pub all_day: bool,
    #[serde(default)]
    pub department: Option<DepartmentId>,
    pub importance: Importance,
    #[serde(default)]
    pub notice: Option<String>,
    #[serde(default)]
    pub shown_at: Option<Timestamp>,
    #[serde(default)]
    pub questions: Vec<Question>,
    #[serde(default)]
    pub articles: Vec<ArticleLink>,
    #[serde(default)]
    pub meeting: Option<MeetingId>,
}

impl EventDraft {
    /// An ordinary event of no department, with nothing for the public.
    #[must_use]
    pub fn new(title: impl Into<String>, begins_at: Timestamp, ends_at: Option<Timestamp>) -> Self {
        Self {
            kind: EventKind::Other,
            title: title.into(),
            text: String::new(),
            place: String::new(),
            position: None,
            begins_at,
            ends_at,
            all_day: false,
            department: None,
            importance: Importance::Ordinary,
            notice: None,
            shown_at: None,
            questions: Vec::new(),
            articles: Vec::new(),
            meeting: None,
        }
    }

    /// With what to tell those who ask.
    #[must_use]
    pub fn told(mut self, text: impl Into<String>, place: impl Into<String>) -> Self {
        (self.text, self.place) = (text.into(), place.into());
        self
    }

    /// What `event` is now, with what belongs to it.
    #[must_use]
    pub fn of(event: &PlannedEvent, questions: Vec<Question>, articles: Vec<ArticleLink>) -> Self {
        Self {
            kind: event.kind,
            title: event.title.clone(),
            text: event.text.clone(),
            place: event.place.clone(),
            position: event.position,
            begins_at: event.begins_at,
            ends_at: event.ends_at,
            all_day: event.all_day,
            department: event.department,
            importance: event.importance,
            notice: event.notice.clone(),
            shown_at: event.shown_at,
            questions,
            articles,
            meeting: event.meeting,
        }
    }

    /// About whole days from `first` to and with `last`; none: until further notice.
    #[must_use]
    pub fn on_days(mut self, first: Date, last: Option<Date>) -> Self {
        self.all_day = true;
        self.begins_at = start_of_day(first);
        self.ends_at = last.map(|last| last.tomorrow().map_or(Timestamp::MAX, start_of_day));
        self
    }

    /// Trims and checks: what is given back is what is kept.
    ///
    /// # Errors
    /// [`AheadError::Text`] naming the field, [`AheadError::Order`], or [`AheadError::TooMany`].
    pub fn checked(&self) -> Result<Self, AheadError> {
        if self.questions.len() > QUESTIONS_MAX {
            return Err(AheadError::TooMany { field: "questions", max: QUESTIONS_MAX });
        }
        if self.articles.len() > ARTICLES_MAX {
            return Err(AheadError::TooMany { field: "articles", max: ARTICLES_MAX });
        }
        let mut questions = Vec::with_capacity(self.questions.len());
        for asked in &self.questions {
            if let Some(question) = text::optional_line("questions", &asked.question, QUESTION_CHARS_MAX)? {
                questions.push(Question { question, article: asked.article });
            }
        }
        let mut articles: Vec<ArticleLink> = Vec::with_capacity(self.articles.len());
        for link in &self.articles {
            if articles.iter().all(|known| known.article != link.article) {
                articles.push(*link);
            }
        }
        let begins_at = to_stored_precision(self.begins_at);
        if begins_at >= no_end() {
            return Err(AheadError::Value { field: "first_day" });
        }
        let ends_at = self.ends_at.map(to_stored_precision).filter(|ends| *ends < no_end());
        if ends_at.is_some_and(|ends| ends <= begins_at) {
            return Err(AheadError::Order);
        }
        let paragraphs = |field, given| text::optional_paragraphs(field, given, TEXT_CHARS_MAX);
        Ok(Self {
            title: text::line("title", &self.title, TITLE_CHARS_MAX)?,
            text: paragraphs("text", &self.text)?.unwrap_or_default(),
            place: text::optional_line("place", &self.place, PLACE_CHARS_MAX)?.unwrap_or_default(),
            notice: paragraphs("notice", self.notice.as_deref().unwrap_or_default())?,
            shown_at: self.shown_at.map(to_stored_precision),
            begins_at,
            ends_at,
            questions,
            articles,
            ..self.clone()
        })
    }

    /// Whether guides who have confirmed `before` know all of this: what happens, where, when, what to say.
    #[must_use]
    pub fn is_known_from(&self, before: &Self) -> bool {
        let read = |draft: &Self| {
            (
                draft.title.clone(),
                draft.text.clone(),
                draft.place.clone(),
                draft.begins_at,
                draft.ends_at,
                draft.all_day,
                draft.questions.clone(),
            )
        };
        read(self) == read(before)
    }

    /// The fields in which this differs from `before`, by name.
    #[must_use]
    pub fn changed_from(&self, before: &Self) -> Vec<&'static str> {
        let mut changed = Vec::new();
        let mut note = |differs: bool, field| {
            if differs {
                changed.push(field);
            }
        };
        note(self.kind != before.kind, "kind");
        note(self.title != before.title, "title");
        note(self.text != before.text, "text");
        note(self.place != before.place, "place");
        note(self.position != before.position, "position");
        let time = |draft: &Self| (draft.begins_at, draft.ends_at, draft.all_day);
        note(time(self) != time(before), "time");
        note(self.department != before.department, "department");
        note(self.importance != before.importance, "importance");
        note(self.notice != before.notice || self.shown_at != before.shown_at, "notice");
        note(self.questions != before.questions, "questions");
        note(self.articles != before.articles, "articles");
        changed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vocabulary::civil::date;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn event(state: EventState, ends_at: Option<&str>) -> PlannedEvent {
        PlannedEvent {
            id: PlannedEventId::nil(),
            kind: EventKind::Works,
            title: "Vattnet stängs av".to_owned(),
            text: String::new(),
            place: String::new(),
            position: None,
            begins_at: at("2026-11-03T08:00:00Z"),
            ends_at: ends_at.map(at),
            all_day: false,
            department: None,
            importance: Importance::Ordinary,
            state,
            notice: None,
            shown_at: None,
            version: 1,
            text_version: 1,
            changed_at: at("2026-11-01T08:00:00Z"),
            meeting: None,
        }
    }

    #[test]
    fn the_clock_says_what_is_live_and_past() {
        let works = event(EventState::Planned, Some("2026-11-03T13:00:00Z"));
        for (now, phase) in [
            ("2026-11-03T07:59:59.999999Z", Phase::Planned),
            ("2026-11-03T08:00:00Z", Phase::Live),
            ("2026-11-03T12:59:59.999999Z", Phase::Live),
            ("2026-11-03T13:00:00Z", Phase::Past),
        ] {
            assert_eq!(works.phase(at(now)), phase, "{now}");
        }
        let open_ended = event(EventState::Planned, None);
        assert_eq!(open_ended.phase(at("2040-01-01T00:00:00Z")), Phase::Live);
        assert_eq!(event(EventState::Draft, None).phase(at("2026-11-04T00:00:00Z")), Phase::Draft);
        assert_eq!(event(EventState::Cancelled, None).phase(at("2026-11-04T00:00:00Z")), Phase::Cancelled);
    }

    #[test]
    fn whole_days_are_swedish_days_also_when_the_clock_is_moved() {
        let draft = EventDraft::new("Stängt", at("2026-01-01T00:00:00Z"), None)
            .on_days(date(2026, 10, 24), Some(date(2026, 10, 25)));
        let hours = draft.ends_at.unwrap().duration_since(draft.begins_at).as_hours();
        assert_eq!(hours, 49, "the night the clock goes back");
        let closed = PlannedEvent {
            begins_at: draft.begins_at,
            ends_at: draft.ends_at,
            all_day: true,
            ..event(EventState::Planned, None)
        };
        assert_eq!((closed.first_day(), closed.last_day()), (date(2026, 10, 24), Some(date(2026, 10, 25))));
        assert!(closed.touches(date(2026, 10, 25)) && !closed.touches(date(2026, 10, 26)));
    }

    #[test]
    fn what_guides_read_asks_them_again_and_nothing_else_does() {
        let before = EventDraft::new("Ny avgift", at("2026-11-03T08:00:00Z"), None).told("200 kronor", "");
        let louder = EventDraft { notice: Some("Ny avgift".to_owned()), ..before.clone() };
        assert!(louder.is_known_from(&before));
        assert_eq!(louder.changed_from(&before), ["notice"]);
        let dearer = EventDraft { text: "300 kronor".to_owned(), ..before.clone() };
        assert!(!dearer.is_known_from(&before));
        assert_eq!(dearer.changed_from(&before), ["text"]);
    }

    #[test]
    fn a_draft_is_trimmed_and_bounded() {
        let draft = EventDraft::new("  Ny taxa ", at("2026-11-03T08:00:00Z"), None);
        assert_eq!(draft.checked().unwrap().title, "Ny taxa");
        let backwards = EventDraft { ends_at: Some(at("2026-11-03T08:00:00Z")), ..draft.clone() };
        assert!(matches!(backwards.checked(), Err(AheadError::Order)));
        let nameless = EventDraft { title: " ".to_owned(), ..draft.clone() };
        assert!(matches!(nameless.checked(), Err(AheadError::Text(fault)) if fault.field == "title"));
        let unsure = Question { question: "Hur?".to_owned(), article: None };
        let many = EventDraft { questions: vec![unsure; QUESTIONS_MAX + 1], ..draft };
        assert!(matches!(many.checked(), Err(AheadError::TooMany { field: "questions", .. })));
    }
}
