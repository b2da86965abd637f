//! The text of a resume value: what it looks like, and that nothing else is taken for one.

use std::time::UNIX_EPOCH;

use abide_core::{Failure, State};
use abide_watch::{Resume, ResumeError};
use proptest::prelude::*;

use crate::scripted::{SECOND, Script, completed, failed, running, status};

/// A wait that has seen a little of everything, a minute after 1970.
fn text() -> String {
    let source = Script::new(&[
        status(State::Queued, 5, ""),
        running("ab"),
        failed(Failure::Throttled),
        running("bac"),
        failed(Failure::Transient),
    ]);
    source.clock.advance(SECOND * 60);
    let mut watch = source.watch(SECOND * 600);
    source.run(async {
        while source.requests().0 < 5 {
            watch.next().await;
        }
    });
    watch.stop().to_json()
}

fn check(text: &str, is: fn(&ResumeError) -> bool) {
    match Resume::from_json(text) {
        Err(error) => assert!(is(&error), "{error}: {text}"),
        Ok(_) => panic!("taken for a resume value: {text}"),
    }
}

/// A changed format needs another version number: values are kept across releases.
#[test]
fn the_format() {
    let text = text();
    assert_eq!(Resume::from_json(&text).unwrap().to_json(), text);
    insta::assert_snapshot!(text.replace(",\"", ",\n\""));
}

#[test]
fn the_smallest_one() {
    let kept = Script::new(&[]).watch(SECOND).stop();
    assert_eq!(kept.saved_at(), UNIX_EPOCH);
    let read = Resume::from_json(&kept.to_json()).unwrap();
    assert_eq!(read, kept);
    assert!(kept.to_json().len() < 300, "{}", kept.to_json());
}

/// Half a value on a disk must not pass for a whole one.
#[test]
fn cut_anywhere() {
    let text = text();
    for length in 0..text.len() {
        check(&text[..length], ResumeError::is_malformed);
        check(&text[length + 1..], ResumeError::is_malformed);
    }
}

#[test]
fn any_one_bit_flipped() {
    let text = text();
    for place in 0..text.len() {
        for bit in 0..8 {
            let mut bytes = text.clone().into_bytes();
            bytes[place] ^= 1 << bit;
            if let Ok(flipped) = String::from_utf8(bytes) {
                check(&flipped, |error| error.is_malformed() || error.is_other_version());
            }
        }
    }
}

#[test]
fn any_two_neighbours_exchanged() {
    let text = text();
    for place in 1..text.len() {
        let mut bytes = text.clone().into_bytes();
        bytes.swap(place - 1, place);
        if bytes != text.as_bytes() {
            check(&String::from_utf8(bytes).unwrap(), |error| error.is_malformed() || error.is_other_version());
        }
    }
}

#[test]
fn other_versions() {
    let text = text();
    let with = |version: &str| text.replace(r#""abide_resume":1"#, &format!(r#""abide_resume":{version}"#));
    for version in ["0", "2", "18446744073709551615"] {
        check(&with(version), ResumeError::is_other_version);
        check(&format!(r#"{{"abide_resume":{version},"of":["another","shape"]}}"#), ResumeError::is_other_version);
    }
    for version in ["-1", "1.0", "\"1\"", "null", "18446744073709551616", "01", "[1]"] {
        check(&with(version), ResumeError::is_malformed);
    }
}

/// What the checksum does not cover is refused by its name.
#[test]
fn unknown_missing_and_repeated_fields() {
    let text = text();
    check(&text.replacen('{', r#"{"more":1,"#, 1), ResumeError::is_malformed);
    check(&text.replacen('{', r#"{"abide_resume":1,"#, 1), ResumeError::is_malformed);
    check(&text.replace(r#""abide_resume":1,"#, ""), ResumeError::is_malformed);
    for field in ["session", "saved_at", "wait", "items", "waited_ms", "items_given", "bytes", "answers", "check"] {
        check(&text.replace(&format!("\"{field}\""), "\"other\""), ResumeError::is_malformed);
    }
    check(&text.replace(r#""throttled":1"#, r#""annoyed":1"#), ResumeError::is_malformed);
}

#[test]
fn what_surrounds_it_must_be_space() {
    let text = text();
    let spaced = text.replace(",\"", " ,\r\n\t\"");
    assert!(Resume::from_json(&format!(" \n{spaced}\n")).is_ok(), "a file may end with a line break");
    for (before, after) in [("", "x"), ("\u{feff}", ""), ("", "{}"), ("[", "]"), ("\"", "\"")] {
        check(&format!("{before}{text}{after}"), ResumeError::is_malformed);
    }
}

#[test]
fn huge_and_deep() {
    let text = text();
    let items = "00".repeat(5_000_000);
    check(&text.replace(r#""items":""#, &format!(r#""items":"{items}"#)), ResumeError::is_malformed);
    for deep in ["[", r#"{"abide_resume":"#, r#"{"a":"#] {
        check(&deep.repeat(100_000), ResumeError::is_malformed);
    }
    check(&" ".repeat(10_000_000), ResumeError::is_malformed);
}

proptest! {
    #[test]
    fn any_text_is_refused(text in any::<String>()) {
        check(&text, ResumeError::is_malformed);
    }

    #[test]
    fn any_piece_replaced_is_refused(
        from in any::<prop::sample::Index>(),
        length in 0_usize..20,
        piece in "[ -~]{0,20}",
    ) {
        let text = text();
        let from = from.index(text.len());
        let replaced = format!("{}{piece}{}", &text[..from], &text[(from + length).min(text.len())..]);
        let same = Resume::from_json(&replaced).is_ok_and(|read| read.to_json() == text);
        prop_assert!(same || Resume::from_json(&replaced).is_err(), "{}", replaced);
    }
}

/// Nothing that the server said is in it, however it is encoded: only fingerprints and numbers.
#[test]
fn it_holds_no_word_of_the_server() {
    let source = Script::new(&[running("deadbeef"), completed("deadbeef")]);
    let text = source.outcome(SECOND * 60).resume.to_json();
    let hex: String = "deadbeef".bytes().map(|byte| format!("{byte:02x}")).collect();
    assert!(!text.contains("deadbeef") && !text.contains(&hex), "{text}");
}
