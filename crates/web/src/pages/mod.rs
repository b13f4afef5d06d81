//! The pages, one folder or file for each thing that is done.

pub mod account;
pub mod admin;
pub mod ask;
pub mod board;
pub mod cases;
pub mod demo;
pub mod departments;
pub mod desk;
pub mod failed;
pub mod guide;
pub mod keys;
pub mod mail;
pub mod officer;
pub mod officer_desk;
pub mod officers;
pub mod outbox;
pub mod processes;
pub mod public;
pub mod records;
pub mod resident_card;
pub mod sign_in;
pub mod status;
pub mod system;
pub mod tasks;
pub mod telephone;
