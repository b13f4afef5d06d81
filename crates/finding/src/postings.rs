//! What Tantivy keeps, seen as the ranking wants it: one flat row of texts with their lengths, whatever pieces the
//! index lies in.

use std::sync::Arc;
use tantivy::postings::Postings as _;
use tantivy::schema::{
    FAST, Field, IndexRecordOption, STRING, SchemaBuilder, TextFieldIndexing, TextOptions,
};

use tantivy::{
    DocSet as _, InvertedIndexReader, Searcher, SegmentReader, TERMINATED, TantivyDocument, TantivyError,
    Term,
};
use uuid::Uuid;

/// The fields of a text: title, keywords, answer, body.
pub(crate) const FIELDS: usize = 4;
const NAMES: [&str; FIELDS] = ["title", "keywords", "answer", "body"];

/// What is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// A stem.
    Stem,
    /// A piece of a word.
    Gram,
}

/// Where things are kept.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fields {
    pub id: Field,
    id_high: Field,
    id_low: Field,
    pub stems: [Field; FIELDS],
    pub grams: [Field; FIELDS],
}

impl Fields {
    pub fn add_to(schema: &mut SchemaBuilder) -> Self {
        let terms = TextOptions::default().set_indexing_options(
            TextFieldIndexing::default()
                .set_tokenizer("whitespace")
                .set_index_option(IndexRecordOption::WithFreqs),
        );
        Self {
            id: schema.add_text_field("id", STRING),
            id_high: schema.add_u64_field("id_high", FAST),
            id_low: schema.add_u64_field("id_low", FAST),
            stems: NAMES.map(|name| schema.add_text_field(&format!("{name}_stems"), terms.clone())),
            grams: NAMES.map(|name| schema.add_text_field(&format!("{name}_grams"), terms.clone())),
        }
    }

    pub fn put_id(&self, document: &mut TantivyDocument, id: Uuid) {
        let (high, low) = id.as_u64_pair();
        document.add_text(self.id, id.to_string());
        document.add_u64(self.id_high, high);
        document.add_u64(self.id_low, low);
    }

    const fn of(&self, kind: Kind) -> [Field; FIELDS] {
        match kind {
            Kind::Stem => self.stems,
            Kind::Gram => self.grams,
        }
    }
}

/// The postings of the fields.
type Postings = [Arc<InvertedIndexReader>; FIELDS];

/// The index at one moment.
pub(crate) struct Snapshot {
    fields: Fields,
    /// The postings of each piece of the index: of stems by field, then of grams. Opening them takes a lock, and a search
    /// looks in them hundreds of times.
    pieces: Vec<[Postings; 2]>,
    /// Which text each place holds; a text that has been taken out leaves its place empty until the pieces are merged.
    ids: Vec<Option<Uuid>>,
    /// Where in the row each piece of the index begins.
    offsets: Vec<usize>,
    /// How long the fields of each text are, as a share of the mean: of stems, then of grams.
    lengths: [Vec<[f32; FIELDS]>; 2],
    texts: usize,
}

impl Snapshot {
    pub fn of(searcher: &Searcher, fields: &Fields) -> Result<Self, TantivyError> {
        let mut ids = Vec::new();
        let mut offsets = Vec::new();
        let mut lengths: [Vec<[f32; FIELDS]>; 2] = Default::default();
        let mut pieces = Vec::new();
        for segment in searcher.segment_readers() {
            pieces.push([opened(segment, fields.stems)?, opened(segment, fields.grams)?]);
            offsets.push(ids.len());
            let high = segment.fast_fields().u64("id_high")?;
            let low = segment.fast_fields().u64("id_low")?;
            for doc in 0..segment.max_doc() {
                let id = high.first(doc).zip(low.first(doc)).filter(|_| !segment.is_deleted(doc));
                ids.push(id.map(|(high, low)| Uuid::from_u64_pair(high, low)));
            }
            for (lengths, of) in lengths.iter_mut().zip([fields.stems, fields.grams]) {
                let begin = lengths.len();
                lengths.resize(ids.len(), [0.0; FIELDS]);
                for (n, field) in of.into_iter().enumerate() {
                    let norms = segment.get_fieldnorms_reader(field)?;
                    for (row, doc) in lengths[begin..].iter_mut().zip(0..) {
                        row[n] = in_f32(norms.fieldnorm(doc));
                    }
                }
            }
        }
        let texts = ids.iter().flatten().count();
        for lengths in &mut lengths {
            as_shares(lengths, &ids);
        }
        Ok(Self { fields: *fields, pieces, ids, offsets, lengths, texts })
    }

    /// How many texts there are.
    pub const fn len(&self) -> usize {
        self.texts
    }

    /// How many places the row has.
    pub const fn places(&self) -> usize {
        self.ids.len()
    }

    /// Which text stands at `place`.
    pub fn id(&self, place: usize) -> Option<Uuid> {
        self.ids.get(place).copied().flatten()
    }

    /// How long a field is at `place`, as a share of the mean.
    pub fn length(&self, kind: Kind, place: usize) -> &[f32; FIELDS] {
        let lengths = match kind {
            Kind::Stem => &self.lengths[0],
            Kind::Gram => &self.lengths[1],
        };
        &lengths[place]
    }

    /// Tells `each` where a term stands: the place, the field, how often.
    pub fn visit(
        &self,
        kind: Kind,
        term: &str,
        mut each: impl FnMut(usize, usize, f32),
    ) -> Result<(), TantivyError> {
        let terms = self.fields.of(kind).map(|field| Term::from_field_text(field, term));
        for (piece, offset) in self.pieces.iter().zip(&self.offsets) {
            let fields = match kind {
                Kind::Stem => &piece[0],
                Kind::Gram => &piece[1],
            };
            for (n, (inverted, term)) in fields.iter().zip(&terms).enumerate() {
                let Some(mut postings) = inverted.read_postings(term, IndexRecordOption::WithFreqs)? else {
                    continue;
                };
                while postings.doc() != TERMINATED {
                    let place = offset + usize::try_from(postings.doc()).unwrap_or(usize::MAX);
                    if self.id(place).is_some() {
                        each(place, n, in_f32(postings.term_freq()));
                    }
                    postings.advance();
                }
            }
        }
        Ok(())
    }
}

fn opened(segment: &SegmentReader, fields: [Field; FIELDS]) -> Result<Postings, TantivyError> {
    let [title, keywords, answer, body] = fields.map(|field| segment.inverted_index(field));
    Ok([title?, keywords?, answer?, body?])
}

/// Counts are small: no precision is lost that a ranking could use.
fn in_f32(count: u32) -> f32 {
    f32::from(u16::try_from(count).unwrap_or(u16::MAX))
}

/// Divides every length by the mean of its field over the texts that are there.
fn as_shares(lengths: &mut [[f32; FIELDS]], ids: &[Option<Uuid>]) {
    let mut sums = [0_f64; FIELDS];
    let mut texts = 0_f64;
    for (row, _) in lengths.iter().zip(ids).filter(|(_, id)| id.is_some()) {
        texts += 1.0;
        for (sum, length) in sums.iter_mut().zip(row) {
            *sum += f64::from(*length);
        }
    }
    for row in lengths {
        for (length, sum) in row.iter_mut().zip(sums) {
            #[expect(clippy::cast_possible_truncation, reason = "a share of a mean needs no more precision")]
            if sum > 0.0 {
                *length = (f64::from(*length) * texts / sum) as f32;
            }
        }
    }
}
