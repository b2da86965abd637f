//! The layer between the good server and its callers, in which bugs and variations act.
//!
//! Changes lie around the good server like skins: a call passes them from the outside to the inside, its answer from
//! the inside to the outside. Each remembers sessions for itself, so that no change disturbs another's memory.

use std::{
    num::NonZeroU32,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{
    extract::{Request, State},
    http::HeaderValue,
    middleware::Next,
    response::Response,
};

use super::{
    answer::Answer,
    call::Call,
    change::{Asking, Change, Exchange, Placed},
    memory::{Memories, session_of},
};
use crate::{
    clock::ServerClock, config::Config, credentials::Credentials, documented::hum::INACTIVITY_SECONDS, reply::Api,
};

/// All changes of one server, the innermost first.
#[derive(Debug)]
pub(crate) struct Changes {
    skins: Vec<Skin>,
    clock: ServerClock,
    speed: NonZeroU32,
    calmyx: [HeaderValue; 2],
    hum: [HeaderValue; 2],
}

#[derive(Debug)]
struct Skin {
    api: Option<Api>,
    change: Change,
    memories: Mutex<Memories>,
}

impl Changes {
    /// `None` where there is nothing to change. The credentials are known to be usable as headers.
    pub(crate) fn of(placed: impl IntoIterator<Item = Placed>, config: &Config, clock: ServerClock) -> Option<Self> {
        let skins: Vec<Skin> =
            placed.into_iter().map(|Placed { api, change }| Skin { api, change, memories: Mutex::default() }).collect();
        let Credentials { calmyx, hum } = &config.credentials;
        (!skins.is_empty()).then(|| Self {
            skins,
            clock,
            speed: config.speed,
            calmyx: calmyx.each_ref().map(|key| header(key.clone())),
            hum: hum.each_ref().map(|token| header(format!("Bearer {token}"))),
        })
    }

    fn credentials(&self, api: Api) -> &[HeaderValue; 2] {
        match api {
            Api::Calmyx => &self.calmyx,
            Api::Hum => &self.hum,
        }
    }
}

/// The middleware.
pub(crate) async fn change(State(changes): State<Arc<Changes>>, request: Request, next: Next) -> Response {
    let api = Api::of_path(request.uri().path());
    let mut call = match Call::read(request).await {
        Ok(call) => call,
        Err(refusal) => return api.refuse(refusal.status, &refusal.sentence),
    };
    let skins = || changes.skins.iter().filter(|skin| skin.api.is_none_or(|own| own == api));
    let mut asked = Vec::new();
    for skin in skins().rev() {
        asked.push(call.clone());
        skin.before(&mut call, changes.credentials(api));
    }
    let mut answer = Answer::read(next.run(call.into_request()).await).await;
    for skin in skins() {
        let Some(call) = asked.pop() else { break };
        skin.after(&call, &mut answer, &changes);
    }
    answer.into_response()
}

impl Skin {
    fn before(&self, call: &mut Call, credentials: &[HeaderValue; 2]) {
        let mut memories = self.memories.lock().unwrap_or_else(PoisonError::into_inner);
        let session = call.session().map(str::to_owned);
        let memory = memories.of(session.as_deref());
        self.change.before(&mut Asking { call, memory, credentials });
    }

    fn after(&self, call: &Call, answer: &mut Answer, changes: &Changes) {
        let now = changes.clock.now();
        let good = answer.clone();
        let mut memories = self.memories.lock().unwrap_or_else(PoisonError::into_inner);
        let session = session_of(call, answer);
        let memory = memories.of(session.as_deref());
        memory.observe(call, answer, now);
        let inactivity = Duration::from_secs(INACTIVITY_SECONDS) / changes.speed.get();
        self.change.after(&mut Exchange { call, answer, memory, now, inactivity });
        memory.remember(call, good, now);
    }
}

/// A credential that the server has taken consists of visible ASCII characters, which a header may hold.
fn header(value: String) -> HeaderValue {
    let mut value = HeaderValue::try_from(value).unwrap_or(HeaderValue::from_static("unusable"));
    value.set_sensitive(true);
    value
}
