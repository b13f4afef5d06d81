//! The way out to other systems over HTTP: webhooks and the gateway for text messages.
//!
//! Whoever can name an address for Lots to call could otherwise make it call its own neighbours: the cloud's metadata
//! service, a database's administration page, itself. So the name is resolved here, *every* address it gives is
//! checked, and the connection goes to an address that was checked, never to the name again; a name that resolves
//! differently a moment later gains nothing. Redirects are not followed: they are an answer like any other. Size and time
//! are limited.

mod address;
mod client;
mod target;

pub use address::{Forbidden, forbidden};
pub use client::{
    Answer, AuthorityError, Call, Limits, Outward, OutwardError, Resolve, SystemResolver, connector,
};
pub use target::{Reach, Target, TargetError};

/// The TLS connector that [`connector`] gives, for connections other than HTTP's.
pub use tokio_rustls::TlsConnector;
