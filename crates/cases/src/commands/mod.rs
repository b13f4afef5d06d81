//! What can be done with cases. Every command runs in one write transaction: it loads, decides, and writes state,
//! timeline and jobs together. Each may arrive twice.

mod answer;
mod calls;
mod case_links;
mod case_types;
mod details;
mod documents;
mod forward;
mod hand_over;
mod letters;
mod merge;
mod messages;
mod notes;
mod officer_desk;
mod officer_mail;
mod open;
mod process;
mod register;
mod resident_adds;
mod resident_link;
mod secrecy;
mod split;
mod stakeholders;
mod status;
mod steps;
mod tasks;
mod terms;
mod words;

pub use answer::{Answered, OfficerAnswer, officer_answer, officer_token};
pub use calls::log_officer_call;
pub use case_links::{LinkCases, link_cases, unlink_cases};
pub use case_types::{PutCaseType, put_case_type};
pub use details::{Assignment, assign, change_type, reword, set_due_day, set_place, set_priority, touched};
pub use documents::{AddDocument, add_document, set_document_public};
pub use forward::{ChangeRecipient, Forward, Forwarded, change_recipient, forward, withdraw};
pub use hand_over::{HandOver, hand_over, look_sealed};
pub use letters::{NewLetter, settle_message_id, write_letter};
pub use merge::{MergeCases, merge, undo_merge};
pub use messages::{Fate, message_fate};
pub use notes::{AddNote, add_note};
pub use officer_desk::{DESK_DAYS, KEY_AGAIN_AFTER, KEY_HOURS, ask_for_key};
pub use officer_mail::{OfficerMail, OfficerMailTaken, TakenAs, officer_mail};
pub use open::open_case;
pub use process::{
    Outgoing, Turn, call_contractor, case_for, send, set_turn, step_is_done, step_is_due, write_to_resident,
};
pub use register::{Origin, RegisterCase, Registered, register};
pub use resident_adds::{Added, may_reopen, resident_adds};
pub use resident_link::{SharedLink, replace_link, revoke_links, share_link};
pub use secrecy::set_secrecy;
pub use split::{SplitCase, split};
pub use stakeholders::{AddStakeholder, add_stakeholder, remove_stakeholder};
pub use status::{Change, Solve, change_status, reopen, solve};
pub use tasks::{TaskEnd, complete_task};
pub use terms::{PutTerms, put_terms};
pub use words::{WordsAnew, write_words_anew};

pub(crate) use forward::wind;
pub(crate) use officer_desk::officer_behind;
pub(crate) use steps::{add_task, load_case, post_to_officer, record, token_of};
