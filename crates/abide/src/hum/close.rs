//! `abide hum close`: closes sessions for good.

use hum_client::{Closed, Error};

use super::tokens;
use crate::arguments::CloseArguments;
use crate::connection;
use crate::exit::Exit;
use crate::interrupt::Interrupt;
use crate::problem::Problem;
use crate::safe_text::Safe;
use crate::throttled::patiently;

pub(crate) async fn run(arguments: &CloseArguments, interrupt: &Interrupt) -> Result<Exit, Problem> {
    let tokens = tokens(&arguments.tokens)?;
    let client = connection::hum(&arguments.api)?;
    let mut exit = Exit::Completed;
    for token in &tokens {
        if interrupt.is_asked() {
            break;
        }
        match patiently(interrupt, Error::setback, || client.close_session(token)).await {
            Ok(Closed::Closed) => eprintln!("{}: closed", Safe(token.as_str())),
            Ok(Closed::GoneBefore) => eprintln!("{}: was gone already", Safe(token.as_str())),
            Err(error) => {
                let problem = Problem::hum_unanswered(&error, "the session may be closed");
                eprintln!("{}: {}", Safe(token.as_str()), problem.message());
                exit = exit.and(problem.exit());
            }
        }
    }
    Ok(exit)
}
