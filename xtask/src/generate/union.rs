//! Unions: `oneOf` picked by its tag, or by the JSON type of the value, with room for what the document does not know.

use anyhow::{Context, Result, bail};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use serde_json::Value;

use super::identifier;

/// Code of a union for a component with `oneOf`; `None` for any other component.
pub fn tokens(name: &str, schema: &Value, components: &Value) -> Result<Option<TokenStream>> {
    let Some(members) = members(name, schema, components)? else { return Ok(None) };
    let doc = schema.get("description").and_then(Value::as_str).unwrap_or("One of several shapes.");
    let doc = format!(" {doc}");
    Ok(Some(code(&identifier::of_type(name)?, &doc, &members)))
}

/// What a component with `oneOf` consists of; `None` for any other component.
pub fn members(name: &str, schema: &Value, components: &Value) -> Result<Option<Members>> {
    let Some(one_of) = schema.get("oneOf").and_then(Value::as_array) else { return Ok(None) };
    match schema.get("discriminator") {
        Some(discriminator) => tagged_members(name, discriminator, one_of).map(Some),
        None => shaped_members(name, one_of, components).map(Some),
    }
}

/// The members of a union, and how they are told apart.
pub enum Members {
    /// By the value of one property.
    Tagged { tag: String, variants: Vec<Tagged> },
    /// By the JSON type.
    Shaped(Vec<Shaped>),
}

/// A member that is told by its tag.
pub struct Tagged {
    pub value: String,
    pub variant: Ident,
    pub target: Ident,
}

/// A member that is told by its JSON type.
pub enum Shaped {
    Text,
    Number,
    Object(Ident),
    Array(Ident),
}

fn tagged_members(name: &str, discriminator: &Value, one_of: &[Value]) -> Result<Members> {
    let tag = discriminator.get("propertyName").and_then(Value::as_str);
    let tag = tag.with_context(|| format!("{name}: the discriminator has no propertyName"))?;
    let mapping = discriminator.get("mapping").and_then(Value::as_object);
    let mapping = mapping.with_context(|| format!("{name}: the discriminator needs a mapping"))?;
    let names = identifier::of_variants(name, mapping.keys().map(String::as_str), "Unrecognised")?;
    let members: Vec<&str> = one_of.iter().filter_map(|member| member.get("$ref")?.as_str()).collect();
    let variants = mapping
        .iter()
        .zip(names)
        .map(|((value, reference), variant)| {
            let reference = reference.as_str().unwrap_or_default();
            let target = schema_name(reference);
            let target = target.with_context(|| format!("{name}: {value} must map to #/components/schemas/…"))?;
            if !members.contains(&reference) {
                bail!("{name}: {value} maps to {target}, which is no member of the oneOf");
            }
            Ok(Tagged { value: value.clone(), variant, target: identifier::of_type(&target)? })
        })
        .collect::<Result<Vec<_>>>()?;
    if let Some(member) = one_of.iter().find(|member| !mapping.values().any(|to| Some(to) == member.get("$ref"))) {
        let member = member.get("$ref").and_then(Value::as_str).unwrap_or("an inline schema");
        bail!("{name}: no value of `{tag}` maps to {member}, a member of the oneOf");
    }
    Ok(Members::Tagged { tag: tag.to_owned(), variants })
}

fn shaped_members(name: &str, one_of: &[Value], components: &Value) -> Result<Members> {
    let mut shapes: Vec<Shaped> = Vec::new();
    for member in one_of {
        let shape = shaped_member(name, member, components)?;
        if shapes.iter().any(|other| std::mem::discriminant(other) == std::mem::discriminant(&shape)) {
            bail!("{name}: two members have the same JSON type and cannot be told apart; add a discriminator");
        }
        shapes.push(shape);
    }
    Ok(Members::Shaped(shapes))
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
        (Some("object"), Some(target)) => Ok(Shaped::Object(identifier::of_type(&target)?)),
        (Some("array"), Some(target)) => Ok(Shaped::Array(identifier::of_type(&target)?)),
        (other, _) => bail!(
            "{name}: a member of type {} cannot be told apart; use an inline string or number, or a $ref to an object or array, or add a discriminator",
            other.unwrap_or("none")
        ),
    }
}

fn schema_name(reference: &str) -> Option<String> {
    reference.strip_prefix("#/components/schemas/").map(str::to_owned)
}

fn code(name: &Ident, doc: &str, members: &Members) -> TokenStream {
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
                .map(|Tagged { value, variant, target }| {
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
                    Shaped::Object(target) => quote!(
                        #[doc = " An object."]
                        #target(#target),
                    ),
                    Shaped::Array(target) => quote!(
                        #[doc = " A list."]
                        #target(#target),
                    ),
                })
                .collect(),
        }
    }

    fn names(&self) -> Vec<Ident> {
        match self {
            Self::Tagged { variants, .. } => variants.iter().map(|tagged| tagged.variant.clone()).collect(),
            Self::Shaped(shapes) => shapes
                .iter()
                .map(|shape| match shape {
                    Shaped::Text => Ident::new("Text", Span::call_site()),
                    Shaped::Number => Ident::new("Number", Span::call_site()),
                    Shaped::Object(target) | Shaped::Array(target) => target.clone(),
                })
                .collect(),
        }
    }

    /// An expression of type `Option<Self>` over `value`.
    fn read(&self) -> TokenStream {
        match self {
            Self::Tagged { tag, variants } => {
                let arms = variants.iter().map(|Tagged { value, variant, target }| {
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
                        quote!(::serde_json::Value::Object(_) => #target::deserialize(&value).map(Self::#target).ok(),)
                    }
                    Shaped::Array(target) => {
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
                .map(|Tagged { value, variant, .. }| {
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
                        quote!(Self::#target(item) => item.serialize(serializer),)
                    }
                })
                .collect(),
        }
    }
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
            (json!({"oneOf": [{"type": "string"}, {"type": "string"}]}), "X: two members have the same JSON type"),
            (
                json!({"oneOf": [], "discriminator": {"propertyName": "t", "mapping": {"a": "#/components/schemas/A"}}}),
                "X: a maps to A, which is no member of the oneOf",
            ),
            (
                json!({"oneOf": [{"$ref": "#/components/schemas/A"}], "discriminator": {"propertyName": "t", "mapping": {}}}),
                "X: no value of `t` maps to #/components/schemas/A, a member of the oneOf",
            ),
        ] {
            let error = tokens("X", &schema, &json!({})).unwrap_err().to_string();
            assert!(error.starts_with(expected), "{error}");
        }
        assert!(tokens("X", &json!({"type": "object"}), &json!({})).unwrap().is_none());
    }
}
