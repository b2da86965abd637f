//! Rules about operations: their ids, their paths and their responses.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToLowerCamelCase;
use serde_json::Value;

use super::grammar::METHODS;
use crate::document::Document;
use crate::finding::Finding;
use crate::lines::escape;

/// One operation and where it stands.
#[derive(Debug)]
pub struct Operation<'a> {
    pub path: &'a str,
    pub item: &'a Value,
    pub value: &'a Value,
    pub pointer: String,
    document: &'a Document,
}

impl<'a> Operation<'a> {
    pub fn id(&self) -> Option<&'a str> {
        self.value.get("operationId").and_then(Value::as_str)
    }

    /// Its request body, once a `$ref` is followed.
    pub fn request(&self) -> Option<&'a Value> {
        self.value.get("requestBody").map(|body| resolved(self.document, body))
    }

    /// Its responses: the status, and what it is once a `$ref` is followed.
    pub fn responses(&self) -> impl Iterator<Item = (&'a str, &'a Value)> {
        let document = self.document;
        let responses = self.value.get("responses").and_then(Value::as_object).into_iter().flatten();
        let responses = responses.filter(|(status, _)| !status.starts_with("x-"));
        responses.map(|(status, response)| (status.as_str(), resolved(document, response)))
    }

    /// Its parameters, those of its path included: where each stands, and what it is once a `$ref` is followed.
    fn parameters(&self) -> Vec<(String, &'a Value)> {
        let of_path = format!("/paths/{}", escape(self.path));
        let lists = [(of_path, self.item), (self.pointer.clone(), self.value)];
        let each = lists.into_iter().flat_map(|(pointer, holder)| {
            let list = holder.get("parameters").and_then(Value::as_array).into_iter().flatten().enumerate();
            list.map(move |(index, parameter)| (format!("{pointer}/parameters/{index}"), parameter))
        });
        each.map(|(pointer, parameter)| (pointer, resolved(self.document, parameter))).collect()
    }
}

/// What a `$ref` points to, itself where there is none.
fn resolved<'a>(document: &'a Document, value: &'a Value) -> &'a Value {
    let target = value.get("$ref").and_then(Value::as_str).and_then(|target| target.strip_prefix('#'));
    target.and_then(|target| document.value.pointer(target)).unwrap_or(value)
}

/// Every operation in the order of the document.
pub fn operations(document: &Document) -> Vec<Operation<'_>> {
    let paths = document.value.get("paths").and_then(Value::as_object).into_iter().flatten();
    paths
        .flat_map(|(path, item)| {
            let methods = item.as_object().into_iter().flatten();
            methods.filter(|(method, _)| METHODS.contains(&method.as_str())).map(move |(method, value)| Operation {
                path,
                item,
                value,
                pointer: format!("/paths/{}/{method}", escape(path)),
                document,
            })
        })
        .collect()
}

/// The id becomes the name of a method and of a folder of examples.
pub fn ids_are_camel_case(document: &Document) -> Vec<Finding> {
    let findings = operations(document).into_iter().filter_map(|operation| match operation.id() {
        None => Some(document.finding(
            operation.pointer,
            "the operation has no operationId",
            "add one, such as `operationId: getSession`",
        )),
        Some(id) if id.is_empty() || id != id.to_lower_camel_case() => {
            let what = format!("the operationId `{id}` is not camelCase");
            let mend = format!("write `{}`", id.to_lower_camel_case());
            Some(document.finding(format!("{}/operationId", operation.pointer), what, mend))
        }
        Some(_) => None,
    });
    findings.collect()
}

/// Two operations of one name would be two methods of one name.
pub fn ids_are_unique(document: &Document) -> Vec<Finding> {
    let mut first: BTreeMap<&str, String> = BTreeMap::new();
    let mut findings = Vec::new();
    for operation in operations(document) {
        let Some(id) = operation.id() else { continue };
        match first.get(id) {
            None => _ = first.insert(id, operation.pointer),
            Some(pointer) => findings.push(document.finding(
                format!("{}/operationId", operation.pointer),
                format!("{pointer} is called `{id}` too"),
                "give one of the two another operationId",
            )),
        }
    }
    findings
}

/// What stands in braces in a path is a parameter of it, and the other way round.
pub fn path_parameters_are_declared_and_used(document: &Document) -> Vec<Finding> {
    let mut findings = Vec::new();
    for operation in operations(document) {
        let parameters = operation.parameters();
        let mut declared = Vec::new();
        for (pointer, parameter) in &parameters {
            let name = parameter.get("name").and_then(Value::as_str).unwrap_or_default();
            if parameter.get("in").and_then(Value::as_str) != Some("path") {
                continue;
            }
            declared.push(name);
            if !in_braces(operation.path).contains(&name) {
                let what = format!("`{}` has no {{{name}}}", operation.path);
                findings.push(document.finding(pointer, what, "remove the parameter, or put it in the path"));
            }
            if parameter.get("required") != Some(&Value::Bool(true)) {
                let what = format!("the path parameter `{name}` is not required");
                findings.push(document.finding(pointer, what, "write `required: true`"));
            }
        }
        for name in in_braces(operation.path) {
            if !declared.contains(&name) {
                let what = format!("{{{name}}} of the path is not declared");
                findings.push(document.finding(&operation.pointer, what, "add it to `parameters` with `in: path`"));
            }
        }
    }
    findings.dedup();
    findings
}

fn in_braces(path: &str) -> Vec<&str> {
    path.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}

/// A path is put behind the address of a server.
pub fn paths_start_with_a_slash(document: &Document) -> Vec<Finding> {
    let paths = document.value.get("paths").and_then(Value::as_object).into_iter().flatten();
    let paths = paths.filter(|(path, _)| !path.starts_with('/') && !path.starts_with("x-"));
    let findings = paths.map(|(path, _)| {
        let what = format!("the path `{path}` does not start with a slash");
        document.finding(format!("/paths/{}", escape(path)), what, format!("write `/{path}`"))
    });
    findings.collect()
}

/// Of two parameters of one name in one place, one is never read. An operation may replace one of its path.
pub fn parameters_are_declared_once(document: &Document) -> Vec<Finding> {
    let mut findings = Vec::new();
    for operation in operations(document) {
        let mut seen = BTreeSet::new();
        for (pointer, parameter) in operation.parameters() {
            let text = |key: &str| parameter.get(key).and_then(Value::as_str).unwrap_or_default();
            let list = pointer.rsplit_once('/').map(|(list, _)| list.to_owned());
            if !seen.insert((list, text("name"), text("in"))) {
                let what = format!("the {} parameter `{}` is declared twice", text("in"), text("name"));
                findings.push(document.finding(pointer, what, "remove one of the two"));
            }
        }
    }
    findings
}

/// `20O` is a status that never comes.
pub fn statuses_are_codes(document: &Document) -> Vec<Finding> {
    let mut findings = Vec::new();
    for operation in operations(document) {
        for (status, _) in operation.responses().filter(|(status, _)| *status != "default" && !is_code(status)) {
            findings.push(document.finding(
                format!("{}/responses/{}", operation.pointer, escape(status)),
                format!("`{status}` is no status"),
                "write a code such as \"200\", or a class such as 4XX",
            ));
        }
        if !operation.responses().any(|(status, _)| status.starts_with('2')) {
            findings.push(document.finding(
                format!("{}/responses", operation.pointer),
                "the operation has no success response",
                "add one, with 2XX where no document names the status",
            ));
        }
    }
    findings
}

fn is_code(status: &str) -> bool {
    let class = status.starts_with(['1', '2', '3', '4', '5']);
    let rest = status.get(1..).unwrap_or_default();
    class && (rest == "XX" || (rest.len() == 2 && rest.bytes().all(|byte| byte.is_ascii_digit())))
}
