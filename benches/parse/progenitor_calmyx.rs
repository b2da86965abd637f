//! What progenitor 0.15.1 makes of `spec/calmyx/openapi.yaml` with its default settings: the types, unchanged.
//!
//! `cargo progenitor -i spec/calmyx/openapi.yaml` writes them into a crate; its client and builders are left out here.

#![allow(clippy::all, clippy::pedantic, unreachable_pub, dead_code, missing_docs, reason = "as it was generated")]
#![cfg_attr(rustfmt, rustfmt_skip)]

/// Types of the API.
pub mod types {
    ///`AccountUsage`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct AccountUsage {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub request: ::std::option::Option<UsageRequest>,
        pub response: Usage,
        ///`OK` in every example.
        pub status: ::std::string::String,
    }
    ///A number, or words where there is no limit.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    #[serde(untagged)]
    pub enum Allowance {
        Variant0(::std::option::Option<f64>),
        Variant1(::std::string::String),
    }
    impl ::std::convert::From<::std::option::Option<f64>> for Allowance {
        fn from(value: ::std::option::Option<f64>) -> Self {
            Self::Variant0(value)
        }
    }
    ///The key itself, repeated; kept out of every log.
    #[derive(
        ::serde::Deserialize,
        ::serde::Serialize,
        Clone,
        Debug,
        Eq,
        Hash,
        Ord,
        PartialEq,
        PartialOrd
    )]
    #[serde(transparent)]
    pub struct ApiKeyEcho(pub ::std::string::String);
    impl ::std::ops::Deref for ApiKeyEcho {
        type Target = ::std::string::String;
        fn deref(&self) -> &::std::string::String {
            &self.0
        }
    }
    impl ::std::convert::From<ApiKeyEcho> for ::std::string::String {
        fn from(value: ApiKeyEcho) -> Self {
            value.0
        }
    }
    impl ::std::convert::From<::std::string::String> for ApiKeyEcho {
        fn from(value: ::std::string::String) -> Self {
            Self(value)
        }
    }
    impl ::std::fmt::Display for ApiKeyEcho {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            self.0.fmt(f)
        }
    }
    impl ::std::str::FromStr for ApiKeyEcho {
        type Err = ::std::convert::Infallible;
        fn from_str(value: &str) -> ::std::result::Result<Self, Self::Err> {
            Ok(Self(value.to_string()))
        }
    }
    ///`BatchResult`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct BatchResult {
        ///The id of the listing; for a failure a temporary one such as error_1 or limit_reached_2.
        pub id: ::std::string::String,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub request: ::std::option::Option<Location>,
        ///Absent or null for a failure.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub response: ::std::option::Option<Quietness>,
        ///What became of this location.
        pub status: ::std::string::String,
    }
    ///`BatchSummary`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct BatchSummary {
        ///Locations that could not be scored.
        pub failed: i64,
        ///Locations that have a score.
        pub successful: i64,
        ///Locations sent.
        pub total: i64,
    }
    ///`CreatedSession`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct CreatedSession {
        ///What getSessionStatus asks for.
        pub session_id: ::std::string::String,
        pub submitted_at: Timestamp,
        ///How many locations were sent.
        pub total_locations: i64,
    }
    ///The score by day and by night, local time.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct DayAndNight {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub day_window_local: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub estimated_noise_db_day: ::std::option::Option<f64>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub estimated_noise_db_night: ::std::option::Option<f64>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub night_window_local: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub noise_db_unit: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub quiet_score_day: ::std::option::Option<i64>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub quiet_score_night: ::std::option::Option<i64>,
    }
    ///`DeletionReply`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct DeletionReply {
        ///How many were deleted; batch only.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub deleted_count: ::std::option::Option<i64>,
        ///Deletions allowed, ever; -1 for any number.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub deletions_max: ::std::option::Option<i64>,
        ///Deletions made, ever.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub deletions_used: ::std::option::Option<i64>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub message: ::std::option::Option<::std::string::String>,
        ///Listings that are left.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub new_listing_count: ::std::option::Option<i64>,
        pub success: bool,
    }
    ///`FailedLocation`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct FailedLocation {
        pub analyzed_at: Timestamp,
        ///Why there is no score.
        pub error: ::std::string::String,
        ///Latitude in degrees.
        pub lat: f64,
        ///Longitude in degrees.
        pub lng: f64,
        pub status: FailedLocationStatus,
    }
    ///`FailedLocationStatus`
    #[derive(
        ::serde::Deserialize,
        ::serde::Serialize,
        Clone,
        Copy,
        Debug,
        Eq,
        Hash,
        Ord,
        PartialEq,
        PartialOrd
    )]
    pub enum FailedLocationStatus {
        #[serde(rename = "failed")]
        Failed,
    }
    impl ::std::fmt::Display for FailedLocationStatus {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match *self {
                Self::Failed => f.write_str("failed"),
            }
        }
    }
    impl ::std::str::FromStr for FailedLocationStatus {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            match value {
                "failed" => Ok(Self::Failed),
                _ => Err("invalid value".into()),
            }
        }
    }
    impl ::std::convert::TryFrom<&str> for FailedLocationStatus {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for FailedLocationStatus {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    ///`GetSessionStatusSessionId`
    #[derive(::serde::Serialize, Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
    #[serde(transparent)]
    pub struct GetSessionStatusSessionId(::std::string::String);
    impl ::std::ops::Deref for GetSessionStatusSessionId {
        type Target = ::std::string::String;
        fn deref(&self) -> &::std::string::String {
            &self.0
        }
    }
    impl ::std::convert::From<GetSessionStatusSessionId> for ::std::string::String {
        fn from(value: GetSessionStatusSessionId) -> Self {
            value.0
        }
    }
    impl ::std::str::FromStr for GetSessionStatusSessionId {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            if value.chars().count() < 1usize {
                return Err("shorter than 1 characters".into());
            }
            Ok(Self(value.to_string()))
        }
    }
    impl ::std::convert::TryFrom<&str> for GetSessionStatusSessionId {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for GetSessionStatusSessionId {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl<'de> ::serde::Deserialize<'de> for GetSessionStatusSessionId {
        fn deserialize<D>(deserializer: D) -> ::std::result::Result<Self, D::Error>
        where
            D: ::serde::Deserializer<'de>,
        {
            ::std::string::String::deserialize(deserializer)?
                .parse()
                .map_err(|e: self::error::ConversionError| {
                    <D::Error as ::serde::de::Error>::custom(e.to_string())
                })
        }
    }
    ///`ListingDeletion`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct ListingDeletion {
        pub listing_ids: ::std::vec::Vec<::std::string::String>,
    }
    ///The id of a listing, a UUID in every example.
    #[derive(::serde::Serialize, Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
    #[serde(transparent)]
    pub struct ListingId(::std::string::String);
    impl ::std::ops::Deref for ListingId {
        type Target = ::std::string::String;
        fn deref(&self) -> &::std::string::String {
            &self.0
        }
    }
    impl ::std::convert::From<ListingId> for ::std::string::String {
        fn from(value: ListingId) -> Self {
            value.0
        }
    }
    impl ::std::str::FromStr for ListingId {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            if value.chars().count() < 1usize {
                return Err("shorter than 1 characters".into());
            }
            Ok(Self(value.to_string()))
        }
    }
    impl ::std::convert::TryFrom<&str> for ListingId {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for ListingId {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl<'de> ::serde::Deserialize<'de> for ListingId {
        fn deserialize<D>(deserializer: D) -> ::std::result::Result<Self, D::Error>
        where
            D: ::serde::Deserializer<'de>,
        {
            ::std::string::String::deserialize(deserializer)?
                .parse()
                .map_err(|e: self::error::ConversionError| {
                    <D::Error as ::serde::de::Error>::custom(e.to_string())
                })
        }
    }
    ///`ListingStats`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct ListingStats {
        ///Deletions made, ever.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub deletions_count: ::std::option::Option<i64>,
        ///Deletions allowed, ever; -1 for any number.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub deletions_max: ::std::option::Option<i64>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub deletions_remaining: ::std::option::Option<i64>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub is_at_churn_limit: ::std::option::Option<bool>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub is_at_limit: ::std::option::Option<bool>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub listings_this_month: ::std::option::Option<i64>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub listings_today: ::std::option::Option<i64>,
        ///How many the plan allows; -1 for any number.
        pub max_listings: i64,
        ///-1 for any number.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub remaining: ::std::option::Option<i64>,
        pub success: bool,
        ///Listings that are active.
        pub total_listings: i64,
    }
    ///A place in decimal degrees.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct Location {
        ///Latitude in degrees.
        pub lat: f64,
        ///Longitude in degrees.
        pub lng: f64,
    }
    ///What became of one location.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    #[serde(untagged)]
    pub enum LocationResult {
        ScoredLocation(ScoredLocation),
        FailedLocation(FailedLocation),
    }
    impl ::std::convert::From<ScoredLocation> for LocationResult {
        fn from(value: ScoredLocation) -> Self {
            Self::ScoredLocation(value)
        }
    }
    impl ::std::convert::From<FailedLocation> for LocationResult {
        fn from(value: FailedLocation) -> Self {
            Self::FailedLocation(value)
        }
    }
    ///A measured value; the pages name it without its type.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    #[serde(untagged)]
    pub enum Measure {
        Variant0(::std::option::Option<f64>),
        Variant1(::std::string::String),
    }
    impl ::std::convert::From<::std::option::Option<f64>> for Measure {
        fn from(value: ::std::option::Option<f64>) -> Self {
            Self::Variant0(value)
        }
    }
    ///`NewSession`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct NewSession {
        pub locations: ::std::vec::Vec<Location>,
    }
    ///`NoiseSource`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct NoiseSource {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub category: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub distance: ::std::option::Option<Measure>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub estimated_effective_db: ::std::option::Option<Measure>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub name: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub nearest_source: ::std::option::Option<::std::string::String>,
    }
    ///Counters over the locations of a session.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct Progress {
        ///Locations that could not be scored.
        pub failed: i64,
        ///Locations done so far.
        pub processed: i64,
        ///Locations that have a score.
        pub successful: i64,
        ///Locations submitted.
        pub total: i64,
    }
    ///The score of one listing and what it is made of.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct Quietness {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub created_at: ::std::option::Option<Timestamp>,
        ///Latitude in degrees.
        pub lat: f64,
        ///The listing that the score belongs to.
        pub listing_id: ::std::string::String,
        ///Longitude in degrees.
        pub lng: f64,
        #[serde(default, skip_serializing_if = "::std::vec::Vec::is_empty")]
        pub noise_sources: ::std::vec::Vec<NoiseSource>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub quiet_day_night: ::std::option::Option<DayAndNight>,
        ///How quiet the place is, 0 (loudest) to 100 (quietest).
        pub quiet_score: i64,
        ///One of quiet_score_confidence_values.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub quiet_score_confidence: ::std::option::Option<::std::string::String>,
        #[serde(default, skip_serializing_if = "::std::vec::Vec::is_empty")]
        pub quiet_score_confidence_values: ::std::vec::Vec<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub quiet_score_range: ::std::option::Option<ScoreRange>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub quietness_description: ::std::option::Option<::std::string::String>,
        ///The band of the score in words, such as Quiet.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub quietness_level: ::std::option::Option<::std::string::String>,
    }
    ///`QuietnessBatch`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct QuietnessBatch {
        pub listings: ::std::vec::Vec<Location>,
    }
    ///`QuietnessBatchReply`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct QuietnessBatchReply {
        pub results: ::std::vec::Vec<BatchResult>,
        ///`OK` in every example.
        pub status: ::std::string::String,
        pub summary: BatchSummary,
    }
    ///`QuietnessReply`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct QuietnessReply {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub request: ::std::option::Option<Location>,
        pub response: Quietness,
        ///`OK` in every example.
        pub status: ::std::string::String,
    }
    ///`ScoreRange`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct ScoreRange {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub max: ::std::option::Option<i64>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub min: ::std::option::Option<i64>,
    }
    ///The id of the listing that a score created.
    #[derive(
        ::serde::Deserialize,
        ::serde::Serialize,
        Clone,
        Debug,
        Eq,
        Hash,
        Ord,
        PartialEq,
        PartialOrd
    )]
    #[serde(transparent)]
    pub struct ScoredListing(pub ::std::string::String);
    impl ::std::ops::Deref for ScoredListing {
        type Target = ::std::string::String;
        fn deref(&self) -> &::std::string::String {
            &self.0
        }
    }
    impl ::std::convert::From<ScoredListing> for ::std::string::String {
        fn from(value: ScoredListing) -> Self {
            value.0
        }
    }
    impl ::std::convert::From<::std::string::String> for ScoredListing {
        fn from(value: ::std::string::String) -> Self {
            Self(value)
        }
    }
    impl ::std::fmt::Display for ScoredListing {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            self.0.fmt(f)
        }
    }
    impl ::std::str::FromStr for ScoredListing {
        type Err = ::std::convert::Infallible;
        fn from_str(value: &str) -> ::std::result::Result<Self, Self::Err> {
            Ok(Self(value.to_string()))
        }
    }
    ///`ScoredLocation`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct ScoredLocation {
        pub analyzed_at: Timestamp,
        ///Latitude in degrees.
        pub lat: f64,
        ///The listing that the score created.
        pub listing_id: ScoredListing,
        ///Longitude in degrees.
        pub lng: f64,
        ///How quiet the place is, 0 (loudest) to 100 (quietest).
        pub quiet_score: i64,
        pub status: ScoredLocationStatus,
    }
    ///`ScoredLocationStatus`
    #[derive(
        ::serde::Deserialize,
        ::serde::Serialize,
        Clone,
        Copy,
        Debug,
        Eq,
        Hash,
        Ord,
        PartialEq,
        PartialOrd
    )]
    pub enum ScoredLocationStatus {
        #[serde(rename = "success")]
        Success,
    }
    impl ::std::fmt::Display for ScoredLocationStatus {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match *self {
                Self::Success => f.write_str("success"),
            }
        }
    }
    impl ::std::str::FromStr for ScoredLocationStatus {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            match value {
                "success" => Ok(Self::Success),
                _ => Err("invalid value".into()),
            }
        }
    }
    impl ::std::convert::TryFrom<&str> for ScoredLocationStatus {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for ScoredLocationStatus {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    ///The state of a session.
    #[derive(
        ::serde::Deserialize,
        ::serde::Serialize,
        Clone,
        Copy,
        Debug,
        Eq,
        Hash,
        Ord,
        PartialEq,
        PartialOrd
    )]
    pub enum SessionState {
        #[serde(rename = "QUEUED")]
        Queued,
        #[serde(rename = "PROCESSING")]
        Processing,
        #[serde(rename = "COMPLETED")]
        Completed,
        #[serde(rename = "FAILED")]
        Failed,
    }
    impl ::std::fmt::Display for SessionState {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match *self {
                Self::Queued => f.write_str("QUEUED"),
                Self::Processing => f.write_str("PROCESSING"),
                Self::Completed => f.write_str("COMPLETED"),
                Self::Failed => f.write_str("FAILED"),
            }
        }
    }
    impl ::std::str::FromStr for SessionState {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            match value {
                "QUEUED" => Ok(Self::Queued),
                "PROCESSING" => Ok(Self::Processing),
                "COMPLETED" => Ok(Self::Completed),
                "FAILED" => Ok(Self::Failed),
                _ => Err("invalid value".into()),
            }
        }
    }
    impl ::std::convert::TryFrom<&str> for SessionState {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for SessionState {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    ///`SessionStatus`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct SessionStatus {
        ///When the session finished; null before that.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub completed_at: ::std::option::Option<Timestamp>,
        pub progress: Progress,
        ///The results so far. The list only grows.
        pub results: ::std::vec::Vec<LocationResult>,
        ///When processing started; null before that.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub started_at: ::std::option::Option<Timestamp>,
        pub status: SessionState,
        pub submitted_at: Timestamp,
    }
    ///An ISO 8601 time with or without an offset. The examples carry microseconds and no offset, so this is no date-time of RFC 3339; we read a missing offset as UTC.
    #[derive(::serde::Serialize, Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
    #[serde(transparent)]
    pub struct Timestamp(::std::string::String);
    impl ::std::ops::Deref for Timestamp {
        type Target = ::std::string::String;
        fn deref(&self) -> &::std::string::String {
            &self.0
        }
    }
    impl ::std::convert::From<Timestamp> for ::std::string::String {
        fn from(value: Timestamp) -> Self {
            value.0
        }
    }
    impl ::std::str::FromStr for Timestamp {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            static PATTERN: ::std::sync::LazyLock<::regress::Regex> = ::std::sync::LazyLock::new(||
            {
                ::regress::Regex::new(
                        "^\\d{4}-\\d{2}-\\d{2}[T ]\\d{2}:\\d{2}(:\\d{2}(\\.\\d+)?)?(Z|[+-]\\d{2}:?\\d{2})?$",
                    )
                    .unwrap()
            });
            if PATTERN.find(value).is_none() {
                return Err(
                    "doesn't match pattern \"^\\d{4}-\\d{2}-\\d{2}[T ]\\d{2}:\\d{2}(:\\d{2}(\\.\\d+)?)?(Z|[+-]\\d{2}:?\\d{2})?$\""
                        .into(),
                );
            }
            Ok(Self(value.to_string()))
        }
    }
    impl ::std::convert::TryFrom<&str> for Timestamp {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for Timestamp {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl<'de> ::serde::Deserialize<'de> for Timestamp {
        fn deserialize<D>(deserializer: D) -> ::std::result::Result<Self, D::Error>
        where
            D: ::serde::Deserializer<'de>,
        {
            ::std::string::String::deserialize(deserializer)?
                .parse()
                .map_err(|e: self::error::ConversionError| {
                    <D::Error as ::serde::de::Error>::custom(e.to_string())
                })
        }
    }
    ///The keys are as the page shows them, spaces included.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct Usage {
        #[serde(
            rename = "Active Listings Count",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub active_listings_count: ::std::option::Option<Allowance>,
        #[serde(
            rename = "Active Listings Max",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub active_listings_max: ::std::option::Option<Allowance>,
        #[serde(
            rename = "API Key Current Usage",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub api_key_current_usage: ::std::option::Option<Allowance>,
        #[serde(
            rename = "API Key Max Plan Usage",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub api_key_max_plan_usage: ::std::option::Option<Allowance>,
        #[serde(
            rename = "Subscription Plan",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub subscription_plan: ::std::option::Option<::std::string::String>,
    }
    ///`UsageRequest`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct UsageRequest {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub api_key: ::std::option::Option<ApiKeyEcho>,
    }
    /// Error types.
    pub mod error {
        /// Error from a `TryFrom` or `FromStr` implementation.
        pub struct ConversionError(::std::borrow::Cow<'static, str>);
        impl ::std::error::Error for ConversionError {}
        impl ::std::fmt::Display for ConversionError {
            fn fmt(
                &self,
                f: &mut ::std::fmt::Formatter<'_>,
            ) -> Result<(), ::std::fmt::Error> {
                ::std::fmt::Display::fmt(&self.0, f)
            }
        }
        impl ::std::fmt::Debug for ConversionError {
            fn fmt(
                &self,
                f: &mut ::std::fmt::Formatter<'_>,
            ) -> Result<(), ::std::fmt::Error> {
                ::std::fmt::Debug::fmt(&self.0, f)
            }
        }
        impl From<&'static str> for ConversionError {
            fn from(value: &'static str) -> Self {
                Self(value.into())
            }
        }
        impl From<String> for ConversionError {
            fn from(value: String) -> Self {
                Self(value.into())
            }
        }
    }
}
