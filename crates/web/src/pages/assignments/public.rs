//! "What we do for you": what residents can turn to the contact centre with, from what the departments have approved.

use super::view::public_title;
use crate::{
    AppState,
    components::lists,
    error::PageError,
    pages::public::{self, Frame},
    t,
    visit::Visit,
};
use assignments::{InForce, Theme, queries, words};
use axum::{extract::State, http::HeaderMap, response::Response};
use maud::html;

/// Its address.
pub(super) const PATH: &str = "/what-we-do";

/// `GET /what-we-do`
///
/// # Errors
/// The database.
pub(super) async fn show(
    State(state): State<AppState>,
    visit: Visit,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let words = visit.words;
    let in_force = state.db.read(queries::in_force).await?;
    let notices = public::notices(&state, visit.now).await?;
    let told: Vec<&InForce> =
        in_force.iter().filter(|one| !one.version.basis.public_text.is_empty()).collect();
    let themes: Vec<Theme> = Theme::ALL
        .iter()
        .copied()
        .filter(|theme| told.iter().any(|one| one.version.basis.theme == *theme))
        .collect();
    // The departments' words are in Swedish, whatever language the page around them is in.
    let content = html! {
        p .lead { (t!(words, "what-we-do-lead")) }
        @if told.is_empty() { (lists::empty(&t!(words, "what-we-do-none"))) }
        @if themes.len() > 1 {
            nav aria-label=(t!(words, "what-we-do-themes")) {
                ul .ways-list { @for theme in &themes {
                    li { a href=(format!("#{theme}")) { (words::theme(words.language(), *theme)) } }
                } }
            }
        }
        @for theme in &themes {
            section .answer aria-labelledby=(theme) {
                h2 id=(theme) { (words::theme(words.language(), *theme)) }
                @for one in told.iter().filter(|one| one.version.basis.theme == *theme) {
                    h3 lang="sv" { (public_title(&one.version.basis)) }
                    @for paragraph in one.version.basis.public_text.split("\n\n") { p .pre lang="sv" { (paragraph) } }
                }
            }
        }
        p { (t!(words, "what-we-do-contact", telephone = visit.config.public_telephone.clone())) " "
            a href=(public::link(&visit, "/contact")) { (t!(words, "what-we-do-ask")) } }
    };
    let frame = Frame::new(t!(words, "what-we-do-title")).about(t!(words, "what-we-do-lead")).at(PATH);
    Ok(frame.kept(&headers, &visit, &notices, &content))
}
