//! What is found: the dictionary the search reads Swedish by, what goes before its equals just now, and making the
//! indexes anew.
#![expect(clippy::print_stdout, reason = "a command-line tool speaks on standard output")]

use crate::config::{Config, Knowledge};
use crate::operator;
use finding::{Analyser, Dictionary};
use knowledge::{KnowledgeError, Search};
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;
use storage::Database;
use vocabulary::{ArticleId, Clock, Timestamp, local_day};

/// How often it is looked at what goes before its equals.
const BOOST_EVERY: Duration = Duration::from_secs(60);
/// What an article gains that today's events are about.
const EVENT_BOOST: f32 = 1.0;
/// An article that this many ask for within the hour gains all that can be gained.
const ASKED_FULL: f32 = 10.0;
/// The cases that are looked at in one transaction, so that a running Lots hardly waits.
const CASES_AT_ONCE: u32 = 200;

/// Swedish as the configuration's dictionary has it, or without one, saying so.
pub fn analyser(settings: &Knowledge) -> Analyser {
    match Dictionary::load(&settings.dictionary) {
        Ok(dictionary) => {
            let (heads, tails) = dictionary.sizes();
            tracing::info!(
                dictionary = %settings.dictionary.display(), heads, tails,
                "the search takes compounds apart by the dictionary"
            );
            Analyser::new(Some(Arc::new(dictionary)))
        }
        Err(error) => {
            tracing::warn!(
                %error,
                "the search has no dictionary and learns from the articles how compounds are put together; \
                 on Debian, hunspell-sv brings one (knowledge.dictionary)"
            );
            Analyser::default()
        }
    }
}

/// Looks each minute at what today's events are about and what many ask for, and lets it go before its equals.
pub async fn boost(search: Search, db: Database, clock: Arc<dyn Clock>) {
    loop {
        let now = clock.now();
        match boosts(&db, now).await {
            Ok(boosts) => search.set_boosts(boosts),
            Err(error) => tracing::warn!(%error, "what is asked for just now could not be read"),
        }
        tokio::time::sleep(BOOST_EVERY).await;
    }
}

async fn boosts(db: &Database, now: Timestamp) -> Result<Vec<(ArticleId, f32)>, KnowledgeError> {
    db.read(move |s| {
        let mut boosts: Vec<(ArticleId, f32)> =
            ahead::queries::articles_now(s, now)?.into_iter().map(|id| (id, EVENT_BOOST)).collect();
        for (id, weight) in knowledge::asked::queries::asked_now(s, now)? {
            let boost = asked_boost(weight);
            match boosts.iter_mut().find(|(known, _)| *known == id) {
                Some((_, known)) => *known = known.max(boost),
                None => boosts.push((id, boost)),
            }
        }
        Ok(boosts)
    })
    .await
}

/// 0 to 1, from thousandths of a question this hour: the first count most.
fn asked_boost(weight: u32) -> f32 {
    let asked = f32::from(u16::try_from(weight / 100).unwrap_or(u16::MAX)) / 10.0;
    (asked.ln_1p() / ASKED_FULL.ln_1p()).min(1.0)
}

/// `lots index rebuild`: writes anew, from the cases, the words they are found by, and reads the articles' index from
/// the store, which is what every start does; then tries it. Safe beside a running Lots.
///
/// # Errors
/// When the database cannot be opened or written, or an article cannot be found by its own title.
pub fn rebuild(config: &Config, now: Timestamp) -> Result<(), Box<dyn Error>> {
    let db = operator::open(config)?;
    let (cases, mended) = rebuild_cases(&db)?;
    println!(
        "Cases: {cases} looked at, {mended} were found by other words than they should be, and are mended."
    );
    let analyser = analyser(&config.knowledge);
    let search = crate::house::runtime()?.block_on(Search::open_with(&db, &analyser))?;
    println!("Articles: {} for guides, {} of them public.", search.len(), search.len_public());
    let lost = lost(&db, &search, now)?;
    if lost.is_empty() {
        println!("Each article valid today is found by its own title.");
        Ok(())
    } else {
        Err(format!("not found by their own title: {}", lost.join(", ")).into())
    }
}

fn rebuild_cases(db: &Database) -> Result<(usize, usize), Box<dyn Error>> {
    let (mut cases, mut mended, mut after) = (0, 0, None);
    loop {
        let anew = db.write_blocking(move |s| cases::commands::write_words_anew(s, after, CASES_AT_ONCE))?;
        cases += anew.cases;
        mended += anew.mended;
        let Some(last) = anew.last else { return Ok((cases, mended)) };
        after = Some(last);
    }
}

/// The articles that are valid today and not among what their own title finds.
fn lost(db: &Database, search: &Search, now: Timestamp) -> Result<Vec<String>, Box<dyn Error>> {
    const AMONG: usize = 20;
    let today = local_day(now);
    let articles = db.read_blocking(knowledge::queries::articles)?;
    let mut lost = Vec::new();
    for article in articles.iter().filter(|article| article.is_valid(today)) {
        let hits = search.find(article.title(), AMONG, today)?;
        if !hits.iter().any(|hit| hit.article.id == article.id || hit.article.title() == article.title()) {
            lost.push(article.slug.clone());
        }
    }
    Ok(lost)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_who_ask_count_most_and_no_crowd_counts_more_than_all() {
        let (one, three, ten) = (asked_boost(1_000), asked_boost(3_000), asked_boost(10_000));
        assert!(0.0 < one && one < three && three < ten && three < 3.0 * one);
        assert!((ten - 1.0).abs() < 1e-6 && (asked_boost(u32::MAX) - 1.0).abs() < 1e-6);
        assert!(asked_boost(0).abs() < 1e-6);
    }
}
