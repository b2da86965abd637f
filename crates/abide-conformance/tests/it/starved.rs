//! A client made of programs that have to be started, on a machine where every start takes long. By hand, because it takes
//! the machine from all other tests, and a minute each:
//! `cargo nextest run -p abide-conformance --run-ignored only starved --no-capture -j 1`.

use std::ffi::OsString;
use std::time::Instant;

use abide_conformance::catalogue::Api;
use abide_conformance::report::{Report, Verdict, text};
use abide_conformance::trace::Fact;
use abide_conformance::{Host, judge};

use crate::lag::Busy;

/// What the client is to do wrong.
const FAULT: &str = "ABIDE_TEST_FAULT";

async fn judged(fault: &str) -> Report {
    let command = ["env", &format!("{FAULT}={fault}"), "sh", "-c", include_str!("shell_client.sh")];
    let begun = Instant::now();
    let run = Host::new(Api::Hum, command.map(OsString::from)).run().await.unwrap();
    assert_eq!(judge(&run.trace), run.report, "the trace alone gives the same verdicts");
    let facts = || run.trace.facts.iter();
    let starved: Vec<u64> = facts()
        .filter_map(|it| if let Fact::ClientStarved { waited, .. } = it { Some(*waited) } else { None })
        .collect();
    let lags: Vec<u64> =
        facts().filter_map(|it| if let Fact::HostLag { lag, .. } = it { Some(*lag) } else { None }).collect();
    eprintln!("{}", text(&run.report));
    eprintln!(
        "{fault:?}: {:.0?}; starved {} times, {} ms in all; host late {} times, {} ms in all",
        begun.elapsed(),
        starved.len(),
        starved.iter().sum::<u64>() / 1000,
        lags.len(),
        lags.iter().sum::<u64>() / 1000
    );
    let mut without = run.trace;
    without.facts.retain(|fact| !matches!(fact, Fact::ClientStarved { .. }));
    for row in judge(&without).with(Verdict::Failed) {
        eprintln!("by the lag of the host alone: {} failed, {:?}", row.id, row.findings);
    }
    run.report
}

#[tokio::test]
#[ignore = "takes a minute, and every core"]
async fn on_a_busy_machine() {
    let busy = Busy::machine();
    let report = judged("").await;
    drop(busy);
    assert_eq!(report.with(Verdict::Failed).count(), 0, "{}", text(&report));
}

#[tokio::test]
#[ignore = "takes several minutes"]
async fn on_a_machine_at_rest() {
    let report = judged("").await;
    let mut wrong: Vec<String> = Vec::new();
    if report.with(Verdict::Passed).count() < report.requirements.len() {
        wrong.push("the good client".to_owned());
    }
    for (fault, id) in [
        ("late", "HUM-CLIENT-FIRST"),
        ("hurried", "HUM-CLIENT-PACE"),
        ("steady", "HUM-CLIENT-BACKOFF"),
        ("tireless", "HUM-CLIENT-CAP"),
    ] {
        let verdict = judged(fault).await.requirement(id).unwrap().verdict;
        if verdict != Verdict::Failed {
            wrong.push(format!("{fault}: {}", verdict.name()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}
