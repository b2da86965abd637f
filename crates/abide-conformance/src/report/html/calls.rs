//! Calls as marks: calls that say the same and would lie on one another become one mark.

use super::axis::Axis;
use super::run::Found;
use super::states;
use crate::judge::{Call, is_disturbed};
use crate::trace::Operation;

/// Marks nearer than this would not be told apart.
const TOO_NEAR: f64 = 4.0;

/// One call, or several that say the same and lie close together.
#[derive(Debug)]
pub(super) struct Mark<'v, 't> {
    pub(super) first: &'v Call<'t>,
    pub(super) last: &'v Call<'t>,
    pub(super) count: usize,
    /// The requirements that were found broken there.
    pub(super) found: Vec<&'v str>,
}

/// What a mark looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    Broken,
    Good,
    Refused,
    Disturbed,
}

/// The marks of the calls of one row.
pub(super) fn marks<'v, 't>(calls: &[&'v Call<'t>], axis: &Axis, found: &Found<'v>) -> Vec<Mark<'v, 't>> {
    let mut marks: Vec<Mark<'v, 't>> = Vec::new();
    for call in calls.iter().copied() {
        let ids = found.at(call.exchange.number);
        match marks.last_mut() {
            Some(mark) if ids.is_empty() && mark.takes(call, axis) => {
                mark.last = call;
                mark.count += 1;
            }
            Some(_) | None => marks.push(Mark { first: call, last: call, count: 1, found: ids.to_vec() }),
        }
    }
    marks
}

impl Mark<'_, '_> {
    fn takes(&self, call: &Call<'_>, axis: &Axis) -> bool {
        let last = self.last;
        self.found.is_empty()
            && axis.x(call.exchange.sent) - axis.x(last.exchange.sent) < TOO_NEAR
            && last.operation() == call.operation()
            && last.status() == call.status()
            && states::summary(last) == states::summary(call)
    }

    pub(super) fn look(&self) -> Look {
        let is_refusal = self.first.answer().is_some_and(|answer| answer.is_refusal() && !answer.pushes_back());
        if !self.found.is_empty() {
            Look::Broken
        } else if is_refusal {
            Look::Refused
        } else if is_disturbed(self.first) {
            Look::Disturbed
        } else {
            Look::Good
        }
    }

    /// The exchanges by their numbers.
    pub(super) fn exchanges(&self) -> String {
        if self.count == 1 {
            format!("{}", self.first.exchange.number)
        } else {
            format!("{} … {} ({})", self.first.exchange.number, self.last.exchange.number, self.count)
        }
    }

    /// When they were sent.
    pub(super) fn at(&self, axis: &Axis) -> String {
        if self.count == 1 {
            axis.since(self.first.exchange.sent)
        } else {
            format!("{} … {}", axis.since(self.first.exchange.sent), axis.since(self.last.exchange.sent))
        }
    }

    /// Which call it was, in words.
    pub(super) fn call(&self) -> String {
        let name = match self.first.operation() {
            Operation::CreateSession => "create",
            Operation::GetSessionStatus | Operation::GetSession => "status",
            Operation::CloseSession => "close",
            Operation::GetInternetServices => "services",
            Operation::GetListingStats => "listing stats",
            Operation::DeleteListing => "delete listing",
            Operation::Other => return format!("{} (another path)", self.first.exchange.request.method),
        };
        name.to_owned()
    }

    /// What came back, in words.
    pub(super) fn answer(&self) -> String {
        self.first.describe()
    }
}

impl Look {
    /// The class in the style sheet.
    pub(super) const fn class(self) -> &'static str {
        match self {
            Self::Broken => "broken",
            Self::Good => "ok",
            Self::Refused => "refused",
            Self::Disturbed => "disturbed",
        }
    }
}
