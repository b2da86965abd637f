//! How far the agents of a session have come: a pure function of what was stored and of the moment of asking.
//!
//! At speed 1 geocoding settles after 2 to 4 s and internet after 5 to 9 s. What they find is invented, and the same
//! for the same address: of a hundred addresses about six are ambiguous, four unknown, and six more without a provider.

use std::time::Duration;

use serde::Serialize;

use super::Address;
use crate::{
    clock::Moment,
    noise::{mix, seed},
    scenario::{Agent, HumCourse, Outcome},
    store::HumSession,
};

const GEOCODING: (Duration, Duration) = (Duration::from_secs(2), Duration::from_secs(4));
const INTERNET: (Duration, Duration) = (Duration::from_secs(5), Duration::from_secs(9));
const PERCENT_MULTIPLE: u64 = 6;
const PERCENT_UNKNOWN: u64 = 4;
const PERCENT_WITHOUT_PROVIDER: u64 = 6;
const MOST_PROVIDERS: u64 = 4;

/// The agents at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lookup {
    pub(super) geocoding: Geocoding,
    pub(super) internet: Internet,
    /// When an agent last settled; the creation when none has.
    pub(super) updated_at: Moment,
}

/// ```text
///  Pending ──▶ Matched | Multiple | Failed   (HUM-AGENT-FINAL)
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Geocoding {
    Pending,
    Matched,
    /// Several places fit the address.
    Multiple,
    Failed,
}

/// ```text
///  Pending ──▶ Matched | Failed   (HUM-AGENT-FINAL)
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Internet {
    Pending,
    /// With that many providers, one at least.
    Matched(u64),
    Failed,
}

impl Lookup {
    pub(super) fn of(session: &HumSession, token: &str, now: Moment) -> Self {
        let (geocoding, internet) = outcomes(session);
        let seed = seed(&[b"lookup", token.as_bytes()]);
        let settles = |random, range| session.created_at.plus(between(random, range) / session.speed.get());
        let geocoded_at =
            scripted(session, |course| &course.geocoding).unwrap_or_else(|| settles(mix(seed, 0), GEOCODING));
        // There is nothing to look up where no single place was found.
        let looked_up_at = scripted(session, |course| &course.internet).unwrap_or_else(|| match geocoding {
            Geocoding::Matched => settles(mix(seed, 1), INTERNET).max(geocoded_at),
            Geocoding::Pending | Geocoding::Multiple | Geocoding::Failed => geocoded_at,
        });
        let geocoded = geocoded_at <= now;
        let looked_up = looked_up_at <= now;
        Self {
            geocoding: if geocoded { geocoding } else { Geocoding::Pending },
            internet: if looked_up { internet } else { Internet::Pending },
            updated_at: match (geocoded, looked_up) {
                (true, true) => looked_up_at.max(geocoded_at),
                (false, true) => looked_up_at,
                (true, false) => geocoded_at,
                (false, false) => session.created_at,
            },
        }
    }

    /// Whether something that was looked for was not found.
    pub(super) fn has_issues(&self) -> bool {
        matches!(self.geocoding, Geocoding::Multiple | Geocoding::Failed) || self.internet == Internet::Failed
    }
}

impl Internet {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Matched(_) => "matched",
            Self::Failed => "failed",
        }
    }
}

/// When the scenario has an agent settle, if it says so.
fn scripted(session: &HumSession, agent: fn(&HumCourse) -> &Agent) -> Option<Moment> {
    let agent = agent(session.scenario.as_ref()?);
    if agent.never {
        return Some(Moment::NEVER);
    }
    agent.settles_after().map(|after| session.created_at.plus(after / session.speed.get()))
}

/// What the agents will find, where the scenario does not say something else.
fn outcomes(session: &HumSession) -> (Geocoding, Internet) {
    let (found, served) = findings(&session.address);
    let Some(course) = &session.scenario else { return (found, served) };
    let geocoding = match course.geocoding.outcome {
        None => found,
        Some(Outcome::Matched) => Geocoding::Matched,
        Some(Outcome::Multiple) => Geocoding::Multiple,
        Some(Outcome::Failed) => Geocoding::Failed,
    };
    let internet = match (course.internet.outcome, served) {
        (None, _) | (Some(Outcome::Matched), Internet::Matched(_)) => served,
        (Some(Outcome::Matched), Internet::Pending | Internet::Failed) => Internet::Matched(MOST_PROVIDERS),
        (Some(Outcome::Multiple | Outcome::Failed), _) => Internet::Failed,
    };
    (geocoding, internet)
}

/// What the agents will find at an address.
fn findings(address: &Address) -> (Geocoding, Internet) {
    let seed = seed(&[b"agents", address.identity().as_bytes()]);
    let roll = mix(seed, 0) % 100;
    if address.is_blank() || roll < PERCENT_UNKNOWN {
        (Geocoding::Failed, Internet::Failed)
    } else if roll < PERCENT_UNKNOWN + PERCENT_MULTIPLE {
        (Geocoding::Multiple, Internet::Failed)
    } else if mix(seed, 1) % 100 < PERCENT_WITHOUT_PROVIDER {
        (Geocoding::Matched, Internet::Failed)
    } else {
        (Geocoding::Matched, Internet::Matched(1 + mix(seed, 2) % MOST_PROVIDERS))
    }
}

fn between(random: u64, (least, most): (Duration, Duration)) -> Duration {
    let spread = u64::try_from(most.saturating_sub(least).as_micros()).unwrap_or(u64::MAX);
    least + Duration::from_micros(random % spread.max(1))
}

#[cfg(test)]
pub(super) mod tests {
    use std::num::NonZeroU32;

    use proptest::prelude::*;

    use super::*;
    use crate::{credentials::Owner, hum::Life};

    pub(in crate::hum) fn session(street1: &str, speed: u32) -> HumSession {
        let created_at = Moment::from_micros(1_768_473_000_000_000);
        HumSession {
            owner: Owner([0; 32]),
            created_at,
            speed: NonZeroU32::new(speed).unwrap(),
            life: Life::begin(created_at),
            address: Address {
                street1: street1.to_owned(),
                street2: None,
                city: None,
                state: None,
                zip: Some("48034".to_owned()),
                latitude: None,
                longitude: None,
                campaign_id: None,
            },
            scenario: None,
        }
    }

    /// The first of the numbered streets at which that is found.
    pub(in crate::hum) fn session_with(geocoding: Geocoding, matched: bool) -> HumSession {
        (0..10_000)
            .map(|number| session(&format!("{number} Example St"), 1))
            .find(|session| {
                let found = findings(&session.address);
                found.0 == geocoding && matches!(found.1, Internet::Matched(_)) == matched
            })
            .unwrap()
    }

    #[test]
    fn findings_have_their_shares() {
        let all: Vec<_> = (0..5_000).map(|n| findings(&session(&format!("{n} Elm St"), 1).address)).collect();
        let share = |test: &dyn Fn(&(Geocoding, Internet)) -> bool| all.iter().filter(|found| test(found)).count() / 50;
        assert!((5..=7).contains(&share(&|found| found.0 == Geocoding::Multiple)));
        assert!((3..=5).contains(&share(&|found| found.0 == Geocoding::Failed)));
        assert!((4..=7).contains(&share(&|found| *found == (Geocoding::Matched, Internet::Failed))));
        for count in 1..=MOST_PROVIDERS {
            assert!(share(&|found| found.1 == Internet::Matched(count)) > 15, "{count} providers");
        }
    }

    /// Whoever tries the address that the documents use should see what they show.
    #[test]
    fn the_documented_address_is_served() {
        let mut session = session("29090 Tiffany Drive E", 1);
        session.address.city = Some("Southfield".to_owned());
        session.address.state = Some("MI".to_owned());
        assert_eq!(findings(&session.address), (Geocoding::Matched, Internet::Matched(3)));
    }

    #[test]
    fn a_blank_street_is_not_found() {
        assert_eq!(findings(&session("  ", 1).address), (Geocoding::Failed, Internet::Failed));
    }

    #[test]
    fn agents_settle_in_time() {
        for number in 0..200 {
            let token = format!("token{number}");
            let session = session_with(Geocoding::Matched, true);
            let at = |millis| Lookup::of(&session, &token, session.created_at.plus(Duration::from_millis(millis)));
            assert_eq!((at(0).geocoding, at(1_999).geocoding), (Geocoding::Pending, Geocoding::Pending));
            assert_eq!(at(4_000).geocoding, Geocoding::Matched);
            assert_eq!((at(0).internet, at(4_999).internet), (Internet::Pending, Internet::Pending));
            assert!(matches!(at(9_000).internet, Internet::Matched(1..=4)));
        }
    }

    proptest! {
        #[test]
        fn agents_never_go_back(
            street in ".{0,20}", token in "[a-z]{8}", speed in 1_u32..1000, mut times in [0_u64..12_000_000, 0_u64..12_000_000],
        ) {
            times.sort_unstable();
            let session = session(&street, speed);
            let [earlier, later] = times.map(|micros| {
                Lookup::of(&session, &token, session.created_at.plus(Duration::from_micros(micros) / speed))
            });
            prop_assert!(earlier.geocoding == Geocoding::Pending || earlier.geocoding == later.geocoding);
            prop_assert!(earlier.internet == Internet::Pending || earlier.internet == later.internet);
            prop_assert!(earlier.updated_at <= later.updated_at);
            prop_assert!(later.internet == Internet::Pending || later.geocoding != Geocoding::Pending);
        }
    }
}
