//! The flags of `abide conform`.

#![allow(clippy::doc_markdown, reason = "the comments are help texts, and a terminal shows no backticks")]

use std::ffi::OsString;
use std::num::NonZeroU32;
use std::path::PathBuf;

use abide_conformance::catalogue::Api;
use abide_conformance::host::{Scenario, scenarios};
use clap::{Args, Subcommand};

const EXITS: &str = "Exit codes: 0 conformant, 1 not conformant, 2 wrong usage or not judged at all, 3 incomplete: nothing failed, \
but a MUST was not judged.";

#[derive(Debug, Subcommand)]
pub(crate) enum ConformCommand {
    /// Try a server: fixed cases for every requirement, then random ones
    #[command(after_help = format!("{EXITS}\n
The credential is taken from CALMYX_API_KEY or HUM_API_TOKEN; a second one, for the rule about somebody else's sessions,
from CALMYX_API_KEY_2 or HUM_API_TOKEN_2.

Example: abide conform server --api hum --base-url http://127.0.0.1:8080 --report out"))]
    Server(ServerArguments),
    /// Try a client: start it once per scenario, each against a host of its own
    #[command(after_help = format!("{EXITS}\n
COMMAND finds in its environment ABIDE_BASE_URL, ABIDE_CREDENTIAL and ABIDE_INPUT (a file with the body of the create call).
It creates one session, waits for it as it thinks right, and prints as its last line `outcome: WORD`, where WORD is
completed, partial, failed, gone, gave-up or error. The scenarios run side by side and take half a minute, or 70 seconds
with a client that never ends.

Example: abide conform client --api hum --report out -- python3 client.py\n
{}", scenario_names()))]
    Client(ClientArguments),
    /// Judge a recording: an abide trace (NDJSON) or a HAR file
    #[command(after_help = format!("{EXITS}\n
A recording shows only what happened to happen. One of `watch --record` never created a session, sent no wrong call and saw no
half hour pass, so that 3 is what it comes to when nothing is wrong.

Example: abide conform trace --api hum out/trace.ndjson"))]
    Trace(TraceArguments),
    /// List every requirement
    #[command(after_help = "Example: abide conform list --api calmyx")]
    List(ListArguments),
}

#[derive(Debug, Args)]
pub(crate) struct ServerArguments {
    /// calmyx or hum
    #[arg(long, value_name = "API")]
    pub(crate) api: Api,
    /// Where the server is
    #[arg(long, value_name = "URL")]
    pub(crate) base_url: String,
    /// How half an hour passes: none (expiry is not judged), real (it is waited for) or hook:URL (POST URL moves the
    /// server's clock by {"seconds": N})
    #[arg(long, value_name = "CLOCK", default_value = "none", value_parser = clock)]
    pub(crate) clock: Clock,
    /// How long to wait for a session to finish, in seconds
    #[arg(long, value_name = "SECONDS", default_value = "40", value_parser = seconds)]
    pub(crate) patience: f64,
    /// How long the whole run may take, in seconds; what was not tried by then is reported as not exercised. Waiting for
    /// expiry does not count [default: 900, or ten times the patience where that is more]
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub(crate) limit: Option<f64>,
    /// The seed of the random cases [default: another one each time, shown in the report]
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
    /// How many random cases
    #[arg(long, value_name = "N", default_value = "20")]
    pub(crate) cases: u32,
    /// Let a broken SHOULD, and a broken assumption, fail
    #[arg(long)]
    pub(crate) strict: bool,
    /// Write report.json, junit.xml, report.html and trace.ndjson there
    #[arg(long, value_name = "DIR")]
    pub(crate) report: Option<PathBuf>,
    /// Print report.json instead of the text
    #[arg(long)]
    pub(crate) json: bool,
    /// Allow a server on another machine: it is sent thousands of calls, wrong ones among them
    #[arg(long)]
    pub(crate) yes_this_host_is_mine: bool,
    /// A file that holds the first credential; without it the environment does
    #[arg(long, value_name = "FILE")]
    pub(crate) credential_file: Option<PathBuf>,
    /// By how much the server divides the documented durations; only for a server on this machine
    #[arg(long, value_name = "N", env = "ABIDE_SPEED", default_value = "1", value_parser = crate::arguments::speed)]
    pub(crate) speed: NonZeroU32,
}

#[derive(Debug, Args)]
pub(crate) struct ClientArguments {
    /// calmyx or hum
    #[arg(long, value_name = "API")]
    pub(crate) api: Api,
    /// Only this scenario; may be given more than once [default: all]
    #[arg(long = "scenario", value_name = "NAME")]
    pub(crate) scenarios: Vec<String>,
    /// Write report.json, junit.xml, report.html and trace.ndjson there
    #[arg(long, value_name = "DIR")]
    pub(crate) report: Option<PathBuf>,
    /// Print report.json instead of the text
    #[arg(long)]
    pub(crate) json: bool,
    /// The client, after `--`
    #[arg(last = true, required = true, value_name = "COMMAND")]
    pub(crate) command: Vec<OsString>,
}

fn scenario_names() -> String {
    let names = |api: Api| scenarios(api).iter().map(Scenario::name).collect::<Vec<_>>().join(", ");
    Api::ALL.map(|api| format!("Scenarios of {}: {}", api.title(), names(api))).join("\n")
}

#[derive(Debug, Args)]
pub(crate) struct TraceArguments {
    /// calmyx or hum
    #[arg(long, value_name = "API")]
    pub(crate) api: Api,
    /// The recording
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Write report.json, junit.xml, report.html and trace.ndjson there
    #[arg(long, value_name = "DIR")]
    pub(crate) report: Option<PathBuf>,
    /// Print report.json instead of the text
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ListArguments {
    /// Only those of one API: calmyx or hum
    #[arg(long, value_name = "API")]
    pub(crate) api: Option<Api>,
    /// Print one JSON document
    #[arg(long)]
    pub(crate) json: bool,
}

/// How time passes on the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Clock {
    None,
    Real,
    Hook(String),
}

fn clock(text: &str) -> Result<Clock, String> {
    match text.split_once(':') {
        None if text == "none" => Ok(Clock::None),
        None if text == "real" => Ok(Clock::Real),
        Some(("hook", url)) if !url.is_empty() => Ok(Clock::Hook(url.to_owned())),
        None | Some(_) => Err("write none, real or hook:URL".to_owned()),
    }
}

fn seconds(text: &str) -> Result<f64, String> {
    let wrong = || "write a number of seconds above 0, at most a day".to_owned();
    let seconds: f64 = text.trim().trim_end_matches('s').parse().map_err(|_| wrong())?;
    if seconds > 0.0 && seconds <= 86_400.0 { Ok(seconds) } else { Err(wrong()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks() {
        for (text, expected) in [
            ("none", Some(Clock::None)),
            ("real", Some(Clock::Real)),
            ("hook:http://127.0.0.1:1/x", Some(Clock::Hook("http://127.0.0.1:1/x".to_owned()))),
            ("hook:", None),
            ("hook", None),
            ("wall", None),
            ("", None),
        ] {
            assert_eq!(clock(text).ok(), expected, "{text}");
        }
    }

    #[test]
    fn patiences() {
        for (text, expected) in [
            ("40", Some(40.0)),
            ("0.5", Some(0.5)),
            ("5s", Some(5.0)),
            ("0", None),
            ("-1", None),
            ("NaN", None),
            ("x", None),
        ] {
            assert_eq!(seconds(text).ok(), expected, "{text}");
        }
    }
}
