//! What is different between two versions: field by field, each as lines of text, so that it can be laid side by side
//! and read aloud.

use crate::model::{Basis, ContactPerson, RuleKind};
use crate::steps;
use vocabulary::{AnswerGroupId, CaseTypeId, Language};

/// A part of a basis, in the order in which it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Its title.
    Title,
    /// Why.
    Purpose,
    /// What is done.
    Does,
    /// What is done partly.
    Partly,
    /// What is not.
    DoesNot,
    /// The process map, as it is written.
    Steps,
    /// Its case types.
    CaseTypes,
    /// Answer groups and skills.
    Competence,
    /// Contacts in a month.
    Volume,
    /// Contact persons.
    Contacts,
    /// From when, notice, review.
    Terms,
    /// The words residents use.
    Keywords,
    /// What the public page says.
    Public,
}

impl Part {
    /// Every part.
    pub const ALL: &'static [Self] = &[
        Self::Title,
        Self::Purpose,
        Self::Does,
        Self::Partly,
        Self::DoesNot,
        Self::Steps,
        Self::CaseTypes,
        Self::Competence,
        Self::Volume,
        Self::Contacts,
        Self::Terms,
        Self::Keywords,
        Self::Public,
    ];

    /// The word for it, as language files know it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Purpose => "purpose",
            Self::Does => "does",
            Self::Partly => "partly",
            Self::DoesNot => "does_not",
            Self::Steps => "steps",
            Self::CaseTypes => "case_types",
            Self::Competence => "competence",
            Self::Volume => "volume",
            Self::Contacts => "contacts",
            Self::Terms => "terms",
            Self::Keywords => "keywords",
            Self::Public => "public",
        }
    }
}

/// How ids are told.
pub trait Names {
    /// A case type's name.
    fn case_type(&self, id: CaseTypeId) -> String;
    /// An answer group's name.
    fn group(&self, id: AnswerGroupId) -> String;
}

/// A part of a basis as lines of text.
#[must_use]
pub fn lines(basis: &Basis, part: Part, language: Language, names: &dyn Names) -> Vec<String> {
    let rules = |kind| {
        let own = basis.rules.iter().filter(|rule| rule.kind == kind);
        own.map(|rule| match rule.instead.as_str() {
            "" => rule.text.clone(),
            instead => format!("{} → {instead}", rule.text),
        })
        .collect()
    };
    let text = |text: &str| text.lines().map(str::to_owned).filter(|line| !line.is_empty()).collect();
    match part {
        Part::Title => vec![basis.title.clone()],
        Part::Purpose => text(&basis.purpose),
        Part::Does => rules(RuleKind::Does),
        Part::Partly => rules(RuleKind::Partly),
        Part::DoesNot => rules(RuleKind::DoesNot),
        Part::Steps => text(&steps::write(language, &basis.steps)),
        Part::CaseTypes => basis.case_types.iter().map(|id| names.case_type(*id)).collect(),
        Part::Competence => {
            let groups = basis.groups.iter().map(|id| names.group(*id));
            groups.chain(basis.skills.iter().cloned()).collect()
        }
        Part::Volume => basis.contacts_per_month.iter().map(ToString::to_string).collect(),
        Part::Contacts => basis.contacts.iter().map(contact_line).collect(),
        Part::Terms => vec![
            basis.valid_from.to_string(),
            crate::words::notice(language, basis.notice_months),
            basis.review_day.to_string(),
        ],
        Part::Keywords => text(&basis.keywords),
        Part::Public => {
            let heading = std::iter::once(basis.public_title.clone()).filter(|title| !title.is_empty());
            let text = basis.public_text.lines().filter(|line| !line.is_empty()).map(str::to_owned);
            std::iter::once(crate::words::theme(language, basis.theme)).chain(heading).chain(text).collect()
        }
    }
}

/// A contact person in one line: what `commands::contact_line` reads.
#[must_use]
pub fn contact_line(person: &ContactPerson) -> String {
    [&person.name, &person.title, &person.email, &person.telephone]
        .into_iter()
        .filter(|part| !part.is_empty())
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(", ")
}

/// The parts in which two bases differ, each with the old lines and the new.
#[must_use]
pub fn changes(
    old: &Basis,
    new: &Basis,
    language: Language,
    names: &dyn Names,
) -> Vec<(Part, Vec<String>, Vec<String>)> {
    Part::ALL
        .iter()
        .map(|part| (*part, lines(old, *part, language, names), lines(new, *part, language, names)))
        .filter(|(_, before, after)| before != after)
        .collect()
}
