//! `cargo xtask spec trace`: each rule from the page it comes from to the code and the check that keep it.

mod checks;
mod markdown;
mod names;
mod place;
mod row;

use std::path::Path;

use anyhow::{Context, Result};
use serde::Serialize;

pub use self::row::Row;

use self::checks::Checks;
use self::names::Names;
use self::place::Source;
use super::ambiguity::{Ambiguities, Ambiguity};
use super::requirement::Requirements;
use crate::api::APIS;
use crate::document::{Document, root};
use crate::output::{self, File, Mode};

/// The command that brings the table up to date.
pub const COMMAND: &str = "cargo xtask spec trace";

/// The table in the repository.
const PATH: &str = "spec/TRACE.md";

/// What becomes of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    Write,
    Check,
    Json,
}

/// The rows of one API, and what a reader needs beside them.
#[derive(Clone, Debug)]
pub struct Trace {
    /// The folder under `spec/`.
    pub api: String,
    pub title: String,
    /// Key and title of each page.
    pub documents: Vec<(String, String)>,
    pub rows: Vec<Row>,
    pub decisions: Vec<Ambiguity>,
}

/// Makes the table of all APIs; writes it, compares it or prints it.
pub fn run(output: Output) -> Result<()> {
    let root = root();
    let traces = traces(&root)?;
    let file = File::of_text(PATH, markdown::page(&traces));
    match output {
        Output::Write => output::emit_for(COMMAND, &root, &[file], Mode::Write),
        Output::Check => output::emit_for(COMMAND, &root, &[file], Mode::Check),
        Output::Json => {
            crate::stream::out(&json(&traces)?);
            Ok(())
        }
    }
}

/// Joins the requirements of one API with its document and its generated code.
///
/// # Errors
/// Every requirement whose place, decision or check is missing, or whose place stands for a name that the code does not have;
/// and every check of what is no requirement.
pub fn trace(
    document: &Document,
    requirements: &Requirements,
    ambiguities: Ambiguities,
    source: &Source,
    names: &Names,
) -> Result<Trace> {
    let api = source.api;
    let title = document.at("/info/title")?.as_str().unwrap_or(api).to_owned();
    let documents = document.at("/x-documents")?.as_object().into_iter().flatten();
    let documents =
        documents.map(|(key, title)| (key.clone(), title.as_str().unwrap_or_default().to_owned())).collect();
    let rows = row::rows(document, requirements, &ambiguities, source, names)?;
    Ok(Trace { api: api.to_owned(), title, documents, rows, decisions: ambiguities.ambiguity })
}

fn traces(root: &Path) -> Result<Vec<Trace>> {
    APIS.iter()
        .map(|api| {
            let document = Document::load(root, api.name)?;
            let requirements = Requirements::load(root, api.name)?;
            let checks = Checks::load(root, api.name)?;
            let source = Source { api: api.name, requests: api.requests, replies: api.replies, checks: Some(&checks) };
            trace(&document, &requirements, Ambiguities::load(root, api.name)?, &source, &names(root, api.name)?)
        })
        .collect()
}

/// What the generated files of an API define.
fn names(root: &Path, api: &str) -> Result<Names> {
    let mut names = Names::default();
    for (path, module) in [
        (format!("crates/{api}-client/src/generated.rs"), format!("{api}_client::generated")),
        (format!("crates/{api}-client/src/lifecycle.rs"), format!("{api}_client::lifecycle")),
        ("crates/abide-server/src/documented.rs".to_owned(), "abide_server::documented".to_owned()),
    ] {
        let text = std::fs::read_to_string(root.join(&path)).with_context(|| format!("{path} cannot be read"))?;
        names.read(&module, &text).with_context(|| format!("{path} is no Rust code"))?;
    }
    Ok(names)
}

/// The table for programs.
#[derive(Debug, Serialize)]
struct Json<'a> {
    format: &'static str,
    rows: Vec<&'a Row>,
}

fn json(traces: &[Trace]) -> Result<String> {
    let rows = traces.iter().flat_map(|trace| &trace.rows).collect();
    Ok(serde_json::to_string_pretty(&Json { format: "abide-trace-table/1", rows })?)
}

#[cfg(test)]
mod tests;
