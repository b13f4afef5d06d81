//! Two who write at once: their texts put together line by line, so that no line is lost.

/// Two texts made one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merged {
    /// The text with both's changes.
    pub text: String,
    /// Whether both changed the same lines; then both stand there, mine after theirs, for a person to choose.
    pub conflict: bool,
}

/// Most lines that are compared; longer texts are laid one after the other.
const LINES_MAX: usize = 2_000;

/// Puts `mine` and `theirs` together, both made out of `base`. What only one has changed is taken over; where both have,
/// theirs comes first and mine after it.
#[must_use]
pub fn merge(base: &str, mine: &str, theirs: &str) -> Merged {
    if mine == theirs || mine == base {
        return Merged { text: theirs.to_owned(), conflict: false };
    }
    if theirs == base {
        return Merged { text: mine.to_owned(), conflict: false };
    }
    let (base, mine, theirs) = (lines(base), lines(mine), lines(theirs));
    if base.len().max(mine.len()).max(theirs.len()) > LINES_MAX {
        let text = [theirs, mine].concat().join("\n");
        return Merged { text, conflict: true };
    }
    let (to_mine, to_theirs) = (common(&base, &mine), common(&base, &theirs));
    let mut out: Vec<&str> = Vec::new();
    let mut conflict = false;
    let (mut b, mut m, mut t) = (0, 0, 0);
    // From one line that all three share to the next: what lies between has been changed by one, by both, or by none.
    for anchor in 0..=base.len() {
        let (m_to, t_to) = if anchor == base.len() {
            (mine.len(), theirs.len())
        } else {
            match (to_mine[anchor], to_theirs[anchor]) {
                (Some(m_to), Some(t_to)) => (m_to, t_to),
                _ => continue,
            }
        };
        let (was, my, their) = (&base[b..anchor], &mine[m..m_to], &theirs[t..t_to]);
        if my == their || my == was {
            out.extend(their);
        } else if their == was {
            out.extend(my);
        } else {
            conflict = true;
            out.extend(their);
            out.extend(my);
        }
        if anchor < base.len() {
            out.push(base[anchor]);
        }
        (b, m, t) = (anchor + 1, m_to + 1, t_to + 1);
    }
    Merged { text: out.join("\n"), conflict }
}

fn lines(text: &str) -> Vec<&str> {
    text.split('\n').collect()
}

/// For each line of `from` the place in `to` it is matched with: a longest common subsequence (Wagner and Fischer,
/// Journal of the ACM 21, 1974).
fn common(from: &[&str], to: &[&str]) -> Vec<Option<usize>> {
    let width = to.len() + 1;
    let mut longest = vec![0_u32; (from.len() + 1) * width];
    for i in (0..from.len()).rev() {
        for j in (0..to.len()).rev() {
            longest[i * width + j] = if from[i] == to[j] {
                longest[(i + 1) * width + j + 1] + 1
            } else {
                longest[(i + 1) * width + j].max(longest[i * width + j + 1])
            };
        }
    }
    let mut matched = vec![None; from.len()];
    let (mut i, mut j) = (0, 0);
    while i < from.len() && j < to.len() {
        if from[i] == to[j] {
            matched[i] = Some(j);
            (i, j) = (i + 1, j + 1);
        } else if longest[(i + 1) * width + j] >= longest[i * width + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    matched
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn changes_in_different_places_are_both_taken() {
        let base = "Hej\n\nVi har sett hålet.\n\nHälsningar";
        let mine = "Hej Kim\n\nVi har sett hålet.\n\nHälsningar";
        let theirs = "Hej\n\nVi har sett hålet.\nDet lagas i morgon.\n\nHälsningar";
        let merged = merge(base, mine, theirs);
        assert_eq!(merged.text, "Hej Kim\n\nVi har sett hålet.\nDet lagas i morgon.\n\nHälsningar");
        assert!(!merged.conflict);
    }

    #[test]
    fn where_both_changed_the_same_line_both_stand() {
        let merged = merge("a\nb\nc", "a\nmin\nc", "a\nderas\nc");
        assert_eq!(merged.text, "a\nderas\nmin\nc");
        assert!(merged.conflict);
    }

    #[test]
    fn two_who_begin_on_an_empty_page_lose_nothing() {
        let merged = merge("", "Hej från Anna", "Hej från Karim");
        assert_eq!(merged.text, "Hej från Karim\nHej från Anna");
        assert!(merged.conflict);
    }

    proptest! {
        #[test]
        fn no_new_line_of_either_is_lost(
            base in "[ab\n]{0,12}",
            mine in "[abm\n]{0,12}",
            theirs in "[abt\n]{0,12}",
        ) {
            let merged = merge(&base, &mine, &theirs);
            let has = |line: &str| merged.text.split('\n').any(|other| other == line);
            // A line that only one has, and the base has not, was written by that one.
            for line in mine.split('\n').filter(|line| line.contains('m')) {
                prop_assert!(has(line), "{line:?} of mine in {:?}", merged.text);
            }
            for line in theirs.split('\n').filter(|line| line.contains('t')) {
                prop_assert!(has(line), "{line:?} of theirs in {:?}", merged.text);
            }
        }

        #[test]
        fn one_who_changed_nothing_changes_nothing(base in "[ab\n]{0,12}", other in "[abc\n]{0,12}") {
            prop_assert_eq!(merge(&base, &base, &other).text, other.clone());
            prop_assert_eq!(merge(&base, &other, &base).text, other);
        }
    }
}
