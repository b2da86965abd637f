//! Ctrl-C, the polite kill and the closed terminal: the first one asks for an orderly end, the second one for a quick
//! one, and from the third on there is no waiting.

use std::future::Future;
use std::time::Duration;

use tokio::sync::watch;

use crate::exit::Exit;

/// How long a request that is under way may still take after the first signal: its answer may name a session that would
/// otherwise be lost.
const GRACE: Duration = Duration::from_secs(2);

/// Knows how often somebody asked the program to stop. Clones share the answer.
#[derive(Clone, Debug)]
pub(crate) struct Interrupt(watch::Receiver<u32>);

impl Interrupt {
    /// Listens for the signals of this process.
    pub(crate) fn listen() -> Self {
        let (count, interrupt) = Self::pair();
        tokio::spawn(async move {
            let mut signals = Signals::new();
            loop {
                signals.next().await;
                count.send_modify(|count| *count = count.saturating_add(1));
                if *count.borrow() == 2 {
                    tokio::spawn(end_for_certain());
                }
            }
        });
        interrupt
    }

    fn pair() -> (watch::Sender<u32>, Self) {
        let (sender, receiver) = watch::channel(0);
        (sender, Self(receiver))
    }

    /// Returns once somebody asked; never if nobody does.
    pub(crate) async fn asked(&self) {
        self.at_least(1).await;
    }

    /// Returns once somebody asked three times; never if nobody does.
    pub(crate) async fn insisted(&self) {
        self.at_least(3).await;
    }

    pub(crate) fn is_asked(&self) -> bool {
        *self.0.borrow() > 0
    }

    /// The future's output, or `None` when somebody asks first.
    pub(crate) async fn unless_asked<T>(&self, future: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            biased;
            () = self.asked() => None,
            output = future => Some(output),
        }
    }

    /// The future's output, also when somebody asks, as long as it comes within the grace.
    pub(crate) async fn within_grace<T>(&self, future: impl Future<Output = T>) -> Option<T> {
        tokio::pin!(future);
        tokio::select! {
            biased;
            output = &mut future => Some(output),
            () = self.asked() => tokio::select! {
                biased;
                output = tokio::time::timeout(GRACE, future) => output.ok(),
                () = self.at_least(2) => None,
            },
        }
    }

    async fn at_least(&self, times: u32) {
        let mut receiver = self.0.clone();
        if receiver.wait_for(|count| *count >= times).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

/// Whoever asked twice gets an end, also where reading or writing blocks and nothing else can be done about it.
async fn end_for_certain() {
    tokio::time::sleep(GRACE).await;
    std::process::exit(i32::from(Exit::Interrupted.code()));
}

/// The signals, listened to from the start, so that none is lost between two.
#[cfg(unix)]
struct Signals {
    streams: Vec<tokio::signal::unix::Signal>,
}

#[cfg(unix)]
impl Signals {
    fn new() -> Self {
        use tokio::signal::unix::{SignalKind, signal};
        let kinds = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()];
        Self { streams: kinds.into_iter().filter_map(|kind| signal(kind).ok()).collect() }
    }

    async fn next(&mut self) {
        std::future::poll_fn(|context| {
            let came = self.streams.iter_mut().any(|stream| stream.poll_recv(context).is_ready());
            if came { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
        })
        .await;
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> Self {
        Self
    }

    async fn next(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn asked_once_stays_asked() {
        let (sender, interrupt) = Interrupt::pair();
        assert_eq!(interrupt.unless_asked(async { 1 }).await, Some(1));
        assert!(!interrupt.is_asked());
        sender.send(1).unwrap();
        assert_eq!(interrupt.unless_asked(std::future::pending::<()>()).await, None);
        assert!(interrupt.is_asked());
        assert!(tokio::time::timeout(Duration::from_millis(10), interrupt.insisted()).await.is_err());
        sender.send(3).unwrap();
        interrupt.insisted().await;
    }

    #[tokio::test]
    async fn nobody_left_to_ask_is_not_asked() {
        let (sender, interrupt) = Interrupt::pair();
        drop(sender);
        assert_eq!(interrupt.unless_asked(async { 1 }).await, Some(1));
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_under_way_has_its_grace() {
        let (sender, interrupt) = Interrupt::pair();
        sender.send(1).unwrap();
        let answer_after = |seconds| async move {
            tokio::time::sleep(Duration::from_secs(seconds)).await;
            seconds
        };
        assert_eq!(interrupt.within_grace(answer_after(1)).await, Some(1));
        assert_eq!(interrupt.within_grace(answer_after(60)).await, None);
        sender.send(2).unwrap();
        let started = tokio::time::Instant::now();
        assert_eq!(interrupt.within_grace(answer_after(1)).await, None);
        assert!(started.elapsed().is_zero(), "asked twice");
    }
}
