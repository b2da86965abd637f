//! Scripted clients for judging the judge: some do as the documents say, each in its own way, and each of the others has one
//! fault. With the feature `planted-clients`.
//!
//! They play every scenario in this process, on the clock of the Tokio runtime: where that is paused, a gap is exactly what it
//! was meant to be, and a minute takes no time.

mod client;
mod faults;
mod habits;
mod legal;
#[cfg(test)]
mod tests;

use std::io;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use tokio::time::timeout;

use self::client::Client;
use self::habits::{Fault, Habits};
use super::book::Book;
use super::scenario::Scenario;
use super::scenarios;
use super::stage::Stage;
use super::suite::{LISTENS, TOLERANCE};
use crate::catalogue::Api;
use crate::drive::{Run, micros};
use crate::judge::judge;
use crate::trace::{Fact, Header, Redactor, Source, Subject};

const CREDENTIAL: &str = "the-credential-of-the-scripted-client";

/// A requirement that a client with a fault breaks besides its own, and why that cannot be otherwise.
pub type Consequence = (&'static str, &'static str);

/// A scripted client.
#[derive(Clone, Debug)]
pub struct PlantedClient {
    name: String,
    api: Api,
    requirement: Option<&'static str>,
    also_breaks: &'static [Consequence],
    habits: Habits,
}

/// Every scripted client: those with a fault first, in the order of the requirements, then those without.
pub fn planted_clients() -> impl Iterator<Item = PlantedClient> {
    let faulty = Api::ALL.into_iter().flat_map(faults::clients);
    faulty.chain(Api::ALL.into_iter().flat_map(legal::clients))
}

impl PlantedClient {
    /// The requirement in lower case and what the client does, such as `hum-client-pace-hurries`; of a good one the API and
    /// what it is free to do.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The API that it speaks.
    pub const fn api(&self) -> Api {
        self.api
    }

    /// The requirement that it breaks; none where it keeps them all.
    pub const fn requirement(&self) -> Option<&'static str> {
        self.requirement
    }

    /// What else it breaks by that.
    pub const fn also_breaks(&self) -> &'static [Consequence] {
        self.also_breaks
    }

    /// Plays every scenario, side by side, and judges what the client did.
    ///
    /// # Errors
    /// When the trace cannot be made.
    pub async fn play(&self) -> io::Result<Run> {
        let mut header = Header::new(self.api, Subject::Client, Source::Driven, self.name.clone());
        header.tolerance = micros(TOLERANCE);
        let book = Arc::new(Book::begin(header, Redactor::default(), None)?);
        join_all(scenarios(self.api).into_iter().map(|scenario| perform(scenario, self.habits, &book))).await;
        let trace = book.close()?;
        Ok(Run { report: judge(&trace), trace })
    }
}

/// One scenario.
async fn perform(scenario: Scenario, habits: Habits, book: &Arc<Book>) {
    let case = scenario.name().to_owned();
    let stage = Stage::new(scenario, CREDENTIAL.to_owned(), 1, Arc::clone(book));
    let ended = timeout(LISTENS, Client::new(stage, habits).run()).await;
    let (stopped, outcome) = match ended {
        Ok(word) => (false, word.map(str::to_owned)),
        Err(_) => (true, None),
    };
    book.fact(Fact::ClientEnded { case, at: book.now(), outcome, exit: Some(0), stopped, why: None });
}

/// Whole seconds and tenths, for tables.
const fn tenths(tenths: u64) -> Duration {
    Duration::from_millis(tenths * 100)
}
