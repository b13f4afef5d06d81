//! What this crate's tests share.

use std::sync::Arc;
use vocabulary::{Actor, Context, Language, Role, SeededChance, Timestamp};

use crate::password::{self, PasswordHash};
use crate::users::CreateUser;

/// The password of everybody in these tests.
pub const PASSWORD: &str = "blåbärssoppa";

/// A Monday morning.
pub fn monday() -> Timestamp {
    "2026-11-02T08:00:00Z".parse().unwrap()
}

/// The system doing something at `now`.
pub fn at(now: Timestamp) -> Context {
    Context::new(now, Actor::System, Arc::new(SeededChance::new(now.as_microsecond().unsigned_abs())))
}

/// The hash of [`PASSWORD`], made once.
pub fn hash() -> PasswordHash {
    static HASH: std::sync::OnceLock<PasswordHash> = std::sync::OnceLock::new();
    HASH.get_or_init(|| password::hash_new("", PASSWORD, &SeededChance::new(1)).unwrap()).clone()
}

/// A guide, or whoever.
pub fn somebody(sign_in: &str, role: Role) -> CreateUser {
    CreateUser {
        sign_in: sign_in.to_owned(),
        name: "Anna Berg".to_owned(),
        role,
        password: hash(),
        language: Language::Swedish,
        hourly: false,
    }
}
