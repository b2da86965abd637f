//! The scenarios that every server knows, as files that anyone can copy and change.

use super::Scenario;

/// Name and text, in the order in which a list shows them.
const FILES: &[(&str, &str)] = &[
    ("all-succeed", include_str!("builtin/all-succeed.toml")),
    ("some-fail", include_str!("builtin/some-fail.toml")),
    ("all-fail", include_str!("builtin/all-fail.toml")),
    ("at-once", include_str!("builtin/at-once.toml")),
    ("one-by-one", include_str!("builtin/one-by-one.toml")),
    ("stalls", include_str!("builtin/stalls.toml")),
    ("long-queue", include_str!("builtin/long-queue.toml")),
    ("never-starts", include_str!("builtin/never-starts.toml")),
    ("never-finishes", include_str!("builtin/never-finishes.toml")),
    ("session-fails", include_str!("builtin/session-fails.toml")),
    ("session-fails-halfway", include_str!("builtin/session-fails-halfway.toml")),
    ("session-fails-in-queue", include_str!("builtin/session-fails-in-queue.toml")),
    ("zero-of-zero", include_str!("builtin/zero-of-zero.toml")),
    ("older-calmyx", include_str!("builtin/older-calmyx.toml")),
    ("older-hum", include_str!("builtin/older-hum.toml")),
    ("geocoding-multiple", include_str!("builtin/geocoding-multiple.toml")),
    ("geocoding-failed", include_str!("builtin/geocoding-failed.toml")),
    ("geocoding-stays-pending", include_str!("builtin/geocoding-stays-pending.toml")),
    ("internet-stays-pending", include_str!("builtin/internet-stays-pending.toml")),
    ("internet-first", include_str!("builtin/internet-first.toml")),
    ("no-providers", include_str!("builtin/no-providers.toml")),
];

/// The built-in scenarios.
pub fn scenarios() -> impl Iterator<Item = Scenario> {
    // All of them can be read; a test says so.
    FILES.iter().filter_map(|(name, text)| Scenario::from_toml(name, text).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_can_be_read() {
        for (name, text) in FILES {
            Scenario::from_toml(name, text).unwrap();
        }
        assert_eq!(scenarios().count(), FILES.len());
    }
}
