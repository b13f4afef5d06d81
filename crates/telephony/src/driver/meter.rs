//! Listening to what is heard: softphones tell by it whom they hear.

use super::leg::{Leg, LegCounts};
use crate::protocol::dtmf::Digit;
use crate::protocol::g711::{FRAME_SAMPLES, Frame, Law, SAMPLE_RATE_HZ};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

/// How much of the latest sound is kept: half a second.
const KEPT_SAMPLES: usize = SAMPLE_RATE_HZ as usize / 2;
/// A frame above this root mean square level is something, not silence (comfort noise is below).
pub const LOUD_LEVEL: f64 = 500.0;

#[derive(Debug, Default)]
struct Heard {
    latest: VecDeque<i16>,
    frames: u64,
    loud_frames: u64,
    counts: LegCounts,
}

/// What has been heard on a leg. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Meter(Arc<Mutex<Heard>>);

impl Meter {
    fn with<T>(&self, f: impl FnOnce(&mut Heard) -> T) -> T {
        f(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn note(&self, frame: Option<&Frame>, counts: LegCounts) {
        self.with(|heard| {
            heard.counts = counts;
            let Some(frame) = frame else { return };
            heard.frames += 1;
            heard.loud_frames += u64::from(frame.level() > LOUD_LEVEL);
            heard.latest.extend(frame.bytes.iter().map(|b| frame.law.decode(*b)));
            let over = heard.latest.len().saturating_sub(KEPT_SAMPLES);
            heard.latest.drain(..over);
        });
    }

    /// Frames of 20 ms heard, silent ones too.
    #[must_use]
    pub fn frames(&self) -> u64 {
        self.with(|heard| heard.frames)
    }

    /// Frames that were not silent.
    #[must_use]
    pub fn loud_frames(&self) -> u64 {
        self.with(|heard| heard.loud_frames)
    }

    /// Packets received and sent.
    #[must_use]
    pub fn counts(&self) -> LegCounts {
        self.with(|heard| heard.counts)
    }

    /// Forgets the latest sound, so that what comes is measured alone.
    pub fn reset(&self) {
        self.with(|heard| heard.latest.clear());
    }

    /// How much of the latest half second is a tone of `frequency_hz`, 0 to 1 (Goertzel's algorithm). Zero until enough
    /// has been heard (0.2 s), and in silence.
    #[must_use]
    pub fn tone(&self, frequency_hz: f64) -> f64 {
        let samples: Vec<f64> = self.with(|heard| heard.latest.iter().map(|s| f64::from(*s)).collect());
        let energy: f64 = samples.iter().map(|s| s * s).sum();
        #[expect(clippy::cast_precision_loss, reason = "at most 4000")]
        let n = samples.len() as f64;
        if samples.len() < 10 * FRAME_SAMPLES || energy < n * LOUD_LEVEL * LOUD_LEVEL {
            return 0.0;
        }
        let coefficient = 2.0 * (std::f64::consts::TAU * frequency_hz / f64::from(SAMPLE_RATE_HZ)).cos();
        let (s1, s2) = samples.iter().fold((0.0, 0.0), |(s1, s2), x| (x + coefficient * s1 - s2, s1));
        let power = s1 * s1 + s2 * s2 - coefficient * s1 * s2;
        (2.0 * power / (n * energy)).clamp(0.0, 1.0)
    }
}

/// A leg that is listened to.
pub struct MeteredLeg {
    leg: Box<dyn Leg>,
    meter: Meter,
}

impl MeteredLeg {
    /// Lets `meter` hear what `leg` hears.
    #[must_use]
    pub fn new(leg: Box<dyn Leg>, meter: Meter) -> Self {
        Self { leg, meter }
    }
}

impl Leg for MeteredLeg {
    fn poll(&mut self, now: Instant) {
        self.leg.poll(now);
    }

    fn take_frame(&mut self) -> Option<Frame> {
        let frame = self.leg.take_frame();
        self.meter.note(frame.as_ref(), self.leg.counts());
        frame
    }

    fn take_digit(&mut self) -> Option<Digit> {
        self.leg.take_digit()
    }

    fn send(&mut self, frame: &Frame, now: Instant) {
        self.leg.send(frame, now);
    }

    fn press(&mut self, digit: Digit) {
        self.leg.press(digit);
    }

    fn law(&self) -> Law {
        self.leg.law()
    }

    fn last_heard(&self) -> Option<Instant> {
        self.leg.last_heard()
    }

    fn expects_sound(&self) -> bool {
        self.leg.expects_sound()
    }

    fn counts(&self) -> LegCounts {
        self.leg.counts()
    }

    fn renegotiate(&mut self, offer: &[u8]) -> Option<String> {
        self.leg.renegotiate(offer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::g711::Sound;

    #[test]
    fn a_tone_is_told_from_another_and_from_silence() {
        let meter = Meter::default();
        let sound = Sound::tone(440.0, 1000);
        for n in 0..sound.frames() {
            meter.note(sound.frame(n, Law::A).as_ref(), LegCounts::default());
        }
        assert!(meter.tone(440.0) > 0.9 && meter.tone(700.0) < 0.1);
        assert_eq!((meter.frames(), meter.loud_frames()), (50, 50));
        meter.reset();
        for _ in 0..50 {
            meter.note(Some(&Frame::silence(Law::A)), LegCounts::default());
        }
        assert!(meter.tone(440.0) < 0.01);
    }
}
