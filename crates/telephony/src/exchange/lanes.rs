//! The way from the exchange to the centre. What is reported of one call arrives in order; calls do not wait for each
//! other, so that the store can make many reports durable at once.

use super::{Event, Mailbox};
use crate::centre::{Arrival, Centre, CentreError};
use routing::Input;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use tokio::sync::mpsc;

/// Reports under way at a time.
const LANES: usize = 32;

enum Report {
    Arrival(Arrival),
    Input(Input),
}

/// The lanes. They end, after what is in them, when dropped.
pub(super) struct Lanes {
    lanes: Vec<mpsc::UnboundedSender<Report>>,
}

impl Lanes {
    pub fn start(centre: &Arc<dyn Centre>, mailbox: &Mailbox) -> Self {
        let lanes = (0..LANES)
            .map(|_| {
                let (sender, reports) = mpsc::unbounded_channel();
                tokio::spawn(drive(centre.clone(), mailbox.downgrade(), reports));
                sender
            })
            .collect();
        Self { lanes }
    }

    fn report(&self, about: impl Hash, report: Report) {
        let mut hasher = DefaultHasher::new();
        about.hash(&mut hasher);
        let lane = usize::try_from(hasher.finish() % LANES as u64).unwrap_or(0);
        // A lane ends only when it is dropped.
        self.lanes[lane].send(report).ok();
    }

    /// Reports a call that has come in; [`Event::Arrived`] comes back.
    pub fn arrived(&self, arrival: Arrival) {
        self.report(arrival.contact, Report::Arrival(arrival));
    }

    /// Reports `input`, in order with whatever else is reported `about` the same.
    pub fn send(&self, about: impl Hash, input: Input) {
        self.report(about, Report::Input(input));
    }
}

async fn drive(
    centre: Arc<dyn Centre>,
    mailbox: mpsc::WeakUnboundedSender<Event>,
    mut reports: mpsc::UnboundedReceiver<Report>,
) {
    while let Some(report) = reports.recv().await {
        match report {
            Report::Arrival(arrival) => {
                let call = arrival.contact;
                let result = centre.call_arrived(arrival).await;
                if let Some(mailbox) = mailbox.upgrade() {
                    mailbox.send(Event::Arrived(call, result)).ok();
                }
            }
            Report::Input(input) => match centre.send(input).await {
                Ok(()) => {}
                Err(error @ (CentreError::Closed | CentreError::UnknownNumber)) => {
                    tracing::debug!(%error, "what happened on the telephones was not taken in");
                }
            },
        }
    }
}
