//! From a place in an OpenAPI document to the names that the generators give it.
//!
//! Nothing here knows whether a name exists; [`super::names::Names`] does. A rule that drifts from the generators therefore
//! shows as a missing name.

use heck::{ToSnakeCase, ToUpperCamelCase};
use serde_json::Value;

use super::checks::Checks;
use crate::constants::Constant;
use crate::document::Document;

const SCHEMAS: &str = "/components/schemas/";

/// What the names of an API are made of beside its document.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// The name of the API, as in the names of its crate and its modules.
    pub api: &'a str,
    /// The constants of the client.
    pub requests: &'a [Constant],
    /// The constants that only the server has.
    pub replies: &'a [Constant],
    /// The judge's checks; none where there is no judge of this API.
    pub checks: Option<&'a Checks>,
}

/// The names for a place, the closest first; none for a place from which nothing is generated.
pub fn generated(document: &Document, source: &Source, pointer: &str) -> Vec<String> {
    let segments: Vec<String> = pointer.split('/').skip(1).map(unescaped).collect();
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    let mut names: Vec<String> = in_client(document, &segments)
        .into_iter()
        .map(|name| if name.starts_with("abide_http::") { name } else { format!("{}_client::{name}", source.api) })
        .collect();
    names.extend(
        constants(source.requests, pointer).map(|name| format!("{}_client::lifecycle::limits::{name}", source.api)),
    );
    names.extend(
        constants(source.replies, pointer).map(|name| format!("abide_server::documented::{}::{name}", source.api)),
    );
    names
}

/// `~1` is `/` and `~0` is `~` (RFC 6901).
fn unescaped(segment: &str) -> String {
    segment.replace("~1", "/").replace("~0", "~")
}

fn in_client(document: &Document, segments: &[&str]) -> Vec<String> {
    match segments {
        ["servers", ..] => vec!["lifecycle::BASE_URL".to_owned()],
        // The generator has no authorisation; the transport, which it does not look into, sets the header.
        ["components", "securitySchemes", ..] => vec!["generated::Client::inner".to_owned()],
        ["components", "schemas", component, inner @ ..] => schema(document, component, inner),
        ["components", "parameters", name, ..] => {
            parameter(document, document.value.pointer(&format!("/components/parameters/{name}")))
        }
        ["paths", path, "parameters", index, ..] => {
            let parameters = document.value.get("paths").and_then(|paths| paths.get(path)?.get("parameters"));
            parameter(document, parameters.zip(index.parse::<usize>().ok()).and_then(|(all, index)| all.get(index)))
        }
        ["paths", _, _, "x-session-lifecycle", inner @ ..] => lifecycle(inner),
        ["paths", path, method, ..] => {
            let operation = document.value.get("paths").and_then(|paths| paths.get(path)?.get(method));
            let id = operation.and_then(|operation| operation.get("operationId")?.as_str());
            id.map(|id| format!("generated::Client::{}", id.to_snake_case())).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

fn schema(document: &Document, component: &str, inner: &[&str]) -> Vec<String> {
    let schema = document.value.pointer(&format!("{SCHEMAS}{component}"));
    if let Some(hand_written) = schema.and_then(|schema| schema.get("x-client-type")?.as_str()) {
        return vec![format!("abide_http::{hand_written}")];
    }
    let name = match inner {
        ["properties", property, ..] => variant_for_tag(document, component, property)
            .unwrap_or_else(|| format!("types::{component}::{}", property.to_snake_case())),
        ["enum", index] => {
            let words = schema.and_then(|schema| schema.get("enum")?.as_array());
            let word = words.zip(index.parse::<usize>().ok()).and_then(|(words, index)| words.get(index)?.as_str());
            word.map_or_else(
                || format!("types::{component}"),
                |word| format!("types::{component}::{}", word.to_upper_camel_case()),
            )
        }
        _ => format!("types::{component}"),
    };
    vec![name]
}

/// The property that tells the members of a union apart is no field: it has become the variant of the union.
fn variant_for_tag(document: &Document, member: &str, property: &str) -> Option<String> {
    let schemas = document.value.pointer("/components/schemas")?.as_object()?;
    schemas.iter().find_map(|(union, schema)| {
        let discriminator = schema.get("discriminator")?;
        if discriminator.get("propertyName")?.as_str()? != property {
            return None;
        }
        let target = format!("#{SCHEMAS}{member}");
        let (word, _) =
            discriminator.get("mapping")?.as_object()?.iter().find(|(_, to)| to.as_str() == Some(&target))?;
        Some(format!("types::{union}::{}", word.to_upper_camel_case()))
    })
}

/// A parameter is an argument, and its type is that of its component.
fn parameter(document: &Document, parameter: Option<&Value>) -> Vec<String> {
    let target =
        |value: &Value| value.get("$ref").and_then(Value::as_str).map(|path| path.trim_start_matches('#').to_owned());
    let Some(parameter) = parameter else {
        return Vec::new();
    };
    if let Some(shared) = target(parameter) {
        let shared = document.value.pointer(&shared);
        return if shared.is_some_and(|shared| target(shared).is_some()) {
            Vec::new()
        } else {
            self::parameter(document, shared)
        };
    }
    let component = parameter.get("schema").and_then(target);
    let component = component.as_deref().and_then(|path| path.strip_prefix(SCHEMAS));
    component.map(|component| schema(document, component, &[])).unwrap_or_default()
}

/// A key without a rule here becomes a field that does not exist.
fn lifecycle(inner: &[&str]) -> Vec<String> {
    let names: &[&str] = match inner {
        [] => &["LIFECYCLE"],
        ["first-poll", ..] => &["LIFECYCLE.first_poll"],
        ["interval-seconds", ..] => &["LIFECYCLE.interval"],
        ["while-unchanged", ..] => &["LIFECYCLE.growth"],
        ["cap-seconds", ..] => &["LIFECYCLE.cap"],
        ["inactivity-seconds", ..] => &["LIFECYCLE.inactivity"],
        ["complete-by", ..] => &["LIFECYCLE.complete_by"],
        ["states", ..] => &["state"],
        ["agents", "awaited", ..] => &["AWAITED_AGENTS"],
        ["agents", "outcomes", ..] => &["AGENT_PENDING", "AGENT_SUCCESSFUL", "AGENT_FAILED"],
        ["agents", ..] => &["AWAITED_AGENTS", "AGENT_PENDING", "AGENT_SUCCESSFUL", "AGENT_FAILED"],
        [key, ..] => return vec![format!("lifecycle::LIFECYCLE.{}", key.to_snake_case())],
    };
    names.iter().map(|name| format!("lifecycle::{name}")).collect()
}

/// The constants whose value stands at a place, around it, or (in a schema) within it.
fn constants<'a>(constants: &'a [Constant], pointer: &'a str) -> impl Iterator<Item = &'static str> + 'a {
    let within = |inner: &str, outer: &str| {
        inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let touches = move |constant: &&Constant| {
        let at = constant.pointer();
        within(pointer, at) || pointer.starts_with(SCHEMAS) && within(at, pointer)
    };
    constants.iter().filter(touches).map(Constant::name)
}
