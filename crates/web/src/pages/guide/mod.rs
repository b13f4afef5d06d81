//! The guide's page: three fixed panes. Queue and own state; the contact at hand; the resident and what the centre
//! knows.

mod case;
mod contact;
mod desk;
mod knowledge;
mod live;
mod log;
mod queue;
mod resident;
mod state;

pub use case::{officer_choices, register_case};
pub use desk::type_choices;
pub use knowledge::{articles, search as search_knowledge};
pub use live::live;
pub use log::log;
pub use queue::CHOSEN_REASONS;
pub use resident::{attach as attach_resident, find as find_resident};
pub use state::set_state;
pub(crate) use state::{at_work, tell};

use crate::{
    AppState,
    components::{forms::Faults, layout::Page, lists},
    error::PageError,
    pages::crisis::banner,
    t,
    visit::Visit,
};
use axum::extract::{Query, State};
use desk::Desk;
use maud::{Markup, html};
use serde::Deserialize;
use vocabulary::ContactId;
use vocabulary::GenericUuid as _;

/// Which contact the guide has chosen to log, among those not logged.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub struct Chosen {
    contact: Option<uuid::Uuid>,
}

impl Chosen {
    fn contact(self) -> Option<ContactId> {
        self.contact.map(ContactId::from_untyped_uuid)
    }

    /// The stream's address, for the same choice.
    fn stream(self) -> String {
        self.contact
            .map_or_else(|| "/guide/live".to_owned(), |contact| format!("/guide/live?contact={contact}"))
    }
}

/// `GET /guide`
///
/// # Errors
/// The database.
pub async fn show(
    State(state): State<AppState>,
    visit: Visit,
    Query(chosen): Query<Chosen>,
) -> Result<Markup, PageError> {
    let desk = Desk::load(&state, &visit, chosen.contact()).await?;
    Ok(page(&visit, &desk, chosen, &log::Draft::default(), &Faults::none()))
}

/// What happens today, with what waits to be confirmed on top.
fn events(visit: &Visit, desk: &Desk) -> Markup {
    super::ahead::today::on_guide_page(visit, &desk.events, &desk.awaited, desk.now)
}

fn page(visit: &Visit, desk: &Desk, chosen: Chosen, draft: &log::Draft, faults: &Faults) -> Markup {
    let words = visit.words;
    let content = html! {
        // Its messages carry the parts that have changed; the element itself stays empty.
        div #desk-live hx-sse:connect=(chosen.stream()) hx-target="this" hx-select="" hx-swap="innerMorph" {}
        p #announcement .visually-hidden role="status" {}
        (lists::live_lost(words))
        noscript { p .notice { (t!(words, "guide-no-script")) } }
        // Said aloud when it comes: it changes what one answers, and does not take the focus.
        div #crisis role="status" { (banner::live(visit, &desk.crises)) }
        div .panes {
            section .pane .pane-queue aria-labelledby="queue-heading" {
                h2 #queue-heading { (t!(words, "guide-queue")) }
                div #queue { (queue::pane(visit, desk)) }
            }
            section .pane .pane-contact aria-labelledby="contact-heading" {
                h2 #contact-heading { (t!(words, "guide-contact")) }
                div #contact-head data-phase=(desk.phase_word()) { (contact::head(visit, desk)) }
                div #contact-body { (contact::body(visit, desk, draft, faults)) }
            }
            section .pane .pane-resident aria-labelledby="resident-heading" {
                h2 #resident-heading { (t!(words, "guide-resident")) }
                div #resident-card { (resident::card(visit, desk)) }
                section aria-labelledby="knowledge-heading" {
                    h2 #knowledge-heading { (t!(words, "guide-knowledge")) }
                    (knowledge::search_form(visit, "", &[], None))
                }
                section aria-labelledby="ours-heading" {
                    h2 #ours-heading { (t!(words, "ours-title")) }
                    (crate::pages::assignments::ours::pane(visit))
                }
                section aria-labelledby="events-heading" {
                    h2 #events-heading { (t!(words, "guide-today")) }
                    div #events { (events(visit, desk)) }
                }
            }
        }
        p .hint { (t!(words, "guide-keys")) " " a href="/keys" { (t!(words, "shortcuts-title")) } }
    };
    Page::wide(t!(words, "guide-title")).around(visit, &content)
}
