//! `abide conform trace`: a recording, judged.

use std::fs;

use abide_conformance::trace::{Fact, Header, Source, Subject, Trace, read_file};
use abide_conformance::{Run, judge};

use super::arguments::TraceArguments;
use super::folder::{keep_recording, write_reports};
use super::tell;
use crate::exit::Exit;
use crate::problem::{Problem, with_cause};
use crate::safe_text::Safe;

pub(crate) fn run(arguments: &TraceArguments) -> Result<Exit, Problem> {
    let name = arguments.file.display();
    let (trace, bytes) = match read(arguments) {
        Ok(read) => read,
        Err(why) => {
            if let Some(folder) = &arguments.report {
                write_reports(folder, &judged(unreadable(arguments, &why)))?;
            }
            return Err(Problem::usage(format!("{name}: {why}")));
        }
    };
    for remark in &trace.remarks {
        eprintln!("note: {name}: {}", Safe(remark));
    }
    let run = judged(trace);
    if let Some(folder) = &arguments.report {
        keep_recording(folder, &arguments.file, &bytes, &run.trace)?;
        write_reports(folder, &run)?;
    }
    tell(&run.report, arguments.json)
}

/// The trace, and the bytes that it was read from.
fn read(arguments: &TraceArguments) -> Result<(Trace, Vec<u8>), String> {
    let bytes = fs::read(&arguments.file).map_err(|error| error.to_string())?;
    let trace = read_file(arguments.api, &bytes).map_err(|error| Safe(&with_cause(&error)).to_string())?;
    if trace.header.api != arguments.api {
        return Err(format!("the trace is one of {}, and --api says {}", trace.header.api, arguments.api));
    }
    Ok((trace, bytes))
}

fn judged(trace: Trace) -> Run {
    Run { report: judge(&trace), trace }
}

/// A trace that holds nothing but why there is none.
fn unreadable(arguments: &TraceArguments, why: &str) -> Trace {
    let target = arguments.file.display().to_string();
    let mut trace = Trace::new(Header::new(arguments.api, Subject::Server, Source::Recorded, target));
    trace.facts.push(Fact::Stopped { at: 0, why: why.to_owned() });
    trace
}
