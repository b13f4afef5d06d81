//! Mail: takes the messages that cases have written and hands them to a mail server, or keeps them where the instance
//! sends nothing. Knows nothing of what they say.

mod config;
mod delivery;
mod letter;
mod mailer;

pub use config::{MailConfig, MailConfigError, Protection, Secret, SmtpConfig, TIMEOUT_S_MAX};
pub use delivery::{GIVE_UP_AFTER, RETRY_AFTER_MAX, RETRY_AFTER_MIN, deliver, wire};
pub use letter::{Enclosed, LetterError, letter, message_id};
pub use mailer::{Mailer, Refusal};
