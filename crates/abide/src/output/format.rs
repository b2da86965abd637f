//! The formats that rows are written in.

use std::{fmt, str::FromStr};

/// How rows are written.
///
/// ```
/// use abide::output::Format;
///
/// assert_eq!("ndjson".parse(), Ok(Format::Ndjson));
/// assert_eq!(Format::Geojson.to_string(), "geojson");
/// assert!("xlsx".parse::<Format>().is_err());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated values after RFC 4180, with LF line ends and a header.
    #[default]
    Csv,
    /// One JSON object a line.
    Ndjson,
    /// One GeoJSON `FeatureCollection` (RFC 7946) with a point for each row.
    Geojson,
}

impl Format {
    /// Every format, in the order in which help texts name them.
    pub const ALL: [Self; 3] = [Self::Csv, Self::Ndjson, Self::Geojson];

    fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Ndjson => "ndjson",
            Self::Geojson => "geojson",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|format| format.name() == text).ok_or(UnknownFormat)
    }
}

/// A text that names no [`Format`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the formats are csv, ndjson and geojson")]
pub struct UnknownFormat;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back() {
        for format in Format::ALL {
            assert_eq!(format.to_string().parse(), Ok(format));
        }
    }

    #[test]
    fn other_names_are_refused() {
        for text in ["", "CSV", "json", "csv "] {
            assert_eq!(text.parse::<Format>(), Err(UnknownFormat), "{text:?}");
        }
    }
}
