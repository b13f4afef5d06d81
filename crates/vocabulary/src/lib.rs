//! The words everything else is said in: typed ids, time and chance as arguments, the Swedish calendar, and the
//! enums of the glossary. This crate does no input or output and knows no other room.

mod calendar;
mod chance;
mod clock;
mod glossary;
mod ids;
mod opening;

pub use calendar::{
    DayKind, add_working_days, day_kind, is_working_day, local_day, start_of_day, working_days_between,
};
pub use chance::{Chance, SeededChance, SystemChance};
pub use clock::{Clock, ManualClock, ScaledClock, SystemClock};
pub use glossary::{
    Actor, AwayReason, CaseOutcome, CaseStatus, Channel, ContactOutcome, Language, Parameter, Priority, Role,
    SecrecyClass, UnknownWord,
};
pub use ids::*;
pub use jiff::{SignedDuration, Timestamp, civil};
pub use newtype_uuid::{GenericUuid, TypedUuid};
pub use opening::{OpeningHours, OpeningHoursError};

/// The time zone every Swedish municipality lives in.
pub const TIME_ZONE_NAME: &str = "Europe/Stockholm";

/// The time zone of [`TIME_ZONE_NAME`], from the database compiled into the binary.
///
/// # Panics
/// Never in a correct build: the bundled database holds the zone, and a test proves it.
#[must_use]
pub fn time_zone() -> jiff::tz::TimeZone {
    static ZONE: std::sync::OnceLock<jiff::tz::TimeZone> = std::sync::OnceLock::new();
    ZONE.get_or_init(|| {
        jiff::tz::TimeZone::get(TIME_ZONE_NAME).expect("the bundled tz database has Stockholm")
    })
    .clone()
}

/// Cuts an instant to whole microseconds, the precision both storage engines keep.
#[must_use]
pub fn to_stored_precision(at: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(at.as_microsecond()).unwrap_or(at)
}

mod context;
pub use context::Context;
