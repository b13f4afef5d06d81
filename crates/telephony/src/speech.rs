//! Text read aloud by a program of the town's choice: the text goes in on its standard input, a WAV file comes out on its
//! standard output. It runs apart from everything else, within limits; when it fails, that is told and nothing changes.

use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::Command;

/// What is kept of what the program says of its own failure.
const WORDS_BYTES_MAX: u64 = 500;

/// A program that reads aloud.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Speaker {
    /// The program and its arguments; no shell reads them. Empty: there is none.
    pub command: Vec<String>,
    /// How long it may take.
    pub time_max: Duration,
    /// How large its file may be.
    pub bytes_max: u64,
}

impl Default for Speaker {
    fn default() -> Self {
        let command = ["espeak-ng", "-v", "sv", "--stdout"].map(str::to_owned).to_vec();
        Self { command, time_max: Duration::from_secs(10), bytes_max: 20 * 1024 * 1024 }
    }
}

/// Why nothing was read.
#[derive(Debug, thiserror::Error)]
pub enum SpeechFault {
    /// None is set up.
    #[error("no program that reads aloud is set up (telephony.speech_command)")]
    None,
    /// It cannot be started.
    #[error("{program} cannot be started: {error}")]
    Start {
        /// Which.
        program: String,
        /// Why.
        error: std::io::Error,
    },
    /// It took too long, and was ended.
    #[error("it took longer than {} s", .0.as_secs())]
    Time(Duration),
    /// It wrote more than a sound can be, and was ended.
    #[error("it wrote more than {0} bytes")]
    Size(u64),
    /// It failed.
    #[error("it failed: {0}")]
    Failed(String),
    /// Talking with it failed.
    #[error("talking with it failed: {0}")]
    Pipe(#[from] std::io::Error),
}

impl Speaker {
    /// The WAV file of `text`, as the program wrote it.
    ///
    /// # Errors
    /// [`SpeechFault`], in words for whoever set it up.
    pub async fn say(&self, text: &str) -> Result<Vec<u8>, SpeechFault> {
        let [program, arguments @ ..] = self.command.as_slice() else { return Err(SpeechFault::None) };
        let mut child = Command::new(program)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| SpeechFault::Start { program: program.clone(), error })?;
        let (mut to, from, words) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let talk = async {
            let write = async {
                if let Some(mut to) = to.take() {
                    // A program that has heard enough may close its ear; what it wrote then decides.
                    to.write_all(text.as_bytes()).await.ok();
                    to.shutdown().await.ok();
                }
            };
            let ((), wav, words) =
                tokio::join!(write, read(from, self.bytes_max + 1), read_to_the_end(words, WORDS_BYTES_MAX));
            let wav = wav?;
            if u64::try_from(wav.len()).unwrap_or(u64::MAX) > self.bytes_max {
                return Err(SpeechFault::Size(self.bytes_max));
            }
            let status = child.wait().await?;
            if !status.success() {
                return Err(SpeechFault::Failed(told(&words?, status)));
            }
            Ok(wav)
        };
        // What is dropped here is killed.
        match tokio::time::timeout(self.time_max, talk).await {
            Ok(outcome) => outcome,
            Err(_) => Err(SpeechFault::Time(self.time_max)),
        }
    }
}

/// What comes, up to `bytes_max`; the rest is not read.
async fn read(from: Option<impl AsyncRead + Unpin>, bytes_max: u64) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if let Some(from) = from {
        from.take(bytes_max).read_to_end(&mut bytes).await?;
    }
    Ok(bytes)
}

/// The beginning of what comes; the rest is let go, so that a program that says much does not stumble over it.
async fn read_to_the_end(from: Option<impl AsyncRead + Unpin>, kept_max: u64) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if let Some(mut from) = from {
        (&mut from).take(kept_max).read_to_end(&mut bytes).await?;
        tokio::io::copy(&mut from, &mut tokio::io::sink()).await?;
    }
    Ok(bytes)
}

fn told(words: &[u8], status: std::process::ExitStatus) -> String {
    let words = String::from_utf8_lossy(words);
    let line = words.lines().map(str::trim).find(|line| !line.is_empty());
    line.map_or_else(|| status.to_string(), |line| format!("{status}: {line}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn speaker(script: &str) -> Speaker {
        let command = ["sh", "-c", script].map(str::to_owned).to_vec();
        Speaker { command, time_max: Duration::from_secs(5), bytes_max: 1_000 }
    }

    #[tokio::test]
    async fn the_text_goes_in_and_the_sound_comes_out() {
        let heard = speaker("cat; printf ' sagt'").say("Många ringer").await.unwrap();
        assert_eq!(String::from_utf8(heard).unwrap(), "Många ringer sagt");
        // One that does not listen to the end is no fault; one that says much of itself neither.
        assert_eq!(
            speaker("printf hej; head -c 100000 /dev/zero >&2").say(&"x".repeat(500_000)).await.unwrap(),
            b"hej"
        );
    }

    #[tokio::test]
    async fn what_fails_is_told_in_words() {
        let fault =
            |script: &'static str| async move { speaker(script).say("hej").await.unwrap_err().to_string() };
        assert!(fault("echo 'ingen röst' >&2; exit 3").await.contains("ingen röst"));
        assert!(fault("head -c 2000 /dev/zero").await.contains("1000 bytes"));
        let none = Speaker { command: Vec::new(), ..Speaker::default() };
        assert!(matches!(none.say("hej").await, Err(SpeechFault::None)));
        let missing = Speaker { command: vec!["/nowhere/röst".to_owned()], ..Speaker::default() };
        assert!(matches!(missing.say("hej").await, Err(SpeechFault::Start { .. })));
    }

    #[tokio::test]
    async fn one_that_never_ends_is_ended() {
        let slow = Speaker { time_max: Duration::from_millis(100), ..speaker("exec sleep 60") };
        assert!(matches!(slow.say("hej").await, Err(SpeechFault::Time(_))));
    }
}
