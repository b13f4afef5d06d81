//! The public questions and answers: a site of its own for residents, search engines and the town's other sites.
//!
//! It is the same for everybody ([`Entrance::Public`]): no session, no cookie, the language in the address. All of it works
//! without script, which only adds answers while typing. What is typed, and the id of a search, travel in bodies.

mod answers;
mod article;
mod caching;
mod embed;
mod find;
pub mod frame;
mod machines;
mod notices;
mod shelf;
mod start;
mod structured;

pub use frame::Frame;
pub use notices::Notice;
pub use shelf::Shelf;
pub use start::{Seen, notices};

use crate::routes::{Entrance, Route, RouteTable};
use crate::visit::Visit;
use people::Action;
use vocabulary::Language;

pub(crate) use answers::trap;
pub(crate) use find::{became_contact, suggested, suggestions};

/// Where the site begins.
pub const START: &str = "/questions";
/// Where it begins in a frame on another site's page. A name of its own, so that no article's address can be it.
const EMBEDDED: &str = "/embedded";
/// The field that only machines fill in; named as they like it.
pub(crate) const TRAP: &str = "website";
/// The longest note on an answer, in characters.
const NOTE_CHARS_MAX: usize = knowledge::asked::TYPED_CHARS_MAX;

/// The public routes.
pub fn routes(table: &mut RouteTable) {
    let page = |method, path| Route { method, path, action: Action::ReadPublic, entrance: Entrance::Public };
    table.add(page("GET", START), start::show);
    table.add(page("POST", START), find::page);
    table.add(page("GET", "/questions/topics/{slug}"), start::topic);
    table.add(page("GET", "/questions/{slug}"), article::show);
    table.add(page("POST", "/questions/{slug}"), article::opened);
    table.add(page("POST", "/questions/{slug}/helpful"), article::helpful);
    table.add(page("GET", "/questions/{slug}/files/{id}"), article::file);
    table.add(page("POST", "/site/find"), find::fragment);
    table.add(page("POST", "/site/opened"), find::opened);
    table.add(page("GET", "/site/notices"), start::notices_fragment);
    table.add(page("GET", "/site/theme.css"), machines::theme);
    table.add(page("GET", "/site/logo"), machines::logo);
    table.add(page("GET", "/questions/feed.atom"), machines::feed);
    table.add(page("GET", "/sitemap.xml"), machines::sitemap);
    table.add(page("GET", "/robots.txt"), machines::robots);
    embed::routes(table);
}

/// Where the answers stand: on the site of their own, or in a frame on a page of the town's web site.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Place {
    /// The site of their own.
    #[default]
    Site,
    /// A frame on another page.
    Embedded,
}

impl Place {
    /// Where one begins, and searches.
    const fn start(self) -> &'static str {
        match self {
            Self::Site => START,
            Self::Embedded => EMBEDDED,
        }
    }

    /// Where an article is.
    fn article(self, slug: &str) -> String {
        format!("{}/{slug}", self.start())
    }
}

/// A path in the visitor's language: the language stands in the address, so that a page may be kept by its address alone.
#[must_use]
pub fn link(visit: &Visit, path: &str) -> String {
    in_language(visit.words.language(), path)
}

/// A path in a language. Swedish is the site's own and needs no mark.
fn in_language(language: Language, path: &str) -> String {
    match language {
        Language::Swedish => path.to_owned(),
        Language::English => format!("{path}?lang=en"),
    }
}
