//! UUIDs of version 4 in shape: what identifies things in both APIs that are not sessions.

use std::{fmt, str::FromStr};

use serde::{Serialize, Serializer};

/// 128 bits of which six say "version 4".
///
/// It is written in lower case, and read in either.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Uuid(u128);

impl Uuid {
    /// Puts the version into 122 of these bits.
    pub(crate) const fn of_bits(bits: u128) -> Self {
        let version_4 = (bits & !(0xF << 76)) | (0x4 << 76);
        Self((version_4 & !(0x3 << 62)) | (0x2 << 62))
    }

    /// As it is stored.
    pub(crate) const fn to_bytes(self) -> [u8; 16] {
        self.0.to_be_bytes()
    }

    /// As it was stored.
    pub(crate) const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(u128::from_be_bytes(bytes))
    }
}

impl fmt::Display for Uuid {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(bits) = self;
        write!(
            formatter,
            "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
            bits >> 96,
            (bits >> 80) & 0xFFFF,
            (bits >> 64) & 0xFFFF,
            (bits >> 48) & 0xFFFF,
            bits & 0xFFFF_FFFF_FFFF,
        )
    }
}

/// The text is no UUID.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NoUuid;

impl FromStr for Uuid {
    type Err = NoUuid;

    fn from_str(text: &str) -> Result<Self, NoUuid> {
        let digits: String = text.chars().filter(|character| *character != '-').collect();
        let id = u128::from_str_radix(&digits, 16).map(Self).map_err(|_| NoUuid)?;
        // Signs, missing digits and hyphens elsewhere show in how it would be written.
        if id.to_string().eq_ignore_ascii_case(text) { Ok(id) } else { Err(NoUuid) }
    }
}

impl Serialize for Uuid {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(text.parse::<Uuid>().ok().map(|id| id.to_string()).as_deref(), expected, "{text:?}");
    }

    #[test]
    fn texts() {
        let id = "a1b2c3d4-e5f6-4890-abcd-ef1234567890";
        check(id, Some(id));
        check(&id.to_uppercase(), Some(id));
        check("00000000-0000-0000-0000-000000000000", Some("00000000-0000-0000-0000-000000000000"));
        for text in [
            "",
            "a1b2c3d4",
            "a1b2c3d4e5f64890abcdef1234567890",
            "a1b2c3d4e5f6-4890-abcd-ef12345678-90",
            "+1b2c3d4-e5f6-4890-abcd-ef1234567890",
            "a1b2c3d4-e5f6-4890-abcd-ef1234567890 ",
            "a1b2c3d4-e5f6-4890-abcd-ef12345678900",
            "g1b2c3d4-e5f6-4890-abcd-ef1234567890",
            "' OR '1'='1",
        ] {
            check(text, None);
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(bits: u128) {
            let id = Uuid::of_bits(bits);
            prop_assert_eq!(id.to_string().parse(), Ok(id));
            prop_assert_eq!(Uuid::from_bytes(id.to_bytes()), id);
            let text = id.to_string();
            prop_assert_eq!(text.as_bytes()[14], b'4');
            prop_assert!(b"89ab".contains(&text.as_bytes()[19]));
        }
    }
}
