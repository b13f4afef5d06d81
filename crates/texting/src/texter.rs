//! The way to the gateway.

use crate::config::{TextingConfig, TextingConfigError, TextingMode, refused};
use crate::delivery::Receipt;
use crate::http_gateway::HttpWay;
use crate::smpp::{Smpp, TakeReceipt};
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// Why a gateway did not take a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Whether trying again is of no use.
    pub permanent: bool,
    /// The gateway's code, or a word: `400`, `throttled`, `timeout`. Never a number or a text.
    pub code: String,
    /// What was said. May hold a number: not for logs.
    pub text: String,
}

impl Refusal {
    pub(crate) fn temporary(code: impl Into<String>, text: impl Into<String>) -> Self {
        Self { permanent: false, code: code.into(), text: text.into() }
    }

    pub(crate) fn permanent(code: impl Into<String>, text: impl Into<String>) -> Self {
        Self { permanent: true, code: code.into(), text: text.into() }
    }
}

/// Hands text messages on, or keeps them.
pub struct Texter {
    pub(crate) way: Way,
    pub(crate) sender: String,
}

pub(crate) enum Way {
    Off,
    Keep,
    Http(Box<HttpWay>),
    Smpp(Smpp),
}

impl Texter {
    /// A texter as configured. A connection that is kept is made in the background and ends with `shutdown`; what it
    /// hears of how messages fared goes to `take`.
    ///
    /// # Errors
    /// The configuration cannot be used; says which key and what is allowed.
    pub fn start<F>(
        config: &TextingConfig,
        take: impl Fn(Receipt) -> F + Send + Sync + 'static,
        shutdown: CancellationToken,
    ) -> Result<Self, TextingConfigError>
    where
        F: Future<Output = bool> + Send + 'static,
    {
        config.check()?;
        let way = match config.mode {
            TextingMode::Off => Way::Off,
            TextingMode::Keep => Way::Keep,
            TextingMode::Http => Way::Http(Box::new(HttpWay::new(&config.http)?)),
            TextingMode::Smpp => {
                let connector = outward::connector(config.smpp.authority_file.as_deref());
                let connector =
                    connector.or_else(|fault| refused("smpp.authority_file", fault.to_string()))?;
                let take: TakeReceipt = Arc::new(move |receipt| Box::pin(take(receipt)));
                Way::Smpp(Smpp::start(config.smpp.clone(), connector, take, shutdown))
            }
        };
        Ok(Self { way, sender: config.sender.clone() })
    }
}
