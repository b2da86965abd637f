//! `abide hum run`: a table of addresses in, the same table with what was found out.

use std::cell::{Cell, RefCell};

use futures_util::StreamExt;
use hum_client::{CreatedSession, SessionSource};

use super::lookup::{Found, Lookup};
use super::{RESULT_COLUMNS, check, session_of};
use crate::arguments::HumRunArguments;
use crate::calmyx::run::{not_onto_the_input, open};
use crate::connection::{self, Pace};
use crate::exit::Exit;
use crate::input::addresses::{AddressRow, Addresses, read};
use crate::interrupt::Interrupt;
use crate::output::{Columns, Format, RowWriter, Written};
use crate::problem::{Api, Problem, call};
use crate::progress::Progress;
use crate::reading::off_thread;
use crate::rewatch::Rewatch;
use crate::sheet::Sheet;
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
    let writer = open(arguments.output.as_deref(), arguments.format, columns)?;
    let progress = Progress::new("addresses", addresses.addresses.len() as u64);
    let pace = connection::hum_pace(arguments.api.speed, arguments.max_wait);
    let rewatch = Some(Rewatch::new(Api::Hum, &arguments.api));
    let lookup = Lookup { client: &client, pace, interrupt, progress: &progress, rewatch };
    let looked_up = look_up(&lookup, &addresses, writer).await?;
    progress.clear();
    still_alive(&lookup, &looked_up.alive);
    progress.line(&looked_up.summary());
    Ok(looked_up.exit)
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

#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    completed: u64,
    partial: u64,
    failed: u64,
    other: u64,
    /// Of all of them, those whose session came to an end.
    ended: u64,
}

/// Looks up every address of a table into `writer`.
///
/// # Errors
/// When the first session cannot be created, or the output can no longer be written.
pub(crate) async fn look_up(
    lookup: &Lookup<'_>,
    addresses: &Addresses,
    writer: RowWriter,
) -> Result<LookedUp, Problem> {
    let state = State {
        sheet: RefCell::new(Sheet::new(&addresses.table, writer, lookup.progress)),
        counts: RefCell::default(),
        refused: Cell::new(false),
        creating: tokio::sync::Mutex::new(()),
        opened: Cell::new(false),
        alive: RefCell::default(),
    };
    let Pace { lifecycle, .. } = lookup.pace;
    let fleet = lookup.client.fleet_with(&lifecycle, lookup.pace.options_of_young(), lookup.pace.budget())?;
    let together = Together::new(fleet);
    let found = futures_util::stream::iter(addresses.addresses.iter().enumerate())
        .map(|(row, address)| one_row(lookup, row, address, &state, &together))
        .buffer_unordered(LIVE_SESSIONS)
        .collect();
    let found: Vec<Found> = together.beside(found).await;
    sum_up(lookup, state, found)
}

/// What the rows of one run share. Everything runs on one task, so nothing is borrowed across an await.
struct State<'a> {
    sheet: RefCell<Sheet<'a>>,
    counts: RefCell<Counts>,
    /// The credential or the host was refused; no further address is tried.
    refused: Cell<bool>,
    /// Held while a session is created: the first refusal keeps every later address from being sent.
    creating: tokio::sync::Mutex<()>,
    /// Some session was opened, so that there is a table to write.
    opened: Cell<bool>,
    /// Sessions that may still live, by token.
    alive: RefCell<Vec<String>>,
}

async fn one_row(
    lookup: &Lookup<'_>,
    row: usize,
    address: &AddressRow,
    state: &State<'_>,
    together: &Together<SessionSource>,
) -> Found {
    if state.sheet.borrow().is_broken() {
        return Found::NotTried;
    }
    let name = format!("line {}", address.line);
    let found = match open_one(lookup, &name, address, state).await {
        Ok(created) => lookup.finish(&name, created, together, || !state.sheet.borrow().is_broken()).await,
        Err(found) => found,
    };
    // An interrupted run holds what was received; any other says of every row what became of it. Where the first session
    // is refused there is no table, only the reason.
    let untold = match &found {
        Found::NotTried => lookup.interrupt.is_asked() || !state.opened.get(),
        Found::NotCreated(error) => !state.opened.get() && !is_about_the_address(error),
        Found::Ended { .. } | Found::Stopped { .. } => false,
    };
    if !untold {
        state.counts.borrow_mut().add(&found);
        state.sheet.borrow_mut().answer(row, found.cells());
        state.sheet.borrow().show_progress(state.counts.borrow().ended);
    }
    // Closed only after its row went out: closing drops what was found.
    let broken = state.sheet.borrow().is_broken();
    match &found {
        Found::Ended { gone: true, .. } | Found::NotCreated(_) | Found::NotTried => {}
        Found::Ended { token, keep_open: false, .. } if !broken => {
            if !lookup.close(&name, token).await {
                state.alive.borrow_mut().push(token.as_str().to_owned());
            }
        }
        Found::Ended { token, .. } | Found::Stopped { token } => {
            state.alive.borrow_mut().push(token.as_str().to_owned());
        }
    }
    found
}

/// Opens the session of an address, one at a time.
async fn open_one(
    lookup: &Lookup<'_>,
    name: &str,
    address: &AddressRow,
    state: &State<'_>,
) -> Result<CreatedSession, Found> {
    let _one_at_a_time = state.creating.lock().await;
    if state.refused.get() {
        return Err(Found::NotTried);
    }
    let opened = lookup.open(name, &session_of(address)).await;
    if opened.is_ok() {
        state.opened.set(true);
    }
    if let Err(Found::NotCreated(error)) = &opened {
        if is_about_the_address(error) {
            lookup.progress.line(&format!("{name}: {}", call(Api::Hum, error.as_ref(), error.request())));
        } else {
            state.refused.set(true);
        }
    }
    opened
}

/// A refused address is that row's affair; a refused credential or a dead host is everybody's.
fn is_about_the_address(error: &hum_client::Error) -> bool {
    let status = error.request().and_then(abide_http::Error::status);
    matches!(status, Some(400 | 422))
}

fn sum_up(lookup: &Lookup<'_>, state: State<'_>, found: Vec<Found>) -> Result<LookedUp, Problem> {
    let interrupted = lookup.interrupt.is_asked();
    let mut exit = if interrupted { Exit::Interrupted } else { Exit::Completed };
    let (mut sessions, mut refusal) = (0_u64, None);
    let broken = state.sheet.borrow().is_broken();
    for one in found {
        match one {
            Found::Ended { exit: own, .. } => {
                sessions += 1;
                exit = exit.and(own);
            }
            Found::Stopped { .. } => {
                sessions += 1;
                if !interrupted && !broken {
                    exit = exit.and(Exit::Error);
                }
            }
            Found::NotCreated(error) => {
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
    let alive = state.alive.into_inner();
    let counts = state.counts.into_inner();
    let closed = state.sheet.into_inner().close(counts.other == 0 && !interrupted);
    if closed.is_err() {
        still_alive(lookup, &alive);
    }
    Ok(LookedUp { exit, written: closed?, counts, alive })
}

impl Counts {
    fn add(&mut self, found: &Found) {
        self.ended += u64::from(matches!(found, Found::Ended { .. }));
        let place = match found {
            Found::Ended { outcome: "completed", .. } => &mut self.completed,
            Found::Ended { outcome: "partial", .. } => &mut self.partial,
            Found::Ended { outcome: "failed", .. } => &mut self.failed,
            Found::Ended { .. } | Found::Stopped { .. } | Found::NotCreated(_) | Found::NotTried => &mut self.other,
        };
        *place += 1;
    }
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
