//! The clients without async, in real time against the fast reference server.

use std::num::NonZeroU32;
use std::time::Duration;

use abide_core::Options;
use abide_server::{Config, Credentials, Server};
use abide_watch::Event;
use abide_watch::blocking::Blocking;
use calmyx_client::types::Location;
use calmyx_client::{BaseUrl, Client, Credential, lifecycle};
use tokio::runtime::{Builder, Runtime};

const SPEED: NonZeroU32 = NonZeroU32::new(1000).unwrap();

/// A runtime that runs by itself, a server on it, and a client that has created a session.
fn session() -> (Runtime, Server, Client, String) {
    let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let credentials = Credentials::generate().unwrap();
    let listen = "127.0.0.1:0".parse().unwrap();
    let config = Config { listen, speed: SPEED, ..Config::local(credentials.clone()) };
    let server = runtime.block_on(Server::start(config)).unwrap();
    let base = BaseUrl::parse(&format!("http://{}", server.address())).unwrap();
    let client = Client::new(base, Credential::new(credentials.calmyx[0].as_str()).unwrap()).unwrap();
    let locations: Vec<Location> = (0..50).map(|index| Location { lat: f64::from(index), lng: 7.0 }).collect();
    let created = runtime.block_on(client.create_session(&locations)).unwrap();
    (runtime, server, client, created.session_id)
}

fn check(waiting: Blocking<calmyx_client::SessionSource>) {
    let mut waiting = waiting;
    let mut items = 0;
    for event in &mut waiting {
        if let Event::Items(new) = event {
            items += new.len();
        }
    }
    let outcome = waiting.completed().unwrap();
    assert_eq!((items, outcome.items), (50, 50));
}

#[test]
fn a_session_is_waited_for_on_a_plain_thread() {
    let (runtime, _server, client, id) = session();
    let watch = || {
        let options = Options::new(Duration::from_mins(1), 1);
        client.watch_with(id.as_str(), &lifecycle::LIFECYCLE.sped_up(SPEED), options).unwrap()
    };
    check(Blocking::on(watch(), runtime.handle().clone()).unwrap());
    check(Blocking::new(watch()).unwrap());
    runtime.block_on(async { check(Blocking::new(watch()).unwrap()) });
}
