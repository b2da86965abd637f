//! The documented pace, gap by gap: when the next status call of a client was due, and whether it came then.
//!
//! Only drawn; what a requirement makes of a gap is the judge's. Both go by the same numbers and the same tolerance.

use crate::catalogue::Api;
use crate::catalogue::documented::{calmyx, hum};
use crate::judge::{Call, Delays, LEAST_GROWTH_PERCENT, View, is_change, is_disturbed, retry_after};
use crate::trace::Subject;

/// From the share of the cap on that is this near to its end, in fifths, a gap may be cut short by the cap.
const NEAR_THE_CAP: u64 = 4;
/// A date names whole seconds, and the one in which it is over may have begun.
const DATE_IS_COARSE: u64 = 1_000_000;

/// What lies between two status calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Gap {
    /// When the first one arrived.
    pub(super) from: u64,
    /// When the second one did.
    pub(super) to: u64,
    /// When it was due; nothing where no document says.
    pub(super) due: Option<Due>,
    /// What the second one was.
    pub(super) stands: Stands,
}

/// When a call was due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Due {
    pub(super) opens: u64,
    /// Nothing: any time after that.
    pub(super) closes: Option<u64>,
    pub(super) why: Why,
}

/// Why it was due then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    /// The documented pace.
    Pace,
    /// The same, where every gap has to be longer than the one before because nothing has changed.
    Growing,
    /// The reply before named a time.
    Asked,
}

/// Where a call stands to what was due, with the tolerance of the trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stands {
    Within,
    Early,
    Late,
    /// Nothing was due, or the machine was too busy to tell.
    Open,
}

/// The gaps between the status calls of one run.
pub(super) fn gaps(view: &View<'_>, calls: &[&Call<'_>]) -> Vec<Gap> {
    let polls: Vec<&Call<'_>> = calls.iter().copied().filter(|call| call.operation().is_status()).collect();
    let first = polls.first().map_or(0, |poll| poll.exchange.sent);
    let last = polls.last().map_or(0, |poll| poll.exchange.sent);
    let lags = Delays::of(view, polls.first().map_or("", |poll| poll.exchange.case.as_str()));
    let mut gaps = Vec::new();
    let mut pace = Pace { view, earlier: None, waited: None };
    let mut began = None;
    for pair in polls.windows(2) {
        let [before, after] = pair else { continue };
        let mut due = pace.due(before, after);
        let is_cut = after.exchange.sent == last && pace.is_near_the_cap(last.saturating_sub(first));
        if let Some(due) = due.as_mut().filter(|_| is_cut) {
            due.closes = None;
        }
        // A gap has to be longer than the one before it: a lag during either tells against the comparison.
        let from = due.filter(|due| due.why == Why::Growing).and(began).unwrap_or(before.exchange.sent);
        let lag = lags.between(from, after.exchange.sent);
        began = Some(before.exchange.sent);
        let stands = due.map_or(Stands::Open, |due| stands(due, after.exchange.sent, view.trace.header.tolerance, lag));
        gaps.push(Gap { from: before.exchange.sent, to: after.exchange.sent, due, stands });
    }
    gaps
}

/// Until when a picture has to reach, so that the times that were missed by calling too early can be seen.
pub(super) fn missed(view: &View<'_>, calls: &[&Call<'_>]) -> Option<u64> {
    if view.trace.header.subject == Subject::Server {
        return None;
    }
    let early = gaps(view, calls).into_iter().filter(|gap| gap.stands == Stands::Early);
    let end = |gap: Gap| {
        let due = gap.due?;
        // Some room for the band of what may come at any time after.
        Some(due.closes.unwrap_or_else(|| due.opens.saturating_add(due.opens.saturating_sub(gap.from) / 4)))
    };
    early.filter_map(end).max()
}

fn stands(due: Due, sent: u64, tolerance: u64, lag: u64) -> Stands {
    let early = due.opens.saturating_sub(sent);
    let late = due.closes.map_or(0, |closes| sent.saturating_sub(closes));
    if early.max(late) <= tolerance {
        Stands::Within
    } else if early.max(late) <= tolerance.saturating_add(lag) {
        Stands::Open
    } else if early > 0 {
        Stands::Early
    } else {
        Stands::Late
    }
}

/// What the gaps until now mean for the next one.
struct Pace<'a, 'v, 't> {
    view: &'a View<'t>,
    earlier: Option<&'v Call<'t>>,
    /// How long the client waited in the gap before, unless an error was in it.
    waited: Option<u64>,
}

impl<'v, 't> Pace<'_, 'v, 't> {
    fn due(&mut self, before: &'v Call<'t>, after: &Call<'_>) -> Option<Due> {
        let is_exempt = is_disturbed(before) || is_disturbed(after);
        let earlier = self.earlier.replace(before);
        let due = match self.asked(before) {
            Some(opens) => Some(Due { opens, closes: None, why: Why::Asked }),
            None if is_exempt => None,
            None => Some(match self.view.api() {
                Api::Calmyx => self.between(before, calmyx::SHORTEST_GAP_SECONDS, Some(calmyx::LONGEST_GAP_SECONDS)),
                Api::Hum => self.of_hum(earlier, before),
            }),
        };
        let waited = after.exchange.sent.saturating_sub(before.exchange.received);
        self.waited = (!is_exempt).then_some(waited);
        due
    }

    /// Two to three seconds after a change; longer and longer without one.
    fn of_hum(&self, earlier: Option<&Call<'_>>, before: &Call<'_>) -> Due {
        let changed = earlier.filter(|earlier| !is_disturbed(earlier)).and_then(|earlier| is_change(earlier, before));
        match changed {
            Some(true) => self.between(before, hum::SHORTEST_GAP_SECONDS, Some(hum::LONGEST_GAP_SECONDS)),
            Some(false) => {
                let plain = self.between(before, hum::SHORTEST_GAP_SECONDS, None);
                let grown = self.waited.unwrap_or(0).saturating_mul(LEAST_GROWTH_PERCENT) / 100;
                Due { opens: plain.opens.max(before.exchange.sent.saturating_add(grown)), why: Why::Growing, ..plain }
            }
            None => self.between(before, hum::SHORTEST_GAP_SECONDS, None),
        }
    }

    /// The shortest gap runs from call to call, the longest one from the reply.
    fn between(&self, before: &Call<'_>, least: u64, most: Option<u64>) -> Due {
        let exchange = before.exchange;
        Due {
            opens: exchange.sent.saturating_add(self.scaled(least)),
            closes: most.map(|most| exchange.received.saturating_add(self.scaled(most))),
            why: Why::Pace,
        }
    }

    /// The end of a pause that the reply named.
    fn asked(&self, before: &Call<'_>) -> Option<u64> {
        let answer = before.answer()?;
        let is_heeded = match self.view.api() {
            Api::Calmyx => answer.pushes_back(),
            // Hum's document speaks of a 429 only.
            Api::Hum => answer.status == 429,
        };
        if !is_heeded {
            return None;
        }
        let is_date = answer.headers.get("retry-after").is_some_and(|value| value.trim().parse::<u64>().is_err());
        let pause = retry_after(self.view, before)?.saturating_sub(if is_date { DATE_IS_COARSE } else { 0 });
        Some(before.exchange.received.saturating_add(pause))
    }

    fn is_near_the_cap(&self, waited: u64) -> bool {
        let Some(cap) = cap(self.view) else { return false };
        waited.saturating_mul(5) >= cap.saturating_mul(NEAR_THE_CAP)
    }

    fn scaled(&self, seconds: u64) -> u64 {
        scaled(self.view, seconds)
    }
}

/// How long after the first status call the last one may be sent, where a document says so.
pub(super) fn cap(view: &View<'_>) -> Option<u64> {
    match view.api() {
        Api::Calmyx => None,
        Api::Hum => Some(scaled(view, hum::CAP_SECONDS)),
    }
}

/// A documented duration at the speed of the trace, in microseconds.
fn scaled(view: &View<'_>, seconds: u64) -> u64 {
    seconds * 1_000_000 / u64::from(view.trace.header.speed.max(1))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::Stands::{Early, Late, Open, Within};
    use super::*;
    use crate::trace::{Answer, Body, Exchange, Fact, Header, Operation, Reply, Request, Source, Trace};

    /// A reply: a code, and how many agents are done or, below zero, the `Retry-After`.
    fn reply(code: u16, what: i32) -> Reply {
        let word = |number| if what >= number { "matched" } else { "pending" };
        let body =
            json!({"status": "PROCESSING", "meta": {"agent_status": {"geocoding": word(1), "internet": word(2)}}});
        let headers = BTreeMap::from([("retry-after".to_owned(), (-what).to_string())]);
        let headers = if what < 0 { headers } else { BTreeMap::new() };
        Reply::Answer(Answer { status: code, headers, body: Body::Json(body.to_string()) })
    }

    fn check(api: Api, polls: &[(u64, u16, i32)], expected: &[(Stands, Option<u64>, Option<u64>)]) {
        check_on_busy(&[], api, polls, expected);
    }

    /// The same where the host was late: how long, and up to when.
    fn check_on_busy(
        lags: &[(u64, u64)],
        api: Api,
        polls: &[(u64, u16, i32)],
        expected: &[(Stands, Option<u64>, Option<u64>)],
    ) {
        let mut trace = Trace::new(Header::new(api, Subject::Client, Source::Driven, "client"));
        trace.header.tolerance = 250_000;
        let fact =
            |(lag, at): &(u64, u64)| Fact::HostLag { case: String::new(), lag: lag * 1_000, at: Some(at * 1_000) };
        trace.facts = lags.iter().map(fact).collect();
        trace.exchanges = (1..)
            .zip(polls)
            .map(|(number, (millis, code, what))| {
                let sent = millis * 1_000;
                let request = Request { operation: Operation::GetSession, ..Request::default() };
                Exchange { number, case: String::new(), sent, received: sent, request, reply: reply(*code, *what) }
            })
            .collect();
        let view = View::new(&trace);
        let calls: Vec<_> = view.calls.iter().collect();
        let millis = |gap: &Gap, at: u64| (at - gap.from) / 1_000;
        let found: Vec<_> = gaps(&view, &calls)
            .iter()
            .map(|gap| {
                let opens = gap.due.map(|due| millis(gap, due.opens));
                (gap.stands, opens, gap.due.and_then(|due| due.closes).map(|closes| millis(gap, closes)))
            })
            .collect();
        assert_eq!(found, expected, "{api} {polls:?}");
    }

    #[test]
    fn a_calmyx_client_is_due_after_5_to_10_s() {
        let due = |stands| (stands, Some(5_000), Some(10_000));
        check(Api::Calmyx, &[(0, 200, 0), (5_000, 200, 0), (15_000, 200, 0)], &[due(Within), due(Within)]);
        check(Api::Calmyx, &[(0, 200, 0), (4_750, 200, 0), (15_000, 200, 0)], &[due(Within), due(Within)]);
        check(Api::Calmyx, &[(0, 200, 0), (4_749, 200, 0), (15_000, 200, 0)], &[due(Early), due(Late)]);
        check(
            Api::Calmyx,
            &[(0, 500, 0), (1, 200, 0), (1_000, 429, 0), (9_000, 200, 0)],
            &[(Open, None, None), (Open, None, None), (Open, None, None)],
        );
        check(
            Api::Calmyx,
            &[(0, 429, -20), (19_000, 200, 0), (26_000, 200, 0)],
            &[(Early, Some(20_000), None), due(Within)],
        );
    }

    #[test]
    fn a_hum_client_is_due_soon_after_a_change_and_later_and_later_without_one() {
        check(
            Api::Hum,
            &[(0, 202, 0), (2_000, 200, 0), (4_500, 200, 0), (7_000, 200, 0), (12_000, 200, 1)],
            &[
                (Within, Some(2_000), None),
                (Within, Some(2_000), Some(3_000)),
                (Early, Some(3_000), None),
                (Within, Some(3_000), None),
            ],
        );
        check(
            Api::Hum,
            &[(0, 202, 0), (2_000, 202, 1), (5_500, 202, 1)],
            &[(Within, Some(2_000), None), (Late, Some(2_000), Some(3_000))],
        );
        // The cap may cut the last gap short, or leave its end open.
        check(
            Api::Hum,
            &[(0, 202, 0), (24_000, 202, 1), (30_000, 202, 1)],
            &[(Within, Some(2_000), None), (Within, Some(2_000), None)],
        );
    }

    #[test]
    fn what_a_busy_machine_may_have_added_is_open() {
        let due = |stands| (stands, Some(5_000), Some(10_000));
        let polls = [(0, 200, 0), (4_000, 200, 0), (15_000, 200, 0)];
        check(Api::Calmyx, &polls, &[due(Early), due(Late)]);
        check_on_busy(&[(800, 3_000)], Api::Calmyx, &polls, &[due(Open), due(Late)]);
        check_on_busy(&[(700, 3_000), (800, 9_000)], Api::Calmyx, &polls, &[due(Early), due(Open)]);
        let steady = [(0, 202, 0), (2_000, 202, 0), (4_000, 202, 0)];
        let grown = |stands| [(Within, Some(2_000), None), (stands, Some(2_400), None)];
        check(Api::Hum, &steady, &grown(Early));
        check_on_busy(&[(300, 1_000)], Api::Hum, &steady, &grown(Open));
    }

    #[test]
    fn of_hum_only_a_429_names_a_time() {
        check(Api::Hum, &[(0, 429, -5), (4_000, 200, 0)], &[(Early, Some(5_000), None)]);
        check(Api::Hum, &[(0, 503, -5), (4_000, 200, 0)], &[(Open, None, None)]);
        check(Api::Calmyx, &[(0, 503, -5), (4_000, 200, 0)], &[(Early, Some(5_000), None)]);
    }
}
