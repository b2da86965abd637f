//! A whole run: every scenario side by side, each with a host and a client of its own.

use std::ffi::OsString;
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use futures_util::stream::{FuturesUnordered, StreamExt};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::time::sleep;

use super::book::Book;
use super::process::{Client, Ending, Task};
use super::scenario::Scenario;
use super::stage::{Flood, Stage};
use super::starvation::Starvation;
use super::{lag, listener, scenarios};
use crate::catalogue::Api;
use crate::drive::{Run, Sink, micros};
use crate::judge::judge;
use crate::report::safe;
use crate::trace::{Fact, Header, Redactor, Source, Subject, Which};

/// What a measured time may be wrong by on a machine that is at rest: timers, the loopback and the client's own work. What
/// a busy machine adds is measured while it happens.
pub(super) const TOLERANCE: Duration = Duration::from_millis(250);
/// How long a host listens: 45 s and more after the first call of a client that takes its time to start, and longer than
/// any scenario lasts for a client at the slowest documented pace.
pub(super) const LISTENS: Duration = Duration::from_secs(68);
/// Clients are started one after the other, so that they do not all start up at once.
const BETWEEN_STARTS: Duration = Duration::from_millis(100);
/// What the client is told to authorise itself with. It opens nothing but the scenario's own port.
const CREDENTIAL: &str = "abide-conform-client-credential";

/// A run to be: which API, which client, which scenarios.
pub struct Host {
    api: Api,
    command: Vec<OsString>,
    scenarios: Vec<Scenario>,
    speed: u32,
    progress: Box<dyn FnMut(&str) + Send>,
    sink: Option<Sink>,
}

impl fmt::Debug for Host {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let command = named(&self.command);
        formatter.debug_struct("Host").field("api", &self.api).field("command", &command).finish_non_exhaustive()
    }
}

/// There is no scenario of that name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no scenario {name} of {api}; there are {}", names(*api))]
pub struct UnknownScenario {
    name: String,
    api: Api,
}

fn names(api: Api) -> String {
    scenarios(api).iter().map(Scenario::name).collect::<Vec<_>>().join(", ")
}

impl Host {
    /// Every scenario of an API, for the client that this command starts.
    pub fn new(api: Api, command: impl IntoIterator<Item = OsString>) -> Self {
        let command = command.into_iter().collect();
        Self { api, command, scenarios: scenarios(api), speed: 1, progress: Box::new(|_| {}), sink: None }
    }

    /// Only the scenarios of these names.
    ///
    /// # Errors
    /// [`UnknownScenario`] for a name that is none.
    pub fn only<'a>(mut self, names: impl IntoIterator<Item = &'a str>) -> Result<Self, UnknownScenario> {
        let mut chosen = Vec::new();
        for name in names {
            let found = self.scenarios.iter().find(|scenario| scenario.name() == name).cloned();
            chosen.push(found.ok_or_else(|| UnknownScenario { name: safe(name), api: self.api })?);
        }
        self.scenarios = chosen;
        Ok(self)
    }

    /// Divides every documented duration, for a client that is known to divide them too. Default 1.
    #[must_use]
    pub fn speed(self, speed: u32) -> Self {
        Self { speed: speed.max(1), ..self }
    }

    /// Is told what happens, a line at a time.
    #[must_use]
    pub fn progress(self, progress: impl FnMut(&str) + Send + 'static) -> Self {
        Self { progress: Box::new(progress), ..self }
    }

    /// Writes the trace there, line by line.
    #[must_use]
    pub fn record(self, sink: impl io::Write + Send + 'static) -> Self {
        Self { sink: Some(Box::new(sink)), ..self }
    }

    /// Plays the scenarios, and judges what the client did. Dropped before its end, it ends the clients.
    ///
    /// # Errors
    /// When the trace or the clients' input cannot be written, or no port can be opened. A client that cannot be started is
    /// no error: the report says so.
    pub async fn run(mut self) -> io::Result<Run> {
        let book = Arc::new(self.book()?);
        let folder = tempfile::tempdir()?;
        tokio::select! {
            played = self.play(&book, &folder) => played?,
            never = lag::watch(&book) => match never {},
        }
        let trace = book.close()?;
        Ok(Run { report: judge(&trace), trace })
    }

    fn book(&mut self) -> io::Result<Book> {
        let mut header = Header::new(self.api, Subject::Client, Source::Driven, named(&self.command));
        header.driver = format!("{}, {} scenarios", header.driver, self.scenarios.len());
        header.speed = self.speed;
        header.tolerance = micros(TOLERANCE);
        let mut redactor = Redactor::default();
        redactor.learn(Which::First, CREDENTIAL);
        Book::begin(header, redactor, self.sink.take())
    }

    async fn play(&mut self, book: &Arc<Book>, folder: &TempDir) -> io::Result<()> {
        // Not tasks of their own: a run that is dropped takes its clients along at once.
        let mut running = FuturesUnordered::new();
        for (place, scenario) in (0_u32..).zip(std::mem::take(&mut self.scenarios)) {
            let input = folder.path().join(format!("{}.json", scenario.name()));
            std::fs::write(&input, scenario.input.to_string())?;
            let stage = Stage::new(scenario, CREDENTIAL.to_owned(), self.speed, Arc::clone(book));
            let listens = LISTENS / self.speed;
            let turn = Turn { stage: Arc::new(stage), command: self.command.clone(), input, listens };
            let start = BETWEEN_STARTS * place;
            running.push(async move {
                sleep(start).await;
                turn.take().await
            });
        }
        while let Some(ended) = running.next().await {
            match ended? {
                End::NotStarted(why) => {
                    book.fact(Fact::Stopped { at: book.now(), why });
                    return Ok(());
                }
                End::Told(line) => (self.progress)(&line),
            }
        }
        Ok(())
    }
}

/// One scenario with its client.
struct Turn {
    stage: Arc<Stage>,
    command: Vec<OsString>,
    input: PathBuf,
    listens: Duration,
}

enum End {
    /// The command cannot be started; it will be no better in the next scenario.
    NotStarted(String),
    /// What is to be told about it.
    Told(String),
}

/// Why a client was stopped.
#[derive(Clone, Copy)]
enum Stopped {
    InTime,
    Flooding(Flood),
}

impl Turn {
    async fn take(self) -> io::Result<End> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let base_url = format!("http://{}", listener.local_addr()?);
        let task = Task { base_url: &base_url, credential: CREDENTIAL, input: &self.input };
        let mut client = match Client::start(&self.command, task) {
            Ok(client) => client,
            Err(error) => {
                let program = self.command.first().map(|word| safe(&word.to_string_lossy())).unwrap_or_default();
                return Ok(End::NotStarted(format!("{program} cannot be started: {error}")));
            }
        };
        let started = self.book().now();
        self.book().fact(Fact::ClientStarted { case: self.name(), at: started });
        let mut starvation = Starvation::of(self.book(), self.name(), client.leader());
        let ended = tokio::select! {
            biased;
            // First: who floods is cut off, and may end because of it.
            flood = self.stage.flooded() => Err(Stopped::Flooding(flood)),
            status = client.exited() => Ok(status?),
            () = sleep(self.listens) => Err(Stopped::InTime),
            never = listener::listen(Arc::clone(&self.stage), listener) => match never {},
            never = starvation.watch() => match never {},
        };
        starvation.finish();
        // Nobody who has ended is stopped for the time that it takes to read what was said.
        let ended = match ended {
            Ok(status) => Ok(client.ending(status).await),
            Err(stopped) => Err(stopped),
        };
        drop(client);
        let took = Duration::from_micros(self.book().now().saturating_sub(started)).as_secs_f64();
        let words = match &ended {
            Ok(ending) => words(ending),
            Err(Stopped::InTime) => "stopped, still waiting".to_owned(),
            Err(Stopped::Flooding(flood)) => format!("stopped: {}", flood.describe()),
        };
        self.note(ended);
        Ok(End::Told(format!("{}: {words} ({took:.1} s)", self.name())))
    }

    fn note(&self, ended: Result<Ending, Stopped>) {
        let at = self.book().now();
        let case = self.name();
        self.book().fact(match ended {
            Ok(Ending { outcome, exit, is_unheard, last_words: _ }) => {
                let why = is_unheard.then(|| "somebody else held its output, and nothing could be read".to_owned());
                Fact::ClientEnded { case, at, outcome, exit, stopped: false, why }
            }
            Err(stopped) => {
                let why = match stopped {
                    Stopped::InTime => None,
                    Stopped::Flooding(flood) => Some(flood.describe()),
                };
                Fact::ClientEnded { case, at, outcome: None, exit: None, stopped: true, why }
            }
        });
    }

    fn book(&self) -> &Book {
        self.stage.book()
    }

    fn name(&self) -> String {
        self.stage.scenario().name().to_owned()
    }
}

/// The program of a command, and how many arguments it has; an argument may be a secret.
fn named(command: &[OsString]) -> String {
    let Some((program, arguments)) = command.split_first() else { return "no command".to_owned() };
    let program = program.to_string_lossy();
    match arguments.len() {
        0 => program.into_owned(),
        1 => format!("{program} (and 1 argument)"),
        count => format!("{program} (and {count} arguments)"),
    }
}

/// How a client ended, for people; with its last complaint where it named no outcome.
fn words(ending: &Ending) -> String {
    match (&ending.outcome, ending.exit) {
        (Some(outcome), _) => outcome.clone(),
        (None, exit) => {
            let code = exit.map_or_else(String::new, |code| format!(", exit code {code}"));
            let complaint = ending.last_words.as_deref().map(|line| format!(": {}", safe(line))).unwrap_or_default();
            format!("no outcome{code}{complaint}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_argument_is_named() {
        for (command, expected) in [
            (&[][..], "no command"),
            (&["client"], "client"),
            (&["sh", "client.sh"], "sh (and 1 argument)"),
            (&["client", "--key", "a-secret"], "client (and 2 arguments)"),
        ] {
            let command: Vec<OsString> = command.iter().map(OsString::from).collect();
            assert_eq!(named(&command), expected);
            assert!(!format!("{:?}", Host::new(Api::Hum, command)).contains("secret"));
        }
    }
}
