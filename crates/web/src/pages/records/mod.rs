//! Secrecy and records: who may open what and who has, protected cards, what is taken out, and what becomes of old
//! cases.

mod access;
pub mod protection;

use crate::routes::RouteTable;
use people::Action;

/// The routes of this feature.
pub fn routes(table: &mut RouteTable) {
    table.get("/records/access", Action::SeeBoardAccess, access::show);
    table.post("/records/access/{id}", Action::GrantBoardAccess, access::set);
    table.post("/residents/{id}/open", Action::OpenProtected, protection::open);
    table.post("/residents/{id}/protect", Action::ChangeResident, protection::protect);
    table.post("/residents/{id}/lift", Action::LiftProtection, protection::lift);
    table.post("/cases/{id}/hand-over", Action::LeaveMessage, super::cases::hand_over);
}
