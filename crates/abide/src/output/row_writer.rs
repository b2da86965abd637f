//! Writes rows, in one of the formats, to a file or to standard output.

use std::{
    fmt, fs, io,
    path::{Path, PathBuf},
};

use super::{
    cell::Cell,
    columns::Columns,
    csv_rows,
    error::OutputError,
    format::Format,
    json_rows,
    target::{Target, partial_path},
};

/// An output that takes rows.
///
/// A file is written under a temporary name in the same folder and moved to its own name by [`finish`](Self::finish) or
/// [`keep_partial`](Self::keep_partial); a writer that is dropped before leaves the folder as it was.
pub struct RowWriter {
    format: Format,
    columns: Columns,
    target: Target,
    rows: u64,
    /// An earlier process wrote into the same output; whether a file of somebody's stood there before it.
    resumes: Option<bool>,
}

/// What stands written when a [`RowWriter`] is closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// How many rows.
    pub rows: u64,
    /// In which file; none for a stream.
    pub path: Option<PathBuf>,
}

impl RowWriter {
    /// Opens an output at a path. A pipe or a device there is written to as it is.
    ///
    /// # Errors
    /// [`OutputError::Folder`] and [`OutputError::Unwritable`] when no file can come to stand there, and
    /// [`OutputError::NoCoordinates`] for GeoJSON without the columns `lat` and `lng`.
    pub fn to_file(path: &Path, format: Format, columns: Columns) -> Result<Self, OutputError> {
        Self::start(|| Target::file(path), format, columns)
    }

    /// Opens standard output.
    ///
    /// # Errors
    /// [`OutputError::NoCoordinates`] for GeoJSON without the columns `lat` and `lng`.
    pub fn to_stdout(format: Format, columns: Columns) -> Result<Self, OutputError> {
        Self::start(|| Ok(Target::stream("standard output", io::stdout())), format, columns)
    }

    /// Says that this writer goes on where an interrupted one stopped: what
    /// [`keep_partial`](Self::keep_partial) left then is replaced. Where a whole file `stood` at the path before the
    /// interrupted one began, that is kept until there is a whole one again.
    #[must_use]
    pub fn resuming(mut self, stood: bool) -> Self {
        self.resumes = Some(stood);
        self
    }

    /// Writes one row: a cell for each of the columns, in their order.
    ///
    /// # Errors
    /// [`OutputError::RowWidth`] where the cells do not fit the columns (nothing is written then),
    /// [`OutputError::BrokenPipe`] and [`OutputError::Failed`] where the system refuses the bytes.
    pub fn write(&mut self, cells: &[Cell]) -> Result<(), OutputError> {
        let expected = self.columns.names().len();
        if cells.len() != expected {
            return Err(OutputError::RowWidth { expected, found: cells.len() });
        }
        let Self { format, columns, rows, .. } = self;
        self.target.write(|sink| match format {
            Format::Csv => csv_rows::write_row(sink, cells),
            Format::Ndjson => json_rows::write_line(sink, columns, cells),
            Format::Geojson => json_rows::write_feature(sink, columns, cells, *rows == 0),
        })?;
        self.rows += 1;
        Ok(())
    }

    /// How many rows were written.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Hands on what is buffered, so that the reader of a stream sees the rows so far.
    ///
    /// # Errors
    /// As [`write`](Self::write).
    pub fn flush(&mut self) -> Result<(), OutputError> {
        self.target.flush()
    }

    /// After a failure to write: keeps what was whole at the last [`flush`](Self::flush), beside the place of the file,
    /// and gives its path.
    pub fn salvage(self) -> Option<PathBuf> {
        self.target.salvage()
    }

    /// Completes the output and puts the file into its place, over what stands there.
    ///
    /// # Errors
    /// As [`write`](Self::write); what stood in the place of the file still stands there then.
    pub fn finish(mut self) -> Result<Written, OutputError> {
        self.end()?;
        let path = self.target.finish()?;
        if self.resumes == Some(true)
            && let Some(path) = &path
        {
            // The whole output is there; a part that cannot be removed harms nobody.
            let _ = fs::remove_file(partial_path(path));
        }
        Ok(Written { rows: self.rows, path })
    }

    /// Keeps the rows so far as an output of their own, valid in its format: for an interrupted run.
    ///
    /// They come to stand at the path of the output where that is free. Where a file stands there, it stays, and the
    /// rows stand beside it under the same name with `.partial` behind it.
    ///
    /// # Errors
    /// As [`finish`](Self::finish).
    pub fn keep_partial(mut self) -> Result<Written, OutputError> {
        self.end()?;
        let path =
            if self.resumes == Some(false) { self.target.finish()? } else { self.target.finish_without_replacing()? };
        Ok(Written { rows: self.rows, path })
    }

    /// Opens the target only when the format suits the columns, and writes what stands before the first row.
    fn start(
        open: impl FnOnce() -> Result<Target, OutputError>,
        format: Format,
        columns: Columns,
    ) -> Result<Self, OutputError> {
        if format == Format::Geojson && columns.coordinates().is_none() {
            return Err(OutputError::NoCoordinates);
        }
        let mut target = open()?;
        target.write(|sink| match format {
            Format::Csv => csv_rows::write_header(sink, columns.names()),
            Format::Ndjson => Ok(()),
            Format::Geojson => sink.write_all(json_rows::COLLECTION_START.as_bytes()),
        })?;
        Ok(Self { format, columns, target, rows: 0, resumes: None })
    }

    /// Writes what stands after the last row.
    fn end(&mut self) -> Result<(), OutputError> {
        match self.format {
            Format::Csv | Format::Ndjson => Ok(()),
            Format::Geojson => self.target.write(|sink| sink.write_all(json_rows::COLLECTION_END.as_bytes())),
        }
    }
}

impl fmt::Debug for RowWriter {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("RowWriter")
            .field("format", &self.format)
            .field("rows", &self.rows)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    fn columns() -> Columns {
        Columns::new(&["lat".to_owned(), "lng".to_owned()], &["status"])
    }

    fn row(lng: &str) -> [Cell; 3] {
        [Cell::Carried("1.50".into()), Cell::Carried(lng.into()), Cell::Text("ok".into())]
    }

    fn writer(path: &Path, format: Format, rows: &[&str]) -> RowWriter {
        let mut writer = RowWriter::to_file(path, format, columns()).unwrap();
        for lng in rows {
            writer.write(&row(lng)).unwrap();
        }
        writer
    }

    /// The names and the texts of all files in a folder, hidden ones included.
    fn listing(folder: &Path) -> Vec<(String, String)> {
        let mut files: Vec<_> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| {
                let entry = entry.unwrap();
                (entry.file_name().into_string().unwrap(), fs::read_to_string(entry.path()).unwrap())
            })
            .collect();
        files.sort();
        files
    }

    fn check_listing(folder: &Path, expected: &[(&str, &str)]) {
        let found = listing(folder);
        let found: Vec<_> = found.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        assert_eq!(found, expected);
    }

    const ONE: &str = "lat,lng,status\n1.50,7,ok\n";
    const TWO: &str = "lat,lng,status\n1.50,7,ok\n1.50,8,ok\n";

    #[test]
    fn geojson_without_a_place_touches_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let columns = Columns::new(&["street1".to_owned()], &["status"]);
        let error = RowWriter::to_file(&folder.path().join("o"), Format::Geojson, columns).unwrap_err();
        insta::assert_snapshot!(error, @"geojson needs the columns lat and lng; choose csv or ndjson");
        check_listing(folder.path(), &[]);
    }

    #[test]
    fn a_row_that_does_not_fit_is_not_written() {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = writer(&folder.path().join("o.csv"), Format::Csv, &["7"]);
        let error = writer.write(&[Cell::Empty]).unwrap_err();
        insta::assert_snapshot!(error, @"a row of 1 cells does not fit 3 columns");
        assert_eq!(writer.finish().unwrap().rows, 1);
        check_listing(folder.path(), &[("o.csv", ONE)]);
    }

    #[test]
    fn formats() {
        for (format, rows, expected) in [
            (Format::Csv, &[][..], "lat,lng,status\n"),
            (Format::Csv, &["7"], ONE),
            (Format::Ndjson, &[], ""),
            (
                Format::Ndjson,
                &["7", "8"],
                "{\"lat\":1.5,\"lng\":7.0,\"status\":\"ok\"}\n{\"lat\":1.5,\"lng\":8.0,\"status\":\"ok\"}\n",
            ),
            (Format::Geojson, &[], "{\"type\":\"FeatureCollection\",\"features\":[\n]}\n"),
            (
                Format::Geojson,
                &["7", "8"],
                "{\"type\":\"FeatureCollection\",\"features\":[\n\
                 {\"type\":\"Feature\",\"geometry\":{\"type\":\"Point\",\"coordinates\":[7.0,1.5]},\"properties\":{\"status\":\"ok\"}},\n\
                 {\"type\":\"Feature\",\"geometry\":{\"type\":\"Point\",\"coordinates\":[8.0,1.5]},\"properties\":{\"status\":\"ok\"}}\n\
                 ]}\n",
            ),
        ] {
            for end in [RowWriter::finish, RowWriter::keep_partial] {
                let folder = tempfile::tempdir().unwrap();
                let path = folder.path().join("out");
                let written = end(writer(&path, format, rows)).unwrap();
                assert_eq!(written, Written { rows: rows.len() as u64, path: Some(path.clone()) });
                check_listing(folder.path(), &[("out", expected)]);
                if format == Format::Geojson {
                    serde_json::from_str::<serde_json::Value>(expected).unwrap();
                }
            }
        }
    }

    #[test]
    fn a_dropped_writer_leaves_what_stood_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("o.csv");
        drop(writer(&path, Format::Csv, &["7"]));
        check_listing(folder.path(), &[]);
        fs::write(&path, "good").unwrap();
        drop(writer(&path, Format::Csv, &["7"]));
        check_listing(folder.path(), &[("o.csv", "good")]);
    }

    #[test]
    fn a_part_stands_beside_a_whole_output_until_that_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("o.csv");
        fs::write(&path, "good").unwrap();
        let kept = writer(&path, Format::Csv, &["7"]).keep_partial().unwrap();
        assert_eq!(kept.path, Some(folder.path().join("o.csv.partial")));
        check_listing(folder.path(), &[("o.csv", "good"), ("o.csv.partial", ONE)]);
        writer(&path, Format::Csv, &["7", "8"]).resuming(true).keep_partial().unwrap();
        check_listing(folder.path(), &[("o.csv", "good"), ("o.csv.partial", TWO)]);
        writer(&path, Format::Csv, &["7", "8"]).resuming(true).finish().unwrap();
        check_listing(folder.path(), &[("o.csv", TWO)]);
    }

    #[test]
    fn a_resumed_run_replaces_its_own_part() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("o.csv");
        writer(&path, Format::Csv, &["7"]).keep_partial().unwrap();
        writer(&path, Format::Csv, &["7", "8"]).resuming(false).keep_partial().unwrap();
        check_listing(folder.path(), &[("o.csv", TWO)]);
    }

    #[test]
    fn a_closed_pipe_is_told_apart_from_a_failure() {
        let (mut reader, pipe) = io::pipe().unwrap();
        let open = || Ok(Target::stream("standard output", pipe));
        let mut writer = RowWriter::start(open, Format::Csv, columns()).unwrap();
        writer.write(&row("7")).unwrap();
        writer.flush().unwrap();
        let mut seen = vec![0; ONE.len()];
        reader.read_exact(&mut seen).unwrap();
        assert_eq!(seen, ONE.as_bytes());
        drop(reader);
        writer.write(&row("8")).unwrap();
        assert!(writer.finish().unwrap_err().is_broken_pipe());
    }
}
