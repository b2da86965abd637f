//! A server of many sessions in virtual time, with the faults that one asks for, and a record of who asked when.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use abide_core::{Counters, Failure, Observation, Setback, State, Tick};
use abide_watch::{BoxFuture, Clock, Fetched, Fingerprint, Refusal, Reply, Seen, StatusSource, TestClock};

use crate::scripted::ScriptedError;

/// What the server does.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Behaviour {
    pub(crate) items: u64,
    pub(crate) seconds_per_item: u64,
    pub(crate) latency_millis: u64,
    /// Requests in a hundred that fail in a way that may pass.
    pub(crate) transient: u64,
    /// Sessions in a hundred that are gone when they are half done.
    pub(crate) gone: u64,
    /// The requests, by number, that are pushed back.
    pub(crate) throttled_from: u64,
    pub(crate) throttled_to: u64,
    /// So many requests a second are too many.
    pub(crate) busy_above: Option<u64>,
    pub(crate) retry_after: Option<u64>,
    /// The requests below this number are denied.
    pub(crate) denied_to: u64,
    pub(crate) seed: u64,
}

impl Default for Behaviour {
    fn default() -> Behaviour {
        Behaviour {
            items: 5,
            seconds_per_item: 2,
            latency_millis: 0,
            transient: 0,
            gone: 0,
            throttled_from: 0,
            throttled_to: 0,
            busy_above: None,
            retry_after: None,
            denied_to: 0,
            seed: 0,
        }
    }
}

/// A server; a clone is the same one.
#[derive(Clone, Debug)]
pub(crate) struct Simulated {
    clock: TestClock,
    behaviour: Behaviour,
    record: Arc<Mutex<Record>>,
}

#[derive(Debug, Default)]
struct Record {
    sends: Vec<(Tick, u64)>,
    pushed_back: Vec<(Tick, u64)>,
    over: BTreeMap<u64, Tick>,
    recent: VecDeque<Tick>,
    in_flight: BTreeMap<u64, u32>,
    all_in_flight: u32,
    most_in_flight: u32,
    most_in_flight_of_one: u32,
}

impl Simulated {
    pub(crate) fn new(behaviour: Behaviour) -> Simulated {
        Simulated { clock: TestClock::new(), behaviour, record: Arc::default() }
    }

    pub(crate) fn clock(&self) -> TestClock {
        self.clock.clone()
    }

    pub(crate) fn session(&self, id: u64) -> Session {
        Session { id, server: self.clone() }
    }

    pub(crate) fn sends(&self) -> Vec<(Tick, u64)> {
        self.record().sends.clone()
    }

    pub(crate) fn pushed_back(&self) -> Vec<(Tick, u64)> {
        self.record().pushed_back.clone()
    }

    pub(crate) fn most_in_flight(&self) -> u32 {
        self.record().most_in_flight
    }

    pub(crate) fn most_in_flight_of_one(&self) -> u32 {
        self.record().most_in_flight_of_one
    }

    /// No session was asked twice within `gap`.
    pub(crate) fn check_gaps(&self, gap: Duration) {
        let mut last: BTreeMap<u64, Tick> = BTreeMap::new();
        for (sent, id) in self.sends() {
            if let Some(before) = last.insert(id, sent) {
                assert!(sent.since(before) >= gap, "session {id} at {before:?} and {sent:?}");
            }
        }
    }

    /// No session was asked again after a reply that ended it.
    pub(crate) fn check_silence_after_the_end(&self) {
        let record = self.record();
        for (sent, id) in &record.sends {
            assert!(record.over.get(id).is_none_or(|over| sent <= over), "session {id} at {sent:?}");
        }
    }

    fn record(&self) -> MutexGuard<'_, Record> {
        self.record.lock().expect("no test panics while it records")
    }

    /// A number that depends on the seed, the session and the request only.
    fn draw(&self, id: u64, number: u64, below: u64) -> u64 {
        Fingerprint::new().number(self.behaviour.seed).number(id).number(number).finish() % below
    }

    fn begin(&self, id: u64) -> (u64, bool) {
        let now = self.clock.now();
        let mut record = self.record();
        let number = record.sends.len() as u64;
        record.sends.push((now, id));
        let of_one = record.in_flight.entry(id).or_default();
        *of_one += 1;
        let of_one = *of_one;
        record.most_in_flight_of_one = record.most_in_flight_of_one.max(of_one);
        record.all_in_flight += 1;
        record.most_in_flight = record.most_in_flight.max(record.all_in_flight);
        record.recent.push_back(now);
        while record.recent.front().is_some_and(|sent| now.since(*sent) >= Duration::from_secs(1)) {
            record.recent.pop_front();
        }
        let recent = record.recent.len() as u64;
        (number, self.behaviour.busy_above.is_some_and(|above| recent > above))
    }

    fn answer(&self, id: u64, number: u64, busy: bool) -> Result<Observation, Setback> {
        let Behaviour { transient, gone, throttled_from, throttled_to, retry_after, denied_to, .. } = self.behaviour;
        let setback = |failure| Err(Setback { failure, retry_after: None });
        if busy || (throttled_from..throttled_to).contains(&number) {
            self.record().pushed_back.push((self.clock.now(), id));
            return Err(Setback { failure: Failure::Throttled, retry_after: retry_after.map(Duration::from_secs) });
        }
        if number < denied_to {
            return setback(Failure::Denied);
        }
        if self.draw(id, number, 100) < transient {
            return setback(Failure::Transient);
        }
        let observation = self.status(id);
        let half_done = observation.counters.processed * 2 >= observation.counters.total;
        if half_done && self.draw(id, u64::MAX, 100) < gone {
            self.record().over.insert(id, self.clock.now());
            return setback(Failure::Gone);
        }
        if observation.state == State::Completed {
            self.record().over.insert(id, self.clock.now());
        }
        Ok(observation)
    }

    fn status(&self, id: u64) -> Observation {
        let Behaviour { items, seconds_per_item, .. } = self.behaviour;
        let elapsed = self.clock.now().since(Tick::ZERO).as_secs() + self.draw(id, 0, 3);
        let processed = (elapsed / seconds_per_item).min(items);
        let state = match processed {
            0 => State::Queued,
            some if some < items => State::Running,
            _ => State::Completed,
        };
        let signed = |number: u64| i64::try_from(number).expect("small numbers");
        let counters =
            Counters { total: signed(items), processed: signed(processed), successful: signed(processed), failed: 0 };
        Observation { state, counters, delivered: Some(processed), mark: 0 }
    }
}

/// One of its sessions.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    pub(crate) id: u64,
    server: Simulated,
}

impl Session {
    pub(crate) fn fingerprint(id: u64) -> u64 {
        Fingerprint::new().number(id).finish()
    }
}

impl StatusSource for Session {
    type Status = &'static str;
    type Item = u64;
    type Error = ScriptedError;

    fn fetch(&self, _: &Seen) -> BoxFuture<Fetched<Session>> {
        let Session { id, server } = self.clone();
        let (number, busy) = server.begin(id);
        let flight = InFlight { id, server: server.clone() };
        Box::pin(async move {
            let _flight = flight;
            let latency = server.behaviour.latency_millis;
            let latency = latency / 2 + if latency > 1 { server.draw(id, number, latency / 2) } else { 0 };
            server.clock.sleep_until(server.clock.now() + Duration::from_millis(latency)).await;
            match server.answer(id, number, busy) {
                Ok(observation) => {
                    let items = (0..observation.delivered.unwrap_or(0)).map(|item| id * 1000 + item).collect();
                    let (known, seen) = (0, Seen::nothing());
                    Ok(Reply { observation, status: "status", items, known, seen, retry_after: None, bytes: 100 })
                }
                Err(setback) => Err(Refusal { setback, error: ScriptedError(setback.failure) }),
            }
        })
    }

    fn session(&self) -> u64 {
        Session::fingerprint(self.id)
    }

    fn identity(item: &u64) -> u64 {
        *item
    }
}

/// Ends with the request, however that ends.
struct InFlight {
    id: u64,
    server: Simulated,
}

impl Drop for InFlight {
    fn drop(&mut self) {
        let mut record = self.server.record();
        record.all_in_flight -= 1;
        if let Some(count) = record.in_flight.get_mut(&self.id) {
            *count -= 1;
        }
    }
}
