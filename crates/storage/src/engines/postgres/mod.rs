//! PostgreSQL: the same threads and batches as on SQLite, over a connection that may be lost.

mod connect;
mod listener;
mod reader;
mod session;
mod values;
mod writer;

pub(crate) use connect::Connector;
pub(crate) use listener::Listener;
pub(crate) use reader::Reader;
pub(crate) use session::{PostgresSession, Trouble, words};
pub(crate) use values::column;
pub(crate) use writer::Writer;

/// The channel on which nodes tell each other how far the timeline has come.
const CHANNEL: &str = "lots_timeline";

/// How many times work is tried when the connection is lost or another transaction is in the way.
const TRIES_MAX: u32 = 3;
