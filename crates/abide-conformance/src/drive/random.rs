//! Random cases: sequences of steps that nobody thought of, from a seed.

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::plan::{Access, Step};
use super::{addresses, locations};
use crate::catalogue::Api;

/// The most steps after the first creation.
const MOST_STEPS: usize = 8;

/// The case of that number; the same for the same seed. `may_age`: the server's clock can be moved.
pub(crate) fn case(api: Api, seed: u64, number: u32, may_age: bool) -> Vec<Step> {
    let mut bytes = [0; 32];
    let words = [seed, u64::from(number), api as u64, u64::from(may_age)];
    for (place, byte) in bytes.iter_mut().zip(words.iter().flat_map(|word| word.to_le_bytes())) {
        *place = byte;
    }
    let config = Config { failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    let steps = proptest::collection::vec(step(api, may_age), 1..=MOST_STEPS);
    let mut all = vec![Step::Create(1)];
    // Every strategy here can always make a value.
    if let Ok(tree) = (creation(api), steps).new_tree(&mut runner) {
        let (first, more) = tree.current();
        all = vec![first];
        all.extend(more);
    }
    all
}

fn step(api: Api, may_age: bool) -> BoxedStrategy<Step> {
    let session = 0_usize..4;
    let common = prop_oneof![
        3 => creation(api),
        8 => session.clone().prop_map(Step::Poll),
        2 => (session.clone(), access()).prop_map(|(session, access)| Step::PollAs(session, access)),
        1 => (0_usize..8).prop_map(Step::PollUnknown),
        1 => access().prop_filter("a session of another account would be left", |access| *access != Access::Second)
            .prop_map(Step::CreateAs),
        1 => refused(api),
        3 => (0_u32..400).prop_map(Step::Wait),
        2 => session.clone().prop_map(Step::ToTheEnd),
    ];
    match api {
        Api::Calmyx => prop_oneof![19 => common, 1 => Just(Step::PollWithoutId)].boxed(),
        Api::Hum => {
            let own = prop_oneof![
                3 => session.clone().prop_map(Step::Services),
                3 => session.clone().prop_map(Step::Close),
                1 => (session.clone(), access()).prop_map(|(session, access)| Step::CloseAs(session, access)),
                1 => (session, access()).prop_map(|(session, access)| Step::ServicesAs(session, access)),
                1 => (0_usize..8).prop_map(Step::CloseUnknown),
            ];
            if may_age {
                prop_oneof![6 => common, 3 => own, 2 => (1_u32..120).prop_map(Step::Age)].boxed()
            } else {
                prop_oneof![2 => common, 1 => own].boxed()
            }
        }
    }
}

fn creation(api: Api) -> BoxedStrategy<Step> {
    match api {
        Api::Calmyx => prop_oneof![
            4 => (1_usize..12).prop_map(Step::Create),
            1 => (12_usize..80).prop_map(Step::Create),
            1 => (8_usize..20).prop_map(Step::CreateEdges),
        ]
        .boxed(),
        Api::Hum => (0_usize..1000).prop_map(Step::Create).boxed(),
    }
}

fn refused(api: Api) -> BoxedStrategy<Step> {
    let bodies = match api {
        Api::Calmyx => locations::invalid(),
        Api::Hum => addresses::invalid(),
    };
    proptest::sample::select(bodies).prop_map(Step::CreateWith).boxed()
}

fn access() -> impl Strategy<Value = Access> + Clone {
    proptest::sample::select(vec![Access::None, Access::Wrong, Access::Second])
}

/// Shorter or simpler variants of a case, the shortest first.
pub(crate) fn simpler(steps: &[Step]) -> Vec<Vec<Step>> {
    let mut variants = Vec::new();
    // Halves first, then single steps from the end.
    if steps.len() > 3 {
        let half = steps.len() / 2;
        variants.push(steps.iter().take(half).cloned().collect());
        variants.push(steps.iter().take(1).chain(steps.iter().skip(half)).cloned().collect());
    }
    for leave_out in (0..steps.len()).rev() {
        let kept = steps.iter().enumerate().filter(|(place, _)| *place != leave_out);
        variants.push(kept.map(|(_, step)| step.clone()).collect());
    }
    variants.extend((0..steps.len()).filter_map(|place| without_the_wait(steps, place)));
    for (place, step) in steps.iter().enumerate() {
        for simple in simpler_step(step) {
            let mut variant = steps.to_vec();
            if let Some(changed) = variant.get_mut(place) {
                *changed = simple;
                variants.push(variant);
            }
        }
    }
    variants.retain(|variant| !variant.is_empty());
    variants
}

/// Where a wait comes before a look, the same in one step: looking all the while.
fn without_the_wait(steps: &[Step], place: usize) -> Option<Vec<Step>> {
    let (Step::Wait(_), Step::Poll(session)) = (steps.get(place)?, steps.get(place + 1)?) else { return None };
    let mut variant = steps.to_vec();
    variant.splice(place..=place + 1, [Step::ToTheEnd(*session)]);
    Some(variant)
}

fn simpler_step(step: &Step) -> Vec<Step> {
    match step {
        // A number beyond the last session wraps around, so the first one is as good as any where there is but one.
        Step::Poll(1..) => vec![Step::Poll(0)],
        Step::PollAs(1.., access) => vec![Step::PollAs(0, *access)],
        Step::Services(1..) => vec![Step::Services(0)],
        Step::ServicesAs(1.., access) => vec![Step::ServicesAs(0, *access)],
        Step::Close(1..) => vec![Step::Close(0)],
        Step::CloseAs(1.., access) => vec![Step::CloseAs(0, *access)],
        Step::ToTheEnd(session @ 1..) => vec![Step::ToTheEnd(0), Step::Poll(*session)],
        Step::Create(count) if *count > 2 => vec![Step::Create(1), Step::Create(count / 2)],
        Step::Create(2) => vec![Step::Create(1)],
        Step::CreateEdges(_) => vec![Step::Create(1), Step::Create(2)],
        Step::Wait(milliseconds) if *milliseconds > 10 => vec![Step::Wait(milliseconds / 2)],
        Step::ToTheEnd(session) => vec![Step::Poll(*session)],
        Step::Create(_)
        | Step::Wait(_)
        | Step::CreateWith(_)
        | Step::CreateAs(_)
        | Step::Poll(_)
        | Step::PollAs(..)
        | Step::PollUnknown(_)
        | Step::PollWithoutId
        | Step::Services(_)
        | Step::ServicesAs(..)
        | Step::Close(_)
        | Step::CloseAs(..)
        | Step::CloseUnknown(_)
        | Step::Age(_)
        | Step::Burst(_) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_is_the_same_case() {
        for api in Api::ALL {
            let cases: Vec<_> = (0..50).map(|number| case(api, 7, number, true)).collect();
            assert_eq!(cases, (0..50).map(|number| case(api, 7, number, true)).collect::<Vec<_>>());
            assert_ne!(cases, (0..50).map(|number| case(api, 8, number, true)).collect::<Vec<_>>());
            assert!(cases.iter().all(|case| matches!(case[0], Step::Create(_) | Step::CreateEdges(_))));
        }
    }

    #[test]
    fn no_variant_is_longer_and_there_is_an_end() {
        for api in Api::ALL {
            let mut steps = case(api, 1, 1, true);
            let mut rounds = 0;
            loop {
                let variants = simpler(&steps);
                assert!(variants.iter().all(|variant| variant.len() <= steps.len() && *variant != steps));
                // The last one is the one that is changed least.
                let Some(last) = variants.into_iter().next_back() else { break };
                steps = last;
                rounds += 1;
                assert!(rounds < 200, "{steps:?}");
            }
        }
    }

    #[test]
    fn what_waits_and_looks_can_look_all_the_while() {
        let steps = [Step::Create(1), Step::Wait(300), Step::Poll(0)];
        assert!(simpler(&steps).contains(&vec![Step::Create(1), Step::ToTheEnd(0)]));
    }
}
