//! The palette: every page and action one may use, and any case by its number or title, from the keyboard. The script
//! asks for it once and keeps it outside `main`; without script the pages are where they always are.

use super::{address_of, chosen, focus_of, help, mine, name};
use crate::{AppState, components::badges, components::layout, error::PageError, t, visit::Visit};
use axum::{Form, extract::State};
use cases::queries;
use maud::{Markup, html};
use people::shortcuts::Shortcut;
use serde::Deserialize;
use vocabulary::GenericUuid as _;

/// How many cases it shows.
const CASES_MAX: usize = 8;

/// `GET /palette`: the palette's window and that of the keys.
///
/// # Errors
/// The database.
pub async fn palette(State(state): State<AppState>, visit: Visit) -> Result<Markup, PageError> {
    let keys = chosen(&state, &visit).await?;
    let words = visit.words;
    let key = |shortcut: Shortcut| keys.get(&shortcut).cloned().flatten().map(|chord| chord.to_string());
    let shown = |shortcut: &Shortcut| *shortcut != Shortcut::Palette;
    Ok(html! {
        div #shortcuts hidden {
            @for shortcut in mine(&visit) {
                @if let Some(chord) = key(shortcut) {
                    span data-key=(chord) data-command=(shortcut) data-href=[address_of(shortcut)] data-focus=[focus_of(shortcut)] {}
                }
            }
        }
        dialog #palette .window aria-labelledby="palette-title"
            data-find=[visit.may(people::Action::ListCases).then_some("/palette/find")]
            data-nothing=(t!(words, "palette-nothing")) data-found=(t!(words, "palette-found", n = "{n}")) {
            h2 #palette-title .visually-hidden { (t!(words, "palette-title")) }
            label .visually-hidden for="palette-input" { (t!(words, "palette-label")) }
            input #palette-input type="text" role="combobox" autocomplete="off" spellcheck="false"
                aria-expanded="true" aria-controls="palette-list" aria-autocomplete="list"
                placeholder=(t!(words, "palette-label")) maxlength="100";
            ul #palette-list role="listbox" aria-label=(t!(words, "palette-title")) {
                @for (place, (path, label)) in layout::places(&visit).into_iter().enumerate() {
                    li #(format!("palette-page-{place}")) role="option" aria-selected="false" data-href=(path) { (label) }
                }
                @for shortcut in mine(&visit).filter(shown) {
                    li #(format!("palette-{shortcut}")) role="option" aria-selected="false" data-command=(shortcut)
                        data-href=[address_of(shortcut)] data-focus=[focus_of(shortcut)] {
                        (name(words, shortcut)) @if let Some(chord) = key(shortcut) { " " kbd { (chord) } }
                    }
                }
            }
            p #palette-status .visually-hidden role="status" {}
            p .hint { (t!(words, "palette-hint")) }
        }
        (help(&visit, &keys))
    })
}

/// What was typed.
#[derive(Deserialize)]
pub struct FindForm {
    #[serde(default)]
    query: String,
}

/// `POST /palette/find`: cases by number or title, as the palette's options. In the body, since it may be a name.
///
/// # Errors
/// The database.
pub async fn find(
    State(state): State<AppState>,
    visit: Visit,
    Form(asked): Form<FindForm>,
) -> Result<Markup, PageError> {
    let (viewer, typed) = (crate::pages::cases::viewer(&visit), asked.query);
    let (sealed, mut lines) = state
        .db
        .read(move |s| -> Result<_, cases::CasesError> {
            let sealed = match typed.trim().parse() {
                Ok(number) => queries::sealed_by_number(s, viewer, &number)?,
                Err(_) => None,
            };
            Ok((sealed, queries::search(s, viewer, &typed)?))
        })
        .await?;
    lines.truncate(CASES_MAX);
    let words = visit.words;
    Ok(html! {
        @if let Some(sealed) = sealed {
            li #(format!("palette-case-{}", sealed.id.into_untyped_uuid())) role="option" aria-selected="false"
                data-href=(format!("/cases/{}", sealed.id.into_untyped_uuid())) {
                span .code { (sealed.number) } " " (t!(words, "case-sealed")) " " (badges::status(words, sealed.status))
            }
        }
        @for line in &lines {
            li #(format!("palette-case-{}", line.id.into_untyped_uuid())) role="option" aria-selected="false"
                data-href=(format!("/cases/{}", line.id.into_untyped_uuid())) {
                span .code { (line.number) } " " (line.title) " " (badges::status(words, line.status))
            }
        }
    })
}
