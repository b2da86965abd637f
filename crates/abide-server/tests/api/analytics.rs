//! What became of Hum sessions: pages, filters, details, and nothing of anybody else's.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::service::{HUM, HUM_OTHER, Service, hum_body};

const LIST: &str = "/analytics/sessions";
/// The beginning of the SHA-256 of `hum-token-1`.
const OWN_TOKEN_ID: &str = "78428b53e6c53051";

impl Service {
    async fn list(&self, query: &str) -> Value {
        let reply = self.get(&format!("{LIST}{query}"), HUM).await;
        assert_eq!(reply.status, StatusCode::OK, "{query}: {:?}", reply.body);
        reply.json()
    }
}

fn ids(page: &Value) -> Vec<String> {
    page["data"].as_array().unwrap().iter().map(|entry| entry["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn no_sessions_are_one_empty_page() {
    let page = Service::new().list("").await;
    assert_eq!((&page["data"], &page["request_status"]), (&json!([]), &json!("ok")));
    assert_eq!(page["meta"], json!({ "responded_at": "2026-01-15T10:30:00.000Z", "page": 1, "pages": 1, "count": 0 }));
}

#[tokio::test]
async fn fifty_a_page_the_newest_first() {
    let service = Service::new();
    for _ in 0..120 {
        service.hum_session().await;
        service.advance(1.0);
    }
    let pages = [service.list("").await, service.list("?page=2").await, service.list("?page=3").await];
    assert_eq!(pages.each_ref().map(|page| ids(page).len()), [50, 50, 20]);
    assert_eq!(service.list("?page=4").await["data"], json!([]));
    assert_eq!(
        (&pages[2]["meta"]["page"], &pages[2]["meta"]["pages"], &pages[2]["meta"]["count"]),
        (&json!(3), &json!(3), &json!(120))
    );
    let entries = || pages.iter().flat_map(|page| page["data"].as_array().unwrap());
    let times: Vec<&str> = entries().map(|entry| entry["created_at"].as_str().unwrap()).collect();
    assert!(times.is_sorted_by(|one, next| one > next), "each once");
    assert_eq!(service.list("?page=9223372036854775807").await["data"], json!([]));
}

#[tokio::test]
async fn an_entry_and_its_details() {
    let service = Service::new();
    let mut body = hum_body();
    body["campaign_id"] = json!("spring");
    let created = service.post("/sessions", HUM, body.to_string()).await.json();
    let token = created["meta"]["session_token"].as_str().unwrap();
    let page = service.list("").await;
    let entry = &page["data"][0];
    assert_ne!(entry["id"], json!(token), "an id opens nothing");
    assert_eq!((&entry["campaign_id"], &entry["address"]["zip"]), (&json!("spring"), &json!("48034")));
    assert_eq!(
        (&entry["furthest_step"], &entry["order_number"], &entry["installed"]),
        (&json!(0), &Value::Null, &Value::Null)
    );
    assert!(entry.get("cart_progression").is_none());

    let path = format!("{LIST}/{}", ids(&page)[0]);
    let detail = service.get(&path, HUM).await.json();
    assert_eq!((&detail["data"]["id"], &detail["data"]["cart_progression"]), (&entry["id"], &json!([])));
    service.delete(&format!("/sessions/{token}"), HUM).await;
    assert_eq!(service.get(&path, HUM).await.status, StatusCode::OK, "it outlives the session");

    let foreign = service.get(&path, HUM_OTHER).await;
    let unknown = service.get(&format!("{LIST}/a1b2c3d4-e5f6-4890-abcd-ef1234567890"), HUM_OTHER).await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND);
    assert_eq!((&foreign.body, &foreign.headers), (&unknown.body, &unknown.headers));
    let token_as_id = service.get(&format!("{LIST}/{token}"), HUM).await;
    assert_eq!(token_as_id.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn some_click_and_some_order() {
    let service = Service::new();
    for _ in 0..40 {
        service.hum_session().await;
    }
    assert_eq!(service.list("?with_clicks=true").await["meta"]["count"], 0, "nobody is that fast");
    service.advance(3600.0);
    let clicked = service.list("?with_clicks=true").await;
    let all = service.list("?with_clicks=false").await;
    let count = |page: &Value| page["meta"]["count"].as_u64().unwrap();
    assert!((10..40).contains(&count(&clicked)) && count(&all) == 40, "{} of {}", count(&clicked), count(&all));
    assert!(clicked["data"].as_array().unwrap().iter().all(|entry| entry["furthest_step"] != 0));

    let entries = all["data"].as_array().unwrap();
    let ordered = entries.iter().find(|entry| entry["order_number"].is_string()).unwrap();
    assert_eq!((&ordered["installed"], &ordered["furthest_step"]), (&json!(false), &json!(3)));
    let path = format!("{LIST}/{}", ordered["id"].as_str().unwrap());
    service.advance(86_400.0 * 4.0);
    let detail = service.get(&path, HUM).await.json()["data"].clone();
    assert_eq!((&detail["installed"], &detail["order"]["order_number"]), (&json!(true), &ordered["order_number"]));
    let times: Vec<&str> =
        detail["cart_progression"].as_array().unwrap().iter().map(|step| step["timestamp"].as_str().unwrap()).collect();
    let all_times = [
        &[detail["created_at"].as_str().unwrap()],
        &times[..],
        &[detail["ordered_at"].as_str().unwrap(), detail["installed_at"].as_str().unwrap()],
    ]
    .concat();
    assert!(all_times.is_sorted(), "{all_times:?}");
}

#[tokio::test]
async fn days_and_token_ids() {
    let service = Service::new();
    for _ in 0..3 {
        service.hum_session().await;
        service.advance(86_400.0);
    }
    for (query, expected) in [
        ("?start_date=2026-01-16", 2),
        ("?end_date=2026-01-16", 2),
        ("?start_date=2026-01-16&end_date=2026-01-16", 1),
        ("?start_date=2026-01-18", 0),
        ("?start_date=2026-01-17&end_date=2026-01-15", 0),
        (&format!("?token_ids%5B%5D={OWN_TOKEN_ID}"), 3),
        (&format!("?token_ids[]={OWN_TOKEN_ID}&token_ids[]={OWN_TOKEN_ID}"), 3),
    ] {
        assert_eq!(service.list(query).await["meta"]["count"], expected, "{query}");
    }
    for (query, status) in [
        ("?token_ids[]=nope", 403),
        (&*format!("?token_ids[]={OWN_TOKEN_ID}&token_ids[]=nope"), 403),
        ("?page=0", 400),
        ("?page=1&page=2", 400),
        ("?start_date=yesterday", 400),
        ("?with_clicks=1", 400),
    ] {
        let reply = service.get(&format!("{LIST}{query}"), HUM).await;
        assert_eq!((reply.status.as_u16(), &reply.json()["request_status"]), (status, &json!("error")), "{query}");
    }
    assert_eq!(service.get(LIST, HUM_OTHER).await.json()["meta"]["count"], 0, "another token has sessions of its own");
    assert_eq!(service.get(LIST, "Bearer nobody").await.status, StatusCode::UNAUTHORIZED);
}
