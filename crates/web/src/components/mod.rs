//! What pages are built of.

pub mod badges;
pub mod forms;
pub mod layout;
pub mod lists;
