//! What is different between two versions: line by line, and which steps came, went and changed.

use crate::definition::{Definition, Step};

/// A line of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line<'a> {
    /// In both.
    Same(&'a str),
    /// Only in the old.
    Gone(&'a str),
    /// Only in the new.
    New(&'a str),
}

/// Lines compared one by one, at most; what is longer is told as gone and new in whole.
const LINES_MAX: usize = 3_000;

/// Compares two texts by their longest common run of lines.
#[must_use]
pub fn lines<'a>(old: &'a str, new: &'a str) -> Vec<Line<'a>> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let before = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let rest = (old.len() - before).min(new.len() - before);
    let after = old.iter().rev().zip(new.iter().rev()).take(rest).take_while(|(a, b)| a == b).count();
    let (a, b) = (&old[before..old.len() - after], &new[before..new.len() - after]);
    let mut found: Vec<Line<'a>> = old[..before].iter().map(|line| Line::Same(line)).collect();
    found.extend(between(a, b));
    found.extend(old[old.len() - after..].iter().map(|line| Line::Same(line)));
    found
}

fn between<'a>(a: &[&'a str], b: &[&'a str]) -> Vec<Line<'a>> {
    if a.len().max(b.len()) > LINES_MAX {
        return a.iter().map(|line| Line::Gone(line)).chain(b.iter().map(|line| Line::New(line))).collect();
    }
    // common[i][j]: lines common to a[i..] and b[j..].
    let mut common = vec![vec![0_u16; b.len() + 1]; a.len() + 1];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            common[i][j] =
                if a[i] == b[j] { common[i + 1][j + 1] + 1 } else { common[i + 1][j].max(common[i][j + 1]) };
        }
    }
    let (mut i, mut j, mut found) = (0, 0, Vec::new());
    while i < a.len() || j < b.len() {
        if i < a.len() && j < b.len() && a[i] == b[j] {
            found.push(Line::Same(a[i]));
            (i, j) = (i + 1, j + 1);
        } else if j == b.len() || (i < a.len() && common[i + 1][j] >= common[i][j + 1]) {
            found.push(Line::Gone(a[i]));
            i += 1;
        } else {
            found.push(Line::New(b[j]));
            j += 1;
        }
    }
    found
}

/// What became of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It came.
    Added,
    /// It went.
    Removed,
    /// Something about it is different.
    Changed,
}

/// The steps and ends that are different, by key and name, those of the new version first.
#[must_use]
pub fn steps(old: &Definition, new: &Definition) -> Vec<(Change, String, String)> {
    // Lines and places move when something is put in before; what counts is what is said.
    let said = |definition: &Definition, step: &Step| {
        let ways: Vec<String> = step
            .arrows
            .iter()
            .map(|arrow| {
                let to: Vec<&str> = arrow.to.iter().map(|node| definition.name_of(*node)).collect();
                let when = arrow.when.as_ref().map(ToString::to_string);
                format!("{to:?} {when:?} {:?}", arrow.at_most)
            })
            .collect();
        let mut plain = Step { arrows: Vec::new(), line: 0, ..step.clone() };
        for field in &mut plain.fields {
            field.line = 0;
        }
        (plain, ways)
    };
    let mut found = Vec::new();
    for step in &new.steps {
        let named = |change| (change, step.key.clone(), step.name.clone());
        match old.steps.iter().find(|other| other.key == step.key) {
            None => found.push(named(Change::Added)),
            Some(other) if said(old, other) != said(new, step) => found.push(named(Change::Changed)),
            Some(_) => {}
        }
    }
    for end in &new.ends {
        let named = |change| (change, end.key.clone(), end.name.clone());
        match old.ends.iter().find(|other| other.key == end.key) {
            None => found.push(named(Change::Added)),
            Some(other) => {
                let same = crate::definition::End { line: end.line, ..other.clone() } == *end;
                if !same {
                    found.push(named(Change::Changed));
                }
            }
        }
    }
    let gone = |key: &str| new.step(key).is_none() && !new.ends.iter().any(|end| end.key == key);
    let old_ones =
        old.steps.iter().map(|s| (&s.key, &s.name)).chain(old.ends.iter().map(|e| (&e.key, &e.name)));
    found.extend(
        old_ones.filter(|(key, _)| gone(key)).map(|(key, name)| (Change::Removed, key.clone(), name.clone())),
    );
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_put_in_and_taken_out_is_told() {
        let told = lines("a\nb\nc\nd", "a\nx\nc\nd\ne");
        use Line::{Gone, New, Same};
        assert_eq!(told, [Same("a"), Gone("b"), New("x"), Same("c"), Same("d"), New("e")]);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

        #[test]
        fn a_comparison_holds_both_texts(a in "[abc\n]{0,30}", b in "[abc\n]{0,30}") {
            let told = lines(&a, &b);
            let side = |new: bool| -> Vec<&str> {
                told.iter().filter_map(|line| match line {
                    Line::Same(text) => Some(*text),
                    Line::Gone(text) => (!new).then_some(*text),
                    Line::New(text) => new.then_some(*text),
                }).collect()
            };
            prop_assert_eq!(side(false), a.lines().collect::<Vec<_>>());
            prop_assert_eq!(side(true), b.lines().collect::<Vec<_>>());
        }
    }
}
