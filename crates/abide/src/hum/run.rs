//! `abide hum run`: a table of addresses in, the same table with what was found out.

use std::ops::Range;

use futures_util::StreamExt;
use hum_client::{PathSegment, SessionSource};

use super::lookup::{Found, Lookup, Opened};
use super::rows::{Counts, Rows};
use super::{RESULT_COLUMNS, check, session_of};
use crate::arguments::HumRunArguments;
use crate::connection::{self, Pace};
use crate::exit::Exit;
use crate::input::addresses::{AddressRow, Addresses, read};
use crate::interrupt::Interrupt;
use crate::journal::{Earlier, Session};
use crate::output::{Columns, Format, RowWriter, Written};
use crate::problem::{Api, Problem, call};
use crate::progress::Progress;
use crate::reading::off_thread;
use crate::rewatch::Rewatch;
use crate::run_files::{RunFiles, Wanted, not_onto_the_input};
use crate::together::Together;

/// How many sessions of one run live at the same time. Rate limits are documented to exist, without numbers: the budget of
/// the fleet bounds the requests, and a 429 slows all of them.
const LIVE_SESSIONS: usize = 16;

pub(crate) async fn run(arguments: &HumRunArguments, interrupt: &Interrupt) -> Result<Exit, Problem> {
    if arguments.format == Format::Geojson {
        return Err(Problem::usage("--format geojson: addresses carry no coordinates; choose csv or ndjson"));
    }
    not_onto_the_input(&arguments.file, arguments.output.as_deref())?;
    let addresses = off_thread(interrupt, &arguments.file, |file| Ok(read(file, check)?)).await?;
    let client = connection::hum(&arguments.api)?;
    let columns = columns(&addresses.table.columns);
    let base_url = connection::base_url(Api::Hum, &arguments.api)?;
    let wanted = Wanted {
        command: "hum run",
        base_url: &base_url,
        output: arguments.output.as_deref(),
        format: arguments.format,
        resume: arguments.resume,
    };
    let RunFiles { writer, journal, earlier } = RunFiles::open(&wanted, &addresses.table, columns)?;
    let progress = Progress::new("addresses", addresses.addresses.len() as u64);
    let pace = connection::hum_pace(arguments.api.speed, arguments.max_wait);
    let rewatch = Some(Rewatch::new(Api::Hum, &arguments.api));
    let lookup = Lookup { client: &client, pace, interrupt, progress: &progress, journal: &journal, rewatch };
    let looked_up = look_up(&lookup, &addresses, writer, &earlier).await;
    progress.clear();
    if let Ok(looked_up) = &looked_up {
        still_alive(&lookup, &looked_up.alive);
        progress.line(&looked_up.summary());
    }
    if let Some(hint) = journal.hint() {
        progress.line(&hint);
    }
    Ok(looked_up?.exit)
}

/// The input's columns and the lookup's.
pub(crate) fn columns(input: &[String]) -> Columns {
    Columns::new(input, &RESULT_COLUMNS)
}

/// What a run came to.
pub(crate) struct LookedUp {
    pub(crate) exit: Exit,
    pub(crate) written: Written,
    counts: Counts,
    alive: Vec<String>,
}

/// Looks up every address of a table into `writer`, but for what was done of it earlier.
///
/// # Errors
/// When the first session cannot be created, or the output or the journal can no longer be written.
pub(crate) async fn look_up(
    lookup: &Lookup<'_>,
    addresses: &Addresses,
    writer: RowWriter,
    earlier: &Earlier,
) -> Result<LookedUp, Problem> {
    let rows = Rows::new(lookup, &addresses.table, writer, earlier);
    let Pace { lifecycle, .. } = lookup.pace;
    let fleet = lookup.client.fleet_with(&lifecycle, lookup.pace.options_of_young(), lookup.pace.budget())?;
    let together = Together::new(fleet);
    let known = earlier.sessions().filter(|session| session.exit.is_none() || !session.closed);
    let known = known.map(|session| (session.rows.start, Some(session)));
    let unsent = earlier.unsent(1).into_iter().map(|row| (row.start, None));
    let found = futures_util::stream::iter(known.chain(unsent))
        .filter_map(|(row, session)| {
            std::future::ready(addresses.addresses.get(row).map(|address| (row, address, session)))
        })
        .map(|(row, address, session)| one_row(lookup, (row, address), session, &rows, &together))
        .buffer_unordered(LIVE_SESSIONS)
        .collect();
    let found: Vec<Option<Found>> = together.beside(found).await;
    sum_up(lookup, rows, found.into_iter().flatten().collect(), earlier)
}

/// `None` where an earlier process had answered the row, and only its session was to be closed.
async fn one_row(
    lookup: &Lookup<'_>,
    (row, address): (usize, &AddressRow),
    session: Option<&Session>,
    rows: &Rows<'_>,
    together: &Together<SessionSource>,
) -> Option<Found> {
    if rows.is_broken() {
        return Some(Found::NotTried);
    }
    let (name, range) = (format!("line {}", address.line), row..row + 1);
    let opened = match session {
        Some(session) => Opened::earlier(session).ok_or(Found::NotTried),
        None => open_one(lookup, &name, &range, address, rows).await,
    };
    let found = match opened {
        Ok(opened) if session.is_some_and(|session| session.exit.is_some()) => {
            close(lookup, &name, &range, opened.token(), rows).await;
            return None;
        }
        Ok(opened) => lookup.finish(&name, &range, opened, together, || !rows.is_broken()).await,
        Err(found) => found,
    };
    // An interrupted run holds what was received; any other says of every row what became of it. Where the first session
    // is refused there is no table, only the reason.
    let untold = match &found {
        Found::NotTried => lookup.interrupt.is_asked() || !rows.opened.get(),
        Found::NotCreated(error) => !rows.opened.get() && !is_about_the_address(error),
        Found::Doubtful(_) => !rows.opened.get(),
        Found::Ended { .. } | Found::Stopped { .. } | Found::Shared { .. } => false,
    };
    if !untold {
        if matches!(found, Found::Doubtful(_)) {
            rows.tell_doubt(&[row]);
        }
        rows.answer(row, found.verdict(), found.cells(), is_for_good(&found));
    }
    close_or_keep(lookup, &name, &range, &found, rows).await;
    Some(found)
}

/// Whether going on with the run would find out nothing else of the row.
fn is_for_good(found: &Found) -> bool {
    match found {
        Found::Ended { keep_open, .. } => !keep_open,
        Found::NotCreated(error) => is_about_the_address(error),
        Found::Shared { .. } | Found::Doubtful(_) => true,
        Found::Stopped { .. } | Found::NotTried => false,
    }
}

/// Closed only after its row went out and was noted: closing drops what was found.
async fn close_or_keep(lookup: &Lookup<'_>, name: &str, row: &Range<usize>, found: &Found, rows: &Rows<'_>) {
    match found {
        Found::Ended { exit, gone: true, .. } => {
            rows.journal.ended(row, *exit);
            rows.journal.closed(row);
        }
        Found::Shared { .. } => {
            rows.journal.ended(row, Exit::Error);
            rows.journal.closed(row);
        }
        Found::Ended { token, exit, keep_open: false, .. } if !rows.is_broken() => {
            rows.journal.ended(row, *exit);
            close(lookup, name, row, token, rows).await;
        }
        Found::Ended { token, .. } | Found::Stopped { token } => {
            rows.alive.borrow_mut().push(token.as_str().to_owned());
        }
        Found::NotCreated(_) | Found::Doubtful(_) | Found::NotTried => {}
    }
}

async fn close(lookup: &Lookup<'_>, name: &str, row: &Range<usize>, token: &PathSegment, rows: &Rows<'_>) {
    if lookup.close(name, token).await {
        rows.journal.closed(row);
    } else {
        rows.alive.borrow_mut().push(token.as_str().to_owned());
    }
}

/// Opens the session of an address, one at a time.
async fn open_one(
    lookup: &Lookup<'_>,
    name: &str,
    row: &Range<usize>,
    address: &AddressRow,
    rows: &Rows<'_>,
) -> Result<Opened, Found> {
    let _one_at_a_time = rows.creating.lock().await;
    if rows.going_on.is_stopped() {
        return Err(Found::NotTried);
    }
    let opened = lookup.open(name, row, &session_of(address)).await;
    match &opened {
        Ok(_) => {
            rows.opened.set(true);
            rows.going_on.created();
        }
        Err(Found::NotCreated(error)) if is_about_the_address(error) => {
            lookup.progress.line(&format!("{name}: {}", call(Api::Hum, error.as_ref(), error.request())));
        }
        Err(Found::NotCreated(_)) => rows.going_on.refused(),
        Err(Found::Doubtful(_)) => rows.going_on.lost(),
        Err(Found::Ended { .. } | Found::Stopped { .. } | Found::Shared { .. } | Found::NotTried) => {}
    }
    opened
}

/// A refused address is that row's affair; a refused credential or a dead host is everybody's.
fn is_about_the_address(error: &hum_client::Error) -> bool {
    let status = error.request().and_then(abide_http::Error::status);
    matches!(status, Some(400 | 422))
}

fn sum_up(lookup: &Lookup<'_>, rows: Rows<'_>, found: Vec<Found>, earlier: &Earlier) -> Result<LookedUp, Problem> {
    let interrupted = lookup.interrupt.is_asked();
    let mut exit = if interrupted { Exit::Interrupted } else { earlier.exit() };
    if !earlier.in_doubt().is_empty() {
        exit = exit.and(Exit::Error);
    }
    let (mut sessions, mut refusal) = (earlier.sessions().count(), None);
    let broken = rows.is_broken();
    for one in found {
        match one {
            Found::Ended { exit: own, .. } => {
                sessions += 1;
                exit = exit.and(own);
            }
            Found::Stopped { .. } | Found::Shared { .. } => {
                sessions += 1;
                if !interrupted && !broken {
                    exit = exit.and(Exit::Error);
                }
            }
            Found::NotCreated(error) | Found::Doubtful(error) => {
                exit = exit.and(Exit::Error);
                if !is_about_the_address(&error) {
                    refusal.get_or_insert_with(|| Problem::hum(&error));
                }
            }
            Found::NotTried => {}
        }
    }
    match refusal {
        Some(problem) if sessions == 0 => return Err(problem),
        Some(problem) => problem.show(),
        None => {}
    }
    let alive = rows.alive.into_inner();
    let counts = rows.counts.into_inner();
    let closed = rows.sheet.into_inner().close(counts.other == 0 && !interrupted);
    if closed.is_err() {
        still_alive(lookup, &alive);
    }
    let written = closed?;
    if let Some(failure) = lookup.journal.take_failure() {
        return Err(failure.into());
    }
    if !interrupted {
        lookup.journal.settle();
    }
    Ok(LookedUp { exit, written, counts, alive })
}

impl LookedUp {
    /// What was done and where it lies.
    pub(crate) fn summary(&self) -> String {
        let Counts { completed, partial, failed, other, .. } = self.counts;
        let total = completed + partial + failed + other;
        let mut text = format!("{total} addresses: {completed} completed, {partial} partial, {failed} failed");
        if other > 0 {
            text.push_str(&format!(", {other} without an outcome"));
        }
        if let Some(path) = &self.written.path {
            text.push_str(&format!("; {} rows in {}", self.written.rows, path.display()));
        }
        text
    }
}

/// Says which sessions can still be watched, with the command that does it.
fn still_alive(lookup: &Lookup<'_>, alive: &[String]) {
    if let Some(line) = lookup.rewatch.as_ref().and_then(|rewatch| rewatch.line(alive)) {
        lookup.progress.line(&line);
    }
}
