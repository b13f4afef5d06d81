//! A resident's call: wait, talk, and be hung up on; or lose patience.

use super::dice::Dice;
use super::ongoing::{Progress, Ticket};
use super::pace;
use super::stage::Stage;
use crate::residents::Matter;
use std::sync::Arc;
use std::time::Duration;
use telephony::driver::conversation::{Conversation, ConversationEvent};
use tokio::sync::watch;
use tokio::time::Instant;
use vocabulary::SignedDuration;

/// How long a resident waits in the queue, as most do.
const PATIENCE: SignedDuration = SignedDuration::from_mins(6);
const PATIENCE_MIN: SignedDuration = SignedDuration::from_secs(40);
/// How long a resident stays when nobody hangs up, in real time: a person may think, whatever the speed of the clock.
const TALK_REAL_MAX: Duration = Duration::from_secs(20 * 60);

/// Who calls, and what about.
pub(crate) struct Caller {
    pub ticket: Ticket,
    pub progress: watch::Receiver<Progress>,
    pub matter: Arc<Matter>,
    pub dice: Dice,
}

/// Follows a call that has been placed to its end.
pub(crate) async fn call(stage: Arc<Stage>, caller: Caller, mut conversation: Conversation) {
    let Caller { ticket, mut progress, matter, dice } = caller;
    let clock = &*stage.handles.clock;
    let patience = dice.around(PATIENCE, 0.6).max(PATIENCE_MIN);
    let gives_up_at = clock.now().saturating_add(patience).unwrap_or(vocabulary::Timestamp::MAX);
    let mut talks_until: Option<Instant> = None;
    loop {
        tokio::select! {
            event = conversation.next() => match event {
                // Sent on to the switchboard: outside the demo.
                ConversationEvent::Ended(_) | ConversationEvent::Referred(_) => break,
                _ => {}
            },
            Ok(()) = progress.changed() => {
                let talks = *progress.borrow_and_update() == Progress::Talks;
                talks_until = talks.then(|| Instant::now() + TALK_REAL_MAX);
                if talks {
                    let case_type = stage.handles.town.case_type(&matter.case_type);
                    conversation.play(stage.voices.resident(case_type));
                }
            }
            () = pace::until(clock, gives_up_at), if talks_until.is_none() => break,
            () = over(talks_until), if talks_until.is_some() => break,
        }
    }
    conversation.hang_up();
    stage.ongoing.gone(ticket);
}

async fn over(deadline: Option<Instant>) {
    match deadline {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}
