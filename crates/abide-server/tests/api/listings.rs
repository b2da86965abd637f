//! Listings: created by sessions and by scoring at once, counted, deleted, limited by the plan.

use abide_server::{Config, Plan, documented::calmyx as documented};
use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::service::{CALMYX, CALMYX_OTHER, Reply, Service, calmyx_body, config};

impl Service {
    fn on(plan: Plan) -> Self {
        Self::with(None, plan, 1)
    }

    async fn stats(&self) -> Value {
        self.get("/v2/listings/stats", CALMYX).await.json()
    }

    /// A finished session with that many locations: its listings, with the place of each.
    async fn listings(&self, locations: usize) -> Vec<(String, Value)> {
        let session = self.calmyx_session(locations).await;
        self.advance(60.0);
        let report = self.calmyx_status(&session).await;
        let items = report["results"].as_array().unwrap().iter();
        items.filter_map(|item| Some((item["listing_id"].as_str()?.to_owned(), item.clone()))).collect()
    }

    async fn quietness(&self, lat: &Value, lng: &Value) -> Reply {
        self.get(&format!("/v2/listing/quietness?lat={lat}&lng={lng}"), CALMYX).await
    }

    async fn delete_listing(&self, id: &str) -> Reply {
        self.delete(&format!("/v2/listings/{id}"), CALMYX).await
    }

    async fn delete_batch(&self, ids: &[&str]) -> Reply {
        self.post("/v2/listings/delete-batch", CALMYX, json!({ "listing_ids": ids }).to_string()).await
    }
}

#[tokio::test]
async fn what_a_session_created_is_fetched_counted_and_deleted() {
    let service = Service::on(Plan::Insight);
    let listings = service.listings(20).await;
    let count = listings.len();
    assert_eq!(service.stats().await["total_listings"], count);

    let (id, item) = &listings[3];
    let found = service.quietness(&item["lat"], &item["lng"]).await;
    assert_eq!(found.status, StatusCode::OK);
    let found = found.json();
    assert_eq!((&found["status"], &found["request"]["lat"]), (&json!("OK"), &item["lat"]));
    assert_eq!(
        (&found["response"]["listing_id"], &found["response"]["quiet_score"]),
        (&json!(id), &item["quiet_score"])
    );
    assert_eq!(found["response"]["created_at"], item["analyzed_at"]);

    let deleted = service.delete_listing(id).await;
    assert_eq!(deleted.status, StatusCode::OK);
    assert_eq!(
        deleted.json(),
        json!({
            "success": true, "message": "Listing deleted", "new_listing_count": count - 1, "deletions_used": 1,
            "deletions_max": 2000
        })
    );
    assert_eq!(service.delete_listing(id).await.status, StatusCode::NOT_FOUND, "once is enough");
    let stats = service.stats().await;
    assert_eq!((&stats["total_listings"], &stats["deletions_count"]), (&json!(count - 1), &json!(1)));

    let again = service.quietness(&item["lat"], &item["lng"]).await.json();
    assert_ne!(again["response"]["listing_id"], json!(id), "a deleted listing does not come back");
    assert_eq!(again["response"]["quiet_score"], item["quiet_score"]);
    assert_eq!(service.stats().await["total_listings"], count);
}

#[tokio::test]
async fn a_deletion_leaves_the_session_as_it_was() {
    let service = Service::new();
    let session = service.calmyx_session(5).await;
    service.advance(60.0);
    let before = service.calmyx_status(&session).await;
    for item in before["results"].as_array().unwrap() {
        if let Some(id) = item["listing_id"].as_str() {
            assert_eq!(service.delete_listing(id).await.status, StatusCode::OK);
        }
    }
    assert_eq!(service.calmyx_status(&session).await, before);
}

#[tokio::test]
async fn a_listing_exists_from_the_moment_its_location_is_scored() {
    let service = Service::on(Plan::Trial);
    let session = service.calmyx_session(40).await;
    for _ in 0..100 {
        service.advance(0.1);
        let report = service.calmyx_status(&session).await;
        let stats = service.stats().await;
        assert_eq!(stats["total_listings"], report["progress"]["successful"]);
        assert!(stats["remaining"].as_u64().unwrap() <= 62, "those to come are not free: {stats}");
    }
}

#[tokio::test]
async fn places_are_compared_at_six_decimals_and_deleted_one_at_a_time() {
    let service = Service::new();
    let place = "lat=30.0000004&lng=-120.5";
    let by_place = || service.delete("/v2/listings/by-coordinates?lat=29.9999996&lng=-120.5", CALMYX);
    assert_eq!(by_place().await.status, StatusCode::NOT_FOUND);
    let scored = service.get(&format!("/v2/listing/quietness?{place}"), CALMYX).await.json();
    assert_eq!(scored["request"], json!({ "lat": 30.000_000_4, "lng": -120.5 }), "as it was sent");
    service.listings(1).await;
    assert_eq!(service.stats().await["total_listings"], 2, "a session always creates listings of its own");
    assert_eq!(by_place().await.json()["new_listing_count"], 1);
    assert_eq!(by_place().await.json()["new_listing_count"], 0);
    assert_eq!(by_place().await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_batch_is_scored_in_its_order() {
    let service = Service::on(Plan::Trial);
    // The last ones find no room: 98 of the hundred listings are taken.
    let taken = service.listings(104).await.len();
    let locations = calmyx_body(20)["locations"].clone();
    let elsewhere: Vec<Value> = (0..20).map(|n| json!({ "lat": f64::from(n) / 7.0, "lng": 10 })).collect();
    let all: Vec<&Value> = locations.as_array().unwrap().iter().chain(&elsewhere).collect();
    let reply = service.post("/v2/listing/quietness", CALMYX, json!({ "listings": all }).to_string()).await;
    assert_eq!(reply.status, StatusCode::OK);
    let body = reply.json();
    let results = body["results"].as_array().unwrap();
    for (result, location) in results.iter().zip(&all) {
        assert_eq!(result["request"]["lat"].as_f64(), location["lat"].as_f64());
    }
    let failed: Vec<&Value> = results.iter().filter(|result| result["status"] == "failed").collect();
    for (number, result) in (1..).zip(&failed) {
        let id = result["id"].as_str().unwrap();
        assert!(id == format!("error_{number}") || id == format!("limit_reached_{number}"), "{id}");
        assert!(result["response"].is_null());
    }
    let successful = results.len() - failed.len();
    assert_eq!(body["summary"], json!({ "total": 40, "successful": successful, "failed": failed.len() }));
    let limited = failed.iter().filter(|result| result["id"].as_str().unwrap().starts_with("limit")).count();
    assert!(limited > 10, "{body}");
    assert!(results[..20].iter().all(|result| !result["id"].as_str().unwrap().starts_with("limit")), "they exist");
    let total = service.stats().await["total_listings"].as_u64().unwrap();
    assert_eq!(total, 100.min(taken as u64 + 20));
}

#[tokio::test]
async fn the_limit_of_listings_and_the_room_that_deletions_make() {
    let service = Service::on(Plan::Trial);
    let listings = service.listings(130).await;
    assert_eq!(listings.len(), 100);
    let stats = service.stats().await;
    assert_eq!(
        (&stats["is_at_limit"], &stats["remaining"], &stats["max_listings"]),
        (&json!(true), &json!(0), &json!(100))
    );

    let refused = service.quietness(&json!(1), &json!(2)).await;
    assert_eq!((refused.status, &refused.json()["error"]), (StatusCode::FORBIDDEN, &json!(documented::ERROR_LIMIT)));
    let existing = service.quietness(&listings[0].1["lat"], &listings[0].1["lng"]).await;
    assert_eq!(existing.status, StatusCode::OK, "what is there can be read");

    service.delete_listing(&listings[0].0).await;
    service.delete_listing(&listings[1].0).await;
    assert_eq!(service.listings(30).await.len(), 2, "as many as were deleted");
}

#[tokio::test]
async fn deletions_run_out_and_never_come_back() {
    let service = Service::on(Plan::Trial);
    let listings = service.listings(60).await;
    let ids: Vec<&str> = listings.iter().map(|(id, _)| id.as_str()).collect();
    assert_eq!(service.delete_batch(&ids[..15]).await.json()["deletions_used"], 15);
    let refused = service.delete_batch(&ids[15..21]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert_eq!(service.stats().await["deletions_remaining"], 5, "it was refused as a whole");
    let strangers = [&ids[..15], &ids[15..20], &["nope", ids[15]]].concat();
    let reply = service.delete_batch(&strangers).await.json();
    assert_eq!(
        (&reply["deleted_count"], &reply["deletions_max"]),
        (&json!(5), &json!(20)),
        "only what is there counts"
    );
    let stats = service.stats().await;
    assert_eq!((&stats["is_at_churn_limit"], &stats["deletions_remaining"]), (&json!(true), &json!(0)));

    service.advance(400.0 * 86_400.0);
    assert_eq!(service.delete_listing(ids[30]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(service.delete_listing(ids[0]).await.status, StatusCode::NOT_FOUND, "what is gone is gone");
    let at_place = format!("/v2/listings/by-coordinates?lat={}&lng={}", listings[30].1["lat"], listings[30].1["lng"]);
    assert_eq!(service.delete(&at_place, CALMYX).await.status, StatusCode::FORBIDDEN);
    let none = service.delete_batch(&["nope"]).await;
    assert_eq!((none.status, &none.json()["deleted_count"]), (StatusCode::OK, &json!(0)));
}

#[tokio::test]
async fn listings_of_another_key_are_unknown() {
    let service = Service::new();
    let (id, item) = service.listings(1).await.remove(0);
    let foreign = service.delete(&format!("/v2/listings/{id}"), CALMYX_OTHER).await;
    let unknown = service.delete("/v2/listings/a1b2c3d4-e5f6-4890-abcd-ef1234567890", CALMYX_OTHER).await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND);
    assert_eq!((&foreign.body, &foreign.headers), (&unknown.body, &unknown.headers));
    let batch = json!({ "listing_ids": [id] }).to_string();
    assert_eq!(service.post("/v2/listings/delete-batch", CALMYX_OTHER, batch).await.json()["deleted_count"], 0);
    let place = format!("lat={}&lng={}", item["lat"], item["lng"]);
    let at_place = service.delete(&format!("/v2/listings/by-coordinates?{place}"), CALMYX_OTHER).await;
    assert_eq!(at_place.status, StatusCode::NOT_FOUND);
    let own = service.get(&format!("/v2/listing/quietness?{place}"), CALMYX_OTHER).await.json();
    assert_ne!(own["response"]["listing_id"], json!(id), "each key has its own");
    assert_eq!(service.delete_listing(&id).await.status, StatusCode::OK);
}

#[tokio::test]
async fn usage_counts_scored_locations_by_the_month() {
    let service = Service::on(Plan::Insight);
    let usage = async || service.get("/v2/account/usage", CALMYX).await.json();
    let fresh = usage().await;
    assert_eq!(fresh["request"]["api_key"], CALMYX);
    assert_eq!(fresh["response"]["API Key Current Usage"], 0);
    let listings = service.listings(30).await.len();
    service.quietness(&json!(30), &json!(-120.5)).await;
    let used = usage().await;
    assert_eq!(
        used["response"],
        json!({
            "API Key Current Usage": 31, "API Key Max Plan Usage": 50_000, "Subscription Plan": "insight",
            "Active Listings Count": listings, "Active Listings Max": 10_000
        })
    );
    let stats = service.stats().await;
    assert_eq!((&stats["listings_today"], &stats["listings_this_month"]), (&json!(listings), &json!(listings)));

    service.advance(86_400.0);
    assert_eq!(service.stats().await["listings_today"], 0);
    service.advance(86_400.0 * 20.0);
    assert_eq!(usage().await["response"]["API Key Current Usage"], 0, "another month");
    let stats = service.stats().await;
    assert_eq!((&stats["listings_this_month"], &stats["total_listings"]), (&json!(0), &json!(listings)));
}

#[tokio::test]
async fn listings_and_deletions_outlive_the_process() {
    let folder = tempfile::tempdir().unwrap();
    let config = Config { plan: Plan::Trial, ..config(Some(&folder.path().join("sessions.db")), Plan::Trial, 1) };
    let (listings, stats) = {
        let service = Service::starting_after(0.0, &config);
        let listings = service.listings(10).await;
        service.delete_listing(&listings[0].0).await;
        (listings, service.stats().await)
    };
    let service = Service::starting_after(0.0, &config);
    assert_eq!(service.stats().await, stats);
    assert_eq!(service.delete_listing(&listings[0].0).await.status, StatusCode::NOT_FOUND);
    assert_eq!(service.delete_listing(&listings[1].0).await.json()["deletions_used"], 2);
}
