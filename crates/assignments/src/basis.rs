//! What a version says, on its way in: trimmed, bounded, and complete before it is sent.

use crate::error::{AssignmentsError, Missing};
use crate::limits::{
    CASE_TYPES_MAX, CONTACTS_MAX, KEYWORDS_CHARS_MAX, LINE_CHARS_MAX, NOTICE_MONTHS_MAX, REVIEW_DAYS_MAX,
    RULES_MAX, SKILLS_MAX, STEPS_MAX, TEXT_CHARS_MAX, TITLE_CHARS_MAX, VOLUME_MAX,
};
use crate::model::{Basis, ContactPerson, Rule, RuleKind, Theme};
use people::text;
use vocabulary::civil::Date;
use vocabulary::{SignedDuration, UserId};

impl Basis {
    /// Nothing said yet.
    #[must_use]
    pub fn empty() -> Self {
        Self {
            title: String::new(),
            purpose: String::new(),
            keywords: String::new(),
            theme: Theme::Municipality,
            public_title: String::new(),
            public_text: String::new(),
            rules: Vec::new(),
            steps: Vec::new(),
            case_types: Vec::new(),
            groups: Vec::new(),
            skills: Vec::new(),
            contacts_per_month: None,
            contacts: Vec::new(),
            valid_from: Date::constant(2000, 1, 1),
            notice_months: 3,
            review_day: Date::constant(2001, 1, 1),
        }
    }

    /// The same, with every text trimmed and bounded. A draft may still be incomplete: that is for [`Basis::missing`].
    ///
    /// # Errors
    /// A text that is not acceptable, or too much of something.
    pub fn checked(self) -> Result<Self, AssignmentsError> {
        at_most("rules", self.rules.len(), RULES_MAX)?;
        at_most("steps", self.steps.len(), STEPS_MAX)?;
        at_most("case_types", self.case_types.len(), CASE_TYPES_MAX)?;
        at_most("skills", self.skills.len() + self.groups.len(), SKILLS_MAX)?;
        at_most("contacts", self.contacts.len(), CONTACTS_MAX)?;
        if self.contacts_per_month.is_some_and(|count| count > VOLUME_MAX) {
            return Err(AssignmentsError::TooMany {
                what: "contacts_per_month",
                max: usize::try_from(VOLUME_MAX).unwrap_or(usize::MAX),
            });
        }
        if self.notice_months > NOTICE_MONTHS_MAX {
            return Err(AssignmentsError::TooMany { what: "notice_months", max: NOTICE_MONTHS_MAX.into() });
        }
        let paragraphs = |field, typed: &str| {
            text::optional_paragraphs(field, typed, TEXT_CHARS_MAX).map(Option::unwrap_or_default)
        };
        let line =
            |field, typed: &str, max| text::optional_line(field, typed, max).map(Option::unwrap_or_default);
        let mut case_types = Vec::new();
        for id in self.case_types {
            if !case_types.contains(&id) {
                case_types.push(id);
            }
        }
        Ok(Self {
            title: text::line("title", &self.title, TITLE_CHARS_MAX)?,
            purpose: paragraphs("purpose", &self.purpose)?,
            keywords: line("keywords", &self.keywords.replace('\n', ", "), KEYWORDS_CHARS_MAX)?,
            public_title: line("public_title", &self.public_title, TITLE_CHARS_MAX)?,
            public_text: paragraphs("public_text", &self.public_text)?,
            rules: self
                .rules
                .into_iter()
                .map(|rule| {
                    Ok(Rule {
                        text: text::line("rules", &rule.text, LINE_CHARS_MAX)?,
                        instead: line("rules", &rule.instead, LINE_CHARS_MAX)?,
                        kind: rule.kind,
                    })
                })
                .collect::<Result<_, AssignmentsError>>()?,
            skills: self
                .skills
                .into_iter()
                .map(|skill| text::line("skills", &skill, LINE_CHARS_MAX))
                .collect::<Result<_, _>>()?,
            contacts: self
                .contacts
                .into_iter()
                .map(|person| {
                    Ok(ContactPerson {
                        name: text::line("contacts", &person.name, text::NAME_CHARS_MAX)?,
                        title: line("contacts", &person.title, text::NAME_CHARS_MAX)?,
                        email: text::email("contacts", &person.email)?,
                        telephone: line("contacts", &person.telephone, text::TELEPHONE_CHARS_MAX)?,
                    })
                })
                .collect::<Result<_, AssignmentsError>>()?,
            case_types,
            ..self
        })
    }

    /// What a department must be told before it can say yes, and is not.
    #[must_use]
    pub fn missing(&self) -> Vec<Missing> {
        let has = |kind| self.rules.iter().any(|rule| rule.kind == kind);
        let latest = self.valid_from.checked_add(SignedDuration::from_hours(24 * REVIEW_DAYS_MAX));
        let review_fits =
            self.review_day > self.valid_from && latest.is_ok_and(|latest| self.review_day <= latest);
        [
            (Missing::Purpose, self.purpose.is_empty()),
            (Missing::Does, !has(RuleKind::Does)),
            (Missing::Line, !has(RuleKind::DoesNot) && !has(RuleKind::Partly)),
            (Missing::Steps, self.steps.is_empty()),
            (Missing::CaseTypes, self.case_types.is_empty()),
            (Missing::ContactPerson, self.contacts.is_empty()),
            (Missing::ReviewDay, !review_fits),
        ]
        .into_iter()
        .filter_map(|(what, missing)| missing.then_some(what))
        .collect()
    }
}

fn at_most(what: &'static str, count: usize, max: usize) -> Result<(), AssignmentsError> {
    if count > max { Err(AssignmentsError::TooMany { what, max }) } else { Ok(()) }
}

/// A rule as it is typed: "Beslutar om bygglov → bygglovshandläggaren".
#[must_use]
pub fn rule_line(kind: RuleKind, typed: &str) -> Rule {
    let typed = typed.trim().trim_start_matches(['-', '*', '•', '–']).trim();
    let arrow = ["→", "->", "=>"].into_iter().find_map(|arrow| typed.split_once(arrow));
    let (text, instead) = arrow.unwrap_or((typed, ""));
    Rule { kind, text: text.trim().to_owned(), instead: instead.trim().to_owned() }
}

/// A contact person as typed: name, title, e-mail address and telephone with commas between; what holds an @ is the
/// address, what begins with a digit or plus the telephone, and a title may be left out.
#[must_use]
pub fn contact_line(typed: &str) -> ContactPerson {
    let mut person = ContactPerson {
        name: String::new(),
        title: String::new(),
        email: String::new(),
        telephone: String::new(),
    };
    for part in typed.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let place = if part.contains('@') {
            &mut person.email
        } else if part.starts_with(|c: char| c.is_ascii_digit() || c == '+') {
            &mut person.telephone
        } else if person.name.is_empty() {
            &mut person.name
        } else {
            &mut person.title
        };
        if place.is_empty() {
            part.clone_into(place);
        } else {
            place.push_str(", ");
            place.push_str(part);
        }
    }
    person
}

/// Who writes, if it is somebody signed in.
pub(crate) fn writer(ctx: &vocabulary::Context) -> Option<UserId> {
    match ctx.actor {
        vocabulary::Actor::User(id) => Some(id),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_as_people_write_them() {
        let rule = rule_line(RuleKind::DoesNot, " - Beslutar om bygglov -> bygglovshandläggaren ");
        assert_eq!(
            (rule.text.as_str(), rule.instead.as_str()),
            ("Beslutar om bygglov", "bygglovshandläggaren")
        );
        assert_eq!(rule_line(RuleKind::Does, "Svarar").instead, "");
        let person = contact_line("Karin Lund, enhetschef, drift, karin.lund@vikhamn.example, 0980-31 92 60");
        assert_eq!(
            [&person.name, &person.title, &person.email, &person.telephone].map(String::as_str),
            ["Karin Lund", "enhetschef, drift", "karin.lund@vikhamn.example", "0980-31 92 60"]
        );
        assert_eq!(contact_line(&crate::compare::contact_line(&person)), person);
    }

    #[test]
    fn nothing_is_sent_before_it_says_all() {
        let mut basis = Basis::empty();
        assert_eq!(basis.missing().len(), 6, "the review day of nothing fits");
        basis.purpose = "Ett nummer".to_owned();
        basis.rules =
            vec![rule_line(RuleKind::Does, "Svarar"), rule_line(RuleKind::Partly, "Bokar → driften")];
        assert_eq!(basis.missing(), [Missing::Steps, Missing::CaseTypes, Missing::ContactPerson]);
        basis.review_day = basis.valid_from;
        assert!(basis.missing().contains(&Missing::ReviewDay));
    }

    #[test]
    fn too_much_is_refused() {
        let mut basis = Basis { title: "Sopor".to_owned(), ..Basis::empty() };
        assert!(basis.clone().checked().is_ok());
        basis.rules = vec![rule_line(RuleKind::Does, "Svarar"); RULES_MAX + 1];
        assert!(matches!(basis.clone().checked(), Err(AssignmentsError::TooMany { what: "rules", .. })));
        basis.rules = vec![rule_line(RuleKind::Does, "→ driften")];
        assert!(matches!(basis.checked(), Err(AssignmentsError::Text(_))), "a rule says something");
    }
}
