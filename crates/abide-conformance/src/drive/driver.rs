//! The driver: asks, waits out what asks for it, moves the clock, and writes everything down.

use std::io::{self, Write};
use std::time::Duration;

use serde_json::Value;

use super::ask::Ask;
use super::suite::Credentials;
use super::target::Target;
use super::time::{Time, micros};
use super::web::ClockHook;
use crate::catalogue::Api;
use crate::judge::{ASKED_TO_BE_SURE, read_retry_after};
use crate::trace::{Answer, Clock, Exchange, Fact, How, NoReply, Recorder, Reply, Trace, Which};

/// How long after one round of polls the next one begins.
pub(crate) const BETWEEN_POLLS: Duration = Duration::from_millis(100);
/// How often a call is repeated that a 429 or a 503 answered.
const MOST_RETRIES: u32 = 5;
/// The longest pause that a server may ask for beyond the tester's patience.
const LONGEST_PAUSE: u64 = 120_000_000;
/// After so many calls in a row without an answer there is no server any more.
const MOST_SILENT: u32 = 3;

/// For so long after it was given up a move of the clock may still happen.
const LATEST: Duration = Duration::from_hours(1);
/// So long nothing is told before it is said how far the run is, in microseconds.
const QUIET: u64 = 10_000_000;

/// Where a trace goes besides memory.
pub(crate) type Sink = Box<dyn Write + Send>;

/// How the server's clock can be moved.
#[derive(Debug)]
pub(crate) enum Mover {
    /// Not at all.
    None,
    /// By waiting; on a virtual clock that takes no time.
    Wait,
    /// By asking for it.
    Hook(ClockHook),
}

/// Why the driver stopped before its end.
#[derive(Debug)]
pub(crate) enum Stop {
    /// Nothing can be asked any more.
    Server(String),
    /// The time for the whole run is over.
    Time(String),
    /// The trace cannot be written.
    Trace(io::Error),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Trace(error)
    }
}

/// What came back, in short.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Answered {
    pub(crate) number: u32,
    pub(crate) status: Option<u16>,
}

impl Answered {
    pub(crate) fn is_success(self) -> bool {
        self.status.is_some_and(|status| (200..300).contains(&status))
    }
}

/// Asks, waits out what asks for it, moves the clock, and writes everything down.
pub(crate) struct Driver {
    pub(crate) api: Api,
    pub(crate) target: Box<dyn Target>,
    pub(crate) time: Box<dyn Time>,
    pub(crate) mover: Mover,
    pub(crate) credentials: Credentials,
    pub(crate) recorder: Recorder<Sink>,
    pub(crate) patience: Duration,
    /// How long plans wait for a session to finish: the patience, until the fixed cases showed how long it takes.
    pub(crate) waits: Duration,
    /// How long a session lives without activity.
    pub(crate) window: Duration,
    /// When the run has to be over, in microseconds; none: whenever it is done.
    pub(crate) until: Option<u64>,
    /// When it was last looked whether this machine had slept.
    pub(crate) awake_at: u64,
    pub(crate) progress: Progress,
    pub(crate) silent: u32,
}

/// Who is told what the run is at, and when that was done last.
pub(crate) struct Progress {
    tell: Box<dyn FnMut(&str) + Send>,
    told: u64,
}

impl Progress {
    pub(crate) fn new(tell: Box<dyn FnMut(&str) + Send>) -> Self {
        Self { tell, told: 0 }
    }

    fn tell(&mut self, now: u64, what: &str) {
        self.told = now;
        (self.tell)(what);
    }
}

impl Driver {
    /// Tells what the run is at.
    pub(crate) fn tell(&mut self, what: &str) {
        let now = self.time.now();
        self.progress.tell(now, what);
    }

    /// Asks once; whatever comes is written down and given back.
    pub(crate) async fn once(&mut self, case: &str, ask: &Ask) -> Result<Answered, Stop> {
        self.on_time(case, Duration::ZERO)?;
        let authorization = self.authorization(ask);
        let Some(message) = ask.message(authorization.as_deref()) else {
            return Err(Stop::Server(
                "a request could not be put together; is the credential a plain text?".to_owned(),
            ));
        };
        let sent = self.time.now();
        let left = self.until.filter(|_| self.trace().header.clock != Clock::Virtual);
        let left = left.map(|until| Duration::from_micros(until.saturating_sub(sent)));
        let reply = match left {
            None => self.target.send(message).await,
            Some(left) => tokio::time::timeout(left, self.target.send(message)).await.unwrap_or_else(|_| Reply::None {
                why: NoReply::Timeout,
                detail: "the time for the whole run was over".to_owned(),
            }),
        };
        let received = self.time.now();
        let (status, why) = (reply.status(), why(&reply));
        let number = self.recorder.exchange(case, sent, received, ask.request(), reply)?;
        self.note_missed_time()?;
        self.count_silence(why)?;
        Ok(Answered { number, status })
    }

    /// Asks, and asks again after the pause that a 429 or a 503 calls for; and where something on the way may have answered
    /// instead of the server, until it is certain that it has not.
    pub(crate) async fn call(&mut self, case: &str, ask: &Ask) -> Result<Answered, Stop> {
        let (mut tries, mut asked) = (0, 0);
        loop {
            let answered = self.once(case, ask).await?;
            let answer = self.exchange(answered.number).and_then(|exchange| exchange.reply.answer());
            if answer.is_some_and(Answer::pushes_back) && tries < MOST_RETRIES {
                self.wait_out(case, answered.number, tries).await?;
                tries += 1;
                continue;
            }
            asked += 1;
            if asked == ASKED_TO_BE_SURE || !ask.is_repeatable() || !answer.is_some_and(Answer::may_be_of_another) {
                return Ok(answered);
            }
            self.time.sleep(BETWEEN_POLLS).await;
        }
    }

    /// Waits as long as a reply asks for, or longer each time where it does not say.
    pub(crate) async fn wait_out(&mut self, case: &str, number: u32, tries: u32) -> Result<(), Stop> {
        let asked = self.exchange(number).and_then(|exchange| self.retry_after(exchange));
        let wait = asked.unwrap_or(500_000 << tries.min(10));
        if wait > micros(self.patience).max(LONGEST_PAUSE) {
            let seconds = wait / 1_000_000;
            return Err(Stop::Server(format!(
                "the server asks to be left alone for {seconds} s, which is too long to wait"
            )));
        }
        // The server counts from when it answered; a little more than it asked for is certainly enough.
        let wait = wait.saturating_add(if asked.is_some() { 20_000 } else { 0 });
        let pause = Duration::from_micros(wait);
        self.on_time(case, pause)?;
        self.tell(&format!("waiting {:.1} s, as the server asks", pause.as_secs_f64()));
        self.time.sleep(pause).await;
        self.recorder.fact(Fact::WaitedOut { exchange: number, waited: wait })?;
        Ok(())
    }

    /// Lets time pass for the server: moves its clock, or waits. False where that cannot be done.
    pub(crate) async fn age(&mut self, by: Duration) -> Result<bool, Stop> {
        match &self.mover {
            Mover::None => Ok(false),
            Mover::Wait => {
                self.tell(&format!("waiting {} min {} s for sessions to expire", by.as_secs() / 60, by.as_secs() % 60));
                self.time.sleep(by).await;
                // What the documents make long is no fault of the server.
                self.until = self.until.map(|until| until.saturating_add(micros(by)));
                Ok(true)
            }
            Mover::Hook(hook) => {
                let sent = self.time.now();
                let moved = hook.advance(by).await;
                let received = self.time.now();
                let done = moved.is_ok();
                let possible = moved.as_ref().is_err_and(|stuck| stuck.may_have_moved);
                if done || possible {
                    // A request that was given up may lie in a queue, and be carried out later.
                    let received = received.saturating_add(if possible { micros(LATEST) } else { 0 });
                    self.recorder.fact(Fact::ClockMoved { sent, received, by: micros(by), possible })?;
                }
                if let Err(stuck) = moved {
                    self.recorder.fact(Fact::ClockStuck { at: received, why: stuck.why })?;
                    self.mover = Mover::None;
                }
                Ok(done)
            }
        }
    }

    /// Whether time can be made to pass without the tester waiting for it.
    pub(crate) fn can_skip_time(&self) -> bool {
        match self.mover {
            Mover::None => false,
            Mover::Wait => self.trace().header.clock == Clock::Virtual,
            Mover::Hook(_) => true,
        }
    }

    pub(crate) fn has_second(&self) -> bool {
        self.credentials.second.is_some()
    }

    pub(crate) fn trace(&self) -> &Trace {
        self.recorder.trace()
    }

    pub(crate) fn exchange(&self, number: u32) -> Option<&Exchange> {
        self.trace().exchange(number)
    }

    /// The reply of an exchange, where it is JSON.
    pub(crate) fn json(&self, number: u32) -> Option<Value> {
        serde_json::from_str(self.exchange(number)?.reply.answer()?.body.json()?).ok()
    }

    /// The number that the next exchange will have.
    pub(crate) fn next_number(&self) -> u32 {
        self.trace().exchanges.last().map_or(1, |last| last.number.saturating_add(1))
    }

    /// Whether there is still time for a pause and a call after it; and now and then a word about how far the run is.
    fn on_time(&mut self, case: &str, pause: Duration) -> Result<(), Stop> {
        let now = self.time.now();
        if self.until.is_some_and(|until| now.saturating_add(micros(pause)) > until) {
            return Err(Stop::Time(format!(
                "the time for the whole run was over after {} s and {} calls, in the case `{}`",
                now / 1_000_000,
                self.trace().exchanges.len(),
                case.split(':').next().unwrap_or_default()
            )));
        }
        if now.saturating_sub(self.progress.told) >= QUIET {
            let calls = self.trace().exchanges.len();
            self.tell(&format!("still at it: {calls} calls in {} s", now / 1_000_000));
        }
        Ok(())
    }

    /// While this machine slept, the server's clock may have gone on.
    fn note_missed_time(&mut self) -> Result<(), Stop> {
        let since = std::mem::replace(&mut self.awake_at, self.time.now());
        let missed = self.time.missed();
        if !missed.is_zero() {
            let moved = Fact::ClockMoved { sent: since, received: self.awake_at, by: micros(missed), possible: true };
            self.recorder.fact(moved)?;
        }
        Ok(())
    }

    fn authorization(&self, ask: &Ask) -> Option<String> {
        let secret = match ask.credential.which? {
            Which::First => self.credentials.first.as_str(),
            Which::Second => self.credentials.second.as_deref().unwrap_or(WRONG),
            Which::Wrong => WRONG,
        };
        match ask.credential.how {
            How::None | How::Unrecorded => None,
            How::Bare => Some(secret.to_owned()),
            How::Bearer => Some(format!("Bearer {secret}")),
            How::Other => Some(format!("Basic {secret}")),
        }
    }

    fn retry_after(&self, exchange: &Exchange) -> Option<u64> {
        let headers = &exchange.reply.answer()?.headers;
        let started: jiff::Timestamp = self.trace().header.started.parse().ok()?;
        let received = started.checked_add(Duration::from_micros(exchange.received)).ok()?;
        read_retry_after(headers.get("retry-after")?, headers.get("date").map(String::as_str), received)
    }

    fn count_silence(&mut self, why: Option<NoReply>) -> Result<(), Stop> {
        let Some(why) = why else {
            self.silent = 0;
            return Ok(());
        };
        self.silent += 1;
        // A server that hangs costs the whole timeout each time.
        let most = if why == NoReply::Timeout { MOST_SILENT - 1 } else { MOST_SILENT };
        if self.silent < most {
            return Ok(());
        }
        Err(Stop::Server(format!("{} {}, {} times in a row", self.target.name(), why.describe(), self.silent)))
    }
}

/// A credential that nobody has.
const WRONG: &str = "abide-conformance-wrong-credential";

fn why(reply: &Reply) -> Option<NoReply> {
    match reply {
        Reply::Answer(_) => None,
        Reply::None { why, .. } => Some(*why),
    }
}
