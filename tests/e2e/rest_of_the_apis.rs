//! What lies beside the sessions: what goes over the wire, and what of the answers is shown.

use calmyx_client::types::{Allowance, Location};
use hum_client::{AnalyticsQuery, PathSegment};

use crate::scripted_server::{ScriptedServer, json};

fn example(path: &str) -> String {
    std::fs::read_to_string(format!("{}/../spec/{path}.json", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

#[tokio::test]
async fn listings_are_scored_and_deleted() {
    let place = Location { lat: 37.7749, lng: -122.4194 };
    let server = ScriptedServer::start(vec![json(200, &example("calmyx/examples/getQuietness/200-scored"))]).await;
    let reply = server.calmyx().quietness(place.clone()).await.unwrap();
    assert_eq!(reply.response.quiet_score, 72);
    assert_eq!(server.requests()[0].line, "GET /v2/listing/quietness?lat=37.7749&lng=-122.4194 HTTP/1.1");

    let server = ScriptedServer::start(vec![json(200, &example("calmyx/examples/deleteListing/200-deleted"))]).await;
    let id = PathSegment::new("a1b2/..").unwrap();
    assert!(server.calmyx().delete_listing(&id).await.unwrap().success);
    assert_eq!(server.requests()[0].line, "DELETE /v2/listings/a1b2%2F.. HTTP/1.1");
    server.calmyx().delete_listing_at(place).await.unwrap();
    assert_eq!(server.requests()[1].line, "DELETE /v2/listings/by-coordinates?lat=37.7749&lng=-122.4194 HTTP/1.1");
}

#[tokio::test]
async fn what_breaks_a_bound_of_a_listing_call_is_not_sent() {
    let server = ScriptedServer::start(vec![json(200, "{}")]).await;
    let client = server.calmyx();
    assert!(client.quietness(Location { lat: 91.0, lng: 0.0 }).await.unwrap_err().request().is_none());
    assert!(client.quietness_batch(&[]).await.unwrap_err().request().is_none());
    assert!(client.delete_listings(&[]).await.unwrap_err().request().is_none());
    assert!(client.delete_listings(&vec!["x".to_owned(); 101]).await.unwrap_err().request().is_none());
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn the_usage_has_keys_with_spaces_and_hides_the_key() {
    let server = ScriptedServer::start(vec![json(200, &example("calmyx/examples/getAccountUsage/200-insight"))]).await;
    let usage = server.calmyx().account_usage().await.unwrap();
    assert!(
        matches!(usage.response.api_key_max_plan_usage, Some(Allowance::Number(most)) if most.to_string() == "50000")
    );
    assert!(!format!("{usage:?}").contains("not-a-real-key"));
}

#[tokio::test]
async fn analytics_are_asked_for_with_every_filter() {
    let page = example("hum/examples/listAnalyticsSessions/200-page");
    let server = ScriptedServer::start(vec![json(200, &page)]).await;
    let query = AnalyticsQuery {
        page: Some(2),
        start_date: Some("2026-01-01".into()),
        end_date: None,
        token_ids: vec!["a".into(), "b".into()],
        with_clicks: Some(true),
    };
    let found = server.hum().analytics_sessions(&query).await.unwrap();
    assert_eq!(found.data.len(), 1);
    assert_eq!(
        server.requests()[0].line,
        "GET /analytics/sessions?page=2&start_date=2026-01-01&token_ids%5B%5D=a&token_ids%5B%5D=b&with_clicks=true HTTP/1.1"
    );
}
