//! Unions: `oneOf` picked by its tag, or by the JSON type of the value, with room for what the document does not know.

use anyhow::{Context, Result, bail};
use heck::ToUpperCamelCase;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;

/// Code of a union for a component with `oneOf`; `None` for any other component.
pub fn tokens(name: &str, schema: &Value, components: &Value) -> Result<Option<TokenStream>> {
    let Some(one_of) = schema.get("oneOf").and_then(Value::as_array) else {
        return Ok(None);
    };
    let members = match schema.get("discriminator") {
        Some(discriminator) => tagged_members(name, discriminator)?,
        None => one_of
            .iter()
            .map(|member| shaped_member(name, member, components))
            .collect::<Result<Vec<_>>>()
            .map(Members::Shaped)?,
    };
    let doc = schema.get("description").and_then(Value::as_str).unwrap_or("One of several shapes.");
    let doc = format!(" {doc}");
    Ok(Some(code(name, &doc, &members)))
}

enum Members {
    Tagged { tag: String, variants: Vec<Tagged> },
    Shaped(Vec<Shaped>),
}

struct Tagged {
    value: String,
    target: String,
}

enum Shaped {
    Text,
    Number,
    Object(String),
    Array(String),
}

fn tagged_members(name: &str, discriminator: &Value) -> Result<Members> {
    let tag = discriminator.get("propertyName").and_then(Value::as_str);
    let tag = tag.with_context(|| format!("{name}: the discriminator has no propertyName"))?;
    let mapping = discriminator.get("mapping").and_then(Value::as_object);
    let mapping = mapping.with_context(|| format!("{name}: the discriminator needs a mapping"))?;
    let variants = mapping
        .iter()
        .map(|(value, target)| {
            let target = target.as_str().and_then(schema_name);
            let target = target.with_context(|| format!("{name}: {value} must map to #/components/schemas/…"))?;
            Ok(Tagged { value: value.clone(), target })
        })
        .collect::<Result<Vec<_>>>()?;
    Ok(Members::Tagged { tag: tag.to_owned(), variants })
}

fn shaped_member(name: &str, member: &Value, components: &Value) -> Result<Shaped> {
    let reference = member.get("$ref").and_then(Value::as_str).and_then(schema_name);
    let schema = match &reference {
        Some(target) => components.get(target).with_context(|| format!("{name}: there is no schema {target}"))?,
        None => member,
    };
    match (schema.get("type").and_then(Value::as_str), reference) {
        (Some("string"), None) => Ok(Shaped::Text),
        (Some("number"), None) => Ok(Shaped::Number),
        (Some("object"), Some(target)) => Ok(Shaped::Object(target)),
        (Some("array"), Some(target)) => Ok(Shaped::Array(target)),
        (other, _) => bail!(
            "{name}: a member of type {} cannot be told apart; use an inline string or number, or a $ref to an object or array, or add a discriminator",
            other.unwrap_or("none")
        ),
    }
}

fn schema_name(reference: &str) -> Option<String> {
    reference.strip_prefix("#/components/schemas/").map(str::to_owned)
}

fn code(name: &str, doc: &str, members: &Members) -> TokenStream {
    let name = format_ident!("{name}");
    let variants = members.variants();
    let read = members.read();
    let write = members.write();
    let show = members.names().into_iter().map(|variant| quote!(Self::#variant(item) => item.fmt(formatter),));
    quote! {
        #[doc = #doc]
        #[derive(Clone)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
            /// What fits no documented shape, as it came (untrusted).
            Unrecognised(::serde_json::Value),
        }
        /// What was not recognised may be anything, a secret too, and shows its length only.
        impl ::std::fmt::Debug for #name {
            fn fmt(&self, formatter: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                match self {
                    #(#show)*
                    Self::Unrecognised(value) => {
                        write!(formatter, "Unrecognised({} bytes)", value.to_string().len())
                    }
                }
            }
        }
        impl<'de> ::serde::Deserialize<'de> for #name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
                let value = ::serde_json::Value::deserialize(deserializer)?;
                let read = #read;
                Ok(read.unwrap_or(Self::Unrecognised(value)))
            }
        }
        impl ::serde::Serialize for #name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> ::std::result::Result<S::Ok, S::Error> {
                match self {
                    #(#write)*
                    Self::Unrecognised(value) => value.serialize(serializer),
                }
            }
        }
    }
}

impl Members {
    fn variants(&self) -> Vec<TokenStream> {
        match self {
            Self::Tagged { tag, variants } => variants
                .iter()
                .map(|Tagged { value, target }| {
                    let (variant, target) = (variant_of(value), format_ident!("{target}"));
                    let doc = format!(" `{tag}` is `{value}`.");
                    quote!(#[doc = #doc] #variant(#target),)
                })
                .collect(),
            Self::Shaped(shapes) => shapes
                .iter()
                .map(|shape| match shape {
                    Shaped::Text => quote!(
                        #[doc = " A text."]
                        Text(::std::string::String),
                    ),
                    Shaped::Number => quote!(
                        #[doc = " A number, as it was written."]
                        Number(::serde_json::Number),
                    ),
                    Shaped::Object(target) => {
                        let target = format_ident!("{target}");
                        quote!(#[doc = " An object."] #target(#target),)
                    }
                    Shaped::Array(target) => {
                        let target = format_ident!("{target}");
                        quote!(#[doc = " A list."] #target(#target),)
                    }
                })
                .collect(),
        }
    }

    fn names(&self) -> Vec<proc_macro2::Ident> {
        match self {
            Self::Tagged { variants, .. } => variants.iter().map(|tagged| variant_of(&tagged.value)).collect(),
            Self::Shaped(shapes) => shapes
                .iter()
                .map(|shape| match shape {
                    Shaped::Text => format_ident!("Text"),
                    Shaped::Number => format_ident!("Number"),
                    Shaped::Object(target) | Shaped::Array(target) => format_ident!("{target}"),
                })
                .collect(),
        }
    }

    /// An expression of type `Option<Self>` over `value`.
    fn read(&self) -> TokenStream {
        match self {
            Self::Tagged { tag, variants } => {
                let arms = variants.iter().map(|Tagged { value, target }| {
                    let (variant, target) = (variant_of(value), format_ident!("{target}"));
                    quote!(Some(#value) => #target::deserialize(&value).map(Self::#variant).ok(),)
                });
                quote! {
                    match value.get(#tag).and_then(::serde_json::Value::as_str) {
                        #(#arms)*
                        _ => None,
                    }
                }
            }
            Self::Shaped(shapes) => {
                let arms = shapes.iter().map(|shape| match shape {
                    Shaped::Text => quote!(::serde_json::Value::String(text) => Some(Self::Text(text.clone())),),
                    Shaped::Number => {
                        quote!(::serde_json::Value::Number(number) => Some(Self::Number(number.clone())),)
                    }
                    Shaped::Object(target) => {
                        let target = format_ident!("{target}");
                        quote!(::serde_json::Value::Object(_) => #target::deserialize(&value).map(Self::#target).ok(),)
                    }
                    Shaped::Array(target) => {
                        let target = format_ident!("{target}");
                        quote!(::serde_json::Value::Array(_) => #target::deserialize(&value).map(Self::#target).ok(),)
                    }
                });
                quote! {
                    match &value {
                        #(#arms)*
                        _ => None,
                    }
                }
            }
        }
    }

    fn write(&self) -> Vec<TokenStream> {
        match self {
            Self::Tagged { tag, variants } => variants
                .iter()
                .map(|Tagged { value, .. }| {
                    let variant = variant_of(value);
                    quote! {
                        Self::#variant(item) => {
                            #[derive(::serde::Serialize)]
                            struct WithTag<'a, T> {
                                #[serde(rename = #tag)]
                                tag: &'static str,
                                #[serde(flatten)]
                                item: &'a T,
                            }
                            WithTag { tag: #value, item }.serialize(serializer)
                        }
                    }
                })
                .collect(),
            Self::Shaped(shapes) => shapes
                .iter()
                .map(|shape| match shape {
                    Shaped::Text => quote!(Self::Text(text) => serializer.serialize_str(text),),
                    Shaped::Number => quote!(Self::Number(number) => number.serialize(serializer),),
                    Shaped::Object(target) | Shaped::Array(target) => {
                        let target = format_ident!("{target}");
                        quote!(Self::#target(item) => item.serialize(serializer),)
                    }
                })
                .collect(),
        }
    }
}

fn variant_of(value: &str) -> proc_macro2::Ident {
    format_ident!("{}", value.to_upper_camel_case())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn refused() {
        for (schema, expected) in [
            (json!({"oneOf": [], "discriminator": {"mapping": {}}}), "X: the discriminator has no propertyName"),
            (json!({"oneOf": [], "discriminator": {"propertyName": "t"}}), "X: the discriminator needs a mapping"),
            (json!({"oneOf": [{"$ref": "#/components/schemas/Gone"}]}), "X: there is no schema Gone"),
            (json!({"oneOf": [{"type": "boolean"}]}), "X: a member of type boolean cannot be told apart"),
            (json!({"oneOf": [{"type": "object"}]}), "X: a member of type object cannot be told apart"),
        ] {
            let error = tokens("X", &schema, &json!({})).unwrap_err().to_string();
            assert!(error.starts_with(expected), "{error}");
        }
        assert!(tokens("X", &json!({"type": "object"}), &json!({})).unwrap().is_none());
    }
}
