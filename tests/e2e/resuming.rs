//! Waits that are written down and gone on with, over real sockets: nothing twice, nothing lost, and no secret in the text.

use std::collections::BTreeSet;
use std::time::Duration;

use abide_core::{Options, Tick};
use abide_watch::{Clock, Event, Resume};
use calmyx_client::types::{Location, LocationResult};
use hum_client::types::NewSession;

use crate::virtual_time::VirtualTime;

const SECOND: Duration = Duration::from_secs(1);

fn options() -> Options {
    Options::new(SECOND * 3600, 1)
}

#[test]
fn each_result_is_given_once_across_many_processes() {
    let time = VirtualTime::new();
    let server = time.reference();
    let client = server.calmyx();
    let locations: Vec<Location> = (0..300).map(|index| Location { lat: f64::from(index) / 10.0, lng: 7.0 }).collect();
    let id = time.real(client.create_session(&locations)).unwrap().session_id;
    let lifecycle = &calmyx_client::lifecycle::LIFECYCLE;

    let (mut given, mut twice) = (BTreeSet::new(), 0);
    let mut keep = |event: &Event<LocationResult, calmyx_client::Error>| {
        if let Event::Items(items) = event {
            twice += items.iter().filter(|item| !given.insert(format!("{item:?}"))).count();
        }
    };
    let mut text = time.watch(client.session_source(id.clone()), lifecycle, options()).stop().to_json();
    let (mut processes, mut outcome) = (0, None);
    while outcome.is_none() {
        // Another process each time: all that it gets is the text and the id.
        let kept = Resume::from_json(&text).unwrap();
        let mut watch = time.resume(client.session_source(id.clone()), lifecycle, options(), &kept);
        let until = time.clock.now() + SECOND * 7;
        time.run(async {
            while let Some(event) = watch.next().await {
                keep(&event);
                if time.clock.now() >= until {
                    break;
                }
            }
        });
        text = watch.kept().to_json();
        for secret in [id.as_str(), server.calmyx_key(), "quiet", "sess_"] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
        outcome = watch.into_outcome();
        processes += 1;
        assert!(processes < 100, "it never ends");
    }
    let outcome = outcome.unwrap();
    assert!(processes > 2 && outcome.end.is_final(), "{processes} processes, {:?}", outcome.end);
    assert_eq!((given.len(), twice, outcome.items), (300, 0, 300));
    assert_eq!(outcome.replies.values().sum::<u32>(), outcome.polls);
    assert!(time.clock.now() > Tick::ZERO);
}

#[test]
fn a_hum_wait_goes_on_and_its_token_is_in_no_text() {
    let time = VirtualTime::new();
    let server = time.reference();
    let client = server.hum();
    let address = NewSession { zip: Some("48034".into()), ..hum_client::address("29090 Tiffany Drive E") };
    let token = time.real(client.create_session(&address)).unwrap().token;
    let lifecycle = &hum_client::lifecycle::LIFECYCLE;
    let mut watch = time.watch(client.session_source(token.clone()), lifecycle, options());
    assert!(time.run(watch.next()).is_some());
    let text = watch.stop().to_json();
    let hex: String = token.as_str().bytes().map(|byte| format!("{byte:02x}")).collect();
    for secret in [token.as_str(), hex.as_str(), server.hum_token(), "Tiffany"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }

    let kept = Resume::from_json(&text).unwrap();
    let outcome = time.play(time.resume(client.session_source(token), lifecycle, options(), &kept)).outcome;
    assert!(outcome.into_result().is_ok());
}

/// The same id under another address is another session.
#[test]
fn a_value_is_bound_to_its_host() {
    let time = VirtualTime::new();
    let (here, there) = (time.reference(), time.reference());
    let kept = here.calmyx().watch("sess_1").unwrap().stop();
    assert!(here.calmyx().resume_watch("sess_1", &kept).is_ok());
    assert!(here.calmyx().resume_watch("sess_2", &kept).unwrap_err().is_other_session());
    assert!(there.calmyx().resume_watch("sess_1", &kept).unwrap_err().is_other_session());
}
