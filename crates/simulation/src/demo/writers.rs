//! Simulated residents who write instead of calling: a letter now and then while people are awake.

use super::dice::Dice;
use super::pace;
use super::stage::Stage;
use crate::populate::written;
use crate::residents;
use correspondence::commands::receive;
use correspondence::{CorrespondenceError, queries};
use std::ops::Range;
use std::sync::Arc;
use vocabulary::{Actor, SignedDuration, time_zone};

/// How long it is between two letters, in the mean.
const BETWEEN: SignedDuration = SignedDuration::from_mins(25);
/// When people write.
const AWAKE: Range<i8> = 7..22;
/// The dice of those who write, apart from those who call.
const WRITERS: u64 = 0x6d61_696c;
/// Most characters of a story that become its subject.
const SUBJECT_CHARS: usize = 50;

/// Lets residents write. Never ends by itself.
pub(crate) async fn write(stage: Arc<Stage>) {
    let clock = stage.handles.clock.clone();
    let dice = Dice::new(stage.config.seed, WRITERS);
    loop {
        pace::sleep(&*clock, dice.exponential(BETWEEN)).await;
        if AWAKE.contains(&clock.now().to_zoned(time_zone()).hour())
            && let Err(error) = one(&stage, &dice).await
        {
            tracing::warn!(%error, "a simulated letter was not taken in");
        }
    }
}

async fn one(stage: &Stage, dice: &Dice) -> Result<(), CorrespondenceError> {
    let town = stage.handles.town.clone();
    let everybody = residents::residents(&town);
    let kinds: Vec<_> = town.case_types.iter().filter(|kind| !kind.stories.is_empty()).collect();
    let kind = dice.weighted(kinds.iter().map(|kind| kind.calls)).and_then(|place| kinds.get(place));
    let (Some(kind), Some(who)) = (kind, dice.pick(&everybody)) else { return Ok(()) };
    let Some(story) = dice.pick(&kind.stories) else { return Ok(()) };
    let street = dice.pick(&town.residents.streets).cloned().unwrap_or_default();
    let story = story.replace("{street}", &street).replace("{n}", &dice.between(1, 60).to_string());
    let subject: String = story.chars().take(SUBJECT_CHARS).collect();
    let text = format!("Hej!\n\n{story}\n\n{}", who.name);
    let (name, email) = (who.name.clone(), who.email.clone());
    let (context, settings) = (stage.context(Actor::System, dice), stage.handles.cases.clone());
    let choice = dice.between(0, u64::MAX - 1);
    stage
        .handles
        .db
        .write(move |s| -> Result<(), CorrespondenceError> {
            let mailboxes: Vec<_> =
                queries::mailboxes(s)?.into_iter().filter(|mailbox| mailbox.active).collect();
            let count = u64::try_from(mailboxes.len()).unwrap_or(1).max(1);
            let Some(mailbox) = mailboxes.get(usize::try_from(choice % count).unwrap_or(0)) else {
                return Ok(());
            };
            // The instant is part of the place, so that a demo that goes on later writes letters of its own.
            let place = format!("demo/{}/{choice}", context.now.as_microsecond());
            receive(s, &context, &settings, &written(mailbox.id, place, &name, &email, &subject, &text))?;
            Ok(())
        })
        .await
}
