//! Key presses as RFC 4733 telephone events.
//!
//! A key press is many packets with one RTP timestamp. Any of them may be lost, doubled or late, the last ones too, so a
//! press is reported at the first packet of a timestamp not seen before, and never again.

/// A key of a telephone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Digit(u8);

impl Digit {
    /// The key with the character `c`: `0` to `9`, `*`, `#`, `A` to `D`.
    #[must_use]
    pub fn from_char(c: char) -> Option<Self> {
        let event = "0123456789*#ABCD".find(c.to_ascii_uppercase())?;
        u8::try_from(event).ok().map(Self)
    }

    /// The key of an event code; none above 15, where the fax tones begin.
    #[must_use]
    pub const fn from_event(event: u8) -> Option<Self> {
        if event < 16 { Some(Self(event)) } else { None }
    }

    /// The event code, 0 to 15.
    #[must_use]
    pub const fn event(self) -> u8 {
        self.0
    }

    /// The character on the key.
    #[must_use]
    pub fn as_char(self) -> char {
        char::from(b"0123456789*#ABCD"[usize::from(self.0)])
    }

    /// The number on the key, if it has one.
    #[must_use]
    pub fn number(self) -> Option<u8> {
        (self.0 < 10).then_some(self.0)
    }
}

/// The payload of one event packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// The event code.
    pub event: u8,
    /// The key has been released.
    pub end: bool,
    /// For how long it has been pressed, in samples.
    pub duration: u16,
}

impl Event {
    /// Reads a payload; more than four octets (redundancy) are ignored.
    #[must_use]
    pub fn parse(payload: &[u8]) -> Option<Self> {
        let &[event, flags, d0, d1] = payload.first_chunk::<4>()?;
        Some(Self { event, end: flags & 0x80 != 0, duration: u16::from_be_bytes([d0, d1]) })
    }

    /// The payload.
    #[must_use]
    pub fn to_bytes(self) -> [u8; 4] {
        const VOLUME: u8 = 10;
        let [d0, d1] = self.duration.to_be_bytes();
        [self.event, u8::from(self.end) << 7 | VOLUME, d0, d1]
    }
}

/// Turns event packets into key presses.
#[derive(Clone, Debug, Default)]
pub struct Receiver {
    last: Option<Last>,
}

#[derive(Clone, Copy, Debug)]
struct Last {
    ssrc: u32,
    timestamp: u32,
    event: Event,
}

impl Receiver {
    /// Takes in one packet; gives the key if this is the first that is heard of its press.
    pub fn receive(&mut self, ssrc: u32, timestamp: u32, marker: bool, payload: &[u8]) -> Option<Digit> {
        let event = Event::parse(payload)?;
        let digit = Digit::from_event(event.event)?;
        let new = match self.last {
            Some(last) if last.ssrc == ssrc => {
                let ahead = timestamp.wrapping_sub(last.timestamp);
                let is_later = ahead != 0 && ahead < u32::MAX / 2;
                if ahead != 0 && !is_later {
                    return None; // A late packet of an earlier press.
                }
                // RFC 4733 section 2.5.1.3: a press longer than 65535 samples goes on under a new timestamp.
                let goes_on = last.event.event == event.event
                    && last.event.duration == u16::MAX
                    && !last.event.end
                    && !marker
                    && ahead == u32::from(u16::MAX);
                is_later && !goes_on
            }
            _ => true,
        };
        self.last = Some(Last { ssrc, timestamp, event });
        new.then_some(digit)
    }
}

/// Gives the packets of one key press, one every 20 ms.
#[derive(Clone, Debug)]
pub struct Sender {
    digit: Digit,
    sent: u16,
    packets: u16,
}

impl Sender {
    const END_PACKETS: u16 = 3;
    const STEP: u16 = 160;

    /// A press of `digit` that lasts `packets` times 20 ms (1 to 400).
    #[must_use]
    pub fn new(digit: Digit, packets: u16) -> Self {
        Self { digit, sent: 0, packets: packets.clamp(1, 400) }
    }

    /// The next packet: its payload and whether it carries the marker. None when the press is over.
    pub fn next_packet(&mut self) -> Option<([u8; 4], bool)> {
        if self.sent >= self.packets + Self::END_PACKETS {
            return None;
        }
        self.sent += 1;
        let end = self.sent > self.packets;
        let event = Event { event: self.digit.0, end, duration: self.sent.min(self.packets) * Self::STEP };
        Some((event.to_bytes(), self.sent == 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn press(digit: char) -> Vec<([u8; 4], bool)> {
        let mut sender = Sender::new(Digit::from_char(digit).unwrap(), 5);
        std::iter::from_fn(|| sender.next_packet()).collect()
    }

    #[test]
    fn a_press_ends_with_three_packets_of_the_same_length() {
        let events: Vec<Event> = press('5').iter().map(|(b, _)| Event::parse(b).unwrap()).collect();
        assert_eq!(events.len(), 8);
        assert!(events[5..].iter().all(|e| e.end && e.duration == 800));
        assert!(events[..5].iter().all(|e| !e.end));
    }

    #[test]
    fn a_long_press_is_one_press() {
        let mut receiver = Receiver::default();
        let long = Event { event: 3, end: false, duration: u16::MAX }.to_bytes();
        assert!(receiver.receive(1, 1000, true, &long).is_some());
        let rest = Event { event: 3, end: true, duration: 400 }.to_bytes();
        assert!(receiver.receive(1, 1000 + 65_535, false, &rest).is_none());
    }

    #[test]
    fn characters_and_events_agree() {
        for c in "0123456789*#ABCD".chars() {
            let digit = Digit::from_char(c).unwrap();
            assert_eq!(Digit::from_event(digit.event()).unwrap().as_char(), c);
        }
        assert!(Digit::from_event(16).is_none() && Digit::from_char('x').is_none());
    }

    proptest! {
        /// Whatever is lost or doubled, each press of which one packet arrives is heard once.
        #[test]
        fn each_press_is_heard_once(keys in "[0-9*#]{1,12}", copies in proptest::collection::vec(0_usize..3, 96), start: u32) {
            let mut receiver = Receiver::default();
            let (mut heard, mut expected) = (String::new(), String::new());
            for (n, key) in keys.chars().enumerate() {
                let timestamp = start.wrapping_add(u32::try_from(n).unwrap() * 1600);
                let mut arrived = false;
                for (m, (bytes, marker)) in press(key).into_iter().enumerate() {
                    for _ in 0..copies[n * 8 + m] {
                        arrived = true;
                        heard.extend(receiver.receive(7, timestamp, marker, &bytes).map(Digit::as_char));
                    }
                }
                if arrived { expected.push(key); }
            }
            prop_assert_eq!(heard, expected);
        }

        #[test]
        fn noise_never_panics(payload in proptest::collection::vec(any::<u8>(), 0..20), ssrc: u32, timestamp: u32) {
            Receiver::default().receive(ssrc, timestamp, false, &payload);
        }
    }
}
