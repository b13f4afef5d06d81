//! What simulated guides do when they are not on the telephone: answer e-mails, serve visitors at the desk, and tell
//! residents what officers have answered.

use super::dice::Dice;
use super::log;
use super::stage::Stage;
use crate::residents;
use cases::commands::{TaskEnd, complete_task};
use cases::{CasesError, TaskKind, Viewer};
use contacts::{ContactsError, Register};
use vocabulary::{Actor, AnswerGroupId, AwayReason, Channel, ContactId, SignedDuration, Timestamp, UserId};

/// A task stands this long before a simulated guide takes it, so that a person has the chance.
const TASK_AGE_MIN: SignedDuration = SignedDuration::from_mins(90);
/// How many tasks are looked through for one to take.
const TASKS_LOOKED_AT_MAX: usize = 50;
/// Of a hundred written contacts, so many come by the form on the web.
const WEB_PERCENT: u32 = 30;
/// Of a hundred turns at e-mail, so many are spent on the list of tasks.
const TASK_PERCENT: u32 = 45;

/// How long one piece of side work takes.
pub(crate) fn takes(dice: &Dice) -> SignedDuration {
    dice.seconds(6 * 60, 18 * 60)
}

/// Does one piece of what there is to do while away for `reason`.
pub(crate) async fn work(stage: &Stage, dice: &Dice, guide: UserId, reason: AwayReason) {
    let group = stage.handles.floor.snapshot().guide(guide).and_then(|view| Some(view.skills.first()?.group));
    match reason {
        AwayReason::Admin if dice.percent(TASK_PERCENT) => {
            if let Err(error) = tell_resident(stage, dice, guide).await {
                tracing::debug!(%error, "a simulated guide could not finish a task");
            }
        }
        AwayReason::Admin => {
            let channel = if dice.percent(WEB_PERCENT) { Channel::Web } else { Channel::Email };
            serve(stage, dice, guide, group, channel).await;
        }
        AwayReason::Desk => serve(stage, dice, guide, group, Channel::Visit).await,
        _ => {}
    }
}

/// A contact in another channel than the telephone.
async fn serve(stage: &Stage, dice: &Dice, guide: UserId, group: Option<AnswerGroupId>, channel: Channel) {
    let Some(matter) = residents::matter(&stage.handles.town, dice) else { return };
    let Some(number) = dice.pick(&stage.residents).map(|resident| resident.number.clone()) else { return };
    let context = stage.context(Actor::User(guide), dice);
    let waited = if channel == Channel::Visit { dice.seconds(60, 600) } else { dice.seconds(600, 7_200) };
    let arrived_at = context.now.saturating_sub(waited).ok();
    let registered = stage.handles.db.write(move |s| {
        let resident = people::residents::queries::by_telephone(s, &number)?.map(|resident| resident.id);
        let guide = Some(guide);
        let cmd = Register { channel, resident, group, guide, arrived_at, logged: None, note: String::new() };
        Ok::<ContactId, ContactsError>(contacts::commands::register(s, &context, &cmd)?.id)
    });
    match registered.await {
        Ok(contact) => log::after_contact(stage, dice, guide, contact, &matter).await,
        Err(error) => tracing::debug!(%error, "a simulated guide could not register a contact"),
    }
}

/// Tells a resident what an officer has answered: the oldest task of that kind that has stood for a while.
async fn tell_resident(stage: &Stage, dice: &Dice, guide: UserId) -> Result<(), CasesError> {
    let context = stage.context(Actor::User(guide), dice);
    let settings = stage.handles.cases.clone();
    let viewer = Viewer::of(context.actor);
    let ripe_from = context.now.saturating_sub(TASK_AGE_MIN).unwrap_or(Timestamp::MIN);
    stage
        .handles
        .db
        .write(move |s| {
            let tasks = cases::queries::open_tasks(s, viewer, TASKS_LOOKED_AT_MAX)?;
            let ripe = |created_at: Timestamp| created_at <= ripe_from;
            let Some(task) = tasks.iter().find(|t| t.kind == TaskKind::TellResident && ripe(t.created_at))
            else {
                return Ok(());
            };
            let note = "Uppringd och har fått svaret.".to_owned();
            complete_task(s, &context, &settings, task.id, &TaskEnd::ResidentTold { note }).map(drop)
        })
        .await
}
