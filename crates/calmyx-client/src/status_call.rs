//! The status call with its body as it came: what a watch sends again and again.
//!
//! The request is that of the generated `getSessionStatus`; only what becomes of the answer differs.

use progenitor_client::QueryParam;
use reqwest::header::{ACCEPT, HeaderValue};

use crate::reading::Body;
use crate::{Client, Error, validate};

/// For messages.
const OPERATION: &str = "getSessionStatus";

impl Client {
    /// As [`Client::session_status`], before it is read.
    pub(crate) async fn status_body(&self, session_id: &str) -> Result<Body, Error> {
        validate::session_id(session_id)?;
        let request = self
            .generated
            .client
            .get(self.generated.inner.base().join("/v2/session/status"))
            .header(ACCEPT, HeaderValue::from_static("application/json"))
            .query(&QueryParam::new("session_id", &session_id))
            .build()
            .map_err(|cause| self.generated.inner.unsent(OPERATION, cause))?;
        let success = self.generated.inner.exchange(&self.generated.client, request, OPERATION).await?;
        Ok(Body { retry_after: abide_http::retry_after(&success.headers), bytes: success.body })
    }

    /// The body of an answer is not what the documents describe.
    pub(crate) fn undecodable(&self, cause: &serde_json::Error) -> Error {
        self.generated.inner.undecodable(OPERATION, cause).into()
    }
}
