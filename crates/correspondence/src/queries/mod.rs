//! All SQL of correspondence.

mod conversations;
mod desk;
mod drafts;
mod filing;
mod inbox;
mod letters;
mod mailboxes;
mod measures;
mod templates;

pub use conversations::{by_reference, conversation, of_case, of_contact};
pub use desk::{DeskLine, desk_queue, desk_queues, on_screen, visit, visits_of_day};
pub use drafts::{draft, draft_version, writers};
pub use filing::{TakenIn, taken_in};
pub use inbox::{Inbox, InboxLine, WAITING_COUNT_MAX, inbox, most_urgent_for, waiting_count};
pub use letters::{letter, letters_of, part, parts_of, states_of_sent};
pub use mailboxes::{mailbox, mailbox_by_address, mailbox_for_web, mailboxes};
pub use measures::{answer_measure, answer_measures};
pub use templates::{template, templates};

pub(crate) use conversations::{insert_conversation, latest_of_case_with, update_conversation};
pub(crate) use desk::{
    first_waiting, insert_visit, number_waiting, update_called, update_visit_ended, upsert_queue,
};
pub(crate) use drafts::{clear_draft, forget_writer, insert_draft, others_wrote_after, upsert_writer};
pub(crate) use filing::{
    acknowledge_once, insert_participant, insert_taken_in, is_own_address, is_taken_in, named_conversations,
    named_messages,
};
pub(crate) use letters::{insert_letter, insert_part, letter_of_outgoing, thread_ids};
pub(crate) use mailboxes::upsert_mailbox;
pub(crate) use measures::{end_wait, insert_wait, take_up_wait_again};
pub(crate) use templates::upsert_template;
