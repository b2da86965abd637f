//! The outermost layer, in which faults strike.

use std::{sync::Arc, time::SystemTime};

use axum::{
    extract::{ConnectInfo, Request, State},
    middleware::Next,
    response::Response,
};
use tokio::time::sleep;

use super::{Board, Strike, Struck, Wire};
use crate::{
    breakage::{answer::Answer, call::Call},
    clock::Moment,
    reply::Api,
};

/// The middleware. Every delay that strikes is waited for; of all other faults that strike, the first one acts.
pub(crate) async fn strike(State(board): State<Arc<Board>>, request: Request, next: Next) -> Response {
    let struck = board.draw(request.uri().path());
    let mut acting = None;
    for (fault, chance) in struck {
        match fault.strike {
            Strike::Wait(how_long) => sleep(how_long(chance)).await,
            Strike::Refuse(_) | Strike::Change(_) | Strike::Send(_) | Strike::Wire(_) => {
                acting.get_or_insert((fault.strike, chance));
            }
        }
    }
    if let Some((Strike::Refuse(refusal), chance)) = acting {
        // The system's time, as in the Date header beside it: a moved clock moves sessions and not the network.
        return refusal(chance, Moment::from(SystemTime::now())).into_response();
    }

    let wire = request.extensions().get::<ConnectInfo<Wire>>().map(|ConnectInfo(wire)| wire.clone());
    let api = Api::of_path(request.uri().path());
    let call = match Call::read(request).await {
        Ok(call) => call,
        Err(refusal) => return api.refuse(refusal.status, &refusal.sentence),
    };
    let mut answer = Answer::read(next.run(call.clone().into_request()).await).await;
    let recalled = matches!(acting, Some((Strike::Change(_), _))).then(|| board.recall(&call));
    board.remember(&call, &answer);
    match acting {
        Some((Strike::Change(change), _)) => {
            let (first, other) = recalled.unwrap_or_default();
            change(&mut Struck { answer: &mut answer, first, other });
            answer.into_response()
        }
        Some((Strike::Send(send), _)) => send(answer),
        Some((Strike::Wire(script), chance)) => script(answer, chance).play(wire.as_ref()),
        Some((Strike::Wait(_) | Strike::Refuse(_), _)) | None => answer.into_response(),
    }
}
