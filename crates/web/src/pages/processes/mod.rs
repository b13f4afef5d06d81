//! Processes: what a case's next step is and doing it, letters to print, times to book; and for the manager the
//! definitions, what can be booked and who is called out.

pub mod case;
mod drawing;
mod edit;
mod letter;
mod links;
mod list;
mod run;
mod setup;
mod show;

pub use show::difference;

use crate::{routes::Entrance, routes::Route, routes::RouteTable};
use people::{Action, LinkKind};

/// The pages and what they are.
pub fn routes(table: &mut RouteTable) {
    table.get("/processes", Action::SeeProcesses, list::list);
    table.get("/processes/new", Action::EditProcesses, edit::blank);
    table.post("/processes/new", Action::EditProcesses, edit::send_new);
    table.get("/processes/{code}", Action::SeeProcesses, show::newest);
    table.get("/processes/{code}/versions/{version}", Action::SeeProcesses, show::version);
    table.get("/processes/{code}/edit", Action::EditProcesses, edit::form);
    table.post("/processes/{code}/edit", Action::EditProcesses, edit::send);
    table.post("/processes/{code}/active", Action::EditProcesses, list::set_active);
    table.get("/processes/resources/{code}", Action::SeeProcesses, setup::resource);
    table.post("/processes/resources/{code}", Action::EditProcesses, setup::put_resource);
    table.get("/processes/contractors/{code}", Action::SeeProcesses, setup::contractor);
    table.post("/processes/contractors/{code}", Action::EditProcesses, setup::put_contractor);
    table.get("/cases/{id}/process", Action::OpenCase, run::show);
    table.post("/cases/{id}/process/start", Action::RunProcess, run::start);
    table.post("/cases/{id}/process/undo", Action::RunProcess, run::undo);
    table.post("/cases/{id}/process/{step}", Action::RunProcess, run::step);
    table.get("/cases/{id}/letters/{step}", Action::OpenCase, letter::show);
    let link = |method, path, action, kind| Route { method, path, action, entrance: Entrance::Link(kind) };
    let (officer, resident) = (LinkKind::Officer, LinkKind::Resident);
    table.add(link("GET", "/o/step/{token}", Action::DoStepByLink, officer), links::step);
    table.add(link("POST", "/o/step/{token}", Action::DoStepByLink, officer), links::do_step);
    table.add(link("GET", "/s/booking/{token}", Action::SeeOwnBooking, resident), links::booking);
    table.add(link("POST", "/s/booking/{token}", Action::SeeOwnBooking, resident), links::cancel_booking);
}
