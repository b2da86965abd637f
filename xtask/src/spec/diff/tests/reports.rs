//! The report as people and programs see it, and what is refused.

use std::process::ExitCode;

use serde_json::{Value, json};

use super::{Edit, Remove, Set, base, document, edited};
use crate::document::Document;
use crate::spec::diff::{compare, render, run};

fn three_changes() -> (Document, Document) {
    let edits = [
        Set("/components/schemas/NewThing/properties/name/maxLength", json!(50)),
        Set("/components/schemas/Thing/properties/state/enum/-", json!("LOST")),
        Set("/info/version", json!("2\u{1b}[31m")),
        Remove("/paths/~1things~1{id}/get/x-session-lifecycle/while-unchanged"),
    ];
    (document("old.yaml", &base()), document("new.yaml", &edited(base(), &edits)))
}

#[test]
fn for_people() {
    let (old, new) = three_changes();
    insta::assert_snapshot!(render::text(&old, &new, &compare(&old, &new).unwrap()));
    insta::assert_snapshot!("nothing", render::text(&old, &old, &compare(&old, &old).unwrap()));
}

#[test]
fn for_programs() {
    let (old, new) = three_changes();
    let text = render::json(&old, &new, &compare(&old, &new).unwrap()).unwrap();
    serde_json::from_str::<Value>(&text).unwrap();
    insta::assert_snapshot!(text);
}

#[test]
fn all_rules() {
    insta::assert_snapshot!(render::rules());
}

/// A document that cannot be compared is refused by name and place, whichever side it is on.
fn check(edits: &[Edit], expected: &str) {
    let (good, bad) = (document("good.yaml", &base()), document("bad.yaml", &edited(base(), edits)));
    for (old, new) in [(&good, &bad), (&bad, &good), (&bad, &bad)] {
        let error = format!("{:#}", compare(old, new).unwrap_err());
        assert_eq!(error, expected, "{edits:?}");
    }
}

#[test]
fn refused() {
    check(
        &[Remove("/components/schemas/Place")],
        "bad.yaml: /components/schemas/NewThing/properties/place: `#/components/schemas/Place` leads nowhere; define it or mend the reference",
    );
    check(
        &[Set("/components/schemas/Place", json!({"$ref": "#/components/schemas/Place"}))],
        "bad.yaml: /components/schemas/NewThing/properties/place: the $ref there leads back to itself; let it end at a definition",
    );
    check(
        &[Set("/components/schemas/Place", json!({"$ref": "other.yaml#/Place"}))],
        "bad.yaml: /components/schemas/Place: `other.yaml#/Place` leads out of the document; only references that start with #/ are followed",
    );
    check(
        &[Remove("/components/securitySchemes/oauth")],
        "bad.yaml: GET /things/{id}: `security` asks for `oauth`, which components/securitySchemes does not have; define it",
    );
    check(&[Set("/paths", json!(1))], "bad.yaml: /paths is no object; write keys and values there");
    check(
        &[Set("/paths/~1things/post", json!([]))],
        "bad.yaml: POST /things is no object; write keys and values there",
    );
    check(
        &[Set("/components/schemas/Place", json!("place"))],
        "bad.yaml: /components/schemas/Place is no object; write keys and values there",
    );
    check(
        &[Remove("/paths/~1things/post/parameters/0/name")],
        "bad.yaml: POST /things: /parameters/0: the parameter has no `name`; write it",
    );
    check(
        &[Set("/paths/~1things~1{id}/get/x-session-lifecycle/cap-seconds", json!("soon"))],
        "bad.yaml: GET /things/{id}: /x-session-lifecycle/cap-seconds is no number; write one there",
    );
}

/// Documents whose comparison would not end in reasonable time.
#[test]
fn what_is_too_deep_or_too_entangled_is_refused() {
    let refused = |old: &Value, new: &Value| {
        let [old, new] = [old, new].map(|deep| edited(base(), &[Set("/components/schemas/Place", deep.clone())]));
        let error = compare(&document("old.yaml", &old), &document("new.yaml", &new)).unwrap_err().to_string();
        assert!(error.ends_with("are too deep or too entangled to be compared; untie them"), "{error}");
    };
    let deep = (0..60).fold(json!({}), |deep, _| json!({"type": "array", "items": {"properties": {"x": deep}}}));
    refused(&deep, &deep);
    let union = |words: [&str; 2]| {
        (0..12).fold(
            json!({}),
            |deep, _| json!({"oneOf": words.map(|word| json!({"properties": {"a": deep, "kind": {"enum": [word]}}}))}),
        )
    };
    refused(&union(["a", "b"]), &union(["b", "a"]));
}

#[test]
fn any_value_anywhere_is_compared_or_refused() {
    fn pointers(value: &Value, at: &str, found: &mut Vec<String>) {
        let children: Vec<(String, &Value)> = match value {
            Value::Object(object) => object.iter().map(|(key, value)| (key.replace('/', "~1"), value)).collect(),
            Value::Array(list) => list.iter().enumerate().map(|(index, value)| (index.to_string(), value)).collect(),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
        };
        for (key, child) in children {
            let at = format!("{at}/{key}");
            pointers(child, &at, found);
            found.push(at);
        }
    }
    let base = base();
    let mut all = Vec::new();
    pointers(&base, "", &mut all);
    let good = document("good.yaml", &base);
    for (index, pointer) in all.iter().enumerate() {
        for value in [json!(-1), json!([["x"]]), json!({"$ref": "#", "x": {"x": 1}})] {
            let mut bad = base.clone();
            *bad.pointer_mut(pointer).unwrap() = value;
            let bad = document("bad.yaml", &bad);
            // No panic and an end; what comes of it depends on the place.
            let _ = if index % 2 == 0 { compare(&good, &bad) } else { compare(&bad, &good) };
        }
    }
}

#[test]
fn exit_codes() {
    let folder = std::env::temp_dir().join(format!("abide-spec-diff-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let old = write("old.yaml", &base().to_string());
    let breaking = write("breaking.yaml", &edited(base(), &[Remove("/paths/~1things/post")]).to_string());
    let risky = write("risky.yaml", &edited(base(), &[Remove("/servers/1")]).to_string());
    let broken = write("broken.yaml", "a: [1\nb: 2");
    let gone = folder.join("gone.yaml");
    for (arguments, expected) in [
        (vec![old.as_str(), &old], 0),
        (vec![&old, &risky, "--json"], 0),
        (vec![&old, &breaking], 1),
        (vec!["--json", &old, &breaking], 1),
        (vec![&old, &broken], 2),
        (vec![&old, gone.to_str().unwrap()], 2),
        (vec![&old], 2),
        (vec![&old, &old, &old], 2),
        (vec![&old, &old, "--yaml"], 2),
        (vec!["--rules"], 0),
        (vec!["--help"], 0),
    ] {
        assert_eq!(run(&arguments), ExitCode::from(expected), "{arguments:?}");
    }
    std::fs::remove_dir_all(&folder).unwrap();
}
