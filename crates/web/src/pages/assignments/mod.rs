//! Assignments: what the departments have handed over, how it is written, sent, approved and gone through; "is this
//! ours?"; what slides over; where to turn with what others own; and the checklist of the standard.

mod approval;
mod drawing;
mod edit;
mod form;
mod list;
mod moves;
pub mod ours;
mod outside;
mod public;
mod referrals;
mod show;
mod standard;
mod view;

pub use outside::{contact_mark, is_marked, mark_case_form};

use crate::{
    AppState,
    error::PageError,
    routes::{Entrance, Route, RouteTable},
};
use assignments::compare::Names;
use assignments::{Assignment, AssignmentsError, queries};
use cases::CaseType;
use people::directory::{AnswerGroup, Department};
use people::{Action, LinkKind};
use storage::Session;
use vocabulary::{AnswerGroupId, CaseTypeId, DepartmentId, UserId};

/// The pages and what they are.
pub fn routes(table: &mut RouteTable) {
    let (see, write) = (Action::SeeAssignments, Action::EditAssignments);
    table.get("/assignments", see, list::list);
    table.get("/assignments/new", write, edit::blank);
    table.post("/assignments/new", write, edit::create);
    table.get("/assignments/outside", see, outside::show);
    table.get("/assignments/standard", see, standard::show);
    table.post("/assignments/standard", write, standard::set);
    table.get("/assignments/{code}", see, show::newest);
    table.get("/assignments/{code}/versions/{version}", see, show::version);
    table.get("/assignments/{code}/edit", write, edit::form);
    table.post("/assignments/{code}/edit", write, edit::save);
    table.post("/assignments/{code}/do", write, moves::act);
    table.get("/ours", see, ours::page);
    table.post("/ours", see, ours::ask);
    table.get("/referrals", see, referrals::list);
    table.get("/referrals/{code}", Action::EditReferrals, referrals::form);
    table.post("/referrals/{code}", Action::EditReferrals, referrals::save);
    table.post("/cases/{id}/outside", Action::ChangeCase, outside::mark_case);
    let open =
        Route { method: "GET", path: public::PATH, action: Action::ReadPublic, entrance: Entrance::Public };
    table.add(open, public::show);
    let link = |method| Route {
        method,
        path: "/u/{token}",
        action: Action::ApproveAssignment,
        entrance: Entrance::Link(LinkKind::Approval),
    };
    table.add(link("GET"), approval::show);
    table.add(link("POST"), approval::answer);
}

/// What ids are told by.
#[derive(Clone, Debug)]
pub(super) struct Known {
    case_types: Vec<CaseType>,
    groups: Vec<AnswerGroup>,
    departments: Vec<Department>,
    users: Vec<(UserId, String)>,
}

impl Known {
    fn load(s: &mut Session<'_>) -> Result<Self, AssignmentsError> {
        let users = people::users::queries::all(s).map_err(AssignmentsError::from)?;
        Ok(Self {
            case_types: cases::queries::case_types(s)?,
            groups: people::directory::queries::answer_groups(s)?,
            departments: people::directory::queries::departments(s)?,
            users: users.into_iter().filter(|user| user.active).map(|user| (user.id, user.name)).collect(),
        })
    }

    fn department(&self, id: DepartmentId) -> &str {
        self.departments.iter().find(|one| one.id == id).map_or("", |one| one.name.as_str())
    }

    fn user(&self, id: UserId) -> Option<&str> {
        self.users.iter().find(|(one, _)| *one == id).map(|(_, name)| name.as_str())
    }
}

impl Names for Known {
    fn case_type(&self, id: CaseTypeId) -> String {
        self.case_types.iter().find(|one| one.id == id).map_or_else(String::new, |one| one.name.clone())
    }

    fn group(&self, id: AnswerGroupId) -> String {
        self.groups.iter().find(|one| one.id == id).map_or_else(String::new, |one| one.name.clone())
    }
}

/// The assignment with that code.
async fn by_code(state: &AppState, code: String) -> Result<Assignment, PageError> {
    let found = state.db.read(move |s| queries::assignment_by_code(s, &code)).await?;
    found.ok_or(PageError::NotFound)
}
