//! "Is this ours?", answered while the resident is still speaking: a pure look through the rules of the assignments in
//! force, the case types with the words residents use, and what others own.

use crate::asking::{Words, rank};
use crate::model::{Referral, RuleKind};
use cases::CaseType;
use finding::{Choice, suggest};
use std::ops::Range;
use vocabulary::{AssignmentId, CaseTypeId, ReferralId};

/// Whose something is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Ours.
    Ours,
    /// Partly ours.
    Partly {
        /// Who has the rest.
        where_to: WhereTo,
    },
    /// Not ours.
    NotOurs {
        /// Whose it is.
        where_to: WhereTo,
    },
}

impl Verdict {
    /// The word for it, as language files know it.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::Partly { .. } => "partly",
            Self::NotOurs { .. } => "not_ours",
        }
    }

    /// Where to turn, if not to us.
    #[must_use]
    pub const fn where_to(&self) -> Option<&WhereTo> {
        match self {
            Self::Ours => None,
            Self::Partly { where_to } | Self::NotOurs { where_to } => Some(where_to),
        }
    }
}

/// Where to turn.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WhereTo {
    /// Whom: a department, an authority, a firm.
    pub whom: String,
    /// As people write it; empty if none is known.
    pub telephone: String,
    /// An address on the web; empty if none is known.
    pub url: String,
}

/// What an answer was found in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A rule, or the assignment as a whole.
    Assignment(AssignmentId),
    /// A case type within an assignment.
    Covered(AssignmentId, CaseTypeId),
    /// A case type outside every assignment.
    Uncovered(CaseTypeId),
    /// What others own.
    Referral(ReferralId),
}

/// Something that can be asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What it is about: the rule, the type's name, the referral's owner.
    pub title: String,
    /// More words for it.
    pub keywords: String,
    /// What stands under it: the assignment's name, the referral's text.
    pub detail: String,
    /// Whose it is.
    pub verdict: Verdict,
    /// What it is from.
    pub source: Source,
}

/// An entry that fits what was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The entry.
    pub entry: Entry,
    /// Which parts of its title to mark, in bytes.
    pub marks: Vec<Range<usize>>,
    /// Whether it covers enough of what was asked to be said aloud; else it is only what comes nearest.
    pub certain: bool,
}

/// What the book is made of: an assignment in force as far as it answers whose something is.
#[derive(Clone, Debug)]
pub struct Held<'a> {
    /// Its id.
    pub id: AssignmentId,
    /// Whose it is: the department's name.
    pub department: &'a str,
    /// What holds.
    pub basis: &'a crate::model::Basis,
}

/// All that can be asked about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Book {
    entries: Vec<Entry>,
}

impl Book {
    /// Puts the book together. `department` tells the name of a case type's department.
    #[must_use]
    pub fn new(
        held: &[Held<'_>],
        case_types: &[CaseType],
        referrals: &[Referral],
        department: impl Fn(&CaseType) -> String,
    ) -> Self {
        let mut entries = Vec::new();
        for one in held {
            entries.extend(of_assignment(one, referrals));
        }
        for case_type in case_types.iter().filter(|case_type| case_type.active) {
            let own = held.iter().find(|one| one.basis.case_types.contains(&case_type.id));
            entries.push(of_case_type(case_type, own, department(case_type)));
        }
        let shown = referrals.iter().filter(|referral| referral.active);
        entries.extend(shown.map(|referral| Entry {
            title: referral.owner.clone(),
            keywords: format!("{}, {}", referral.keywords, referral.text),
            detail: referral.text.clone(),
            verdict: Verdict::NotOurs { where_to: to_referral(referral) },
            source: Source::Referral(referral.id),
        }));
        Self { entries }
    }

    /// What fits `asked`, the best first; nothing for nothing.
    #[must_use]
    pub fn find(&self, asked: &str, limit: usize) -> Vec<Hit> {
        let words: Vec<Words> =
            self.entries.iter().map(|entry| Words::new(&entry.title, &entry.keywords)).collect();
        rank(asked, &words)
            .into_iter()
            .take(limit)
            .map(|fit| {
                let entry = self.entries[fit.index].clone();
                let choice = Choice { code: "", name: &entry.title, keywords: "" };
                let marks = suggest(asked, [choice], 1).pop().map(|found| found.marks).unwrap_or_default();
                Hit { entry, marks, certain: fit.certain }
            })
            .collect()
    }

    /// How much can be asked about.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether nothing can be asked about.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

fn to_referral(referral: &Referral) -> WhereTo {
    WhereTo { whom: referral.owner.clone(), telephone: referral.telephone.clone(), url: referral.url.clone() }
}

fn of_assignment(held: &Held<'_>, referrals: &[Referral]) -> Vec<Entry> {
    let basis = held.basis;
    let source = Source::Assignment(held.id);
    let rest = |instead: &str| match referrals.iter().find(|referral| referral.code == instead) {
        Some(referral) => to_referral(referral),
        None => WhereTo {
            whom: if instead.is_empty() { held.department } else { instead }.to_owned(),
            ..WhereTo::default()
        },
    };
    let whole = Entry {
        title: basis.title.clone(),
        keywords: format!("{}, {}", basis.keywords, basis.public_title),
        detail: basis.purpose.clone(),
        verdict: Verdict::Ours,
        source,
    };
    let rules = basis.rules.iter().map(|rule| Entry {
        title: rule.text.clone(),
        keywords: String::new(),
        detail: basis.title.clone(),
        verdict: match rule.kind {
            RuleKind::Does => Verdict::Ours,
            RuleKind::Partly => Verdict::Partly { where_to: rest(&rule.instead) },
            RuleKind::DoesNot => Verdict::NotOurs { where_to: rest(&rule.instead) },
        },
        source,
    });
    rules.chain([whole]).collect()
}

fn of_case_type(case_type: &CaseType, own: Option<&Held<'_>>, department: String) -> Entry {
    let (verdict, source, detail) = match own {
        Some(held) => (Verdict::Ours, Source::Covered(held.id, case_type.id), held.basis.title.clone()),
        None => {
            let where_to = WhereTo { whom: department, ..WhereTo::default() };
            (Verdict::NotOurs { where_to }, Source::Uncovered(case_type.id), case_type.category.clone())
        }
    };
    Entry { title: case_type.name.clone(), keywords: case_type.keywords.clone(), detail, verdict, source }
}
