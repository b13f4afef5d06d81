//! What a run came to, or what was wrong.

use routing::CallEnding;
use vocabulary::Timestamp;

/// How the calls ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Endings {
    /// Talked with a guide.
    pub handled: u64,
    /// Hung up in the prompt.
    pub abandoned_in_prompt: u64,
    /// Hung up in the queue.
    pub abandoned: u64,
    /// Passed to the switchboard.
    pub to_switchboard: u64,
    /// Lost in a restart.
    pub failed: u64,
}

impl Endings {
    /// All of them.
    #[must_use]
    pub fn sum(&self) -> u64 {
        self.handled + self.abandoned_in_prompt + self.abandoned + self.to_switchboard + self.failed
    }

    pub(super) fn add(&mut self, ending: CallEnding) {
        *match ending {
            CallEnding::Handled => &mut self.handled,
            CallEnding::AbandonedInPrompt => &mut self.abandoned_in_prompt,
            CallEnding::Abandoned => &mut self.abandoned,
            CallEnding::ToSwitchboard => &mut self.to_switchboard,
            CallEnding::Failed => &mut self.failed,
        } += 1;
    }
}

/// What a run came to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Report {
    /// Inputs handled.
    pub steps: u64,
    /// Different calls that reached the core.
    pub calls: u64,
    /// How they ended.
    pub endings: Endings,
    /// Times a resident was put back in the queue because a guide vanished.
    pub returned: u64,
}

impl Report {
    pub(super) fn add(&mut self, other: &Self) {
        self.steps += other.steps;
        self.calls += other.calls;
        self.returned += other.returned;
        let (sum, more) = (&mut self.endings, &other.endings);
        sum.handled += more.handled;
        sum.abandoned_in_prompt += more.abandoned_in_prompt;
        sum.abandoned += more.abandoned;
        sum.to_switchboard += more.to_switchboard;
        sum.failed += more.failed;
    }
}

/// Something that must not be, and how it came about.
#[derive(Debug, thiserror::Error)]
#[error("seed {seed}, {at}: {complaint}\n{}", steps.join("\n"))]
pub struct Breach {
    /// Repeats it.
    pub seed: u64,
    /// When it showed.
    pub at: Timestamp,
    /// What is wrong.
    pub complaint: String,
    /// The last inputs and what came out of each.
    pub steps: Vec<String>,
}
