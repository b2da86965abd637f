//! One call inside the process, without a socket: what the server itself does for an answer.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a benchmark that cannot be set up has nothing to say"
)]

use std::{
    hint::black_box,
    num::NonZeroU32,
    time::{Duration, SystemTime},
};

use abide_server::{Config, Credentials, Filled, Filling, ServerClock, router};
use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    http::Request,
};
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use tokio::runtime::Runtime;
use tower::ServiceExt;

/// A service on a file with sessions, all of them finished.
struct Service {
    runtime: Runtime,
    router: Router,
    credentials: Credentials,
    filled: Filled,
    _folder: tempfile::TempDir,
}

impl Service {
    fn with(filling: Filling) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("sessions.db");
        let clock = ServerClock::manual(SystemTime::now());
        let credentials = Credentials::generate().unwrap();
        let filled = filling.fill(&database, &credentials, &clock).unwrap();
        clock.advance(Duration::from_mins(1));
        let config = Config { database: Some(database), ..Config::local(credentials.clone()) };
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let router = router(&config, clock).unwrap();
        Self { runtime, router, credentials, filled, _folder: folder }
    }

    fn calmyx_status(&self, place: usize) -> Request<Body> {
        let id = &self.filled.calmyx[place % self.filled.calmyx.len()];
        let path = format!("/v2/session/status?session_id={id}");
        Request::get(path).header("authorization", &self.credentials.calmyx[0]).body(Body::empty()).unwrap()
    }

    fn hum_status(&self, place: usize) -> Request<Body> {
        let token = &self.filled.hum[place % self.filled.hum.len()];
        let bearer = format!("Bearer {}", self.credentials.hum[0]);
        Request::get(format!("/sessions/{token}")).header("authorization", bearer).body(Body::empty()).unwrap()
    }

    fn answer(&self, request: Request<Body>) -> Bytes {
        self.runtime.block_on(async {
            let response = self.router.clone().oneshot(request).await.unwrap();
            assert!(response.status().is_success());
            to_bytes(response.into_body(), usize::MAX).await.unwrap()
        })
    }
}

fn filling(calmyx: u32, locations: u32, hum: u32) -> Filling {
    Filling { speed: NonZeroU32::MIN, calmyx, locations, hum }
}

fn calmyx_status(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("calmyx status");
    for results in [1, 10, 50, 500] {
        let service = Service::with(filling(1, results, 0));
        group.throughput(Throughput::Bytes(service.answer(service.calmyx_status(0)).len() as u64));
        group.bench_function(format!("{results} results, asked again"), |bencher| {
            bencher.iter_batched(
                || service.calmyx_status(0),
                |request| black_box(service.answer(request)),
                BatchSize::SmallInput,
            );
        });
    }
    // More sessions than are kept in memory, asked in turn: each of them is read from the file.
    let service = Service::with(filling(2_500, 500, 0));
    let mut place = 0;
    group.bench_function("500 results, from the file", |bencher| {
        bencher.iter_batched(
            || {
                place += 1;
                service.calmyx_status(place)
            },
            |request| black_box(service.answer(request)),
            BatchSize::SmallInput,
        );
    });
    group.finish();
}

fn hum_status(criterion: &mut Criterion) {
    let service = Service::with(filling(0, 0, 1_000));
    let mut place = 0;
    criterion.bench_function("hum status, stored as an activity", |bencher| {
        bencher.iter_batched(
            || {
                place += 1;
                service.hum_status(place)
            },
            |request| black_box(service.answer(request)),
            BatchSize::SmallInput,
        );
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default().measurement_time(Duration::from_secs(3)).sample_size(50);
    targets = calmyx_status, hum_status
}
criterion_main!(benches);
