//! A draft as a form: one text field for each sort of thing, a line for each thing, so that it works without script.

use super::Known;
use crate::{
    components::forms::{self, Choice, Faults, Field, Kind, Select},
    forms_in::text_fault,
    t,
    visit::Visit,
    words::Words,
};
use assignments::compare;
use assignments::limits::{
    KEYWORDS_CHARS_MAX, LINE_CHARS_MAX, NOTICE_MONTHS_MAX, RULES_MAX, TEXT_CHARS_MAX, TITLE_CHARS_MAX,
    VOLUME_MAX,
};
use assignments::{AssignmentsError, Basis, RuleKind, Theme, contact_line, rule_line, steps, words};
use maud::{Markup, html};
use std::collections::BTreeMap;
use vocabulary::civil::Date;
use vocabulary::{GenericUuid as _, Language};

/// What comes from the form, as typed.
pub(super) type Typed = BTreeMap<String, String>;

/// What starts a new draft's form: no words, and a year from today.
pub(super) fn blank(today: Date) -> Typed {
    let year = today.checked_add(vocabulary::SignedDuration::from_hours(24 * 365)).unwrap_or(today);
    typed(&Basis { valid_from: today, review_day: year, ..Basis::empty() }, Language::Swedish)
}

/// A draft as the form shows it.
pub(super) fn typed(basis: &Basis, language: Language) -> Typed {
    let mut all = Typed::new();
    let mut put = |name: &str, value: String| drop(all.insert(name.to_owned(), value));
    put("title", basis.title.clone());
    put("purpose", basis.purpose.clone());
    put("keywords", basis.keywords.clone());
    put("theme", basis.theme.to_string());
    put("public_title", basis.public_title.clone());
    put("public_text", basis.public_text.clone());
    for kind in RuleKind::ALL {
        let lines = basis.rules.iter().filter(|rule| rule.kind == *kind).map(|rule| {
            if rule.instead.is_empty() {
                rule.text.clone()
            } else {
                format!("{} → {}", rule.text, rule.instead)
            }
        });
        put(kind.as_str(), lines.collect::<Vec<_>>().join("\n"));
    }
    put("steps", steps::write(language, &basis.steps));
    put("skills", basis.skills.join("\n"));
    put("contacts_per_month", basis.contacts_per_month.map_or_else(String::new, |n| n.to_string()));
    put("contacts", basis.contacts.iter().map(compare::contact_line).collect::<Vec<_>>().join("\n"));
    put("valid_from", basis.valid_from.to_string());
    put("notice_months", basis.notice_months.to_string());
    put("review_day", basis.review_day.to_string());
    for id in &basis.case_types {
        put(&format!("type-{}", id.into_untyped_uuid()), "yes".to_owned());
    }
    for id in &basis.groups {
        put(&format!("group-{}", id.into_untyped_uuid()), "yes".to_owned());
    }
    all
}

/// Reads the form.
pub(super) fn read(words: &Words, known: &Known, typed: &Typed) -> Result<Basis, Faults> {
    let mut faults = Faults::none();
    let of = |name: &str| typed.get(name).map_or("", String::as_str);
    let lines = |name: &str| {
        of(name).lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect::<Vec<_>>()
    };
    let steps = steps::read(&of("steps").replace('\r', "")).unwrap_or_else(|all| {
        let said = all.iter().map(|fault| words::step_fault(words.language(), fault));
        faults.add("steps", said.collect::<Vec<_>>().join(" "));
        Vec::new()
    });
    let mut day = |name: &'static str| {
        of(name).parse::<Date>().unwrap_or_else(|_| {
            faults.add(name, t!(words, "assignment-fault-day"));
            Date::MAX
        })
    };
    let (valid_from, review_day) = (day("valid_from"), day("review_day"));
    let contacts_per_month = match of("contacts_per_month").replace([' ', '\u{a0}'], "").as_str() {
        "" => None,
        number => Some(number.parse().ok().filter(|n| *n <= VOLUME_MAX).unwrap_or_else(|| {
            faults
                .add("contacts_per_month", t!(words, "assignment-fault-number", max = i64::from(VOLUME_MAX)));
            0
        })),
    };
    let notice_months =
        of("notice_months").trim().parse().ok().filter(|n| *n <= NOTICE_MONTHS_MAX).unwrap_or_else(|| {
            let max = i64::from(NOTICE_MONTHS_MAX);
            faults.add("notice_months", t!(words, "assignment-fault-number", max = max));
            0
        });
    let rules = RuleKind::ALL
        .iter()
        .flat_map(|kind| lines(kind.as_str()).into_iter().map(|line| rule_line(*kind, &line)))
        .collect();
    let ticked = |prefix: &str, id: uuid::Uuid| typed.contains_key(&format!("{prefix}-{id}"));
    let basis = Basis {
        title: of("title").to_owned(),
        purpose: of("purpose").to_owned(),
        keywords: of("keywords").to_owned(),
        theme: of("theme").parse().unwrap_or(Theme::Municipality),
        public_title: of("public_title").to_owned(),
        public_text: of("public_text").to_owned(),
        rules,
        steps,
        case_types: known
            .case_types
            .iter()
            .map(|one| one.id)
            .filter(|id| ticked("type", id.into_untyped_uuid()))
            .collect(),
        groups: known
            .groups
            .iter()
            .map(|one| one.id)
            .filter(|id| ticked("group", id.into_untyped_uuid()))
            .collect(),
        skills: lines("skills"),
        contacts_per_month,
        contacts: lines("contacts").iter().map(|line| contact_line(line)).collect(),
        valid_from,
        notice_months,
        review_day,
    };
    if faults.is_empty() { Ok(basis) } else { Err(faults) }
}

/// What a command would not take, at its field.
pub(super) fn faults(words: &Words, error: &AssignmentsError) -> Faults {
    match error {
        AssignmentsError::Text(error) if error.field == "rules" => {
            Faults::one("does", text_fault(words, error.fault))
        }
        AssignmentsError::Text(error) => Faults::one(error.field, text_fault(words, error.fault)),
        AssignmentsError::CodeTaken => Faults::one("code", words::problem(words.language(), error)),
        other => Faults::one("form", words::problem(words.language(), other)),
    }
}

/// The fields of a draft.
pub(super) fn fields(visit: &Visit, known: &Known, typed: &Typed, faults: &Faults) -> Markup {
    let words = visit.words;
    let of = |name: &str| typed.get(name).map_or("", String::as_str);
    let themes: Vec<Choice> =
        Theme::ALL.iter().map(|theme| Choice::new(theme, words::theme(words.language(), *theme))).collect();
    let field = |name: &'static str, label: String| Field::line("basis", name, label, of(name));
    let text = |name: &'static str, label: String, room: usize| {
        field(name, label).kind(Kind::Text).optional().room(room)
    };
    let rules_room = RULES_MAX * LINE_CHARS_MAX;
    html! {
        section .card {
            h2 { (t!(words, "assignment-about")) }
            (field("title", words::part(words.language(), compare::Part::Title)).room(TITLE_CHARS_MAX).show(words, faults))
            (text("purpose", words::part(words.language(), compare::Part::Purpose), TEXT_CHARS_MAX)
                .hint(t!(words, "assignment-purpose-hint")).show(words, faults))
            (text("keywords", words::part(words.language(), compare::Part::Keywords), KEYWORDS_CHARS_MAX)
                .hint(t!(words, "assignment-keywords-hint")).show(words, faults))
        }
        section .card {
            h2 { (t!(words, "assignment-line")) }
            p .hint { (t!(words, "assignment-line-hint")) }
            @for kind in RuleKind::ALL {
                (text(kind.as_str(), words::rule_kind(words.language(), *kind), rules_room).show(words, faults))
            }
        }
        section .card {
            h2 { (t!(words, "assignment-map")) }
            (text("steps", t!(words, "assignment-steps"), 8_000).hint(t!(words, "assignment-steps-hint")).show(words, faults))
            details {
                summary { (t!(words, "assignment-steps-example")) }
                pre .source tabindex="0" { (t!(words, "assignment-steps-sample")) }
            }
        }
        (types(visit, known, typed))
        section .card {
            h2 { (t!(words, "assignment-competence")) }
            fieldset .field {
                legend { (t!(words, "assignment-groups")) }
                @for group in &known.groups {
                    (tick("group", group.id.into_untyped_uuid(), &group.name, typed))
                }
            }
            (text("skills", t!(words, "assignment-skills"), 4_000).hint(t!(words, "assignment-skills-hint")).show(words, faults))
        }
        section .card {
            h2 { (t!(words, "assignment-deal")) }
            (text("contacts", t!(words, "assignment-contacts"), 4_000).hint(t!(words, "assignment-contacts-hint")).show(words, faults))
            (field("contacts_per_month", t!(words, "assignment-volume")).optional().room(9).show(words, faults))
            (field("valid_from", t!(words, "assignment-valid-from")).kind(Kind::Day).show(words, faults))
            (field("notice_months", t!(words, "assignment-notice-months")).room(2).show(words, faults))
            (field("review_day", t!(words, "assignment-review-day")).kind(Kind::Day)
                .hint(t!(words, "assignment-review-hint")).show(words, faults))
        }
        section .card {
            h2 { (t!(words, "assignment-public")) }
            p .hint { (t!(words, "assignment-public-hint")) }
            (Select { name: "theme", prefix: "basis", label: t!(words, "assignment-theme"), choices: &themes, chosen: of("theme"),
                nothing: None, required: true, type_ahead_next: None }.show(words, faults))
            (field("public_title", t!(words, "assignment-public-title")).optional().room(TITLE_CHARS_MAX).show(words, faults))
            (text("public_text", t!(words, "assignment-public-text"), TEXT_CHARS_MAX).show(words, faults))
        }
    }
}

fn types(visit: &Visit, known: &Known, typed: &Typed) -> Markup {
    html! {
        section .card {
            h2 { (t!(visit.words, "assignment-types")) }
            p .hint { (t!(visit.words, "assignment-types-choose")) }
            @for department in &known.departments {
                @let own: Vec<_> = known.case_types.iter()
                    .filter(|one| one.department_id == department.id && one.active).collect();
                @if !own.is_empty() {
                    fieldset .field .ticks {
                        legend { (department.name) }
                        @for one in own { (tick("type", one.id.into_untyped_uuid(), &one.name, typed)) }
                    }
                }
            }
        }
    }
}

fn tick(prefix: &str, id: uuid::Uuid, label: &str, typed: &Typed) -> Markup {
    let name = format!("{prefix}-{id}");
    forms::tick("basis", &name, label, typed.contains_key(&name))
}

/// Whose an assignment is and who looks after it, as two selects.
pub(super) fn whose(
    visit: &Visit,
    known: &Known,
    (department, owner): (&str, &str),
    faults: &Faults,
) -> Markup {
    let words = visit.words;
    let departments: Vec<Choice> = known
        .departments
        .iter()
        .map(|one| Choice::new(one.id.into_untyped_uuid(), one.name.clone()))
        .collect();
    let users: Vec<Choice> =
        known.users.iter().map(|(id, name)| Choice::new(id.into_untyped_uuid(), name.clone())).collect();
    html! {
        (Select { name: "department", prefix: "whose", label: t!(words, "departments-department"), choices: &departments,
            chosen: department, nothing: Some(t!(words, "choose")), required: true, type_ahead_next: None }.show(words, faults))
        (Select { name: "owner", prefix: "whose", label: t!(words, "assignment-owner"), choices: &users,
            chosen: owner, nothing: Some(t!(words, "assignment-owner-none")), required: false, type_ahead_next: None }.show(words, faults))
    }
}
