//! Getting in: sign-in with throttling, sessions, and keys for the API.

mod api_keys;
mod attempts;
pub mod commands;
pub mod model;
pub mod queries;
mod sign_in;

pub use api_keys::{API_KEY_PREFIX, ApiKey, NewApiKey, api_key_of, api_keys, create_api_key, revoke_api_key};
pub use attempts::{Tally, count_attempt, uncount_attempt};
pub use model::{
    FAILURES_PER_ADDRESS_MAX, FAILURES_PER_NAME_MAX, SESSION_ABSOLUTE_MAX, SESSION_IDLE_MAX,
    SESSION_TOUCH_EVERY, SessionRow, SignedIn, THROTTLE_WINDOW, Throttle,
};
pub use sign_in::{Access, Attempt, SignInError, VERIFY_AT_ONCE_MAX};

#[cfg(test)]
mod tests;
