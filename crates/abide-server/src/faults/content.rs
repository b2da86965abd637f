//! Faults that change what a good answer says.

use axum::http::header;
use serde_json::{Value, json};

use super::{Fault, Strike, Struck, gzip::gzip};
use crate::{
    breakage::answer::Content,
    documented::calmyx::{STATUS_COMPLETED, STATUS_PROCESSING},
};

/// How deep the deepest value lies; common readers of JSON give up at 128.
const DEEP: usize = 200;

pub(super) const FAULTS: &[Fault] = &[
    Fault::new(
        "wrong-content-type",
        "The JSON is called plain text.",
        Strike::Change(|it| {
            it.answer.header(header::CONTENT_TYPE, "text/plain; charset=utf-8");
        }),
    ),
    Fault::new(
        "gzip",
        "The body is compressed although nobody asked for that.",
        Strike::Change(|it| {
            it.answer.header(header::CONTENT_ENCODING, "gzip");
            it.answer.body = Content::Bytes(gzip(&it.answer.bytes()).into());
        }),
    ),
    Fault::new(
        "stale-answer",
        "The first answer about the session comes again.",
        Strike::Change(|it| {
            if let Some(first) = it.first.take() {
                *it.answer = first;
            }
        }),
    ),
    Fault::new(
        "other-session",
        "The answer is about another session.",
        Strike::Change(|it| {
            if let Some(other) = it.other.take() {
                *it.answer = other;
            }
        }),
    ),
    Fault::new(
        "duplicated-results",
        "Every result is there twice.",
        Strike::Change(|it| {
            if let Some(results) = it.answer.array("/results") {
                results.extend_from_within(..);
            }
        }),
    ),
    Fault::new(
        "reordered-results",
        "Results come in the opposite order.",
        Strike::Change(|it| {
            if let Some(results) = it.answer.array("/results") {
                results.reverse();
            }
        }),
    ),
    Fault::new(
        "lost-results",
        "The first half of the results is not there.",
        Strike::Change(|it| {
            if let Some(results) = it.answer.array("/results") {
                results.drain(..results.len() / 2);
            }
        }),
    ),
    Fault::new(
        "counters-back",
        "The counters are half of what they were.",
        Strike::Change(|it| {
            for counter in ["/progress/processed", "/progress/successful", "/progress/failed"] {
                if it.answer.at(counter).is_number() {
                    let half = it.answer.number(counter) / 2;
                    it.answer.set(counter, half);
                }
            }
        }),
    ),
    Fault::new(
        "counters-below-zero",
        "The counter of failed locations is -1.",
        Strike::Change(|it| {
            it.answer.set("/progress/failed", -1);
        }),
    ),
    Fault::new(
        "state-back",
        "What is finished is at work again.",
        Strike::Change(|it| {
            if it.answer.text("/status") == STATUS_COMPLETED {
                it.answer.set("/status", STATUS_PROCESSING);
                it.answer.set("/completed_at", Value::Null);
            }
            for agent in ["/meta/agent_status/geocoding", "/meta/agent_status/internet"] {
                if it.answer.at(agent).is_string() {
                    it.answer.set(agent, "pending");
                }
            }
        }),
    ),
    Fault::new(
        "unknown-state",
        "The state is a word that nobody knows.",
        Strike::Change(|it| {
            if it.answer.at("/status").is_string() {
                it.answer.set("/status", "PAUSED");
            }
            if it.answer.at("/meta/agent_status").is_object() {
                it.answer.set("/meta/agent_status/internet", "paused");
            }
        }),
    ),
    Fault::new(
        "number-too-large",
        "A number is larger than any that fits.",
        Strike::Change(|it| {
            prepend(it, br#"{"x_large":1e400,"#);
        }),
    ),
    Fault::new(
        "deep-json",
        "A value lies two hundred arrays deep.",
        Strike::Change(|it| {
            let member = format!("{{\"x_deep\":{}0{},", "[".repeat(DEEP), "]".repeat(DEEP));
            prepend(it, member.as_bytes());
        }),
    ),
    Fault::new(
        "byte-order-mark",
        "The body begins with a byte order mark.",
        Strike::Change(|it| {
            let mut bytes = b"\xEF\xBB\xBF".to_vec();
            bytes.extend(it.answer.bytes());
            it.answer.body = Content::Bytes(bytes.into());
        }),
    ),
    Fault::new(
        "invalid-utf8",
        "A string holds bytes that are no text.",
        Strike::Change(|it| {
            prepend(it, b"{\"x_text\":\"\xC3\x28\xFF\",");
        }),
    ),
    Fault::new(
        "half-the-json",
        "Every array is cut in half, and the whole still is JSON.",
        Strike::Change(|it| {
            if let Some(body) = it.answer.at_mut("") {
                halve(body);
            }
        }),
    ),
    Fault::new(
        "fields-of-other-types",
        "Every string is an object.",
        Strike::Change(|it| {
            if let Some(body) = it.answer.at_mut("") {
                for member in body.as_object_mut().into_iter().flat_map(|members| members.values_mut()) {
                    if member.is_string() {
                        *member = json!({ "value": member });
                    }
                }
            }
        }),
    ),
];

/// Puts a first member, with its comma, into a body that is an object with members.
fn prepend(it: &mut Struck<'_>, member: &[u8]) {
    let text = it.answer.bytes();
    if let Some(rest) = text.strip_prefix(b"{").filter(|rest| !rest.starts_with(b"}")) {
        it.answer.body = Content::Bytes([member, rest].concat().into());
    }
}

fn halve(value: &mut Value) {
    match value {
        Value::Array(items) => {
            items.truncate(items.len() / 2);
            items.iter_mut().for_each(halve);
        }
        Value::Object(members) => members.values_mut().for_each(halve),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
