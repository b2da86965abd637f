//! Rules about what the generator can do: shapes that it makes no useful type of are refused by name, with the way out.

use serde_json::Value;

use super::grammar::{Place, RESPONSE, SCHEMA, places};
use super::operation::operations;
use super::reference::{follow, references};
use crate::document::Document;
use crate::finding::{Finding, did_you_mean};
use crate::lines::escape;
use crate::{generate, lifecycle};

/// The formats for which the generator has a plain number type.
const FORMATS: [&str; 4] = ["double", "float", "int32", "int64"];

const TYPES: [&str; 6] = ["array", "boolean", "integer", "number", "object", "string"];

/// Shapes without a good type.
pub fn schemas_can_be_types(document: &Document) -> Vec<Finding> {
    let findings = schemas(document).into_iter().flat_map(|Place { pointer, value, .. }| {
        let has = |key: &str| value.get(key).is_some();
        let at = |key: &str| format!("{pointer}/{key}");
        let mut findings = Vec::new();
        if has("anyOf") {
            findings.push(document.finding(
                at("anyOf"),
                "the generator cannot tell the members of an anyOf apart",
                "write oneOf",
            ));
        }
        if has("not") {
            findings.push(document.finding(
                at("not"),
                "the generator has no type for `not`",
                "say it in the description, and refuse it in the client by hand",
            ));
        }
        if let Some(kind) = value.get("type").and_then(Value::as_str)
            && !TYPES.contains(&kind)
        {
            let mend = did_you_mean(kind, TYPES, &format!("write one of {}", TYPES.join(", ")));
            findings.push(document.finding(at("type"), format!("there is no type `{kind}`"), mend));
        }
        match value.get("format").and_then(Value::as_str) {
            None => {}
            Some("date-time") => findings.push(document.finding(
                at("format"),
                "format date-time makes a type that refuses a time without an offset, and with it the whole answer",
                "point to a component with `x-client-type: Timestamp`",
            )),
            Some(format) if FORMATS.contains(&format) => {}
            Some(format) => findings.push(document.finding(
                at("format"),
                format!("format {format} would make a strict type of a text"),
                format!("leave it out; {} are fine", FORMATS.join(", ")),
            )),
        }
        findings
    });
    findings.collect()
}

/// A closed enum or union in a corner would cost a whole answer for one new word.
pub fn words_and_unions_have_names(document: &Document) -> Vec<Finding> {
    let tags = tags(document);
    let inline = schemas(document).into_iter().filter(|place| !is_component(&place.pointer));
    let findings = inline.flat_map(|Place { pointer, value, .. }| {
        let keys = ["enum", "oneOf"].into_iter().filter(|key| value.get(key).is_some());
        let keys = keys.filter(|_| !tags.contains(&pointer));
        keys.map(|key| {
            document.finding(
                format!("{pointer}/{key}"),
                format!("a nameless {key} becomes a closed type, which loses the whole answer to one new value"),
                "make it a component and point to it with a $ref",
            )
        })
        .collect::<Vec<_>>()
    });
    findings.collect()
}

/// Pointers of the properties that tell the members of a union apart; they belong to the union.
fn tags(document: &Document) -> Vec<String> {
    let unions = schemas(document).into_iter().filter_map(|place| {
        let tag = place.value.pointer("/discriminator/propertyName")?.as_str()?;
        Some((tag, place.value.get("oneOf")?))
    });
    let tags = unions.flat_map(|(tag, members)| {
        let members = references(members).into_iter();
        members.map(move |(_, member)| format!("{}/properties/{tag}", member.trim_start_matches('#')))
    });
    tags.collect()
}

/// What the mapping calls a member, the member calls itself.
pub fn mappings_say_the_words_of_the_tags(document: &Document) -> Vec<Finding> {
    let mut findings = Vec::new();
    for Place { pointer, value, .. } in schemas(document) {
        let Some(tag) = value.pointer("/discriminator/propertyName").and_then(Value::as_str) else { continue };
        let mapping = value.pointer("/discriminator/mapping").and_then(Value::as_object);
        for (word, member) in mapping.into_iter().flatten() {
            let member = member.as_str().unwrap_or_default().trim_start_matches('#');
            let of_tag = follow(document, vec![format!("{member}/properties/{}", escape(tag))]);
            let lists = of_tag.iter().filter_map(|place| document.value.pointer(place)?.get("enum")?.as_array());
            let words: Vec<&str> = lists.flatten().filter_map(Value::as_str).collect();
            if !words.is_empty() && !words.contains(&word.as_str()) {
                let what = format!("{member} never says `{word}` in `{tag}`");
                let otherwise = format!("write {}, or add it there", words.join(" or "));
                let mend = did_you_mean(word, words, &otherwise);
                findings.push(document.finding(
                    format!("{pointer}/discriminator/mapping/{}", escape(word)),
                    what,
                    mend,
                ));
            }
        }
    }
    findings
}

/// A field that a server adds must not cost the answer.
pub fn replies_take_new_fields(document: &Document) -> Vec<Finding> {
    let responses: Vec<String> =
        places(document).into_iter().filter(|place| place.is(&RESPONSE)).map(|place| place.pointer).collect();
    let reached = follow(document, responses);
    let closed = schemas(document).into_iter().filter(|place| {
        let inside =
            reached.iter().any(|part| place.pointer == *part || place.pointer.starts_with(&format!("{part}/")));
        inside && place.value.get("additionalProperties") == Some(&Value::Bool(false))
    });
    let findings = closed.map(|place| {
        document.finding(
            format!("{}/additionalProperties", place.pointer),
            "a reply that refuses unknown fields breaks with the first field that the server adds",
            "remove `additionalProperties: false`",
        )
    });
    findings.collect()
}

/// A method has one return type, and errors are told apart by their status.
pub fn operations_have_one_reply(document: &Document) -> Vec<Finding> {
    let mut findings = Vec::new();
    for operation in operations(document) {
        if operation.value.pointer("/responses/default").is_some() {
            findings.push(document.finding(
                format!("{}/responses/default", operation.pointer),
                "a default response hides which statuses there are",
                "name the statuses, with 4XX for all others",
            ));
        }
        let mut first: Option<Option<&Value>> = None;
        for (status, response) in operation.responses().filter(|(status, _)| status.starts_with('2')) {
            let pointer = format!("{}/responses/{status}", operation.pointer);
            let content = response.get("content").and_then(Value::as_object);
            for other in
                content.into_iter().flatten().map(|(media, _)| media).filter(|media| *media != "application/json")
            {
                let what = format!("the generator makes no type of {other}");
                findings.push(document.finding(
                    format!("{pointer}/content"),
                    what,
                    "describe the application/json body",
                ));
            }
            let schema = response.pointer("/content/application~1json/schema");
            match first {
                None => first = Some(schema),
                Some(first) if first == schema => {}
                Some(_) => findings.push(document.finding(
                    pointer,
                    "this success response has another schema than the first; a method has one return type",
                    "give both the same schema, with properties that may be absent",
                )),
            }
        }
    }
    findings
}

/// Path parameters that cannot climb the path, and components that can become types of ours.
pub fn components_can_be_generated(document: &Document) -> Vec<Finding> {
    let components = generate::refused_components(document).into_iter();
    let components = components.map(|(pointer, reason)| {
        let name = pointer.rsplit('/').next().unwrap_or_default();
        let reason = reason.strip_prefix(&format!("{name}: ")).unwrap_or(&reason).to_owned();
        document.finding(pointer, reason, "change the component")
    });
    let parameters = generate::refused_path_parameters(document).into_iter();
    let parameters = parameters.map(|(pointer, reason)| {
        document.finding(pointer, reason, "an id of `..` would climb the path; use such a component")
    });
    components.chain(parameters).collect()
}

/// `x-session-lifecycle`: there is one, and its rules make sense.
pub fn lifecycle_is_sound(document: &Document) -> Vec<Finding> {
    let refused = lifecycle::check(document).err();
    let finding = refused.map(|error| {
        let words = format!("{error:#}");
        let words = words.trim_start_matches(&format!("{}: ", document.path)).to_owned();
        document.finding(lifecycle::place(document), words, "spec/README.md lists the keys and what they take")
    });
    finding.into_iter().collect()
}

/// Whatever the rules above do not know by name: the generator itself has the last word.
pub fn the_generator_takes_it(document: &Document) -> Option<Finding> {
    let error = generate::client_files(document, "", &[]).err()?;
    let words = format!("{error:#}");
    let words = words.trim_start_matches(&document.path).trim_start_matches(':').trim_start();
    Some(document.finding("", format!("it {words}"), "write it as the other documents do"))
}

fn schemas(document: &Document) -> Vec<Place<'_>> {
    places(document).into_iter().filter(|place| place.is(&SCHEMA)).collect()
}

fn is_component(pointer: &str) -> bool {
    pointer.strip_prefix("/components/schemas/").is_some_and(|name| !name.contains('/'))
}
