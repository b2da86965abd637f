//! How fast status replies are parsed: the generated decoders beside what others would use, in one run.
//!
//! `cargo bench -p benches --bench parse` prints the tables, with `-- --markdown` as Markdown; a number is how many rounds are
//! measured. A row is as many times as fast as the row `serde, tagged` on the same bodies; machines and days differ, ratios
//! within one run hardly do. Before a row is timed its reading is compared with ours, field by field.
//!
//! Instructions are steadier than time: `-- run "ours, whole" calmyx 500 compact 1000` only parses, a thousand times, for
//! `valgrind --tool=callgrind`; two such counts give that of one parse.
//!
//! Time is processor time of the thread, the median over rounds in which all rows take turns in an order drawn anew. Eight
//! different bodies take turns too; what was read is dropped within the measurement. Every allocation is counted by a thread
//! local counter, which costs a nanosecond or so of each.

#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a measurement rounds, and one that cannot go on is of no use"
)]

mod bodies;
mod by_hand;
mod content;
mod derived;
mod hum;
mod measure;
mod progenitor_calmyx;
mod progenitor_hum;
mod rows;
mod table;

use bodies::{Body, Order, calmyx, hum_reply};
use measure::{Case, measure};
use table::Tables;

/// How many different bodies a case has.
const BODIES: u64 = 8;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [command, row, api, size, form, times, ..] = arguments.as_slice()
        && command == "run"
    {
        return run(row, api, size.parse().expect("a size"), form == "pretty", times.parse().expect("a number"));
    }
    let rounds = arguments.iter().find_map(|argument| argument.parse().ok()).unwrap_or(81);
    let tables = Tables { markdown: arguments.iter().any(|argument| argument == "--markdown") };

    println!("How many times as fast as `{}`, and allocations of one parse.", rows::BASE);
    tables.heading(
        "Calmyx, keys as documented",
        "10 % of the results failed; `compact` or `pretty`, 2, 50 and 500 results",
    );
    let sizes = [2, 50, 500].map(|results| [false, true].map(|pretty| (results, pretty)));
    let cases: Vec<Case> =
        sizes.as_flattened().iter().map(|(results, pretty)| typical(*results, *pretty, rounds)).collect();
    tables.print(&cases);
    tables.goals(&cases);

    tables.heading("Calmyx, 500 results, compact, keys in other orders", "`random`: a different order in every result");
    let orders = [("tag last", Order::TagLast), ("reversed", Order::Reversed), ("random", Order::Random)];
    let cases: Vec<Case> = orders
        .iter()
        .map(|(name, order)| {
            let bodies = bodies(|seed| calmyx(500, false, *order, seed));
            measure((*name).to_owned(), &rows::calmyx(500), &bodies, rounds)
        })
        .collect();
    tables.print(&cases);

    tables.heading("Hum", "a reply without providers, and with 40 of 3 offerings each");
    let shapes = [("none compact", 0, false), ("40 compact", 40, false), ("40 pretty", 40, true)];
    let cases: Vec<Case> = shapes
        .iter()
        .map(|(name, providers, pretty)| {
            let bodies = bodies(|seed| hum_reply(*providers, *pretty, seed));
            measure((*name).to_owned(), &rows::hum(), &bodies, rounds)
        })
        .collect();
    tables.print(&cases);

    tables.heading("Bytes parsed over a whole watch", "500 results in 50 polls");
    watched();
}

fn bodies(body: impl Fn(u64) -> Body) -> Vec<Body> {
    (0..BODIES).map(body).collect()
}

fn typical(results: usize, pretty: bool, rounds: usize) -> Case {
    let bodies = bodies(|seed| calmyx(results, pretty, Order::Documented, seed));
    let name = format!("{results} {}", if pretty { "pretty" } else { "compact" });
    measure(name, &rows::calmyx(results), &bodies, rounds)
}

/// Parses one body with one row, again and again.
fn run(row: &str, api: &str, size: usize, pretty: bool, times: usize) {
    let (body, rows) = match api {
        "hum" => (hum_reply(size, pretty, 0), rows::hum()),
        _ => (calmyx(size, pretty, Order::Documented, 0), rows::calmyx(size)),
    };
    let row = rows.iter().find(|candidate| candidate.name == row).expect("the name of a row");
    (0..times).for_each(|_| row.run(&body));
}

/// A session that has 10 more results at every poll.
fn watched() {
    let (mut read, mut all, mut last) = (0, 0, 0);
    for results in (10..=500).step_by(10) {
        let body = calmyx(results, false, Order::Documented, 0);
        read += rows::incremental(&body).read;
        all += body.whole.len();
        last = body.whole.len();
    }
    let times = |bytes: usize| bytes as f64 / last as f64;
    println!(
        "{read} bytes: {:.2} times the last body. Reading every body whole: {:.1} times.",
        times(read),
        times(all)
    );
}
