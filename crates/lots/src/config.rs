//! Configuration: a TOML file, then the environment (`LOTS_WEB__BIND` for `web.bind`). A wrong value is refused at
//! start with its key and what is allowed.

use crate::mailboxes::MailboxSettings;
use figment::Figment;
use figment::providers::{Env, Format as _, Serialized, Toml};
use serde::{Deserialize, Serialize};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use surveys::SurveyRules;
use telephony::speech::Speaker;
use vocabulary::civil::Time;
use vocabulary::{OpeningHours, SignedDuration};

/// The file read when none is named.
pub const DEFAULT_FILE: &str = "lots.toml";
/// What environment variables begin with.
const ENVIRONMENT_PREFIX: &str = "LOTS_";

/// Everything that can be set.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The municipality.
    pub town: Town,
    /// Where everything is kept.
    pub storage: Storage,
    /// What is known, and how it is found.
    pub knowledge: Knowledge,
    /// The pages and the API.
    pub web: Web,
    /// The public questions and answers.
    pub site: web::SiteSettings,
    /// The telephones.
    pub telephony: Telephony,
    /// E-mail.
    pub mail: Mail,
    /// Text messages.
    pub texting: texting::TextingConfig,
    /// Who gets which call.
    pub routing: Routing,
    /// When calls are taken.
    pub opening: OpeningHours,
    /// Who is asked afterwards.
    pub surveys: Surveys,
}

/// The municipality.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Town {
    /// As residents read it.
    pub name: String,
    /// What residents call when a page cannot help them.
    pub telephone: String,
    /// The four digits by which Statistics Sweden knows it, in the errand API's addresses.
    pub municipality_id: String,
    /// The namespace in the errand API's addresses.
    pub errands_namespace: String,
    /// What Open311's clients call it.
    pub jurisdiction_id: String,
}

impl Default for Town {
    fn default() -> Self {
        Self {
            name: "Vikhamns kommun".to_owned(),
            telephone: "0123-45 60 00".to_owned(),
            municipality_id: "0599".to_owned(),
            errands_namespace: "CONTACTCENTER".to_owned(),
            jurisdiction_id: "vikhamn.example".to_owned(),
        }
    }
}

/// A storage engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Engine {
    /// Embedded: one file.
    Sqlite,
    /// A server, for those who outgrow one machine.
    Postgres,
}

/// Where everything is kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Storage {
    /// `sqlite` or `postgres`.
    pub engine: Engine,
    /// The file, for `sqlite`.
    pub path: PathBuf,
    /// The connection string, for `postgres`.
    pub url: String,
}

impl Default for Storage {
    fn default() -> Self {
        Self { engine: Engine::Sqlite, path: PathBuf::from("data/lots.db"), url: String::new() }
    }
}

/// What is known, and how it is found.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Knowledge {
    /// A Hunspell dictionary of Swedish, by its path without `.aff` and `.dic`: the search takes compounds apart by it.
    /// Where there is none, it learns from the articles.
    pub dictionary: PathBuf,
}

impl Default for Knowledge {
    fn default() -> Self {
        // Where Debian's package hunspell-sv puts it.
        Self { dictionary: PathBuf::from("/usr/share/hunspell/sv_SE") }
    }
}

/// The pages and the API.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Web {
    /// Where to listen.
    pub bind: SocketAddr,
    /// How the world reaches it; stands in the links of e-mails. Empty: made from `bind`.
    pub public_url: String,
    /// Whether a proxy of ours stands in front and tells, in `X-Forwarded-For`, who asks.
    pub behind_proxy: bool,
    /// Where the map of cases has its pictures from: an address with `{z}`, `{x}` and `{y}`, such as the town's own tile
    /// server's. Unset: the map is drawn without.
    pub map_tiles: Option<String>,
}

impl Default for Web {
    fn default() -> Self {
        Self { bind: loopback(8080), public_url: String::new(), behind_proxy: false, map_tiles: None }
    }
}

/// The telephones.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Telephony {
    /// Where SIP listens, over UDP.
    pub bind: SocketAddr,
    /// The address telephones and browsers send sound to. Unset: that of `bind`.
    pub public_address: Option<IpAddr>,
    /// First port for sound.
    pub rtp_port_first: u16,
    /// Last port for sound; two a call are used.
    pub rtp_port_last: u16,
    /// The realm of the guides' SIP accounts.
    pub realm: String,
    /// The addresses that may send calls in.
    pub trunk_peers: Vec<IpAddr>,
    /// Where calls go out (surveys), as address:port. Unset: none do.
    pub trunk: Option<SocketAddr>,
    /// The number outgoing calls are presented with.
    pub own_number: Option<String>,
    /// The SIP URI of the switchboard. Unset: who cannot be served hears so.
    pub switchboard: Option<String>,
    /// The folder with the sound files.
    pub sounds: PathBuf,
    /// Seconds without sound after which a caller or guide counts as lost, 5 to 120.
    pub silence_seconds_max: u16,
    /// The program that reads a crisis message aloud, and its arguments: text comes on its standard input, a WAV file is
    /// expected on its standard output. Empty: messages are recorded by people only.
    pub speech_command: Vec<String>,
    /// Seconds it may take, 1 to 60.
    pub speech_seconds_max: u16,
}

impl Default for Telephony {
    fn default() -> Self {
        Self {
            bind: loopback(5060),
            public_address: None,
            rtp_port_first: 20_000,
            rtp_port_last: 24_999,
            realm: "lots".to_owned(),
            trunk_peers: vec![IpAddr::V4(Ipv4Addr::LOCALHOST)],
            trunk: None,
            own_number: None,
            switchboard: None,
            sounds: PathBuf::from("sounds"),
            silence_seconds_max: 15,
            speech_command: Speaker::default().command,
            speech_seconds_max: 10,
        }
    }
}

/// What happens with messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MailMode {
    /// Deliver them.
    Smtp,
    /// Keep them for the outbox page.
    Keep,
}

/// How the connection to the mail server is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Protection {
    /// Not at all: only for a server on the same machine.
    None,
    /// Begins openly and must turn to TLS.
    StartTls,
    /// TLS from the first byte.
    Tls,
}

/// E-mail.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Mail {
    /// `smtp` or `keep`.
    pub mode: MailMode,
    /// The SMTP server.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// `none`, `start_tls` or `tls`.
    pub protection: Protection,
    /// Sign-in name, if the server wants one.
    pub user: Option<String>,
    /// Its password.
    pub password: Option<String>,
    /// Who the e-mails are from.
    pub from: String,
    /// A PEM file with the authority of the server's certificate, if it is a town's own.
    pub authority_file: Option<PathBuf>,
    /// Seconds the server may take for each step, 1 to 300.
    pub timeout_s: u64,
    /// The domain of the addresses that officers answer to; its mail must come to one of the mailboxes below. Unset:
    /// officers answer by link only, or by replying to a letter.
    pub reply_domain: Option<String>,
    /// Where letters that do not arrive are returned to, as `name+<id>@domain`. Unset: to the sender's address.
    pub bounce_address: Option<String>,
    /// How letters are signed, if the server does not sign them.
    pub dkim: Option<Dkim>,
    /// The largest file that is taken in from a letter, in MiB, 1 to 60.
    pub file_mebibytes_max: u8,
    /// Endings of files that are not taken in, beside those that can only do harm: `zip`.
    pub refused_endings: Vec<String>,
    /// The mailboxes that are read.
    pub mailboxes: Vec<MailboxSettings>,
}

/// How letters are signed (DKIM).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dkim {
    /// Under which name the public key stands in the name system.
    pub selector: String,
    /// A PEM file with the private RSA key, or a file with an Ed25519 key in base64.
    pub key_file: PathBuf,
}

impl Default for Mail {
    fn default() -> Self {
        Self {
            mode: MailMode::Keep,
            host: "127.0.0.1".to_owned(),
            port: 25,
            protection: Protection::None,
            user: None,
            password: None,
            from: "Kontaktcenter <kontaktcenter@vikhamn.example>".to_owned(),
            authority_file: None,
            timeout_s: 30,
            reply_domain: None,
            bounce_address: None,
            dkim: None,
            file_mebibytes_max: 20,
            refused_endings: Vec::new(),
            mailboxes: Vec::new(),
        }
    }
}

impl Protection {
    /// As the room `mail` wants it.
    pub(crate) const fn as_room_wants(self) -> mail::Protection {
        match self {
            Self::None => mail::Protection::None,
            Self::StartTls => mail::Protection::StartTls,
            Self::Tls => mail::Protection::Tls,
        }
    }
}

impl Mail {
    /// As the room `mail` wants it.
    fn as_room_wants(&self) -> mail::MailConfig {
        match self.mode {
            MailMode::Keep => mail::MailConfig::Keep,
            MailMode::Smtp => mail::MailConfig::Smtp(mail::SmtpConfig {
                host: self.host.clone(),
                port: self.port,
                protection: self.protection.as_room_wants(),
                user: self.user.clone(),
                password: self.password.clone().map(mail::Secret::new),
                from: self.from.clone(),
                hello_name: None,
                authority_file: self.authority_file.clone(),
                timeout_s: self.timeout_s,
                bounce_address: self.bounce_address.clone(),
                dkim: self
                    .dkim
                    .clone()
                    .map(|dkim| mail::Dkim { selector: dkim.selector, key_file: dkim.key_file }),
            }),
        }
    }

    /// What messages are sent with.
    ///
    /// # Errors
    /// The key that nothing can be sent with.
    pub fn mailer(&self) -> Result<mail::Mailer, mail::MailConfigError> {
        mail::Mailer::new(&self.as_room_wants())
    }
}

/// Who gets which call. All in seconds.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Routing {
    /// How long an offered call rings, 5 to 120.
    pub ring_seconds: u32,
    /// How long a guide may wrap up, 0 to 3600.
    pub wrap_up_seconds: u32,
    /// How long a call waits for its own group before helpers are asked, 0 to 3600.
    pub overflow_seconds: u32,
    /// How long a call waits before it goes to the switchboard, 60 to 14400.
    pub wait_seconds_max: u32,
    /// How many calls may be in the centre, 1 to 10000.
    pub calls_max: usize,
}

impl Default for Routing {
    fn default() -> Self {
        Self {
            ring_seconds: 20,
            wrap_up_seconds: 120,
            overflow_seconds: 30,
            wait_seconds_max: 3_600,
            calls_max: 500,
        }
    }
}

/// Who is asked afterwards.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Surveys {
    /// Days before somebody is asked again, 0 to 3650.
    pub quarantine_days: u16,
    /// Share of those who may be asked that are, 0.0 to 1.0.
    pub share: f64,
    /// Minutes after the call before anybody is rung up, 0 to 1440.
    pub delay_minutes: u16,
    /// Nobody is rung up before this time of the day,
    pub earliest: Time,
    /// nor from this time on.
    pub latest: Time,
}

impl Default for Surveys {
    fn default() -> Self {
        let rules = SurveyRules::default();
        let SurveyRules { quarantine_days, delay_minutes, earliest, latest, .. } = rules;
        Self { quarantine_days, share: 0.2, delay_minutes, earliest, latest }
    }
}

fn loopback(port: u16) -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, port))
}

/// A configuration that cannot be used. Says each key and what it may be.
#[derive(Debug, thiserror::Error)]
#[error("the configuration cannot be used:\n{}", .0.iter().map(|fault| format!("  {fault}")).collect::<Vec<_>>().join("\n"))]
pub struct ConfigError(pub Vec<String>);

impl Config {
    /// Reads `file` (or [`DEFAULT_FILE`] if it is there) and the environment, over the defaults.
    ///
    /// # Errors
    /// Every fault found, with its key and what is allowed.
    pub fn read(file: Option<&Path>) -> Result<Self, ConfigError> {
        let mut figment = Figment::from(Serialized::defaults(Self::default()));
        match file {
            Some(named) if !named.is_file() => {
                return Err(ConfigError(vec![format!("{}: there is no such file", named.display())]));
            }
            Some(named) => figment = figment.merge(Toml::file_exact(named)),
            None => figment = figment.merge(Toml::file(DEFAULT_FILE)),
        }
        // LOTS_LOG is the log's own, LOTS_TEST_* and LOTS_UPDATE_SNAPSHOTS the tests': never settings.
        let settings = Env::prefixed(ENVIRONMENT_PREFIX)
            .filter(|key| key != "log" && key != "update_snapshots" && !key.starts_with("test_"))
            .split("__");
        figment = figment.merge(settings);
        let config: Self =
            figment.extract().map_err(|error| ConfigError(error.into_iter().map(words).collect()))?;
        config.check()
    }

    /// Refuses values that are of the right type but cannot be.
    ///
    /// # Errors
    /// As [`Config::read`].
    pub fn check(self) -> Result<Self, ConfigError> {
        let mut faults = Vec::new();
        let mut range = |key: &str, value: u64, min: u64, max: u64| {
            if !(min..=max).contains(&value) {
                faults.push(format!("{key} = {value}: must be from {min} to {max}"));
            }
        };
        range("routing.ring_seconds", self.routing.ring_seconds.into(), 5, 120);
        range("routing.wrap_up_seconds", self.routing.wrap_up_seconds.into(), 0, 3_600);
        range("routing.overflow_seconds", self.routing.overflow_seconds.into(), 0, 3_600);
        range("routing.wait_seconds_max", self.routing.wait_seconds_max.into(), 60, 14_400);
        range("routing.calls_max", self.routing.calls_max.try_into().unwrap_or(u64::MAX), 1, 10_000);
        range("telephony.speech_seconds_max", self.telephony.speech_seconds_max.into(), 1, 60);
        range("telephony.silence_seconds_max", self.telephony.silence_seconds_max.into(), 5, 120);
        range("mail.file_mebibytes_max", self.mail.file_mebibytes_max.into(), 1, 60);
        range("surveys.quarantine_days", self.surveys.quarantine_days.into(), 0, 3_650);
        range("surveys.delay_minutes", self.surveys.delay_minutes.into(), 0, 1_440);
        faults.extend(self.survey_rules().check().err().map(|fault| fault.to_string()));
        let ports = self.telephony.rtp_port_last.checked_sub(self.telephony.rtp_port_first);
        if ports.is_none_or(|n| n < 3) {
            faults.push(
                "telephony.rtp_port_last: must be at least 3 above telephony.rtp_port_first".to_owned(),
            );
        }
        if self.telephony.bind.ip().is_unspecified() && self.telephony.public_address.is_none() {
            faults.push("telephony.public_address: must be set when telephony.bind is 0.0.0.0 or [::]; it is the address telephones and browsers send sound to".to_owned());
        }
        if self.storage.engine == Engine::Postgres && self.storage.url.is_empty() {
            faults.push(
                "storage.url: must be set when storage.engine is \"postgres\" (postgres://user@host/name)"
                    .to_owned(),
            );
        }
        if !self.web.public_url.is_empty() && !is_public_url(&self.web.public_url) {
            faults.push(format!(
                "web.public_url = {:?}: must be http:// or https:// and a host, without a path",
                self.web.public_url
            ));
        }
        faults.extend(web::Site::read(&self.site).err().into_iter().flat_map(|faults| faults.0));
        faults.extend(self.mail.mailer().err().map(|fault| fault.to_string()));
        faults.extend(self.texting.check().err().map(|fault| fault.to_string()));
        faults.extend(self.mail.mailboxes.iter().filter_map(|mailbox| mailbox.as_room_wants().err()));
        if faults.is_empty() { Ok(self) } else { Err(ConfigError(faults)) }
    }

    /// How the world reaches the pages, without a slash at the end; `bound` is where they listen in fact.
    #[must_use]
    pub fn public_url(&self, bound: SocketAddr) -> String {
        if self.web.public_url.is_empty() {
            format!("http://{bound}")
        } else {
            self.web.public_url.trim_end_matches('/').to_owned()
        }
    }

    /// Who is asked afterwards, and when.
    #[must_use]
    pub fn survey_rules(&self) -> SurveyRules {
        SurveyRules {
            share: self.surveys.share,
            quarantine_days: self.surveys.quarantine_days,
            delay_minutes: self.surveys.delay_minutes,
            opening: self.opening.clone(),
            earliest: self.surveys.earliest,
            latest: self.surveys.latest,
            ..SurveyRules::default()
        }
    }

    /// The configuration as it is read, as TOML, with the passwords left out.
    ///
    /// # Errors
    /// None in practice: everything here can be written as TOML.
    pub fn shown(mut self) -> Result<String, toml::ser::Error> {
        self.mail.password = self.mail.password.map(|_| "(set)".to_owned());
        self.mail.mailboxes.iter_mut().for_each(MailboxSettings::hide);
        if let Some((before, rest)) = self.storage.url.split_once("://")
            && let Some((_, host)) = rest.rsplit_once('@')
        {
            self.storage.url = format!("{before}://(set)@{host}");
        }
        toml::to_string_pretty(&self)
    }

    /// The routing core's settings; the groups come from the register.
    #[must_use]
    pub fn routing_settings(&self) -> routing::Settings {
        let seconds = |n: u32| SignedDuration::from_secs(n.into());
        routing::Settings {
            ring_max: seconds(self.routing.ring_seconds),
            wrap_up_max: seconds(self.routing.wrap_up_seconds),
            prompt_max: seconds(30),
            overflow_after: seconds(self.routing.overflow_seconds),
            wait_max: seconds(self.routing.wait_seconds_max),
            calls_max: self.routing.calls_max,
            groups: Vec::new(),
            vanish_grace: seconds(60),
        }
    }
}

fn is_public_url(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        let host = rest.trim_end_matches('/');
        !host.is_empty() && !host.contains(['/', '?', '#', ' ', '@'])
    })
}

fn words(error: figment::Error) -> String {
    let key = error.path.join(".");
    let place = error.metadata.as_ref().map(|m| match &m.source {
        Some(source) => format!(" ({} {source})", m.name),
        None => format!(" ({})", m.name),
    });
    let place = place.unwrap_or_default();
    if key.is_empty() { format!("{}{place}", error.kind) } else { format!("{key}: {}{place}", error.kind) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from_toml(text: &str) -> Result<Config, ConfigError> {
        Figment::from(Serialized::defaults(Config::default()))
            .merge(Toml::string(text))
            .extract::<Config>()
            .map_err(|e| ConfigError(e.into_iter().map(words).collect()))?
            .check()
    }

    #[test]
    fn the_defaults_are_allowed() {
        let config = from_toml("").expect("defaults");
        assert_eq!(config.public_url(config.web.bind), "http://127.0.0.1:8080");
    }

    #[test]
    fn a_wrong_value_is_refused_with_its_key_and_what_is_allowed() {
        for (text, key, allowed) in [
            ("[routing]\nring_seconds = 2", "routing.ring_seconds", "from 5 to 120"),
            ("[routing]\nring_secs = 20", "ring_secs", "ring_seconds"),
            ("[web]\nbind = \"nowhere\"", "web.bind", "socket address"),
            ("[storage]\nengine = \"oracle\"", "storage.engine", "sqlite"),
            ("[storage]\nengine = \"postgres\"", "storage.url", "must be set"),
            ("[opening]\nmonday = \"19:00-07:00\"", "opening", "close"),
            ("[surveys]\nshare = 3.0", "surveys.share", "from 0 to 1"),
            ("[telephony]\nbind = \"0.0.0.0:5060\"", "telephony.public_address", "must be set"),
            ("[mail]\nmode = \"smtp\"\nfrom = \"nobody\"", "mail.from", "Name <name@example.se>"),
            ("[texting]\nmode = \"smpp\"", "texting.smpp.host", "must be set"),
            ("[texting]\nmode = \"pigeon\"", "texting.mode", "smpp"),
            ("[web]\npublic_url = \"ftp://town\"", "web.public_url", "https://"),
            (
                "[site.light]\naccent = \"#8a8a8a\"",
                "site.light.accent (#8a8a8a) on site.light.surface",
                "4.5:1",
            ),
            ("[site]\nembed_on = [\"*\"]", "site.embed_on", "https://www.vikhamn.example"),
            ("[site]\nlogo = \"/nowhere.svg\"", "site.logo", "cannot be read"),
        ] {
            let refused = from_toml(text).expect_err(text).to_string();
            assert!(refused.contains(key) && refused.contains(allowed), "{text}: {refused}");
        }
    }
}
