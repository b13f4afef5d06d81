//! Secrecy and records: who may open what and who has, protected cards, what is taken out, and what becomes of old
//! cases.

mod access;
pub mod cards;
mod diary;
mod openings;
pub mod protection;
pub mod retention;
mod subject;

use crate::routes::RouteTable;
use people::Action;

/// The routes of this feature.
pub fn routes(table: &mut RouteTable) {
    table.get("/records/access", Action::SeeBoardAccess, access::show);
    table.post("/records/access/{id}", Action::GrantBoardAccess, access::set);
    table.post("/residents/{id}/open", Action::OpenProtected, protection::open);
    table.post("/residents/{id}/protect", Action::ChangeResident, protection::protect);
    table.post("/residents/{id}/lift", Action::LiftProtection, protection::lift);
    table.get("/records/openings", Action::ReviewOpenings, openings::review);
    table.get("/account/openings", Action::SeeOwnOpenings, openings::own);
    table.get("/records/diary", Action::ExportDiary, diary::show);
    table.get("/records/retention", Action::WeedRecords, retention::show);
    table.post("/records/retention/rules", Action::WeedRecords, retention::put_rule);
    table.get("/records/retention/{id}", Action::WeedRecords, retention::batch);
    table.post("/records/retention/{id}/approve", Action::WeedRecords, retention::approve);
    table.post("/records/retention/{id}/reject", Action::WeedRecords, retention::reject);
    table.post("/records/holds/{id}/release", Action::HoldCase, retention::release);
    table.post("/cases/{id}/hold", Action::HoldCase, retention::hold_case);
    table.post("/residents/{id}/hold", Action::HoldCase, retention::hold_resident);
    table.post("/residents/{id}/export", Action::ExportSubject, subject::take_out);
    table.post("/residents/{id}/merge", Action::MergeResidents, cards::merge);
    table.post("/residents/{id}/erase", Action::EraseResident, cards::erase);
    table.post("/records/merges/{id}/undo", Action::MergeResidents, cards::undo);
    table.post("/cases/{id}/hand-over", Action::LeaveMessage, super::cases::hand_over);
}
