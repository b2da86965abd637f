//! What the judge knows of the documents: every requirement as a constant, and the numbers and words that it judges by.
//!
//! The crate is to be usable without this repository around it, so both become Rust files of its own.

use std::path::Path;

use anyhow::{Context, Result};
use proc_macro2::TokenStream;
use quote::quote;

use crate::constants::{
    self, CALMYX_REPLIES, CALMYX_REQUESTS, CALMYX_WAITING, Constant, HUM_REPLIES, HUM_REQUESTS, HUM_WAITING,
};
use crate::document::Document;
use crate::output::File;
use crate::spec::requirement::{Binds, Kind, Level, Requirement, Requirements};

const FOLDER: &str = "crates/abide-conformance/src/catalogue";

/// The APIs that are judged, with the constants that this takes.
const JUDGED: [(&str, [&[Constant]; 3]); 2] =
    [("calmyx", [CALMYX_REQUESTS, CALMYX_REPLIES, CALMYX_WAITING]), ("hum", [HUM_REQUESTS, HUM_REPLIES, HUM_WAITING])];

/// The documented numbers and words.
pub fn documented(documents: &[Document]) -> Result<File> {
    let modules = JUDGED.iter().map(|(api, lists)| {
        let document = of(documents, api)?;
        constants::module(api, &format!("Of {api}."), document, &lists.concat())
    });
    let modules = modules.collect::<Result<Vec<_>>>()?;
    let sources = JUDGED.iter().map(|(api, _)| of(documents, api)).collect::<Result<Vec<_>>>()?;
    let path = format!("{FOLDER}/documented.rs");
    File::new(path, "The numbers and words that the judge judges by.", &sources, quote!(#(#modules)*))
}

/// Every requirement of both APIs.
pub fn requirements(root: &Path, documents: &[Document]) -> Result<File> {
    let lists = JUDGED.iter().map(|(api, _)| {
        let document = of(documents, api)?;
        let rows = Requirements::load(root, api)?.requirement;
        let rows = rows.iter().map(|row| requirement(document, row)).collect::<Result<Vec<_>>>()?;
        let name = quote::format_ident!("{}", api.to_uppercase());
        let doc = format!(" `spec/{api}/requirements.toml`, in its order.");
        Ok(quote! {
            #[doc = #doc]
            pub(super) static #name: &[Requirement] = &[#(#rows),*];
        })
    });
    let lists = lists.collect::<Result<Vec<_>>>()?;
    let tokens = quote! {
        use super::{Binds, Kind, Level, Requirement};
        #(#lists)*
    };
    let sources = JUDGED.iter().map(|(api, _)| of(documents, api)).collect::<Result<Vec<_>>>()?;
    File::new(format!("{FOLDER}/requirements.rs"), "Every requirement of both APIs.", &sources, tokens)
}

fn of<'a>(documents: &'a [Document], api: &str) -> Result<&'a Document> {
    let path = format!("spec/{api}/openapi.yaml");
    documents.iter().find(|document| document.path == path).with_context(|| format!("{path} was not read"))
}

fn requirement(document: &Document, row: &Requirement) -> Result<TokenStream> {
    let level = match row.level {
        Level::Must => quote!(Level::Must),
        Level::Should => quote!(Level::Should),
    };
    let kind = match row.kind {
        Kind::Documented => quote!(Kind::Documented),
        Kind::Implied => quote!(Kind::Implied),
        Kind::Assumed => quote!(Kind::Assumed),
    };
    let binds = match row.binds {
        Binds::Server => quote!(Binds::Server),
        Binds::Client => quote!(Binds::Client),
    };
    let title = document.at("/x-documents")?.get(&row.document).and_then(|title| title.as_str());
    let title = title.with_context(|| format!("{}: {} is no document of x-documents", row.id, row.document))?;
    let (id, says, section, at) = (&row.id, &row.says, &row.section, &row.at);
    let when = optional(row.when.as_deref());
    let ambiguity = optional(row.ambiguity.as_deref());
    Ok(quote! {
        Requirement {
            id: #id,
            level: #level,
            kind: #kind,
            binds: #binds,
            when: #when,
            says: #says,
            document: #title,
            section: #section,
            at: #at,
            ambiguity: #ambiguity,
        }
    })
}

fn optional(text: Option<&str>) -> TokenStream {
    match text {
        Some(text) => quote!(Some(#text)),
        None => quote!(None),
    }
}
