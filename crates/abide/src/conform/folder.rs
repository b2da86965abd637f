//! The folder of a report: the trace as it grows, and the report in its forms at the end.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use abide_conformance::Run;
use abide_conformance::report::{html, json, junit};
use abide_conformance::trace::{Source, Trace, write};

use crate::problem::Problem;

/// A file that two can hold: the run, and who flushes it when the run is cut short.
#[derive(Clone)]
pub(super) struct SharedFile(Arc<Mutex<BufWriter<File>>>);

impl Write for SharedFile {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).flush()
    }
}

/// What the page of a report refers to.
const TRACE: &str = "trace.ndjson";

pub(super) fn trace_file(folder: &Path) -> Result<SharedFile, Problem> {
    make(folder)?;
    let file = File::create(folder.join(TRACE)).map_err(|error| unwritable(folder, &error))?;
    Ok(SharedFile(Arc::new(Mutex::new(BufWriter::new(file)))))
}

/// Puts a recording beside its report, as a trace, unless that is where it was read from. `bytes` is what was read.
pub(super) fn keep_recording(folder: &Path, file: &Path, bytes: &[u8], trace: &Trace) -> Result<(), Problem> {
    make(folder)?;
    let path = folder.join(TRACE);
    // What leads to no file is not the one that was read.
    if path.canonicalize().ok().is_some_and(|there| file.canonicalize().is_ok_and(|read| read == there)) {
        return Ok(());
    }
    let written = match trace.header.source {
        Source::Har => File::create(&path).and_then(|file| write(trace, BufWriter::new(file))),
        Source::Driven | Source::Recorded => fs::write(&path, bytes),
    };
    written.map_err(|error| Problem::usage(format!("{}: {error}", path.display())))
}

fn make(folder: &Path) -> Result<(), Problem> {
    fs::create_dir_all(folder).map_err(|error| unwritable(folder, &error))
}

fn unwritable(folder: &Path, error: &std::io::Error) -> Problem {
    Problem::usage(format!("--report {}: {error}", folder.display()))
}

pub(super) fn write_reports(folder: &Path, run: &Run) -> Result<(), Problem> {
    let Run { report, trace } = run;
    make(folder)?;
    for (name, text) in
        [("report.json", json(report)), ("junit.xml", junit(report)), ("report.html", html(report, trace))]
    {
        let path = folder.join(name);
        fs::write(&path, text).map_err(|error| Problem::usage(format!("{}: {error}", path.display())))?;
    }
    eprintln!("the report is in {}", folder.display());
    Ok(())
}
