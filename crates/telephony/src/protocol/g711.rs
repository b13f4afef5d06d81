//! G.711: the two companding laws of the telephone network, and what is made of sound in them.
//!
//! The curves are those of ITU-T G.711 (11/88), tables 1a to 2b, in the segment form of its reference implementation.

use std::sync::Arc;

/// Samples a second in every sound here.
pub const SAMPLE_RATE_HZ: u32 = 8_000;
/// Samples (and, in G.711, bytes) in one frame of 20 ms.
pub const FRAME_SAMPLES: usize = 160;
/// Length of a frame, in milliseconds.
pub const FRAME_MS: u64 = 20;

/// Which companding law a byte is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Law {
    /// A-law: Europe. RTP payload type 8, `PCMA`.
    A,
    /// Mu-law: North America and Japan. RTP payload type 0, `PCMU`.
    Mu,
}

impl Law {
    /// The static RTP payload type (RFC 3551).
    #[must_use]
    pub const fn payload_type(self) -> u8 {
        match self {
            Self::A => 8,
            Self::Mu => 0,
        }
    }

    /// The encoding name in SDP.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::A => "PCMA",
            Self::Mu => "PCMU",
        }
    }

    /// The byte that is silence.
    #[must_use]
    pub const fn silence(self) -> u8 {
        match self {
            Self::A => 0xD5,
            Self::Mu => 0xFF,
        }
    }

    /// The linear sample of a byte.
    #[must_use]
    pub fn decode(self, byte: u8) -> i16 {
        match self {
            Self::A => A_TO_LINEAR[usize::from(byte)],
            Self::Mu => MU_TO_LINEAR[usize::from(byte)],
        }
    }

    /// The byte nearest to a linear sample.
    #[must_use]
    pub const fn encode(self, sample: i16) -> u8 {
        match self {
            Self::A => linear_to_a(sample),
            Self::Mu => linear_to_mu(sample),
        }
    }
}

const fn segment(value: i32, first_end: i32) -> u8 {
    let mut segment = 0;
    let mut end = first_end;
    while segment < 8 && value > end {
        segment += 1;
        end = (end << 1) | 1;
    }
    segment
}

const fn linear_to_a(sample: i16) -> u8 {
    let scaled = (sample >> 3) as i32;
    let (mask, magnitude) = if scaled >= 0 { (0xD5_u8, scaled) } else { (0x55, -scaled - 1) };
    let segment = segment(magnitude, 0x1F);
    if segment >= 8 {
        return 0x7F ^ mask;
    }
    let shift = if segment < 2 { 1 } else { segment };
    let step = ((magnitude >> shift) & 0x0F) as u8;
    ((segment << 4) | step) ^ mask
}

const fn linear_to_mu(sample: i16) -> u8 {
    const BIAS: i32 = 0x84 >> 2;
    const CLIP: i32 = 8_159;
    let scaled = (sample >> 2) as i32;
    let (mask, magnitude) = if scaled >= 0 { (0xFF_u8, scaled) } else { (0x7F, -scaled) };
    let biased = if magnitude > CLIP { CLIP } else { magnitude } + BIAS;
    let segment = segment(biased, 0x3F);
    if segment >= 8 {
        return 0x7F ^ mask;
    }
    let step = ((biased >> (segment + 1)) & 0x0F) as u8;
    ((segment << 4) | step) ^ mask
}

#[expect(clippy::cast_possible_truncation, reason = "the largest magnitude is 32256")]
const fn a_to_linear(byte: u8) -> i16 {
    let byte = byte ^ 0x55;
    let segment = (byte & 0x70) >> 4;
    let step = ((byte & 0x0F) as i32) << 4;
    let magnitude = match segment {
        0 => step + 8,
        n => (step + 0x108) << (n - 1),
    };
    (if byte & 0x80 == 0 { -magnitude } else { magnitude }) as i16
}

#[expect(clippy::cast_possible_truncation, reason = "the largest magnitude is 32124")]
const fn mu_to_linear(byte: u8) -> i16 {
    let byte = !byte;
    let magnitude = ((((byte & 0x0F) as i32) << 3) + 0x84) << ((byte & 0x70) >> 4);
    (if byte & 0x80 == 0 { magnitude - 0x84 } else { 0x84 - magnitude }) as i16
}

const fn table(law: Law) -> [i16; 256] {
    let mut out = [0; 256];
    let mut i = 0;
    while i < 256 {
        #[expect(clippy::cast_possible_truncation, reason = "the loop ends at 256")]
        let byte = i as u8;
        out[i] = match law {
            Law::A => a_to_linear(byte),
            Law::Mu => mu_to_linear(byte),
        };
        i += 1;
    }
    out
}

const fn transcoding(from: &[i16; 256], to: Law) -> [u8; 256] {
    let mut out = [0; 256];
    let mut i = 0;
    while i < 256 {
        out[i] = to.encode(from[i]);
        i += 1;
    }
    out
}

static A_TO_LINEAR: [i16; 256] = table(Law::A);
static MU_TO_LINEAR: [i16; 256] = table(Law::Mu);
static A_TO_MU: [u8; 256] = transcoding(&table(Law::A), Law::Mu);
static MU_TO_A: [u8; 256] = transcoding(&table(Law::Mu), Law::A);

/// 20 ms of sound in G.711.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame {
    /// The law of the bytes.
    pub law: Law,
    /// The sound.
    pub bytes: [u8; FRAME_SAMPLES],
}

impl Frame {
    /// 20 ms of nothing.
    #[must_use]
    pub const fn silence(law: Law) -> Self {
        Self { law, bytes: [law.silence(); FRAME_SAMPLES] }
    }

    /// The same sound in `law`.
    #[must_use]
    pub fn in_law(mut self, law: Law) -> Self {
        let table = match (self.law, law) {
            (Law::A, Law::Mu) => &A_TO_MU,
            (Law::Mu, Law::A) => &MU_TO_A,
            _ => return self,
        };
        for byte in &mut self.bytes {
            *byte = table[usize::from(*byte)];
        }
        self.law = law;
        self
    }

    /// How loud the frame is: the root mean square of its samples, 0 to 32767.
    #[must_use]
    pub fn level(&self) -> f64 {
        let sum: f64 = self.bytes.iter().map(|b| f64::from(self.law.decode(*b)).powi(2)).sum();
        #[expect(clippy::cast_precision_loss, reason = "160 is exact")]
        let n = FRAME_SAMPLES as f64;
        (sum / n).sqrt()
    }
}

/// A sound ready to be sent: whole frames in both laws. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Sound {
    a: Arc<[u8]>,
    mu: Arc<[u8]>,
}

impl Sound {
    /// A sound of linear samples at 8 kHz; the last frame is filled up with silence.
    #[must_use]
    pub fn from_samples(samples: &[i16]) -> Self {
        let encode = |law: Law| -> Arc<[u8]> {
            let mut bytes: Vec<u8> = samples.iter().map(|s| law.encode(*s)).collect();
            bytes.resize(samples.len().next_multiple_of(FRAME_SAMPLES), law.silence());
            bytes.into()
        };
        Self { a: encode(Law::A), mu: encode(Law::Mu) }
    }

    /// A sine tone of `frequency_hz` (0 gives silence) for `duration_ms` at half volume, with soft edges.
    #[must_use]
    pub fn tone(frequency_hz: f64, duration_ms: u32) -> Self {
        Self::from_samples(&tone_samples(frequency_hz, duration_ms))
    }

    /// Number of frames of 20 ms.
    #[must_use]
    pub fn frames(&self) -> usize {
        self.a.len() / FRAME_SAMPLES
    }

    /// How long it sounds.
    #[must_use]
    pub fn duration(&self) -> std::time::Duration {
        std::time::Duration::from_millis(FRAME_MS * self.frames() as u64)
    }

    /// Frame number `index`, or none after the end.
    #[must_use]
    pub fn frame(&self, index: usize, law: Law) -> Option<Frame> {
        let all = match law {
            Law::A => &self.a,
            Law::Mu => &self.mu,
        };
        let start = index.checked_mul(FRAME_SAMPLES)?;
        let bytes = all.get(start..start.checked_add(FRAME_SAMPLES)?)?;
        Some(Frame { law, bytes: bytes.try_into().ok()? })
    }
}

/// Linear samples of a sine tone at half volume, with edges of 5 ms so that it does not click.
#[must_use]
pub fn tone_samples(frequency_hz: f64, duration_ms: u32) -> Vec<i16> {
    let samples = SAMPLE_RATE_HZ / 1000 * duration_ms;
    let edge = 40.0_f64;
    (0..samples)
        .map(|n| {
            let angle = std::f64::consts::TAU * frequency_hz * f64::from(n) / f64::from(SAMPLE_RATE_HZ);
            let from_edge = f64::from(n.min(samples - 1 - n)).min(edge) / edge;
            #[expect(clippy::cast_possible_truncation, reason = "at most 16000 by construction")]
            let sample = (angle.sin() * 16_000.0 * from_edge) as i16;
            sample
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_values_of_the_recommendation() {
        assert_eq!((Law::A.decode(0xD5), Law::A.decode(0x55)), (8, -8));
        assert_eq!((Law::A.decode(0xAA), Law::A.decode(0x2A)), (32_256, -32_256));
        assert_eq!((Law::Mu.decode(0xFF), Law::Mu.decode(0x7F)), (0, 0));
        assert_eq!((Law::Mu.decode(0x80), Law::Mu.decode(0x00)), (32_124, -32_124));
        assert_eq!((Law::A.encode(0), Law::Mu.encode(0)), (0xD5, 0xFF));
    }

    #[test]
    fn every_byte_survives_decoding_and_encoding() {
        for law in [Law::A, Law::Mu] {
            for byte in 0..=u8::MAX {
                let sample = law.decode(byte);
                assert_eq!(law.decode(law.encode(sample)), sample, "{law:?} {byte:#x}");
            }
        }
    }

    #[test]
    fn encoding_errs_by_less_than_a_step_everywhere() {
        for law in [Law::A, Law::Mu] {
            for sample in i16::MIN..=i16::MAX {
                let error = (i32::from(law.decode(law.encode(sample))) - i32::from(sample)).abs();
                assert!(error <= 16 + i32::from(sample).abs() / 16, "{law:?} {sample} errs by {error}");
            }
        }
    }

    #[test]
    fn transcoding_keeps_the_level() {
        let frame = Sound::tone(400.0, 100).frame(2, Law::A).unwrap();
        let other = frame.in_law(Law::Mu);
        assert_eq!(other.law, Law::Mu);
        assert!((frame.level() - other.level()).abs() < frame.level() / 50.0);
        assert!(frame.level() > 8_000.0 && Frame::silence(Law::Mu).level() < 10.0);
    }

    #[test]
    fn a_sound_ends_after_its_last_frame() {
        let sound = Sound::from_samples(&[1; 161]);
        assert_eq!(sound.frames(), 2);
        assert!(sound.frame(1, Law::A).is_some() && sound.frame(2, Law::Mu).is_none());
        assert!(sound.frame(usize::MAX, Law::A).is_none());
    }
}
