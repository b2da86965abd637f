//! The records of a CSV text, each with the line where it begins.

use super::{
    error::{InputError, InputErrors},
    problem::InputProblem,
    table::Row,
};

/// All records of a text, the header among them.
pub(super) fn records(file: &str, text: &str) -> Result<Vec<Row>, InputErrors> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut lines = Lines { rest: text, offset: 0, line: 1 };
    let mut rows = Vec::new();
    let mut record = csv::StringRecord::new();
    let failed = |error: csv::Error| InputError {
        file: file.to_owned(),
        line: None,
        problem: InputProblem::Unreadable(error.into()),
    };
    while reader.read_record(&mut record).map_err(failed)? {
        let offset = record.position().map_or(0, csv::Position::byte);
        lines.advance(usize::try_from(offset).unwrap_or(usize::MAX));
        rows.push(Row { line: lines.line, fields: record.iter().map(str::to_owned).collect() });
    }
    if quote_stays_open(lines.rest) {
        let problem = InputProblem::OpenQuote;
        return Err(InputError { file: file.to_owned(), line: Some(lines.line), problem }.into());
    }
    Ok(rows)
}

/// Counts lines up to the beginning of each record.
struct Lines<'a> {
    /// The text from the record on.
    rest: &'a str,
    /// Where that begins, in bytes.
    offset: usize,
    /// Its line, from 1.
    line: u64,
}

impl Lines<'_> {
    /// Goes on to the record that the reader began to look for at `offset`: blank lines may stand before it.
    fn advance(&mut self, offset: usize) {
        let passed = offset.saturating_sub(self.offset);
        let record = self.rest.get(passed..).unwrap_or_default().trim_start_matches(['\r', '\n']);
        let (passed, rest) = self.rest.split_at(self.rest.len() - record.len());
        let breaks = passed.matches('\n').count() + passed.matches('\r').count() - passed.matches("\r\n").count();
        self.line += u64::try_from(breaks).unwrap_or(u64::MAX);
        self.offset += passed.len();
        self.rest = rest;
    }
}

/// Whether a quoted field of the last record runs into the end of the file, and so swallowed the rows after it.
fn quote_stays_open(record: &str) -> bool {
    let end = record.chars().fold(Field::Start, Field::next);
    matches!(end, Field::Quoted)
}

/// Where in a field of CSV a reader is.
///
/// ```text
///            "              "
///   Start ------> Quoted <------> Closed
///     |  ^                          |
///     |  | , or line end            | any other
///     v  |                          |
///    Bare <-------------------------+
/// ```
///
/// A comma or a line end leads from `Closed` to `Start`, too.
#[derive(Clone, Copy)]
enum Field {
    Start,
    Bare,
    Quoted,
    Closed,
}

impl Field {
    fn next(self, character: char) -> Self {
        let outside = match character {
            ',' | '\r' | '\n' => Self::Start,
            _ => Self::Bare,
        };
        match self {
            Self::Quoted if character == '"' => Self::Closed,
            Self::Quoted => Self::Quoted,
            Self::Start | Self::Closed if character == '"' => Self::Quoted,
            Self::Start | Self::Bare | Self::Closed => outside,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str, expected: &[(u64, &[&str])]) {
        let found = records("t.csv", text).unwrap();
        let found: Vec<(u64, Vec<&str>)> =
            found.iter().map(|row| (row.line, row.fields.iter().map(String::as_str).collect())).collect();
        let expected: Vec<(u64, Vec<&str>)> = expected.iter().map(|(line, fields)| (*line, fields.to_vec())).collect();
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn lines_of_any_kind() {
        for text in ["a,b\n1,2\n3,4\n", "a,b\r\n1,2\r\n3,4\r\n", "a,b\r1,2\r3,4", "a,b\n1,2\n3,4"] {
            check(text, &[(1, &["a", "b"]), (2, &["1", "2"]), (3, &["3", "4"])]);
        }
        for text in ["a,b\n\n\n1,2\n\n3,4\n\n", "a,b\r\n\r\n\r\n1,2\r\n\r\n3,4\r\n\r\n"] {
            check(text, &[(1, &["a", "b"]), (4, &["1", "2"]), (6, &["3", "4"])]);
        }
    }

    #[test]
    fn quotes() {
        check(
            "a,b\r\n\"x\r\ny\",\"say \"\"hi\"\"\"\r\n\"\",5\" pipe\r\n",
            &[(1, &["a", "b"]), (2, &["x\r\ny", "say \"hi\""]), (4, &["", "5\" pipe"])],
        );
        check("\" a \",b\n 1 ,2\n", &[(1, &[" a ", "b"]), (2, &[" 1 ", "2"])]);
    }

    /// A field as a file may hold it: bare where that is possible, else quoted.
    fn written(field: &str, quoted: bool) -> String {
        if quoted || field.contains([',', '"', '\r', '\n']) || field.is_empty() {
            format!("\"{}\"", field.replace('"', "\"\""))
        } else {
            field.to_owned()
        }
    }

    proptest! {
        #[test]
        fn reads_what_was_written_with_its_lines(
            rows in prop::collection::vec((prop::array::uniform2("[a-z \",\\r\\n]{0,6}"), any::<bool>(), 0_usize..3), 1..8),
            line_end in prop::sample::select(vec!["\n", "\r\n"]),
        ) {
            let mut text = format!("a,b{line_end}");
            let header = ["a", "b"].map(str::to_owned).to_vec();
            let mut expected = vec![Row { line: 1, fields: header }];
            for (fields, quoted, blank_lines) in rows {
                text.push_str(&line_end.repeat(blank_lines));
                let line = text.replace("\r\n", "\n").matches(['\r', '\n']).count() + 1;
                expected.push(Row { line: u64::try_from(line).unwrap(), fields: fields.to_vec() });
                text.push_str(&fields.map(|field| written(&field, quoted)).join(","));
                text.push_str(line_end);
            }
            prop_assert_eq!(records("t.csv", &text).unwrap(), expected);
        }

        /// The reader of the csv crate is the judge: a row put behind an open quote is not a row to it.
        #[test]
        fn open_quotes_are_found(text in "[a,\"\\r\\n]{0,20}") {
            let with_end = format!("{text}\nend\n");
            let mut reader = csv::ReaderBuilder::new()
                .has_headers(false)
                .flexible(true)
                .from_reader(with_end.as_bytes());
            let last = reader.records().last().unwrap().unwrap();
            let swallowed = last != vec!["end"];
            prop_assert_eq!(quote_stays_open(&text), swallowed);
            prop_assert_eq!(records("t.csv", &text).is_err(), swallowed);
        }
    }
}
