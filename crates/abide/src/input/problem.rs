//! The things that can be wrong with an input file, each as one sentence that ends in what to do.

use std::io;

use super::source::LIMIT_MIB;
use crate::safe_text::Safe;

/// One kind of problem with an input file. What it quotes from the file is made safe for a terminal when shown.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InputProblem {
    /// Nothing stands at the path.
    #[error("there is no such file; check the path")]
    Missing,
    /// The path names a folder.
    #[error("this is a folder; name a CSV file")]
    Folder,
    /// The system does not let the file be read; its reason is the `source()`.
    #[error("the file cannot be read; check its permissions")]
    Unreadable(#[source] io::Error),
    /// The file is over the limit of what is read into memory.
    #[error("the file is larger than {LIMIT_MIB} MiB; split it into several")]
    TooLarge,
    /// The file holds no text at all.
    #[error("the file is empty; it needs a header line and at least one row below it")]
    Empty,
    /// The file ends after its header.
    #[error("there is a header and no row below it; add at least one")]
    NoRows,
    /// The file is text in another encoding.
    #[error("the text is not UTF-8; save the file as \"CSV UTF-8\"")]
    NotUtf8,
    /// The file begins with the mark of UTF-16.
    #[error("the file is UTF-16; save it as \"CSV UTF-8\"")]
    Utf16,
    /// A quoted field runs to the end of the file.
    #[error("a double quote opens in this row and never closes; close it, or double it to mean the sign itself")]
    OpenQuote,
    /// A column that must be there is not.
    #[error("{}", missing_column(column, present, near.as_deref()))]
    MissingColumn {
        /// The column that is needed.
        column: &'static str,
        /// The columns that are there.
        present: Vec<String>,
        /// The one among them that looks as if it was meant.
        near: Option<String>,
    },
    /// The header is one column with another separator in it.
    #[error("the columns are separated by {separator} where commas are needed; save the file with commas")]
    Separator {
        /// The separator in words.
        separator: &'static str,
    },
    /// A column that is read stands there more than once.
    #[error("the header names the column {column} {times} times; keep one of them")]
    RepeatedColumn {
        /// The column.
        column: &'static str,
        /// How many times.
        times: usize,
    },
    /// A row has fewer fields than the header.
    #[error("the row has {} where the header has {expected}; add the missing ones, empty if need be", fields(*found))]
    TooFewFields {
        /// How many columns the header has.
        expected: usize,
        /// How many fields the row has.
        found: usize,
    },
    /// A row has more fields than the header.
    #[error("the row has {} where the header has {expected}; put a field that holds a comma into double quotes", fields(*found))]
    TooManyFields {
        /// How many columns the header has.
        expected: usize,
        /// How many fields the row has.
        found: usize,
    },
    /// A value that must be there is not.
    #[error("{column} is empty; fill it in or remove the row")]
    EmptyValue {
        /// The column.
        column: &'static str,
    },
    /// A number is written with a decimal comma.
    #[error("{column} is \"{:.40}\"; write the decimal point as a dot", Safe(text))]
    DecimalComma {
        /// The column.
        column: &'static str,
        /// What stands there.
        text: String,
    },
    /// A value is not a finite decimal number.
    #[error("{column} is \"{:.40}\", not a decimal number; write degrees such as 40.7128", Safe(text))]
    NotANumber {
        /// The column.
        column: &'static str,
        /// What stands there.
        text: String,
    },
    /// A coordinate is off the globe.
    #[error("{column} is {value}, outside {least} to {most}; correct it or remove the row")]
    OutOfRange {
        /// The column.
        column: &'static str,
        /// The value.
        value: f64,
        /// The least value allowed.
        least: f64,
        /// The greatest value allowed.
        most: f64,
    },
    /// A latitude that only a longitude can be, beside a longitude that may be a latitude.
    #[error("lat is {lat}, outside {least} to {most}, and lng is {lng}; lat and lng look swapped, exchange them")]
    Swapped {
        /// The value of `lat`.
        lat: f64,
        /// The value of `lng`.
        lng: f64,
        /// The least latitude.
        least: f64,
        /// The greatest latitude.
        most: f64,
    },
    /// A ZIP code with too few digits, as spreadsheets leave behind.
    #[error(
        "zip is \"{zip}\", and a ZIP code has five digits; a spreadsheet may have dropped its leading zero, write {mended}"
    )]
    LostZero {
        /// What stands there.
        zip: String,
        /// The code that may have been meant.
        mended: String,
    },
    /// A rule of the service refuses the row; the reason is the caller's.
    #[error("{}", Safe(reason))]
    Refused {
        /// Why, and what to do.
        reason: String,
    },
}

fn missing_column(column: &str, present: &[String], near: Option<&str>) -> String {
    let names = present.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ");
    let names = Safe(&names);
    match near {
        Some(near) => format!("there is no column {column} among {names}; rename \"{:.40}\" to {column}", Safe(near)),
        None => format!("there is no column {column} among {names}; add it to the header"),
    }
}

fn fields(count: usize) -> String {
    match count {
        1 => "1 field".to_owned(),
        count => format!("{count} fields"),
    }
}
