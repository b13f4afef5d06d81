//! The frame of the public site: the town's name and colours, a way to search and to ask, the notices on top of
//! everything, and what search engines want to know. No menu of the house, no session, no script that must be there.

use super::{Notice, Place, START, caching, in_language, link, notices};
use crate::{assets, security::headers::Shown, t, visit::Visit};
use axum::{
    http::HeaderMap,
    response::{IntoResponse as _, Response},
};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use vocabulary::Language;

/// A public page to be framed.
#[derive(Clone, Debug, Default)]
pub struct Frame {
    title: String,
    description: Option<String>,
    path: Option<String>,
    structured: Vec<serde_json::Value>,
    trail: Vec<(String, String)>,
    place: Place,
    swedish: bool,
}

impl Frame {
    /// A page with a title, which is also its first heading.
    #[must_use]
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), ..Self::default() }
    }

    /// What it is about, in a sentence, for those who find it in a search engine.
    #[must_use]
    pub fn about(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// Its own path, which makes it a page that search engines may find. Without one they may not.
    #[must_use]
    pub fn at(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// What it says, in schema.org's words.
    #[must_use]
    pub fn structured(mut self, data: serde_json::Value) -> Self {
        self.structured.push(data);
        self
    }

    /// The pages above it, from the site's start on: path and name.
    #[must_use]
    pub fn under(mut self, trail: Vec<(String, String)>) -> Self {
        self.trail = trail;
        self
    }

    /// The title is the town's own, in Swedish whatever language the page around it is in.
    #[must_use]
    pub fn in_swedish(mut self) -> Self {
        self.swedish = true;
        self
    }

    /// Where it stands: in a frame on another site's page it is without name and foot.
    #[must_use]
    pub fn standing(mut self, place: Place) -> Self {
        self.place = place;
        self
    }

    /// The whole document, with the notices on top.
    #[must_use]
    pub fn around(&self, visit: &Visit, notices: &[Notice], content: &Markup) -> Markup {
        let words = visit.words;
        let embedded = self.place == Place::Embedded;
        html! {
            (DOCTYPE)
            html lang=(words.tag()) dir=(words.direction()) {
                (self.head(visit))
                body .public .embedded[embedded] {
                    @if !embedded { a .skip href="#main" { (t!(words, "skip")) } (masthead(visit, self.path.as_deref())) }
                    (notices::shown(visit, notices, self.path.as_deref() == Some(START)))
                    main #main .narrow {
                        @if !self.trail.is_empty() && !embedded { (trail(visit, &self.trail)) }
                        div .page-head { h1 tabindex="-1" lang=[self.swedish.then_some("sv")] { (self.title) } }
                        (content)
                    }
                    @if !embedded { (foot(visit)) }
                }
            }
        }
    }

    /// The answer to what somebody has sent.
    #[must_use]
    pub fn answer(&self, visit: &Visit, notices: &[Notice], content: &Markup) -> Response {
        let mut response = self.around(visit, notices, content).into_response();
        response.extensions_mut().insert(self.shown(visit));
        response
    }

    /// The answer to somebody who reads: kept by the browser, and marked for search engines if it has a path of its own.
    #[must_use]
    pub fn kept(&self, asked: &HeaderMap, visit: &Visit, notices: &[Notice], content: &Markup) -> Response {
        caching::page(asked, self.around(visit, notices, content).into_string(), self.shown(visit))
    }

    fn shown(&self, visit: &Visit) -> Shown {
        match self.place {
            Place::Site => Shown { framed_by: Vec::new(), indexed: self.path.is_some() },
            Place::Embedded => Shown { framed_by: visit.config.site.embed_on().to_vec(), indexed: false },
        }
    }

    fn head(&self, visit: &Visit) -> Markup {
        let words = visit.words;
        let site = site_name(visit);
        let base = &visit.config.base_url;
        let address = |language, path: &str| format!("{base}{}", in_language(language, path));
        let title = if self.title == site {
            format!("{site} · {}", visit.config.town)
        } else {
            format!("{} · {site} · {}", self.title, visit.config.town)
        };
        html! {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                @if let Some(description) = &self.description { meta name="description" content=(description); }
                @if let Some(path) = &self.path {
                    link rel="canonical" href=(address(words.language(), path));
                    link rel="alternate" hreflang="sv" href=(address(Language::Swedish, path));
                    link rel="alternate" hreflang="en" href=(address(Language::English, path));
                    link rel="alternate" hreflang="x-default" href=(address(Language::Swedish, path));
                    meta property="og:type" content=(if path == START { "website" } else { "article" });
                    meta property="og:title" content=(self.title);
                    meta property="og:url" content=(address(words.language(), path));
                    meta property="og:site_name" content=(format!("{site}, {}", visit.config.town));
                    meta property="og:locale" content=(if words.language() == Language::English { "en_GB" } else { "sv_SE" });
                    @if let Some(description) = &self.description { meta property="og:description" content=(description); }
                    @if let Some(logo) = visit.config.site.logo_address() { meta property="og:image" content=(format!("{base}{logo}")); }
                } @else {
                    meta name="robots" content="noindex";
                }
                link rel="alternate" type="application/atom+xml" href="/questions/feed.atom" title=(t!(words, "site-feed"));
                link rel="icon" href=(visit.config.site.logo_address().unwrap_or_else(|| "data:,".to_owned()));
                link rel="stylesheet" href=(assets::address("site.css"));
                link rel="stylesheet" href=(visit.config.site.style_address());
                script src=(assets::address("site.js")) defer {}
                @for data in &self.structured { script type="application/ld+json" { (PreEscaped(in_script(data))) } }
            }
        }
    }
}

/// Data as it may stand in a script element: nothing in it can end the element, whatever an article says.
fn in_script(data: &serde_json::Value) -> String {
    data.to_string().replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}

/// What the site is called.
#[must_use]
pub fn site_name(visit: &Visit) -> String {
    match visit.config.site.name() {
        "" => t!(visit.words, "site-name"),
        name => name.to_owned(),
    }
}

fn masthead(visit: &Visit, path: Option<&str>) -> Markup {
    let words = visit.words;
    let other = match words.language() {
        Language::Swedish => Language::English,
        Language::English => Language::Swedish,
    };
    let other_name = crate::words::Words::of(other).word("language", other.as_str());
    let here = |place: &str| (path == Some(place)).then_some("page");
    html! {
        header .masthead {
            div .masthead-row {
                a .brand href=(link(visit, START)) {
                    @if let Some(logo) = visit.config.site.logo_address() { img .logo src=(logo) alt=""; }
                    span { (visit.config.town) }
                    span .brand-town { (site_name(visit)) }
                }
                nav aria-label=(t!(words, "nav-label")) {
                    ul {
                        li { a href=(link(visit, START)) aria-current=[here(START)] { (t!(words, "site-answers")) } }
                        li { a href=(link(visit, "/what-we-do")) aria-current=[here("/what-we-do")] { (t!(words, "site-what-we-do")) } }
                        li { a href=(link(visit, "/contact")) aria-current=[here("/contact")] { (t!(words, "ask-title")) } }
                        li { a href="/status" { (t!(words, "site-my-case")) } }
                    }
                }
                div .masthead-end {
                    // Only what has an address of its own can be had in the other language by it.
                    a href=(in_language(other, path.unwrap_or(START))) lang=(other) hreflang=(other) { (other_name) }
                }
            }
        }
    }
}

fn trail(visit: &Visit, trail: &[(String, String)]) -> Markup {
    html! {
        nav .trail aria-label=(t!(visit.words, "site-trail")) {
            ol { @for (path, name) in trail { li { a href=(link(visit, path)) { (name) } } } }
        }
    }
}

fn foot(visit: &Visit) -> Markup {
    let words = visit.words;
    html! {
        footer .footer {
            p { (t!(words, "ask-call", telephone = visit.config.public_telephone.clone())) }
            p { (t!(words, "footer", town = visit.config.town.clone())) }
        }
    }
}
