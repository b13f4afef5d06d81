//! The days before the demo begins, so that residents have a past and officers something to answer: made by the
//! features' own commands with the clock put back.

use super::PopulateError;
use super::past::period;
use super::place::{case_type_ids, groups};
use crate::demo::arrivals;
use crate::demo::dice::Dice;
use crate::residents::{self, Matter, Resident};
use crate::town::{Answers, CaseType, PastCrisis, Town, User};
use cases::CaseSettings;
use cases::commands::{Forward, OfficerAnswer, Origin, RegisterCase, forward, officer_answer, register};
use contacts::commands as contact;
use contacts::{Arrive, Log};
use people::residents::{Reach, find_or_create};
use routing::CallEnding;
use std::collections::BTreeMap;
use storage::Session;
use vocabulary::civil::Date;
use vocabulary::{
    Actor, AnswerGroupId, CaseTypeId, ContactId, ContactOutcome, Context, Language, OpeningHours, Role,
    SignedDuration, Timestamp, UserId, local_day, start_of_day,
};

/// How many days with opening hours are made up. More than seven working days, so that the first call tasks stand in
/// the list.
const DAYS: usize = 9;
/// How many calls an ordinary day of them has: enough for a past, not a whole town's.
const CALLS_PER_DAY: u32 = 45;
/// The dice of history; a demo's seed does not change the past.
const SEED: u64 = 1_652;
/// Of a hundred who call, so many hang up in the queue.
const ABANDONED_PERCENT: u32 = 5;
/// How long after the beginning of a crisis half of those who call about it have done so.
const CRISIS_CALL_AFTER: SignedDuration = SignedDuration::from_hours(3);

/// What history is made of.
struct Past<'a> {
    town: &'a Town,
    cases: &'a CaseSettings,
    ctx: &'a Context,
    dice: Dice,
    residents: Vec<Resident>,
    guides: BTreeMap<String, Vec<UserId>>,
    groups: BTreeMap<String, AnswerGroupId>,
    types: BTreeMap<String, CaseTypeId>,
}

/// Writes the days before `ctx.now`, and that day until then.
pub(super) fn write(
    s: &mut Session<'_>,
    ctx: &Context,
    town: &Town,
    cases: &CaseSettings,
    opening: &OpeningHours,
) -> Result<(), PopulateError> {
    let past = Past {
        town,
        cases,
        ctx,
        dice: Dice::new(SEED, 0),
        residents: residents::residents(town),
        guides: guides(s, town)?,
        groups: groups(s)?,
        types: case_type_ids(s)?,
    };
    let begin = start_of_day(first_day(local_day(ctx.now), opening));
    let next = |after: Timestamp| arrivals::next_call(&past.dice, after, CALLS_PER_DAY);
    // A call that would still be going on is left to the demo itself.
    let end = ctx.now.saturating_sub(SignedDuration::from_mins(30)).unwrap_or(ctx.now);
    let mut at = next(begin);
    while let Some(arrived) = at.filter(|at| *at < end) {
        if opening.is_open(arrived) {
            let matter = residents::matter(town, &past.dice);
            past.call(s, arrived, matter)?;
        }
        at = next(arrived);
    }
    // Dice of their own, so that a crisis more or less leaves the ordinary days as they were.
    let past = Past { dice: Dice::new(SEED, 1), ..past };
    for crisis in &town.crises {
        past.crisis_calls(s, crisis, opening)?;
    }
    Ok(())
}

/// The day on which history begins.
fn first_day(today: Date, opening: &OpeningHours) -> Date {
    const DAYS_BACK_MAX: usize = 60;
    let open = std::iter::successors(today.yesterday().ok(), |day| day.yesterday().ok())
        .take(DAYS_BACK_MAX)
        .filter(|day| opening.hours(*day).is_some());
    open.take(DAYS).last().unwrap_or(today)
}

/// The guides by their own group's code.
fn guides(s: &mut Session<'_>, town: &Town) -> Result<BTreeMap<String, Vec<UserId>>, PopulateError> {
    let mut guides: BTreeMap<String, Vec<UserId>> = BTreeMap::new();
    for User { sign_in, home, .. } in town.users.iter().filter(|user| user.role == Role::Guide) {
        if let (Some(home), Some(user)) = (home, people::users::queries::by_sign_in(s, sign_in)?) {
            guides.entry(home.clone()).or_default().push(user.id);
        }
    }
    Ok(guides)
}

impl Past<'_> {
    fn context(&self, now: Timestamp, actor: Actor) -> Context {
        Context { now, actor, chance: self.ctx.chance.clone() }
    }

    /// Those who called in a crisis besides the usual, most of them while it was new.
    fn crisis_calls(
        &self,
        s: &mut Session<'_>,
        crisis: &PastCrisis,
        opening: &OpeningHours,
    ) -> Result<(), PopulateError> {
        let Some((begins, ends)) = period(self.ctx, crisis) else { return Ok(()) };
        for _ in 0..crisis.extra_calls {
            let arrived = begins + self.dice.around(CRISIS_CALL_AFTER, 0.8);
            let about = self.dice.pick(&crisis.case_types).and_then(|code| self.town.case_type(code));
            if arrived < ends && opening.is_open(arrived) {
                self.call(s, arrived, about.map(|c| residents::matter_of(self.town, c, &self.dice)))?;
            }
        }
        Ok(())
    }

    /// One call from its arrival to what came of it.
    fn call(
        &self,
        s: &mut Session<'_>,
        arrived: Timestamp,
        matter: Option<Matter>,
    ) -> Result<(), PopulateError> {
        let Some(matter) = matter else { return Ok(()) };
        let Some((caller, group, guide)) = self.parties(&matter) else { return Ok(()) };
        let then = self.context(arrived, Actor::System);
        let number = (!matter.withheld).then(|| caller.number.clone());
        let resident = match &number {
            Some(number) => {
                let reach = Reach { telephone: Some(number.clone()), email: None };
                Some(find_or_create(s, &then, &reach, None, Language::Swedish)?.id)
            }
            None => None,
        };
        let id: ContactId = then.next_id();
        contact::arrive(
            s,
            &then,
            &Arrive { contact: id, resident, caller_number: number, group: Some(group) },
        )?;
        let queued = self.context(arrived + SignedDuration::from_secs(4), Actor::System);
        contact::mark_queued(s, &queued, id)?;
        let wait = self.dice.around(SignedDuration::from_secs(14), 0.9);
        if self.dice.percent(ABANDONED_PERCENT) {
            let left = self.context(queued.now + wait + wait, Actor::System);
            contact::mark_ended(s, &left, id, CallEnding::Abandoned, None)?;
            return Ok(());
        }
        let answered = self.context(queued.now + wait, Actor::System);
        contact::mark_answered(s, &answered, id, guide)?;
        let ended = self.context(answered.now + matter.talk, Actor::System);
        contact::mark_ended(s, &ended, id, CallEnding::Handled, Some(guide))?;
        let logged = self.context(ended.now + self.dice.seconds(10, 60), Actor::User(guide));
        self.log(s, &logged, id, &matter)
    }

    /// Who calls, the group dialled, and the guide who answers.
    fn parties(&self, matter: &Matter) -> Option<(&Resident, AnswerGroupId, UserId)> {
        let dialled = |code: &str| self.town.groups.iter().find(|g| g.dialled.as_deref() == Some(code));
        let group =
            dialled(&matter.dialled).or_else(|| self.town.groups.iter().find(|g| g.dialled.is_none()))?;
        let guide = self.dice.pick(self.guides.get(&group.code)?)?;
        Some((self.dice.pick(&self.residents)?, *self.groups.get(&group.code)?, *guide))
    }

    fn log(
        &self,
        s: &mut Session<'_>,
        ctx: &Context,
        id: ContactId,
        matter: &Matter,
    ) -> Result<(), PopulateError> {
        let (Some(case_type), Some(case_type_id)) =
            (self.town.case_type(&matter.case_type), self.types.get(&matter.case_type))
        else {
            return Ok(());
        };
        let outcome = if matter.solved { ContactOutcome::Solved } else { ContactOutcome::Forwarded };
        let log = Log { contact: id, case_type: *case_type_id, outcome, note: String::new() };
        contact::log(s, ctx, &log)?;
        if matter.solved {
            return Ok(());
        }
        let cmd = RegisterCase {
            description: matter.story.clone(),
            place: matter.place.clone(),
            ..RegisterCase::new(*case_type_id, Origin::Contact(id))
        };
        let case = register(s, ctx, &cmd)?.case;
        let ask =
            Forward { case_id: case.id, officer_id: None, message: String::new(), due_working_days: None };
        let sent = forward(s, ctx, self.cases, &ask)?;
        self.answer(s, ctx, case_type, &sent.token)
    }

    /// What the officer answered, if that was before today's beginning. The quick are done; the others are left to the
    /// demo.
    fn answer(
        &self,
        s: &mut Session<'_>,
        asked: &Context,
        case_type: &CaseType,
        token: &str,
    ) -> Result<(), PopulateError> {
        let answers = self.town.officers.iter().find(|o| o.email == case_type.officer).map(|o| o.answers);
        let after = match answers {
            Some(Answers::Quick) => self.dice.seconds(2 * 3_600, 20 * 3_600),
            Some(Answers::Slow) => self.dice.seconds(24 * 3_600, 120 * 3_600),
            Some(Answers::Never) | None => return Ok(()),
        };
        let at = asked.now + after;
        if at >= self.ctx.now {
            return Ok(());
        }
        let text = self.dice.pick(&case_type.answers).cloned().unwrap_or_default();
        let answer = OfficerAnswer::Done { text, public: true };
        officer_answer(s, &self.context(at, Actor::System), self.cases, token, &answer)?;
        Ok(())
    }
}
