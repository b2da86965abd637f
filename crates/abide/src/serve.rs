//! `abide serve`: the reference server in the foreground.

use std::io::Write;

use abide_server::{Config, Credentials, Server, ServerError};

use crate::arguments::ServeArguments;
use crate::breakage;
use crate::exit::Exit;
use crate::interrupt::Interrupt;
use crate::problem::Problem;
use crate::rewatch::shell_word;

pub(crate) async fn run(arguments: &ServeArguments, interrupt: &Interrupt) -> Result<Exit, Problem> {
    if let Some(kind) = arguments.breakage.list {
        breakage::print(kind);
        return Ok(Exit::Completed);
    }
    log_to_stderr();
    let breakage = arguments.breakage.breakage()?;
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
        allow_remote: arguments.allow_remote,
        rate_limit: arguments.rate_limit,
        test_hooks: arguments.test_hooks,
        breakage,
        ..Config::local(credentials)
    };
    let server = Server::start(config).await.map_err(cannot_start)?;
    if !server.address().ip().is_loopback() {
        eprintln!("note: {} can be reached from other machines, over plain HTTP", server.address());
    }
    if !arguments.breakage.is_none() {
        eprintln!("note: this server is not as it should be, on purpose");
    }
    announce(&format!("http://{}", server.address()), &lines);
    server.run_until(interrupt.asked()).await?;
    Ok(Exit::Completed)
}

fn cannot_start(error: ServerError) -> Problem {
    if error.is_remote() { Problem::usage(format!("{error} with --allow-remote")) } else { error.into() }
}

/// What goes wrong while serving is told on standard error.
fn log_to_stderr() {
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::WARN)
        .with_target(false)
        .with_writer(std::io::stderr);
    // Somebody else's subscriber, in a process that runs more than this command, stays.
    let _ = subscriber.try_init();
}

/// Somebody may read these lines through a pipe and then close it; that is no reason to stop serving.
fn announce(address: &str, credentials: &[(&str, String)]) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "listening {address}");
    for (name, value) in credentials {
        let _ = writeln!(out, "{name}={}", shell_word(value));
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
