//! Decoders for the reply that is fetched again and again: `impl Decode` for every type that it consists of.
//!
//! They are made from the generated types themselves, so that a field is read here as its serde attributes say there. What
//! a decoder is not sure of it declines, and serde decides; `abide_decode` explains the contract.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use serde_json::Value;
use syn::{Fields, Item, ItemStruct, Lit, Meta, Type};

use super::union::{Members, Shaped, Tagged};
use super::{open_enum, union};
use crate::document::Document;
use crate::lifecycle;

/// Appends the decoders of the status reply to `types`.
pub fn append(document: &Document, components: &Value, types: &mut Vec<Item>) -> Result<()> {
    let (operation, growing) = lifecycle::status_operation(document)?;
    let root = reply_of(document, &operation)?;
    let mut decoders = Decoders { shapes: shapes(components, types)?, growing, root, written: BTreeMap::new() };
    decoders.write(&decoders.root.clone())?;
    decoders.growing_is_written()?;
    for tokens in decoders.written.into_values() {
        types.extend(syn::parse2::<syn::File>(tokens)?.items);
    }
    Ok(())
}

/// The name of the type of an operation's success.
fn reply_of(document: &Document, operation: &str) -> Result<String> {
    let (_, found) = document.operations().find(|(id, _)| *id == operation).context("the status operation is gone")?;
    let responses = found.get("responses").and_then(Value::as_object).into_iter().flatten();
    let mut schemas = responses.filter(|(status, _)| status.starts_with('2')).filter_map(|(_, response)| {
        response.pointer("/content/application~1json/schema/$ref")?.as_str()?.strip_prefix("#/components/schemas/")
    });
    let name = schemas
        .next()
        .with_context(|| format!("{operation}: a success must have a $ref to a component as its schema"))?;
    Ok(name.to_owned())
}

/// Types that hold no others, and so cannot lie deep in each other.
const LEAVES: [&str; 5] = [
    "bool",
    "::std::string::String",
    "::abide_http::PathSegment",
    "::abide_http::ShortText",
    "::abide_http::Timestamp",
];

/// How a type is read.
enum Shape {
    Object(Vec<Field>),
    /// A type around another one.
    Around(Type),
    Word,
    Union(Members),
}

/// A field of a generated struct.
#[derive(Clone)]
struct Field {
    name: Ident,
    /// The key on the wire.
    key: String,
    kind: Type,
    reader: Reader,
    has_default: bool,
}

/// Which function of `abide_http::lenient` serde reads a field with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reader {
    Plain,
    Integer,
    OrAbsent,
    NullAsDefault,
}

/// Every type that can be part of a reply, by name.
fn shapes(components: &Value, types: &[Item]) -> Result<BTreeMap<String, Shape>> {
    let mut shapes = BTreeMap::new();
    for item in types {
        if let Item::Struct(item) = item {
            shapes.insert(
                item.ident.to_string(),
                shape_of(item).with_context(|| format!("no decoder for {}", item.ident))?,
            );
        }
    }
    for (name, schema) in components.as_object().into_iter().flatten() {
        if open_enum::tokens(name, schema)?.is_some() {
            shapes.insert(name.clone(), Shape::Word);
        } else if let Some(members) = union::members(name, schema, components)? {
            shapes.insert(name.clone(), Shape::Union(members));
        }
    }
    Ok(shapes)
}

fn shape_of(item: &ItemStruct) -> Result<Shape> {
    match &item.fields {
        Fields::Named(fields) => fields.named.iter().map(field).collect::<Result<_>>().map(Shape::Object),
        Fields::Unnamed(fields) => {
            let inner = fields.unnamed.first().filter(|_| fields.unnamed.len() == 1).context("not one field")?;
            Ok(Shape::Around(inner.ty.clone()))
        }
        Fields::Unit => bail!("it has no fields"),
    }
}

fn field(field: &syn::Field) -> Result<Field> {
    let name = field.ident.clone().context("a field without a name")?;
    let mut read = Field {
        key: name.to_string().trim_start_matches("r#").to_owned(),
        name,
        kind: field.ty.clone(),
        reader: Reader::Plain,
        has_default: false,
    };
    for attribute in field.attrs.iter().filter(|attribute| attribute.path().is_ident("serde")) {
        let Meta::List(list) = &attribute.meta else { continue };
        let parts = list.parse_args_with(syn::punctuated::Punctuated::<Meta, syn::Token![,]>::parse_terminated)?;
        for part in parts {
            read.take(&part)?;
        }
    }
    Ok(read)
}

impl Field {
    /// Takes what an attribute of serde says.
    fn take(&mut self, part: &Meta) -> Result<()> {
        let text = text_of(part);
        match part.path().to_token_stream().to_string().as_str() {
            "rename" => self.key = text,
            "default" => self.has_default = true,
            "skip_serializing_if" => {}
            "deserialize_with" => {
                self.reader = match text.rsplit("::").next().unwrap_or_default() {
                    "integer" => Reader::Integer,
                    "or_absent" | "integer_or_absent" => Reader::OrAbsent,
                    "null_as_default" => Reader::NullAsDefault,
                    other => bail!("{}: no decoder reads as `{other}` does", self.name),
                }
            }
            other => bail!("{}: no decoder knows `{other}`", self.name),
        }
        Ok(())
    }

    /// An expression of the type `Option<field's type>`.
    fn read(&self) -> TokenStream {
        match self.reader {
            Reader::NullAsDefault => quote!(reader.null_as_default()),
            Reader::Integer => quote!(reader.integer()),
            Reader::Plain | Reader::OrAbsent => match self.kind.to_token_stream().to_string().replace(' ', "").as_str()
            {
                "f64" => quote!(reader.float()),
                kind if LEAVES.contains(&kind) => quote!(reader.leaf()),
                _ => quote!(reader.value()),
            },
        }
    }

    /// The field's value out of its slot.
    fn finish(&self) -> TokenStream {
        let slot = self.slot();
        if self.has_default { quote!(#slot.unwrap_or_default()) } else { quote!(#slot?) }
    }

    fn slot(&self) -> Ident {
        quote::format_ident!("read_{}", self.name.to_string().trim_start_matches("r#"))
    }

    /// Both are read the same way into the same type.
    fn is_read_like(&self, other: &Field) -> bool {
        self.reader == other.reader
            && self.kind.to_token_stream().to_string() == other.kind.to_token_stream().to_string()
    }
}

/// `text` of `name = "text"`.
fn text_of(part: &Meta) -> String {
    if let Meta::NameValue(pair) = part
        && let syn::Expr::Lit(literal) = &pair.value
        && let Lit::Str(text) = &literal.lit
    {
        return text.value();
    }
    String::new()
}

/// The decoders of one reply.
struct Decoders {
    shapes: BTreeMap<String, Shape>,
    /// The key of the list that only grows, in the root.
    growing: Option<String>,
    root: String,
    /// By the name of the type.
    written: BTreeMap<String, TokenStream>,
}

impl Decoders {
    /// Writes the decoder of a type and of all that it consists of.
    fn write(&mut self, name: &str) -> Result<()> {
        let Some(shape) = self.shapes.get(name).filter(|_| !self.written.contains_key(name)) else { return Ok(()) };
        let (tokens, parts) = match shape {
            Shape::Object(fields) => (self.object(name, fields), parts_of(fields)),
            Shape::Around(kind) => (around(name), names_in(kind)),
            Shape::Word => (word(name), Vec::new()),
            Shape::Union(Members::Tagged { tag, variants }) => self.tagged(name, tag, variants)?,
            Shape::Union(Members::Shaped(shapes)) => (shaped(name, shapes), targets(shapes)),
        };
        self.written.insert(name.to_owned(), tokens);
        parts.iter().try_for_each(|part| self.write(part))
    }

    fn growing_is_written(&self) -> Result<()> {
        let Some(growing) = &self.growing else { return Ok(()) };
        let Some(Shape::Object(fields)) = self.shapes.get(&self.root) else { bail!("{} is no object", self.root) };
        let list = fields.iter().find(|field| field.key == *growing && field.reader == Reader::NullAsDefault);
        list.map(|_| ()).with_context(|| format!("growing-list: {} has no list `{growing}`", self.root))
    }

    fn object(&self, name: &str, fields: &[Field]) -> TokenStream {
        let slots = fields.iter().map(Field::slot);
        let reads = fields.iter().map(|field| {
            let grows = name == self.root && self.growing.as_ref() == Some(&field.key);
            if grows { quote!(reader.growing_list()) } else { field.read() }
        });
        let puts = slots.clone().zip(reads).map(|(slot, read)| quote!(#slot.put(#read?)?));
        let values = fields.iter().map(|field| {
            let (name, value) = (&field.name, field.finish());
            quote!(#name: #value)
        });
        let keys: Vec<&str> = fields.iter().map(|field| field.key.as_str()).collect();
        object(name, &keys, slots, puts, &quote!(Some(Self { #(#values,)* })))
    }

    /// The fields of all members side by side: the tag may come last. A member whose fields fit in another way than those of
    /// the same name in another member is left to serde.
    fn tagged(&self, name: &str, tag: &str, variants: &[Tagged]) -> Result<(TokenStream, Vec<String>)> {
        if let Some(odd) = variants
            .iter()
            .find(|variant| variant.value.contains(['"', '\\']) || variant.value.contains(char::is_control))
        {
            bail!("{name}: the tag `{}` cannot be compared as it stands in a reply", odd.value.escape_debug());
        }
        let mut together: Vec<Field> = Vec::new();
        let mut arms = Vec::new();
        for (index, Tagged { variant, target, .. }) in variants.iter().enumerate() {
            let Some(Shape::Object(fields)) = self.shapes.get(&target.to_string()) else {
                bail!("{name}: {target} is no object");
            };
            let unlike =
                |field: &Field| together.iter().any(|other| other.key == field.key && !other.is_read_like(field));
            if fields.iter().any(unlike) {
                continue;
            }
            let new: Vec<Field> =
                fields.iter().filter(|field| together.iter().all(|other| other.key != field.key)).cloned().collect();
            together.extend(new);
            let values = fields.iter().map(|field| {
                let (name, value) = (&field.name, field.finish());
                quote!(#name: #value)
            });
            arms.push(quote!(#index => Some(Self::#variant(#target { #(#values,)* })),));
        }
        let words = variants.iter().map(|variant| &variant.value);
        let keys: Vec<&str> = std::iter::once(tag).chain(together.iter().map(|field| field.key.as_str())).collect();
        let read_tag = quote::format_ident!("tag");
        let slots = std::iter::once(read_tag.clone()).chain(together.iter().map(Field::slot));
        let puts =
            std::iter::once(quote!(#read_tag.put(reader.word(&[#(#words),*])?)?)).chain(together.iter().map(|field| {
                let (slot, read) = (field.slot(), field.read());
                quote!(#slot.put(#read?)?)
            }));
        let end = quote!(match #read_tag? { #(#arms)* _ => None });
        Ok((object(name, &keys, slots, puts, &end), parts_of(&together)))
    }
}

/// A decoder that reads the fields of an object in any order, and then gives `end`.
fn object(
    name: &str,
    keys: &[&str],
    slots: impl Iterator<Item = Ident>,
    puts: impl Iterator<Item = TokenStream>,
    end: &TokenStream,
) -> TokenStream {
    let places = keys.len() + 2;
    let arms = puts.enumerate().map(|(index, put)| quote!(Next::Field(#index) => #put,));
    decoder(
        name,
        Some(places),
        &quote! {
            use ::abide_http::decode::{NewField, Next};
            #(let mut #slots = None;)*
            let mut place = layout.begin();
            loop {
                match layout.next(reader, &mut place, &[#(#keys),*])? {
                    #(#arms)*
                    Next::Field(_) => reader.skip_value()?,
                    Next::End => return #end,
                }
            }
        },
    )
}

/// `places`: how many a layout has, where one is kept.
fn decoder(name: &str, places: Option<usize>, body: &TokenStream) -> TokenStream {
    let name = quote::format_ident!("{name}");
    let (layout, used) = match places {
        Some(places) => (quote!(::abide_http::decode::Layout<#places>), quote!(layout)),
        None => (quote!(::abide_http::decode::NoLayout), quote!(())),
    };
    quote! {
        impl ::abide_http::decode::Decode for #name {
            type Layout = #layout;
            fn decode(
                reader: &mut ::abide_http::decode::Reader<'_>,
                #used: &mut Self::Layout,
            ) -> ::std::option::Option<Self> {
                #body
            }
        }
    }
}

fn around(name: &str) -> TokenStream {
    decoder(name, None, &quote!(reader.value().map(Self)))
}

fn word(name: &str) -> TokenStream {
    decoder(name, None, &quote!(reader.text().map(|word| Self::from(&*word))))
}

fn shaped(name: &str, shapes: &[Shaped]) -> TokenStream {
    let arms = shapes.iter().map(|shape| match shape {
        Shaped::Text => quote!(b'"' => reader.value().map(Self::Text),),
        Shaped::Number => quote!(b'-' | b'0'..=b'9' => reader.value().map(Self::Number),),
        Shaped::Object(target) => quote!(b'{' => reader.value().map(Self::#target),),
        Shaped::Array(target) => quote!(b'[' => reader.value().map(Self::#target),),
    });
    decoder(name, None, &quote!(match reader.peek()? { #(#arms)* _ => None }))
}

fn targets(shapes: &[Shaped]) -> Vec<String> {
    let named = shapes.iter().filter_map(|shape| match shape {
        Shaped::Text | Shaped::Number => None,
        Shaped::Object(target) | Shaped::Array(target) => Some(target.to_string()),
    });
    named.collect()
}

fn parts_of(fields: &[Field]) -> Vec<String> {
    fields.iter().flat_map(|field| names_in(&field.kind)).collect()
}

/// Every name in a type; those of other crates are nobody's shape.
fn names_in(kind: &Type) -> Vec<String> {
    fn collect(tokens: TokenStream, names: &mut Vec<String>) {
        for token in tokens {
            match token {
                proc_macro2::TokenTree::Ident(ident) => names.push(ident.to_string()),
                proc_macro2::TokenTree::Group(group) => collect(group.stream(), names),
                proc_macro2::TokenTree::Punct(_) | proc_macro2::TokenTree::Literal(_) => {}
            }
        }
    }
    let mut names = Vec::new();
    collect(kind.to_token_stream(), &mut names);
    names
}
