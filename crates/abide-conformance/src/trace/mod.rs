//! What happened, as data: the format `abide-trace/1`.
//!
//! A trace is a text file of one JSON object per line (NDJSON). The first line is the [`Header`]; every further line is an
//! [`Exchange`] (one request with its reply) or a [`Fact`] (what the driver did besides asking). `spec/trace.schema.json`
//! is the schema of a line. Instants are whole microseconds on the driver's monotonic clock, counted from
//! [`Header::started`].
//!
//! A trace never holds a credential. It holds which one was sent and how ([`Credential`]); [`Recorder`] replaces
//! the text of a credential wherever else it turns up.
//!
//! ```
//! use abide_conformance::trace;
//!
//! let text = r#"{"line":"header","format":"abide-trace/1","api":"hum","subject":"server","source":"recorded",
//!     "target":"https://api.letshum.com","driver":"abide 0.1.0","started":"2026-01-15T10:30:00Z","clock":"none"}"#
//!     .replace("\n    ", "");
//! let trace = trace::read(text.as_bytes())?;
//! assert!(trace.exchanges.is_empty() && trace.remarks.is_empty());
//! # Ok::<(), trace::TraceError>(())
//! ```

mod exchange;
mod fact;
mod file;
mod har;
mod header;
mod line;
mod read;
mod recorder;
mod recording;
mod redact;
mod write;

pub use exchange::{Answer, Body, Credential, Exchange, How, NoReply, Operation, Reply, Request, Which};
pub use fact::Fact;
pub use file::read_file;
pub use har::read_har;
pub use header::{Clock, FORMAT, Header, Source, Subject};
pub use line::{Line, schema};
pub use read::{TraceError, read};
pub use recorder::Recorder;
pub use recording::{Recording, Said};
pub use redact::Redactor;
pub use write::write;

/// A whole trace in memory.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace {
    /// Who asked whom, and how.
    pub header: Header,
    /// By their number.
    pub exchanges: Vec<Exchange>,
    /// In the order in which they were written.
    pub facts: Vec<Fact>,
    /// What a reader of the verdict should know about the reading: a cut last line, lines that were passed over.
    pub remarks: Vec<String>,
}

impl Trace {
    /// An empty trace.
    pub fn new(header: Header) -> Self {
        Self { header, exchanges: Vec::new(), facts: Vec::new(), remarks: Vec::new() }
    }

    /// The exchange of that number.
    pub fn exchange(&self, number: u32) -> Option<&Exchange> {
        let place = self.exchanges.binary_search_by_key(&number, |exchange| exchange.number).ok()?;
        self.exchanges.get(place)
    }
}
