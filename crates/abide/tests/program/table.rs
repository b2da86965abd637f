//! Tables as tests look at them, and the places and addresses that they send.

use std::collections::BTreeMap;

/// One row by the names of its columns.
pub(crate) type Row = BTreeMap<String, String>;

/// The columns that the scoring adds, as documented.
pub(crate) const SCORE_COLUMNS: &str = "status,quiet_score,error,listing_id,analyzed_at,session_id";
/// The columns that the lookup adds, as documented.
pub(crate) const LOOKUP_COLUMNS: &str =
    "outcome,service_address,geocoding,internet,providers,max_download_speed,session_token";

/// The rows of a CSV text, each as wide as the header.
#[track_caller]
pub(crate) fn rows(csv: &str) -> Vec<Row> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let header = reader.headers().unwrap().clone();
    let name = |record: csv::StringRecord| {
        header.iter().zip(&record).map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    };
    reader.records().map(|record| name(record.unwrap())).collect()
}

/// The values of one column, from top to bottom.
pub(crate) fn column<'a>(rows: &'a [Row], name: &str) -> Vec<&'a str> {
    rows.iter().map(|row| row[name].as_str()).collect()
}

/// So many places that the reference server scores or not as it likes, no two the same.
pub(crate) fn places(count: usize) -> String {
    let rows =
        (0..count).map(|number| format!("place {number},{}.{:02},-{}.5\n", number % 80, number % 97, number % 170));
    std::iter::once("name,lat,lng\n".to_owned()).chain(rows).collect()
}

/// Two places that the reference server scores.
pub(crate) const GOOD_PLACES: &str = "name,lat,lng\nNew York,40.71427,-74.00597\nLos Angeles,34.05223,-118.24368\n";
/// The second place is one that the reference server has no score for.
pub(crate) const MIXED_PLACES: &str = "name,lat,lng\nNew York,40.71427,-74.00597\nStaten Island,40.56233,-74.13986\n";

/// An address at which the reference server finds providers.
pub(crate) const GOOD_ADDRESS: &str = "--street1 '29090 Tiffany Drive E' --city Southfield --state MI --zip 48034";
/// The same as a table, and one that the reference server finds several places for.
pub(crate) const MIXED_ADDRESSES: &str = "\
street1,city,state,zip,note
29090 Tiffany Drive E,Southfield,MI,48034,\"the first, of two\"
120 4th St,Juneau,AK,99801,
";
/// Only addresses at which the reference server finds providers.
pub(crate) const GOOD_ADDRESSES: &str = "\
street1,city,state,zip
29090 Tiffany Drive E,Southfield,MI,48034
600 Dexter Ave,Montgomery,AL,36104
1700 W Washington St,Phoenix,AZ,85007
500 Woodlane St,Little Rock,AR,72201
200 E Colfax Ave,Denver,CO,80203
";
