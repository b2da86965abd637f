//! The command line: every command, flag and help text.

#![allow(clippy::doc_markdown, reason = "the comments are help texts, and a terminal shows no backticks")]

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use abide_server::{Plan, RateLimit};
use clap::{Args, Parser, Subcommand};

use crate::breakage::BreakageArguments;
use crate::conform::ConformCommand;
use crate::output::Format;

const EXAMPLES: &str = "\
Examples:
  abide demo                                 score real cities, look up real addresses, no key needed
  abide serve                                a server of both APIs on this machine, with keys to use
  abide calmyx run cities.csv -o scores.csv  score the locations of a file
  abide hum run homes.csv -o providers.csv   look up the Internet providers of addresses
  abide conform list --api hum               what a server or a client of that API has to keep

Exit codes: 0 completed, 1 error, 2 wrong usage or input, 3 completed but some items failed,
4 the session failed, 5 gone (expired or closed), 6 gave up waiting, 130 interrupted.";

/// What to know of an interrupted run; for RUN and FILE.
const RUN_HELP: &str = "\
A run into a file keeps its state in FILE.abide-run until every row is answered. Interrupted or killed, it goes on with \
the same command and --resume: answered rows are taken over, sessions that exist are asked again, and a row is sent only \
if it was certainly not sent before.

Examples:
  abide RUN
  abide RUN --resume";

/// Waits for remote sessions the way their documents ask.
#[derive(Debug, Parser)]
#[command(name = "abide", version, after_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// The main job on real input, with a server of its own: no key, no network
    Demo(DemoArguments),
    /// Run the reference server for both APIs
    Serve(ServeArguments),
    /// Score how quiet locations are (Calmyx)
    Calmyx {
        #[command(subcommand)]
        command: CalmyxCommand,
    },
    /// Look up Internet services at addresses (Hum)
    Hum {
        #[command(subcommand)]
        command: HumCommand,
    },
    /// Judge an implementation of one of the APIs by their documents
    Conform {
        #[command(subcommand)]
        command: ConformCommand,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum CalmyxCommand {
    /// Submit locations; prints one session id per line
    #[command(after_help = "Example: abide calmyx submit cities.csv > sessions.txt")]
    Submit(SubmitArguments),
    /// Wait for sessions; prints each result as it appears
    #[command(after_help = "Example: abide calmyx watch sess_abc123 --max-wait 10m")]
    Watch(CalmyxWatchArguments),
    /// Submit locations, wait, and write the table with its results
    #[command(after_help = RUN_HELP.replace("RUN", "calmyx run cities.csv -o scores.csv").replace("FILE", "scores.csv"))]
    Run(CalmyxRunArguments),
    /// The listings that scores created
    Listing {
        #[command(subcommand)]
        command: ListingCommand,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum ListingCommand {
    /// Delete listings for good; a plan has a limited number of deletions, which never come back
    #[command(after_help = "Example: abide calmyx listing delete a1b2c3d4-e5f6-7890-abcd-ef1234567890")]
    Delete(ListingDeleteArguments),
}

#[derive(Debug, Subcommand)]
pub(crate) enum HumCommand {
    /// Open a session for one address; prints its token
    #[command(after_help = "Example: abide hum open --street1 '29090 Tiffany Drive E' --zip 48034")]
    Open(OpenArguments),
    /// Wait until the lookups of sessions are done
    #[command(after_help = "Example: abide hum watch XqCmeTVgYXrbWrZFZEymkD")]
    Watch(HumWatchArguments),
    /// Look up every address of a table and write it with what was found
    #[command(after_help = RUN_HELP.replace("RUN", "hum run homes.csv -o providers.csv").replace("FILE", "providers.csv"))]
    Run(HumRunArguments),
    /// The Internet providers that a session found
    #[command(after_help = "Example: abide hum services XqCmeTVgYXrbWrZFZEymkD --json")]
    Services(ServicesArguments),
    /// Close sessions for good
    #[command(after_help = "Example: abide hum close XqCmeTVgYXrbWrZFZEymkD")]
    Close(CloseArguments),
}

/// Where an API is and how fast it runs.
#[derive(Clone, Debug, Args)]
pub(crate) struct ApiArguments {
    /// Where the API is [default: the documented host]
    #[arg(long, value_name = "URL")]
    pub(crate) base_url: Option<String>,
    /// A file that holds the credential; without it the environment does (CALMYX_API_KEY or HUM_API_TOKEN)
    #[arg(long, value_name = "FILE")]
    pub(crate) credential_file: Option<PathBuf>,
    /// Divide every documented duration by N; only for a server on this machine that runs N times faster
    #[arg(long, value_name = "N", env = "ABIDE_SPEED", default_value = "1", value_parser = speed)]
    pub(crate) speed: NonZeroU32,
}

#[derive(Debug, Args)]
pub(crate) struct DemoArguments {
    /// Where the two result tables go
    #[arg(long, value_name = "DIR", default_value = "abide-demo")]
    pub(crate) out: PathBuf,
    /// How many times faster than the documented pace
    #[arg(long, value_name = "N", env = "ABIDE_SPEED", default_value = "10", value_parser = speed)]
    pub(crate) speed: NonZeroU32,
}

#[derive(Debug, Args)]
#[command(after_help = "\
It takes credentials from CALMYX_API_KEY, CALMYX_API_KEY_2, HUM_API_TOKEN and HUM_API_TOKEN_2, makes up those that are not set, \
and prints all four, ready for `export`.

A scenario file holds `says = \"One sentence.\"` and a part for each API, with seconds as at speed 1:
  [calmyx]
  queued = 1.0                   seconds in the queue
  finish = [2.0, 2.5, 9.0]       when the first, second ... location is done; the rest with the last
  pace = 0.5                     or: seconds from each to the next
  end = \"failed\"                 completed, failed, failed-in-queue or never
  after = 2                      how many are done before it fails or stops
  fail = [{ every = 3, error = \"Listing limit reached\" }, { locations = [0] }]
  shapes = []                    zero-total-in-queue, pending-for-queued, without-results
  [hum]
  geocoding = { after = 2.0, outcome = \"multiple\" }    matched, multiple or failed
  internet = { never = true }
  shapes = []                    address-as-object, zip-as-number, token-in-data

Examples:
  abide serve --db sessions.db --speed 10
  abide serve --bug cal-count-sum-off-by-one
  abide serve --fault reset-in-body:0.3@/v2/session/status --fault latency
  abide serve --list faults")]
pub(crate) struct ServeArguments {
    /// Where to listen; port 0 takes any free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080", value_parser = address)]
    pub(crate) listen: SocketAddr,
    /// Take an address that other machines can reach; keys and answers then cross the network as plain HTTP
    #[arg(long)]
    pub(crate) allow_remote: bool,
    /// Keep the sessions in this file [default: in memory, gone at the end]
    #[arg(long, value_name = "FILE")]
    pub(crate) db: Option<PathBuf>,
    /// Let sessions run N times faster than on the real services
    #[arg(long, value_name = "N", env = "ABIDE_SPEED", default_value = "1", value_parser = speed)]
    pub(crate) speed: NonZeroU32,
    /// The Calmyx plan whose limits of listings and deletions hold: unlimited, trial, insight, intelligence or enterprise
    /// [default: unlimited]
    #[arg(long, value_name = "NAME", default_value_t, hide_default_value = true)]
    pub(crate) plan: Plan,
    /// Answer 429 with Retry-After past N calls of a credential in so many seconds [default: no limit]
    #[arg(long, value_name = "N/SECONDS")]
    pub(crate) rate_limit: Option<RateLimit>,
    /// Let tests, without a credential, move the clock by POST /_test/clock/advance with {"seconds": N}, and switch
    /// faults by GET, PUT and DELETE /_test/faults
    #[arg(long)]
    pub(crate) test_hooks: bool,
    #[command(flatten)]
    pub(crate) breakage: BreakageArguments,
}

#[derive(Debug, Args)]
pub(crate) struct SubmitArguments {
    /// A CSV with the columns lat and lng; - for standard input
    #[arg(value_name = "LOCATIONS.csv")]
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) api: ApiArguments,
}

#[derive(Debug, Args)]
pub(crate) struct CalmyxWatchArguments {
    /// What `submit` printed
    #[arg(value_name = "SESSION_ID", required = true)]
    pub(crate) sessions: Vec<String>,
    /// Print every event as one JSON object per line
    #[arg(long)]
    pub(crate) json: bool,
    /// Write every exchange to a file that `abide conform trace` judges; never a credential. It does not show all that a
    /// server must do, so that its best exit code is 3
    #[arg(long, value_name = "FILE")]
    pub(crate) record: Option<PathBuf>,
    /// Give up after this long, for example 90s, 10m or 2h [default: 1h]
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub(crate) max_wait: Option<Duration>,
    #[command(flatten)]
    pub(crate) api: ApiArguments,
}

#[derive(Debug, Args)]
pub(crate) struct CalmyxRunArguments {
    /// A CSV with the columns lat and lng; other columns are carried through; - for standard input
    #[arg(value_name = "LOCATIONS.csv")]
    pub(crate) file: PathBuf,
    /// Where the rows go [default: standard output, which - means too]
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// csv, ndjson or geojson
    #[arg(long, default_value_t = Format::Csv)]
    pub(crate) format: Format,
    /// Go on with an interrupted run: same input, same -o; what was sent is not sent again
    #[arg(long)]
    pub(crate) resume: bool,
    /// Give up on a session after this long, for example 10m or 2h [default: 1h]
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub(crate) max_wait: Option<Duration>,
    #[command(flatten)]
    pub(crate) api: ApiArguments,
}

#[derive(Debug, Args)]
pub(crate) struct ListingDeleteArguments {
    /// The listing_id of a result
    #[arg(value_name = "LISTING_ID", required = true)]
    pub(crate) listings: Vec<String>,
    #[command(flatten)]
    pub(crate) api: ApiArguments,
}

#[derive(Debug, Args)]
pub(crate) struct OpenArguments {
    /// House number and street
    #[arg(long, value_name = "S")]
    pub(crate) street1: String,
    /// Apartment, suite or unit
    #[arg(long, value_name = "S")]
    pub(crate) street2: Option<String>,
    /// City; needed with --state where --zip is missing
    #[arg(long, value_name = "S")]
    pub(crate) city: Option<String>,
    /// Two-letter code of the state
    #[arg(long, value_name = "S")]
    pub(crate) state: Option<String>,
    /// ZIP code: 12345 or 12345-6789
    #[arg(long, value_name = "S")]
    pub(crate) zip: Option<String>,
    #[command(flatten)]
    pub(crate) api: ApiArguments,
}

#[derive(Debug, Args)]
pub(crate) struct HumWatchArguments {
    /// What `open` printed
    #[arg(value_name = "TOKEN", required = true)]
    pub(crate) tokens: Vec<String>,
    /// Print every event as one JSON object per line
    #[arg(long)]
    pub(crate) json: bool,
    /// Write every exchange to a file that `abide conform trace` judges; never a credential. It does not show all that a
    /// server must do, so that its best exit code is 3
    #[arg(long, value_name = "FILE")]
    pub(crate) record: Option<PathBuf>,
    /// Give up after this long, for example 10s or 1m [default: 30s, as documented]
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub(crate) max_wait: Option<Duration>,
    #[command(flatten)]
    pub(crate) api: ApiArguments,
}

#[derive(Debug, Args)]
pub(crate) struct HumRunArguments {
    /// A CSV with the column street1 and what there is of street2, city, state and zip; - for standard input
    #[arg(value_name = "ADDRESSES.csv")]
    pub(crate) file: PathBuf,
    /// Where the rows go [default: standard output, which - means too]
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// csv or ndjson
    #[arg(long, default_value_t = Format::Csv)]
    pub(crate) format: Format,
    /// Go on with an interrupted run: same input, same -o; what was sent is not sent again
    #[arg(long)]
    pub(crate) resume: bool,
    /// Give up on an address after this long, for example 10s or 1m [default: 30s, as documented]
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub(crate) max_wait: Option<Duration>,
    #[command(flatten)]
    pub(crate) api: ApiArguments,
}

#[derive(Debug, Args)]
pub(crate) struct ServicesArguments {
    /// What `open` printed
    #[arg(value_name = "TOKEN")]
    pub(crate) token: String,
    /// Print the providers as a JSON array
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) api: ApiArguments,
}

#[derive(Debug, Args)]
pub(crate) struct CloseArguments {
    /// What `open` printed
    #[arg(value_name = "TOKEN", required = true)]
    pub(crate) tokens: Vec<String>,
    #[command(flatten)]
    pub(crate) api: ApiArguments,
}

/// An address of this machine and a port; `localhost` is 127.0.0.1.
fn address(text: &str) -> Result<SocketAddr, String> {
    let numbers = text.replacen("localhost:", "127.0.0.1:", 1);
    numbers.parse().map_err(|_| "write it like 127.0.0.1:8080".to_owned())
}

/// A whole number from 1.
pub(crate) fn speed(text: &str) -> Result<NonZeroU32, String> {
    text.trim().parse().map_err(|_| "write a whole number from 1 (an empty ABIDE_SPEED is best unset)".to_owned())
}

/// `90s`, `10m`, `1h30m`: above zero.
fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || "write it like 90s, 10m or 1h30m".to_owned();
    let signed: jiff::SignedDuration = text.trim().parse().map_err(|_| wrong())?;
    let duration = Duration::try_from(signed).map_err(|_| wrong())?;
    if duration.is_zero() { Err("it must be longer than zero".to_owned()) } else { Ok(duration) }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn durations() {
        for (text, expected) in [
            ("90s", Ok(90)),
            ("10m", Ok(600)),
            ("1h30m", Ok(5400)),
            (" 2h ", Ok(7200)),
            ("0s", Err("it must be longer than zero")),
            ("-5s", Err("write it like 90s, 10m or 1h30m")),
            ("5", Err("write it like 90s, 10m or 1h30m")),
            ("soon", Err("write it like 90s, 10m or 1h30m")),
        ] {
            assert_eq!(duration(text), expected.map(Duration::from_secs).map_err(str::to_owned), "{text}");
        }
    }

    #[test]
    fn help() {
        Arguments::command().debug_assert();
        let mut command = Arguments::command().term_width(100);
        insta::assert_snapshot!(command.render_long_help());
    }

    #[test]
    fn help_of_serve() {
        let mut command = Arguments::command().term_width(100);
        let serve = command.find_subcommand_mut("serve").unwrap();
        let mut serve = serve.clone().mut_arg("speed", |speed| speed.hide_env_values(true));
        insta::assert_snapshot!(serve.render_long_help());
    }

    #[test]
    fn no_flag_takes_a_secret() {
        fn walk(command: &clap::Command) {
            for argument in command.get_arguments() {
                let name = argument.get_id().as_str();
                assert!(!["api_key", "key", "api_token"].contains(&name), "{name} would show in the process list");
            }
            command.get_subcommands().for_each(walk);
        }
        walk(&Arguments::command());
    }
}
