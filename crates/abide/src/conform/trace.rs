//! `abide conform trace`: a recording, judged.

use std::fs;

use abide_conformance::trace::{Trace, TraceError, read, read_har};

use super::arguments::TraceArguments;
use super::tell;
use crate::exit::Exit;
use crate::problem::{Problem, with_cause};
use crate::safe_text::Safe;

pub(crate) fn run(arguments: &TraceArguments) -> Result<Exit, Problem> {
    let name = arguments.file.display();
    let wrong = |what: String| Problem::usage(format!("{name}: {what}"));
    let bytes = fs::read(&arguments.file).map_err(|error| wrong(error.to_string()))?;
    let trace = parse(arguments, &bytes).map_err(|error| wrong(Safe(&with_cause(&error)).to_string()))?;
    if trace.header.api != arguments.api {
        return Err(wrong(format!("the trace is one of {}, and --api says {}", trace.header.api, arguments.api)));
    }
    for remark in &trace.remarks {
        eprintln!("note: {name}: {}", Safe(remark));
    }
    tell(&abide_conformance::judge(&trace), arguments.json)
}

/// A HAR file is one JSON object with `log`; in anything else the first line is a header.
fn parse(arguments: &TraceArguments, bytes: &[u8]) -> Result<Trace, TraceError> {
    let text = std::str::from_utf8(bytes).unwrap_or_default().trim_start_matches('\u{feff}');
    let first_line = text.lines().next().unwrap_or_default();
    let is_trace =
        first_line.contains("\"format\"") || !text.trim_start().starts_with('{') || !text.contains("\"log\"");
    if is_trace { read(bytes) } else { read_har(arguments.api, text) }
}
