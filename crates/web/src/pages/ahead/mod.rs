//! One step ahead: what the departments have planned, today and its confirmations, the meetings with the departments, and
//! calendars out and in.

mod calendars;
mod draft;
mod edit;
mod feed;
mod list;
mod meeting;
mod meetings;
mod parts;
mod show;
pub mod today;

use crate::components::forms::Faults;
use crate::error::PageError;
use crate::routes::{Entrance, Route, RouteTable};
use crate::{t, words::Words};
use ahead::AheadError;
use people::Action;

pub use meetings::actions_for;

/// The pages and what they are.
pub fn routes(table: &mut RouteTable) {
    let (see, plan, lead) = (Action::SeeAhead, Action::PlanEvents, Action::LeadMeetings);
    table.get("/today", see, today::show);
    table.post("/today/{id}/confirm", Action::ConfirmEvents, today::confirm);
    table.get("/ahead", see, list::show);
    table.get("/ahead/events/new", plan, edit::blank);
    table.post("/ahead/events", plan, edit::send_new);
    table.get("/ahead/events/{id}", see, show::show);
    table.get("/ahead/events/{id}/edit", plan, edit::form);
    table.post("/ahead/events/{id}", plan, edit::send);
    table.post("/ahead/events/{id}/approve", plan, show::approve);
    table.post("/ahead/events/{id}/cancel", plan, show::cancel);
    table.post("/ahead/events/{id}/calendar", plan, show::resolve);
    table.get("/ahead/meetings", lead, meetings::list);
    table.post("/ahead/meetings", lead, meetings::plan);
    table.post("/ahead/series", lead, meetings::begin);
    table.post("/ahead/series/{id}/end", lead, meetings::end);
    table.get("/ahead/meetings/{id}", lead, meeting::show);
    table.post("/ahead/meetings/{id}/move", lead, meeting::move_to);
    table.post("/ahead/meetings/{id}/do", lead, meeting::act);
    table.post("/ahead/meetings/{id}/items", lead, meeting::add_item);
    table.post("/ahead/meetings/{id}/items/{part}", lead, meeting::write_item);
    table.post("/ahead/meetings/{id}/events", lead, meeting::make_event);
    table.post("/ahead/meetings/{id}/actions", lead, meeting::undertake);
    table.post("/ahead/meetings/{id}/invite", lead, meeting::invite);
    table.post("/ahead/actions/{id}", Action::DoMeetingAction, meetings::complete);
    table.get("/ahead/calendars", see, calendars::list);
    table.post("/ahead/feeds", see, feed::make);
    table.post("/ahead/feeds/{id}/revoke", see, feed::revoke);
    table.post("/ahead/calendars", plan, calendars::add);
    table.post("/ahead/calendars/{id}", plan, calendars::switch);
    let upload =
        Route { method: "POST", path: "/ahead/calendars/{id}/file", action: plan, entrance: Entrance::Page };
    table.upload(upload, calendars::upload);
    table.get("/calendar/{token}/lots.ics", Action::FetchCalendar, feed::fetch);
}

impl From<AheadError> for PageError {
    fn from(error: AheadError) -> Self {
        use AheadError as E;
        match error {
            E::NotFound { .. } => Self::NotFound,
            E::NotOneself => Self::Forbidden,
            E::Overtaken | E::Forbidden { .. } => Self::Conflict(error.to_string()),
            E::Text(_) | E::Order | E::TooMany { .. } | E::Value { .. } | E::Calendar(_) => {
                Self::Invalid(error.to_string())
            }
            E::Payload(_) | E::Storage(_) => Self::Internal(error.to_string()),
        }
    }
}

/// What was wrong with a form, by its field.
pub(super) fn faults(words: &Words, error: AheadError) -> Result<Faults, PageError> {
    Ok(match error {
        AheadError::Text(wrong) => Faults::one(wrong.field, crate::forms_in::text_fault(words, wrong.fault)),
        AheadError::Order => Faults::one("last_day", t!(words, "ahead-fault-order")),
        AheadError::TooMany { field, max } => Faults::one(field, t!(words, "ahead-fault-many", max = max)),
        AheadError::Value { field } => Faults::one(field, t!(words, "ahead-fault-value")),
        AheadError::Overtaken => Faults::one("form", t!(words, "ahead-fault-overtaken")),
        AheadError::NotFound { what: "owner" } => Faults::one("owner", t!(words, "ahead-fault-value")),
        other => return Err(other.into()),
    })
}
