//! The fixed objects of OpenAPI 3.0 as data: which keys each has, and what stands under them.

use serde_json::Value;

use crate::document::Document;
use crate::lines::escape;

/// One kind of object.
#[derive(Debug)]
pub struct Object {
    /// As people call it, with its article.
    pub name: &'static str,
    pub keys: &'static [(&'static str, Shape)],
    pub required: &'static [&'static str],
    /// Whether a `$ref` may stand in its place.
    pub referable: bool,
}

/// What stands under a key.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// A value that is not looked into.
    Leaf,
    Text,
    Flag,
    One(&'static Object),
    List(&'static Object),
    /// Under names that the document gives.
    Map(&'static Object),
    /// As `Map`, but a key that starts with `x-` is an extension and no name.
    Extensible(&'static Object),
    FlagOrOne(&'static Object),
}

use Shape::{Extensible, Flag, FlagOrOne, Leaf, List, Map, One, Text};

/// One object of a document.
#[derive(Debug)]
pub struct Place<'a> {
    pub pointer: String,
    pub object: &'static Object,
    pub value: &'a Value,
}

impl Place<'_> {
    /// Whether it is of this kind.
    pub fn is(&self, object: &'static Object) -> bool {
        std::ptr::eq(self.object, object)
    }
}

/// Every fixed object of a document, from the outside to the inside. References are not followed.
pub fn places(document: &Document) -> Vec<Place<'_>> {
    let mut found = Vec::new();
    visit(String::new(), &OPENAPI, &document.value, &mut found);
    found
}

fn visit<'a>(pointer: String, object: &'static Object, value: &'a Value, found: &mut Vec<Place<'a>>) {
    let below = |key: &str| format!("{pointer}/{}", escape(key));
    let mut children: Vec<(String, &'static Object, &Value)> = Vec::new();
    for (key, shape) in object.keys {
        let Some(child) = value.get(key) else { continue };
        match *shape {
            Leaf | Text | Flag => {}
            One(kind) => children.push((below(key), kind, child)),
            FlagOrOne(kind) => {
                if !child.is_boolean() {
                    children.push((below(key), kind, child));
                }
            }
            List(kind) => {
                let items = child.as_array().into_iter().flatten().enumerate();
                children.extend(items.map(|(index, item)| (format!("{}/{index}", below(key)), kind, item)));
            }
            Map(kind) | Extensible(kind) => {
                let entries = child.as_object().into_iter().flatten();
                let entries = entries.filter(|(name, _)| matches!(shape, Map(_)) || !name.starts_with("x-"));
                children.extend(entries.map(|(name, item)| (format!("{}/{}", below(key), escape(name)), kind, item)));
            }
        }
    }
    found.push(Place { pointer, object, value });
    for (pointer, kind, child) in children {
        visit(pointer, kind, child, found);
    }
}

/// The keys of a path item that are operations.
pub const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

pub static OPENAPI: Object = Object {
    name: "a document",
    keys: &[
        ("openapi", Text),
        ("info", One(&INFO)),
        ("servers", List(&SERVER)),
        ("paths", Extensible(&PATH_ITEM)),
        ("components", One(&COMPONENTS)),
        ("security", Leaf),
        ("tags", List(&TAG)),
        ("externalDocs", One(&EXTERNAL_DOCS)),
    ],
    required: &["openapi", "info", "paths"],
    referable: false,
};

static INFO: Object = Object {
    name: "the info",
    keys: &[
        ("title", Text),
        ("description", Text),
        ("termsOfService", Text),
        ("contact", One(&CONTACT)),
        ("license", One(&LICENSE)),
        ("version", Text),
    ],
    required: &["title", "version"],
    referable: false,
};

static CONTACT: Object = Object {
    name: "a contact",
    keys: &[("name", Text), ("url", Text), ("email", Text)],
    required: &[],
    referable: false,
};

static LICENSE: Object =
    Object { name: "a license", keys: &[("name", Text), ("url", Text)], required: &["name"], referable: false };

static SERVER: Object = Object {
    name: "a server",
    keys: &[("url", Text), ("description", Text), ("variables", Map(&SERVER_VARIABLE))],
    required: &["url"],
    referable: false,
};

static SERVER_VARIABLE: Object = Object {
    name: "a server variable",
    keys: &[("enum", Leaf), ("default", Text), ("description", Text)],
    required: &["default"],
    referable: false,
};

static TAG: Object = Object {
    name: "a tag",
    keys: &[("name", Text), ("description", Text), ("externalDocs", One(&EXTERNAL_DOCS))],
    required: &["name"],
    referable: false,
};

static EXTERNAL_DOCS: Object = Object {
    name: "an externalDocs",
    keys: &[("description", Text), ("url", Text)],
    required: &["url"],
    referable: false,
};

pub static PATH_ITEM: Object = Object {
    name: "a path item",
    keys: &[
        ("$ref", Text),
        ("summary", Text),
        ("description", Text),
        ("get", One(&OPERATION)),
        ("put", One(&OPERATION)),
        ("post", One(&OPERATION)),
        ("delete", One(&OPERATION)),
        ("options", One(&OPERATION)),
        ("head", One(&OPERATION)),
        ("patch", One(&OPERATION)),
        ("trace", One(&OPERATION)),
        ("servers", List(&SERVER)),
        ("parameters", List(&PARAMETER)),
    ],
    required: &[],
    referable: false,
};

pub static OPERATION: Object = Object {
    name: "an operation",
    keys: &[
        ("tags", Leaf),
        ("summary", Text),
        ("description", Text),
        ("externalDocs", One(&EXTERNAL_DOCS)),
        ("operationId", Text),
        ("parameters", List(&PARAMETER)),
        ("requestBody", One(&REQUEST_BODY)),
        ("responses", Extensible(&RESPONSE)),
        ("callbacks", Leaf),
        ("deprecated", Flag),
        ("security", Leaf),
        ("servers", List(&SERVER)),
    ],
    required: &["responses"],
    referable: false,
};

pub static PARAMETER: Object = Object {
    name: "a parameter",
    keys: &[
        ("name", Text),
        ("in", Text),
        ("description", Text),
        ("required", Flag),
        ("deprecated", Flag),
        ("allowEmptyValue", Flag),
        ("style", Text),
        ("explode", Flag),
        ("allowReserved", Flag),
        ("schema", One(&SCHEMA)),
        ("example", Leaf),
        ("examples", Map(&EXAMPLE)),
        ("content", Map(&MEDIA_TYPE)),
    ],
    required: &["name", "in"],
    referable: true,
};

static HEADER: Object = Object {
    name: "a header",
    keys: &[
        ("description", Text),
        ("required", Flag),
        ("deprecated", Flag),
        ("allowEmptyValue", Flag),
        ("style", Text),
        ("explode", Flag),
        ("allowReserved", Flag),
        ("schema", One(&SCHEMA)),
        ("example", Leaf),
        ("examples", Map(&EXAMPLE)),
        ("content", Map(&MEDIA_TYPE)),
    ],
    required: &[],
    referable: true,
};

static REQUEST_BODY: Object = Object {
    name: "a request body",
    keys: &[("description", Text), ("content", Map(&MEDIA_TYPE)), ("required", Flag)],
    required: &["content"],
    referable: true,
};

pub static RESPONSE: Object = Object {
    name: "a response",
    keys: &[("description", Text), ("headers", Map(&HEADER)), ("content", Map(&MEDIA_TYPE)), ("links", Leaf)],
    required: &["description"],
    referable: true,
};

static MEDIA_TYPE: Object = Object {
    name: "a media type",
    keys: &[("schema", One(&SCHEMA)), ("example", Leaf), ("examples", Map(&EXAMPLE)), ("encoding", Leaf)],
    required: &[],
    referable: false,
};

static EXAMPLE: Object = Object {
    name: "an example",
    keys: &[("summary", Text), ("description", Text), ("value", Leaf), ("externalValue", Text)],
    required: &[],
    referable: true,
};

static COMPONENTS: Object = Object {
    name: "the components",
    keys: &[
        ("schemas", Map(&SCHEMA)),
        ("responses", Map(&RESPONSE)),
        ("parameters", Map(&PARAMETER)),
        ("examples", Map(&EXAMPLE)),
        ("requestBodies", Map(&REQUEST_BODY)),
        ("headers", Map(&HEADER)),
        ("securitySchemes", Map(&SECURITY_SCHEME)),
        ("links", Leaf),
        ("callbacks", Leaf),
    ],
    required: &[],
    referable: false,
};

pub static SCHEMA: Object = Object {
    name: "a schema",
    keys: &[
        ("title", Text),
        ("multipleOf", Leaf),
        ("maximum", Leaf),
        ("exclusiveMaximum", Flag),
        ("minimum", Leaf),
        ("exclusiveMinimum", Flag),
        ("maxLength", Leaf),
        ("minLength", Leaf),
        ("pattern", Text),
        ("maxItems", Leaf),
        ("minItems", Leaf),
        ("uniqueItems", Flag),
        ("maxProperties", Leaf),
        ("minProperties", Leaf),
        ("required", Leaf),
        ("enum", Leaf),
        ("type", Text),
        ("allOf", List(&SCHEMA)),
        ("oneOf", List(&SCHEMA)),
        ("anyOf", List(&SCHEMA)),
        ("not", One(&SCHEMA)),
        ("items", One(&SCHEMA)),
        ("properties", Map(&SCHEMA)),
        ("additionalProperties", FlagOrOne(&SCHEMA)),
        ("description", Text),
        ("format", Text),
        ("default", Leaf),
        ("nullable", Flag),
        ("discriminator", One(&DISCRIMINATOR)),
        ("readOnly", Flag),
        ("writeOnly", Flag),
        ("xml", Leaf),
        ("externalDocs", One(&EXTERNAL_DOCS)),
        ("example", Leaf),
        ("deprecated", Flag),
    ],
    required: &[],
    referable: true,
};

static DISCRIMINATOR: Object = Object {
    name: "a discriminator",
    keys: &[("propertyName", Text), ("mapping", Leaf)],
    required: &["propertyName"],
    referable: false,
};

static SECURITY_SCHEME: Object = Object {
    name: "a security scheme",
    keys: &[
        ("type", Text),
        ("description", Text),
        ("name", Text),
        ("in", Text),
        ("scheme", Text),
        ("bearerFormat", Text),
        ("flows", Leaf),
        ("openIdConnectUrl", Text),
    ],
    required: &["type"],
    referable: true,
};
