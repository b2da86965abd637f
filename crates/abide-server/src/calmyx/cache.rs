//! The sessions that were asked for lately, kept ready in a bounded amount of memory.
//!
//! It may keep them because nothing of a session changes after its creation, and because no other server writes to the
//! same file. It is filled by status calls only.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use super::rendered::Rendered;

/// The most bytes that it keeps: about 1 300 sessions of 500 locations, or 50 000 of ten.
const BOUND: usize = 128 * 1024 * 1024;
/// What a session takes besides its own size: its id, and its place in a map.
const OVERHEAD: usize = 128;

/// Sessions by id, in two generations.
///
/// ```text
///  insert ──▶ young ──(half of the bound is reached)──▶ old ──(the next time)──▶ forgotten
///               ▲                                        │
///               └──────────────── asked for ─────────────┘
/// ```
///
/// What was asked for since the last change of generations is never forgotten at the next one. So the sessions that are
/// polled stay, as in a list by last use, without a list to maintain.
#[derive(Debug)]
pub(crate) struct Cache {
    generations: Mutex<Generations>,
}

impl Cache {
    pub(crate) fn new() -> Self {
        Self::bounded(BOUND)
    }

    fn bounded(bound: usize) -> Self {
        let generations = Generations { half: bound / 2, young: Generation::default(), old: HashMap::new() };
        Self { generations: Mutex::new(generations) }
    }

    pub(super) fn find(&self, session_id: &str) -> Option<Arc<Rendered>> {
        self.with(|generations| generations.find(session_id))
    }

    pub(super) fn insert(&self, session_id: String, rendered: Arc<Rendered>) {
        self.with(|generations| generations.insert(session_id, rendered));
    }

    fn with<T>(&self, act: impl FnOnce(&mut Generations) -> T) -> T {
        act(&mut self.generations.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[derive(Debug)]
struct Generations {
    /// How many bytes a generation may have.
    half: usize,
    young: Generation,
    old: HashMap<String, Arc<Rendered>>,
}

#[derive(Debug, Default)]
struct Generation {
    sessions: HashMap<String, Arc<Rendered>>,
    bytes: usize,
}

impl Generations {
    fn find(&mut self, session_id: &str) -> Option<Arc<Rendered>> {
        if let Some(rendered) = self.young.sessions.get(session_id) {
            return Some(Arc::clone(rendered));
        }
        let (session_id, rendered) = self.old.remove_entry(session_id)?;
        self.insert(session_id, Arc::clone(&rendered));
        Some(rendered)
    }

    fn insert(&mut self, session_id: String, rendered: Arc<Rendered>) {
        let size = rendered.size() + session_id.len() + OVERHEAD;
        if size > self.half {
            return;
        }
        if self.young.bytes + size > self.half {
            self.old = std::mem::take(&mut self.young).sessions;
        }
        if self.young.sessions.insert(session_id, rendered).is_none() {
            self.young.bytes += size;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::calmyx::timeline::tests::session;

    fn rendered(locations: u32) -> Arc<Rendered> {
        Arc::new(Rendered::of(&session(locations, 1, None, 1)).unwrap())
    }

    /// Room for that many sessions of one location with an id of one letter.
    fn cache_for(sessions: usize) -> Cache {
        Cache::bounded(sessions * (rendered(1).size() + 1 + OVERHEAD))
    }

    /// Capital letters are inserted, small ones are asked for; what is found afterwards.
    #[track_caller]
    fn check(room: usize, acts: &str, expected: &str) {
        let cache = cache_for(room);
        for act in acts.chars() {
            if act.is_uppercase() {
                cache.insert(act.to_string(), rendered(1));
            } else {
                assert!(cache.find(&act.to_uppercase().to_string()).is_some(), "{act} in {acts}");
            }
        }
        let generations = cache.generations.lock().unwrap();
        let mut kept: Vec<&str> =
            generations.young.sessions.keys().chain(generations.old.keys()).map(|id| &**id).collect();
        kept.sort_unstable();
        assert_eq!(kept.concat(), expected, "{acts}");
    }

    #[test]
    fn what_is_asked_for_stays() {
        check(4, "", "");
        check(4, "ABCD", "ABCD");
        check(4, "ABCDE", "CDE");
        check(4, "ABCaDE", "ACDE");
        check(4, "ABCaDaEaFaG", "AFG");
        check(4, "AAAAAAAB", "AB");
    }

    #[test]
    fn what_is_larger_than_half_of_it_is_not_kept() {
        let cache = cache_for(4);
        cache.insert("A".to_owned(), rendered(1));
        cache.insert("B".to_owned(), rendered(200));
        assert!(cache.find("A").is_some() && cache.find("B").is_none());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn it_never_grows_past_its_bound(acts in proptest::collection::vec((0_u32..40, 1_u32..60), 1..200)) {
            let bound = 60_000;
            let cache = Cache::bounded(bound);
            for (id, locations) in acts {
                let id = id.to_string();
                if cache.find(&id).is_none() {
                    cache.insert(id, rendered(locations));
                }
                let generations = cache.generations.lock().unwrap();
                let all = generations.young.sessions.iter().chain(&generations.old);
                let bytes: usize = all.map(|(id, rendered)| rendered.size() + id.len() + OVERHEAD).sum();
                prop_assert!(bytes <= bound, "{bytes}");
            }
        }
    }
}
