//! The Hum commands: open, watch, run, services, close.

pub(crate) mod close;
mod lookup;
pub(crate) mod open;
mod rows;
pub(crate) mod run;
pub(crate) mod services;
pub(crate) mod watch;

pub(crate) use lookup::Lookup;

use hum_client::PathSegment;
use hum_client::types::{NewSession, Provider, Speed};

use crate::input::addresses::AddressRow;
use crate::problem::Problem;
use crate::watching::distinct;

/// The columns that a lookup adds to a row.
const RESULT_COLUMNS: [&str; 7] =
    ["outcome", "service_address", "geocoding", "internet", "providers", "max_download_speed", "session_token"];

/// The documented form of an address of the input.
fn session_of(row: &AddressRow) -> NewSession {
    NewSession {
        street2: row.street2.clone(),
        city: row.city.clone(),
        state: row.state.as_deref().map(Into::into),
        zip: row.zip.clone(),
        ..hum_client::address(row.street1.as_str())
    }
}

/// The documented rules, in the words of the client.
pub(crate) fn check(row: &AddressRow) -> Result<(), String> {
    hum_client::check(&session_of(row)).map_err(|error| error.to_string())
}

/// Tokens from the command line, each once. A token that would climb the path is refused before anything is sent.
fn tokens(given: &[String]) -> Result<Vec<PathSegment>, Problem> {
    distinct(given).iter().map(|token| self::token(token)).collect()
}

fn token(given: &str) -> Result<PathSegment, Problem> {
    given.parse().map_err(|error| Problem::usage(format!("a session token cannot be used: {error}")))
}

/// The fastest download among the offers, in Mbit/s; of a range, the upper end.
fn fastest(providers: &[Provider]) -> Option<f64> {
    let speeds = providers.iter().flat_map(|provider| &provider.offerings);
    speeds.filter_map(|offering| megabits(offering.max_download_speed.as_ref()?)).reduce(f64::max)
}

fn megabits(speed: &Speed) -> Option<f64> {
    match speed {
        Speed::Number(number) => number.as_f64(),
        Speed::Text(text) => text.split('-').next_back()?.trim().parse().ok(),
        Speed::Unrecognised(_) | _ => None,
    }
    .filter(|number: &f64| number.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speeds_in_every_form() {
        for (offerings, expected) in [
            ("[]", None),
            (r#"[{"max_download_speed": 100}, {"max_download_speed": "300"}]"#, Some(300.0)),
            (r#"[{"max_download_speed": "50-100"}, {"max_download_speed": null}]"#, Some(100.0)),
            (r#"[{"max_download_speed": "fast"}, {"max_download_speed": "inf"}]"#, None),
            (r#"[{"max_download_speed": {"down": 1}}, {"max_download_speed": 25.5}]"#, Some(25.5)),
        ] {
            let provider: Provider = serde_json::from_str(&format!(r#"{{"offerings": {offerings}}}"#)).unwrap();
            assert_eq!(fastest(&[provider]), expected, "{offerings}");
        }
    }
}
