//! What lies beside the sessions, called through the typed clients on the reference server.

use std::num::NonZeroU32;
use std::time::{Duration, SystemTime};

use abide_server::{Config, Credentials, Plan, Server, ServerClock};
use calmyx_client::types::{Allowance, LocationResult};
use calmyx_client::{BaseUrl, Credential};
use hum_client::types::NewSession;
use hum_client::{AnalyticsQuery, PathSegment};

/// A server whose clock the test moves, and a client of each API.
struct Fixture {
    server: Server,
    clock: ServerClock,
    calmyx: calmyx_client::Client,
    hum: hum_client::Client,
}

impl Fixture {
    async fn start(change: impl FnOnce(&mut Config)) -> Self {
        let credentials = Credentials::generate().unwrap();
        let mut config = Config { plan: Plan::Trial, ..Config::local(credentials.clone()) };
        change(&mut config);
        let clock = ServerClock::manual(SystemTime::UNIX_EPOCH + Duration::from_hours(490_000));
        let server = Server::start_with_clock(config, clock.clone()).await.unwrap();
        let base = BaseUrl::parse(&format!("http://{}", server.address())).unwrap();
        let credential = |secret: &str| Credential::new(secret).unwrap();
        let calmyx = calmyx_client::Client::new(base.clone(), credential(&credentials.calmyx[0])).unwrap();
        let hum = hum_client::Client::new(base, credential(&credentials.hum[0])).unwrap();
        Self { server, clock, calmyx, hum }
    }

    /// The listings of a finished session with that many locations.
    async fn listings(&self, locations: u32) -> Vec<calmyx_client::types::ScoredLocation> {
        let locations: Vec<_> = (0..locations).map(|number| place(f64::from(number) / 10.0, -70.0)).collect();
        let created = self.calmyx.create_session(&locations).await.unwrap();
        self.clock.advance(Duration::from_mins(1));
        let status = self.calmyx.session_status(&created.session_id).await.unwrap();
        let scored = status
            .results
            .into_iter()
            .filter_map(|result| if let LocationResult::Success(scored) = result { Some(scored) } else { None });
        scored.collect()
    }
}

fn place(lat: f64, lng: f64) -> calmyx_client::types::Location {
    calmyx_client::types::Location { lat, lng }
}

#[tokio::test]
async fn listings_are_fetched_counted_and_deleted() {
    let fixture = Fixture::start(|_| {}).await;
    let calmyx = &fixture.calmyx;
    let listings = fixture.listings(30).await;
    let count = i64::try_from(listings.len()).unwrap();
    let first = &listings[0];

    let reply = calmyx.quietness(place(first.lat, first.lng)).await.unwrap();
    assert_eq!(
        (reply.response.listing_id.as_str(), reply.response.quiet_score),
        (first.listing_id.as_str(), first.quiet_score)
    );
    assert!(reply.response.quietness_level.is_some() && !reply.response.noise_sources.is_empty());

    let deleted = calmyx.delete_listing(&PathSegment::new(first.listing_id.as_str()).unwrap()).await.unwrap();
    assert_eq!((deleted.success, deleted.new_listing_count, deleted.deletions_max), (true, Some(count - 1), Some(20)));
    let again = calmyx.delete_listing(&PathSegment::new(first.listing_id.as_str()).unwrap()).await.unwrap_err();
    assert!(again.is_not_found());
    calmyx.delete_listing_at(place(listings[1].lat, listings[1].lng)).await.unwrap();
    assert!(calmyx.delete_listing_at(place(80.0, 80.0)).await.unwrap_err().is_not_found());

    let ids: Vec<String> = listings.iter().take(5).map(|listing| listing.listing_id.to_string()).collect();
    assert_eq!(calmyx.delete_listings(&ids).await.unwrap().deleted_count, Some(3), "two are gone already");
    let stats = calmyx.listing_stats().await.unwrap();
    assert_eq!((stats.total_listings, stats.max_listings, stats.deletions_count), (count - 5, 100, Some(5)));
    let usage = calmyx.account_usage().await.unwrap().response;
    assert!(matches!(usage.api_key_current_usage, Some(Allowance::Number(used)) if used.to_string() == "31"));
    assert_eq!(usage.subscription_plan.as_deref(), Some("trial"));
    fixture.server.shutdown().await.unwrap();
}

#[tokio::test]
async fn a_batch_says_what_became_of_each_location() {
    let fixture = Fixture::start(|_| {}).await;
    let locations: Vec<_> = (0..130).map(|number| place(f64::from(number) / 10.0, 20.0)).collect();
    let reply = fixture.calmyx.quietness_batch(&locations).await.unwrap();
    assert_eq!((reply.summary.total, reply.summary.successful), (130, 100));
    let limited = reply.results.iter().filter(|result| result.id.starts_with("limit_reached_"));
    assert!(limited.count() > 20);
    assert!(reply.results.iter().all(|result| result.response.is_some() == (result.status == "success")));
    let one_more = fixture.calmyx.quietness(place(1.5, 2.5)).await.unwrap_err();
    let request = one_more.request().unwrap();
    assert_eq!((request.status(), request.server_message()), (Some(403), Some("Listing limit reached")));
}

#[tokio::test]
async fn analytics_follow_a_session() {
    let fixture = Fixture::start(|_| {}).await;
    for number in 1..=60 {
        let session = NewSession {
            street1: format!("{number} Example St"),
            zip: Some("48034".to_owned()),
            ..serde_json::from_str(r#"{"street1": ""}"#).unwrap()
        };
        fixture.hum.create_session(&session).await.unwrap();
    }
    fixture.clock.advance(Duration::from_hours(1));
    let page = async |query: AnalyticsQuery| fixture.hum.analytics_sessions(&query).await.unwrap();
    assert_eq!(page(AnalyticsQuery::default()).await.data.len(), 50);
    assert_eq!(page(AnalyticsQuery { page: Some(2), ..AnalyticsQuery::default() }).await.data.len(), 10);
    let later = AnalyticsQuery { start_date: Some("2999-01-01".into()), ..AnalyticsQuery::default() };
    assert!(page(later).await.data.is_empty());
    let clicked = page(AnalyticsQuery { with_clicks: Some(true), ..AnalyticsQuery::default() }).await.data;
    let entry = clicked.iter().max_by_key(|entry| entry.furthest_step).unwrap();
    let detail = fixture.hum.analytics_session(&PathSegment::new(&entry.id).unwrap()).await.unwrap().data;
    assert_eq!(detail.cart_progression.len(), 3);
    assert_eq!(detail.cart_progression[2].step_name.as_deref(), Some("customer_info"));
    let foreign = AnalyticsQuery { token_ids: vec!["somebody-else".into()], ..AnalyticsQuery::default() };
    assert!(fixture.hum.analytics_sessions(&foreign).await.unwrap_err().is_denied());
}

/// The client's wait after 429 is long enough for the server.
#[tokio::test]
async fn what_is_pushed_back_is_welcome_after_retry_after() {
    let fixture = Fixture::start(|config| {
        config.rate_limit = "2/30".parse().ok();
        config.speed = NonZeroU32::MIN;
    })
    .await;
    fixture.calmyx.listing_stats().await.unwrap();
    fixture.clock.advance(Duration::from_millis(500));
    fixture.calmyx.listing_stats().await.unwrap();
    let error = fixture.calmyx.listing_stats().await.unwrap_err();
    let wait = error.request().unwrap().retry_after().unwrap();
    assert_eq!(wait, Duration::from_secs(30), "29.5 s, rounded up");
    fixture.clock.advance(wait);
    fixture.calmyx.listing_stats().await.unwrap();
}
