//! What simulated people sound like.

use crate::town::{CaseType, Town};
use std::collections::BTreeMap;
use std::path::Path;
use telephony::driver::media::Playlist;
use telephony::protocol::g711::Sound;
use telephony::protocol::wav;

const SAMPLES_PER_SECOND: usize = 8_000;
/// How long a resident listens before saying it again.
const LISTENS_SECONDS: usize = 9;
/// How long the guide's greeting takes, about; the resident speaks after it.
const GREETING_SECONDS: usize = 3;

/// The voices, ready to be played.
pub(crate) struct Voices {
    residents: BTreeMap<String, Sound>,
    fallback: Sound,
    greeting: Sound,
    look: Sound,
}

impl Voices {
    /// The recordings in `folder` that the town's case types name; tones for what is not there.
    pub fn load(folder: &Path, town: &Town) -> Self {
        let sound = |name: &str| samples(&folder.join(format!("{name}.wav")));
        let told: BTreeMap<String, Vec<i16>> = town
            .case_types
            .iter()
            .filter_map(|c| c.voice.clone())
            .filter_map(|name| Some((name.clone(), sound(&name)?)))
            .collect();
        let residents = told.iter().map(|(name, samples)| (name.clone(), speaking(samples))).collect();
        let tone = |hertz: f64| telephony::protocol::g711::tone_samples(hertz, 900);
        Self {
            residents,
            fallback: speaking(told.values().next().unwrap_or(&tone(300.0))),
            greeting: Sound::from_samples(&sound("guide-greeting").unwrap_or_else(|| tone(440.0))),
            look: Sound::from_samples(&sound("guide-look").unwrap_or_else(|| tone(500.0))),
        }
    }

    /// What is heard of a resident with such a matter: said once the guide has greeted, and again after a while.
    pub fn resident(&self, case_type: Option<&CaseType>) -> Playlist {
        let voice = case_type.and_then(|c| self.residents.get(c.voice.as_ref()?)).unwrap_or(&self.fallback);
        Playlist { once: vec![silence(GREETING_SECONDS)], looped: Some(voice.clone()), cut_after: None }
    }

    /// What is heard of a simulated guide.
    pub fn guide(&self) -> Playlist {
        Playlist {
            once: vec![self.greeting.clone(), silence(GREETING_SECONDS * 2), self.look.clone()],
            ..Playlist::default()
        }
    }
}

fn samples(path: &Path) -> Option<Vec<i16>> {
    let file = std::fs::read(path).ok()?;
    match wav::read(&file) {
        Ok(samples) => Some(samples),
        Err(error) => {
            tracing::warn!(%error, file = %path.display(), "the voice cannot be used");
            None
        }
    }
}

fn silence(seconds: usize) -> Sound {
    Sound::from_samples(&vec![0; seconds * SAMPLES_PER_SECOND])
}

/// The voice and a while of listening.
fn speaking(samples: &[i16]) -> Sound {
    let mut all = samples.to_vec();
    all.resize(samples.len() + LISTENS_SECONDS * SAMPLES_PER_SECOND, 0);
    Sound::from_samples(&all)
}
