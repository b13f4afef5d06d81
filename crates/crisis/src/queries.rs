//! All SQL of this room.

mod call_in;
mod log;
mod messages;
mod proposals;
mod situation;
mod streams;
mod templates;

pub use call_in::{answer_by_link, call_in, call_ins, open_call_in, people, person};
pub(crate) use call_in::{
    close_round, count_people, insert_answer, insert_person, insert_round, insert_text, move_people,
    set_answer, set_message, set_texted, update_person,
};
pub use log::{log, log_of};
pub(crate) use messages::{
    close_crisis, end_live, insert_crisis, insert_message, last_version, put_sound, remove_sound, set_live,
    set_period, set_state, update_draft,
};
pub use messages::{
    crises, crisis, going_on, live, live_sounds, message, messages_of, on_duty, periods, sound,
};
pub use proposals::GoingStream;
pub(crate) use proposals::{decide, insert_proposal, insert_spike, update_spike};
pub use proposals::{going, open_proposal, proposal, proposals_since};
pub use situation::{Questions, open_cases, open_questions};
pub use streams::{counts, first_day, histories, middle, place_names, stream_names, today, whole_minute};
pub use templates::templates;
pub(crate) use templates::{delete_template, put_template};
