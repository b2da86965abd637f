//! What all calls share, and the routes of both APIs with the limits around them.

use std::{num::NonZeroU32, sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request},
    http::{StatusCode, Uri},
    middleware::{self, Next},
    response::Response,
};

use crate::{
    calmyx,
    clock::ServerClock,
    config::{Config, Plan},
    credentials::Callers,
    error::ServerError,
    hum,
    reply::Api,
    request::BODY_LIMIT,
    store::Store,
};

/// How long one call may take, the reading of its body included.
const CALL_TIMEOUT: Duration = Duration::from_secs(30);

/// What a call may use.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) clock: ServerClock,
    pub(crate) speed: NonZeroU32,
    pub(crate) plan: Plan,
    pub(crate) calmyx_callers: Callers,
    pub(crate) hum_callers: Callers,
    pub(crate) store: Store,
    pub(crate) calmyx_cache: calmyx::Cache,
}

impl App {
    fn open(config: &Config, clock: ServerClock) -> Result<Self, ServerError> {
        let calmyx_callers = Callers::new("Calmyx API key", &config.credentials.calmyx)?;
        let hum_callers = Callers::new("Hum API token", &config.credentials.hum)?;
        let store = Store::open(config.database.as_deref())?;
        if let Some(latest) = store.latest_moment()? {
            clock.go_on_from(latest);
        }
        Ok(Self {
            clock,
            speed: config.speed,
            plan: config.plan,
            calmyx_callers,
            hum_callers,
            store,
            calmyx_cache: calmyx::Cache::new(),
        })
    }
}

/// Both APIs as one service, for use inside a process; `config.listen` is not used.
///
/// Calmyx has the paths under `/v2`, Hum all others. The database is opened here, which blocks for a moment. The
/// service must be polled inside a Tokio runtime.
///
/// ```
/// use std::{num::NonZeroU32, time::SystemTime};
/// use abide_server::{Config, Credentials, Plan, ServerClock, router};
///
/// let config = Config {
///     listen: ([127, 0, 0, 1], 0).into(),
///     database: None,
///     speed: NonZeroU32::MIN,
///     plan: Plan::Trial,
///     credentials: Credentials::generate()?,
/// };
/// let service: axum::Router = router(&config, ServerClock::manual(SystemTime::now()))?;
/// # Ok::<(), abide_server::ServerError>(())
/// ```
pub fn router(config: &Config, clock: ServerClock) -> Result<Router, ServerError> {
    let app = Arc::new(App::open(config, clock)?);
    Ok(Router::new()
        .merge(calmyx::routes())
        .merge(hum::routes())
        .fallback(unknown_route)
        .method_not_allowed_fallback(wrong_method)
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(middleware::from_fn(within_the_timeout))
        .with_state(app))
}

async fn unknown_route(uri: Uri) -> Response {
    Api::of_path(uri.path()).refuse(StatusCode::NOT_FOUND, "There is no such path.")
}

async fn wrong_method(uri: Uri) -> Response {
    Api::of_path(uri.path()).refuse(StatusCode::METHOD_NOT_ALLOWED, "This path has no such method.")
}

async fn within_the_timeout(request: Request, next: Next) -> Response {
    let api = Api::of_path(request.uri().path());
    tokio::time::timeout(CALL_TIMEOUT, next.run(request))
        .await
        .unwrap_or_else(|_| api.refuse(StatusCode::REQUEST_TIMEOUT, "The call took too long."))
}
