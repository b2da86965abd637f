//! What became of sessions, orders included.

use crate::types::{AnalyticsDetail, AnalyticsPage};
use crate::{Client, Error, PathSegment};

/// Which sessions to list; the default is all of them, from the first page.
#[derive(Clone, Debug, Default)]
pub struct AnalyticsQuery {
    /// Which page of 50, from 1.
    pub page: Option<i64>,
    /// Sessions from this day on, such as `2026-01-31`.
    pub start_date: Option<String>,
    /// Sessions up to this day.
    pub end_date: Option<String>,
    /// Only sessions of these API tokens; one that is not yours is answered with 403.
    pub token_ids: Vec<String>,
    /// Only sessions in which somebody clicked.
    pub with_clicks: Option<bool>,
}

impl Client {
    /// One page of sessions ("List Sessions" under Analytics). Their ids are not session tokens.
    ///
    /// # Errors
    /// What went wrong with the exchange.
    pub async fn analytics_sessions(&self, query: &AnalyticsQuery) -> Result<AnalyticsPage, Error> {
        let token_ids = (!query.token_ids.is_empty()).then_some(&query.token_ids);
        let outcome = self
            .generated
            .list_analytics_sessions(
                query.end_date.as_deref(),
                query.page,
                query.start_date.as_deref(),
                token_ids,
                query.with_clicks,
            )
            .await;
        match outcome {
            Ok(reply) => Ok(reply.into_inner()),
            Err(error) => Err(self.explain(error, "listAnalyticsSessions").await),
        }
    }

    /// One session with its order and the steps on the way to it.
    ///
    /// # Errors
    /// [`Error::is_denied`] or a 404 for an id that is not yours; else what went wrong with the exchange.
    pub async fn analytics_session(&self, id: &PathSegment) -> Result<AnalyticsDetail, Error> {
        match self.generated.get_analytics_session(id).await {
            Ok(reply) => Ok(reply.into_inner()),
            Err(error) => Err(self.explain(error, "getAnalyticsSession").await),
        }
    }
}
