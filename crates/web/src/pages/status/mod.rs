//! Residents' own pages: how a case stands, by a link or by its number and code; and, once they have shown a code sent to
//! the address we know, what has been written in it.
//!
//! They work without script and on the smallest telephone, are in no cache and in no search engine, and are written in
//! every language there is a file for.

mod acts;
mod door;
mod frame;
mod mine;
mod standing;

use crate::routes::{Entrance, Route, RouteTable};
use people::{Action, LinkKind};

/// The residents' routes.
pub fn routes(table: &mut RouteTable) {
    let page = |method, path, action| Route { method, path, action, entrance: Entrance::Resident };
    let link = |method| Route {
        method,
        path: "/s/{token}",
        action: Action::SeeOwnCaseStatus,
        entrance: Entrance::Link(LinkKind::Resident),
    };
    table.add(link("GET"), door::by_link);
    table.add(link("POST"), door::begin_by_link);
    table.add(page("GET", "/status", Action::LookUpOwnCase), door::ask);
    table.add(page("POST", "/status", Action::LookUpOwnCase), door::begin_by_code);
    table.add(page("POST", "/status/language", Action::LookUpOwnCase), door::choose_language);
    table.add(page("GET", "/status/mine", Action::SeeOwnCaseStatus), mine::show);
    table.add(page("POST", "/status/mine/send", Action::ProveResident), mine::send);
    table.add(page("POST", "/status/mine/prove", Action::ProveResident), mine::prove);
    table.add(page("POST", "/status/mine/leave", Action::SeeOwnCaseStatus), mine::leave);
    table.add(page("POST", "/status/mine/told", Action::ActOnOwnCase), acts::choose);
    table.add(page("GET", "/status/mine/documents/{id}", Action::ActOnOwnCase), acts::document);
    table.upload(page("POST", "/status/mine/add", Action::ActOnOwnCase), acts::add);
    table.post("/cases/{id}/code", Action::ForwardCase, door::give_code);
}
