//! Readable ids, and settings with round figures.

use routing::Settings;
use vocabulary::{AnswerGroupId, AnyId, ContactId, GenericUuid, SignedDuration, UserId};

/// The id of the `n`th call, and so on: readable in failures.
pub fn call(n: u128) -> ContactId {
    ContactId::from_untyped_uuid(AnyId::from_u128(n))
}

pub fn guide(n: u128) -> UserId {
    UserId::from_untyped_uuid(AnyId::from_u128(n))
}

pub fn group(n: u128) -> AnswerGroupId {
    AnswerGroupId::from_untyped_uuid(AnyId::from_u128(n))
}

pub fn settings() -> Settings {
    Settings {
        ring_max: SignedDuration::from_secs(20),
        wrap_up_max: SignedDuration::from_secs(60),
        prompt_max: SignedDuration::from_secs(10),
        overflow_after: SignedDuration::from_secs(30),
        wait_max: SignedDuration::from_secs(300),
        calls_max: 8,
        groups: vec![group(1), group(2), group(3)],
        vanish_grace: SignedDuration::from_secs(10),
    }
}
