//! Names of generated types and variants, from words that a document chose.

use anyhow::{Result, bail};
use heck::ToUpperCamelCase;
use proc_macro2::Ident;
use quote::format_ident;

/// The name of a component's type.
pub fn of_type(name: &str) -> Result<Ident> {
    if syn::parse_str::<Ident>(name).is_err() {
        bail!(
            "{name}: a component's name becomes the name of a type, so it must be letters and digits, a letter first"
        );
    }
    Ok(format_ident!("{name}"))
}

/// The names of the variants for some words, in their order; `own` is the name of the variant for all other words.
pub fn of_variants<'a>(owner: &str, words: impl IntoIterator<Item = &'a str>, own: &str) -> Result<Vec<Ident>> {
    let mut variants: Vec<Ident> = Vec::new();
    for word in words {
        let name = word.to_upper_camel_case();
        if syn::parse_str::<Ident>(&name).is_err() {
            bail!("{owner}: the value `{word}` gives no name for a variant; it must begin with a letter");
        }
        let variant = format_ident!("{name}");
        if variant == own || variants.contains(&variant) {
            bail!("{owner}: the value `{word}` gives the variant name {variant} a second time");
        }
        variants.push(variant);
    }
    Ok(variants)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_without_a_name_are_refused() {
        for word in ["", "24h", "-", "…", "self"] {
            let error = of_variants("X", [word], "Unknown").unwrap_err().to_string();
            assert_eq!(
                error,
                format!("X: the value `{word}` gives no name for a variant; it must begin with a letter")
            );
        }
        for name in ["", "A.B", "A-B", "type", "1A"] {
            assert!(of_type(name).unwrap_err().to_string().contains("must be letters and digits"), "{name}");
        }
        assert_eq!(of_variants("X", ["in-progress", "DONE"], "Unknown").unwrap(), ["InProgress", "Done"]);
    }
}
