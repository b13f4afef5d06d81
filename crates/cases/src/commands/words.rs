//! Making anew what cases are found by, from the cases themselves.

use crate::error::CasesError;
use crate::queries;
use storage::Session;
use vocabulary::CaseId;

/// What came of a stretch of cases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WordsAnew {
    /// How many cases were looked at.
    pub cases: usize,
    /// How many of them were found by other words than they should be.
    pub mended: usize,
    /// The last case of the stretch; none when there are no more.
    pub last: Option<CaseId>,
}

/// Looks at the cases after `after`, in the order of their ids, at most `limit`, and writes anew the words of those that
/// are found by others than their number and title say. It may run beside a running Lots: a case that is registered or
/// reworded meanwhile writes its own words, in a transaction of its own.
///
/// # Errors
/// When the database fails.
pub fn write_words_anew(
    s: &mut Session<'_>,
    after: Option<CaseId>,
    limit: u32,
) -> Result<WordsAnew, CasesError> {
    let cases = queries::titles_after(s, after, limit)?;
    let mut anew = WordsAnew { cases: cases.len(), ..WordsAnew::default() };
    for (id, number, title) in cases {
        anew.mended += usize::from(queries::mend_words(s, id, &number, &title)?);
        anew.last = Some(id);
    }
    Ok(anew)
}
