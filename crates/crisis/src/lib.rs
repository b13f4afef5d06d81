//! Crisis: one approved message that reaches everybody at once, the detector that sees one coming, the call-in list, and
//! the period in which figures are not like other days'.
//!
//! Writing goes through [`commands`], reading through [`queries`]. [`spikes`] is pure: times and counts come in, what
//! rises beyond expectation goes out. [`sound`] is pure: any WAV file comes in, what telephones can play goes out.

pub mod commands;
mod error;
pub mod limits;
mod model;
pub mod queries;
pub mod sound;
pub mod spikes;
mod templates;

pub use error::CrisisError;
pub use model::{
    Approval, CallIn, CallInAnswer, CallInPerson, CallInState, Crisis, CrisisKind, Deed, LiveMessage,
    Message, MessageState, Period, Proposal, ProposalState, RisingStream, SoundSource, Template,
};
pub use templates::shipped as shipped_templates;

#[cfg(test)]
mod tests;
