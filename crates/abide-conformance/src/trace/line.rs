//! One line of a trace, and the schema of it.

use schemars::{JsonSchema, Schema, schema_for};
use serde::{Deserialize, Serialize};

use super::{Exchange, Fact, Header};

/// One line of a trace; the member `line` says which kind it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "line", rename_all = "lowercase")]
pub enum Line {
    /// The first line.
    Header(Header),
    /// One request with its reply.
    Exchange(Box<Exchange>),
    /// What the driver did besides asking.
    Fact(Fact),
}

/// The JSON Schema of one line of a trace, as `spec/trace.schema.json` has it.
pub fn schema() -> Schema {
    schema_for!(Line)
}
