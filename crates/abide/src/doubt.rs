//! Rows of which nobody knows whether they were sent, because their create call was never answered.

use crate::input::Table;

/// What the table says of such a row, where it has a column for it.
pub(crate) const DOUBT: &str =
    "not known whether this row was sent: its call was never answered; to send it again, put it into a file of its own";

/// Which lines of the input it is, and what to do.
pub(crate) fn doubt_line(table: &Table, rows: &[usize]) -> String {
    let this = if rows.len() == 1 { "this row was" } else { "these rows were" };
    let them = if rows.len() == 1 { "it" } else { "them" };
    format!(
        "{}: not known whether {this} sent: the call was never answered; to send {them} again, put {them} into a file of \
         {} own",
        lines(table, rows),
        if rows.len() == 1 { "its" } else { "their" },
    )
}

/// `line 7`, `lines 2 to 501, 730`.
fn lines(table: &Table, rows: &[usize]) -> String {
    let line = |row: usize| table.rows.get(row).map_or(0, |row| row.line);
    let parts: Vec<String> = rows
        .chunk_by(|one, next| one + 1 == *next)
        .filter_map(|run| match run {
            [] => None,
            [only] => Some(line(*only).to_string()),
            [first, .., last] => Some(format!("{} to {}", line(*first), line(*last))),
        })
        .collect();
    format!("line{} {}", if rows.len() == 1 { "" } else { "s" }, parts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_rows() {
        let text = "a\n".to_owned() + &"x\n".repeat(9);
        let table = Table::parse("t.csv", text.as_bytes()).unwrap();
        for (rows, expected) in
            [(&[0][..], "line 2"), (&[3, 4], "lines 5 to 6"), (&[0, 2, 3, 4, 8], "lines 2, 4 to 6, 10")]
        {
            assert_eq!(lines(&table, rows), expected, "{rows:?}");
        }
    }

    #[test]
    fn one_and_many() {
        let table = Table::parse("t.csv", b"a\n1\n2\n").unwrap();
        insta::assert_snapshot!(doubt_line(&table, &[1]), @"line 3: not known whether this row was sent: the call was never answered; to send it again, put it into a file of its own");
        insta::assert_snapshot!(doubt_line(&table, &[0, 1]), @"lines 2 to 3: not known whether these rows were sent: the call was never answered; to send them again, put them into a file of their own");
    }
}
