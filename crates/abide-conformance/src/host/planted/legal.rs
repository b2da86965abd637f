//! Whatever a client is free to decide, it may decide.

use super::habits::Habits;
use super::{PlantedClient, tenths};
use crate::catalogue::Api;

/// What is different from usual, and the habits.
type Row = (&'static str, Habits);

const CALMYX: &[Row] = &[
    ("usual", Habits::CALMYX),
    ("shortest-gap", Habits { gap: tenths(50), ..Habits::CALMYX }),
    ("longest-gap", Habits { gap: tenths(100), ..Habits::CALMYX }),
    ("waits-first", Habits { gap: tenths(50), first: tenths(50), ..Habits::CALMYX }),
    ("waits-long-first", Habits { gap: tenths(80), first: tenths(100), ..Habits::CALMYX }),
    ("trusts-the-counters", Habits { confirms: false, ..Habits::CALMYX }),
];

const HUM: &[Row] = &[
    ("usual", Habits::HUM),
    ("shortest-gap", Habits { gap: tenths(20), ..Habits::HUM }),
    ("longest-gap", Habits { gap: tenths(30), ..Habits::HUM }),
    ("waits-first", Habits { first: tenths(9), ..Habits::HUM }),
    ("backs-off-by-half", Habits { gap: tenths(20), growth: 15, ..Habits::HUM }),
    ("backs-off-by-a-third", Habits { gap: tenths(20), growth: 13, ..Habits::HUM }),
    ("backs-off-threefold", Habits { gap: tenths(20), growth: 30, ..Habits::HUM }),
    ("stops-without-address", Habits { stops_without_address: true, ..Habits::HUM }),
    ("closes", Habits { closes: true, ..Habits::HUM }),
];

/// The good clients of an API.
pub(super) fn clients(api: Api) -> impl Iterator<Item = PlantedClient> {
    let table = match api {
        Api::Calmyx => CALMYX,
        Api::Hum => HUM,
    };
    table.iter().map(move |(name, habits)| PlantedClient {
        name: format!("{api}-client-{name}"),
        api,
        requirement: None,
        also_breaks: &[],
        habits: *habits,
    })
}
