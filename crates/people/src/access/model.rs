//! Sessions and throttles: pure rules.

use std::net::IpAddr;
use vocabulary::{SessionId, SignedDuration, Timestamp};

use crate::policy::Who;
use crate::users::User;

/// A session ends this long after sign-in, however busy.
pub const SESSION_ABSOLUTE_MAX: SignedDuration = SignedDuration::from_hours(12);
/// A session ends when it has not been used for this long.
pub const SESSION_IDLE_MAX: SignedDuration = SignedDuration::from_hours(2);
/// That a session is used is written down at most this often.
pub const SESSION_TOUCH_EVERY: SignedDuration = SignedDuration::from_mins(1);
/// How long failed attempts count.
pub const THROTTLE_WINDOW: SignedDuration = SignedDuration::from_mins(15);
/// Failed attempts for one sign-in name within the window; one more is refused unheard.
pub const FAILURES_PER_NAME_MAX: u32 = 5;
/// Failed attempts from one address within the window.
pub const FAILURES_PER_ADDRESS_MAX: u32 = 20;

/// A session as stored, without its token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// Id: what form tokens are derived from.
    pub id: SessionId,
    /// When it was signed in.
    pub created_at: Timestamp,
    /// When it was last seen, within [`SESSION_TOUCH_EVERY`].
    pub last_seen_at: Timestamp,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
}

impl SessionRow {
    /// Whether it still holds.
    #[must_use]
    pub fn holds(&self, now: Timestamp) -> bool {
        now < self.expires_at && now.duration_since(self.last_seen_at) < SESSION_IDLE_MAX
    }

    /// Whether it is time to write down that it was seen.
    #[must_use]
    pub fn touch_due(&self, now: Timestamp) -> bool {
        now.duration_since(self.last_seen_at) >= SESSION_TOUCH_EVERY
    }
}

/// Somebody signed in, as a request finds them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedIn {
    /// The session.
    pub session: SessionRow,
    /// Who; the role is today's, not the one at sign-in.
    pub user: User,
}

impl SignedIn {
    /// For the policy.
    #[must_use]
    pub fn who(&self) -> Who {
        Who::User { id: self.user.id, role: self.user.role }
    }
}

/// Failed attempts under one key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Throttle {
    /// Attempts in the window that failed or are not decided yet.
    pub failures: u32,
    /// When the window began.
    pub window_began_at: Timestamp,
}

impl Throttle {
    /// Counts an attempt before it is tried, as if it had failed; so that attempts at the same time cannot pass the
    /// limit together.
    ///
    /// # Errors
    /// The limit is reached; how long until the window ends (more than zero).
    pub fn reserve(before: Option<Self>, now: Timestamp, failures_max: u32) -> Result<Self, SignedDuration> {
        match before {
            Some(t) if now.duration_since(t.window_began_at) < THROTTLE_WINDOW => {
                if t.failures >= failures_max {
                    // A clock set back must not lock anybody out for longer than a window.
                    return Err(
                        (THROTTLE_WINDOW - now.duration_since(t.window_began_at)).min(THROTTLE_WINDOW)
                    );
                }
                Ok(Self { failures: t.failures + 1, ..t })
            }
            _ => Ok(Self { failures: 1, window_began_at: now }),
        }
    }
}

/// What of an address counts as one source: an IPv4 address, or the /64 an IPv6 host can choose freely within.
#[must_use]
pub(super) fn source(address: IpAddr) -> [u8; 16] {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.to_ipv6_mapped().octets(),
        IpAddr::V6(v6) => (v6.to_bits() & !u128::from(u64::MAX)).to_be_bytes(),
    }
}
