//! The media threads: every 20 ms they move sound between legs and from players to legs, and do nothing else.

use super::leg::{Leg, LegCounts};
use crate::protocol::dtmf::Digit;
use crate::protocol::g711::{FRAME_MS, Frame, Sound};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

/// A leg in the care of the media threads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LegId {
    number: u64,
    thread: usize,
}

/// What a media thread tells of a leg.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MediaEvent {
    /// The playlist with this token has been played to its end (never sent for one that loops or was replaced).
    Played {
        /// As given to [`Media::play`].
        token: u64,
    },
    /// The other end pressed a key.
    Digit(Digit),
    /// Sound was flowing from the other end, and has not for as long as is allowed. Sent once.
    Lost,
    /// Another leg could not be renegotiated, or could: the answer to [`Media::renegotiate`].
    Renegotiated {
        /// As given to [`Media::renegotiate`].
        token: u64,
        /// Our answer as SDP; none if the offer cannot be used.
        answer: Option<String>,
    },
    /// The leg is gone, with what it counted. The last thing heard of it.
    Removed(LegCounts),
}

/// Where a leg's events go. Called on the media thread: hand on, do not work.
pub type MediaSink = Box<dyn FnMut(MediaEvent) + Send>;

/// What is played to a leg.
#[derive(Clone, Debug, Default)]
pub struct Playlist {
    /// Played in order, once.
    pub once: Vec<Sound>,
    /// Then repeated until something else is played.
    pub looped: Option<Sound>,
    /// `once` is cut after this, in real time (a demo's fast clock has no patience for whole sentences).
    pub cut_after: Option<Duration>,
}

impl Playlist {
    /// `sound` once.
    #[must_use]
    pub fn once(sound: Sound) -> Self {
        Self { once: vec![sound], ..Self::default() }
    }

    /// `sound` again and again.
    #[must_use]
    pub fn looped(sound: Sound) -> Self {
        Self { looped: Some(sound), ..Self::default() }
    }
}

enum Order {
    Add(u64, Box<dyn Leg>, MediaSink),
    Play(u64, Playlist, u64),
    Silence(u64),
    Bridge(u64, u64),
    Press(u64, Digit),
    Renegotiate(u64, Vec<u8>, u64),
    Remove(u64),
}

/// A handle to the media threads. Cheap to clone; the threads end when the last handle is gone.
#[derive(Clone)]
pub struct Media {
    inner: Arc<MediaInner>,
}

struct MediaInner {
    threads: Vec<Sender<Order>>,
    next: AtomicU64,
    live: Arc<AtomicU64>,
}

impl Media {
    /// Starts `threads` threads (at least 1). A leg whose other end has been heard and then is silent for `lost_after` is
    /// reported [`MediaEvent::Lost`].
    ///
    /// # Errors
    /// If the operating system gives no thread.
    pub fn start(threads: usize, lost_after: Duration) -> std::io::Result<Self> {
        let live = Arc::new(AtomicU64::new(0));
        let threads = (0..threads.max(1))
            .map(|n| {
                let (orders, inbox) = channel();
                let room = Room { legs: BTreeMap::new(), lost_after, live: live.clone() };
                std::thread::Builder::new().name(format!("media-{n}")).spawn(move || run(room, &inbox))?;
                Ok(orders)
            })
            .collect::<std::io::Result<_>>()?;
        Ok(Self { inner: Arc::new(MediaInner { threads, next: AtomicU64::new(0), live }) })
    }

    fn order(&self, leg: LegId, order: Order) {
        // A thread only ends when all handles are gone, so this cannot fail while somebody calls it.
        self.inner.threads[leg.thread].send(order).ok();
    }

    /// Takes a leg into care. Legs that are to be bridged must live on the same thread: name the earlier one as `near`.
    pub fn add(&self, leg: Box<dyn Leg>, near: Option<LegId>, sink: MediaSink) -> LegId {
        let number = self.inner.next.fetch_add(1, Ordering::Relaxed);
        let spread = usize::try_from(number).unwrap_or(0) % self.inner.threads.len();
        let id = LegId { number, thread: near.map_or(spread, |near| near.thread) };
        self.inner.live.fetch_add(1, Ordering::Relaxed);
        self.order(id, Order::Add(number, leg, sink));
        id
    }

    /// Plays to a leg, instead of whatever it heard before. [`MediaEvent::Played`] comes with `token` when `once` is over.
    pub fn play(&self, leg: LegId, playlist: Playlist, token: u64) {
        self.order(leg, Order::Play(leg.number, playlist, token));
    }

    /// Plays nothing to a leg; silence is sent, so that the path stays open.
    pub fn silence(&self, leg: LegId) {
        self.order(leg, Order::Silence(leg.number));
    }

    /// Joins two legs: each hears the other until something else is played to it or one is removed.
    ///
    /// # Panics
    /// In debug builds, if they are on different threads (see `near` in [`Media::add`]).
    pub fn bridge(&self, one: LegId, other: LegId) {
        debug_assert_eq!(one.thread, other.thread, "bridged legs live on one thread");
        self.order(one, Order::Bridge(one.number, other.number));
    }

    /// Presses a key towards the other end of a leg.
    pub fn press(&self, leg: LegId, digit: Digit) {
        self.order(leg, Order::Press(leg.number, digit));
    }

    /// Gives a leg a new offer; [`MediaEvent::Renegotiated`] comes with `token`.
    pub fn renegotiate(&self, leg: LegId, offer: Vec<u8>, token: u64) {
        self.order(leg, Order::Renegotiate(leg.number, offer, token));
    }

    /// Lets go of a leg. [`MediaEvent::Removed`] is the last that is heard of it.
    pub fn remove(&self, leg: LegId) {
        self.order(leg, Order::Remove(leg.number));
    }

    /// How many legs are in care now.
    #[must_use]
    pub fn legs(&self) -> u64 {
        self.inner.live.load(Ordering::Relaxed)
    }
}

/// What a leg hears.
enum Source {
    Silence,
    Player { playlist: Playlist, token: u64, item: usize, frame: usize, played: u64 },
    Other(u64),
}

struct Place {
    leg: Box<dyn Leg>,
    sink: MediaSink,
    source: Source,
    heard: Option<Frame>,
    lost: bool,
}

/// The legs of one thread.
struct Room {
    legs: BTreeMap<u64, Place>,
    lost_after: Duration,
    live: Arc<AtomicU64>,
}

/// Ticks that may be made up for after a stall; beyond that time is let go.
const TICKS_LATE_MAX: u32 = 5;

fn run(mut room: Room, inbox: &Receiver<Order>) {
    let tick = Duration::from_millis(FRAME_MS);
    let mut due = Instant::now() + tick;
    loop {
        loop {
            match inbox.try_recv() {
                Ok(order) => room.obey(order),
                Err(TryRecvError::Empty) => break,
                Err(TryRecvError::Disconnected) => return,
            }
        }
        let now = Instant::now();
        if let Some(wait) = due.checked_duration_since(now) {
            if room.legs.is_empty() {
                // Nobody to serve: sleep until there is, instead of waking 50 times a second.
                match inbox.recv() {
                    Ok(order) => room.obey(order),
                    Err(_) => return,
                }
                due = Instant::now() + tick;
            } else {
                std::thread::sleep(wait);
            }
            continue;
        }
        room.tick(now);
        due += tick;
        if now > due + tick * TICKS_LATE_MAX {
            metrics::counter!("media_ticks_missed_total").increment(1);
            due = now + tick;
        }
    }
}

impl Room {
    fn obey(&mut self, order: Order) {
        match order {
            Order::Add(number, leg, sink) => {
                self.legs
                    .insert(number, Place { leg, sink, source: Source::Silence, heard: None, lost: false });
            }
            Order::Play(number, playlist, token) => {
                self.hear(number, Source::Player { playlist, token, item: 0, frame: 0, played: 0 });
            }
            Order::Silence(number) => self.hear(number, Source::Silence),
            Order::Bridge(one, other) => {
                self.hear(one, Source::Other(other));
                self.hear(other, Source::Other(one));
            }
            Order::Press(number, digit) => {
                if let Some(place) = self.legs.get_mut(&number) {
                    place.leg.press(digit);
                }
            }
            Order::Renegotiate(number, offer, token) => {
                if let Some(place) = self.legs.get_mut(&number) {
                    let answer = place.leg.renegotiate(&offer);
                    (place.sink)(MediaEvent::Renegotiated { token, answer });
                }
            }
            Order::Remove(number) => {
                if let Some(mut place) = self.legs.remove(&number) {
                    self.live.fetch_sub(1, Ordering::Relaxed);
                    let counts = place.leg.counts();
                    count(&counts);
                    (place.sink)(MediaEvent::Removed(counts));
                }
            }
        }
    }

    fn hear(&mut self, number: u64, source: Source) {
        if let Some(place) = self.legs.get_mut(&number) {
            place.source = source;
        }
    }

    /// One step of 20 ms: first everybody is heard, then everybody is sent to.
    fn tick(&mut self, now: Instant) {
        for place in self.legs.values_mut() {
            place.leg.poll(now);
            while let Some(digit) = place.leg.take_digit() {
                (place.sink)(MediaEvent::Digit(digit));
            }
            place.heard = place.leg.take_frame();
            let silent_since = place.leg.last_heard().filter(|_| place.leg.expects_sound());
            if !place.lost
                && silent_since.is_some_and(|at| now.saturating_duration_since(at) > self.lost_after)
            {
                place.lost = true;
                (place.sink)(MediaEvent::Lost);
            }
        }
        let numbers: Vec<u64> = self.legs.keys().copied().collect();
        for number in numbers {
            let other = match self.legs.get(&number).map(|place| &place.source) {
                Some(Source::Other(other)) => self.legs.get(other).map(|place| place.heard),
                _ => None,
            };
            if let Some(place) = self.legs.get_mut(&number) {
                let law = place.leg.law();
                // A gap in what the other says is sent as silence: the path stays open, and the clock of the stream runs.
                let frame = match other {
                    Some(heard) => heard.unwrap_or(Frame::silence(law)),
                    None => place.next_of_player().unwrap_or(Frame::silence(law)),
                };
                place.leg.send(&frame, now);
            }
        }
    }
}

impl Place {
    /// The next frame of what is played; reports the end of what is played once.
    fn next_of_player(&mut self) -> Option<Frame> {
        let law = self.leg.law();
        let Source::Player { playlist, token, item, frame, played } = &mut self.source else { return None };
        let cut = playlist.cut_after.is_some_and(|cut| Duration::from_millis(*played * FRAME_MS) >= cut);
        if cut {
            *item = playlist.once.len().max(*item);
        }
        while let Some(sound) = playlist.once.get(*item) {
            if let Some(next) = sound.frame(*frame, law) {
                *frame += 1;
                *played += 1;
                return Some(next);
            }
            (*item, *frame) = (*item + 1, 0);
        }
        let end = playlist.once.len();
        if *item == end {
            // One past the end marks that the end has been told.
            (*item, *frame) = (end + 1, 0);
            let token = *token;
            if end > 0 {
                (self.sink)(MediaEvent::Played { token });
            }
        }
        let Source::Player { playlist, frame, .. } = &mut self.source else { return None };
        let looped = playlist.looped.as_ref().filter(|sound| sound.frames() > 0)?;
        let next = looped.frame(*frame % looped.frames(), law);
        *frame = (*frame + 1) % looped.frames();
        next
    }
}

fn count(counts: &LegCounts) {
    static COUNTERS: OnceLock<[metrics::Counter; 3]> = OnceLock::new();
    let [received, sent, dropped] = COUNTERS.get_or_init(|| {
        [
            metrics::counter!("rtp_packets_received_total"),
            metrics::counter!("rtp_packets_sent_total"),
            metrics::counter!("rtp_packets_dropped_total"),
        ]
    });
    received.increment(counts.received);
    sent.increment(counts.sent);
    dropped.increment(counts.dropped);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::g711::Law;
    use std::sync::Mutex;

    /// A leg that says one thing and remembers what it is sent.
    struct Script {
        says: Option<Frame>,
        sent: Arc<Mutex<Vec<Frame>>>,
        heard_at: Option<Instant>,
    }

    impl Leg for Script {
        fn poll(&mut self, _now: Instant) {}
        fn take_frame(&mut self) -> Option<Frame> {
            self.says
        }
        fn take_digit(&mut self) -> Option<Digit> {
            None
        }
        fn send(&mut self, frame: &Frame, _now: Instant) {
            self.sent.lock().unwrap().push(*frame);
        }
        fn press(&mut self, _digit: Digit) {}
        fn law(&self) -> Law {
            Law::A
        }
        fn last_heard(&self) -> Option<Instant> {
            self.heard_at
        }
        fn expects_sound(&self) -> bool {
            true
        }
        fn counts(&self) -> LegCounts {
            LegCounts::default()
        }
        fn renegotiate(&mut self, _offer: &[u8]) -> Option<String> {
            None
        }
    }

    type Sent = Arc<Mutex<Vec<Frame>>>;
    type Events = Arc<Mutex<Vec<MediaEvent>>>;

    fn add(room: &mut Room, number: u64, says: Option<Frame>, heard_at: Option<Instant>) -> (Sent, Events) {
        let (sent, events) = (Sent::default(), Events::default());
        let told = events.clone();
        let sink = Box::new(move |event| told.lock().unwrap().push(event));
        room.obey(Order::Add(number, Box::new(Script { says, sent: sent.clone(), heard_at }), sink));
        (sent, events)
    }

    fn room() -> Room {
        Room { legs: BTreeMap::new(), lost_after: Duration::from_secs(15), live: Arc::default() }
    }

    fn frame(byte: u8) -> Frame {
        Frame { law: Law::A, bytes: [byte; 160] }
    }

    fn sound(frames: usize) -> Sound {
        Sound::tone(500.0, u32::try_from(frames).unwrap() * 20)
    }

    #[test]
    fn what_is_played_ends_once_and_the_loop_goes_on() {
        let mut room = room();
        let (sent, events) = add(&mut room, 1, None, None);
        let playlist = Playlist { once: vec![sound(2), sound(1)], looped: Some(sound(2)), cut_after: None };
        let loud = playlist.looped.as_ref().unwrap().frame(0, Law::A);
        room.obey(Order::Play(1, playlist, 7));
        for _ in 0..9 {
            room.tick(Instant::now());
        }
        assert_eq!(*events.lock().unwrap(), [MediaEvent::Played { token: 7 }]);
        let sent = sent.lock().unwrap();
        assert_eq!(sent.len(), 9);
        assert_eq!((Some(sent[3]), Some(sent[5]), Some(sent[7])), (loud, loud, loud));
    }

    #[test]
    fn a_fast_clock_cuts_what_is_played() {
        let mut room = room();
        let (_, events) = add(&mut room, 1, None, None);
        let cut_after = Some(Duration::from_millis(60));
        room.obey(Order::Play(1, Playlist { cut_after, ..Playlist::once(sound(500)) }, 1));
        for _ in 0..4 {
            room.tick(Instant::now());
        }
        assert_eq!(*events.lock().unwrap(), [MediaEvent::Played { token: 1 }]);
    }

    #[test]
    fn bridged_legs_hear_each_other_and_silence_when_one_is_gone() {
        let mut room = room();
        let (one, _) = add(&mut room, 1, Some(frame(1)), None);
        let (other, events) = add(&mut room, 2, Some(frame(2)), None);
        room.obey(Order::Bridge(1, 2));
        room.tick(Instant::now());
        assert_eq!((one.lock().unwrap()[0], other.lock().unwrap()[0]), (frame(2), frame(1)));
        room.obey(Order::Remove(2));
        room.tick(Instant::now());
        assert_eq!(one.lock().unwrap()[1], Frame::silence(Law::A));
        assert_eq!(*events.lock().unwrap(), [MediaEvent::Removed(LegCounts::default())]);
    }

    #[test]
    fn silence_after_sound_is_told_once() {
        let mut room = room();
        let start = Instant::now();
        let (_, events) = add(&mut room, 1, None, Some(start));
        let (_, quiet) = add(&mut room, 2, None, None);
        for seconds in [14, 16, 18] {
            room.tick(start + Duration::from_secs(seconds));
        }
        assert_eq!(*events.lock().unwrap(), [MediaEvent::Lost]);
        assert!(quiet.lock().unwrap().is_empty(), "who was never heard is not lost");
    }
}
