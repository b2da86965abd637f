//! `abide demo`: the main job on real input, with nothing to install or to register.
//!
//! A reference server on a free loopback port stands in for the real hosts; everything else is the code that talks to
//! those. Scores and providers are invented by the server, repeatably; the cities and the addresses are real.

use std::path::Path;
use std::time::Instant;

use abide_http::{BaseUrl, Credential};
use abide_server::{Config, Credentials, Server};

use crate::arguments::DemoArguments;
use crate::calmyx::{self, Scoring};
use crate::connection::{calmyx_pace, hum_pace};
use crate::exit::Exit;
use crate::hum::{self, Lookup};
use crate::input::Table;
use crate::input::addresses::Addresses;
use crate::input::locations::Locations;
use crate::interrupt::Interrupt;
use crate::journal::{Earlier, Journal};
use crate::output::{Format, RowWriter};
use crate::problem::{Problem, with_cause};
use crate::progress::Progress;

/// The 500 largest cities of the United States; GeoNames (geonames.org), CC BY 4.0.
const CITIES: &str = include_str!("../data/us-cities-500.csv");
/// The addresses of the 50 state capitols.
const CAPITOLS: &str = include_str!("../data/us-capitols.csv");

pub(crate) async fn run(arguments: &DemoArguments, interrupt: &Interrupt) -> Result<Exit, Problem> {
    let started = Instant::now();
    std::fs::create_dir_all(&arguments.out).map_err(|cause| {
        Problem::usage(format!("--out {}: the folder cannot be made: {cause}", arguments.out.display()))
    })?;
    let credentials = Credentials::generate()?;
    let server = start_server(arguments, credentials.clone()).await?;
    let base = BaseUrl::parse(&format!("http://{}", server.address()))
        .map_err(|error| Problem::new(Exit::Error, error.to_string()))?;
    eprintln!("a server of both APIs runs on {base}, {} times as fast as the documented pace", arguments.speed);
    let [calmyx_key, _] = &credentials.calmyx;
    let [hum_token, _] = &credentials.hum;

    let scores = score_cities(arguments, interrupt, &base, calmyx_key).await;
    let found = match &scores {
        Ok((exit, _)) if *exit != Exit::Interrupted => look_up_capitols(arguments, interrupt, &base, hum_token).await,
        _ => Ok((Exit::Completed, String::new())),
    };
    server.shutdown().await?;
    let ((scores_exit, scores), (found_exit, found)) = (scores?, found?);

    eprintln!("\nThe server invents scores and providers, the same ones every time; cities and addresses are real.");
    eprintln!("{scores}");
    if !found.is_empty() {
        eprintln!("{found}");
    }
    let exit = scores_exit.and(found_exit);
    let ended = if exit == Exit::Interrupted { "interrupted after" } else { "done in" };
    eprintln!("{ended} {:.1} s", started.elapsed().as_secs_f64());
    Ok(exit)
}

async fn start_server(arguments: &DemoArguments, credentials: Credentials) -> Result<Server, Problem> {
    let config = Config { speed: arguments.speed, ..Config::local(credentials) };
    Ok(Server::start(config).await?)
}

async fn score_cities(
    arguments: &DemoArguments,
    interrupt: &Interrupt,
    base: &BaseUrl,
    key: &str,
) -> Result<(Exit, String), Problem> {
    let client = calmyx_client::Client::new(base.clone(), credential(key)?).map_err(|error| Problem::calmyx(&error))?;
    let locations = Locations::of(Table::parse("us-cities-500.csv", CITIES.as_bytes())?, &calmyx::bounds())?;
    let columns = calmyx::run::columns(&locations.table.columns);
    let writer = table(&arguments.out, "scores.csv", columns)?;
    let progress = Progress::new("locations", locations.locations.len() as u64);
    let scoring = Scoring {
        client: &client,
        pace: calmyx_pace(arguments.speed, None),
        interrupt,
        progress: &progress,
        journal: &Journal::none(),
        rewatch: None,
    };
    let scored = scoring.run(&locations, writer, &Earlier::nothing(locations.locations.len())).await?;
    Ok((scored.exit, calmyx::run::summary(&scored)))
}

async fn look_up_capitols(
    arguments: &DemoArguments,
    interrupt: &Interrupt,
    base: &BaseUrl,
    token: &str,
) -> Result<(Exit, String), Problem> {
    let client = hum_client::Client::new(base.clone(), credential(token)?).map_err(|error| Problem::hum(&error))?;
    let addresses = Addresses::of(Table::parse("us-capitols.csv", CAPITOLS.as_bytes())?, hum::check)?;
    let writer = table(&arguments.out, "providers.csv", hum::run::columns(&addresses.table.columns))?;
    let progress = Progress::new("addresses", addresses.addresses.len() as u64);
    let lookup = Lookup {
        client: &client,
        pace: hum_pace(arguments.speed, None),
        interrupt,
        progress: &progress,
        journal: &Journal::none(),
        rewatch: None,
    };
    let looked_up =
        hum::run::look_up(&lookup, &addresses, writer, &Earlier::nothing(addresses.addresses.len())).await?;
    Ok((looked_up.exit, looked_up.summary()))
}

fn table(folder: &Path, name: &str, columns: crate::output::Columns) -> Result<RowWriter, Problem> {
    Ok(RowWriter::to_file(&folder.join(name), Format::Csv, columns)?)
}

fn credential(text: &str) -> Result<Credential, Problem> {
    Credential::new(text).map_err(|error| Problem::new(Exit::Error, with_cause(&error)))
}
