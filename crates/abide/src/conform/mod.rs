//! `abide conform`: an implementation judged by the documents.

mod arguments;
mod client;
mod folder;
mod list;
mod server;
mod trace;

use std::io::Write;

use abide_conformance::report::{Report, json, text};

pub(crate) use arguments::ConformCommand;

use crate::exit::Exit;
use crate::interrupt::Interrupt;
use crate::problem::Problem;

pub(crate) async fn run(command: ConformCommand, interrupt: &Interrupt) -> Result<Exit, Problem> {
    match command {
        ConformCommand::Server(arguments) => server::run(&arguments, interrupt).await,
        ConformCommand::Client(arguments) => client::run(&arguments, interrupt).await,
        ConformCommand::Trace(arguments) => trace::run(&arguments),
        ConformCommand::List(arguments) => list::run(&arguments),
    }
}

/// Prints the verdict, for people or for programs, and gives the exit code.
fn tell(report: &Report, as_json: bool) -> Result<Exit, Problem> {
    print(&if as_json { json(report) } else { text(report) })?;
    Ok(Exit::of_verdict(report.verdict))
}

/// Writes to standard output; a reader that has seen enough is no error.
fn print(text: &str) -> Result<(), Problem> {
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Problem::usage(format!("standard output: {error}")))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}
