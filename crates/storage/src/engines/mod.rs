//! The two engines, each behind the same threads and queues.

pub(crate) mod postgres;
pub(crate) mod sqlite;
