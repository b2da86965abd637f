//! `abide calmyx submit`: locations in, session ids out.

use std::io::Write;

use calmyx_client::Error;
use calmyx_client::lifecycle::limits::MAX_LOCATIONS;

use super::{read_locations, wire};
use crate::arguments::SubmitArguments;
use crate::connection;
use crate::exit::Exit;
use crate::interrupt::Interrupt;
use crate::problem::Problem;
use crate::reading::off_thread;
use crate::safe_text::harmless_text;
use crate::throttled::{on_stderr, patiently};

pub(crate) async fn run(arguments: &SubmitArguments, interrupt: &Interrupt) -> Result<Exit, Problem> {
    let locations = off_thread(interrupt, &arguments.file, read_locations).await?;
    let client = connection::calmyx(&arguments.api)?;
    let mut exit = Exit::Completed;
    for (submitted, part) in locations.locations.chunks(MAX_LOCATIONS).enumerate() {
        let wire = wire(part);
        match patiently(interrupt, &on_stderr, Error::setback, || client.create_session(&wire)).await {
            Ok(created) => exit = exit.and(print_id(&created.session_id)),
            Err(error) => {
                if submitted > 0
                    && let Some(first) = part.first()
                {
                    eprintln!("the rows before line {} were submitted: their session ids are printed", first.line);
                }
                return Err(Problem::calmyx_unanswered(&error, "the last session may exist"));
            }
        }
    }
    Ok(exit)
}

/// At once and unbuffered: the id of a session that exists must not be lost to a later error.
pub(crate) fn print_id(id: &str) -> Exit {
    let id = harmless_text(id);
    let mut out = std::io::stdout().lock();
    if writeln!(out, "{id}").and_then(|()| out.flush()).is_ok() {
        return Exit::Completed;
    }
    eprintln!("error: created and not printed: {id}");
    Exit::Error
}
