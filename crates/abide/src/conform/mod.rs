//! `abide conform`: an implementation judged by the documents.

mod arguments;
mod client;
mod folder;
mod list;
mod server;
mod trace;

use std::io::{IsTerminal, Write};

use abide_conformance::report::{Report, Terminal, json, text_for};

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
    print(&if as_json { json(report) } else { text_for(report, terminal()) })?;
    Ok(Exit::of_verdict(report.verdict))
}

/// The widest lines that are comfortable to read.
const WIDEST: usize = 100;

/// What standard output is. Colours are for those who did not ask for none (<https://no-color.org>).
fn terminal() -> Terminal {
    if !std::io::stdout().is_terminal() {
        return Terminal::default();
    }
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    let columns = terminal_size::terminal_size().map(|(columns, _)| usize::from(columns.0).min(WIDEST));
    Terminal { columns: Some(columns.unwrap_or(80)), colour: !is_set("NO_COLOR") && !is_dumb }
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
