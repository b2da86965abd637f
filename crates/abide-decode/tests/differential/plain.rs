//! Documents without oddities are read by the decoders themselves: what always declines would be right and of no use.

use std::collections::BTreeSet;

use abide_decode::decode;
use calmyx_client::types::{LocationResult, SessionStatus};
use hum_client::types::{Provider, SessionReply};
use serde_json::Value;

use crate::document::{Order, Space, Style, document};
use crate::random::Random;
use crate::schema::{CALMYX_STATUS, HUM_REPLY, Kind, LOCATION_RESULT, PROVIDER};
use crate::verdict::{ReadBy, Root, Verdict, check};

const RUNS: u64 = 1_000;

/// Every document in any style is taken.
fn all_taken<T: Root>(kind: &Kind) {
    for seed in 0..RUNS {
        let mut random = Random::new(seed);
        let style = Style::plain(&mut random);
        let body = document(kind, style, &mut random);
        assert_eq!(check::<T>(&body), Verdict::Taken, "{style:?}\n{}", String::from_utf8_lossy(&body));
        no_text_is_new::<T>(&body);
    }
}

/// Texts and numbers come out as they went in. Both ways to read use the same types; this looks at the document itself.
fn no_text_is_new<T: Root>(body: &[u8]) {
    let document: Value = serde_json::from_slice(body).unwrap();
    let read = serde_json::to_value(decode::<T>(body).unwrap()).unwrap();
    let (mut written, mut found) = (BTreeSet::new(), BTreeSet::new());
    leaves(&document, &mut written);
    leaves(&read, &mut found);
    let new: Vec<&String> = found.difference(&written).collect();
    assert!(new.is_empty(), "{new:?}\n{}", String::from_utf8_lossy(body));
}

fn leaves(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| leaves(item, found)),
        Value::Object(object) => object.values().for_each(|value| leaves(value, found)),
        // A float without decimals is written like none.
        Value::Number(number) => drop(found.insert(format!("{:?}", number.as_f64()))),
        Value::Null | Value::Bool(_) | Value::String(_) => drop(found.insert(value.to_string())),
    }
}

/// Every single item of a list is taken; serde reads an item for a decoder that declines it, which nobody sees from outside.
/// White space that is different from item to item is the one exception: what was learned of the first items may fit up to
/// the middle of it.
fn all_items_taken<T: Root>(kind: &'static Kind) {
    for seed in 0..RUNS {
        let mut random = Random::new(seed);
        let style = Style::plain(&mut random);
        if matches!(style.space, Space::Random) {
            continue;
        }
        let body = document(kind, style, &mut random);
        let items: Vec<ReadBy<T>> = decode(&body).unwrap();
        let declined = items.iter().find(|item| matches!(item, ReadBy::Serde(_)));
        assert!(declined.is_none(), "{style:?}: {declined:?}\n{}", String::from_utf8_lossy(&body));
    }
}

#[test]
fn calmyx_status_is_taken() {
    all_taken::<SessionStatus>(&CALMYX_STATUS);
}

#[test]
fn hum_reply_is_taken() {
    all_taken::<SessionReply>(&HUM_REPLY);
}

#[test]
fn results_are_taken() {
    all_items_taken::<LocationResult>(&Kind::List(&LOCATION_RESULT));
}

#[test]
fn providers_are_taken() {
    all_items_taken::<Provider>(&Kind::List(&PROVIDER));
}

/// A long list in each order and each white space, so that what is remembered of the first items is used for the others.
#[test]
fn long_lists_are_taken() {
    let orders = [Order::AsDocumented, Order::Reversed, Order::Shuffled(7), Order::Random];
    let spaces = [Space::Compact, Space::Wide, Space::Lines(2), Space::Lines(8)];
    for order in orders {
        for space in spaces {
            let style = Style { space, order, odd: 0, items: 1_000, escapes: 0 };
            let body = document(&Kind::List(&LOCATION_RESULT), style, &mut Random::new(3));
            let items: Vec<ReadBy<LocationResult>> = decode(&body).unwrap();
            assert!(items.len() > 100 && items.iter().all(|item| matches!(item, ReadBy::Decoder(_))), "{style:?}");
            assert_eq!(check::<Vec<LocationResult>>(&body), Verdict::Taken, "{style:?}");
        }
    }
}

/// Escapes in texts are no reason to decline either.
#[test]
fn escapes_are_taken() {
    for (kind, body) in [
        (
            "calmyx",
            r#"{"status":"QUE\u0055ED","progress":{"total":0,"processed":0,"successful":0,"failed":0},"submitted_at":"\u0032026-01-15T10:30:00"}"#,
        ),
        ("hum", r#"{"message":"a\nb \ud83c\udf89","meta":{"agent_status":{"geoc\u006fding":"match\u0065d"}}}"#),
    ] {
        let verdict = match kind {
            "calmyx" => check::<SessionStatus>(body.as_bytes()),
            _ => check::<SessionReply>(body.as_bytes()),
        };
        assert_eq!(verdict, Verdict::Taken, "{body}");
    }
}
