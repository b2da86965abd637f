//! What progenitor 0.15.1 makes of `spec/hum/openapi.yaml` with its default settings: the types, unchanged.
//!
//! `cargo progenitor -i spec/hum/openapi.yaml` writes them into a crate; its client and builders are left out here.

#![allow(clippy::all, clippy::pedantic, unreachable_pub, dead_code, missing_docs, reason = "as it was generated")]
#![cfg_attr(rustfmt, rustfmt_skip)]

/// Types of the API.
pub mod types {
    ///`AddressParts`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct AddressParts {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub city: ::std::option::Option<::std::string::String>,
        ///Latitude in degrees.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub latitude: ::std::option::Option<f64>,
        ///Longitude in degrees.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub longitude: ::std::option::Option<f64>,
        ///The address in one line.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub normalized: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub state: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub street: ::std::option::Option<::std::string::String>,
        ///The house numbers of this stretch of street.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub street_range: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub zip: ::std::option::Option<ZipEcho>,
    }
    ///Where an agent stands; `multiple` means that several addresses came into question.
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
    pub enum AgentState {
        #[serde(rename = "pending")]
        Pending,
        #[serde(rename = "matched")]
        Matched,
        #[serde(rename = "multiple")]
        Multiple,
        #[serde(rename = "failed")]
        Failed,
    }
    impl ::std::fmt::Display for AgentState {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match *self {
                Self::Pending => f.write_str("pending"),
                Self::Matched => f.write_str("matched"),
                Self::Multiple => f.write_str("multiple"),
                Self::Failed => f.write_str("failed"),
            }
        }
    }
    impl ::std::str::FromStr for AgentState {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            match value {
                "pending" => Ok(Self::Pending),
                "matched" => Ok(Self::Matched),
                "multiple" => Ok(Self::Multiple),
                "failed" => Ok(Self::Failed),
                _ => Err("invalid value".into()),
            }
        }
    }
    impl ::std::convert::TryFrom<&str> for AgentState {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for AgentState {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    ///`AnalyticsDetail`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct AnalyticsDetail {
        pub data: AnalyticsSession,
        ///A sentence for people about what happened.
        pub message: ::std::string::String,
        pub meta: PageMeta,
        pub request_status: RequestStatus,
    }
    ///A UUID; not a session token.
    #[derive(::serde::Serialize, Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
    #[serde(transparent)]
    pub struct AnalyticsId(::std::string::String);
    impl ::std::ops::Deref for AnalyticsId {
        type Target = ::std::string::String;
        fn deref(&self) -> &::std::string::String {
            &self.0
        }
    }
    impl ::std::convert::From<AnalyticsId> for ::std::string::String {
        fn from(value: AnalyticsId) -> Self {
            value.0
        }
    }
    impl ::std::str::FromStr for AnalyticsId {
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
    impl ::std::convert::TryFrom<&str> for AnalyticsId {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for AnalyticsId {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl<'de> ::serde::Deserialize<'de> for AnalyticsId {
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
    ///`AnalyticsPage`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct AnalyticsPage {
        pub data: ::std::vec::Vec<AnalyticsSession>,
        ///A sentence for people about what happened.
        pub message: ::std::string::String,
        pub meta: PageMeta,
        pub request_status: RequestStatus,
    }
    ///One session; the order and the steps are there in the detail only.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct AnalyticsSession {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub address: ::std::option::Option<SessionParams>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub campaign_id: ::std::option::Option<::std::string::String>,
        #[serde(default, skip_serializing_if = "::std::vec::Vec::is_empty")]
        pub cart_progression: ::std::vec::Vec<CartStep>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub commission_cents: ::std::option::Option<i64>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub created_at: ::std::option::Option<Timestamp>,
        ///How far somebody came.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub furthest_step: ::std::option::Option<i64>,
        ///A UUID; not a session token.
        pub id: ::std::string::String,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub installed: ::std::option::Option<bool>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub installed_at: ::std::option::Option<Timestamp>,
        ///The order, in a form that the page does not lay down.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub order: ::std::option::Option<
            ::serde_json::Map<::std::string::String, ::serde_json::Value>,
        >,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub order_number: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub ordered_at: ::std::option::Option<Timestamp>,
    }
    ///`CartStep`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct CartStep {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub step: ::std::option::Option<i64>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub step_name: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub timestamp: ::std::option::Option<Timestamp>,
    }
    ///An id, as text or as a number.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    #[serde(untagged)]
    pub enum Identifier {
        String(::std::string::String),
        Double(f64),
    }
    impl ::std::fmt::Display for Identifier {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match self {
                Self::String(x) => x.fmt(f),
                Self::Double(x) => x.fmt(f),
            }
        }
    }
    impl ::std::convert::From<f64> for Identifier {
        fn from(value: f64) -> Self {
            Self::Double(value)
        }
    }
    ///`ListAnalyticsSessionsEndDate`
    #[derive(::serde::Serialize, Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
    #[serde(transparent)]
    pub struct ListAnalyticsSessionsEndDate(::std::string::String);
    impl ::std::ops::Deref for ListAnalyticsSessionsEndDate {
        type Target = ::std::string::String;
        fn deref(&self) -> &::std::string::String {
            &self.0
        }
    }
    impl ::std::convert::From<ListAnalyticsSessionsEndDate> for ::std::string::String {
        fn from(value: ListAnalyticsSessionsEndDate) -> Self {
            value.0
        }
    }
    impl ::std::str::FromStr for ListAnalyticsSessionsEndDate {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            static PATTERN: ::std::sync::LazyLock<::regress::Regex> = ::std::sync::LazyLock::new(||
            {
                ::regress::Regex::new("^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$")
                    .unwrap()
            });
            if PATTERN.find(value).is_none() {
                return Err(
                    "doesn't match pattern \"^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$\""
                        .into(),
                );
            }
            Ok(Self(value.to_string()))
        }
    }
    impl ::std::convert::TryFrom<&str> for ListAnalyticsSessionsEndDate {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String>
    for ListAnalyticsSessionsEndDate {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl<'de> ::serde::Deserialize<'de> for ListAnalyticsSessionsEndDate {
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
    ///`ListAnalyticsSessionsStartDate`
    #[derive(::serde::Serialize, Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
    #[serde(transparent)]
    pub struct ListAnalyticsSessionsStartDate(::std::string::String);
    impl ::std::ops::Deref for ListAnalyticsSessionsStartDate {
        type Target = ::std::string::String;
        fn deref(&self) -> &::std::string::String {
            &self.0
        }
    }
    impl ::std::convert::From<ListAnalyticsSessionsStartDate> for ::std::string::String {
        fn from(value: ListAnalyticsSessionsStartDate) -> Self {
            value.0
        }
    }
    impl ::std::str::FromStr for ListAnalyticsSessionsStartDate {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            static PATTERN: ::std::sync::LazyLock<::regress::Regex> = ::std::sync::LazyLock::new(||
            {
                ::regress::Regex::new("^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$")
                    .unwrap()
            });
            if PATTERN.find(value).is_none() {
                return Err(
                    "doesn't match pattern \"^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$\""
                        .into(),
                );
            }
            Ok(Self(value.to_string()))
        }
    }
    impl ::std::convert::TryFrom<&str> for ListAnalyticsSessionsStartDate {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String>
    for ListAnalyticsSessionsStartDate {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl<'de> ::serde::Deserialize<'de> for ListAnalyticsSessionsStartDate {
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
    ///The address. Either `zip`, or `city` and `state`, must go with `street1`.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct NewSession {
        ///Your own mark for this session.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub campaign_id: ::std::option::Option<NewSessionCampaignId>,
        ///City.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub city: ::std::option::Option<NewSessionCity>,
        ///Latitude in degrees.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub latitude: ::std::option::Option<f64>,
        ///Longitude in degrees.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub longitude: ::std::option::Option<f64>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub state: ::std::option::Option<UsState>,
        ///House number and street.
        pub street1: NewSessionStreet1,
        ///Apartment, suite or unit.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub street2: ::std::option::Option<NewSessionStreet2>,
        ///ZIP code, five digits or nine.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub zip: ::std::option::Option<NewSessionZip>,
    }
    ///Your own mark for this session.
    #[derive(::serde::Serialize, Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
    #[serde(transparent)]
    pub struct NewSessionCampaignId(::std::string::String);
    impl ::std::ops::Deref for NewSessionCampaignId {
        type Target = ::std::string::String;
        fn deref(&self) -> &::std::string::String {
            &self.0
        }
    }
    impl ::std::convert::From<NewSessionCampaignId> for ::std::string::String {
        fn from(value: NewSessionCampaignId) -> Self {
            value.0
        }
    }
    impl ::std::str::FromStr for NewSessionCampaignId {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            if value.chars().count() > 100usize {
                return Err("longer than 100 characters".into());
            }
            if value.chars().count() < 1usize {
                return Err("shorter than 1 characters".into());
            }
            Ok(Self(value.to_string()))
        }
    }
    impl ::std::convert::TryFrom<&str> for NewSessionCampaignId {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for NewSessionCampaignId {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl<'de> ::serde::Deserialize<'de> for NewSessionCampaignId {
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
    ///City.
    #[derive(::serde::Serialize, Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
    #[serde(transparent)]
    pub struct NewSessionCity(::std::string::String);
    impl ::std::ops::Deref for NewSessionCity {
        type Target = ::std::string::String;
        fn deref(&self) -> &::std::string::String {
            &self.0
        }
    }
    impl ::std::convert::From<NewSessionCity> for ::std::string::String {
        fn from(value: NewSessionCity) -> Self {
            value.0
        }
    }
    impl ::std::str::FromStr for NewSessionCity {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            if value.chars().count() > 50usize {
                return Err("longer than 50 characters".into());
            }
            if value.chars().count() < 1usize {
                return Err("shorter than 1 characters".into());
            }
            Ok(Self(value.to_string()))
        }
    }
    impl ::std::convert::TryFrom<&str> for NewSessionCity {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for NewSessionCity {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl<'de> ::serde::Deserialize<'de> for NewSessionCity {
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
    ///House number and street.
    #[derive(::serde::Serialize, Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
    #[serde(transparent)]
    pub struct NewSessionStreet1(::std::string::String);
    impl ::std::ops::Deref for NewSessionStreet1 {
        type Target = ::std::string::String;
        fn deref(&self) -> &::std::string::String {
            &self.0
        }
    }
    impl ::std::convert::From<NewSessionStreet1> for ::std::string::String {
        fn from(value: NewSessionStreet1) -> Self {
            value.0
        }
    }
    impl ::std::str::FromStr for NewSessionStreet1 {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            if value.chars().count() > 100usize {
                return Err("longer than 100 characters".into());
            }
            if value.chars().count() < 1usize {
                return Err("shorter than 1 characters".into());
            }
            Ok(Self(value.to_string()))
        }
    }
    impl ::std::convert::TryFrom<&str> for NewSessionStreet1 {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for NewSessionStreet1 {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl<'de> ::serde::Deserialize<'de> for NewSessionStreet1 {
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
    ///Apartment, suite or unit.
    #[derive(::serde::Serialize, Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
    #[serde(transparent)]
    pub struct NewSessionStreet2(::std::string::String);
    impl ::std::ops::Deref for NewSessionStreet2 {
        type Target = ::std::string::String;
        fn deref(&self) -> &::std::string::String {
            &self.0
        }
    }
    impl ::std::convert::From<NewSessionStreet2> for ::std::string::String {
        fn from(value: NewSessionStreet2) -> Self {
            value.0
        }
    }
    impl ::std::str::FromStr for NewSessionStreet2 {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            if value.chars().count() > 50usize {
                return Err("longer than 50 characters".into());
            }
            if value.chars().count() < 1usize {
                return Err("shorter than 1 characters".into());
            }
            Ok(Self(value.to_string()))
        }
    }
    impl ::std::convert::TryFrom<&str> for NewSessionStreet2 {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for NewSessionStreet2 {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl<'de> ::serde::Deserialize<'de> for NewSessionStreet2 {
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
    ///ZIP code, five digits or nine.
    #[derive(::serde::Serialize, Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
    #[serde(transparent)]
    pub struct NewSessionZip(::std::string::String);
    impl ::std::ops::Deref for NewSessionZip {
        type Target = ::std::string::String;
        fn deref(&self) -> &::std::string::String {
            &self.0
        }
    }
    impl ::std::convert::From<NewSessionZip> for ::std::string::String {
        fn from(value: NewSessionZip) -> Self {
            value.0
        }
    }
    impl ::std::str::FromStr for NewSessionZip {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            static PATTERN: ::std::sync::LazyLock<::regress::Regex> = ::std::sync::LazyLock::new(||
            { ::regress::Regex::new("^\\d{5}(-\\d{4})?$").unwrap() });
            if PATTERN.find(value).is_none() {
                return Err("doesn't match pattern \"^\\d{5}(-\\d{4})?$\"".into());
            }
            Ok(Self(value.to_string()))
        }
    }
    impl ::std::convert::TryFrom<&str> for NewSessionZip {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for NewSessionZip {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl<'de> ::serde::Deserialize<'de> for NewSessionZip {
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
    ///`Offering`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct Offering {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub max_download_speed: ::std::option::Option<Speed>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub max_upload_speed: ::std::option::Option<Speed>,
        ///Oldest version only.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub tech_logo: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub technology: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub technology_category: ::std::option::Option<::std::string::String>,
        ///Oldest version only.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub technology_code: ::std::option::Option<::std::string::String>,
    }
    ///`PageMeta`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct PageMeta {
        ///By its name, how many sessions there are.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub count: ::std::option::Option<i64>,
        ///This page, from 1.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub page: ::std::option::Option<i64>,
        ///How many pages there are.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub pages: ::std::option::Option<i64>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub responded_at: ::std::option::Option<Timestamp>,
    }
    ///`Price`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct Price {
        ///The amount in hundredths of the currency.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub amount_cents: ::std::option::Option<i64>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub currency: ::std::option::Option<::std::string::String>,
    }
    ///An offer, newest version.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct Promotion {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub promo_logo_url: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub promo_text: ::std::option::Option<::std::string::String>,
    }
    ///One Internet provider at the address.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct Provider {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub button_label: ::std::option::Option<::std::string::String>,
        ///How an order is placed.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub buyflow_type: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub min_plan_price: ::std::option::Option<Price>,
        #[serde(default, skip_serializing_if = "::std::vec::Vec::is_empty")]
        pub offerings: ::std::vec::Vec<Offering>,
        ///Plans, in fields that change from version to version and are kept as they come.
        #[serde(default, skip_serializing_if = "::std::vec::Vec::is_empty")]
        pub product_catalog: ::std::vec::Vec<
            ::serde_json::Map<::std::string::String, ::serde_json::Value>,
        >,
        ///Logo of an offer, before the newest version.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub promo_logo: ::std::option::Option<::std::string::String>,
        ///Words of an offer, before the newest version.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub promo_text: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub provider_icon: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub provider_id: ::std::option::Option<Identifier>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub provider_logo: ::std::option::Option<::std::string::String>,
        ///The name to show.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub provider_name: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub provider_promo: ::std::option::Option<Promotion>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub security_token: ::std::option::Option<SecurityToken>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub telephone: ::std::option::Option<::std::string::String>,
        ///Where an order can be placed; never fetched by the client.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub url: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub url_promo: ::std::option::Option<Promotion>,
    }
    ///`ProviderList`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    #[serde(transparent)]
    pub struct ProviderList(pub ::std::vec::Vec<Provider>);
    impl ::std::ops::Deref for ProviderList {
        type Target = ::std::vec::Vec<Provider>;
        fn deref(&self) -> &::std::vec::Vec<Provider> {
            &self.0
        }
    }
    impl ::std::convert::From<ProviderList> for ::std::vec::Vec<Provider> {
        fn from(value: ProviderList) -> Self {
            value.0
        }
    }
    impl ::std::convert::From<::std::vec::Vec<Provider>> for ProviderList {
        fn from(value: ::std::vec::Vec<Provider>) -> Self {
            Self(value)
        }
    }
    ///Whether the request itself went well; it says nothing about the agents.
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
    pub enum RequestStatus {
        #[serde(rename = "ok")]
        Ok,
        #[serde(rename = "warning")]
        Warning,
        #[serde(rename = "error")]
        Error,
    }
    impl ::std::fmt::Display for RequestStatus {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match *self {
                Self::Ok => f.write_str("ok"),
                Self::Warning => f.write_str("warning"),
                Self::Error => f.write_str("error"),
            }
        }
    }
    impl ::std::str::FromStr for RequestStatus {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            match value {
                "ok" => Ok(Self::Ok),
                "warning" => Ok(Self::Warning),
                "error" => Ok(Self::Error),
                _ => Err("invalid value".into()),
            }
        }
    }
    impl ::std::convert::TryFrom<&str> for RequestStatus {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for RequestStatus {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    ///Secures an order; kept out of every log.
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
    pub struct SecurityToken(pub ::std::string::String);
    impl ::std::ops::Deref for SecurityToken {
        type Target = ::std::string::String;
        fn deref(&self) -> &::std::string::String {
            &self.0
        }
    }
    impl ::std::convert::From<SecurityToken> for ::std::string::String {
        fn from(value: SecurityToken) -> Self {
            value.0
        }
    }
    impl ::std::convert::From<::std::string::String> for SecurityToken {
        fn from(value: ::std::string::String) -> Self {
            Self(value)
        }
    }
    impl ::std::fmt::Display for SecurityToken {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            self.0.fmt(f)
        }
    }
    impl ::std::str::FromStr for SecurityToken {
        type Err = ::std::convert::Infallible;
        fn from_str(value: &str) -> ::std::result::Result<Self, Self::Err> {
            Ok(Self(value.to_string()))
        }
    }
    ///The normalised address; a sentence in newer versions, its parts in the oldest, null before it is known.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    #[serde(untagged)]
    pub enum ServiceAddress {
        Variant0(::std::option::Option<::std::string::String>),
        Variant1(AddressParts),
    }
    impl ::std::convert::From<::std::option::Option<::std::string::String>>
    for ServiceAddress {
        fn from(value: ::std::option::Option<::std::string::String>) -> Self {
            Self::Variant0(value)
        }
    }
    impl ::std::convert::From<AddressParts> for ServiceAddress {
        fn from(value: AddressParts) -> Self {
            Self::Variant1(value)
        }
    }
    ///An object, or in a newer create answer the list of providers.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    #[serde(untagged)]
    pub enum SessionData {
        SessionDetails(SessionDetails),
        ProviderList(ProviderList),
    }
    impl ::std::convert::From<SessionDetails> for SessionData {
        fn from(value: SessionDetails) -> Self {
            Self::SessionDetails(value)
        }
    }
    impl ::std::convert::From<ProviderList> for SessionData {
        fn from(value: ProviderList) -> Self {
            Self::ProviderList(value)
        }
    }
    ///`SessionDetails`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct SessionDetails {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub internet: ::std::option::Option<ProviderList>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub service_address: ::std::option::Option<ServiceAddress>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub session_token: ::std::option::Option<SessionToken>,
    }
    ///Facts about the session itself.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct SessionMeta {
        ///What each agent has to say, by the agent's name.
        #[serde(
            default,
            skip_serializing_if = ":: std :: collections :: HashMap::is_empty"
        )]
        pub agent_status: ::std::collections::HashMap<::std::string::String, AgentState>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub created_at: ::std::option::Option<Timestamp>,
        ///The version of the data behind the answer.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub hum_data_set: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub responded_at: ::std::option::Option<Timestamp>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub service_address: ::std::option::Option<ServiceAddress>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub session_params: ::std::option::Option<SessionParams>,
        ///Only `open` is ever shown, even after a close; nothing is decided on it.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub session_status: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub session_token: ::std::option::Option<SessionToken>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub updated_at: ::std::option::Option<Timestamp>,
    }
    ///What was asked for, echoed.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct SessionParams {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub campaign_id: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub city: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub latitude: ::std::option::Option<f64>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub longitude: ::std::option::Option<f64>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub state: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub street1: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub street2: ::std::option::Option<::std::string::String>,
        ///Older version only.
        #[serde(default, skip_serializing_if = "::std::vec::Vec::is_empty")]
        pub sync: ::std::vec::Vec<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub zip: ::std::option::Option<ZipEcho>,
    }
    ///The envelope of every answer about a session.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct SessionReply {
        pub data: SessionData,
        ///A sentence for people about what happened.
        pub message: ::std::string::String,
        pub meta: SessionMeta,
        pub request_status: RequestStatus,
    }
    ///The key to one session. Whoever has it and an API token of the same account can read and close it.
    #[derive(::serde::Serialize, Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
    #[serde(transparent)]
    pub struct SessionToken(::std::string::String);
    impl ::std::ops::Deref for SessionToken {
        type Target = ::std::string::String;
        fn deref(&self) -> &::std::string::String {
            &self.0
        }
    }
    impl ::std::convert::From<SessionToken> for ::std::string::String {
        fn from(value: SessionToken) -> Self {
            value.0
        }
    }
    impl ::std::str::FromStr for SessionToken {
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
    impl ::std::convert::TryFrom<&str> for SessionToken {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for SessionToken {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl<'de> ::serde::Deserialize<'de> for SessionToken {
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
    ///Megabits per second, as a number (`100`) or as text (`"300"`, `"50-100"`).
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    #[serde(untagged)]
    pub enum Speed {
        Double(f64),
        String(::std::string::String),
    }
    impl ::std::fmt::Display for Speed {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match self {
                Self::Double(x) => x.fmt(f),
                Self::String(x) => x.fmt(f),
            }
        }
    }
    impl ::std::convert::From<f64> for Speed {
        fn from(value: f64) -> Self {
            Self::Double(value)
        }
    }
    ///An RFC 3339 time.
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
                        "^\\d{4}-\\d{2}-\\d{2}[Tt]\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?([Zz]|[+-]\\d{2}:\\d{2})$",
                    )
                    .unwrap()
            });
            if PATTERN.find(value).is_none() {
                return Err(
                    "doesn't match pattern \"^\\d{4}-\\d{2}-\\d{2}[Tt]\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?([Zz]|[+-]\\d{2}:\\d{2})$\""
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
    ///A two-letter code; the District of Columbia is not on the documented list.
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
    pub enum UsState {
        #[serde(rename = "AL")]
        Al,
        #[serde(rename = "AK")]
        Ak,
        #[serde(rename = "AZ")]
        Az,
        #[serde(rename = "AR")]
        Ar,
        #[serde(rename = "CA")]
        Ca,
        #[serde(rename = "CO")]
        Co,
        #[serde(rename = "CT")]
        Ct,
        #[serde(rename = "DE")]
        De,
        #[serde(rename = "FL")]
        Fl,
        #[serde(rename = "GA")]
        Ga,
        #[serde(rename = "HI")]
        Hi,
        #[serde(rename = "ID")]
        Id,
        #[serde(rename = "IL")]
        Il,
        #[serde(rename = "IN")]
        In,
        #[serde(rename = "IA")]
        Ia,
        #[serde(rename = "KS")]
        Ks,
        #[serde(rename = "KY")]
        Ky,
        #[serde(rename = "LA")]
        La,
        #[serde(rename = "ME")]
        Me,
        #[serde(rename = "MD")]
        Md,
        #[serde(rename = "MA")]
        Ma,
        #[serde(rename = "MI")]
        Mi,
        #[serde(rename = "MN")]
        Mn,
        #[serde(rename = "MS")]
        Ms,
        #[serde(rename = "MO")]
        Mo,
        #[serde(rename = "MT")]
        Mt,
        #[serde(rename = "NE")]
        Ne,
        #[serde(rename = "NV")]
        Nv,
        #[serde(rename = "NH")]
        Nh,
        #[serde(rename = "NJ")]
        Nj,
        #[serde(rename = "NM")]
        Nm,
        #[serde(rename = "NY")]
        Ny,
        #[serde(rename = "NC")]
        Nc,
        #[serde(rename = "ND")]
        Nd,
        #[serde(rename = "OH")]
        Oh,
        #[serde(rename = "OK")]
        Ok,
        #[serde(rename = "OR")]
        Or,
        #[serde(rename = "PA")]
        Pa,
        #[serde(rename = "PR")]
        Pr,
        #[serde(rename = "RI")]
        Ri,
        #[serde(rename = "SC")]
        Sc,
        #[serde(rename = "SD")]
        Sd,
        #[serde(rename = "TN")]
        Tn,
        #[serde(rename = "TX")]
        Tx,
        #[serde(rename = "UT")]
        Ut,
        #[serde(rename = "VT")]
        Vt,
        #[serde(rename = "VA")]
        Va,
        #[serde(rename = "WA")]
        Wa,
        #[serde(rename = "WV")]
        Wv,
        #[serde(rename = "WI")]
        Wi,
        #[serde(rename = "WY")]
        Wy,
    }
    impl ::std::fmt::Display for UsState {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match *self {
                Self::Al => f.write_str("AL"),
                Self::Ak => f.write_str("AK"),
                Self::Az => f.write_str("AZ"),
                Self::Ar => f.write_str("AR"),
                Self::Ca => f.write_str("CA"),
                Self::Co => f.write_str("CO"),
                Self::Ct => f.write_str("CT"),
                Self::De => f.write_str("DE"),
                Self::Fl => f.write_str("FL"),
                Self::Ga => f.write_str("GA"),
                Self::Hi => f.write_str("HI"),
                Self::Id => f.write_str("ID"),
                Self::Il => f.write_str("IL"),
                Self::In => f.write_str("IN"),
                Self::Ia => f.write_str("IA"),
                Self::Ks => f.write_str("KS"),
                Self::Ky => f.write_str("KY"),
                Self::La => f.write_str("LA"),
                Self::Me => f.write_str("ME"),
                Self::Md => f.write_str("MD"),
                Self::Ma => f.write_str("MA"),
                Self::Mi => f.write_str("MI"),
                Self::Mn => f.write_str("MN"),
                Self::Ms => f.write_str("MS"),
                Self::Mo => f.write_str("MO"),
                Self::Mt => f.write_str("MT"),
                Self::Ne => f.write_str("NE"),
                Self::Nv => f.write_str("NV"),
                Self::Nh => f.write_str("NH"),
                Self::Nj => f.write_str("NJ"),
                Self::Nm => f.write_str("NM"),
                Self::Ny => f.write_str("NY"),
                Self::Nc => f.write_str("NC"),
                Self::Nd => f.write_str("ND"),
                Self::Oh => f.write_str("OH"),
                Self::Ok => f.write_str("OK"),
                Self::Or => f.write_str("OR"),
                Self::Pa => f.write_str("PA"),
                Self::Pr => f.write_str("PR"),
                Self::Ri => f.write_str("RI"),
                Self::Sc => f.write_str("SC"),
                Self::Sd => f.write_str("SD"),
                Self::Tn => f.write_str("TN"),
                Self::Tx => f.write_str("TX"),
                Self::Ut => f.write_str("UT"),
                Self::Vt => f.write_str("VT"),
                Self::Va => f.write_str("VA"),
                Self::Wa => f.write_str("WA"),
                Self::Wv => f.write_str("WV"),
                Self::Wi => f.write_str("WI"),
                Self::Wy => f.write_str("WY"),
            }
        }
    }
    impl ::std::str::FromStr for UsState {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            match value {
                "AL" => Ok(Self::Al),
                "AK" => Ok(Self::Ak),
                "AZ" => Ok(Self::Az),
                "AR" => Ok(Self::Ar),
                "CA" => Ok(Self::Ca),
                "CO" => Ok(Self::Co),
                "CT" => Ok(Self::Ct),
                "DE" => Ok(Self::De),
                "FL" => Ok(Self::Fl),
                "GA" => Ok(Self::Ga),
                "HI" => Ok(Self::Hi),
                "ID" => Ok(Self::Id),
                "IL" => Ok(Self::Il),
                "IN" => Ok(Self::In),
                "IA" => Ok(Self::Ia),
                "KS" => Ok(Self::Ks),
                "KY" => Ok(Self::Ky),
                "LA" => Ok(Self::La),
                "ME" => Ok(Self::Me),
                "MD" => Ok(Self::Md),
                "MA" => Ok(Self::Ma),
                "MI" => Ok(Self::Mi),
                "MN" => Ok(Self::Mn),
                "MS" => Ok(Self::Ms),
                "MO" => Ok(Self::Mo),
                "MT" => Ok(Self::Mt),
                "NE" => Ok(Self::Ne),
                "NV" => Ok(Self::Nv),
                "NH" => Ok(Self::Nh),
                "NJ" => Ok(Self::Nj),
                "NM" => Ok(Self::Nm),
                "NY" => Ok(Self::Ny),
                "NC" => Ok(Self::Nc),
                "ND" => Ok(Self::Nd),
                "OH" => Ok(Self::Oh),
                "OK" => Ok(Self::Ok),
                "OR" => Ok(Self::Or),
                "PA" => Ok(Self::Pa),
                "PR" => Ok(Self::Pr),
                "RI" => Ok(Self::Ri),
                "SC" => Ok(Self::Sc),
                "SD" => Ok(Self::Sd),
                "TN" => Ok(Self::Tn),
                "TX" => Ok(Self::Tx),
                "UT" => Ok(Self::Ut),
                "VT" => Ok(Self::Vt),
                "VA" => Ok(Self::Va),
                "WA" => Ok(Self::Wa),
                "WV" => Ok(Self::Wv),
                "WI" => Ok(Self::Wi),
                "WY" => Ok(Self::Wy),
                _ => Err("invalid value".into()),
            }
        }
    }
    impl ::std::convert::TryFrom<&str> for UsState {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for UsState {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    ///Typed as a string, shown as a number in the examples.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    #[serde(untagged)]
    pub enum ZipEcho {
        String(::std::string::String),
        Double(f64),
    }
    impl ::std::fmt::Display for ZipEcho {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match self {
                Self::String(x) => x.fmt(f),
                Self::Double(x) => x.fmt(f),
            }
        }
    }
    impl ::std::convert::From<f64> for ZipEcho {
        fn from(value: f64) -> Self {
            Self::Double(value)
        }
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
