//! The mailboxes that are read, by the configuration: `[[mail.mailboxes]]`.

use crate::config::{Config, Mail, MailMode, Protection};
use cases::CaseSettings;
use correspondence::commands::{PutMailbox, put_mailbox};
use letters::{Limits, Own};
use mail::inbox::{AfterFiling, Filer, Inbox, InboxConfig, SignIn, TokenFrom};
use serde::{Deserialize, Serialize};
use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use storage::Database;
use vocabulary::{Actor, Chance, Clock, Context, MailboxId};

/// A mailbox that is read over IMAP.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailboxSettings {
    /// The address residents write to.
    pub address: String,
    /// What guides call it; the address if not given. Changed in the pages afterwards.
    #[serde(default)]
    pub name: String,
    /// The IMAP server.
    pub host: String,
    /// Its port.
    #[serde(default = "imap_port")]
    pub port: u16,
    /// `none` (only for this very machine), `start_tls` or `tls`.
    #[serde(default = "protected")]
    pub protection: Protection,
    /// A PEM file with the authority of the server's certificate, if it is a town's own.
    pub authority_file: Option<PathBuf>,
    /// Sign-in name; the address if not given.
    #[serde(default)]
    pub user: String,
    /// Its password. Or one of `token_file` and `token_url`, for servers that want XOAUTH2.
    pub password: Option<String>,
    /// A file with an access token that another program keeps fresh.
    pub token_file: Option<PathBuf>,
    /// A token endpoint, which gives an access token for the client below.
    pub token_url: Option<String>,
    /// The client's id at the token endpoint.
    pub client_id: Option<String>,
    /// The client's secret there.
    pub client_secret: Option<String>,
    /// A refresh token; without it the client signs in as itself (client credentials).
    pub refresh_token: Option<String>,
    /// What is asked for there.
    pub scope: Option<String>,
    /// The folder that is read.
    #[serde(default = "inbox")]
    pub folder: String,
    /// What happens to a letter once it is filed: `keep`, `flag` (as read) or `move`.
    #[serde(default = "moved")]
    pub after: After,
    /// Where it is moved to.
    #[serde(default = "own_folder")]
    pub move_to: String,
    /// How often a server without IDLE is asked, in seconds, 5 to 3600.
    #[serde(default = "a_minute")]
    pub poll_seconds: u64,
}

/// What happens to a letter at the server once it is filed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum After {
    /// Nothing.
    Keep,
    /// It is marked as read.
    Flag,
    /// It is moved to another folder.
    Move,
}

const fn imap_port() -> u16 {
    993
}

const fn protected() -> Protection {
    Protection::Tls
}

fn inbox() -> String {
    "INBOX".to_owned()
}

const fn moved() -> After {
    After::Move
}

fn own_folder() -> String {
    "Lots".to_owned()
}

const fn a_minute() -> u64 {
    60
}

impl MailboxSettings {
    /// As the room `mail` wants it.
    ///
    /// # Errors
    /// What is missing or one too many, with its key.
    pub fn as_room_wants(&self) -> Result<InboxConfig, String> {
        let refused = |reason: &str| format!("mail.mailboxes, {}: {reason}", self.address);
        let secret = |text: &Option<String>| text.clone().map(mail::Secret::new);
        if !(5..=3_600).contains(&self.poll_seconds) {
            return Err(refused("poll_seconds: must be from 5 to 3600"));
        }
        if !self.address.contains('@') {
            return Err(refused("address: is no e-mail address"));
        }
        let sign_in = match (&self.password, &self.token_file, &self.token_url) {
            (Some(password), None, None) => SignIn::Password(mail::Secret::new(password.clone())),
            (None, Some(file), None) => SignIn::Token(TokenFrom::File(file.clone())),
            (None, None, Some(url)) => SignIn::Token(TokenFrom::Endpoint {
                url: url.clone(),
                client_id: self
                    .client_id
                    .clone()
                    .ok_or_else(|| refused("client_id: must be set with token_url"))?,
                client_secret: secret(&self.client_secret),
                refresh_token: secret(&self.refresh_token),
                scope: self.scope.clone(),
                authority_file: None,
            }),
            _ => return Err(refused("one of password, token_file and token_url must be set")),
        };
        Ok(InboxConfig {
            address: self.address.clone(),
            host: self.host.clone(),
            port: self.port,
            protection: self.protection.as_room_wants(),
            authority_file: self.authority_file.clone(),
            user: if self.user.is_empty() { self.address.clone() } else { self.user.clone() },
            sign_in,
            folder: self.folder.clone(),
            after: match self.after {
                After::Keep => AfterFiling::Keep,
                After::Flag => AfterFiling::Flag,
                After::Move if self.move_to.is_empty() || self.move_to == self.folder => {
                    return Err(refused("move_to: must be another folder"));
                }
                After::Move => AfterFiling::Move(self.move_to.clone()),
            },
            poll: Duration::from_secs(self.poll_seconds),
        })
    }

    /// Without its secrets.
    pub fn hide(&mut self) {
        for secret in [&mut self.password, &mut self.client_secret, &mut self.refresh_token] {
            *secret = secret.as_ref().map(|_| "(set)".to_owned());
        }
    }
}

/// What is ours: the mailboxes' addresses, what we send from, and the domain of our Message-IDs.
fn own(mail: &Mail) -> Own {
    let bare = |text: &str| {
        let inside = text.rsplit_once('<').map_or(text, |(_, inside)| inside);
        inside.trim().trim_end_matches('>').to_lowercase()
    };
    let from = bare(&mail.from);
    let message_id_domain = from.rsplit_once('@').map(|(_, domain)| domain.to_owned()).unwrap_or_default();
    let mailboxes = mail.mailboxes.iter().map(|mailbox| bare(&mailbox.address));
    Own { addresses: [from].into_iter().chain(mailboxes).collect(), message_id_domain }
}

/// A watcher for each mailbox; mailboxes that are not in the database yet are put there.
///
/// # Errors
/// A mailbox cannot be read as configured, or the database cannot be written.
pub async fn inboxes(
    config: &Config,
    db: &Database,
    clock: &Arc<dyn Clock>,
    chance: &Arc<dyn Chance>,
    settings: &Arc<CaseSettings>,
) -> Result<Vec<Inbox>, Box<dyn Error>> {
    let own = Arc::new(own(&config.mail));
    let limits = Arc::new(Limits {
        file_bytes_max: usize::from(config.mail.file_mebibytes_max) << 20,
        refused_endings: config.mail.refused_endings.clone(),
        ..Limits::default()
    });
    let mut all = Vec::new();
    for mailbox in &config.mail.mailboxes {
        let context = Context::new(clock.now(), Actor::System, chance.clone());
        let id = put(db, context, mailbox).await?;
        let filer = Filer {
            db: db.clone(),
            clock: clock.clone(),
            chance: chance.clone(),
            settings: settings.clone(),
            mailbox: id,
            limits: limits.clone(),
            own: own.clone(),
        };
        all.push(Inbox::new(mailbox.as_room_wants()?, filer)?);
    }
    if config.mail.mode == MailMode::Keep && !all.is_empty() {
        tracing::warn!("mailboxes are read, but mail.mode is \"keep\": nothing is answered");
    }
    Ok(all)
}

/// The mailbox with that address. What has been changed in the pages stays as it is.
async fn put(
    db: &Database,
    context: Context,
    mailbox: &MailboxSettings,
) -> Result<MailboxId, Box<dyn Error>> {
    let name = if mailbox.name.is_empty() { mailbox.address.clone() } else { mailbox.name.clone() };
    let wanted = PutMailbox {
        id: None,
        address: mailbox.address.clone(),
        name,
        answer_group_id: None,
        clock_working_days: 2,
        signature: String::new(),
        acknowledge: true,
        acknowledgement: String::new(),
        takes_web: false,
        active: true,
    };
    let found = db
        .write(move |s| {
            let address = wanted.address.to_lowercase();
            match correspondence::queries::mailbox_by_address(s, &address)? {
                Some(there) => Ok(there.id),
                None => put_mailbox(s, &context, &wanted).map(|made| made.id),
            }
        })
        .await;
    found.map_err(|error: correspondence::CorrespondenceError| error.to_string().into())
}
