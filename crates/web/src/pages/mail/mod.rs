//! Letters: the inbox with its clock, a conversation and what is done with it, mailboxes and templates.

mod actions;
mod drafts;
mod files;
mod inbox;
mod letter;
mod settings;
mod show;

use crate::{
    components::forms::Faults,
    error::PageError,
    forms_in::text_fault,
    routes::{Entrance, Route, RouteTable},
    t,
    words::Words,
};
use correspondence::CorrespondenceError;
use people::Action;
use vocabulary::GenericUuid as _;
use vocabulary::{ConversationId, civil::Date};

/// The routes of this room.
pub fn routes(table: &mut RouteTable) {
    table.get("/mail", Action::ReadMail, inbox::list);
    table.get("/mail/list", Action::ReadMail, inbox::lines);
    table.get("/mail/boxes", Action::ReadMail, inbox::boxes);
    table.get("/mail/settings", Action::AdministerMail, settings::show);
    table.post("/mail/settings/mailboxes", Action::AdministerMail, settings::put_mailbox);
    table.post("/mail/settings/templates", Action::AdministerMail, settings::put_template);
    table.get("/mail/{id}", Action::ReadMail, show::show);
    table.get("/mail/{id}/files/{part}", Action::ReadMail, files::show);
    table.post("/mail/{id}/take", Action::WriteMail, actions::take);
    table.post("/mail/{id}/release", Action::WriteMail, actions::release);
    // The answer's form may bring files along, whichever of its buttons is pressed.
    let of_answer =
        |path| Route { method: "POST", path, action: Action::WriteMail, entrance: Entrance::Page };
    table.upload(of_answer("/mail/{id}/answer"), actions::answer);
    table.upload(of_answer("/mail/{id}/draft"), drafts::save);
    table.upload(of_answer("/mail/{id}/template"), drafts::insert_template);
    table.post("/mail/{id}/writing", Action::WriteMail, drafts::writing);
    table.post("/mail/{id}/note", Action::WriteMail, actions::note);
    table.post("/mail/{id}/close", Action::WriteMail, actions::close);
    table.post("/mail/{id}/spam", Action::WriteMail, actions::spam);
    table.post("/mail/{id}/not-spam", Action::WriteMail, actions::not_spam);
    table.post("/mail/{id}/case", Action::RegisterCase, actions::register_case);
    table.post("/mail/{id}/join", Action::WriteMail, actions::join);
}

fn path(id: ConversationId, rest: &str) -> String {
    let slash = if rest.is_empty() { "" } else { "/" };
    format!("/mail/{}{slash}{rest}", id.into_untyped_uuid())
}

/// How a wait stands, in words, and the class of its badge.
fn standing(words: &Words, due: Date, today: Date) -> (&'static str, String) {
    use correspondence::clock::Standing;
    match correspondence::clock::standing(due, today) {
        Standing::Over(days) => ("badge bad", t!(words, "mail-over", days = days)),
        Standing::Left(0) => ("badge warn", t!(words, "mail-due-today")),
        Standing::Left(days) => ("badge", t!(words, "mail-left", days = days)),
    }
}

/// What was wrong with a form about a letter, in words; what no form can mend is an error.
fn mail_faults(words: &Words, error: CorrespondenceError) -> Result<Faults, PageError> {
    use CorrespondenceError as E;
    Ok(match error {
        E::Text(error) => Faults::one(error.field, text_fault(words, error.fault)),
        E::Placeholder(word) => Faults::one("text", t!(words, "mail-fault-placeholder", word = word)),
        E::TakenBy(_) => Faults::one("form", t!(words, "mail-fault-taken")),
        E::DraftChanged { .. } => Faults::one("form", t!(words, "mail-fault-draft")),
        E::NoAddress => Faults::one("form", t!(words, "mail-fault-address")),
        E::Clock => Faults::one("clock", t!(words, "fault-choose")),
        E::AddressTaken => Faults::one("address", t!(words, "mail-fault-address-taken")),
        E::Forbidden(_) => Faults::one("form", t!(words, "mail-fault-state")),
        E::TooMany { max, .. } => Faults::one("form", t!(words, "mail-fault-too-many", max = max)),
        E::Contact(contacts::ContactsError::NotFound { what: "case type" })
        | E::NotFound { what: "case type" } => Faults::one("case_type", t!(words, "fault-choose")),
        E::Contact(contacts::ContactsError::Text(error)) => {
            Faults::one(error.field, text_fault(words, error.fault))
        }
        E::Case(error) => super::cases::case_faults(words, error)?,
        other => return Err(other.into()),
    })
}
