//! The server stopped and started again on the same database in the middle of a watch: the watch goes on and finishes.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::Path;
use std::time::Duration;

use abide_core::{End, Options};
use abide_server::{Config, Credentials, Server};
use calmyx_client::types::Location;
use calmyx_client::{BaseUrl, Client, Credential, lifecycle};

const SPEED: NonZeroU32 = NonZeroU32::new(20).unwrap();

async fn start(listen: SocketAddr, database: &Path, credentials: &Credentials) -> Server {
    let config =
        Config { listen, database: Some(database.to_owned()), speed: SPEED, ..Config::local(credentials.clone()) };
    Server::start(config).await.unwrap()
}

#[tokio::test]
async fn a_watch_outlives_a_restart_and_gives_each_result_once() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("sessions.db");
    let credentials = Credentials::generate().unwrap();
    let server = start("127.0.0.1:0".parse().unwrap(), &database, &credentials).await;
    let address = server.address();

    let base = BaseUrl::parse(&format!("http://{address}")).unwrap();
    let client = Client::new(base, Credential::new(credentials.calmyx[0].as_str()).unwrap()).unwrap();
    let locations: Vec<Location> =
        (0..200).map(|number| Location { lat: f64::from(number) / 10.0, lng: -70.0 }).collect();
    let created = client.create_session(&locations).await.unwrap();
    let options = Options::new(Duration::from_mins(1), 7);
    let mut watch = client.watch_with(created.session_id, &lifecycle::LIFECYCLE.sped_up(SPEED), options).unwrap();

    let mut running = Some(server);
    let mut delivered = 0;
    while let Some(event) = watch.next().await {
        if let abide_watch::Event::Items(items) = event {
            delivered += items.len();
            if let Some(server) = running.take() {
                assert!(delivered < 200, "stopped in the middle");
                server.shutdown().await.unwrap();
                let (database, credentials) = (database.clone(), credentials.clone());
                tokio::spawn(async move {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    let server = start(address, &database, &credentials).await;
                    server.run_until(std::future::pending::<()>()).await
                });
            }
        }
    }
    assert!(running.is_none(), "the server was stopped");
    let outcome = watch.outcome().await;
    assert!(matches!(outcome.end, End::Completed { .. } | End::CompletedWithFailures { .. }), "{outcome:?}");
    assert_eq!(delivered, 200);
}
