//! A CSV file as columns and rows, with the line of each row.

use std::path::Path;

use super::{
    error::{InputError, InputErrors, Problems},
    problem::InputProblem,
    records::records,
    source::Source,
};

/// A CSV file: UTF-8 with or without a byte order mark, any line ends, fields quoted where they need it.
///
/// ```
/// use abide::input::Table;
///
/// # fn main() -> Result<(), abide::input::InputErrors> {
/// let table = Table::parse("places.csv", b"name,lat,lng\r\n\"Juneau, AK\",58.30,-134.42\r\n")?;
/// assert_eq!(table.columns, ["name", "lat", "lng"]);
/// assert_eq!(table.rows[0].line, 2);
/// assert_eq!(table.rows[0].fields[0], "Juneau, AK");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// The file, as it was named; `standard input` for `-`.
    pub file: String,
    /// The names in the header, without white space around them.
    pub columns: Vec<String>,
    /// The rows, at least one, each with as many fields as there are columns.
    pub rows: Vec<Row>,
}

/// One row of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The line in the file where the row begins; the first line is 1.
    pub line: u64,
    /// The fields as they stand in the file.
    pub fields: Vec<String>,
}

impl Table {
    /// Reads the file at a path, or standard input for `-`. Blank lines are skipped.
    ///
    /// # Errors
    /// When the file cannot be read, is no UTF-8, has no row, or has rows whose length is not that of the header.
    pub fn read(path: &Path) -> Result<Self, InputErrors> {
        Self::without_problems(Self::draft(path)?)
    }

    /// Reads bytes as the file of this name, as [`read`](Self::read) does.
    pub fn parse(file: &str, bytes: &[u8]) -> Result<Self, InputErrors> {
        Self::without_problems(Self::of(Source::of(file.to_owned(), Ok(bytes.to_vec()))?)?)
    }

    /// Reads the file with the rows that have the right length, and tells of the others: for who has more to say about
    /// the rows, so that all is said at once.
    pub(super) fn draft(path: &Path) -> Result<(Self, Problems), InputErrors> {
        Self::of(Source::read(path)?)
    }

    /// Where a column stands that must be there. Names match without regard to upper and lower case.
    ///
    /// `near` are other names under which people write the column, for a hint.
    pub(super) fn required(&self, column: &'static str, near: &[&str]) -> Result<usize, InputErrors> {
        self.optional(column)?.ok_or_else(|| self.about(self.why_missing(column, near)).into())
    }

    /// Where a column stands that may be there.
    pub(super) fn optional(&self, column: &'static str) -> Result<Option<usize>, InputErrors> {
        let is_column = |name: &String| name.eq_ignore_ascii_case(column);
        match self.columns.iter().filter(|name| is_column(name)).count() {
            0 | 1 => Ok(self.columns.iter().position(is_column)),
            times => Err(self.about(InputProblem::RepeatedColumn { column, times }).into()),
        }
    }

    fn without_problems((table, problems): (Self, Problems)) -> Result<Self, InputErrors> {
        problems.none_found().map(|()| table)
    }

    fn of(Source { file, text }: Source) -> Result<(Self, Problems), InputErrors> {
        let mut rows = records(&file, &text)?;
        if rows.is_empty() {
            return Err(InputError { file, line: None, problem: InputProblem::Empty }.into());
        }
        let header = rows.remove(0);
        if rows.is_empty() {
            return Err(InputError { file, line: None, problem: InputProblem::NoRows }.into());
        }
        let problems = drop_misfits(&file, header.fields.len(), &mut rows);
        let columns = header.fields.iter().map(|name| name.trim().to_owned()).collect();
        Ok((Self { file, columns, rows }, problems))
    }

    fn why_missing(&self, column: &'static str, near: &[&str]) -> InputProblem {
        if let [only] = self.columns.as_slice() {
            for (sign, separator) in [(';', "semicolons"), ('\t', "tabs"), ('|', "vertical bars")] {
                if only.contains(sign) {
                    return InputProblem::Separator { separator };
                }
            }
        }
        let meant = |name: &&String| near.contains(&letters(name).as_str()) || letters(name) == column;
        InputProblem::MissingColumn {
            column,
            present: self.columns.clone(),
            near: self.columns.iter().find(meant).cloned(),
        }
    }

    fn about(&self, problem: InputProblem) -> InputError {
        InputError { file: self.file.clone(), line: None, problem }
    }
}

/// A name as people mean it: `Street_Address 1` is `streetaddress1`.
fn letters(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
}

/// Drops every row whose fields are not as many as the columns, and reports it.
fn drop_misfits(file: &str, expected: usize, rows: &mut Vec<Row>) -> Problems {
    let mut problems = Problems::of(file);
    rows.retain(|row| {
        let found = row.fields.len();
        if found < expected {
            problems.add(row.line, InputProblem::TooFewFields { expected, found });
        } else if found > expected {
            problems.add(row.line, InputProblem::TooManyFields { expected, found });
        }
        found == expected
    });
    problems
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn refused(text: &str) -> String {
        Table::parse("t.csv", text.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn refusals() {
        for (text, expected) in [
            ("", "t.csv: the file is empty; it needs a header line and at least one row below it"),
            ("\u{feff}", "t.csv: the file is empty; it needs a header line and at least one row below it"),
            ("\n\r\n", "t.csv: the file is empty; it needs a header line and at least one row below it"),
            ("a,b\n", "t.csv: there is a header and no row below it; add at least one"),
            (
                "a,b\n1\n1,2\n1,2,3\n",
                "t.csv, line 2: the row has 1 field where the header has 2; add the missing ones, empty if need be\n\
                 t.csv, line 4: the row has 3 fields where the header has 2; put a field that holds a comma into double quotes",
            ),
            (
                "a,b\n1,2\n3,\"4\n5,6\n",
                "t.csv, line 3: a double quote opens in this row and never closes; close it, or double it to mean the sign itself",
            ),
            (
                "a,b\n1,\"2 \"\"\n",
                "t.csv, line 2: a double quote opens in this row and never closes; close it, or double it to mean the sign itself",
            ),
        ] {
            assert_eq!(refused(text), expected, "{text:?}");
        }
    }

    #[test]
    fn many_problems_are_counted() {
        let text = "a,b\n".to_owned() + &"1\n".repeat(InputErrors::SHOWN + 2);
        let errors = Table::parse("t.csv", text.as_bytes()).unwrap_err();
        assert_eq!(errors.count(), InputErrors::SHOWN + 2);
        assert_eq!(errors.first().len(), InputErrors::SHOWN);
        assert!(errors.to_string().ends_with("\n… and 2 more problems"));
    }

    #[test]
    fn columns_match_by_letters_only() {
        let table = Table::parse("t.csv", b" LAT ,Lng,lng,x\n1,2,3,4\n").unwrap();
        assert_eq!(table.required("lat", &[]).unwrap(), 0);
        assert_eq!(table.optional("zip").unwrap(), None);
        assert_eq!(
            table.required("lng", &[]).unwrap_err().to_string(),
            "t.csv: the header names the column lng 2 times; keep one of them"
        );
    }

    #[test]
    fn missing_columns_come_with_a_hint() {
        for (header, expected) in [
            ("id,Latitude", "there is no column lat among \"id\", \"Latitude\"; rename \"Latitude\" to lat"),
            ("id,l-a-t", "there is no column lat among \"id\", \"l-a-t\"; rename \"l-a-t\" to lat"),
            ("id,name", "there is no column lat among \"id\", \"name\"; add it to the header"),
            ("lat;lng", "the columns are separated by semicolons where commas are needed; save the file with commas"),
            ("lat\tlng", "the columns are separated by tabs where commas are needed; save the file with commas"),
            ("x\u{1b}[2J,b", "there is no column lat among \"x[2J\", \"b\"; add it to the header"),
        ] {
            let row = if header.contains(',') { "1,2" } else { "1" };
            let table = Table::parse("t.csv", format!("{header}\n{row}\n").as_bytes()).unwrap();
            let error = table.required("lat", &["latitude"]).unwrap_err().to_string();
            assert_eq!(error, format!("t.csv: {expected}"));
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_table_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = Table::parse("t.csv", &bytes);
        }

        #[test]
        fn any_csv_is_a_table_or_an_error(text in "[a,\"\\r\\n]{0,40}") {
            if let Ok(table) = Table::parse("t.csv", text.as_bytes()) {
                prop_assert!(table.rows.iter().all(|row| row.fields.len() == table.columns.len()));
                prop_assert!(table.rows.is_sorted_by(|before, after| before.line < after.line));
            }
        }
    }
}
