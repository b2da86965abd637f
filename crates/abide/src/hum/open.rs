//! `abide hum open`: an address in, a token out.

use hum_client::Error;

use super::session_of;
use crate::arguments::OpenArguments;
use crate::calmyx::submit::print_id;
use crate::connection;
use crate::exit::Exit;
use crate::input::addresses::AddressRow;
use crate::interrupt::Interrupt;
use crate::problem::Problem;
use crate::throttled::{on_stderr, patiently};

pub(crate) async fn run(arguments: &OpenArguments, interrupt: &Interrupt) -> Result<Exit, Problem> {
    let address = session_of(&AddressRow::new(
        &arguments.street1,
        arguments.street2.as_deref(),
        arguments.city.as_deref(),
        arguments.state.as_deref(),
        arguments.zip.as_deref(),
    ));
    hum_client::check(&address).map_err(|error| Problem::usage(format!("the address cannot be sent: {error}")))?;
    let client = connection::hum(&arguments.api)?;
    let created = patiently(interrupt, &on_stderr, Error::setback, || client.create_session(&address)).await;
    let created = created.map_err(|error| Problem::hum_unanswered(&error, "the session may exist"))?;
    Ok(print_id(created.token.as_str()))
}
