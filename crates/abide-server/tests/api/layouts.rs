//! Files that earlier versions wrote: they are opened, and what they hold is answered as it was then.

use abide_server::Plan;
use axum::http::StatusCode;
use rusqlite::Connection;
use serde_json::json;

use crate::service::{CALMYX, HUM, Service};

/// A server on a file of that layout, at the moment at which its sessions were created.
fn open(folder: &tempfile::TempDir, sql: &str) -> Service {
    let path = folder.path().join("sessions.db");
    Connection::open(&path).unwrap().execute_batch(sql).unwrap();
    Service::with(Some(&path), Plan::Trial, 1)
}

#[tokio::test]
async fn layout_1() {
    check(include_str!("layout_1.sql"), (3, 0)).await;
}

#[tokio::test]
async fn layout_2() {
    check(include_str!("layout_2.sql"), (2, 1)).await;
}

/// The sessions that are in every file, and so many listings and deletions.
async fn check(sql: &str, (listings, deletions): (u32, u32)) {
    let folder = tempfile::tempdir().unwrap();
    let service = open(&folder, sql);

    let report = service.calmyx_status("sess_7EQuDAPno1QjByCL1CZecA").await;
    assert_eq!(
        report["results"],
        json!([
            {
                "lat": 37.7749, "lng": -122.4194, "status": "success", "quiet_score": 31,
                "listing_id": "2f41405e-0bfc-4c2f-8f29-b514147dcfd7", "analyzed_at": "2026-01-15T10:30:04.060156"
            },
            {
                "lat": -0.5, "lng": 179.999_999, "status": "success", "quiet_score": 7,
                "listing_id": "c42fae65-4a42-4778-b3c0-e5595e6b3a51", "analyzed_at": "2026-01-15T10:30:06.001823"
            },
            {
                "lat": 40.7128, "lng": -74.006, "status": "success", "quiet_score": 65,
                "listing_id": "25c0a0c5-7ed8-4247-9df3-502d52653f75", "analyzed_at": "2026-01-15T10:30:07.943490"
            }
        ])
    );
    for (name, expected) in [
        ("status", "COMPLETED"),
        ("submitted_at", "2026-01-15T10:30:00.000000"),
        ("started_at", "2026-01-15T10:30:02.118490"),
        ("completed_at", "2026-01-15T10:30:07.943490"),
    ] {
        assert_eq!(report[name], expected, "{name}");
    }

    let open = service.get("/sessions/0VCHl6dZkGkoAEJo2ooIL5", HUM).await;
    assert_eq!(open.status, StatusCode::OK);
    let meta = &open.json()["meta"];
    assert_eq!(meta["service_address"], "29090 TIFFANY DRIVE E, SOUTHFIELD, MI 48034");
    assert_eq!(meta["updated_at"], "2026-01-15T10:30:06.437Z");
    assert_eq!(service.hum_code("0aMGiMifrAyGL6SlOo9StC").await, 410, "closed stays closed");

    let stats = || async { service.get("/v2/listings/stats", CALMYX).await.json() };
    let found = stats().await;
    assert_eq!((&found["total_listings"], &found["deletions_count"]), (&json!(listings), &json!(deletions)));
    let first = service.get("/v2/listing/quietness?lat=37.7749&lng=-122.4194", CALMYX).await.json();
    assert_eq!(first["response"]["listing_id"], report["results"][0]["listing_id"]);
    let sessions = service.get("/analytics/sessions", HUM).await.json();
    assert_eq!(sessions["meta"]["count"], 2);

    // What is written after it stands beside what was there.
    let session = service.calmyx_session(5).await;
    service.advance(60.0);
    assert_eq!(service.calmyx_status(&session).await["status"], "COMPLETED");
}
