//! `abide serve`: the reference server in the foreground.

use std::io::Write;

use abide_server::{Config, Credentials, Server};

use crate::arguments::ServeArguments;
use crate::exit::Exit;
use crate::interrupt::Interrupt;
use crate::problem::Problem;

pub(crate) async fn run(arguments: &ServeArguments, interrupt: &Interrupt) -> Result<Exit, Problem> {
    let credentials = credentials()?;
    let lines = [
        ("CALMYX_API_KEY", credentials.calmyx[0].clone()),
        ("CALMYX_API_KEY_2", credentials.calmyx[1].clone()),
        ("HUM_API_TOKEN", credentials.hum[0].clone()),
        ("HUM_API_TOKEN_2", credentials.hum[1].clone()),
    ];
    let config = Config {
        listen: arguments.listen,
        database: arguments.db.clone(),
        speed: arguments.speed,
        plan: arguments.plan,
        credentials,
    };
    let server = Server::start(config).await?;
    if !server.address().ip().is_loopback() {
        eprintln!("note: {} can be reached from other machines, over plain HTTP", server.address());
    }
    announce(&format!("http://{}", server.address()), &lines);
    server.run_until(interrupt.asked()).await?;
    Ok(Exit::Completed)
}

/// Somebody may read these lines through a pipe and then close it; that is no reason to stop serving.
fn announce(address: &str, credentials: &[(&str, String)]) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "listening {address}");
    for (name, value) in credentials {
        let _ = writeln!(out, "{name}={value}");
    }
    let _ = out.flush();
}

/// Those of the environment, and made-up ones for the rest.
fn credentials() -> Result<Credentials, Problem> {
    let mut credentials = Credentials::generate()?;
    let [calmyx, calmyx_2] = &mut credentials.calmyx;
    let [hum, hum_2] = &mut credentials.hum;
    for (variable, place) in
        [("CALMYX_API_KEY", calmyx), ("CALMYX_API_KEY_2", calmyx_2), ("HUM_API_TOKEN", hum), ("HUM_API_TOKEN_2", hum_2)]
    {
        if let Ok(value) = std::env::var(variable) {
            *place = value;
        }
    }
    Ok(credentials)
}
