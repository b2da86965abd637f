//! Rows and bodies, checked and timed.

use std::hint::black_box;

use benches::statistics::median;
use rustix::time::{ClockId, clock_gettime};
use serde::Serialize;
use serde_json::Value;

use crate::bodies::{Body, Random};
use crate::content;

/// A way to parse.
pub struct Row {
    pub name: &'static str,
    run: Box<dyn Fn(&Body)>,
    /// What it reads, as JSON; `None` for what reads nothing.
    content: Option<Box<Reading>>,
    /// It leaves out what was known.
    incremental: bool,
}

impl Row {
    /// Something that parses into values.
    pub fn parses<T: Serialize>(name: &'static str, parse: impl Fn(&Body) -> T + Clone + 'static) -> Row {
        let again = parse.clone();
        let content = move |body: &Body| serde_json::to_value(again(body)).expect("what was read can be written");
        Row { content: Some(Box::new(content)), ..Row::passes(name, move |body| drop(black_box(parse(body)))) }
    }

    /// Something that only goes over the bytes.
    pub fn passes(name: &'static str, run: impl Fn(&Body) + 'static) -> Row {
        Row { name, run: Box::new(run), content: None, incremental: false }
    }

    /// Parses once.
    pub fn run(&self, body: &Body) {
        (self.run)(body);
    }

    /// It reads only what is new.
    pub fn incremental(self) -> Row {
        Row { incremental: true, ..self }
    }
}

type Reading = dyn Fn(&Body) -> Value;

/// What was measured of some bodies.
pub struct Case {
    pub name: String,
    pub bytes: usize,
    pub figures: Vec<Figures>,
}

pub struct Figures {
    pub row: &'static str,
    /// Of one parse.
    pub nanoseconds: f64,
    pub allocations: u64,
}

/// About as long as one row runs in one round.
const TURN: f64 = 100_000.0;

/// Compares what the rows read with what serde reads into our types, then times them.
pub fn measure(name: String, rows: &[Row], bodies: &[Body], rounds: usize) -> Case {
    for row in rows {
        for body in bodies {
            content::check(row.name, row.content.as_ref().map(|content| content(body)), body, row.incremental);
        }
    }
    let turns: Vec<usize> = rows.iter().map(|row| (TURN / time(row, bodies, 2)).ceil().max(1.0) as usize).collect();
    let mut times = vec![Vec::with_capacity(rounds); rows.len()];
    let mut order: Vec<usize> = (0..rows.len()).collect();
    let mut random = Random(7);
    for _ in 0..rounds {
        for last in (1..order.len()).rev() {
            order.swap(last, random.below(last as u64 + 1) as usize);
        }
        for row in &order {
            times[*row].push(time(&rows[*row], bodies, turns[*row]) / bodies.len() as f64);
        }
    }
    let figures = rows.iter().zip(times).map(|(row, times)| Figures {
        row: row.name,
        nanoseconds: median(times),
        allocations: allocation_counter::measure(|| (row.run)(&bodies[0])).count_total,
    });
    Case {
        name,
        bytes: bodies.iter().map(|body| body.whole.len()).sum::<usize>() / bodies.len(),
        figures: figures.collect(),
    }
}

/// Nanoseconds for all bodies, the mean of so many turns.
fn time(row: &Row, bodies: &[Body], turns: usize) -> f64 {
    let started = now();
    for _ in 0..turns {
        for body in bodies {
            (row.run)(black_box(body));
        }
    }
    (now() - started) / turns as f64
}

/// Processor time of this thread in nanoseconds.
fn now() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 * 1e9 + time.tv_nsec as f64
}
