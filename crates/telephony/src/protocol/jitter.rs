//! Receiving sound that arrives early, late, twice, out of order or not at all.

use super::g711::{FRAME_SAMPLES, Frame, Law};
use std::collections::{BTreeMap, VecDeque};

/// Frames waited for before sound is handed on, so that packets a little late are still in time.
const PREFILL_FRAMES: usize = 2;
/// Frames kept at most; what comes on top pushes out the oldest, so that delay never grows.
const KEPT_FRAMES_MAX: usize = 10;
/// Packets held back while one before them is missing.
const HELD_PACKETS_MAX: usize = 4;
/// A jump in the sequence beyond this is a new beginning, not a loss.
const JUMP_MAX: u16 = 50;

/// Puts packets in order and hands out one frame every 20 ms.
#[derive(Clone, Debug, Default)]
pub struct JitterBuffer {
    ready: VecDeque<u8>,
    law: Option<Law>,
    held: BTreeMap<u16, Vec<u8>>, // by distance from `next`, so that wrapping does not disorder it
    next: Option<(u32, u16)>,
    playing: bool,
}

impl JitterBuffer {
    /// Takes in the payload of one packet. Doubled and too late packets are dropped.
    pub fn push(&mut self, ssrc: u32, sequence: u16, law: Law, payload: &[u8]) {
        if payload.is_empty() || payload.len() > KEPT_FRAMES_MAX * FRAME_SAMPLES {
            return;
        }
        if self.law != Some(law) {
            *self = Self { law: Some(law), ..Self::default() };
        }
        let ahead = match self.next {
            Some((from, next)) if from == ssrc => sequence.wrapping_sub(next),
            _ => 0,
        };
        let behind = 0_u16.wrapping_sub(ahead);
        if self.next.is_none_or(|(from, _)| from != ssrc) || (ahead > JUMP_MAX && behind > JUMP_MAX) {
            self.held.clear();
            self.next = Some((ssrc, sequence));
        } else if ahead > JUMP_MAX {
            return; // Late or doubled.
        } else if ahead > 0 {
            self.held.entry(ahead).or_insert_with(|| payload.to_vec());
            if self.held.len() > HELD_PACKETS_MAX {
                self.skip_gap();
            }
            return;
        }
        self.append(payload);
        self.release();
    }

    fn append(&mut self, payload: &[u8]) {
        self.ready.extend(payload);
        let over = self.ready.len().saturating_sub(KEPT_FRAMES_MAX * FRAME_SAMPLES);
        self.ready.drain(..over);
        self.advance(1);
    }

    fn advance(&mut self, by: u16) {
        if let Some((_, next)) = &mut self.next {
            *next = next.wrapping_add(by);
        }
        self.held = std::mem::take(&mut self.held)
            .into_iter()
            .filter_map(|(ahead, payload)| ahead.checked_sub(by).map(|ahead| (ahead, payload)))
            .collect();
    }

    /// Hands on what was only held back because something before it was missing.
    fn release(&mut self) {
        while let Some(payload) = self.held.remove(&0) {
            self.append(&payload);
        }
    }

    /// Gives up what is missing before the first packet held, and fills in silence for it.
    fn skip_gap(&mut self) {
        let Some(missing) = self.held.keys().next().copied() else { return };
        let silence = self.law.unwrap_or(Law::A).silence();
        let filled = usize::from(missing).min(HELD_PACKETS_MAX) * FRAME_SAMPLES;
        self.ready.extend(std::iter::repeat_n(silence, filled));
        self.advance(missing);
        self.release();
    }

    /// The next 20 ms, or none if nothing has arrived (yet).
    pub fn pop(&mut self) -> Option<Frame> {
        let law = self.law?;
        if self.ready.len() < FRAME_SAMPLES && !self.held.is_empty() {
            self.skip_gap();
        }
        let wanted = if self.playing { FRAME_SAMPLES } else { PREFILL_FRAMES * FRAME_SAMPLES };
        if self.ready.len() < wanted {
            self.playing = false;
            return None;
        }
        self.playing = true;
        let mut bytes = [0; FRAME_SAMPLES];
        for byte in &mut bytes {
            *byte = self.ready.pop_front()?;
        }
        Some(Frame { law, bytes })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn packet(n: u16) -> [u8; FRAME_SAMPLES] {
        [u8::try_from(n % 251).unwrap(); FRAME_SAMPLES]
    }

    #[test]
    fn order_is_restored_and_doubles_are_dropped() {
        let mut buffer = JitterBuffer::default();
        let mut heard = Vec::new();
        for n in [65_534_u16, 65_535, 65_535, 1, 0, 2, 65_534, 3, 4] {
            buffer.push(1, n, Law::A, &packet(n));
        }
        while let Some(frame) = buffer.pop() {
            heard.push(frame.bytes[0]);
        }
        let expected: Vec<u8> = [65_534_u16, 65_535, 0, 1, 2, 3, 4].map(|n| packet(n)[0]).to_vec();
        assert_eq!(heard, expected);
    }

    #[test]
    fn a_lost_packet_becomes_silence_and_not_a_stop() {
        let mut buffer = JitterBuffer::default();
        for n in [1, 2, 4, 5] {
            buffer.push(1, n, Law::Mu, &packet(n));
        }
        let heard: Vec<u8> = std::iter::from_fn(|| buffer.pop()).map(|f| f.bytes[0]).collect();
        assert_eq!(heard, [1, 2, Law::Mu.silence(), 4, 5]);
    }

    #[test]
    fn other_packet_lengths_give_whole_frames() {
        let mut buffer = JitterBuffer::default();
        for n in 0..4 {
            buffer.push(1, n, Law::A, &[7; 80]);
        }
        assert_eq!(std::iter::from_fn(|| buffer.pop()).count(), 2);
    }

    #[test]
    fn a_new_source_begins_anew() {
        let mut buffer = JitterBuffer::default();
        buffer.push(1, 1000, Law::A, &packet(1));
        buffer.push(2, 5, Law::A, &packet(2));
        buffer.push(2, 6, Law::A, &packet(3));
        assert_eq!(std::iter::from_fn(|| buffer.pop()).count(), 3);
    }

    proptest! {
        #[test]
        fn delay_is_bounded_and_nothing_panics(
            packets in proptest::collection::vec((any::<u32>().prop_map(|s| s % 2), any::<u16>(), any::<bool>(), 0_usize..2000), 0..200)
        ) {
            let mut buffer = JitterBuffer::default();
            for (ssrc, sequence, mu, len) in packets {
                buffer.push(ssrc, sequence, if mu { Law::Mu } else { Law::A }, &vec![1; len]);
                prop_assert!(buffer.ready.len() <= (KEPT_FRAMES_MAX + HELD_PACKETS_MAX) * FRAME_SAMPLES + 2000);
                prop_assert!(buffer.held.len() <= HELD_PACKETS_MAX + 1);
            }
            for _ in 0..40 { buffer.pop(); }
        }
    }
}
