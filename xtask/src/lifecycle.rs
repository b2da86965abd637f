//! `x-session-lifecycle`: the waiting rules of an API as data, and the `lifecycle.rs` that is made of them.

use anyhow::{Context, Result, bail};
use proc_macro2::TokenStream;
use quote::quote;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

use crate::constants;
use crate::document::Document;
use crate::lines::escape;
use crate::output::File;

const KEY: &str = "x-session-lifecycle";

/// The extension as it stands on the status operation. Unknown keys are refused: a misspelt rule must not vanish.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Lifecycle {
    first_poll: FirstPoll,
    /// Shortest and longest gap between two polls.
    interval_seconds: (u64, u64),
    while_unchanged: Option<WhileUnchanged>,
    cap_seconds: Option<u64>,
    inactivity_seconds: Option<u64>,
    complete_by: Vec<CompleteBy>,
    /// The words of the status field, and what each means.
    #[serde(default)]
    states: BTreeMap<String, State>,
    agents: Option<Agents>,
    /// The property of the reply that is a list which only grows at its end, if there is one.
    growing_list: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum FirstPoll {
    Immediate,
    AfterInterval,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct WhileUnchanged {
    factor: u32,
    max_seconds: u64,
}

#[derive(Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
enum CompleteBy {
    Status,
    Count,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
enum State {
    Queued,
    Running,
    Completed,
    Failed,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Agents {
    awaited: Vec<String>,
    outcomes: BTreeMap<String, Outcome>,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
enum Outcome {
    Pending,
    Successful,
    Failed,
}

/// Makes `lifecycle.rs` of one client crate.
pub fn file(document: &Document, path: String, limits: &[constants::Constant]) -> Result<File> {
    let (operation, lifecycle) = read(document)?;
    let constant = constant(&operation, &lifecycle);
    let states = (!lifecycle.states.is_empty()).then(|| state_words(&lifecycle.states));
    let agents = lifecycle.agents.as_ref().map(agent_words);
    let limits = constants::module("limits", "Bounds of the requests.", document, limits)?;
    let imports = lifecycle.imports();
    let host = document.at("/servers/0/url")?.as_str().context("servers/0/url is no text")?;
    let tokens = quote! {
        #imports
        /// The documented host.
        pub const BASE_URL: &str = #host;
        #constant
        #states
        #agents
        #limits
    };
    let purpose = format!("The documented rules of waiting (operation `{operation}`) and the documented bounds.");
    File::new(path, &purpose, &[document], tokens)
}

/// Checks the extension without making anything of it.
pub fn check(document: &Document) -> Result<()> {
    read(document).map(|_| ())
}

/// Where the extension stands, as a JSON pointer; empty where there is none.
pub fn place(document: &Document) -> String {
    let paths = document.value.get("paths").and_then(Value::as_object).into_iter().flatten();
    let operations = paths.flat_map(|(path, item)| {
        let methods = item.as_object().into_iter().flatten();
        methods.map(move |(method, operation)| (format!("/paths/{}/{method}/{KEY}", escape(path)), operation))
    });
    let mut carriers = operations.filter(|(_, operation)| operation.get(KEY).is_some());
    carriers.next().map(|(pointer, _)| pointer).unwrap_or_default()
}

/// The status operation, and the property of its reply that only grows.
pub fn status_operation(document: &Document) -> Result<(String, Option<String>)> {
    let (operation, lifecycle) = read(document)?;
    Ok((operation, lifecycle.growing_list))
}

fn read(document: &Document) -> Result<(String, Lifecycle)> {
    let mut found = document.operations().filter_map(|(id, operation)| Some((id, operation.get(KEY)?)));
    let Some((operation, value)) = found.next() else {
        bail!("{}: no operation carries {KEY}; put it on the status operation", document.path);
    };
    if let Some((second, _)) = found.next() {
        bail!("{}: both {operation} and {second} carry {KEY}; one API has one lifecycle", document.path);
    }
    let lifecycle: Lifecycle = Lifecycle::deserialize(value)
        .with_context(|| format!("{}: {KEY} of {operation} is not well formed", document.path))?;
    lifecycle.check().with_context(|| format!("{}: {KEY} of {operation}", document.path))?;
    Ok((operation.to_owned(), lifecycle))
}

impl Lifecycle {
    fn check(&self) -> Result<()> {
        let (min, max) = self.interval_seconds;
        if min == 0 || min > max {
            bail!("interval-seconds [{min}, {max}]: the first must be above 0 and at most the second");
        }
        if self.cap_seconds == Some(0) || self.inactivity_seconds == Some(0) {
            bail!("cap-seconds and inactivity-seconds must be above 0; leave the key out where there is none");
        }
        if let Some(cap) = self.cap_seconds.filter(|cap| *cap < max) {
            bail!("cap-seconds {cap}: it must be at least the longest gap, {max}, or nothing is ever asked twice");
        }
        if let Some(growth) = &self.while_unchanged
            && (growth.factor < 2 || growth.max_seconds < max)
        {
            bail!("while-unchanged: factor must be at least 2, max-seconds at least {max}");
        }
        if let Some(agents) = &self.agents {
            let has = |outcome| agents.outcomes.values().any(|other| *other == outcome);
            if agents.awaited.is_empty() || !has(Outcome::Pending) || !has(Outcome::Successful) {
                bail!("agents: name at least one awaited agent, and a word each for pending and successful");
            }
        }
        match (self.complete_by.contains(&CompleteBy::Status), self.complete_by.contains(&CompleteBy::Count)) {
            (true, _) if !self.states.values().any(|state| *state == State::Completed) => {
                bail!("complete-by names status, but no word in states means completed")
            }
            (_, true) => Ok(()),
            (_, false) => {
                bail!("complete-by must be [count] or [status, count]; the core has no rule for status alone")
            }
        }
    }

    fn complete_by(&self) -> TokenStream {
        if self.complete_by.contains(&CompleteBy::Status) {
            quote!(CompleteBy::StatusOrCount)
        } else {
            quote!(CompleteBy::Count)
        }
    }

    /// Only what this lifecycle uses, so that the generated file compiles without warnings.
    fn imports(&self) -> TokenStream {
        let growth = self.while_unchanged.as_ref().map(|_| quote!(Growth,));
        let state = (!self.states.is_empty()).then(|| quote!(State,));
        quote! {
            use core::time::Duration;
            use abide_core::{CompleteBy, FirstPoll, #growth Interval, Lifecycle, #state};
        }
    }
}

fn constant(operation: &str, lifecycle: &Lifecycle) -> TokenStream {
    let first_poll = match lifecycle.first_poll {
        FirstPoll::Immediate => quote!(FirstPoll::Immediate),
        FirstPoll::AfterInterval => quote!(FirstPoll::AfterInterval),
    };
    let (min, max) = lifecycle.interval_seconds;
    let growth = match &lifecycle.while_unchanged {
        Some(WhileUnchanged { factor, max_seconds }) => {
            quote!(Some(Growth { factor: #factor, max: Duration::from_secs(#max_seconds) }))
        }
        None => quote!(None),
    };
    let cap = optional_seconds(lifecycle.cap_seconds);
    let inactivity = optional_seconds(lifecycle.inactivity_seconds);
    let complete_by = lifecycle.complete_by();
    let doc = format!(" How `{operation}` wants to be polled, and when it is over.");
    quote! {
        #[doc = #doc]
        pub const LIFECYCLE: Lifecycle = Lifecycle {
            first_poll: #first_poll,
            interval: Interval { min: Duration::from_secs(#min), max: Duration::from_secs(#max) },
            growth: #growth,
            cap: #cap,
            inactivity: #inactivity,
            complete_by: #complete_by,
        };
    }
}

fn optional_seconds(seconds: Option<u64>) -> TokenStream {
    match seconds {
        Some(seconds) => quote!(Some(Duration::from_secs(#seconds))),
        None => quote!(None),
    }
}

fn state_words(states: &BTreeMap<String, State>) -> TokenStream {
    let arms = [
        (State::Queued, quote!(State::Queued)),
        (State::Running, quote!(State::Running)),
        (State::Completed, quote!(State::Completed)),
        (State::Failed, quote!(State::Failed)),
    ]
    .into_iter()
    .filter_map(|(state, variant)| {
        let words: Vec<&String> = states.iter().filter(|(_, means)| **means == state).map(|(word, _)| word).collect();
        (!words.is_empty()).then(|| quote!(#(#words)|* => #variant,))
    });
    quote! {
        /// What a word of the status field means. A word that no document knows is [`State::Unknown`], which ends nothing.
        pub fn state(word: &str) -> State {
            match word {
                #(#arms)*
                _ => State::Unknown,
            }
        }
    }
}

fn agent_words(agents: &Agents) -> TokenStream {
    let awaited = &agents.awaited;
    let words = |outcome: Outcome| -> Vec<&String> {
        agents.outcomes.iter().filter(|(_, means)| **means == outcome).map(|(word, _)| word).collect()
    };
    let (pending, successful, failed) = (words(Outcome::Pending), words(Outcome::Successful), words(Outcome::Failed));
    quote! {
        /// The agents that a wait is for, by name.
        pub const AWAITED_AGENTS: &[&str] = &[#(#awaited),*];
        /// The words of an agent that is still at work.
        pub const AGENT_PENDING: &[&str] = &[#(#pending),*];
        /// The words of an agent that found what it was for.
        pub const AGENT_SUCCESSFUL: &[&str] = &[#(#successful),*];
        /// The words of an agent that is done and found nothing, or nothing unambiguous.
        pub const AGENT_FAILED: &[&str] = &[#(#failed),*];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "first-poll: immediate\ninterval-seconds: [2, 3]\ncomplete-by: [count]";

    fn read_text(extension: &str) -> Result<(String, Lifecycle)> {
        let indented: String = extension.lines().map(|line| format!("        {line}\n")).collect();
        let text =
            format!("openapi: 3.0.3\npaths:\n  /s:\n    get:\n      operationId: status\n      {KEY}:\n{indented}");
        read(&Document::parse("spec/x/openapi.yaml".into(), &text)?)
    }

    fn check(extension: &str, expected: &str) {
        let error = format!("{:#}", read_text(extension).unwrap_err());
        assert!(error.contains(expected), "{extension}\n  gave {error}\n  wanted {expected}");
    }

    #[test]
    fn good() {
        read_text(GOOD).unwrap();
        for word in ["queued", "running", "completed", "failed"] {
            read_text(&format!("{GOOD}\nstates: {{A: {word}}}")).unwrap();
        }
    }

    #[test]
    fn refused() {
        check("first-poll: immediate", "missing field `interval-seconds`");
        check(&format!("{GOOD}\ncap-secnds: 30"), "unknown field `cap-secnds`");
        check(&GOOD.replace("[2, 3]", "[3, 2]"), "interval-seconds [3, 2]");
        check(&GOOD.replace("[2, 3]", "[0, 3]"), "above 0");
        check(&format!("{GOOD}\ncap-seconds: 0"), "cap-seconds");
        check(&format!("{GOOD}\ncap-seconds: 2"), "cap-seconds 2");
        check(&format!("{GOOD}\nwhile-unchanged: {{factor: 1, max-seconds: 30}}"), "factor");
        check(&format!("{GOOD}\nwhile-unchanged: {{factor: 2, max-seconds: 1}}"), "max-seconds at least 3");
        check(&GOOD.replace("[count]", "[]"), "complete-by");
        check(&GOOD.replace("[count]", "[status]"), "no word in states means completed");
        check(
            &format!("{GOOD}\nagents: {{awaited: [], outcomes: {{a: pending, b: successful}}}}"),
            "at least one awaited",
        );
        check(&format!("{GOOD}\nagents: {{awaited: [x], outcomes: {{b: successful}}}}"), "a word each");
        check(&GOOD.replace("immediate", "soon"), "unknown variant `soon`");
        check(&format!("{GOOD}\nstates: {{A: paused}}"), "unknown variant `paused`");
    }
}
