//! How well the search finds, measured on questions whose answers somebody has judged: read from a file, asked as they
//! stand and with slips of the fingers, and told for each step of the analysis with paired bootstrap intervals.

mod bootstrap;
mod measures;
mod report;
mod set;
mod trial;
mod typing;

pub use bootstrap::{Interval, difference};
pub use measures::{Figures, Outcome, mean};
pub use report::report;
pub use set::{Answer, Question, RelevanceSet, SetError};
pub use trial::{Asked, STEPS, Step, Trial};
pub use typing::{Seeded, Typing, slip};
