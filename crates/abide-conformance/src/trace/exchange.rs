//! One request and what came back.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One request and what came back. Whatever the server did about it, it did between `sent` and `received`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Exchange {
    /// Counted from 1, in the order of writing: that of sending where one driver asks, and that in which replies were handed
    /// over or read for a host and in a recording. What came first is told by the times.
    pub number: u32,
    /// What it belongs to: a case of the driver, a scenario of the host, or nothing.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub case: String,
    /// When the request was about to leave (a driver), or had arrived (a host), in microseconds.
    pub sent: u64,
    /// When the reply was read, or given up (a driver), or was handed over (a host), in microseconds.
    pub received: u64,
    /// What was asked.
    pub request: Request,
    /// What came back.
    pub reply: Reply,
}

/// What was asked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Request {
    /// Which call of the API this is.
    pub operation: Operation,
    /// Such as `GET`.
    pub method: String,
    /// As sent, percent-encoded.
    pub path: String,
    /// Decoded.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub query: Vec<(String, String)>,
    /// Those that a verdict may need, in lower case; never `authorization`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    /// Which credential was sent, and how. A recording that does not say leaves it open.
    #[serde(default = "Credential::unrecorded")]
    pub credential: Credential,
    /// The session that is asked about: its id, or its token, decoded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<String>,
    /// Whether the driver made the id up, so that no server can have given it out.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub invented: bool,
    /// What was sent with it.
    #[serde(default, skip_serializing_if = "Body::is_empty")]
    pub body: Body,
}

/// A call of one of the two APIs, by its `operationId`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Operation {
    /// Both: a new session.
    CreateSession,
    /// Calmyx: the state of a session.
    GetSessionStatus,
    /// Hum: the state of a session.
    GetSession,
    /// Hum: closing.
    CloseSession,
    /// Hum: the providers.
    GetInternetServices,
    /// Calmyx: how many listings there are.
    GetListingStats,
    /// Calmyx: deleting one.
    DeleteListing,
    /// Anything else.
    #[default]
    #[serde(other)]
    Other,
}

impl Operation {
    /// Whether it asks for the state of a session.
    pub const fn is_status(self) -> bool {
        matches!(self, Self::GetSessionStatus | Self::GetSession)
    }

    /// Create, status, close and services.
    pub const fn is_session_call(self) -> bool {
        matches!(
            self,
            Self::CreateSession
                | Self::GetSessionStatus
                | Self::GetSession
                | Self::CloseSession
                | Self::GetInternetServices
        )
    }
}

/// Which credential was sent, and how; never the credential itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Credential {
    /// The form of the header.
    pub how: How,
    /// Whose it was; nothing where none was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub which: Option<Which>,
}

impl Credential {
    /// No `Authorization` at all.
    pub const NONE: Self = Self { how: How::None, which: None };

    /// Whoever wrote this down left credentials out, so that nobody knows whether there was one.
    pub const UNRECORDED: Self = Self { how: How::Unrecorded, which: None };

    const fn unrecorded() -> Self {
        Self::UNRECORDED
    }

    /// A credential in one of the two usual forms.
    pub const fn new(how: How, which: Which) -> Self {
        Self { how, which: Some(which) }
    }
}

/// The form of an `Authorization` header.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum How {
    /// There was none.
    #[default]
    None,
    /// The credential alone.
    Bare,
    /// After `Bearer`.
    Bearer,
    /// Any other way.
    Other,
    /// It was not written down whether there was one: browsers and proxies leave it out.
    Unrecorded,
}

/// Whose credential it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Which {
    /// The one that owns most sessions.
    First,
    /// That of another account.
    Second,
    /// One that was made up, or mangled.
    Wrong,
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Reply {
    /// A status, at least.
    Answer(Answer),
    /// Nothing that could be called an answer.
    None {
        /// Why.
        why: NoReply,
        /// In words.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        detail: String,
    },
}

impl Reply {
    /// The answer, where there is one.
    pub const fn answer(&self) -> Option<&Answer> {
        match self {
            Self::Answer(answer) => Some(answer),
            Self::None { .. } => None,
        }
    }

    /// The status code, where there is one.
    pub fn status(&self) -> Option<u16> {
        self.answer().map(|answer| answer.status)
    }
}

/// A reply with a status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// Those that a verdict may need, in lower case.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    /// What came with it.
    #[serde(default, skip_serializing_if = "Body::is_empty")]
    pub body: Body,
}

impl Answer {
    /// Whether the status is 200 to 299.
    pub const fn is_success(&self) -> bool {
        self.status >= 200 && self.status < 300
    }

    /// Whether the status is 400 to 499.
    pub const fn is_refusal(&self) -> bool {
        self.status >= 400 && self.status < 500
    }

    /// Whether it says nothing about what was asked: the server is busy, or something on the way to it speaks instead (408,
    /// 421, 425, 429, 502, 503, 504), or wants something for itself (407, 511).
    pub const fn is_beside_the_point(&self) -> bool {
        self.pushes_back() || matches!(self.status, 407 | 408 | 421 | 425 | 502 | 504 | 511)
    }

    /// Whether it says nothing about what was asked, and nothing about the server either: whoever asks the same again will
    /// see whether it was something on the way that spoke instead.
    pub const fn may_be_of_another(&self) -> bool {
        self.is_beside_the_point() && !self.pushes_back()
    }

    /// Whether the server asks to be left alone for a while: 429 or 503.
    pub const fn pushes_back(&self) -> bool {
        matches!(self.status, 429 | 503)
    }
}

/// The body of a request or a reply, or why there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Body {
    /// No bytes.
    #[default]
    Empty,
    /// JSON, as text, exactly as it came but for replaced credentials.
    Json(String),
    /// The same text as the reply body of that earlier exchange. A reader puts the text back.
    SameAs(u32),
    /// Bytes that are no JSON.
    NotJson {
        /// Its beginning, as text.
        starts: String,
        /// How many bytes there were.
        length: u64,
    },
    /// Fewer bytes than promised, or a connection that broke on the way.
    Truncated {
        /// How many bytes came.
        received: u64,
    },
    /// The rest did not come in time.
    Timeout {
        /// How many bytes came.
        received: u64,
    },
    /// More than the driver reads.
    TooLarge {
        /// How many bytes it reads.
        limit: u64,
    },
    /// Left out on purpose; only its length and its SHA-256 are known.
    Digest {
        /// How many bytes there were.
        length: u64,
        /// In hexadecimal.
        sha256: String,
    },
}

impl Body {
    /// Whether there were no bytes.
    pub const fn is_empty(&self) -> bool {
        matches!(self, Self::Empty)
    }

    /// The text, where it is JSON.
    pub fn json(&self) -> Option<&str> {
        match self {
            Self::Json(text) => Some(text),
            Self::Empty
            | Self::SameAs(_)
            | Self::NotJson { .. }
            | Self::Truncated { .. }
            | Self::Timeout { .. }
            | Self::TooLarge { .. }
            | Self::Digest { .. } => None,
        }
    }

    /// What it is, in words for people.
    pub fn describe(&self) -> String {
        match self {
            Self::Empty => "no body".to_owned(),
            Self::Json(_) | Self::SameAs(_) => "JSON".to_owned(),
            Self::NotJson { starts, .. } => format!("no JSON but `{starts}`"),
            Self::Truncated { received } => format!("a body that broke off after {received} bytes"),
            Self::Timeout { received } => format!("a body that stood still after {received} bytes"),
            Self::TooLarge { limit } => format!("a body of more than {limit} bytes"),
            Self::Digest { length, .. } => format!("a body of {length} bytes, left out of the trace"),
        }
    }
}

/// Why no answer came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NoReply {
    /// No connection could be made.
    Unreachable,
    /// The connection was closed or reset before a status came.
    Reset,
    /// Nothing came in time.
    Timeout,
    /// What came is no HTTP.
    Malformed,
    /// The host of a client chose to send nothing.
    Withheld,
}

impl NoReply {
    /// In words for people, as the end of "the server …".
    pub const fn describe(self) -> &'static str {
        match self {
            Self::Unreachable => "could not be reached",
            Self::Reset => "closed the connection without an answer",
            Self::Timeout => "did not answer in time",
            Self::Malformed => "answered with something that is no HTTP",
            Self::Withheld => "was told not to answer",
        }
    }
}
