//! Judging many at a time: they have nothing to do with each other, so each thread takes the next one.

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use tokio::runtime::Builder;

use crate::row::Row;
use crate::trial::Trial;

/// Judges all of them, `jobs` at a time. `progress` is told each row as it comes, with how many there are by then.
pub fn run(trials: &[Trial], jobs: usize, progress: impl Fn(&Row, usize) + Sync) -> Vec<Row> {
    let next = AtomicUsize::new(0);
    let rows = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..jobs.max(1) {
            scope.spawn(|| {
                while let Some((place, trial)) = take(trials, &next) {
                    let row = judged(trial);
                    let mut rows = rows.lock().unwrap_or_else(PoisonError::into_inner);
                    progress(&row, rows.len() + 1);
                    rows.push((place, row));
                }
            });
        }
    });
    let mut rows = rows.into_inner().unwrap_or_else(PoisonError::into_inner);
    rows.sort_by_key(|(place, _)| *place);
    rows.into_iter().map(|(_, row)| row).collect()
}

fn take<'t>(trials: &'t [Trial], next: &AtomicUsize) -> Option<(usize, &'t Trial)> {
    let place = next.fetch_add(1, Ordering::Relaxed);
    Some((place, trials.get(place)?))
}

fn judged(trial: &Trial) -> Row {
    let begun = Instant::now();
    let run = on_virtual_time(trial);
    Row::new(trial, run, begun.elapsed())
}

/// A runtime of its own each, whose clock is paused: where all wait, it goes on to the next timer at once.
fn on_virtual_time(trial: &Trial) -> io::Result<(abide_conformance::report::Report, usize)> {
    let runtime = Builder::new_current_thread().enable_all().start_paused(trial.is_paused()).build()?;
    let run = runtime.block_on(trial.run())?;
    Ok((run.report, run.trace.exchanges.len()))
}
