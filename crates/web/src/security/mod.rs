//! The doors: who is asking, whether the request comes from our own pages, and what every answer carries.

pub mod cookies;
pub mod finish;
pub mod guard;
pub mod headers;
pub mod origin;
pub mod still;
