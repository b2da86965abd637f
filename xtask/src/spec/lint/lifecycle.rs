//! Rules that join the words of `x-session-lifecycle` with the words of the schemas: whatever a server may say means
//! something, and whatever means something can be said.

use std::collections::BTreeSet;

use serde_json::Value;

use super::grammar::{SCHEMA, places};
use super::operation::operations;
use super::provenance::entries;
use super::reference::{follow, references_resolve};
use crate::document::Document;
use crate::finding::{Finding, did_you_mean, near_miss};
use crate::lifecycle;
use crate::lines::escape;

/// The extension, and the schemas that the success responses of its operation reach.
struct Status<'a> {
    document: &'a Document,
    /// Where the operation stands.
    operation: String,
    /// Where the extension stands.
    place: String,
    reached: BTreeSet<String>,
}

/// Every word of the status field is in `states`, and the other way round, but for words that a page is named for.
pub fn states_are_the_words_of_the_status(document: &Document) -> Vec<Finding> {
    let Some(status) = Status::of(document) else { return Vec::new() };
    let place = format!("{}/states", status.place);
    let meanings = keys(document, &place);
    if meanings.is_empty() {
        return Vec::new();
    }
    let known = |words: &[&str]| words.iter().filter(|word| meanings.contains(word)).count();
    let enums = enums(document, &status.reached);
    let best = enums.iter().filter(|(_, words)| known(words) > 0).max_by_key(|(_, words)| {
        // Of two with as many known words, the one with fewer others.
        (known(words), usize::MAX - words.len())
    });
    let Some((component, words)) = best else {
        let what = "no enum of a success response has any of these words";
        let mend = "make the status field a component with `enum`, or mend the words";
        return vec![document.finding(place, what, mend)];
    };
    let page = |word: &str| {
        let below = format!("/{}", escape(word));
        entries(document).iter().any(|entry| {
            let rest = entry.target();
            let rest = rest.strip_prefix(&place).filter(|_| entry.carrier == status.operation);
            rest.is_some_and(|rest| rest.is_empty() || rest == below)
        })
    };
    let mut findings = Vec::new();
    let Compared { strange, missing } = compare(&meanings, words);
    for (word, meant) in strange.into_iter().filter(|(word, meant)| meant.is_some() || !page(word)) {
        let otherwise = "remove it, add it to the enum, or say in x-provenance `about` the states where it comes from";
        findings.push(not_in_the_enum(document, &place, (word, meant), component, otherwise));
    }
    for word in missing {
        let what = format!("`{word}` of {component} means nothing here");
        findings.push(document.finding(&place, what, "add it with queued, running, completed or failed"));
    }
    findings
}

/// Every word of an agent is in `outcomes`, and the other way round; who is awaited is documented.
pub fn outcomes_are_the_words_of_the_agents(document: &Document) -> Vec<Finding> {
    let Some(status) = Status::of(document) else { return Vec::new() };
    let place = format!("{}/agents", status.place);
    let Some(agents) = document.value.pointer(&place) else { return Vec::new() };
    let outcomes = keys(document, &format!("{place}/outcomes"));
    let known = |agents: &Agents<'_>| agents.words.iter().filter(|word| outcomes.contains(word)).count();
    let Some(described) = status.agents().into_iter().max_by_key(known) else {
        let what = "no success response describes the agents";
        let mend = "describe them by a property with x-documented-names and additionalProperties";
        return vec![document.finding(place, what, mend)];
    };
    let awaited = texts(agents.get("awaited"));
    let mut findings = Vec::new();
    for (index, name) in awaited.iter().enumerate() {
        let pointer = format!("{place}/awaited/{index}");
        if !described.names.contains(name) {
            let what = format!("`{name}` is not in x-documented-names");
            let mend = did_you_mean(name, described.names.iter().copied(), "remove it, or add it there");
            findings.push(document.finding(pointer, what, mend));
        } else if awaited.iter().take(index).any(|other| other == name) {
            findings.push(document.finding(pointer, format!("`{name}` is awaited twice"), "remove one of the two"));
        }
    }
    let Some(component) = described.component else {
        let what = "the agents have no list of words";
        let mend = "point to a component with `enum` under additionalProperties";
        findings.push(document.finding(described.place, what, mend));
        return findings;
    };
    let place = format!("{place}/outcomes");
    let Compared { strange, missing } = compare(&outcomes, &described.words);
    for strange in strange {
        findings.push(not_in_the_enum(document, &place, strange, component, "remove it, or add it to the enum"));
    }
    for word in missing {
        let what = format!("`{word}` of {component} means nothing here");
        findings.push(document.finding(&place, what, "add it with pending, successful or failed"));
    }
    findings
}

/// How a reply describes its agents.
struct Agents<'a> {
    place: String,
    names: Vec<&'a str>,
    /// The name of the component that has the words.
    component: Option<&'a str>,
    words: Vec<&'a str>,
}

impl<'a> Status<'a> {
    /// `None` where there is no extension. A dangling `$ref` may be the missing word, and is said first.
    fn of(document: &'a Document) -> Option<Self> {
        let place = lifecycle::place(document);
        let operation = operations(document).into_iter().find(|operation| {
            place.strip_prefix(&operation.pointer).is_some_and(|rest| rest.matches('/').count() == 1)
        })?;
        if !references_resolve(document).is_empty() {
            return None;
        }
        let success = operation.responses().filter(|(status, _)| status.starts_with('2'));
        let success = success.map(|(status, _)| format!("{}/responses/{status}", operation.pointer)).collect();
        Some(Self { document, operation: operation.pointer, place, reached: follow(document, success) })
    }

    fn agents(&self) -> Vec<Agents<'a>> {
        let schemas = places(self.document).into_iter().filter(|place| {
            let inside = |part: &String| {
                place.pointer.strip_prefix(part).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            };
            place.is(&SCHEMA)
                && place.value.get("x-documented-names").is_some()
                && place.value.get("additionalProperties").is_some_and(Value::is_object)
                && self.reached.iter().any(inside)
        });
        let agents = schemas.map(|place| {
            let below = follow(self.document, vec![format!("{}/additionalProperties", place.pointer)]);
            let words = enums(self.document, &below).into_iter().next();
            Agents {
                names: texts(place.value.get("x-documented-names")),
                component: words.as_ref().map(|(component, _)| *component),
                words: words.map(|(_, words)| words).unwrap_or_default(),
                place: place.pointer,
            }
        });
        agents.collect()
    }
}

/// The components among these places that are lists of words: name and words.
fn enums<'a>(document: &'a Document, reached: &BTreeSet<String>) -> Vec<(&'a str, Vec<&'a str>)> {
    let components = document.value.pointer("/components/schemas").and_then(Value::as_object).into_iter().flatten();
    let reached = components.filter(|(name, _)| reached.contains(&format!("/components/schemas/{}", escape(name))));
    let enums = reached.map(|(name, schema)| (name.as_str(), texts(schema.get("enum"))));
    enums.filter(|(_, words)| !words.is_empty()).collect()
}

/// What two lists of words do not share.
struct Compared<'a> {
    /// Words that no schema knows, each with the one that was probably meant.
    strange: Vec<(&'a str, Option<&'a str>)>,
    /// Words of the schema without a meaning, those that were probably meant left out.
    missing: Vec<&'a str>,
}

fn compare<'a>(meanings: &[&'a str], words: &[&'a str]) -> Compared<'a> {
    let mut missing: Vec<&str> = words.iter().copied().filter(|word| !meanings.contains(word)).collect();
    let mut strange = Vec::new();
    for word in meanings.iter().copied().filter(|word| !words.contains(word)) {
        let meant = near_miss(word, missing.iter().copied());
        missing.retain(|other| Some(*other) != meant);
        strange.push((word, meant));
    }
    Compared { strange, missing }
}

fn not_in_the_enum(
    document: &Document,
    place: &str,
    (word, meant): (&str, Option<&str>),
    component: &str,
    otherwise: &str,
) -> Finding {
    let what = format!("`{word}` is no word of {component}");
    document.finding(format!("{place}/{}", escape(word)), what, did_you_mean(word, meant, otherwise))
}

fn keys<'a>(document: &'a Document, pointer: &str) -> Vec<&'a str> {
    let object = document.value.pointer(pointer).and_then(Value::as_object);
    object.into_iter().flatten().map(|(key, _)| key.as_str()).collect()
}

fn texts(list: Option<&Value>) -> Vec<&str> {
    list.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::document::root;

    const CALMYX: &str = "/paths/~1v2~1session~1status/get";
    const HUM: &str = "/paths/~1sessions~1{token}/get";

    /// The findings of a real document after a change of its text.
    fn said(api: &str, from: &str, to: &str) -> Vec<String> {
        let path = format!("spec/{api}/openapi.yaml");
        let text = std::fs::read_to_string(root().join(&path)).unwrap();
        assert!(text.contains(from), "{api}: `{from}` does not occur");
        let document = Document::parse(path, &text.replace(from, to)).unwrap();
        let findings = super::super::document(&document).into_iter();
        findings.map(|finding| format!("{}: {}; {}", finding.place, finding.what, finding.mend)).collect()
    }

    fn check(api: &str, from: &str, to: &str, expected: &[&str]) {
        let operation = if api == "hum" { HUM } else { CALMYX };
        let place = format!("{operation}/x-session-lifecycle");
        let expected: Vec<String> = expected.iter().map(|words| format!("{place}{words}")).collect();
        assert_eq!(said(api, from, to), expected, "{api}: {to}");
    }

    #[test]
    fn agents() {
        let awaited = "awaited: [geocoding, internet]";
        check(
            "hum",
            awaited,
            "awaited: [geocodin, internet]",
            &["/agents/awaited/0: `geocodin` is not in x-documented-names; did you mean `geocoding`?"],
        );
        check(
            "hum",
            awaited,
            "awaited: [geocoding, geocoding]",
            &["/agents/awaited/1: `geocoding` is awaited twice; remove one of the two"],
        );
        check(
            "hum",
            "multiple: failed,",
            "mutliple: failed,",
            &["/agents/outcomes/mutliple: `mutliple` is no word of AgentState; did you mean `multiple`?"],
        );
        check(
            "hum",
            "matched: successful,",
            "macthed: successful,",
            &["/agents/outcomes/macthed: `macthed` is no word of AgentState; did you mean `matched`?"],
        );
        check(
            "hum",
            "multiple: failed, failed: failed}",
            "multiple: failed}",
            &["/agents/outcomes: `failed` of AgentState means nothing here; add it with pending, successful or failed"],
        );
        check(
            "hum",
            "enum: [pending, matched, multiple, failed]",
            "enum: [pending, matched, multiple, failed, skipped]",
            &[
                "/agents/outcomes: `skipped` of AgentState means nothing here; add it with pending, successful or failed",
            ],
        );
        check(
            "hum",
            "failed: failed}",
            "failed: failed, gone: failed}",
            &["/agents/outcomes/gone: `gone` is no word of AgentState; remove it, or add it to the enum"],
        );
    }

    #[test]
    fn states() {
        check(
            "calmyx",
            "COMPLETED: completed",
            "COMPLETD: completed",
            &["/states/COMPLETD: `COMPLETD` is no word of SessionState; did you mean `COMPLETED`?"],
        );
        check(
            "calmyx",
            "enum: [QUEUED, PROCESSING, COMPLETED, FAILED]",
            "enum: [QUEUED, PROCESSING, COMPLETED, FAILED, CANCELLED]",
            &[
                "/states: `CANCELLED` of SessionState means nothing here; add it with queued, running, completed or failed",
            ],
        );
        check("calmyx", "PENDING: queued", "ANCIENT: queued", &[]);
        check(
            "calmyx",
            "about: /x-session-lifecycle/states",
            "about: /x-session-lifecycle/interval-seconds",
            &["/states/PENDING: `PENDING` is no word of SessionState; \
               remove it, add it to the enum, or say in x-provenance `about` the states where it comes from"],
        );
    }

    #[test]
    fn nothing_to_join() {
        let text = std::fs::read_to_string(root().join("spec/hum/openapi.yaml")).unwrap();
        let mut document = Document::parse("spec/hum/openapi.yaml".into(), &text).unwrap();
        let place = format!("{HUM}/x-session-lifecycle");
        document.value.pointer_mut(&place).unwrap()["states"] = json!({"OPEN": "running"});
        let meta = "/components/schemas/SessionMeta/properties/agent_status";
        document.value.pointer_mut(meta).unwrap().as_object_mut().unwrap().remove("x-documented-names");
        let what = |findings: Vec<Finding>| findings.into_iter().map(|finding| finding.what).collect::<Vec<_>>();
        let states = what(states_are_the_words_of_the_status(&document));
        assert_eq!(states, ["no enum of a success response has any of these words"]);
        let agents = what(outcomes_are_the_words_of_the_agents(&document));
        assert_eq!(agents, ["no success response describes the agents"]);
        document.value.pointer_mut(meta).unwrap()["x-documented-names"] = json!(["geocoding", "internet"]);
        document.value.pointer_mut(meta).unwrap()["additionalProperties"] = json!({"type": "string"});
        let agents = what(outcomes_are_the_words_of_the_agents(&document));
        assert_eq!(agents, ["the agents have no list of words"]);
    }
}
