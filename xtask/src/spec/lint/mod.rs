//! `cargo xtask spec lint`: whether the documents are sound. One rule is one function; all findings are collected.

mod bounds;
mod example;
mod generator;
mod grammar;
mod json_schema;
mod lifecycle;
mod operation;
mod provenance;
mod reference;
mod register;
mod shape;
mod subject;

#[cfg(test)]
mod tests;

use std::process::ExitCode;

use anyhow::{Context, Result};

pub use subject::Subject;

use crate::api::APIS;
use crate::document::{Document, root};
use crate::finding::{Finding, Findings};
use crate::stream;

/// Rules that need nothing but the document.
const DOCUMENT_RULES: &[fn(&Document) -> Vec<Finding>] = &[
    shape::keys_are_known,
    shape::required_keys_are_there,
    shape::values_have_their_shape,
    shape::extensions_are_ours,
    shape::required_names_are_properties,
    reference::references_resolve,
    reference::components_are_used,
    reference::security_names_schemes,
    bounds::limits_can_be_kept,
    bounds::words_and_patterns_can_be_met,
    operation::ids_are_camel_case,
    operation::ids_are_unique,
    operation::paths_start_with_a_slash,
    operation::parameters_are_declared_once,
    operation::path_parameters_are_declared_and_used,
    operation::statuses_are_codes,
    generator::schemas_can_be_types,
    generator::words_and_unions_have_names,
    generator::mappings_say_the_words_of_the_tags,
    generator::replies_take_new_fields,
    generator::operations_have_one_reply,
    generator::components_can_be_generated,
    generator::lifecycle_is_sound,
    lifecycle::states_are_the_words_of_the_status,
    lifecycle::outcomes_are_the_words_of_the_agents,
    provenance::operations_have_provenance,
    provenance::entries_are_well_formed,
];

/// Rules that need the registers or the examples too.
const SUBJECT_RULES: &[fn(&Subject) -> Vec<Finding>] = &[
    provenance::ambiguities_of_entries_exist,
    provenance::disputed_places_have_provenance,
    register::ids_are_unique,
    register::requirements_point_somewhere,
    register::assumed_requirements_name_their_ambiguity,
    register::ambiguities_have_options,
    register::ambiguities_point_somewhere,
    register::ambiguities_are_used,
    example::files_are_named_once,
    example::examples_are_valid,
    example::invalid_examples_are_refused,
];

const HELP: &str = "\
Whether the documents are sound: the document, what the generator can do, and where it comes from.

Usage: cargo xtask spec lint [FILE…]

  FILE   path of a YAML file, judged by the rules that need no other file;
         without one, every API with its registers and its examples

Exit code: 0 there are no findings, 1 there are some, 2 wrong usage or an unreadable file.

Example: cargo xtask spec lint spec/hum/openapi.yaml";

/// What was looked at, and what was found.
struct Report {
    findings: Vec<Finding>,
    rules: usize,
    documents: usize,
}

/// Runs the command on its own arguments: lints these files by the rules for documents; without files, every API with
/// all that belongs to it.
pub fn run(arguments: &[&str]) -> ExitCode {
    let (options, files): (Vec<&str>, Vec<&str>) = arguments.iter().partition(|argument| argument.starts_with('-'));
    let report = match (options.as_slice(), files.as_slice()) {
        ([], []) => every_api(),
        ([], files) => these(files),
        (["--help" | "-h"], _) => {
            stream::out(HELP);
            return ExitCode::SUCCESS;
        }
        _ => {
            stream::error(HELP);
            return ExitCode::from(2);
        }
    };
    match report {
        Ok(report) => tell(report),
        Err(error) => {
            stream::error(&format!("error: {error:#}"));
            ExitCode::from(2)
        }
    }
}

fn tell(Report { findings, rules, documents }: Report) -> ExitCode {
    let over = format!("{} over {}", count(rules, "rule"), count(documents, "document"));
    if findings.is_empty() {
        stream::out(&format!("{over}: no findings"));
        return ExitCode::SUCCESS;
    }
    let found = count(findings.len(), "finding");
    stream::out(&Findings(findings).to_string());
    stream::error(&format!("error: {found} by {over}"));
    ExitCode::FAILURE
}

fn count(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

fn every_api() -> Result<Report> {
    let root = root();
    let mut findings = Vec::new();
    for api in APIS {
        match Subject::load(&root, &format!("spec/{}", api.name)) {
            Ok(subject) => findings.extend(of_api(&subject)),
            Err(error) => findings.push(error.downcast::<Finding>()?),
        }
    }
    Ok(Report { findings, rules: DOCUMENT_RULES.len() + 1 + SUBJECT_RULES.len() + 1, documents: APIS.len() })
}

fn these(files: &[&str]) -> Result<Report> {
    let mut findings = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(file).with_context(|| format!("{file} cannot be read"))?;
        findings.extend(self::text(file, &text));
    }
    Ok(Report { findings, rules: DOCUMENT_RULES.len() + 1, documents: files.len() })
}

/// What is wrong with the text of a document.
pub fn text(path: &str, text: &str) -> Vec<Finding> {
    match Document::parse(path.to_owned(), text) {
        Ok(parsed) => document(&parsed),
        Err(error) => error.downcast::<Finding>().into_iter().collect(),
    }
}

/// What is wrong with a document.
pub fn document(document: &Document) -> Vec<Finding> {
    let mut findings: Vec<Finding> = DOCUMENT_RULES.iter().flat_map(|rule| rule(document)).collect();
    if findings.is_empty() {
        findings.extend(generator::the_generator_takes_it(document));
    }
    in_order(findings)
}

/// What is wrong with a document and all that belongs to it.
pub fn all(subject: &Subject) -> Vec<Finding> {
    let mut findings = document(&subject.document);
    findings.extend(in_order(SUBJECT_RULES.iter().flat_map(|rule| rule(subject)).collect()));
    findings
}

/// What is wrong with an API of ours, which has all that can belong to a document.
fn of_api(subject: &Subject) -> Vec<Finding> {
    let mut findings = all(subject);
    findings.extend(register::registers_are_there(subject));
    findings
}

/// As people read a file: from the top. Two rules may see the same mistake; it is said once.
fn in_order(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by(|left, right| (&left.file, left.line).cmp(&(&right.file, right.line)));
    let mut seen: Vec<Finding> = Vec::new();
    findings.retain(|finding| {
        let new = !seen.contains(finding);
        seen.push(finding.clone());
        new
    });
    findings
}
