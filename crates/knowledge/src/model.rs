//! What an article is: its texts, who answers for it, when it is looked at again. The rules for what it may hold.

use crate::KnowledgeError;
use crate::life::ArticleState;
use serde::{Deserialize, Serialize};
use std::ops::Deref;
use storage::blobs::Digest;
use vocabulary::civil::Date;
use vocabulary::{
    ArticleCommentId, ArticleFileId, ArticleId, AssignmentId, CaseTypeId, DepartmentId, Timestamp, UserId,
};

/// A slug, in characters.
pub const SLUG_CHARS_MAX: usize = 80;
/// A title.
pub const TITLE_CHARS_MAX: usize = 120;
/// What to say first.
pub const ANSWER_CHARS_MAX: usize = 600;
/// The rest.
pub const BODY_CHARS_MAX: usize = 20_000;
/// Words that residents use.
pub const KEYWORDS_CHARS_MAX: usize = 1_000;
/// How to think in this type of call.
pub const APPROACH_CHARS_MAX: usize = 2_000;
/// What was changed, a comment, a reader's note.
pub const NOTE_CHARS_MAX: usize = 2_000;
/// A link's address.
pub const URL_CHARS_MAX: usize = 500;
/// Links of one article.
pub const LINKS_MAX: usize = 12;
/// Files of one version.
pub const FILES_MAX: usize = 10;
/// Case types of one article.
pub const CASE_TYPES_MAX: usize = 10;
/// How far ahead an article may be looked at again: longer than two years is never.
pub const REVIEW_DAYS_MAX: i32 = 732;

/// Names in addresses that are pages of their own.
const SLUGS_TAKEN: &[&str] =
    &["articles", "find", "gaps", "new", "preview", "search", "searches", "synonyms", "tasks"];

/// One text of an article: what to say first, then the rest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wording {
    /// What it is about, as a resident would put it.
    pub title: String,
    /// What to say first: one or two sentences that answer.
    pub answer: String,
    /// The rest, in the small Markdown that [`crate::blocks`] reads; steps stand here. May be empty.
    pub body: String,
}

/// Where to read or do more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArticleLink {
    /// What it leads to.
    pub title: String,
    /// `https://…` or `http://…`.
    pub url: String,
    /// Whether residents are shown it, too.
    #[serde(default)]
    pub public: bool,
}

/// A file that goes with a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AttachedFile {
    /// Which of the article's files.
    pub file: ArticleFileId,
    /// Whether residents may read it.
    pub public: bool,
}

/// A file kept with an article; its content lies in the blobs.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are the columns of article_files, explained in the migration")]
pub struct ArticleFile {
    pub id: ArticleFileId,
    pub article: ArticleId,
    pub name: String,
    pub media_type: String,
    pub digest: Digest,
    pub size_bytes: u64,
    pub added_by: Option<UserId>,
    pub added_at: Timestamp,
}

/// Everything a version of an article says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Content {
    /// The cheat sheet: what guides read.
    pub internal: Option<Wording>,
    /// The question and its answer: what residents read.
    pub public: Option<Wording>,
    /// Words that residents use and the text does not, separated by commas.
    pub keywords: String,
    /// How to think in this type of call.
    pub approach: String,
    /// The department that answers for what it says.
    pub department: Option<DepartmentId>,
    /// The assignment it belongs to.
    pub assignment: Option<AssignmentId>,
    /// The case types a contact about this becomes, the usual one first.
    pub case_types: Vec<CaseTypeId>,
    /// Who sees to it that it stays right.
    pub owner: Option<UserId>,
    /// When somebody looks at it again, at the latest.
    pub review_day: Option<Date>,
    /// The first day it is read.
    pub valid_from: Option<Date>,
    /// The last day it is read.
    pub valid_to: Option<Date>,
    /// Where to read or do more.
    pub links: Vec<ArticleLink>,
    /// Files that go with it.
    pub files: Vec<AttachedFile>,
}

impl Content {
    /// What guides read, else what residents read.
    #[must_use]
    pub fn wording(&self) -> Option<&Wording> {
        self.internal.as_ref().or(self.public.as_ref())
    }

    /// The title guides read.
    #[must_use]
    pub fn title(&self) -> &str {
        self.wording().map_or("", |wording| &wording.title)
    }

    /// What guides say first.
    #[must_use]
    pub fn answer(&self) -> &str {
        self.wording().map_or("", |wording| &wording.answer)
    }

    /// The rest of what guides read.
    #[must_use]
    pub fn body(&self) -> &str {
        self.wording().map_or("", |wording| &wording.body)
    }

    /// The case type a contact about it usually becomes.
    #[must_use]
    pub fn case_type(&self) -> Option<CaseTypeId> {
        self.case_types.first().copied()
    }

    /// Whether `today` lies within the days it is read.
    #[must_use]
    pub fn is_valid(&self, today: Date) -> bool {
        self.valid_from.is_none_or(|from| from <= today) && self.valid_to.is_none_or(|to| today <= to)
    }

    /// Whether somebody should have looked at it by `today`. What has no review day always should.
    #[must_use]
    pub fn is_overdue(&self, today: Date) -> bool {
        self.review_day.is_none_or(|day| day < today)
    }

    /// Trims, makes line ends alike and drops what is empty, so that two ways of typing the same are the same.
    #[must_use]
    pub fn tidied(mut self) -> Self {
        let tidy =
            |text: &mut String| *text = text.replace("\r\n", "\n").replace('\r', "\n").trim().to_owned();
        for wording in self.internal.iter_mut().chain(&mut self.public) {
            tidy(&mut wording.title);
            tidy(&mut wording.answer);
            tidy(&mut wording.body);
        }
        let said = |wording: &Wording| *wording != Wording::default();
        self.internal = self.internal.filter(said);
        self.public = self.public.filter(said);
        tidy(&mut self.keywords);
        tidy(&mut self.approach);
        for link in &mut self.links {
            tidy(&mut link.title);
            tidy(&mut link.url);
        }
        self.links.retain(|link| !link.url.is_empty() || !link.title.is_empty());
        let mut seen = Vec::new();
        self.case_types.retain(|id| {
            !seen.contains(id) && {
                seen.push(*id);
                true
            }
        });
        self
    }

    /// Checks that each field holds something sensible and not too much.
    ///
    /// # Errors
    /// [`KnowledgeError::Length`] and its like, naming the field.
    pub fn check(&self) -> Result<(), KnowledgeError> {
        if self.wording().is_none() {
            return Err(KnowledgeError::Length { field: "title", chars: 0, chars_max: TITLE_CHARS_MAX });
        }
        for (wording, [title, answer, body]) in [
            (&self.internal, ["title", "answer", "body"]),
            (&self.public, ["public_title", "public_answer", "public_body"]),
        ] {
            if let Some(wording) = wording {
                within(title, &wording.title, 1, TITLE_CHARS_MAX)?;
                within(answer, &wording.answer, 1, ANSWER_CHARS_MAX)?;
                within(body, &wording.body, 0, BODY_CHARS_MAX)?;
            }
        }
        within("keywords", &self.keywords, 0, KEYWORDS_CHARS_MAX)?;
        within("approach", &self.approach, 0, APPROACH_CHARS_MAX)?;
        if self.valid_from.zip(self.valid_to).is_some_and(|(from, to)| to < from) {
            return Err(KnowledgeError::ValidOrder);
        }
        for (what, count, max) in [
            ("links", self.links.len(), LINKS_MAX),
            ("files", self.files.len(), FILES_MAX),
            ("case_types", self.case_types.len(), CASE_TYPES_MAX),
        ] {
            if count > max {
                return Err(KnowledgeError::TooMany { what, max });
            }
        }
        self.links.iter().try_for_each(check_link)
    }
}

/// A link leads to a page on the web and nowhere else: `javascript:` and its like are no addresses here.
fn check_link(link: &ArticleLink) -> Result<(), KnowledgeError> {
    within("links", &link.title, 1, TITLE_CHARS_MAX)?;
    within("links", &link.url, 1, URL_CHARS_MAX)?;
    let rest = link.url.strip_prefix("https://").or_else(|| link.url.strip_prefix("http://"));
    let is_address = rest.is_some_and(|rest| {
        rest.starts_with(|c: char| c.is_alphanumeric() || c == '[')
            && !rest.chars().any(|c| c.is_whitespace() || c == '"' || c == '<' || c == '>' || c == '\\')
    });
    if is_address { Ok(()) } else { Err(KnowledgeError::Link(link.url.clone())) }
}

/// A knowledge article: where it stands, and what one of its versions says. Reads as its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Article {
    /// Its id.
    pub id: ArticleId,
    /// Its name in addresses and data files; never changes.
    pub slug: String,
    /// Where this version stands.
    pub state: ArticleState,
    /// Which version this is, counted from 1.
    pub version: u32,
    /// The newest version there is.
    pub newest: u32,
    /// The version that is read, if one is.
    pub live: Option<u32>,
    /// Whether the newest version waits for somebody to review it.
    pub review_wanted: bool,
    /// When this version was written.
    pub changed_at: Timestamp,
    /// What it says.
    pub content: Content,
}

impl Deref for Article {
    type Target = Content;

    fn deref(&self) -> &Content {
        &self.content
    }
}

impl Article {
    /// A first version, published.
    #[must_use]
    pub fn published(id: ArticleId, slug: &str, content: Content, changed_at: Timestamp) -> Self {
        Self {
            id,
            slug: slug.to_owned(),
            state: ArticleState::Published,
            version: 1,
            newest: 1,
            live: Some(1),
            review_wanted: false,
            changed_at,
            content,
        }
    }

    /// Whether it is read on `today`: published, and within the days it is valid.
    #[must_use]
    pub fn is_live(&self, today: Date) -> bool {
        self.live == Some(self.version) && self.is_valid(today)
    }
}

/// An article as somebody wants it to be, under its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArticleDraft {
    /// Its name in addresses and data files.
    pub slug: String,
    /// What it says.
    pub content: Content,
}

impl ArticleDraft {
    /// A draft with an internal text only.
    #[must_use]
    pub fn internal(slug: &str, title: &str, answer: &str, body: &str, keywords: &str) -> Self {
        let wording = Wording { title: title.to_owned(), answer: answer.to_owned(), body: body.to_owned() };
        let content =
            Content { internal: Some(wording), keywords: keywords.to_owned(), ..Content::default() };
        Self { slug: slug.to_owned(), content }
    }

    /// The same, owned by somebody who looks at it again on that day.
    #[must_use]
    pub fn owned(mut self, owner: UserId, review_day: Date) -> Self {
        self.content.owner = Some(owner);
        self.content.review_day = Some(review_day);
        self
    }

    /// Checks that each field holds something sensible and not too much.
    ///
    /// # Errors
    /// [`KnowledgeError::Slug`], [`KnowledgeError::Length`] and its like, naming the field.
    pub fn check(&self) -> Result<(), KnowledgeError> {
        within("slug", &self.slug, 1, SLUG_CHARS_MAX)?;
        let signs = self.slug.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if !signs || SLUGS_TAKEN.contains(&self.slug.as_str()) {
            return Err(KnowledgeError::Slug(self.slug.clone()));
        }
        self.content.check()
    }
}

/// The name a title becomes in an address: `Borgerlig vigsel å kommunen` is `borgerlig-vigsel-a-kommunen`. The `nth` try
/// (from 1) for the same title ends with its number, as the first ones are taken.
#[must_use]
pub fn slug_of(title: &str, nth: u32) -> String {
    let mut slug = String::new();
    for c in title.chars().flat_map(char::to_lowercase) {
        let plain = match c {
            'å' | 'ä' | 'à' | 'á' | 'â' => 'a',
            'ö' | 'ø' | 'ó' | 'ô' => 'o',
            'é' | 'è' | 'ê' | 'ë' => 'e',
            'ü' | 'ú' => 'u',
            'æ' => 'a',
            c if c.is_ascii_alphanumeric() => c,
            _ => '-',
        };
        if plain != '-' || !(slug.is_empty() || slug.ends_with('-')) {
            slug.push(plain);
        }
    }
    let mut slug: String = slug.chars().take(SLUG_CHARS_MAX - 12).collect();
    slug.truncate(slug.trim_end_matches('-').len());
    if slug.is_empty() {
        slug.push_str("artikel");
    }
    if nth > 1 {
        format!("{slug}-{nth}")
    } else if SLUGS_TAKEN.contains(&slug.as_str()) {
        slug + "-1"
    } else {
        slug
    }
}

/// One version of an article, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Counted from 1.
    pub number: u32,
    /// Its title, as guides read it.
    pub title: String,
    /// What was changed, in the writer's words.
    pub note: String,
    /// The version it is a copy of.
    pub restored_from: Option<u32>,
    /// When it was written.
    pub written_at: Timestamp,
    /// By whom; none if the house put it in.
    pub written_by: Option<UserId>,
    /// When it was reviewed.
    pub reviewed_at: Option<Timestamp>,
    /// By whom.
    pub reviewed_by: Option<UserId>,
    /// When it was published.
    pub published_at: Option<Timestamp>,
    /// By whom.
    pub published_by: Option<UserId>,
}

/// What a colleague says about a text.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are the columns of article_comments, explained in the migration")]
pub struct Comment {
    pub id: ArticleCommentId,
    pub article: ArticleId,
    pub version: u32,
    pub author: Option<UserId>,
    pub text: String,
    pub written_at: Timestamp,
}

/// A text within its bounds, without signs nobody can read.
pub(crate) fn within(
    field: &'static str,
    text: &str,
    chars_min: usize,
    chars_max: usize,
) -> Result<(), KnowledgeError> {
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err(KnowledgeError::Unprintable { field });
    }
    let chars = text.trim().chars().count();
    if (chars_min..=chars_max).contains(&chars) {
        Ok(())
    } else {
        Err(KnowledgeError::Length { field, chars, chars_max })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vocabulary::civil::date;

    #[test]
    fn a_title_becomes_a_name_in_an_address() {
        assert_eq!(slug_of("Får jag elda löv i trädgården?", 1), "far-jag-elda-lov-i-tradgarden");
        assert_eq!(slug_of("Får jag elda löv i trädgården?", 3), "far-jag-elda-lov-i-tradgarden-3");
        assert_eq!(slug_of("Tasks", 1), "tasks-1");
        assert_eq!(slug_of("???", 1), "artikel");
        let long = slug_of(&"Ett ord ".repeat(40), 1_000_000);
        assert!(long.len() <= SLUG_CHARS_MAX && !long.contains("--"), "{long}");
        assert!(ArticleDraft::internal(&long, "A", "B", "", "").check().is_ok());
    }

    #[test]
    fn the_first_and_the_last_day_are_read_and_no_other() {
        let content = Content {
            valid_from: Some(date(2026, 11, 2)),
            valid_to: Some(date(2026, 11, 3)),
            ..Content::default()
        };
        let read = |day| content.is_valid(date(2026, 11, day));
        assert_eq!([1, 2, 3, 4].map(read), [false, true, true, false]);
    }

    #[test]
    fn the_review_day_itself_is_in_time_and_none_never_is() {
        let day = date(2026, 11, 2);
        let content = Content { review_day: Some(day), ..Content::default() };
        assert!(!content.is_overdue(day) && content.is_overdue(date(2026, 11, 3)));
        assert!(Content::default().is_overdue(day));
    }

    #[test]
    fn a_link_leads_to_the_web_and_nowhere_else() {
        let led = |url: &str| {
            let mut draft = ArticleDraft::internal("a", "A", "B", "", "");
            draft.content.links =
                vec![ArticleLink { title: "Taxa".to_owned(), url: url.to_owned(), public: false }];
            draft.check().is_ok()
        };
        assert!(led("https://vikhamn.example/taxa?x=1#två") && led("http://intranet/"));
        for bad in
            ["javascript:alert(1)", "data:text/html,x", "https://", "https:// a", "vikhamn.se", "//a.b", ""]
        {
            assert!(!led(bad), "{bad}");
        }
    }

    #[test]
    fn the_same_typed_in_two_ways_is_the_same() {
        let typed = |body: &str, keywords: &str| {
            ArticleDraft::internal("a", " A ", "B", body, keywords).content.tidied()
        };
        assert_eq!(typed("x\r\ny\r\n", " k"), typed("x\ny", "k"));
        let only_public = Content { public: Some(Wording::default()), ..typed("", "") };
        assert_eq!(only_public.tidied().public, None);
    }
}
