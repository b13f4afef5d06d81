//! What the contact centre knows: articles that say what to answer, planned events, and the search that finds them
//! while the guide types.
//!
//! An article is its versions, which are never changed; [`life`] says where it stands and who takes it further, and
//! nothing is published without [`life::Publishable`]. What readers say becomes [`tasks`].
//!
//! Writing goes through [`commands`], reading through [`queries`]. [`Search`] is a reader of the timeline with its own
//! cursor: it may lag behind the database, and never loses a change. [`suggest`] is the type-ahead for short lists
//! such as case types.

pub mod asked;
pub mod commands;
pub mod compare;
mod error;
mod follow;
pub mod jobs;
pub mod life;
pub mod model;
pub mod queries;
pub mod reading;
mod search;
pub mod tasks;
mod text;

pub use error::KnowledgeError;
pub use finding::{Choice, Suggestion, SynonymSet, suggest};
pub use life::ArticleState;
pub use model::{Article, ArticleDraft, ArticleLink, AttachedFile, Content, Wording};
pub use search::{Hit, QUERY_CHARS_MAX, Search};
pub use text::{Block, Inline, blocks};
