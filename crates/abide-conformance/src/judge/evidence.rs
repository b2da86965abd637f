//! What one check saw: how often the rule held, where it was broken, and what could not be told.

use super::view::Call;

/// The longest text of a server that is quoted in a finding, in characters.
const QUOTED: usize = 200;

/// What one check saw.
#[derive(Clone, Debug, Default)]
pub(crate) struct Evidence {
    /// How often the rule was met with, whether it held or not.
    pub(crate) judged: usize,
    /// Where it was broken, in the order of the trace.
    pub(crate) broken: Vec<Broken>,
    /// What cannot be told, and why.
    pub(crate) doubts: Vec<String>,
    /// Where it was broken to all appearance, and what may excuse that: outweighs every time that it held.
    pub(crate) suspicions: Vec<String>,
    /// Why the rule was not met with, should it not have been.
    pub(crate) unmet: String,
}

/// One place where a rule was broken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Broken {
    pub(crate) exchange: u32,
    pub(crate) expected: String,
    pub(crate) found: String,
}

impl Evidence {
    /// Begins with the reason to give if the rule is never met with.
    pub(crate) fn unless(unmet: &str) -> Self {
        Self { unmet: unmet.to_owned(), ..Self::default() }
    }

    /// The rule held.
    pub(crate) fn held(&mut self) {
        self.judged += 1;
    }

    /// The rule was broken.
    pub(crate) fn broke(&mut self, call: &Call<'_>, expected: impl Into<String>, found: impl Into<String>) {
        self.broke_at(call.exchange.number, expected, found);
    }

    /// The same by the number of the exchange.
    pub(crate) fn broke_at(&mut self, exchange: u32, expected: impl Into<String>, found: impl Into<String>) {
        self.judged += 1;
        self.broken.push(Broken { exchange, expected: expected.into(), found: found.into() });
    }

    /// The rule held or was broken; the sentences are only made when it was.
    pub(crate) fn check(&mut self, holds: bool, call: &Call<'_>, expected: &str, found: impl FnOnce() -> String) {
        if holds { self.held() } else { self.broke(call, expected, found()) }
    }

    /// The rule was broken to all appearance, and that may have been the machine's doing.
    pub(crate) fn suspect(&mut self, excuse: impl Into<String>) {
        self.suspicions.push(excuse.into());
    }

    /// Something was seen that cannot tell.
    pub(crate) fn doubt(&mut self, why: impl Into<String>) {
        self.doubts.push(why.into());
    }
}

/// A value of an answer, short enough to quote.
pub(crate) fn quote(value: &impl ToString) -> String {
    let text = value.to_string();
    match text.char_indices().nth(QUOTED) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}
