//! The search index: an inverted index in memory, with one field for stems per part of the article and one for every
//! ending of every telling word, so that a part of a compound is the beginning of one of its endings.

use crate::matching::Asked;
use crate::{Article, words};
use std::collections::VecDeque;
use tantivy::collector::TopDocs;
use tantivy::query::{
    BooleanQuery, BoostQuery, ConstScoreQuery, DisjunctionMaxQuery, FuzzyTermQuery, Occur, Query, TermQuery,
};
use tantivy::schema::{
    Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions, Value as _,
};
use tantivy::tokenizer::{TextAnalyzer, Token, TokenStream, Tokenizer};
use tantivy::{Index, IndexReader, IndexWriter, ReloadPolicy, TantivyDocument, TantivyError, Term};
use vocabulary::{ArticleId, GenericUuid as _};

const STEMS: &str = "swedish_stems";
const ENDINGS: &str = "swedish_endings";
/// The shortest ending kept of a word.
const ENDING_CHARS_MIN: usize = 3;
/// Longer words are cut at this many characters; an index term has a limit of its own far above.
const WORD_CHARS_MAX: usize = 60;
/// What one indexing thread may use before it writes a segment; the least the library takes.
const WRITER_BYTES: usize = 15_000_000;

/// How much a match weighs by where it is found.
const TITLE_BOOST: f32 = 3.0;
const KEYWORDS_BOOST: f32 = 2.5;
const ANSWER_BOOST: f32 = 1.5;
/// How much the other ways in which a word is found add to the best one.
const TIE_BREAKER: f32 = 0.1;
/// What a part of a compound is worth, and a slip.
const PART_SCORE: f32 = 2.0;
/// How much more it is worth when the part stands just as it was typed.
const PART_AS_TYPED: f32 = 1.5;
const TYPO_SCORE: f32 = 1.5;
/// What a slip in an unfinished word is worth of that.
const TYPO_IN_BEGINNING: f32 = 0.7;
/// What a word is worth that what was asked for is a compound of.
const HALF_SCORE: f32 = 1.4;

#[derive(Clone, Copy)]
struct Fields {
    id: Field,
    title: Field,
    keywords: Field,
    answer: Field,
    body: Field,
    endings: Field,
}

/// The articles' words. Reading goes on while something is written.
pub(crate) struct ArticleIndex {
    fields: Fields,
    writer: IndexWriter,
    reader: IndexReader,
}

impl ArticleIndex {
    /// An empty index.
    pub fn new() -> Result<Self, TantivyError> {
        let mut schema = Schema::builder();
        let text = |tokenizer| {
            TextOptions::default().set_indexing_options(
                TextFieldIndexing::default()
                    .set_tokenizer(tokenizer)
                    .set_index_option(IndexRecordOption::WithFreqs),
            )
        };
        let fields = Fields {
            id: schema.add_text_field("id", STRING | STORED),
            title: schema.add_text_field("title", text(STEMS)),
            keywords: schema.add_text_field("keywords", text(STEMS)),
            answer: schema.add_text_field("answer", text(STEMS)),
            body: schema.add_text_field("body", text(STEMS)),
            endings: schema.add_text_field("endings", text(ENDINGS)),
        };
        let index = Index::create_in_ram(schema.build());
        index.tokenizers().register(STEMS, TextAnalyzer::from(SwedishTokenizer(stem_of)));
        index.tokenizers().register(ENDINGS, TextAnalyzer::from(SwedishTokenizer(endings_of)));
        let writer = index.writer_with_num_threads(1, WRITER_BYTES)?;
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        Ok(Self { fields, writer, reader })
    }

    /// A reader, which sees what [`ArticleIndex::apply`] has done when it has returned.
    pub fn finder(&self) -> Finder {
        Finder { fields: self.fields, reader: self.reader.clone() }
    }

    /// Puts in `changed` and takes out `removed`, and shows it all at once.
    pub fn apply(&mut self, changed: &[Article], removed: &[ArticleId]) -> Result<(), TantivyError> {
        for id in changed.iter().map(|a| &a.id).chain(removed) {
            self.writer.delete_term(Term::from_field_text(self.fields.id, &id.as_untyped_uuid().to_string()));
        }
        for article in changed {
            self.writer.add_document(self.document(article))?;
        }
        self.writer.commit()?;
        self.reader.reload()
    }

    fn document(&self, article: &Article) -> TantivyDocument {
        let f = &self.fields;
        let mut document = TantivyDocument::new();
        document.add_text(f.id, article.id.as_untyped_uuid().to_string());
        document.add_text(f.title, &article.title);
        document.add_text(f.keywords, &article.keywords);
        document.add_text(f.answer, &article.answer);
        document.add_text(f.body, &article.body);
        document.add_text(f.endings, &article.title);
        document.add_text(f.endings, &article.keywords);
        document
    }
}

/// Finds articles by words.
#[derive(Clone)]
pub(crate) struct Finder {
    fields: Fields,
    reader: IndexReader,
}

impl Finder {
    /// The ids of the articles that fit any of the words, the best first, each with its score.
    pub fn find(&self, asked: &[Asked], limit: usize) -> Result<Vec<(ArticleId, f32)>, TantivyError> {
        if asked.is_empty() || limit == 0 {
            return Ok(Vec::new());
        }
        let any = asked.iter().map(|word| (Occur::Should, self.word_query(word))).collect();
        let searcher = self.reader.searcher();
        let found = searcher.search(&BooleanQuery::new(any), &TopDocs::with_limit(limit).order_by_score())?;
        let mut hits = Vec::with_capacity(found.len());
        for (score, address) in found {
            let document: TantivyDocument = searcher.doc(address)?;
            let id = document.get_first(self.fields.id).and_then(|value| value.as_str()?.parse().ok());
            hits.extend(id.map(|id| (ArticleId::from_untyped_uuid(id), score)));
        }
        Ok(hits)
    }

    /// A word may be found in several ways; the best way counts.
    fn word_query(&self, word: &Asked) -> Box<dyn Query> {
        let mut ways = Vec::new();
        for stem in stems_meant(word) {
            self.add_same_stem(&mut ways, &stem);
            if word.may_be_part() {
                ways.push(beginning(self.fields.endings, &stem, 0, PART_SCORE));
            }
        }
        if word.may_be_part() {
            ways.push(beginning(self.fields.endings, &word.folded, 0, PART_SCORE * PART_AS_TYPED));
        }
        if word.unfinished {
            self.add_beginnings(&mut ways, &word.folded);
        }
        if word.may_be_typo() {
            self.add_slips(&mut ways, word);
        }
        self.add_halves(&mut ways, word);
        Box::new(DisjunctionMaxQuery::with_tie_breaker(ways, TIE_BREAKER))
    }

    fn add_same_stem(&self, ways: &mut Vec<Box<dyn Query>>, stem: &str) {
        let f = &self.fields;
        for (field, boost) in
            [(f.title, TITLE_BOOST), (f.keywords, KEYWORDS_BOOST), (f.answer, ANSWER_BOOST), (f.body, 1.0)]
        {
            let query = TermQuery::new(Term::from_field_text(field, stem), IndexRecordOption::WithFreqs);
            ways.push(Box::new(BoostQuery::new(Box::new(query), boost)));
        }
    }

    /// The shorter a beginning, the more words have it: a letter or two are looked for where it matters most.
    fn add_beginnings(&self, ways: &mut Vec<Box<dyn Query>>, folded: &str) {
        let f = &self.fields;
        let chars = folded.chars().count();
        for (field, share, chars_min) in
            [(f.title, 1.0, 1), (f.keywords, 0.9, 2), (f.answer, 0.6, 3), (f.body, 0.3, 4)]
        {
            if chars >= chars_min {
                ways.push(beginning(field, folded, 0, PART_SCORE * share));
            }
        }
    }

    fn add_halves(&self, ways: &mut Vec<Box<dyn Query>>, word: &Asked) {
        for part in &word.parts {
            for (field, share) in [(self.fields.title, 1.0), (self.fields.keywords, 0.9)] {
                let query = TermQuery::new(Term::from_field_text(field, part), IndexRecordOption::Basic);
                ways.push(Box::new(ConstScoreQuery::new(Box::new(query), HALF_SCORE * share)));
            }
        }
    }

    fn add_slips(&self, ways: &mut Vec<Box<dyn Query>>, word: &Asked) {
        let f = &self.fields;
        for (field, share) in [(f.title, 1.0), (f.keywords, 0.9), (f.answer, 0.6)] {
            let whole = FuzzyTermQuery::new(Term::from_field_text(field, &word.stem), 1, true);
            ways.push(Box::new(ConstScoreQuery::new(Box::new(whole), TYPO_SCORE * share)));
            if word.unfinished {
                ways.push(beginning(field, &word.stem, 1, TYPO_SCORE * share * TYPO_IN_BEGINNING));
            }
        }
    }
}

/// What begins with `text`, give or take `slips`. Such matches all score the same: how rare a term is says nothing
/// when many terms are meant.
fn beginning(field: Field, text: &str, slips: u8, score: f32) -> Box<dyn Query> {
    let query = FuzzyTermQuery::new_prefix(Term::from_field_text(field, text), slips, true);
    Box::new(ConstScoreQuery::new(Box::new(query), score))
}

/// The stems a word may have. "soporn" on its way to "soporna" has no stem of its own, so the endings that may be
/// coming are tried.
fn stems_meant(word: &Asked) -> Vec<String> {
    let mut stems = vec![word.stem.clone()];
    if word.unfinished {
        for ending in ["a", "t", "n", "r", "s"] {
            let stem = words::stem(&format!("{}{ending}", word.folded));
            if stem.len() < word.folded.len() && !stems.contains(&stem) {
                stems.push(stem);
            }
        }
    }
    stems
}

fn stem_of(folded: &str, terms: &mut VecDeque<String>) {
    terms.push_back(words::stem(folded));
}

fn endings_of(folded: &str, terms: &mut VecDeque<String>) {
    if words::is_common(folded) {
        return;
    }
    let starts: Vec<usize> = folded.char_indices().map(|(at, _)| at).collect();
    let long_enough = starts.len().saturating_sub(ENDING_CHARS_MIN - 1);
    terms.extend(starts.into_iter().take(long_enough).map(|at| folded[at..].to_owned()));
}

/// Cuts text at our own word borders and makes of each word the terms a function says.
#[derive(Clone)]
struct SwedishTokenizer(fn(&str, &mut VecDeque<String>));

impl Tokenizer for SwedishTokenizer {
    type TokenStream<'a> = Terms;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Terms {
        let mut terms = VecDeque::new();
        for word in words::split(text) {
            let cut: String = word.folded.chars().take(WORD_CHARS_MAX).collect();
            (self.0)(&cut, &mut terms);
        }
        Terms { terms, token: Token::default() }
    }
}

struct Terms {
    terms: VecDeque<String>,
    token: Token,
}

impl TokenStream for Terms {
    fn advance(&mut self) -> bool {
        let Some(text) = self.terms.pop_front() else { return false };
        self.token.position = self.token.position.wrapping_add(1);
        self.token.text = text;
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}
