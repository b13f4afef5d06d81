//! What is searched and missed: keeping what guides search, the gaps, what is done about them and whether it helped, and the
//! search's synonyms.

mod chart;
mod deeds;
mod list;
pub mod record;
mod show;
mod synonyms;

use crate::routes::RouteTable;
use people::Action;

/// The pages and what they are.
pub fn routes(table: &mut RouteTable) {
    let (see, edit) = (Action::SeeSearchGaps, Action::EditSynonyms);
    table.post("/knowledge/searched", Action::SearchKnowledge, record::settled_by_script);
    table.post("/knowledge/opened", Action::SearchKnowledge, record::opened_by_script);
    table.get("/knowledge/gaps", see, list::list);
    table.get("/knowledge/gaps/{id}", see, show::show);
    table.post("/knowledge/gaps/{id}/task", Action::WriteArticles, deeds::task);
    table.post("/knowledge/gaps/{id}/synonym", edit, deeds::synonym);
    table.post("/knowledge/gaps/{id}/topic", edit, deeds::topic);
    table.post("/knowledge/gaps/{id}/dismiss", edit, deeds::dismiss);
    table.post("/knowledge/gaps/{id}/reopen", edit, deeds::reopen);
    table.get("/knowledge/synonyms", see, synonyms::list);
    table.post("/knowledge/synonyms", edit, synonyms::add);
    table.get("/knowledge/synonyms/{id}", edit, synonyms::form);
    table.post("/knowledge/synonyms/{id}", edit, synonyms::change);
    table.post("/knowledge/synonyms/{id}/remove", edit, synonyms::remove);
}

/// A gap's own page.
fn path(id: vocabulary::GapId) -> String {
    use vocabulary::GenericUuid as _;
    format!("/knowledge/gaps/{}", id.into_untyped_uuid())
}

/// A count as the texts take it.
fn count(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}
