//! Articles and planned events, and the rules for what they may hold.

use crate::KnowledgeError;
use vocabulary::{ArticleId, CaseTypeId, DepartmentId, PlannedEventId, Timestamp};

const SLUG_CHARS_MAX: usize = 80;
const TITLE_CHARS_MAX: usize = 120;
const ANSWER_CHARS_MAX: usize = 600;
const BODY_CHARS_MAX: usize = 20_000;
const KEYWORDS_CHARS_MAX: usize = 1_000;
const EVENT_TEXT_CHARS_MAX: usize = 2_000;
const PLACE_CHARS_MAX: usize = 200;

/// A knowledge article: what to say first, then the rest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Article {
    /// Its id.
    pub id: ArticleId,
    /// Its name in addresses and data files; never changes.
    pub slug: String,
    /// What it is about, as a resident would put it.
    pub title: String,
    /// What to say first: one or two sentences that answer.
    pub answer: String,
    /// The rest, in the small Markdown that [`crate::blocks`] reads.
    pub body: String,
    /// Words that residents use and the text does not, separated by commas.
    pub keywords: String,
    /// The department that answers for it.
    pub department: Option<DepartmentId>,
    /// The case type a contact about this usually becomes.
    pub case_type: Option<CaseTypeId>,
    /// When it was last changed.
    pub changed_at: Timestamp,
}

/// An article as somebody wants it to be.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of Article")]
pub struct ArticleDraft {
    pub slug: String,
    pub title: String,
    pub answer: String,
    pub body: String,
    pub keywords: String,
    pub department: Option<DepartmentId>,
    pub case_type: Option<CaseTypeId>,
}

impl ArticleDraft {
    /// Checks that each field holds something and not too much.
    ///
    /// # Errors
    /// [`KnowledgeError::Slug`], [`KnowledgeError::Length`] or [`KnowledgeError::Unprintable`], naming the field.
    pub fn check(&self) -> Result<(), KnowledgeError> {
        within("slug", &self.slug, SLUG_CHARS_MAX)?;
        if !self.slug.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') {
            return Err(KnowledgeError::Slug(self.slug.clone()));
        }
        within("title", &self.title, TITLE_CHARS_MAX)?;
        within("answer", &self.answer, ANSWER_CHARS_MAX)?;
        within("body", &self.body, BODY_CHARS_MAX)?;
        within("keywords", &self.keywords, KEYWORDS_CHARS_MAX)
    }

    /// Whether `article` already says just this.
    #[must_use]
    pub(crate) fn is_said_by(&self, article: &Article) -> bool {
        self.title == article.title
            && self.answer == article.answer
            && self.body == article.body
            && self.keywords == article.keywords
            && self.department == article.department
            && self.case_type == article.case_type
    }
}

/// Something known in advance that residents will call about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedEvent {
    /// Its id.
    pub id: PlannedEventId,
    /// What happens, in a few words.
    pub title: String,
    /// What to tell those who ask.
    pub text: String,
    /// Where.
    pub place: String,
    /// From when.
    pub begins_at: Timestamp,
    /// Until when (not included).
    pub ends_at: Timestamp,
}

/// A planned event as somebody wants it to be.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of PlannedEvent")]
pub struct PlannedEventDraft {
    pub title: String,
    pub text: String,
    pub place: String,
    pub begins_at: Timestamp,
    pub ends_at: Timestamp,
}

impl PlannedEventDraft {
    /// Checks that each field holds something and not too much, and that the event ends after it begins.
    ///
    /// # Errors
    /// [`KnowledgeError::Length`] or [`KnowledgeError::Unprintable`], naming the field, or
    /// [`KnowledgeError::EventOrder`].
    pub fn check(&self) -> Result<(), KnowledgeError> {
        within("title", &self.title, TITLE_CHARS_MAX)?;
        within("text", &self.text, EVENT_TEXT_CHARS_MAX)?;
        within("place", &self.place, PLACE_CHARS_MAX)?;
        if self.begins_at < self.ends_at { Ok(()) } else { Err(KnowledgeError::EventOrder) }
    }
}

fn within(field: &'static str, text: &str, chars_max: usize) -> Result<(), KnowledgeError> {
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err(KnowledgeError::Unprintable { field });
    }
    let chars = text.trim().chars().count();
    if (1..=chars_max).contains(&chars) {
        Ok(())
    } else {
        Err(KnowledgeError::Length { field, chars, chars_max })
    }
}
