//! How this instance sends, as the configuration says.

use serde::Deserialize;
use std::fmt;
use std::path::PathBuf;

/// Whether messages leave.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(tag = "mode", rename_all = "snake_case")]
#[expect(clippy::large_enum_variant, reason = "there is one in a process")]
pub enum MailConfig {
    /// They stay in the outbox: the demo.
    #[default]
    Keep,
    /// They go to a mail server.
    Smtp(SmtpConfig),
}

/// How the connection to the mail server is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Protection {
    /// Not at all: for a server on the same machine.
    None,
    /// Begins openly and must turn to TLS (port 587 or 25).
    StartTls,
    /// TLS from the first byte (port 465).
    Tls,
}

/// A secret of the configuration, which does not show itself.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Keeps `text` from being shown.
    #[must_use]
    pub const fn new(text: String) -> Self {
        Self(text)
    }

    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

const fn timeout_s_default() -> u64 {
    30
}

/// The mail server to hand messages to.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmtpConfig {
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub protection: Protection,
    /// Who signs in; none if the server asks nobody to.
    #[serde(default)]
    pub user: Option<String>,
    /// The password of `user`.
    #[serde(default)]
    pub password: Option<Secret>,
    /// Whom messages are from: `Vikhamns kontaktcenter <svara-inte@vikhamn.example>`.
    pub from: String,
    /// What Lots calls itself to the server (EHLO); the sender's domain if not given.
    #[serde(default)]
    pub hello_name: Option<String>,
    /// A PEM file with the authority that the server's certificate is signed by, if it is a town's own.
    #[serde(default)]
    pub authority_file: Option<PathBuf>,
    /// How long the server may take for each step, in seconds.
    #[serde(default = "timeout_s_default")]
    pub timeout_s: u64,
    /// Where letters that do not arrive are returned to: of `studs@vikhamn.example` each letter makes
    /// `studs+<its id>@vikhamn.example`, so that the report names it however it is written. The sender's if not given.
    #[serde(default)]
    pub bounce_address: Option<String>,
    /// Letters are signed (DKIM), if the server does not do so itself.
    #[serde(default)]
    pub dkim: Option<Dkim>,
}

/// How letters are signed.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dkim {
    /// The selector, under which the public key stands in the name system.
    pub selector: String,
    /// A PEM file with the private RSA key (PKCS#1), or one with 32 bytes of an Ed25519 key in base64.
    pub key_file: PathBuf,
}

/// A configuration nothing can be sent with.
#[derive(Debug, thiserror::Error)]
pub enum MailConfigError {
    /// The sender is not an address.
    #[error("mail.from: {0:?} is not an address; write it as `Name <name@example.se>`")]
    From(String),
    /// A user without a password, or the other way around.
    #[error("mail.user and mail.password are given together or not at all")]
    Credentials,
    /// A password would be sent in clear text over the network.
    #[error(
        "mail.protection: a password is only sent unprotected to this very machine; use start_tls or tls"
    )]
    OpenPassword,
    /// The authority's certificate cannot be read.
    #[error("mail.authority_file: {file}: {reason}")]
    Authority {
        /// Which file.
        file: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The server's name cannot be used for TLS.
    #[error("mail.host: {0}")]
    Host(String),
    /// A mailbox that cannot be read.
    #[error("mail.mailboxes, {address}: {reason}")]
    Mailbox {
        /// Which.
        address: String,
        /// What is wrong with it: the key, and what is allowed.
        reason: String,
    },
    /// The key that letters are signed with cannot be used.
    #[error("mail.dkim: {0}")]
    Dkim(String),
    /// The address that bounces are asked to is none.
    #[error("mail.bounce_address: {0:?} is not an address")]
    BounceAddress(String),
    /// No time at all.
    #[error("mail.timeout_s: 1 to {TIMEOUT_S_MAX} seconds, not {0}")]
    Timeout(u64),
}

/// The longest a server may be waited for at each step.
pub const TIMEOUT_S_MAX: u64 = 300;
