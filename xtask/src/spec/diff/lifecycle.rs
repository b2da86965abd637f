//! `x-session-lifecycle`: the numbers and words by which clients wait, each key by its name.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use serde_json::Value;

use super::bodies::other_keys;
use super::change::Rule;
use super::operations::Operation;
use super::part::{Part, below};
use super::rules as rule;
use super::schemas::Walk;

const KEY: &str = "x-session-lifecycle";

const RULED: &[&str] = &[
    "first-poll",
    "interval-seconds",
    "while-unchanged",
    "cap-seconds",
    "inactivity-seconds",
    "complete-by",
    "growing-list",
    "states",
    "agents",
];

/// Compares how two operations want to be polled.
pub fn compare(walk: &mut Walk, old: &Operation<'_>, new: &Operation<'_>) -> Result<()> {
    let at = below(&new.inside, KEY);
    match (old.part.get(KEY), new.part.get(KEY)) {
        (None, None) => Ok(()),
        (None, Some(after)) => {
            walk.changes.add(&rule::LIFECYCLE_ADDED, at, Value::Null, after.value.clone());
            Ok(())
        }
        (Some(before), None) => {
            walk.changes.add(&rule::LIFECYCLE_REMOVED, at, before.value.clone(), Value::Null);
            Ok(())
        }
        (Some(before), Some(after)) => Comparison { walk, old: before, new: after }.all(),
    }
}

struct Comparison<'w, 'a, 'b> {
    walk: &'w mut Walk,
    old: Part<'a>,
    new: Part<'b>,
}

impl Comparison<'_, '_, '_> {
    fn all(&mut self) -> Result<()> {
        let at = self.new.at.clone();
        other_keys(self.walk, &at, &self.old, &self.new, RULED)?;
        self.first_poll();
        self.number("/interval-seconds/0", 0.0, &rule::PACE_FASTER, &rule::PACE_SLOWER)?;
        self.number("/interval-seconds/1", 0.0, &rule::LONGEST_GAP, &rule::LONGEST_GAP)?;
        self.growth()?;
        // Without a number the time has no end.
        self.number("/cap-seconds", f64::INFINITY, &rule::CAP_SHORTER, &rule::CAP_LONGER)?;
        self.number("/inactivity-seconds", f64::INFINITY, &rule::INACTIVITY_SHORTER, &rule::INACTIVITY_LONGER)?;
        if texts(&self.old, "complete-by")? != texts(&self.new, "complete-by")? {
            self.report(&rule::COMPLETE_BY, "complete-by");
        }
        if self.old.text("growing-list") != self.new.text("growing-list") {
            self.report(&rule::GROWING_LIST, "growing-list");
        }
        let states = Words { added: &rule::STATE_ADDED, removed: &rule::STATE_REMOVED, meaning: &rule::STATE_MEANING };
        words(self.walk, &below(&at, "states"), &self.old, &self.new, "states", &states)?;
        self.agents()
    }

    fn report(&mut self, rule: &'static Rule, key: &str) {
        let (from, to) = (self.old.value.get(key).cloned(), self.new.value.get(key).cloned());
        self.walk.changes.add(rule, below(&self.new.at, key), from, to);
    }

    fn first_poll(&mut self) {
        let key = "first-poll";
        match (self.old.text(key), self.new.text(key)) {
            (Some("immediate"), Some("after-interval")) => self.report(&rule::FIRST_POLL_LATER, key),
            (Some("after-interval"), Some("immediate")) => self.report(&rule::FIRST_POLL_EARLIER, key),
            (old, new) if old == new => {}
            _ => self.report(&rule::KEY_CHANGED, key),
        }
    }

    fn growth(&mut self) -> Result<()> {
        let key = "while-unchanged";
        match (self.old.get(key), self.new.get(key)) {
            (None, None) => {}
            (None, Some(_)) => self.report(&rule::PACE_SLOWER, key),
            (Some(_), None) => self.report(&rule::PACE_FASTER, key),
            (Some(_), Some(_)) => {
                self.number("/while-unchanged/factor", 1.0, &rule::PACE_FASTER, &rule::PACE_SLOWER)?;
                self.number("/while-unchanged/max-seconds", f64::INFINITY, &rule::PACE_FASTER, &rule::PACE_SLOWER)?;
            }
        }
        Ok(())
    }

    fn agents(&mut self) -> Result<()> {
        let at = below(&self.new.at, "agents");
        let [old, new] = [&self.old, &self.new].map(|lifecycle| lifecycle.get("agents"));
        let (before, after) = (awaited(old.as_ref())?, awaited(new.as_ref())?);
        if before != after {
            let list = |names: BTreeSet<&str>| Value::from(names.into_iter().collect::<Vec<_>>());
            self.walk.changes.add(&rule::AWAITED, below(&at, "awaited"), list(before), list(after));
        }
        let outcomes =
            Words { added: &rule::OUTCOME_ADDED, removed: &rule::OUTCOME_REMOVED, meaning: &rule::OUTCOME_MEANING };
        let (old, new) = (old.as_ref().unwrap_or(&self.old), new.as_ref().unwrap_or(&self.new));
        words(self.walk, &below(&at, "outcomes"), old, new, "outcomes", &outcomes)
    }

    /// Compares the number at a pointer; `missing` stands for one that is not there.
    fn number(&mut self, pointer: &str, missing: f64, less: &'static Rule, more: &'static Rule) -> Result<()> {
        let number = |part: &Part<'_>| -> Result<f64> {
            let Some(value) = part.value.pointer(pointer) else { return Ok(missing) };
            value.as_f64().with_context(|| format!("{}{pointer} is no number; write one there", part.name()))
        };
        let (before, after) = (number(&self.old)?, number(&self.new)?);
        let rule = match before.partial_cmp(&after) {
            Some(Ordering::Greater) => less,
            Some(Ordering::Less) => more,
            Some(Ordering::Equal) | None => return Ok(()),
        };
        let [from, to] = [&self.old, &self.new].map(|part| part.value.pointer(pointer).cloned());
        self.walk.changes.add(rule, format!("{}{pointer}", self.new.at), from, to);
        Ok(())
    }
}

fn awaited<'a>(agents: Option<&Part<'a>>) -> Result<BTreeSet<&'a str>> {
    agents.map_or_else(|| Ok(BTreeSet::new()), |agents| texts(agents, "awaited"))
}

fn texts<'a>(part: &Part<'a>, key: &str) -> Result<BTreeSet<&'a str>> {
    Ok(part.items_of(key)?.iter().filter_map(|item| item.value.as_str()).collect())
}

/// The rules for words and what they mean.
struct Words {
    added: &'static Rule,
    removed: &'static Rule,
    meaning: &'static Rule,
}

fn words(walk: &mut Walk, at: &str, old: &Part<'_>, new: &Part<'_>, key: &str, rules: &Words) -> Result<()> {
    let meanings = |part: &Part<'_>| -> Result<BTreeMap<String, Value>> {
        Ok(part.entries_of(key)?.into_iter().map(|(word, part)| (word.to_owned(), part.value.clone())).collect())
    };
    let (before, after) = (meanings(old)?, meanings(new)?);
    for (word, from) in &before {
        match after.get(word) {
            None => walk.changes.add(rules.removed, below(at, word), from.clone(), Value::Null),
            Some(to) if to != from => walk.changes.add(rules.meaning, below(at, word), from.clone(), to.clone()),
            Some(_) => {}
        }
    }
    for (word, to) in after.iter().filter(|(word, _)| !before.contains_key(*word)) {
        walk.changes.add(rules.added, below(at, word), Value::Null, to.clone());
    }
    Ok(())
}
