//! A town as data: who lives and works there, what they call about, and what the contact centre knows. Kept as TOML and
//! Markdown that a person can edit; read and checked here, so that an error names the file and the field.

mod check;
mod coming;
mod files;
mod handed;
mod model;
mod past;
mod told;

pub use coming::{Agenda, Event, Held, Item, Question, Series, Undertaking};
pub use files::Files;
pub use handed::{Assignment, Referral, StandardCheck, Stands};
pub use model::{
    AnswerGroup, Answers, CaseTerms, CaseType, Department, Mail, MainNumber, NumberRange, Officer,
    PastLetter, Residents, RetentionRule, Shift, Town, User,
};
pub use past::{CallIn, Done, PastCrisis, PastMessage, PastSearch};
pub use told::{Article, SynonymSet};

/// What is wrong with a town's files.
#[derive(Debug, thiserror::Error)]
#[error("{file}: {field}: {problem}")]
pub struct TownError {
    /// The file, below the town's folder.
    pub file: String,
    /// The field, with what names its entry: `officer sofia.ek@vikhamn.example: department`.
    pub field: String,
    /// What is wrong, and what would do.
    pub problem: String,
}

impl TownError {
    fn new(file: impl Into<String>, field: impl Into<String>, problem: impl Into<String>) -> Self {
        Self { file: file.into(), field: field.into(), problem: problem.into() }
    }
}

#[cfg(test)]
mod tests;
