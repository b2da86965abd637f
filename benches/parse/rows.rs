//! The ways to parse that are compared.

use std::cell::RefCell;

use abide_decode::{Decode, Decoded, decode, decode_after};
use calmyx_client::types::SessionStatus;
use hum_client::types::SessionReply;
use serde::Serialize;
use serde::de::DeserializeOwned;
use twox_hash::XxHash3_128;

use crate::bodies::{Body, NEW};
use crate::by_hand::ByHand;
use crate::derived::{Tagged, Untagged};
use crate::measure::Row;
use crate::{hum, progenitor_calmyx, progenitor_hum};

/// What all others are compared with.
pub const BASE: &str = "serde, tagged";

/// The decoder.
pub const OURS: &str = "ours, whole";

/// Typed rows of general libraries, with the quickest reading there is for each.
pub const LIBRARIES: [&str; 3] = ["serde_json, by hand", "simd-json, by hand", "sonic-rs, by hand"];

/// For replies with so many results.
pub fn calmyx(results: usize) -> Vec<Row> {
    let mut rows = vec![
        copy(),
        by_serde_json::<serde_json::Value>("serde_json::Value"),
        by_serde_json::<progenitor_calmyx::types::SessionStatus>("progenitor's default"),
        by_serde_json::<Untagged>("serde, untagged, chrono"),
        by_serde_json::<Tagged>(BASE),
        by_serde_json::<ByHand<SessionStatus>>(LIBRARIES[0]),
        by_simd_json::<ByHand<SessionStatus>>(LIBRARIES[1]),
        by_sonic::<ByHand<SessionStatus>>(LIBRARIES[2]),
        by_serde_json::<SessionStatus>("our types by serde alone"),
        ours::<SessionStatus>(),
    ];
    if results > NEW {
        rows.push(Row::parses("ours, 10 new, bytes kept", |body| incremental(body).value).incremental());
        rows.push(Row::parses("ours, 10 new, hash kept", |body| incremental_by_hash(body).value).incremental());
    }
    rows
}

/// For Hum, whose union has no tag. The base is what one would derive.
pub fn hum() -> Vec<Row> {
    vec![
        copy(),
        by_serde_json::<serde_json::Value>("serde_json::Value"),
        by_serde_json::<progenitor_hum::types::SessionReply>("progenitor's default"),
        by_serde_json::<hum::Reply>(BASE),
        by_simd_json::<hum::Reply>(LIBRARIES[1]),
        by_sonic::<hum::Reply>(LIBRARIES[2]),
        by_serde_json::<SessionReply>("our types by serde alone"),
        ours::<SessionReply>(),
    ]
}

fn copy() -> Row {
    let place = RefCell::new(Vec::new());
    Row::passes("memcpy", move |body| {
        copied(&mut place.borrow_mut(), body);
    })
}

fn copied<'a>(place: &'a mut Vec<u8>, body: &Body) -> &'a mut [u8] {
    place.clear();
    place.extend_from_slice(&body.whole);
    std::hint::black_box(place)
}

fn by_serde_json<T: DeserializeOwned + Serialize + 'static>(name: &'static str) -> Row {
    Row::parses(name, |body| serde_json::from_slice::<T>(&body.whole).expect("a good body"))
}

/// It works in the body itself, which is copied for it.
fn by_simd_json<T: DeserializeOwned + Serialize + 'static>(name: &'static str) -> Row {
    thread_local! {
        static PLACE: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    }
    Row::parses(name, |body| {
        PLACE.with_borrow_mut(|place| simd_json::serde::from_slice::<T>(copied(place, body)).expect("a good body"))
    })
}

fn by_sonic<T: DeserializeOwned + Serialize + 'static>(name: &'static str) -> Row {
    Row::parses(name, |body| sonic_rs::from_slice::<T>(&body.whole).expect("a good body"))
}

fn ours<T: Decode + DeserializeOwned + Serialize + 'static>() -> Row {
    Row::parses(OURS, |body| decode::<T>(&body.whole).expect("a good body"))
}

/// The bytes of the list as it was are at hand.
pub fn incremental(body: &Body) -> Decoded<SessionStatus> {
    let known = &body.known;
    decode_after(&body.whole, |list| (known.len() > 1 && list.starts_with(known)).then_some(known.len()))
        .expect("a good body")
}

/// Only their hash is.
fn incremental_by_hash(body: &Body) -> Decoded<SessionStatus> {
    decode_after(&body.whole, |list| {
        let known = list.get(..body.known.len())?;
        (XxHash3_128::oneshot(known) == body.known_hash).then_some(known.len())
    })
    .expect("a good body")
}
