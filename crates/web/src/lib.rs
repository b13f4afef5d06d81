//! The pages and the HTTP API. Handlers parse, ask a command or a query of another room, and show what came of it;
//! they decide nothing themselves. Every route says what using it is ([`people::Action`]), and the policy decides who
//! may.

pub mod api;
pub mod assets;
pub mod components;
pub mod error;
mod forms_in;
mod map_tiles;
pub mod pages;
mod router;
pub mod routes;
pub mod security;
pub mod site;
mod state;
pub mod uploads;
pub mod visit;
pub mod words;

pub use map_tiles::{MapTiles, NotMapTiles};
pub use pages::public::Shelf;
pub use router::{BODY_BYTES_MAX, REQUEST_TIME_MAX, router, routes};
pub use site::{Site, SiteSettings};
pub use state::{
    AppState, BrowserTelephones, DemoControl, NoBrowserTelephones, NoSpeech, Programs, Speech,
    TelephoneClosed, WebConfig,
};
