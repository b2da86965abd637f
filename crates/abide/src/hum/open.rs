//! `abide hum open`: an address in, a token out.

use std::io::Write;

use hum_client::Error;
use hum_client::types::NewSession;

use crate::arguments::OpenArguments;
use crate::connection;
use crate::exit::Exit;
use crate::interrupt::Interrupt;
use crate::problem::Problem;
use crate::safe_text::Safe;
use crate::throttled::patiently;

pub(crate) async fn run(arguments: &OpenArguments, interrupt: &Interrupt) -> Result<Exit, Problem> {
    let address = NewSession {
        street2: arguments.street2.clone(),
        city: arguments.city.clone(),
        state: arguments.state.as_deref().map(|state| state.trim().to_uppercase().into()),
        zip: arguments.zip.clone(),
        ..hum_client::address(arguments.street1.as_str())
    };
    hum_client::check(&address).map_err(|error| Problem::usage(format!("the address cannot be sent: {error}")))?;
    let client = connection::hum(&arguments.api)?;
    let created = patiently(interrupt, Error::setback, || client.create_session(&address)).await;
    let created = created.map_err(|error| Problem::hum_unanswered(&error, "the session may exist"))?;
    let mut out = std::io::stdout().lock();
    if writeln!(out, "{}", Safe(created.token.as_str())).and_then(|()| out.flush()).is_err() {
        eprintln!("opened and not printed: {}", Safe(created.token.as_str()));
    }
    Ok(Exit::Completed)
}
