//! The telephone network outside: where residents call from and are rung up.

use super::dice::Dice;
use super::stage::Stage;
use super::{CALLS_PER_DAY, arrivals, callers, pace, survey};
use crate::residents;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use telephony::softphone::{PhoneKit, SoftPhone};
use tokio::task::JoinSet;
use vocabulary::{Chance, SignedDuration, Timestamp};

/// Threads for the sound of all simulated telephones.
const MEDIA_THREADS: usize = 1;
/// The dice of who calls when, and of who is rung up.
const ARRIVALS: u64 = 1;
const CALLERS_FROM: u64 = 1_000_000;
const SURVEYED_FROM: u64 = 2_000_000;
/// Calls that should have come longer ago, since the clock was put forward, are not made up for.
const LATE_MAX: SignedDuration = SignedDuration::from_mins(3);

/// The trunk's far end: one address with all residents behind it. It is up before the exchange, which must know it.
pub(super) struct Trunk {
    phone: SoftPhone,
    kit: PhoneKit,
}

impl Trunk {
    /// A trunk at `bind` (port 0: any).
    ///
    /// # Errors
    /// If the address or a thread cannot be had.
    pub async fn start(bind: SocketAddr, chance: Arc<dyn Chance>) -> io::Result<Self> {
        let kit = PhoneKit::new(bind.ip(), MEDIA_THREADS, chance)?;
        Ok(Self { phone: SoftPhone::start(bind, &kit).await?, kit })
    }

    /// Where it is reached: the exchange's way out.
    pub fn local_addr(&self) -> SocketAddr {
        self.phone.local()
    }

    pub(super) fn kit(&self) -> &PhoneKit {
        &self.kit
    }

    /// Places the residents' calls and takes those to them. Never ends by itself; ended, all calls are hung up.
    pub(super) async fn serve(mut self, stage: Arc<Stage>) {
        let clock = stage.handles.clock.clone();
        let dice = Dice::new(stage.config.seed, ARRIVALS);
        let next = |after: Timestamp| {
            arrivals::next_call(&dice, after, stage.config.calls_per_day.unwrap_or(CALLS_PER_DAY))
        };
        let mut calls = JoinSet::new();
        let mut next_call = first_call(&dice, next(clock.now()), &stage);
        let mut count: u64 = 0;
        loop {
            let due = async {
                match next_call {
                    Some(at) => pace::until(&*clock, at).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                call = self.phone.incoming() => match call {
                    Some(call) => {
                        count += 1;
                        let dice = Dice::new(stage.config.seed, SURVEYED_FROM + count);
                        calls.spawn(survey::answer(stage.clone(), dice, call));
                    }
                    None => return,
                },
                () = due => {
                    let Some(at) = next_call else { continue };
                    let now = clock.now();
                    if now.duration_since(at) <= LATE_MAX {
                        count += 1;
                        self.place(&stage, Dice::new(stage.config.seed, CALLERS_FROM + count), &mut calls);
                        next_call = next(at);
                    } else {
                        next_call = next(now);
                    }
                }
                Some(_) = calls.join_next() => {}
            }
        }
    }

    /// Lets a resident call about something.
    fn place(&self, stage: &Arc<Stage>, dice: Dice, calls: &mut JoinSet<()>) {
        let Some(matter) = residents::matter(&stage.handles.town, &dice) else { return };
        let Some(resident) = dice.pick(&stage.residents) else { return };
        let number = (!matter.withheld).then(|| resident.number.clone());
        let matter = Arc::new(matter);
        let Some((ticket, progress)) = stage.ongoing.place(number.clone(), matter.clone()) else { return };
        match self.phone.place(stage.handles.registrar, &matter.dialled, number.as_deref()) {
            Ok(conversation) => {
                let caller = callers::Caller { ticket, progress, matter, dice };
                calls.spawn(callers::call(stage.clone(), caller, conversation));
            }
            Err(error) => {
                tracing::warn!(%error, "a simulated resident could not call");
                stage.ongoing.gone(ticket);
            }
        }
    }
}

/// When the first resident calls: soon, if somebody can answer, so that whoever starts a demo need not wait for it.
fn first_call(dice: &Dice, drawn: Option<Timestamp>, stage: &Stage) -> Option<Timestamp> {
    let now = stage.handles.clock.now();
    let soon = now.checked_add(dice.seconds(3, 8)).ok().filter(|_| stage.config.opening.is_open(now));
    drawn.map(|at| soon.map_or(at, |soon| at.min(soon)))
}
