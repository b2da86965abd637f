//! Bodies of which a part was read before: what is left out is what was known, and nothing else is different.

use std::cell::Cell;

use abide_decode::{Decoded, decode_after};
use calmyx_client::types::SessionStatus;

use crate::document::{Order, Space, Style, document};
use crate::mutation::mutate;
use crate::random::Random;
use crate::schema::LOCATION_RESULT;
use crate::verdict::same;

/// A body with a list in it.
#[derive(Debug)]
pub struct Grown {
    pub body: Vec<u8>,
    /// Where the `[` stands.
    pub list: usize,
    /// Where each item ends.
    pub ends: Vec<usize>,
}

impl Grown {
    /// Any body with up to `most` items, odd ones among them if asked for.
    pub fn new(random: &mut Random, most: usize, odd: bool) -> Grown {
        let style = if odd { Style::odd(random) } else { Style::plain(random) };
        let mut fields = [
            r#""status":"PROCESSING""#,
            r#""progress": {"total":9,"processed":2,"successful":1,"failed":1}"#,
            r#""submitted_at":"2026-01-15T10:30:00.000000""#,
            "\"results\"\n: ",
            r#""x":[{"results":[1]}]"#,
            r#""started_at":null"#,
        ];
        random.shuffle(&mut fields);
        let mut grown = Grown { body: b"{".to_vec(), list: 0, ends: Vec::new() };
        for (index, field) in fields.iter().enumerate() {
            grown.body.extend_from_slice(if index > 0 { b"," } else { b"" });
            grown.body.extend_from_slice(field.as_bytes());
            if field.contains("\"results\"\n") {
                grown.add_list(random, most, style);
            }
        }
        grown.body.extend_from_slice(b"} ");
        grown
    }

    fn add_list(&mut self, random: &mut Random, most: usize, style: Style) {
        self.list = self.body.len();
        self.body.push(b'[');
        let space = |random: &mut Random| random.pick(&[b"".as_slice(), b"", b"\n  ", b" "]);
        for index in 0..random.below(most + 1) {
            let item = document(&LOCATION_RESULT, style, random);
            if !could_be_known(&item) {
                continue;
            }
            self.body.extend_from_slice(if index > 0 && !self.ends.is_empty() { b"," } else { b"" });
            self.body.extend_from_slice(space(random));
            self.body.extend_from_slice(&item);
            // White space of the item's own document is not part of it.
            let trimmed = self.body.trim_ascii_end().len();
            self.ends.push(trimmed);
            self.body.extend_from_slice(space(random));
        }
        self.body.push(b']');
    }

    /// From the `[` to the end of the last of so many items; nothing for none.
    fn first(&self, items: usize) -> &[u8] {
        match items {
            0 => b"",
            _ => &self.body[self.list..self.ends[items - 1]],
        }
    }
}

/// What is known was read once, by serde too: one item, and as deep in a body as here.
fn could_be_known(item: &[u8]) -> bool {
    let body = [b"{\"results\":[", item, b"]}"].concat();
    let reads = |json: &[u8]| serde_json::from_slice::<serde_json::Value>(json).is_ok();
    reads(item) && reads(&body)
}

/// What became of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reading {
    Skipped,
    ReadWhole,
    Refused,
}

/// Reads a body of which `known` items were seen before, whole as it is or `damaged`, and compares with reading all of it.
pub fn check(grown: &Grown, known: usize, damaged: Option<&[u8]>) -> Result<Reading, String> {
    let body = damaged.unwrap_or(&grown.body);
    let before = grown.first(known);
    let ours = decode_after::<SessionStatus>(body, |list| {
        (!before.is_empty() && list.starts_with(before)).then_some(before.len())
    });
    match (ours, serde_json::from_slice::<SessionStatus>(body)) {
        (Ok(ours), Ok(mut full)) => {
            let reading = if ours.skipped { Reading::Skipped } else { Reading::ReadWhole };
            let passed = if ours.skipped { before.len() } else { 0 };
            drop(full.results.drain(..if ours.skipped { known.min(full.results.len()) } else { 0 }));
            same(&ours.value, &full)?;
            counted(&ours, body.len() - passed)?;
            match (damaged, &ours.list) {
                (None, Some(list)) => placed(grown, list.start, list.end)?,
                (Some(_), Some(list)) => {
                    let text = [body.get(list.clone()).unwrap_or_default(), b"]".as_slice()].concat();
                    let items =
                        serde_json::from_slice::<Vec<serde_json::Value>>(&text).map_err(|why| why.to_string())?;
                    let expected = full.results.len() + if ours.skipped { known } else { 0 };
                    if items.len() != expected {
                        return Err(format!("the list is said to have {} items, of {expected}", items.len()));
                    }
                }
                (None, None) if ours.skipped => return Err("items were left out of a list that is nowhere".to_owned()),
                _ => {}
            }
            Ok(reading)
        }
        (Err(_), Err(_)) => Ok(Reading::Refused),
        (ours, full) => Err(format!("ours: {:?}, serde: {:?}", ours.err(), full.err())),
    }
}

fn counted(ours: &Decoded<SessionStatus>, expected: usize) -> Result<(), String> {
    if ours.read == expected { Ok(()) } else { Err(format!("{} bytes read instead of {expected}", ours.read)) }
}

fn placed(grown: &Grown, start: usize, end: usize) -> Result<(), String> {
    let last = grown.ends.last().copied().unwrap_or(grown.list + 1);
    if (start, end) == (grown.list, last) {
        return Ok(());
    }
    Err(format!("the list is said to stand at {start}..{end} and stands at {}..{last}", grown.list))
}

/// Any number of known items, and any damage.
pub fn check_any(seed: u64) -> Result<Reading, String> {
    let mut random = Random::new(seed);
    let odd = random.chance(500);
    let most = if random.chance(50) { 60 } else { 5 };
    let grown = Grown::new(&mut random, most, odd);
    let known = random.below(grown.ends.len() + 1);
    let damaged = match random.below(4) {
        0 | 1 => None,
        2 => {
            let mut body = grown.body.clone();
            mutate(&mut body, &grown.body, &mut random);
            Some(body)
        }
        _ => Some(damaged_behind(&grown, known, &mut random)),
    };
    let told = |error| {
        let body = damaged.as_deref().unwrap_or(&grown.body).escape_ascii();
        format!("seed {seed}, {known} known of {}\n{body}\n{error}", grown.ends.len())
    };
    check(&grown, known, damaged.as_deref()).map_err(told)
}

/// The body with a byte changed where the known part ends.
fn damaged_behind(grown: &Grown, known: usize, random: &mut Random) -> Vec<u8> {
    let mut body = grown.body.clone();
    let end = grown.list + grown.first(known).len();
    let at = (end + random.below(4)).min(body.len() - 1);
    match random.below(3) {
        0 => drop(body.remove(at)),
        1 => body[at] = random.pick(b" ,]}[{\"0e.:x"),
        _ => body.insert(at, random.pick(b" ,]}[{\"0e.:x")),
    }
    body
}

/// Somebody who says that any number of bytes is known gets any answer, but an answer.
pub fn check_lie(seed: u64) {
    let mut random = Random::new(seed);
    let grown = Grown::new(&mut random, 4, true);
    let rest = grown.body.len() - grown.list;
    let near = rest.saturating_sub(2) + random.below(4);
    let anywhere = random.below(rest);
    let lie = random.pick(&[0, 1, 2, 3, near, anywhere, anywhere, anywhere, usize::MAX, usize::MAX / 2]);
    let told = Cell::new(0);
    let read = decode_after::<SessionStatus>(&grown.body, |list| {
        told.set(list.len());
        Some(lie)
    });
    let Ok(read) = read else { return };
    assert!(read.read <= grown.body.len(), "seed {seed}");
    assert!(read.list.is_none_or(|list| list.start <= list.end && list.end <= grown.body.len()), "seed {seed}");
    assert!(told.get() == 0 || told.get() == rest, "seed {seed}: it is asked about the list and all behind it");
}

/// Over a whole session with ten more results at every poll, hardly more is read than its last body.
#[test]
fn a_watch_reads_its_results_once() {
    let mut random = Random::new(5);
    let style = Style { space: Space::Compact, order: Order::AsDocumented, odd: 0, items: 0, escapes: 0 };
    let items: Vec<Vec<u8>> = (0..500).map(|_| document(&LOCATION_RESULT, style, &mut random)).collect();
    let head = br#"{"status":"PROCESSING","progress":{"total":500,"processed":0,"successful":0,"failed":0},"results":"#;
    let tail = br#","submitted_at":"2026-01-15T10:30:00.000000","started_at":"2026-01-15T10:30:05.000000","completed_at":null}"#;
    let (mut known, mut read, mut given, mut last) = (Vec::new(), 0, 0, 0);
    for polled in (10..=500).step_by(10) {
        let body = [head, b"[".as_slice(), &items[..polled].join(&b','), b"]", tail].concat();
        let reply = decode_after::<SessionStatus>(&body, |list| {
            (!known.is_empty() && list.starts_with(&known)).then_some(known.len())
        })
        .unwrap();
        known = body[reply.list.unwrap()].to_vec();
        (read, given, last) = (read + reply.read, given + reply.value.results.len(), body.len());
    }
    assert_eq!(given, 500);
    assert!(read * 2 <= last * 3, "{read} bytes read, and the last body has {last}");
}
