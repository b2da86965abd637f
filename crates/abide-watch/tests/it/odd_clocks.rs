//! Clocks that do not keep what a clock promises: the wait still ends, and still keeps its pace.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use abide_core::{End, GaveUp, Options, State, Tick};
use abide_watch::{BoxFuture, Clock, TestClock, Watch};

use crate::scripted::{LIFECYCLE, SECOND, Script, counted, running};

#[test]
fn a_clock_that_steps_back() {
    let busy: Vec<_> = (0..100).map(|processed| counted(State::Running, 1000, processed)).collect();
    for back in [1, 3, 3600].map(Duration::from_secs) {
        let clock = Stepping { true_clock: TestClock::new(), behind: Arc::default() };
        clock.true_clock.advance(Duration::from_hours(2));
        let began = clock.true_clock.now();
        let source = Script::on(clock.true_clock.clone(), &busy);
        let options = Options::new(SECOND * 20, 1);
        let mut watch = Watch::with_clock(source.clone(), &LIFECYCLE, options, clock.clone()).unwrap();
        source.run(async {
            while source.requests().0 < 3 {
                watch.next().await;
            }
        });
        clock.behind.store(u64::try_from(back.as_nanos()).unwrap(), Ordering::Relaxed);
        let outcome = source.run(watch.outcome());
        assert_eq!(outcome.end, End::GaveUp(GaveUp::MaxWait));
        assert!(source.gaps().iter().all(|gap| *gap >= SECOND * 2), "no burst: {:?}", source.gaps());
        let took = clock.true_clock.now().since(began);
        assert!(took <= back + SECOND * 20, "a step is slept through once: it took {took:?}");
    }
}

/// A clock that somebody sets back; its timers keep the true time.
#[derive(Clone)]
struct Stepping {
    true_clock: TestClock,
    behind: Arc<AtomicU64>,
}

impl Clock for Stepping {
    fn now(&self) -> Tick {
        Tick::from_nanos(self.true_clock.now().as_nanos().saturating_sub(self.behind.load(Ordering::Relaxed)))
    }

    /// As an operating system does it: the span from here to there.
    fn sleep_until(&self, at: Tick) -> BoxFuture<()> {
        self.true_clock.sleep_until(self.true_clock.now() + at.since(self.now()))
    }
}

/// A clock that stands still while its timers fire.
struct Stuck;

impl Clock for Stuck {
    fn now(&self) -> Tick {
        Tick::ZERO
    }

    fn sleep_until(&self, _: Tick) -> BoxFuture<()> {
        Box::pin(std::future::ready(()))
    }
}

#[test]
fn a_clock_behind_its_own_timer_ends_all_the_same() {
    let options = Options::new(SECOND * 60, 1);
    let source = Script::new(&vec![running("a"); 100]);
    let watch = Watch::with_clock(source.clone(), &LIFECYCLE, options, Stuck).unwrap();
    let outcome = source.run(watch.outcome());
    assert_eq!(outcome.elapsed, SECOND * 60);
    assert!(outcome.polls <= 30, "{} polls", outcome.polls);
}
