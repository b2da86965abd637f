//! Every rule of the lint against a document that breaks it, with the whole message.

use serde_json::{Value, json};

use super::subject::{Example, Register, Subject};
use super::{all, of_api, text};
use crate::api::Api;
use crate::document::{Document, root};
use crate::finding::Findings;
use crate::generate;

const LABELS: &str = include_str!("../../../tests-data/labels/openapi.yaml");
const PATH: &str = "spec/labels/openapi.yaml";
const API: Api = Api { name: "labels", requests: &[], replies: &[] };

/// One change of the text of a sound document.
type Edit = (&'static str, &'static str, &'static str);

/// Name, what is replaced, and by what.
#[rustfmt::skip]
const BAD_INPUT: &[Edit] = &[
    ("OpenAPI 3.1", "openapi: 3.0.3", "openapi: 3.1.0"),
    ("no YAML", "  title: Parcel labels", "  title: [Parcel labels"),
    ("dangling $ref", "items: {$ref: \"#/components/schemas/Label\"}", "items: {$ref: \"#/components/schemas/Lable\"}"),
    ("operationId twice", "operationId: getBatch", "operationId: createBatch"),
    ("misspelt top-level key", "components:\n", "componentz:\n"),
    ("misspelt key of a schema", "nullable: true", "nulable: true"),
    ("misspelt lifecycle key", "cap-seconds: 120", "cap-secnds: 120"),
    ("misspelt extension", "      x-session-lifecycle:", "      x-sesion-lifecycle:"),
    ("date-time", "reason: {type: string, nullable: true}", "reason: {type: string, format: date-time}"),
    ("two success schemas", "        4XX:\n          description: No batch", "        \"202\":\n          description: Not yet.\n          content: {application/json: {schema: {type: string}}}\n        4XX:\n          description: No batch"),
];

#[rustfmt::skip]
const OTHER_EDITS: &[Edit] = &[
    ("unknown key without a near one", "  version: \"1\"", "  version: \"1\"\n  webhooks: {}"),
    ("missing key", "  title: Parcel labels\n", ""),
    ("version as a number", "version: \"1\"", "version: 1"),
    ("a list where a map belongs", "    Paper:\n      type: string", "    Paper:\n      properties: [a]\n      type: string"),
    ("text where an object belongs", "    key: {type: http, scheme: bearer}", "    key: bearer"),
    ("key beside a $ref", "token: {$ref: \"#/components/schemas/BatchToken\"}", "token: {$ref: \"#/components/schemas/BatchToken\", nullable: true}"),
    ("extension in the wrong place", "  title: Parcel labels", "  title: Parcel labels\n  x-client-type: Secret"),
    ("required that is no property", "required: [paper, parcels]", "required: [paper, parcel]"),
    ("unused component", "      x-client-type: PathSegment", "      x-client-type: PathSegment\n    Spare: {type: string}\n    Rest:"),
    ("operationId missing", "      operationId: getBatch\n", ""),
    ("operationId in snake case", "operationId: getBatch", "operationId: get_batch"),
    ("path parameter not declared", "    parameters:\n      - {$ref: \"#/components/parameters/Token\"}\n", ""),
    ("path parameter not used", "  /batches/{token}:", "  /batches/{tokn}:"),
    ("path parameter not required", "      in: path\n      required: true", "      in: path"),
    ("path parameter that climbs", "      schema: {$ref: \"#/components/schemas/BatchToken\"}", "      schema: {type: string}"),
    ("odd status", "        \"201\":", "        \"20l\":"),
    ("default response", "        4XX:\n          description: No batch", "        default:\n          description: No batch"),
    ("anyOf", "parcel: {type: string}\n        barcode", "parcel: {anyOf: [{type: string}, {type: number}]}\n        barcode"),
    ("not", "parcel: {type: string}\n        barcode", "parcel: {not: {type: string}}\n        barcode"),
    ("another format", "barcode: {type: string}", "barcode: {type: string, format: uuid}"),
    ("nameless enum", "barcode: {type: string}", "barcode: {type: string, enum: [a, b]}"),
    ("nameless oneOf", "barcode: {type: string}", "barcode: {oneOf: [{type: string}, {type: number}]}"),
    ("closed reply", "      required: [outcome, parcel, barcode]", "      additionalProperties: false\n      required: [outcome, parcel, barcode]"),
    ("another media type", "            application/json:\n              schema: {$ref: \"#/components/schemas/CreatedBatch\"}", "            text/csv: {}\n            application/json:\n              schema: {$ref: \"#/components/schemas/CreatedBatch\"}"),
    ("member without a tag", "          spoilt: \"#/components/schemas/SpoiltLabel\"\n", ""),
    ("enum of one name twice", "enum: [roll, sheet]", "enum: [roll, Roll]"),
    ("enum without a name", "enum: [roll, sheet]", "enum: [\"7\", sheet]"),
    ("unknown client type", "x-client-type: PathSegment", "x-client-type: Segment"),
    ("name that is no type", "PrintedLabel", "Printed-Label"),
    ("lifecycle without sense", "interval-seconds: [1, 2]", "interval-seconds: [2, 1]"),
    ("no lifecycle", "        first-poll: after-interval\n        interval-seconds: [1, 2]\n        cap-seconds: 120\n        complete-by: [status, count]\n        states: {WAITING: queued, PRINTING: running, PRINTED: completed, JAMMED: failed}\n", ""),
    ("operation without provenance", "      x-provenance:\n        - {kind: documented, document: batches, section: Ordering}\n", ""),
    ("provenance of an odd kind", "{kind: documented, document: batches, section: Ordering}", "{kind: documnted, document: batch, sectoin: Ordering}"),
    ("assumed without a note", "{kind: documented, document: batches, section: Ordering}", "{kind: assumed, document: batches}"),
    ("about nothing", "about: /x-session-lifecycle}", "about: /x-session}"),
    ("misspelt type", "        parcels:\n          type: array", "        parcels:\n          type: aray"),
    ("no such security scheme", "  - key: []", "  - {kee: [], other: []}"),
    ("no such security scheme of an operation", "      operationId: getBatch", "      security: [{nope: []}]\n      operationId: getBatch"),
    ("security that is no list", "  - key: []", "  key: []"),
    ("parameter twice", "      - {$ref: \"#/components/parameters/Token\"}\n", "      - {$ref: \"#/components/parameters/Token\"}\n      - {name: token, in: path, required: true, schema: {$ref: \"#/components/schemas/BatchToken\"}}\n"),
    ("minimum above maximum", "minimum: 0, description: Parcels", "minimum: 7, maximum: 5, description: Parcels"),
    ("limits of odd kinds", "minItems: 1\n          maxItems: 20", "minItems: 1.5\n          maxItems: -1"),
    ("minimum as a text", "minimum: 0, description: Parcels", "minimum: \"0\", description: Parcels"),
    ("pattern that does not compile", "{type: string, minLength: 1,", "{type: string, pattern: \"[a-\","),
    ("enum without words", "enum: [roll, sheet]", "enum: []"),
    ("path without a slash", "  /batches:", "  batches:"),
    ("mapping with another word", "          printed: \"#", "          printd: \"#"),
    ("what only the generator knows", "{type: string, minLength: 1, description: The number of a parcel.}", "{type: string, default: 7}"),
];

/// Unusual, and sound all the same.
#[rustfmt::skip]
const GOOD_EDITS: &[Edit] = &[
    ("property called example", "labels:\n          type: array\n          description: The labels so far.\n          items: {$ref: \"#/components/schemas/Label\"}", "labels: {type: array, items: {$ref: \"#/components/schemas/Label\"}}\n        example: {$ref: \"#/components/schemas/Spare\"}\n    Spare: {type: object, properties: {}}"),
    ("property called x-rate", "        barcode: {type: string}", "        barcode: {type: string}\n        x-rate: {$ref: \"#/components/schemas/Rate\"}\n    Rate: {type: object, properties: {}}"),
    ("property called $ref in an example", "parcel: {type: string}\n        barcode", "parcel: {type: string, example: {$ref: nowhere}}\n        barcode"),
    ("success by $ref", "        \"200\":\n          description: The state of the batch.\n", "        \"202\": {$ref: \"#/components/responses/Same\"}\n        \"200\":\n          description: The state of the batch.\n"),
    ("parameter of an operation instead of that of its path", "      operationId: getBatch\n", "      operationId: getBatch\n      parameters: [{$ref: \"#/components/parameters/Token\"}]\n"),
];

#[test]
fn good_documents() {
    let reply = "{application/json: {schema: {$ref: \"#/components/schemas/Batch\"}}}";
    let same = format!("  responses: {{Same: {{description: As ever., content: {reply}}}}}\n  securitySchemes:");
    for edit in GOOD_EDITS {
        let mut document = edited(*edit);
        if document.contains("#/components/responses/Same") {
            document = document.replace("  securitySchemes:", &same);
        }
        assert_eq!(Findings(text(PATH, &document)).to_string(), "", "{}", edit.0);
    }
    let rate = "x-rate: {type: string, enum: [a]}\n        barcode: {type: string}";
    let inside = Findings(text(PATH, &LABELS.replace("barcode: {type: string}", rate))).to_string();
    assert!(inside.contains("properties/x-rate/enum: a nameless enum"), "{inside}");
}

fn edited((name, from, to): Edit) -> String {
    assert!(LABELS.contains(from), "{name}: `{from}` does not occur");
    LABELS.replace(from, to)
}

fn messages(edits: &[Edit], said: impl Fn(String) -> String) -> String {
    edits.iter().map(|edit| format!("== {}\n{}\n\n", edit.0, said(edited(*edit)))).collect()
}

fn generated(document: &str) -> String {
    let outcome =
        Document::parse(PATH.into(), document).and_then(|document| generate::checked_files(&[API], &[document]));
    match outcome {
        Ok(files) => format!("{} files", files.len()),
        Err(error) => format!("{error:#}"),
    }
}

#[test]
fn bad_input_to_lint() {
    insta::assert_snapshot!(messages(BAD_INPUT, |document| Findings(text(PATH, &document)).to_string()));
}

#[test]
fn bad_input_to_generate() {
    for edit in BAD_INPUT {
        let document = edited(*edit);
        let linted = Findings(text(PATH, &document)).to_string();
        assert!(!linted.is_empty(), "{}", edit.0);
        assert_eq!(generated(&document), linted, "{}", edit.0);
    }
}

#[test]
fn every_document_rule() {
    insta::assert_snapshot!(messages(OTHER_EDITS, |document| Findings(text(PATH, &document)).to_string()));
}

/// Cut anywhere, or with any one value replaced, a document gives findings or files, and no panic.
#[test]
fn no_document_panics() {
    for end in (0..LABELS.len()).step_by(97) {
        let cut: String = LABELS.chars().take(end).collect();
        let _ = text(PATH, &cut);
    }
    let whole = Document::parse(PATH.into(), LABELS).unwrap();
    let mut pointers = Vec::new();
    collect(&whole.value, String::new(), &mut pointers);
    for (index, pointer) in pointers.iter().enumerate() {
        for value in
            [json!(null), json!(-1), json!("…"), json!([]), json!({}), json!([{"$ref": "#/x"}]), json!({"$ref": 1})]
        {
            let mut document = whole.clone();
            *document.value.pointer_mut(pointer).unwrap() = value;
            let findings = super::document(&document);
            // The generator is slow: it is asked about every seventh only.
            if !findings.is_empty() && index % 7 == 0 {
                let _ = generate::files(&[API], &[document]);
            }
        }
    }
}

fn collect(value: &Value, pointer: String, found: &mut Vec<String>) {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(object) => object.iter().map(|(key, child)| (crate::lines::escape(key), child)).collect(),
        Value::Array(array) => array.iter().enumerate().map(|(index, child)| (index.to_string(), child)).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    };
    for (key, child) in children {
        collect(child, format!("{pointer}/{key}"), found);
    }
    found.push(pointer);
}

const REQUIREMENTS: &str = r#"
[[requirement]]
id = "LAB-ONE"
level = "must"
kind = "assumed"
binds = "server"
says = "One."
document = "batches"
section = "Progress"
at = "/paths/~1batches~1{token}/get/responses/200"
ambiguity = "LAB-Q-ONE"

[[requirement]]
id = "LAB-TWO"
level = "should"
kind = "documented"
binds = "client"
says = "Two."
document = "batches"
section = "Progress"
at = "/components/schemas/Batch"
"#;

const AMBIGUITIES: &str = r#"
[[ambiguity]]
id = "LAB-Q-ONE"
question = "Which?"
evidence = [{ document = "batches", says = "Nothing." }]
options = ["This.", "That."]
decided = "This."
why = "It is nearer."
touches = { requirements = ["LAB-ONE"], at = ["/paths/~1batches~1{token}/get/x-session-lifecycle/cap-seconds"] }
"#;

/// A sound subject, with one change to each of its texts.
fn subject(requirements: (&str, &str), ambiguities: (&str, &str)) -> Subject {
    let mut subject = Subject::load(&root(), "xtask/tests-data/labels").unwrap();
    let edit = |text: &str, (from, to): (&str, &str)| {
        assert!(text.contains(from), "`{from}` does not occur");
        text.replace(from, to)
    };
    let text = edit(REQUIREMENTS, requirements);
    subject.requirements = Some(Register::parse("spec/labels/requirements.toml".into(), text).unwrap());
    let text = edit(AMBIGUITIES, ambiguities);
    subject.ambiguities = Some(Register::parse("spec/labels/ambiguities.toml".into(), text).unwrap());
    subject
}

const SAME: (&str, &str) = ("says", "says");

#[test]
fn every_register_rule() {
    let mut said = String::new();
    let mut check = |name: &str, subject: &Subject| {
        said += &format!("== {name}\n{}\n\n", Findings(all(subject)));
    };
    assert_eq!(all(&subject(SAME, SAME)), []);
    check("id twice", &subject(("LAB-TWO", "LAB-ONE"), SAME));
    check("at nothing", &subject(("/components/schemas/Batch\"", "/components/schemas/Bach\""), SAME));
    check("unknown document", &subject(("document = \"batches\"", "document = \"batch\""), SAME));
    check("assumed without ambiguity, which leaves that unused", &subject(("ambiguity = \"LAB-Q-ONE\"", ""), SAME));
    check("unknown ambiguity", &subject(("ambiguity = \"LAB-Q-ONE\"", "ambiguity = \"LAB-Q-ON\""), SAME));
    check("one option", &subject(SAME, (", \"That.\"", "")));
    check("unknown requirement", &subject(SAME, ("[\"LAB-ONE\"]", "[\"LAB-THREE\"]")));
    check("unknown evidence", &subject(SAME, ("\"batches\"", "\"guide\"")));
    check(
        "touches nothing",
        &subject(
            SAME,
            (
                "touches = { requirements = [\"LAB-ONE\"], at = [\"/paths/~1batches~1{token}/get/x-session-lifecycle/cap-seconds\"] }",
                "touches = {}",
            ),
        ),
    );
    check("touches a place that is not there", &subject(SAME, ("/cap-seconds", "/cap")));
    check("disputed without provenance", &subject(SAME, ("/x-session-lifecycle/cap-seconds", "/responses/200")));
    let mut named = subject(SAME, SAME);
    *named.document.value.pointer_mut("/paths/~1batches/post/x-provenance/0").unwrap() =
        json!({"kind": "documented", "document": "batches", "ambiguity": "LAB-Q-ON"});
    check("entry with an unknown ambiguity", &named);
    let broken = Register::<crate::spec::requirement::Requirements>::parse(
        "spec/labels/requirements.toml".into(),
        REQUIREMENTS.replace("section", "sektion"),
    );
    said += &format!("== unknown key of a register\n{}\n", broken.unwrap_err());
    insta::assert_snapshot!(said);
}

#[test]
fn every_example_rule() {
    let mut said = String::new();
    let mut check = |name: &str, change: &dyn Fn(&mut Vec<Example>)| {
        let mut subject = Subject::load(&root(), "xtask/tests-data/labels").unwrap();
        change(&mut subject.examples);
        said += &format!("== {name}\n{}\n\n", Findings(all(&subject)));
    };
    let add = |path: &str, text: &str| Example { path: format!("examples/{path}"), text: text.to_owned() };
    check("not named", &|examples| examples.push(add("getBatch/200-more.json", "{}")));
    check("not there", &|examples| examples.retain(|example| !example.path.contains("201-created")));
    check("no JSON", &|examples| examples[0].text = "{\n\"a\": }".to_owned());
    check("not as the schema says", &|examples| examples[0].text = r#"{"token": 7}"#.to_owned());
    let bad = "getBatch/invalid/bad.json";
    check("invalid without its keys", &|examples| examples.push(add(bad, r#"{"value": 1}"#)));
    check("invalid for a status that is not there", &|examples| {
        examples.push(add(bad, r#"{"of": "202", "reason": "x", "value": 1}"#));
    });
    check("invalid for an operation that is not there", &|examples| {
        examples.push(add("getBath/invalid/bad.json", r#"{"of": "200", "reason": "x", "value": 1}"#));
    });
    check("invalid for another reason", &|examples| {
        examples.push(add(bad, r#"{"of": "200", "reason": "too long", "value": 1}"#));
    });
    check("invalid and yet valid", &|examples| {
        examples.push(add("createBatch/invalid/bad.json", r#"{"of": "201", "reason": "x", "value": {"token": "a"}}"#));
    });
    insta::assert_snapshot!(said);
}

/// The real documents, with everything that belongs to them.
#[test]
fn every_api_is_sound() {
    for api in crate::api::APIS {
        let subject = Subject::load(&root(), &format!("spec/{}", api.name)).unwrap();
        assert_eq!(Findings(of_api(&subject)).to_string(), "", "{}", api.name);
    }
}

#[test]
fn an_api_without_registers() {
    let mut subject = Subject::load(&root(), "spec/hum").unwrap();
    subject.requirements = None;
    let said = |subject: &Subject| Findings(super::register::registers_are_there(subject)).to_string();
    let requirements = "spec/hum/requirements.toml: there is no such file; \
                        write it; spec/requirements.schema.json lists the keys";
    assert_eq!(said(&subject), requirements);
    assert!(Findings(of_api(&subject)).to_string().contains(requirements));
    subject.ambiguities = None;
    assert_eq!(said(&subject), format!("{requirements}\n{}", requirements.replace("requirements", "ambiguities")));
}
