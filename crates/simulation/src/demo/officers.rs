//! Simulated officers: in working hours they answer what they have been asked, each in their own time; some never do.

use super::dice::Dice;
use super::pace;
use super::stage::Stage;
use crate::town::{Answers, CaseType, Officer};
use cases::commands::{OfficerAnswer, officer_answer, officer_token};
use cases::{CasesError, FollowUp};
use std::ops::Range;
use std::sync::Arc;
use vocabulary::civil::Date;
use vocabulary::{
    Actor, Clock, GenericUuid as _, OfficerId, SignedDuration, Timestamp, add_working_days, is_working_day,
    local_day, time_zone,
};

/// How often they look at what they have been asked.
const LOOK_EVERY: SignedDuration = SignedDuration::from_mins(10);
const WORKING_HOURS: Range<i8> = 8..16;
/// How many questions one officer takes up at a time.
const QUESTIONS_MAX: u32 = 25;

/// Lets all officers work. Never ends by itself.
pub(crate) async fn work(stage: Arc<Stage>) {
    let clock = stage.handles.clock.clone();
    loop {
        if is_working_time(&*clock) {
            for officer in stage.handles.town.officers.iter().filter(|o| o.answers != Answers::Never) {
                if let Some(id) = stage.officers.get(&officer.email) {
                    look(&stage, officer, *id).await;
                }
            }
        }
        pace::sleep(&*clock, LOOK_EVERY).await;
    }
}

fn is_working_time(clock: &dyn Clock) -> bool {
    let now = clock.now().to_zoned(time_zone());
    is_working_day(now.date()) && WORKING_HOURS.contains(&now.hour())
}

/// One officer goes through what waits, and answers what is ripe.
async fn look(stage: &Stage, officer: &Officer, id: OfficerId) {
    let waiting =
        stage.handles.db.read(move |s| cases::queries::waiting_of_officer(s, id, QUESTIONS_MAX)).await;
    let waiting = match waiting {
        Ok(waiting) => waiting,
        Err(error) => {
            tracing::warn!(%error, "a simulated officer could not read the questions");
            return;
        }
    };
    let now = stage.handles.clock.now();
    for question in waiting {
        // Drawn from the question's own id, so that it is the same at each look and after a restart.
        let dice = Dice::new(stage.config.seed, question.id.into_untyped_uuid().as_u64_pair().1);
        if ripe_at(officer.answers, &question, &dice) <= now
            && let Err(error) = answer(stage, question, dice).await
        {
            tracing::debug!(%error, "a simulated officer's answer was not taken");
        }
    }
}

/// When the question is answered: a while after it was asked, or on the day the officer has promised.
fn ripe_at(answers: Answers, question: &FollowUp, dice: &Dice) -> Timestamp {
    const HOUR: u64 = 3_600;
    let after = match answers {
        Answers::Quick => dice.seconds(HOUR / 3, 5 * HOUR),
        Answers::Slow => dice.seconds(20 * HOUR, 110 * HOUR),
        Answers::Never => return Timestamp::MAX,
    };
    match question.clock.extended_to_day {
        Some(promised) => vocabulary::start_of_day(promised),
        None => question.sent_at.saturating_add(after).unwrap_or(Timestamp::MAX),
    }
}

async fn answer(stage: &Stage, question: FollowUp, dice: Dice) -> Result<(), CasesError> {
    let context = stage.context(Actor::System, &dice);
    let settings = stage.handles.cases.clone();
    let town = stage.handles.town.clone();
    let today = local_day(context.now);
    stage
        .handles
        .db
        .write(move |s| {
            let case =
                cases::queries::case(s, question.case_id)?.ok_or(CasesError::NotFound { what: "case" })?;
            let case_type = cases::queries::case_type(s, case.case_type_id)?;
            let in_town = case_type.and_then(|c| town.case_type(&c.code));
            let answer = say(in_town, &question, today, &dice);
            let token = officer_token(s, &settings, question.id)?;
            officer_answer(s, &context, &settings, &token, &answer)
        })
        .await
        .map(drop)
}

/// What the officer answers. Who has asked for more time does not do so again.
fn say(case_type: Option<&CaseType>, question: &FollowUp, today: Date, dice: &Dice) -> OfficerAnswer {
    let first = question.clock.extended_to_day.is_none();
    match dice.between(0, 99) {
        0..=9 if first => OfficerAnswer::MoreTime {
            until: add_working_days(today, 3),
            reason: "Jag behöver göra ett besök på plats först.".to_owned(),
        },
        10..=14 if first => OfficerAnswer::WrongRecipient {
            reason: "Det här är inte mitt område. Någon annan hos oss behöver ta det.".to_owned(),
            suggestion: String::new(),
        },
        _ => {
            let text = case_type.and_then(|c| dice.pick(&c.answers).cloned());
            OfficerAnswer::Done { text: text.unwrap_or_else(|| "Det är klart.".to_owned()), public: true }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cases::{FollowUpClock, FollowUpState, Terms};
    use vocabulary::{CaseId, FollowUpId, NewId as _, SeededChance};

    fn question(sent: &str) -> FollowUp {
        let chance = SeededChance::new(1);
        let sent_at: Timestamp = sent.parse().unwrap();
        FollowUp {
            id: FollowUpId::next(sent_at, &chance),
            case_id: CaseId::next(sent_at, &chance),
            officer_id: OfficerId::next(sent_at, &chance),
            message: String::new(),
            state: FollowUpState::Waiting,
            sent_at,
            clock: FollowUpClock::started(Terms::default(), sent_at),
            answered_at: None,
            terms: Terms::default(),
            asked_resident_at: None,
        }
    }

    #[test]
    fn the_quick_answer_within_hours_and_some_never() {
        let asked = question("2026-11-03T09:00:00+01:00");
        for seed in 0..50 {
            let hours = |answers| {
                ripe_at(answers, &asked, &Dice::new(seed, 0)).duration_since(asked.sent_at).as_hours()
            };
            assert!(hours(Answers::Quick) <= 5);
            assert!((20..=110).contains(&hours(Answers::Slow)));
            assert_eq!(ripe_at(Answers::Never, &asked, &Dice::new(seed, 0)), Timestamp::MAX);
        }
    }

    #[test]
    fn most_are_done_and_nobody_asks_for_more_time_twice() {
        let mut asked = question("2026-11-03T09:00:00+01:00");
        let today = local_day(asked.sent_at);
        let done = |asked: &FollowUp| {
            (0..400)
                .filter(|seed| {
                    matches!(say(None, asked, today, &Dice::new(*seed, 9)), OfficerAnswer::Done { .. })
                })
                .count()
        };
        assert!((310..380).contains(&done(&asked)));
        asked.clock.extended_to_day = Some(today);
        assert_eq!(done(&asked), 400);
    }
}
