//! The blocking wrapper: on a plain thread, and inside async contexts, where other wrappers panic or hang.

use std::time::{Duration, Instant};

use abide_core::{End, Interval, Lifecycle, Options, Rule, State};
use abide_watch::blocking::Blocking;
use abide_watch::{CloseError, TokioClock, Watch};

use crate::scripted::{LIFECYCLE, SECOND, Script, Scripted, completed, counted, running, status, word};

const STATUS: End = End::Completed { rule: Rule::Status };
const MILLI: Duration = Duration::from_millis(1);

/// One poll a millisecond, in real time.
const FAST: Lifecycle = Lifecycle { interval: Interval { min: MILLI, max: MILLI }, ..LIFECYCLE };

fn source(script: &[Scripted]) -> Script<TokioClock> {
    Script::on(TokioClock::new(), script)
}

fn watch(source: &Script<TokioClock>) -> Watch<Script<TokioClock>> {
    Watch::new(source.clone(), &FAST, Options::new(SECOND * 60, 1)).unwrap()
}

fn blocking(source: &Script<TokioClock>) -> Blocking<Script<TokioClock>> {
    Blocking::new(watch(source)).unwrap()
}

fn script() -> Vec<Scripted> {
    vec![status(State::Queued, 3, "").after(MILLI), status(State::Running, 3, "ab").after(MILLI), completed("abc")]
}

/// Takes all events, then the outcome.
fn check() {
    let source = source(&script());
    let mut waiting = blocking(&source);
    let told: Vec<String> = waiting.by_ref().map(|event| word(&event)).collect();
    let expected = ["queued", "0/3", "running", "2/3", "ab", "completed", "3/3", "c", "Completed { rule: Status }"];
    assert_eq!(told, expected);
    assert!(waiting.next().is_none(), "an ended iterator stays ended");
    assert_eq!((waiting.end(), waiting.last_status()), (Some(STATUS), Some(&"abc")));
    let outcome = waiting.into_outcome().unwrap();
    assert_eq!((outcome.polls, outcome.items), (3, 3));
}

#[test]
fn on_a_plain_thread() {
    check();
    std::thread::spawn(check).join().unwrap();
}

#[test]
fn awaited_in_one_go() {
    let source = source(&script());
    assert_eq!(blocking(&source).outcome().end, STATUS);
    let failing = self::source(&[status(State::Failed, 3, "a")]);
    assert!(blocking(&failing).completed().unwrap_err().is_failed());
}

/// Neither a panic nor a wait for a thread that is itself held up.
#[tokio::test]
async fn inside_a_task_of_a_runtime_of_one_thread() {
    check();
    tokio::spawn(async { check() }).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn inside_a_task_of_a_runtime_of_several_threads() {
    tokio::spawn(async { check() }).await.unwrap();
    tokio::task::spawn_blocking(check).await.unwrap();
}

/// A task may do only so much before it must yield, and a blocked one never does.
#[test]
fn a_long_wait_inside_a_task_does_not_run_out_of_its_budget() {
    let (done, waiting) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let busy = (0..300).map(|processed| counted(State::Running, 300, processed).after(MILLI / 10));
        let script: Vec<_> = busy.chain([counted(State::Completed, 300, 300)]).collect();
        let told = runtime.block_on(async { blocking(&source(&script)).count() });
        done.send(told).unwrap();
    });
    assert_eq!(waiting.recv_timeout(SECOND * 60), Ok(304), "it hangs");
}

#[test]
fn on_a_runtime_that_was_lent() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let source = source(&script());
    let outcome = Blocking::on(watch(&source), runtime.handle().clone()).unwrap().outcome();
    assert_eq!(outcome.end, STATUS);
    assert_eq!(runtime.block_on(async { 7 }), 7, "it is still there");
}

#[test]
fn on_a_runtime_that_is_gone() {
    for mut builder in [tokio::runtime::Builder::new_multi_thread(), tokio::runtime::Builder::new_current_thread()] {
        let runtime = builder.enable_all().build().unwrap();
        let handle = runtime.handle().clone();
        drop(runtime);
        let error = Blocking::on(watch(&source(&script())), handle).unwrap_err();
        assert_eq!(error.to_string(), "the runtime that was lent to the watch is shut down; lend one that runs");
    }
}

#[test]
fn stopping_closing_and_dropping_do_not_wait() {
    let start = Instant::now();
    let source = source(&[running("ab")]).closing(Duration::ZERO, Ok(()));
    let mut waiting = blocking(&source);
    let first = waiting.next().map(|event| word(&event));
    assert_eq!(first.as_deref(), Some("running"));
    waiting.close().unwrap();
    assert_eq!((waiting.end(), source.closed()), (Some(End::Closed), 1));

    let unanswered = self::source(&[]);
    assert!(matches!(blocking(&unanswered).close(), Err(CloseError::NotOffered)));
    let kept = blocking(&unanswered).stop();
    let again = Watch::resume(unanswered.clone(), &FAST, Options::new(MILLI, 1), &kept).unwrap();
    drop(Blocking::new(again).unwrap());
    assert_eq!(unanswered.requests(), (0, 0));
    assert!(start.elapsed() < SECOND * 5, "{:?}", start.elapsed());
}
