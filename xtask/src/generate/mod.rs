//! `cargo xtask generate`: from the OpenAPI documents to the generated files of every crate.

mod catalogue;
mod client;
mod codegen_copy;
mod decoder;
mod identifier;
mod open_enum;
mod quiet_panic;
mod request;
mod union;

use anyhow::Result;
use serde_json::Value;

use crate::api::{APIS, Api};
use crate::constants::{self, Constant};
use crate::document::{Document, root};
use crate::finding::{Finding, Findings};
use crate::lifecycle;
use crate::lines::escape;
use crate::output::{self, File, Mode};
use crate::spec::{lint, schema};

/// Generates everything; writes it or compares it.
pub fn run(mode: Mode) -> Result<()> {
    let root = root();
    let documents = APIS.iter().map(|api| Document::load(&root, api.name)).collect::<Result<Vec<_>>>()?;
    let mut files = checked_files(APIS, &documents)?;
    files.extend(schema::files()?);
    files.push(catalogue::requirements(&root, &documents)?);
    output::emit(&root, &files, mode)
}

/// Every generated file, of documents that `spec lint` has nothing against.
pub fn checked_files(apis: &[Api], documents: &[Document]) -> Result<Vec<File>> {
    let findings: Vec<Finding> = documents.iter().flat_map(lint::document).collect();
    if !findings.is_empty() {
        return Err(Findings(findings).into());
    }
    files(apis, documents)
}

/// Every generated file; `documents` in the order of `apis`.
pub fn files(apis: &[Api], documents: &[Document]) -> Result<Vec<File>> {
    let mut files = Vec::new();
    for (api, document) in apis.iter().zip(documents) {
        files.extend(client_files(document, &format!("crates/{}-client/src", api.name), api.requests)?);
    }
    files.push(constants::server_file(apis, documents, "crates/abide-server/src/documented.rs".to_owned())?);
    files.push(catalogue::documented(documents)?);
    Ok(files)
}

/// The generated files of one client crate.
pub fn client_files(document: &Document, folder: &str, requests: &[Constant]) -> Result<[File; 2]> {
    Ok([
        client::file(document, format!("{folder}/generated.rs"))?,
        lifecycle::file(document, format!("{folder}/lifecycle.rs"), requests)?,
    ])
}

/// The components that cannot become a type of ours, each with its pointer and the reason.
pub fn refused_components(document: &Document) -> Vec<(String, String)> {
    let Some(components) = document.value.pointer("/components/schemas") else { return Vec::new() };
    let each = components.as_object().into_iter().flatten();
    each.filter_map(|(name, schema)| {
        let refused = component(name, schema, components).err()?;
        Some((format!("/components/schemas/{}", escape(name)), refused.to_string()))
    })
    .collect()
}

fn component(name: &str, schema: &Value, components: &Value) -> Result<()> {
    open_enum::tokens(name, schema)?;
    union::tokens(name, schema, components)?;
    client::hand_written(name, schema)?;
    Ok(())
}

pub use client::refused_path_parameters;
