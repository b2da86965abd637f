//! Every requirement of a client has a fault at least, and what else that fault breaks has its reason.

use super::{Consequence, Fault, Habits, PlantedClient};
use crate::catalogue::Api;

/// A fault, its requirement, and what else it breaks.
type Row = (Fault, &'static str, &'static [Consequence]);

const CALMYX: &[Row] = &[
    (Fault::NoCredential, "CAL-CLIENT-AUTH", &[]),
    (Fault::OtherScheme, "CAL-CLIENT-AUTH", &[]),
    (Fault::Hurries, "CAL-CLIENT-PACE", &[]),
    (Fault::Dawdles, "CAL-CLIENT-PACE", &[]),
    (
        Fault::AwaitsTheWord,
        "CAL-CLIENT-DONE",
        &[("CAL-CLIENT-STOP", "a session that is done by its counters is asked about on and on")],
    ),
    (Fault::Hangs, "CAL-CLIENT-DONE", &[("CAL-CLIENT-FAILED", "it hangs after FAILED too")]),
    (
        Fault::SaysNothing,
        "CAL-CLIENT-DONE",
        &[
            ("CAL-CLIENT-NOT-DONE", "it has no word for a refusal either"),
            ("CAL-CLIENT-FAILED", "it has no word for FAILED either"),
            ("CAL-CLIENT-TOLERANT", "it has no word either after an odd answer, which then looks like its end"),
        ],
    ),
    (
        Fault::SaysError,
        "CAL-CLIENT-DONE",
        &[("CAL-CLIENT-TOLERANT", "its error for a success looks like the end by an odd answer before")],
    ),
    (Fault::TakesZeroForDone, "CAL-CLIENT-NOT-DONE", &[]),
    (Fault::TakesMostForDone, "CAL-CLIENT-NOT-DONE", &[]),
    (Fault::TakesDeniedForGone, "CAL-CLIENT-NOT-DONE", &[]),
    (
        Fault::IgnoresFailed,
        "CAL-CLIENT-FAILED",
        &[("CAL-CLIENT-STOP", "the end that it does not see is asked about on and on")],
    ),
    (Fault::HidesFailed, "CAL-CLIENT-FAILED", &[]),
    (
        Fault::KeepsAsking,
        "CAL-CLIENT-STOP",
        &[
            ("CAL-CLIENT-DONE", "who asks on has not come to an end"),
            ("CAL-CLIENT-FAILED", "it asks on after FAILED too"),
        ],
    ),
    (
        Fault::HidesPartial,
        "CAL-CLIENT-PARTIAL",
        &[("CAL-CLIENT-DONE", "the word completed is wrong for an end with failures")],
    ),
    (Fault::IgnoresRetryAfter, "CAL-CLIENT-BACKOFF", &[]),
    (Fault::IgnoresDates, "CAL-CLIENT-BACKOFF", &[]),
    (Fault::DiesOfErrors, "CAL-CLIENT-TOLERANT", &[]),
    (Fault::DiesOfBrokenBodies, "CAL-CLIENT-TOLERANT", &[]),
    (Fault::DiesOfUnknownFields, "CAL-CLIENT-TOLERANT", &[]),
    (Fault::DiesOfUnknownWords, "CAL-CLIENT-TOLERANT", &[]),
];

const HUM: &[Row] = &[
    (Fault::NoCredential, "HUM-CLIENT-AUTH", &[]),
    (Fault::OtherScheme, "HUM-CLIENT-AUTH", &[]),
    (
        Fault::RawToken,
        "HUM-CLIENT-AUTH",
        &[("HUM-CLIENT-FIRST", "no call with the broken token is a status call of the session")],
    ),
    (Fault::StartsLate, "HUM-CLIENT-FIRST", &[]),
    (Fault::Hurries, "HUM-CLIENT-PACE", &[]),
    (
        Fault::Dawdles,
        "HUM-CLIENT-PACE",
        &[("HUM-CLIENT-BACKOFF", "after a change its gap does not come back to the documented one")],
    ),
    (Fault::NeverBacksOff, "HUM-CLIENT-BACKOFF", &[]),
    (
        Fault::BacksOffForEver,
        "HUM-CLIENT-BACKOFF",
        &[("HUM-CLIENT-PACE", "a gap that went on growing is too long after a change")],
    ),
    (Fault::TakesTimesForChanges, "HUM-CLIENT-BACKOFF", &[]),
    (Fault::IgnoresTheCap, "HUM-CLIENT-CAP", &[]),
    (Fault::GivesUpWithAnError, "HUM-CLIENT-CAP", &[]),
    (
        Fault::TrustsTheCode,
        "HUM-CLIENT-202",
        &[("HUM-CLIENT-TOLERANT", "an unknown word that comes with a 200 is taken for the end")],
    ),
    (Fault::TakesWarningForDone, "HUM-CLIENT-202", &[]),
    (Fault::AwaitsTheCode, "HUM-CLIENT-DONE", &[]),
    (
        Fault::AwaitsCheckout,
        "HUM-CLIENT-DONE",
        &[("HUM-CLIENT-TOLERANT", "it waits for the checkout after an odd answer too, and gives up")],
    ),
    (Fault::MultipleIsPending, "HUM-CLIENT-DONE", &[]),
    (Fault::FailedIsPending, "HUM-CLIENT-DONE", &[]),
    (
        Fault::KeepsAsking,
        "HUM-CLIENT-DONE",
        &[
            ("HUM-CLIENT-BACKOFF", "the calls after the end come at the usual gap, and nothing changes any more"),
            ("HUM-CLIENT-CAP", "it asks on after giving up at the cap too"),
            ("HUM-CLIENT-GONE", "it asks on after a 410 too"),
            ("HUM-CLIENT-THROTTLE", "it gives up on a long Retry-After, and asks on before that is over"),
        ],
    ),
    (Fault::HidesPartial, "HUM-CLIENT-DONE", &[]),
    (
        Fault::SaysError,
        "HUM-CLIENT-DONE",
        &[("HUM-CLIENT-TOLERANT", "its error for a success looks like the end by an odd answer before")],
    ),
    (
        Fault::Hangs,
        "HUM-CLIENT-DONE",
        &[("HUM-CLIENT-CAP", "it hangs at the cap too"), ("HUM-CLIENT-GONE", "it hangs after a 410 too")],
    ),
    (
        Fault::SaysNothing,
        "HUM-CLIENT-DONE",
        &[
            ("HUM-CLIENT-CAP", "it has no word for giving up either"),
            ("HUM-CLIENT-GONE", "it has no word for a 410 either"),
            ("HUM-CLIENT-TOLERANT", "it has no word either after an odd answer, which then looks like its end"),
        ],
    ),
    (Fault::TakesDeniedForGone, "HUM-CLIENT-DONE", &[]),
    (Fault::TakesGoneForFailed, "HUM-CLIENT-GONE", &[]),
    (Fault::RetriesGone, "HUM-CLIENT-GONE", &[]),
    (Fault::IgnoresRetryAfter, "HUM-CLIENT-THROTTLE", &[]),
    (Fault::IgnoresDates, "HUM-CLIENT-THROTTLE", &[]),
    (Fault::SameThrottlePause, "HUM-CLIENT-THROTTLE", &[]),
    (Fault::DiesOfErrors, "HUM-CLIENT-TOLERANT", &[]),
    (Fault::DiesOfBrokenBodies, "HUM-CLIENT-TOLERANT", &[]),
    (Fault::DiesOfUnknownFields, "HUM-CLIENT-TOLERANT", &[]),
    (Fault::DiesOfUnknownWords, "HUM-CLIENT-TOLERANT", &[]),
    (Fault::DiesOfAddressParts, "HUM-CLIENT-TOLERANT", &[]),
];

/// The faulty clients of an API.
pub(super) fn clients(api: Api) -> impl Iterator<Item = PlantedClient> {
    let table = match api {
        Api::Calmyx => CALMYX,
        Api::Hum => HUM,
    };
    table.iter().map(move |(fault, requirement, also_breaks)| PlantedClient {
        name: format!("{}-{}", requirement.to_lowercase(), words(*fault)),
        api,
        requirement: Some(requirement),
        also_breaks,
        habits: Habits { fault: Some(*fault), ..Habits::of(api) },
    })
}

/// The name of a fault with hyphens.
fn words(fault: Fault) -> String {
    let name = format!("{fault:?}");
    let letters = name.char_indices().flat_map(|(place, letter)| {
        let hyphen = (place > 0 && letter.is_uppercase()).then_some('-');
        hyphen.into_iter().chain(letter.to_lowercase())
    });
    letters.collect()
}
