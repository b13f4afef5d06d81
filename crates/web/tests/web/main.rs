//! The web side through its router: doors, forms, links, pages in both languages, the API.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod api;
mod crisis;
mod door;
mod errands;
mod house;
mod knowledge;
mod links;
mod lists;
mod matrix;
mod open311;
mod pages;
mod residents;
mod secrecy;
mod site;
mod webhooks;
mod work;
