//! The judge of clients, judged: clients that do as the documents say, each in its own way, and clients with one fault each.
//!
//! They play every scenario in this process on virtual time, so that a gap is exactly what it was meant to be and a minute
//! takes no time.

mod client;
mod faults;
mod habits;
mod legal;

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::timeout;

use self::client::Client;
use self::habits::Habits;
use super::book::Book;
use super::scenarios;
use super::stage::Stage;
use super::suite::{LISTENS, TOLERANCE};
use crate::catalogue::Api;
use crate::drive::{Run, micros};
use crate::judge::judge;
use crate::trace::{Fact, Header, Redactor, Source, Subject};

const CREDENTIAL: &str = "the-credential-of-the-scripted-client";

/// What a client with these habits comes to over every scenario.
async fn play(api: Api, habits: Habits) -> Run {
    let mut header = Header::new(api, Subject::Client, Source::Driven, "scripted");
    header.tolerance = micros(TOLERANCE);
    let book = Arc::new(Book::begin(header, Redactor::default(), None).unwrap());
    let mut running = JoinSet::new();
    for scenario in scenarios(api) {
        let case = scenario.name().to_owned();
        let stage = Stage::new(scenario, CREDENTIAL.to_owned(), 1, Arc::clone(&book));
        let book = Arc::clone(&book);
        running.spawn(async move {
            let ended = timeout(LISTENS, Client::new(stage, habits).run()).await;
            let (stopped, outcome) = match ended {
                Ok(word) => (false, word.map(str::to_owned)),
                Err(_) => (true, None),
            };
            book.fact(Fact::ClientEnded { case, at: book.now(), outcome, exit: Some(0), stopped, why: None });
        });
    }
    while let Some(ended) = running.join_next().await {
        ended.unwrap();
    }
    let trace = book.close().unwrap();
    Run { report: judge(&trace), trace }
}

/// Whole seconds and tenths, for tables.
const fn tenths(tenths: u64) -> Duration {
    Duration::from_millis(tenths * 100)
}
