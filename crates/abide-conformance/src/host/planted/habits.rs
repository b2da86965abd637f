//! What a client is used to do: what it is free to choose, and one thing that it does wrong.

use std::time::Duration;

use super::tenths;
use crate::catalogue::Api;

/// What a client does. The default is one good way of each.
#[derive(Clone, Copy, Debug)]
pub(super) struct Habits {
    pub(super) fault: Option<Fault>,
    /// From the creation to the first status call.
    pub(super) first: Duration,
    /// Between two status calls.
    pub(super) gap: Duration,
    /// By how much the gap is multiplied while nothing changes, in tenths (Hum).
    pub(super) growth: u32,
    /// Asks once more when the counters say done and the status does not.
    pub(super) confirms: bool,
    /// Stops where there is no address to find providers for.
    pub(super) stops_without_address: bool,
    /// Closes a Hum session when it is done with it, or gives up.
    pub(super) closes: bool,
}

impl Habits {
    pub(super) const CALMYX: Self = Self {
        fault: None,
        first: tenths(0),
        gap: tenths(70),
        growth: 10,
        confirms: true,
        stops_without_address: false,
        closes: false,
    };
    pub(super) const HUM: Self = Self { gap: tenths(25), growth: 20, ..Self::CALMYX };

    pub(super) const fn of(api: Api) -> Self {
        match api {
            Api::Calmyx => Self::CALMYX,
            Api::Hum => Self::HUM,
        }
    }
}

/// One thing that a client does wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    NoCredential,
    OtherScheme,
    RawToken,
    Hurries,
    Dawdles,
    StartsLate,
    AwaitsTheWord,
    Hangs,
    SaysNothing,
    SaysError,
    TakesZeroForDone,
    TakesMostForDone,
    IgnoresFailed,
    HidesFailed,
    KeepsAsking,
    HidesPartial,
    IgnoresRetryAfter,
    IgnoresDates,
    NeverBacksOff,
    BacksOffForEver,
    TakesTimesForChanges,
    IgnoresTheCap,
    GivesUpWithAnError,
    TrustsTheCode,
    TakesWarningForDone,
    AwaitsTheCode,
    AwaitsCheckout,
    MultipleIsPending,
    FailedIsPending,
    TakesGoneForFailed,
    RetriesGone,
    SameThrottlePause,
    DiesOfErrors,
    DiesOfBrokenBodies,
    DiesOfUnknownFields,
    DiesOfUnknownWords,
    DiesOfAddressParts,
    TakesDeniedForGone,
}
