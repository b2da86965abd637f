//! What one worker was told, and whether it is still so.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::caller::Caller;
use super::random::Random;
use super::{calmyx, hum};

/// How many sessions of each API a worker creates in the life of one server, at most.
const CREATES: usize = 12;
/// The last session is complete long before.
const LIMIT: Duration = Duration::from_secs(30);

/// What was done, in numbers.
#[derive(Debug, Default, Clone)]
pub(super) struct Acts {
    pub(super) calmyx_created: usize,
    pub(super) hum_created: usize,
    pub(super) closed: usize,
    pub(super) polls: usize,
    pub(super) looks: usize,
    pub(super) unanswered: usize,
    pub(super) adopted: usize,
}

impl Acts {
    pub(super) fn sum(ledgers: &[Ledger]) -> Self {
        ledgers.iter().fold(Self::default(), |sum, ledger| {
            let one = &ledger.acts;
            Self {
                calmyx_created: sum.calmyx_created + one.calmyx_created,
                hum_created: sum.hum_created + one.hum_created,
                closed: sum.closed + one.closed,
                polls: sum.polls + one.polls,
                looks: sum.looks + one.looks,
                unanswered: sum.unanswered + one.unanswered,
                adopted: sum.adopted + one.adopted,
            }
        })
    }

    pub(super) fn creates(&self) -> usize {
        self.calmyx_created + self.hum_created
    }
}

/// One worker's sessions, in the order of their creation.
#[derive(Debug)]
pub(super) struct Ledger {
    worker: u32,
    attempts: u32,
    calmyx: Vec<calmyx::Session>,
    hum: Vec<hum::Session>,
    calmyx_unanswered: Vec<calmyx::Attempt>,
    hum_unanswered: Vec<hum::Attempt>,
    /// Sessions before these were there before the latest server.
    latest: (usize, usize),
    acts: Acts,
}

impl Ledger {
    pub(super) fn of(worker: u32) -> Self {
        Self {
            worker,
            attempts: 0,
            calmyx: Vec::new(),
            hum: Vec::new(),
            calmyx_unanswered: Vec::new(),
            hum_unanswered: Vec::new(),
            latest: (0, 0),
            acts: Acts::default(),
        }
    }

    /// Does this and that until the server is gone.
    pub(super) fn work(&mut self, caller: &mut Caller, random: &mut Random) {
        self.latest = (self.calmyx.len(), self.hum.len());
        // An error is the kill. What it left open is noted by the act itself.
        while self.act(caller, random).is_ok() {}
    }

    fn act(&mut self, caller: &mut Caller, random: &mut Random) -> io::Result<()> {
        let (calmyx, hum) = (self.calmyx.len(), self.hum.len());
        match random.below(20) {
            0..=5 if calmyx < self.latest.0 + CREATES => self.create_calmyx(caller, random),
            6..=8 if hum < self.latest.1 + CREATES => self.create_hum(caller),
            9 if hum > 0 => self.close_hum(caller, random.place(hum)),
            10..=13 if hum > 0 => {
                self.acts.polls += 1;
                self.poll_hum(caller, recent(random, hum))
            }
            _ if calmyx > 0 => {
                self.acts.polls += 1;
                self.poll_calmyx(caller, recent(random, calmyx))
            }
            _ => self.create_calmyx(caller, random),
        }
    }

    fn create_calmyx(&mut self, caller: &mut Caller, random: &mut Random) -> io::Result<()> {
        self.attempts += 1;
        let attempt = calmyx::Attempt::new(self.worker, self.attempts, random);
        let answer = caller.calmyx("POST", "/v2/session/new", &attempt.body()).inspect_err(|_| {
            self.acts.unanswered += 1;
            self.calmyx_unanswered.push(attempt);
        })?;
        assert_eq!(answer.code, 200, "{}", answer.body);
        self.acts.calmyx_created += 1;
        self.calmyx.push(calmyx::Session::acknowledged(attempt, &answer.body));
        Ok(())
    }

    fn create_hum(&mut self, caller: &mut Caller) -> io::Result<()> {
        self.attempts += 1;
        let attempt = hum::Attempt::new(self.worker, self.attempts);
        let asked_at = Instant::now();
        let answer = caller.hum("POST", "/sessions", &attempt.body()).inspect_err(|_| {
            self.acts.unanswered += 1;
            self.hum_unanswered.push(attempt.clone());
        })?;
        assert_eq!(answer.code, 201, "{}", answer.body);
        self.acts.hum_created += 1;
        self.hum.push(hum::Session::acknowledged(attempt, asked_at, &answer.body));
        Ok(())
    }

    fn close_hum(&mut self, caller: &mut Caller, place: usize) -> io::Result<()> {
        let session = &mut self.hum[place];
        session.close_sent();
        let answer = caller.hum("DELETE", &session.path(), "")?;
        self.acts.closed += usize::from(session.closed(answer.code));
        Ok(())
    }

    fn poll_calmyx(&mut self, caller: &mut Caller, place: usize) -> io::Result<()> {
        let session = &mut self.calmyx[place];
        let answer = caller.calmyx("GET", &session.path(), "")?;
        assert_eq!(answer.code, 200, "{}: lost", session.id);
        session.see(answer.body);
        Ok(())
    }

    fn poll_hum(&mut self, caller: &mut Caller, place: usize) -> io::Result<()> {
        let session = &mut self.hum[place];
        let asked_at = Instant::now();
        let answer = caller.hum("GET", &session.path(), "")?;
        session.see(asked_at, &answer);
        Ok(())
    }

    /// Asks for all sessions of the latest server, and for some older ones.
    pub(super) fn look(&mut self, caller: &mut Caller, random: &mut Random, older: usize) {
        let (calmyx, hum) = self.latest;
        let some = |random: &mut Random, before: usize| -> Vec<usize> {
            (0..older.min(before)).map(|_| random.place(before)).collect()
        };
        for place in some(random, calmyx).into_iter().chain(calmyx..self.calmyx.len()) {
            self.poll_calmyx(caller, place).unwrap();
            self.acts.looks += 1;
        }
        for place in some(random, hum).into_iter().chain(hum..self.hum.len()) {
            self.poll_hum(caller, place).unwrap();
            self.acts.looks += 1;
        }
    }

    /// Asks for all sessions until all are complete; how many there are.
    pub(super) fn finish(&mut self, caller: &mut Caller) -> usize {
        let deadline = Instant::now() + LIMIT;
        for place in 0..self.calmyx.len() {
            self.poll_calmyx(caller, place).unwrap();
            while !self.calmyx[place].is_complete() {
                assert!(Instant::now() < deadline, "{}: does not end", self.calmyx[place].id);
                std::thread::sleep(Duration::from_millis(20));
                self.poll_calmyx(caller, place).unwrap();
            }
        }
        for place in 0..self.hum.len() {
            self.poll_hum(caller, place).unwrap();
        }
        self.calmyx.len()
    }
}

/// Compares the ids in the file with those that were acknowledged, and takes up those that a kill left unanswered.
pub(super) fn reconcile(file: &Path, ledgers: &mut [Ledger]) {
    let acknowledged: BTreeSet<&str> =
        ledgers.iter().flat_map(|ledger| ledger.calmyx.iter().map(|session| &*session.id)).collect();
    let found = extra(file, "SELECT session_id FROM calmyx_session", &acknowledged);
    let attempts: Vec<_> =
        ledgers.iter_mut().flat_map(|ledger| std::mem::take(&mut ledger.calmyx_unanswered)).collect();
    assert!(found.len() <= attempts.len(), "{} sessions were doubled", found.len() - attempts.len());
    ledgers[0].acts.adopted += found.len();
    ledgers[0].calmyx.extend(found.into_iter().map(|id| calmyx::Session::found(id, attempts.clone())));

    let acknowledged: BTreeSet<&str> =
        ledgers.iter().flat_map(|ledger| ledger.hum.iter().map(|session| &*session.token)).collect();
    let found = extra(file, "SELECT token FROM hum_session", &acknowledged);
    let attempts: Vec<_> = ledgers.iter_mut().flat_map(|ledger| std::mem::take(&mut ledger.hum_unanswered)).collect();
    assert!(found.len() <= attempts.len(), "{} sessions were doubled", found.len() - attempts.len());
    ledgers[0].acts.adopted += found.len();
    ledgers[0].hum.extend(found.into_iter().map(|token| hum::Session::found(token, attempts.clone())));
}

/// The ids in the file that nobody was told; all others must be there.
fn extra(file: &Path, sql: &str, acknowledged: &BTreeSet<&str>) -> Vec<String> {
    let database = Connection::open(file).unwrap();
    let mut statement = database.prepare(sql).unwrap();
    let stored: Vec<String> = statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let set: BTreeSet<&str> = stored.iter().map(String::as_str).collect();
    assert_eq!(set.len(), stored.len());
    if let Some(lost) = acknowledged.iter().find(|id| !set.contains(**id)) {
        panic!("{lost}: acknowledged, and lost");
    }
    stored.iter().filter(|id| !acknowledged.contains(id.as_str())).cloned().collect()
}

/// Every create call came to one session at most.
pub(super) fn check_attempts(ledgers: &[Ledger]) {
    let sessions: Vec<&calmyx::Session> = ledgers.iter().flat_map(|ledger| &ledger.calmyx).collect();
    let attempts: BTreeSet<calmyx::Attempt> = sessions.iter().map(|session| session.attempt().unwrap()).collect();
    assert_eq!(attempts.len(), sessions.len(), "sessions were doubled");
}

/// SQLite's own opinion of the file.
pub(super) fn check_file(file: &Path) {
    let verdict: String =
        Connection::open(file).unwrap().query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(verdict, "ok");
}

/// Mostly one of the latest.
fn recent(random: &mut Random, length: usize) -> usize {
    if random.one_in(4) { random.place(length) } else { length - 1 - random.place(length.min(20)) }
}
