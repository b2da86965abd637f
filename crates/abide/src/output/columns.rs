//! The names over the rows: the input's columns, then the program's own.

use std::collections::HashSet;

/// The columns of an output, each with a name that no other has.
///
/// The input's columns keep their names. A column of the program whose name is taken gets a number: where the input has
/// a `status`, the program's is `status_2`. The same goes for a name that the input itself repeats. Names that differ
/// only in upper and lower case count as the same, as they do in spreadsheets and databases.
///
/// ```
/// use abide::output::Columns;
///
/// let columns = Columns::new(&["lat".to_owned(), "Status".to_owned()], &["status", "error"]);
/// assert_eq!(columns.names(), ["lat", "Status", "status_2", "error"]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns {
    names: Vec<String>,
    latitude: Option<usize>,
    longitude: Option<usize>,
}

impl Columns {
    /// The columns of the input followed by the program's own.
    pub fn new(input: &[String], own: &[&str]) -> Self {
        let wanted: Vec<&str> = input.iter().map(String::as_str).chain(own.iter().copied()).collect();
        let names = distinct(&wanted);
        let position = |wanted: &str| input.iter().position(|name| name.trim().eq_ignore_ascii_case(wanted));
        Self { names, latitude: position("lat"), longitude: position("lng") }
    }

    /// The names, in the order of the cells of a row.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Where the input's `lat` and `lng` stand, if it has both.
    pub(super) fn coordinates(&self) -> Option<(usize, usize)> {
        self.latitude.zip(self.longitude)
    }

    /// Whether the column holds a coordinate of the input.
    pub(super) fn is_coordinate(&self, index: usize) -> bool {
        self.latitude == Some(index) || self.longitude == Some(index)
    }
}

/// The names with a number put to each that repeats an earlier one.
fn distinct(wanted: &[&str]) -> Vec<String> {
    // A numbered name dodges the names further right as well: they were there first.
    let reserved: HashSet<String> = wanted.iter().map(|name| name.to_lowercase()).collect();
    let mut taken = HashSet::new();
    let mut names = Vec::with_capacity(wanted.len());
    for name in wanted {
        let distinct = if taken.insert(name.to_lowercase()) {
            (*name).to_owned()
        } else {
            let mut numbered = (2_usize..).map(|number| format!("{name}_{number}"));
            let free = |candidate: &String| {
                let folded = candidate.to_lowercase();
                !reserved.contains(&folded) && taken.insert(folded)
            };
            numbered.find(free).unwrap_or_default()
        };
        names.push(distinct);
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(input: &[&str], own: &[&str]) -> Columns {
        Columns::new(&input.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>(), own)
    }

    #[test]
    fn names() {
        for (input, own, expected) in [
            (&["lat", "lng"][..], &["status"][..], &["lat", "lng", "status"][..]),
            (&["status"], &["status", "error"], &["status", "status_2", "error"]),
            (&["STATUS"], &["status"], &["STATUS", "status_2"]),
            (&["status", "status_2"], &["status"], &["status", "status_2", "status_3"]),
            (&["name", "name", "name_2"], &[], &["name", "name_3", "name_2"]),
            (&["", "", "x"], &["x"], &["", "_2", "x", "x_2"]),
            (&["status"], &["status", "status_2"], &["status", "status_3", "status_2"]),
        ] {
            assert_eq!(columns(input, own).names(), expected, "{input:?} and {own:?}");
        }
    }

    #[test]
    fn coordinates() {
        for (input, own, expected) in [
            (&["id", "lat", "lng"][..], &["status"][..], Some((1, 2))),
            (&["LNG", "Lat"], &[], Some((1, 0))),
            (&["lat"], &["lng"], None),
            (&["latitude", "longitude"], &[], None),
        ] {
            assert_eq!(columns(input, own).coordinates(), expected, "{input:?} and {own:?}");
        }
    }
}
