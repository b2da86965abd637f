//! Typed client for the parcel label API: the facade over what is generated.

#[allow(clippy::all, reason = "generated")]
mod generated;
pub mod lifecycle;
mod observe;

use abide_core::{Lifecycle, LifecycleError, Options};
use abide_http::{BaseUrl, Credential, Error, Limits, PathSegment, Scheme, Transport};
use abide_watch::{BoxFuture, Fetched, Fingerprint, Refusal, Reply, Seen, StatusSource, Watch};
use progenitor_client::{ClientHooks, OperationInfo};
use types::{Batch, CreatedBatch, Label, NewBatch};

pub use generated::types;
pub use observe::observe;

/// A client for one key.
#[derive(Clone, Debug)]
pub struct Client {
    generated: generated::Client,
}

impl Client {
    /// A client that sends `credential` to `base` and nowhere else.
    pub fn new(base: BaseUrl, credential: Credential) -> Result<Self, Error> {
        let transport = Transport::new(base, credential, Scheme::Bearer, Limits::default());
        let http = transport.http_client()?;
        let base = transport.base().as_str().to_owned();
        Ok(Self { generated: generated::Client::new_with_client(&base, http, transport) })
    }

    /// Orders labels.
    pub async fn create_batch(&self, batch: &NewBatch) -> Result<CreatedBatch, Error> {
        match self.generated.create_batch(batch).await {
            Ok(reply) => Ok(reply.into_inner()),
            Err(error) => Err(Error::from_generated(error, "createBatch", &self.generated.inner).await),
        }
    }

    /// Waits for a batch by these rules; [`lifecycle::LIFECYCLE`] has the documented ones.
    pub fn watch(
        &self,
        token: PathSegment,
        lifecycle: &Lifecycle,
        options: Options,
    ) -> Result<Watch<BatchSource>, LifecycleError> {
        Watch::new(BatchSource { client: self.clone(), token }, lifecycle, options)
    }
}

impl ClientHooks<Transport> for generated::Client {
    async fn exec(&self, request: reqwest::Request, info: &OperationInfo) -> reqwest::Result<reqwest::Response> {
        self.inner.exec(&self.client, request, info).await
    }
}

/// The status of one batch, again and again.
#[derive(Clone, Debug)]
pub struct BatchSource {
    client: Client,
    token: PathSegment,
}

impl StatusSource for BatchSource {
    type Status = Batch;
    type Item = Label;
    type Error = Error;

    fn fetch(&self, _: &Seen) -> BoxFuture<Fetched<Self>> {
        let Self { client, token } = self.clone();
        Box::pin(async move {
            match client.generated.get_batch(&token).await {
                Ok(reply) => {
                    let retry_after = abide_http::retry_after(reply.headers());
                    let bytes = reply.content_length().unwrap_or(0);
                    let mut status = reply.into_inner();
                    let observation = observe(&status);
                    let items = std::mem::take(&mut status.labels);
                    Ok(Reply { observation, status, items, known: 0, seen: Seen::nothing(), retry_after, bytes })
                }
                Err(error) => {
                    let error = Error::from_generated(error, "getBatch", &client.generated.inner).await;
                    Err(Refusal { setback: error.setback(), error })
                }
            }
        })
    }

    fn session(&self) -> u64 {
        let base = self.client.generated.inner.base().as_str();
        Fingerprint::new().text(base).text(self.token.as_str()).finish()
    }

    fn identity(label: &Label) -> u64 {
        let fingerprint = Fingerprint::new();
        match label {
            Label::Printed(label) => fingerprint.text("printed").text(&label.parcel).text(&label.barcode),
            Label::Spoilt(label) => {
                let reason = label.reason.as_deref().unwrap_or_default();
                fingerprint.text("spoilt").text(&label.parcel).text(reason)
            }
            Label::Unrecognised(value) => fingerprint.text("unrecognised").text(&value.to_string()),
        }
        .finish()
    }
}
