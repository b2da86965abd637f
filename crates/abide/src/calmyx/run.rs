//! `abide calmyx run`: a table in, the same table with scores out.

use super::scoring::{Scored, Scoring};
use super::{read_locations, results};
use crate::arguments::CalmyxRunArguments;
use crate::connection;
use crate::exit::Exit;
use crate::interrupt::Interrupt;
use crate::output::Columns;
use crate::problem::{Api, Problem};
use crate::progress::Progress;
use crate::reading::off_thread;
use crate::rewatch::Rewatch;
use crate::run_files::{RunFiles, Wanted, not_onto_the_input};

pub(crate) async fn run(arguments: &CalmyxRunArguments, interrupt: &Interrupt) -> Result<Exit, Problem> {
    not_onto_the_input(&arguments.file, arguments.output.as_deref())?;
    let locations = off_thread(interrupt, &arguments.file, read_locations).await?;
    let client = connection::calmyx(&arguments.api)?;
    let columns = columns(&locations.table.columns);
    let base_url = connection::base_url(Api::Calmyx, &arguments.api)?;
    let wanted = Wanted {
        command: "calmyx run",
        base_url: &base_url,
        output: arguments.output.as_deref(),
        format: arguments.format,
        resume: arguments.resume,
    };
    let RunFiles { writer, journal, earlier } = RunFiles::open(&wanted, &locations.table, columns)?;
    let progress = Progress::new("locations", locations.locations.len() as u64);
    let pace = connection::calmyx_pace(arguments.api.speed, arguments.max_wait);
    let rewatch = Some(Rewatch::new(Api::Calmyx, &arguments.api));
    let scoring = Scoring { client: &client, pace, interrupt, progress: &progress, journal: &journal, rewatch };
    let scored = scoring.run(&locations, writer, &earlier).await;
    progress.clear();
    if let Ok(scored) = &scored {
        scoring.still_alive(&scored.alive);
        progress.line(&summary(scored));
    }
    if let Some(hint) = journal.hint() {
        progress.line(&hint);
    }
    Ok(scored?.exit)
}

/// The input's columns and the result's.
pub(crate) fn columns(input: &[String]) -> Columns {
    Columns::new(input, &results::COLUMNS)
}

/// What was done and where it lies.
pub(crate) fn summary(scored: &Scored) -> String {
    let results::Counts { scored: good, failed, unanswered } = scored.counts;
    let total = scored.counts.total();
    let of = if total < scored.rows { format!("{total} of {}", scored.rows) } else { total.to_string() };
    let mut text = format!("{of} locations: {good} scored, {failed} failed");
    if unanswered > 0 {
        text.push_str(&format!(", {unanswered} without an answer"));
    }
    let sessions = if scored.sessions == 1 { "1 session".to_owned() } else { format!("{} sessions", scored.sessions) };
    text.push_str(&format!("; {sessions}"));
    if let Some(path) = &scored.written.path {
        text.push_str(&format!("; {} rows in {}", scored.written.rows, path.display()));
    }
    text
}
