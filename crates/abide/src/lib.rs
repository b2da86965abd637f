//! The program `abide`: arguments, files, progress and exit codes around the clients, the watch and the reference server.
//!
//! It decides nothing about waiting: pace, completion and expiry are `abide-core`'s, driven by `abide-watch`. What is
//! here is what a person or a script meets: tables in, tables out, one clear sentence when something is wrong.

mod arguments;
mod breakage;
mod calmyx;
mod conform;
mod connection;
mod creating;
mod demo;
mod doubt;
mod exit;
mod follow;
mod hum;
pub mod input;
mod interrupt;
mod journal;
pub mod output;
mod problem;
mod progress;
mod reading;
mod recording;
mod rewatch;
mod run_files;
pub mod safe_text;
mod serve;
mod sheet;
mod throttled;
mod together;
mod watching;

use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, CalmyxCommand, Command, HumCommand, ListingCommand};
use exit::Exit;
use interrupt::Interrupt;
use problem::Problem;

/// Runs the program on this process's arguments.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(cause) => return finish(Err(Problem::new(Exit::Error, format!("no async runtime: {cause}")))),
    };
    let outcome = runtime.block_on(dispatch(arguments.command));
    // A request or a lookup that is still in flight must not keep the program from ending.
    runtime.shutdown_background();
    finish(outcome)
}

/// The command, until it ends or somebody insists; dropped then, it takes its temporary files along.
async fn dispatch(command: Command) -> Result<Exit, Problem> {
    let interrupt = Interrupt::listen();
    tokio::select! {
        biased;
        () = interrupt.insisted() => Ok(Exit::Interrupted),
        outcome = execute(command, &interrupt) => outcome,
    }
}

async fn execute(command: Command, interrupt: &Interrupt) -> Result<Exit, Problem> {
    match command {
        Command::Demo(arguments) => demo::run(&arguments, interrupt).await,
        Command::Serve(arguments) => serve::run(&arguments, interrupt).await,
        Command::Conform { command } => conform::run(command, interrupt).await,
        Command::Calmyx { command: CalmyxCommand::Submit(arguments) } => {
            calmyx::submit::run(&arguments, interrupt).await
        }
        Command::Calmyx { command: CalmyxCommand::Watch(arguments) } => calmyx::watch::run(&arguments, interrupt).await,
        Command::Calmyx { command: CalmyxCommand::Run(arguments) } => calmyx::run::run(&arguments, interrupt).await,
        Command::Calmyx { command: CalmyxCommand::Listing { command: ListingCommand::Delete(arguments) } } => {
            calmyx::listing::delete(&arguments, interrupt).await
        }
        Command::Hum { command: HumCommand::Open(arguments) } => hum::open::run(&arguments, interrupt).await,
        Command::Hum { command: HumCommand::Watch(arguments) } => hum::watch::run(&arguments, interrupt).await,
        Command::Hum { command: HumCommand::Run(arguments) } => hum::run::run(&arguments, interrupt).await,
        Command::Hum { command: HumCommand::Services(arguments) } => hum::services::run(&arguments, interrupt).await,
        Command::Hum { command: HumCommand::Close(arguments) } => hum::close::run(&arguments, interrupt).await,
    }
}

fn finish(outcome: Result<Exit, Problem>) -> ExitCode {
    let exit = outcome.unwrap_or_else(|problem| {
        problem.show();
        problem.exit()
    });
    ExitCode::from(exit.code())
}
