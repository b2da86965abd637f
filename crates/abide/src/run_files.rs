//! The files of a run: its output, and the journal beside it.

use std::path::Path;

use abide_http::BaseUrl;

use crate::input::Table;
use crate::journal::{Earlier, Header, Journal};
use crate::output::{Columns, Format, OutputError, RowWriter};
use crate::problem::Problem;

/// What somebody asked for.
pub(crate) struct Wanted<'a> {
    /// `calmyx run` or `hum run`.
    pub(crate) command: &'a str,
    pub(crate) base_url: &'a BaseUrl,
    pub(crate) output: Option<&'a Path>,
    pub(crate) format: Format,
    pub(crate) resume: bool,
}

/// What a run writes, opened before anything is sent: a path that cannot be written costs nothing.
pub(crate) struct RunFiles {
    pub(crate) writer: RowWriter,
    pub(crate) journal: Journal,
    /// What earlier processes did.
    pub(crate) earlier: Earlier,
}

impl RunFiles {
    /// Opens the output of a table, and begins its journal or goes on with it.
    pub(crate) fn open(wanted: &Wanted<'_>, table: &Table, columns: Columns) -> Result<Self, Problem> {
        if wanted.resume {
            // Before anything is written there.
            Journal::resumable(wanted.output)?;
        }
        let stands = wanted.output.is_some_and(Path::exists);
        let header = Header::new(wanted.command, wanted.base_url, table, &columns, stands);
        let writer = open(wanted.output, wanted.format, columns)?;
        let (journal, earlier) = Journal::open(wanted.output, wanted.resume, &header)?;
        let writer = if wanted.resume { writer.resuming(earlier.replaces()) } else { writer };
        Ok(Self { writer, journal, earlier })
    }
}

/// A table is not written over the one that it is made from.
pub(crate) fn not_onto_the_input(input: &Path, output: Option<&Path>) -> Result<(), Problem> {
    let same = output.is_some_and(|output| match (std::fs::canonicalize(input), std::fs::canonicalize(output)) {
        (Ok(input), Ok(output)) => input == output && input.is_file(),
        (Ok(_) | Err(_), Ok(_) | Err(_)) => false,
    });
    if same {
        return Err(Problem::usage(format!(
            "{}: this is the input; name another file for the output",
            input.display()
        )));
    }
    Ok(())
}

fn open(path: Option<&Path>, format: Format, columns: Columns) -> Result<RowWriter, OutputError> {
    match path.filter(|path| path.as_os_str() != "-") {
        Some(path) => RowWriter::to_file(path, format, columns),
        None => RowWriter::to_stdout(format, columns),
    }
}
