//! `abide conform trace`: a recording, judged.

use std::fs;

use abide_conformance::trace::read_file;

use super::arguments::TraceArguments;
use super::tell;
use crate::exit::Exit;
use crate::problem::{Problem, with_cause};
use crate::safe_text::Safe;

pub(crate) fn run(arguments: &TraceArguments) -> Result<Exit, Problem> {
    let name = arguments.file.display();
    let wrong = |what: String| Problem::usage(format!("{name}: {what}"));
    let bytes = fs::read(&arguments.file).map_err(|error| wrong(error.to_string()))?;
    let trace = read_file(arguments.api, &bytes).map_err(|error| wrong(Safe(&with_cause(&error)).to_string()))?;
    if trace.header.api != arguments.api {
        return Err(wrong(format!("the trace is one of {}, and --api says {}", trace.header.api, arguments.api)));
    }
    for remark in &trace.remarks {
        eprintln!("note: {name}: {}", Safe(remark));
    }
    tell(&abide_conformance::judge(&trace), arguments.json)
}
