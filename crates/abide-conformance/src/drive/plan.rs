//! A few steps with sessions of their own: what random cases, and the proofs of findings, are made of.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::time::Duration;

use serde_json::Value;

use super::ask::{Ask, right};
use super::driver::{BETWEEN_POLLS, Driver, Stop};
use super::{addresses, locations};
use crate::catalogue::Api;
use crate::catalogue::documented::calmyx::{STATUS_COMPLETED, STATUS_FAILED};
use crate::judge::is_settled;
use crate::trace::{Credential, Which};
use crate::wire::session_of_reply;

/// How often a session is asked about after its end.
const AFTER_THE_END: u32 = 3;
/// How often a session is looked at closely, and with which pause.
const CLOSE_LOOKS: u32 = 40;
const BETWEEN_CLOSE_LOOKS: Duration = Duration::from_millis(5);
/// How many calls a burst has.
const BURST: u32 = 30;

/// One step. Sessions are counted in the order in which the plan creates them; a number beyond them wraps around.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Step {
    /// Calmyx: with so many locations. Hum: with the address of that number.
    Create(usize),
    /// Calmyx: with repeated locations and some at the documented bounds.
    CreateEdges(usize),
    /// With a body that is given.
    CreateWith(Value),
    /// With another credential, or none.
    CreateAs(Access),
    Poll(usize),
    PollAs(usize, Access),
    /// About an id that nobody gave out.
    PollUnknown(usize),
    /// Calmyx: without an id.
    PollWithoutId,
    /// Every 100 ms to the end, and a few times more.
    ToTheEnd(usize),
    /// Hum.
    Services(usize),
    ServicesAs(usize, Access),
    Close(usize),
    CloseAs(usize, Access),
    CloseUnknown(usize),
    /// In milliseconds.
    Wait(u32),
    /// The server's clock, in percent of the time after which a session dies.
    Age(u32),
    /// Many calls without a pause.
    Burst(usize),
}

/// Who asks, where it is not the owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    None,
    Wrong,
    Second,
}

impl Access {
    pub(crate) fn credential(self, api: Api) -> Credential {
        match self {
            Self::None => Credential::NONE,
            Self::Wrong => right(api, Which::Wrong),
            Self::Second => right(api, Which::Second),
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let as_whom = |access: &Access| match access {
            Access::None => "without a credential",
            Access::Wrong => "with a wrong credential",
            Access::Second => "with the second credential",
        };
        match self {
            Self::Create(what) => write!(formatter, "create {what}"),
            Self::CreateEdges(count) => write!(formatter, "create {count} with edges"),
            Self::CreateWith(_) => write!(formatter, "create with an odd body"),
            Self::CreateAs(access) => write!(formatter, "create {}", as_whom(access)),
            Self::Poll(session) => write!(formatter, "poll #{session}"),
            Self::PollAs(session, access) => write!(formatter, "poll #{session} {}", as_whom(access)),
            Self::PollUnknown(_) => write!(formatter, "poll an unknown id"),
            Self::PollWithoutId => write!(formatter, "poll without an id"),
            Self::ToTheEnd(session) => write!(formatter, "poll #{session} to the end"),
            Self::Services(session) => write!(formatter, "services of #{session}"),
            Self::ServicesAs(session, access) => write!(formatter, "services of #{session} {}", as_whom(access)),
            Self::Close(session) => write!(formatter, "close #{session}"),
            Self::CloseAs(session, access) => write!(formatter, "close #{session} {}", as_whom(access)),
            Self::CloseUnknown(_) => write!(formatter, "close an unknown token"),
            Self::Wait(milliseconds) => write!(formatter, "wait {milliseconds} ms"),
            Self::Age(percent) => write!(formatter, "let {percent} % of the expiry window pass"),
            Self::Burst(session) => write!(formatter, "poll #{session} {BURST} times at once"),
        }
    }
}

/// The steps in words.
pub(crate) fn words(steps: &[Step]) -> String {
    steps.iter().map(Step::to_string).collect::<Vec<_>>().join(", ")
}

impl Driver {
    /// Takes the steps one after the other; gives the first and the last exchange that this took.
    pub(crate) async fn take(&mut self, case: &str, steps: &[Step]) -> Result<(u32, u32), Stop> {
        self.take_again(case, steps, 0).await
    }

    /// The same for steps that were taken so many times before: from the second time on they submit something else.
    pub(crate) async fn take_again(&mut self, case: &str, steps: &[Step], run: u32) -> Result<(u32, u32), Stop> {
        let first = self.next_number();
        let mut sessions: Vec<String> = Vec::new();
        let salt = salt(self.trace().header.seed, case, run);
        for (place, step) in (0..).zip(steps) {
            self.step(case, step, Salt { number: salt.wrapping_add(place).into(), run }, &mut sessions).await?;
        }
        Ok((first, self.next_number().saturating_sub(1)))
    }

    async fn step(&mut self, case: &str, step: &Step, salt: Salt, sessions: &mut Vec<String>) -> Result<(), Stop> {
        let api = self.api;
        if let Some(body) = creation(api, step, salt) {
            sessions.extend(self.create(case, &body).await?);
            return Ok(());
        }
        if matches!(step, Step::ToTheEnd(_) | Step::Burst(_) | Step::Wait(_) | Step::Age(_)) {
            return self.longer(case, step, sessions).await;
        }
        let session = |place: &usize| sessions.get(place.checked_rem(sessions.len())?).cloned();
        let ask = match step {
            Step::CreateAs(access) => {
                let body = creation(api, &Step::Create(1), salt).unwrap_or_default();
                Some(Ask::create(api, &body).with(access.credential(api)))
            }
            Step::Poll(place) => session(place).map(|id| Ask::status(api, &id)),
            Step::PollAs(place, access) => session(place).map(|id| Ask::status(api, &id).with(access.credential(api))),
            Step::PollUnknown(kind) => Some(Ask::status(api, &unknown(api, *kind, salt.number)).invented()),
            Step::PollWithoutId => Some(Ask::status_without_id()),
            Step::Services(place) => session(place).map(|id| Ask::services(&id)),
            Step::ServicesAs(place, access) => session(place).map(|id| Ask::services(&id).with(access.credential(api))),
            Step::Close(place) => session(place).map(|id| Ask::close(&id)),
            Step::CloseAs(place, access) => session(place).map(|id| Ask::close(&id).with(access.credential(api))),
            Step::CloseUnknown(kind) => Some(Ask::close(&unknown(api, *kind, salt.number)).invented()),
            Step::Create(_)
            | Step::CreateEdges(_)
            | Step::CreateWith(_)
            | Step::ToTheEnd(_)
            | Step::Burst(_)
            | Step::Wait(_)
            | Step::Age(_) => None,
        };
        match ask {
            Some(ask) if ask.credential.which == Some(Which::Second) && !self.has_second() => Ok(()),
            Some(ask) => self.call(case, &ask).await.map(|_| ()),
            None => Ok(()),
        }
    }

    async fn longer(&mut self, case: &str, step: &Step, sessions: &[String]) -> Result<(), Stop> {
        match step {
            Step::Wait(milliseconds) => self.time.sleep(Duration::from_millis(u64::from(*milliseconds))).await,
            Step::Age(percent) => {
                self.age(self.window * *percent / 100).await?;
            }
            Step::ToTheEnd(place) | Step::Burst(place) => {
                let session = place.checked_rem(sessions.len()).and_then(|place| sessions.get(place)).cloned();
                match (step, session) {
                    (Step::Burst(_), Some(session)) => self.burst(case, &session).await?,
                    (_, Some(session)) => self.until_the_end(case, vec![session]).await?,
                    (_, None) => {}
                }
            }
            Step::Create(_)
            | Step::CreateEdges(_)
            | Step::CreateWith(_)
            | Step::CreateAs(_)
            | Step::Poll(_)
            | Step::PollAs(..)
            | Step::PollUnknown(_)
            | Step::PollWithoutId
            | Step::Services(_)
            | Step::ServicesAs(..)
            | Step::Close(_)
            | Step::CloseAs(..)
            | Step::CloseUnknown(_) => {}
        }
        Ok(())
    }

    /// Creates a session. A refusal that names one all the same is looked into.
    pub(crate) async fn create(&mut self, case: &str, body: &Value) -> Result<Option<String>, Stop> {
        let answered = self.call(case, &Ask::create(self.api, body)).await?;
        let id = self.json(answered.number).and_then(|json| session_of_reply(self.api, &json).map(str::to_owned));
        if let (Some(id), false) = (&id, answered.is_success()) {
            self.call(case, &Ask::status(self.api, id)).await?;
            return Ok(None);
        }
        Ok(id)
    }

    /// Polls sessions by turns until each is over, or the patience is at its end; then a few times more.
    pub(crate) async fn until_the_end(&mut self, case: &str, sessions: Vec<String>) -> Result<(), Stop> {
        let deadline = self.time.now().saturating_add(super::time::micros(self.waits));
        // How often each session is still asked about.
        let mut left: Vec<(String, Option<u32>)> = sessions.into_iter().map(|session| (session, None)).collect();
        let mut again = 1;
        while !left.is_empty() {
            let round = self.time.now();
            for (session, more) in &mut left {
                *more = self.look(case, session, *more, round >= deadline).await?;
                // Looks in a row see what a fast session would hide: an answer that depends on being asked. By turns two
                // and three, because it may depend on how often.
                for _ in 0..again {
                    if more.is_none() {
                        *more = self.look(case, session, None, false).await?;
                    }
                }
            }
            again = 3 - again;
            left.retain(|(_, more)| *more != Some(0));
            let took = Duration::from_micros(self.time.now().saturating_sub(round));
            if !left.is_empty() {
                self.time.sleep(BETWEEN_POLLS.saturating_sub(took)).await;
            }
        }
        Ok(())
    }

    /// Polls a new session far more often than any client, for a moment: a fast one is over before the usual round comes.
    pub(crate) async fn closely(&mut self, case: &str, body: &Value) -> Result<(), Stop> {
        let Some(session) = self.create(case, body).await? else { return Ok(()) };
        for _ in 0..CLOSE_LOOKS {
            let answered = self.call(case, &Ask::status(self.api, &session)).await?;
            if self.is_over(answered.number) {
                break;
            }
            self.time.sleep(BETWEEN_CLOSE_LOOKS).await;
        }
        self.until_the_end(case, vec![session]).await
    }

    /// Polls a session once; gives how often it is still to be asked about after its end, nothing while it goes on.
    async fn look(&mut self, case: &str, session: &str, more: Option<u32>, is_late: bool) -> Result<Option<u32>, Stop> {
        let answered = self.call(case, &Ask::status(self.api, session)).await?;
        if let Some(more) = more {
            return Ok(Some(more.saturating_sub(1)));
        }
        if self.is_over(answered.number) {
            self.at_the_end(case, session).await?;
            return Ok(Some(AFTER_THE_END));
        }
        let is_refused = answered.status.is_some_and(|status| (400..500).contains(&status));
        Ok((is_refused || is_late).then_some(0))
    }

    /// How long to wait for a session of a plan: a little longer than any session took until now, and not long where none
    /// ever finished, which the fixed cases have shown already.
    pub(crate) fn usual_wait(&self) -> Duration {
        let mut created: BTreeMap<&str, u64> = BTreeMap::new();
        let mut longest = Duration::ZERO;
        for exchange in &self.trace().exchanges {
            let Some(session) = exchange.request.session.as_deref() else { continue };
            let first = *created.entry(session).or_insert(exchange.sent);
            if exchange.request.operation.is_status() && self.is_over(exchange.number) && exchange.case == "sessions" {
                longest = longest.max(Duration::from_micros(exchange.received.saturating_sub(first)));
            }
        }
        (longest * 3 / 2 + Duration::from_secs(2)).min(self.patience)
    }

    /// Asks once more, later, about sessions whose end was seen: an end is for good.
    pub(crate) async fn afterwards(&mut self) -> Result<(), Stop> {
        let ended = self.trace().exchanges.iter().filter(|exchange| {
            let request = &exchange.request;
            let is_own = request.credential == right(self.api, Which::First) && !request.invented;
            is_own
                && request.operation.is_status()
                && (exchange.reply.status() == Some(410) || self.is_over(exchange.number))
        });
        let sessions: BTreeSet<String> = ended.filter_map(|exchange| exchange.request.session.clone()).collect();
        for session in sessions {
            self.call("afterwards", &Ask::status(self.api, &session)).await?;
        }
        Ok(())
    }

    /// Whether a status answer shows that the session is over.
    fn is_over(&self, number: u32) -> bool {
        match self.api {
            Api::Calmyx => {
                self.state(number).is_some_and(|state| [STATUS_COMPLETED, STATUS_FAILED].contains(&state.as_str()))
            }
            Api::Hum => self.json(number).is_some_and(|json| is_settled(&json)),
        }
    }

    /// The status of a Calmyx answer, whatever else there is.
    fn state(&self, number: u32) -> Option<String> {
        #[derive(serde::Deserialize)]
        struct State {
            status: String,
        }
        let text = self.exchange(number)?.reply.answer()?.body.json()?;
        serde_json::from_str::<State>(text).ok().map(|state| state.status)
    }

    /// What is to be had only at the end: Hum's providers, which may take a moment more.
    async fn at_the_end(&mut self, case: &str, session: &str) -> Result<(), Stop> {
        if self.api == Api::Hum {
            for _ in 0..AFTER_THE_END {
                if self.call(case, &Ask::services(session)).await?.status != Some(202) {
                    break;
                }
                self.time.sleep(BETWEEN_POLLS).await;
            }
        }
        Ok(())
    }

    /// Calls without a pause, up to the first 429; that one is waited out and tried.
    async fn burst(&mut self, case: &str, session: &str) -> Result<(), Stop> {
        let ask = Ask::status(self.api, session);
        for _ in 0..BURST {
            let answered = self.once(case, &ask).await?;
            if answered.status == Some(429) {
                self.wait_out(case, answered.number, 0).await?;
                self.call(case, &ask).await?;
                break;
            }
        }
        Ok(())
    }
}

/// What makes the submissions and unknown ids of one step others than those of another, and of another run of it.
#[derive(Clone, Copy)]
struct Salt {
    number: u64,
    /// How often the same steps were taken before. Who answers a submission that comes a second time with the session of the
    /// first one is not to be asked the same twice.
    run: u32,
}

/// The number of the first step. It depends on nothing that a server does, so that the same seed asks the same of every server
/// (FNV-1a).
fn salt(seed: u64, case: &str, run: u32) -> u32 {
    let again = (run > 0).then(|| run.to_le_bytes());
    let bytes = seed.to_le_bytes().into_iter().chain(case.bytes()).chain(again.into_iter().flatten());
    bytes.fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// The body of a creation.
fn creation(api: Api, step: &Step, salt: Salt) -> Option<Value> {
    match (step, api) {
        (Step::Create(count), Api::Calmyx) => Some(locations::body(*count, salt.number)),
        (Step::CreateEdges(count), Api::Calmyx) => Some(locations::body_with_edges(*count, salt.number)),
        (Step::Create(number) | Step::CreateEdges(number), Api::Hum) => {
            let mut body = addresses::valid(u64::try_from(*number).unwrap_or_default());
            // The same address: what becomes of a session depends on it.
            if let Some(members) = body.as_object_mut().filter(|_| salt.run > 0) {
                members.insert("campaign_id".to_owned(), format!("abide-{}", salt.run).into());
            }
            Some(body)
        }
        (Step::CreateWith(body), _) => Some(body.clone()),
        _ => None,
    }
}

/// An id that no server gave out.
fn unknown(api: Api, kind: usize, salt: u64) -> String {
    let prefix = match api {
        Api::Calmyx => "sess_",
        Api::Hum => "",
    };
    let plain = format!("{prefix}{:016x}{:08x}", salt.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15), salt);
    match kind % 8 {
        1 => "-1".to_owned(),
        2 => "a b/c?d=e&f#g".to_owned(),
        3 => "' OR '1'='1".to_owned(),
        4 => "ключ東京".to_owned(),
        5 => "x".repeat(500),
        6 => plain.to_uppercase(),
        7 => format!("{plain}%00"),
        _ => plain,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_run_of_a_case_submits_what_another_one_did() {
        for (api, step) in
            [(Api::Calmyx, Step::Create(1)), (Api::Calmyx, Step::CreateEdges(40)), (Api::Hum, Step::Create(3))]
        {
            let body =
                |run| creation(api, &step, Salt { number: salt(7, "a case", run).into(), run }).unwrap().to_string();
            let bodies: BTreeSet<String> = (0..8).map(body).collect();
            assert_eq!(bodies.len(), 8, "{api} {step}");
            assert_eq!(body(3), body(3), "the same of every server");
        }
    }
}
