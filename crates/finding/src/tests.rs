//! The index as a whole: what is found, and what must hold whatever is asked of it.

use crate::{Analyser, Asking, Dictionary, Entry, Found, Index, Ranking, SynonymSet};
use proptest::prelude::*;
use std::sync::Arc;
use std::time::{Duration, Instant};
use uuid::Uuid;

fn entry(n: u128, title: &str, answer: &str, body: &str, keywords: &str) -> Entry {
    Entry {
        id: Uuid::from_u128(n),
        title: title.into(),
        answer: answer.into(),
        body: body.into(),
        keywords: keywords.into(),
        more: Vec::new(),
    }
}

fn town() -> Vec<Entry> {
    vec![
        entry(1, "Grovsopor", "Lämna på återvinningscentralen.", "Kylskåp tas emot gratis.", "möbler, soffa"),
        entry(2, "Utebliven sophämtning", "Låt tunnan stå kvar.", "Sopbilen kommer nästa dag.", "sopbil"),
        entry(3, "Bygglov för altan", "Du behöver oftast inte lov.", "Grannar får yttra sig.", "trädäck"),
        entry(
            4,
            "Snöröjning",
            "Vi plogar vid fem centimeter snö.",
            "Infarten sköter du själv.",
            "plog, halka",
        ),
        entry(5, "Plats i förskola", "Ansök i e-tjänsten.", "Du får en plats inom fyra månader.", "dagis"),
        entry(6, "Belysning på gator", "Anmäl en trasig lykta.", "Skriv numret på stolpen.", "gatlampa"),
        entry(7, "Vinterns röjning av vandringsleder", "Leder röjs inte.", "Gå varligt.", ""),
    ]
}

fn index_of(analyser: Analyser, entries: &[Entry]) -> Index {
    let index = Index::new(analyser).unwrap();
    index.apply(entries, &[]).unwrap();
    index
}

/// A dictionary in little; the real one is not ours to ship.
fn dictionary() -> Analyser {
    let aff = "COMPOUNDBEGIN X\nCOMPOUNDMIDDLE U\nCOMPOUNDEND Y\nONLYINCOMPOUND Z\n";
    let dic = "9\nsop/X\nhämtning/Y\ngatu/XZ\nbelysning/Y\nförskole/XZ\nplats/Y\nsnö/X\nröjning/Y\ngata/Y\nförskola/Y\n";
    Analyser::new(Some(Arc::new(Dictionary::read(aff, dic).unwrap())))
}

fn ids(found: &[Found]) -> Vec<u128> {
    found.iter().map(|f| f.id.as_u128()).collect()
}

fn find(index: &Index, query: &str) -> Vec<u128> {
    ids(&index.find(query, &Asking::most(10)).unwrap())
}

#[test]
fn compounds_are_met_by_their_parts_with_a_dictionary_and_without() {
    for analyser in [dictionary(), Analyser::default()] {
        let index = index_of(analyser, &town());
        for (query, first) in [
            ("gatubelysning", 6),
            ("förskoleplats", 5),
            ("hämtning av sopor ", 2),
            ("snöröjningen", 4),
            ("sopor", 1),
            ("forskoleplats", 5),
            ("gatubelysnign", 6),
        ] {
            assert_eq!(find(&index, query).first(), Some(&first), "{query}: {:?}", find(&index, query));
        }
    }
}

#[test]
fn a_step_that_is_left_out_finds_less() {
    let index = index_of(dictionary(), &town());
    let stems = Asking { ranking: &Ranking::STEMS, ..Asking::most(10) };
    assert!(index.find("gatubelysning", &stems).unwrap().is_empty());
    assert!(index.find("bygglåv", &stems).unwrap().is_empty());
    assert_eq!(ids(&index.find("bygglovet", &stems).unwrap()), [3]);
}

#[test]
fn only_what_may_be_found_is_found_and_no_more_than_is_wanted() {
    let index = index_of(Analyser::default(), &town());
    let only = |id: Uuid| id.as_u128() != 1;
    let asking = Asking { only: Some(&only), ..Asking::most(10) };
    assert!(!ids(&index.find("sopor", &asking).unwrap()).contains(&1));
    assert_eq!(index.find("sopor plats bygglov snö", &Asking::most(2)).unwrap().len(), 2);
}

#[test]
fn synonyms_may_be_phrases_and_go_one_way_if_that_is_meant() {
    let index = index_of(Analyser::default(), &town());
    assert!(find(&index, "verandagolv").is_empty());
    index.set_synonyms(vec![
        SynonymSet { words: vec!["verandagolv".into()], means: vec!["altan".into()] },
        SynonymSet::both_ways(vec!["stora sopor".into(), "grovsopor".into()]),
    ]);
    assert_eq!(find(&index, "verandagolv").first(), Some(&3));
    assert_eq!(find(&index, "stora sopor").first(), Some(&1));
}

#[test]
fn hostile_words_take_no_time() {
    let index = index_of(dictionary(), &town());
    let long = "å".repeat(200);
    let parts = "sop".repeat(60);
    let begun = Instant::now();
    for query in [long.as_str(), &parts, &"a ".repeat(200), &"sophämtning".repeat(18), &"\u{30a}".repeat(400)]
    {
        let _ = find(&index, query);
        let _ = index.meaning(query).marks(&parts);
    }
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
}

/// Words that meet each other in many ways, and some that are no words.
fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => prop::sample::select(vec![
            "sop", "sopor", "sophämtning", "hämtning", "gata", "gatubelysning", "belysning", "snö", "snöröjning",
            "röjning", "plats", "förskola", "förskoleplats", "och", "byggl", "bygglov", "lov", "ÅTERVINNING",
        ]).prop_map(str::to_owned),
        1 => "\\PC{0,6}",
    ]
}

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(word(), 0..8).prop_map(|words| words.join(" "))
}

fn entries() -> impl Strategy<Value = Vec<Entry>> {
    prop::collection::vec((0_u128..6, text(), text(), text(), text()), 1..10).prop_map(|all| {
        all.into_iter()
            .map(|(n, title, answer, body, keywords)| entry(n, &title, &answer, &body, &keywords))
            .collect()
    })
}

fn settings() -> ProptestConfig {
    ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(settings())]

    /// An index that has followed each change answers as one that is made anew from what there is: the same texts in
    /// the same order with the same scores, to the last bit.
    #[test]
    fn following_is_the_same_as_making_anew(
        changes in entries(),
        removed in prop::collection::vec(0_u128..6, 0..3),
        query in text(),
        with_dictionary in any::<bool>(),
    ) {
        let analyser = if with_dictionary { dictionary() } else { Analyser::default() };
        let followed = Index::new(analyser.clone()).unwrap();
        for change in &changes {
            followed.apply(std::slice::from_ref(change), &[]).unwrap();
        }
        let removed: Vec<Uuid> = removed.into_iter().map(Uuid::from_u128).collect();
        followed.apply(&[], &removed).unwrap();
        let mut left: Vec<Entry> = Vec::new();
        for change in changes {
            left.retain(|known| known.id != change.id);
            left.push(change);
        }
        left.retain(|known| !removed.contains(&known.id));
        left.reverse();
        let anew = index_of(analyser, &left);
        prop_assert_eq!(followed.len(), anew.len());
        let asked = |index: &Index| index.find(&query, &Asking::most(10)).unwrap();
        prop_assert_eq!(asked(&followed), asked(&anew));
    }

    /// Whatever is typed: no panic, no more than is wanted, shares that are shares, marks at the edges of characters,
    /// in order and apart.
    #[test]
    fn anything_may_be_asked(query in prop_oneof![text(), "\\PC{0,80}", ".{0,80}"], shown in prop_oneof![text(), ".{0,60}"]) {
        let index = index_of(dictionary(), &town());
        let found = index.find(&query, &Asking::most(3)).unwrap();
        prop_assert!(found.len() <= 3);
        prop_assert!(found.iter().all(|f| f.share > 0.0 && f.share <= 1.0 + 1e-5 && f.score.is_finite()));
        let meaning = index.meaning(&query);
        let mut end = 0;
        for mark in meaning.marks(&shown) {
            prop_assert!(mark.start >= end && mark.start < mark.end && shown.get(mark.clone()).is_some());
            end = mark.end;
        }
        let sentences = [shown.as_str(), "Ett annat svar."];
        prop_assert!(meaning.sentence(&["Titel"], &sentences).is_some_and(|s| sentences.contains(&s)));
    }
}
