//! One status call inside the process, without a socket: what the server itself adds to an answer.

#![allow(clippy::unwrap_used, reason = "a benchmark that cannot be set up has nothing to say")]

use std::hint::black_box;

use benches::status_server::StatusServer;
use criterion::{Criterion, criterion_group, criterion_main};

fn status(criterion: &mut Criterion) {
    let server = StatusServer::start(1, 1).unwrap();
    criterion.bench_function("placeholder", |bencher| bencher.iter(|| black_box(server.address())));
}

criterion_group!(benches, status);
criterion_main!(benches);
