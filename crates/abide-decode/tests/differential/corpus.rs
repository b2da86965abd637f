//! Documents that are kept: the examples of the API documents, and those that are easily read wrongly.
//!
//! A kept document is two lines in `tests/data/*.txt`: `verdict: why it is kept`, and the document, in which `%hh` stands
//! for a byte that is not printable ASCII.

use std::path::{Path, PathBuf};

use calmyx_client::types::SessionStatus;
use hum_client::types::SessionReply;

use crate::verdict::{Root, Verdict, check, smallest, verdict};

struct Kept {
    verdict: String,
    why: String,
    body: Vec<u8>,
}

fn kept(api: &str) -> Vec<Kept> {
    let path = here().join(format!("tests/data/{api}.txt"));
    let text = std::fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    assert!(lines.len().is_multiple_of(2), "{}", path.display());
    lines
        .chunks_exact(2)
        .map(|pair| {
            let (verdict, why) = pair[0].split_once(": ").unwrap_or_else(|| panic!("no verdict: {}", pair[0]));
            Kept { verdict: verdict.to_owned(), why: why.to_owned(), body: unescaped(pair[1]) }
        })
        .collect()
}

fn unescaped(text: &str) -> Vec<u8> {
    let mut parts = text.split('%');
    let mut body = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        body.push(u8::from_str_radix(&part[..2], 16).unwrap());
        body.extend_from_slice(&part.as_bytes()[2..]);
    }
    body
}

fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The examples of an operation's replies, good ones and bad ones.
fn examples(api: &str) -> Vec<Vec<u8>> {
    let operation = if api == "calmyx" { "getSessionStatus" } else { "getSession" };
    let folder = here().join("../../spec").join(api).join("examples").join(operation);
    let good = files(&folder).into_iter().map(|path| std::fs::read(path).unwrap());
    // A bad one stands in a file that says why it is bad.
    let bad = files(&folder.join("invalid")).into_iter().map(|path| {
        let file: serde_json::Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        serde_json::to_vec_pretty(&file["value"]).unwrap()
    });
    good.chain(bad).collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.is_file());
    paths.sort();
    paths
}

/// All of them.
pub fn documents(api: &str) -> Vec<Vec<u8>> {
    examples(api).into_iter().chain(kept(api).into_iter().map(|kept| kept.body)).collect()
}

fn replay<T: Root>(api: &str) {
    for example in examples(api) {
        assert_eq!(check::<T>(&example), Verdict::Taken, "{}", example.escape_ascii());
    }
    for Kept { verdict, why, body } in kept(api) {
        let expected = match verdict.as_str() {
            "taken" => Verdict::Taken,
            "declined" => Verdict::Declined,
            "refused" => Verdict::Refused,
            other => panic!("{other} is no verdict"),
        };
        assert_eq!(check::<T>(&body), expected, "{why}\n{}", body.escape_ascii());
    }
}

#[test]
fn calmyx() {
    replay::<SessionStatus>("calmyx");
}

#[test]
fn hum() {
    replay::<SessionReply>("hum");
}

/// Every document cut off at every byte, and with every byte left out.
#[test]
fn cut_anywhere() {
    fn cut<T: Root>(api: &str) {
        for body in documents(api).iter().filter(|body| body.len() < 500) {
            for at in 0..body.len() {
                check::<T>(&body[..at]);
                let mut holed = body.clone();
                holed.remove(at);
                check::<T>(&holed);
            }
        }
    }
    cut::<SessionStatus>("calmyx");
    cut::<SessionReply>("hum");
}

/// What makes documents small does so.
#[test]
fn a_difference_is_made_small() {
    let found = smallest(b"aaaaaxbbbbbbybbbb", |body| body.contains(&b'x') && body.contains(&b'y'));
    assert_eq!(found, b"xy");
    assert!(verdict::<SessionStatus>(b"{}").is_ok());
}
