//! Our own types, read through any library by visitors written by hand: one pass, nothing buffered, nothing borrowed in vain.

use std::fmt;

use abide_http::{ShortText, Timestamp};
use calmyx_client::types::{FailedLocation, LocationResult, Progress, ScoredLocation, SessionState, SessionStatus};
use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde::{Serialize, Serializer};

/// Something that is read by hand.
pub struct ByHand<T>(pub T);

impl<T: Serialize> Serialize for ByHand<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

/// Reads a type from the text that stands for it.
struct Text<T>(T);

impl<'de, T: for<'a> From<&'a str>> Deserialize<'de> for Text<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Texts<T>(std::marker::PhantomData<T>);
        impl<T: for<'a> From<&'a str>> Visitor<'_> for Texts<T> {
            type Value = Text<T>;

            fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
                formatter.write_str("a text")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Text<T>, E> {
                Ok(Text(T::from(text)))
            }
        }
        deserializer.deserialize_str(Texts(std::marker::PhantomData))
    }
}

/// Keys of an object that are known, by their number.
macro_rules! keys {
    ($name:ident: $($key:literal => $field:ident),+) => {
        #[derive(Clone, Copy)]
        enum $name { $($field,)+ Unknown }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Names;
                impl Visitor<'_> for Names {
                    type Value = $name;

                    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
                        formatter.write_str("a key")
                    }

                    fn visit_str<E: Error>(self, key: &str) -> Result<$name, E> {
                        Ok(match key { $($key => $name::$field,)+ _ => $name::Unknown })
                    }
                }
                deserializer.deserialize_identifier(Names)
            }
        }
    };
}

keys!(ResultKey:
    "lat" => Lat, "lng" => Lng, "status" => Status, "quiet_score" => QuietScore, "listing_id" => ListingId,
    "error" => Error, "analyzed_at" => AnalyzedAt
);
keys!(Tag: "success" => Success, "failed" => Failed);
keys!(StatusKey:
    "status" => Status, "progress" => Progress, "results" => Results, "submitted_at" => SubmittedAt,
    "started_at" => StartedAt, "completed_at" => CompletedAt
);
keys!(ProgressKey: "total" => Total, "processed" => Processed, "successful" => Successful, "failed" => Failed);

/// Reads an object with a visitor.
macro_rules! object {
    ($kind:ty, $map:ident => $body:block) => {
        impl<'de> Deserialize<'de> for ByHand<$kind> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Fields;
                impl<'de> Visitor<'de> for Fields {
                    type Value = ByHand<$kind>;

                    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
                        formatter.write_str("an object")
                    }

                    fn visit_map<A: MapAccess<'de>>(self, mut $map: A) -> Result<ByHand<$kind>, A::Error> $body
                }
                deserializer.deserialize_map(Fields)
            }
        }
    };
}

object!(LocationResult, map => {
    let (mut lat, mut lng, mut tag, mut score, mut id, mut error, mut time) = (None, None, None, None, None, None, None);
    while let Some(key) = map.next_key()? {
        match key {
            ResultKey::Lat => lat = Some(map.next_value()?),
            ResultKey::Lng => lng = Some(map.next_value()?),
            ResultKey::Status => tag = Some(map.next_value()?),
            ResultKey::QuietScore => score = Some(map.next_value()?),
            ResultKey::ListingId => id = Some(map.next_value::<Text<ShortText>>()?.0),
            ResultKey::Error => error = Some(map.next_value()?),
            ResultKey::AnalyzedAt => time = Some(map.next_value::<Text<Timestamp>>()?.0),
            ResultKey::Unknown => drop(map.next_value::<IgnoredAny>()?),
        }
    }
    let lat = lat.ok_or_else(|| A::Error::missing_field("lat"))?;
    let lng = lng.ok_or_else(|| A::Error::missing_field("lng"))?;
    let analyzed_at = time.ok_or_else(|| A::Error::missing_field("analyzed_at"))?;
    Ok(ByHand(match tag {
        Some(Tag::Success) => LocationResult::Success(ScoredLocation {
            analyzed_at,
            lat,
            listing_id: id.ok_or_else(|| A::Error::missing_field("listing_id"))?,
            lng,
            quiet_score: score.ok_or_else(|| A::Error::missing_field("quiet_score"))?,
        }),
        Some(Tag::Failed) => LocationResult::Failed(FailedLocation {
            analyzed_at,
            error: error.ok_or_else(|| A::Error::missing_field("error"))?,
            lat,
            lng,
        }),
        Some(Tag::Unknown) | None => return Err(A::Error::missing_field("status")),
    }))
});

object!(Progress, map => {
    let (mut total, mut processed, mut successful, mut failed) = (None, None, None, None);
    while let Some(key) = map.next_key()? {
        match key {
            ProgressKey::Total => total = Some(map.next_value()?),
            ProgressKey::Processed => processed = Some(map.next_value()?),
            ProgressKey::Successful => successful = Some(map.next_value()?),
            ProgressKey::Failed => failed = Some(map.next_value()?),
            ProgressKey::Unknown => drop(map.next_value::<IgnoredAny>()?),
        }
    }
    Ok(ByHand(Progress {
        failed: failed.ok_or_else(|| A::Error::missing_field("failed"))?,
        processed: processed.ok_or_else(|| A::Error::missing_field("processed"))?,
        successful: successful.ok_or_else(|| A::Error::missing_field("successful"))?,
        total: total.ok_or_else(|| A::Error::missing_field("total"))?,
    }))
});

object!(SessionStatus, map => {
    let (mut status, mut progress, mut results) = (None, None, None);
    let (mut submitted, mut started, mut completed) = (None, None, None);
    while let Some(key) = map.next_key()? {
        match key {
            StatusKey::Status => status = Some(map.next_value::<Text<SessionState>>()?.0),
            StatusKey::Progress => progress = Some(map.next_value::<ByHand<Progress>>()?.0),
            StatusKey::Results => results = Some(map.next_value::<Results>()?.0),
            StatusKey::SubmittedAt => submitted = Some(map.next_value::<Text<Timestamp>>()?.0),
            StatusKey::StartedAt => started = map.next_value::<Option<Text<Timestamp>>>()?.map(|time| time.0),
            StatusKey::CompletedAt => completed = map.next_value::<Option<Text<Timestamp>>>()?.map(|time| time.0),
            StatusKey::Unknown => drop(map.next_value::<IgnoredAny>()?),
        }
    }
    Ok(ByHand(SessionStatus {
        completed_at: completed,
        progress: progress.ok_or_else(|| A::Error::missing_field("progress"))?,
        results: results.unwrap_or_default(),
        started_at: started,
        status: status.ok_or_else(|| A::Error::missing_field("status"))?,
        submitted_at: submitted.ok_or_else(|| A::Error::missing_field("submitted_at"))?,
    }))
});

/// The results, without a vector of wrapped ones between.
struct Results(Vec<LocationResult>);

impl<'de> Deserialize<'de> for Results {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Items;
        impl<'de> Visitor<'de> for Items {
            type Value = Results;

            fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
                formatter.write_str("a list")
            }

            fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut items: A) -> Result<Results, A::Error> {
                let mut results = Vec::new();
                while let Some(ByHand(item)) = items.next_element()? {
                    results.push(item);
                }
                Ok(Results(results))
            }
        }
        deserializer.deserialize_seq(Items)
    }
}
