//! One value of a row, with where it came from, because that decides how it may be written.

use serde::{Deserialize, Serialize};

/// A value in a row of output.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cell {
    /// Text that a server sent. In CSV it is guarded against being taken for a formula.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A number; what is not finite is written as an empty cell.
    Number(f64),
    /// A cell of the input, written back as it was.
    Carried(String),
    /// No value: an empty field in CSV, `null` in JSON.
    Empty,
}

impl Cell {
    /// The finite number in a cell that is one, or that carries one from the input.
    pub(super) fn number(&self) -> Option<f64> {
        let number = match self {
            Self::Number(number) => Some(*number),
            Self::Carried(text) => text.trim().parse().ok(),
            Self::Text(_) | Self::Integer(_) | Self::Empty => None,
        };
        number.filter(|number| number.is_finite())
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Empty, Into::into)
    }
}

impl From<i64> for Cell {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl From<f64> for Cell {
    fn from(value: f64) -> Self {
        Self::Number(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        for (cell, expected) in [
            (Cell::Number(1.5), Some(1.5)),
            (Cell::Number(f64::NAN), None),
            (Cell::Carried(" -122.4 ".into()), Some(-122.4)),
            (Cell::Carried("1e400".into()), None),
            (Cell::Carried("north".into()), None),
            (Cell::Carried(String::new()), None),
            (Cell::Text("1".into()), None),
            (Cell::Integer(1), None),
            (Cell::Empty, None),
        ] {
            assert_eq!(cell.number(), expected, "{cell:?}");
        }
    }

    #[test]
    fn absent_values_are_empty() {
        assert_eq!(Cell::from(None::<i64>), Cell::Empty);
        assert_eq!(Cell::from(Some(72)), Cell::Integer(72));
        assert_eq!(Cell::from(Some(0.5)), Cell::Number(0.5));
    }
}
