//! Single numbers and words of a document as Rust constants: which ones, and where they stand.

use anyhow::{Context, Result, bail};
use heck::ToUpperCamelCase;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;

use crate::api::Api;
use crate::document::Document;
use crate::output::File;

/// One constant: its name, what it says, and the JSON pointer of its value.
#[derive(Clone, Copy, Debug)]
pub struct Constant {
    name: &'static str,
    doc: &'static str,
    at: At,
}

/// The shape of a constant, with the pointer that it is read from.
#[derive(Clone, Copy, Debug)]
enum At {
    Count(&'static str),
    Seconds(&'static str),
    Text(&'static str),
    Texts(&'static str),
    /// `minimum` and `maximum` of the schema.
    Numbers(&'static str),
    Integers(&'static str),
    /// `minLength` and `maxLength` of the schema.
    Lengths(&'static str),
}

impl Constant {
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The JSON pointer of the value, or of the schema that holds its bounds.
    pub fn pointer(&self) -> &'static str {
        match self.at {
            At::Count(pointer)
            | At::Seconds(pointer)
            | At::Text(pointer)
            | At::Texts(pointer)
            | At::Numbers(pointer)
            | At::Integers(pointer)
            | At::Lengths(pointer) => pointer,
        }
    }
}

/// What a client needs to refuse a Calmyx request before it is sent.
pub const CALMYX_REQUESTS: &[Constant] = &[
    Constant {
        name: "MAX_LOCATIONS",
        doc: "The most locations of one session.",
        at: At::Count("/components/schemas/NewSession/properties/locations/maxItems"),
    },
    Constant {
        name: "MAX_DELETIONS",
        doc: "The most listings of one batch deletion.",
        at: At::Count("/components/schemas/ListingDeletion/properties/listing_ids/maxItems"),
    },
    Constant {
        name: "LATITUDE",
        doc: "Lowest and highest latitude, in degrees.",
        at: At::Numbers("/components/schemas/Location/properties/lat"),
    },
    Constant {
        name: "LONGITUDE",
        doc: "Lowest and highest longitude, in degrees.",
        at: At::Numbers("/components/schemas/Location/properties/lng"),
    },
];

/// What a client needs to refuse a Hum request before it is sent.
pub const HUM_REQUESTS: &[Constant] = &[
    Constant {
        name: "STREET1_LENGTH",
        doc: "Shortest and longest `street1`, in characters.",
        at: At::Lengths("/components/schemas/NewSession/properties/street1"),
    },
    Constant {
        name: "STREET2_LENGTH",
        doc: "Shortest and longest `street2`, in characters.",
        at: At::Lengths("/components/schemas/NewSession/properties/street2"),
    },
    Constant {
        name: "CITY_LENGTH",
        doc: "Shortest and longest `city`, in characters.",
        at: At::Lengths("/components/schemas/NewSession/properties/city"),
    },
    Constant {
        name: "CAMPAIGN_LENGTH",
        doc: "Shortest and longest `campaign_id`, in characters.",
        at: At::Lengths("/components/schemas/NewSession/properties/campaign_id"),
    },
    Constant {
        name: "ZIP_PATTERN",
        doc: "The regular expression of a ZIP code.",
        at: At::Text("/components/schemas/NewSession/properties/zip/pattern"),
    },
    Constant {
        name: "LATITUDE",
        doc: "Lowest and highest latitude, in degrees.",
        at: At::Numbers("/components/schemas/NewSession/properties/latitude"),
    },
    Constant {
        name: "LONGITUDE",
        doc: "Lowest and highest longitude, in degrees.",
        at: At::Numbers("/components/schemas/NewSession/properties/longitude"),
    },
    Constant {
        name: "STATES",
        doc: "The two-letter codes that the API takes.",
        at: At::Texts("/components/schemas/UsState/enum"),
    },
];

/// What a Calmyx server needs beyond [`CALMYX_REQUESTS`].
pub const CALMYX_REPLIES: &[Constant] = &[
    Constant {
        name: "CONFIDENCES",
        doc: "How sure a score may be.",
        at: At::Texts("/components/schemas/Quietness/properties/quiet_score_confidence/x-documented-values"),
    },
    Constant {
        name: "SCORE",
        doc: "Lowest and highest quiet score.",
        at: At::Integers("/components/schemas/ScoredLocation/properties/quiet_score"),
    },
    Constant {
        name: "STATUS_QUEUED",
        doc: "Waiting in the queue.",
        at: At::Text("/components/schemas/SessionState/enum/0"),
    },
    Constant { name: "STATUS_PROCESSING", doc: "At work.", at: At::Text("/components/schemas/SessionState/enum/1") },
    Constant {
        name: "STATUS_COMPLETED",
        doc: "Every location is done.",
        at: At::Text("/components/schemas/SessionState/enum/2"),
    },
    Constant {
        name: "STATUS_FAILED",
        doc: "The session itself failed.",
        at: At::Text("/components/schemas/SessionState/enum/3"),
    },
    Constant {
        name: "ITEM_SUCCESS",
        doc: "A location that has a score.",
        at: At::Text("/components/schemas/ScoredLocation/properties/status/enum/0"),
    },
    Constant {
        name: "ITEM_FAILED",
        doc: "A location that could not be scored.",
        at: At::Text("/components/schemas/FailedLocation/properties/status/enum/0"),
    },
    Constant {
        name: "ERROR_SCORE",
        doc: "No score could be calculated.",
        at: At::Text("/components/schemas/FailedLocation/properties/error/x-documented-values/0"),
    },
    Constant {
        name: "ERROR_LIMIT",
        doc: "The plan has no room for another listing.",
        at: At::Text("/components/schemas/FailedLocation/properties/error/x-documented-values/1"),
    },
];

/// What a Hum server needs beyond [`HUM_REQUESTS`].
pub const HUM_REPLIES: &[Constant] = &[
    Constant {
        name: "DAY_PATTERN",
        doc: "The regular expression of a day that limits a list of analytics.",
        at: At::Text("/paths/~1analytics~1sessions/get/parameters/1/schema/pattern"),
    },
    Constant {
        name: "CART_STEPS",
        doc: "The steps on the way to an order, in their order.",
        at: At::Texts("/components/schemas/CartStep/properties/step_name/x-documented-values"),
    },
    Constant {
        name: "INACTIVITY_SECONDS",
        doc: "How long a session lives without activity.",
        at: At::Seconds("/paths/~1sessions~1{token}/get/x-session-lifecycle/inactivity-seconds"),
    },
    Constant {
        name: "AGENTS",
        doc: "The agents by name, in the documented order.",
        at: At::Texts("/components/schemas/SessionMeta/properties/agent_status/x-documented-names"),
    },
];

/// What a judge of Calmyx clients needs beyond the two lists above.
pub const CALMYX_WAITING: &[Constant] = &[
    Constant {
        name: "SHORTEST_GAP_SECONDS",
        doc: "The shortest documented gap between two polls.",
        at: At::Seconds("/paths/~1v2~1session~1status/get/x-session-lifecycle/interval-seconds/0"),
    },
    Constant {
        name: "LONGEST_GAP_SECONDS",
        doc: "The longest documented gap between two polls.",
        at: At::Seconds("/paths/~1v2~1session~1status/get/x-session-lifecycle/interval-seconds/1"),
    },
    Constant {
        name: "TIME_PATTERN",
        doc: "The regular expression of a time.",
        at: At::Text("/components/schemas/Timestamp/pattern"),
    },
];

/// What a judge of Hum servers and clients needs beyond the two lists above.
pub const HUM_WAITING: &[Constant] = &[
    Constant {
        name: "SHORTEST_GAP_SECONDS",
        doc: "The shortest documented gap between two polls.",
        at: At::Seconds("/paths/~1sessions~1{token}/get/x-session-lifecycle/interval-seconds/0"),
    },
    Constant {
        name: "LONGEST_GAP_SECONDS",
        doc: "The longest documented gap after a poll that showed a change.",
        at: At::Seconds("/paths/~1sessions~1{token}/get/x-session-lifecycle/interval-seconds/1"),
    },
    Constant {
        name: "CAP_SECONDS",
        doc: "How long after the first poll the last one may be sent.",
        at: At::Seconds("/paths/~1sessions~1{token}/get/x-session-lifecycle/cap-seconds"),
    },
    Constant {
        name: "AWAITED",
        doc: "The agents that a wait is for.",
        at: At::Texts("/paths/~1sessions~1{token}/get/x-session-lifecycle/agents/awaited"),
    },
    Constant {
        name: "AGENT_STATES",
        doc: "Every word that an agent may have.",
        at: At::Texts("/components/schemas/AgentState/enum"),
    },
    Constant {
        name: "REQUEST_STATES",
        doc: "Every word of `request_status`.",
        at: At::Texts("/components/schemas/RequestStatus/enum"),
    },
    Constant {
        name: "TIME_PATTERN",
        doc: "The regular expression of a time.",
        at: At::Text("/components/schemas/Timestamp/pattern"),
    },
];

/// Makes the file from which the reference server takes its numbers and words; `documents` in the order of `apis`.
pub fn server_file(apis: &[Api], documents: &[Document], path: String) -> Result<File> {
    let served: Vec<(&Api, &Document)> =
        apis.iter().zip(documents).filter(|(api, _)| !api.replies.is_empty()).collect();
    let modules = served.iter().map(|(api, document)| {
        let constants = [api.requests, api.replies].concat();
        module(api.name, &format!("{}.", api.name.to_upper_camel_case()), document, &constants)
    });
    let modules = modules.collect::<Result<Vec<_>>>()?;
    let sources: Vec<&Document> = served.iter().map(|(_, document)| *document).collect();
    File::new(path, "The documented numbers and words of both APIs.", &sources, quote!(#(#modules)*))
}

/// A module of constants.
pub fn module(name: &str, doc: &str, document: &Document, constants: &[Constant]) -> Result<TokenStream> {
    let (name, doc) = (format_ident!("{name}"), format!(" {doc}"));
    let items = constants.iter().map(|constant| item(document, constant)).collect::<Result<Vec<_>>>()?;
    Ok(quote! {
        #[doc = #doc]
        pub mod #name {
            #(#items)*
        }
    })
}

fn item(document: &Document, constant: &Constant) -> Result<TokenStream> {
    let name = format_ident!("{}", constant.name);
    let doc = format!(" {}", constant.doc);
    let wrong = |pointer: &str| format!("{}: {pointer} has not the shape that {} needs", document.path, constant.name);
    let typed = match constant.at {
        At::Count(pointer) => {
            let count = document.at(pointer)?.as_u64().with_context(|| wrong(pointer))?;
            let count = usize::try_from(count)?;
            quote!(usize = #count)
        }
        At::Seconds(pointer) => {
            let seconds = document.at(pointer)?.as_u64().with_context(|| wrong(pointer))?;
            quote!(u64 = #seconds)
        }
        At::Text(pointer) => {
            let text = document.at(pointer)?.as_str().with_context(|| wrong(pointer))?;
            // A list may be put in another order; a constant must not change its meaning with it.
            if pointer.contains("/enum/") && !constant.name.ends_with(&text.to_uppercase()) {
                bail!("{}: {pointer} is `{text}`, which {} cannot stand for", document.path, constant.name);
            }
            quote!(&str = #text)
        }
        At::Texts(pointer) => {
            let texts = document.at(pointer)?.as_array().with_context(|| wrong(pointer))?;
            let texts = texts.iter().map(Value::as_str).collect::<Option<Vec<_>>>().with_context(|| wrong(pointer))?;
            quote!(&[&str] = &[#(#texts),*])
        }
        At::Numbers(pointer) => {
            let schema = document.at(pointer)?;
            let bound = |key: &str| schema.get(key).and_then(Value::as_f64).with_context(|| wrong(pointer));
            let (low, high) = (bound("minimum")?, bound("maximum")?);
            quote!((f64, f64) = (#low, #high))
        }
        At::Integers(pointer) => {
            let schema = document.at(pointer)?;
            let bound = |key: &str| schema.get(key).and_then(Value::as_i64).with_context(|| wrong(pointer));
            let (low, high) = (bound("minimum")?, bound("maximum")?);
            quote!((i64, i64) = (#low, #high))
        }
        At::Lengths(pointer) => {
            let schema = document.at(pointer)?;
            let bound = |key: &str| -> Result<usize> {
                Ok(usize::try_from(schema.get(key).and_then(Value::as_u64).with_context(|| wrong(pointer))?)?)
            };
            let (low, high) = (bound("minLength")?, bound("maxLength")?);
            quote!((usize, usize) = (#low, #high))
        }
    };
    Ok(quote! {
        #[doc = #doc]
        pub const #name: #typed;
    })
}
