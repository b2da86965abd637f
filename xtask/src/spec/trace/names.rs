//! What generated code defines, by name: types, fields, variants, methods and constants.

use std::collections::BTreeSet;

use syn::{Expr, Fields, ImplItem, Item};

/// The module of types is private to the client crate and re-exported one step higher.
const TYPES: (&str, &str) = ("::generated::types", "::types");

/// The names of some files, such as `calmyx_client::types::Progress::total` or `hum_client::lifecycle::LIFECYCLE.cap`.
#[derive(Clone, Debug, Default)]
pub struct Names {
    defined: BTreeSet<String>,
    text: String,
}

impl Names {
    /// Adds the names of one file; `module` is the path of its module, crate first.
    pub fn read(&mut self, module: &str, text: &str) -> syn::Result<()> {
        self.add_items(module, &syn::parse_file(text)?.items);
        self.text.push_str(text);
        Ok(())
    }

    /// Whether the files define a name, or use it where it is a type of `abide_http`.
    pub fn contains(&self, name: &str) -> bool {
        self.defined.contains(name) || name.starts_with("abide_http::") && self.text.contains(&format!("::{name}"))
    }

    fn add(&mut self, name: &str) {
        let (private, public) = TYPES;
        self.defined.insert(name.replacen(private, public, 1));
    }

    fn add_items(&mut self, module: &str, items: &[Item]) {
        for item in items {
            self.add_item(module, item);
        }
    }

    #[allow(clippy::wildcard_enum_match_arm, reason = "of all items these are the ones that generated code is made of")]
    fn add_item(&mut self, module: &str, item: &Item) {
        match item {
            Item::Mod(inner) => {
                let items = inner.content.as_ref().map(|(_, items)| items.as_slice());
                self.add_items(&format!("{module}::{}", inner.ident), items.unwrap_or_default());
            }
            Item::Struct(item) => {
                self.add_struct(&format!("{module}::{}", item.ident), &item.fields);
            }
            Item::Enum(item) => {
                let name = format!("{module}::{}", item.ident);
                item.variants.iter().for_each(|variant| self.add(&format!("{name}::{}", variant.ident)));
                self.add(&name);
            }
            Item::Fn(item) => self.add(&format!("{module}::{}", item.sig.ident)),
            Item::Const(item) => self.add_const(&format!("{module}::{}", item.ident), &item.expr),
            Item::Impl(item) if item.trait_.is_none() => self.add_methods(module, item),
            _ => {}
        }
    }

    fn add_struct(&mut self, name: &str, fields: &Fields) {
        self.add(name);
        for field in fields.iter().filter_map(|field| field.ident.as_ref()) {
            self.add(&format!("{name}::{field}"));
        }
    }

    /// A constant, and the fields that it is made of.
    fn add_const(&mut self, name: &str, value: &Expr) {
        self.add(name);
        if let Expr::Struct(value) = value {
            for field in &value.fields {
                if let syn::Member::Named(field) = &field.member {
                    self.add(&format!("{name}.{field}"));
                }
            }
        }
    }

    fn add_methods(&mut self, module: &str, block: &syn::ItemImpl) {
        let syn::Type::Path(of) = &*block.self_ty else {
            return;
        };
        let Some(of) = of.path.get_ident() else {
            return;
        };
        for item in &block.items {
            if let ImplItem::Fn(function) = item {
                self.add(&format!("{module}::{of}::{}", function.sig.ident));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_code_defines() {
        let mut names = Names::default();
        let code = "pub mod types { pub struct A { pub b: ::abide_http::Secret } pub enum E { F } }
            pub struct Client { inner: u8 } impl Client { pub async fn ask(&self) {} } impl Clone for Client { fn clone(&self) {} }
            pub const L: T = T { cap: None }; pub fn state() {} pub mod limits { pub const MOST: usize = 5; }";
        names.read("x_client::generated", code).unwrap();
        for (name, expected) in [
            ("x_client::types::A", true),
            ("x_client::types::A::b", true),
            ("x_client::types::A::c", false),
            ("x_client::types::E::F", true),
            ("x_client::generated::types::A", false),
            ("x_client::generated::Client::inner", true),
            ("x_client::generated::Client::ask", true),
            ("x_client::generated::Client::clone", false),
            ("x_client::generated::L.cap", true),
            ("x_client::generated::L.interval", false),
            ("x_client::generated::state", true),
            ("x_client::generated::limits::MOST", true),
            ("abide_http::Secret", true),
            ("abide_http::Timestamp", false),
        ] {
            assert_eq!(names.contains(name), expected, "{name}");
        }
        assert!(names.read("x", "pub struct").is_err());
    }
}
