//! Text messages: takes the messages that cases have written for telephones and hands them to a gateway, over HTTP or
//! SMPP 3.4, or keeps them where the instance sends nothing. Knows nothing of what they say, and logs no number.

mod config;
mod delivery;
pub mod gsm;
mod http_gateway;
mod number;
mod queries;
mod smpp;
mod texter;

pub use config::{
    BodyFormat, HttpGateway, LongMessages, NumberFormat, Secret, SmppGateway, SuccessRule, TextingConfig,
    TextingConfigError, TextingMode,
};
pub use delivery::{GIVE_UP_AFTER, Receipt, ReceiptState, deliver, take_receipt, wire};
pub use texter::{Refusal, Texter};
