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
use crate::safe_text::Safe;
use crate::throttled::patiently;

pub(crate) async fn run(arguments: &SubmitArguments, interrupt: &Interrupt) -> Result<Exit, Problem> {
    let locations = read_locations(&arguments.file)?;
    let client = connection::calmyx(&arguments.api)?;
    for part in locations.locations.chunks(MAX_LOCATIONS) {
        let wire = wire(part);
        match patiently(interrupt, Error::setback, || client.create_session(&wire)).await {
            Ok(created) => print_id(&created.session_id),
            Err(error) => {
                if let Some(first) = part.first()
                    && first.line > 2
                {
                    eprintln!("the rows from line {} on were not submitted; those before were", first.line);
                }
                return Err(Problem::calmyx_unanswered(&error, "the last session may exist"));
            }
        }
    }
    Ok(Exit::Completed)
}

/// At once and unbuffered: the id of a session that exists must not be lost to a later error.
fn print_id(session_id: &str) {
    let mut out = std::io::stdout().lock();
    if writeln!(out, "{}", Safe(session_id)).and_then(|()| out.flush()).is_err() {
        eprintln!("created and not printed: {}", Safe(session_id));
    }
}
