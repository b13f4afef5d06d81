//! Sound files: RIFF WAVE, 16-bit linear PCM, mono, 8 kHz, and nothing else, so that what is heard is what was recorded.

use super::g711::SAMPLE_RATE_HZ;

/// The longest sound, in samples: ten minutes.
const SAMPLES_MAX: usize = 10 * 60 * SAMPLE_RATE_HZ as usize;

/// Why a file is not a sound that can be played.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WavError {
    /// Not RIFF WAVE, or cut off.
    #[error("not a WAV file, or cut off")]
    Form,
    /// Another encoding, rate or number of channels.
    #[error(
        "must be 16-bit PCM, one channel, 8000 Hz; is format {format}, {bits} bits, {channels} channels, {rate_hz} Hz"
    )]
    Encoding {
        /// Format code; 1 is PCM.
        format: u16,
        /// Channels.
        channels: u16,
        /// Samples a second.
        rate_hz: u32,
        /// Bits a sample.
        bits: u16,
    },
    /// No sound in it.
    #[error("the file has no sound in it")]
    Empty,
    /// Longer than ten minutes.
    #[error("the sound is longer than ten minutes")]
    TooLong,
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// The samples of a WAV file.
///
/// # Errors
/// [`WavError`] tells what to do about the file.
pub fn read(file: &[u8]) -> Result<Vec<i16>, WavError> {
    if file.get(..4) != Some(b"RIFF") || file.get(8..12) != Some(b"WAVE") {
        return Err(WavError::Form);
    }
    let (mut at, mut known_format) = (12_usize, false);
    loop {
        let id = file.get(at..at + 4).ok_or(WavError::Form)?;
        let len = u32_at(file, at + 4).and_then(|n| usize::try_from(n).ok()).ok_or(WavError::Form)?;
        let body = at + 8;
        match id {
            b"fmt " => {
                let field = |offset| u16_at(file, body + offset).ok_or(WavError::Form);
                let (format, channels, bits) = (field(0)?, field(2)?, field(14)?);
                let rate_hz = u32_at(file, body + 4).ok_or(WavError::Form)?;
                // 0xFFFE is the extensible form of the same.
                if !matches!(format, 1 | 0xFFFE) || (channels, rate_hz, bits) != (1, SAMPLE_RATE_HZ, 16) {
                    return Err(WavError::Encoding { format, channels, rate_hz, bits });
                }
                known_format = true;
            }
            b"data" if known_format => {
                // A recorder that streams does not know the length and writes the largest one.
                let end = body.saturating_add(len).min(file.len());
                let samples = file[body..end]
                    .chunks_exact(2)
                    .map(|b| i16::from_le_bytes([b[0], b[1]]))
                    .collect::<Vec<_>>();
                return match samples.len() {
                    0 => Err(WavError::Empty),
                    n if n > SAMPLES_MAX => Err(WavError::TooLong),
                    _ => Ok(samples),
                };
            }
            _ => {}
        }
        at = body.checked_add(len.next_multiple_of(2)).ok_or(WavError::Form)?;
    }
}

/// A WAV file of `samples`; tests and recordings of what was heard use it.
#[must_use]
pub fn write(samples: &[i16]) -> Vec<u8> {
    let len = u32::try_from(samples.len() * 2).unwrap_or(u32::MAX - 36);
    let mut out = Vec::with_capacity(samples.len() * 2 + 44);
    out.extend_from_slice(b"RIFF");
    out.extend_from_slice(&(len + 36).to_le_bytes());
    out.extend_from_slice(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    out.extend_from_slice(&SAMPLE_RATE_HZ.to_le_bytes());
    out.extend_from_slice(&(SAMPLE_RATE_HZ * 2).to_le_bytes());
    out.extend_from_slice(b"\x02\0\x10\0data");
    out.extend_from_slice(&len.to_le_bytes());
    out.extend(samples.iter().flat_map(|s| s.to_le_bytes()));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_written_is_read(samples in proptest::collection::vec(any::<i16>(), 1..500)) {
            prop_assert_eq!(read(&write(&samples)), Ok(samples));
        }

        #[test]
        fn noise_never_panics(head in 0_usize..50, noise in proptest::collection::vec(any::<u8>(), 0..200)) {
            let mut file = write(&[1, 2, 3]);
            file.truncate(head);
            file.extend(noise);
            read(&file).ok();
        }
    }

    #[test]
    fn other_encodings_are_named() {
        let mut file = write(&[0; 10]);
        file[24..28].copy_from_slice(&44_100_u32.to_le_bytes());
        assert!(matches!(read(&file), Err(WavError::Encoding { rate_hz: 44_100, .. })));
        assert_eq!(read(b"RIFFxxxxWAVE"), Err(WavError::Form));
    }
}
