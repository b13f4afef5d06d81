//! All the SQL of cases.

pub(crate) mod calls;
pub(crate) mod connections;
mod counts;
pub mod departments;
pub(crate) mod filtered;
mod late;
mod lists;
pub(crate) mod messages;
mod next;
pub(crate) mod officer_desk;
mod page_parts;
mod pages;
pub(crate) mod parts;
pub(crate) mod saved;
mod sealed;
mod search;
mod shown;
pub(crate) mod store;
pub(crate) mod store_follow_ups;
pub(crate) mod terms;

pub use calls::{OfficerCall, calls_about};
pub use connections::{Neighbour, kept, links_of, merge_of, merges_into, origins};
pub use counts::count;
pub use filtered::{ListLine, ListPage, MapPoint, map_points, work_list};
pub use lists::{CaseLine, CaseList, Listing, PageMark, TaskLine, list, open_tasks, tasks_of_case};
pub use messages::{LetterFile, Message, letter_files, message, message_by_message_id, outbox};
pub use next::waiting_for;
pub use officer_desk::{
    DESK_LINES_MAX, DeskLine, OfficerDesk, OfficerSide, OfficerWork, WorkLine, Written, officer_desk,
    officer_side, officer_work,
};
pub use page_parts::{CaseParts, MergedCase, Relation, StakeholderLine, case_parts};
pub use pages::{
    AskedOfficer, CaseAbout, CasePage, Matter, OfficerPage, PublicAnswer, ResidentPage, TimelineLine,
    case_page, officer_page, resident_page,
};
pub(crate) use pages::{open_link, resident_page_of};
pub use parts::{
    document, document_bytes, documents_of, stakeholder, stakeholders_of, stakeholders_of_resident,
};
pub use saved::saved_filters;
pub use sealed::{SealedCase, sealed_by_number, sealed_case};
pub use search::search;
pub(crate) use search::words_of;
pub use shown::{Shown, shown_to_resident};
pub use store::{case, case_by_number, case_type, case_type_by_code, case_types};
pub(crate) use store::{mend_words, titles_after};
pub use store_follow_ups::{follow_up, follow_ups_of, notes_of, task, waiting_of_officer};
pub use terms::{assignment, recipient};
