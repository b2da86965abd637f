//! `abide conform client`: a client, hosted and judged.

use std::io::Write;

use abide_conformance::Host;

use super::arguments::ClientArguments;
use super::folder::{trace_file, write_reports};
use super::tell;
use crate::exit::Exit;
use crate::interrupt::Interrupt;
use crate::problem::Problem;
use crate::safe_text::Safe;

pub(crate) async fn run(arguments: &ClientArguments, interrupt: &Interrupt) -> Result<Exit, Problem> {
    let mut host =
        Host::new(arguments.api, arguments.command.iter().cloned()).progress(|what| eprintln!("{}", Safe(what)));
    if !arguments.scenarios.is_empty() {
        let names = arguments.scenarios.iter().map(String::as_str);
        host = host.only(names).map_err(|error| Problem::usage(format!("--scenario: {error}")))?;
    }
    let trace = arguments.report.as_deref().map(trace_file).transpose()?;
    if let Some(trace) = &trace {
        host = host.record(trace.clone());
    }
    let Some(run) = interrupt.unless_asked(host.run()).await else {
        // What was recorded until now can still be judged.
        if let Some(trace) = &trace {
            trace.clone().flush().map_err(|error| Problem::usage(format!("trace.ndjson: {error}")))?;
        }
        eprintln!("interrupted; every client was ended");
        return Ok(Exit::Interrupted);
    };
    let run = run.map_err(|error| Problem::usage(format!("the scenarios cannot be played: {error}")))?;
    if let Some(folder) = &arguments.report {
        write_reports(folder, &run)?;
    }
    tell(&run.report, arguments.json)
}
