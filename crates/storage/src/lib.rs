//! Where everything is kept: two engines, one SQL.
//!
//! A feature's queries are written once over a [`Session`], an open transaction lent to a closure by [`Database::write`]
//! or [`Database::read`]. What is acknowledged is durable; what is committed is announced.
//!
//! SQL is written with [`sql!`], which translates parameters at compile time and registers the statement, so that one
//! test can prepare every statement on both engines. What both understand, and where they differ:
//! - columns are UUID, TEXT, BIGINT, BOOLEAN, DOUBLE PRECISION, BYTEA;
//! - `ORDER BY` on what may be NULL says `NULLS FIRST` or `NULLS LAST`;
//! - a parameter whose type cannot be told from its place is cast: `CAST($1 AS TEXT) IS NULL`;
//! - what is expected to be there already is inserted with `ON CONFLICT DO NOTHING`, since a failed statement ends the
//!   whole closure's work.

mod backup;
pub mod blobs;
pub mod counters;
mod database;
mod engines;
mod error;
pub mod files;
pub mod jobs;
mod migrations;
mod session;
pub mod settings;
mod statement;
pub mod testing;
pub mod timeline;
mod value;
mod work;

pub use backup::backup;
pub use database::{
    ANNOUNCEMENTS_KEPT_MAX, BATCH_MAX, BATCH_TIME_MAX, Database, EngineKind, QUEUE_WAIT_MAX, READERS,
    READS_QUEUED_MAX, StorageConfig, WRITES_QUEUED_MAX,
};
pub use error::StorageError;
#[doc(hidden)]
pub use linkme;
pub use session::{Row, Session};
pub use statement::{STATEMENTS, Statement, to_sqlite};
pub use timeline::Announcement;
pub use value::{FromValue, Mismatch, ToValue, Value};
