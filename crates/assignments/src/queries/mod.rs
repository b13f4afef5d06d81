//! The SQL of assignments.

mod facts;
mod links;
mod outside;
mod referrals;
mod versions;

pub(crate) use facts::put_check;
pub use facts::{checks, facts};
pub(crate) use links::{insert_link, revoke_links, use_link};
pub use links::{link, newest_link};
pub use outside::{MonthOutside, OutsideLine, is_outside, months_outside, volumes};
pub(crate) use outside::{clear_mark, insert_mark};
pub(crate) use referrals::put_referral;
pub use referrals::{referral, referral_by_code, referrals};
pub use versions::{Line, assignment, assignment_by_code, by_case_type, in_force, lines, version, versions};
pub(crate) use versions::{
    NewState, close_coverage, insert_assignment, insert_version, open_coverage, set_answer, set_ended,
    set_in_force, set_owner, set_review_day, set_sent, set_state, update_basis,
};

use crate::error::AssignmentsError;
use crate::ours::{Book, Held};
use people::directory::queries as directory;
use storage::Session;

/// All that "is this ours?" answers from, as things stand now.
///
/// # Errors
/// The database, or something kept cannot be read.
pub fn book(s: &mut Session<'_>) -> Result<Book, AssignmentsError> {
    let in_force = in_force(s)?;
    let departments = directory::departments(s)?;
    let name = |id| departments.iter().find(|one| one.id == id).map_or("", |one| one.name.as_str());
    let held: Vec<Held<'_>> = in_force
        .iter()
        .map(|one| Held {
            id: one.assignment.id,
            department: name(one.assignment.department),
            basis: &one.version.basis,
        })
        .collect();
    let (case_types, referrals) = (cases::queries::case_types(s)?, referrals(s)?);
    Ok(Book::new(&held, &case_types, &referrals, |case_type| name(case_type.department_id).to_owned()))
}
