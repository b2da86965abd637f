//! A word or number of a document cannot change unseen: the generated files differ, or lint objects, or an example no
//! longer fits. A row that nobody notices is a rule that stands twice, or nowhere.

use serde_json::{Value, json};

use crate::api::APIS;
use crate::document::root;
use crate::generate;
use crate::output::File;
use crate::spec::lint::{self, Subject};

/// Who notices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    Generated(&'static str),
    /// The generator itself objects, in these words.
    Refused(&'static str),
    Lint(&'static str),
    Example(&'static str),
}

use By::{Example, Generated, Lint, Refused};

fn subjects() -> Vec<Subject> {
    APIS.iter().map(|api| Subject::load(&root(), &format!("spec/{}", api.name)).unwrap()).collect()
}

fn generated(subjects: &[Subject]) -> Result<Vec<File>, String> {
    let documents: Vec<_> = subjects.iter().map(|subject| subject.document.clone()).collect();
    generate::files(APIS, &documents).map_err(|refusal| format!("{refusal:#}"))
}

fn notices(by: By, subject: &Subject, before: &[File], after: &Result<Vec<File>, String>) -> bool {
    match by {
        Generated(path) => {
            let text =
                |files: &[File]| files.iter().find(|file| file.path.ends_with(path)).map(|file| file.text.clone());
            let (before, after) = (text(before), after.as_deref().ok().and_then(text));
            assert!(before.is_some(), "{path} is not generated");
            after.is_some() && before != after
        }
        Refused(words) => after.as_ref().is_err_and(|refusal| refusal.contains(words)),
        Lint(words) => lint::document(&subject.document).iter().any(|finding| finding.to_string().contains(words)),
        Example(name) => lint::all(subject).iter().any(|finding| finding.file.ends_with(&format!("{name}.json"))),
    }
}

#[test]
fn every_edit_is_noticed() {
    let rows: Vec<(&str, &str, Value, &[By])> = edits();
    assert!(rows.len() >= 14);
    let before = generated(&subjects()).unwrap();
    for (api, pointer, value, noticed_by) in rows {
        let mut subjects = subjects();
        let place = APIS.iter().position(|other| other.name == api).unwrap();
        let old = subjects[place].document.value.pointer_mut(pointer).unwrap_or_else(|| panic!("{api} {pointer}"));
        assert_ne!(*old, value, "{api} {pointer} is that already");
        *old = value.clone();
        let after = generated(&subjects);
        assert!(!noticed_by.is_empty(), "{api} {pointer}");
        for by in noticed_by {
            assert!(
                notices(*by, &subjects[place], &before, &after),
                "{api} {pointer} = {value}: not noticed by {by:?}"
            );
        }
    }
}

const CALMYX_LIFECYCLE: &str = "calmyx-client/src/lifecycle.rs";
const HUM_LIFECYCLE: &str = "hum-client/src/lifecycle.rs";
const HUM_TYPES: &str = "hum-client/src/generated.rs";
const SERVER: &str = "abide-server/src/documented.rs";

macro_rules! calmyx_status {
    ($rest:literal) => {
        concat!("/paths/~1v2~1session~1status/get/x-session-lifecycle", $rest)
    };
}

macro_rules! hum_status {
    ($rest:literal) => {
        concat!("/paths/~1sessions~1{token}/get/x-session-lifecycle", $rest)
    };
}

/// API, place, new value, and everybody who must notice.
#[rustfmt::skip]
fn edits() -> Vec<(&'static str, &'static str, Value, &'static [By])> {
    vec![
        ("calmyx", calmyx_status!("/first-poll"), json!("after-interval"), &[Generated(CALMYX_LIFECYCLE)]),
        ("calmyx", calmyx_status!("/interval-seconds/0"), json!(6), &[Generated(CALMYX_LIFECYCLE)]),
        ("calmyx", calmyx_status!("/interval-seconds"), json!([10, 5]), &[Lint("interval-seconds [10, 5]")]),
        ("calmyx", calmyx_status!("/complete-by"), json!(["count"]), &[Generated(CALMYX_LIFECYCLE)]),
        ("calmyx", calmyx_status!("/complete-by"), json!(["status"]), &[Lint("no rule for status alone")]),
        ("calmyx", calmyx_status!("/states/PENDING"), json!("running"), &[Generated(CALMYX_LIFECYCLE)]),
        ("calmyx", calmyx_status!("/states/COMPLETED"), json!("done"), &[Lint("unknown variant `done`")]),
        ("calmyx", "/components/schemas/NewSession/properties/locations/maxItems", json!(501), &[Generated(CALMYX_LIFECYCLE), Generated(SERVER)]),
        ("calmyx", "/components/schemas/NewSession/properties/locations/minItems", json!(0), &[Example("invalid/no-locations")]),
        ("calmyx", "/components/schemas/Location/properties/lat/maximum", json!(96), &[Generated(CALMYX_LIFECYCLE), Generated(SERVER), Example("invalid/latitude-95")]),
        ("calmyx", "/components/schemas/SessionState/enum/0", json!("PENDING"), &[Refused("cannot stand for"), Example("200-queued")]),
        ("calmyx", "/components/schemas/SessionState/enum/3", json!("Queued"), &[Lint("a second time")]),
        ("calmyx", "/components/schemas/Progress/properties/processed/minimum", json!(-1), &[Example("invalid/negative-counter")]),
        ("calmyx", "/components/schemas/ScoredLocation/properties/quiet_score/maximum", json!(101), &[Generated(SERVER), Example("invalid/score-101")]),
        ("calmyx", "/components/schemas/ScoredLocation/properties/status/enum/0", json!("ok"), &[Refused("cannot stand for"), Example("200-partial")]),
        ("calmyx", "/components/schemas/FailedLocation/properties/error/x-documented-values/1", json!("Full"), &[Generated(SERVER)]),
        ("hum", hum_status!("/cap-seconds"), json!(31), &[Generated(HUM_LIFECYCLE)]),
        ("hum", hum_status!("/cap-seconds"), json!(0), &[Lint("cap-seconds")]),
        ("hum", hum_status!("/inactivity-seconds"), json!(1801), &[Generated(HUM_LIFECYCLE), Generated(SERVER)]),
        ("hum", hum_status!("/while-unchanged/factor"), json!(3), &[Generated(HUM_LIFECYCLE)]),
        ("hum", hum_status!("/while-unchanged/max-seconds"), json!(2), &[Lint("max-seconds at least 3")]),
        ("hum", hum_status!("/agents/awaited"), json!(["internet"]), &[Generated(HUM_LIFECYCLE)]),
        ("hum", hum_status!("/agents/outcomes/multiple"), json!("successful"), &[Generated(HUM_LIFECYCLE)]),
        ("hum", "/components/schemas/NewSession/properties/street1/maxLength", json!(101), &[Generated(HUM_LIFECYCLE), Generated(SERVER), Example("invalid/street-of-101-letters")]),
        ("hum", "/components/schemas/NewSession/properties/zip/pattern", json!("^\\d{4,5}$"), &[Generated(HUM_LIFECYCLE), Generated(SERVER), Example("invalid/zip-of-four-digits")]),
        ("hum", "/components/schemas/UsState/enum/50", json!("XX"), &[Generated(HUM_LIFECYCLE), Generated(HUM_TYPES), Generated(SERVER), Example("invalid/no-such-state")]),
        ("hum", "/components/schemas/AgentState/enum/1", json!("found"), &[Generated(HUM_TYPES), Example("200-matched")]),
        ("hum", "/components/schemas/RequestStatus/enum/0", json!("fine"), &[Generated(HUM_TYPES), Example("202-pending")]),
        ("hum", "/components/schemas/SessionMeta/properties/agent_status/x-documented-names/2", json!("order"), &[Generated(SERVER)]),
        ("hum", "/components/schemas/Timestamp/pattern", json!("^.*$"), &[Example("invalid/time-without-offset")]),
    ]
}
