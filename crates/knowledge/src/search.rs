//! Search over the articles, for guides and for residents: the sentence that answers, with what was found marked.
//!
//! There are two indexes: what guides read (the internal text, or the public one where there is no other), and what
//! residents read. Both hold every published article; which of them are read on a day is decided when somebody asks.

use crate::{Article, KnowledgeError, text};
use finding::{Analyser, Asking, Entry, Index, SynonymSet};
use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use vocabulary::civil::Date;
use vocabulary::{AnyId, ArticleId, GenericUuid as _};

pub use finding::QUERY_CHARS_MAX;

/// More boosts than this are not taken in.
const BOOSTS_MAX: usize = 1_000;

/// An article that fits a query.
#[derive(Clone, Debug)]
pub struct Hit {
    /// The article.
    pub article: Arc<Article>,
    /// The sentence of it that answers the query best: of the internal text for guides, of the public for residents.
    pub sentence: String,
    /// What to mark in the title, in bytes.
    pub title_marks: Vec<Range<usize>>,
    /// What to mark in the sentence, in bytes.
    pub sentence_marks: Vec<Range<usize>>,
    /// How well it fits, comparable within one answer only.
    pub score: f32,
    /// How much of what was asked it speaks of, 0 to 1.
    pub share: f32,
}

/// Whose eyes a text is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reader {
    Guide,
    Resident,
}

/// A text as one of the readers sees it.
struct Shown<'a> {
    title: &'a str,
    answer: &'a str,
    body: &'a str,
}

impl Reader {
    fn sees(self, article: &Article) -> Option<Shown<'_>> {
        let wording = match self {
            Self::Guide => article.wording(),
            Self::Resident => article.public.as_ref(),
        }?;
        Some(Shown { title: &wording.title, answer: &wording.answer, body: &wording.body })
    }

    fn entry(self, article: &Article) -> Option<Entry> {
        let shown = self.sees(article)?;
        // A guide also finds an article by what residents read of it; the other way would tell what is internal.
        let also = match self {
            Self::Guide => article.public.as_ref().filter(|_| article.internal.is_some()),
            Self::Resident => None,
        };
        Some(Entry {
            id: article.id.into_untyped_uuid(),
            title: shown.title.to_owned(),
            answer: shown.answer.to_owned(),
            body: shown.body.to_owned(),
            keywords: article.keywords.clone(),
            more: also.into_iter().flat_map(|public| [public.title.clone(), public.answer.clone()]).collect(),
        })
    }
}

/// The search. Cheap to clone; all clones see the same articles.
#[derive(Clone)]
pub struct Search {
    shared: Arc<Shared>,
}

struct Shared {
    guides: Index,
    residents: Index,
    articles: RwLock<HashMap<ArticleId, Arc<Article>>>,
    boosts: RwLock<Arc<Vec<(AnyId, f32)>>>,
    /// The timeline entry up to which changes are in the indexes. Whoever writes to them holds it.
    cursor: Mutex<i64>,
}

impl Search {
    /// A search that finds nothing yet, without a dictionary.
    ///
    /// # Errors
    /// When the index cannot be made.
    pub fn empty() -> Result<Self, KnowledgeError> {
        Self::with(&Analyser::default())
    }

    /// A search that finds nothing yet.
    ///
    /// # Errors
    /// When the index cannot be made.
    pub fn with(analyser: &Analyser) -> Result<Self, KnowledgeError> {
        let shared = Shared {
            guides: Index::new(analyser.clone())?,
            residents: Index::new(analyser.clone())?,
            articles: RwLock::default(),
            boosts: RwLock::default(),
            cursor: Mutex::new(0),
        };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// The articles that a guide may read on `today` and that fit any word of `query`, the best first, at most `limit`.
    /// The last word is taken as perhaps not finished, unless a space or a sign follows it. An empty query finds nothing.
    ///
    /// # Errors
    /// When the index fails.
    pub fn find(&self, query: &str, limit: usize, today: Date) -> Result<Vec<Hit>, KnowledgeError> {
        self.find_for(Reader::Guide, query, limit, today)
    }

    /// The same for residents: what is public, by its public text.
    ///
    /// # Errors
    /// When the index fails.
    pub fn find_public(&self, query: &str, limit: usize, today: Date) -> Result<Vec<Hit>, KnowledgeError> {
        self.find_for(Reader::Resident, query, limit, today)
    }

    fn find_for(
        &self,
        reader: Reader,
        query: &str,
        limit: usize,
        today: Date,
    ) -> Result<Vec<Hit>, KnowledgeError> {
        let index = match reader {
            Reader::Guide => &self.shared.guides,
            Reader::Resident => &self.shared.residents,
        };
        let articles = self.shared.articles.read().unwrap_or_else(PoisonError::into_inner);
        let boosts = Arc::clone(&self.shared.boosts.read().unwrap_or_else(PoisonError::into_inner));
        let of = |id: AnyId| articles.get(&ArticleId::from_untyped_uuid(id));
        let is_read = |id: AnyId| of(id).is_some_and(|article| article.is_valid(today));
        let asking = Asking { boosts: &boosts, only: Some(&is_read), ..Asking::most(limit) };
        let found = index.find(query, &asking)?;
        let meaning = index.meaning(query);
        let hit = |found: finding::Found| {
            let article = of(found.id)?;
            let shown = reader.sees(article)?;
            let answer = text::sentences(shown.answer);
            let body = text::sentences(shown.body);
            let sentences: Vec<&str> = answer.iter().chain(&body).map(String::as_str).collect();
            let sentence =
                meaning.sentence(&[shown.title, &article.keywords], &sentences).unwrap_or(shown.answer);
            Some(Hit {
                title_marks: meaning.marks(shown.title),
                sentence_marks: meaning.marks(sentence),
                sentence: sentence.to_owned(),
                article: Arc::clone(article),
                score: found.score,
                share: found.share,
            })
        };
        Ok(found.into_iter().filter_map(hit).collect())
    }

    /// What should go before its equals just now, with how much so, 0 to 1: what today's events are about, and what
    /// many ask for. It may change the order among articles that fit nearly as well, and never makes one fit.
    pub fn set_boosts(&self, mut boosts: Vec<(ArticleId, f32)>) {
        boosts.truncate(BOOSTS_MAX);
        let boosts = boosts.into_iter().map(|(id, boost)| (id.into_untyped_uuid(), boost)).collect();
        *self.shared.boosts.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(boosts);
    }

    /// Teaches it these synonyms instead of those it knew.
    pub fn set_synonyms(&self, sets: Vec<SynonymSet>) {
        self.shared.guides.set_synonyms(sets.clone());
        self.shared.residents.set_synonyms(sets);
    }

    /// How many articles it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.shared.articles.read().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// How many of them residents can find.
    #[must_use]
    pub fn len_public(&self) -> usize {
        self.shared.residents.len()
    }

    /// Whether nothing can be found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The timeline entry up to which changes can be found.
    pub(crate) fn cursor(&self) -> i64 {
        *self.shared.cursor.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes in what has changed up to timeline entry `cursor`. What is older than what is already in is ignored.
    pub(crate) fn apply(
        &self,
        changed: Vec<Article>,
        removed: &[ArticleId],
        cursor: i64,
    ) -> Result<(), KnowledgeError> {
        let mut at = self.shared.cursor.lock().unwrap_or_else(PoisonError::into_inner);
        if cursor < *at {
            return Ok(());
        }
        // The articles first: an index that finds what is not there yet would answer with less than there is.
        {
            let mut articles = self.shared.articles.write().unwrap_or_else(PoisonError::into_inner);
            articles.extend(changed.iter().map(|article| (article.id, Arc::new(article.clone()))));
        }
        for (index, reader) in
            [(&self.shared.guides, Reader::Guide), (&self.shared.residents, Reader::Resident)]
        {
            let entries: Vec<Entry> = changed.iter().filter_map(|article| reader.entry(article)).collect();
            let unseen = changed.iter().filter(|article| reader.sees(article).is_none()).map(|a| a.id);
            let gone: Vec<AnyId> =
                removed.iter().copied().chain(unseen).map(|id| id.into_untyped_uuid()).collect();
            index.apply(&entries, &gone)?;
        }
        let mut articles = self.shared.articles.write().unwrap_or_else(PoisonError::into_inner);
        for id in removed {
            articles.remove(id);
        }
        *at = cursor;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ArticleDraft, Wording};
    use vocabulary::civil::date;
    use vocabulary::{NewId as _, SeededChance, Timestamp};

    const TODAY: Date = date(2026, 11, 3);

    fn article(n: u64, title: &str, answer: &str, body: &str, keywords: &str) -> Article {
        let id = ArticleId::next(Timestamp::UNIX_EPOCH, &SeededChance::new(n));
        let draft = ArticleDraft::internal(&format!("a-{n}"), title, answer, body, keywords);
        Article::published(id, &draft.slug, draft.content, Timestamp::UNIX_EPOCH)
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
        search.find(query, 10, TODAY).unwrap().into_iter().map(|h| h.article.title().to_owned()).collect()
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
            ("snorojning", "Snöröjning"),
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
        let hits = town.find("kylskåp grovsopor", 5, TODAY).unwrap();
        assert_eq!(hits[0].sentence, "Kylskåp tas emot gratis.");
        assert_eq!(hits[0].sentence_marks.first(), Some(&(0..8)));
        assert_eq!(hits[0].title_marks.first(), Some(&(0..9)));
        let hits = town.find("grovsopor", 5, TODAY).unwrap();
        assert_eq!(hits[0].sentence, "Lämna på återvinningscentralen.");
    }

    #[test]
    fn nothing_and_nonsense_are_answered_with_nothing() {
        let town = town();
        for query in ["", "   ", "!?*\"()[]{}~^:\\", "qqqqqqq", "\0"] {
            assert!(titles(&town, query).is_empty(), "{query:?}");
        }
        assert!(town.find(&"å".repeat(10_000), 5, TODAY).unwrap().is_empty());
        assert!(town.find("sopor", 0, TODAY).unwrap().is_empty());
    }

    #[test]
    fn a_changed_article_is_found_by_its_new_words_only_and_a_late_change_is_ignored() {
        let town = town();
        let mut snow = article(4, "Halkbekämpning", "Vi sandar.", "", "is");
        town.apply(vec![snow.clone()], &[], 2).unwrap();
        assert_eq!(titles(&town, "snöröjning"), Vec::<String>::new());
        assert_eq!(titles(&town, "halk"), ["Halkbekämpning"]);
        if let Some(wording) = &mut snow.content.internal {
            wording.title = "Gammalt".into();
        }
        town.apply(vec![snow.clone()], &[], 1).unwrap();
        assert_eq!(titles(&town, "gammalt"), Vec::<String>::new());
        town.apply(Vec::new(), &[snow.id], 3).unwrap();
        assert_eq!((titles(&town, "halkbekämpning"), town.len()), (Vec::new(), 3));
    }

    #[test]
    fn residents_find_what_is_public_by_what_is_public() {
        let town = town();
        let mut both = article(5, "Hemligt om parkering", "Säg så här.", "Internt om dispens.", "p-bot");
        both.content.public = Some(Wording {
            title: "Parkeringsböter".into(),
            answer: "Överklaga hos polisen.".into(),
            body: String::new(),
        });
        town.apply(vec![both.clone()], &[], 2).unwrap();
        let public = |query: &str| town.find_public(query, 5, TODAY).unwrap();
        assert_eq!(public("parkeringsböter")[0].sentence, "Överklaga hos polisen.");
        assert!(public("dispens").is_empty() && public("grovsopor").is_empty());
        assert_eq!(titles(&town, "överklaga böter"), ["Hemligt om parkering"], "guides find it by both");
        both.content.public = None;
        town.apply(vec![both], &[], 3).unwrap();
        assert!(town.find_public("parkeringsböter", 5, TODAY).unwrap().is_empty());
    }

    #[test]
    fn what_is_not_valid_today_is_not_found() {
        let town = town();
        let mut winter = article(6, "Vinterväghållning", "Vi sandar.", "", "");
        winter.content.valid_from = Some(date(2026, 11, 4));
        winter.content.valid_to = Some(date(2027, 4, 1));
        town.apply(vec![winter], &[], 2).unwrap();
        let on = |day: Date| town.find("vinterväghållning", 5, day).unwrap().len();
        assert_eq!(
            [on(TODAY), on(date(2026, 11, 4)), on(date(2027, 4, 1)), on(date(2027, 4, 2))],
            [0, 1, 1, 0]
        );
    }

    #[test]
    fn a_boost_orders_equals_and_never_lifts_what_does_not_fit() {
        let search = Search::empty().unwrap();
        let one = article(1, "Avstängning av vatten", "Tappa upp.", "", "");
        let other = article(2, "Avstängning av vatten", "Tappa upp.", "", "");
        let snow = article(3, "Snöröjning", "Vi plogar.", "", "");
        let ids = [one.id, other.id];
        search.apply(vec![one, other, snow.clone()], &[], 1).unwrap();
        let first = || search.find("vatten", 5, TODAY).unwrap();
        for id in ids {
            search.set_boosts(vec![(id, 1.0), (snow.id, f32::INFINITY)]);
            assert_eq!(first()[0].article.id, id);
            assert_eq!(first().len(), 2);
        }
    }

    #[test]
    fn synonyms_are_looked_for_too() {
        let town = town();
        assert!(titles(&town, "hyvel").is_empty());
        town.set_synonyms(vec![SynonymSet::both_ways(vec!["hyvel".into(), "plog".into()])]);
        assert_eq!(titles(&town, "hyvel"), ["Snöröjning"]);
    }
}
