//! The storm: years of days in a contact centre, driven through the routing core with late, doubled and lost messages,
//! and watched after every step by an observer that knows only what goes in and what comes out.
//!
//! A run is decided by its seed. Each day's inputs are kept and replayed into a second core, which must say the same.

mod dice;
mod plan;
mod report;
mod town;
mod watcher;

pub use plan::{Faults, Plan};
pub use report::{Breach, Endings, Report};

use plan::Day;
use routing::{Input, Output, Routing};
use std::collections::VecDeque;
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use town::Town;
use vocabulary::{Timestamp, start_of_day};
use watcher::Watcher;

/// How many of the last steps are shown when something is wrong.
const TRACE_STEPS_MAX: usize = 40;

/// One core being driven.
struct Drive {
    routing: Routing,
    /// Is given the same inputs again, a day at a time.
    twin: Routing,
    watcher: Watcher,
    town: Town,
    journal: Vec<(Timestamp, Input)>,
    said: Vec<Output>,
    steps: u64,
    trace: Option<VecDeque<String>>,
}

/// Drives one seed through the whole plan.
///
/// # Errors
/// The first [`Breach`] of an invariant; the run is then repeated so that the last steps can be shown.
pub fn run(plan: &Plan, seed: u64) -> Result<Report, Breach> {
    Drive::new(plan, seed, None).through_or_panicked(plan).map_err(|(at, complaint)| {
        let mut again = Drive::new(plan, seed, Some(VecDeque::new()));
        let (at, complaint) = again.through_or_panicked(plan).err().unwrap_or((at, complaint));
        Breach { seed, at, complaint, steps: again.trace.unwrap_or_default().into() }
    })
}

/// Drives the seeds `from..from + seeds`, on as many threads as the machine has, and adds up the reports.
///
/// # Errors
/// The [`Breach`] of the lowest seed that has one among those tried before all threads stopped.
pub fn run_many(plan: &Plan, from: u64, seeds: u64) -> Result<Report, Breach> {
    let next = AtomicU64::new(from);
    let end = from.saturating_add(seeds);
    let outcome: Mutex<Result<Report, Breach>> = Mutex::new(Ok(Report::default()));
    let threads = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= end {
                        return;
                    }
                    let ran = run(plan, seed);
                    let mut outcome = outcome.lock().unwrap_or_else(PoisonError::into_inner);
                    match (&mut *outcome, ran) {
                        (Ok(sum), Ok(report)) => sum.add(&report),
                        (Ok(_), Err(breach)) => {
                            next.store(end, Ordering::Relaxed);
                            *outcome = Err(breach);
                        }
                        (Err(first), Err(breach)) if breach.seed < first.seed => *first = breach,
                        (Err(_), _) => {}
                    }
                }
            });
        }
    });
    outcome.into_inner().unwrap_or_else(PoisonError::into_inner)
}

impl Drive {
    fn new(plan: &Plan, seed: u64, trace: Option<VecDeque<String>>) -> Self {
        let settings = plan::settings(plan);
        Self {
            routing: Routing::new(settings.clone()),
            twin: Routing::new(settings.clone()),
            watcher: Watcher::new(settings),
            town: Town::new(plan, seed),
            journal: Vec::new(),
            said: Vec::new(),
            steps: 0,
            trace,
        }
    }

    /// A panic is an assertion of the core that did not hold: a breach like the others, with its seed.
    fn through_or_panicked(&mut self, plan: &Plan) -> Result<Report, (Timestamp, String)> {
        let ran = catch_unwind(AssertUnwindSafe(|| self.through(plan)));
        ran.unwrap_or_else(|panic| {
            let words = panic.downcast_ref::<String>().map(String::as_str);
            let words = words.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no words");
            Err((self.town.now, format!("panicked: {words}")))
        })
    }

    fn through(&mut self, plan: &Plan) -> Result<Report, (Timestamp, String)> {
        let mut date = plan.first_day;
        for number in 0..plan.days {
            let Ok(next) = date.tomorrow() else { break };
            let day = Day::plan(plan, date, self.town.dice());
            self.town.plan_day(&day);
            self.day(start_of_day(next))
                .and_then(|()| self.watcher.night())
                .and_then(|()| self.replay(number.is_multiple_of(30)))
                .map_err(|complaint| (self.town.now, complaint))?;
            self.routing.assert_sound();
            date = next;
        }
        Ok(Report {
            steps: self.steps,
            calls: self.watcher.arrived,
            endings: self.watcher.endings,
            returned: self.watcher.returned,
        })
    }

    /// Everything that happens before `midnight`.
    fn day(&mut self, midnight: Timestamp) -> Result<(), String> {
        let mut tick_from = Timestamp::MIN;
        loop {
            let deadline = self.routing.next_deadline().map(|at| at.max(tick_from).max(self.town.now));
            let event = self.town.next_at();
            match (deadline, event) {
                (Some(at), _) if event.is_none_or(|event| at <= event) && at < midnight => {
                    // Now and then the clock's own message is late, too.
                    if tick_from < at && self.town.dice().happens(0.02) {
                        tick_from = at + self.town.dice().seconds(0, 3);
                        continue;
                    }
                    self.town.now = at;
                    self.step(Input::Tick)?;
                }
                (_, Some(at)) if at < midnight => {
                    if let Some(event) = self.town.next()
                        && let Some(input) = self.town.happens(event)
                    {
                        self.step(input)?;
                    }
                }
                _ => return Ok(()),
            }
        }
    }

    fn step(&mut self, input: Input) -> Result<(), String> {
        let now = self.town.now;
        self.steps += 1;
        self.watcher.goes_in(now, &input);
        self.routing.handle(now, input.clone());
        let began = self.said.len();
        while let Some(output) = self.routing.poll() {
            self.said.push(output);
        }
        if let Some(trace) = &mut self.trace {
            if trace.len() == TRACE_STEPS_MAX {
                trace.pop_front();
            }
            trace.push_back(format!("{now} {input:?}\n    -> {:?}", &self.said[began..]));
        }
        self.journal.push((now, input));
        for output in &self.said[began..] {
            self.watcher.comes_out(output)?;
            self.town.obey(output);
        }
        self.watcher.settled()
    }

    /// The day's journal into a second core: it must say what the first one said. On some days the journal takes the
    /// way over text that it takes in production.
    fn replay(&mut self, over_text: bool) -> Result<(), String> {
        let mut said = self.said.drain(..);
        for (at, input) in self.journal.drain(..) {
            let input = if over_text {
                let text = serde_json::to_string(&input).map_err(|error| error.to_string())?;
                serde_json::from_str(&text).map_err(|error| format!("{error} in {text}"))?
            } else {
                input
            };
            self.twin.handle(at, input);
            while let Some(output) = self.twin.poll() {
                let first = said.next();
                if first.as_ref() != Some(&output) {
                    return Err(format!("a replay says {output:?} where it was {first:?}"));
                }
            }
        }
        match said.next() {
            None => Ok(()),
            Some(output) => Err(format!("a replay does not say {output:?}")),
        }
    }
}
