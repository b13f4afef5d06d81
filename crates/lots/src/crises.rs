//! What follows from a crisis: callers in the queue hear what is said now, and the detector looks each minute whether
//! anything rises.

use crisis::commands::{SUBJECT, notice_switched, observe};
use crisis::spikes::{Baseline, Counts, Expectations, Judgement, Missed, Settings, Sort, Stream, judge};
use crisis::{CrisisError, queries, sound};
use floor::FloorHandle;
use routing::Input;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use storage::{Database, Session};
use telephony::Telephony;
use tokio::sync::broadcast::error::RecvError;
use vocabulary::{
    Actor, ArticleId, Chance, Clock, Context, CrisisMessageId, GenericUuid as _, SignedDuration, Timestamp,
};

/// Which messages the queue was last told to play: so that a crisis that ended while nobody was there is taken away, too.
const NOTICE_SETTING: &str = "crisis_notice";
/// When the detector last looked: so that minutes in which the house was down are not taken for quiet ones.
const LOOK_SETTING: &str = "spikes_looked_at";
/// Silence between the sounds of two crises, in samples: 0.4 s.
const PAUSE_SAMPLES: usize = 3_200;
/// How soon a failed attempt is tried again.
const AGAIN_AFTER: Duration = Duration::from_secs(2);
/// What is to be expected is learnt anew this often.
const LEARN_EVERY: SignedDuration = SignedDuration::from_mins(30);
/// How far back cases name a square.
const NAMES_FROM: SignedDuration = SignedDuration::from_hours(24 * 7);
/// The shortest real time between two looks, however fast the clock runs.
const LOOK_REST_MIN: Duration = Duration::from_millis(250);
/// The longest: the demo's clock can be moved.
const LOOK_REST_MAX: Duration = Duration::from_secs(60);

/// What both need of the house.
#[derive(Clone)]
pub struct Around {
    /// The database.
    pub db: Database,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Where chance comes from.
    pub chance: Arc<dyn Chance>,
}

impl Around {
    fn context(&self) -> Context {
        Context::new(self.clock.now(), Actor::System, self.chance.clone())
    }
}

/// Keeps the queue's surge notice at what is said now: at start, and after every change. Run it as a task of its own.
pub async fn speak(around: Around, telephony: Telephony, floor: FloorHandle) {
    let mut announcements = around.db.announcements();
    let mut said: Option<Vec<CrisisMessageId>> = None;
    loop {
        match say(&around, &telephony, &floor, said.as_deref()).await {
            Ok(now) => said = Some(now),
            Err(error) => {
                tracing::error!(%error, "callers do not hear what is said in the crisis yet; tried again soon");
                tokio::time::sleep(AGAIN_AFTER).await;
                continue;
            }
        }
        loop {
            match announcements.recv().await {
                Ok(batch) if batch.iter().any(|one| one.subject_kind == SUBJECT) => break,
                Ok(_) => {}
                Err(RecvError::Lagged(_)) => break,
                Err(RecvError::Closed) => return,
            }
        }
    }
}

/// Plays what is live, if it is not what is played already: first the sound, then the notice, so that nobody hears the
/// old words again. Those who wait hear it at once.
async fn say(
    around: &Around,
    telephony: &Telephony,
    floor: &FloorHandle,
    said: Option<&[CrisisMessageId]>,
) -> Result<Vec<CrisisMessageId>, Box<dyn std::error::Error + Send + Sync>> {
    let read = |s: &mut Session<'_>| -> Result<_, CrisisError> {
        Ok((queries::live_sounds(s)?, storage::settings::get(s, NOTICE_SETTING)?.unwrap_or_default()))
    };
    let (sounds, before) = around.db.read(read).await?;
    let live: Vec<CrisisMessageId> = sounds.iter().map(|(id, _)| *id).collect();
    if said == Some(live.as_slice()) {
        return Ok(live);
    }
    if live.is_empty() {
        telephony.set_surge(None).await;
        if !before.is_empty() {
            floor.send(Input::SurgeNotice { group: None, on: false }).await?;
        }
    } else {
        telephony.set_surge(Some(&joined(&sounds))).await;
        if said.is_some() {
            floor.send(Input::SurgeNotice { group: None, on: false }).await?;
        }
        floor.send(Input::SurgeNotice { group: None, on: true }).await?;
    }
    let now: Vec<String> = live.iter().map(|id| id.into_untyped_uuid().to_string()).collect();
    let now = now.join(" ");
    if now != before {
        let (ctx, messages) = (around.context(), live.clone());
        around.db.write(move |s| log(s, &ctx, &before, &now, &messages)).await?;
    }
    Ok(live)
}

/// For the log: which crises callers hear from now on, and which no longer.
fn log(
    s: &mut Session<'_>,
    ctx: &Context,
    before: &str,
    now: &str,
    live: &[CrisisMessageId],
) -> Result<(), CrisisError> {
    storage::settings::set(s, ctx, NOTICE_SETTING, now)?;
    let heard: Vec<CrisisMessageId> =
        before.split(' ').filter_map(|id| id.parse().ok()).map(CrisisMessageId::from_untyped_uuid).collect();
    for (ids, others, on) in [(&heard[..], live, false), (live, &heard[..], true)] {
        for id in ids.iter().filter(|id| !others.contains(id)) {
            if let Some(message) = queries::message(s, *id)? {
                notice_switched(s, ctx, message.crisis_id, on)?;
            }
        }
    }
    Ok(())
}

/// One sound after another.
fn joined(sounds: &[(CrisisMessageId, Vec<u8>)]) -> Vec<i16> {
    let each: Vec<Vec<i16>> = sounds.iter().map(|(_, wav)| sound::samples(wav)).collect();
    each.join(&[0_i16; PAUSE_SAMPLES][..])
}

/// Looks each minute whether anything rises. Run it as a task of its own.
pub async fn watch(around: Around, expectations: Expectations) {
    let mut detector = Detector { baseline: None, missed: Missed::default(), looked_at: None };
    loop {
        let now = queries::whole_minute(around.clock.now());
        let begun = std::time::Instant::now();
        if let Err(error) = detector.look(&around, now).await {
            tracing::warn!(%error, "the spike detector could not look; it looks again in a minute");
        }
        if let Some((_, baseline)) = &detector.baseline {
            expectations.set(baseline.clone());
        }
        metrics::histogram!("spike_look_seconds").record(begun.elapsed().as_secs_f64());
        let left = (now + SignedDuration::from_mins(1)).duration_since(around.clock.now());
        let rest = around.clock.real(left.max(SignedDuration::ZERO));
        tokio::time::sleep(rest.clamp(LOOK_REST_MIN, LOOK_REST_MAX)).await;
    }
}

struct Detector {
    baseline: Option<(Timestamp, Arc<Baseline>)>,
    missed: Missed,
    looked_at: Option<Timestamp>,
}

impl Detector {
    async fn look(&mut self, around: &Around, now: Timestamp) -> Result<(), CrisisError> {
        if self.looked_at == Some(now) {
            return Ok(());
        }
        let (baseline, counts, going, before) = self.read(around, now).await?;
        self.pass(before, now);
        let judgement = judge(now, &Settings::default(), &baseline, &counts, self.missed);
        let ctx = Context { now, ..around.context() };
        let quiet = judgement.rises.is_empty() && !going;
        let made = around
            .db
            .write(move |s| {
                storage::settings::set(s, &ctx, LOOK_SETTING, &now.as_microsecond().to_string())?;
                if quiet {
                    return Ok(None);
                }
                let names = names(s, &judgement, now)?;
                observe(s, &ctx, &judgement, &names)
            })
            .await?;
        if made.is_some() {
            metrics::counter!("spike_proposals_total").increment(1);
        }
        self.looked_at = Some(now);
        Ok(())
    }

    /// What is to be expected, what was counted, whether anything is going on, and when the last look was.
    async fn read(
        &mut self,
        around: &Around,
        now: Timestamp,
    ) -> Result<(Arc<Baseline>, Counts, bool, Option<Timestamp>), CrisisError> {
        let known = self.baseline.as_ref().filter(|(at, _)| {
            let age = now.duration_since(*at);
            age >= SignedDuration::ZERO && age < LEARN_EVERY
        });
        let known = known.map(|(_, baseline)| baseline.clone());
        let fresh = known.is_none();
        let read = around
            .db
            .read(move |s| -> Result<_, CrisisError> {
                let baseline = match &known {
                    Some(baseline) => baseline.clone(),
                    None => Arc::new(Baseline::learn(&queries::histories(s, now)?, now)),
                };
                let looked = storage::settings::get(s, LOOK_SETTING)?
                    .and_then(|text| Timestamp::from_microsecond(text.parse().ok()?).ok());
                Ok((baseline, queries::counts(s, now)?, !queries::going(s)?.is_empty(), looked))
            })
            .await?;
        if fresh {
            self.baseline = Some((now, read.0.clone()));
        }
        Ok(read)
    }

    /// Time has passed. What passed before this process looked for the first time, after another had looked, was not
    /// counted: the telephones were down.
    fn pass(&mut self, before: Option<Timestamp>, now: Timestamp) {
        let minutes = |from: Timestamp| u32::try_from(now.duration_since(from).as_mins()).unwrap_or(0);
        match (self.looked_at, before) {
            (Some(last), _) => self.missed.0 = self.missed.0.checked_shl(minutes(last)).unwrap_or(0),
            (None, Some(last)) if last < now => {
                let gone = minutes(last).min(64);
                // A restart within the minute missed next to nothing.
                self.missed.0 = if gone < 2 { 0 } else { u64::MAX.checked_shr(64 - gone).unwrap_or(0) };
            }
            (None, _) => {}
        }
    }
}

/// What the streams that rise are called.
fn names(
    s: &mut Session<'_>,
    judgement: &Judgement,
    now: Timestamp,
) -> Result<BTreeMap<Stream, String>, CrisisError> {
    let mut names = queries::stream_names(s)?;
    if judgement.rises.iter().any(|rise| rise.stream.sort == Sort::Place) {
        names.extend(queries::place_names(s, now - NAMES_FROM, now)?);
    }
    for rise in judgement.rises.iter().filter(|rise| rise.stream.sort == Sort::Search) {
        let Some(id) = rise.stream.key.parse().ok().map(ArticleId::from_untyped_uuid) else { continue };
        if let Some(article) = knowledge::queries::article(s, id)? {
            names.insert(rise.stream.clone(), article.title().to_owned());
        }
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_down_was_not_counted_and_passes() {
        let at = |minutes| {
            "2026-11-03T09:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_mins(minutes)
        };
        let mut detector = Detector { baseline: None, missed: Missed::default(), looked_at: None };
        detector.pass(Some(at(0)), at(10));
        assert_eq!(detector.missed, Missed((1 << 10) - 1), "ten minutes without a house");
        detector.looked_at = Some(at(10));
        detector.pass(Some(at(10)), at(12));
        assert_eq!(detector.missed, Missed(((1 << 10) - 1) << 2));
        detector.looked_at = Some(at(12));
        detector.pass(None, at(500));
        assert_eq!(detector.missed, Missed(0));
        let mut restarted = Detector { baseline: None, missed: Missed::default(), looked_at: None };
        restarted.pass(Some(at(0)), at(1));
        assert_eq!(restarted.missed, Missed(0));
        restarted.pass(Some(at(0)), at(500));
        assert_eq!(restarted.missed, Missed(u64::MAX));
        restarted.pass(Some(at(600)), at(500));
        assert_eq!(restarted.missed, Missed(u64::MAX), "a clock that was put back tells nothing");
    }

    #[test]
    fn two_crises_are_heard_one_after_the_other() {
        let id = CrisisMessageId::nil();
        let wav = |sample: i16| [vec![0; 44], sample.to_le_bytes().to_vec()].concat();
        let heard = joined(&[(id, wav(1)), (id, wav(2))]);
        assert_eq!((heard.len(), heard[0], heard[PAUSE_SAMPLES + 1]), (PAUSE_SAMPLES + 2, 1, 2));
    }
}
