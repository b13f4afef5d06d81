//! Slips of the fingers: how many edits apart two words are, counting no further than matters.

/// How many slips a word of so many letters may hold and still be taken for what was meant.
#[must_use]
pub const fn slips_max(chars: usize) -> usize {
    match chars {
        0..=3 => 0,
        4..=8 => 1,
        _ => 2,
    }
}

/// How many insertions, removals, replacements and swaps of neighbours make `a` into `b` (Damerau and Levenshtein's
/// restricted distance); [`None`] above `most`.
#[must_use]
pub fn slips(a: &[char], b: &[char], most: usize) -> Option<usize> {
    if a.len().abs_diff(b.len()) > most {
        return None;
    }
    let same_start = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[same_start..], &b[same_start..]);
    let same_end = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[..a.len() - same_end], &b[..b.len() - same_end]);
    // Three rows of the table: two back, one back, this.
    let mut before: Vec<usize> = vec![0; b.len() + 1];
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut this = Vec::with_capacity(b.len() + 1);
        this.push(i + 1);
        for (j, y) in b.iter().enumerate() {
            let mut least = (last[j] + usize::from(x != y)).min(last[j + 1] + 1).min(this[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                least = least.min(before[j - 1] + 1);
            }
            this.push(least);
        }
        if this.iter().min().is_some_and(|least| *least > most) {
            return None;
        }
        before = std::mem::replace(&mut last, this);
    }
    last.last().copied().filter(|n| *n <= most)
}

/// Whether one insertion, removal, replacement or swap of neighbours at most makes `a` into `b`.
#[must_use]
pub fn within_one(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    slips(&a, &b, 1).is_some()
}

/// Which letters a word holds, as bits: a word more than two bits away for each slip cannot be meant.
#[must_use]
pub fn letters(word: &str) -> u64 {
    word.chars().fold(0, |bits, c| bits | 1 << (u32::from(c) % 64))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn between(a: &str, b: &str, most: usize) -> Option<usize> {
        let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
        slips(&a, &b, most)
    }

    #[test]
    fn one_slip_is_one_slip() {
        for (a, b, near) in [
            ("bygglov", "bygglov", true),
            ("byglov", "bygglov", true),
            ("bygglåv", "bygglov", true),
            ("byggolv", "bygglov", true),
            ("bglov", "bygglov", false),
            ("olvbygg", "bygglov", false),
            ("", "å", true),
            ("", "åä", false),
        ] {
            assert_eq!((within_one(a, b), within_one(b, a)), (near, near), "{a} {b}");
        }
    }

    #[test]
    fn slips_are_counted_and_no_further_than_asked() {
        assert_eq!(between("parkeringstilstånd", "parkeringstillstånd", 2), Some(1));
        assert_eq!(between("parkeringtilstånd", "parkeringstillstånd", 2), Some(2));
        assert_eq!(between("parkertilstånd", "parkeringstillstånd", 2), None);
        assert_eq!(between("snörjöning", "snöröjning", 2), Some(1));
        assert_eq!(between("ab", "ba", 1), Some(1));
    }

    #[test]
    fn the_letters_never_refuse_what_is_near() {
        for (a, b) in [("byglov", "bygglov"), ("bygglåv", "bygglov"), ("sop", "spo")] {
            let apart = (letters(a) ^ letters(b)).count_ones();
            assert!(apart <= 2, "{a} {b}");
        }
    }
}
