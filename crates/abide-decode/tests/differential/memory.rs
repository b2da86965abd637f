//! What a body seems to hold is no reason to ask for memory.

use calmyx_client::types::SessionStatus;

/// Two tiny items, and one that is most of the body: read as a list of many it would be gigabytes.
#[test]
fn a_list_is_as_large_as_its_items() {
    let text = "x".repeat(4 << 20);
    let body = format!(
        r#"{{"status": "PROCESSING", "progress": {{"total": 3, "processed": 3, "successful": 3, "failed": 0}},
            "results": [{{}}, {{}}, "{text}"], "submitted_at": "2026-01-15T10:30:00"}}"#
    );
    let mut items = 0;
    let measured = allocation_counter::measure(|| {
        let status: SessionStatus = abide_decode::decode(body.as_bytes()).unwrap();
        items = status.results.len();
    });
    assert_eq!(items, 3);
    // The text itself, what serde needs to read it, and some room for items.
    assert!(measured.bytes_max < 24 << 20, "{} bytes", measured.bytes_max);
}
