//! What was before the demo: what was searched, and what crisis there has been. And who is called in at the next one.
//! Days are counted from the demo's first.

use super::coming::time;
use super::model::Town;
use super::{TownError, check};
use crisis::CrisisKind;
use knowledge::asked::Place;
use serde::Deserialize;
use vocabulary::civil::Time;

const SEARCHES: &str = "searches.toml";
const CRISES: &str = "crises.toml";
/// More searches than this are a slip: each is a row.
const TIMES_MAX: u32 = 500;
/// The first day of searches that name none.
const FIRST_DAY: i32 = -27;

/// `searches.toml`.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SearchesFile {
    pub search: Vec<PastSearch>,
}

/// Ways of asking the same, and what came of them.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PastSearch {
    /// Where.
    pub place: Place,
    /// The ways.
    pub queries: Vec<String>,
    /// The slugs of what was shown, the best first.
    pub finds: Vec<String>,
    /// How often, in all.
    pub times: u32,
    /// Of a hundred, so many opened what was shown first.
    pub clicked: u32,
    /// Of a hundred, so many asked a person all the same.
    pub contact: u32,
    /// The code of the case type that became of those.
    pub case_type: Option<String>,
    /// The first day.
    #[serde(default = "first_day")]
    pub first_day: i32,
    /// The last day.
    #[serde(default = "yesterday")]
    pub last_day: i32,
    /// What was done about it.
    pub done: Option<Done>,
}

/// What was done about a gap: an article.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Done {
    /// Its slug.
    pub article: String,
    /// Who did it, by the name they sign in with.
    pub by: String,
    /// When.
    pub day: i32,
}

const fn first_day() -> i32 {
    FIRST_DAY
}

const fn yesterday() -> i32 {
    -1
}

/// `crises.toml`.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CrisesFile {
    #[serde(default)]
    pub crisis: Vec<PastCrisis>,
    #[serde(default)]
    pub call_in: Vec<CallIn>,
}

/// A crisis that is over.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PastCrisis {
    /// What it was called.
    pub title: String,
    /// What sort it was.
    pub kind: CrisisKind,
    /// The day it began.
    pub day: i32,
    /// The time of day it began.
    #[serde(deserialize_with = "time")]
    pub begins: Time,
    /// The day it ended.
    pub last_day: i32,
    /// The time of day it ended.
    #[serde(deserialize_with = "time")]
    pub ends: Time,
    /// Who wrote what was said, by the name they sign in with.
    pub writer: String,
    /// Who approved it.
    pub approver: String,
    /// How many called besides the usual.
    pub extra_calls: u32,
    /// The codes of what those called about.
    pub case_types: Vec<String>,
    /// What was said, version by version.
    pub message: Vec<PastMessage>,
}

/// A version of what was said.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the fields are those of crisis::Message")]
pub struct PastMessage {
    pub day: i32,
    #[serde(deserialize_with = "time")]
    pub at: Time,
    pub title: String,
    pub public_text: String,
    pub guide_text: String,
    pub spoken_text: String,
}

/// Somebody who can be called in, in the order they are.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallIn {
    /// By the name they sign in with.
    pub user: String,
    /// E.164.
    pub telephone: String,
    /// When, as they say it.
    pub availability: String,
}

/// Whether the past fits the rest of the town.
pub(super) fn check(town: &Town) -> Result<(), TownError> {
    let users = || town.users.iter().map(|u| &u.sign_in);
    let slugs = || town.articles.iter().map(|a| &a.slug);
    let types = || town.case_types.iter().map(|c| &c.code);
    for search in &town.searches {
        let first = search.queries.first().map_or("", String::as_str);
        let field = |name: &str| format!("search {first:?}: {name}");
        if search.queries.is_empty() || search.queries.iter().any(|query| query.trim().is_empty()) {
            return Err(TownError::new(SEARCHES, field("queries"), "has at least one, and none is empty"));
        }
        for slug in search.finds.iter().chain(search.done.iter().map(|done| &done.article)) {
            check::known(SEARCHES, field("finds"), slug, slugs())?;
        }
        if let Some(code) = &search.case_type {
            check::known(SEARCHES, field("case_type"), code, types())?;
        }
        if let Some(done) = &search.done {
            check::known(SEARCHES, field("done.by"), &done.by, users())?;
        }
        if search.times > TIMES_MAX || search.clicked > 100 || search.contact > 100 {
            let problem = format!("times is at most {TIMES_MAX}, clicked and contact are of a hundred");
            return Err(TownError::new(SEARCHES, field("times"), problem));
        }
        if search.first_day > search.last_day || search.last_day >= 0 {
            return Err(TownError::new(
                SEARCHES,
                field("last_day"),
                "is before the demo, and not before first_day",
            ));
        }
    }
    for c in &town.crises {
        let field = |name: &str| format!("crisis {:?}: {name}", c.title);
        check::filled(CRISES, field("title"), &c.title)?;
        for sign_in in [&c.writer, &c.approver] {
            check::known(CRISES, field("writer or approver"), sign_in, users())?;
        }
        for code in &c.case_types {
            check::known(CRISES, field("case_types"), code, types())?;
        }
        if c.writer == c.approver {
            return Err(TownError::new(CRISES, field("approver"), "is another than the writer"));
        }
        if (c.last_day, c.ends) <= (c.day, c.begins) || c.last_day >= 0 {
            return Err(TownError::new(CRISES, field("ends"), "is after it began and before the demo"));
        }
    }
    check::unique(CRISES, "call_in", "user", town.call_in.iter().map(|p| &p.user))?;
    for person in &town.call_in {
        check::known(CRISES, format!("call_in {}: user", person.user), &person.user, users())?;
        check::number(CRISES, format!("call_in {}: telephone", person.user), &person.telephone)?;
    }
    Ok(())
}
