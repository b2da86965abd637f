//! What all calls share, and the routes of both APIs with the limits around them.

use std::{num::NonZeroU32, sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request, State},
    http::{StatusCode, Uri},
    middleware::{self, Next},
    response::Response,
};

use crate::{
    calmyx,
    clock::{Moment, ServerClock},
    config::Config,
    credentials::{Callers, Owner},
    error::ServerError,
    faults,
    host::Hosts,
    hum,
    plan::Plan,
    rate_limit::Limiter,
    reply::Api,
    request::{BODY_LIMIT, Refusal, head_size},
    scenario::Scenario,
    shown_time::ShownTime,
    store::Store,
    test_hooks,
};

/// How long one call may take, the reading of its body included.
const CALL_TIMEOUT: Duration = Duration::from_secs(30);

/// The most bytes of a path with its query and all headers together.
const HEAD_LIMIT: usize = 64 * 1024;

/// What a call may use.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) clock: ServerClock,
    pub(crate) speed: NonZeroU32,
    pub(crate) plan: Plan,
    pub(crate) scenario: Option<Scenario>,
    pub(crate) calmyx_callers: Callers,
    pub(crate) hum_callers: Callers,
    limiter: Limiter,
    pub(crate) store: Store,
    pub(crate) calmyx_cache: calmyx::Cache,
    shown: ShownTime,
}

impl App {
    pub(crate) fn open(config: &Config, clock: ServerClock) -> Result<Self, ServerError> {
        let calmyx_callers = Callers::new("Calmyx API key", &config.credentials.calmyx)?;
        let hum_callers = Callers::new("Hum API token", &config.credentials.hum)?;
        let store = Store::open(config.database.as_deref())?;
        clock.advance(store.clock_moved()?);
        if let Some(latest) = store.latest_moment()? {
            clock.go_on_from(latest);
        }
        Ok(Self {
            clock,
            speed: config.speed,
            plan: config.plan,
            scenario: config.breakage.scenario().cloned(),
            calmyx_callers,
            hum_callers,
            limiter: Limiter::new(config.rate_limit),
            store,
            calmyx_cache: calmyx::Cache::new(),
            shown: ShownTime::new(),
        })
    }

    /// The moment of which an answer that only reads speaks.
    pub(crate) async fn moment(&self) -> Result<Moment, ServerError> {
        self.shown.now(&self.clock, &self.store).await
    }

    /// Counts a call of somebody who is known, or refuses it (HUM-RATE-LIMIT).
    pub(crate) fn admit(&self, caller: Owner) -> Result<(), Refusal> {
        self.limiter.admit(caller, || self.clock.now()).map_err(|too_many| Refusal::too_many(too_many.wait))
    }

    /// Stores what is left to be stored, after the last answer.
    pub(crate) async fn close(&self) -> Result<(), ServerError> {
        self.shown.close(&self.clock, &self.store).await
    }
}

/// Both APIs as one service, for use inside a process. Of `config.listen` only the `Host` check makes use: where it is
/// a loopback address, requests for other hosts are refused.
///
/// Calmyx has the paths under `/v2`, Hum all others. The database is opened here, which blocks for a moment. The
/// service must be polled inside a Tokio runtime.
///
/// ```
/// use std::time::SystemTime;
/// use abide_server::{Config, Credentials, Plan, ServerClock, router};
///
/// let config = Config { plan: Plan::Trial, ..Config::local(Credentials::generate()?) };
/// let service: axum::Router = router(&config, ServerClock::manual(SystemTime::now()))?;
/// # Ok::<(), abide_server::ServerError>(())
/// ```
pub fn router(config: &Config, clock: ServerClock) -> Result<Router, ServerError> {
    Ok(routes(config, Arc::new(App::open(config, clock)?)))
}

/// The same on what is open already: both APIs, around them what is wrong with them on purpose, and beside that the
/// paths for tests, which nothing disturbs.
pub(crate) fn routes(config: &Config, app: Arc<App>) -> Router {
    let good = Router::new().merge(calmyx::routes()).merge(hum::routes()).fallback(unknown_route);
    let good = within_limits(good.with_state(Arc::clone(&app)), config);
    let board = config.breakage.board();
    let service = config.breakage.around(good, config, &app.clock, &board);
    if !config.test_hooks {
        return service;
    }
    let hooks = test_hooks::routes().with_state(app).merge(faults::routes(board));
    within_limits(hooks, config).fallback_service(service)
}

fn within_limits(routes: Router, config: &Config) -> Router {
    routes
        .method_not_allowed_fallback(wrong_method)
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(middleware::from_fn(within_the_timeout))
        .layer(middleware::from_fn(head_within_limit))
        .layer(middleware::from_fn_with_state(Hosts::of(config.listen), for_this_host))
}

async fn for_this_host(State(hosts): State<Hosts>, request: Request, next: Next) -> Response {
    if hosts.admit(request.uri(), request.headers()) {
        return next.run(request).await;
    }
    Api::of_path(request.uri().path())
        .refuse(StatusCode::MISDIRECTED_REQUEST, "This server answers on loopback names only.")
}

async fn head_within_limit(request: Request, next: Next) -> Response {
    if head_size(&request) <= HEAD_LIMIT {
        return next.run(request).await;
    }
    Api::of_path(request.uri().path())
        .refuse(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, &format!("The head is larger than {HEAD_LIMIT} bytes."))
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
