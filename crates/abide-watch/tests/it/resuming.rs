//! A wait that is stopped, written down, and gone on with under another clock.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use abide_core::{End, Failure, GaveUp, Lifecycle, Options, Rule, State, Tick};
use abide_watch::{Answer, BoxFuture, Clock, Event, Resume, TestClock, Watch};

use crate::scripted::{LIFECYCLE, SECOND, Script, Scripted, completed, failed, running, status};

const TIME_OUT: End = End::GaveUp(GaveUp::MaxWait);

fn options() -> Options {
    Options::new(SECOND * 60, 1)
}

/// Through the text, as another process would get it.
fn written(kept: &Resume) -> Resume {
    let read = Resume::from_json(&kept.to_json()).expect("what was written can be read");
    assert_eq!(read.to_json(), kept.to_json());
    read
}

/// `source` in another process, with a clock that began `ago` before the time of day at which `kept` was made.
fn elsewhere(source: &Script, kept: &Resume, later: Duration) -> (Script, Watch<Script, Shifted>) {
    let clock = Shifted { clock: TestClock::new(), began: kept.saved_at() + later };
    let source = source.elsewhere(clock.clock.clone());
    let watch = Watch::resume_with_clock(source.clone(), &LIFECYCLE, options(), kept, clock);
    (source, watch.expect("the same session"))
}

fn items_of(events: impl IntoIterator<Item = Event<char, crate::scripted::ScriptedError>>) -> String {
    events
        .into_iter()
        .filter_map(|event| if let Event::Items(items) = event { Some(items) } else { None })
        .flatten()
        .collect()
}

fn script() -> Vec<Scripted> {
    let latency = Duration::from_millis(500);
    vec![
        status(State::Queued, 5, "").after(latency),
        running("ab").after(latency),
        failed(Failure::Transient).after(latency),
        running("bac").after(latency),
        failed(Failure::Throttled).after(latency),
        status(State::Running, 5, "abcde").after(latency),
        status(State::Completed, 5, "edcba").after(latency),
    ]
}

#[test]
fn stopped_at_every_moment_and_gone_on_with() {
    let through = Script::new(&script()).outcome(SECOND * 60);
    for tenths in 1..400 {
        let source = Script::new(&script());
        let mut watch = source.watch(SECOND * 60);
        let stop = source.clock.sleep_until(Tick::ZERO + Duration::from_millis(tenths * 100));
        let before: Vec<_> = source.run(collect_until(&mut watch, stop));
        let kept = written(&watch.stop());
        let (sent, _) = source.requests();
        let lost = source.requests().1;

        let (resumed, mut watch) = elsewhere(&source, &kept, SECOND);
        let after = resumed.run(async {
            let mut events = Vec::new();
            while let Some(event) = watch.next().await {
                events.push(event);
            }
            events
        });
        let outcome = watch.into_outcome().unwrap();
        let mut given: Vec<char> = items_of(before.into_iter().chain(after)).chars().collect();
        given.sort_unstable();
        let place = format!("stopped after {tenths} tenths of a second, {sent} requests");
        if lost == 0 {
            assert_eq!(given, ['a', 'b', 'c', 'd', 'e'], "{place}");
            assert_eq!((outcome.end, outcome.polls), (through.end, through.polls), "{place}");
        }
        // A reply that was on its way is lost with its request, and this script gives each only once.
        assert!(given.is_sorted_by(|one, other| one < other), "{place}: {given:?}");
        assert_eq!(outcome.replies.values().sum::<u32>(), outcome.polls, "{place}: {:?}", outcome.replies);
        assert_eq!(
            outcome.replies.get(&Answer::Nothing).copied().unwrap_or_default() > 0,
            lost > 0 || outcome.end == TIME_OUT
        );
        assert_eq!(outcome.items, given.len() as u64, "{place}");
        assert!(outcome.elapsed <= SECOND * 62, "{place}: {:?}", outcome.elapsed);
    }
}

/// Takes events until `stop`, which drops the call for the next one.
async fn collect_until(
    watch: &mut Watch<Script, TestClock>,
    mut stop: BoxFuture<()>,
) -> Vec<Event<char, crate::scripted::ScriptedError>> {
    let mut events = Vec::new();
    loop {
        let next = std::pin::pin!(watch.next());
        match futures_util::future::select(next, &mut stop).await {
            futures_util::future::Either::Left((Some(event), _)) => events.push(event),
            futures_util::future::Either::Left((None, _)) | futures_util::future::Either::Right(_) => return events,
        }
    }
}

/// Whoever writes the value down after every event loses nothing by a crash between two events of one reply.
#[test]
fn kept_between_the_events_of_a_reply() {
    for last in [completed("abcde"), status(State::Failed, 5, "abcde")] {
        let script = [running("ab"), running("ba"), running("bac"), last.clone()];
        let through = Script::new(&script).outcome(SECOND * 60);
        for events in 0..20 {
            let source = Script::new(&script);
            let mut watch = source.watch(SECOND * 60);
            let mut before = Vec::new();
            source.run(async {
                while before.len() < events
                    && let Some(event) = watch.next().await
                {
                    before.push(event);
                }
            });
            let told_the_end = before.iter().any(|event| matches!(event, Event::Ended(_)));
            let kept = written(&watch.kept());
            // The server still says what it said last.
            let (source, mut watch) = elsewhere(&Script::new(&vec![last.clone(); 3]), &kept, SECOND);
            let mut after = Vec::new();
            source.run(async {
                while let Some(event) = watch.next().await {
                    after.push(event);
                }
            });
            let mut given: Vec<char> = items_of(before.into_iter().chain(after)).chars().collect();
            given.sort_unstable();
            assert_eq!(given, ['a', 'b', 'c', 'd', 'e'], "after {events} events");
            let outcome = watch.into_outcome().unwrap();
            assert_eq!((outcome.end, outcome.items), (through.end, 5), "after {events} events");
            assert!(!told_the_end || source.requests().0 == 0, "after {events} events");
        }
    }
}

#[test]
fn the_longest_wait_counts_on_meanwhile() {
    let source = Script::new(&vec![running("a"); 100]);
    let mut watch = source.watch(SECOND * 60);
    source.run(collect_until(&mut watch, source.clock.sleep_until(Tick::ZERO + SECOND * 21)));
    let kept = written(&watch.stop());
    for (away, left) in [(0, 39), (9, 30), (38, 1)] {
        let source = Script::new(&vec![running("a"); 100]);
        let (source, watch) = elsewhere(&source, &kept, SECOND * away);
        let outcome = source.run(watch.outcome());
        assert_eq!((outcome.end, source.elapsed()), (TIME_OUT, SECOND * left), "away for {away} s");
        assert_eq!(outcome.elapsed, SECOND * (21 + left), "only what was waited");
        assert_eq!(outcome.polls, 11 + u32::try_from(source.requests().0).unwrap());
    }
}

#[test]
fn the_pause_goes_on_and_is_not_cut_short() {
    let source = Script::new(&[running("a").asking(SECOND * 20)]);
    let mut watch = source.watch(SECOND * 60);
    source.run(collect_until(&mut watch, source.clock.sleep_until(Tick::ZERO + SECOND)));
    let kept = written(&watch.stop());
    for (away, least) in [(0, 19), (10, 9), (30, 0)] {
        let source = Script::new(&[completed("abcde")]);
        let (source, watch) = elsewhere(&source, &kept, SECOND * away);
        source.run(watch.outcome());
        let first = source.sent()[0];
        assert!(first >= SECOND * least && first <= SECOND * (least + 2), "{first:?} after {away} s away");
    }
}

#[test]
fn a_calendar_that_went_back_says_nothing() {
    let source = Script::new(&vec![running("a"); 100]);
    source.clock.advance(SECOND * 1000);
    let mut watch = source.watch(SECOND * 60);
    source.run(collect_until(&mut watch, source.clock.sleep_until(Tick::ZERO + SECOND * 1010)));
    let kept = written(&watch.stop());
    let clock = Shifted { clock: TestClock::new(), began: UNIX_EPOCH };
    let source = Script::on(clock.clock.clone(), &vec![running("a"); 100]);
    let watch = Watch::resume_with_clock(source.clone(), &LIFECYCLE, options(), &kept, clock).unwrap();
    assert_eq!(source.run(watch.outcome()).end, TIME_OUT);
    assert_eq!(source.elapsed(), SECOND * 50, "as if no time had passed");
}

#[test]
fn a_wait_that_was_given_up_begins_another_one() {
    for (script, longest) in [
        (vec![running("a"); 100], SECOND * 10),
        (vec![failed(Failure::Transient); 10], SECOND * 60),
        (vec![failed(Failure::Denied)], SECOND * 60),
        (vec![running("a"), failed(Failure::Throttled).asking(SECOND * 3000)], SECOND * 60),
    ] {
        let first = Script::new(&script).outcome(longest);
        assert!(!first.end.is_final(), "{:?}", first.end);
        let kept = written(&first.resume);
        let source = Script::new(&[running("ab"), completed("abcde")]);
        let (source, watch) = elsewhere(&source, &kept, SECOND * 4000);
        let outcome = source.run(watch.outcome());
        assert_eq!(outcome.end, End::Completed { rule: Rule::Status }, "after {:?}", first.end);
        assert_eq!((outcome.polls, outcome.items), (first.polls + 2, 5));
        assert_eq!(outcome.replies.values().sum::<u32>(), outcome.polls);
        assert_eq!(outcome.bytes, first.bytes + 20);
    }
}

#[test]
fn a_final_end_is_never_asked_about_again() {
    for script in [
        [completed("ab")].as_slice(),
        &[status(State::Running, 2, "ab"), failed(Failure::Gone)],
        &[status(State::Failed, 2, "a")],
        &[failed(Failure::Gone)],
    ] {
        let first = Script::new(script).outcome(SECOND * 60);
        let kept = written(&first.resume);
        let (source, watch) = elsewhere(&Script::new(&[running("abc")]), &kept, SECOND);
        let again = source.run(watch.outcome());
        assert_eq!((again.end, again.polls, again.items), (first.end, first.polls, first.items));
        assert_eq!((again.elapsed, again.unseen, &again.replies), (first.elapsed, first.unseen, &first.replies));
        assert_eq!(source.requests(), (0, 0), "after {:?}", first.end);
        let (_, watch) = elsewhere(&source, &written(&again.resume), SECOND);
        assert_eq!(watch.end(), Some(first.end), "and so on for ever");
    }
}

#[test]
fn the_end_is_told_again_and_nothing_else() {
    let first = Script::new(&[running("ab"), completed("abcde")]).outcome(SECOND * 60);
    let (source, mut watch) = elsewhere(&Script::new(&[]), &first.resume, SECOND);
    assert_eq!(watch.end(), Some(first.end), "before anything is asked for");
    let told = source.told(&mut watch);
    assert_eq!(told, [(0, "Completed { rule: Status }".to_owned())]);
}

/// For who knows by itself what it has: the pace and the deadline go on, the items come again.
#[test]
fn items_come_again_where_that_is_wished() {
    let source = Script::new(&vec![running("ab"); 100]);
    let mut watch = source.watch(SECOND * 60);
    source.run(collect_until(&mut watch, source.clock.sleep_until(Tick::ZERO + SECOND * 21)));
    let kept = watch.stop();
    for (kept, expected) in [(kept.clone(), "c"), (kept.giving_items_again(), "abc")] {
        let (source, mut watch) = elsewhere(&Script::new(&vec![running("abc"); 100]), &written(&kept), SECOND);
        let events = source.run(async {
            let mut events = Vec::new();
            while let Some(event) = watch.next().await {
                events.push(event);
            }
            events
        });
        assert_eq!(items_of(events), expected);
        assert_eq!((watch.end(), source.elapsed()), (Some(TIME_OUT), SECOND * 38));
    }
}

#[test]
fn another_session_or_a_broken_lifecycle_is_refused() {
    let kept = Script::new(&[running("a")]).watch(SECOND * 60).stop();
    let other = Script::new(&[]).of_session(8);
    let refused = Watch::resume_with_clock(other, &LIFECYCLE, options(), &kept, TestClock::new()).unwrap_err();
    assert!(refused.is_other_session() && !refused.is_malformed() && !refused.is_lifecycle());
    assert_eq!(refused.to_string(), "the resume value belongs to another session");

    let broken = Lifecycle { cap: Some(Duration::ZERO), ..LIFECYCLE };
    let refused = Watch::resume_with_clock(Script::new(&[]), &broken, options(), &kept, TestClock::new()).unwrap_err();
    assert!(refused.is_lifecycle() && !refused.is_other_session());
    let cause = std::error::Error::source(&refused).map(ToString::to_string);
    assert_eq!(cause.as_deref(), Some("the longest polling duration must be longer than zero"));
}

#[test]
fn what_was_kept_while_waiting_is_what_stopping_gives() {
    let source = Script::new(&vec![running("a"); 10]);
    let mut watch = source.watch(SECOND * 60);
    source.run(collect_until(&mut watch, source.clock.sleep_until(Tick::ZERO + SECOND * 3)));
    assert_eq!(watch.kept(), watch.kept(), "looking changes nothing");
    let kept = watch.kept();
    assert_eq!(watch.stop(), kept);
}

/// A clock with a calendar of its own.
struct Shifted {
    clock: TestClock,
    /// The time of day at the clock's zero.
    began: SystemTime,
}

impl Clock for Shifted {
    fn now(&self) -> Tick {
        self.clock.now()
    }

    fn sleep_until(&self, at: Tick) -> BoxFuture<()> {
        self.clock.sleep_until(at)
    }

    fn wall(&self) -> SystemTime {
        self.began + self.clock.now().since(Tick::ZERO)
    }
}

/// A shorter longest wait counts from the resuming; a longer one changes nothing.
#[test]
fn less_patience_than_before_is_heeded() {
    for (longest, expected) in [(SECOND, 11), (SECOND * 5, 15), (SECOND * 50, 60), (SECOND * 600, 60)] {
        let source = Script::new(&vec![running("a"); 100]);
        let mut watch = source.watch(SECOND * 60);
        let stop = source.clock.sleep_until(Tick::ZERO + SECOND * 10);
        source.run(collect_until(&mut watch, stop));
        let kept = watch.stop();
        let options = Options::new(longest, 1);
        let again = Watch::resume_with_clock(source.clone(), &LIFECYCLE, options, &kept, source.clock.clone()).unwrap();
        let outcome = source.run(again.outcome());
        assert_eq!((outcome.end, outcome.elapsed.as_secs()), (TIME_OUT, expected), "{longest:?}");
        let gaps = source.gaps();
        assert!(gaps.iter().all(|gap| *gap == SECOND * 2), "{gaps:?}");
    }
}
