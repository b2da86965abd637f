//! The table over a small API, over the real ones, and over what is wrong.

use super::*;

const DOCUMENT: &str = r##"
openapi: 3.0.3
info: {title: Parcels}
servers: [{url: "https://example.com"}]
x-documents: {guide: The guide of parcels}
paths:
  /parcels/{id}:
    parameters: [{$ref: "#/components/parameters/Id"}]
    get:
      operationId: readParcel
      x-session-lifecycle: {cap-seconds: 30, states: {DONE: completed}, agents: {awaited: [a]}, hurry: 1}
components:
  securitySchemes: {key: {type: apiKey}}
  parameters:
    Id: {name: id, in: path, schema: {$ref: "#/components/schemas/ParcelId"}}
  schemas:
    ParcelId: {type: string, x-client-type: PathSegment}
    Parcel: {type: object, properties: {weightInGrams: {type: integer}, state: {type: string}}}
    Place: {enum: [at home, ON-THE-WAY]}
    Event:
      oneOf: [{$ref: "#/components/schemas/Scan"}]
      discriminator: {propertyName: kind, mapping: {scanned: "#/components/schemas/Scan"}}
    Scan: {type: object, properties: {kind: {type: string}, at: {type: string}}}
"##;

const CODE: &str = "pub mod types {
    pub struct Parcel { pub weight_in_grams: i64 }
    pub enum Place { AtHome, OnTheWay }
    pub enum Event { Scanned(Scan) }
    pub struct Scan { pub at: String }
}
pub struct Client { inner: u8, id: ::abide_http::PathSegment }
impl Client { pub fn read_parcel(&self) {} }";

const LIFECYCLE: &str = "pub const BASE_URL: &str = \"\"; pub const LIFECYCLE: L = L { cap: None };
pub const AWAITED_AGENTS: &[&str] = &[]; pub fn state() {}";

fn requirement(id: &str, at: &str, more: &str) -> String {
    format!(
        "[[requirement]]\nid = \"{id}\"\nlevel = \"must\"\nkind = \"documented\"\nbinds = \"server\"\n\
         says = \"a rule | of parcels\"\ndocument = \"guide\"\nsection = \"Rules\"\nat = \"{at}\"\n{more}\n"
    )
}

const AMBIGUITIES: &str = r#"
[[ambiguity]]
id = "PAR-Q-OPEN"
question = "What does open mean?"
options = ["unlocked", "unpacked"]
decided = "Unlocked | unpacked."
why = "Nobody looks inside."
touches.requirements = ["PAR-OPEN"]
evidence = [{ document = "guide", says = "Parcels may be open." }]
"#;

fn small(requirements: &str) -> Result<Trace> {
    checked(requirements, None)
}

fn checked(requirements: &str, checks: Option<&Checks>) -> Result<Trace> {
    let document = Document::parse("spec/parcels/openapi.yaml".into(), DOCUMENT)?;
    let requirements = Requirements::parse("spec/parcels/requirements.toml", requirements)?;
    let mut names = Names::default();
    names.read("parcels_client::generated", CODE)?;
    names.read("parcels_client::lifecycle", LIFECYCLE)?;
    trace(
        &document,
        &requirements,
        Ambiguities::parse("spec/parcels/ambiguities.toml", AMBIGUITIES)?,
        &Source { api: "parcels", requests: &[], replies: &[], checks },
        &names,
    )
}

#[test]
fn a_small_table() {
    let open = requirement("PAR-OPEN", "/components/schemas/Parcel", "").replace("documented\"\nb", "assumed\"\nb");
    let client = requirement("PAR-CLIENT-CAP", "/paths/~1parcels~1{id}/get/x-session-lifecycle/cap-seconds", "")
        .replace("server", "client")
        .replace("must", "should");
    let rows = [
        requirement("PAR-READ", "/paths/~1parcels~1{id}/get", "planted-bugs = [\"blind\", \"deaf\"]"),
        open + "when = \"it is open\"\nambiguity = \"PAR-Q-OPEN\"\n",
        client,
        requirement("PAR-TITLE", "/info/title", ""),
    ];
    let trace =
        checked(&rows.concat(), Some(&checks(&["PAR-READ", "PAR-OPEN", "PAR-CLIENT-CAP", "PAR-TITLE"]))).unwrap();
    insta::assert_snapshot!(markdown::page(std::slice::from_ref(&trace)));
    insta::assert_snapshot!(json(&[trace]).unwrap());
}

/// A judge that checks these.
fn checks(ids: &[&str]) -> Checks {
    let rows: Vec<String> = ids.iter().map(|id| format!("({id:?}, rules::check)")).collect();
    let mut checks = Checks::default();
    checks
        .read("judge::parcels", "SERVER", &format!("mod rules; const SERVER: &[R] = &[{}];", rows.join(",")))
        .unwrap();
    checks
}

#[test]
fn a_requirement_and_its_check_need_each_other() {
    let one = requirement("PAR-A", "/info", "");
    assert!(checked(&one, Some(&checks(&["PAR-A"]))).is_ok());
    let missing = checked(&one, Some(&checks(&[]))).unwrap_err().to_string();
    assert!(missing.contains("PAR-A: the judge has no check for it"), "{missing}");
    let unknown = checked(&one, Some(&checks(&["PAR-A", "PAR-B"]))).unwrap_err().to_string();
    assert_eq!(unknown, "spec/parcels/requirements.toml: the judge checks PAR-B, which is not there");
}

/// What is generated for a place, or the message.
fn check(at: &str, expected: &str) {
    let found = match small(&requirement("PAR-A", at, "")) {
        Ok(trace) => trace.rows.iter().flat_map(|row| row.generated.clone()).collect::<Vec<_>>().join(" "),
        Err(error) => format!("{error:#}"),
    };
    assert_eq!(found, expected, "{at}");
}

#[test]
fn places() {
    check("/servers/0/url", "parcels_client::lifecycle::BASE_URL");
    check("/info", "");
    check("/components/securitySchemes/key", "parcels_client::generated::Client::inner");
    check("/components/parameters/Id", "abide_http::PathSegment");
    check("/components/schemas/ParcelId", "abide_http::PathSegment");
    check("/components/schemas/Parcel", "parcels_client::types::Parcel");
    check("/components/schemas/Parcel/properties/weightInGrams/type", "parcels_client::types::Parcel::weight_in_grams");
    check("/components/schemas/Place/enum", "parcels_client::types::Place");
    check("/components/schemas/Place/enum/1", "parcels_client::types::Place::OnTheWay");
    check("/components/schemas/Event/oneOf/0", "parcels_client::types::Event");
    check("/components/schemas/Scan/properties/kind", "parcels_client::types::Event::Scanned");
    check("/components/schemas/Scan/properties/at", "parcels_client::types::Scan::at");
    check("/paths/~1parcels~1{id}/parameters/0", "abide_http::PathSegment");
    check("/paths/~1parcels~1{id}/get", "parcels_client::generated::Client::read_parcel");
    let lifecycle = "/paths/~1parcels~1{id}/get/x-session-lifecycle";
    check(lifecycle, "parcels_client::lifecycle::LIFECYCLE");
    check(&format!("{lifecycle}/cap-seconds"), "parcels_client::lifecycle::LIFECYCLE.cap");
    check(&format!("{lifecycle}/states/DONE"), "parcels_client::lifecycle::state");
    check(&format!("{lifecycle}/agents/awaited/0"), "parcels_client::lifecycle::AWAITED_AGENTS");
}

#[test]
fn what_cannot_be_traced_is_named() {
    let here = "spec/parcels/requirements.toml: PAR-A: ";
    let mend = "which the generated code does not have; run `cargo xtask generate`, or correct `at`";
    for (at, problem) in [
        (
            "/components/schemas/Box",
            "spec/parcels/openapi.yaml has nothing at /components/schemas/Box; correct `at`".to_owned(),
        ),
        ("components", "spec/parcels/openapi.yaml has nothing at components; correct `at`".to_owned()),
        (
            "/components/schemas/Parcel/properties/state",
            format!(
                "/components/schemas/Parcel/properties/state should be parcels_client::types::Parcel::state, {mend}"
            ),
        ),
        (
            "/paths/~1parcels~1{id}/get/x-session-lifecycle/hurry",
            format!(
                "/paths/~1parcels~1{{id}}/get/x-session-lifecycle/hurry should be \
                 parcels_client::lifecycle::LIFECYCLE.hurry, {mend}"
            ),
        ),
    ] {
        check(at, &format!("{here}{problem}"));
    }
    let undecided = small(&requirement("PAR-A", "/info", "ambiguity = \"PAR-Q-SHUT\"")).unwrap_err().to_string();
    assert_eq!(
        undecided,
        format!("{here}there is no ambiguity PAR-Q-SHUT; correct `ambiguity`, or add it to ambiguities.toml")
    );
    let both = small(&(requirement("PAR-A", "/a", "") + &requirement("PAR-B", "/b", ""))).unwrap_err().to_string();
    assert!(both.contains("PAR-A") && both.contains("PAR-B"), "{both}");
}

#[test]
fn constants_stand_beside_the_types() {
    let traces = traces(&root()).unwrap();
    let generated = |id: &str| {
        let row = traces.iter().flat_map(|trace| &trace.rows).find(|row| row.requirement == id);
        row.map(|row| row.generated.join(" ")).unwrap_or_default()
    };
    assert_eq!(
        generated("CAL-CREATE-LIMIT"),
        "calmyx_client::types::NewSession::locations calmyx_client::lifecycle::limits::MAX_LOCATIONS"
    );
    assert_eq!(
        generated("CAL-SCORE-RANGE"),
        "calmyx_client::types::ScoredLocation::quiet_score abide_server::documented::calmyx::SCORE"
    );
    assert_eq!(
        generated("HUM-EXPIRY"),
        "hum_client::lifecycle::LIFECYCLE.inactivity abide_server::documented::hum::INACTIVITY_SECONDS"
    );
}

#[test]
fn every_real_rule_has_a_generated_item() {
    for row in traces(&root()).unwrap().iter().flat_map(|trace| &trace.rows) {
        assert!(!row.generated.is_empty(), "{}: {}", row.requirement, row.at);
    }
}

#[test]
fn the_table_in_the_repository_is_up_to_date() {
    run(Output::Check).unwrap();
}
