//! Whatever a client is free to decide, it may decide: nothing is found.

use super::habits::Habits;
use super::{play, tenths};
use crate::catalogue::Api;
use crate::judge;
use crate::report::{Verdict, Whole, text};

async fn check(api: Api, habits: Habits) {
    let run = play(api, habits).await;
    let report = &run.report;
    assert_eq!(report.verdict, Whole::Conformant, "{habits:?}\n{}", text(report));
    assert_eq!(report.with(Verdict::Passed).count(), report.requirements.len(), "{habits:?}\n{}", text(report));
    assert_eq!(judge(&run.trace), *report);
    let last = run.trace.exchanges.last().unwrap().sent;
    assert!(last <= 65_000_000, "{habits:?}: a call after {last} µs");
}

#[tokio::test(start_paused = true)]
async fn calmyx() {
    let usual = Habits::CALMYX;
    for habits in [
        usual,
        Habits { gap: tenths(50), ..usual },
        Habits { gap: tenths(100), ..usual },
        Habits { gap: tenths(50), first: tenths(50), ..usual },
        Habits { gap: tenths(80), first: tenths(100), ..usual },
        Habits { confirms: false, ..usual },
    ] {
        check(Api::Calmyx, habits).await;
    }
}

#[tokio::test(start_paused = true)]
async fn hum() {
    let usual = Habits::HUM;
    for habits in [
        usual,
        Habits { gap: tenths(20), ..usual },
        Habits { gap: tenths(30), ..usual },
        Habits { first: tenths(9), ..usual },
        Habits { gap: tenths(20), growth: 15, ..usual },
        Habits { gap: tenths(20), growth: 13, ..usual },
        Habits { gap: tenths(20), growth: 30, ..usual },
        Habits { stops_without_address: true, ..usual },
        Habits { closes: true, ..usual },
    ] {
        check(Api::Hum, habits).await;
    }
}
