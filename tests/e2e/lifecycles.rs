//! The numbers that the tests of `abide-core` wait by are the numbers that the clients are generated with.

#[path = "../../crates/abide-core/tests/it/lifecycles.rs"]
mod retyped;

#[test]
fn the_tests_of_the_core_use_the_shipped_lifecycles() {
    assert_eq!(retyped::CALMYX, calmyx_client::lifecycle::LIFECYCLE);
    assert_eq!(retyped::HUM, hum_client::lifecycle::LIFECYCLE);
}
