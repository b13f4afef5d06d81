//! Jobs are run at least once, at the right time, and never for ever.

use crate::{context, monday_morning};
use serde_json::json;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use storage::jobs::{
    ATTEMPTS_MAX, BACK_OFF_MAX, Figures, JobError, JobInfo, KEPT, LEASE, NewJob, Runner, enqueue, figures,
};
use storage::testing::{self, TestDatabase};
use tokio::sync::{Notify, mpsc};
use vocabulary::{Clock, ManualClock, ScaledClock, SeededChance, SignedDuration, Timestamp};

const KIND: &str = "test";

struct Bench {
    db: TestDatabase,
    clock: Arc<ManualClock>,
}

fn benches() -> Vec<Bench> {
    let clock = || Arc::new(ManualClock::new(monday_morning()));
    testing::both().into_iter().map(|db| Bench { db, clock: clock() }).collect()
}

fn new_job(run_at: Timestamp, payload: u64, dedupe_key: Option<&str>) -> NewJob {
    NewJob { kind: KIND, payload: json!(payload), run_at, dedupe_key: dedupe_key.map(str::to_owned) }
}

impl Bench {
    async fn enqueue(&self, job: NewJob) -> bool {
        let ctx = context_with_chance_of(&job);
        self.db.write(move |s| enqueue(s, &ctx, job.clone())).await.unwrap().is_some()
    }

    fn runner(&self) -> Runner {
        Runner::new(self.db.database(), self.clock.clone(), Arc::new(SeededChance::new(1)))
    }

    async fn figures(&self) -> Figures {
        self.db.read(|s| figures(s, KIND)).await.unwrap()
    }
}

/// Ids come of chance, so each job needs its own.
fn context_with_chance_of(job: &NewJob) -> vocabulary::Context {
    let seed = job.payload.as_u64().unwrap_or(0) + 1_000;
    vocabulary::Context { chance: Arc::new(SeededChance::new(seed)), ..context() }
}

#[tokio::test]
async fn jobs_are_run_in_the_order_they_become_due() {
    for bench in benches() {
        let at = |minutes| monday_morning() + SignedDuration::from_mins(minutes);
        for (minutes, payload) in [(30, 3), (10, 1), (20, 2), (-10, 0)] {
            bench.enqueue(new_job(at(minutes), payload, None)).await;
        }
        let seen = Arc::new(Mutex::new(Vec::new()));
        let saw = Arc::clone(&seen);
        let runner = bench.runner().on(KIND, move |payload, info: JobInfo| {
            saw.lock().unwrap().push((payload.as_u64().unwrap(), info.attempt));
            async { Ok(()) }
        });
        assert_eq!(runner.run_due().await, Ok(1));
        bench.clock.advance(SignedDuration::from_mins(20));
        assert_eq!(runner.run_due().await, Ok(2));
        bench.clock.advance(SignedDuration::from_mins(20));
        assert_eq!(runner.run_due().await, Ok(1));
        assert_eq!(runner.run_due().await, Ok(0));
        assert_eq!(*seen.lock().unwrap(), [(0, 1), (1, 1), (2, 1), (3, 1)]);
        assert_eq!(bench.figures().await, Figures { done: 4, ..Figures::default() });
    }
}

#[tokio::test]
async fn the_same_key_is_the_same_job_also_after_it_is_done() {
    for bench in benches() {
        assert!(bench.enqueue(new_job(monday_morning(), 1, Some("reminder 1"))).await);
        assert!(!bench.enqueue(new_job(monday_morning(), 2, Some("reminder 1"))).await);
        assert!(bench.enqueue(new_job(monday_morning(), 3, Some("reminder 2"))).await);
        let runner = bench.runner().on(KIND, |_, _| async { Ok(()) });
        assert_eq!(runner.run_due().await, Ok(2));
        assert!(!bench.enqueue(new_job(monday_morning(), 4, Some("reminder 1"))).await);
    }
}

#[tokio::test]
async fn a_job_that_fails_is_tried_again_later_and_given_up_in_the_end() {
    for bench in benches() {
        bench.enqueue(new_job(monday_morning(), 1, None)).await;
        let attempts = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&attempts);
        let runner = bench.runner().on(KIND, move |_, info: JobInfo| {
            seen.lock().unwrap().push((info.attempt, info.last));
            async move {
                if info.attempt.is_multiple_of(2) {
                    panic!("a panic is a failure too")
                }
                Err("no".parse::<u32>().unwrap_err().into())
            }
        });
        for attempt in 1..=ATTEMPTS_MAX {
            assert_eq!(runner.run_due().await, Ok(1), "attempt {attempt}");
            assert_eq!(runner.run_due().await, Ok(0), "not at once after attempt {attempt}");
            bench.clock.advance(BACK_OFF_MAX);
        }
        assert_eq!(runner.run_due().await, Ok(0));
        assert_eq!(bench.figures().await, Figures { failed: 1, ..Figures::default() });
        let expected: Vec<_> = (1..=ATTEMPTS_MAX).map(|n| (n, n == ATTEMPTS_MAX)).collect();
        assert_eq!(*attempts.lock().unwrap(), expected);
    }
}

#[tokio::test]
async fn too_early_is_no_attempt_and_hopeless_is_the_last() {
    for bench in benches() {
        bench.enqueue(new_job(monday_morning(), 1, None)).await;
        let later = monday_morning() + SignedDuration::from_hours(2);
        let runner = bench.runner().on(KIND, move |_, info: JobInfo| async move {
            assert_eq!(info.attempt, 1);
            if info.ctx.now < later {
                Err(JobError::Later(later))
            } else {
                Err(JobError::GiveUp("hopeless".to_owned()))
            }
        });
        assert_eq!(runner.run_due().await, Ok(1));
        assert_eq!(bench.figures().await, Figures { waiting: 1, ..Figures::default() });
        bench.clock.set(later);
        assert_eq!(runner.run_due().await, Ok(1));
        assert_eq!(bench.figures().await, Figures { failed: 1, ..Figures::default() });
    }
}

#[tokio::test]
async fn a_job_left_behind_is_taken_over_when_its_lease_runs_out() {
    for bench in benches() {
        bench.enqueue(new_job(monday_morning(), 1, None)).await;
        let (begun, held) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let (tell, wait) = (Arc::clone(&begun), Arc::clone(&held));
        let slow = bench.runner().on(KIND, move |_, _| {
            let (tell, wait) = (Arc::clone(&tell), Arc::clone(&wait));
            async move {
                tell.notify_one();
                wait.notified().await;
                Err(JobError::Retry("too late to matter".to_owned()))
            }
        });
        let slow = tokio::spawn(async move { slow.run_due().await });
        begun.notified().await;
        let runner = bench.runner().on(KIND, |_, info: JobInfo| async move {
            assert_eq!(info.attempt, 2);
            Ok(())
        });
        assert_eq!(runner.run_due().await, Ok(0), "somebody has it");
        bench.clock.advance(LEASE);
        assert_eq!(runner.run_due().await, Ok(1));
        held.notify_one();
        slow.await.unwrap().unwrap();
        assert_eq!(
            bench.figures().await,
            Figures { done: 1, ..Figures::default() },
            "the late answer counts for nothing"
        );
    }
}

#[tokio::test]
async fn a_job_that_takes_its_runner_with_it_every_time_is_given_up() {
    for bench in benches() {
        bench.enqueue(new_job(monday_morning(), 1, None)).await;
        for _ in 1..=ATTEMPTS_MAX {
            let (begun, mut began) = mpsc::unbounded_channel();
            let doomed = bench.runner().on(KIND, move |_, _| {
                let _ = begun.send(());
                std::future::pending()
            });
            let doomed = tokio::spawn(async move { doomed.run_due().await });
            began.recv().await.unwrap();
            doomed.abort();
            let _ = doomed.await;
            assert_eq!(bench.figures().await, Figures { running: 1, ..Figures::default() });
            bench.clock.advance(LEASE);
        }
        let runner = bench.runner().on(KIND, |_, _| async { unreachable!("not once more") });
        assert_eq!(runner.run_due().await, Ok(1));
        assert_eq!(bench.figures().await, Figures { failed: 1, ..Figures::default() });
    }
}

#[tokio::test]
async fn two_runners_share_the_work() {
    for bench in benches() {
        for n in 0..40 {
            bench.enqueue(new_job(monday_morning(), n, None)).await;
        }
        let runs = Arc::new(AtomicU32::new(0));
        let runner = || {
            let runs = Arc::clone(&runs);
            bench.runner().on(KIND, move |_, _| {
                runs.fetch_add(1, Ordering::Relaxed);
                async { Ok(()) }
            })
        };
        let (a, b) = (runner(), runner());
        let (a, b) = tokio::join!(a.run_due(), b.run_due());
        assert_eq!(a.unwrap() + b.unwrap(), 40);
        assert_eq!(runs.load(Ordering::Relaxed), 40);
    }
}

#[tokio::test]
async fn a_runner_follows_a_fast_clock_and_stops_when_told() {
    for db in testing::both() {
        let clock = Arc::new(ScaledClock::new(monday_morning(), 600));
        let (tell, mut told) = mpsc::unbounded_channel();
        let seen = Arc::clone(&clock);
        let runner = Runner::new(db.database(), clock.clone(), Arc::new(SeededChance::new(1))).on(
            KIND,
            move |payload, _| {
                let _ = tell.send((payload, seen.now()));
                async { Ok(()) }
            },
        );
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let running = tokio::spawn(async move { runner.run_until(async { drop(stopped.await) }).await });
        let due = clock.now() + SignedDuration::from_mins(2);
        let far = clock.now() + SignedDuration::from_hours(24 * 7);
        for (n, at) in [(1, due), (2, far)] {
            let job = new_job(at, n, None);
            let ctx = context_with_chance_of(&job);
            db.write(move |s| enqueue(s, &ctx, job.clone())).await.unwrap();
        }
        let (payload, at) = told.recv().await.unwrap();
        assert_eq!(payload, json!(1));
        assert!(at >= due, "not before it is due");
        assert!(at < far);
        // The clock is moved while the runner waits for next week.
        clock.advance(SignedDuration::from_hours(24 * 8));
        assert_eq!(told.recv().await.unwrap().0, json!(2));
        stop.send(()).unwrap();
        running.await.unwrap();
        let done = db.read(|s| figures(s, KIND)).await.unwrap();
        assert_eq!(done, Figures { done: 2, ..Figures::default() });
    }
}

#[tokio::test]
async fn a_job_in_hand_is_not_run_twice_when_the_clock_is_moved() {
    for bench in benches() {
        bench.enqueue(new_job(monday_morning(), 1, None)).await;
        let (begun, held) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let busy = Arc::new(AtomicBool::new(false));
        let (tell, wait, alone) = (Arc::clone(&begun), Arc::clone(&held), Arc::clone(&busy));
        let runner = bench.runner().on(KIND, move |_, _| {
            let (tell, wait) = (Arc::clone(&tell), Arc::clone(&wait));
            assert!(!alone.swap(true, Ordering::Relaxed), "run twice");
            async move {
                tell.notify_one();
                wait.notified().await;
                Ok(())
            }
        });
        let (looked, mut looks) = mpsc::unbounded_channel();
        let runner = runner.on("other", move |_, _| {
            let _ = looked.send(());
            async { Ok(()) }
        });
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let running = tokio::spawn(async move { runner.run_until(async { drop(stopped.await) }).await });
        begun.notified().await;
        bench.clock.advance(LEASE + SignedDuration::from_mins(1));
        // When another job has been run, the runner has looked since.
        bench.enqueue(NewJob { kind: "other", ..new_job(monday_morning(), 2, None) }).await;
        looks.recv().await.unwrap();
        held.notify_one();
        stop.send(()).unwrap();
        running.await.unwrap();
        assert_eq!(bench.figures().await, Figures { done: 1, ..Figures::default() });
    }
}

#[tokio::test]
async fn what_was_done_long_ago_is_forgotten() {
    for bench in benches() {
        bench.enqueue(new_job(monday_morning(), 1, None)).await;
        let runner = bench.runner().on(KIND, |_, _| async { Ok(()) });
        assert_eq!(runner.run_due().await, Ok(1));
        bench.clock.advance(KEPT + SignedDuration::from_hours(1));
        let db = bench.db.database();
        runner
            .run_until(async move {
                while db.read(|s| figures(s, KIND)).await.unwrap() != Figures::default() {
                    tokio::task::yield_now().await;
                }
            })
            .await;
    }
}
