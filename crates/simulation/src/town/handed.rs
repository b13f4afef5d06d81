//! What the departments have handed over, where to turn with the rest, and the checklist of the standard.

use super::model::Town;
use super::{TownError, check};
use assignments::standard::{Facts, Point, PointState, computed};
use assignments::steps::{self, StepFault};
use assignments::{ContactPerson, Theme};
use serde::Deserialize;

const ASSIGNMENTS: &str = "assignments.toml";
const REFERRALS: &str = "referrals.toml";
const STANDARD: &str = "standard.toml";

/// `assignments.toml`.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AssignmentsFile {
    pub assignment: Vec<Assignment>,
}

/// `referrals.toml`.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReferralsFile {
    pub referral: Vec<Referral>,
}

/// `standard.toml`.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StandardFile {
    pub check: Vec<StandardCheck>,
}

/// Where an assignment of the file stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stands {
    /// Being written.
    Draft,
    /// Lies with the department.
    Sent,
    /// Approved, and holds.
    #[default]
    InForce,
    /// Holds, and is gone through.
    Review,
}

/// What a department has handed over. Days are counted from the one it is put in.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the fields are those of assignments::Basis, explained there")]
pub struct Assignment {
    pub code: String,
    #[serde(default)]
    pub state: Stands,
    pub department: String,
    pub owner: String,
    #[serde(default)]
    pub approved_by: String,
    pub title: String,
    #[serde(default = "municipality")]
    pub theme: Theme,
    #[serde(default)]
    pub keywords: String,
    pub purpose: String,
    #[serde(default)]
    pub public_title: String,
    #[serde(default)]
    pub public_text: String,
    #[serde(default)]
    pub does: Vec<String>,
    #[serde(default)]
    pub partly: Vec<String>,
    #[serde(default)]
    pub does_not: Vec<String>,
    #[serde(default)]
    pub steps: String,
    pub case_types: Vec<String>,
    #[serde(default)]
    pub groups: Vec<String>,
    #[serde(default)]
    pub skills: Vec<String>,
    pub contacts_per_month: Option<u32>,
    #[serde(default)]
    pub contacts: Vec<ContactPerson>,
    pub valid_from_days: i32,
    pub notice_months: u16,
    pub review_days: i32,
}

const fn municipality() -> Theme {
    Theme::Municipality
}

/// Where to turn with what somebody else owns.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the fields are those of assignments::Referral")]
pub struct Referral {
    pub code: String,
    pub owner: String,
    pub text: String,
    pub keywords: String,
    pub telephone: String,
    pub url: String,
}

/// What is said of a point of the standard.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the fields are those of assignments::commands::PutCheck")]
pub struct StandardCheck {
    pub point: Point,
    pub state: PointState,
    pub note: String,
    pub evidence: String,
}

/// Whether the assignments, referrals and the checklist fit the rest of the town.
pub(super) fn check(town: &Town) -> Result<(), TownError> {
    check::unique(ASSIGNMENTS, "assignment", "code", town.assignments.iter().map(|a| &a.code))?;
    for a in &town.assignments {
        let field = |name: &str| format!("assignment {}: {name}", a.code);
        check::code(ASSIGNMENTS, field("code"), &a.code)?;
        check::filled(ASSIGNMENTS, field("title"), &a.title)?;
        check::known(
            ASSIGNMENTS,
            field("department"),
            &a.department,
            town.departments.iter().map(|d| &d.code),
        )?;
        check::known(ASSIGNMENTS, field("owner"), &a.owner, town.users.iter().map(|u| &u.sign_in))?;
        for code in &a.case_types {
            check::known(ASSIGNMENTS, field("case_types"), code, town.case_types.iter().map(|c| &c.code))?;
        }
        for code in &a.groups {
            check::known(ASSIGNMENTS, field("groups"), code, town.groups.iter().map(|g| &g.code))?;
        }
        steps::read(&a.steps).map_err(|faults| fault(&field("steps"), &faults))?;
        let approved = matches!(a.state, Stands::InForce | Stands::Review);
        if approved && (a.approved_by.trim().is_empty() || a.valid_from_days > 0) {
            let problem = "what holds was approved by somebody, and from a day that has come";
            return Err(TownError::new(ASSIGNMENTS, field("approved_by or valid_from_days"), problem));
        }
    }
    let taken = town.assignments.iter().flat_map(|a| &a.case_types);
    check::unique(ASSIGNMENTS, "assignment", "case_types", taken)?;
    check::unique(REFERRALS, "referral", "code", town.referrals.iter().map(|r| &r.code))?;
    for r in &town.referrals {
        let field = |name: &str| format!("referral {}: {name}", r.code);
        check::code(REFERRALS, field("code"), &r.code)?;
        check::filled(REFERRALS, field("owner"), &r.owner)?;
        check::filled(REFERRALS, field("text"), &r.text)?;
    }
    for c in &town.standard {
        if computed(c.point, &Facts::default()).is_some() {
            return Err(TownError::new(STANDARD, c.point.to_string(), "is worked out by the house itself"));
        }
        check::filled(STANDARD, format!("{}: note", c.point), &c.note)?;
    }
    Ok(())
}

fn fault(field: &str, faults: &[StepFault]) -> TownError {
    let first = faults.first().map_or_else(String::new, |f| format!("line {}: {:?}", f.line, f.kind));
    TownError::new(ASSIGNMENTS, field, first)
}
