//! `cargo xtask spec lint`: whether the documents are sound. One rule is one function; all findings are collected.

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

use std::io::Write;

use anyhow::{Context, Result, bail};

pub use subject::Subject;

use crate::api::APIS;
use crate::document::{Document, root};
use crate::finding::{Finding, Findings};

/// Rules that need nothing but the document.
const DOCUMENT_RULES: &[fn(&Document) -> Vec<Finding>] = &[
    shape::keys_are_known,
    shape::required_keys_are_there,
    shape::values_have_their_shape,
    shape::extensions_are_ours,
    shape::required_names_are_properties,
    reference::references_resolve,
    reference::components_are_used,
    operation::ids_are_camel_case,
    operation::ids_are_unique,
    operation::path_parameters_are_declared_and_used,
    operation::statuses_are_codes,
    generator::schemas_can_be_types,
    generator::words_and_unions_have_names,
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

/// Lints these files by the rules for documents; without files, every API with all that belongs to it.
pub fn run(files: &[&str]) -> Result<()> {
    let (findings, rules, documents) = if files.is_empty() { every_api()? } else { these(files)? };
    if findings.is_empty() {
        println!("{rules} rules over {documents} documents: no findings");
        return Ok(());
    }
    let count = findings.len();
    // Whoever reads only the first lines closes the pipe, which is no error.
    let _ = writeln!(std::io::stdout(), "{}", Findings(findings));
    bail!("{count} findings by {rules} rules over {documents} documents")
}

fn every_api() -> Result<(Vec<Finding>, usize, usize)> {
    let root = root();
    let mut findings = Vec::new();
    for api in APIS {
        match Subject::load(&root, &format!("spec/{}", api.name)) {
            Ok(subject) => findings.extend(all(&subject)),
            Err(error) => findings.push(error.downcast::<Finding>()?),
        }
    }
    Ok((findings, DOCUMENT_RULES.len() + 1 + SUBJECT_RULES.len(), APIS.len()))
}

fn these(files: &[&str]) -> Result<(Vec<Finding>, usize, usize)> {
    let mut findings = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(file).with_context(|| format!("{file} cannot be read"))?;
        findings.extend(self::text(file, &text));
    }
    Ok((findings, DOCUMENT_RULES.len() + 1, files.len()))
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
