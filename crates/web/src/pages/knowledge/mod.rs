//! Articles: the editors' list, one article with its versions, writing and comparing, what is to be done about them.

mod compare;
mod deeds;
mod edit;
mod form;
mod list;
pub mod parts;
mod read;
mod tasks;

use crate::routes::{Entrance, Route, RouteTable};
use knowledge::{KnowledgeError, queries};
use people::{Action, Who, allowed};
use std::collections::BTreeMap;
use storage::Session;
use vocabulary::{AssignmentId, CaseTypeId, DepartmentId, UserId};

/// The pages and what they are.
pub fn routes(table: &mut RouteTable) {
    let (read, write) = (Action::SearchKnowledge, Action::WriteArticles);
    table.get("/knowledge", read, list::list);
    table.post("/knowledge/find", read, list::find);
    table.get("/knowledge/new", write, edit::blank);
    let upload = |path| Route { method: "POST", path, action: write, entrance: Entrance::Page };
    table.upload(upload("/knowledge/new"), edit::send_new);
    table.upload(upload("/knowledge/preview"), edit::preview);
    table.get("/knowledge/tasks", write, tasks::list);
    table.post("/knowledge/tasks/{id}/done", write, tasks::done);
    table.post("/knowledge/tasks/{id}/owner", write, tasks::give);
    table.get("/knowledge/{slug}", read, read::show);
    table.get("/knowledge/{slug}/versions/{number}", read, read::version);
    table.get("/knowledge/{slug}/compare", read, compare::show);
    table.get("/knowledge/{slug}/files/{id}", read, read::file);
    table.get("/knowledge/{slug}/edit", write, edit::form);
    table.upload(upload("/knowledge/{slug}/edit"), edit::send);
    table.post("/knowledge/{slug}/restore", write, deeds::restore);
    table.post("/knowledge/{slug}/do", write, deeds::write);
    table.post("/knowledge/{slug}/review", Action::ReviewArticles, deeds::review);
    table.post("/knowledge/{slug}/comments", read, deeds::comment);
    table.post("/knowledge/{slug}/feedback", read, deeds::feedback);
}

/// An article's own page.
pub(super) fn path(slug: &str) -> String {
    format!("/knowledge/{slug}")
}

/// What an article's ids stand for.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// Everybody who has an account.
    pub users: BTreeMap<UserId, String>,
    /// Those who sign in and write articles, by name: who can own one.
    pub owners: Vec<(UserId, String)>,
    /// The departments.
    pub departments: BTreeMap<DepartmentId, String>,
    /// What departments have handed over and not taken back, by title.
    pub assignments: Vec<(AssignmentId, String)>,
    /// The case types in use and their headings, in the order they are shown.
    pub types: Vec<(CaseTypeId, String, String)>,
}

impl Names {
    /// Reads them.
    ///
    /// # Errors
    /// The database.
    pub fn read(s: &mut Session<'_>) -> Result<Self, KnowledgeError> {
        let all = people::users::queries::all(s)?;
        let writes = |user: &&people::users::User| {
            user.active && allowed(&Who::User { id: user.id, role: user.role }, Action::WriteArticles)
        };
        let departments = people::directory::queries::departments(s)?;
        Ok(Self {
            owners: all.iter().filter(writes).map(|user| (user.id, user.name.clone())).collect(),
            users: all.into_iter().map(|user| (user.id, user.name)).collect(),
            assignments: assignments::queries::lines(s)?
                .into_iter()
                .filter(|line| line.assignment.ended_at.is_none())
                .map(|line| (line.assignment.id, line.title))
                .collect(),
            departments: departments.into_iter().map(|d| (d.id, d.name)).collect(),
            types: cases::queries::case_types(s)?
                .into_iter()
                .filter(|case_type| case_type.active)
                .map(|case_type| (case_type.id, case_type.name, case_type.category))
                .collect(),
        })
    }

    /// A person's name, if it is anybody.
    #[must_use]
    pub fn user(&self, id: Option<UserId>) -> Option<&str> {
        self.users.get(&id?).map(String::as_str)
    }

    /// A department's name.
    #[must_use]
    pub fn department(&self, id: Option<DepartmentId>) -> Option<&str> {
        self.departments.get(&id?).map(String::as_str)
    }

    /// An assignment's title.
    #[must_use]
    pub fn assignment(&self, id: Option<AssignmentId>) -> Option<&str> {
        let id = id?;
        self.assignments.iter().find(|(known, _)| *known == id).map(|(_, title)| title.as_str())
    }

    /// The names of case types, those that are in use.
    #[must_use]
    pub fn types(&self, ids: &[CaseTypeId]) -> String {
        let name =
            |id: &CaseTypeId| self.types.iter().find(|(known, ..)| known == id).map(|(_, name, _)| &**name);
        ids.iter().filter_map(name).collect::<Vec<_>>().join(", ")
    }
}

/// The article of that name in the version asked for: what is read, or else the newest; or any by its number.
pub(super) fn find(
    s: &mut Session<'_>,
    slug: &str,
    number: Option<u32>,
) -> Result<knowledge::Article, KnowledgeError> {
    let newest = queries::newest_by_slug(s, slug)?.ok_or(KnowledgeError::NoArticle)?;
    let wanted = number.or(newest.live).unwrap_or(newest.newest);
    if wanted == newest.version {
        return Ok(newest);
    }
    queries::at_version(s, newest.id, wanted)?.ok_or(KnowledgeError::NotFound { what: "version" })
}
