//! The request of the status call by itself: a watch sends it again and again and takes the answer as bytes.
//!
//! Progenitor's method builds the request, sends it and reads the answer in one. The first part of it is the new method, so
//! that both send the same.

use anyhow::{Context, Result};
use heck::ToSnakeCase;
use quote::{ToTokens, format_ident};
use syn::punctuated::Punctuated;
use syn::visit_mut::VisitMut;
use syn::{Expr, ImplItem, ImplItemFn, Item, LitStr, Pat, Stmt, Token, parse_quote};

/// Puts `<operation>_request` beside the method of an operation.
pub fn append(operation: &str, items: &mut [Item]) -> Result<()> {
    let name = operation.to_snake_case();
    let methods = items.iter_mut().find_map(|item| {
        let Item::Impl(block) = item else { return None };
        block.items.iter().any(|item| is_method(item, &name)).then_some(&mut block.items)
    });
    let methods = methods.with_context(|| format!("progenitor's output has no method `{name}`"))?;
    let method = methods.iter_mut().find_map(|item| {
        let ImplItem::Fn(method) = item else { return None };
        (method.sig.ident == name).then(|| {
            // A client that takes bytes may have no use for it.
            method.attrs.push(parse_quote!(#[allow(dead_code)]));
            method.clone()
        })
    });
    let request = method
        .and_then(request_of)
        .with_context(|| format!("`{name}` builds no `request` that could be sent by itself"))?;
    methods.push(ImplItem::Fn(request));
    Ok(())
}

fn is_method(item: &ImplItem, name: &str) -> bool {
    matches!(item, ImplItem::Fn(method) if method.sig.ident == name)
}

/// The method up to where the request is built.
fn request_of(mut method: ImplItemFn) -> Option<ImplItemFn> {
    let built = method.block.stmts.iter().position(|statement| names(statement, "request"))?;
    method.block.stmts.truncate(built + 1);
    if method.block.stmts.iter().any(sets_another_header) {
        return None;
    }
    method.block.stmts.retain(|statement| names(statement, "request") || !mentions(statement, "header_map"));
    let mut lean = Lean::default();
    lean.visit_block_mut(&mut method.block);
    if !lean.joined {
        return None;
    }
    method.block.stmts.push(Stmt::Expr(parse_quote!(Ok(request)), None));
    let doc = format!(" The request of [`Client::{}`], not sent yet.", method.sig.ident);
    method.attrs = vec![parse_quote!(#[doc = #doc]), parse_quote!(#[allow(dead_code)])];
    method.sig.ident = format_ident!("{}_request", method.sig.ident);
    method.sig.asyncness = None;
    method.sig.output = parse_quote!(-> ::reqwest::Result<::reqwest::Request>);
    Some(method)
}

/// `let <name> = …`
fn names(statement: &Stmt, name: &str) -> bool {
    let Stmt::Local(local) = statement else { return false };
    matches!(&local.pat, Pat::Ident(pattern) if pattern.ident == name)
}

/// Only the one header that nobody knows may be left out.
fn sets_another_header(statement: &Stmt) -> bool {
    let text = statement.to_token_stream().to_string();
    matches!(statement, Stmt::Expr(..)) && mentions(statement, "header_map") && !text.contains("\"api-version\"")
}

fn mentions(statement: &Stmt, name: &str) -> bool {
    statement.to_token_stream().into_iter().any(|token| token.to_string() == name)
}

/// Leaves out what is undone anyway.
#[derive(Default)]
struct Lean {
    joined: bool,
}

impl VisitMut for Lean {
    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        if let Expr::MethodCall(call) = expression
            && call.method == "headers"
        {
            *expression = (*call.receiver).clone();
        }
        if let Some(joined) = joined(expression) {
            *expression = joined;
            self.joined = true;
            return;
        }
        syn::visit_mut::visit_expr_mut(self, expression);
    }
}

/// `format!("{}/path", self.baseurl, …)` as `/path` behind the base URL, which was parsed before.
fn joined(expression: &Expr) -> Option<Expr> {
    let Expr::Macro(call) = expression else { return None };
    let mut arguments = call.mac.parse_body_with(Punctuated::<Expr, Token![,]>::parse_terminated).ok()?.into_iter();
    let (format, base) = (arguments.next()?, arguments.next()?);
    let format: LitStr = syn::parse2(format.into_token_stream()).ok()?;
    let path = format.value().strip_prefix("{}")?.to_owned();
    if !call.mac.path.is_ident("format") || base.to_token_stream().to_string() != "self . baseurl" {
        return None;
    }
    let others: Vec<Expr> = arguments.collect();
    Some(match others.as_slice() {
        [] => parse_quote!(self.inner.base().join(#path)),
        others => parse_quote!(self.inner.base().join(&format!(#path, #(#others),*))),
    })
}
