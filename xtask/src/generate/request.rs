//! The request of the status call by itself: a watch sends it again and again and takes the answer as bytes.
//!
//! Progenitor's method builds the request, sends it and reads the answer in one. The first part of it is the new method, so
//! that both send the same.

use anyhow::{Context, Result};
use heck::ToSnakeCase;
use quote::format_ident;
use syn::{ImplItem, ImplItemFn, Item, Pat, Stmt, parse_quote};

/// Puts `<operation>_request` beside the method of an operation.
pub fn append(operation: &str, items: &mut [Item]) -> Result<()> {
    let name = operation.to_snake_case();
    let methods = items.iter_mut().find_map(|item| {
        let Item::Impl(block) = item else { return None };
        block.items.iter().any(|item| is_method(item, &name)).then_some(&mut block.items)
    });
    let methods = methods.with_context(|| format!("progenitor's output has no method `{name}`"))?;
    let method = methods.iter().find_map(|item| {
        let ImplItem::Fn(method) = item else { return None };
        (method.sig.ident == name).then(|| method.clone())
    });
    let request = method.and_then(request_of).with_context(|| format!("`{name}` builds no `request`"))?;
    methods.push(ImplItem::Fn(request));
    Ok(())
}

fn is_method(item: &ImplItem, name: &str) -> bool {
    matches!(item, ImplItem::Fn(method) if method.sig.ident == name)
}

/// The method up to where the request is built.
fn request_of(mut method: ImplItemFn) -> Option<ImplItemFn> {
    let built = method.block.stmts.iter().position(builds_request)?;
    method.block.stmts.truncate(built + 1);
    method.block.stmts.push(Stmt::Expr(parse_quote!(Ok(request)), None));
    let doc = format!(" The request of [`Client::{}`], not sent yet.", method.sig.ident);
    method.attrs = vec![parse_quote!(#[doc = #doc]), parse_quote!(#[allow(dead_code)])];
    method.sig.ident = format_ident!("{}_request", method.sig.ident);
    method.sig.asyncness = None;
    method.sig.output = parse_quote!(-> Result<::reqwest::Request, Error<()>>);
    Some(method)
}

fn builds_request(statement: &Stmt) -> bool {
    let Stmt::Local(local) = statement else { return false };
    matches!(&local.pat, Pat::Ident(pattern) if pattern.ident == "request")
}
