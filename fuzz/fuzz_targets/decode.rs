//! Any bytes, read by the decoders of both APIs and by serde: a difference is a crash.
//!
//! ```text
//! cargo +nightly fuzz run decode fuzz/corpus spec/calmyx/examples/getSessionStatus spec/hum/examples/getSession
//! ```

#![no_main]

#[allow(dead_code)]
#[path = "../../crates/abide-decode/tests/differential/verdict.rs"]
mod verdict;

use calmyx_client::types::SessionStatus;
use hum_client::types::SessionReply;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    verdict::check::<SessionStatus>(body);
    verdict::check::<SessionReply>(body);
});
