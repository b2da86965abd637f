//! Hum's reply as one would write it with serde: derived structs, and unions that look at what comes instead of buffering it.

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// The fields of an object, all of which may be absent.
macro_rules! object {
    ($name:ident: $($field:ident: $kind:ty),+) => {
        #[derive(serde::Serialize, serde::Deserialize)]
        #[allow(clippy::struct_field_names, reason = "the keys of the document")]
        pub struct $name {
            $(#[serde(default)] $field: Option<$kind>,)+
        }
    };
}

object!(Reply: message: String, request_status: Word, data: Data, meta: Meta);
object!(Meta:
    agent_status: BTreeMap<String, Word>, created_at: Time, hum_data_set: String, responded_at: Time,
    service_address: Address, session_params: Params, session_status: String, session_token: String, updated_at: Time
);
object!(Params:
    campaign_id: String, city: String, latitude: f64, longitude: f64, state: String, street1: String, street2: String,
    sync: Vec<String>, zip: NumberOrText
);
object!(Details: internet: Vec<Provider>, service_address: Address, session_token: String);
object!(Parts:
    city: String, latitude: f64, longitude: f64, normalized: String, state: String, street: String, street_range: String,
    zip: NumberOrText
);
object!(Provider:
    button_label: String, buyflow_type: String, min_plan_price: Price, offerings: Vec<Offering>,
    product_catalog: Vec<serde_json::Map<String, serde_json::Value>>, promo_logo: String, promo_text: String,
    provider_icon: String, provider_id: NumberOrText, provider_logo: String, provider_name: String,
    provider_promo: Promotion, security_token: String, telephone: String, url: String, url_promo: Promotion
);
object!(Price: amount_cents: i64, currency: String);
object!(Promotion: promo_logo_url: String, promo_text: String);
object!(Offering:
    max_download_speed: NumberOrText, max_upload_speed: NumberOrText, tech_logo: String, technology: String,
    technology_category: String, technology_code: String
);

/// The states that an agent or a request can have.
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
enum Word {
    Pending,
    Matched,
    Multiple,
    Failed,
    Ok,
    Warning,
    Error,
}

/// A time that is written with three decimals.
struct Time(Timestamp);

impl serde::Serialize for Time {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:.3}", self.0))
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Timestamp::deserialize(deserializer).map(Time)
    }
}

#[derive(serde::Serialize)]
#[serde(untagged)]
enum NumberOrText {
    Whole(u64),
    Float(f64),
    Text(String),
}

#[derive(serde::Serialize)]
#[serde(untagged)]
enum Address {
    Text(String),
    Parts(Box<Parts>),
}

#[derive(serde::Serialize)]
#[serde(untagged)]
enum Data {
    Details(Details),
    Providers(Vec<Provider>),
}

/// Reads a union by what comes.
macro_rules! union {
    ($name:ident: $($visit:ident($value:ident: $kind:ty) => $read:expr),*; $($map:ident => $object:expr)?; $($seq:ident => $list:expr)?) => {
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Kinds;
                impl<'de> Visitor<'de> for Kinds {
                    type Value = $name;

                    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
                        formatter.write_str(stringify!($name))
                    }

                    $(fn $visit<E: Error>(self, $value: $kind) -> Result<$name, E> { Ok($read) })*
                    $(fn visit_map<A: MapAccess<'de>>(self, $map: A) -> Result<$name, A::Error> { $object })?
                    $(fn visit_seq<A: SeqAccess<'de>>(self, $seq: A) -> Result<$name, A::Error> { $list })?
                }
                deserializer.deserialize_any(Kinds)
            }
        }
    };
}

union!(NumberOrText:
    visit_u64(number: u64) => NumberOrText::Whole(number),
    visit_f64(number: f64) => NumberOrText::Float(number),
    visit_str(text: &str) => NumberOrText::Text(text.to_owned());;
);
union!(Address:
    visit_str(text: &str) => Address::Text(text.to_owned());
    map => Parts::deserialize(MapAccessDeserializer::new(map)).map(|parts| Address::Parts(Box::new(parts)));
);
union!(Data:
    ;
    map => Details::deserialize(MapAccessDeserializer::new(map)).map(Data::Details);
    seq => Vec::deserialize(SeqAccessDeserializer::new(seq)).map(Data::Providers)
);
