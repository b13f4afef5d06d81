//! The telephone in the browser, seen from here: signalling over the page's WebSocket, sound by WebRTC.

mod flow;
mod leg;
mod message;
mod phones;

pub use phones::{
    BrowserCall, BrowserError, BrowserPhones, FlowEnd, GuideEvent, GuideSink, PhoneEvent, PhoneSink,
};
