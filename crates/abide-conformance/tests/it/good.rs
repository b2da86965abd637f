//! A good server: nothing is found, whatever the seed.

use abide_conformance::catalogue::Api;
use abide_conformance::judge;
use abide_conformance::report::{Verdict, Whole, text};
use abide_server::Plan;

use crate::reference::reference;

async fn check(api: Api, speed: u32, plan: Plan, seeds: std::ops::Range<u64>) {
    for seed in seeds {
        let (router, suite, advance) = reference(api, speed, plan);
        let run = suite.seed(seed).cases(10).strict(true).run(router, advance).await.unwrap();
        let report = &run.report;
        assert_eq!(report.with(Verdict::Failed).count(), 0, "seed {seed}\n{}", text(report));
        assert_eq!(report.with(Verdict::Warned).count(), 0, "seed {seed}\n{}", text(report));
        assert_eq!(report.verdict, Whole::Conformant, "seed {seed}\n{}", text(report));
        assert_eq!(judge(&run.trace), *report);
    }
}

#[tokio::test]
async fn calmyx() {
    check(Api::Calmyx, 8, Plan::Unlimited, 0..3).await;
}

#[tokio::test]
async fn calmyx_with_a_plan_that_is_full() {
    check(Api::Calmyx, 20, Plan::Trial, 7..8).await;
}

#[tokio::test]
async fn hum() {
    check(Api::Hum, 1, Plan::Unlimited, 0..4).await;
}
