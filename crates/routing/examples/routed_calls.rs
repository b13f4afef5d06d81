//! How many calls a second the core routes, each from its arrival to the end of the wrap-up, beside what it takes to
//! write the same inputs down as the journal does.
//!
//! The centre is a fifth over full: every guide talks, and whoever is next waits. Of several rounds the median is told.

#![expect(clippy::print_stdout, reason = "a program whose result is what it prints")]

use routing::{Input, Output, Priority, Routing, Settings, Skill};
use std::collections::VecDeque;
use std::time::{Duration, Instant};
use vocabulary::{AnswerGroupId, AnyId, ContactId, GenericUuid, SignedDuration, Timestamp, UserId};

const ROUNDS: usize = 5;
const CALLS_PER_ROUND: u128 = 200_000;
const GROUPS: u128 = 3;

fn group(n: u128) -> AnswerGroupId {
    AnswerGroupId::from_untyped_uuid(AnyId::from_u128(n % GROUPS))
}

/// A centre, the inputs it was given, and how long it took over them.
struct Centre {
    routing: Routing,
    now: Timestamp,
    inputs: Vec<Input>,
    talking: VecDeque<(ContactId, UserId)>,
    in_centre: usize,
    ended: usize,
}

impl Centre {
    fn new(guides: u128) -> Self {
        let settings = Settings {
            ring_max: SignedDuration::from_secs(20),
            wrap_up_max: SignedDuration::from_mins(2),
            prompt_max: SignedDuration::from_secs(12),
            overflow_after: SignedDuration::from_secs(30),
            wait_max: SignedDuration::from_hours(1),
            calls_max: usize::MAX,
            groups: (0..GROUPS).map(group).collect(),
            vanish_grace: SignedDuration::from_secs(15),
        };
        let mut centre = Self {
            routing: Routing::new(settings),
            now: Timestamp::UNIX_EPOCH,
            inputs: Vec::new(),
            talking: VecDeque::new(),
            in_centre: 0,
            ended: 0,
        };
        centre.take(Input::Opened);
        for n in 0..guides {
            let guide = UserId::from_untyped_uuid(AnyId::from_u128(n));
            // The own group, and as help the next.
            let skills = vec![Skill { group: group(n), level: 1 }, Skill { group: group(n + 1), level: 2 }];
            centre.take(Input::SignedIn { guide, skills });
            centre.take(Input::TelephoneUp { guide });
            centre.take(Input::Ready { guide });
        }
        centre
    }

    fn take(&mut self, input: Input) {
        self.now += SignedDuration::from_millis(10);
        self.inputs.push(input.clone());
        self.routing.handle(self.now, input);
        let mut offered = None;
        while let Some(output) = self.routing.poll() {
            match output {
                Output::Offer { offer, .. } => offered = Some(offer),
                Output::Connect { call, guide } => self.talking.push_back((call, guide)),
                Output::PlayPrompt { .. } => self.in_centre += 1,
                Output::CallEnded { .. } => {
                    self.in_centre -= 1;
                    self.ended += 1;
                }
                _ => {}
            }
        }
        if let Some(offer) = offered {
            self.take(Input::OfferAccepted { offer });
        }
    }

    /// `calls` more calls arrive, and as many end, with `at_once` in the centre meanwhile.
    fn route(&mut self, from: u128, calls: u128, at_once: usize) {
        for n in from..from + calls {
            let call = ContactId::from_untyped_uuid(AnyId::from_u128(n));
            self.take(Input::CallArrived { call, group: group(n), priority: Priority::Normal });
            self.take(Input::PromptEnded { call });
            while self.in_centre > at_once {
                let Some((call, guide)) = self.talking.pop_front() else { break };
                self.take(Input::CallerLeft { call });
                self.take(Input::WrapUpDone { guide });
            }
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "rates are told with few digits")]
fn per_second(count: usize, took: Duration) -> f64 {
    count as f64 / took.as_secs_f64()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn measure(guides: u128) -> Result<(), serde_json::Error> {
    let at_once = usize::try_from(guides + guides / 5).unwrap_or(usize::MAX);
    let mut centre = Centre::new(guides);
    let (mut routed, mut written) = (Vec::new(), Vec::new());
    let (mut inputs, mut calls) = (0, 0);
    let mut text = Vec::new();
    for round in 0..=ROUNDS as u128 {
        centre.inputs.clear();
        let before = centre.ended;
        let began = Instant::now();
        centre.route(1 + round * CALLS_PER_ROUND, CALLS_PER_ROUND, at_once);
        routed.push(began.elapsed());
        (inputs, calls) = (centre.inputs.len(), centre.ended - before);
        let began = Instant::now();
        for input in &centre.inputs {
            text.clear();
            serde_json::to_writer(&mut text, input)?;
            std::hint::black_box(&text);
        }
        written.push(began.elapsed());
    }
    // The first round fills the centre and warms the machine up.
    let (routed, written) = (median(routed.split_off(1)), median(written.split_off(1)));
    println!(
        "routed_calls guides={guides} calls_at_once={at_once}: {:.0} calls/s ({:.0} inputs/s); the same inputs as \
         JSON: {:.0} inputs/s; routing takes {:.2} times as long as writing down",
        per_second(calls, routed),
        per_second(inputs, routed),
        per_second(inputs, written),
        routed.as_secs_f64() / written.as_secs_f64(),
    );
    Ok(())
}

fn main() -> Result<(), serde_json::Error> {
    measure(25)?;
    measure(500)
}
