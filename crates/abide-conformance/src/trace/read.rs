//! Reading a trace: tolerant of what a crash or a later version leaves behind, strict about what it cannot know.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read};

use serde_json::Value;

use super::{Body, Exchange, FORMAT, Fact, Header, Reply, Trace};

/// The longest line that is read, in bytes.
const LONGEST_LINE: u64 = 64 * 1024 * 1024;

/// Why a trace cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum TraceError {
    /// The file could not be read.
    #[error("the trace cannot be read")]
    Unreadable(#[source] std::io::Error),
    /// There is nothing in it.
    #[error("the trace is empty")]
    Empty,
    /// The first line is no header.
    #[error("line 1 is not the header of a trace: {0}")]
    NoHeader(String),
    /// It was written for another version.
    #[error("this is {found}, and this program reads {FORMAT}")]
    OtherVersion {
        /// The format that the file names.
        found: String,
    },
    /// A line in the middle is damaged.
    #[error("line {line} is damaged: {problem}")]
    Damaged {
        /// Counted from 1.
        line: usize,
        /// What is wrong with it.
        problem: String,
    },
    /// The file is no HTTP archive, or none with exchanges of this API.
    #[error("{0}")]
    Har(String),
}

/// Reads a trace.
///
/// Unknown members are ignored, unknown kinds of lines counted, and a last line that was cut off is left out; the
/// [remarks](Trace::remarks) say so.
///
/// # Errors
/// [`TraceError`] when it is no trace of this version, or damaged before its last line.
pub fn read(source: impl Read) -> Result<Trace, TraceError> {
    let mut lines = Lines { source: BufReader::new(source), number: 0 };
    let first = lines.next()?.ok_or(TraceError::Empty)?;
    let mut trace = Trace::new(header(&first.text)?);
    let mut unknown = 0_usize;
    while let Some(line) = lines.next()? {
        match entry(&line.text) {
            Ok(Entry::Exchange(exchange)) => add(&mut trace, *exchange, line.number)?,
            Ok(Entry::Fact(fact)) => trace.facts.push(fact),
            Ok(Entry::Unknown) => unknown += 1,
            Ok(Entry::Blank) => {}
            Err(_) if !line.ended => {
                trace.remarks.push(format!("line {} was cut off and is left out", line.number));
            }
            Err(problem) => return Err(TraceError::Damaged { line: line.number, problem }),
        }
    }
    if unknown > 0 {
        trace.remarks.push(format!("{unknown} lines of a kind that this program does not know were passed over"));
    }
    restore_bodies(&mut trace)?;
    Ok(trace)
}

enum Entry {
    Exchange(Box<Exchange>),
    Fact(Fact),
    Unknown,
    Blank,
}

fn entry(text: &str) -> Result<Entry, String> {
    if text.trim().is_empty() {
        return Ok(Entry::Blank);
    }
    let value: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let wrong = |error: serde_json::Error| error.to_string();
    match value.get("line").and_then(Value::as_str) {
        Some("exchange") => serde_json::from_value(value).map(Entry::Exchange).map_err(wrong),
        // A fact of a later version is no damage.
        Some("fact") => Ok(serde_json::from_value(value).map_or(Entry::Unknown, Entry::Fact)),
        Some("header") => Err("a second header".to_owned()),
        Some(_) => Ok(Entry::Unknown),
        None => Err("there is no member `line`".to_owned()),
    }
}

fn header(text: &str) -> Result<Header, TraceError> {
    let no_header = |problem: String| TraceError::NoHeader(problem);
    let value: Value = serde_json::from_str(text).map_err(|error| no_header(error.to_string()))?;
    let format = value.get("format").and_then(Value::as_str).unwrap_or_default();
    if format != FORMAT {
        return match format {
            "" => Err(no_header(format!("it names no format, where `{FORMAT}` is expected"))),
            found => Err(TraceError::OtherVersion { found: format!("`{}`", found.escape_debug()) }),
        };
    }
    serde_json::from_value(value).map_err(|error| no_header(error.to_string()))
}

fn add(trace: &mut Trace, exchange: Exchange, line: usize) -> Result<(), TraceError> {
    let damaged = |problem: &str| Err(TraceError::Damaged { line, problem: problem.to_owned() });
    if exchange.received < exchange.sent {
        return damaged("the reply was received before the request was sent");
    }
    if trace.exchanges.last().is_some_and(|last| last.number >= exchange.number) {
        return damaged("the numbers of the exchanges do not rise");
    }
    trace.exchanges.push(exchange);
    Ok(())
}

/// Puts the text back where a body is said to be that of an earlier exchange.
fn restore_bodies(trace: &mut Trace) -> Result<(), TraceError> {
    let mut texts: HashMap<u32, String> = HashMap::new();
    let shared: Vec<u32> = trace.exchanges.iter().filter_map(|exchange| same_as(&exchange.reply)).collect();
    for exchange in &mut trace.exchanges {
        if let Reply::Answer(answer) = &mut exchange.reply {
            if let Body::SameAs(earlier) = answer.body {
                let text = texts.get(&earlier).cloned().ok_or_else(|| TraceError::Damaged {
                    line: 0,
                    problem: format!("exchange {} points to a body that is not there", exchange.number),
                })?;
                answer.body = Body::Json(text);
            }
            if let (Some(text), true) = (answer.body.json(), shared.contains(&exchange.number)) {
                texts.insert(exchange.number, text.to_owned());
            }
        }
    }
    Ok(())
}

fn same_as(reply: &Reply) -> Option<u32> {
    match reply.answer()?.body {
        Body::SameAs(earlier) => Some(earlier),
        Body::Empty
        | Body::Json(_)
        | Body::NotJson { .. }
        | Body::Truncated { .. }
        | Body::Timeout { .. }
        | Body::TooLarge { .. }
        | Body::Digest { .. } => None,
    }
}

struct NumberedLine {
    number: usize,
    text: String,
    /// Whether a line break followed.
    ended: bool,
}

struct Lines<R> {
    source: BufReader<R>,
    number: usize,
}

impl<R: Read> Lines<R> {
    fn next(&mut self) -> Result<Option<NumberedLine>, TraceError> {
        let mut bytes = Vec::new();
        let mut source = (&mut self.source).take(LONGEST_LINE);
        let read = source.read_until(b'\n', &mut bytes).map_err(TraceError::Unreadable)?;
        if read == 0 {
            return Ok(None);
        }
        self.number += 1;
        let number = self.number;
        let ended = bytes.last() == Some(&b'\n');
        let text = match String::from_utf8(bytes) {
            Ok(text) => text,
            // A cut in the middle of a character is a cut line.
            Err(_) if !ended && number > 1 => String::from("{"),
            Err(_) => return Err(TraceError::Damaged { line: number, problem: "it is no UTF-8".to_owned() }),
        };
        Ok(Some(NumberedLine { number, text, ended }))
    }
}
