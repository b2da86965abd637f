//! Rows as JSON: one object a line, or the features of one GeoJSON collection.

use std::io::{self, Write};

use serde::{Serialize, Serializer, ser::SerializeMap};

use super::{cell::Cell, columns::Columns};

/// What stands before the first feature of a collection.
pub(super) const COLLECTION_START: &str = "{\"type\":\"FeatureCollection\",\"features\":[";
/// What stands after the last feature of a collection.
pub(super) const COLLECTION_END: &str = "\n]}\n";

/// Writes one row as an object on its own line.
pub(super) fn write_line(sink: &mut dyn Write, columns: &Columns, cells: &[Cell]) -> io::Result<()> {
    serde_json::to_writer(&mut *sink, &Properties { columns, cells, coordinates: true })?;
    sink.write_all(b"\n")
}

/// Writes one row as a feature, `first` in its collection or behind another.
///
/// A row whose coordinates are no numbers has the geometry `null`, which RFC 7946 (section 3.2) calls unlocated.
pub(super) fn write_feature(sink: &mut dyn Write, columns: &Columns, cells: &[Cell], first: bool) -> io::Result<()> {
    let feature = Feature {
        kind: "Feature",
        geometry: point(columns, cells),
        properties: Properties { columns, cells, coordinates: false },
    };
    sink.write_all(if first { b"\n" } else { b",\n" })?;
    Ok(serde_json::to_writer(sink, &feature)?)
}

#[derive(Serialize)]
struct Feature<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    geometry: Option<Point>,
    properties: Properties<'a>,
}

#[derive(Serialize)]
struct Point {
    #[serde(rename = "type")]
    kind: &'static str,
    /// Longitude first, as GeoJSON has it.
    coordinates: [f64; 2],
}

fn point(columns: &Columns, cells: &[Cell]) -> Option<Point> {
    let (latitude, longitude) = columns.coordinates()?;
    let coordinates = [cells.get(longitude)?.number()?, cells.get(latitude)?.number()?];
    Some(Point { kind: "Point", coordinates })
}

/// The cells of a row as an object, in the order of the columns, with or without the coordinates.
struct Properties<'a> {
    columns: &'a Columns,
    cells: &'a [Cell],
    coordinates: bool,
}

impl Serialize for Properties<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_map(None)?;
        for (index, (name, cell)) in self.columns.names().iter().zip(self.cells).enumerate() {
            let is_coordinate = self.columns.is_coordinate(index);
            if is_coordinate && !self.coordinates {
                continue;
            }
            match cell {
                Cell::Text(text) => object.serialize_entry(name, text)?,
                Cell::Integer(number) => object.serialize_entry(name, number)?,
                // serde_json writes `null` for a number that is not finite.
                Cell::Number(number) => object.serialize_entry(name, number)?,
                Cell::Carried(text) => match cell.number() {
                    Some(number) if is_coordinate => object.serialize_entry(name, &number)?,
                    Some(_) | None => object.serialize_entry(name, text)?,
                },
                Cell::Empty => object.serialize_entry(name, &())?,
            }
        }
        object.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(input: &[&str]) -> Columns {
        Columns::new(&input.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>(), &["status", "score"])
    }

    fn line(input: &[&str], cells: &[Cell]) -> String {
        let mut bytes = Vec::new();
        write_line(&mut bytes, &columns(input), cells).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    fn feature(input: &[&str], cells: &[Cell]) -> String {
        let mut bytes = Vec::new();
        write_feature(&mut bytes, &columns(input), cells, true).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    fn carried<const N: usize>(texts: [&str; N]) -> Vec<Cell> {
        texts.map(|text| Cell::Carried(text.to_owned())).to_vec()
    }

    #[test]
    fn column_order_stays_and_only_coordinates_become_numbers() {
        let mut cells = carried(["0042", " 58.30", "-134.42"]);
        cells.extend([Cell::Text("=1\n".into()), Cell::Integer(91)]);
        insta::assert_snapshot!(
            line(&["zone", "lat", "lng"], &cells),
            @r#"{"zone":"0042","lat":58.3,"lng":-134.42,"status":"=1\n","score":91}"#
        );
    }

    #[test]
    fn values_that_are_none() {
        let mut cells = carried(["north", ""]);
        cells.extend([Cell::Empty, Cell::Number(f64::NAN)]);
        insta::assert_snapshot!(
            line(&["lat", "lng"], &cells),
            @r#"{"lat":"north","lng":"","status":null,"score":null}"#
        );
    }

    #[test]
    fn a_taken_name_is_numbered() {
        let mut cells = carried(["mine"]);
        cells.extend([Cell::Text("success".into()), Cell::Number(0.5)]);
        insta::assert_snapshot!(
            line(&["status"], &cells),
            @r#"{"status":"mine","status_2":"success","score":0.5}"#
        );
    }

    #[test]
    fn a_feature_has_longitude_first_and_the_other_columns_as_properties() {
        let mut cells = carried(["58.30", "Juneau", "-134.42"]);
        cells.extend([Cell::Text("success".into()), Cell::Integer(91)]);
        insta::assert_snapshot!(
            feature(&["lat", "name", "lng"], &cells).trim(),
            @r#"{"type":"Feature","geometry":{"type":"Point","coordinates":[-134.42,58.3]},"properties":{"name":"Juneau","status":"success","score":91}}"#
        );
    }

    #[test]
    fn a_feature_without_a_place() {
        let mut cells = carried(["", "-134.42"]);
        cells.extend([Cell::Empty, Cell::Empty]);
        insta::assert_snapshot!(
            feature(&["lat", "lng"], &cells).trim(),
            @r#"{"type":"Feature","geometry":null,"properties":{"status":null,"score":null}}"#
        );
    }
}
