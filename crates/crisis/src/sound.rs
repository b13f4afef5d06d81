//! From any WAV file to what telephones play: 16-bit PCM, one channel, 8000 samples a second. Pure and bounded: a file of
//! 60 MB is refused before a sample is read.
//!
//! Read are PCM with 8, 16, 24 and 32 bits and 32-bit floats, of 1 or 2 channels and 8 to 96 kHz: what recorders,
//! telephones and speech programs write. Resampling is by a windowed sinc (Smith, *Digital Audio Resampling*, 2002), cut
//! off below the telephone's 4 kHz so that nothing above folds down.

use std::f64::consts::PI;

/// Samples a second in what comes out.
pub const RATE_HZ: u32 = 8_000;
/// The largest file read, in bytes.
pub const FILE_BYTES_MAX: usize = 24 * 1024 * 1024;
/// The shortest and the longest sound that is worth playing, in seconds.
pub const SECONDS_MIN: f64 = 0.5;
/// A minute and a half: nobody listens longer.
pub const SECONDS_MAX: f64 = 90.0;
/// What lies below this of full scale throughout is silence.
const SILENCE: f64 = 0.003;
/// What is too quiet is raised until its highest point is here, but by no more than [`GAIN_MAX`].
const PEAK: f64 = 0.7;
const GAIN_MAX: f64 = 8.0;
/// Half the width of the filter, in samples of the lower of the two rates.
const HALF_WIDTH: f64 = 16.0;
/// Where the filter cuts off, as a share of half the lower rate.
const CUT_OFF: f64 = 0.94;

/// Why a file is not a sound that can be played to callers.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum SoundFault {
    /// Not RIFF WAVE, or cut off.
    #[error("not a WAV file, or cut off")]
    NotWav,
    /// A form of sound that is not read.
    #[error("a WAV file of a form that is not read: must be PCM, one or two channels, 8 to 96 kHz")]
    Form,
    /// Larger than is read.
    #[error("the file is too large")]
    TooLarge,
    /// Too short to be said anything.
    #[error("shorter than half a second")]
    TooShort,
    /// Longer than anybody listens.
    #[error("longer than 90 seconds")]
    TooLong,
    /// Nothing can be heard.
    #[error("nothing can be heard in it")]
    Silent,
}

impl SoundFault {
    /// A word for it, for texts and logs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotWav => "not_wav",
            Self::Form => "form",
            Self::TooLarge => "too_large",
            Self::TooShort => "too_short",
            Self::TooLong => "too_long",
            Self::Silent => "silent",
        }
    }
}

/// The WAV file for the queue made of `file`.
///
/// # Errors
/// [`SoundFault`] tells what to do about the file.
pub fn for_telephones(file: &[u8]) -> Result<Vec<u8>, SoundFault> {
    if file.len() > FILE_BYTES_MAX {
        return Err(SoundFault::TooLarge);
    }
    let read = read(file)?;
    let seconds = read.samples.len() as f64 / f64::from(read.rate_hz);
    if seconds < SECONDS_MIN {
        return Err(SoundFault::TooShort);
    }
    if seconds > SECONDS_MAX {
        return Err(SoundFault::TooLong);
    }
    let mut samples = resampled(&read.samples, read.rate_hz);
    let peak = samples.iter().fold(0.0_f64, |peak, sample| peak.max(sample.abs()));
    if peak < SILENCE {
        return Err(SoundFault::Silent);
    }
    let gain = if peak < PEAK { (PEAK / peak).min(GAIN_MAX) } else { (1.0 / peak).min(1.0) };
    samples.iter_mut().for_each(|sample| *sample *= gain);
    Ok(written(&samples))
}

/// The seconds of a WAV file that [`for_telephones`] made.
#[must_use]
pub fn seconds(wav: &[u8]) -> f64 {
    wav.len().saturating_sub(HEADER_BYTES) as f64 / 2.0 / f64::from(RATE_HZ)
}

/// The samples of a WAV file that [`for_telephones`] made; none of any other.
#[must_use]
pub fn samples(wav: &[u8]) -> Vec<i16> {
    let body = wav.get(HEADER_BYTES..).unwrap_or_default();
    body.chunks_exact(2).map(|b| i16::from_le_bytes([b[0], b[1]])).collect()
}

struct Read {
    rate_hz: u32,
    samples: Vec<f64>,
}

#[derive(Clone, Copy)]
struct Form {
    float: bool,
    channels: usize,
    rate_hz: u32,
    bytes: usize,
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn read(file: &[u8]) -> Result<Read, SoundFault> {
    if file.get(..4) != Some(b"RIFF") || file.get(8..12) != Some(b"WAVE") {
        return Err(SoundFault::NotWav);
    }
    let (mut at, mut form) = (12_usize, None);
    loop {
        let id = file.get(at..at + 4).ok_or(SoundFault::NotWav)?;
        let length = u32_at(file, at + 4).and_then(|n| usize::try_from(n).ok()).ok_or(SoundFault::NotWav)?;
        let body = at + 8;
        match id {
            b"fmt " => form = Some(form_at(file, body)?),
            b"data" => {
                let form = form.ok_or(SoundFault::NotWav)?;
                // A program that streams does not know the length and writes the largest one.
                let end = body.saturating_add(length).min(file.len());
                return Ok(Read { rate_hz: form.rate_hz, samples: mixed(&file[body..end], form) });
            }
            _ => {}
        }
        at =
            length.checked_next_multiple_of(2).and_then(|n| body.checked_add(n)).ok_or(SoundFault::NotWav)?;
    }
}

fn form_at(file: &[u8], body: usize) -> Result<Form, SoundFault> {
    let field = |offset| u16_at(file, body + offset).ok_or(SoundFault::NotWav);
    let (mut code, channels, bits) = (field(0)?, field(2)?, field(14)?);
    let rate_hz = u32_at(file, body + 4).ok_or(SoundFault::NotWav)?;
    if code == 0xFFFE {
        // The extensible form: what it really is stands first in its sub-format.
        code = field(24)?;
    }
    let known = matches!((code, bits), (1, 8 | 16 | 24 | 32) | (3, 32));
    if !known || !matches!(channels, 1 | 2) || !(8_000..=96_000).contains(&rate_hz) {
        return Err(SoundFault::Form);
    }
    Ok(Form { float: code == 3, channels: channels.into(), rate_hz, bytes: usize::from(bits / 8) })
}

/// The samples from -1 to 1, the channels mixed.
fn mixed(data: &[u8], form: Form) -> Vec<f64> {
    let one = |bytes: &[u8]| -> f64 {
        match bytes {
            [a] => (f64::from(*a) - 128.0) / 128.0,
            [a, b] => f64::from(i16::from_le_bytes([*a, *b])) / 32_768.0,
            [a, b, c] => f64::from(i32::from_le_bytes([0, *a, *b, *c])) / 2_147_483_648.0,
            [a, b, c, d] if form.float => {
                let value = f64::from(f32::from_le_bytes([*a, *b, *c, *d]));
                if value.is_finite() { value.clamp(-1.0, 1.0) } else { 0.0 }
            }
            [a, b, c, d] => f64::from(i32::from_le_bytes([*a, *b, *c, *d])) / 2_147_483_648.0,
            _ => 0.0,
        }
    };
    let channels = if form.channels == 2 { 2.0 } else { 1.0 };
    data.chunks_exact(form.bytes * form.channels)
        .map(|frame| frame.chunks_exact(form.bytes).map(one).sum::<f64>() / channels)
        .collect()
}

/// At [`RATE_HZ`].
fn resampled(samples: &[f64], rate_hz: u32) -> Vec<f64> {
    if rate_hz == RATE_HZ {
        return samples.to_vec();
    }
    let step = f64::from(rate_hz) / f64::from(RATE_HZ);
    let half = HALF_WIDTH * step;
    let length = (samples.len() as f64 / step).floor() as usize;
    (0..length)
        .map(|n| {
            let middle = n as f64 * step;
            let first = (middle - half).ceil().max(0.0) as usize;
            let last = ((middle + half).floor() as usize).min(samples.len().saturating_sub(1));
            let (mut sum, mut weight) = (0.0, 0.0);
            for (at, sample) in samples.iter().enumerate().take(last + 1).skip(first) {
                let x = (at as f64 - middle) / step;
                let window = 0.5 + 0.5 * (PI * x / HALF_WIDTH).cos();
                let w = window * sinc(CUT_OFF * x);
                sum += w * sample;
                weight += w;
            }
            if weight.abs() > 1e-9 { sum / weight } else { 0.0 }
        })
        .collect()
}

fn sinc(x: f64) -> f64 {
    if x.abs() < 1e-9 { 1.0 } else { (PI * x).sin() / (PI * x) }
}

const HEADER_BYTES: usize = 44;

fn written(samples: &[f64]) -> Vec<u8> {
    let length = u32::try_from(samples.len() * 2).unwrap_or(u32::MAX - 36);
    let mut out = Vec::with_capacity(samples.len() * 2 + HEADER_BYTES);
    out.extend_from_slice(b"RIFF");
    out.extend_from_slice(&(length + 36).to_le_bytes());
    out.extend_from_slice(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    out.extend_from_slice(&RATE_HZ.to_le_bytes());
    out.extend_from_slice(&(RATE_HZ * 2).to_le_bytes());
    out.extend_from_slice(b"\x02\0\x10\0data");
    out.extend_from_slice(&length.to_le_bytes());
    for sample in samples {
        let whole = (sample * 32_767.0).round().clamp(-32_768.0, 32_767.0) as i16;
        out.extend_from_slice(&whole.to_le_bytes());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A tone as a WAV file of any form.
    fn tone(hz: f64, rate_hz: u32, channels: u16, bits: u16, seconds: f64, loud: f64) -> Vec<u8> {
        let frames = (seconds * f64::from(rate_hz)) as usize;
        let mut data = Vec::new();
        for n in 0..frames {
            let value = loud * (2.0 * PI * hz * n as f64 / f64::from(rate_hz)).sin();
            for _ in 0..channels {
                match bits {
                    8 => data.push((value * 127.0 + 128.0) as u8),
                    16 => data.extend(((value * 32_767.0) as i16).to_le_bytes()),
                    24 => data.extend(&((value * 8_388_607.0) as i32).to_le_bytes()[..3]),
                    _ => data.extend((value as f32).to_le_bytes()),
                }
            }
        }
        let mut file = b"RIFF\xff\xff\xff\xffWAVELIST\x04\0\0\0abcdfmt \x10\0\0\0".to_vec();
        file.extend((if bits == 32 { 3_u16 } else { 1 }).to_le_bytes());
        file.extend(channels.to_le_bytes());
        file.extend(rate_hz.to_le_bytes());
        file.extend((rate_hz * u32::from(channels * bits / 8)).to_le_bytes());
        file.extend((channels * bits / 8).to_le_bytes());
        file.extend(bits.to_le_bytes());
        // As programs that write to a pipe do.
        file.extend(b"data\xff\xff\xff\x7f");
        file.extend(data);
        file
    }

    /// How strong a tone is in some samples, 0 to 1 (Goertzel).
    fn strength(samples: &[i16], hz: f64) -> f64 {
        let w = 2.0 * PI * hz / f64::from(RATE_HZ);
        let (re, im) = samples.iter().enumerate().fold((0.0, 0.0), |(re, im), (n, s)| {
            let (angle, s) = (w * n as f64, f64::from(*s) / 32_768.0);
            (re + s * angle.cos(), im + s * angle.sin())
        });
        2.0 * re.hypot(im) / samples.len() as f64
    }

    #[test]
    fn a_tone_stays_the_tone_from_every_form() {
        for (rate, channels, bits) in [
            (8_000, 1, 16),
            (22_050, 1, 16),
            (44_100, 2, 16),
            (48_000, 2, 24),
            (16_000, 1, 8),
            (96_000, 1, 32),
        ] {
            let wav = for_telephones(&tone(440.0, rate, channels, bits, 1.0, 0.8)).unwrap();
            let samples = samples(&wav);
            assert!((samples.len() as i64 - 8_000).abs() <= 1, "{rate}: {}", samples.len());
            assert!((seconds(&wav) - 1.0).abs() < 0.001);
            assert!((strength(&samples, 440.0) - 0.8).abs() < 0.03, "{rate}/{bits}");
            assert!(strength(&samples, 1_000.0) < 0.01);
        }
    }

    #[test]
    fn what_a_telephone_cannot_carry_does_not_fold_down() {
        // 7 kHz would come out as 1 kHz.
        let mixed = for_telephones(&tone(7_000.0, 44_100, 1, 16, 1.0, 0.9));
        assert!(mixed.is_err() || strength(&samples(&mixed.unwrap()), 1_000.0) < 0.05);
    }

    #[test]
    fn what_is_too_quiet_is_raised_and_what_cannot_be_heard_is_told() {
        let wav = for_telephones(&tone(440.0, 8_000, 1, 16, 1.0, 0.1)).unwrap();
        assert!((strength(&samples(&wav), 440.0) - 0.7).abs() < 0.03);
        assert_eq!(for_telephones(&tone(440.0, 8_000, 1, 16, 1.0, 0.0)), Err(SoundFault::Silent));
    }

    #[test]
    fn what_cannot_be_played_is_told() {
        assert_eq!(for_telephones(b"ID3 an mp3"), Err(SoundFault::NotWav));
        assert_eq!(for_telephones(&tone(440.0, 8_000, 1, 16, 0.2, 0.5)), Err(SoundFault::TooShort));
        assert_eq!(for_telephones(&tone(440.0, 8_000, 1, 16, 91.0, 0.5)), Err(SoundFault::TooLong));
        assert_eq!(for_telephones(&tone(440.0, 4_000, 1, 16, 1.0, 0.5)), Err(SoundFault::Form));
        assert_eq!(for_telephones(&tone(440.0, 8_000, 6, 16, 1.0, 0.5)), Err(SoundFault::Form));
        assert_eq!(for_telephones(&vec![0; FILE_BYTES_MAX + 1]), Err(SoundFault::TooLarge));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn noise_never_panics(head in 0_usize..70, noise in proptest::collection::vec(any::<u8>(), 0..300)) {
            let mut file = tone(440.0, 8_000, 1, 16, 0.6, 0.5);
            file.truncate(head);
            file.extend(noise);
            for_telephones(&file).ok();
        }
    }
}
