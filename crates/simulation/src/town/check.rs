//! Whether a town's files fit together.

use super::model::{Town, User};
use super::{Article, NumberRange, TownError, coming, handed, past};
use std::collections::BTreeSet;
use std::fmt::Display;
use vocabulary::Role;

const TOWN: &str = "town.toml";
const OFFICERS: &str = "officers.toml";
const USERS: &str = "users.toml";
const CASE_TYPES: &str = "case_types.toml";
const SYNONYMS: &str = "synonyms.toml";
const RESIDENTS: &str = "residents.toml";
/// More numbers than this are a slip in a range.
const NUMBERS_MAX: usize = 100_000;

/// Checks `town`, and says what is the first thing wrong with it.
pub(super) fn town(town: &Town) -> Result<(), TownError> {
    filled(TOWN, "name", &town.name)?;
    number(TOWN, "main_number.number", &town.main_number)?;
    number(TOWN, "switchboard", &town.switchboard)?;
    places(town)?;
    officers(town)?;
    users(town)?;
    case_types(town)?;
    articles(town)?;
    assignments_of_articles(town)?;
    synonyms(town)?;
    coming::check(town)?;
    handed::check(town)?;
    past::check(town)?;
    mail(town)?;
    residents(town)
}

/// The codes of departments and groups, and that one group alone takes what no other has.
fn places(town: &Town) -> Result<(), TownError> {
    unique(TOWN, "department", "code", town.departments.iter().map(|d| &d.code))?;
    unique(TOWN, "answer_group", "code", town.groups.iter().map(|g| &g.code))?;
    unique(TOWN, "answer_group", "dialled", town.groups.iter().filter_map(|g| g.dialled.as_ref()))?;
    for d in &town.departments {
        let field = |name: &str| format!("department {}: {name}", d.code);
        code(TOWN, field("code"), &d.code)?;
        filled(TOWN, field("name"), &d.name)?;
        filled(TOWN, field("board"), &d.board)?;
        email(TOWN, field("escalation_email"), &d.escalation_email)?;
        if town.group_of(&d.code).is_none() {
            return Err(TownError::new(TOWN, field("code"), "is in no answer group's area"));
        }
    }
    for g in &town.groups {
        let field = |name: &str| format!("answer_group {}: {name}", g.code);
        code(TOWN, field("code"), &g.code)?;
        filled(TOWN, field("name"), &g.name)?;
        if let Some(dialled) = &g.dialled {
            number(TOWN, field("dialled"), dialled)?;
        }
        for code in &g.area {
            known(TOWN, field("area"), code, town.departments.iter().map(|d| &d.code))?;
        }
    }
    let without_number = town.groups.iter().filter(|g| g.dialled.is_none()).count();
    if without_number != 1 {
        let problem = format!("one group has no number and takes the rest; {without_number} have none");
        return Err(TownError::new(TOWN, "answer_group: dialled", problem));
    }
    Ok(())
}

fn officers(town: &Town) -> Result<(), TownError> {
    unique(OFFICERS, "officer", "email", town.officers.iter().map(|o| &o.email))?;
    for o in &town.officers {
        let field = |name: &str| format!("officer {}: {name}", o.email);
        filled(OFFICERS, field("name"), &o.name)?;
        filled(OFFICERS, field("title"), &o.title)?;
        email(OFFICERS, field("email"), &o.email)?;
        number(OFFICERS, field("telephone"), &o.telephone)?;
        known(OFFICERS, field("department"), &o.department, town.departments.iter().map(|d| &d.code))?;
    }
    Ok(())
}

fn users(town: &Town) -> Result<(), TownError> {
    unique(USERS, "user", "sign_in", town.users.iter().map(|u| &u.sign_in))?;
    for u in &town.users {
        let field = |name: &str| format!("user {}: {name}", u.sign_in);
        filled(USERS, field("name"), &u.name)?;
        if u.sign_in.is_empty() || !u.sign_in.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()) {
            return Err(TownError::new(USERS, field("sign_in"), "is written with a-z and 0-9"));
        }
        for group in u.home.iter().chain(&u.helps) {
            known(USERS, field("home or helps"), group, town.groups.iter().map(|g| &g.code))?;
        }
        for board in &u.without_boards {
            known(USERS, field("without_boards"), board, town.departments.iter().map(|d| &d.board))?;
        }
        unique(USERS, format!("user {}", u.sign_in), "home or helps", u.home.iter().chain(&u.helps))?;
        if u.role == Role::Guide && (u.home.is_none() || u.shift.is_none()) {
            return Err(TownError::new(USERS, field("home or shift"), "a guide has both"));
        }
    }
    for role in Role::ALL {
        if !town.users.iter().any(|u: &User| u.role == *role) {
            return Err(TownError::new(USERS, "user: role", format!("nobody is {role}")));
        }
    }
    Ok(())
}

fn case_types(town: &Town) -> Result<(), TownError> {
    unique(CASE_TYPES, "case_type", "code", town.case_types.iter().map(|c| &c.code))?;
    unique(CASE_TYPES, "case_type", "name", town.case_types.iter().map(|c| &c.name))?;
    for c in &town.case_types {
        let field = |name: &str| format!("case_type {}: {name}", c.code);
        code(CASE_TYPES, field("code"), &c.code)?;
        for (name, text) in [
            ("category", &c.category),
            ("name", &c.name),
            ("keywords", &c.keywords),
            ("retention", &c.retention),
            ("public_text", &c.public_text),
        ] {
            filled(CASE_TYPES, field(name), text)?;
        }
        known(CASE_TYPES, field("department"), &c.department, town.departments.iter().map(|d| &d.code))?;
        let colleagues = town.officers.iter().filter(|o| o.department == c.department).map(|o| &o.email);
        known(CASE_TYPES, field("officer"), &c.officer, colleagues)?;
        for substitute in &c.substitutes {
            let colleagues = town.officers.iter().filter(|o| o.department == c.department).map(|o| &o.email);
            known(CASE_TYPES, field("substitutes"), substitute, colleagues)?;
            if *substitute == c.officer
                || c.substitutes.iter().filter(|other| *other == substitute).count() > 1
            {
                return Err(TownError::new(
                    CASE_TYPES,
                    field("substitutes"),
                    "are others than the officer, each once",
                ));
            }
        }
        if c.terms().is_err() {
            return Err(TownError::new(
                CASE_TYPES,
                field("terms"),
                "come in order: reminder, second_reminder, call_task, escalation",
            ));
        }
        if !(1..=60).contains(&c.due_working_days) {
            return Err(TownError::new(CASE_TYPES, field("due_working_days"), "is 1 to 60"));
        }
        if c.solved > 100 {
            return Err(TownError::new(CASE_TYPES, field("solved"), "is 0 to 100 of a hundred"));
        }
        for (name, texts) in [("stories", &c.stories), ("answers", &c.answers)] {
            if texts.is_empty() || texts.iter().any(|text| text.trim().is_empty()) {
                return Err(TownError::new(CASE_TYPES, field(name), "has at least one, and none is empty"));
            }
        }
    }
    if town.case_types.iter().all(|c| c.calls == 0) {
        return Err(TownError::new(CASE_TYPES, "case_type: calls", "nobody would call about anything"));
    }
    Ok(())
}

fn articles(town: &Town) -> Result<(), TownError> {
    unique("articles/", "article", "title", town.articles.iter().flat_map(titles))?;
    for a in &town.articles {
        let file = format!("articles/{}.md", a.slug);
        let field = |name: &str| String::from(name);
        known(&file, field("department"), &a.department, town.departments.iter().map(|d| &d.code))?;
        for case_type in &a.case_types {
            known(&file, field("case_types"), case_type, town.case_types.iter().map(|c| &c.code))?;
        }
        known(&file, field("owner"), &a.owner, town.users.iter().map(|u| &u.sign_in))?;
        if let Some((from, to)) = a.valid_from_days.zip(a.valid_to_days)
            && to < from
        {
            return Err(TownError::new(file, field("valid_to_days"), "is before valid_from_days"));
        }
        let content = knowledge::Content {
            internal: a.internal.clone(),
            public: a.public.clone(),
            keywords: a.keywords.clone(),
            approach: a.approach.clone(),
            links: a.links.clone(),
            ..knowledge::Content::default()
        };
        let draft = knowledge::ArticleDraft { slug: a.slug.clone(), content };
        draft.check().map_err(|e| TownError::new(file, "article", e.to_string()))?;
    }
    Ok(())
}

/// An article's assignment is one of the town's.
fn assignments_of_articles(town: &Town) -> Result<(), TownError> {
    for a in &town.articles {
        if let Some(code) = &a.assignment {
            let file = format!("articles/{}.md", a.slug);
            known(&file, "assignment".into(), code, town.assignments.iter().map(|a| &a.code))?;
        }
    }
    Ok(())
}

/// The one or two titles of an article.
fn titles(article: &Article) -> impl Iterator<Item = &String> {
    article.internal.iter().chain(&article.public).map(|wording| &wording.title)
}

/// Words to search by: two that mean each other, or one that means another.
fn synonyms(town: &Town) -> Result<(), TownError> {
    for set in &town.synonyms {
        let first = set.words.first().map_or("", String::as_str);
        let field = |name: &str| format!("synonym {first:?}: {name}");
        if set.words.is_empty() || set.words.len() + set.means.len() < 2 {
            return Err(TownError::new(SYNONYMS, field("words"), "two words, or one and what it means"));
        }
        for word in set.words.iter().chain(&set.means) {
            filled(SYNONYMS, field("words or means"), word)?;
        }
    }
    Ok(())
}

fn residents(town: &Town) -> Result<(), TownError> {
    let r = &town.residents;
    for (name, texts) in [("given", &r.given), ("family", &r.family), ("streets", &r.streets)] {
        if texts.is_empty() || texts.iter().any(|text| text.trim().is_empty()) {
            return Err(TownError::new(RESIDENTS, name, "has at least one, and none is empty"));
        }
        unique(RESIDENTS, "residents", name, texts)?;
    }
    for range in &r.numbers {
        let NumberRange(first, last) = range;
        number(RESIDENTS, "numbers", first)?;
        number(RESIDENTS, "numbers", last)?;
        if !(1..=NUMBERS_MAX).contains(&range.each().take(NUMBERS_MAX + 1).count()) {
            let problem = format!("{first} to {last} is no range of at most {NUMBERS_MAX} numbers");
            return Err(TownError::new(RESIDENTS, "numbers", problem));
        }
    }
    if r.numbers.is_empty() {
        return Err(TownError::new(RESIDENTS, "numbers", "nobody would call"));
    }
    unique(
        RESIDENTS,
        "residents",
        "numbers",
        &r.numbers.iter().flat_map(NumberRange::each).collect::<Vec<_>>(),
    )
}

pub(super) fn filled(file: &str, field: impl Into<String>, text: &str) -> Result<(), TownError> {
    if text.trim().is_empty() { Err(TownError::new(file, field, "is empty")) } else { Ok(()) }
}

/// A code as it is stored, so that what refers to it finds it.
pub(super) fn code(file: &str, field: String, text: &str) -> Result<(), TownError> {
    let stored = people::text::code("code", text, people::text::CODE_CHARS_MAX);
    let sound = stored.is_ok_and(|stored| stored == text);
    if sound {
        Ok(())
    } else {
        Err(TownError::new(file, field, format!("is written with a-z and 0-9, not {text:?}")))
    }
}

pub(super) fn number(file: &str, field: impl Into<String>, text: &str) -> Result<(), TownError> {
    let sound = people::text::e164(text).is_some_and(|e164| e164 == text);
    if sound {
        Ok(())
    } else {
        Err(TownError::new(file, field, format!("is written as +46701740605, not {text:?}")))
    }
}

fn email(file: &str, field: String, text: &str) -> Result<(), TownError> {
    people::text::email("email", text).map(drop).map_err(|e| TownError::new(file, field, e.to_string()))
}

pub(super) fn known<'a>(
    file: &str,
    field: String,
    code: &str,
    among: impl Iterator<Item = &'a String>,
) -> Result<(), TownError> {
    let all: Vec<&String> = among.collect();
    if all.iter().any(|known| *known == code) {
        return Ok(());
    }
    let all = all.iter().map(|known| known.as_str()).collect::<Vec<_>>().join(", ");
    Err(TownError::new(file, field, format!("{code:?} is not one of {all}")))
}

pub(super) fn unique<'a>(
    file: &str,
    of: impl Display,
    field: &str,
    among: impl IntoIterator<Item = &'a String>,
) -> Result<(), TownError> {
    let mut seen = BTreeSet::new();
    match among.into_iter().find(|word| !seen.insert(*word)) {
        Some(twice) => {
            Err(TownError::new(file, format!("{of}: {field}"), format!("{twice:?} stands there twice")))
        }
        None => Ok(()),
    }
}

/// Mailboxes of known groups with a clock there is; letters to mailboxes there are.
fn mail(town: &Town) -> Result<(), TownError> {
    const MAIL: &str = "mail.toml";
    unique(MAIL, "mailbox", "address", town.mail.mailbox.iter().map(|m| &m.address))?;
    unique(MAIL, "template", "name", town.mail.template.iter().map(|t| &t.name))?;
    unique(MAIL, "desk", "letter", town.mail.desk.iter().map(|d| &d.letter))?;
    for m in &town.mail.mailbox {
        let field = |name: &str| format!("mailbox {}: {name}", m.address);
        email(MAIL, field("address"), &m.address)?;
        filled(MAIL, field("name"), &m.name)?;
        if let Some(group) = &m.group {
            known(MAIL, field("group"), group, town.groups.iter().map(|g| &g.code))?;
        }
        if !(1..=2).contains(&m.days) {
            return Err(TownError::new(MAIL, field("days"), "is 1 or 2 working days"));
        }
    }
    for letter in &town.mail.letter {
        let field = |name: &str| format!("letter {}: {name}", letter.subject);
        known(MAIL, field("mailbox"), &letter.mailbox, town.mail.mailbox.iter().map(|m| &m.address))?;
        email(MAIL, field("email"), &letter.email)?;
        if let Some(code) = &letter.case_type {
            known(MAIL, field("case_type"), code, town.case_types.iter().map(|c| &c.code))?;
        }
    }
    Ok(())
}
