//! What must not be sent: the documented rules of an address, checked before the first byte leaves (HUM-CREATE-INVALID).

use std::fmt;

use regex_lite::Regex;

use crate::lifecycle::limits::{
    CAMPAIGN_LENGTH, CITY_LENGTH, LATITUDE, LONGITUDE, STREET1_LENGTH, STREET2_LENGTH, ZIP_PATTERN,
};
use crate::types::{NewSession, UsState};

/// An address with nothing but its first line; fill in `zip`, or `city` and `state`.
pub fn address(street1: impl Into<String>) -> NewSession {
    NewSession {
        street1: street1.into(),
        street2: None,
        city: None,
        state: None,
        zip: None,
        latitude: None,
        longitude: None,
        campaign_id: None,
    }
}

/// Checks an address by the documented rules; [`crate::Client::create_session`] does it by itself.
///
/// # Errors
/// The first rule that the address breaks.
///
/// ```
/// let mut address = hum_client::address("29090 Tiffany Drive E");
/// assert!(hum_client::check(&address).is_err(), "neither zip nor city and state");
/// address.zip = Some("48034".into());
/// hum_client::check(&address)?;
/// # Ok::<(), hum_client::InvalidRequest>(())
/// ```
pub fn check(address: &NewSession) -> Result<(), InvalidRequest> {
    length("street1", Some(&address.street1), STREET1_LENGTH)?;
    length("street2", address.street2.as_ref(), STREET2_LENGTH)?;
    length("city", address.city.as_ref(), CITY_LENGTH)?;
    length("campaign_id", address.campaign_id.as_ref(), CAMPAIGN_LENGTH)?;
    within("latitude", address.latitude, LATITUDE)?;
    within("longitude", address.longitude, LONGITUDE)?;
    if let Some(zip) = &address.zip
        && !Regex::new(ZIP_PATTERN).is_ok_and(|pattern| pattern.is_match(zip))
    {
        return Err(InvalidRequest::Zip);
    }
    if let Some(UsState::Unknown(_)) = &address.state {
        return Err(InvalidRequest::State);
    }
    if address.zip.is_none() && (address.city.is_none() || address.state.is_none()) {
        return Err(InvalidRequest::Incomplete);
    }
    Ok(())
}

/// Why an address was not sent. The messages name the field and never repeat what stands in it.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum InvalidRequest {
    /// A text is empty or too long.
    Length {
        /// The field's name on the wire.
        field: &'static str,
        /// Its length in characters.
        length: usize,
        /// The shortest and the longest that is taken.
        bounds: (usize, usize),
    },
    /// A coordinate is out of range, or no number.
    Range {
        /// The field's name on the wire.
        field: &'static str,
        /// The lowest and the highest that is taken.
        bounds: (f64, f64),
    },
    /// The ZIP code is neither 12345 nor 12345-6789.
    Zip,
    /// The state is not on the documented list.
    State,
    /// Neither `zip` nor `city` and `state`.
    Incomplete,
}

impl fmt::Display for InvalidRequest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length { field, length: 0, .. } => write!(formatter, "{field} is empty"),
            Self::Length { field, length, bounds: (_, most) } => {
                write!(formatter, "{field} has {length} characters; at most {most} are taken")
            }
            Self::Range { field, bounds: (low, high) } => {
                write!(formatter, "{field} is not between {low} and {high}")
            }
            Self::Zip => formatter.write_str("zip must look like 12345 or 12345-6789"),
            Self::State => formatter.write_str("state must be one of the two-letter codes that the API takes"),
            Self::Incomplete => formatter.write_str("give zip, or city and state"),
        }
    }
}

impl std::error::Error for InvalidRequest {}

fn length(field: &'static str, text: Option<&String>, bounds: (usize, usize)) -> Result<(), InvalidRequest> {
    let Some(text) = text else { return Ok(()) };
    let length = text.chars().count();
    if (bounds.0..=bounds.1).contains(&length) { Ok(()) } else { Err(InvalidRequest::Length { field, length, bounds }) }
}

/// False for NaN, which compares with nothing.
fn within(field: &'static str, value: Option<f64>, bounds: (f64, f64)) -> Result<(), InvalidRequest> {
    match value {
        Some(value) if !(value >= bounds.0 && value <= bounds.1) => Err(InvalidRequest::Range { field, bounds }),
        Some(_) | None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_zip(zip: &str) -> NewSession {
        NewSession { zip: Some(zip.into()), ..address("1 A St") }
    }

    #[test]
    fn rules() {
        let good = with_zip("48034");
        for (address, expected) in [
            (good.clone(), "ok"),
            (with_zip("48034-1234"), "ok"),
            (NewSession { city: Some("Southfield".into()), state: Some("MI".into()), ..address("1 A St") }, "ok"),
            (address("1 A St"), "give zip, or city and state"),
            (NewSession { city: Some("Southfield".into()), ..address("1 A St") }, "give zip, or city and state"),
            (with_zip("4803"), "zip must look like 12345 or 12345-6789"),
            (with_zip("48034 "), "zip must look like 12345 or 12345-6789"),
            (with_zip("٤٨٠٣٤"), "zip must look like 12345 or 12345-6789"),
            (NewSession { street1: String::new(), ..good.clone() }, "street1 is empty"),
            (NewSession { street1: "é".repeat(100), ..good.clone() }, "ok"),
            (
                NewSession { street1: "é".repeat(101), ..good.clone() },
                "street1 has 101 characters; at most 100 are taken",
            ),
            (
                NewSession { street2: Some("x".repeat(51)), ..good.clone() },
                "street2 has 51 characters; at most 50 are taken",
            ),
            (NewSession { city: Some(String::new()), ..good.clone() }, "city is empty"),
            (
                NewSession { state: Some("DC".into()), ..good.clone() },
                "state must be one of the two-letter codes that the API takes",
            ),
            (NewSession { latitude: Some(f64::NAN), ..good.clone() }, "latitude is not between -90 and 90"),
            (NewSession { longitude: Some(-180.5), ..good }, "longitude is not between -180 and 180"),
        ] {
            let found = check(&address).map_or_else(|error| error.to_string(), |()| "ok".to_owned());
            assert_eq!(found, expected, "{address:?}");
        }
    }
}
