//! What is judged: one wrong, or right, server or client each.

use std::fmt;
use std::io;

use abide_conformance::Run;
use abide_conformance::catalogue::Api;
use abide_conformance::host::planted::{PlantedClient, planted_clients};
use abide_server::{Breakage, Bug, ServerError, Variation, bugs, variations};
use serde::Serialize;

use crate::server;

/// A requirement that is broken along with another one, and why that cannot be otherwise.
pub type Consequence = (&'static str, &'static str);

/// What is wrong, or legal, about the one that is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A server with a planted bug.
    Bug,
    /// A client with a fault.
    ClientFault,
    /// A server that takes a freedom.
    Variation,
    /// A client that takes a freedom.
    LegalClient,
    /// A server without fault, with random cases from a seed.
    GoodServer,
}

impl Kind {
    /// All of them, in the order in which they are judged and shown.
    pub const ALL: [Self; 5] = [Self::Bug, Self::ClientFault, Self::Variation, Self::LegalClient, Self::GoodServer];

    /// Whether something has to be found.
    pub const fn is_wrong(self) -> bool {
        matches!(self, Self::Bug | Self::ClientFault)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Bug => "planted bugs",
            Self::ClientFault => "faulty clients",
            Self::Variation => "legal variations",
            Self::LegalClient => "legal clients",
            Self::GoodServer => "the good server",
        })
    }
}

/// One server or client to be judged, and what has to be found.
#[derive(Debug)]
pub struct Trial {
    pub(crate) kind: Kind,
    pub(crate) name: String,
    pub(crate) api: Api,
    pub(crate) requirement: Option<&'static str>,
    pub(crate) also_breaks: &'static [Consequence],
    subject: Subject,
}

#[derive(Debug)]
enum Subject {
    Server {
        breakage: Box<Breakage>,
        seed: u64,
        cases: u32,
    },
    Client(PlantedClient),
    /// A server that cannot be broken, or be free, in that way, and why.
    Missing(String),
}

/// How much is tried with what is right.
#[derive(Clone, Copy, Debug)]
pub struct Thoroughness {
    /// How many seeds the good server is judged with, for each API.
    pub seeds: u64,
    /// How many random cases follow the fixed ones. Bugs get none: a bug that needs luck is a fixed case that is missing.
    pub cases: u32,
}

impl Default for Thoroughness {
    fn default() -> Self {
        Self { seeds: 50, cases: 10 }
    }
}

/// Everything there is to judge, by kind.
pub fn trials(thoroughness: Thoroughness) -> Vec<Trial> {
    let Thoroughness { seeds, cases } = thoroughness;
    let mut all: Vec<Trial> = bugs().map(Trial::of_bug).chain(planted_clients().map(Trial::of_client)).collect();
    for variation in variations() {
        let apis = Api::ALL.into_iter().filter(|api| variation.api().is_none_or(|own| own == server::side(*api)));
        all.extend(apis.map(|api| Trial::of_variation(variation, api, cases)));
    }
    for api in Api::ALL {
        all.extend((0..seeds).map(|seed| Trial::of_good_server(api, seed, cases)));
    }
    all.sort_by_key(|trial| trial.kind);
    all
}

impl Trial {
    /// Its name: of the bug, fault or variation.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether a word of the command line is about it: a part of its name, or the requirement that it breaks.
    pub fn matches(&self, word: &str) -> bool {
        self.name.contains(word) || self.requirement.is_some_and(|id| id.eq_ignore_ascii_case(word))
    }

    /// Whether its clock is that of the runtime. A server has a clock of its own, and a thread that the runtime must wait for.
    pub(crate) const fn is_paused(&self) -> bool {
        matches!(self.subject, Subject::Client(_))
    }

    /// Judges it.
    pub(crate) async fn run(&self) -> io::Result<Run> {
        match &self.subject {
            Subject::Server { breakage, seed, cases } => server::judged(self.api, breakage, *seed, *cases).await,
            Subject::Client(client) => client.play().await,
            Subject::Missing(why) => Err(io::Error::new(io::ErrorKind::NotFound, why.clone())),
        }
    }

    fn of_bug(bug: &'static Bug) -> Self {
        let api = Api::ALL.into_iter().find(|api| server::side(*api) == bug.api()).unwrap_or(Api::Calmyx);
        let breakage = Breakage::none().with_bug(bug.name());
        Self {
            requirement: Some(bug.requirement()),
            also_breaks: bug.also_breaks(),
            ..Self::of_server(Kind::Bug, bug.name().to_owned(), api, breakage, 1, 0)
        }
    }

    fn of_client(client: PlantedClient) -> Self {
        Self {
            kind: if client.requirement().is_some() { Kind::ClientFault } else { Kind::LegalClient },
            name: client.name().to_owned(),
            api: client.api(),
            requirement: client.requirement(),
            also_breaks: client.also_breaks(),
            subject: Subject::Client(client),
        }
    }

    fn of_variation(variation: &Variation, api: Api, cases: u32) -> Self {
        Self::of_variation_named(variation.name(), api, cases)
    }

    fn of_variation_named(name: &str, api: Api, cases: u32) -> Self {
        let breakage = Breakage::none().with_variation(name);
        Self::of_server(Kind::Variation, format!("{api}-server-{name}"), api, breakage, 1, cases)
    }

    fn of_good_server(api: Api, seed: u64, cases: u32) -> Self {
        let name = format!("{api}-server-seed-{seed}");
        Self::of_server(Kind::GoodServer, name, api, Ok(Breakage::none()), seed, cases)
    }

    fn of_server(
        kind: Kind,
        name: String,
        api: Api,
        breakage: Result<Breakage, ServerError>,
        seed: u64,
        cases: u32,
    ) -> Self {
        // What is not applied is not judged: the good server would pass in its name.
        let subject = match breakage {
            Ok(breakage) => Subject::Server { breakage: Box::new(breakage), seed, cases },
            Err(error) => Subject::Missing(error.to_string()),
        };
        Self { kind, name, api, requirement: None, also_breaks: &[], subject }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_freedom_that_the_server_does_not_have_fails() {
        let rows = crate::pool::run(&[Trial::of_variation_named("no-such-freedom", Api::Hum, 0)], 1, |_, _| {});
        let problems: Vec<&String> = rows.iter().flat_map(|row| &row.problems).collect();
        assert!(matches!(problems.as_slice(), [one] if one.contains("no-such-freedom")), "{problems:?}");
    }
}
