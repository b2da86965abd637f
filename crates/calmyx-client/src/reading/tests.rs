//! Whoever skips what was seen must tell exactly what somebody tells who reads everything, over random histories.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use abide_core::{CompleteBy, Failure, FirstPoll, Interval, Lifecycle, Options, Setback};
use abide_watch::{BoxFuture, Budget, Fetched, Fleet, Notice, Outcome, Refusal, StatusSource, TestClock, Watch};
use proptest::prelude::*;
use serde_json::Error;

use super::*;
use crate::SessionSource;

const LIFECYCLE: Lifecycle = Lifecycle {
    first_poll: FirstPoll::Immediate,
    interval: Interval { min: Duration::from_secs(5), max: Duration::from_secs(5) },
    growth: None,
    cap: None,
    inactivity: None,
    complete_by: CompleteBy::StatusOrCount,
};

/// Answers with one body after the other; the last one for ever.
#[derive(Clone, Debug)]
struct Recorded {
    left: Arc<Mutex<VecDeque<Bytes>>>,
    skips: bool,
    /// The bytes of all replies, and those that were looked at.
    read: Arc<Mutex<(usize, usize)>>,
}

impl Recorded {
    fn new(bodies: &[String], skips: bool) -> Recorded {
        let left = bodies.iter().map(|body| Bytes::copy_from_slice(body.as_bytes())).collect();
        Recorded { left: Arc::new(Mutex::new(left)), skips, read: Arc::default() }
    }

    fn next(&self) -> Bytes {
        let mut left = self.left.lock().unwrap();
        if left.len() > 1 { left.pop_front().unwrap() } else { left[0].clone() }
    }
}

impl StatusSource for Recorded {
    type Status = SessionStatus;
    type Item = LocationResult;
    type Error = Error;

    fn fetch(&self, seen: &Seen) -> BoxFuture<Fetched<Recorded>> {
        let body = Body { bytes: self.next(), retry_after: None };
        let seen = if self.skips { seen.clone() } else { Seen::nothing() };
        if let Ok(decoded) =
            decode_after::<SessionStatus>(&body.bytes, |list| seen.known_in(list).map(|known| known.bytes))
        {
            let mut read = self.read.lock().unwrap();
            *read = (read.0 + body.bytes.len(), read.1 + decoded.read);
        }
        let setback = Setback { failure: Failure::Transient, retry_after: None };
        let reply = body.read(&seen).map_err(|error| Refusal { setback, error });
        Box::pin(std::future::ready(reply))
    }

    fn session(&self) -> u64 {
        7
    }

    fn identity(item: &LocationResult) -> u64 {
        SessionSource::identity(item)
    }

    fn is_unique(item: &LocationResult) -> bool {
        SessionSource::is_unique(item)
    }
}

fn options(polls: usize) -> Options {
    Options::new(Duration::from_secs(5) * u32::try_from(polls + 2).unwrap(), 1)
}

/// All that one watch tells, as text.
fn watched(bodies: &[String], skips: bool) -> String {
    let (source, clock) = (Recorded::new(bodies, skips), TestClock::new());
    let mut watch = Watch::with_clock(source, &LIFECYCLE, options(bodies.len()), clock.clone()).unwrap();
    let mut told = String::new();
    while let Some(event) = clock.run(watch.next()).unwrap() {
        writeln!(told, "{event:?} {}", watch.kept().to_json()).unwrap();
    }
    told + &said(watch.into_outcome().unwrap())
}

/// All that a fleet of one tells, as text.
fn watched_by_a_fleet(bodies: &[String], skips: bool) -> String {
    let (source, clock) = (Recorded::new(bodies, skips), TestClock::new());
    let mut fleet =
        Fleet::with_clock(&LIFECYCLE, options(bodies.len()), Budget::per_second(1000), clock.clone()).unwrap();
    fleet.add(source).unwrap();
    let mut told = String::new();
    while let Some(notice) = clock.run(fleet.next()).flatten() {
        match notice {
            Notice::Event { event, .. } => writeln!(told, "{event:?}").unwrap(),
            Notice::Over { outcome, .. } => told += &said(*outcome),
            Notice::Suspended => told += "suspended",
        }
    }
    told
}

fn said(mut outcome: Outcome<SessionStatus, Error>) -> String {
    let resume = outcome.resume.to_json();
    // A decoder that skips names another place of the same mistake.
    outcome.last_error = None;
    format!("{outcome:?} {resume}")
}

fn check(bodies: &[String]) {
    for watching in [watched, watched_by_a_fleet] {
        let (skipping, reading) = (watching(bodies, true), watching(bodies, false));
        for (skipping, reading) in skipping.lines().zip(reading.lines()) {
            assert_eq!(skipping, reading, "{bodies:#?}");
        }
        assert_eq!(skipping, reading, "{bodies:#?}");
    }
}

/// How a body is written down.
#[derive(Clone, Copy, Debug)]
enum Style {
    Compact,
    Pretty,
    ResultsFirst,
    OtherItems,
    Broken,
}

/// One item by its number; every fourth is odd in one way or another.
fn item(number: u8, style: Style) -> String {
    match (number % 5, style) {
        (0, _) => format!(r#"{{"lat":{number},"lng":2.5,"status":"failed","error":"e{number}","analyzed_at":"t"}}"#),
        (1, _) => format!("{number}"),
        (_, Style::OtherItems) => format!(
            r#"{{"status":"success","listing_id":"l{number}","lat":1.5,"quiet_score":72,"lng":2.5,"analyzed_at":"t"}}"#
        ),
        _ => format!(
            r#"{{"lat":1.5,"lng":2.5,"status":"success","quiet_score":72,"listing_id":"l{number}","analyzed_at":"t"}}"#
        ),
    }
}

fn body(items: &[u8], style: Style, completed: bool) -> String {
    let items: Vec<String> = items.iter().map(|number| item(*number, style)).collect();
    let state = if completed { "COMPLETED" } else { "PROCESSING" };
    let progress = format!(r#"{{"total":999,"processed":{},"successful":0,"failed":1}}"#, items.len());
    let head = format!(r#""status":"{state}","progress":{progress},"submitted_at":"2026-01-15T10:30:00""#);
    match style {
        Style::Compact | Style::OtherItems => {
            format!(r#"{{{head},"results":[{}],"completed_at":null}}"#, items.join(","))
        }
        Style::Pretty => format!("{{\n  {head},\n  \"results\": [\n    {}\n  ]\n}}\n", items.join(",\n    ")),
        Style::ResultsFirst => format!(r#"{{"results":[{}],{head}}}"#, items.join(",")),
        Style::Broken => format!(r#"{{{head},"results":[{}"#, items.join(",")),
    }
}

#[derive(Clone, Debug)]
enum Change {
    Grow(Vec<u8>),
    Stay,
    Swap(usize, usize),
    Cut(usize),
    Replace(usize, u8),
    Repeat(usize),
}

fn change() -> impl Strategy<Value = Change> {
    let place = 0_usize..12;
    prop_oneof![
        6 => prop::collection::vec(0_u8..40, 1..5).prop_map(Change::Grow),
        2 => Just(Change::Stay),
        1 => (place.clone(), place.clone()).prop_map(|(one, other)| Change::Swap(one, other)),
        1 => place.clone().prop_map(Change::Cut),
        1 => (place.clone(), any::<u8>()).prop_map(|(at, by)| Change::Replace(at, by)),
        1 => place.prop_map(Change::Repeat),
    ]
}

fn style() -> impl Strategy<Value = Style> {
    prop_oneof![
        12 => Just(Style::Compact),
        2 => Just(Style::Pretty),
        2 => Just(Style::ResultsFirst),
        1 => Just(Style::OtherItems),
        1 => Just(Style::Broken),
    ]
}

fn changed(items: &mut Vec<u8>, change: Change) {
    let length = items.len();
    match change {
        Change::Grow(more) => items.extend(more),
        Change::Swap(one, other) if one < length && other < length => items.swap(one, other),
        Change::Cut(to) => items.truncate(to),
        Change::Replace(at, by) if at < length => items[at] = by,
        Change::Repeat(at) if at < length => items.push(items[at]),
        Change::Stay | Change::Swap(..) | Change::Replace(..) | Change::Repeat(_) => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn skipping_makes_no_difference(
        history in prop::collection::vec((change(), style()), 1..14),
        one_style in prop::option::of(style()),
        completes in any::<bool>(),
    ) {
        let mut items = Vec::new();
        let last = history.len() - 1;
        let bodies: Vec<String> = history
            .into_iter()
            .enumerate()
            .map(|(index, (change, style))| {
                changed(&mut items, change);
                body(&items, one_style.unwrap_or(style), completes && index == last)
            })
            .collect();
        check(&bodies);
    }
}

#[test]
fn traps() {
    let compact = |items: &[u8]| body(items, Style::Compact, false);
    for bodies in [
        // Numbers of which one begins with the other.
        vec![compact(&[1]), compact(&[11]), compact(&[11, 111])],
        vec![compact(&[2, 3]), compact(&[3, 2]), compact(&[3, 2, 4])],
        vec![compact(&[2, 3]), compact(&[2]), compact(&[2, 3, 4])],
        vec![compact(&[2, 2]), compact(&[2, 2, 3]), compact(&[2, 2, 3, 3])],
        vec![compact(&[0, 5]), compact(&[0, 5, 0]), compact(&[0, 5, 0, 0])],
        vec![compact(&[]), compact(&[2]), compact(&[])],
        vec![compact(&[2]), body(&[2, 3], Style::Pretty, false), compact(&[2, 3, 4])],
        vec![compact(&[2]), compact(&[2, 3]).replace(']', "],\"results\":[]"), compact(&[2, 3, 4])],
        vec![compact(&[2]), compact(&[2]).replace("}]", "} 7]"), compact(&[2, 3])],
        vec![compact(&[2]), compact(&[2, 3]).replace(",\"results\":[", ",\"results\":7,\"x\":["), compact(&[2, 3])],
        vec![compact(&[2]), compact(&[2, 3]).replace("\"results\"", "\"r\\u0065sults\""), compact(&[2, 3, 4])],
        vec![compact(&[2]), compact(&[2, 3]).replace("[{", "null,\"x\":[{"), compact(&[2, 3, 4])],
    ] {
        check(&bodies);
    }
}

/// What the known beginning saves, and that a failed item in it goes on counting.
#[test]
fn of_a_growing_list_little_more_than_the_last_body_is_read() {
    let items: Vec<u8> = (0..250).collect();
    let bodies: Vec<String> = (1..=50).map(|tenth| body(&items[..tenth * 5], Style::Compact, tenth == 50)).collect();
    let (source, clock) = (Recorded::new(&bodies, true), TestClock::new());
    let watch = Watch::with_clock(source.clone(), &LIFECYCLE, options(50), clock.clone()).unwrap();
    let outcome = clock.run(watch.outcome()).unwrap();
    assert_eq!((outcome.polls, outcome.counters.failed), (50, 50));
    let (all, read) = *source.read.lock().unwrap();
    let last = bodies[49].len();
    assert!(all > 20 * last && read < 2 * last, "{read} bytes of {all} were read, and the last body has {last}");
}
