//! `cargo kill-matrix`: judges the judge, and says whether it catches everything that is planted.

use std::io::{IsTerminal as _, Write as _};
use std::num::NonZeroUsize;
use std::process::ExitCode;
use std::thread::available_parallelism;
use std::time::Instant;

use anyhow::{Result, bail};
use clap::Parser;
use kill_matrix::{Matrix, Row, Thoroughness, Trial, pool, show, trials};

/// Judges every planted bug of the reference server, every faulty client, every legal variation and the good server, and
/// prints what was found by which requirement. Exit code 0: all that was chosen is caught, and nothing else is found; the
/// matrix is only said to be whole where nothing was left out.
#[derive(Debug, Parser)]
#[command(name = "cargo kill-matrix", version)]
struct Arguments {
    /// Only those whose name has this in it, or that break this requirement
    names: Vec<String>,
    /// How many are judged at a time [default: one for each core]
    #[arg(long)]
    jobs: Option<NonZeroUsize>,
    /// With how many seeds the good server is judged, for each API
    #[arg(long, default_value_t = Thoroughness::default().seeds, value_parser = clap::value_parser!(u64).range(1..))]
    seeds: u64,
    /// How many random cases follow the fixed ones where nothing may be found
    #[arg(long, default_value_t = Thoroughness::default().cases)]
    cases: u32,
    /// Prints JSON
    #[arg(long, conflicts_with = "markdown")]
    json: bool,
    /// Prints a page in Markdown
    #[arg(long)]
    markdown: bool,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "error: {error:#}");
            ExitCode::from(2)
        }
    }
}

/// Whether all holds that was chosen.
fn run(arguments: &Arguments) -> Result<bool> {
    let all = trials(Thoroughness { seeds: arguments.seeds, cases: arguments.cases });
    if let Some(word) = arguments.names.iter().find(|word| !all.iter().any(|trial| trial.matches(word))) {
        bail!("nothing is named {word}, and it is no requirement that something breaks");
    }
    let is_chosen =
        |trial: &Trial| arguments.names.is_empty() || arguments.names.iter().any(|word| trial.matches(word));
    let (mut chosen, left_out): (Vec<Trial>, Vec<Trial>) = all.into_iter().partition(is_chosen);
    let jobs = arguments.jobs.or_else(|| available_parallelism().ok()).map_or(1, NonZeroUsize::get);
    let begun = Instant::now();
    let rows = pool::run(&chosen, jobs, progress(chosen.len()));
    chosen.extend(left_out);
    let matrix = Matrix::new(&chosen, rows, begun.elapsed().as_secs_f64());
    let shown = match (arguments.json, arguments.markdown) {
        (true, _) => serde_json::to_string_pretty(&matrix)? + "\n",
        (_, true) => show::markdown(&matrix),
        (false, false) => show::text(&matrix),
    };
    std::io::stdout().write_all(shown.as_bytes())?;
    Ok(matrix.holds())
}

/// A line that counts, on a terminal; otherwise one for every tenth. A problem is told at once.
fn progress(all: usize) -> impl Fn(&Row, usize) + Sync {
    let is_terminal = std::io::stderr().is_terminal();
    move |row, done| {
        let mut stderr = std::io::stderr().lock();
        let clear = if is_terminal { "\r\u{1b}[K" } else { "" };
        for problem in &row.problems {
            let _ = writeln!(stderr, "{clear}{}: {problem}", row.name);
        }
        if is_terminal {
            let _ = write!(stderr, "{clear}{done} of {all}: {} ({:.1} s)", row.name, row.seconds);
        } else if done.is_multiple_of(10) {
            let _ = writeln!(stderr, "{done} of {all}");
        }
        if is_terminal && done == all {
            let _ = write!(stderr, "{clear}");
        }
    }
}
