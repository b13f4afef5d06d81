//! Taking what is personal out of what was typed, before anything of it is kept.
//!
//! Whoever searches sometimes types what they would say on the telephone: a personal number, a child's name. None of it is
//! needed to see what people ask for, so it is replaced by words for what stood there: `«personnummer»`, `«telefon»`.
//!
//! There is no list of all names and no grammar of all numbers, so this errs to the side of masking where something looks
//! like a person's, and lets words be that are ordinary: a gap that says "hämta sopor" is worth something, one that says
//! "hämta «namn»" is not. What it goes by:
//!
//! - **Numbers** by their shape, not by their checksum (people mistype): personal, co-ordination and organisation numbers with
//!   and without century, sign and spaces, also when only the date has been typed; telephone numbers; everything else of seven
//!   digits or more. Dates, times, sums of money, years and short public numbers (112, 1177) stay. See [`numbers`].
//! - **Names** by lists of what is hardly anything else, by endings (`-sson`), by what stands before (`jag heter`, `min son`), and
//!   by two capitalised words in the middle of a sentence. What is also an ordinary word (Björn, Sten, Åker) is a name only
//!   beside another one or after such words. See [`names`].
//! - **Addresses**: the street stays, the number goes. See [`streets`].
//!
//! Masking is pure, bounded, and changes nothing that it has already masked.

mod digits;
mod lists;
mod names;
mod numbers;
mod streets;
#[cfg(test)]
mod tests;
mod text;
mod words;

pub use names::Names;
use text::Text;

/// More than this of what was typed is not looked at, in characters.
pub const TYPED_CHARS_MAX: usize = 400;

/// What stood where something was masked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// A personal, co-ordination or organisation number, or a day of birth.
    PersonalNumber,
    /// A telephone number.
    Telephone,
    /// An e-mail address or a handle.
    Email,
    /// A name.
    Name,
    /// The number of a house, a flat or a property.
    Address,
    /// A registration plate.
    Plate,
    /// The number of a case.
    Case,
    /// Any other long number: a card, an account.
    Number,
}

impl What {
    /// All of them.
    pub(crate) const ALL: [Self; 8] = [
        Self::PersonalNumber,
        Self::Telephone,
        Self::Email,
        Self::Name,
        Self::Address,
        Self::Plate,
        Self::Case,
        Self::Number,
    ];

    /// What is written in its place.
    pub(crate) const fn placeholder(self) -> &'static str {
        match self {
            Self::PersonalNumber => "«personnummer»",
            Self::Telephone => "«telefon»",
            Self::Email => "«e-post»",
            Self::Name => "«namn»",
            Self::Address => "«adress»",
            Self::Plate => "«regnr»",
            Self::Case => "«ärende»",
            Self::Number => "«nummer»",
        }
    }
}

/// `text` with what is personal replaced by words for it, on one line. At most [`TYPED_CHARS_MAX`] characters of it are read;
/// what comes after is left out.
#[must_use]
pub fn masked(text: &str, names: &Names) -> String {
    let mut text = Text::new(text);
    numbers::mask_emails(&mut text);
    numbers::mask_plates(&mut text);
    streets::mask(&mut text);
    numbers::mask(&mut text);
    names.mask(&mut text);
    text.shown()
}
