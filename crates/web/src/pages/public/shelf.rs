//! The public questions and answers as they stand: read once, and kept until something of it changes.
//!
//! Each page asks the timeline what has happened since, in the same read as its notices, so that what is kept is never
//! older than the database. The day is part of it: tomorrow other articles may be valid.

use cases::CaseType;
use knowledge::{Article, KnowledgeError, Wording};
use people::directory::Department;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use storage::{Session, timeline};
use vocabulary::{ArticleId, Timestamp, civil::Date, local_day};

/// How much of the timeline is read before all is read anew instead.
const BEHIND_MAX: u32 = 2_000;
/// How many related questions an answer leads to.
const RELATED_MAX: usize = 4;
/// What lies on the shelf is made of these.
const MADE_OF: &[&str] = &["article", "case_type", "department"];

/// The shelf. Cheap to clone; all clones are one.
#[derive(Clone, Default)]
pub struct Shelf(Arc<Mutex<Option<Arc<Standing>>>>);

impl std::fmt::Debug for Shelf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shelf").finish_non_exhaustive()
    }
}

impl Shelf {
    /// What stands there at `now`.
    ///
    /// # Errors
    /// The database.
    pub fn read(&self, s: &mut Session<'_>, now: Timestamp) -> Result<Arc<Standing>, KnowledgeError> {
        let today = local_day(now);
        let held = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(standing) = held.filter(|standing| standing.day == today)
            && standing.still_holds(s)?
        {
            return Ok(standing);
        }
        // Held while it is read anew, so that it is read once however many ask.
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(standing) = held.as_ref().filter(|standing| standing.day == today)
            && standing.still_holds(s)?
        {
            return Ok(Arc::clone(standing));
        }
        let upto = timeline::last_seq(s)?;
        let articles = knowledge::queries::public_articles(s, today)?;
        let types = cases::queries::case_types(s)?;
        let departments = people::directory::queries::departments(s)?;
        let standing = Arc::new(Standing::of(articles, &types, &departments, today, upto));
        *held = Some(Arc::clone(&standing));
        Ok(standing)
    }
}

/// What stands on the shelf on one day.
#[derive(Debug)]
pub struct Standing {
    day: Date,
    upto: AtomicI64,
    articles: Vec<Article>,
    by_slug: HashMap<String, usize>,
    by_id: HashMap<ArticleId, usize>,
    topics: Vec<Topic>,
    words: Words,
    related: Vec<OnceLock<Vec<usize>>>,
}

/// Questions that belong together: what the town calls their matter, or the department that answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topic {
    /// Its name in addresses.
    pub slug: String,
    /// Its name.
    pub name: String,
    articles: Vec<usize>,
}

/// Which article says which word.
#[derive(Debug, Default)]
struct Words {
    of_article: Vec<BTreeSet<String>>,
    said_by: HashMap<String, usize>,
}

impl Standing {
    fn of(
        articles: Vec<Article>,
        types: &[CaseType],
        departments: &[Department],
        day: Date,
        upto: i64,
    ) -> Self {
        // What has no public wording cannot be shown, whatever brought it here.
        let mut articles: Vec<Article> =
            articles.into_iter().filter(|article| article.public.is_some()).collect();
        articles.sort_by(|a, b| public(a).title.cmp(&public(b).title).then(a.id.cmp(&b.id)));
        let words = Words::of(&articles);
        Self {
            by_slug: articles.iter().enumerate().map(|(at, article)| (article.slug.clone(), at)).collect(),
            by_id: articles.iter().enumerate().map(|(at, article)| (article.id, at)).collect(),
            topics: topics(&articles, types, departments),
            related: articles.iter().map(|_| OnceLock::new()).collect(),
            upto: AtomicI64::new(upto),
            words,
            articles,
            day,
        }
    }

    /// Whether nothing it is made of has changed since it was read.
    fn still_holds(&self, s: &mut Session<'_>) -> Result<bool, KnowledgeError> {
        let upto = self.upto.load(Ordering::Acquire);
        let last = timeline::last_seq(s)?;
        // A snapshot from before what is held: another page has read further, and theirs is the newer.
        if last <= upto {
            return Ok(true);
        }
        if last - upto > i64::from(BEHIND_MAX) {
            return Ok(false);
        }
        let since = timeline::read_from(s, upto, BEHIND_MAX)?;
        let touched = since.iter().any(|entry| MADE_OF.contains(&entry.subject_kind.as_str()));
        if !touched {
            self.upto.fetch_max(last, Ordering::AcqRel);
        }
        Ok(!touched)
    }

    /// Every article, by title.
    #[must_use]
    pub fn articles(&self) -> &[Article] {
        &self.articles
    }

    /// The article at an address.
    #[must_use]
    pub fn article(&self, slug: &str) -> Option<&Article> {
        self.by_slug.get(slug).and_then(|at| self.articles.get(*at))
    }

    /// The articles with these ids that are here, in their order.
    pub fn these<'s>(
        &'s self,
        ids: impl IntoIterator<Item = ArticleId> + 's,
    ) -> impl Iterator<Item = &'s Article> {
        ids.into_iter().filter_map(|id| self.by_id.get(&id).and_then(|at| self.articles.get(*at)))
    }

    /// The topics, by name.
    #[must_use]
    pub fn topics(&self) -> &[Topic] {
        &self.topics
    }

    /// The topic at an address, with its articles.
    #[must_use]
    pub fn topic(&self, slug: &str) -> Option<(&Topic, Vec<&Article>)> {
        let topic = self.topics.iter().find(|topic| topic.slug == slug)?;
        Some((topic, topic.articles.iter().filter_map(|at| self.articles.get(*at)).collect()))
    }

    /// The first topic of an article.
    #[must_use]
    pub fn topic_of(&self, slug: &str) -> Option<&Topic> {
        let at = self.by_slug.get(slug)?;
        self.topics.iter().find(|topic| topic.articles.contains(at))
    }

    /// Questions near an article's: those that share words with it which few others say, or its matter.
    #[must_use]
    pub fn related(&self, slug: &str) -> Vec<&Article> {
        let Some(&at) = self.by_slug.get(slug) else { return Vec::new() };
        let related = self.related[at].get_or_init(|| self.nearest(at));
        related.iter().filter_map(|at| self.articles.get(*at)).collect()
    }

    fn nearest(&self, at: usize) -> Vec<usize> {
        let own = &self.articles[at];
        let mut near: Vec<(f64, usize)> = (0..self.articles.len())
            .filter(|other| *other != at)
            .filter_map(|other| {
                let theirs = &self.articles[other];
                let same_matter = own.case_types.iter().any(|id| theirs.case_types.contains(id));
                let score = self.words.shared(at, other) + if same_matter { 0.3 } else { 0.0 };
                (score > 0.1).then_some((score, other))
            })
            .collect();
        near.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        near.into_iter().take(RELATED_MAX).map(|(_, other)| other).collect()
    }
}

/// What an article says to everybody; nothing if it is internal, which is never on the shelf.
#[must_use]
pub fn public(article: &Article) -> &Wording {
    static NOTHING: OnceLock<Wording> = OnceLock::new();
    article.public.as_ref().unwrap_or_else(|| NOTHING.get_or_init(Wording::default))
}

impl Words {
    fn of(articles: &[Article]) -> Self {
        let of_article: Vec<BTreeSet<String>> = articles
            .iter()
            .map(|article| {
                let text = format!("{} {}", public(article).title, article.keywords).to_lowercase();
                text.split(|c: char| !c.is_alphanumeric())
                    .filter(|word| word.chars().count() > 3)
                    .map(str::to_owned)
                    .collect()
            })
            .collect();
        let mut said_by: HashMap<String, usize> = HashMap::new();
        for word in of_article.iter().flatten() {
            *said_by.entry(word.clone()).or_default() += 1;
        }
        Self { of_article, said_by }
    }

    /// How much two articles say alike: each shared word counts the less, the more articles say it.
    fn shared(&self, one: usize, other: usize) -> f64 {
        let shared = self.of_article[one].intersection(&self.of_article[other]);
        shared.map(|word| 1.0 / self.said_by.get(word).map_or(1.0, |n| *n as f64)).sum()
    }
}

/// The topics the articles make: the headings of the matters they are about, or else the department that answers.
fn topics(articles: &[Article], types: &[CaseType], departments: &[Department]) -> Vec<Topic> {
    let mut named: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, article) in articles.iter().enumerate() {
        let mut names: BTreeSet<&str> = article
            .case_types
            .iter()
            .filter_map(|id| types.iter().find(|case_type| case_type.id == *id))
            .map(|case_type| case_type.category.as_str())
            .collect();
        if names.is_empty() {
            let own = departments.iter().find(|department| Some(department.id) == article.department);
            names.extend(own.map(|department| department.name.as_str()));
        }
        for name in names.into_iter().filter(|name| !name.trim().is_empty()) {
            named.entry(name).or_default().push(at);
        }
    }
    let mut topics: Vec<Topic> = Vec::new();
    for (name, articles) in named {
        let plain = slug(name);
        let mut own = plain.clone();
        let mut n = 2;
        while topics.iter().any(|topic| topic.slug == own) {
            own = format!("{plain}-{n}");
            n += 1;
        }
        topics.push(Topic { slug: own, name: name.to_owned(), articles });
    }
    topics
}

/// A name as it stands in an address: small letters of the plain alphabet, digits and hyphens.
fn slug(name: &str) -> String {
    let mut slug = String::new();
    for letter in name.chars().flat_map(char::to_lowercase) {
        let plain = match letter {
            'å' | 'ä' | 'á' | 'à' => 'a',
            'ö' | 'ø' | 'ó' => 'o',
            'é' | 'è' | 'ë' => 'e',
            'ü' => 'u',
            other => other,
        };
        if plain.is_ascii_alphanumeric() {
            slug.push(plain);
        } else if !slug.ends_with('-') && !slug.is_empty() {
            slug.push('-');
        }
    }
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { "ovrigt".to_owned() } else { slug.to_owned() }
}
