//! `generated.rs` of a client crate: progenitor's output on the simplified copy, with our types in place of its own.

use anyhow::{Context, Result, anyhow, bail};
use openapiv3::OpenAPI;
use proc_macro2::TokenStream;
use progenitor::{GenerationSettings, Generator, HooksMode, InterfaceStyle, TypeImpl};
use quote::{ToTokens, quote};
use serde_json::Value;
use syn::punctuated::Punctuated;
use syn::visit_mut::VisitMut;
use syn::{Expr, ImplItem, Item, Token, parse_quote};

use super::{codegen_copy, decoder, identifier, open_enum, quiet_panic, request, union};
use crate::document::Document;
use crate::lifecycle;
use crate::lines::escape;
use crate::output::File;

/// Says which hand-written type of `abide_http` stands for a component.
const CLIENT_TYPE: &str = "x-client-type";

/// The types of `abide_http` that can stand for a component.
const CLIENT_TYPES: [&str; 4] = ["PathSegment", "Secret", "ShortText", "Timestamp"];

/// Makes `generated.rs` of one client crate.
pub fn file(document: &Document, path: String) -> Result<File> {
    let tokens = tokens(document).with_context(|| format!("{} cannot become a client", document.path))?;
    File::new(path, "Types and methods of the API.", &[document], tokens)
}

fn tokens(document: &Document) -> Result<TokenStream> {
    let components = document.at("/components/schemas")?;
    check_path_parameters(document)?;
    let own = OwnTypes::collect(components)?;
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Positional)
        .with_hooks(HooksMode::Expected)
        .with_inner_type(quote!(::abide_http::Transport))
        .with_map_type("::std::collections::BTreeMap");
    for (component, replacement) in &own.replacements {
        settings.with_replacement(component, replacement, std::iter::empty::<TypeImpl>());
    }
    let mut copy = document.value.clone();
    codegen_copy::simplify(&mut copy);
    let openapi: OpenAPI = serde_json::from_value(copy).context("the document is no OpenAPI 3.0")?;
    let generated = generate(&settings, &openapi)?;
    let mut syntax: syn::File = syn::parse2(generated).context("progenitor made code that does not parse")?;
    harden(&mut syntax, own.definitions)?;
    let (operation, _) = lifecycle::status_operation(document)?;
    request::append(&operation, &mut syntax.items)?;
    decoder::append(document, components, types_in(&mut syntax)?)?;
    Ok(syntax.into_token_stream())
}

fn check_path_parameters(document: &Document) -> Result<()> {
    match refused_path_parameters(document).into_iter().next() {
        Some((pointer, reason)) => bail!("{pointer}: {reason}"),
        None => Ok(()),
    }
}

/// The path parameters whose type would let an id of `..` climb the path, each with its pointer and the reason.
pub fn refused_path_parameters(document: &Document) -> Vec<(String, String)> {
    let mut parameters = Vec::new();
    path_parameters(&document.value, String::new(), &mut parameters);
    parameters.retain(|(_, parameter)| {
        let reference = parameter.pointer("/schema/$ref").and_then(Value::as_str).unwrap_or_default();
        let schema = reference.strip_prefix('#').and_then(|pointer| document.value.pointer(pointer));
        schema.and_then(|schema| schema.get(CLIENT_TYPE)?.as_str()) != Some("PathSegment")
    });
    let refused = parameters.into_iter().map(|(pointer, parameter)| {
        let name = parameter.get("name").and_then(Value::as_str).unwrap_or("?");
        let reason =
            format!("the path parameter `{name}` must be a $ref to a component with `{CLIENT_TYPE}: PathSegment`");
        (pointer, reason)
    });
    refused.collect()
}

fn path_parameters<'a>(value: &'a Value, pointer: String, found: &mut Vec<(String, &'a Value)>) {
    match value {
        Value::Object(object) => {
            for (key, child) in object {
                path_parameters(child, format!("{pointer}/{}", escape(key)), found);
            }
        }
        Value::Array(array) => {
            for (index, child) in array.iter().enumerate() {
                path_parameters(child, format!("{pointer}/{index}"), found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
    if value.get("in").and_then(Value::as_str) == Some("path") {
        found.push((pointer, value));
    }
}

/// The hand-written type that stands for a component, if there is one.
pub fn hand_written(name: &str, schema: &Value) -> Result<Option<String>> {
    let Some(named) = schema.get(CLIENT_TYPE) else { return Ok(None) };
    match named.as_str().filter(|named| CLIENT_TYPES.contains(named)) {
        Some(named) => Ok(Some(format!("::abide_http::{named}"))),
        None => bail!("{name}: `{CLIENT_TYPE}` is {named}; it must be one of {}", CLIENT_TYPES.join(", ")),
    }
}

/// The generator panics on shapes that it does not know; a panic becomes an error with the same words.
fn generate(settings: &GenerationSettings, openapi: &OpenAPI) -> Result<TokenStream> {
    match quiet_panic::catch(|| Generator::new(settings).generate_tokens(openapi)) {
        Ok(tokens) => tokens.map_err(|cause| anyhow!("progenitor refuses it: {cause}")),
        Err(words) => bail!("progenitor cannot handle a shape in it: {words}"),
    }
}

/// The types that progenitor must not make itself.
struct OwnTypes {
    /// Component and the path of its type.
    replacements: Vec<(String, String)>,
    definitions: Vec<TokenStream>,
}

impl OwnTypes {
    fn collect(components: &Value) -> Result<Self> {
        let mut own = Self { replacements: Vec::new(), definitions: Vec::new() };
        for (name, schema) in components.as_object().context("components/schemas is no object")? {
            identifier::of_type(name)?;
            if let Some(path) = hand_written(name, schema)? {
                own.replacements.push((name.clone(), path));
                continue;
            }
            let definition = match open_enum::tokens(name, schema)? {
                Some(tokens) => Some(tokens),
                None => union::tokens(name, schema, components)?,
            };
            if let Some(definition) = definition {
                own.replacements.push((name.clone(), format!("crate::types::{name}")));
                own.definitions.push(definition);
            }
        }
        Ok(own)
    }
}

/// What progenitor's output still lacks, done on its syntax tree.
fn harden(syntax: &mut syn::File, definitions: Vec<TokenStream>) -> Result<()> {
    drop_panicking_constructor(syntax)?;
    let mut hardening = Hardening::default();
    hardening.visit_file_mut(syntax);
    if let Some(parameter) = hardening.unencoded {
        bail!("`{parameter}` encodes a path segment in a way that is not known here");
    }
    let items = types_in(syntax)?;
    for definition in definitions {
        items.extend(syn::parse2::<syn::File>(definition)?.items);
    }
    Ok(())
}

/// What stands in the module `types`.
fn types_in(syntax: &mut syn::File) -> Result<&mut Vec<Item>> {
    let types = syntax.items.iter_mut().find_map(|item| {
        let Item::Mod(module) = item else { return None };
        if module.ident == "types" { module.content.as_mut() } else { None }
    });
    types.map(|(_, items)| items).context("progenitor's output has no module `types`")
}

/// `Client::new` builds an HTTP client of its own, with redirects and without limits, and panics where that fails.
fn drop_panicking_constructor(syntax: &mut syn::File) -> Result<()> {
    let mut dropped = 0;
    for item in &mut syntax.items {
        if let Item::Impl(block) = item
            && block.trait_.is_none()
        {
            block.items.retain(|item| {
                let constructor = matches!(item, ImplItem::Fn(function) if function.sig.ident == "new");
                dropped += usize::from(constructor);
                !constructor
            });
        }
    }
    if dropped != 1 {
        bail!("progenitor's output has {dropped} constructors named `new` where one was expected");
    }
    Ok(())
}

/// Path segments through `abide_http::encode_segment`, and fields that one odd value does not make unreadable.
#[derive(Default)]
struct Hardening {
    unencoded: Option<String>,
}

impl VisitMut for Hardening {
    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        if let Expr::Call(call) = expression
            && matches!(&*call.func, Expr::Path(path) if path.path.is_ident("encode_path"))
        {
            match segment_of(call.args.first()) {
                Some(segment) => *expression = parse_quote!(::abide_http::encode_segment(#segment)),
                None => self.unencoded = Some(call.to_token_stream().to_string()),
            }
        }
        syn::visit_mut::visit_expr_mut(self, expression);
    }

    /// The path is built by `format!`, whose arguments are tokens to a visitor until they are parsed.
    fn visit_macro_mut(&mut self, call: &mut syn::Macro) {
        if call.path.is_ident("format")
            && let Ok(mut arguments) = call.parse_body_with(Punctuated::<Expr, Token![,]>::parse_terminated)
        {
            arguments.iter_mut().for_each(|argument| self.visit_expr_mut(argument));
            call.tokens = arguments.into_token_stream();
        }
    }

    fn visit_field_mut(&mut self, field: &mut syn::Field) {
        let Some(reader) = lenient_reader(&field.ty).filter(|_| field.ident.is_some()) else { return };
        let path = format!("::abide_http::lenient::{reader}");
        if reader == "integer" {
            field.attrs.push(parse_quote!(#[serde(deserialize_with = #path)]));
        } else {
            drop_default(field);
            field.attrs.push(parse_quote!(#[serde(default, deserialize_with = #path)]));
        }
    }
}

/// Which function of `abide_http::lenient` reads a field of this type.
fn lenient_reader(kind: &syn::Type) -> Option<&'static str> {
    let syn::Type::Path(path) = kind else { return None };
    let last = path.path.segments.last()?;
    let inner = last.arguments.to_token_stream().to_string();
    match last.ident.to_string().as_str() {
        "Vec" | "BTreeMap" => Some("null_as_default"),
        "Option" if inner.contains("i64") => Some("integer_or_absent"),
        "Option" => Some("or_absent"),
        "i64" => Some("integer"),
        _ => None,
    }
}

/// Serde refuses a second `default`.
fn drop_default(field: &mut syn::Field) {
    for attribute in &mut field.attrs {
        let syn::Meta::List(list) = &mut attribute.meta else { continue };
        if !list.path.is_ident("serde") {
            continue;
        }
        let Ok(parts) = list.parse_args_with(Punctuated::<syn::Meta, Token![,]>::parse_terminated) else { continue };
        let kept: Vec<syn::Meta> = parts.into_iter().filter(|part| !part.path().is_ident("default")).collect();
        list.tokens = quote!(#(#kept),*);
    }
    field.attrs.retain(|attribute| {
        !matches!(&attribute.meta, syn::Meta::List(list) if list.path.is_ident("serde") && list.tokens.is_empty())
    });
}

/// `encode_path(&token.to_string())` gives `token`.
fn segment_of(argument: Option<&Expr>) -> Option<&Expr> {
    let Some(Expr::Reference(reference)) = argument else { return None };
    let Expr::MethodCall(call) = &*reference.expr else { return None };
    (call.method == "to_string").then_some(&*call.receiver)
}
