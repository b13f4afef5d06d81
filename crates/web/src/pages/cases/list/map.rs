//! The cases of a list by place: a map drawn by the server, and the list, which is always there.

use super::map_svg::{Cluster, Frame, HEIGHT, TILE, WIDTH, clusters};
use super::{Asked, LINES, around::Around, load, narrow, table};
use crate::{
    AppState,
    components::{layout::Page, lists},
    error::PageError,
    t,
    visit::Visit,
};
use axum::extract::{Query, State};
use cases::filter::{Filter, View};
use cases::queries::{self, MapPoint};
use maud::{Markup, html};
use vocabulary::GenericUuid as _;

/// `GET /cases/map`
///
/// # Errors
/// The filter is none of ours; the database.
pub async fn show(
    State(state): State<AppState>,
    visit: Visit,
    Query(parts): Query<Vec<(String, String)>>,
) -> Result<Markup, PageError> {
    let mut asked = Asked::read(&parts)?;
    // A map shows what is open: ten years of holes in the road say nothing of today's.
    if matches!(asked.filter.view, View::All | View::Overdue) {
        asked.filter.view = View::Open;
    }
    let around = Around::load(&state, &visit).await?;
    if asked.filter.view == View::Group && asked.filter.group.is_none() {
        asked.filter.group = around.groups.first().map(|group| group.id);
    }
    let (viewer, filter) = (crate::pages::cases::viewer(&visit), asked.filter);
    let (points, more) = state.db.read(move |s| queries::map_points(s, viewer, &filter)).await?;
    let page = load(&state, &visit, &asked, visit.now, LINES).await?;
    let words = visit.words;
    let frame = asked.filter.area.map_or_else(|| Frame::of(&points), Frame::around);
    let list = format!("/cases?{}", asked.filter.query());
    let content = html! {
        (narrow::form(&visit, &around, &asked, "/cases/map"))
        p { a href=(list) { (t!(words, "map-list")) }
            @if asked.filter.area.is_some() {
                " · " a href=(address(&Filter { area: None, ..asked.filter })) { (t!(words, "map-whole")) }
            }
        }
        @if points.is_empty() { div .card { (lists::empty(&t!(words, "map-empty"))) } }
        @else { (picture(&visit, &asked, &frame, &points)) }
        @if more { p .hint { (t!(words, "map-more", n = points.len())) } }
        div .card {
            @if page.lines.is_empty() { (lists::empty(&t!(words, "cases-none"))) }
            @else { (table::table(&visit, &page.lines, visit.now, false)) }
            @if page.next.is_some() { div .pager { a href=(list) { (t!(words, "map-list")) } } }
        }
    };
    Ok(Page::wide(t!(words, "map-title")).around(&visit, &content))
}

fn address(filter: &Filter) -> String {
    format!("/cases/map?{}", filter.query())
}

fn picture(visit: &Visit, asked: &Asked, frame: &Frame, points: &[MapPoint]) -> Markup {
    let words = visit.words;
    let drawn = clusters(frame, points);
    let step = TILE / 2.0;
    html! {
        svg .map viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) role="group" aria-label=(t!(words, "map-label", n = points.len())) {
            rect .map-ground width=(WIDTH) height=(HEIGHT) {}
            @if let Some(tiles) = &visit.config.map_tiles {
                @for (zoom, x, y, left, top) in frame.tiles() {
                    image href=(tiles.tile(zoom, x, y)) x=(round(left)) y=(round(top)) width=(TILE) height=(TILE) aria-hidden="true" {}
                }
            } @else {
                @for n in 1..8 { path .map-line d=(format!("M{} 0V{HEIGHT}M0 {}H{WIDTH}", f64::from(n) * step, f64::from(n) * step)) {} }
            }
            @for cluster in &drawn { (mark(visit, asked, frame, cluster)) }
        }
    }
}

/// One case is a way to it; several are a way nearer.
fn mark(visit: &Visit, asked: &Asked, frame: &Frame, cluster: &Cluster<'_>) -> Markup {
    let words = visit.words;
    let n = cluster.points.len();
    let (x, y) = (round(cluster.x), round(cluster.y));
    match cluster.points.as_slice() {
        [one] => {
            let name = t!(words, "map-case", number = one.number.to_string(), title = one.title.clone());
            html! {
                a href=(format!("/cases/{}", one.id.into_untyped_uuid())) aria-label=(name) {
                    title { (name) }
                    circle .map-point cx=(x) cy=(y) r="11" {}
                }
            }
        }
        _ => {
            let area = cluster.area(frame);
            let name = t!(words, "map-cluster", n = n);
            html! {
                a href=(address(&Filter { area, ..asked.filter })) aria-label=(name) {
                    title { (name) }
                    circle .map-cluster cx=(x) cy=(y) r=(if n < 10 { "16" } else if n < 100 { "20" } else { "25" }) {}
                    text .map-count x=(x) y=(y) dy="0.35em" text-anchor="middle" aria-hidden="true" { (n) }
                }
            }
        }
    }
}

/// To a tenth of a unit: finer cannot be seen.
fn round(at: f64) -> f64 {
    (at * 10.0).round() / 10.0
}
