//! The status call with its body as it came: what is sent again and again.
//!
//! The request is that of the generated `getSessionStatus`; only what becomes of the answer differs.

use abide_http::Success;

use crate::types::SessionStatus;
use crate::{Client, Error, validate};

/// For messages.
const OPERATION: &str = "getSessionStatus";

impl Client {
    /// As [`Client::session_status`], before it is read.
    pub(crate) async fn status_reply(&self, session_id: &str) -> Result<Success, Error> {
        validate::session_id(session_id)?;
        let transport = &self.generated.inner;
        let request = self.generated.get_session_status_request(session_id);
        let request = request.map_err(|cause| transport.unsent(OPERATION, cause))?;
        Ok(transport.exchange(&self.generated.client, request, OPERATION).await?)
    }

    pub(crate) async fn whole_status(&self, session_id: &str) -> Result<SessionStatus, Error> {
        let success = self.status_reply(session_id).await?;
        abide_http::decode::decode(&success.body).map_err(|cause| self.undecodable(&cause))
    }

    /// The body of an answer is not what the documents describe.
    pub(crate) fn undecodable(&self, cause: &serde_json::Error) -> Error {
        self.generated.inner.undecodable(OPERATION, cause).into()
    }
}
