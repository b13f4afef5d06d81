//! Lists of cases that answer a question, narrowed by a filter; the search; saved filters, the map, changes of many cases,
//! files to take along. What is searched for is sent in the body: it may be a name. A filter is words and ids, and may
//! stand in the address.

mod around;
mod bulk;
mod export;
mod live;
mod map;
mod map_svg;
mod narrow;
mod saved;
mod search;
mod table;

pub use search::search;

use crate::{
    AppState,
    components::{layout::Page, lists},
    error::PageError,
    routes::RouteTable,
    t,
    visit::Visit,
};
use around::Around;
use axum::extract::{Query, State};
use cases::filter::{Filter, View};
use cases::queries::{self, ListPage, PageMark};
use maud::{Markup, html};
use people::Action;
use vocabulary::{SavedFilterId, Timestamp};

/// How many cases a page holds.
const LINES: usize = 50;

/// The routes of lists.
pub fn routes(table: &mut RouteTable) {
    table.get("/cases", Action::ListCases, list);
    table.get("/cases/live", Action::ListCases, live::live);
    table.get("/cases/map", Action::ListCases, map::show);
    table.post("/cases/search", Action::ListCases, search);
    table.post("/cases/hints", Action::RegisterCase, super::hints::hints);
    table.post("/cases/filters", Action::ListCases, saved::keep);
    table.post("/cases/filters/{id}/delete", Action::ListCases, saved::throw_away);
    table.post("/cases/bulk", Action::ChangeCase, bulk::change);
    table.post("/cases/export", Action::ExportCases, export::export);
}

/// What a list's address asks for.
#[derive(Clone, Debug, Default)]
pub(super) struct Asked {
    pub filter: Filter,
    pub after: Option<PageMark>,
    pub saved: Option<SavedFilterId>,
}

impl Asked {
    /// Reads an address or a form.
    pub fn read(parts: &[(String, String)]) -> Result<Self, PageError> {
        let of = |name: &str| {
            parts
                .iter()
                .find(|(own, value)| own == name && !value.is_empty())
                .map(|(_, value)| value.as_str())
        };
        let own = parts.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        Ok(Self {
            filter: Filter::read(own).map_err(|error| PageError::Invalid(error.to_string()))?,
            after: of("after").map(str::parse).transpose()?,
            saved: of("saved").and_then(|id| id.parse().ok()),
        })
    }

    /// The list's address, from its beginning.
    pub fn address(&self) -> String {
        format!("/cases?{}", self.query())
    }

    /// What stands after the question mark.
    pub fn query(&self) -> String {
        let saved = self.saved.map(|id| format!("&saved={id}")).unwrap_or_default();
        format!("{}{saved}", self.filter.query())
    }
}

/// One page of what is asked for.
pub(super) async fn load(
    state: &AppState,
    visit: &Visit,
    asked: &Asked,
    now: Timestamp,
    lines: usize,
) -> Result<ListPage, PageError> {
    let (viewer, user, asked) = (super::viewer(visit), visit.user_id(), asked.clone());
    state
        .db
        .read(move |s| {
            let groups = around::own_groups(s, user)?;
            Ok(queries::work_list(s, viewer, &asked.filter, &groups, now, asked.after.as_ref(), lines)?)
        })
        .await
}

/// `GET /cases`
///
/// # Errors
/// The filter or the page mark is none of ours; the database.
pub async fn list(
    State(state): State<AppState>,
    visit: Visit,
    Query(parts): Query<Vec<(String, String)>>,
) -> Result<Markup, PageError> {
    let asked = Asked::read(&parts)?;
    let around = Around::load(&state, &visit).await?;
    let page = load(&state, &visit, &asked, visit.now, LINES).await?;
    let words = visit.words;
    let live = format!("/cases/live?{}", asked.query());
    let content = html! {
        (search::form(&visit, ""))
        (questions(&visit, &asked))
        (narrow::form(&visit, &around, &asked, "/cases"))
        div .list-tools {
            a .button .slim href=(format!("/cases/map?{}", asked.filter.query())) { (t!(words, "map-show")) }
            button type="button" .slim data-live-pause="case-list" aria-pressed="false" { (t!(words, "live-pause")) }
            (export::form(&visit, &asked))
        }
        (lists::live_lost(words))
        // Only a list's first page is live: further on one would lose one's place.
        @if asked.after.is_none() {
            div #case-list-live hx-sse:connect=(live) hx-target="this" hx-select="" hx-swap="innerMorph" {}
        }
        form #bulk-form method="post" action="/cases/bulk" data-guards-live="case-list" {
            (crate::components::forms::token(&visit))
            @if visit.may(Action::ChangeCase) { (bulk::fields(&visit, &around, &asked)) }
            div .card {
                div #case-list { (part(&visit, &asked, &page, visit.now)) }
            }
        }
    };
    Ok(heading(&visit, &asked, &around).around(&visit, &content))
}

/// The list itself, with the way to its next page: what the stream renews.
pub(super) fn part(visit: &Visit, asked: &Asked, page: &ListPage, now: Timestamp) -> Markup {
    let words = visit.words;
    html! {
        @if page.lines.is_empty() && !page.cut { (lists::empty(&empty(visit, asked.filter.view))) }
        @if !page.lines.is_empty() { (table::table(visit, &page.lines, now, visit.may(Action::ChangeCase))) }
        @if page.cut { p .hint { (t!(words, "list-cut")) } }
        div .pager {
            @if asked.after.is_some() { a href=(asked.address()) { (t!(words, "pager-first")) } }
            @if let Some(next) = &page.next {
                a href=(format!("{}&after={next}", asked.address())) rel="next" { (t!(words, "pager-next")) }
            }
        }
    }
}

/// What is said where a list is empty: for some questions that is good news.
fn empty(visit: &Visit, view: View) -> String {
    let words = visit.words;
    match view {
        View::Mine => t!(words, "list-empty-mine"),
        View::Overdue => t!(words, "list-empty-overdue"),
        View::Group => t!(words, "list-empty-group"),
        _ => t!(words, "cases-none"),
    }
}

/// The questions one can ask. A filter stays when the question changes, but for the group and the saved one's name.
fn questions(visit: &Visit, asked: &Asked) -> Markup {
    let words = visit.words;
    html! {
        ul .filters aria-label=(t!(words, "cases-filters")) {
            @for view in View::ALL {
                @let filter = Filter { view: *view, group: None, ..asked.filter };
                li { a href=(format!("/cases?{}", filter.query()))
                    aria-current=[(*view == asked.filter.view).then_some("true")] { (words.word("filter", view.as_str())) } }
            }
        }
    }
}

fn heading(visit: &Visit, asked: &Asked, around: &Around) -> Page {
    let words = visit.words;
    let kept = asked.saved.and_then(|id| around.saved.iter().find(|saved| saved.id == id));
    let question = words.word("filter", asked.filter.view.as_str());
    let title = match kept {
        Some(kept) => t!(words, "list-title", name = kept.name.clone()),
        None => t!(words, "list-title", name = question),
    };
    let page = Page::wide(title);
    if visit.may(Action::RegisterCase) {
        page.with(html! { a .button .primary href="/cases/new" { (t!(words, "case-new")) } })
    } else {
        page
    }
}
