//! Random histories of whole sessions, against the model: every end, every event and every deadline.
//!
//! A session is driven as a driver would, late and early, by a clock that also steps back; unruly drivers also send when
//! they should not and report what nobody asked for. What must hold whatever the model says (gaps, limit, pauses) is
//! checked beside it, for the drivers that keep the contract.

mod data;

use std::time::Duration;

use abide_core::{Deadline, End, Event, Session, Setback, Step, Tick, Why};
use proptest::prelude::*;
use proptest::test_runner::Config;
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest, prop_state_machine};

use crate::arbitrary::{self, Setup};
use crate::model::{Answer, Call, Exchange, History};

prop_state_machine! {
    #![proptest_config(many())]
    #[test]
    fn agrees_with_its_whole_history(sequential 1..20 => Drive);
}

/// As many histories as `PROPTEST_CASES` says, and enough of them where it says nothing. One that fails is shortened for 10 s
/// at most.
fn many() -> Config {
    let default = Config::default();
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { default.cases } else { 10_000 };
    Config { cases, max_shrink_time: 10_000, ..default }
}

/// What the driver does next, and how much time passes before.
#[derive(Clone, Copy, Debug)]
enum Move {
    /// Does what the session says until a request is in flight, each time so much late; and it is answered.
    Exchange {
        late: Duration,
        took: Duration,
        answer: Answer,
    },
    /// The same without the answer.
    Follow {
        late: Duration,
    },
    /// Lets the deadline of the answer pass.
    Wait {
        late: Duration,
    },
    Answer {
        took: Duration,
        answer: Answer,
    },
    /// Asks at an instant that nobody named.
    Look {
        after: Duration,
    },
    /// Asks with a clock that was set back.
    LookBack {
        by: Duration,
    },
    /// Others come first, for so long.
    Hold {
        longer: Duration,
    },
    /// Where nothing is in flight: taken down as data, packed, unpacked and gone on with.
    Sleep,
    Close,
    /// Sends unasked.
    Send {
        after: Duration,
    },
}

#[derive(Clone, Debug)]
struct Script {
    setup: Setup,
    unruly: bool,
}

impl ReferenceStateMachine for Script {
    type State = Script;
    type Transition = Move;

    fn init_state() -> BoxedStrategy<Script> {
        (arbitrary::setup(), prop::bool::weighted(0.2)).prop_map(|(setup, unruly)| Script { setup, unruly }).boxed()
    }

    fn transitions(script: &Script) -> BoxedStrategy<Move> {
        let after = || prop_oneof![4 => 0_u64..12_000, 1 => 0_u64..120_000].prop_map(Duration::from_millis).boxed();
        let late =
            || prop_oneof![12 => Just(0), 2 => 0_u64..400, 1 => 0_u64..20_000].prop_map(Duration::from_millis).boxed();
        let took = || prop_oneof![16 => 0_u64..3000, 1 => 0_u64..40_000].prop_map(Duration::from_millis).boxed();
        prop_oneof![
            20 => (late(), took(), arbitrary::answer())
                .prop_map(|(late, took, answer)| Move::Exchange { late, took, answer }).boxed(),
            2 => late().prop_map(|late| Move::Follow { late }),
            2 => (took(), arbitrary::answer()).prop_map(|(took, answer)| Move::Answer { took, answer }),
            1 => late().prop_map(|late| Move::Wait { late }),
            1 => after().prop_map(|after| Move::Look { after }),
            1 => after().prop_map(|by| Move::LookBack { by }),
            2 => after().prop_map(|longer| Move::Hold { longer }),
            3 => Just(Move::Sleep),
            u32::from(script.unruly) => Just(Move::Close),
            if script.unruly { 4 } else { 0 } => after().prop_map(|after| Move::Send { after }),
        ]
        .boxed()
    }

    fn apply(script: Script, _: &Move) -> Script {
        script
    }
}

struct Drive {
    session: Session,
    /// Another one of the same seed, told the same, that never sleeps.
    twin: Session,
    history: History,
    now: Tick,
    /// What the session last said to wait for, until something happens.
    planned: Option<Deadline>,
    /// The warnings since the last answer.
    warned: Vec<Event>,
    unruly: bool,
    /// It was over before the latest move.
    long_over: bool,
}

impl StateMachineTest for Drive {
    type SystemUnderTest = Drive;
    type Reference = Script;

    fn init_test(script: &Script) -> Drive {
        let Setup { lifecycle, options, start } = script.setup;
        let new = || Session::new(&lifecycle, options, start).expect("a sound lifecycle");
        let history = History::new(lifecycle, options, start);
        Drive {
            session: new(),
            twin: new(),
            history,
            now: start,
            planned: None,
            warned: Vec::new(),
            unruly: script.unruly,
            long_over: false,
        }
    }

    fn apply(mut drive: Drive, script: &Script, next: Move) -> Drive {
        drive.long_over = drive.session.end().is_some();
        match next {
            Move::Exchange { late, took, answer } => {
                drive.follow(late);
                drive.answer(took, answer);
            }
            Move::Follow { late } => drive.follow(late),
            Move::Wait { late } => {
                if let Step::AwaitReply(deadline) = drive.step() {
                    drive.pass_to(deadline.at + late);
                    drive.step();
                }
            }
            Move::Answer { took, answer } => drive.answer(took, answer),
            Move::Look { after } => {
                drive.pass(after);
                drive.step();
            }
            Move::LookBack { by } => {
                let now = drive.now;
                drive.now = Tick::from_nanos(now.as_nanos().saturating_sub(u64::try_from(by.as_nanos()).unwrap()));
                drive.step();
                drive.now = now;
            }
            Move::Hold { longer } => drive.call(Call::Hold(drive.now + longer)),
            Move::Sleep => {
                if !drive.history.in_flight() && drive.session.end().is_none() {
                    drive.session = data::slept(&drive.session, &script.setup);
                    drive.step();
                }
            }
            Move::Close => drive.call(Call::Closed),
            Move::Send { after } => {
                drive.pass(after);
                drive.call(Call::Sent);
            }
        }
        drive
    }

    fn check_invariants(drive: &Drive, script: &Script) {
        let Drive { session, history, .. } = drive;
        let exchanges = history.exchanges();
        assert_eq!(session.end(), history.end());
        assert_eq!(usize::try_from(session.polls()).unwrap(), exchanges.len());
        assert_eq!(usize::try_from(session.unchanged_polls()).unwrap(), history.unchanged());
        assert_eq!(session.last_observation(), history.last_reply());
        assert_eq!(session.limit(), history.limit());
        assert_eq!(session.unseen(), history.unseen());
        if drive.long_over {
            return;
        }
        if let Some(end) = session.end() {
            data::taken_up_again(session, history, &script.setup, end);
        }
        if !drive.unruly {
            keeps_its_promises(history, exchanges);
        }
    }
}

/// What needs no model: the promises of the crate's front page, about the requests alone.
fn keeps_its_promises(history: &History, exchanges: &[Exchange]) {
    let gap = history.lifecycle.interval.min;
    for pair in exchanges.windows(2) {
        let [earlier, later] = pair else { continue };
        assert!(later.sent.since(earlier.sent) >= gap, "{pair:?}");
        assert!(earlier.asked().is_none_or(|(received, asked)| later.sent >= received + asked), "{pair:?}");
    }
    if let [first, .., last] = exchanges {
        let whole = last.sent.since(first.sent);
        assert!(last.sent < history.limit(), "{last:?}");
        assert!(
            u128::try_from(exchanges.len()).unwrap() <= 1 + whole.as_nanos() / gap.as_nanos(),
            "a loop without delay"
        );
    }
}

impl Drive {
    fn pass(&mut self, span: Duration) {
        self.now = self.now + span;
    }

    fn pass_to(&mut self, instant: Tick) {
        self.now = self.now.max(instant);
    }

    fn follow(&mut self, late: Duration) {
        for _ in 0..4 {
            match self.step() {
                Step::Send => self.call(Call::Sent),
                Step::Wait(deadline) => self.pass_to(deadline.at + late),
                Step::AwaitReply(_) | Step::Over(_) => return,
            }
        }
        panic!("a deadline that comes is followed by a request or by the end");
    }

    fn answer(&mut self, took: Duration, answer: Answer) {
        self.pass(took);
        self.call(Call::Answer(answer));
    }

    fn call(&mut self, call: Call) {
        let (now, in_flight) = (self.now, self.history.in_flight());
        make(&mut self.session, now, call);
        make(&mut self.twin, now, call);
        match call {
            Call::Hold(at) if self.planned.is_some_and(|planned| planned.at >= at) => {}
            Call::Sent if in_flight => {}
            Call::Hold(_) | Call::Step | Call::Sent | Call::Closed => self.planned = None,
            Call::Answer(_) if in_flight => {
                self.planned = None;
                self.warned.clear();
            }
            Call::Answer(_) => {}
        }
        self.compare_events(call);
    }

    fn step(&mut self) -> Step {
        let step = self.session.step(self.now);
        assert_eq!(self.twin.step(self.now), step, "same seed, same steps");
        self.compare_events(Call::Step);
        self.check(step);
        step
    }

    /// Tells the model, and compares what it expects to be told.
    fn compare_events(&mut self, call: Call) {
        let over: Option<End> = self.history.end();
        let expected = self.history.push(self.now, call);
        let told: Vec<_> = std::iter::from_fn(|| self.session.poll_event()).collect();
        let twins: Vec<_> = std::iter::from_fn(|| self.twin.poll_event()).collect();
        assert_eq!(told, twins, "same seed, same events");
        for event in &told {
            if let Event::Retry { at: next, .. } | Event::WillExpire { next, .. } = event {
                let room = self.history.room();
                assert!(*next <= self.history.limit() && *next >= room.floor, "{event:?} {room:?}");
            }
            if let Event::WillExpire { at, next } = event {
                assert!(self.history.alive() == Some(*at) && at < next, "{event:?}");
                self.warned.push(*event);
            }
        }
        let comparable: Vec<_> = told.into_iter().filter_map(comparable).collect();
        assert_eq!(comparable, expected, "{call:?}");
        assert_eq!(self.session.end(), self.history.end(), "{call:?}");
        assert!(over.is_none() || over == self.session.end(), "an end is for good");
    }

    fn check(&mut self, step: Step) {
        let now = self.history.now();
        match step {
            Step::Over(end) => assert_eq!(Some(end), self.history.end()),
            _ if self.history.end().is_some() => panic!("{step:?} after the end"),
            Step::AwaitReply(deadline) => {
                let at = self.history.limit() + self.history.options.last_reply_grace;
                assert!(self.history.in_flight());
                assert_eq!(deadline, Deadline { at, why: Why::LastReply });
            }
            Step::Send => {
                assert!(!self.history.in_flight());
                assert!(self.history.room().has_come(now), "{:?}", self.history.room());
                assert!(self.planned.is_none_or(|deadline| deadline.at <= now), "before the deadline");
            }
            Step::Wait(deadline) => {
                assert!(!self.history.in_flight());
                assert!(deadline.at > now, "a deadline in the past");
                assert!(self.history.room().allows(deadline), "{deadline:?} {:?}", self.history.room());
                assert!(self.planned.is_none_or(|planned| planned == deadline), "a deadline does not move");
                let said: Vec<_> =
                    self.warned.iter().filter(|event| is_warning_for(event, deadline)).copied().collect();
                assert_eq!(said, Vec::from_iter(self.history.warning(deadline)), "{deadline:?}");
                self.planned = Some(deadline);
            }
        }
    }
}

fn make(session: &mut Session, now: Tick, call: Call) {
    match call {
        Call::Step => {
            let _ = session.step(now);
        }
        Call::Sent => session.handle_sent(now),
        Call::Answer(Answer::Reply(reply, asked)) => session.handle_reply(now, &reply, asked),
        Call::Answer(Answer::Setback(failure, retry_after)) => {
            session.handle_setback(now, Setback { failure, retry_after });
        }
        Call::Answer(Answer::Abandoned) => session.handle_abandoned(now),
        Call::Hold(at) => session.hold_until(now, at),
        Call::Closed => session.handle_closed(now),
    }
}

fn is_warning_for(event: &Event, deadline: Deadline) -> bool {
    matches!(event, Event::WillExpire { next, .. } if *next == deadline.at)
}

/// Without anomalies, which have histories of their own, without the instant of a retry, which is drawn, and without the
/// warnings, which depend on such instants.
fn comparable(event: Event) -> Option<Event> {
    match event {
        Event::Anomaly(_) | Event::WillExpire { .. } => None,
        Event::Retry { failure, attempt, at: _ } => Some(Event::Retry { failure, at: Tick::ZERO, attempt }),
        Event::State { .. } | Event::Progress(_) | Event::Settling | Event::Overdue { .. } | Event::Ended(_) => {
            Some(event)
        }
    }
}
