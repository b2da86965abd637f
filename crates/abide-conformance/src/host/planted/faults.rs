//! Every requirement of a client has a fault, and every fault is caught by its requirement.

use super::habits::{Fault, Habits};
use super::play;
use crate::catalogue::{Api, Binds, Requirement};
use crate::report::{Verdict, Whole, text};

const CALMYX: &[(Fault, &str)] = &[
    (Fault::NoCredential, "CAL-CLIENT-AUTH"),
    (Fault::OtherScheme, "CAL-CLIENT-AUTH"),
    (Fault::Hurries, "CAL-CLIENT-PACE"),
    (Fault::Dawdles, "CAL-CLIENT-PACE"),
    (Fault::AwaitsTheWord, "CAL-CLIENT-DONE"),
    (Fault::Hangs, "CAL-CLIENT-DONE"),
    (Fault::SaysNothing, "CAL-CLIENT-DONE"),
    (Fault::SaysError, "CAL-CLIENT-DONE"),
    (Fault::TakesZeroForDone, "CAL-CLIENT-NOT-DONE"),
    (Fault::TakesMostForDone, "CAL-CLIENT-NOT-DONE"),
    (Fault::TakesDeniedForGone, "CAL-CLIENT-NOT-DONE"),
    (Fault::IgnoresFailed, "CAL-CLIENT-FAILED"),
    (Fault::HidesFailed, "CAL-CLIENT-FAILED"),
    (Fault::KeepsAsking, "CAL-CLIENT-STOP"),
    (Fault::HidesPartial, "CAL-CLIENT-PARTIAL"),
    (Fault::IgnoresRetryAfter, "CAL-CLIENT-BACKOFF"),
    (Fault::IgnoresDates, "CAL-CLIENT-BACKOFF"),
    (Fault::DiesOfErrors, "CAL-CLIENT-TOLERANT"),
    (Fault::DiesOfBrokenBodies, "CAL-CLIENT-TOLERANT"),
    (Fault::DiesOfUnknownFields, "CAL-CLIENT-TOLERANT"),
    (Fault::DiesOfUnknownWords, "CAL-CLIENT-TOLERANT"),
];

const HUM: &[(Fault, &str)] = &[
    (Fault::NoCredential, "HUM-CLIENT-AUTH"),
    (Fault::OtherScheme, "HUM-CLIENT-AUTH"),
    (Fault::RawToken, "HUM-CLIENT-AUTH"),
    (Fault::StartsLate, "HUM-CLIENT-FIRST"),
    (Fault::Hurries, "HUM-CLIENT-PACE"),
    (Fault::Dawdles, "HUM-CLIENT-PACE"),
    (Fault::NeverBacksOff, "HUM-CLIENT-BACKOFF"),
    (Fault::BacksOffForEver, "HUM-CLIENT-BACKOFF"),
    (Fault::TakesTimesForChanges, "HUM-CLIENT-BACKOFF"),
    (Fault::IgnoresTheCap, "HUM-CLIENT-CAP"),
    (Fault::GivesUpWithAnError, "HUM-CLIENT-CAP"),
    (Fault::TrustsTheCode, "HUM-CLIENT-202"),
    (Fault::TakesWarningForDone, "HUM-CLIENT-202"),
    (Fault::AwaitsTheCode, "HUM-CLIENT-DONE"),
    (Fault::AwaitsCheckout, "HUM-CLIENT-DONE"),
    (Fault::MultipleIsPending, "HUM-CLIENT-DONE"),
    (Fault::FailedIsPending, "HUM-CLIENT-DONE"),
    (Fault::KeepsAsking, "HUM-CLIENT-DONE"),
    (Fault::HidesPartial, "HUM-CLIENT-DONE"),
    (Fault::SaysError, "HUM-CLIENT-DONE"),
    (Fault::Hangs, "HUM-CLIENT-DONE"),
    (Fault::SaysNothing, "HUM-CLIENT-DONE"),
    (Fault::TakesDeniedForGone, "HUM-CLIENT-DONE"),
    (Fault::TakesGoneForFailed, "HUM-CLIENT-GONE"),
    (Fault::RetriesGone, "HUM-CLIENT-GONE"),
    (Fault::IgnoresRetryAfter, "HUM-CLIENT-THROTTLE"),
    (Fault::IgnoresDates, "HUM-CLIENT-THROTTLE"),
    (Fault::SameThrottlePause, "HUM-CLIENT-THROTTLE"),
    (Fault::DiesOfErrors, "HUM-CLIENT-TOLERANT"),
    (Fault::DiesOfBrokenBodies, "HUM-CLIENT-TOLERANT"),
    (Fault::DiesOfUnknownFields, "HUM-CLIENT-TOLERANT"),
    (Fault::DiesOfUnknownWords, "HUM-CLIENT-TOLERANT"),
    (Fault::DiesOfAddressParts, "HUM-CLIENT-TOLERANT"),
];

const fn table(api: Api) -> &'static [(Fault, &'static str)] {
    match api {
        Api::Calmyx => CALMYX,
        Api::Hum => HUM,
    }
}

async fn check(api: Api) {
    let mut missed = Vec::new();
    for (fault, id) in table(api) {
        let run = play(api, Habits { fault: Some(*fault), ..Habits::of(api) }).await;
        let row = run.report.requirement(id).unwrap();
        let fails = api.requirement(id).is_some_and(|requirement| requirement.fails(false));
        let expected =
            if fails { (Verdict::Failed, Whole::NotConformant) } else { (Verdict::Warned, Whole::Conformant) };
        if row.verdict != expected.0 || (fails && run.report.verdict != expected.1) {
            missed.push(format!("{fault:?} is not caught by {id}:\n{}", text(&run.report)));
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

#[tokio::test(start_paused = true)]
async fn calmyx() {
    check(Api::Calmyx).await;
}

#[tokio::test(start_paused = true)]
async fn hum() {
    check(Api::Hum).await;
}

#[test]
fn every_requirement_has_a_fault() {
    for api in Api::ALL {
        let of_clients = api.requirements().iter().filter(|requirement| requirement.binds == Binds::Client);
        for Requirement { id, .. } in of_clients {
            assert!(table(api).iter().any(|(_, other)| other == id), "{id}");
        }
    }
}
