//! Many sessions at once: what a fleet promises to each of them and to the server.

use std::collections::BTreeMap;
use std::time::Duration;

use abide_core::{End, Failure, GaveUp, Interval, Lifecycle, Options, Rule, Tick};
use abide_watch::{Budget, Clock, Event, Fleet, Notice, Resume, TestClock, Watch};

use crate::scripted::{LIFECYCLE, SECOND};
use crate::simulated_server::{Behaviour, Session, Simulated};

type TestFleet = Fleet<Session, TestClock>;

fn fleet(server: &Simulated, budget: Budget, max_wait: Duration) -> TestFleet {
    Fleet::with_clock(&LIFECYCLE, Options::new(max_wait, 5), budget, server.clock()).unwrap()
}

fn quick() -> Budget {
    Budget { period: Duration::from_millis(1), burst: 10, in_flight: 100 }
}

/// Everything that a fleet tells until no session is left, with the instant of each.
fn drain(clock: &TestClock, fleet: &mut TestFleet) -> Vec<(Tick, Notice<Session>)> {
    let mut told = Vec::new();
    while let Some(notice) = clock.run(fleet.next()).expect("a fleet always waits for time or for a reply") {
        told.push((clock.now(), notice));
    }
    told
}

fn ends(told: &[(Tick, Notice<Session>)]) -> BTreeMap<u64, End> {
    let ends = told.iter().filter_map(|(_, notice)| match notice {
        Notice::Over { source, outcome, .. } => Some((source.id, outcome.end)),
        Notice::Event { .. } | Notice::Suspended => None,
    });
    ends.collect()
}

const DONE: End = End::Completed { rule: Rule::Status };

#[test]
fn every_session_ends_once_with_all_its_items() {
    let server = Simulated::new(Behaviour { items: 7, seconds_per_item: 3, ..Behaviour::default() });
    let mut fleet = fleet(&server, quick(), SECOND * 3600);
    for id in 0..50 {
        fleet.add(server.session(id)).unwrap();
    }
    let told = drain(&server.clock(), &mut fleet);
    assert_eq!(ends(&told).into_values().collect::<Vec<_>>(), vec![DONE; 50]);
    let mut items: BTreeMap<u64, Vec<u64>> = BTreeMap::new();
    for (_, notice) in &told {
        if let Notice::Event { event: Event::Items(new), .. } = notice {
            for item in new {
                items.entry(item / 1000).or_default().push(item % 1000);
            }
        }
    }
    assert!(items.values().all(|items| *items == (0..7).collect::<Vec<_>>()), "{items:?}");
    assert_eq!(items.len(), 50);
    assert!(fleet.is_empty());
}

#[test]
fn a_session_in_a_fleet_is_waited_for_as_by_a_watch_alone() {
    let behaviour = Behaviour { items: 4, seconds_per_item: 3, transient: 20, ..Behaviour::default() };
    for id in 0..20 {
        let alone = Simulated::new(behaviour);
        let options = Options::new(SECOND * 600, 5 ^ Session::fingerprint(id));
        let watch = Watch::with_clock(alone.session(id), &LIFECYCLE, options, alone.clock()).unwrap();
        let outcome = alone.clock().run(watch.outcome()).unwrap();

        let together = Simulated::new(behaviour);
        let mut fleet = fleet(&together, quick(), SECOND * 600);
        fleet.add(together.session(id)).unwrap();
        let told = drain(&together.clock(), &mut fleet);
        let Some((_, Notice::Over { outcome: in_fleet, .. })) = told.last() else { panic!("{told:?}") };
        assert_eq!(
            (in_fleet.end, in_fleet.polls, in_fleet.unchanged, in_fleet.bytes, in_fleet.items, in_fleet.unseen),
            (outcome.end, outcome.polls, outcome.unchanged, outcome.bytes, outcome.items, outcome.unseen),
        );
        assert_eq!((in_fleet.elapsed, &in_fleet.replies), (outcome.elapsed, &outcome.replies));
        assert_eq!(alone.sends(), together.sends());
    }
}

#[test]
fn the_budget_binds_everybody_together() {
    let server = Simulated::new(Behaviour { seconds_per_item: 30, latency_millis: 700, ..Behaviour::default() });
    let budget = Budget { period: Duration::from_millis(100), burst: 5, in_flight: 3 };
    let mut fleet = fleet(&server, budget, SECOND * 100);
    for id in 0..40 {
        fleet.add(server.session(id)).unwrap();
    }
    drain(&server.clock(), &mut fleet);
    assert_eq!(server.most_in_flight(), 3);
    let sends = server.sends();
    for (index, (first, _)) in sends.iter().enumerate() {
        for (more, (last, _)) in sends.iter().enumerate().skip(index) {
            let allowed = 5 + last.since(*first).as_millis() / 100;
            assert!(
                ((more - index + 1) as u128) <= allowed,
                "{} requests from {first:?} to {last:?}",
                more - index + 1
            );
        }
    }
}

/// Where many fail at once, retries are spread out further than each session alone would have it, and it says so.
#[test]
fn a_retry_is_told_with_the_time_at_which_it_goes() {
    let server = Simulated::new(Behaviour { transient: 90, seconds_per_item: 60, ..Behaviour::default() });
    let interval = Interval { min: SECOND * 2, max: SECOND * 20 };
    let lifecycle = Lifecycle { interval, ..LIFECYCLE };
    let options = Options::new(SECOND * 300, 5);
    let mut fleet = Fleet::with_clock(&lifecycle, options, quick(), server.clock()).unwrap();
    let keys: BTreeMap<_, _> = (0..20).map(|id| (fleet.add(server.session(id)).unwrap(), id)).collect();
    let told = drain(&server.clock(), &mut fleet);
    let mut retries = 0;
    for (at, notice) in &told {
        let Notice::Event { key, event: Event::Retry { after, .. } } = notice else { continue };
        let next = server.sends().into_iter().find(|(sent, id)| *id == keys[key] && sent > at);
        if let Some((sent, _)) = next {
            let late = sent.since(*at + *after);
            assert!(sent >= *at + *after && late < SECOND, "told at {at:?} for {after:?} later, sent at {sent:?}");
            retries += 1;
        }
    }
    assert!(retries > 100, "{retries}");
}

#[test]
fn the_earliest_due_is_asked_first() {
    let server = Simulated::new(Behaviour { seconds_per_item: 1000, ..Behaviour::default() });
    let budget = Budget { period: SECOND, burst: 1, in_flight: 1 };
    let mut fleet = fleet(&server, budget, SECOND * 60);
    for id in 0..10 {
        fleet.add(server.session(id)).unwrap();
    }
    drain(&server.clock(), &mut fleet);
    let order: Vec<u64> = server.sends().iter().map(|(_, id)| *id).take(50).collect();
    for (place, id) in order.iter().enumerate() {
        assert_eq!(*id, place as u64 % 10, "{order:?}");
    }
}

#[test]
fn one_push_back_holds_all_of_them() {
    let behaviour = Behaviour {
        seconds_per_item: 1000,
        throttled_from: 10,
        throttled_to: 12,
        retry_after: Some(20),
        ..Behaviour::default()
    };
    let server = Simulated::new(behaviour);
    let mut fleet = fleet(&server, quick(), SECOND * 60);
    for id in 0..30 {
        fleet.add(server.session(id)).unwrap();
    }
    drain(&server.clock(), &mut fleet);
    let pushed_back = server.pushed_back();
    let (first, _) = *pushed_back.first().expect("somebody was pushed back");
    let during: Vec<_> =
        server.sends().into_iter().filter(|(sent, _)| *sent > first && sent.since(first) < SECOND * 20).collect();
    assert_eq!(during, vec![], "held for the twenty seconds that one of them was asked to wait");
    assert!(server.sends().iter().any(|(sent, _)| sent.since(first) >= SECOND * 20));
}

#[test]
fn under_a_permanent_push_back_everybody_gets_a_turn() {
    let server = Simulated::new(Behaviour { throttled_to: u64::MAX, retry_after: Some(1), ..Behaviour::default() });
    let mut fleet = fleet(&server, quick(), SECOND * 1000);
    let sessions = 40;
    for id in 0..sessions {
        fleet.add(server.session(id)).unwrap();
    }
    let told = drain(&server.clock(), &mut fleet);
    assert!(ends(&told).values().all(|end| matches!(end, End::GaveUp(_))));
    let mut turns: BTreeMap<u64, u32> = BTreeMap::new();
    server.sends().iter().for_each(|(_, id)| *turns.entry(*id).or_default() += 1);
    let (fewest, most) = (turns.values().min().unwrap(), turns.values().max().unwrap());
    assert_eq!(turns.len() as u64, sessions);
    assert!(*fewest >= 10 && most - fewest <= 2, "between {fewest} and {most} turns");
}

#[test]
fn a_wait_ends_at_its_limit_also_while_all_are_held() {
    // Everybody was asked once when the sixth request is pushed back.
    let behaviour = Behaviour {
        seconds_per_item: 1000,
        throttled_from: 5,
        throttled_to: 6,
        retry_after: Some(50),
        ..Behaviour::default()
    };
    let server = Simulated::new(behaviour);
    let mut fleet = fleet(&server, Budget { in_flight: 1, ..quick() }, SECOND * 30);
    for id in 0..5 {
        fleet.add(server.session(id)).unwrap();
    }
    let told = drain(&server.clock(), &mut fleet);
    let over: Vec<(Tick, End)> = told
        .iter()
        .filter_map(|(at, notice)| match notice {
            Notice::Over { outcome, .. } => Some((*at, outcome.end)),
            Notice::Event { .. } | Notice::Suspended => None,
        })
        .collect();
    assert_eq!(over.len(), 5);
    assert_eq!(over[0].1, End::GaveUp(GaveUp::RetryAfterTooLong(SECOND * 50)));
    let limit = Tick::ZERO + SECOND * 30;
    assert!(over[1..].iter().all(|(at, end)| *at == limit && *end == End::GaveUp(GaveUp::MaxWait)), "{over:?}");
}

#[test]
fn who_was_not_asked_yet_does_not_run_out_of_time() {
    let server = Simulated::new(Behaviour { throttled_to: 1, retry_after: Some(50), ..Behaviour::default() });
    let mut fleet = fleet(&server, Budget { in_flight: 1, ..quick() }, SECOND * 30);
    for id in 0..5 {
        fleet.add(server.session(id)).unwrap();
    }
    let ends = ends(&drain(&server.clock(), &mut fleet));
    assert_eq!(ends.values().filter(|end| **end == DONE).count(), 4, "{ends:?}");
}

#[test]
fn a_request_that_never_comes_back_does_not_hold_the_session_beyond_its_limit() {
    let server = Simulated::new(Behaviour { latency_millis: 3_600_000, ..Behaviour::default() });
    let mut fleet = fleet(&server, Budget { in_flight: 2, ..quick() }, SECOND * 30);
    for id in 0..4 {
        fleet.add(server.session(id)).unwrap();
    }
    let told = drain(&server.clock(), &mut fleet);
    assert!(ends(&told).values().all(|end| *end == End::GaveUp(GaveUp::MaxWait)));
    let over: Vec<Tick> =
        told.iter().filter(|(_, notice)| matches!(notice, Notice::Over { .. })).map(|(at, _)| *at).collect();
    let at = |secs| Tick::ZERO + SECOND * secs;
    assert_eq!(over, [at(32), at(32), at(64), at(64)], "two at a time, each to the end of its grace");
}

#[test]
fn what_was_not_told_of_a_removed_session_comes_again() {
    let server = Simulated::new(Behaviour { items: 3, seconds_per_item: 1000, ..Behaviour::default() });
    let clock = server.clock();
    clock.advance(SECOND * 2500);
    let mut fleet = fleet(&server, quick(), SECOND * 3600);
    let key = fleet.add(server.session(1)).unwrap();
    // The state is told; progress and two items wait to be.
    assert!(matches!(clock.run(fleet.next()).flatten(), Some(Notice::Event { event: Event::State { .. }, .. })));
    let resume = fleet.remove(key).unwrap().resume;
    fleet.add_resumed(server.session(1), &resume).unwrap().unwrap();
    let told = drain(&clock, &mut fleet);
    let items = told.iter().filter_map(|(_, notice)| match notice {
        Notice::Event { event: Event::Items(items), .. } => Some(items.len()),
        Notice::Event { .. } | Notice::Over { .. } | Notice::Suspended => None,
    });
    assert_eq!(items.sum::<usize>(), 3);
}

#[test]
fn no_session_is_watched_twice() {
    let server = Simulated::new(Behaviour { seconds_per_item: 1, latency_millis: 100, ..Behaviour::default() });
    let mut fleet = fleet(&server, quick(), SECOND * 60);
    let key = fleet.add(server.session(1)).unwrap();
    let refused = fleet.add(server.session(1)).unwrap_err();
    assert_eq!((refused.watched_as, refused.source.id), (Some(key), 1));
    drain(&server.clock(), &mut fleet);
    fleet.add(server.session(1)).unwrap();
    assert_eq!(server.most_in_flight_of_one(), 1);
}

#[test]
fn sessions_come_and_go_while_it_runs() {
    let server = Simulated::new(Behaviour { seconds_per_item: 5, latency_millis: 300, ..Behaviour::default() });
    let clock = server.clock();
    let mut fleet = fleet(&server, quick(), SECOND * 3600);
    let keys: Vec<_> = (0..10).map(|id| fleet.add(server.session(id)).unwrap()).collect();
    for _ in 0..15 {
        clock.run(fleet.next()).flatten().expect("news");
    }
    let mut kept: Vec<(u64, Resume)> = Vec::new();
    for key in &keys[..5] {
        assert!(fleet.source(*key).is_some());
        let removed = fleet.remove(*key).expect("still watched");
        assert!(fleet.remove(*key).is_none() && fleet.source(*key).is_none());
        kept.push((removed.source.id, removed.resume));
    }
    let late = fleet.add(server.session(77)).unwrap();
    assert!(!keys.contains(&late), "a key is never used again");
    let told = drain(&clock, &mut fleet);
    assert_eq!(ends(&told).into_keys().collect::<Vec<_>>(), [5, 6, 7, 8, 9, 77]);
    for (id, resume) in &kept {
        fleet.add_resumed(server.session(*id), resume).unwrap().unwrap();
    }
    let other = fleet.add_resumed(server.session(99), &kept[0].1).unwrap_err();
    assert!(other.is_other_session());
    assert_eq!(ends(&drain(&clock, &mut fleet)).into_keys().collect::<Vec<_>>(), [0, 1, 2, 3, 4]);
    assert_eq!(server.most_in_flight_of_one(), 1);
}

#[test]
fn stopping_waits_for_the_answers_and_gives_everything_back() {
    let server =
        Simulated::new(Behaviour { items: 9, seconds_per_item: 4, latency_millis: 900, ..Behaviour::default() });
    let clock = server.clock();
    let mut fleet = fleet(&server, quick(), SECOND * 3600);
    for id in 0..20 {
        fleet.add(server.session(id)).unwrap();
    }
    let mut items = Vec::new();
    let mut take = |notice: &Notice<Session>| {
        if let Notice::Event { event: Event::Items(new), .. } = notice {
            items.extend(new.iter().copied());
        }
    };
    while clock.now() < Tick::ZERO + SECOND * 20 {
        take(&clock.run(fleet.next()).flatten().expect("news"));
    }
    let before = server.sends().len();
    let stopped = clock.run(fleet.stop(SECOND * 5)).expect("a grace");
    assert_eq!(server.sends().len(), before, "nothing is sent any more");
    stopped.notices.iter().for_each(&mut take);
    assert_eq!(stopped.sessions.len(), 20);

    let mut again = Fleet::with_clock(&LIFECYCLE, Options::new(SECOND * 3600, 6), quick(), clock.clone()).unwrap();
    for (_, removed) in stopped.sessions {
        let resume = Resume::from_json(&removed.resume.to_json()).expect("what was written is read");
        again.add_resumed(removed.source, &resume).unwrap().unwrap();
    }
    let told = drain(&clock, &mut again);
    for (_, notice) in &told {
        take(notice);
    }
    assert_eq!(ends(&told).into_values().collect::<Vec<_>>(), vec![DONE; 20]);
    items.sort_unstable();
    let expected: Vec<u64> = (0..20).flat_map(|id| (0..9).map(move |item| id * 1000 + item)).collect();
    assert_eq!(items, expected, "every item once, whatever was stopped in between");
}

#[test]
fn a_credential_that_is_not_accepted_suspends_the_fleet_and_keeps_the_sessions() {
    let server = Simulated::new(Behaviour { denied_to: 3, seconds_per_item: 1, ..Behaviour::default() });
    let clock = server.clock();
    let mut fleet = fleet(&server, Budget { in_flight: 1, ..quick() }, SECOND * 600);
    for id in 0..8 {
        fleet.add(server.session(id)).unwrap();
    }
    let mut told = Vec::new();
    loop {
        let notice = clock.run(fleet.next()).flatten().expect("news");
        let suspended = matches!(notice, Notice::Suspended);
        told.push((clock.now(), notice));
        if suspended {
            break;
        }
    }
    assert_eq!(server.sends().len(), 3);
    fleet.readmit();
    told.extend(drain(&clock, &mut fleet));
    let ends = ends(&told);
    let refused = ends.values().filter(|end| **end == End::Refused(Failure::Denied)).count();
    assert_eq!((refused, ends.len()), (3, 8));
    assert_eq!(ends.values().filter(|end| **end == DONE).count(), 5);
}

/// What everybody together did, in one text.
fn trace(seed: u64, sessions: u64) -> (Simulated, String) {
    let behaviour = Behaviour {
        items: 6,
        seconds_per_item: 7,
        latency_millis: 150,
        transient: 5,
        busy_above: Some(2200),
        retry_after: Some(3),
        gone: 1,
        seed,
        ..Behaviour::default()
    };
    let server = Simulated::new(behaviour);
    let lifecycle = Lifecycle { interval: abide_core::Interval { min: SECOND * 5, max: SECOND * 10 }, ..LIFECYCLE };
    let budget = Budget { period: Duration::from_micros(400), burst: 50, in_flight: 500 };
    let clock = server.clock();
    let mut fleet = Fleet::with_clock(&lifecycle, Options::new(SECOND * 600, seed), budget, clock.clone()).unwrap();
    for id in 0..sessions {
        fleet.add(server.session(id)).unwrap();
    }
    let mut text = String::new();
    for (at, notice) in drain(&clock, &mut fleet) {
        use std::fmt::Write;
        writeln!(text, "{} {notice:?}", at.as_nanos()).unwrap();
    }
    for (at, id) in server.sends() {
        use std::fmt::Write;
        writeln!(text, "{} {id}", at.as_nanos()).unwrap();
    }
    (server, text)
}

#[test]
fn ten_thousand_sessions_leave_the_same_trace_for_the_same_seed() {
    let (server, first) = trace(1, 10_000);
    let (_, second) = trace(1, 10_000);
    assert!(first == second, "the traces differ");
    assert!(!server.pushed_back().is_empty(), "some of them must have been pushed back");
    server.check_gaps(SECOND * 5);
    server.check_silence_after_the_end();
    assert_eq!(server.most_in_flight_of_one(), 1);
    assert!(first.matches("Over {").count() == 10_000);
    assert!(trace(1, 100).1 != trace(2, 100).1, "the seed decides");
}
