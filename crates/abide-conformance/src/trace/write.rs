//! Writing a trace that is in memory.

use std::io::{self, Write};

use super::{Line, Trace};

/// Writes a trace as lines, every body in full. Its remarks are about a reading, and no part of it.
///
/// ```
/// use abide_conformance::catalogue::Api;
/// use abide_conformance::trace::{Header, Source, Subject, Trace, read, write};
///
/// let trace = Trace::new(Header::new(Api::Hum, Subject::Server, Source::Recorded, "http://127.0.0.1:8080"));
/// let mut file = Vec::new();
/// write(&trace, &mut file)?;
/// assert_eq!(read(file.as_slice()).expect("it is a trace"), trace);
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
/// When it cannot be written.
pub fn write(trace: &Trace, mut sink: impl Write) -> io::Result<()> {
    let header = std::iter::once(Line::Header(trace.header.clone()));
    let exchanges = trace.exchanges.iter().map(|exchange| Line::Exchange(Box::new(exchange.clone())));
    let facts = trace.facts.iter().cloned().map(Line::Fact);
    for line in header.chain(exchanges).chain(facts) {
        let mut text = serde_json::to_string(&line)?;
        text.push('\n');
        sink.write_all(text.as_bytes())?;
    }
    sink.flush()
}
