//! The one writer: takes in what happened, lets the core decide, makes it durable, lets the outputs go.

use crate::handle::Request;
use crate::record::{Step, record, record_inputs_only};
use crate::{CallArrived, FloorError, FloorHandle, Snapshot, journal};
use people::directory::AnswerGroup;
use routing::{Input, Output, Priority, Routing};
use std::sync::Arc;
use std::time::Duration;
use storage::{Database, Session};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use vocabulary::{
    Actor, Chance, Clock, ContactId, Context, OpeningHours, Timestamp, local_day, start_of_day,
};

/// How many requests may wait before those who ask must wait, too.
const REQUESTS_MAX: usize = 4_096;
/// How many requests are decided and made durable at once.
const BATCH_MAX: usize = 256;
/// How often a failed write is tried again before the floor goes on without it.
const WRITE_ATTEMPTS_MAX: u32 = 5;
/// The longest real time between two looks at the clock: the demo's clock can be moved.
const LOOK_AT_CLOCK_MAX: Duration = Duration::from_millis(200);

/// What else is written, in the same transaction, when a call was handled: the survey's invitation.
pub type AfterCall =
    Arc<dyn Fn(&mut Session<'_>, &Context, ContactId) -> Result<(), FloorError> + Send + Sync>;

/// How the floor works.
#[derive(Clone)]
pub struct FloorSettings {
    /// The core's settings; the groups are filled in from the register.
    pub routing: routing::Settings,
    /// When calls are taken.
    pub opening: OpeningHours,
    /// What else is written when a call was handled.
    pub after_call: AfterCall,
}

/// A running floor.
#[derive(Debug)]
pub struct Floor {
    /// The way in.
    pub handle: FloorHandle,
    /// The way out: what the telephones are to do, each after it was journalled.
    pub outputs: mpsc::UnboundedReceiver<Output>,
    /// Ends when the token given to [`start`] is cancelled.
    pub task: JoinHandle<()>,
}

/// Rebuilds the floor from today's journal and starts the writer. Calls that were up when the process ended are
/// written as failed; guides who were at work still are, once their telephones come back.
///
/// # Errors
/// When the register or the journal cannot be read, or the first write fails.
pub async fn start(
    db: Database,
    clock: Arc<dyn Clock>,
    chance: Arc<dyn Chance>,
    settings: FloorSettings,
    shutdown: CancellationToken,
) -> Result<Floor, FloorError> {
    let now = clock.now();
    let (groups, journal) = db
        .read(move |s| {
            let groups = people::queries::answer_groups(s)?;
            Ok::<_, FloorError>((groups, journal::since(s, start_of_day(local_day(now)))?))
        })
        .await?;
    let mut routing = Routing::new(routing_settings(&settings, &groups));
    let mut last_at = now;
    for entry in journal {
        routing.handle(entry.at, entry.input);
        while routing.poll().is_some() {}
        last_at = last_at.max(entry.at);
    }
    let (requests, incoming) = mpsc::channel(REQUESTS_MAX);
    let (released, outputs) = mpsc::unbounded_channel();
    let (snapshots, snapshot) = watch::channel(Arc::new(Snapshot::of(&routing, now)));
    let handle = FloorHandle { requests, snapshots: snapshot, db: db.clone() };
    let mut writer =
        Writer { routing, groups, db, clock, chance, settings, released, snapshots, last_at, open: None };
    writer.begin().await?;
    let task = tokio::spawn(writer.run(incoming, shutdown));
    Ok(Floor { handle, outputs, task })
}

fn routing_settings(settings: &FloorSettings, groups: &[AnswerGroup]) -> routing::Settings {
    routing::Settings { groups: groups.iter().map(|g| g.id).collect(), ..settings.routing.clone() }
}

/// Somebody who waits to hear that the input is durable.
type Reply = oneshot::Sender<Result<(), FloorError>>;

/// An input on its way into the core.
struct Question {
    input: Input,
    call: Option<CallArrived>,
    reply: Option<Reply>,
}

impl Question {
    /// One that nobody waits for.
    fn quiet(input: Input) -> Self {
        Self { input, call: None, reply: None }
    }
}

struct Writer {
    routing: Routing,
    groups: Vec<AnswerGroup>,
    db: Database,
    clock: Arc<dyn Clock>,
    chance: Arc<dyn Chance>,
    settings: FloorSettings,
    released: mpsc::UnboundedSender<Output>,
    snapshots: watch::Sender<Arc<Snapshot>>,
    /// Time never goes back for the core, whatever the clock does.
    last_at: Timestamp,
    /// What the core was last told of the opening hours.
    open: Option<bool>,
}

impl Writer {
    /// Ends what was up when the process ended, and tells the core whether the centre is open.
    async fn begin(&mut self) -> Result<(), FloorError> {
        let settings = Box::new(routing_settings(&self.settings, &self.groups));
        let mut first =
            vec![Question::quiet(Input::SettingsReplaced { settings }), Question::quiet(Input::Restarted)];
        first.extend(self.opening_question(self.clock.now()));
        self.step(first).await;
        let context = self.context(self.last_at);
        self.db
            .write(move |s| contacts::commands::end_orphans(s, &context).map_err(FloorError::from))
            .await?;
        Ok(())
    }

    async fn run(mut self, mut requests: mpsc::Receiver<Request>, shutdown: CancellationToken) {
        let mut batch = Vec::with_capacity(BATCH_MAX);
        loop {
            let wait = self.until_next_look();
            tokio::select! {
                () = shutdown.cancelled() => break,
                taken = requests.recv_many(&mut batch, BATCH_MAX) => if taken == 0 { break },
                () = tokio::time::sleep(wait) => {}
            }
            let mut questions = self.due();
            for request in batch.drain(..) {
                self.take(request, &mut questions).await;
            }
            if !questions.is_empty() {
                self.step(questions).await;
            }
        }
    }

    /// How long, in reality, the writer may sleep if nothing comes in.
    fn until_next_look(&self) -> Duration {
        let now = self.clock.now();
        let deadlines = [self.routing.next_deadline(), self.settings.opening.next_change(now)];
        let first = deadlines.into_iter().flatten().min().map(|at| self.clock.real(at.duration_since(now)));
        first.unwrap_or(LOOK_AT_CLOCK_MAX).min(LOOK_AT_CLOCK_MAX)
    }

    /// What the clock alone brings about.
    fn due(&self) -> Vec<Question> {
        let now = self.clock.now().max(self.last_at);
        let tick = self.routing.next_deadline().is_some_and(|at| at <= now);
        let mut questions: Vec<Question> = self.opening_question(now).into_iter().collect();
        questions.extend(tick.then(|| Question::quiet(Input::Tick)));
        questions
    }

    fn opening_question(&self, now: Timestamp) -> Option<Question> {
        let open = self.settings.opening.is_open(now);
        (self.open != Some(open)).then(|| Question::quiet(if open { Input::Opened } else { Input::Closed }))
    }

    async fn take(&mut self, request: Request, questions: &mut Vec<Question>) {
        match request {
            Request::Input { input, reply } => {
                questions.push(Question { input, call: None, reply: Some(reply) })
            }
            Request::Call { call, reply } => match self.group_of(&call.dialled) {
                Some(group) => {
                    let input = Input::CallArrived { call: call.contact, group, priority: Priority::Normal };
                    questions.push(Question { input, call: Some(call), reply: Some(reply) });
                }
                None => drop(reply.send(Err(FloorError::UnknownNumber))),
            },
            Request::GroupsChanged { reply } => match self.read_groups().await {
                Ok(input) => questions.push(Question { input, call: None, reply: Some(reply) }),
                Err(error) => drop(reply.send(Err(error))),
            },
        }
    }

    /// The group that has the dialled number, or the one that takes the rest.
    fn group_of(&self, dialled: &str) -> Option<vocabulary::AnswerGroupId> {
        let named = self.groups.iter().find(|g| g.dialled.as_deref() == Some(dialled));
        named.or_else(|| self.groups.iter().find(|g| g.dialled.is_none())).map(|g| g.id)
    }

    /// Reads the answer groups anew; the input tells the core.
    async fn read_groups(&mut self) -> Result<Input, FloorError> {
        self.groups = self.db.read(people::queries::answer_groups).await?;
        let settings = Box::new(routing_settings(&self.settings, &self.groups));
        Ok(Input::SettingsReplaced { settings })
    }

    fn context(&self, now: Timestamp) -> Context {
        Context::new(now, Actor::System, self.chance.clone())
    }

    /// Decides, makes durable, and only then lets the outputs go and answers those who asked.
    async fn step(&mut self, questions: Vec<Question>) {
        let mut steps = Vec::with_capacity(questions.len());
        let mut replies = Vec::new();
        for question in questions {
            let contact = question.call.as_ref().map(|c| c.contact);
            steps.push(self.decide(question.input, question.call));
            replies.extend(question.reply.map(|reply| (contact, reply)));
        }
        let durable = self.make_durable(&mut steps).await;
        for output in steps.into_iter().flat_map(|step| step.outputs) {
            // Without telephones (a test, a tool) nobody listens, and nothing is lost by that.
            let _ = self.released.send(output);
        }
        self.publish(self.last_at);
        let mut turned_away = Vec::new();
        for (contact, reply) in replies {
            let answer = if durable { Ok(()) } else { Err(FloorError::NotDurable) };
            turned_away.extend(contact.filter(|_| !durable));
            let _ = reply.send(answer);
        }
        for call in turned_away {
            // The edge refuses the call, so it must not stay in the core either.
            let step = self.decide(Input::CallerLeft { call }, None);
            step.outputs.into_iter().for_each(|output| drop(self.released.send(output)));
        }
    }

    fn decide(&mut self, input: Input, call: Option<CallArrived>) -> Step {
        let at = self.clock.now().max(self.last_at);
        self.last_at = at;
        match input {
            Input::Opened => self.open = Some(true),
            Input::Closed => self.open = Some(false),
            _ => {}
        }
        self.routing.handle(at, input.clone());
        let outputs = std::iter::from_fn(|| self.routing.poll()).collect();
        Step { at, input, call, outputs }
    }

    /// Writes journal and contacts. If that cannot be done, tries again; if it still cannot, tries the journal
    /// alone, and at last goes on without: residents who are connected must not be cut off by a full disk. Those who
    /// asked are then told that nothing was kept.
    async fn make_durable(&self, steps: &mut Vec<Step>) -> bool {
        let shared = Arc::new(std::mem::take(steps));
        let began = std::time::Instant::now();
        let mut wait = Duration::from_millis(20);
        let mut kept = false;
        for attempt in 1..=WRITE_ATTEMPTS_MAX {
            let work = shared.clone();
            let context = self.context(self.last_at);
            let after_call = self.settings.after_call.clone();
            let written = if attempt < WRITE_ATTEMPTS_MAX {
                self.db.write(move |s| record(s, &context, &after_call, &work)).await
            } else {
                self.db.write(move |s| record_inputs_only(s, &work)).await
            };
            match written {
                Ok(()) => {
                    kept = attempt < WRITE_ATTEMPTS_MAX;
                    break;
                }
                Err(error) => {
                    tracing::error!(%error, attempt, "the floor could not make its steps durable");
                    metrics::counter!("floor_write_failures_total").increment(1);
                    tokio::time::sleep(wait).await;
                    wait *= 3;
                }
            }
        }
        metrics::histogram!("floor_durable_seconds").record(began.elapsed().as_secs_f64());
        *steps = Arc::try_unwrap(shared).unwrap_or_else(|still_shared| (*still_shared).clone());
        kept
    }

    fn publish(&self, at: Timestamp) {
        let next = Arc::new(Snapshot::of(&self.routing, at));
        self.snapshots.send_replace(next);
    }
}
