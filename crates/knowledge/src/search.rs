//! Search over the articles, as the guide's page uses it: the sentence that answers, with what was found marked.

use crate::index::{ArticleIndex, Finder};
use crate::matching::{Asked, marks};
use crate::words::{Stemmed, stemmed};
use crate::{Article, KnowledgeError, text};
use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use vocabulary::ArticleId;

/// More of a query than this is left out.
pub const QUERY_CHARS_MAX: usize = 200;

/// An article that fits a query.
#[derive(Clone, Debug)]
pub struct Hit {
    /// The article.
    pub article: Arc<Article>,
    /// The sentence of it that answers the query best.
    pub sentence: String,
    /// What to mark in the title, in bytes.
    pub title_marks: Vec<Range<usize>>,
    /// What to mark in the sentence, in bytes.
    pub sentence_marks: Vec<Range<usize>>,
    /// How well it fits, comparable within one answer only.
    pub score: f32,
}

/// The search. Cheap to clone; all clones see the same articles.
#[derive(Clone)]
pub struct Search {
    shared: Arc<Shared>,
}

struct Shared {
    finder: Finder,
    articles: RwLock<HashMap<ArticleId, Arc<Article>>>,
    pub(crate) state: Mutex<State>,
}

/// What only whoever writes to the index sees.
pub(crate) struct State {
    index: ArticleIndex,
    /// The timeline entry up to which changes are in the index.
    pub cursor: i64,
}

impl Search {
    /// A search that finds nothing yet.
    ///
    /// # Errors
    /// When the index cannot be made.
    pub fn empty() -> Result<Self, KnowledgeError> {
        let index = ArticleIndex::new()?;
        let finder = index.finder();
        let state = Mutex::new(State { index, cursor: 0 });
        Ok(Self { shared: Arc::new(Shared { finder, articles: RwLock::default(), state }) })
    }

    /// The articles that fit any word of `query`, the best first, at most `limit`. The last word is taken as perhaps
    /// not finished, unless a space or a sign follows it. An empty query finds nothing.
    ///
    /// # Errors
    /// When the index fails.
    pub fn find(&self, query: &str, limit: usize) -> Result<Vec<Hit>, KnowledgeError> {
        let query: String = query.chars().take(QUERY_CHARS_MAX).collect();
        let asked = Asked::words(&query);
        let found = self.shared.finder.find(&asked, limit)?;
        let articles = self.shared.articles.read().unwrap_or_else(PoisonError::into_inner);
        Ok(found.into_iter().filter_map(|(id, score)| Some(hit(&asked, articles.get(&id)?, score))).collect())
    }

    /// How many articles can be found.
    #[must_use]
    pub fn len(&self) -> usize {
        self.shared.articles.read().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Whether nothing can be found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The timeline entry up to which changes can be found.
    pub(crate) fn cursor(&self) -> i64 {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner).cursor
    }

    /// Takes in what has changed up to timeline entry `cursor`. What is older than what is already in is ignored.
    pub(crate) fn apply(
        &self,
        changed: Vec<Article>,
        removed: &[ArticleId],
        cursor: i64,
    ) -> Result<(), KnowledgeError> {
        let mut state = self.shared.state.lock().unwrap_or_else(PoisonError::into_inner);
        if cursor < state.cursor {
            return Ok(());
        }
        state.index.apply(&changed, removed)?;
        state.cursor = cursor;
        let mut articles = self.shared.articles.write().unwrap_or_else(PoisonError::into_inner);
        for id in removed {
            articles.remove(id);
        }
        articles.extend(changed.into_iter().map(|article| (article.id, Arc::new(article))));
        Ok(())
    }
}

fn hit(asked: &[Asked], article: &Arc<Article>, score: f32) -> Hit {
    let sentence = sentence_that_answers(asked, article);
    Hit {
        title_marks: marks(asked, &article.title),
        sentence_marks: marks(asked, &sentence),
        sentence,
        article: Arc::clone(article),
        score,
    }
}

/// The first sentence of the answer, unless another one says more of what neither the title nor the keywords say.
fn sentence_that_answers(asked: &[Asked], article: &Article) -> String {
    let said_above: Vec<Stemmed> = stemmed(&article.title).chain(stemmed(&article.keywords)).collect();
    let open: Vec<&Asked> = asked.iter().filter(|a| !says(&said_above, a)).collect();
    let answer = text::sentences(&article.answer);
    let first = answer.first().cloned().unwrap_or_else(|| article.answer.clone());
    if open.is_empty() {
        return first;
    }
    let mut best = (0, first);
    for sentence in answer.into_iter().chain(text::sentences(&article.body)) {
        let words: Vec<Stemmed> = stemmed(&sentence).collect();
        let said = open.iter().filter(|a| says(&words, a)).count();
        if said > best.0 {
            best = (said, sentence);
        }
    }
    best.1
}

fn says(words: &[Stemmed], asked: &Asked) -> bool {
    words.iter().any(|word| asked.meets(word).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use vocabulary::{NewId as _, SeededChance, Timestamp};

    fn article(n: u64, title: &str, answer: &str, body: &str, keywords: &str) -> Article {
        Article {
            id: ArticleId::next(Timestamp::UNIX_EPOCH, &SeededChance::new(n)),
            slug: format!("a-{n}"),
            title: title.into(),
            answer: answer.into(),
            body: body.into(),
            keywords: keywords.into(),
            department: None,
            case_type: None,
            changed_at: Timestamp::UNIX_EPOCH,
        }
    }

    fn town() -> Search {
        let search = Search::empty().unwrap();
        let articles = vec![
            article(
                1,
                "Grovsopor",
                "Lämna på återvinningscentralen.",
                "Kylskåp tas emot gratis. Ta med ved.",
                "möbler, soffa",
            ),
            article(
                2,
                "Sophämtning som uteblivit",
                "Låt tunnan stå kvar till nästa dag.",
                "",
                "sopbil, tunna",
            ),
            article(
                3,
                "Bygglov för altan",
                "Du behöver oftast inte bygglov.",
                "Grannar får yttra sig.",
                "trädäck, staket",
            ),
            article(
                4,
                "Snöröjning",
                "Vi plogar vid fem centimeter.",
                "Infarten sköter du själv.",
                "plog, halka, sand",
            ),
        ];
        search.apply(articles, &[], 1).unwrap();
        search
    }

    fn titles(search: &Search, query: &str) -> Vec<String> {
        search.find(query, 10).unwrap().into_iter().map(|h| h.article.title.clone()).collect()
    }

    #[test]
    fn found_by_inflection_part_beginning_and_slip() {
        let town = town();
        for (query, first) in [
            ("sopor", "Grovsopor"),
            ("soporn", "Grovsopor"),
            ("grovs", "Grovsopor"),
            ("soffan", "Grovsopor"),
            ("tunnan", "Sophämtning som uteblivit"),
            ("bygglåv", "Bygglov för altan"),
            ("byggl", "Bygglov för altan"),
            ("altanen bygga", "Bygglov för altan"),
            ("SNÖRÖJNINGEN", "Snöröjning"),
            ("röjning", "Snöröjning"),
            ("när plogas min gata", "Snöröjning"),
            ("sno\u{308}ro\u{308}jning", "Snöröjning"),
        ] {
            assert_eq!(titles(&town, query).first().map(String::as_str), Some(first), "{query}");
        }
    }

    #[test]
    fn the_sentence_that_answers_is_given_and_marked() {
        let town = town();
        let hits = town.find("kylskåp grovsopor", 5).unwrap();
        assert_eq!(hits[0].sentence, "Kylskåp tas emot gratis.");
        assert_eq!(hits[0].sentence_marks.first(), Some(&(0..8)));
        assert_eq!(hits[0].title_marks.first(), Some(&(0..9)));
        let hits = town.find("grovsopor", 5).unwrap();
        assert_eq!(hits[0].sentence, "Lämna på återvinningscentralen.");
    }

    #[test]
    fn nothing_and_nonsense_are_answered_with_nothing() {
        let town = town();
        for query in ["", "   ", "!?*\"()[]{}~^:\\", "qqqqqqq", "\0"] {
            assert!(titles(&town, query).is_empty(), "{query:?}");
        }
        assert!(town.find(&"å".repeat(10_000), 5).unwrap().is_empty());
        assert!(town.find("sopor", 0).unwrap().is_empty());
    }

    #[test]
    fn a_changed_article_is_found_by_its_new_words_only_and_a_late_change_is_ignored() {
        let town = town();
        let mut snow = article(4, "Halkbekämpning", "Vi sandar.", "", "is");
        town.apply(vec![snow.clone()], &[], 2).unwrap();
        assert_eq!(titles(&town, "snöröjning"), Vec::<String>::new());
        assert_eq!(titles(&town, "halk"), ["Halkbekämpning"]);
        snow.title = "Gammalt".into();
        town.apply(vec![snow.clone()], &[], 1).unwrap();
        assert_eq!(titles(&town, "gammalt"), Vec::<String>::new());
        town.apply(Vec::new(), &[snow.id], 3).unwrap();
        assert_eq!((titles(&town, "halkbekämpning"), town.len()), (Vec::new(), 3));
    }
}
