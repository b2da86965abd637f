//! Tables of locations: a `lat` and an `lng` in each row, in decimal degrees.

use std::path::Path;

pub use super::coordinates::Bounds;
use super::{
    coordinates::coordinates,
    error::{InputErrors, Problems},
    table::Table,
};

/// One location of the input.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Location {
    /// The line in the file where its row begins.
    pub line: u64,
    /// The latitude in decimal degrees, finite and within the bounds.
    pub lat: f64,
    /// The longitude in decimal degrees, finite and within the bounds.
    pub lng: f64,
}

/// A table in which every row is a location.
///
/// ```
/// use abide::input::{Table, locations::{Bounds, Locations}};
///
/// # fn main() -> Result<(), abide::input::InputErrors> {
/// let bounds = Bounds { latitude: (-90.0, 90.0), longitude: (-180.0, 180.0) };
/// let table = Table::parse("places.csv", b"name,lat,lng\nJuneau,58.30,-134.42\n")?;
/// let places = Locations::of(table, &bounds)?;
/// assert_eq!(places.locations[0].lng, -134.42);
///
/// let table = Table::parse("places.csv", b"lat,lng\n-134.42,58.30\n")?;
/// let refused = Locations::of(table, &bounds).unwrap_err();
/// assert!(refused.to_string().contains("look swapped"));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Locations {
    /// The whole table, to carry its other columns through.
    pub table: Table,
    /// One location for each row of the table, in the same order.
    pub locations: Vec<Location>,
}

/// Reads the locations in the file at a path, or in standard input for `-` (requirement CAL-CREATE-INVALID).
///
/// # Errors
/// As [`Table::read`]; and when `lat` or `lng` is missing, or any row has no valid pair of them.
pub fn read(path: &Path, bounds: &Bounds) -> Result<Locations, InputErrors> {
    let (table, problems) = Table::draft(path)?;
    Locations::judged(table, problems, bounds)
}

impl Locations {
    /// Reads the locations in a table, as [`read`] does.
    pub fn of(table: Table, bounds: &Bounds) -> Result<Self, InputErrors> {
        let problems = Problems::of(&table.file);
        Self::judged(table, problems, bounds)
    }

    fn judged(table: Table, of_table: Problems, bounds: &Bounds) -> Result<Self, InputErrors> {
        let lat_column = table.required("lat", &["latitude", "latdeg", "y"])?;
        let lng_column = table.required("lng", &["longitude", "lon", "long", "lngdeg", "londeg", "x"])?;
        let mut locations = Vec::with_capacity(table.rows.len());
        let mut problems = Problems::of(&table.file);
        for row in &table.rows {
            let field = |index: usize| row.fields.get(index).map_or("", String::as_str);
            match coordinates(field(lat_column), field(lng_column), bounds) {
                Ok((lat, lng)) => locations.push(Location { line: row.line, lat, lng }),
                Err(wrong) => wrong.into_iter().for_each(|problem| problems.add(row.line, problem)),
            }
        }
        of_table.and(problems).none_found()?;
        Ok(Self { table, locations })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUNDS: Bounds = Bounds { latitude: (-90.0, 90.0), longitude: (-180.0, 180.0) };

    fn parse(text: &str) -> Result<Locations, InputErrors> {
        Locations::of(Table::parse("t.csv", text.as_bytes())?, &BOUNDS)
    }

    #[test]
    fn every_bad_line_is_reported() {
        let errors = parse("id,lat,lng\n1,95,181\n2,1,2\n3,,north\n4,1\u{a0},200\n").unwrap_err();
        insta::assert_snapshot!(errors, @r#"
        t.csv, line 2: lat is 95, outside -90 to 90; correct it or remove the row
        t.csv, line 2: lng is 181, outside -180 to 180; correct it or remove the row
        t.csv, line 4: lat is empty; fill it in or remove the row
        t.csv, line 4: lng is "north", not a decimal number; write degrees such as 40.7128
        t.csv, line 5: lng is 200, outside -180 to 180; correct it or remove the row
        "#);
    }

    #[test]
    fn rows_of_another_length_are_reported_with_the_others() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t.csv");
        std::fs::write(&path, "lat,lng\n95,100\n1,2,3\n4\n1,NaN\n").unwrap();
        let errors = read(&path, &BOUNDS).unwrap_err().to_string();
        let folder = format!("{}/", folder.path().display());
        insta::assert_snapshot!(errors.replace(&folder, ""), @r#"
        t.csv, line 2: lat is 95, outside -90 to 90; correct it or remove the row
        t.csv, line 3: the row has 3 fields where the header has 2; put a field that holds a comma into double quotes
        t.csv, line 4: the row has 1 field where the header has 2; add the missing ones, empty if need be
        t.csv, line 5: lng is "NaN", not a decimal number; write degrees such as 40.7128
        "#);
    }

    #[test]
    fn missing_columns() {
        for (header, expected) in [
            ("latitude,lng", "there is no column lat among \"latitude\", \"lng\"; rename \"latitude\" to lat"),
            ("lat,lon", "there is no column lng among \"lat\", \"lon\"; rename \"lon\" to lng"),
            ("Lat ,Longitude", "there is no column lng among \"Lat\", \"Longitude\"; rename \"Longitude\" to lng"),
            ("a,b", "there is no column lat among \"a\", \"b\"; add it to the header"),
            ("lat,LAT", "the header names the column lat 2 times; keep one of them"),
        ] {
            let error = parse(&format!("{header}\n1,2\n")).unwrap_err();
            assert_eq!(error.to_string(), format!("t.csv: {expected}"));
        }
    }

    #[test]
    fn more_rows_than_a_session_takes_are_fine() {
        let text = "lat,lng\n".to_owned() + &"40.7,-74\n".repeat(501);
        let places = parse(&text).unwrap();
        assert_eq!(places.locations.len(), 501);
        assert_eq!(places.locations[500], Location { line: 502, lat: 40.7, lng: -74.0 });
    }

    #[test]
    fn other_columns_are_carried() {
        let places = parse("\u{feff}name,Lat , LNG\r\n\"Juneau, AK\",58.30,-134.42\r\n").unwrap();
        assert_eq!(places.table.columns, ["name", "Lat", "LNG"]);
        assert_eq!(places.table.rows[0].fields, ["Juneau, AK", "58.30", "-134.42"]);
    }
}
