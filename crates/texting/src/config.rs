//! How this instance sends text messages, as the configuration says.

use outward::{Reach, Target};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

/// Whether text messages leave, and how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TextingMode {
    /// There are none: residents are told by e-mail or by telephone.
    #[default]
    Off,
    /// They stay in the outbox: the demo.
    Keep,
    /// They go to a gateway over HTTP.
    Http,
    /// They go to a gateway over SMPP 3.4.
    Smpp,
}

/// A secret of the configuration, which does not show itself.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
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

impl Serialize for Secret {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str("(set)")
    }
}

/// How the gateway wants numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NumberFormat {
    /// `+46701234567`.
    #[default]
    Plus,
    /// `46701234567`.
    Digits,
    /// `0046701234567`.
    ZeroZero,
}

/// How the gateway is told what to send.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BodyFormat {
    /// A JSON document.
    #[default]
    Json,
    /// A form, as browsers send it.
    Form,
    /// In the address, after the question mark.
    Query,
}

/// What the gateway's answer must be for the message to count as taken.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SuccessRule {
    /// Where in a JSON answer to look (RFC 6901), such as `/status`. Empty: any 2xx will do.
    pub pointer: String,
    /// What must stand there, as text.
    pub equals: String,
}

/// A gateway reached over HTTP.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HttpGateway {
    /// Its address.
    pub url: String,
    /// `POST`, `PUT` or `GET`.
    pub method: String,
    /// Headers, such as `Authorization`; none of them is ever shown.
    pub headers: BTreeMap<String, Secret>,
    /// Sign-in name and password, for gateways that want HTTP's own (Basic).
    pub user: Option<String>,
    /// The password of `user`.
    pub password: Option<Secret>,
    /// `json`, `form` or `query`.
    pub format: BodyFormat,
    /// For `json`: a document whose strings may hold `{to}`, `{from}`, `{text}` and `{id}`.
    pub json: String,
    /// For `form` and `query`: the fields, whose values may hold the same.
    pub fields: BTreeMap<String, String>,
    /// How it wants numbers.
    pub numbers: NumberFormat,
    /// When its answer means that the message was taken.
    pub success: SuccessRule,
    /// Where in a JSON answer its own name for the message stands (RFC 6901); empty if it gives none.
    pub id_pointer: String,
    /// A PEM file with the authority of its certificate, if it is one's own.
    pub authority_file: Option<PathBuf>,
    /// Seconds the call may take, 1 to 60.
    pub timeout_s: u64,
}

impl Default for HttpGateway {
    fn default() -> Self {
        Self {
            url: String::new(),
            method: "POST".to_owned(),
            headers: BTreeMap::new(),
            user: None,
            password: None,
            format: BodyFormat::Json,
            json: r#"{"to":"{to}","from":"{from}","message":"{text}"}"#.to_owned(),
            fields: BTreeMap::new(),
            numbers: NumberFormat::Plus,
            success: SuccessRule::default(),
            id_pointer: String::new(),
            authority_file: None,
            timeout_s: 15,
        }
    }
}

/// How a text of several parts is sent over SMPP.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LongMessages {
    /// Cut by Lots, each part with a header (UDH) that names it.
    #[default]
    Udh,
    /// Whole, in `message_payload`; the gateway cuts it.
    Payload,
}

/// A gateway reached over SMPP 3.4.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SmppGateway {
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Whether the connection is made in TLS.
    pub tls: bool,
    /// A PEM file with the authority of its certificate, if it is one's own.
    pub authority_file: Option<PathBuf>,
    /// Who we are to it, at most 15 characters.
    pub system_id: String,
    /// The password, at most 8 characters.
    pub password: Option<Secret>,
    /// What sort of system we are, if it wants to know.
    pub system_type: String,
    /// Whether it reports on the same connection how messages fared (bind as transceiver); else only sends.
    pub receipts: bool,
    /// How texts of several parts are sent.
    pub long_messages: LongMessages,
    /// How many messages may be unanswered at once, 1 to 100.
    pub window: u16,
    /// Seconds between signs of life, 5 to 600.
    pub enquire_link_s: u64,
    /// Seconds it may take for an answer, 1 to 60.
    pub timeout_s: u64,
}

impl Default for SmppGateway {
    fn default() -> Self {
        Self {
            host: String::new(),
            port: 2775,
            tls: false,
            authority_file: None,
            system_id: String::new(),
            password: None,
            system_type: String::new(),
            receipts: true,
            long_messages: LongMessages::Udh,
            window: 10,
            enquire_link_s: 30,
            timeout_s: 15,
        }
    }
}

/// Text messages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TextingConfig {
    /// `off`, `keep`, `http` or `smpp`.
    pub mode: TextingMode,
    /// Whom messages are from: up to 11 letters and digits, or a number.
    pub sender: String,
    /// The gateway, for `http`.
    pub http: HttpGateway,
    /// The gateway, for `smpp`.
    pub smpp: SmppGateway,
}

/// A configuration nothing can be sent with: says the key and what is allowed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("texting.{key}: {allowed}")]
pub struct TextingConfigError {
    key: &'static str,
    allowed: String,
}

/// Longest name messages can be from (3GPP TS 23.040: eleven characters of the 7-bit alphabet).
const SENDER_CHARS_MAX: usize = 11;
/// Most digits of a number (E.164).
const SENDER_DIGITS_MAX: usize = 15;

pub(crate) fn refused<T>(key: &'static str, allowed: impl Into<String>) -> Result<T, TextingConfigError> {
    Err(TextingConfigError { key, allowed: allowed.into() })
}

impl TextingConfig {
    /// Whether a resident can be sent a text message.
    #[must_use]
    pub const fn sends(&self) -> bool {
        !matches!(self.mode, TextingMode::Off)
    }

    /// Refuses what nothing can be sent with.
    ///
    /// # Errors
    /// The first key that is wrong.
    pub fn check(&self) -> Result<(), TextingConfigError> {
        match self.mode {
            TextingMode::Off | TextingMode::Keep => return Ok(()),
            TextingMode::Http => self.http.check()?,
            TextingMode::Smpp => self.smpp.check()?,
        }
        let sender = self.sender.as_str();
        let number = sender.strip_prefix('+').unwrap_or(sender);
        let is_number = !number.is_empty()
            && number.len() <= SENDER_DIGITS_MAX
            && number.bytes().all(|b| b.is_ascii_digit());
        let is_name = !sender.is_empty()
            && sender.len() <= SENDER_CHARS_MAX
            && sender.bytes().all(|b| b.is_ascii_alphanumeric() || b == b' ');
        if is_number || is_name {
            Ok(())
        } else {
            refused("sender", "a number, or 1 to 11 letters a-z and digits")
        }
    }
}

impl HttpGateway {
    fn check(&self) -> Result<(), TextingConfigError> {
        if let Err(fault) = Target::read(&self.url, Reach::Anywhere) {
            return refused("http.url", fault.to_string());
        }
        if !["POST", "PUT", "GET"].contains(&self.method.as_str()) {
            return refused("http.method", "POST, PUT or GET");
        }
        let template = match self.format {
            BodyFormat::Json => match serde_json::from_str::<serde_json::Value>(&self.json) {
                Ok(_) => self.json.clone(),
                Err(fault) => return refused("http.json", format!("a JSON document: {fault}")),
            },
            BodyFormat::Form | BodyFormat::Query => {
                self.fields.values().cloned().collect::<Vec<_>>().join(" ")
            }
        };
        if !template.contains("{to}") || !template.contains("{text}") {
            return refused("http.json or http.fields", "must hold {to} and {text}");
        }
        if self.user.is_some() != self.password.is_some() {
            return refused("http.user", "user and password are given together or not at all");
        }
        if !(1..=60).contains(&self.timeout_s) {
            return refused("http.timeout_s", "1 to 60");
        }
        for pointer in [&self.success.pointer, &self.id_pointer] {
            if !pointer.is_empty() && !pointer.starts_with('/') {
                return refused(
                    "http.id_pointer or http.success.pointer",
                    "begins with /, such as /messages/0/id",
                );
            }
        }
        for (name, value) in &self.headers {
            let fits = http::HeaderName::try_from(name.as_str()).is_ok()
                && http::HeaderValue::try_from(value.reveal()).is_ok();
            if !fits {
                return refused("http.headers", format!("{name:?} cannot be sent as a header"));
            }
        }
        Ok(())
    }
}

impl SmppGateway {
    fn check(&self) -> Result<(), TextingConfigError> {
        let plain = |text: &str, max: usize| text.len() <= max && text.bytes().all(|b| b.is_ascii_graphic());
        if self.host.is_empty() {
            return refused("smpp.host", "must be set");
        }
        if self.system_id.is_empty() || !plain(&self.system_id, 15) {
            return refused("smpp.system_id", "1 to 15 characters");
        }
        if !self.password.as_ref().is_none_or(|password| plain(password.reveal(), 8)) {
            return refused("smpp.password", "at most 8 characters (SMPP 3.4, section 4.1.1)");
        }
        if !plain(&self.system_type, 12) {
            return refused("smpp.system_type", "at most 12 characters");
        }
        if !(1..=100).contains(&self.window) {
            return refused("smpp.window", "1 to 100");
        }
        if !(5..=600).contains(&self.enquire_link_s) {
            return refused("smpp.enquire_link_s", "5 to 600");
        }
        if !(1..=60).contains(&self.timeout_s) {
            return refused("smpp.timeout_s", "1 to 60");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn http(change: impl FnOnce(&mut HttpGateway)) -> Result<(), String> {
        let mut gateway =
            HttpGateway { url: "https://sms.example/send".to_owned(), ..HttpGateway::default() };
        change(&mut gateway);
        let config = TextingConfig {
            mode: TextingMode::Http,
            sender: "Vikhamn".to_owned(),
            http: gateway,
            ..TextingConfig::default()
        };
        config.check().map_err(|error| error.to_string())
    }

    #[test]
    fn what_cannot_send_is_refused_with_its_key() {
        assert_eq!(http(|_| {}), Ok(()));
        assert!(http(|g| g.url = "sms.example".to_owned()).unwrap_err().contains("http.url"));
        assert!(http(|g| g.json = "{".to_owned()).unwrap_err().contains("http.json"));
        assert!(http(|g| g.json = r#"{"to":"{to}"}"#.to_owned()).unwrap_err().contains("{text}"));
        assert!(http(|g| g.method = "DELETE".to_owned()).unwrap_err().contains("method"));
        assert!(http(|g| g.user = Some("x".to_owned())).unwrap_err().contains("together"));
        assert!(http(|g| g.format = BodyFormat::Form).unwrap_err().contains("fields"));
        for (sender, fits) in [
            ("Vikhamn", true),
            ("+46701234567", true),
            ("71122", true),
            ("", false),
            ("Vikhamns kommun", false),
        ] {
            let smpp =
                SmppGateway { host: "h".to_owned(), system_id: "x".to_owned(), ..SmppGateway::default() };
            let config = TextingConfig {
                mode: TextingMode::Smpp,
                sender: sender.to_owned(),
                smpp,
                ..TextingConfig::default()
            };
            assert_eq!(config.check().is_ok(), fits, "{sender}");
        }
    }

    #[test]
    fn secrets_do_not_show_themselves() {
        let secret = Secret::new("hemligt".to_owned());
        assert!(!format!("{secret:?}").contains("hemligt"));
        assert_eq!(serde_json::to_string(&secret).unwrap(), "\"(set)\"");
    }
}
