//! Limits on everything that comes in, in characters unless the name says otherwise.

/// A case's title.
pub const TITLE_CHARS_MAX: usize = 200;
/// What the resident told.
pub const DESCRIPTION_CHARS_MAX: usize = 20_000;
/// What an officer is asked.
pub const MESSAGE_CHARS_MAX: usize = 5_000;
/// What an officer or a guide answers.
pub const ANSWER_CHARS_MAX: usize = 10_000;
/// Why an officer needs more time or is the wrong one.
pub const REASON_CHARS_MAX: usize = 2_000;
/// Whom an officer suggests instead.
pub const SUGGESTION_CHARS_MAX: usize = 500;
/// A note.
pub const NOTE_CHARS_MAX: usize = 10_000;
/// A client's own key for a registration.
pub const IDEMPOTENCY_KEY_CHARS_MAX: usize = 200;
/// A place's or a person's address, on one line.
pub const ADDRESS_CHARS_MAX: usize = 200;
/// The heading a case type is found under.
pub const CATEGORY_CHARS_MAX: usize = 80;
/// A case type's name.
pub const TYPE_NAME_CHARS_MAX: usize = 120;
/// A case type's keywords.
pub const KEYWORDS_CHARS_MAX: usize = 500;
/// What residents are told about a case type.
pub const PUBLIC_TEXT_CHARS_MAX: usize = 2_000;
/// How many officers may be asked about one case, all told.
pub const FOLLOW_UPS_PER_CASE_MAX: usize = 50;
/// How many notes a case may have.
pub const NOTES_PER_CASE_MAX: usize = 1_000;
/// Those with a part in one case.
pub const STAKEHOLDERS_PER_CASE_MAX: usize = 50;
/// Files kept with one case.
pub const DOCUMENTS_PER_CASE_MAX: usize = 200;
/// Files that come with one message or form.
pub const DOCUMENTS_AT_ONCE_MAX: usize = 10;
/// How far ahead a case may rest.
pub const REST_DAYS_MAX: i64 = 365;
/// How far back a first receipt may lie.
pub const ARRIVAL_DAYS_BACK_MAX: i64 = 3_650;
/// Lines of one page of a list.
pub const LIST_LINES_MAX: usize = 100;
/// How far the cases of a list are counted.
pub const COUNT_MAX: u64 = 1_000;
/// Words of a title that it can be found by.
pub const TITLE_WORDS_MAX: usize = 40;
/// Bytes of a word that is searched by; the rest of a longer one does not count.
pub const WORD_BYTES_MAX: usize = 60;
/// Words of a search that count.
pub const SEARCH_WORDS_MAX: usize = 4;
/// Lines a search gives.
pub const SEARCH_LINES_MAX: usize = 20;
/// Timeline entries shown with a case.
pub const TIMELINE_ENTRIES_MAX: usize = 500;
/// Substitutes of one recipient.
pub const SUBSTITUTES_MAX: usize = 5;
/// Points of an assignment's checklist.
pub const CHECKLIST_POINTS_MAX: usize = 20;
/// One point of a checklist.
pub const CHECKLIST_POINT_CHARS_MAX: usize = 200;
/// How long an officer's link holds after the question was sent, or after the promised day.
pub const OFFICER_LINK_DAYS: i64 = 120;
/// How long a resident's link holds.
pub const RESIDENT_LINK_DAYS: i64 = 365;
/// Index rows a page of a narrowed list looks through before it says where to go on.
pub const WALK_ROWS_MAX: usize = 5_000;
/// Cases drawn on a map.
pub const MAP_POINTS_MAX: usize = 5_000;
/// Characters of a filter as kept.
pub const FILTER_CHARS_MAX: usize = 600;
/// A saved filter's name.
pub const FILTER_NAME_CHARS_MAX: usize = 80;
/// Filters one person keeps.
pub const SAVED_FILTERS_MAX: usize = 50;
/// Filters shown to one person, their own and their groups'.
pub const SAVED_FILTERS_SHOWN_MAX: usize = 200;
/// Cases changed at once.
pub const BULK_CASES_MAX: usize = 200;
/// How long a change of many cases is remembered, so that it is not done twice.
pub const BULK_REMEMBERED_DAYS: i64 = 30;
/// Rows of an export.
pub const EXPORT_ROWS_MAX: usize = 50_000;
/// Working days a task may wait before it goes before other work.
pub const TASK_WORKING_DAYS_MAX: u32 = 1;
/// Own cases looked at for what comes next.
pub const NEXT_CASES_MAX: usize = 500;
/// Tasks looked at for what comes next.
pub const NEXT_TASKS_MAX: usize = 50;
/// How many days back a case may be the same matter as one being typed in.
pub const DUPLICATE_DAYS: i64 = 30;
/// Cases of one type compared with the one being typed in.
pub const DUPLICATE_ROWS_MAX: usize = 300;
/// Hints shown.
pub const DUPLICATE_HINTS_MAX: usize = 5;
/// How near two positions are the same place, in metres.
pub const DUPLICATE_METRES: f64 = 60.0;
