//! `cargo xtask generate`: from the OpenAPI documents to the generated files of every crate.

mod client;
mod codegen_copy;
mod open_enum;
mod union;

use anyhow::Result;

use crate::constants::{self, CALMYX_REQUESTS, HUM_REQUESTS};
use crate::document::{Document, root};
use crate::lifecycle;
use crate::output::{self, Mode};
use crate::spec::schema;

/// Generates everything; writes it or compares it.
pub fn run(mode: Mode) -> Result<()> {
    let root = root();
    let calmyx = Document::load(&root, "calmyx")?;
    let hum = Document::load(&root, "hum")?;
    let mut files = Vec::new();
    for (document, name, limits) in [(&calmyx, "calmyx-client", CALMYX_REQUESTS), (&hum, "hum-client", HUM_REQUESTS)] {
        files.push(client::file(document, format!("crates/{name}/src/generated.rs"))?);
        files.push(lifecycle::file(document, format!("crates/{name}/src/lifecycle.rs"), limits)?);
    }
    files.push(constants::server_file(&calmyx, &hum, "crates/abide-server/src/documented.rs".to_owned())?);
    files.extend(schema::files()?);
    output::emit(&root, &files, mode)
}
