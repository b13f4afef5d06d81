//! How much there may be of everything.

use vocabulary::SignedDuration;

/// Longest title of a crisis or of what is said in it.
pub const TITLE_CHARS_MAX: usize = 120;
/// Longest text for the public site and for guides.
pub const TEXT_CHARS_MAX: usize = 2_000;
/// Longest text read to callers: a minute and a half is as long as anybody listens.
pub const SPOKEN_CHARS_MAX: usize = 1_000;
/// Longest name of a template.
pub const NAME_CHARS_MAX: usize = 80;
/// Longest words about when somebody can come.
pub const AVAILABILITY_CHARS_MAX: usize = 200;
/// Most people on the call-in list.
pub const PEOPLE_MAX: usize = 200;
/// Most templates.
pub const TEMPLATES_MAX: usize = 100;
/// Most crises that go on at a time.
pub const LIVE_MAX: usize = 5;
/// Most crises and periods read for a page.
pub const PERIODS_MAX: u32 = 500;
/// Most lines of the log on a page.
pub const LOG_LINES_SHOWN: u32 = 200;
/// Most lines of the log in a file.
pub const LOG_LINES_MAX: u32 = 10_000;
/// How long the link in a text message to hourly staff holds.
pub const LINK_HOLDS: SignedDuration = SignedDuration::from_hours(24);
/// Who has not been seen for this long is not on duty.
pub const ON_DUTY_SEEN_WITHIN: SignedDuration = SignedDuration::from_mins(30);
/// The longest a crisis' period may be.
pub const PERIOD_MAX: SignedDuration = SignedDuration::from_hours(24 * 366);
