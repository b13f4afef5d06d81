//! Who is let in at all, and how often: the first thing asked of every datagram.

use std::collections::HashMap;
use std::net::IpAddr;
use std::time::Instant;

/// Sources remembered; beyond that all counts begin anew, which only makes the door more patient for a moment.
const SOURCES_MAX: usize = 4_096;
/// Datagrams a second from one address that is no trunk: guides' telephones, perhaps many behind one address.
const PER_SECOND_MAX: u32 = 200;

/// So many a second, and as many at once.
#[derive(Clone, Copy, Debug)]
pub struct Bucket {
    per_second: f64,
    left: f64,
    at: Instant,
}

impl Bucket {
    /// A full bucket for `per_second` (at least 1).
    #[must_use]
    pub fn new(per_second: u32, now: Instant) -> Self {
        let per_second = f64::from(per_second.max(1));
        Self { per_second, left: per_second, at: now }
    }

    /// Takes one; false if there is none left.
    pub fn take(&mut self, now: Instant) -> bool {
        let passed = now.saturating_duration_since(self.at).as_secs_f64();
        self.at = now;
        self.left = (self.left + passed * self.per_second).min(self.per_second);
        let enough = self.left >= 1.0;
        if enough {
            self.left -= 1.0;
        }
        enough
    }
}

/// The door.
#[derive(Debug)]
pub struct Door {
    /// Who may call, and is trusted not to flood us. None: everybody.
    callers: Option<Vec<IpAddr>>,
    sources: HashMap<IpAddr, Bucket>,
}

impl Door {
    /// A door for calls from `callers` only; none lets everybody call.
    #[must_use]
    pub fn new(callers: Option<Vec<IpAddr>>) -> Self {
        let callers = callers.map(|all| all.iter().map(IpAddr::to_canonical).collect());
        Self { callers, sources: HashMap::new() }
    }

    /// Whether a call may begin from `ip`.
    #[must_use]
    pub fn may_call(&self, ip: IpAddr) -> bool {
        self.callers.as_ref().is_none_or(|callers| callers.contains(&ip.to_canonical()))
    }

    /// Whether a datagram from `ip` is looked at.
    pub fn admits(&mut self, ip: IpAddr, now: Instant) -> bool {
        if self.may_call(ip) {
            return true;
        }
        if self.sources.len() >= SOURCES_MAX && !self.sources.contains_key(&ip) {
            self.sources.clear();
        }
        self.sources.entry(ip).or_insert_with(|| Bucket::new(PER_SECOND_MAX, now)).take(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn so_many_a_second_and_no_more() {
        let start = Instant::now();
        let mut bucket = Bucket::new(5, start);
        assert_eq!((0..20).filter(|_| bucket.take(start)).count(), 5);
        let later = start + Duration::from_secs(1);
        assert_eq!((0..20).filter(|_| bucket.take(later)).count(), 5);
        let much_later = start + Duration::from_secs(100);
        assert_eq!((0..20).filter(|_| bucket.take(much_later)).count(), 5);
    }

    #[test]
    fn a_stranger_who_floods_does_not_keep_others_out() {
        let now = Instant::now();
        let trunk: IpAddr = [10, 0, 0, 1].into();
        let mut door = Door::new(Some(vec![trunk]));
        let (flood, guide): (IpAddr, IpAddr) = ([192, 0, 2, 1].into(), [192, 0, 2, 2].into());
        assert_eq!((0..1000).filter(|_| door.admits(flood, now)).count(), 200);
        assert!(door.admits(guide, now) && !door.may_call(guide));
        assert!(
            (0..1000).all(|_| door.admits(trunk, now)) && door.may_call("::ffff:10.0.0.1".parse().unwrap())
        );
        for n in 0..10_000_u32 {
            door.admits(IpAddr::V4(n.into()), now);
        }
        assert!(door.sources.len() <= SOURCES_MAX);
    }
}
