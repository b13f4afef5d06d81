//! Ten years of cases, registered and solved through the commands, with the clock where they happened.

use crate::Fault;
use crate::centre::{self, Centre, furnish};
use crate::guides::{GUIDES, PASSWORD, sign_in_name};
use cases::CaseSettings;
use cases::commands::{Solve, register, solve};
use people::SigningKey;
use people::residents::commands::find_or_create_by_telephone;
use people::users::{CreateUser, GroupLevel};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use storage::{Database, Session, StorageConfig, StorageError, params, sql};
use vocabulary::{
    Actor, CaseId, CaseOutcome, Chance as _, Clock as _, Context, Language, Role, SeededChance,
    SignedDuration, SystemClock, Timestamp,
};

const RESIDENTS: usize = 60_000;
/// So many cases share a transaction while the years are made.
const CASES_PER_WRITE: usize = 2_000;
/// Every so many of them is still open: 12 000 of 1.2 million, more than a centre that keeps up has.
const OPEN_EVERY: usize = 100;
/// How many cases the guides open during the measurement.
const OPENED: usize = 2_000;
const YEARS: i64 = 10;

/// Makes `count` cases in a new database at `path`.
pub fn make(path: &Path, count: usize) -> Result<(), Fault> {
    let half = path.with_extension("half");
    let db = Database::open(&StorageConfig::Sqlite { path: half.clone() })?;
    let chance = Arc::new(SeededChance::new(3));
    let now = SystemClock.now();
    let ctx = Context::new(now, Actor::System, chance.clone());
    let (centre, signing_key) = db.write_blocking(move |s| -> Result<_, Fault> {
        let centre = furnish(s, &ctx)?;
        staff(s, &ctx)?;
        Ok((centre, SigningKey::obtain(s, &ctx)?))
    })?;
    let settings = Arc::new(settings(signing_key)?);
    // Three days before now, so that what is solved is not solved in the future.
    let end = now - SignedDuration::from_hours(72);
    let whole = SignedDuration::from_hours(YEARS * 365 * 24).as_secs();
    let apart = whole / i64::try_from(count.max(1))?;
    for first in (0..count).step_by(CASES_PER_WRITE) {
        let (centre, settings, chance) = (centre.clone(), settings.clone(), chance.clone());
        let these = first..(first + CASES_PER_WRITE).min(count);
        let when = move |n: usize| {
            end - SignedDuration::from_secs(apart * i64::try_from(count - n).unwrap_or(i64::MAX))
        };
        db.write_blocking(move |s| some_cases(s, when, &centre, &settings, &chance, these.clone()))?;
    }
    drop(db);
    std::fs::rename(&half, path)?;
    Ok(())
}

fn settings(signing_key: SigningKey) -> Result<CaseSettings, Fault> {
    Ok(CaseSettings::new("http://lots.example".parse()?, signing_key, "Vikhamn".to_owned()))
}

/// The guides, all in the group that `furnish` made.
fn staff(s: &mut Session<'_>, ctx: &Context) -> Result<(), Fault> {
    let groups = people::directory::queries::answer_groups(s)?;
    let group = groups.first().ok_or("no answer group")?.id;
    for n in 0..GUIDES {
        let sign_in = sign_in_name(n);
        let user = CreateUser {
            password: people::password::hash_new(&sign_in, PASSWORD, &*ctx.chance)?,
            name: format!("Vägledare {n}"),
            sign_in,
            role: Role::Guide,
            language: Language::Swedish,
            hourly: false,
        };
        let guide = people::users::commands::create(s, ctx, &user)?.id;
        people::users::commands::set_groups(s, ctx, guide, &[GroupLevel { group, level: 1 }])?;
    }
    Ok(())
}

fn some_cases(
    s: &mut Session<'_>,
    when: impl Fn(usize) -> Timestamp,
    centre: &Centre,
    settings: &CaseSettings,
    chance: &Arc<SeededChance>,
    these: Range<usize>,
) -> Result<(), Fault> {
    let ctx = |now| Context::new(now, Actor::User(centre.guide), chance.clone());
    for n in these {
        let number = format!("+4670{:07}", n * 7_919 % RESIDENTS);
        let resident = find_or_create_by_telephone(s, &ctx(when(n)), &number)?;
        let id = register(s, &ctx(when(n)), &centre::case(centre, n, Some(resident)))?.case.id;
        if n % OPEN_EVERY != 0 {
            let done = Solve { case_id: id, outcome: CaseOutcome::Solved, answer: String::new() };
            solve(s, &ctx(when(n) + SignedDuration::from_hours(48)), settings, &done)?;
        }
    }
    Ok(())
}

/// Cases from all the years, for the guides to open.
pub fn some_ids(storage: &StorageConfig) -> Result<Vec<CaseId>, Fault> {
    let db = Database::open(storage)?;
    let every = db.read_blocking(|s| -> Result<Vec<CaseId>, StorageError> {
        s.rows(sql!("SELECT id FROM cases ORDER BY changed_at, id"), params![], |r| r.get(0))
    })?;
    let chance = SeededChance::new(5);
    let any = |_| every[chance.below(every.len() as u64) as usize];
    Ok((0..OPENED).map(any).collect())
}
