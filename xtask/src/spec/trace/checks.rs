//! Which function of the judge checks which requirement, read from the judge's own tables.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result};
use syn::{Expr, Item, Lit};

/// The functions that check requirements, by requirement.
#[derive(Clone, Debug, Default)]
pub struct Checks(BTreeMap<String, Vec<String>>);

impl Checks {
    /// Reads the tables of one API: its servers', and that of its clients, which stands beside those of other APIs.
    pub fn load(root: &Path, api: &str) -> Result<Self> {
        let mut checks = Self::default();
        for (side, table) in [(api, "SERVER"), ("client", &*api.to_uppercase())] {
            let path = format!("crates/abide-conformance/src/judge/{side}/mod.rs");
            let text = std::fs::read_to_string(root.join(&path)).with_context(|| format!("{path} cannot be read"))?;
            let module = format!("abide_conformance::judge::{side}");
            checks.read(&module, table, &text).with_context(|| format!("{path} is no Rust code"))?;
        }
        Ok(checks)
    }

    /// Adds the pairs of requirement and function in the constant `table` of a module.
    pub fn read(&mut self, module: &str, table: &str, text: &str) -> syn::Result<()> {
        let items = syn::parse_file(text)?.items;
        let own: BTreeSet<String> = items.iter().filter_map(own_module).collect();
        for (requirement, path) in items.iter().filter_map(|item| rows(item, table)).flatten().filter_map(pair) {
            // What is not below the module was taken from the one above.
            let above = module.rsplit_once("::").map_or(module, |(above, _)| above);
            let first = path.split("::").next().unwrap_or_default();
            let place = if own.contains(first) { module } else { above };
            self.0.entry(requirement).or_default().push(format!("{place}::{path}"));
        }
        Ok(())
    }

    /// The functions that check a requirement.
    pub fn of(&self, requirement: &str) -> &[String] {
        self.0.get(requirement).map_or(&[], Vec::as_slice)
    }

    /// What is checked.
    pub fn requirements(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

#[allow(clippy::wildcard_enum_match_arm, reason = "of all items only modules count")]
fn own_module(item: &Item) -> Option<String> {
    match item {
        Item::Mod(module) => Some(module.ident.to_string()),
        _ => None,
    }
}

/// The elements of the table, where the item is the table.
fn rows<'a>(item: &'a Item, table: &str) -> Option<impl Iterator<Item = &'a Expr>> {
    let Item::Const(constant) = item else { return None };
    let Expr::Reference(reference) = &*constant.expr else { return None };
    let Expr::Array(array) = &*reference.expr else { return None };
    (constant.ident == table).then(|| array.elems.iter())
}

/// `("CAL-AUTH", access::authorization)` as two texts.
fn pair(row: &Expr) -> Option<(String, String)> {
    let Expr::Tuple(row) = row else { return None };
    let mut parts = row.elems.iter();
    let (Expr::Lit(id), Expr::Path(function)) = (parts.next()?, parts.next()?) else { return None };
    let Lit::Str(id) = &id.lit else { return None };
    let segments: Vec<String> = function.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    Some((id.value(), segments.join("::")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_read() {
        let mut checks = Checks::default();
        let code = "mod create; use super::{Check, access};
            pub(super) const SERVER: &[(&str, Check)] = &[(\"X-A\", create::reply), (\"X-B\", access::unknown)];
            pub(super) const OTHER: &[(&str, Check)] = &[(\"X-C\", create::reply)];";
        checks.read("judge::x", "SERVER", code).unwrap();
        assert_eq!(checks.of("X-A"), ["judge::x::create::reply"]);
        assert_eq!(checks.of("X-B"), ["judge::access::unknown"]);
        assert_eq!(checks.requirements().collect::<Vec<_>>(), ["X-A", "X-B"]);
        assert!(checks.of("X-C").is_empty());
        assert!(checks.read("judge::x", "SERVER", "mod").is_err());
    }
}
