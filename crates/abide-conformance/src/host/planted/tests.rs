//! What must hold of the scripted clients without judging them all: that is what the kill matrix does.

use std::collections::HashSet;

use super::planted_clients;
use crate::catalogue::{Api, Binds, Requirement};
use crate::judge;
use crate::report::{Verdict, Whole, text};

#[test]
fn every_requirement_has_a_fault_and_every_name_is_its_own() {
    for api in Api::ALL {
        let of_clients = api.requirements().iter().filter(|requirement| requirement.binds == Binds::Client);
        for Requirement { id, .. } in of_clients {
            assert!(planted_clients().any(|client| client.requirement() == Some(*id)), "{id}");
        }
    }
    let mut names = HashSet::new();
    for client in planted_clients() {
        assert!(names.insert(client.name().to_owned()), "{} is there twice", client.name());
        assert!(client.also_breaks().iter().all(|(id, _)| client.api().requirement(id).is_some()), "{}", client.name());
    }
}

async fn check(name: &str, whole: Whole) {
    let client = planted_clients().find(|client| client.name() == name).unwrap();
    let run = client.play().await.unwrap();
    let report = &run.report;
    assert_eq!(report.verdict, whole, "{}", text(report));
    assert_eq!(judge(&run.trace), *report);
    match client.requirement() {
        Some(id) => assert_eq!(report.requirement(id).unwrap().verdict, Verdict::Failed, "{}", text(report)),
        None => {
            assert_eq!(report.with(Verdict::Passed).count(), report.requirements.len(), "{}", text(report));
            let last = run.trace.exchanges.last().unwrap().sent;
            assert!(last <= 65_000_000, "a call after {last} µs");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn good_ones_pass_and_faulty_ones_fail() {
    check("calmyx-client-usual", Whole::Conformant).await;
    check("hum-client-closes", Whole::Conformant).await;
    check("cal-client-stop-keeps-asking", Whole::NotConformant).await;
    check("hum-client-cap-ignores-the-cap", Whole::NotConformant).await;
}
