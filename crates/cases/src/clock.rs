//! The clock on an officer's answer, as pure functions: when it is due, when reminders go, when somebody phones, and
//! when the department's contact is told.
//!
//! Everything is counted in Swedish working days from the day the question was sent, and happens at 08:00 local time.
//! "Need more time" moves the whole clock, waiting for the resident stops it, an answer ends it.

use std::fmt;
use std::str::FromStr;
use vocabulary::civil::Date;
use vocabulary::{
    SignedDuration, Timestamp, add_working_days, local_day, start_of_day, time_zone, working_days_between,
};

/// The hour of the working day, local time, at which reminders go and call tasks appear.
const HOUR_OF_DAY: i8 = 8;
/// No term is longer than this, about a year.
pub const TERM_WORKING_DAYS_MAX: u16 = 250;
/// How far ahead an officer may ask for more time.
pub const MORE_TIME_DAYS_MAX: i64 = 180;
/// How many reminders an officer gets before somebody phones instead.
const REMINDERS_MAX: u32 = 2;

/// What a department has been given to answer within. Counted in working days after the day the question was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    due: u16,
    reminder: u16,
    second_reminder: u16,
    call_task: u16,
    escalation: u16,
}

/// Terms that cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TermsError {
    /// A term outside 1 to [`TERM_WORKING_DAYS_MAX`].
    #[error("a term is 1 to {TERM_WORKING_DAYS_MAX} working days, not {0}")]
    Range(u16),
    /// Reminders, call task and escalation out of order.
    #[error("first reminder, second reminder, call task and escalation come one after the other")]
    Order,
    /// Text that is not five numbers of working days.
    #[error("terms are written as five numbers: due, reminder, second reminder, call task, escalation")]
    Unreadable,
}

impl Default for Terms {
    /// Due in 5 working days, reminders after 3 and 5, a call task after 7, the department's contact told after 10.
    fn default() -> Self {
        Self { due: 5, reminder: 3, second_reminder: 5, call_task: 7, escalation: 10 }
    }
}

impl Terms {
    /// Terms of one's own, in working days.
    ///
    /// # Errors
    /// If a term is out of range, or reminders, call task and escalation do not come in order.
    pub fn new(
        due: u16,
        reminder: u16,
        second_reminder: u16,
        call_task: u16,
        escalation: u16,
    ) -> Result<Self, TermsError> {
        for days in [due, reminder, second_reminder, call_task, escalation] {
            if !(1..=TERM_WORKING_DAYS_MAX).contains(&days) {
                return Err(TermsError::Range(days));
            }
        }
        if reminder < second_reminder && second_reminder < call_task && call_task < escalation {
            Ok(Self { due, reminder, second_reminder, call_task, escalation })
        } else {
            Err(TermsError::Order)
        }
    }

    /// The same terms with an answer due after `working_days`; held within 1 to [`TERM_WORKING_DAYS_MAX`].
    #[must_use]
    pub fn with_due(self, working_days: u16) -> Self {
        Self { due: working_days.clamp(1, TERM_WORKING_DAYS_MAX), ..self }
    }

    /// Due, reminder, second reminder, call task and escalation, in working days.
    #[must_use]
    pub const fn days(&self) -> [u16; 5] {
        [self.due, self.reminder, self.second_reminder, self.call_task, self.escalation]
    }
}

impl fmt::Display for Terms {
    /// Five numbers, a space between, as stored.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [due, reminder, second, call, escalation] = self.days();
        write!(f, "{due} {reminder} {second} {call} {escalation}")
    }
}

impl FromStr for Terms {
    type Err = TermsError;

    fn from_str(text: &str) -> Result<Self, TermsError> {
        let days: Result<Vec<u16>, _> = text.split(' ').map(str::parse).collect();
        match days.as_deref() {
            Ok(&[due, reminder, second, call, escalation]) => {
                Self::new(due, reminder, second, call, escalation)
            }
            _ => Err(TermsError::Unreadable),
        }
    }
}

/// The clock of one question to an officer, as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct FollowUpClock {
    /// The last day of the term, or the day the officer has promised.
    pub due_day: Date,
    /// The last day of the term as it was given. Pauses move it; a promise to answer later does not, or else whoever asks
    /// for more time would always have answered in time.
    pub term_day: Date,
    /// When the next reminder goes; none when none is left.
    pub reminder_at: Option<Timestamp>,
    /// Reminders sent since the clock was last set.
    pub reminders_sent: u32,
    /// When somebody is told to phone; none when that has been done.
    pub call_task_at: Option<Timestamp>,
    /// When the department's contact is told; none when that has been done.
    pub escalate_at: Option<Timestamp>,
    /// The day the officer has asked for, if more time was asked for.
    pub extended_to_day: Option<Date>,
    /// Since when the clock stands still; none when it runs.
    pub paused_at: Option<Timestamp>,
}

/// 08:00 Swedish time on `day`: when Lots does what is to be done on a day, and people read what it writes.
pub(crate) fn morning(day: Date) -> Timestamp {
    day.at(HOUR_OF_DAY, 0, 0, 0)
        .to_zoned(time_zone())
        .map_or_else(|_| start_of_day(day), |zoned| zoned.timestamp())
}

/// 08:00 on the day `working_days` after the day of `at`.
fn morning_after(at: Timestamp, working_days: u16) -> Timestamp {
    morning(add_working_days(local_day(at), working_days))
}

impl FollowUpClock {
    /// The clock of a question sent at `sent`.
    #[must_use]
    pub fn started(terms: Terms, sent: Timestamp) -> Self {
        let due_day = add_working_days(local_day(sent), terms.due);
        Self {
            due_day,
            term_day: due_day,
            reminder_at: Some(morning_after(sent, terms.reminder)),
            reminders_sent: 0,
            call_task_at: Some(morning_after(sent, terms.call_task)),
            escalate_at: Some(morning_after(sent, terms.escalation)),
            extended_to_day: None,
            paused_at: None,
        }
    }

    /// The clock after the officer has asked for time until `until`: the first reminder goes on the first working day
    /// after the promised one, and the rest follow at the same distances as before.
    #[must_use]
    pub fn extended(self, terms: Terms, until: Date, now: Timestamp) -> Self {
        let first = add_working_days(until, 1);
        let later = |days: u16| Some(morning(add_working_days(first, days - terms.reminder)));
        Self {
            due_day: until,
            term_day: add_working_days(self.term_day, self.stood_still(now)),
            reminder_at: Some(morning(first)),
            reminders_sent: 0,
            call_task_at: later(terms.call_task),
            escalate_at: later(terms.escalation),
            extended_to_day: Some(until),
            // Who promises a day knows of the pause so far; only what is still to come of it moves the promise.
            paused_at: self.paused_at.map(|_| now),
        }
    }

    /// The clock after the reminder that is due at `now` has been sent; none if no reminder is due. A reminder that
    /// should have gone long ago goes once, however many were missed.
    #[must_use]
    pub fn reminded(self, terms: Terms, now: Timestamp) -> Option<Self> {
        let planned = self.reminder_at.filter(|at| *at <= now && self.paused_at.is_none())?;
        let reminders_sent = self.reminders_sent + 1;
        let next = morning_after(planned, terms.second_reminder - terms.reminder);
        let reminder_at = Some(next).filter(|at| *at > now && reminders_sent < REMINDERS_MAX);
        Some(Self { reminder_at, reminders_sent, ..self })
    }

    /// The clock after the call task that is due at `now` has been made; none if it is not due. Nobody is reminded by
    /// e-mail of what they are about to be phoned about, so no reminder is left either.
    #[must_use]
    pub fn call_task_made(self, now: Timestamp) -> Option<Self> {
        self.call_task_at.filter(|at| *at <= now && self.paused_at.is_none())?;
        Some(Self { call_task_at: None, reminder_at: None, ..self })
    }

    /// The clock after the department's contact has been told, if that is due at `now`; none if it is not.
    #[must_use]
    pub fn escalated(self, now: Timestamp) -> Option<Self> {
        self.escalate_at.filter(|at| *at <= now && self.paused_at.is_none())?;
        Some(Self { escalate_at: None, ..self })
    }

    /// The clock of a question that has been answered or taken back: nothing rings any more.
    #[must_use]
    pub const fn ended(self) -> Self {
        Self { reminder_at: None, call_task_at: None, escalate_at: None, paused_at: None, ..self }
    }

    /// The clock stopped at `now`. Stopping it again changes nothing.
    #[must_use]
    pub fn paused(self, now: Timestamp) -> Self {
        Self { paused_at: self.paused_at.or(Some(now)), ..self }
    }

    /// The working days the clock has stood still by `now`.
    fn stood_still(&self, now: Timestamp) -> u16 {
        let days = self.paused_at.map_or(0, |since| working_days_between(local_day(since), local_day(now)));
        u16::try_from(days).unwrap_or(TERM_WORKING_DAYS_MAX)
    }

    /// The clock running again from `now`: all that was left moves by the working days it stood still, and nothing
    /// falls due before the next working morning.
    #[must_use]
    pub fn resumed(self, now: Timestamp) -> Self {
        if self.paused_at.is_none() {
            return self;
        }
        let stood_still = self.stood_still(now);
        let moved = |at: Timestamp| match morning_after(at, stood_still) {
            later if later > now => later,
            _ => morning_after(now, 1),
        };
        let extended_to_day = self.extended_to_day.map(|day| add_working_days(day, stood_still));
        Self {
            due_day: add_working_days(self.due_day, stood_still),
            term_day: add_working_days(self.term_day, stood_still),
            reminder_at: self.reminder_at.map(moved),
            call_task_at: self.call_task_at.map(moved),
            escalate_at: self.escalate_at.map(moved),
            extended_to_day,
            paused_at: None,
            ..self
        }
    }
}

/// Whether `until` is a day an officer may ask for at `now`: after today, at most [`MORE_TIME_DAYS_MAX`] days ahead.
#[must_use]
pub fn may_extend_to(now: Timestamp, until: Date) -> bool {
    until > local_day(now) && until <= last_day_to_ask_for(now)
}

/// The last day an officer may ask for at `now`.
#[must_use]
pub fn last_day_to_ask_for(now: Timestamp) -> Date {
    local_day(now).checked_add(SignedDuration::from_hours(24 * MORE_TIME_DAYS_MAX)).unwrap_or(Date::MAX)
}

#[cfg(test)]
#[path = "clock_tests.rs"]
mod tests;
