//! The fixed cases for a Hum server.

use std::time::Duration;

use super::addresses;
use super::ask::Ask;
use super::driver::{Driver, Stop};
use super::plan::{Access, Step};
use crate::catalogue::Api;

/// How many addresses are looked up side by side: enough for some to be ambiguous or unknown.
const SIDE_BY_SIDE: u64 = 12;

impl Driver {
    /// Every case for a Hum server, in order.
    pub(crate) async fn hum(&mut self) -> Result<(), Stop> {
        self.tell("sessions side by side");
        self.hum_sessions().await?;
        self.closely("a close look", &addresses::valid(0)).await?;
        self.tell("what has to be refused");
        self.take("refusals", &addresses::invalid().into_iter().map(Step::CreateWith).collect::<Vec<_>>()).await?;
        self.tell("closing");
        self.take("closing", &CLOSING).await?;
        self.take("closing", &CLOSING_LATE).await?;
        self.tell("a burst of calls");
        self.take("burst", &[Step::Create(3), Step::Burst(0)]).await?;
        self.afterwards().await?;
        self.expiry().await?;
        self.afterwards().await
    }

    async fn hum_sessions(&mut self) -> Result<(), Stop> {
        let case = "sessions";
        let mut sessions = Vec::new();
        for number in 0..SIDE_BY_SIDE {
            if let Some(session) = self.create(case, &addresses::valid(number)).await? {
                self.call(case, &Ask::status(Api::Hum, &session)).await?;
                sessions.push(session);
            }
        }
        self.hum_strangers(sessions.first().map(String::as_str)).await?;
        self.until_the_end(case, sessions.clone()).await?;
        self.hum_strangers(sessions.get(1).map(String::as_str)).await
    }

    /// Calls that must not see anything, made while there is something to see.
    async fn hum_strangers(&mut self, session: Option<&str>) -> Result<(), Stop> {
        let case = "strangers";
        let mut steps: Vec<Step> = [Access::None, Access::Wrong].into_iter().map(Step::CreateAs).collect();
        steps.extend((0..8).map(Step::PollUnknown));
        steps.extend((0..2).map(Step::CloseUnknown));
        self.take(case, &steps).await?;
        let unknown = "0123456789abcdef012345";
        for access in [Access::None, Access::Wrong, Access::Second] {
            let Some(session) = session.filter(|_| access != Access::Second || self.has_second()) else { continue };
            let credential = access.credential(Api::Hum);
            for ask in [Ask::status, |_, id: &str| Ask::services(id), |_, id: &str| Ask::close(id)] {
                self.call(case, &ask(Api::Hum, session).with(credential)).await?;
                if access == Access::Second {
                    // The unknown token by the same stranger, to compare with.
                    self.call(case, &ask(Api::Hum, unknown).with(credential).invented()).await?;
                }
            }
        }
        // A stranger's call to close must not have closed it.
        if let Some(session) = session {
            self.call(case, &Ask::status(Api::Hum, session)).await?;
        }
        Ok(())
    }

    /// Four sessions, and a little more than the time after which a session dies: one is left alone, one is asked about
    /// just before the end, one is used half-way, and one only by somebody without a credential.
    async fn expiry(&mut self) -> Result<(), Stop> {
        let case = "expiry";
        self.tell("expiry");
        let window = self.window;
        let mut sessions = Vec::new();
        for number in 20..25 {
            sessions.extend(self.create(case, &addresses::valid(number)).await?);
        }
        let [alone, probed, used, read, bothered] = sessions.as_slice() else { return Ok(()) };
        let status = |session: &str| Ask::status(Api::Hum, session);
        if !self.age(window / 2).await? {
            return Ok(());
        }
        self.call(case, &status(read)).await?;
        self.call(case, &Ask::services(used)).await?;
        self.call(case, &status(bothered).with(Access::None.credential(Api::Hum))).await?;
        self.age(window * 12 / 25).await?;
        self.call(case, &status(probed)).await?;
        // Past the end by a thirtieth, which is a minute of half an hour, and at least two seconds.
        self.age(window / 50 + (window / 30).max(Duration::from_secs(2))).await?;
        for session in [alone, used, read, bothered, alone] {
            self.call(case, &status(session)).await?;
        }
        for ask in [Ask::services(alone), Ask::close(alone), status(alone)] {
            self.call(case, &ask).await?;
        }
        Ok(())
    }
}

const CLOSING: [Step; 9] = [
    Step::Create(1),
    Step::Poll(0),
    Step::Close(0),
    Step::Poll(0),
    Step::Services(0),
    Step::Poll(0),
    Step::Close(0),
    Step::Wait(200),
    Step::Poll(0),
];

const CLOSING_LATE: [Step; 6] =
    [Step::Create(2), Step::ToTheEnd(0), Step::Close(0), Step::Services(0), Step::Poll(0), Step::Poll(0)];
