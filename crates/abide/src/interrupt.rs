//! Ctrl-C and the polite kill: the first one asks for an orderly end, the second one ends at once.

use std::future::Future;

use tokio::sync::watch;

use crate::exit::Exit;

/// Knows whether somebody asked the program to stop. Clones share the answer.
#[derive(Clone, Debug)]
pub(crate) struct Interrupt(watch::Receiver<bool>);

impl Interrupt {
    /// Listens for the signals of this process.
    pub(crate) fn listen() -> Self {
        let (asked, interrupt) = Self::pair();
        tokio::spawn(async move {
            signal().await;
            let _ = asked.send(true);
            signal().await;
            std::process::exit(i32::from(Exit::Interrupted.code()));
        });
        interrupt
    }

    fn pair() -> (watch::Sender<bool>, Self) {
        let (sender, receiver) = watch::channel(false);
        (sender, Self(receiver))
    }

    /// Returns once somebody asked; never if nobody does.
    pub(crate) async fn asked(&self) {
        let mut receiver = self.0.clone();
        if receiver.wait_for(|asked| *asked).await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    pub(crate) fn is_asked(&self) -> bool {
        *self.0.borrow()
    }

    /// The future's output, or `None` when somebody asks first.
    pub(crate) async fn unless_asked<T>(&self, future: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            biased;
            () = self.asked() => None,
            output = future => Some(output),
        }
    }
}

#[cfg(unix)]
async fn signal() {
    let terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate());
    match terminate {
        Ok(mut terminate) => {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
        }
        Err(_) => {
            let _ = tokio::signal::ctrl_c().await;
        }
    }
}

#[cfg(not(unix))]
async fn signal() {
    let _ = tokio::signal::ctrl_c().await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn asked_once_stays_asked() {
        let (sender, interrupt) = Interrupt::pair();
        assert_eq!(interrupt.unless_asked(async { 1 }).await, Some(1));
        assert!(!interrupt.is_asked());
        sender.send(true).unwrap();
        assert_eq!(interrupt.unless_asked(std::future::pending::<()>()).await, None);
        assert!(interrupt.is_asked());
    }

    #[tokio::test]
    async fn nobody_left_to_ask_is_not_asked() {
        let (sender, interrupt) = Interrupt::pair();
        drop(sender);
        assert_eq!(interrupt.unless_asked(async { 1 }).await, Some(1));
    }
}
