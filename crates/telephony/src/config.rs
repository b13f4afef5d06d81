//! How the exchange is set up.

use crate::protocol::g711::Sound;
use crate::protocol::wav;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The exchange's settings.
#[derive(Clone, Debug)]
pub struct TelephonyConfig {
    /// Where SIP listens (UDP). Port 0: any.
    pub bind: SocketAddr,
    /// The address telephones and browsers are told, if it is another than that of `bind`.
    pub public_address: Option<IpAddr>,
    /// The ports for sound; `0..=0` lets the operating system choose.
    pub rtp_ports: RangeInclusive<u16>,
    /// The realm of the guides' SIP accounts.
    pub realm: String,
    /// The addresses that may send calls in.
    pub trunk_peers: Vec<IpAddr>,
    /// Where calls go out (surveys). None: none do.
    pub trunk: Option<SocketAddr>,
    /// The number calls that go out are presented with.
    pub own_number: Option<String>,
    /// The SIP URI of the switchboard. None: who cannot be served hears that, if there is a sound for it.
    pub switchboard: Option<String>,
    /// The folder with the town's own `prompt.wav`, `music.wav`, `surge.wav`, `closed.wav` and survey questions; what is
    /// not there is as shipped. None: tones.
    pub sounds: Option<PathBuf>,
    /// How long a caller or guide who was heard may be silent before being taken for lost, in real time.
    pub silence_max: Duration,
    /// Calls at a time, at most; one more is answered 503.
    pub calls_max: usize,
    /// New calls a second, at most; one more is answered 503.
    pub calls_per_second_max: u32,
    /// Threads that move sound.
    pub media_threads: usize,
    /// RFC 3261's T1; other than 500 ms only in tests.
    pub t1: Duration,
}

impl Default for TelephonyConfig {
    fn default() -> Self {
        let loopback = IpAddr::V4(Ipv4Addr::LOCALHOST);
        Self {
            bind: SocketAddr::new(loopback, 5060),
            public_address: None,
            rtp_ports: 20_000..=24_999,
            realm: "lots".to_owned(),
            trunk_peers: vec![loopback],
            trunk: None,
            own_number: None,
            switchboard: None,
            sounds: None,
            silence_max: Duration::from_secs(15),
            calls_max: 500,
            calls_per_second_max: 100,
            media_threads: 2,
            t1: Duration::from_millis(500),
        }
    }
}

/// A sound file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SoundError {
    /// It cannot be read.
    #[error("the sound file {0} cannot be read: {1}")]
    Read(PathBuf, std::io::Error),
    /// It is no sound that can be played.
    #[error("the sound file {0} cannot be used: {1}")]
    Wav(PathBuf, wav::WavError),
}

/// The recordings that come with the program.
macro_rules! shipped {
    ($($name:literal)*) => {
        &[$(($name, include_bytes!(concat!("../../../sounds/", $name, ".wav")))),*]
    };
}
const SHIPPED: &[(&str, &[u8])] = shipped! {
    "prompt" "music" "surge" "closed" "survey-intro" "survey-engagement" "survey-simplicity" "survey-overall"
    "survey-knowledge" "survey-answering-time" "survey-resolution" "survey-repeat" "survey-thanks"
};

/// The sound called `name`: the town's own in `folder`, else the shipped one.
///
/// # Errors
/// [`SoundError`] if the town's own cannot be used, or there is neither.
pub fn sound(folder: &Path, name: &str) -> Result<Sound, SoundError> {
    let path = folder.join(format!("{name}.wav"));
    let file = match std::fs::read(&path) {
        Ok(file) => file,
        Err(error) => match SHIPPED.iter().find(|(shipped, _)| *shipped == name) {
            Some((_, shipped)) if error.kind() == std::io::ErrorKind::NotFound => shipped.to_vec(),
            _ => return Err(SoundError::Read(path, error)),
        },
    };
    let samples = wav::read(&file).map_err(|error| SoundError::Wav(path, error))?;
    Ok(Sound::from_samples(&samples))
}

/// What residents hear of the centre itself.
#[derive(Clone, Debug)]
pub struct Sounds {
    /// The prompt, before the queue.
    pub prompt: Sound,
    /// In the queue, again and again.
    pub music: Sound,
    /// The surge notice.
    pub surge: Sound,
    /// Nobody can take the call.
    pub closed: Option<Sound>,
}

impl Sounds {
    /// Tones in place of recordings: a prompt of 1.5 s, music that is a note now and then, a surge notice of 1 s.
    #[must_use]
    pub fn tones() -> Self {
        let note: Vec<i16> = [crate::protocol::g711::tone_samples(440.0, 400), vec![0; 8_000]].concat();
        Self {
            prompt: Sound::tone(520.0, 1_500),
            music: Sound::from_samples(&note),
            surge: Sound::tone(350.0, 1_000),
            closed: None,
        }
    }

    /// The recordings in `folder`; what is not there is as shipped.
    ///
    /// # Errors
    /// [`SoundError`] for a file that is there and cannot be used: a town that recorded its own prompt must be told.
    pub fn load(folder: &Path) -> Result<Self, SoundError> {
        Ok(Self {
            prompt: sound(folder, "prompt")?,
            music: sound(folder, "music")?,
            surge: sound(folder, "surge")?,
            closed: Some(sound(folder, "closed")?),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shipped_can_be_played() {
        for (name, _) in SHIPPED {
            let sound = sound(Path::new("/nowhere"), name).unwrap();
            assert!(sound.duration() > Duration::from_millis(500), "{name}");
        }
        assert!(sound(Path::new("/nowhere"), "../prompt2").is_err());
    }

    #[test]
    fn recordings_are_used_and_faulty_ones_are_named() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("prompt.wav"), wav::write(&[0; 320])).unwrap();
        let sounds = Sounds::load(folder.path()).unwrap();
        assert_eq!(sounds.prompt.frames(), 2);
        assert!(sounds.closed.is_some() && sounds.music.frames() > 10);
        std::fs::write(folder.path().join("music.wav"), b"not a sound").unwrap();
        let error = Sounds::load(folder.path()).unwrap_err().to_string();
        assert!(error.contains("music.wav"), "{error}");
    }
}
