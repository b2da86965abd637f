//! The fixed cases for a Calmyx server.

use serde_json::Value;

use super::ask::Ask;
use super::driver::{Driver, Stop};
use super::locations;
use super::plan::{Access, Step};
use crate::catalogue::documented::calmyx::MAX_LOCATIONS;
use crate::trace::{Operation, Which};

/// The sizes of the sessions that are followed side by side.
const SIZES: [usize; 4] = [1, 5, 40, 150];

impl Driver {
    /// Every case for a Calmyx server, in order.
    pub(crate) async fn calmyx(&mut self) -> Result<(), Stop> {
        self.tell("sessions side by side");
        self.calmyx_sessions().await?;
        self.closely("a close look", &locations::body(5, 21)).await?;
        self.tell("what has to be refused");
        let refused = locations::invalid().into_iter().map(Step::CreateWith);
        let too_many = [MAX_LOCATIONS + 1, MAX_LOCATIONS * 2].map(Step::Create);
        self.take("refusals", &too_many.into_iter().chain(refused).collect::<Vec<_>>()).await?;
        self.tell("a burst of calls");
        self.take("burst", &[Step::Create(1), Step::Burst(0)]).await?;
        self.afterwards().await?;
        self.tell("listings");
        self.listings().await
    }

    /// Sessions of many sizes, polled by turns from creation to end; in the middle, others ask about them.
    async fn calmyx_sessions(&mut self) -> Result<(), Stop> {
        let case = "sessions";
        let mut bodies: Vec<Value> = Vec::new();
        bodies.extend(SIZES.iter().map(|size| locations::body(*size, *size as u64)));
        bodies.push(locations::body_with_edges(40, 9));
        bodies.push(locations::body(MAX_LOCATIONS, 11));
        let mut sessions = Vec::new();
        for body in bodies {
            if let Some(session) = self.create(case, &body).await? {
                // At once: a session may leave the queue in no time.
                self.call(case, &Ask::status(self.api, &session)).await?;
                sessions.push(session);
            }
        }
        self.strangers(sessions.first().map(String::as_str)).await?;
        self.until_the_end(case, sessions.clone()).await?;
        self.strangers(sessions.get(1).map(String::as_str)).await
    }

    /// Calls that must not see anything, made while there is something to see.
    async fn strangers(&mut self, session: Option<&str>) -> Result<(), Stop> {
        let case = "strangers";
        let all = [Access::None, Access::Wrong];
        let mut steps: Vec<Step> = all.into_iter().map(Step::CreateAs).collect();
        steps.extend((0..8).map(Step::PollUnknown));
        steps.push(Step::PollWithoutId);
        self.take(case, &steps).await?;
        for access in [Access::None, Access::Wrong, Access::Second] {
            if let Some(session) = session
                && (access != Access::Second || self.has_second())
            {
                let credential = access.credential(self.api);
                self.call(case, &Ask::status(self.api, session).with(credential)).await?;
                if access == Access::Second {
                    // The unknown id by the same stranger, to compare with.
                    let unknown = Ask::status(self.api, "sess_0123456789abcdef0123").with(credential).invented();
                    self.call(case, &unknown).await?;
                }
            }
        }
        Ok(())
    }

    /// Deletes one listing that a session made, where the server has such calls.
    async fn listings(&mut self) -> Result<(), Stop> {
        let case = "listings";
        if !self.call(case, &Ask::listing_stats()).await?.is_success() {
            return Ok(());
        }
        let Some(listing) = self.a_listing() else { return Ok(()) };
        self.call(case, &Ask::delete_listing(&listing)).await.map(|_| ())
    }

    /// A listing that an answer to the first credential showed.
    fn a_listing(&self) -> Option<String> {
        let polls = self.trace().exchanges.iter().rev().filter(|exchange| {
            exchange.request.operation == Operation::GetSessionStatus
                && exchange.request.credential.which == Some(Which::First)
        });
        polls.filter_map(|exchange| self.json(exchange.number)).find_map(|json| {
            let items = json.get("results")?.as_array()?;
            items.iter().find_map(|item| Some(item.get("listing_id")?.as_str()?.to_owned()))
        })
    }
}
