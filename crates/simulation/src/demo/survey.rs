//! A resident who is rung up and asked how it was.

use super::dice::Dice;
use super::pace;
use super::stage::Stage;
use std::sync::Arc;
use std::time::Duration;
use telephony::driver::conversation::{Conversation, ConversationEvent};
use telephony::protocol::dtmf::Digit;
use telephony::softphone::IncomingCall;
use vocabulary::SignedDuration;

/// Of a hundred who are rung up, so many answer the telephone.
const ANSWER_PERCENT: u32 = 70;
/// Of a hundred who answer, so many hang up without answering the questions.
const HANG_UP_PERCENT: u32 = 15;
/// How often the keys 1 to 5 are pressed, relative to each other.
const SCORES: [u32; 5] = [3, 4, 11, 34, 48];
/// Who has pressed so many keys has been asked everything, some of it twice.
const KEYS_MAX: u32 = 14;
/// The introduction is heard out; then each question takes a while.
const INTRODUCTION: SignedDuration = SignedDuration::from_secs(13);
const THINKS: SignedDuration = SignedDuration::from_secs(5);
/// However fast the clock runs, a key takes this long to press and be heard.
const KEY_REAL_MIN: Duration = Duration::from_millis(350);

/// Takes the call, or does not; answers the questions, or does not.
pub(crate) async fn answer(stage: Arc<Stage>, dice: Dice, mut call: IncomingCall) {
    let clock = &*stage.handles.clock;
    call.ring();
    if !dice.percent(ANSWER_PERCENT) {
        call.cancelled().await;
        return;
    }
    tokio::select! {
        () = call.cancelled() => return,
        () = pace::sleep(clock, dice.seconds(3, 9)) => {}
    }
    let Some(mut conversation) = call.answer() else { return };
    let hangs_up = dice.percent(HANG_UP_PERCENT);
    let mut keys = 0;
    let mut pause = Box::pin(tokio::time::sleep(clock.real(INTRODUCTION).max(KEY_REAL_MIN)));
    while keys < KEYS_MAX {
        tokio::select! {
            event = conversation.next() => if matches!(event, ConversationEvent::Ended(_)) { return },
            () = &mut pause => {
                if hangs_up {
                    break;
                }
                keys += 1;
                press(&conversation, &dice);
                pause = Box::pin(tokio::time::sleep(clock.real(THINKS).max(KEY_REAL_MIN)));
            }
        }
    }
    conversation.hang_up();
}

fn press(conversation: &Conversation, dice: &Dice) {
    let key =
        dice.weighted(SCORES.into_iter()).and_then(|index| ['1', '2', '3', '4', '5'].get(index).copied());
    if let Some(digit) = key.and_then(Digit::from_char) {
        conversation.press(digit);
    }
}
