//! Finding cases by their number or the words of their title.

use super::lists::{CaseLine, read_line, select_lines};
use crate::limits::{SEARCH_LINES_MAX, SEARCH_WORDS_MAX, TITLE_WORDS_MAX, WORD_BYTES_MAX};
use crate::viewer::Viewer;
use storage::{Session, StorageError, params, sql};

/// The words a text is found by: small letters, without marks, each once. A case number gives itself and its digits, so
/// that it is found however it is written.
pub(crate) fn words_of(text: &str) -> Vec<Vec<u8>> {
    let mut words: Vec<Vec<u8>> = Vec::new();
    let mut add = |word: &str| {
        let word = cut(word).as_bytes().to_vec();
        // Every number begins so; as a word it would find every case.
        let telling = !word.is_empty() && word != b"kc";
        if telling && !words.contains(&word) && words.len() < TITLE_WORDS_MAX {
            words.push(word);
        }
    };
    for word in text.to_lowercase().split(|c: char| !c.is_alphanumeric()) {
        add(word);
        // "kc26110042", as some write a number.
        if let Some(digits) = word.strip_prefix("kc").filter(|rest| rest.bytes().all(|b| b.is_ascii_digit()))
        {
            add(digits);
        }
    }
    words
}

/// The word up to [`WORD_BYTES_MAX`], at a character's edge.
fn cut(word: &str) -> &str {
    let end =
        word.char_indices().map(|(at, c)| at + c.len_utf8()).take_while(|end| *end <= WORD_BYTES_MAX).last();
    &word[..end.unwrap_or(0)]
}

/// The first byte string after all that begin with `word`. UTF-8 never holds 0xFF.
fn past(word: &[u8]) -> Vec<u8> {
    let mut end = word.to_vec();
    end.push(0xFF);
    end
}

/// A word with so many rows is common; counting further would not change which word leads.
const COMMON_ROWS: usize = 2_000;
/// How many found cases are put in order of their last change: the newest of them, when there are more.
const FOUND_MAX: usize = 100;

/// How many rows begin with `word`, at most [`COMMON_ROWS`].
fn rows_of(s: &mut Session<'_>, word: &[u8]) -> Result<usize, StorageError> {
    s.the_row(
        sql!("SELECT COUNT(*) FROM (SELECT 1 FROM case_words WHERE word >= $1 AND word < $2 LIMIT $3) few"),
        params![word, past(word), COMMON_ROWS],
        |r| r.get(0),
    )
}

/// The cases whose number or title holds a word beginning with each word of `typed`, newest change first, at most
/// [`SEARCH_LINES_MAX`]; where more than a hundred are found, of those registered last. Nothing typed finds nothing.
pub fn search(s: &mut Session<'_>, viewer: Viewer, typed: &str) -> Result<Vec<CaseLine>, StorageError> {
    let mut words = words_of(typed);
    words.truncate(SEARCH_WORDS_MAX);
    // The rarest word leads, the others only check.
    let mut ranked = Vec::with_capacity(words.len());
    for word in words {
        ranked.push((rows_of(s, &word)?, word));
    }
    ranked.sort();
    let Some((_, lead)) = ranked.first().cloned() else { return Ok(Vec::new()) };
    let mut words: Vec<Vec<u8>> = ranked.into_iter().map(|(_, word)| word).collect();
    words.resize(SEARCH_WORDS_MAX, lead);
    let [w1, w2, w3, w4] = words.as_slice() else { return Ok(Vec::new()) };
    // OFFSET 0 keeps PostgreSQL from reading all rows of a common word beforehand, to look them up afterwards.
    // Walked in the index's own order, backwards, so that it ends as soon as enough are found. CROSS JOIN is the word by
    // which SQLite takes the few found first, instead of trying every case against them.
    s.rows(
        sql!(select_lines!(
            concat!(
                " FROM (SELECT DISTINCT found.case_id FROM
                       (SELECT l.case_id FROM case_words l CROSS JOIN cases c
                        WHERE l.word >= $3 AND l.word < $4 AND c.id = l.case_id
                          AND ($5 = $3 OR EXISTS (SELECT 1 FROM case_words x
                                  WHERE x.case_id = l.case_id AND x.word >= $5 AND x.word < $6 LIMIT 1 OFFSET 0))
                          AND ($7 = $3 OR EXISTS (SELECT 1 FROM case_words y
                                  WHERE y.case_id = l.case_id AND y.word >= $7 AND y.word < $8 LIMIT 1 OFFSET 0))
                          AND ($9 = $3 OR EXISTS (SELECT 1 FROM case_words z
                                  WHERE z.case_id = l.case_id AND z.word >= $9 AND z.word < $10 LIMIT 1 OFFSET 0))
                          AND ",
                crate::seen_sql!(),
                "
                        ORDER BY l.word DESC, l.case_id DESC LIMIT $11) found) h
              CROSS JOIN cases c"
            ),
            "AND c.id = h.case_id ORDER BY c.changed_at DESC, c.id DESC LIMIT $12"
        )),
        params![
            viewer.sees_all(),
            viewer.holder(),
            w1,
            past(w1),
            w2,
            past(w2),
            w3,
            past(w3),
            w4,
            past(w4),
            FOUND_MAX,
            SEARCH_LINES_MAX
        ],
        read_line,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        words_of(text).into_iter().map(|word| String::from_utf8(word).unwrap()).collect()
    }

    #[test]
    fn a_number_is_found_however_it_is_written() {
        assert_eq!(texts("KC-26110042"), ["26110042"]);
        assert_eq!(texts("KC26110042"), ["kc26110042", "26110042"]);
        assert_eq!(texts("Snöröjning, SNÖRÖJNING på Å-gatan!"), ["snöröjning", "på", "å", "gatan"]);
        assert!(texts(" ,.-%_ ").is_empty());
    }

    #[test]
    fn a_word_is_cut_at_a_characters_edge() {
        let long = "ö".repeat(100);
        let words = words_of(&long);
        assert_eq!(words[0].len(), WORD_BYTES_MAX);
        assert!(std::str::from_utf8(&words[0]).is_ok());
        let many = (0..100).map(|n| format!("ord{n} ")).collect::<String>();
        assert_eq!(words_of(&many).len(), TITLE_WORDS_MAX);
    }
}
