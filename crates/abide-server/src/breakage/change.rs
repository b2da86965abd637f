//! What a planted bug or a legal variation is made of: a change to calls, to replies, or to both.

use std::time::Duration;

use axum::http::{HeaderValue, StatusCode};

use super::{
    answer::Answer,
    call::{Call, Operation},
    memory::Memory,
};
use crate::{clock::Moment, reply::Api};

/// Where a change acts.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Change {
    /// Before the good server sees the call.
    Call(fn(&mut Asking<'_>)),
    /// On the answer to a create call that succeeded.
    Created(fn(&mut Exchange<'_>)),
    /// On the answer to a status call that succeeded.
    Status(fn(&mut Exchange<'_>)),
    /// On every answer.
    Reply(fn(&mut Exchange<'_>)),
    /// Before the good server sees the call, and on every answer.
    Both(fn(&mut Asking<'_>), fn(&mut Exchange<'_>)),
}

/// A call on its way to the good server.
#[derive(Debug)]
pub(crate) struct Asking<'a> {
    pub(crate) call: &'a mut Call,
    /// What was seen of the session that it names.
    pub(crate) memory: &'a Memory,
    /// The values of `Authorization` that the good server takes.
    pub(crate) credentials: &'a [HeaderValue; 2],
}

impl Asking<'_> {
    /// Whether the good server knows the caller.
    pub(crate) fn is_known(&self) -> bool {
        self.call.authorization().is_some_and(|sent| self.credentials.contains(sent))
    }

    /// Lets the first known caller be the one who calls.
    pub(crate) fn call_as_first(&mut self) {
        let [first, _] = self.credentials;
        self.call.call_as(first.clone());
    }
}

/// An answer of the good server on its way to the caller.
#[derive(Debug)]
pub(crate) struct Exchange<'a> {
    /// What the caller asked.
    pub(crate) call: &'a Call,
    pub(crate) answer: &'a mut Answer,
    /// What was seen of the session, this answer included.
    pub(crate) memory: &'a mut Memory,
    pub(crate) now: Moment,
    /// How long a Hum session lives without activity.
    pub(crate) inactivity: Duration,
}

impl Exchange<'_> {
    /// A refusal, or a failure, in place of what was said.
    pub(crate) fn refuse(&mut self, status: StatusCode, sentence: &str) {
        let body = self.call.api().refusal(sentence);
        self.answer.refuse(status, body);
    }

    pub(crate) fn operation(&self) -> Operation {
        self.call.operation()
    }

    /// Whether this is the answer to such a call, with success.
    pub(crate) fn succeeded(&self, operation: Operation) -> bool {
        self.operation() == operation && self.answer.is_success()
    }

    /// Whether another caller created the session.
    pub(crate) fn is_foreign(&self) -> bool {
        self.memory.owner.as_ref().is_some_and(|owner| Some(owner) != self.call.authorization())
    }
}

impl Change {
    pub(crate) fn before(self, asking: &mut Asking<'_>) {
        match self {
            Self::Call(act) | Self::Both(act, _) => act(asking),
            Self::Created(_) | Self::Status(_) | Self::Reply(_) => {}
        }
    }

    pub(crate) fn after(self, exchange: &mut Exchange<'_>) {
        let success = exchange.answer.is_success();
        match (self, exchange.operation()) {
            (Self::Reply(act) | Self::Both(_, act), _)
            | (Self::Created(act), Operation::CalmyxCreate | Operation::HumCreate)
            | (Self::Status(act), Operation::CalmyxStatus | Operation::HumStatus)
                if success || matches!(self, Self::Reply(_) | Self::Both(..)) =>
            {
                act(exchange);
            }
            (Self::Call(_) | Self::Created(_) | Self::Status(_) | Self::Reply(_) | Self::Both(..), _) => {}
        }
    }
}

/// A change with what it concerns, as a layer keeps it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Placed {
    /// `None` concerns both.
    pub(crate) api: Option<Api>,
    pub(crate) change: Change,
}
