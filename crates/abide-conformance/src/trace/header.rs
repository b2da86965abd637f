//! The first line of a trace: who asked whom, and how.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::catalogue::{Api, Binds};

/// What the first line says about the format.
pub const FORMAT: &str = "abide-trace/1";

/// Who asked whom, and how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Header {
    /// Always `abide-trace/1`.
    pub format: String,
    /// The API that is spoken.
    pub api: Api,
    /// Which side of the conversation is judged.
    pub subject: Subject,
    /// How the trace came about.
    #[serde(default)]
    pub source: Source,
    /// The base URL of a server, or the words that started a client.
    pub target: String,
    /// The program that wrote the trace, with its version and, where it helps, how it was started.
    pub driver: String,
    /// The wall time of instant 0, RFC 3339.
    pub started: String,
    /// How time passed on the server.
    #[serde(default)]
    pub clock: Clock,
    /// The seed of everything random.
    #[serde(default)]
    pub seed: u64,
    /// By how much the documented durations were divided.
    #[serde(default = "one")]
    pub speed: u32,
    /// Whether a broken SHOULD, or a rule that is only assumed, was to fail.
    #[serde(default)]
    pub strict: bool,
    /// How long the tester waits for a session to finish, in microseconds; none: nobody waited on purpose.
    #[serde(default)]
    pub patience: Option<u64>,
    /// What two clocks, and the way between them, may differ by, in microseconds.
    #[serde(default)]
    pub tolerance: u64,
}

const fn one() -> u32 {
    1
}

impl Header {
    /// A header of this format with nothing decided beyond what is given: speed 1, no clock, no tolerance.
    pub fn new(api: Api, subject: Subject, source: Source, target: impl Into<String>) -> Self {
        Self {
            format: FORMAT.to_owned(),
            api,
            subject,
            source,
            target: target.into(),
            driver: format!("abide-conformance {}", env!("CARGO_PKG_VERSION")),
            started: jiff::Timestamp::now().to_string(),
            clock: Clock::None,
            seed: 0,
            speed: 1,
            strict: false,
            patience: None,
            tolerance: 0,
        }
    }
}

/// Which side of the conversation is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Subject {
    /// The one that answers.
    Server,
    /// The one that asks.
    Client,
    /// Both: a client wrote down what it and the server did.
    Both,
}

impl Subject {
    /// The words in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::Client => "client",
            Self::Both => "server and client",
        }
    }

    /// Whether requirements of that side are judged.
    pub(crate) fn includes(self, binds: Binds) -> bool {
        match binds {
            Binds::Server => self != Self::Client,
            Binds::Client => self != Self::Server,
        }
    }
}

/// How a trace came about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// A judge asked on purpose, or was the host: every request is known to be what it says.
    Driven,
    /// A program wrote down what it did anyway.
    #[default]
    Recorded,
    /// Read from an HTTP archive.
    Har,
}

/// How time passed on a server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Clock {
    /// As everywhere, and nobody waited for it.
    #[default]
    None,
    /// As everywhere, and the driver waited.
    Real,
    /// The driver moved it; each move is a fact of the trace.
    Hook,
    /// Driver and server share a clock that moves only when the driver sleeps; in process only.
    Virtual,
}

impl Clock {
    /// The word in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Real => "real",
            Self::Hook => "hook",
            Self::Virtual => "virtual",
        }
    }
}
