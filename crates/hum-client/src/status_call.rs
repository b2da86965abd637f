//! The status call with its body as it came: what a watch sends again and again.
//!
//! The request is that of the generated `getSession`; only what becomes of the answer differs.

use std::time::Duration;

use abide_http::PathSegment;

use crate::{Answer, Client, Error, is_empty_202, is_ready};

/// For messages.
const OPERATION: &str = "getSession";

/// An answer, how long the server asked to be left alone, and the size of its body.
#[cfg_attr(not(feature = "watch"), allow(dead_code, reason = "only a watch asks when to come again"))]
pub(crate) struct Received {
    pub(crate) answer: Answer,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) bytes: u64,
}

impl Client {
    /// As [`Client::session`], with what came beside the answer.
    pub(crate) async fn status(&self, token: &PathSegment) -> Result<Received, Error> {
        let transport = &self.generated.inner;
        let request = self.generated.get_session_request(token);
        let request = request.map_err(|cause| transport.unsent(OPERATION, cause))?;
        match transport.exchange(&self.generated.client, request, OPERATION).await {
            Ok(success) => {
                let reply = abide_http::decode::decode(&success.body);
                let reply = reply.map_err(|cause| transport.undecodable(OPERATION, &cause))?;
                Ok(Received {
                    answer: Answer { ready: is_ready(success.status), reply: Some(reply) },
                    retry_after: abide_http::retry_after(&success.headers),
                    bytes: success.body.len() as u64,
                })
            }
            Err(error) if is_empty_202(&error) => {
                let answer = Answer { ready: false, reply: None };
                Ok(Received { answer, retry_after: error.retry_after(), bytes: 0 })
            }
            Err(error) => Err(error.into()),
        }
    }
}
