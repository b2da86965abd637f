//! The forms for programs: `JUnit` as build servers take it, and JSON by its published schema.

use std::collections::BTreeSet;

use abide_conformance::catalogue::Api;
use abide_conformance::judge;
use abide_conformance::report::{Report, Verdict, Whole, json, junit};
use abide_conformance::trace::{Fact, Header, Source, Subject, Trace};
use roxmltree::{Document, Node};

use crate::{page, shown};

/// What Jenkins takes, each element with its attributes, the obligatory ones first.
const ELEMENTS: [(&str, &[&str], &[&str]); 9] = [
    ("testsuites", &[], &["name", "time", "tests", "failures", "errors"]),
    (
        "testsuite",
        &["name", "tests", "failures", "errors"],
        &["skipped", "time", "timestamp", "hostname", "id", "package"],
    ),
    ("properties", &[], &[]),
    ("property", &["name", "value"], &[]),
    ("testcase", &["name"], &["classname", "time"]),
    ("failure", &[], &["type", "message"]),
    ("error", &[], &["type", "message"]),
    ("skipped", &[], &["type", "message"]),
    ("system-out", &[], &[]),
];

fn reports() -> Vec<Report> {
    let down = |subject| {
        let mut trace = Trace::new(Header::new(Api::Hum, subject, Source::Driven, "<target> & \"more\""));
        trace.facts.push(Fact::Stopped { at: 0, why: "nobody's \u{1b}there]]>".to_owned() });
        judge(&trace)
    };
    let odd = "]]><testcase name='x'/>\u{0}\u{ffff}&#0;";
    vec![
        judge(&shown::recording()),
        judge(&page::client()),
        judge(&page::written_by_somebody(Subject::Server, odd)),
        judge(&page::written_by_somebody(Subject::Client, odd)),
        down(Subject::Server),
        down(Subject::Client),
    ]
}

#[test]
fn a_build_server_shows_one_case_for_each_requirement() {
    for report in reports() {
        let text = junit(&report);
        let tree = Document::parse(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        tree.descendants().filter(Node::is_element).for_each(is_known);
        let suites: Vec<_> = tree.root_element().children().filter(Node::is_element).collect();
        assert!(tree.root_element().has_tag_name("testsuites") && suites.len() == 1, "{text}");
        let cases: Vec<_> = suites[0].children().filter(|node| node.has_tag_name("testcase")).collect();
        let names: Vec<&str> =
            cases.iter().filter_map(|case| case.attribute("name")).filter(|name| *name != "judged").collect();
        let ids: Vec<&str> = report.requirements.iter().map(|row| row.id.as_str()).collect();
        assert_eq!(names, ids);
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "a name is shown once");
        let with = |name| cases.iter().filter(|case| case.children().any(|child| child.has_tag_name(name))).count();
        let open = report.with(Verdict::Inconclusive).count() + report.with(Verdict::NotExercised).count();
        assert_eq!((with("failure"), with("skipped")), (report.with(Verdict::Failed).count(), open));
        assert_eq!(with("error") == 1, report.verdict == Whole::NotJudged, "{text}");
        for (attribute, count) in [
            ("tests", cases.len()),
            ("failures", with("failure")),
            ("errors", with("error")),
            ("skipped", with("skipped")),
        ] {
            assert_eq!(suites[0].attribute(attribute), Some(count.to_string().as_str()), "{attribute}");
        }
    }
}

#[track_caller]
fn is_known(node: Node<'_, '_>) {
    let name = node.tag_name().name();
    let (_, needed, possible) = ELEMENTS.iter().find(|(known, ..)| *known == name).unwrap_or_else(|| panic!("{name}"));
    assert!(needed.iter().all(|attribute| node.has_attribute(*attribute)), "{name} lacks an attribute");
    let all: Vec<&str> = node.attributes().map(|attribute| attribute.name()).collect();
    assert!(all.iter().all(|attribute| needed.contains(attribute) || possible.contains(attribute)), "{name}: {all:?}");
}

#[test]
fn json_keeps_to_its_schema() {
    let schema: serde_json::Value = serde_json::from_str(include_str!("../../../../spec/report.schema.json")).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    for report in reports() {
        let value: serde_json::Value = serde_json::from_str(&json(&report)).unwrap();
        assert!(schema.is_valid(&value), "{value:#}");
        assert_eq!(serde_json::from_value::<Report>(value).unwrap(), report, "nothing is lost");
    }
}
