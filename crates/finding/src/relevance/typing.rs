//! Slips of the fingers, as people make them on a Swedish keyboard: drawn from a seed, so that the same question is
//! always mistyped in the same way.

use crate::words;

/// Shorter words are typed without a slip.
const WORD_CHARS_MIN: usize = 5;

/// How a question is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Typing {
    /// As it stands.
    Careful,
    /// One slip in one of its longer words.
    OneSlip,
    /// A slip in each of its longer words.
    Hasty,
}

/// A source of chance that says the same on every machine and in every version (Steele, Lea and Flood, 2014:
/// SplitMix64).
#[derive(Clone, Debug)]
pub struct Seeded(u64);

impl Seeded {
    /// From a seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `n`; 0 if `n` is 0.
    pub fn below(&mut self, n: usize) -> usize {
        let n = u64::try_from(n.max(1)).unwrap_or(u64::MAX);
        usize::try_from(self.next() % n).unwrap_or(0)
    }
}

/// The keys beside each letter.
const fn neighbours(c: char) -> &'static str {
    match c {
        'q' => "wa",
        'w' => "qes",
        'e' => "wrd",
        'r' => "etf",
        't' => "ryg",
        'y' => "tuh",
        'u' => "yij",
        'i' => "uok",
        'o' => "ipl",
        'p' => "oåö",
        'å' => "pä",
        'a' => "qsz",
        's' => "adwx",
        'd' => "sfec",
        'f' => "dgrv",
        'g' => "fhtb",
        'h' => "gjyn",
        'j' => "hkum",
        'k' => "jli",
        'l' => "köo",
        'ö' => "läp",
        'ä' => "öå",
        'z' => "xa",
        'x' => "zcs",
        'c' => "xvd",
        'v' => "cbf",
        'b' => "vng",
        'n' => "bmh",
        'm' => "nj",
        _ => "",
    }
}

/// One slip in a folded word: two letters swapped, a letter dropped or doubled, the key beside it, or the dots of an å,
/// ä or ö left out; each way that the word allows is as likely as another.
#[must_use]
pub fn slip(word: &str, chance: &mut Seeded) -> String {
    let mut chars: Vec<char> = word.chars().collect();
    if chars.len() < 2 {
        return word.to_owned();
    }
    let dotted: Vec<usize> = (0..chars.len()).filter(|at| "åäö".contains(chars[*at])).collect();
    let ways = if dotted.is_empty() { 4 } else { 5 };
    match chance.below(ways) {
        0 => {
            let differing: Vec<usize> =
                (0..chars.len() - 1).filter(|at| chars[*at] != chars[at + 1]).collect();
            if let Some(at) = differing.get(chance.below(differing.len())) {
                chars.swap(*at, at + 1);
            }
        }
        1 => {
            chars.remove(chance.below(chars.len()));
        }
        2 => {
            let at = chance.below(chars.len());
            chars.insert(at, chars[at]);
        }
        3 => {
            let at = chance.below(chars.len());
            let beside: Vec<char> = neighbours(chars[at]).chars().collect();
            if let Some(other) = beside.get(chance.below(beside.len())) {
                chars[at] = *other;
            }
        }
        _ => {
            let at = dotted[chance.below(dotted.len())];
            chars[at] = if chars[at] == 'ö' { 'o' } else { 'a' };
        }
    }
    chars.into_iter().collect()
}

impl Typing {
    /// `text` as it is typed so. A question without a longer word is typed carefully.
    #[must_use]
    pub fn of(self, text: &str, seed: u64) -> String {
        let mut chance = Seeded::new(seed);
        let long: Vec<words::Word> =
            words::split(text).filter(|word| word.folded.chars().count() >= WORD_CHARS_MIN).collect();
        let chosen: Vec<&words::Word> = match self {
            Self::Careful => Vec::new(),
            Self::OneSlip => long.get(chance.below(long.len())).into_iter().collect(),
            Self::Hasty => long.iter().collect(),
        };
        let mut typed = text.to_owned();
        for word in chosen.into_iter().rev() {
            typed.replace_range(word.at.clone(), &slip(&word.folded, &mut chance));
        }
        typed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::slips::slips;

    #[test]
    fn a_slip_is_one_slip_and_the_same_for_the_same_seed() {
        let word: Vec<char> = "återvinning".chars().collect();
        for seed in 0..500 {
            let typed = slip("återvinning", &mut Seeded::new(seed));
            let chars: Vec<char> = typed.chars().collect();
            assert!(slips(&word, &chars, 1).is_some(), "{typed}");
            assert_eq!(typed, slip("återvinning", &mut Seeded::new(seed)));
        }
    }

    #[test]
    fn only_longer_words_are_mistyped() {
        let question = "när töms min soptunna på Kajgatan";
        let one = Typing::OneSlip.of(question, 3);
        let differing =
            one.split(' ').zip(question.split(' ')).filter(|(a, b)| a.to_lowercase() != b.to_lowercase());
        assert!(differing.count() <= 1, "{one}");
        let hasty = Typing::Hasty.of(question, 3);
        assert!(hasty.starts_with("när töms min ") && hasty.contains(" på "), "{hasty}");
        assert_eq!(Typing::Careful.of(question, 3), question);
        assert_eq!(Typing::Hasty.of("", 3), "");
    }
}
