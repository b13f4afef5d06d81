//! Mail, both ways. Out: takes the messages that others have written and hands them to a mail server, or keeps them where
//! the instance sends nothing; knows nothing of what they say. In: reads mailboxes, has each letter read by `letters` and
//! hands it to `correspondence`, which decides what it means.

mod config;
mod delivery;
pub mod inbox;
mod letter;
mod mailer;

pub use config::{Dkim, MailConfig, MailConfigError, Protection, Secret, SmtpConfig, TIMEOUT_S_MAX};
pub use delivery::{GIVE_UP_AFTER, RETRY_AFTER_MAX, RETRY_AFTER_MIN, deliver, wire};
pub use letter::{Enclosed, LetterError, letter, message_id};
pub use mailer::{Mailer, Refusal};
