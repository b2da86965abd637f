//! `abide conform server`: a server, tried and judged.

use std::io::Write;
use std::time::Duration;

use abide_conformance::catalogue::Api;
use abide_conformance::drive::{ClockHook, ServerClock, WebError, WebTarget};
use abide_conformance::{Credentials, Suite};

use super::arguments::{Clock, ServerArguments};
use super::folder::{trace_file, write_reports};
use super::tell;
use crate::connection::credential_text;
use crate::exit::Exit;
use crate::interrupt::Interrupt;
use crate::problem::{self, Problem};
use crate::safe_text::Safe;

pub(crate) async fn run(arguments: &ServerArguments, interrupt: &Interrupt) -> Result<Exit, Problem> {
    let api = arguments.api;
    let target = WebTarget::new(&arguments.base_url, arguments.yes_this_host_is_mine)
        .map_err(|error| wrong("--base-url", &error))?;
    if arguments.speed.get() > 1 && !target.is_loopback() {
        return Err(Problem::usage("--speed (or ABIDE_SPEED) is only for a server on this machine"));
    }
    let clock = match &arguments.clock {
        Clock::None => ServerClock::None,
        Clock::Real => ServerClock::Real,
        Clock::Hook(url) => {
            let hook = ClockHook::new(url, arguments.yes_this_host_is_mine);
            ServerClock::Hook(hook.map_err(|error| wrong("--clock", &error))?)
        }
    };
    let seed = arguments.seed.unwrap_or_else(abide_watch::random_seed);
    let mut suite = Suite::new(api, credentials(arguments)?)
        .seed(seed)
        .cases(arguments.cases)
        .patience(Duration::from_secs_f64(arguments.patience))
        .speed(arguments.speed.get())
        .strict(arguments.strict)
        .progress(|what| eprintln!("{}", Safe(what)));
    if let Some(limit) = arguments.limit {
        suite = suite.limit(Duration::from_secs_f64(limit));
    }
    let trace = arguments.report.as_deref().map(trace_file).transpose()?;
    if let Some(trace) = &trace {
        suite = suite.record(trace.clone());
    }
    let Some(run) = interrupt.unless_asked(suite.run_against(target, clock)).await else {
        // What was recorded until now can still be judged.
        if let Some(trace) = &trace {
            trace.clone().flush().map_err(|error| Problem::usage(format!("trace.ndjson: {error}")))?;
        }
        return Ok(Exit::Interrupted);
    };
    let run = run.map_err(|error| Problem::usage(format!("trace.ndjson: {error}")))?;
    if let Some(folder) = &arguments.report {
        write_reports(folder, &run)?;
    }
    tell(&run.report, arguments.json)
}

fn credentials(arguments: &ServerArguments) -> Result<Credentials, Problem> {
    let (text, origin) = credential_text(arguments.credential_file.as_deref(), api_of(arguments.api))?;
    let first = usable(&text, &origin)?;
    let [_, variable] = arguments.api.variables();
    let second = match std::env::var(variable) {
        Ok(text) => Some(usable(&text, variable)?),
        Err(_) => None,
    };
    if second.as_ref() == Some(&first) {
        return Err(Problem::usage(format!(
            "{variable} is the same as the first credential; it must belong to another account"
        )));
    }
    Ok(Credentials::new(first, second))
}

fn api_of(api: Api) -> problem::Api {
    match api {
        Api::Calmyx => problem::Api::Calmyx,
        Api::Hum => problem::Api::Hum,
    }
}

fn usable(text: &str, origin: &str) -> Result<String, Problem> {
    let text = text.trim();
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Problem::usage(format!(
            "{origin}: a credential is visible ASCII characters without spaces, at least one"
        )));
    }
    Ok(text.to_owned())
}

fn wrong(flag: &str, error: &WebError) -> Problem {
    Problem::usage(format!("{flag}: {}", problem::with_cause(error)))
}
