//! Open enums: a word that the document does not know is kept, not refused.

use anyhow::{Result, bail};
use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;

use super::identifier;

/// Code of an open enum for a component with `enum`; `None` for any other component.
pub fn tokens(name: &str, schema: &Value) -> Result<Option<TokenStream>> {
    let Some(values) = schema.get("enum").and_then(Value::as_array) else {
        return Ok(None);
    };
    let Some(words) = values.iter().map(Value::as_str).collect::<Option<Vec<_>>>() else {
        bail!("{name}: every value of an enum must be a string");
    };
    let variants = identifier::of_variants(name, words.iter().copied(), "Unknown")?;
    let name = identifier::of_type(name)?;
    let doc = schema.get("description").and_then(Value::as_str).unwrap_or("A word of a reply.");
    let doc = format!(" {doc}");
    let docs = words.iter().map(|word| format!(" `{word}`"));
    Ok(Some(quote! {
        #[doc = #doc]
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum #name {
            #(#[doc = #docs] #variants,)*
            /// Anything else, as it came (untrusted; JSON where it was no text).
            Unknown(::std::string::String),
        }
        impl #name {
            /// The documented words.
            pub const DOCUMENTED: &'static [&'static str] = &[#(#words),*];
            /// The word on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    #(Self::#variants => #words,)*
                    Self::Unknown(word) => word,
                }
            }
        }
        impl ::std::convert::From<::std::string::String> for #name {
            fn from(word: ::std::string::String) -> Self {
                match word.as_str() {
                    #(#words => Self::#variants,)*
                    _ => Self::Unknown(word),
                }
            }
        }
        impl ::std::convert::From<&str> for #name {
            fn from(word: &str) -> Self {
                match word {
                    #(#words => Self::#variants,)*
                    _ => Self::Unknown(word.to_owned()),
                }
            }
        }
        impl ::serde::Serialize for #name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> ::std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
        impl<'de> ::serde::Deserialize<'de> for #name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
                ::abide_http::lenient::word(deserializer).map(Self::from)
            }
        }
    }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn refused() {
        for (schema, expected) in [
            (json!({"enum": [1, 2]}), "X: every value of an enum must be a string"),
            (json!({"enum": ["ok", "OK"]}), "X: the value `OK` gives the variant name Ok a second time"),
            (json!({"enum": ["5g"]}), "X: the value `5g` gives no name for a variant; it must begin with a letter"),
            (json!({"enum": [""]}), "X: the value `` gives no name for a variant; it must begin with a letter"),
            (json!({"enum": ["unknown"]}), "X: the value `unknown` gives the variant name Unknown a second time"),
        ] {
            assert_eq!(tokens("X", &schema).unwrap_err().to_string(), expected);
        }
        assert!(tokens("X", &json!({"type": "object"})).unwrap().is_none());
    }
}
