//! Dropping a call at any await loses nothing and repeats nothing, on tokio's own clock.

use std::time::Duration;

use abide_core::{End, Failure, Lifecycle, Options, State};
use abide_watch::{Event, TokioClock, Watch};
use futures_util::FutureExt;
use tokio::time::timeout;

use crate::scripted::{LIFECYCLE, SECOND, Script, Scripted, completed, failed, running, status, word};

const STEP: Duration = Duration::from_millis(1);

fn script() -> Vec<Scripted> {
    let latency = Duration::from_millis(5);
    vec![
        status(State::Queued, 5, "").after(latency),
        running("ab").after(latency),
        failed(Failure::Transient).after(latency),
        failed(Failure::Throttled).after(latency),
        running("bac").after(latency),
        status(State::Running, 5, "abcde").after(latency),
        status(State::Completed, 5, "edcba").after(latency),
    ]
}

#[tokio::test(start_paused = true)]
async fn next_may_be_dropped_at_every_await() {
    let undisturbed = Script::on(TokioClock::new(), &script());
    let mut watch = undisturbed.watch(SECOND * 60);
    let mut expected = Vec::new();
    while let Some(event) = watch.next().await {
        expected.push(word(&event));
    }

    let disturbed = Script::on(TokioClock::new(), &script());
    let mut watch = disturbed.watch(SECOND * 60);
    let (mut told, mut dropped) = (Vec::new(), 0);
    loop {
        match timeout(STEP, watch.next()).await {
            Ok(Some(event)) => told.push(word(&event)),
            Ok(None) => break,
            Err(_) => dropped += 1,
        }
    }
    assert_eq!(told, expected);
    assert!(dropped > 1000, "only {dropped} calls were dropped");
    for script in [undisturbed, disturbed] {
        assert_eq!(script.requests(), (7, 0));
    }
}

#[tokio::test(start_paused = true)]
async fn a_select_loop_beside_other_work_sees_everything() {
    let mut watch = Script::on(TokioClock::new(), &script()).watch(SECOND * 60);
    let mut tick = tokio::time::interval(Duration::from_millis(7));
    let mut items = String::new();
    loop {
        tokio::select! {
            event = watch.next() => match event {
                Some(Event::Items(new)) => items.extend(new),
                Some(_) => {}
                None => break,
            },
            _ = tick.tick() => {}
        }
    }
    assert_eq!(items, "abcde");
}

#[tokio::test(start_paused = true)]
async fn dropping_the_watch_drops_its_request() {
    let script = Script::on(TokioClock::new(), &[completed("a").after(SECOND)]);
    let mut watch = script.watch(SECOND * 60);
    assert!(timeout(STEP, watch.next()).await.is_err());
    drop(watch);
    assert_eq!(script.requests(), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn an_expiry_is_told_at_the_first_call_after_it() {
    let lifecycle = Lifecycle { inactivity: Some(SECOND * 5), ..LIFECYCLE };
    let slow = running("a").asking(SECOND * 20);
    let script = Script::on(TokioClock::new(), &[slow, failed(Failure::Gone)]);
    let mut watch = Watch::new(script, &lifecycle, Options::new(SECOND * 60, 1)).unwrap();
    while timeout(STEP, watch.next()).await.is_ok() {}
    tokio::time::sleep(SECOND * 6).await;
    assert!(matches!(watch.next().now_or_never(), Some(Some(Event::Overdue))));
    assert_eq!(watch.outcome().await.end, End::Gone);
}
