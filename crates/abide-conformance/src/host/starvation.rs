//! When a client was starved: stretches in which it wanted to work and was given no processor.

use std::convert::Infallible;
use std::path::Path;
use std::time::Duration;

use tokio::time::sleep;

use super::book::Book;
use super::waits::Look;
use crate::trace::Fact;

/// From one look at the client to the next one.
const BETWEEN_LOOKS: Duration = Duration::from_millis(100);
/// Who waits less from one look to the next one is not starved.
const CALM: u64 = 10_000;
/// Less in one stretch is part of the tolerance.
const WORTH_NOTING: u64 = 50_000;
/// A longer stretch is noted in parts, so that a limit that touches its end need not bear all of it.
const LONGEST: u64 = 1_000_000;

/// The watch over one client.
pub(crate) struct Starvation<'a> {
    book: &'a Book,
    case: String,
    leader: Option<u32>,
    account: Account,
}

impl<'a> Starvation<'a> {
    /// Begins with a client that has just been started.
    pub(crate) fn of(book: &'a Book, case: String, leader: Option<u32>) -> Self {
        let look = leader.map(look).unwrap_or_default();
        Self { book, case, leader, account: Account::begin(book.now(), look) }
    }

    /// Notes every stretch until it is dropped.
    pub(crate) async fn watch(&mut self) -> Infallible {
        loop {
            sleep(BETWEEN_LOOKS).await;
            self.look();
        }
    }

    /// Notes what is left.
    pub(crate) fn finish(mut self) {
        self.look();
        let last = self.account.close();
        self.note(last);
    }

    fn look(&mut self) {
        let Some(leader) = self.leader else { return };
        let over = self.account.enter(self.book.now(), look(leader));
        self.note(over);
    }

    fn note(&self, stretch: Option<Stretch>) {
        if let Some(Stretch { since, until, waited }) = stretch {
            self.book.fact(Fact::ClientStarved { case: self.case.clone(), since, until, waited });
        }
    }
}

fn look(leader: u32) -> Look {
    Look::at(Path::new("/proc"), leader)
}

/// A stretch in which a client waited for a processor. Instants and durations are microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stretch {
    since: u64,
    until: u64,
    waited: u64,
}

/// What one look after the other adds up to.
struct Account {
    at: u64,
    last: Look,
    /// The stretch that is going on.
    open: Option<Stretch>,
}

impl Account {
    fn begin(at: u64, look: Look) -> Self {
        Self { at, last: look, open: None }
    }

    /// Enters a look. Gives the stretch that it ends, where that is worth noting.
    fn enter(&mut self, at: u64, look: Look) -> Option<Stretch> {
        let passed = at.saturating_sub(self.at);
        let seen = seen(&self.last, &look, passed);
        let unseen = if lost_sight(&self.last, &look) { unseen(&self.last, &look, passed) } else { 0 };
        let waited = seen.max(unseen);
        self.last = look;
        self.at = at;
        if waited < CALM {
            return self.close();
        }
        // A thread that waited for longer than since the last look was not counted until it got its turn.
        let since = at.saturating_sub(passed.max(waited));
        let open = self.open.get_or_insert(Stretch { since, until: at, waited: 0 });
        open.since = open.since.min(since);
        open.until = at;
        open.waited = open.waited.saturating_add(waited).min(at.saturating_sub(open.since));
        if at.saturating_sub(open.since) >= LONGEST { self.close() } else { None }
    }

    /// Ends the stretch that is going on.
    fn close(&mut self) -> Option<Stretch> {
        self.open.take().filter(|stretch| stretch.waited >= WORTH_NOTING)
    }
}

/// What the threads have waited since the last look. Threads that wait side by side delay nobody for longer than the time
/// that passed, or than the one of them that waited longest.
fn seen(last: &Look, look: &Look, passed: u64) -> u64 {
    let was = |thread| last.waited.get(thread).copied().unwrap_or(0);
    let each = || look.waited.iter().map(|(thread, waited)| waited.saturating_sub(was(thread)));
    let longest = each().max().unwrap_or(0);
    each().fold(0, u64::saturating_add).min(longest.max(passed))
}

/// Whether something ended since the last look, and took along the count of what it had waited.
fn lost_sight(last: &Look, look: &Look) -> bool {
    let was = |process| last.ended.get(process).copied().unwrap_or(0);
    look.ended.iter().any(|(process, ended)| *ended > was(process))
        || last.ended.keys().any(|process| !look.ended.contains_key(process))
        || last.waited.keys().any(|thread| !look.waited.contains_key(thread))
}

/// What somebody who cannot be asked any more may have waited: as long as anybody on the machine did.
fn unseen(last: &Look, look: &Look, passed: u64) -> u64 {
    look.pressure.saturating_sub(last.pressure).min(passed)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: u64 = 1000;

    /// A look at threads of (number, ms waited), after so many faults of children of process 1, with so many ms of pressure.
    fn look(threads: &[(u32, u64)], ended: u64, pressure: u64) -> Look {
        let waited = threads.iter().map(|(thread, waited)| (*thread, waited * MS)).collect();
        Look { waited, ended: [(1, ended)].into(), pressure: pressure * MS }
    }

    /// What looks every 100 ms come to: (from, to, waited) in ms.
    #[track_caller]
    fn check(looks: &[Look], expected: &[(u64, u64, u64)]) {
        let mut account = Account::begin(0, looks[0].clone());
        let mut stretches: Vec<_> =
            (1..).zip(&looks[1..]).filter_map(|(place, look)| account.enter(place * 100 * MS, look.clone())).collect();
        stretches.extend(account.close());
        let found: Vec<_> = stretches.iter().map(|it| (it.since / MS, it.until / MS, it.waited / MS)).collect();
        assert_eq!(found, expected, "{looks:?}");
    }

    #[test]
    fn stretches() {
        // A client that sleeps or works undisturbed, however much others wait.
        check(&[look(&[(1, 5)], 0, 0), look(&[(1, 5)], 0, 100), look(&[(1, 14)], 0, 200)], &[]);
        // One that waits, then has enough.
        let busy = [look(&[(1, 0)], 0, 0), look(&[(1, 80)], 0, 0), look(&[(1, 150)], 0, 0), look(&[(1, 151)], 0, 0)];
        check(&busy, &[(0, 200, 150)]);
        check(&[look(&[(1, 0)], 0, 0), look(&[(1, 0)], 0, 0), look(&[(1, 40)], 0, 0)], &[]);
        // One that was not counted while it waited.
        let at_last = [look(&[(1, 0)], 0, 0), look(&[(1, 0)], 0, 0), look(&[(1, 0)], 0, 0), look(&[(1, 270)], 0, 0)];
        check(&at_last, &[(30, 300, 270)]);
        // Threads and children, side by side; what a new one has waited counts.
        check(&[look(&[(1, 0)], 0, 0), look(&[(1, 70), (2, 20)], 0, 0)], &[(0, 100, 90)]);
        check(&[look(&[(1, 0)], 0, 0), look(&[(1, 70), (2, 80)], 0, 0)], &[(0, 100, 100)]);
        // Children that nobody saw, and some that were seen once.
        check(&[look(&[(1, 0)], 7, 0), look(&[(1, 0)], 9, 60)], &[(0, 100, 60)]);
        check(&[look(&[(1, 0)], 7, 0), look(&[(1, 0)], 9, 600)], &[(0, 100, 100)]);
        check(&[look(&[(1, 0)], 7, 0), look(&[(1, 0)], 9, 5)], &[]);
        check(&[look(&[(1, 0), (2, 50)], 7, 0), look(&[(1, 0)], 7, 60)], &[(0, 100, 60)]);
        check(&[look(&[(1, 0)], 7, 0), Look { pressure: 60 * MS, ..Look::default() }], &[(0, 100, 60)]);
        // Where there is no /proc.
        check(&[Look::default(), Look::default(), Look::default()], &[]);
    }

    #[test]
    fn a_long_stretch_is_noted_in_parts() {
        let looks: Vec<_> = (0..=24).map(|place| look(&[(1, place * 90)], 0, 0)).collect();
        check(&looks, &[(0, 1000, 900), (1000, 2000, 900), (2000, 2400, 360)]);
    }
}
