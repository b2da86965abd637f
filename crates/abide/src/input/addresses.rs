//! Tables of addresses: a `street1` in each row, and what there is of `street2`, `city`, `state` and `zip`.

use std::path::Path;

use super::{
    error::{InputErrors, Problems},
    problem::InputProblem,
    table::{Row, Table},
};

/// One address of the input. White space around a value is gone, and an empty value is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressRow {
    /// The line in the file where its row begins.
    pub line: u64,
    /// The house number and the street.
    pub street1: String,
    /// The flat, suite or floor.
    pub street2: Option<String>,
    /// The city.
    pub city: Option<String>,
    /// The state, in upper case.
    pub state: Option<String>,
    /// The ZIP code as text: its leading zeros count.
    pub zip: Option<String>,
}

impl AddressRow {
    /// An address that stands in no file, judged like one that does.
    pub fn new(
        street1: &str,
        street2: Option<&str>,
        city: Option<&str>,
        state: Option<&str>,
        zip: Option<&str>,
    ) -> Self {
        let trimmed = |text: Option<&str>| text.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
        Self {
            line: 0,
            street1: street1.trim().to_owned(),
            street2: trimmed(street2),
            city: trimmed(city),
            state: trimmed(state).map(|state| state.to_uppercase()),
            zip: trimmed(zip),
        }
    }
}

/// A table in which every row is an address.
///
/// ```
/// use abide::input::{Table, addresses::Addresses};
///
/// # fn main() -> Result<(), abide::input::InputErrors> {
/// let table = Table::parse("homes.csv", b"street1,state,zip\n120 4th St,ak,99801\n")?;
/// let homes = Addresses::of(table, |_| Ok(()))?;
/// assert_eq!(homes.addresses[0].state.as_deref(), Some("AK"));
/// assert_eq!(homes.addresses[0].city, None);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addresses {
    /// The whole table, to carry its other columns through.
    pub table: Table,
    /// One address for each row of the table, in the same order.
    pub addresses: Vec<AddressRow>,
}

/// Reads the addresses in the file at a path, or in standard input for `-` (requirement HUM-CREATE-INVALID).
///
/// `check` holds the rules of the service: what it refuses is reported with the line and the reason it gives.
///
/// # Errors
/// As [`Table::read`]; and when `street1` is missing or empty, a ZIP code lost its leading zero, or `check` refuses.
pub fn read(path: &Path, check: impl Fn(&AddressRow) -> Result<(), String>) -> Result<Addresses, InputErrors> {
    let (table, problems) = Table::draft(path)?;
    Addresses::judged(table, problems, check)
}

impl Addresses {
    /// Reads the addresses in a table, as [`read`] does.
    pub fn of(table: Table, check: impl Fn(&AddressRow) -> Result<(), String>) -> Result<Self, InputErrors> {
        let problems = Problems::of(&table.file);
        Self::judged(table, problems, check)
    }

    fn judged(
        table: Table,
        of_table: Problems,
        check: impl Fn(&AddressRow) -> Result<(), String>,
    ) -> Result<Self, InputErrors> {
        let columns = AddressColumns::of(&table)?;
        let mut addresses = Vec::with_capacity(table.rows.len());
        let mut problems = Problems::of(&table.file);
        for row in &table.rows {
            match columns.read(row).and_then(|address| checked(address, &check)) {
                Ok(address) => addresses.push(address),
                Err(problem) => problems.add(row.line, problem),
            }
        }
        of_table.and(problems).none_found()?;
        Ok(Self { table, addresses })
    }
}

/// Where the parts of an address stand in a table.
struct AddressColumns {
    street1: usize,
    street2: Option<usize>,
    city: Option<usize>,
    state: Option<usize>,
    zip: Option<usize>,
}

impl AddressColumns {
    fn of(table: &Table) -> Result<Self, InputErrors> {
        let near = ["street", "address", "address1", "addressline1", "streetaddress", "line1"];
        Ok(Self {
            street1: table.required("street1", &near)?,
            street2: table.optional("street2")?,
            city: table.optional("city")?,
            state: table.optional("state")?,
            zip: table.optional("zip")?,
        })
    }

    fn read(&self, row: &Row) -> Result<AddressRow, InputProblem> {
        let value = |index: usize| {
            let text = row.fields.get(index)?.trim();
            (!text.is_empty()).then(|| text.to_owned())
        };
        Ok(AddressRow {
            line: row.line,
            street1: value(self.street1).ok_or(InputProblem::EmptyValue { column: "street1" })?,
            street2: self.street2.and_then(value),
            city: self.city.and_then(value),
            state: self.state.and_then(value).map(|state| state.to_uppercase()),
            zip: self.zip.and_then(value),
        })
    }
}

/// The address, if nothing speaks against it. The lost zero comes first: the service would only call it malformed.
fn checked(address: AddressRow, check: impl Fn(&AddressRow) -> Result<(), String>) -> Result<AddressRow, InputProblem> {
    if let Some(zip) = &address.zip
        && let Some(mended) = with_lost_zeros(zip)
    {
        return Err(InputProblem::LostZero { zip: zip.clone(), mended });
    }
    match check(&address) {
        Ok(()) => Ok(address),
        Err(reason) => Err(InputProblem::Refused { reason }),
    }
}

/// The ZIP code that three or four digits were before a spreadsheet took them for a number. The lowest ZIP codes in use
/// begin with two zeros.
fn with_lost_zeros(zip: &str) -> Option<String> {
    let (code, extension) = match zip.split_once('-') {
        Some((code, extension)) => (code, Some(extension)),
        None => (zip, None),
    };
    let is_number = code.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number || !(3..=4).contains(&code.len()) {
        return None;
    }
    Some(match extension {
        Some(extension) => format!("{code:0>5}-{extension}"),
        None => format!("{code:0>5}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Addresses, InputErrors> {
        let check = |address: &AddressRow| match address.state.as_deref() {
            Some("XX") => Err("state is XX, no code of a state".to_owned()),
            Some(_) | None => Ok(()),
        };
        Addresses::of(Table::parse("t.csv", text.as_bytes())?, check)
    }

    #[test]
    fn every_bad_line_is_reported() {
        let text = "street1,state,zip\n,NY,10001\n1 A St,ny,6106\n1 A St,NY,10001\n2 B St,xx,10001\n";
        insta::assert_snapshot!(parse(text).unwrap_err(), @r#"
        t.csv, line 2: street1 is empty; fill it in or remove the row
        t.csv, line 3: zip is "6106", and a ZIP code has five digits; a spreadsheet may have dropped its leading zero, write 06106
        t.csv, line 5: state is XX, no code of a state
        "#);
    }

    #[test]
    fn a_reason_is_made_safe() {
        let table = Table::parse("t.csv", b"street1\n1 A St\n").unwrap();
        let errors = Addresses::of(table, |_| Err("no\u{1b}[2J\nway".to_owned())).unwrap_err();
        assert_eq!(errors.to_string(), "t.csv, line 2: no[2J way");
    }

    #[test]
    fn columns() {
        for (header, expected) in [
            ("Street,zip", "there is no column street1 among \"Street\", \"zip\"; rename \"Street\" to street1"),
            ("zip,Street 1", "there is no column street1 among \"zip\", \"Street 1\"; rename \"Street 1\" to street1"),
            ("address,zip", "there is no column street1 among \"address\", \"zip\"; rename \"address\" to street1"),
            ("city,zip", "there is no column street1 among \"city\", \"zip\"; add it to the header"),
            ("street1,street1", "the header names the column street1 2 times; keep one of them"),
        ] {
            let error = parse(&format!("{header}\n1,2\n")).unwrap_err();
            assert_eq!(error.to_string(), format!("t.csv: {expected}"));
        }
        let error = parse("street1,zip,ZIP\n1,2,3\n").unwrap_err();
        assert_eq!(error.to_string(), "t.csv: the header names the column zip 2 times; keep one of them");
    }

    #[test]
    fn lost_zeros() {
        for (zip, expected) in [
            ("6106", Some("06106")),
            ("601", Some("00601")),
            ("6106-1234", Some("06106-1234")),
            ("06106", None),
            ("06106-1234", None),
            ("", None),
            ("12", None),
            ("610A", None),
            ("123456", None),
            ("٦١٠٦", None),
        ] {
            assert_eq!(with_lost_zeros(zip).as_deref(), expected, "{zip:?}");
        }
    }

    #[test]
    fn values_are_trimmed_and_empty_ones_are_none() {
        let text = "Name, STREET1,street2,city,state,zip\nx, 1 A St ,  ,,ny, 06106-1234 \n";
        let expected = AddressRow {
            line: 2,
            street1: "1 A St".to_owned(),
            street2: None,
            city: None,
            state: Some("NY".to_owned()),
            zip: Some("06106-1234".to_owned()),
        };
        assert_eq!(parse(text).unwrap().addresses, [expected]);
    }
}
