//! The form of a question: what two questions have in common that ask for the same.

use finding::words::{is_common, split, stem};

/// More words than this say no more of what is asked.
const WORDS_MAX: usize = 12;

/// Words that are said around a question and not in it, beside those that every search leaves out.
const ASIDE: &[&str] = &[
    "vilket",
    "behöver",
    "söka",
    "söker",
    "hitta",
    "hittar",
    "kontakta",
    "kontakt",
    "information",
    "info",
    "kommun",
    "kommunen",
    "kommunens",
    "gäller",
    "hjälp",
    "snälla",
    "veta",
    "möjligt",
    "går",
    "finna",
    "dags",
    "idag",
    "tag",
    "jobbar",
    "mer",
    "mera",
];

/// The stems of the words of a masked text that tell what is asked, each once, in the order of the alphabet. Numbers and what has
/// been masked tell nothing. When only common words are left, they are it.
#[must_use]
pub fn form_of(masked: &str) -> String {
    let bare = without_placeholders(masked);
    let words: Vec<String> =
        split(&bare).map(|word| word.folded).filter(|word| word.chars().any(char::is_alphabetic)).collect();
    let telling = |word: &&String| !is_common(word) && !ASIDE.contains(&word.as_str());
    let mut stems: Vec<String> = words.iter().filter(telling).map(|word| stem(word)).collect();
    if stems.is_empty() {
        stems = words.iter().map(|word| stem(word)).collect();
    }
    stems.sort_unstable();
    stems.dedup();
    stems.truncate(WORDS_MAX);
    stems.join(" ")
}

fn without_placeholders(masked: &str) -> String {
    let mut bare = String::with_capacity(masked.len());
    let mut inside = false;
    for c in masked.chars() {
        match c {
            '«' => inside = true,
            '»' => {
                inside = false;
                bare.push(' ');
            }
            c if !inside => bare.push(c),
            _ => {}
        }
    }
    bare
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_question_has_the_same_form() {
        for (one, other) in [
            ("var kan jag söka bygglov?", "Bygglovet"),
            ("när öppnar simhallen", "simhallen öppnar när"),
            ("förskola «namn»", "förskolan"),
            ("lampa trasig storgatan «adress»", "Trasig lampa på Storgatan"),
        ] {
            assert_eq!(form_of(one), form_of(other), "{one}");
        }
        assert_eq!(form_of("«namn» «telefon»"), "");
        assert_eq!(form_of("hur"), "hur");
        assert_ne!(form_of("bygglov altan"), form_of("bygglov staket"));
    }
}
