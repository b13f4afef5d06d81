//! The frame of residents' pages: no menu, no script, and a choice of language.

use crate::{assets, components::forms, t, visit::Visit, words::Words};
use axum::{
    http::{HeaderName, HeaderValue},
    response::{IntoResponse as _, Response},
};
use maud::{DOCTYPE, Markup, html};

/// A resident's page.
pub fn page(visit: &Visit, title: &str, content: &Markup) -> Response {
    let words = visit.words;
    let markup = html! {
        (DOCTYPE)
        html lang=(words.tag()) dir=(words.direction()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="robots" content="noindex, nofollow, noarchive";
                title { (title) " · " (visit.config.town) }
                link rel="icon" href="data:,";
                link rel="stylesheet" href=(assets::address("main.css"));
            }
            body {
                a .skip href="#main" { (t!(words, "skip")) }
                header .masthead {
                    div .masthead-row {
                        span .brand { (visit.config.town) }
                        div .masthead-end { (languages(visit)) }
                    }
                }
                main #main .narrow {
                    div .page-head { h1 tabindex="-1" { (title) } }
                    (content)
                }
                footer .footer lang="sv" dir="ltr" { (t!(Words::of(words.language()), "footer", town = visit.config.town.clone())) }
            }
        }
    };
    let mut response = markup.into_response();
    let robots = HeaderName::from_static("x-robots-tag");
    response.headers_mut().insert(robots, HeaderValue::from_static("noindex, nofollow, noarchive"));
    response
}

/// A button for each language but the page's own, in that language's own name.
fn languages(visit: &Visit) -> Markup {
    let back = if visit.resident.is_some() { "/status/mine" } else { visit.back.as_str() };
    html! {
        form .languages method="post" action="/status/language" aria-label=(t!(visit.words, "status-languages")) {
            (forms::token(visit))
            input type="hidden" name="back" value=(back);
            @for other in Words::resident_languages().iter().filter(|other| other.tag() != visit.words.tag()) {
                button type="submit" name="language" value=(other.tag()) lang=(other.tag()) dir=(other.direction()) {
                    (other.word("language", other.tag()))
                }
            }
        }
    }
}
