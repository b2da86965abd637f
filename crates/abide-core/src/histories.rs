//! What the random histories of all machines share: how many there are, and what their replies say.
//!
//! Each machine is compared with a model that keeps nothing but the list of calls, and answers every question by looking
//! through the whole list again. Slow, and too simple to share a mistake of bookkeeping with the machine.

use proptest::prelude::*;
use proptest::test_runner::Config;

use crate::observation::{Counters, Observation, State};

/// As many histories as `PROPTEST_CASES` says, and enough of them where it says nothing. One that fails is shortened for 10 s
/// at most.
pub(crate) fn many() -> Config {
    let default = Config::default();
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { default.cases } else { 10_000 };
    Config { cases, max_shrink_time: 10_000, ..default }
}

/// A reply of small numbers, where coincidences are frequent, and now and then of any number.
pub(crate) fn observation() -> impl Strategy<Value = Observation> {
    let number = || prop_oneof![12 => -1_i64..4, 1 => any::<i64>()];
    let counters = (number(), number(), number(), number())
        .prop_map(|(total, processed, successful, failed)| Counters { total, processed, successful, failed });
    let delivered = prop::option::of(prop_oneof![12 => 0_u64..4, 1 => any::<u64>()]);
    (state(), counters, delivered, 0_u64..2).prop_map(|(state, counters, delivered, mark)| Observation {
        state,
        counters,
        delivered,
        mark,
    })
}

fn state() -> impl Strategy<Value = State> {
    prop_oneof![
        2 => Just(State::Queued),
        6 => Just(State::Running),
        2 => Just(State::Completed),
        1 => Just(State::Failed),
        1 => Just(State::Unknown),
    ]
}
