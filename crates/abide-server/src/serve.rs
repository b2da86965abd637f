//! The server on a socket: listening, and stopping without losing an answer.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

use crate::{
    app::{App, routes},
    clock::ServerClock,
    config::Config,
    connection::ImpatientListener,
    error::ServerError,
    faults::Wire,
};

/// How long calls in progress may take to end once the server was told to stop.
const GRACE: Duration = Duration::from_secs(5);

/// A running server. Dropping it lets it stop in the background; [`shutdown`](Self::shutdown) waits for that.
///
/// The crate's front page shows one being started.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<io::Result<()>>,
    app: Arc<App>,
}

impl Server {
    /// Opens the database and listens; the server answers from the moment this returns.
    pub async fn start(config: Config) -> Result<Self, ServerError> {
        Self::start_with_clock(config, ServerClock::system()).await
    }

    /// The same with a clock that the caller can move.
    pub async fn start_with_clock(config: Config, clock: ServerClock) -> Result<Self, ServerError> {
        let address = config.listen;
        if !address.ip().is_loopback() && !config.allow_remote {
            return Err(ServerError::Remote { address });
        }
        let unusable = |source| ServerError::Listen { address, source };
        let listener = TcpListener::bind(address).await.map_err(unusable)?;
        let address = listener.local_addr().map_err(unusable)?;
        let opening = config.clone();
        let app = tokio::task::spawn_blocking(move || App::open(&opening, clock)).await.map_err(stopped)??;
        let app = Arc::new(app);

        let (stop, stopping) = oneshot::channel();
        // A sender that was dropped asks for the same as one that has sent.
        let service = routes(&config, Arc::clone(&app)).into_make_service_with_connect_info::<Wire>();
        let serve = axum::serve(ImpatientListener(listener), service)
            .with_graceful_shutdown(async { stopping.await.unwrap_or_default() });
        let task = tokio::spawn(serve.into_future());
        tracing::info!(%address, "listening");
        Ok(Self { address, stop, task, app })
    }

    /// Where it listens, with the port that the system chose.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Takes no more calls, waits up to five seconds for those in progress, and stops.
    pub async fn shutdown(self) -> Result<(), ServerError> {
        // A receiver that is gone belongs to a server that has stopped by itself; the task says why.
        let _ = self.stop.send(());
        let abort = self.task.abort_handle();
        match tokio::time::timeout(GRACE, self.task).await {
            Ok(ended) => ended.map_err(stopped)?.map_err(stopped)?,
            Err(_) => {
                // What they may still show is covered by what is stored already: nothing is given back.
                tracing::warn!("calls in progress are not waited for any longer");
                abort.abort();
                return Ok(());
            }
        }
        self.app.close().await
    }

    /// Runs until `signal` is ready, and then shuts down; returns earlier only when the server stops by itself.
    pub async fn run_until(mut self, signal: impl Future) -> Result<(), ServerError> {
        tokio::select! {
            ended = &mut self.task => ended.map_err(stopped)?.map_err(stopped),
            _ = signal => self.shutdown().await,
        }
    }
}

fn stopped(error: impl std::error::Error + Send + Sync + 'static) -> ServerError {
    ServerError::Stopped(error.into())
}
