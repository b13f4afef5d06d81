//! Limits on everything that comes in, in characters unless the name says otherwise.

/// A title.
pub const TITLE_CHARS_MAX: usize = 120;
/// The purpose, a public text.
pub const TEXT_CHARS_MAX: usize = 4_000;
/// A rule, a step, a skill, what is done instead.
pub const LINE_CHARS_MAX: usize = 300;
/// Words that residents use.
pub const KEYWORDS_CHARS_MAX: usize = 1_000;
/// Rules of one assignment, of all kinds together.
pub const RULES_MAX: usize = 60;
/// Steps of one process map.
pub const STEPS_MAX: usize = 40;
/// Ways on from one step.
pub const WAYS_MAX: usize = 6;
/// Case types of one assignment.
pub const CASE_TYPES_MAX: usize = 100;
/// Answer groups, and skills, of one assignment.
pub const SKILLS_MAX: usize = 30;
/// Contact persons of one assignment.
pub const CONTACTS_MAX: usize = 10;
/// Contacts expected in a month.
pub const VOLUME_MAX: u32 = 1_000_000;
/// Notice of termination, in months.
pub const NOTICE_MONTHS_MAX: u16 = 36;
/// Faults told of one process map; who has mended these sees the next.
pub const FAULTS_MAX: usize = 20;
/// Why an assignment is not approved.
pub const REASON_CHARS_MAX: usize = 2_000;
/// Versions of one assignment.
pub const VERSIONS_MAX: u32 = 1_000;
/// How long the department's link holds, in days.
pub const LINK_DAYS: i64 = 30;
/// When the department is reminded of what it has not answered, in days.
pub const REMINDER_DAYS: i64 = 10;
/// How long before its review day an assignment is gone through, in days.
pub const REVIEW_AHEAD_DAYS: i64 = 30;
/// How far ahead the next review is at most, in days: it is done each year, and a little late now and then.
pub const REVIEW_DAYS_MAX: i64 = 400;
/// A note in the checklist.
pub const NOTE_CHARS_MAX: usize = 2_000;
/// An address.
pub const URL_CHARS_MAX: usize = 300;
/// What is looked for in "is this ours?".
pub const QUERY_CHARS_MAX: usize = 200;
