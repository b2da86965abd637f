//! Who may call an operation: the security schemes and the ways in that an operation asks for.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, bail};
use serde_json::Value;

use super::operations::Operation;
use super::part::{Part, below};
use super::rules as rule;
use super::schemas::Walk;
use super::shape::is_silent;

/// One way in: the schemes that it takes together, and the scopes of each. Without schemes, anybody may come in.
type WayIn = BTreeMap<String, BTreeSet<String>>;

/// Compares what two operations ask of who calls them.
pub fn compare(walk: &mut Walk, old: &Operation<'_>, new: &Operation<'_>) -> Result<()> {
    let (before, after) = (ways_in(old)?, ways_in(new)?);
    let names = same_schemes(walk, &schemes(old, &before)?, &schemes(new, &after)?);
    let before = before.into_iter().map(|way| renamed(way, &names)).collect::<Vec<_>>();
    let inherited = [old, new].iter().all(|operation| operation.part.get("security").is_none());
    let at = if inherited { "/security".to_owned() } else { below(&new.inside, "security") };
    ways(walk, &at, &before, &after);
    Ok(())
}

/// The ways into an operation: its own, else those of the document; nothing written is open to anybody.
fn ways_in(operation: &Operation<'_>) -> Result<Vec<WayIn>> {
    let holder = if operation.part.get("security").is_some() { &operation.part } else { &operation.root };
    let mut ways = Vec::new();
    for way in holder.items_of("security")? {
        let mut taken = WayIn::new();
        for (scheme, scopes) in way.entries()? {
            let scopes = scopes.items()?;
            let scopes = scopes.iter().filter_map(|scope| scope.value.as_str().map(str::to_owned));
            taken.insert(scheme.to_owned(), scopes.collect());
        }
        ways.push(taken);
    }
    if ways.is_empty() {
        ways.push(WayIn::new());
    }
    Ok(ways)
}

/// The definitions of the schemes that these ways in take.
fn schemes<'a>(operation: &Operation<'a>, ways: &[WayIn]) -> Result<BTreeMap<String, Part<'a>>> {
    let defined = match operation.root.get("components") {
        Some(components) => components.entries_of("securitySchemes")?,
        None => Vec::new(),
    };
    let mut found = BTreeMap::new();
    for name in ways.iter().flat_map(BTreeMap::keys) {
        match defined.iter().find(|(other, _)| other == name) {
            Some((_, scheme)) => found.insert(name.clone(), scheme.resolve()?),
            None => bail!(
                "{}: `security` asks for `{name}`, which components/securitySchemes does not have; define it",
                operation.part.name()
            ),
        };
    }
    Ok(found)
}

/// Compares schemes of one name; what each old name is called in the new document.
fn same_schemes(
    walk: &mut Walk,
    before: &BTreeMap<String, Part<'_>>,
    after: &BTreeMap<String, Part<'_>>,
) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    for (name, old) in before {
        if let Some(new) = after.get(name) {
            scheme(walk, old, new);
            names.insert(name.clone(), name.clone());
        } else {
            let twin = after.iter().find(|(other, new)| !before.contains_key(*other) && keys(old) == keys(new));
            names.extend(twin.map(|(other, _)| (name.clone(), other.clone())));
        }
    }
    names
}

fn scheme(walk: &mut Walk, old: &Part<'_>, new: &Part<'_>) {
    let (before, after) = (keys(old), keys(new));
    let all: BTreeSet<&str> = before.keys().chain(after.keys()).copied().collect();
    for key in all {
        let (from, to) = (before.get(key), after.get(key));
        if from != to {
            let value = |value: Option<&&Value>| value.map_or(Value::Null, |value| (*value).clone());
            walk.changes.add(&rule::SCHEME_CHANGED, below(&new.at, key), value(from), value(to));
        }
    }
}

/// What binds in a scheme; `bearerFormat` is a hint to people.
fn keys<'a>(scheme: &Part<'a>) -> BTreeMap<&'a str, &'a Value> {
    let keys = scheme.value.as_object().into_iter().flatten();
    keys.map(|(key, value)| (key.as_str(), value))
        .filter(|(key, _)| !is_silent(key) && *key != "bearerFormat")
        .collect()
}

fn renamed(way: WayIn, names: &BTreeMap<String, String>) -> WayIn {
    way.into_iter().map(|(name, scopes)| (names.get(&name).cloned().unwrap_or(name), scopes)).collect()
}

fn ways(walk: &mut Walk, at: &str, before: &[WayIn], after: &[WayIn]) {
    let open = |ways: &[WayIn]| ways.iter().any(BTreeMap::is_empty);
    let closed = |ways: &[WayIn]| ways.iter().any(|way| !way.is_empty());
    match (open(before), open(after)) {
        (true, false) => walk.changes.add(&rule::SECURITY_REQUIRED, at, summaries(before), summaries(after)),
        (false, true) => walk.changes.add(&rule::SECURITY_LIFTED, at, summaries(before), summaries(after)),
        (true, true) | (false, false) => {}
    }
    // With no way but the open one on a side, the line above has said everything.
    if !closed(before) || !closed(after) {
        return;
    }
    let mut eased = Vec::new();
    for way in before.iter().filter(|way| !way.is_empty()) {
        let same = |other: &&WayIn| other.keys().eq(way.keys());
        let enough = || after.iter().filter(|other| satisfies(way, other));
        if let Some(other) = enough().find(same) {
            scopes(walk, at, way, other);
        } else if let Some(other) = enough().next() {
            walk.changes.add(&rule::SECURITY_EASED, at, summary(way), summary(other));
            eased.push(other);
        } else if let Some(other) = after.iter().find(same) {
            scopes(walk, at, way, other);
        } else {
            walk.changes.add(&rule::SECURITY_REMOVED, at, summary(way), Value::Null);
        }
    }
    for way in after.iter().filter(|way| !way.is_empty() && !eased.contains(way)) {
        if !before.iter().any(|other| other.keys().eq(way.keys())) {
            walk.changes.add(&rule::SECURITY_ADDED, at, Value::Null, summary(way));
        }
    }
}

/// Whether who shows what one way asks for has shown what the other asks for.
fn satisfies(way: &WayIn, other: &WayIn) -> bool {
    other.iter().all(|(scheme, scopes)| way.get(scheme).is_some_and(|shown| scopes.is_subset(shown)))
}

fn scopes(walk: &mut Walk, at: &str, old: &WayIn, new: &WayIn) {
    let all = |way: &WayIn| -> BTreeSet<String> {
        way.iter().flat_map(|(scheme, scopes)| scopes.iter().map(move |scope| format!("{scheme} {scope}"))).collect()
    };
    let (before, after) = (all(old), all(new));
    for scope in before.difference(&after) {
        walk.changes.add(&rule::SCOPE_REMOVED, at, scope.clone(), Value::Null);
    }
    for scope in after.difference(&before) {
        walk.changes.add(&rule::SCOPE_ADDED, at, Value::Null, scope.clone());
    }
}

fn summaries(ways: &[WayIn]) -> String {
    ways.iter().map(summary).collect::<Vec<_>>().join(" or ")
}

fn summary(way: &WayIn) -> String {
    if way.is_empty() { "nothing".to_owned() } else { way.keys().cloned().collect::<Vec<_>>().join(" and ") }
}
