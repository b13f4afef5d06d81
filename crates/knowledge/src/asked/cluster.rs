//! Which questions are the same question.
//!
//! Questions come as forms (see [`super::form_of`]). They are gathered around leaders: the forms that somebody already has in hand
//! first, then the most missed; each form joins the leader it is most like, if it is like enough, and else leads itself. A
//! form is never joined to another member, only to the leader, so that chains ("parkering" - "parkering böter" - "böter
//! bibliotek") do not form. The same questions give the same groups, in whatever order they are read.
//!
//! How like two forms are is Dice's coefficient over their stems, each weighing more the fewer questions have it (`ln(1 + (N + 20)
//! / (n + 1))`, a smoothed inverse document frequency: among a few forms all words weigh nearly alike). Two stems meet when they
//! are equal, are synonyms, are a slip apart (one edit from five letters on, two from nine), or one is an end of the other (a part of a
//! compound, which counts as less).

use super::Synonym;
use finding::words::{bare, split, stem};
use std::collections::HashMap;

/// From here on two forms are the same question.
const LIKE_MIN: f64 = 0.6;
/// What a part of a compound is worth of a whole word.
const PART_WORTH: f64 = 0.75;
const SLIP_CHARS_MIN: usize = 5;
const TWO_SLIPS_CHARS_MIN: usize = 9;
const PART_CHARS_MIN: usize = 4;
/// What the number of forms is smoothed by.
const SMOOTHING: f64 = 20.0;

/// The leader's place among the forms given, and its members' places, itself among them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Group {
    pub leader: String,
    pub members: Vec<usize>,
}

/// One stem of a form.
struct Word {
    stem: String,
    /// Without å, ä and ö, as it is written on a foreign keyboard.
    bare: String,
    weight: f64,
    /// Which sets of synonyms it is in.
    sets: Vec<usize>,
}

/// Gathers `forms`, which are given with the most missed first, around `leaders` and each other.
pub(super) fn gather(forms: &[&str], leaders: &[&str], synonyms: &[Synonym]) -> Vec<Group> {
    let mut counts: HashMap<&str, u32> = HashMap::new();
    for stem in forms.iter().flat_map(|form| form.split(' ')) {
        *counts.entry(stem).or_default() += 1;
    }
    let sets = Sets::new(synonyms);
    let count = f64::from(u32::try_from(forms.len()).unwrap_or(u32::MAX));
    let words = |form: &str| -> Vec<Word> {
        form.split(' ')
            .filter(|stem| !stem.is_empty())
            .map(|stem| {
                let n = f64::from(counts.get(stem).copied().unwrap_or(0));
                let weight = (1.0 + (count + SMOOTHING) / (n + 1.0)).ln();
                Word { stem: stem.to_owned(), bare: bare(stem), weight, sets: sets.of(stem) }
            })
            .collect()
    };
    let mut led: Vec<(Vec<Word>, Group)> = leaders
        .iter()
        .map(|leader| (words(leader), Group { leader: (*leader).to_owned(), members: Vec::new() }))
        .collect();
    for (place, form) in forms.iter().enumerate() {
        let own = words(form);
        let mut best: Option<(f64, usize)> = None;
        for (n, (leader, group)) in led.iter().enumerate() {
            let like = if group.leader == *form { f64::INFINITY } else { likeness(&own, leader) };
            // Of two as like, the one that came first.
            if like >= LIKE_MIN && best.is_none_or(|(most, _)| like > most) {
                best = Some((like, n));
            }
        }
        match best {
            Some((_, n)) => led[n].1.members.push(place),
            None => led.push((own, Group { leader: (*form).to_owned(), members: vec![place] })),
        }
    }
    led.into_iter().map(|(_, group)| group).collect()
}

/// How like two forms are, 0 to 1.
fn likeness(one: &[Word], other: &[Word]) -> f64 {
    let (mut used, mut taken) = (vec![false; one.len()], vec![false; other.len()]);
    let mut shared =
        said_apart(one, &mut used, other, &mut taken) + said_apart(other, &mut taken, one, &mut used);
    for (m, word) in one.iter().enumerate().filter(|(m, _)| !used[*m]) {
        let mut best: Option<(f64, usize)> = None;
        for (n, candidate) in other.iter().enumerate().filter(|(n, _)| !taken[*n]) {
            let worth = meets(word, candidate);
            if worth > 0.0 && best.is_none_or(|(most, _)| worth > most) {
                best = Some((worth, n));
            }
        }
        if let Some((worth, n)) = best {
            taken[n] = true;
            shared += worth * (one[m].weight + other[n].weight);
        }
    }
    let all: f64 = one.iter().chain(other).map(|word| word.weight).sum();
    if all > 0.0 { shared / all } else { 0.0 }
}

/// What the compounds of one form weigh that the other says in two words ("solcellsbidrag", "bidrag till solceller"), with those
/// words. They are used up.
fn said_apart(whole: &[Word], used: &mut [bool], apart: &[Word], taken: &mut [bool]) -> f64 {
    /// What binds the parts of a compound: "s", or what the stems have lost.
    const JOINT_BYTES_MAX: usize = 3;
    let mut weight = 0.0;
    for (m, compound) in whole.iter().enumerate() {
        let of_two = |a: &Word, b: &Word| {
            let parts = a.bare.len() + b.bare.len();
            a.bare.len().min(b.bare.len()) >= PART_CHARS_MIN
                && (parts..=parts + JOINT_BYTES_MAX).contains(&compound.bare.len())
                && compound.bare.starts_with(&a.bare)
                && compound.bare.ends_with(&b.bare)
        };
        let places = (0..apart.len()).flat_map(|a| (0..apart.len()).map(move |b| (a, b)));
        let found = places
            .filter(|(a, b)| a != b && !taken[*a] && !taken[*b])
            .find(|(a, b)| of_two(&apart[*a], &apart[*b]));
        if let Some((a, b)) = found.filter(|_| !used[m]) {
            (used[m], taken[a], taken[b]) = (true, true, true);
            weight += compound.weight + apart[a].weight + apart[b].weight;
        }
    }
    weight
}

/// How much of a meeting two stems are: 1 the same, 0 not at all.
fn meets(one: &Word, other: &Word) -> f64 {
    if one.stem == other.stem || one.bare == other.bare || one.sets.iter().any(|set| other.sets.contains(set))
    {
        return 1.0;
    }
    let (short, long) =
        if one.bare.len() <= other.bare.len() { (&one.bare, &other.bare) } else { (&other.bare, &one.bare) };
    let chars = short.chars().count();
    let edits = match chars {
        n if n >= TWO_SLIPS_CHARS_MIN => 2,
        n if n >= SLIP_CHARS_MIN => 1,
        _ => 0,
    };
    if edits > 0 && within_edits(short, long, edits) {
        return 1.0;
    }
    let part =
        chars >= PART_CHARS_MIN && (long.starts_with(short.as_str()) || long.ends_with(short.as_str()));
    if part { PART_WORTH } else { 0.0 }
}

/// Whether at most `most` insertions, removals, replacements or swaps of neighbours make one word of the other (optimal string
/// alignment).
fn within_edits(one: &str, other: &str, most: usize) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    if a.len().abs_diff(b.len()) > most {
        return false;
    }
    let mut rows = vec![vec![0_usize; b.len() + 1]; a.len() + 1];
    for (i, row) in rows.iter_mut().enumerate() {
        row[0] = i;
    }
    rows[0] = (0..=b.len()).collect();
    for i in 1..=a.len() {
        for j in 1..=b.len() {
            let cost = usize::from(a[i - 1] != b[j - 1]);
            let mut least = (rows[i - 1][j] + 1).min(rows[i][j - 1] + 1).min(rows[i - 1][j - 1] + cost);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            rows[i][j] = least;
        }
    }
    rows[a.len()][b.len()] <= most
}

/// Which stems are synonyms of which.
struct Sets(HashMap<String, Vec<usize>>);

impl Sets {
    /// Of single words only: a phrase is not one stem.
    fn new(synonyms: &[Synonym]) -> Self {
        let mut sets: HashMap<String, Vec<usize>> = HashMap::new();
        for (n, synonym) in synonyms.iter().enumerate() {
            for phrase in synonym.words.iter().chain(&synonym.means) {
                let mut words = split(phrase);
                if let (Some(word), None) = (words.next(), words.next()) {
                    sets.entry(stem(&word.folded)).or_default().push(n);
                }
            }
        }
        Self(sets)
    }

    fn of(&self, stem: &str) -> Vec<usize> {
        self.0.get(stem).cloned().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asked::form_of;
    use proptest::prelude::*;
    use vocabulary::{NewId as _, SeededChance, SynonymId, Timestamp};

    fn groups(questions: &[&str], synonyms: &[Synonym]) -> Vec<Vec<String>> {
        let forms: Vec<String> = questions.iter().map(|q| form_of(q)).collect();
        let forms: Vec<&str> = forms.iter().map(String::as_str).collect();
        gather(&forms, &[], synonyms)
            .into_iter()
            .map(|group| group.members.into_iter().map(|n| questions[n].to_owned()).collect())
            .collect()
    }

    fn synonym(words: &[&str]) -> Synonym {
        Synonym {
            id: SynonymId::next(Timestamp::UNIX_EPOCH, &SeededChance::new(1)),
            words: words.iter().map(|word| (*word).to_owned()).collect(),
            means: Vec::new(),
            changed_at: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn variants_of_a_question_are_one_gap() {
        for (one, other) in [
            ("cykelpump", "cykelpumpen"),
            ("cykelpump", "var finns cykelpump vid stationen"),
            ("cykelpump", "cykelpunp"),
            ("elsparkcykel", "elsparkcyklar"),
            ("laddstolpe elbil", "laddstolpar för elbilar"),
            ("återvinning", "atervinning"),
            ("hundrastgård", "hundrastgard"),
            ("odlingslott", "odlingslotter hyra"),
            ("solcellsbidrag", "bidrag till solceller"),
            ("skötselråd gräsmatta", "gräs matta skötselråd"),
        ] {
            assert_eq!(groups(&[one, other], &[]).len(), 1, "{one} / {other}");
        }
    }

    #[test]
    fn different_questions_are_different_gaps() {
        for (one, other) in [
            ("bygglov altan", "parkering stationen"),
            ("förskola kö", "färdtjänst kö"),
            ("simskola", "skolskjuts"),
            ("bad", "bil"),
            ("parkering böter överklaga", "parkering hyra plats centrum"),
        ] {
            assert_eq!(groups(&[one, other], &[]).len(), 2, "{one} / {other}");
        }
    }

    #[test]
    fn synonyms_bring_questions_together_and_leaders_come_first() {
        assert_eq!(groups(&["dagis", "förskola"], &[]).len(), 2);
        assert_eq!(groups(&["dagis", "förskola"], &[synonym(&["dagis", "förskola"])]).len(), 1);
        let got = gather(&["cykelpump station", "cykelpump"], &["cykelpump"], &[]);
        assert_eq!(got, [Group { leader: "cykelpump".into(), members: vec![0, 1] }]);
    }

    #[test]
    fn edits_are_counted_with_swaps() {
        for (a, b, most, near) in [
            ("cykelpump", "cykelpupm", 1, true),
            ("cykelpump", "cykelpunp", 1, true),
            ("cykelpump", "cyklpum", 2, true),
            ("cykelpump", "cyklpum", 1, false),
            ("bad", "badet", 1, false),
        ] {
            assert_eq!((within_edits(a, b, most), within_edits(b, a, most)), (near, near), "{a} {b}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn every_form_is_in_one_group(forms in proptest::collection::btree_set("[a-dåö]{1,5}( [a-dåö]{2,6}){0,2}", 1..25)) {
            let forms: Vec<&str> = forms.iter().map(String::as_str).collect();
            let got = gather(&forms, &[], &[]);
            let mut places: Vec<usize> = got.iter().flat_map(|group| group.members.clone()).collect();
            places.sort_unstable();
            prop_assert_eq!(places, (0..forms.len()).collect::<Vec<_>>());
            prop_assert_eq!(gather(&forms, &[], &[]), got);
        }
    }
}
