//! What a text is worth as an answer. Three rankers each look in their own way: by stems, by the parts of compounds,
//! and by pieces of four letters within words. Each is BM25F (Robertson and Zaragoza, 2009, section 3.3: how often a
//! word stands in each field, against the field's length, is summed with the fields' weights before it is saturated).
//! A ranker's sum is divided by what a text could have at most, so that the three can be weighed against each other.

use crate::asked::{Question, Slot};
use crate::index::{Asking, Found};
use crate::postings::{FIELDS, Snapshot};
use tantivy::TantivyError;

/// The first so many fields (title, keywords) tell what a text is about.
pub(crate) const HEADING_FIELDS: usize = 2;
/// How much what is wanted just now may gain on its equals: a tenth.
const BOOST_SHARE: f32 = 0.1;

/// How the order is made. The weights were chosen on questions that are not used for reporting; see
/// `docs/relevance.md`.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranking {
    /// What the ranker by stems counts.
    pub stems: f32,
    /// What the ranker by parts of compounds counts.
    pub parts: f32,
    /// What the ranker by pieces of words counts.
    pub grams: f32,
    /// Whether synonyms are looked for.
    pub synonyms: bool,
    /// Whether slips are mended.
    pub slips: bool,
    /// What the fields count: title, keywords, answer, body.
    pub fields: [f32; FIELDS],
    /// How soon more of the same word counts no more.
    pub saturation: f32,
    /// How much the length of a field counts, 0 to 1.
    pub length: f32,
    /// What a word counts that stands within a compound, against one that stands on its own.
    pub within: f32,
    /// What a part of an asked compound counts, against the whole.
    pub part: f32,
    /// What a synonym counts, against the word itself.
    pub synonym: f32,
    /// What is found with a smaller share of the question than this is not shown.
    pub share_min: f32,
}

impl Ranking {
    /// Stems alone, as any search engine with Swedish stemming has it.
    pub const STEMS: Self =
        Self { stems: 1.0, parts: 0.0, grams: 0.0, synonyms: false, slips: false, ..Self::SHIPPED };
    /// Everything together: what is shipped.
    pub const SHIPPED: Self = Self {
        stems: 0.3,
        parts: 0.4,
        grams: 0.6,
        synonyms: true,
        slips: true,
        fields: [5.0, 5.0, 1.0, 1.0],
        saturation: 1.2,
        length: 0.3,
        within: 0.5,
        part: 1.0,
        synonym: 0.7,
        share_min: 0.05,
    };
}

/// The best of what fits the question.
pub(crate) fn rank(
    snapshot: &Snapshot,
    question: &Question,
    asking: &Asking<'_>,
) -> Result<Vec<Found>, TantivyError> {
    let ranking = asking.ranking;
    let mut scores = vec![0.0; snapshot.places()];
    let weights = ranking.stems + ranking.parts + ranking.grams;
    for (weight, slots) in
        [(ranking.stems, &question.stems), (ranking.parts, &question.parts), (ranking.grams, &question.grams)]
    {
        if weight > 0.0 {
            add_shares(snapshot, slots, ranking, weight / weights, &mut scores)?;
        }
    }
    let mut boosts = asking.boosts.to_vec();
    boosts.sort_unstable_by_key(|(id, _)| *id);
    let fits = |(place, share): (usize, f32)| {
        let id = snapshot.id(place).filter(|_| share > 0.0 && share >= ranking.share_min)?;
        asking.only.is_none_or(|only| only(id)).then(|| {
            let at = boosts.binary_search_by_key(&id, |(boosted, _)| *boosted);
            let boost = at.map_or(0.0, |at| boosts[at].1);
            let gain = if boost.is_finite() { BOOST_SHARE * boost.clamp(0.0, 1.0) } else { 0.0 };
            Found { id, score: share * (1.0 + gain), share }
        })
    };
    let mut found: Vec<Found> = scores.into_iter().enumerate().filter_map(fits).collect();
    let better = |a: &Found, b: &Found| b.score.total_cmp(&a.score).then_with(|| a.id.cmp(&b.id));
    if found.len() > asking.limit {
        found.select_nth_unstable_by(asking.limit, better);
        found.truncate(asking.limit);
    }
    found.sort_unstable_by(better);
    Ok(found)
}

/// Adds to each text's score its share, by one ranker, of what a text could have at most.
fn add_shares(
    snapshot: &Snapshot,
    slots: &[Slot],
    ranking: &Ranking,
    weight: f32,
    scores: &mut [f32],
) -> Result<(), TantivyError> {
    let mut sums = vec![0.0_f32; scores.len()];
    let mut often = vec![0.0_f32; scores.len()];
    let mut places: Vec<usize> = Vec::new();
    let mut most = 0.0_f32;
    for slot in slots {
        for (kind, term, worth) in &slot.terms {
            snapshot.visit(*kind, term, |place, field, times| {
                let length = 1.0 - ranking.length + ranking.length * snapshot.length(*kind, place)[field];
                if often[place] == 0.0 {
                    places.push(place);
                }
                often[place] += worth * ranking.fields[field] * times / length;
            })?;
        }
        let rare = slot.importance * rarity(places.len(), snapshot.len());
        if slot.asked {
            most += rare;
        }
        for place in places.drain(..) {
            let times = std::mem::take(&mut often[place]);
            sums[place] += rare * times / (ranking.saturation + times);
        }
    }
    if most > 0.0 {
        for (score, sum) in scores.iter_mut().zip(sums) {
            *score += weight * (sum / most).min(1.0);
        }
    }
    Ok(())
}

/// What a word that stands in `holding` of `texts` tells: the logarithm of BM25. A word that stands nowhere counts like
/// one that stands once, so that a question nobody can answer does not look half answered.
fn rarity(holding: usize, texts: usize) -> f32 {
    let count = |n: usize| f32::from(u16::try_from(n).unwrap_or(u16::MAX));
    let (holding, texts) = (count(holding.max(1)), count(texts.max(1)));
    ((texts - holding).max(0.0) + 0.5).mul_add(1.0 / (holding + 0.5), 1.0).ln()
}
