//! Webhooks: other systems are told what happens, in ids and words only, signed, at least once, and in order for each
//! thing.
//!
//! Each webhook reads the timeline with its own cursor. What it is to be told is written down in the same transaction
//! that moves the cursor, so a crash at any moment neither loses nor doubles an entry; what is written down is sent until
//! the other side has taken it. What cannot be delivered for days stops the webhook, and the cursor waits with it.
//!
//! The form is that of Standard Webhooks (standardwebhooks.com): the headers `webhook-id`, `webhook-timestamp` and
//! `webhook-signature`, where the signature is HMAC-SHA256 over `id.timestamp.body`.

pub mod commands;
mod error;
mod event;
mod model;
pub mod queries;
mod sender;
mod sign;

pub use error::WebhooksError;
pub use event::{EVENTS, EVERYTHING, Event};
pub use model::{Delivery, DeliveryState, GIVE_UP_AFTER, LOG_KEPT, Outcome, Webhook, WebhookState, back_off};
pub use sender::{Disabled, Notify, Sender};
pub use sign::{Secret, signature};

#[cfg(test)]
mod tests;
