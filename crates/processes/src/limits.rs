//! Limits on everything that comes in, in characters unless the name says otherwise.

/// A definition's source text, in bytes: what a form takes, its signs encoded.
pub const SOURCE_BYTES_MAX: usize = 40_000;
/// Steps of one process.
pub const STEPS_MAX: usize = 60;
/// Ends of one process.
pub const ENDS_MAX: usize = 20;
/// Ways on from one step.
pub const ARROWS_MAX: usize = 12;
/// Steps begun side by side.
pub const SIDE_BY_SIDE_MAX: usize = 6;
/// Fields of one step.
pub const FIELDS_MAX: usize = 30;
/// Options of one choice.
pub const OPTIONS_MAX: usize = 40;
/// Contractors tried by one call-out.
pub const CONTRACTORS_MAX: usize = 6;
/// How often a way back may be taken.
pub const REPEATS_MAX: u8 = 10;
/// A key of a step, an end, a field or an option.
pub const KEY_CHARS_MAX: usize = 40;
/// A name, a label, an option's text.
pub const NAME_CHARS_MAX: usize = 120;
/// Help to a guide, a public text, a description.
pub const TEXT_CHARS_MAX: usize = 2_000;
/// A letter's body.
pub const LETTER_CHARS_MAX: usize = 8_000;
/// A condition.
pub const CONDITION_CHARS_MAX: usize = 500;
/// How deep a condition's brackets go.
pub const CONDITION_DEPTH_MAX: usize = 16;
/// What is written in a text field, at most.
pub const ANSWER_CHARS_MAX: usize = 4_000;
/// Why a step is skipped.
pub const REASON_CHARS_MAX: usize = 500;
/// Faults told of one definition; who has mended these sees the next.
pub const FAULTS_MAX: usize = 30;
/// A term in working days or days.
pub const DUE_DAYS_MAX: u16 = 250;
/// A term in hours.
pub const DUE_HOURS_MAX: u16 = 240;
/// A term in minutes.
pub const DUE_MINUTES_MAX: u16 = 1_440;
/// What happens in one process, all told.
pub const ACTS_MAX: usize = 1_000;
/// A booked time, in minutes.
pub const SLOT_MINUTES_MAX: u16 = 480;
/// How many may have the same time.
pub const CAPACITY_MAX: u16 = 200;
/// How far ahead a time is booked, in days.
pub const BOOKING_DAYS_AHEAD_MAX: u16 = 400;
/// Days a calendar is closed, all told.
pub const BLOCKED_DAYS_MAX: usize = 400;
/// How long the link to a step or a booking holds, in days.
pub const LINK_DAYS: i64 = 180;
