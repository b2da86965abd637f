//! Rows as comma-separated values: RFC 4180, LF line ends.

use std::{
    borrow::Cow,
    io::{self, Write},
};

use super::cell::Cell;
use crate::safe_text::harmless_text;

/// What a spreadsheet takes for the beginning of a formula, or skips on its way to one.
const FORMULA_STARTS: [char; 8] = ['=', '+', '-', '@', '\t', '\r', '\n', '\0'];

/// Writes the header.
pub(super) fn write_header(sink: &mut dyn Write, names: &[String]) -> io::Result<()> {
    write_record(sink, names.iter().map(|name| Cow::Borrowed(name.as_str())))
}

/// Writes one row.
pub(super) fn write_row(sink: &mut dyn Write, cells: &[Cell]) -> io::Result<()> {
    write_record(sink, cells.iter().map(field))
}

fn write_record<'a>(sink: &mut dyn Write, fields: impl Iterator<Item = Cow<'a, str>>) -> io::Result<()> {
    // By way of memory: a CSV writer flushes what it writes to, and a row is no reason for that.
    let mut record = Vec::new();
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::Any(b'\n')).from_writer(&mut record);
    for field in fields {
        writer.write_field(field.as_bytes())?;
    }
    writer.write_record(None::<&[u8]>)?;
    writer.flush()?;
    drop(writer);
    sink.write_all(&record)
}

fn field(cell: &Cell) -> Cow<'_, str> {
    match cell {
        Cell::Text(text) => guarded(text),
        Cell::Integer(number) => Cow::Owned(number.to_string()),
        Cell::Number(number) if number.is_finite() => Cow::Owned(number.to_string()),
        Cell::Number(_) | Cell::Empty => Cow::Borrowed(""),
        Cell::Carried(text) => Cow::Borrowed(text),
    }
}

/// The text without what a terminal would obey, and with an apostrophe before it where a spreadsheet would run it as a
/// formula (OWASP ASVS 5.0, 1.2.10).
fn guarded(text: &str) -> Cow<'_, str> {
    let formula = text.starts_with(FORMULA_STARTS);
    let text = harmless_text(text);
    Cow::Owned(if formula { format!("'{text}") } else { text })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(cells: &[Cell]) -> String {
        let mut bytes = Vec::new();
        write_row(&mut bytes, cells).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn cells() {
        let text = |text: &str| Cell::Text(text.into());
        let carried = |text: &str| Cell::Carried(text.into());
        for (cell, expected) in [
            (text("Listing limit reached"), "Listing limit reached"),
            (text("a,b"), "\"a,b\""),
            (text("say \"hi\""), "\"say \"\"hi\"\"\""),
            (text("two\nlines"), "two lines"),
            (text("\u{1b}[31mred\u{202e}\u{9b}2J"), "[31mred2J"),
            (text("=HYPERLINK(\"x\")"), "\"'=HYPERLINK(\"\"x\"\")\""),
            (text("+1"), "'+1"),
            (text("-83.2"), "'-83.2"),
            (text("@SUM(A1)"), "'@SUM(A1)"),
            (text("\t=1"), "' =1"),
            (text("\r=1"), "' =1"),
            (text("\n=1"), "' =1"),
            (text("\0=1"), "'=1"),
            (text("'quoted'"), "'quoted'"),
            (text("a=b"), "a=b"),
            (carried("-83.20"), "-83.20"),
            (carried("=1+1"), "=1+1"),
            (carried(" a , b "), "\" a , b \""),
            (Cell::Integer(-7), "-7"),
            (Cell::Number(-83.25), "-83.25"),
            (Cell::Number(100.0), "100"),
            (Cell::Number(f64::NAN), "\"\""),
            (Cell::Number(f64::NEG_INFINITY), "\"\""),
            (Cell::Empty, "\"\""),
        ] {
            assert_eq!(written(std::slice::from_ref(&cell)), format!("{expected}\n"), "{cell:?}");
        }
    }

    #[test]
    fn empty_cells_between_others_are_bare() {
        assert_eq!(written(&[Cell::Integer(1), Cell::Empty, Cell::Empty]), "1,,\n");
    }

    proptest! {
        /// What the writer writes, any reader of CSV reads back, but for the apostrophe before a formula.
        #[test]
        fn round_trip(rows in prop::collection::vec(prop::collection::vec(any::<String>(), 3), 1..8), carried: bool) {
            let mut bytes = Vec::new();
            write_header(&mut bytes, &["a".to_owned(), "b".to_owned(), "c".to_owned()]).unwrap();
            for row in &rows {
                let cell = |text: &String| if carried { Cell::Carried(text.clone()) } else { Cell::Text(text.clone()) };
                write_row(&mut bytes, &row.iter().map(cell).collect::<Vec<_>>()).unwrap();
            }
            let mut reader = csv::Reader::from_reader(bytes.as_slice());
            let read: Vec<Vec<String>> = reader.deserialize().map(Result::unwrap).collect();
            let expected: Vec<Vec<String>> = rows
                .iter()
                .map(|row| row.iter().map(|text| if carried { text.clone() } else { guarded(text).into_owned() }).collect())
                .collect();
            prop_assert_eq!(read, expected);
        }
    }
}
