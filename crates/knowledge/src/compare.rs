//! What is different between two texts, told so that a person can read it: word by word within the paragraphs that
//! changed. The longest common subsequence, first of lines, then of the words of what lies between them; single words
//! left standing between changes are told as changed, too, since a sentence with a hole at each other word is no help.

/// A piece of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// In both.
    Same(String),
    /// Only in the old.
    Gone(String),
    /// Only in the new.
    New(String),
}

/// Cells of a table of comparison; more than that is told as gone and new in whole.
const CELLS_MAX: usize = 4_000_000;
/// A stretch in both of fewer words than this, between two changes, is told as changed.
const SAME_WORDS_MIN: usize = 2;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Same,
    Gone,
    New,
}

/// The order in which `a` and `b` are told: the tokens in both once, those of `a` before those of `b` where they differ.
fn told<'t>(a: &[&'t str], b: &[&'t str]) -> Vec<(Side, &'t str)> {
    let before = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let rest = (a.len() - before).min(b.len() - before);
    let after = a.iter().rev().zip(b.iter().rev()).take(rest).take_while(|(a, b)| a == b).count();
    let mut found: Vec<(Side, &str)> = a[..before].iter().map(|token| (Side::Same, *token)).collect();
    found.extend(between(&a[before..a.len() - after], &b[before..b.len() - after]));
    found.extend(a[a.len() - after..].iter().map(|token| (Side::Same, *token)));
    found
}

fn between<'t>(a: &[&'t str], b: &[&'t str]) -> Vec<(Side, &'t str)> {
    let mut found = Vec::with_capacity(a.len() + b.len());
    let whole = (a.len() + 1).saturating_mul(b.len() + 1) > CELLS_MAX;
    if whole || a.is_empty() || b.is_empty() {
        found.extend(a.iter().map(|token| (Side::Gone, *token)));
        found.extend(b.iter().map(|token| (Side::New, *token)));
        return found;
    }
    // common[i * width + j]: tokens common to a[i..] and b[j..].
    let width = b.len() + 1;
    let mut common = vec![0_u32; (a.len() + 1) * width];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            common[i * width + j] = if a[i] == b[j] {
                common[(i + 1) * width + j + 1] + 1
            } else {
                common[(i + 1) * width + j].max(common[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < a.len() || j < b.len() {
        if i < a.len() && j < b.len() && a[i] == b[j] {
            found.push((Side::Same, a[i]));
            (i, j) = (i + 1, j + 1);
        } else if j == b.len() || (i < a.len() && common[(i + 1) * width + j] >= common[i * width + j + 1]) {
            found.push((Side::Gone, a[i]));
            i += 1;
        } else {
            found.push((Side::New, b[j]));
            j += 1;
        }
    }
    found
}

/// Words, each with the white space after it; white space before the first is a token of its own.
fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut begin = 0;
    let mut was_space = false;
    for (at, c) in text.char_indices() {
        if was_space && !c.is_whitespace() {
            tokens.push(&text[begin..at]);
            begin = at;
        }
        was_space = c.is_whitespace();
    }
    if begin < text.len() {
        tokens.push(&text[begin..]);
    }
    tokens
}

/// A stretch of one side, or of both.
struct Run {
    side: Side,
    words: usize,
    text: String,
}

fn runs<'t>(told: impl IntoIterator<Item = (Side, &'t str)>) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for (side, token) in told {
        match runs.last_mut() {
            Some(last) if last.side == side => {
                last.text.push_str(token);
                last.words += 1;
            }
            _ => runs.push(Run { side, words: 1, text: token.to_owned() }),
        }
    }
    runs
}

/// Compares two texts, word by word.
#[must_use]
pub fn words(old: &str, new: &str) -> Vec<Piece> {
    let (old_lines, new_lines): (Vec<&str>, Vec<&str>) =
        (old.split_inclusive('\n').collect(), new.split_inclusive('\n').collect());
    let mut pieces = Pieces::default();
    let (mut gone, mut came) = (String::new(), String::new());
    for (side, line) in told(&old_lines, &new_lines) {
        match side {
            Side::Gone => gone.push_str(line),
            Side::New => came.push_str(line),
            Side::Same => {
                pieces.change(&std::mem::take(&mut gone), &std::mem::take(&mut came));
                pieces.same(line);
            }
        }
    }
    pieces.change(&gone, &came);
    pieces.told
}

#[derive(Default)]
struct Pieces {
    told: Vec<Piece>,
}

impl Pieces {
    fn same(&mut self, text: &str) {
        match self.told.last_mut() {
            Some(Piece::Same(last)) => last.push_str(text),
            _ if text.is_empty() => {}
            _ => self.told.push(Piece::Same(text.to_owned())),
        }
    }

    /// What stood in one place and what stands there now.
    fn change(&mut self, old: &str, new: &str) {
        let runs = runs(told(&tokens(old), &tokens(new)));
        let (mut gone, mut came) = (String::new(), String::new());
        for (at, run) in runs.iter().enumerate() {
            let between_changes = at > 0 && at + 1 < runs.len();
            match run.side {
                Side::Gone => gone.push_str(&run.text),
                Side::New => came.push_str(&run.text),
                Side::Same if between_changes && run.words < SAME_WORDS_MIN => {
                    gone.push_str(&run.text);
                    came.push_str(&run.text);
                }
                Side::Same => {
                    self.flush(&mut gone, &mut came);
                    self.same(&run.text);
                }
            }
        }
        self.flush(&mut gone, &mut came);
    }

    fn flush(&mut self, gone: &mut String, came: &mut String) {
        if !gone.is_empty() {
            self.told.push(Piece::Gone(std::mem::take(gone)));
        }
        if !came.is_empty() {
            self.told.push(Piece::New(std::mem::take(came)));
        }
    }
}

/// Whether a comparison tells of no difference.
#[must_use]
pub fn is_same(pieces: &[Piece]) -> bool {
    pieces.iter().all(|piece| matches!(piece, Piece::Same(_)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(old: &str, new: &str) -> String {
        words(old, new)
            .iter()
            .map(|piece| match piece {
                Piece::Same(text) => text.clone(),
                Piece::Gone(text) => format!("[-{text}-]"),
                Piece::New(text) => format!("[+{text}+]"),
            })
            .collect()
    }

    #[test]
    fn the_words_that_changed_are_told_and_the_rest_is_left_in_peace() {
        assert_eq!(
            shown("Öppet alla dagar 7–19 utom söndag.\n", "Öppet alla dagar 8–18 utom söndag.\n"),
            "Öppet alla dagar [-7–19 -][+8–18 +]utom söndag.\n"
        );
        assert_eq!(shown("a\nb\nc\n", "a\nc\nd\n"), "a\n[-b\n-]c\n[+d\n+]");
        assert_eq!(shown("", "Nytt här"), "[+Nytt här+]");
        assert_eq!(shown("Lika", "Lika"), "Lika");
    }

    #[test]
    fn a_lone_word_between_changes_goes_with_them() {
        assert_eq!(
            shown("ring oss i dag", "skriv till oss före torsdag"),
            "[-ring oss i dag-][+skriv till oss före torsdag+]"
        );
    }

    #[test]
    fn texts_without_a_word_in_common_are_told_whole_and_soon() {
        let long = |word: &str| (0..10_000).map(|n| format!("{word}{n} ")).collect::<String>();
        let told = words(&long("a"), &long("b"));
        assert!(matches!(&told[..], [Piece::Gone(_), Piece::New(_)]), "{}", told.len());
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

        #[test]
        fn a_comparison_holds_both_texts(a in "[ab \n]{0,40}", b in "[ab \n]{0,40}") {
            let told = words(&a, &b);
            let side = |new: bool| -> String {
                told.iter().map(|piece| match piece {
                    Piece::Same(text) => text.as_str(),
                    Piece::Gone(text) => if new { "" } else { text },
                    Piece::New(text) => if new { text } else { "" },
                }).collect()
            };
            prop_assert_eq!(side(false), a.clone());
            prop_assert_eq!(side(true), b.clone());
            prop_assert_eq!(is_same(&words(&a, &a)), true);
        }
    }
}
