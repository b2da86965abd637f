//! Rules about examples: each belongs to an operation and fits its schema, and what must be refused is refused.
//!
//! A good example is a payload as it goes over the wire, in `examples/<operationId>/`. A bad one is a file of
//! `examples/<operationId>/invalid/` with three keys: `of` (`request`, or the status of a response), `value`, and
//! `reason`, a part of what the validator must say against it.

use serde::Deserialize;
use serde_json::Value;

use super::json_schema::{errors, validator};
use super::operation::{Operation, operations};
use super::subject::{Example, Subject};
use crate::document::Document;
use crate::finding::Finding;
use crate::lines::escape;

/// A bad example.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Invalid {
    of: String,
    reason: String,
    value: Value,
}

/// An example that a document names: where, and which file.
struct Named<'a> {
    pointer: String,
    schema: Option<&'a Value>,
    operation: &'a str,
    file: &'a str,
}

/// Each file is named once, by the operation whose folder it lies in; and each named file is there.
pub fn files_are_named_once(subject: &Subject) -> Vec<Finding> {
    let document = &subject.document;
    let named = named(document);
    let mut findings = Vec::new();
    for named in &named {
        let folder = format!("examples/{}/", named.operation);
        if !subject.examples.iter().any(|example| example.path == named.file) {
            let what = format!("there is no file {}", named.file);
            findings.push(document.finding(&named.pointer, what, "write it, or mend the name"));
        } else if named.file.strip_prefix(&folder).is_none_or(|name| name.contains('/')) {
            let what = format!("{} lies in the folder of something else", named.file);
            findings.push(document.finding(&named.pointer, what, format!("move it to {folder}")));
        }
    }
    for example in subject.examples.iter().filter(|example| invalid_of(example).is_none()) {
        let times = named.iter().filter(|named| named.file == example.path).count();
        if times != 1 {
            let what = if times == 0 { "no operation names this example" } else { "it is named more than once" };
            findings.push(of_file(subject, example, what, "name it in exactly one place with `externalValue`"));
        }
    }
    findings
}

/// An example that breaks its own schema teaches something wrong.
pub fn examples_are_valid(subject: &Subject) -> Vec<Finding> {
    let mut findings = Vec::new();
    for named in named(&subject.document) {
        let Some(example) = subject.examples.iter().find(|example| example.path == named.file) else { continue };
        let Some(schema) = named.schema else { continue };
        match serde_json::from_str::<Value>(&example.text) {
            Ok(value) => match validator(&subject.document, schema) {
                Ok(validator) => findings.extend(
                    errors(&validator, &value)
                        .into_iter()
                        .map(|error| of_file(subject, example, error, "mend the example or the schema")),
                ),
                Err(cause) => findings.push(of_schema(subject, &named.pointer, &cause)),
            },
            Err(cause) => findings.push(not_json(subject, example, &cause)),
        }
    }
    findings
}

/// A schema that lets bad things pass is no rule.
pub fn invalid_examples_are_refused(subject: &Subject) -> Vec<Finding> {
    let each = subject.examples.iter().filter_map(|example| {
        let operation = invalid_of(example)?;
        invalid_example_is_refused(subject, example, operation).err()
    });
    each.collect()
}

fn invalid_example_is_refused(subject: &Subject, example: &Example, operation: &str) -> Result<(), Finding> {
    let form = "write {\"of\": \"request\" or a status, \"reason\": …, \"value\": …}";
    let invalid: Invalid = serde_json::from_str(&example.text).map_err(|cause| {
        let finding = not_json(subject, example, &cause);
        Finding { mend: form.to_owned(), ..finding }
    })?;
    let document = &subject.document;
    let operations = operations(document);
    let Some(operation) = operations.iter().find(|other| other.id() == Some(operation)) else {
        return Err(of_file(
            subject,
            example,
            format!("there is no operation {operation}"),
            "move it to the folder of one",
        ));
    };
    let body = contents(operation).into_iter().find(|(of, ..)| *of == invalid.of);
    let Some((_, pointer, content)) = body else {
        let what = format!("{} has no JSON body of `{}`", operation.pointer, invalid.of);
        return Err(of_file(subject, example, what, "write `request`, or a status as in the document, in `of`"));
    };
    let schema = content.get("schema").unwrap_or(&Value::Null);
    let validator = validator(document, schema).map_err(|cause| of_schema(subject, &pointer, &cause))?;
    let errors = errors(&validator, &invalid.value);
    if errors.iter().any(|error| error.contains(&invalid.reason)) {
        return Ok(());
    }
    let said = if errors.is_empty() { "finds it valid".to_owned() } else { format!("says: {}", errors.join(" / ")) };
    let what = format!("it must be refused because of `{}`, but the schema {said}", invalid.reason);
    Err(of_file(subject, example, what, "tighten the schema, or mend the example"))
}

/// The operation whose `invalid` folder an example lies in.
fn invalid_of(example: &Example) -> Option<&str> {
    let (operation, _) = example.path.strip_prefix("examples/")?.split_once("/invalid/")?;
    Some(operation)
}

fn named(document: &Document) -> Vec<Named<'_>> {
    let mut found = Vec::new();
    for operation in operations(document) {
        for (_, pointer, content) in contents(&operation) {
            for (name, example) in content.get("examples").and_then(Value::as_object).into_iter().flatten() {
                let Some(file) = example.get("externalValue").and_then(Value::as_str) else { continue };
                found.push(Named {
                    pointer: format!("{pointer}/examples/{}/externalValue", escape(name)),
                    schema: content.get("schema"),
                    operation: operation.id().unwrap_or_default(),
                    file,
                });
            }
        }
    }
    found
}

/// The JSON bodies of an operation: `request` or the status, where it stands, and what stands there.
fn contents<'a>(operation: &Operation<'a>) -> Vec<(&'a str, String, &'a Value)> {
    const JSON: &str = "/content/application~1json";
    let request = operation.request().and_then(|body| body.pointer(JSON));
    let request = request.map(|content| ("request", format!("{}/requestBody{JSON}", operation.pointer), content));
    let responses = operation.responses().filter_map(|(status, response)| {
        let pointer = format!("{}/responses/{}{JSON}", operation.pointer, escape(status));
        Some((status, pointer, response.pointer(JSON)?))
    });
    request.into_iter().chain(responses).collect()
}

fn of_file(subject: &Subject, example: &Example, what: impl Into<String>, mend: impl Into<String>) -> Finding {
    let folder = subject.document.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    Finding {
        file: format!("{folder}/{}", example.path),
        line: None,
        place: String::new(),
        what: what.into(),
        mend: mend.into(),
    }
}

fn not_json(subject: &Subject, example: &Example, cause: &serde_json::Error) -> Finding {
    let finding = of_file(subject, example, cause.to_string(), "write it as JSON");
    Finding { line: Some(cause.line() as u64), ..finding }
}

fn of_schema(subject: &Subject, pointer: &str, cause: &str) -> Finding {
    subject.document.finding(pointer, format!("the schema cannot be used: {cause}"), "mend the schema")
}
