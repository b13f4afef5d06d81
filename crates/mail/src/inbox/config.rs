//! How a mailbox is read, as the configuration says.

use crate::config::{Protection, Secret};
use std::path::PathBuf;
use std::time::Duration;

/// A mailbox of a mail server.
#[derive(Clone, Debug)]
pub struct InboxConfig {
    /// The address residents write to.
    pub address: String,
    /// The IMAP server's name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub protection: Protection,
    /// A PEM file with the authority that the server's certificate is signed by, if it is a town's own.
    pub authority_file: Option<PathBuf>,
    /// Who signs in.
    pub user: String,
    /// With what.
    pub sign_in: SignIn,
    /// The folder that is read.
    pub folder: String,
    /// What happens to a letter once it is filed.
    pub after: AfterFiling,
    /// How often a server without IDLE is asked.
    pub poll: Duration,
}

/// How one signs in.
#[derive(Clone, Debug)]
pub enum SignIn {
    /// With a password.
    Password(Secret),
    /// With an access token (SASL XOAUTH2).
    Token(TokenFrom),
}

/// Where the access token comes from.
#[derive(Clone, Debug)]
pub enum TokenFrom {
    /// A file that another program keeps fresh.
    File(PathBuf),
    /// A token endpoint (RFC 6749).
    Endpoint {
        /// Its address.
        url: String,
        /// The client's id.
        client_id: String,
        /// The client's secret, if it has one.
        client_secret: Option<Secret>,
        /// A refresh token; without it the client signs in as itself (client credentials).
        refresh_token: Option<Secret>,
        /// What is asked for, such as `https://outlook.office365.com/.default`.
        scope: Option<String>,
        /// A PEM file with the endpoint's authority, if it is a town's own.
        authority_file: Option<PathBuf>,
    },
}

/// What happens to a letter at the server once it is filed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AfterFiling {
    /// Nothing.
    Keep,
    /// It is marked as read.
    Flag,
    /// It is moved to a folder, which is made if it is not there.
    Move(String),
}
