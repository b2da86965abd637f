//! How late the host itself was: a sleeper that notes when it was woken too late.

use std::convert::Infallible;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::book::Book;
use crate::drive::micros;
use crate::trace::Fact;

/// How long the sleeper sleeps.
const NAP: Duration = Duration::from_millis(20);
/// Less is part of the tolerance.
const WORTH_NOTING: Duration = Duration::from_millis(50);
/// So many facts at most; a machine that is that busy has shown it by then, and the last one stands for the rest.
const MOST_FACTS: usize = 2_000;

/// Notes every lag until it is dropped.
pub(crate) async fn watch(book: &Book) -> Infallible {
    let mut noted = 0;
    loop {
        let due = Instant::now() + NAP;
        sleep_until(due).await;
        let late = due.elapsed();
        if late < WORTH_NOTING || noted > MOST_FACTS {
            continue;
        }
        noted += 1;
        let at = (noted <= MOST_FACTS).then(|| book.now());
        book.fact(Fact::HostLag { case: String::new(), lag: micros(late), at });
    }
}
