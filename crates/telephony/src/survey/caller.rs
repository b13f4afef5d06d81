//! Rings a resident up over the trunk and conducts the survey: the thin part, with the telephone in its hand.

use super::protocol::{Input, Output, Part, Survey, SurveyOutcome, SurveyScript};
use crate::driver::conversation::{Conversation, ConversationEvent, Line, Number};
use crate::driver::media::Playlist;
use crate::protocol::g711::Sound;
use std::time::Duration;
use tokio::time::Instant;
use vocabulary::{Clock, SignedDuration};

/// However fast the clock runs, a person (or the simulation's) needs this long to press a key.
const ANSWER_WAIT_REAL_MIN: Duration = Duration::from_secs(2);
/// However fast the clock runs, this long it rings.
const RING_REAL_MIN: Duration = Duration::from_secs(3);

/// How long things are waited for in a survey call, in the clock's time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SurveyPatience {
    /// How long it rings.
    pub ring_max: SignedDuration,
    /// How long an answer is waited for after the question.
    pub answer_wait: SignedDuration,
}

impl Default for SurveyPatience {
    /// Half a minute of ringing, and seven seconds to find the key.
    fn default() -> Self {
        Self { ring_max: SignedDuration::from_secs(30), answer_wait: SignedDuration::from_secs(7) }
    }
}

/// What is waited for, besides events.
#[derive(Clone, Copy)]
enum Deadline {
    /// Somebody to take the call.
    Taken(Instant),
    /// An answer, with the wait's token.
    Answer(Instant, u64),
    /// Nothing: something plays.
    None,
}

/// Rings `number` up and asks. Returns when the call is over; dropping the future hangs up.
pub async fn survey_call(
    line: &Line,
    number: Number,
    script: &SurveyScript,
    patience: SurveyPatience,
    clock: &dyn Clock,
) -> SurveyOutcome {
    let Ok(mut conversation) = line.place(number, Vec::new()) else { return SurveyOutcome::Unreached };
    let mut survey = Survey::new(script.questions.iter().map(|(parameter, _)| *parameter).collect());
    let mut deadline = Deadline::Taken(Instant::now() + clock.real(patience.ring_max).max(RING_REAL_MIN));
    // The tokens of what plays: the conversation's, and the survey's.
    let mut playing = (0, 0);
    loop {
        let input = tokio::select! {
            event = conversation.next() => match event {
                ConversationEvent::Answered => Input::Taken,
                ConversationEvent::Digit(digit) => Input::Key(digit),
                ConversationEvent::Played(token) if token == playing.0 => Input::Played(playing.1),
                ConversationEvent::Ended(_) => Input::HungUp,
                ConversationEvent::Ringing | ConversationEvent::Played(_) | ConversationEvent::Referred(_) => continue,
            },
            input = deadline.over() => input,
        };
        survey.handle(input);
        while let Some(output) = survey.poll() {
            match output {
                Output::Play { token, parts } => {
                    deadline = Deadline::None;
                    playing = (play(&mut conversation, script, &parts, clock), token);
                }
                Output::Wait { token } => {
                    let wait = clock.real(patience.answer_wait).max(ANSWER_WAIT_REAL_MIN);
                    deadline = Deadline::Answer(Instant::now() + wait, token);
                }
                // The conversation hangs up when it is let go, which `Finished` does at once.
                Output::HangUp => {}
                Output::Finished(outcome) => return outcome,
            }
        }
    }
}

fn play(conversation: &mut Conversation, script: &SurveyScript, parts: &[Part], clock: &dyn Clock) -> u64 {
    let once: Vec<Sound> = parts.iter().filter_map(|part| script.sound(*part)).collect();
    let length: Duration = once.iter().map(Sound::duration).sum();
    let cut_after = SignedDuration::try_from(length).ok().map(|length| clock.real(length));
    conversation.play(Playlist { once, looped: None, cut_after })
}

impl Deadline {
    /// Waits for it; forever if there is none.
    async fn over(self) -> Input {
        match self {
            Self::Taken(at) => {
                tokio::time::sleep_until(at).await;
                Input::NotTaken
            }
            Self::Answer(at, token) => {
                tokio::time::sleep_until(at).await;
                Input::TimedOut(token)
            }
            Self::None => std::future::pending().await,
        }
    }
}
