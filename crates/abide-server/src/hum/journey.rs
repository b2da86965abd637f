//! What became of a session after its providers were shown: how far somebody came on the way to an order.
//!
//! Nobody orders from this server. What is told here is invented and derives from the session alone, so that analytics
//! have something to show: of five sessions with providers about one has no click, three stop somewhere, and one ends
//! in an order.

use std::time::Duration;

use super::lookup::{Internet, Lookup};
use crate::{
    clock::Moment,
    documented::hum::CART_STEPS,
    noise::{mix, seed},
    store::HumSession,
};

/// Between two steps, and between the last one and the order: at least this, and less than twice this.
const PAUSE: Duration = Duration::from_mins(1);
const UNTIL_INSTALLED: Duration = Duration::from_hours(72);
const COMMISSION_CENTS: u64 = 5_000;

/// As far as it has come at some moment.
#[derive(Debug, PartialEq)]
pub(super) struct Journey {
    pub(super) steps: Vec<Step>,
    pub(super) order: Option<Order>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Step {
    /// From 1.
    pub(super) number: u64,
    pub(super) name: &'static str,
    pub(super) at: Moment,
}

#[derive(Debug, PartialEq)]
pub(super) struct Order {
    pub(super) number: String,
    pub(super) at: Moment,
    pub(super) installed_at: Option<Moment>,
    pub(super) commission_cents: u64,
}

impl Journey {
    pub(super) fn of(session: &HumSession, token: &str, now: Moment) -> Self {
        let seed = seed(&[b"journey", token.as_bytes()]);
        let mut at = session.created_at;
        let mut next = |index| {
            at = at.plus((PAUSE + PAUSE.mul_f64(part(mix(seed, index)))) / session.speed.get());
            at
        };
        let far = usize::try_from(mix(seed, 0) % (CART_STEPS.len() as u64 + 2)).unwrap_or_default();
        let steps: Vec<Step> =
            (1..).zip(CART_STEPS).take(far).map(|(number, name)| Step { number, name, at: next(number) }).collect();
        let ordered_at = (far > CART_STEPS.len()).then(|| next(far as u64));

        let has_providers = |step: &Step| matches!(Lookup::of(session, token, step.at).internet, Internet::Matched(_));
        if !steps.first().is_some_and(has_providers) {
            return Self { steps: Vec::new(), order: None };
        }
        let installed_at = |at: Moment| Some(at.plus(UNTIL_INSTALLED / session.speed.get())).filter(|at| *at <= now);
        Self {
            steps: steps.into_iter().filter(|step| step.at <= now).collect(),
            order: ordered_at.filter(|at| *at <= now).map(|at| Order {
                number: order_number(mix(seed, 9)),
                at,
                installed_at: installed_at(at),
                commission_cents: COMMISSION_CENTS,
            }),
        }
    }
}

/// Eight letters and digits, as the documents show them.
fn order_number(random: u64) -> String {
    format!("HUM-{:08X}", random & 0xFFFF_FFFF)
}

/// From 0 up to, and not including, 1.
#[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
fn part(random: u64) -> f64 {
    (random >> 11) as f64 / (1_u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hum::lookup::{Geocoding, tests::session_with};

    const DAY: Duration = Duration::from_hours(24);

    /// The journeys of many sessions with providers, after that long.
    fn journeys(after: Duration) -> Vec<Journey> {
        let session = session_with(Geocoding::Matched, true);
        (0..500).map(|n| Journey::of(&session, &format!("token-{n}"), session.created_at.plus(after))).collect()
    }

    #[test]
    fn some_end_in_an_order_and_some_never_begin() {
        let late = journeys(DAY);
        for length in 0..=3 {
            let count = late.iter().filter(|journey| journey.steps.len() == length && journey.order.is_none()).count();
            assert!((60..140).contains(&count), "{count} of length {length}");
        }
        let ordered: Vec<&Order> = late.iter().filter_map(|journey| journey.order.as_ref()).collect();
        assert!((60..140).contains(&ordered.len()));
        assert!(ordered.iter().all(|order| order.number.len() == 12 && order.installed_at.is_none()));
        let installed = journeys(DAY * 4);
        assert!(
            installed.iter().filter_map(|journey| journey.order.as_ref()).all(|order| order.installed_at.is_some())
        );
    }

    #[test]
    fn it_only_goes_on() {
        let mut before = journeys(Duration::ZERO);
        assert!(before.iter().all(|journey| journey.steps.is_empty() && journey.order.is_none()));
        for minutes in 1..12 {
            let after = journeys(Duration::from_mins(minutes));
            for (before, after) in before.iter().zip(&after) {
                assert!(after.steps.starts_with(&before.steps));
                assert!(before.order.is_none() || before.order == after.order);
                assert!(after.order.is_none() || after.steps.len() == CART_STEPS.len());
                assert!(after.steps.is_sorted_by_key(|step| step.at));
            }
            before = after;
        }
    }

    #[test]
    fn without_providers_there_is_nothing_to_click() {
        let session = session_with(Geocoding::Failed, false);
        for n in 0..50 {
            let journey = Journey::of(&session, &format!("token-{n}"), session.created_at.plus(DAY));
            assert_eq!(journey, Journey { steps: Vec::new(), order: None });
        }
    }
}
