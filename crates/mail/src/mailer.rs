//! The way to the mail server.

use crate::config::{Dkim, MailConfig, MailConfigError, Protection, SmtpConfig, TIMEOUT_S_MAX};
use lettre::address::Envelope;
use lettre::message::Mailbox;
use lettre::message::dkim::{
    DkimCanonicalization, DkimCanonicalizationType, DkimConfig, DkimSigningAlgorithm, DkimSigningKey,
};
use lettre::message::header::HeaderName;
use lettre::transport::smtp::AsyncSmtpTransport;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{Address, AsyncTransport as _, Tokio1Executor};
use std::time::Duration;
use vocabulary::{GenericUuid as _, MessageId};

/// Hands messages on, or keeps them.
pub struct Mailer(pub(crate) Way);

pub(crate) enum Way {
    Keep,
    Smtp(Box<Smtp>),
}

pub(crate) struct Smtp {
    pub transport: AsyncSmtpTransport<Tokio1Executor>,
    pub from: Mailbox,
    /// Where what does not arrive is returned to; each letter's own address is made of it.
    pub bounce_address: Option<Address>,
    pub dkim: Option<DkimConfig>,
}

impl Smtp {
    /// The domain of our Message-IDs.
    pub fn domain(&self) -> &str {
        self.from.email.domain()
    }

    /// Signs a letter, if so configured, and tells whom it is from and to on the envelope.
    pub fn seal(&self, id: MessageId, mut letter: lettre::Message) -> (Envelope, Vec<u8>) {
        if let Some(dkim) = &self.dkim {
            letter.sign(dkim);
        }
        let usual = letter.envelope();
        let own = self.bounce_address.as_ref().and_then(|address| {
            let local = format!("{}+{}", address.user(), id.into_untyped_uuid());
            Address::new(local, address.domain()).ok()
        });
        let from = own.or_else(|| usual.from().cloned());
        let envelope = Envelope::new(from, usual.to().to_vec()).unwrap_or_else(|_| usual.clone());
        (envelope, letter.formatted())
    }
}

fn dkim(config: Option<&Dkim>, from: &Mailbox) -> Result<Option<DkimConfig>, MailConfigError> {
    let Some(dkim) = config else { return Ok(None) };
    let file = dkim.key_file.display();
    let pem = std::fs::read_to_string(&dkim.key_file)
        .map_err(|error| MailConfigError::Dkim(format!("{file}: {error}")))?;
    let sort = if pem.contains("RSA PRIVATE KEY") {
        DkimSigningAlgorithm::Rsa
    } else {
        DkimSigningAlgorithm::Ed25519
    };
    let key = DkimSigningKey::new(pem.trim(), sort)
        .map_err(|error| MailConfigError::Dkim(format!("{file}: {error}")))?;
    let domain = from.email.domain().to_owned();
    let signed = [
        "From",
        "To",
        "Subject",
        "Date",
        "Message-ID",
        "In-Reply-To",
        "References",
        "Reply-To",
        "MIME-Version",
        "Content-Type",
        "Content-Transfer-Encoding",
        "Auto-Submitted",
    ];
    let canonical = DkimCanonicalization {
        header: DkimCanonicalizationType::Relaxed,
        body: DkimCanonicalizationType::Relaxed,
    };
    let signed = signed.map(HeaderName::new_from_ascii_str).to_vec();
    Ok(Some(DkimConfig::new(dkim.selector.clone(), domain, key, signed, canonical)))
}

/// Why a server did not take a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Whether trying again is of no use.
    pub permanent: bool,
    /// The server's code, or a word if there was none: `550`, `timeout`, `connection`.
    pub code: String,
    /// What was said. May hold an address: not for logs.
    pub text: String,
}

/// Codes that begin with 5 and say that we are not let in, not that the letter is bad: whoever looks after the server
/// can put that right, so the letter waits (RFC 4954, section 6).
const NOT_LET_IN: [u16; 5] = [530, 534, 535, 538, 454];

impl Mailer {
    /// A mailer as configured. Does not connect.
    ///
    /// # Errors
    /// The configuration cannot be used; says which key and what is allowed.
    pub fn new(config: &MailConfig) -> Result<Self, MailConfigError> {
        let smtp = match config {
            MailConfig::Keep => return Ok(Self(Way::Keep)),
            MailConfig::Smtp(smtp) => smtp,
        };
        let from: Mailbox = smtp.from.parse().map_err(|_| MailConfigError::From(smtp.from.clone()))?;
        if !(1..=TIMEOUT_S_MAX).contains(&smtp.timeout_s) {
            return Err(MailConfigError::Timeout(smtp.timeout_s));
        }
        let hello = smtp.hello_name.clone().unwrap_or_else(|| from.email.domain().to_owned());
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&smtp.host)
            .port(smtp.port)
            .timeout(Some(Duration::from_secs(smtp.timeout_s)))
            .hello_name(ClientId::Domain(hello))
            .tls(tls(smtp)?);
        match (&smtp.user, &smtp.password) {
            (None, None) => {}
            (Some(user), Some(password)) => {
                if smtp.protection == Protection::None && !this_machine(&smtp.host) {
                    return Err(MailConfigError::OpenPassword);
                }
                builder = builder.credentials(Credentials::new(user.clone(), password.reveal().to_owned()));
            }
            _ => return Err(MailConfigError::Credentials),
        }
        let bounce_address = smtp.bounce_address.as_ref().map(|address| {
            address.parse::<Address>().map_err(|_| MailConfigError::BounceAddress(address.clone()))
        });
        let bounce_address = bounce_address.transpose()?;
        let dkim = dkim(smtp.dkim.as_ref(), &from)?;
        Ok(Self(Way::Smtp(Box::new(Smtp { transport: builder.build(), from, bounce_address, dkim }))))
    }

    /// Whether the server can be reached and lets us in; for a check of the configuration. Always so when messages are
    /// kept.
    ///
    /// # Errors
    /// What the server said.
    pub async fn reach(&self) -> Result<(), Refusal> {
        match &self.0 {
            Way::Keep => Ok(()),
            Way::Smtp(smtp) => match smtp.transport.test_connection().await {
                Ok(true) => Ok(()),
                Ok(false) => Err(Refusal {
                    permanent: false,
                    code: "connection".to_owned(),
                    text: "the server did not answer NOOP".to_owned(),
                }),
                Err(error) => Err(refusal(&error)),
            },
        }
    }
}

pub(crate) fn this_machine(host: &str) -> bool {
    matches!(host, "localhost" | "127.0.0.1" | "::1")
}

fn tls(smtp: &SmtpConfig) -> Result<Tls, MailConfigError> {
    if smtp.protection == Protection::None {
        return Ok(Tls::None);
    }
    let mut parameters = TlsParameters::builder(smtp.host.clone());
    if let Some(file) = &smtp.authority_file {
        let refused =
            |reason: String| MailConfigError::Authority { file: file.display().to_string(), reason };
        let pem = std::fs::read(file).map_err(|error| refused(error.to_string()))?;
        let authority = Certificate::from_pem(&pem).map_err(|error| refused(error.to_string()))?;
        parameters = parameters.add_root_certificate(authority);
    }
    let parameters = parameters.build().map_err(|error| MailConfigError::Host(error.to_string()))?;
    Ok(if smtp.protection == Protection::Tls { Tls::Wrapper(parameters) } else { Tls::Required(parameters) })
}

pub(crate) async fn hand_over(
    transport: &AsyncSmtpTransport<Tokio1Executor>,
    envelope: &Envelope,
    letter: &[u8],
) -> Result<(), Refusal> {
    transport.send_raw(envelope, letter).await.map(drop).map_err(|error| refusal(&error))
}

fn refusal(error: &lettre::transport::smtp::Error) -> Refusal {
    let status = error.status().map(u16::from);
    let code = match status {
        Some(code) => code.to_string(),
        None if error.is_timeout() => "timeout".to_owned(),
        None if error.is_tls() => "tls".to_owned(),
        None => "connection".to_owned(),
    };
    let permanent = error.is_permanent() && !status.is_some_and(|code| NOT_LET_IN.contains(&code));
    Refusal { permanent, code, text: error.to_string() }
}
