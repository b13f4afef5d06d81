//! An index of texts in memory. Tantivy keeps which text holds which stem and which piece of a word, and lets reading go
//! on while something is written; what a find is worth is decided in [`crate::ranking`].
//!
//! What is found depends on the texts alone: not on their order, nor on what was there before. So an index that has
//! followed every change says the same as one made anew.

use crate::analysis::{Analyser, WORD_CHARS_MAX, grams};
use crate::asked::{self, Question};
use crate::compounds;
use crate::matching::Meaning;
use crate::postings::{FIELDS, Fields, Snapshot};
use crate::ranking::{self, Ranking};
use crate::synonyms::{SynonymSet, Synonyms};
use crate::vocabulary::Vocabulary;
use crate::words;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use tantivy::merge_policy::LogMergePolicy;
use tantivy::schema::Schema;
use tantivy::{
    Index as Tantivy, IndexReader, IndexWriter, ReloadPolicy, TantivyDocument, TantivyError, Term,
};
use uuid::Uuid;

/// What the indexing thread may use before it writes a segment; the least the library takes.
const WRITER_BYTES: usize = 15_000_000;
/// Words of one field beyond this many are not indexed.
const FIELD_WORDS_MAX: usize = 20_000;

/// Something that can be found by its words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// Its id.
    pub id: Uuid,
    /// What it is about.
    pub title: String,
    /// What is said first.
    pub answer: String,
    /// The rest.
    pub body: String,
    /// Words that people use and the text does not.
    pub keywords: String,
    /// Other texts it may be found by, which count as its body.
    pub more: Vec<String>,
}

/// What was asked for beside the words.
#[derive(Clone, Copy)]
pub struct Asking<'a> {
    /// At most so many are wanted.
    pub limit: usize,
    /// What should go before its equals just now, with how much so, 0 to 1. It may change the order among those that fit
    /// nearly as well, and never makes anything fit.
    pub boosts: &'a [(Uuid, f32)],
    /// What may be found; all if there is none.
    pub only: Option<&'a dyn Fn(Uuid) -> bool>,
    /// How the order is made.
    pub ranking: &'a Ranking,
}

impl Asking<'_> {
    /// Asks for at most `limit` of everything, ranked as shipped.
    #[must_use]
    pub const fn most(limit: usize) -> Self {
        Self { limit, boosts: &[], only: None, ranking: &Ranking::SHIPPED }
    }
}

/// Something that fits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Found {
    /// What.
    pub id: Uuid,
    /// How well it fits, comparable within one answer only.
    pub score: f32,
    /// How much of what was asked for it speaks of, 0 to 1.
    pub share: f32,
}

/// An index of texts.
pub struct Index {
    analyser: Analyser,
    writing: Mutex<Writing>,
    vocabulary: RwLock<Vocabulary>,
    synonyms: RwLock<(Vec<SynonymSet>, Arc<Synonyms>)>,
    snapshot: RwLock<Arc<Snapshot>>,
}

struct Writing {
    fields: Fields,
    writer: IndexWriter,
    reader: IndexReader,
    /// The words of each entry, by their number, with whether they stand in its heading.
    words: HashMap<Uuid, Vec<(u32, bool)>>,
}

/// What becomes of an entry's fields.
struct Read {
    stems: [String; FIELDS],
    grams: [String; FIELDS],
    /// Each word once, with whether it stands in the heading.
    words: Vec<(String, bool)>,
}

impl Index {
    /// An index that holds nothing.
    ///
    /// # Errors
    /// When there is no memory or thread for it.
    pub fn new(analyser: Analyser) -> Result<Self, TantivyError> {
        let mut schema = Schema::builder();
        let fields = Fields::add_to(&mut schema);
        let index = Tantivy::create_in_ram(schema.build());
        let writer = index.writer_with_num_threads(1, WRITER_BYTES)?;
        writer.set_merge_policy(Box::new(merging()));
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let snapshot = Snapshot::of(&reader.searcher(), &fields)?;
        Ok(Self {
            analyser,
            writing: Mutex::new(Writing { fields, writer, reader, words: HashMap::new() }),
            vocabulary: RwLock::default(),
            synonyms: RwLock::default(),
            snapshot: RwLock::new(Arc::new(snapshot)),
        })
    }

    /// How words are read.
    #[must_use]
    pub const fn analyser(&self) -> &Analyser {
        &self.analyser
    }

    /// How many entries can be found.
    #[must_use]
    pub fn len(&self) -> usize {
        self.snapshot().len()
    }

    /// Whether nothing can be found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&self.snapshot.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Teaches it these synonyms instead of those it knew.
    pub fn set_synonyms(&self, sets: Vec<SynonymSet>) {
        let synonyms = Arc::new(Synonyms::new(&sets, &self.analyser));
        *self.synonyms.write().unwrap_or_else(PoisonError::into_inner) = (sets, synonyms);
    }

    /// The synonyms it knows.
    #[must_use]
    pub fn synonyms(&self) -> Vec<SynonymSet> {
        self.synonyms.read().unwrap_or_else(PoisonError::into_inner).0.clone()
    }

    /// Puts in `changed` and takes out `removed`, and shows it all at once. Of entries with the same id the last counts.
    ///
    /// # Errors
    /// When the index fails.
    pub fn apply(&self, changed: &[Entry], removed: &[Uuid]) -> Result<(), TantivyError> {
        let mut writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut new_words = false;
        for id in removed {
            new_words |= self.forget(&mut writing, *id);
        }
        for entry in changed {
            new_words |= self.forget(&mut writing, entry.id);
            new_words |= self.take_in(&mut writing, entry)?;
        }
        if new_words && !self.analyser.has_dictionary() {
            self.learn_parts();
        }
        writing.writer.commit()?;
        writing.reader.reload()?;
        let snapshot = Arc::new(Snapshot::of(&writing.reader.searcher(), &writing.fields)?);
        *self.snapshot.write().unwrap_or_else(PoisonError::into_inner) = snapshot;
        Ok(())
    }

    fn forget(&self, writing: &mut Writing, id: Uuid) -> bool {
        let Some(words) = writing.words.remove(&id) else { return false };
        writing.writer.delete_term(Term::from_field_text(writing.fields.id, &id.to_string()));
        let mut vocabulary = self.vocabulary.write().unwrap_or_else(PoisonError::into_inner);
        let mut gone = false;
        for (word, in_heading) in words {
            gone |= vocabulary.remove(word, in_heading);
        }
        gone
    }

    fn take_in(&self, writing: &mut Writing, entry: &Entry) -> Result<bool, TantivyError> {
        let read = self.read(entry);
        let mut document = TantivyDocument::new();
        writing.fields.put_id(&mut document, entry.id);
        let fields = writing.fields.stems.iter().chain(&writing.fields.grams);
        for (field, terms) in fields.zip(read.stems.iter().chain(&read.grams)) {
            document.add_text(*field, terms);
        }
        writing.writer.add_document(document)?;
        let mut vocabulary = self.vocabulary.write().unwrap_or_else(PoisonError::into_inner);
        let mut held = Vec::with_capacity(read.words.len());
        let mut any_new = false;
        for (word, in_heading) in read.words {
            let (id, new) = vocabulary.add(&word, in_heading, &self.analyser);
            held.push((id, in_heading));
            any_new |= new;
        }
        drop(vocabulary);
        writing.words.insert(entry.id, held);
        Ok(any_new)
    }

    fn read(&self, entry: &Entry) -> Read {
        let vocabulary = self.vocabulary.read().unwrap_or_else(PoisonError::into_inner);
        let mut read = Read { stems: Default::default(), grams: Default::default(), words: Vec::new() };
        let mut seen: HashMap<String, bool> = HashMap::new();
        let body = std::iter::once(&entry.body).chain(&entry.more);
        let fields: [Vec<&String>; FIELDS] =
            [vec![&entry.title], vec![&entry.keywords], vec![&entry.answer], body.collect()];
        for (n, texts) in fields.into_iter().enumerate() {
            let all = texts.into_iter().flat_map(|text| words::split(text));
            for word in all.take(FIELD_WORDS_MAX) {
                let cut: String = word.folded.chars().take(WORD_CHARS_MAX).collect();
                add(&mut read.stems[n], &vocabulary.stem_of(&cut, &self.analyser));
                if !words::is_common(&cut) {
                    for gram in grams(&cut) {
                        add(&mut read.grams[n], &gram);
                    }
                }
                *seen.entry(cut).or_default() |= n < ranking::HEADING_FIELDS;
            }
        }
        read.words = seen.into_iter().collect();
        // The numbers that words get depend on the order they come in; nothing else does.
        read.words.sort_unstable();
        read
    }

    /// Without a dictionary, the words that are there teach how they are put together.
    fn learn_parts(&self) {
        let (learnt, words) = {
            let vocabulary = self.vocabulary.read().unwrap_or_else(PoisonError::into_inner);
            (vocabulary.learnt(), vocabulary.words())
        };
        let apart = words
            .into_iter()
            .filter_map(|word| {
                let parts = compounds::parts(&word, &learnt);
                (!parts.is_empty()).then_some((word, parts))
            })
            .collect();
        self.vocabulary.write().unwrap_or_else(PoisonError::into_inner).take_apart(apart);
    }

    /// What fits any of the words of `query`, the best first. The last word is taken as perhaps not finished, unless a
    /// space or a sign follows it. An empty query finds nothing.
    ///
    /// # Errors
    /// When the index fails.
    pub fn find(&self, query: &str, asking: &Asking<'_>) -> Result<Vec<Found>, TantivyError> {
        if asking.limit == 0 {
            return Ok(Vec::new());
        }
        let synonyms = Arc::clone(&self.synonyms.read().unwrap_or_else(PoisonError::into_inner).1);
        let question = {
            let vocabulary = self.vocabulary.read().unwrap_or_else(PoisonError::into_inner);
            Question::of(query, &vocabulary, &self.analyser, &synonyms, asking.ranking)
        };
        ranking::rank(&self.snapshot(), &question, asking)
    }
}

impl Index {
    /// What `query` asks for, to be recognised and marked in the texts that were found.
    #[must_use]
    pub fn meaning(&self, query: &str) -> Meaning {
        let synonyms = Arc::clone(&self.synonyms.read().unwrap_or_else(PoisonError::into_inner).1);
        let vocabulary = self.vocabulary.read().unwrap_or_else(PoisonError::into_inner);
        asked::meaning(query, &vocabulary, &self.analyser, &synonyms)
    }
}

/// Small pieces are merged with small ones, so that a single article that is written costs no merging of all the others,
/// and there are few pieces to look in.
fn merging() -> LogMergePolicy {
    const PIECES: usize = 4;
    const SMALL_TEXTS: u32 = 64;
    const REMOVED_SHARE_MAX: f32 = 0.3;
    let mut policy = LogMergePolicy::default();
    policy.set_min_num_segments(PIECES);
    policy.set_min_layer_size(SMALL_TEXTS);
    policy.set_del_docs_ratio_before_merge(REMOVED_SHARE_MAX);
    policy
}

/// Terms are kept with a space between; none holds one.
fn add(terms: &mut String, term: &str) {
    if !terms.is_empty() {
        terms.push(' ');
    }
    terms.push_str(term);
}
