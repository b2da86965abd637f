//! Documents of every kind, as many as one likes, and how many of each kind the decoders took.

use std::collections::BTreeMap;
use std::fmt::Debug;

use calmyx_client::types::{LocationResult, Progress, SessionStatus};
use hum_client::types::{Provider, SessionReply};

use crate::document::{Style, document};
use crate::mutation::mutate;
use crate::random::Random;
use crate::schema::{CALMYX_STATUS, HUM_REPLY, Kind, LOCATION_RESULT, PROVIDER};
use crate::verdict::{Root, Verdict, check};
use crate::{corpus, growing};

/// How many of each verdict there were, by what was read.
#[derive(Default)]
struct Tally(BTreeMap<&'static str, BTreeMap<String, u64>>);

impl Tally {
    fn add(&mut self, kind: &'static str, verdict: impl Debug) {
        *self.0.entry(kind).or_default().entry(format!("{verdict:?}")).or_default() += 1;
    }

    fn print(&self) {
        for (kind, verdicts) in &self.0 {
            let all: u64 = verdicts.values().sum();
            let shares: Vec<String> = verdicts
                .iter()
                .map(|(verdict, count)| format!("{verdict} {count} ({:.1} %)", percent(*count, all)))
                .collect();
            println!("{kind:<28}{all:>10}   {}", shares.join(", "));
        }
    }

    fn share(&self, kind: &str, verdict: Verdict) -> f64 {
        let verdicts = &self.0[kind];
        percent(verdicts.get(&format!("{verdict:?}")).copied().unwrap_or_default(), verdicts.values().sum())
    }
}

#[allow(clippy::cast_precision_loss, reason = "counts of documents")]
fn percent(part: u64, all: u64) -> f64 {
    part as f64 * 100.0 / all as f64
}

/// The kinds of documents. One round has one of each.
fn round(seed: u64, examples: &Examples, tally: &mut Tally) {
    let random = &mut Random::new(seed);
    tally.add("calmyx, plain", made::<SessionStatus>(&CALMYX_STATUS, Style::plain(random), random));
    tally.add("calmyx, odd", made::<SessionStatus>(&CALMYX_STATUS, Style::odd(random), random));
    tally.add("calmyx, damaged", damaged::<SessionStatus>(&CALMYX_STATUS, &examples.calmyx, random));
    tally.add("hum, plain", made::<SessionReply>(&HUM_REPLY, Style::plain(random), random));
    tally.add("hum, odd", made::<SessionReply>(&HUM_REPLY, Style::odd(random), random));
    tally.add("hum, damaged", damaged::<SessionReply>(&HUM_REPLY, &examples.hum, random));
    tally.add("a result, damaged", damaged::<LocationResult>(&LOCATION_RESULT, &[], random));
    tally.add("a provider, damaged", damaged::<Provider>(&PROVIDER, &[], random));
    tally.add(
        "foreign documents",
        check::<Progress>(&document(random.one_of(&[HUM_REPLY, CALMYX_STATUS]), Style::odd(random), random)),
    );
    tally.add(
        "calmyx, partly known",
        growing::check_any(random.next()).unwrap_or_else(|difference| panic!("{difference}")),
    );
    growing::check_lie(random.next());
    tally.add("calmyx, wrongly known", "no panic");
}

const KINDS: u64 = 11;

struct Examples {
    calmyx: Vec<Vec<u8>>,
    hum: Vec<Vec<u8>>,
}

fn made<T: Root>(kind: &Kind, style: Style, random: &mut Random) -> Verdict {
    check::<T>(&document(kind, style, random))
}

/// A document of any origin, damaged.
fn damaged<T: Root>(kind: &Kind, examples: &[Vec<u8>], random: &mut Random) -> Verdict {
    let style = if random.chance(500) { Style::plain(random) } else { Style::odd(random) };
    let mut other = document(kind, style, random);
    let mut body = if examples.is_empty() || random.chance(700) {
        document(kind, style, random)
    } else {
        random.one_of(examples).clone()
    };
    if random.chance(100) {
        std::mem::swap(&mut body, &mut other);
    }
    mutate(&mut body, &other, random);
    check::<T>(&body)
}

fn run(documents: u64, first_seed: u64) -> Tally {
    let examples = Examples { calmyx: corpus::documents("calmyx"), hum: corpus::documents("hum") };
    let mut tally = Tally::default();
    for seed in 0..documents.div_ceil(KINDS) {
        round(first_seed + seed, &examples, &mut tally);
    }
    tally
}

/// The ordinary run; the share of what the decoders took shows that something was tried.
#[test]
fn some_thousand_documents() {
    let tally = run(11_000, 0);
    tally.print();
    for kind in ["calmyx, plain", "hum, plain"] {
        assert!(tally.share(kind, Verdict::Taken) > 99.9, "{kind}");
    }
    for kind in ["calmyx, odd", "hum, odd"] {
        assert!(tally.share(kind, Verdict::Taken) > 10.0, "{kind}");
        assert!(tally.share(kind, Verdict::Refused) > 10.0, "{kind}");
    }
    for kind in ["calmyx, damaged", "hum, damaged", "a result, damaged", "a provider, damaged"] {
        assert!(tally.share(kind, Verdict::Taken) > 10.0, "{kind}");
    }
}

/// As many as `DOCUMENTS` says, from the seed `SEED` on.
#[test]
#[ignore = "minutes: see the command above the modules"]
fn many() {
    let number = |name: &str, otherwise| std::env::var(name).map_or(otherwise, |text| text.parse().unwrap());
    let documents = number("DOCUMENTS", 5_000_000);
    let started = std::time::Instant::now();
    run(documents, number("SEED", 1_000_000)).print();
    println!("{documents} documents in {:.0} s", started.elapsed().as_secs_f64());
}
